"""
Who may do what: the one place that is asked before something is changed, published, withdrawn or withheld.

A right is a permission of the account or of its groups (`casetracker.roles` makes those of the house). Without the
right on what others made, somebody may change what they made themselves, and only while it is a draft or in review.
What has no state of its own, such as a statement, goes by what it hangs on: it is seen as soon as that is.
"""

from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from . import sight
from .models import (
    Case,
    Correction,
    DocketEntry,
    Document,
    Event,
    Proceeding,
    Provision,
    State,
    Statement,
    Transfer,
)

Rows = TypeVar("Rows", bound="QuerySet[Any]")

# The right that each act of publication needs, as the first word of a permission.
_NEEDS = {
    "publish": "publish",
    "restore": "publish",
    "entries": "publish",
    "break off": "publish",
    "withdraw": "publish",
    "withhold": "withhold",
    "lift": "withhold",
}
# Acts on what nobody outside has seen yet: whoever may change the row may do them.
_OF_WHOEVER_CHANGES = frozenset({"review", "reviewer", "draft"})


def may(user: Any, act: str, row: Model) -> bool:
    """Whether `user` may do the act of publication to a case or an entry; whether its state allows it is not asked."""
    if act in _OF_WHOEVER_CHANGES:
        return may_change(user, row)
    return _signed_in(user) and user.has_perm(f"casetracker.{_NEEDS[act]}_{_table(row)}")


def may_publish(user: Any, row: Model) -> bool:
    return may(user, "publish", row)


def may_merge(user: Any) -> bool:
    """Whether `user` may make one row of two that are the same."""
    return _signed_in(user) and user.has_perm("casetracker.merge_duplicates")


def may_tell_apart(user: Any) -> bool:
    """Whether `user` may say of two rows that look like one that they are two."""
    return _signed_in(user) and user.has_perm("casetracker.add_notthesame")


def may_take_back(user: Any) -> bool:
    """Whether `user` may take back what somebody said of such a pair."""
    return _signed_in(user) and user.has_perm("casetracker.delete_notthesame")


def may_import(user: Any) -> bool:
    """Whether `user` may bring in dockets at all: add what an import adds."""
    needed = ("case", "proceeding", "event", "ruling", "docketentry")
    return _signed_in(user) and user.has_perms([f"casetracker.add_{name}" for name in needed])


def may_import_into(user: Any, case: Case) -> bool:
    """
    Whether `user` may bring a docket into `case`, where an import also brings up to date what is there. Who is bound to
    what they made themselves may do so only while all of the case is theirs.
    """
    if not may_import(user):
        return False
    if not is_bound_to_own(user):
        return True
    others = Event.objects.filter(case=case).exclude(created_by=user.pk)
    return _is_within_reach(user, case) and not others.exists()


def may_show_imported(user: Any) -> bool:
    """Whether `user` may say that readers see what an import adds to public cases and what has no draft of its own."""
    return may_import(user) and user.has_perm("casetracker.publish_case")


def may_redact(user: Any) -> bool:
    """Whether `user` may purge words or rows for ever."""
    return _signed_in(user) and user.has_perm("casetracker.redact")


def may_see(user: Any, row: Model) -> bool:
    """Whether `user` may see the row on the desk: it and what it hangs on, with the right to such rows."""
    rows = [row, *stands_on(row)]
    return (
        bool(getattr(user, "is_staff", False))
        and all(_has_right(user, "view", each) or _has_right(user, "change", each) for each in rows)
        and sees(user, row)
    )


def seen(user: Any, rows: Rows) -> Rows:
    """
    Those of `rows` that `user` sees on the desk: all, for whoever may change what others made; for others what readers
    see, and their own (`casetracker.sight`). Whether they have a right to rows of this model is not asked.
    """
    if not is_bound_to_own(user) or not sight.is_told_of(rows.model):
        return rows
    return rows.filter(sight.condition(rows.model, user.pk or 0))


def sees(user: Any, row: Model) -> bool:
    """Whether the row is among those that `user` sees; a new one, which is not saved yet, is."""
    if row.pk is None or not is_bound_to_own(user) or not sight.is_told_of(type(row)):
        return True
    return seen(user, type(row)._default_manager.filter(pk=row.pk)).exists()


def may_see_history(user: Any, row: Model) -> bool:
    """
    Whether `user` may read what the row and its lines said before. It holds what was there before readers saw it, so
    that whoever is bound to what they made reads it of that alone.
    """
    if not is_bound_to_own(user) or not sight.is_told_of(type(row)):
        return True
    holders = stands_on(row)
    return bool(holders) and all(holder.created_by_id == user.pk for holder in holders) and sees(user, row)


def may_see_deleted(user: Any) -> bool:
    """Whether `user` may see what was deleted: it has no state any more by which some of it could be left out."""
    return not is_bound_to_own(user)


def sees_all_of(user: Any, case: Case) -> bool:
    """Whether no entry of the case is hidden from `user`, so that what is counted in it tells nothing of others."""
    if not is_bound_to_own(user):
        return True
    entries = Event.objects.filter(case=case)
    return not entries.exclude(pk__in=seen(user, entries).values("pk")).exists()


def may_change(user: Any, row: Model) -> bool:
    """Whether `user` may change the row as it stands."""
    return _has_right(user, "change", row) and _is_within_reach(user, row)


def may_add(user: Any, row: Model) -> bool:
    """Whether `user` may add the row, which is not saved yet, to what it names."""
    is_own_to_be = isinstance(row, Case | Event)
    return _has_right(user, "add", row) and (is_own_to_be or _is_within_reach(user, row))


def may_delete(user: Any, row: Model) -> bool:
    return _has_right(user, "delete", row) and _is_within_reach(user, row)


def is_bound_to_own(user: Any) -> bool:
    """Whether there are cases or entries that `user` may not change because others made them."""
    return not (user.has_perm("casetracker.change_others_case") and user.has_perm("casetracker.change_others_event"))


def stands_on(row: Model) -> list[Case | Event]:
    """The cases and entries by whose state the row is public; none for what cases share, such as a court."""
    if isinstance(row, Case | Event):
        return [row]
    if isinstance(row, Statement | Document | DocketEntry):
        found: list[Any] = [row.event if row.event_id else None]
    elif isinstance(row, Proceeding):
        found = [row.case if row.case_id else None]
    elif isinstance(row, Provision):
        found = [row.ruling if row.ruling_id else None]
    elif isinstance(row, Correction):
        found = [row.event if row.event_id else None, row.case if row.case_id else None]
    elif isinstance(row, Transfer):
        found = [end.case for end in (row.origin, row.destination) if end is not None]
    else:
        found = []
    return [holder for holder in found if holder is not None]


def _is_within_reach(user: Any, row: Model) -> bool:
    return all(
        user.has_perm(f"casetracker.change_others_{_table(holder)}")
        or (holder.created_by_id == user.pk and holder.state in {State.DRAFT, State.IN_REVIEW})
        for holder in stands_on(row)
    )


def _has_right(user: Any, verb: str, row: Model) -> bool:
    options = row._meta
    return _signed_in(user) and user.has_perm(f"{options.app_label}.{verb}_{options.model_name}")


def _signed_in(user: Any) -> bool:
    return user is not None and not isinstance(user, AnonymousUser) and user.is_active


def _table(row: Model) -> str:
    """A ruling is an entry: what is asked of the one is asked of the other."""
    return "case" if isinstance(row, Case) else "event"
