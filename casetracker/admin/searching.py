"""What a list does with the words in its search box."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.lookups import Exact

from casetracker.dates import DateError, parse_bound
from casetracker.models import Case as CaseModel
from casetracker.models import Court, DocketEntry, DocketNumber, Event, Proceeding
from casetracker.models.functions import TEXT_SEARCH_CONFIG, DocketKey

LONGEST_SEARCH = 200
MOST_WORDS = 12
# So many dockets can bear one number before it says nothing any more.
MOST_DOCKETS = 200


def is_searchable(text: str) -> bool:
    """Whether a search box takes this: what is longer or has a NUL finds nothing."""
    return len(text) <= LONGEST_SEARCH and len(text.split()) <= MOST_WORDS and "\x00" not in text


def entries_for(rows: QuerySet[Any], text: str, *, only_names: bool = False) -> QuerySet[Any]:
    """
    Entries by docket number in any spelling, by date (a day, a month or a year), by permanent address, by parts of
    words of the title and of the names of court and case, or, unless `only_names`, by words of summary and holding too.
    """
    text = text.strip()
    if not text:
        return rows
    proceedings = proceedings_numbered(text)
    if proceedings:
        return rows.filter(Exists(DocketEntry.objects.filter(event=OuterRef("pk"), proceeding__in=proceedings)))
    try:
        first, last = parse_bound(text)
    except DateError:
        pass
    else:
        return rows.filter(
            Q(earliest__lte=last) | Q(earliest__isnull=True), Q(latest__gte=first) | Q(latest__isnull=True)
        )
    # Each of these is found by an index of its own. As conditions of one query joined by "or" they would be asked of
    # every entry.
    found = [_with_each_word(text), _every_entry().filter(public_id=text)]
    if not only_names:
        words = SearchQuery(text, config=TEXT_SEARCH_CONFIG, search_type="websearch")
        found.append(_every_entry().filter(search=words))
    return rows.filter(pk__in=_together(found))


def _every_entry() -> QuerySet[Any]:
    return Event.objects.order_by()


def _with_each_word(text: str) -> QuerySet[Any]:
    """Entries that have every word in the title, the name of the case or that of the court."""
    entries = _every_entry()
    for word in text.split():
        courts = Court.objects.filter(Q(short_name__icontains=word) | Q(pk=word.lower())).order_by()
        cases = CaseModel.objects.filter(name__icontains=word).order_by()
        entries = entries.filter(
            pk__in=_together(
                [
                    _every_entry().filter(title__icontains=word),
                    _every_entry().filter(case__in=cases),
                    _every_entry().filter(court__in=courts),
                ]
            )
        )
    return entries


def _together(several: list[QuerySet[Any]]) -> QuerySet[Any]:
    """The keys of the rows of any of these."""
    first, *others = (rows.values("pk") for rows in several)
    return first.union(*others)


def proceedings_for(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Proceedings by number in any spelling, or by words of caption, case and court."""
    text = text.strip()
    if not text:
        return rows
    numbered = proceedings_numbered(text)
    if numbered:
        return rows.filter(pk__in=numbered)
    for word in text.split():
        rows = rows.filter(
            Q(caption__icontains=word)
            | Q(case__name__icontains=word)
            | Q(court__short_name__icontains=word)
            | Q(court_id=word.lower())
            | Exists(DocketNumber.objects.filter(proceeding=OuterRef("pk"), number__icontains=word))
        )
    return rows


def proceedings_numbered(text: str) -> list[int]:
    """Keys of the proceedings with this docket number, however it is spelt; none if the text has no digit."""
    if not any(character in "0123456789" for character in text) or len(text) > 80:
        return []
    found = DocketNumber.objects.filter(key=DocketKey(Value(text))).order_by("proceeding_id")
    return list(found.values_list("proceeding_id", flat=True).distinct()[:MOST_DOCKETS])


class _Squeezed(Func):
    """A name in small letters without stops, spaces and the like."""

    function = "regexp_replace"
    template = "regexp_replace(lower(%(expressions)s), '[^a-z0-9]', '', 'g')"
    output_field = TextField()


def named_in_short(text: str) -> Q:
    """The condition that `text`, however its letters are spaced, is a court's identifier, short name or citation."""
    squeezed = re.sub(r"[^a-z0-9]", "", text.lower())
    if not squeezed:
        return Q(pk__in=[])
    return (
        Q(pk=squeezed)
        | Q(Exact(_Squeezed(F("short_name")), Value(squeezed)))
        | Q(Exact(_Squeezed(F("citation")), Value(squeezed)))
    )


def nearest_first(rows: QuerySet[Any], *, case: int | None, text: str) -> QuerySet[Any]:
    """In the order in which a look-up offers rows: of the same case first, a court of just that name before others."""
    model = rows.model
    if case is not None and issubclass(model, Event | Proceeding):
        near = Case(When(case_id=case, then=Value(0)), default=Value(1), output_field=IntegerField())
        newest = ["-sort_date", "-sort_rank", "-day_order", "-time"] if issubclass(model, Event) else ["display_order"]
        return rows.order_by(near, *newest, "-pk")
    if issubclass(model, Court) and text.strip():
        near = Case(When(named_in_short(text), then=Value(0)), default=Value(1), output_field=IntegerField())
        return rows.order_by(near, "display_order", "sort_key", "pk")
    return rows
