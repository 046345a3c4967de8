"""What a list does with the words in its search box."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import Contains, Exact, StartsWith

from casetracker.dates import DateError, parse_bound
from casetracker.models import Case as CaseModel
from casetracker.models import Court, DocketEntry, DocketNumber, Event, Proceeding
from casetracker.models.functions import TEXT_SEARCH_CONFIG, DocketKey, SearchedText, SortKey
from casetracker.search import in_range

from .paging import MOST_COUNTED

LONGEST_SEARCH = 200
MOST_WORDS = 12
# So many dockets can bear one number before it says nothing any more.
MOST_DOCKETS = 200
# So many cases or proceedings with a word in their name are looked through by their keys.
MOST_NAMED = MOST_COUNTED
# A trigram index knows of a shorter word only how it begins.
SHORTEST_PART = 3


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
        return rows.filter(in_range(first, last))
    words = text.split()
    named = _named(words, ["case", "court"])
    found = Q(public_id=text)
    if not only_names:
        found |= Q(search=SearchQuery(text, config=TEXT_SEARCH_CONFIG, search_type="websearch"))
    in_names = Q()
    for word in words:
        in_names &= _has_part("title", word) | named.case(word) | named.court(word)
    return rows.filter(found | in_names)


def has_each_word(rows: QuerySet[Any], columns: Sequence[str], text: str) -> QuerySet[Any]:
    """The rows that have every word of `text` in one of these columns; accents and capitals do not matter."""
    for word in text.split():
        rows = rows.filter(has_word(columns, word))
    return rows


def has_word(columns: Sequence[str], word: str) -> Q:
    """
    The condition that a row has the part of a word in one of these columns, or for a very short one a word that begins
    so; an index of them answers it.
    """
    text = SearchedText(*columns)
    if len(word) < SHORTEST_PART:
        behind_a_space = Contains(text, Concat(Value(" "), SortKey(Value(word))))
        return Q(StartsWith(text, SortKey(Value(word)))) | Q(behind_a_space)
    return Q(Contains(text, SortKey(Value(word))))


def _has_part(column: str, word: str) -> Q:
    """As `has_word`, of one column with an index of its own, in capitals."""
    if len(word) < SHORTEST_PART:
        return Q(**{f"{column}__istartswith": word}) | Q(**{f"{column}__icontains": f" {word}"})
    return Q(**{f"{column}__icontains": word})


@dataclass(frozen=True, slots=True)
class _Named:
    """
    Which courts, cases, dockets and proceedings have a word in their name, asked once for all words. Of few the keys
    stand in a condition, so that an index finds what hangs on them; of many the name itself is asked of each row, since
    the first page is full of them soon.
    """

    keys: dict[tuple[str, str], list[str]]

    def court(self, word: str, path: str = "court") -> Q:
        return self._of("court", word, path, Q(**{f"{path}__short_name__icontains": word}))

    def case(self, word: str, path: str = "case") -> Q:
        return self._of("case", word, path, _has_part(f"{path}__name", word))

    def numbers(self, word: str) -> Q:
        of_row = DocketNumber.objects.filter(has_word(["number"], word), proceeding=OuterRef("pk")).order_by()
        return self._of("number", word, "pk", Q(Exists(of_row)))

    def proceeding(self, word: str, path: str) -> Q:
        return self._of("proceeding", word, path, Q(**{f"{path}__caption__icontains": word}))

    def caption(self, word: str) -> Q:
        return self._of("proceeding", word, "pk", has_word(["caption"], word))

    def is_common(self, kind: str, word: str) -> bool:
        """Whether more have it than a list counts."""
        return len(self.keys[kind, word]) > MOST_NAMED

    def _of(self, kind: str, word: str, path: str, each: Q) -> Q:
        return each if self.is_common(kind, word) else Q(**{f"{path}__in": self.keys[kind, word]})


def _named(words: list[str], kinds: list[str]) -> _Named:
    """One query, however many words there are."""
    keys: dict[tuple[str, str], list[str]] = {(kind, word): [] for kind in kinds for word in words}
    asked = []
    for kind, word in keys:
        rows = _NAMED[kind](word).order_by().annotate(named=Value(f"{kind} {word}"), named_key=_NAMED_KEY[kind])
        asked.append(rows.values_list("named", "named_key")[: MOST_NAMED + 1])
    if asked:
        for of, key in asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]:
            kind, _space, word = of.partition(" ")
            keys[kind, word].append(key)
    return _Named(keys)


_NAMED: dict[str, Callable[[str], QuerySet[Any]]] = {
    "court": lambda word: Court.objects.filter(Q(short_name__icontains=word) | Q(pk=word.lower())),
    "case": lambda word: CaseModel.objects.filter(_has_part("name", word)),
    "number": lambda word: DocketNumber.objects.filter(has_word(["number"], word)),
    "proceeding": lambda word: Proceeding.objects.filter(has_word(["caption"], word)),
}
_NAMED_KEY = {kind: Cast("proceeding_id" if kind == "number" else "pk", CharField()) for kind in _NAMED}


def proceedings_for(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Proceedings by number in any spelling, or by words of caption, case and court."""
    text = text.strip()
    if not text:
        return rows
    numbered = proceedings_numbered(text)
    if numbered:
        return rows.filter(pk__in=numbered)
    words = text.split()
    named = _named(words, ["proceeding", "case", "court", "number"])
    if len(words) == 1 and named.is_common("proceeding", text):
        # The captions alone are more than can be shown. To look further, each row would have to be asked.
        return rows.filter(has_word(["caption"], text))
    for word in words:
        rows = rows.filter(named.caption(word) | named.case(word) | named.court(word) | named.numbers(word))
    return rows


def transfers_for(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Transfers by words of the caption, the number or the court of either end, or of the note."""
    words = text.split()
    named = _named(words, ["proceeding", "court"])
    for word in words:
        found = has_word(["origin_number", "destination_number", "note"], word)
        for end in ("origin", "destination"):
            found |= named.proceeding(word, end) | named.court(word, f"{end}_court")
        rows = rows.filter(found)
    return rows


def corrections_for(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Corrections by words of the note or of the name of the case."""
    words = text.split()
    named = _named(words, ["case"])
    for word in words:
        rows = rows.filter(has_word(["text"], word) | named.case(word))
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
