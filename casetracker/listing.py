"""Cases as a list tells of them: the name, the courts with their numbers, the topics, the latest entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from . import keyset
from .language import in_words, labels
from .models import Case, CasePlace, Event, Happening, Proceeding, Status, Topic
from .models.courts import ACCENTS
from .models.lookups import as_array
from .models.prepared import Prepared, Slot
from .models.proceedings import main_number
from .models.visibility import CaseQuerySet
from .timeline import EntryLink, Told, entry_path

# The orders a reader can choose.
BY_NAME, RECENT_FIRST, OLDEST_FIRST = "name", "recent", "first"
ORDERS: Mapping[str, keyset.Order] = {
    BY_NAME: keyset.BY_NAME,
    RECENT_FIRST: keyset.RECENT_FIRST,
    OLDEST_FIRST: keyset.OLDEST_FIRST,
}


@dataclass(slots=True, frozen=True)
class ProceedingLabel(Told):
    court: str
    accent: str
    number: str


@dataclass(slots=True, frozen=True)
class CaseLine(Told):
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
    found = {row["pk"]: row for row in _told.rows(keys=as_array(keys))} if keys else {}
    statuses = labels(Status)
    return [_line(found[key], statuses) for key in keys if key in found]


@Prepared
def _told() -> QuerySet[Any, Any]:
    """What a list tells of the cases with the keys of a page."""
    return (
        Case.objects.public()
        .filter(pk__among=Slot.of_keys("keys"))
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
        .values(
            "pk", "name", "slug", "summary", "status", "is_invented", "proceedings_json", "topic_names", "latest_json"
        )
    )


def _line(case: Mapping[str, Any], statuses: Mapping[str, str]) -> CaseLine:
    latest = case["latest_json"]
    return CaseLine(
        key=case["pk"],
        name=case["name"],
        url=reverse("case", args=[case["slug"]]),
        summary=case["summary"],
        status=str(statuses[case["status"]]),
        is_invented=case["is_invented"],
        topics=case["topic_names"],
        proceedings=[
            ProceedingLabel(item["court"], ACCENTS.get(item["level"], "trial"), item["number"] or "")
            for item in case["proceedings_json"]
        ],
        latest=EntryLink(
            title=latest["title"],
            date=in_words(latest["date"]),
            court=latest["court"] or "",
            accent=ACCENTS.get(latest["level"], "outside"),
            url=entry_path(case["slug"], latest["id"]),
        )
        if latest
        else None,
    )
