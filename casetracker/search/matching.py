"""Which cases and entries have the words that a reader looks for."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import OuterRef, Q, Value

from ..models import Case, DocketNumber, Event, Statement
from ..models.functions import TEXT_SEARCH_CONFIG, DocketKey
from ..models.visibility import CaseQuerySet, EventQuerySet, has_any
from .criteria import cases_of_party, those
from .words import clean_words


def cases_matching(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    """
    Those of `cases`, which are public, that answer to `words`: by their name or summary, by a title, summary or holding
    of a public entry, by the name of a party, or by a docket number in any spelling. Quotation marks, OR and a minus
    are understood.
    """
    words = clean_words(words)
    if not words:
        return cases
    query = SearchQuery(words, config=TEXT_SEARCH_CONFIG, search_type="websearch")
    keys = (
        Case.objects.public().filter(Q(search=query) | Q(name__icontains=words)).order_by().values_list("pk", flat=True)
    )
    entries = Event.objects.public_if_their_case_is().filter(search=query)
    keys = keys.union(entries.order_by().values_list("case", flat=True))
    if len(words) >= 3:
        keys = keys.union(cases_of_party(words))
    if re.search(r"[0-9]", words):
        numbers = DocketNumber.objects.public().filter(key=DocketKey(Value(words)))
        keys = keys.union(numbers.order_by().values_list("proceeding__case", flat=True))
    return those(cases, keys)


def entries_matching(events: EventQuerySet, words: str) -> EventQuerySet:
    """Those of `events` whose title, summary or holding has the words."""
    asked = _asked(words)
    return events if asked is None else events.filter(asked.told)


def entries_mentioning(events: EventQuerySet, words: str) -> EventQuerySet:
    """
    Those of `events`, which are of one case, whose title, summary, holding or note has the words, or about which
    somebody said them. Notes and statements have no index for words: this reads those of the case.
    """
    asked = _asked(words)
    if asked is None:
        return events
    said = Statement.objects.filter(event=OuterRef("pk")).annotate(
        said=SearchVector("speaker", "office", "quote", "paraphrase", "note", config=TEXT_SEARCH_CONFIG)
    )
    return events.annotate(noted=SearchVector("note", config=TEXT_SEARCH_CONFIG)).filter(
        asked.told | Q(noted=asked.query) | has_any(said.filter(said=asked.query))
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Words that a reader looks for: as a query, and as the condition that what an entry itself tells has them."""

    query: SearchQuery
    told: Q


def _asked(words: str) -> _Asked | None:
    """None where nothing is left that can be searched for."""
    words = clean_words(words)
    if not words:
        return None
    query = SearchQuery(words, config=TEXT_SEARCH_CONFIG, search_type="websearch")
    return _Asked(query, Q(search=query) | Q(title__icontains=words))
