"""
Where a case stands in the lists that are ordered by day: the days of its first and its latest entry, kept beside it.

Without them a list would look up the entries of every case before it knows which 25 come first. Triggers keep them,
whoever writes; only what is public counts. An embargo ends without anybody writing: until when the days of a case hold
is kept too, and who reads a list looks for those that hold no more (`CasePlaceManager.catch_up`).
"""

import datetime

import pgtrigger
from django.db import connection, models
from django.db.models import F, Q

from .cases import Case
from .events import Event

# The days between which all dates lie; a case without an entry stands behind them all.
FIRST_DAY, LAST_DAY = datetime.date(1000, 1, 1), datetime.date(2199, 12, 31)
NO_DAY = 2**31 - 1

# The rule of `visibility.public_if_their_case_is()`, in SQL; `tests/models/test_places.py` proves that both agree. All
# writers of one case wait for one another here: what the second reads then is what the first left.
FUNCTIONS_SQL = """
CREATE FUNCTION casetracker_place_cases(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(keys) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO casetracker_caseplace (case_id, is_invented, is_published)
        SELECT c.id, c.is_invented, c.state = 'published' FROM casetracker_case c WHERE c.id = ANY(keys) ORDER BY c.id
        ON CONFLICT (case_id) DO NOTHING;
    PERFORM 1 FROM casetracker_caseplace p WHERE p.case_id = ANY(keys) ORDER BY p.case_id FOR UPDATE;
    UPDATE casetracker_caseplace p
    SET is_invented = now.is_invented, is_published = now.is_published, first_day = now.first_day,
        latest_day = now.latest_day, holds_until = now.holds_until
    FROM (
        SELECT c.id, c.is_invented, c.state = 'published' AS is_published,
            (SELECT e.sort_date FROM casetracker_event e
                WHERE e.case_id = c.id AND e.state = 'published' AND e.published_from <= clock_timestamp()
                ORDER BY e.sort_date LIMIT 1) AS first_day,
            (SELECT e.sort_date FROM casetracker_event e
                WHERE e.case_id = c.id AND e.state = 'published' AND e.published_from <= clock_timestamp()
                AND e.happening = 'held' ORDER BY e.sort_date DESC LIMIT 1) AS latest_day,
            (SELECT min(e.published_from) FROM casetracker_event e
                WHERE e.case_id = c.id AND e.state = 'published' AND e.published_from > clock_timestamp()
            ) AS holds_until
        FROM casetracker_case c WHERE c.id = ANY(keys)
    ) now
    WHERE p.case_id = now.id
        AND (p.is_invented, p.is_published, p.first_day, p.latest_day, p.holds_until)
        IS DISTINCT FROM (now.is_invented, now.is_published, now.first_day, now.latest_day, now.holds_until);
END $$;
"""
DROP_FUNCTIONS_SQL = "DROP FUNCTION casetracker_place_cases(bigint[]);"


class DaysTo(models.Func):
    """How many days lie between a day and the end of all dates, or with `is_from` between their beginning and it."""

    output_field = models.IntegerField()

    def __init__(self, day: F, *, is_from: bool = False) -> None:
        super().__init__(day)
        self.template = (
            f"COALESCE(%(expressions)s - DATE '{FIRST_DAY}', {NO_DAY})"
            if is_from
            else f"COALESCE(DATE '{LAST_DAY}' - %(expressions)s, {NO_DAY})"
        )


