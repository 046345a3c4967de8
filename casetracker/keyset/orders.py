"""The orders in which the lists of the site stand."""

from typing import Any

from django.db.models import Func, Q, TimeField

from ..models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH, Case, Correction, Event
from ..models.places import NO_DAY
from . import values
from .order import Column, MadeUpName, Name, Order


class _LastIfMissing(Func):
    """A time with none behind all others, where the order of rows has it."""

    output_field = TimeField()
    template = "COALESCE(%(expressions)s, TIME '24:00')"


_OF_CASE = Name("pk", "slug", r"[-a-zA-Z0-9_]{1,120}", lambda: Case.objects.public())
_OF_PLACE = Name("place__case_id", _OF_CASE.public, _OF_CASE.form, _OF_CASE.rows)
_OF_ENTRY = Name("pk", "public_id", rf"[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}", lambda: Event.objects.public())


def _bit(value: Any) -> str:
    return str(int(value))


BY_NAME = Order(
    "name",
    (Column("is_invented", values.flag, _bit), Column("sort_key", values.words, values.written)),
    _OF_CASE,
    indexed=3,
    by_letter=True,
    start_of=lambda letter: (False, letter),
)
RECENT_FIRST = Order(
    "recent",
    (
        Column("place__is_invented", values.flag, _bit),
        Column(
            "place__recency", values.days_to, lambda days: values.iso(values.of_recency(days)), day=values.of_recency
        ),
    ),
    _OF_PLACE,
    indexed=3,
    newest_first=True,
    start_of=lambda year: (False, values.days_to(f"{year}-12-31")),
    within=Q(place__is_published=True),
    dated=Q(place__is_invented=False, place__recency__lt=NO_DAY),
)
OLDEST_FIRST = Order(
    "first",
    (
        Column("place__is_invented", values.flag, _bit),
        Column("place__age", values.days_from, lambda days: values.iso(values.of_age(days)), day=values.of_age),
    ),
    _OF_PLACE,
    indexed=3,
    start_of=lambda year: (False, values.days_from(f"{year}-01-01")),
    within=Q(place__is_published=True),
    dated=Q(place__is_invented=False, place__age__lt=NO_DAY),
)

_TIMELINE = (
    Column("sort_date", values.day, values.iso, day=values.same),
    Column("sort_rank", values.number),
    Column("day_order", values.number),
    Column("time", values.time, lambda time: time.isoformat() if time else "", compared=_LastIfMissing),
)
ENTRIES_OLDEST_FIRST = Order(
    "oldest", _TIMELINE, _OF_ENTRY, indexed=3, start_of=lambda year: (values.day(f"{year}-01-01"),)
)
ENTRIES_NEWEST_FIRST = Order(
    "newest",
    _TIMELINE,
    _OF_ENTRY,
    indexed=3,
    descending=True,
    newest_first=True,
    start_of=lambda year: (values.day(f"{year}-12-31"),),
)
CORRECTIONS_NEWEST_FIRST = Order(
    "corrected",
    (Column("corrected_on", values.day, values.iso),),
    MadeUpName("pk", "pk", r"[0-9a-f]{16}", lambda: Correction.objects.public(), "corrected_on"),
    indexed=2,
    descending=True,
)
