"""
Two parties, attorneys, judges, courts or cases that are one become one: all that hangs on either hangs on the one that
stays, and the address of the other leads to it for ever.

Locks are taken in one order, and none is waited for: first the two rows, by their keys, so that nothing more can be
hung on either; then what hangs on them, table by table as `joinable` names them, each by its keys. Where somebody holds
one of them, all is let go and begun anew a moment later. So no two of these acts, and no act and a save, can wait for
each other, and it is never the save of an editor that is broken off (decision 39).
"""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from casetracker import history, rights
from casetracker.models import Case, Court, CourtAppeal, Event, Import, RelatedCase
from casetracker.models.visibility import is_public

from .acts import ChangedMeanwhileError, ReworkError, frame
from .hanging import move
from .joinable import Joinable
from .weighing import reasons_against, warnings_about

# So often it is begun anew while somebody else is saving, and so long is waited in between: three seconds in all.
TRIES = 30
PAUSE = 0.1


class BusyError(ReworkError):
    """Somebody else was saving all the time; nothing was done."""


@dataclass(slots=True)
class Joined:
    """What was done, in words, and the row that stays: of a trial, what would be done."""

    row: Any
    told: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def join(
    kind: Joinable,
    kept: Any,
    other: Any,
    *,
    take: Collection[str] = (),
    seen: str | None = None,
    actor: AbstractBaseUser | None = None,
    trial: bool = False,
) -> Joined:
    """
    Make the row with the key `kept` out of both. `take` names fields of `kind.fields` whose value the row `other` has
    the better of. `seen` is what `version` said of both when whoever asks looked at them. Of `actor` the rights are
    asked; without one nothing is.

    Raises `ReworkError` where the two cannot be one or readers would see what they must not, `ChangedMeanwhileError` if
    either row or what hangs on it is not as it was seen, `BusyError` if somebody else is saving one of them.
    """
    if kept == other:
        raise ReworkError(_("A row is not merged with itself."))
    for _try in range(TRIES):
        try:
            with frame("merge", trial=trial):
                return _join(kind, kept, other, take=take, seen=seen, actor=actor)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            time.sleep(PAUSE)
    raise BusyError(_("Somebody is saving something of these two at this very moment. Nothing was done; try again."))


def version(kind: Joinable, keys: Collection[Any]) -> str:
    """
    What stands in these rows and hangs on them, as one short text that changes with every write to any of it. Read it
    before the values that go with it.
    """
    said: list[object] = [sorted(history.newest({kind.slug: (kind.model, {"pk__in": keys})})[kind.slug].items())]
    for each in (*kind.hanging, *kind.going):
        rows = each.model._default_manager.filter(**{f"{each.key}__in": keys}).order_by()
        said.append(sorted(rows.values_list(each.key).annotate(count=Count("pk"))))
        revisions = history.revisions_of(each.model)
        if revisions is not None:
            newest = revisions.objects.filter(**{f"{each.key}__in": keys}).order_by()
            said.append(sorted(newest.values_list(each.key).annotate(newest=Max("pgh_id"))))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _join(
    kind: Joinable, kept: Any, other: Any, *, take: Collection[str], seen: str | None, actor: AbstractBaseUser | None
) -> Joined:
    first, second = _held(kind, kept, other)
    if seen is not None and version(kind, [kept, other]) != seen:
        raise ChangedMeanwhileError(
            _("Somebody changed one of the two, or what hangs on it, meanwhile. Look again at what would be done.")
        )
    _ask_for_rights(actor, first, second)
    reasons = reasons_against(first, second)
    if reasons:
        raise ReworkError(*reasons)
    done = Joined(first, warnings=warnings_about(first, second))
    was_public = second.has_been_public if isinstance(second, Case) else is_public(second)
    taken = [name for name in kind.fields if name in take]
    if is_public(first) and taken:
        names = ", ".join(str(kind.model._meta.get_field(name).verbose_name) for name in taken)
        done.warnings.append(_("Readers see at once what is taken from the other one: %(what)s.") % {"what": names})
    before = _BEFORE.get(kind.slug)
    if before is not None:
        before(first, second, taken, done)
    moved = move(second, first, kind.hanging)
    done.told += [_("Moves over: %(count)s %(what)s.") % {"count": n, "what": what} for what, n in moved.counts.items()]
    done.told += [_("Both have it, and it stays once: %(what)s.") % {"what": what} for what in moved.joined]
    done.warnings += [_("Not kept, for the other says otherwise: %(what)s.") % {"what": what} for what in moved.left]
    values = {name: getattr(second, name) for name in taken}
    _keep_address(kind, first, second, done, was_public=was_public)
    if values:
        for name, value in values.items():
            setattr(first, name, value)
        first.full_clean()
        first.save(update_fields=list(values))
    return done


