"""Which of some entries have the words that a reader looks for, and which of them best."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVector
from django.db.models import Case as Either
from django.db.models import F, FloatField, IntegerField, OuterRef, Q, QuerySet, Value, When

from ..models import DocketEntry, Document, Event, Judge, RulingCitation, RulingJudge, Statement
from ..models.functions import TEXT_SEARCH_CONFIG
from ..models.visibility import EventQuerySet, has_any
from ..patience import TakesTooLongError, rows_of
from . import hits
from .hits import Where, cited, common, named_people, newest, rank_of, with_words
from .matching import PATIENCE
from .words import Asked, understand

# So many entries of a list by date have the words, the newest; beyond, the page says that there are more. Of a list by
# the best match it is `hits.MOST`.
MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class EntriesFound:
    """
    Entries that answer to what is asked, by their keys, with how well; nothing is known of that in a list by date.
    `is_bounded`: there are more, and these are the newest. `is_partial`: all are known among those alone that fulfil
    what else is asked.
    """

    ranks: dict[int, float] = field(default_factory=dict)
    is_bounded: bool = False
    is_partial: bool = False

    def among(self, events: EventQuerySet) -> EventQuerySet:
        return events.filter(pk__among=list(self.ranks))

    def best_first(self, events: EventQuerySet) -> list[int]:
        """The keys of those of `events` that are found, best first, then newest first. One query."""
        newest_first = self.among(events).order_by(*(f"-{name}" for name in Event.TIMELINE_ORDER))
        return sorted(newest_first.values_list("pk", flat=True), key=lambda key: -self.ranks[key])

    def completed(self, listed: "EntriesFound") -> "EntriesFound":
        """The newest of all, together with those that were `listed` after looking through some entries anew."""
        return EntriesFound(self.ranks | listed.ranks, listed.is_bounded, is_partial=True)


def entries_matching(events: EventQuerySet, words: str) -> EventQuerySet:
    """
    Those of `events`, which are public, that have the words: in title, summary or holding, in the text of a docket or
    of a document, or as the name of a judge or as a citation.
    """
    asked = understand(words)
    return events if asked is None else entries_found(events, asked).among(events)


def entries_found(
    events: EventQuerySet, asked: Asked, *, within: EventQuerySet | None = None, ranked: bool = False
) -> EntriesFound:
    """
    The same, with whether there are more. `within` are those of `events` that other filters leave; where only the
    newest of all were looked at, those are looked through anew. At most three queries; the rows are read by their keys.
    Raises `TakesTooLongError`.
    """
    if asked.problem:
        return EntriesFound()
    found = _found(events, asked, common(asked), ranked=ranked)
    if not found.is_bounded or within is None:
        return found
    try:
        return found.completed(_found(within, asked, set(), ranked=ranked, milliseconds=PATIENCE))
    except TakesTooLongError:
        return found


def _found(
    events: EventQuerySet, asked: Asked, common_in: set[Where], *, ranked: bool, milliseconds: int | None = None
) -> EntriesFound:
    most = hits.MOST if ranked else MOST_LISTED
    parts = [
        rows.annotate(
            found_key=F(key),
            found_in=Value(place, IntegerField()),
            found_rank=rank if ranked else Value(0.0, FloatField()),
        ).values_list("found_key", "found_in", "found_rank")[:most]
        for place, (rows, key, rank) in enumerate(_parts(events, asked, common_in))
    ]
    first, *others = parts
    ranks: dict[int, float] = {}
    counts: Counter[int] = Counter()
    for key, place, rank in rows_of(first.union(*others, all=True), milliseconds):
        ranks[key] = max(rank, ranks.get(key, 0.0))
        counts[place] += 1
    return EntriesFound(ranks, is_bounded=any(count >= most for count in counts.values()))


def _parts(events: EventQuerySet, asked: Asked, common_in: set[Where]) -> Iterator[tuple[QuerySet[Any], str, Any]]:
    """For each kind of text the rows that have the words, newest first, which column names the entry, and the rank."""
    is_common = Where.ENTRY in common_in
    own: QuerySet[Any] = with_words(events, asked, is_common=is_common)
    if asked.is_plain and not is_common:
        own = events.filter(Q(search=asked.query) | Q(title__icontains=asked.words))
    yield newest(own, is_common=is_common), "pk", _rank_of_title(asked)
    for where, model in ((Where.DOCKET, DocketEntry), (Where.DOCUMENT, Document)):
        is_common = where in common_in
        rows = with_words(model._default_manager.public().filter(event__in=events), asked, is_common=is_common)
        yield newest(rows, is_common=is_common), "event", rank_of(asked)
    people = ArraySubquery(named_people(Judge, asked).values("pk"))
    sat = RulingJudge.objects.public().filter(judge__among=people, ruling__in=events)
    yield sat.order_by("-pk"), "ruling", Value(hits.PERSON_COUNTS, FloatField())
    if any(character.isdigit() for character in asked.words):
        citations = RulingCitation.objects.public().filter(cited(asked.words), ruling__in=events)
        yield citations.order_by("-pk"), "ruling", Value(hits.IS_THE_CITATION, FloatField())


def _rank_of_title(asked: Asked) -> Any:
    """A title that is just these words stands first, one that has them as they are typed before others."""
    return Either(
        When(title__iexact=asked.words, then=Value(hits.IS_THE_NAME)),
        When(title__icontains=asked.words, then=rank_of(asked) + Value(hits.PART_OF_A_NAME)),
        default=rank_of(asked),
        output_field=FloatField(),
    )


def entries_mentioning(events: EventQuerySet, asked: Asked) -> EventQuerySet:
    """
    Those of `events`, which are of one case, whose title, summary, holding or note has the words, or about which
    somebody said them; or whose line of a docket or whose document has them. Notes and statements have no index for
    words: this reads those of the case.
    """
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