class CasePlaceManager(models.Manager["CasePlace"]):
    def catch_up(self) -> None:
        """
        Let the cases of which an embargo has ended stand where they stand now. Passes over those that somebody writes
        to, another reader included: the next one finds them. Where nothing can be written, as on a replica, they stand
        where they stood. One query most of the time, two where there is anything to do.
        """
        with connection.cursor() as cursor:
            # By the moment of the statement, which an index can be asked for; the clock goes on meanwhile.
            cursor.execute(
                "SELECT current_setting('transaction_read_only') = 'off' AND "
                "(SELECT min(holds_until) <= statement_timestamp() FROM casetracker_caseplace)"
            )
            if not cursor.fetchone()[0]:
                return
            cursor.execute(
                "SELECT casetracker_place_cases(ARRAY("
                "SELECT case_id FROM casetracker_caseplace WHERE holds_until <= statement_timestamp()"
                " ORDER BY case_id FOR UPDATE SKIP LOCKED))"
            )

    def rebuild(self, *, batch: int = 10_000) -> None:
        """For all cases anew, for who has written without triggers, as a restored dump or the bench."""
        last: int | None = 0
        while last is not None:
            keys = list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch])
            last = keys[-1] if keys else None
            with connection.cursor() as cursor:
                cursor.execute("SELECT casetracker_place_cases(%s::bigint[])", [keys])


class CasePlace(models.Model):
    """
    Written by triggers alone, and no part of what an editor made: it has no history.

    `is_published` says no more than that the state of the case is "published"; whether the public may see it is asked
    of the case. `recency` and `age` count days so that in each order all columns ascend, and one comparison of rows
    says what stands behind a place.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="place")
    is_invented = models.BooleanField(default=False, db_default=False)
    is_published = models.BooleanField(default=False, db_default=False)
    first_day = models.DateField(null=True)
    # Of what has taken place.
    latest_day = models.DateField(null=True)
    holds_until = models.DateTimeField(null=True)
    recency = models.GeneratedField(
        expression=DaysTo(F("latest_day")), output_field=models.IntegerField(), db_persist=True
    )
    age = models.GeneratedField(
        expression=DaysTo(F("first_day"), is_from=True), output_field=models.IntegerField(), db_persist=True
    )

    objects = CasePlaceManager()

    class Meta:
        verbose_name = "place of a case in the lists"
        verbose_name_plural = "places of cases in the lists"
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["is_invented", "recency", "case"], condition=Q(is_published=True), name="caseplace_recent"
            ),
            models.Index(fields=["is_invented", "age", "case"], condition=Q(is_published=True), name="caseplace_first"),
            models.Index(fields=["holds_until"], condition=Q(holds_until__isnull=False), name="caseplace_holds_until"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id}"


def _placing(name: str, operation: pgtrigger.Operation, rows: str, **referencing: str) -> pgtrigger.Trigger:
    """One statement, however many rows it writes, places each case once. `rows` are the cases that it touches."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**referencing),
        func=f"""
            PERFORM casetracker_place_cases(ARRAY({rows}));
            RETURN NULL;
        """,
    )


_MOVES = "(o.case_id, o.state, o.published_from, o.happening, o.date)"
pgtrigger.register(
    _placing("place_inserted", pgtrigger.Insert, "SELECT DISTINCT case_id FROM new_rows", new="new_rows"),
    _placing("place_deleted", pgtrigger.Delete, "SELECT DISTINCT case_id FROM old_rows", old="old_rows"),
    _placing(
        "place_updated",
        pgtrigger.Update,
        f"""
            SELECT DISTINCT unnest(ARRAY[o.case_id, n.case_id]) FROM old_rows o JOIN new_rows n ON n.id = o.id
            WHERE {_MOVES} IS DISTINCT FROM {_MOVES.replace("o.", "n.")}
        """,
        old="old_rows",
        new="new_rows",
    ),
)(Event)
pgtrigger.register(
    _placing("place_inserted", pgtrigger.Insert, "SELECT id FROM new_rows", new="new_rows"),
    _placing(
        "place_updated",
        pgtrigger.Update,
        """
            SELECT n.id FROM old_rows o JOIN new_rows n ON n.id = o.id
            WHERE (o.is_invented, o.state) IS DISTINCT FROM (n.is_invented, n.state)
        """,
        old="old_rows",
        new="new_rows",
    ),
    # Raw SQL knows nothing of what Django would have deleted first.
    pgtrigger.Trigger(
        name="place_goes",
        operation=pgtrigger.Delete,
        when=pgtrigger.Before,
        func="DELETE FROM casetracker_caseplace p WHERE p.case_id = OLD.id; RETURN OLD;",
    ),
)(Case)
