"""One entry on several dockets becomes two."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from casetracker.dates import UncertainDate
from casetracker.models import DocketEntry, Event, Reference, RulingJudge

from .acts import Done, ReworkError, Seen, act, locked

# Of its own, of the new entry.
_NOT_COPIED = {
    *("id", "public_id", "state", "published_from", "first_public_at", "state_changed_at", "state_changed_by"),
    *("state_reason", "reviewer", "version", "created_at", "updated_at"),
}


def split(
    case: int,
    key: int,
    *,
    dockets: Collection[int],
    title: str,
    date: UncertainDate,
    seen: Seen | None = None,
    trial: bool = False,
) -> Done:
    """
    Make a new entry, a draft, out of the places on dockets with the keys `dockets`. It says what the first says, under
    its own title and date, has the same sources and judges, and nothing else of what hangs on the first.

    Raises `ReworkError` unless at least one place goes and one stays, and `ValidationError` for a title or a date that
    no entry can have.
    """
    with act("split", case, trial=trial):
        (entry,) = locked(case, [key], seen)
        rows = list(DocketEntry.objects.select_for_update(of=("self",)).filter(event=entry).order_by("position", "pk"))
        going = [row for row in rows if row.pk in dockets]
        if not going or len(going) == len(rows):
            raise ReworkError(_("Choose at least one place on a docket for the new entry, and leave one to the old."))
        new = Event(
            **{
                field.attname: getattr(entry, field.attname)
                for field in Event._meta.concrete_fields
                if not field.generated and field.name not in _NOT_COPIED
            }
        )
        new.title, new.date = title, date
        new.full_clean(exclude=["public_id"])
        new.save()
        done = Done(new)
        for row in going:
            DocketEntry.objects.filter(pk=row.pk).update(event=new)
            done.told.append(_("To the new entry: %(docket)s.") % {"docket": row})
        for reference in Reference.objects.filter(event=entry).order_by("pk"):
            reference.pk = None
            reference.event = new
            reference.save(force_insert=True)
            done.told.append(_("Copied: source “%(source)s”.") % {"source": reference.source})
        for judge in RulingJudge.objects.filter(ruling=entry).order_by("pk"):
            judge.pk = None
            judge.ruling = new
            judge.save(force_insert=True)
            done.told.append(_("Copied: judge %(judge)s.") % {"judge": judge})
        done.told.append(_("Everything else stays with the old entry. The new one is a draft."))
    return done
