"""The order of entries within a day."""

import enum

from django.utils.translation import gettext as _

from casetracker.models import Event

from .acts import ChangedMeanwhileError, Done, ReworkError, act, locked


class Direction(enum.StrEnum):
    UP = "up"
    DOWN = "down"


def of_the_same_day(entry: Event) -> list[Event]:
    """The entries of its case whose place beside `entry` only the order within the day decides, in their order."""
    same = Event.objects.filter(case=entry.case_id, sort_date=entry.sort_date, sort_rank=entry.sort_rank)
    return list(same.select_related("court").defer("summary", "note", "holding", "search").in_order())


def step(case: int, key: int, direction: Direction, *, past: int) -> Done:
    """
    Change the places of the entry and of the one above or below it, which whoever asked saw to be `past`. Raises
    `ChangedMeanwhileError` if another stands there now.
    """
    with act("order", case, trial=False):
        (entry,) = locked(case, [key], None)
        day = of_the_same_day(entry)
        locked(case, [row.pk for row in day], None)
        # Once more, for the order may have changed before the lock was there.
        day = of_the_same_day(entry)
        place = [row.pk for row in day].index(key)
        other = place + (1 if direction is Direction.DOWN else -1)
        if not 0 <= other < len(day):
            raise ReworkError(_("“%(entry)s” has no entry of its day on that side.") % {"entry": entry.title})
        if day[other].pk != past:
            raise ChangedMeanwhileError(
                _("The order of this day was changed meanwhile, so it was left as it is. Look again.")
            )
        day[place], day[other] = day[other], day[place]
        _number(day)
        return Done(entry)


def _number(day: list[Event]) -> None:
    """
    Write the order down. The last one gets 0, which every new entry has: an entry that is added later stands last.
    """
    for row, number in zip(day, range(1 - len(day), 1), strict=True):
        if row.day_order != number:
            Event.objects.filter(pk=row.pk).update(day_order=number)
