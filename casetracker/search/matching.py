"""Which of some cases or entries have the words that a reader looks for."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVector
from django.db.models import OuterRef, Q, QuerySet, Value

from ..models import DocketEntry, Document, Judge, RulingCitation, RulingJudge, Statement
from ..models.functions import TEXT_SEARCH_CONFIG
from ..models.visibility import CaseQuerySet, EventQuerySet, has_any
from ..patience import rows_of
from .hits import MOST, CasesFound, Where, cited, common, find_cases, named_people, newest, with_words
from .words import Asked, understand

# So many entries of a list have the words, the newest; beyond, the page says that there are more.
MOST_LISTED = 10_000


def cases_matching(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    """
    Those of `cases`, which are public, that answer to `words`: by their name or summary, by a title, summary or holding
    of a public entry, by what a docket says of it or by a document, by the name of a party or a judge, by a citation or
    by a docket number in any spelling.
    """
    asked = understand(words)
    return cases if asked is None else cases_found(cases, asked)[0]


def cases_found(cases: CaseQuerySet, asked: Asked) -> tuple[CaseQuerySet, CasesFound]:
    """
    Those of `cases`, which are public, that answer to what is asked, and by what.

    Where so many texts have the words that only the newest of all were looked at, and `cases` are few, theirs are
    looked through anew: "motion" within one court finds the old ones of that court too. Where no text has all of the
    words, those are found that have them in several: the name of a party and a word of an entry.
    """
    found = find_cases(asked)
    if not found.hits:
        found = _scattered(asked)
    if found.is_bounded:
        few = list(cases.order_by().values_list("pk", flat=True)[: MOST + 1])
        if len(few) <= MOST:
            found = find_cases(asked, within=few)
    # The keys are handed over: with a subquery under a LIMIT the planner bets on meeting the first 25 early, and where
    # that bet is lost it takes ten times as long.
    return cases.filter(pk__among=list(found.hits)), found


# So many words are looked for one by one.
_MOST_SCATTERED = 4


def _scattered(asked: Asked) -> CasesFound:
    """
    The cases that have each of two to four words, though in different texts; none where something is to be left out.
    Three queries for each word.
    """
    terms = asked.groups[0] if len(asked.groups) == 1 else ()
    words = [word for word in map(understand, (term.typed for term in terms)) if word is not None and not word.problem]
    if asked.problem or not 2 <= len(words) <= _MOST_SCATTERED or any(term.is_excluded for term in terms):
        return CasesFound()
    # The rare words first: a common one is then looked for in the cases of those alone.
    answers = [(find_cases(word), word) for word in words]
    answers.sort(key=lambda answer: (answer[0].is_bounded, len(answer[0].hits)))
    rarest = answers[0][0]
    by_word = [rarest.hits]
    for found, word in answers[1:]:
        if found.is_bounded and len(by_word[-1]) <= MOST:
            found = find_cases(word, within=list(by_word[-1]))
        by_word.append({case: hits for case, hits in found.hits.items() if case in by_word[-1]})
    # The best place of each word stands before all others.
    hits = {
        case: [*(each[case][0] for each in by_word), *(hit for each in by_word for hit in each[case][1:])]
        for case in by_word[-1]
    }
    return CasesFound(hits, rarest.is_bounded, understand(" OR ".join(word.words for word in words)))


@dataclass(frozen=True, slots=True)
class EntriesFound:
    """Entries that answer to what is asked. `is_bounded`: there are more, and these are the newest."""

    rows: EventQuerySet
    is_bounded: bool = False


def entries_matching(events: EventQuerySet, words: str) -> EventQuerySet:
    """
    Those of `events`, which are public, that have the words: in title, summary or holding, in the text of a docket or
    of a document, or as the name of a judge or as a citation.
    """
    asked = understand(words)
    return events if asked is None else entries_found(events, asked).rows


def entries_found(events: EventQuerySet, asked: Asked) -> EntriesFound:
    """
    The same, with whether there are more. Two queries; the rows are read by their keys. Raises
    `TakesTooLongError`.
    """
    if asked.problem:
        return EntriesFound(events.filter(pk__among=[]))
    common_in = common(asked)
    own = with_words(events, asked, is_common=Where.ENTRY in common_in)
    if asked.is_plain and Where.ENTRY not in common_in:
        own = events.filter(Q(search=asked.query) | Q(title__icontains=asked.words))
    parts = [newest(own, is_common=Where.ENTRY in common_in)]
    for where, model in ((Where.DOCKET, DocketEntry), (Where.DOCUMENT, Document)):
        is_common = where in common_in
        rows = newest(with_words(model._default_manager.public(), asked, is_common=is_common), is_common=is_common)
        parts.append(_among(events, rows.values("event")))
    judges = RulingJudge.objects.public().filter(judge__among=ArraySubquery(named_people(Judge, asked).values("pk")))
    parts.append(_among(events, judges.order_by("-pk").values("ruling")))
    if any(character.isdigit() for character in asked.words):
        citations = RulingCitation.objects.public().filter(cited(asked.words)).order_by()
        parts.append(_among(events, citations.values("ruling")))
    first, *others = (
        part.annotate(place=Value(place)).values_list("pk", "place")[:MOST_LISTED] for place, part in enumerate(parts)
    )
    found = rows_of(first.union(*others, all=True))
    counts = Counter(place for _, place in found)
    keys = list(dict.fromkeys(key for key, _ in found))
    return EntriesFound(events.filter(pk__among=keys), is_bounded=any(n >= MOST_LISTED for n in counts.values()))


def _among(events: EventQuerySet, keys: QuerySet[Any, Any]) -> EventQuerySet:
    found: EventQuerySet = newest(events.filter(pk__among=ArraySubquery(keys[:MOST_LISTED])), is_common=False)  # type: ignore[assignment]  # it orders rows of any model
    return found


def entries_mentioning(events: EventQuerySet, words: str) -> EventQuerySet:
    """
    Those of `events`, which are of one case, whose title, summary, holding or note has the words, or about which
    somebody said them; or whose line of a docket or whose document has them. Notes and statements have no index for
    words: this reads those of the case.
    """
    asked = understand(words)
    if asked is None:
        return events
    if asked.problem:
        return events.filter(pk__among=[])
    said = Statement.objects.filter(event=OuterRef("pk")).annotate(
        said=SearchVector("speaker", "office", "quote", "paraphrase", "note", config=TEXT_SEARCH_CONFIG)
    )
    docketed = DocketEntry.objects.filter(event=OuterRef("pk"), search=asked.query)
    documents = Document.objects.filter(event=OuterRef("pk"), search=asked.query, sealed=False)
    return events.annotate(noted=SearchVector("note", config=TEXT_SEARCH_CONFIG)).filter(
        Q(search=asked.query)
        | Q(title__icontains=asked.words)
        | Q(noted=asked.query)
        | has_any(said.filter(said=asked.query))
        | has_any(docketed)
        | has_any(documents)
    )
