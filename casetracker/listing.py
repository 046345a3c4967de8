"""Cases as a list tells of them: the name, the courts with their numbers, the topics, the latest entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from . import keyset
from .language import in_words
from .models import Case, CasePlace, Event, Happening, Proceeding, Topic
from .models.courts import ACCENTS
from .models.proceedings import main_number
from .models.visibility import CaseQuerySet
from .timeline import EntryLink, entry_path

# The orders a reader can choose.
BY_NAME, RECENT_FIRST, OLDEST_FIRST = "name", "recent", "first"
ORDERS: Mapping[str, keyset.Order] = {
    BY_NAME: keyset.BY_NAME,
    RECENT_FIRST: keyset.RECENT_FIRST,
    OLDEST_FIRST: keyset.OLDEST_FIRST,
}


@dataclass(slots=True, frozen=True)
class ProceedingLabel:
    court: str
    accent: str
    number: str


@dataclass(slots=True, frozen=True)
class CaseLine:
    """One case of a list."""

    key: int
    name: str
    url: str
    summary: str
    status: str
    is_invented: bool
    topics: list[str]
    proceedings: list[ProceedingLabel]
    latest: EntryLink | None


def order_of(word: str) -> keyset.Order:
    """
    One of the three orders, invented cases last in each. Those by day are kept beside the cases, and are brought up to
    date first where an embargo has ended: one statement.
    """
    if word != BY_NAME:
        CasePlace.objects.catch_up()
    return ORDERS[word]


def in_order(cases: CaseQuerySet, word: str = BY_NAME) -> CaseQuerySet:
    """`cases`, which start from `Case.objects.public()`, in one of the three orders."""
    order = order_of(word)
    return cases.filter(order.within).order_by(*order.by())


def _past(events: Any) -> Any:
    """What has happened: a hearing that is only set, or was put off, is not the latest of a case."""
    return events.filter(happening=Happening.HELD)


def lines(cases: CaseQuerySet) -> list[CaseLine]:
    """The cases of an ordered and sliced queryset, ready to be shown. Two queries, as `lines_of` says."""
    return lines_of(list(cases.values_list("pk", flat=True)))


def lines_of(keys: Sequence[int]) -> list[CaseLine]:
    """
    The public cases with these keys in their order. One query: an index alone can say which cases stand on a page, and
    what is told of each is read for them only, not for all that come before.
    """
    rows = (
        Case.objects.public()
        .filter(pk__among=keys)
        .order_by()
        .annotate(
            proceedings_json=ArraySubquery(
                Proceeding.objects.filter(case=OuterRef("pk"))
                .order_by("display_order", "pk")
                .values(json=JSONObject(court="court__short_name", level="court__level", number=main_number("pk")))
            ),
            topic_names=ArraySubquery(Topic.objects.filter(cases=OuterRef("pk")).order_by("name").values("name")),
            latest_json=Subquery(
                _past(Event.objects.public().filter(case=OuterRef("pk")))
                .order_by(*(f"-{name}" for name in Event.TIMELINE_ORDER))
                .values(
                    json=JSONObject(
                        title="title", date="date", id="public_id", court="court__short_name", level="court__level"
                    )
                )[:1]
            ),
        )
        .only("name", "slug", "summary", "status", "is_invented")
    )
    found = {case.pk: case for case in rows}
    return [_line(found[key]) for key in keys if key in found]


def _line(case: Any) -> CaseLine:
    latest = case.latest_json
    return CaseLine(
        key=case.pk,
        name=case.name,
        url=case.get_absolute_url(),
        summary=case.summary,
        status=case.get_status_display(),
        is_invented=case.is_invented,
        topics=case.topic_names,
        proceedings=[
            ProceedingLabel(item["court"], ACCENTS.get(item["level"], "trial"), item["number"] or "")
            for item in case.proceedings_json
        ],
        latest=EntryLink(
            title=latest["title"],
            date=in_words(latest["date"]),
            court=latest["court"] or "",
            accent=ACCENTS.get(latest["level"], "outside"),
            url=entry_path(case.slug, latest["id"]),
        )
        if latest
        else None,
    )
