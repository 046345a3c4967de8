"""The numbers that the database keeps (`models.counted`), made anew and checked."""

from django.db import connection, transaction


def rebuild() -> None:
    """
    Count everything anew, in one transaction: after tables were filled without their triggers, as by a loader that
    sets `session_replication_role`, or when `differences` finds any. Readers and writers go on meanwhile.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT casetracker_recount_all()")


def settle() -> None:
    """Work off what was left behind: cases that two transactions touched at once, and embargoes that have ended."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT casetracker_settle()")


def differences(most: int = 100) -> list[str]:
    """Where the numbers are not what the rows say, at most so many; none if all is well. Reads everything."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ") if not _is_nested() else None
        cursor.execute("SELECT what FROM casetracker_differences() ORDER BY what LIMIT %s", [most])
        return [what for (what,) in cursor.fetchall()]


def _is_nested() -> bool:
    """Whether somebody else's transaction is going on, which cannot be given another isolation any more."""
    return len(connection.savepoint_ids) > 0
