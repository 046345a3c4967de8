"""Entries go to the docket of another proceeding, and with it to its court."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from casetracker.models import DocketEntry, Event, Kind, Proceeding

from .acts import Done, Kept, ReworkError, Seen, act, locked


def place(case: int, keys: Sequence[int], *, proceeding: int, seen: Seen | None = None, trial: bool = False) -> Done:
    """
    Move these entries with their place on a docket to the docket of `proceeding`; their court becomes the court there.
    One that stands on no docket is put on it. All of them, or none.

    Raises `ReworkError` for a proceeding of another case, and for an entry that stands on several dockets: which of
    them would be meant is not for this act to say.
    """
    with act("move", case, trial=trial):
        to = (
            Proceeding.objects.select_for_update(of=("self",), no_key=True)
            .select_related("court")
            .filter(pk=proceeding, case=case)
            .first()
        )
        if to is None:
            raise ReworkError(_("This proceeding is not one of this case."))
        entries = locked(case, keys, seen)
        if not entries:
            raise ReworkError(_("No entry is chosen."))
        done = Done(entries[0])
        reasons = [reason for entry in entries for reason in _move(entry, to, done)]
        if reasons:
            raise ReworkError(*reasons)
    return done


def _move(entry: Event, to: Proceeding, done: Done) -> list[str]:
    """Move one; the reasons against it, if there are any."""
    rows = list(DocketEntry.objects.select_for_update(of=("self",)).filter(event=entry).select_related("proceeding"))
    if len(rows) > 1:
        return [
            _("“%(entry)s” stands on several dockets. Change it on its own screen, or split it.")
            % {"entry": entry.title}
        ]
    if not rows:
        DocketEntry.objects.create(event=entry, proceeding=to)
        done.changes.append(Kept(entry.title, _("Docket"), "", str(to)))
    elif rows[0].proceeding_id != to.pk:
        _warn_of_number(entry, rows[0], to, done)
        done.changes.append(Kept(entry.title, _("Docket"), str(rows[0].proceeding), str(to)))
        DocketEntry.objects.filter(pk=rows[0].pk).update(proceeding=to)
    if entry.court_id != to.court_id:
        _change_court(entry, to, done)
    return []


def _warn_of_number(entry: Event, row: DocketEntry, to: Proceeding, done: Done) -> None:
    taken = row.number and DocketEntry.objects.filter(proceeding=to, number=row.number).exclude(pk=row.pk).exists()
    if taken:
        done.warnings.append(
            _("“%(entry)s”: number %(number)s stands on that docket already.")
            % {"entry": entry.title, "number": row.number}
        )


def _change_court(entry: Event, to: Proceeding, done: Done) -> None:
    columns: dict[str, object] = {"court": to.court}
    done.changes.append(
        Kept(entry.title, _("Court"), str(entry.court.short_name if entry.court else ""), to.court.short_name)
    )
    zone = str(entry.zone)
    if entry.time is not None and not entry.time_zone and zone != to.court.time_zone:
        # The hour was told in the zone of the old court, and still is.
        columns["time_zone"] = zone
        done.changes.append(Kept(entry.title, _("Time zone"), "", zone))
    Event.objects.filter(pk=entry.pk).update(**columns)
    if entry.kind == Kind.RULING and entry.ruling_judges.exists():
        done.warnings.append(
            _("“%(entry)s” keeps its judges. Look whether they sit in that court.") % {"entry": entry.title}
        )
