"""
Numbers that are kept: how many cases, entries and rulings have each value of each facet, alone and together with one
value of another (`casetracker.facets`).

Whoever writes, triggers mark the cases that are touched (`CaseChange`); at the end of the transaction they are read
anew and what has changed of them is noted as changes of the numbers (`TallyChange`), which are gathered into `Tally`
now and then. Nobody waits for anybody: a mark is a row of one's own, a case that another transaction is reading anew is
left with its mark, and changes of numbers are rows of one's own too. Who asks for a number adds the changes, and for
the cases that have a mark, or an embargo that has ended since, what they add to the numbers now (`facets.kept`). So the
numbers are right in every snapshot of the database, whether the marks have been worked off or not.
"""

import pgtrigger
from django.db import models

from .cases import Case, CaseTopic
from .courts import Court
from .events import Event
from .parties import Party, PartyRole
from .proceedings import Proceeding
from .rulings import RulingJudge, Treatment

__all__ = ["CaseChange", "CountedCase", "Tally", "TallyChange"]


class CountedCase(models.Model):
    """
    What of a case is counted, as `counted_sql.FACTS` says; `due` is when more of it becomes public by the clock. There
    is one of each case, so that it can be locked. It has no key to the case, which would make deleting wait.
    """

    case = models.BigIntegerField(primary_key=True, db_column="case_id")
    facts = models.JSONField(default=dict, blank=True)
    due = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "counted case"
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="counted_case_due")]

    def __str__(self) -> str:
        return f"case {self.case}"


class CaseChange(models.Model):
    """A transaction touched a case, and its numbers are not yet what they should be."""

    case = models.BigIntegerField(db_column="case_id")
    transaction = models.BigIntegerField()
    is_tried = models.BooleanField(db_default=False)

    class Meta:
        verbose_name = "change of a counted case"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["transaction", "case"], name="case_change_once")]
        triggers = [
            pgtrigger.Trigger(
                name="settle",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (SELECT 1 FROM casetracker_casechange WHERE id = NEW.id AND NOT is_tried) THEN
                        PERFORM casetracker_settle();
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"case {self.case} in transaction {self.transaction}"


class _Number(models.Model):
    unit = models.CharField(max_length=8)
    given = models.CharField(max_length=16)
    given_value = models.CharField(max_length=30)
    facet = models.CharField(max_length=16)
    value = models.CharField(max_length=30)
    n = models.BigIntegerField()

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.n} of {self.unit}: {self.facet} {self.value} given {self.given} {self.given_value}"


class Tally(_Number):
    """
    How many of a `unit` (case, entry, ruling) have `value` of `facet` among those with `given_value` of `given`, or
    among all where that is empty. `counted_sql.TALLIES` says which there are.
    """

    class Meta(_Number.Meta):
        verbose_name = "number"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "given", "given_value", "facet", "value"], include=["n"], name="tally_once"
            )
        ]
        indexes = [
            # Of the judges, who are many, those with the most are asked for.
            models.Index(
                fields=["unit", "given", "given_value", "-n", "value"],
                condition=models.Q(facet="judge"),
                name="tally_judges",
            )
        ]


class TallyChange(_Number):
    """By how much a number has changed since it was gathered."""

    class Meta(_Number.Meta):
        verbose_name = "change of a number"
        indexes = [models.Index(fields=["unit", "given", "given_value"], name="tally_change_given")]


# --- which cases a write touches --------------------------------------------------------------------------------------

_MARK = """
    INSERT INTO casetracker_casechange (case_id, transaction)
    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM ({cases}) touched (case_id)
    WHERE touched.case_id IS NOT NULL
    ON CONFLICT (transaction, case_id) DO NOTHING;
"""
_CHANGED = """(
    SELECT {old} FROM old_rows o JOIN new_rows n USING (id) WHERE ({old}) IS DISTINCT FROM ({new})
    UNION ALL SELECT {new} FROM old_rows o JOIN new_rows n USING (id) WHERE ({old}) IS DISTINCT FROM ({new})
)"""


