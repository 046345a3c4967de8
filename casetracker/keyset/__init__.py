"""
Pages of a list by key: what stands behind or before a place, found by an index at one price however deep it lies.

A place is the values of the columns by which a list is ordered, with the public name of a row to tell those apart that
have the same. It does not move when rows come or go before it, and it names nothing but what was on a page. As text it
stands in the address of a page, so everything about it is checked when it is read.
"""

from collections.abc import Sequence

from django.db.models import F, Func, IntegerField, Value

from ..models import Event
from ..models.lookups import as_array
from ..models.visibility import EventQuerySet
from .order import Order, Place
from .orders import (
    BY_NAME,
    CORRECTIONS_NEWEST_FIRST,
    ENTRIES_NEWEST_FIRST,
    ENTRIES_OLDEST_FIRST,
    OLDEST_FIRST,
    RECENT_FIRST,
)
from .values import PlaceError

__all__ = [
    "BY_NAME",
    "CORRECTIONS_NEWEST_FIRST",
    "ENTRIES_NEWEST_FIRST",
    "ENTRIES_OLDEST_FIRST",
    "OLDEST_FIRST",
    "RECENT_FIRST",
    "Order",
    "Place",
    "PlaceError",
    "entries",
    "entries_as_given",
]


def entries(keys: Sequence[int], order: Order) -> EventQuerySet:
    """The public entries with the keys of a page, in its order."""
    return Event.objects.public().filter(pk__among=keys).order_by(*order.by()) if keys else Event.objects.none()


def entries_as_given(keys: Sequence[int]) -> EventQuerySet:
    """The public entries with these keys, in the order of the keys."""
    if not keys:
        return Event.objects.none()
    place = Func(
        Value(as_array(keys)),
        F("pk"),
        function="array_position",
        arg_joiner="::bigint[], ",
        output_field=IntegerField(),
    )
    return Event.objects.public().filter(pk__among=keys).order_by(place)