def _held(kind: Joinable, kept: Any, other: Any) -> tuple[Any, Any]:
    """The two rows, locked with all that hangs on them, the one that stays first."""
    rows = kind.model._base_manager.select_for_update(of=("self",), nowait=True)
    found = {row.pk: row for row in rows.filter(pk__in=[kept, other]).order_by("pk")}
    if len(found) != 2:
        raise ChangedMeanwhileError(_("One of the two is not there any more. Perhaps somebody merged or deleted it."))
    for each in (*kind.hanging, *kind.going):
        hanging = each.model._base_manager.select_for_update(of=("self",), nowait=True)
        list(hanging.filter(**{f"{each.key}__in": list(found)}).order_by("pk").values_list("pk"))
    return found[kept], found[other]


def _ask_for_rights(actor: AbstractBaseUser | None, kept: Any, other: Any) -> None:
    if actor is None:
        return
    if not (rights.may_merge(actor) and rights.may_change(actor, kept) and rights.may_change(actor, other)):
        raise PermissionDenied
    is_seen = isinstance(kept, Case) and (kept.is_published_now or other.has_been_public)
    if is_seen and not rights.may_publish(actor, kept):
        raise ReworkError(_("Readers would see the change, and you have no right to publish."))


def _keep_address(kind: Joinable, kept: Any, other: Any, done: Joined, *, was_public: bool) -> None:
    """Delete `other`, after its address, or its name, was made to lead to `kept`."""
    former = {column: getattr(other, name) for column, name in kind.keeps.items()} | {kind.slug: kept}
    if not kind.has_address:
        # `kept` may have the same name already, from another that was merged into it.
        kind.former._default_manager.get_or_create(**former)
        done.told.append(_("An import that names “%(name)s” finds this one.") % {"name": other})
        other.delete()
        return
    path = other.get_absolute_url()
    known = {"is_unseen": not was_public} if kind.model is Case else {"was_public": was_public}
    kind.former._default_manager.create(**former, **known)
    other.delete()
    if was_public:
        done.told.append(_("Its address %(path)s leads to this one for ever.") % {"path": path})
    else:
        done.told.append(_("Readers do not have its address %(path)s; it answers nothing.") % {"path": path})


# --- what is peculiar to each kind ------------------------------------------------------------------------------------


def _before_courts(kept: Court, other: Court, take: Collection[str], done: Joined) -> None:
    """An hour that was told in the zone of a court keeps it, and no court hears appeals from itself."""
    zone = other.time_zone if "time_zone" in take else kept.time_zone
    for court in (kept, other):
        if court.time_zone == zone:
            continue
        hours = Event.objects.filter(court=court.pk, time__isnull=False, time_zone="")
        count = hours.update(time_zone=court.time_zone)
        if count:
            told = _("Hours that keep the time zone %(zone)s: %(count)d.")
            done.told.append(told % {"zone": court.time_zone, "count": count})
    pair = [kept.pk, other.pk]
    CourtAppeal.objects.filter(from_court__in=pair, to_court__in=pair).delete()


def _before_cases(kept: Case, other: Case, take: Collection[str], done: Joined) -> None:
    """No case is related to itself, and the report of an import goes on naming the case in which it landed."""
    RelatedCase.objects.filter(Q(from_case=kept.pk, to_case=other.pk) | Q(from_case=other.pk, to_case=kept.pk)).delete()
    reports = Import.objects.select_for_update(of=("self",), nowait=True).defer("data")
    for row in reports.filter(landed__contains=[{"case_key": other.pk}]).order_by("pk"):
        row.landed = [
            {**docket, "case_key": kept.pk} if docket.get("case_key") == other.pk else docket for docket in row.landed
        ]
        row.save(update_fields=["landed"])


# Of people nothing: their roles say all that is to be said.
_BEFORE: Mapping[str, Callable[[Any, Any, Collection[str], Joined], None]] = {
    "court": _before_courts,
    "case": _before_cases,
}
