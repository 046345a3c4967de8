"""What a filter of entries looks for in their texts."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from ... import search
from ...facets import Asked, Counts
from ...models.visibility import EventQuerySet
from .criteria import criteria


class OfWords:
    """Of a filter of entries with `q` for words."""

    # What is looked for and what has it, known when the entries have been narrowed.
    asked: search.Asked | None = None
    found = search.EntriesFound()
    _within: EventQuerySet

    def look_for_words(
        self, entries: QuerySet[Any], values: Mapping[str, Any], *, ranked: bool = False
    ) -> EventQuerySet:
        """Those of `entries` that have the words and fulfil what else is asked; `ranked` for a list by best match."""
        self._within = entries  # type: ignore[assignment]  # a filter set knows no kind of queryset
        choices = criteria(values)
        narrowed = search.entries_that(choices, self._within)
        self.asked = search.understand(values.get("q") or "")
        if self.asked is None:
            return narrowed
        within = narrowed if choices else None
        self.found = search.entries_found(self._within, self.asked, within=within, ranked=ranked)
        self._within = self.found.among(self._within)
        return self.found.among(narrowed)

    def known_in_part(self, counts: Counts, asked: Asked) -> Counts:
        """The same counts, told as "at least" where not all texts were looked at."""
        is_known = not (self.found.is_bounded or self.found.is_partial)
        return counts if is_known else counts.at_least(asked, listed=self.found.is_bounded)
