"""Which transactions changed the record last: by them `casetracker.freshness` knows whether anything has changed."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now


class RecordChange(models.Model):
    """
    A transaction that wrote to a tracked table. Each removes those that had ended before any that still runs had begun,
    so there are a few, and never twice the same: whoever removes adds itself.
    """

    transaction = models.BigIntegerField(primary_key=True)
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "change of the record"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"transaction {self.transaction}"


# Once for each transaction, for all of its statements. Nobody waits for another: each adds a row of its own, and one
# that is being removed is passed over. A number that was used before a restore is told apart by when it began.
NOTE_CHANGE = pgtrigger.Trigger(
    name="note_change",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="""
        INSERT INTO casetracker_recordchange AS noted (transaction, begun_at)
        VALUES (pg_current_xact_id()::text::bigint, now())
        ON CONFLICT (transaction) DO UPDATE SET begun_at = EXCLUDED.begun_at WHERE noted.begun_at <> EXCLUDED.begun_at;
        IF FOUND THEN
            DELETE FROM casetracker_recordchange WHERE transaction IN (
                SELECT transaction FROM casetracker_recordchange
                WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                FOR UPDATE SKIP LOCKED
            );
        END IF;
        RETURN NULL;
    """,
)