def _mark(
    model: type[models.Model], cases: str, *columns: str, on: str = "insert update delete", also: str = ""
) -> None:
    """
    Mark the cases which the rows of a statement are about. `cases` selects them from `{rows}` with these `columns`; of
    a row that was changed, only if one of them was. `also` selects further ones of rows that were there before, for
    what is said of a new row is said later.
    """
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("o", "n"))
    changed = _CHANGED.format(old=old, new=new)
    each = {
        "insert": (pgtrigger.Insert, {"new": "new_rows"}, cases.format(rows="new_rows")),
        "update": (pgtrigger.Update, {"old": "old_rows", "new": "new_rows"}, (cases + also).format(rows=changed)),
        "delete": (pgtrigger.Delete, {"old": "old_rows"}, (cases + also).format(rows="old_rows")),
    }
    for name in on.split():
        operation, rows, selected = each[name]
        trigger = pgtrigger.Trigger(
            name=f"counted_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**rows),
            func=_MARK.format(cases=selected) + "RETURN NULL;",
        )
        pgtrigger.register(trigger)(model)


# What a ruling did to an entry counts while that is public, and lies in the case of the ruling.
_REVIEWS = """
    UNION SELECT act.case_id FROM {rows} r
    JOIN casetracker_treatment t ON t.target_id = r.id JOIN casetracker_event act ON act.id = t.act_id
"""
_REVIEWS_IN_CASE = """
    UNION SELECT act.case_id FROM {rows} r JOIN casetracker_event e ON e.case_id = r.id
    JOIN casetracker_treatment t ON t.target_id = e.id JOIN casetracker_event act ON act.id = t.act_id
"""
_OWN = "SELECT r.case_id FROM {rows} r"

_mark(Case, "SELECT r.id FROM {rows} r", "id", "state", "published_from", "status", also=_REVIEWS_IN_CASE)
_mark(CaseTopic, _OWN, "case_id", "topic_id")
_mark(Proceeding, _OWN, "case_id", "court_id")
_mark(
    PartyRole,
    "SELECT p.case_id FROM {rows} r JOIN casetracker_proceeding p ON p.id = r.proceeding_id",
    "proceeding_id",
    "party_id",
)
_mark(
    Party,
    "SELECT p.case_id FROM {rows} r JOIN casetracker_partyrole role ON role.party_id = r.id "
    "JOIN casetracker_proceeding p ON p.id = role.proceeding_id",
    "id",
    "kind",
    on="update",
)
_mark(
    Event,
    _OWN,
    "id", "case_id", "court_id", "kind", "date", "outcome", "state", "published_from",
    also=_REVIEWS,
)  # fmt: skip
_mark(
    RulingJudge,
    "SELECT e.case_id FROM {rows} r JOIN casetracker_event e ON e.id = r.ruling_id",
    "ruling_id",
    "judge_id",
)
_mark(
    Treatment,
    "SELECT e.case_id FROM {rows} r JOIN casetracker_event e ON e.id = r.act_id",
    "act_id",
    "verb",
    "target_id",
)
_mark(
    Court,
    "SELECT e.case_id FROM {rows} r JOIN casetracker_event e ON e.court_id = r.id "
    "UNION SELECT p.case_id FROM {rows} r JOIN casetracker_proceeding p ON p.court_id = r.id",
    "id",
    "level",
    on="update",
)

# Of each case there is a row to be locked, made with the case by its own transaction.
pgtrigger.register(
    pgtrigger.Trigger(
        name="is_counted",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func="""
            INSERT INTO casetracker_countedcase (case_id, facts) SELECT id, '{}' FROM new_rows
            ON CONFLICT (case_id) DO NOTHING;
            RETURN NULL;
        """,
    )
)(Case)
