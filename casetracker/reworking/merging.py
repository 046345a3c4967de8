"""Two entries that tell the same become one."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils.translation import gettext as _

from casetracker import publication
from casetracker.dates import UncertainDate
from casetracker.models import (
    DocketEntry,
    Event,
    FormerEntry,
    Kind,
    Response,
    State,
    Treatment,
)

from .acts import Done, Kept, ReworkError, Seen, act, locked
from .hanging import HANGING, move

# What an entry itself says. Where only one of the two says it, that is kept.
FIELDS = (
    *("title", "date", "time", "time_zone", "summary", "note", "effective", "happening", "postponed_to"),
    *("under_seal", "unsealed", "form", "outcome", "holding", "per_curiam", "vote", "precedential"),
)
_OF_RULINGS = {"form", "outcome", "holding", "per_curiam", "vote", "precedential"}


def merge(
    case: int,
    kept: int,
    merged: int,
    *,
    take: Collection[str] = (),
    seen: Seen | None = None,
    actor: AbstractBaseUser | None = None,
    may_publish: bool = True,
    trial: bool = False,
) -> Done:
    """
    Make the entry `kept` out of both: all that hangs on `merged` moves to it, what both have is joined, and the address
    of `merged` leads to it from then on. `take` names fields of `FIELDS` whose value `merged` has the better of.
    `may_publish` is whether `actor` may change what readers see.

    Raises `ReworkError` where the two are not the same thing, and where something public would vanish or something
    withheld come out.
    """
    with act("merge", case, trial=trial):
        if kept == merged:
            raise ReworkError(_("An entry is not merged with itself."))
        first, second = locked(case, [kept, merged], seen)
        reasons = _reasons_against(first, second)
        if not may_publish and (first.is_published_now or second.has_been_public):
            reasons.append(_("Readers would see the change, and you have no right to publish."))
        if reasons:
            raise ReworkError(*reasons)
        done = Done(first)
        appears = _what_would_appear(first, second)
        texts = _texts(first, second, take, done)
        moved = move(second, first)
        _tell(done, moved.counts, moved.joined, moved.left, appears=appears)
        _keep_address(first, second, done, actor)
        if texts:
            for name, value in texts.items():
                setattr(first, name, value)
            first.full_clean(exclude=["case", "court", "public_id"])
            first.save(update_fields=list(texts))
    return done


def differing(first: Event, second: Event) -> list[tuple[str, str, str, str]]:
    """Fields in which both say something, and not the same: name, label, the value of each in words."""
    found = []
    for name in FIELDS:
        one, two = getattr(first, name), getattr(second, name)
        if one != two and not _is_empty(one) and not _is_empty(two):
            found.append((name, _label(name), _shown(first, name), _shown(second, name)))
    return found


def _reasons_against(first: Event, second: Event) -> list[str]:
    reasons = []
    if State.WITHHELD in {first.state, second.state}:
        reasons.append(_("One of them is withheld. Lift the withholding first: merged, it would show with the other."))
    if second.is_published_now and not first.is_published_now:
        reasons.append(_("Readers see the other one and not this one. Keep the one that they see."))
    elif second.has_been_public and not first.has_been_public:
        reasons.append(_("Readers have seen the other one and never this one. Keep the one that they have seen."))
    if second.kind == Kind.RULING and first.kind != Kind.RULING:
        reasons.append(_("The other one is a ruling and this one is not. Keep the ruling."))
    if DocketEntry.objects.filter(event=second.pk).exclude(proceeding__court=first.court_id).exists():
        reasons.append(
            _("The other one stands on the docket of another court. Move it to the docket of this one first.")
        )
    pair = {first.pk, second.pk}
    if Response.objects.filter(event__in=pair, responds_to__in=pair).exists():
        reasons.append(_("One of them answers the other, so they are two entries. If not, delete that answer first."))
    ends = Q(act=first.pk, target=second.pk) | Q(act=second.pk, target=first.pk)
    ends |= Q(act=first.pk, until_event=second.pk) | Q(act=second.pk, until_event=first.pk)
    if Treatment.objects.filter(ends).exists():
        reasons.append(_("One of them did something to the other, so they are two rulings. If not, delete that first."))
    return reasons


def _texts(first: Event, second: Event, take: Collection[str], done: Done) -> dict[str, Any]:
    """The values that `first` gets from `second`."""
    found: dict[str, Any] = {}
    for name in FIELDS:
        if name in _OF_RULINGS and first.kind != Kind.RULING:
            continue
        one, two = getattr(first, name), getattr(second, name)
        if one == two or _is_empty(two) or (name == "happening" and name not in take):
            continue
        if _is_empty(one) or name in take:
            found[name] = two
            done.changes.append(Kept(first.title, _label(name), _shown(first, name), _shown(second, name)))
        else:
            done.warnings.append(
                _("%(field)s of the other one is not kept: %(value)s")
                % {"field": _label(name), "value": _shown(second, name)}
            )
    return found


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value is False


def _label(name: str) -> str:
    label = str(Event._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column has a name
    return label[:1].upper() + label[1:]


def _shown(entry: Event, name: str) -> str:
    value = getattr(entry, name)
    if isinstance(value, UncertainDate):
        return value.words
    if isinstance(value, bool):
        return _("yes") if value else ""
    shown: Any = getattr(entry, f"get_{name}_display", lambda: value)()
    return "" if shown is None else str(shown)


def _what_would_appear(first: Event, second: Event) -> bool:
    """Whether readers would see what hangs on `second` and now do not."""
    if not first.is_published_now or second.is_published_now:
        return False
    return any(kind.model._default_manager.filter(**{kind.key: second.pk}).exists() for kind in HANGING)


def _tell(done: Done, counts: dict[str, int], joined: list[str], left: list[str], *, appears: bool) -> None:
    done.told += [
        _("Moves over: %(count)s %(what)s.") % {"count": count, "what": what} for what, count in counts.items()
    ]
    done.told += [_("Both have it, and it stays once: %(what)s.") % {"what": what} for what in joined]
    done.warnings += [_("Not kept, for the other says otherwise: %(what)s.") % {"what": what} for what in left]
    if appears:
        done.warnings.append(_("The other one is not published. What hangs on it becomes public with this."))


def _keep_address(first: Event, second: Event, done: Done, actor: AbstractBaseUser | None) -> None:
    """Delete `second`, after its address was made to lead to `first`."""
    seen = second.has_been_public and second.case.has_been_public
    if second.is_embargoed:
        # An embargo that is broken off leaves no trace, and with it what keeps the row.
        publication.withdraw(second, actor=actor, reason=f"Merged into {first.public_id}.")
    FormerEntry.objects.create(public_id=second.public_id, event=first, was_public=seen)
    # Of what nobody has said how it moves, nothing may go with the row.
    for relation in Event._meta.related_objects:
        model: Any = relation.related_model
        is_history = hasattr(model, "pgh_tracked_model")
        left = {relation.field.name: second.pk}
        if relation.one_to_many and not is_history and model._base_manager.filter(**left).exists():
            what = model._meta.verbose_name_plural
            raise ReworkError(_("What hangs on the other one cannot all be moved: %(what)s.") % {"what": what})
    Event.objects.get(pk=second.pk).delete()
    if seen:
        done.told.append(_("The address of the other one leads to this one for ever."))
    else:
        done.told.append(_("Nobody has had the address of the other one; it answers nothing."))
