"""One change to many entries: words of their titles, their kind, the source behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casetracker.models import (
    Event,
    Kind,
    Provision,
    Reference,
    RulingCitation,
    RulingForm,
    RulingJudge,
    Source,
    Treatment,
)

from .acts import Done, Kept, ReworkError, Seen, act, locked


@dataclass(frozen=True, slots=True)
class Together:
    """
    What to change; what is empty stays as it is.

    In titles `find` becomes `replace_with`. `kind` is a kind, and `form` that of what becomes a ruling. `source` is put
    behind each entry, in place of `instead_of` where that is given, else beside what stands there.
    """

    find: str = ""
    replace_with: str = ""
    kind: str = ""
    form: str = ""
    source: Source | None = None
    instead_of: Source | None = None
    pinpoint: str = ""


def change_together(
    case: int, keys: Sequence[int], wanted: Together, *, seen: Seen | None = None, trial: bool = False
) -> Done:
    """
    Change these entries, all of them or none. Raises `ReworkError` with a sentence for each entry that cannot be so,
    and if nothing would change.
    """
    with act("change together", case, trial=trial):
        entries = locked(case, keys, seen)
        if not entries:
            raise ReworkError(_("No entry is chosen."))
        done = Done(entries[0])
        reasons: list[str] = []
        for entry in entries:
            was_ruling = entry.kind == Kind.RULING
            columns = _columns(entry, wanted, done)
            held = held_only_by_rulings(entry.pk) if was_ruling and "kind" in columns else ""
            if held:
                reasons.append(
                    _("“%(entry)s” has %(held)s and so stays a ruling.") % {"entry": entry.title, "held": held}
                )
            elif columns:
                try:
                    entry.full_clean(exclude=["case", "court", "public_id"])
                except ValidationError as error:
                    reasons.append(f"“{entry.title}”: {' '.join(error.messages)}")
                    continue
                Event.objects.filter(pk=entry.pk).update(**{name: getattr(entry, name) for name in columns})
            if wanted.source is not None:
                _put_behind(entry, wanted, wanted.source, done)
        if reasons:
            raise ReworkError(*reasons)
        if not done.changes:
            raise ReworkError(_("Nothing would change."))
    return done


def held_only_by_rulings(key: int) -> str:
    """What hangs on the ruling and can hang on nothing else, as an enumeration; empty if nothing does."""
    found = {
        _("judges"): RulingJudge.objects.filter(ruling=key),
        _("citations"): RulingCitation.objects.filter(ruling=key),
        _("provisions"): Provision.objects.filter(ruling=key),
        _("effects of later rulings on it"): Treatment.objects.filter(target=key),
    }
    return ", ".join(name for name, rows in found.items() if rows.exists())


def _columns(entry: Event, wanted: Together, done: Done) -> list[str]:
    """Change the entry in memory; the columns that are to be written."""
    columns: list[str] = []
    if wanted.find and wanted.find in entry.title:
        before, entry.title = entry.title, entry.title.replace(wanted.find, wanted.replace_with).strip()
        columns.append("title")
        done.changes.append(Kept(before, _("Title"), before, entry.title))
    if wanted.kind and wanted.kind != entry.kind:
        done.changes.append(Kept(entry.title, _("Kind"), entry.get_kind_display(), str(Kind(wanted.kind).label)))
        entry.kind = wanted.kind
        columns.append("kind")
        if wanted.kind == Kind.RULING:
            entry.form = wanted.form
            columns.append("form")
        elif entry.form:
            # Only what nobody would miss goes by itself; an outcome or a holding stands in the way.
            done.changes.append(Kept(entry.title, _("Form"), str(RulingForm(entry.form).label), ""))
            entry.form = ""
            columns.append("form")
    return columns


def _put_behind(entry: Event, wanted: Together, source: Source, done: Done) -> None:
    rows = Reference.objects.filter(event=entry)
    if wanted.instead_of is not None:
        for row in rows.filter(source=wanted.instead_of).order_by("pk"):
            pinpoint = wanted.pinpoint or row.pinpoint
            twin = rows.filter(source=source, pinpoint=pinpoint).exclude(pk=row.pk).exists()
            done.changes.append(Kept(entry.title, _("Source"), str(row), _told(source, pinpoint)))
            if twin:
                row.delete()
            else:
                Reference.objects.filter(pk=row.pk).update(source=source, pinpoint=pinpoint)
    elif not rows.filter(source=source, pinpoint=wanted.pinpoint).exists():
        Reference.objects.create(event=entry, source=source, pinpoint=wanted.pinpoint, position=rows.count())
        done.changes.append(Kept(entry.title, _("Source"), "", _told(source, wanted.pinpoint)))


def _told(source: Any, pinpoint: str) -> str:
    return f"{source}, {pinpoint}" if pinpoint else str(source)
