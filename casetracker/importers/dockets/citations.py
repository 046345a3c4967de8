"""
Citations of reported decisions in the texts of rulings, found by eyecite where it is installed (`casetracker[pacer]`).

A ruling's own citation is one of which its text says that it is reported there. Any other is of another decision: it
becomes a link where that is a ruling of the same case, and else is only told. Nothing is made up of a citation.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from casetracker.models import Kind, RulingCitation

from .copying import copy_in
from .meaning import Line
from .places import Place
from .reports import Report

# Most texts cite nothing, and to ask takes a third of a millisecond: a volume, a reporter and a page.
_LOOKS_LIKE_ONE = re.compile(r"\b\d{1,4} (?:[A-Z][\w.'’]*,? ?|[23]d |[45]th ){1,5}\d{1,8}\b")
_ITS_OWN = re.compile(
    r"\b(?:reported|published|cited|available|appears) (?:at|as|in)[:\s]*(?:[A-Z][^()]{0,80}, )?$", re.IGNORECASE
)
_LONGEST: int = RulingCitation._meta.get_field("text").max_length or 120
_MOST_TOLD = 20


def found_in(text: str) -> Iterator[tuple[str, bool]]:
    """
    Each citation of a decision, in the usual spelling of its reporter, and whether it is the text's own. Raises
    `ModuleNotFoundError` where eyecite is not installed and the text may have one.
    """
    if not _LOOKS_LIKE_ONE.search(text):
        return
    from eyecite import get_citations
    from eyecite.models import FullCaseCitation

    for each in get_citations(text):
        if isinstance(each, FullCaseCitation):
            cited = each.corrected_citation()
            if len(cited) <= _LONGEST:
                yield cited, _ITS_OWN.search(text[: each.span()[0]]) is not None


def add(place: Place, added: Sequence[tuple[Line, int, str]], report: Report) -> set[tuple[int, int]]:
    """
    Write the own citations of new rulings, each with the key of its entry and its kind; the pairs of entries of this
    case of which the first cites the second. All others are told.
    """
    own: dict[tuple[int, str], None] = {}
    others: list[tuple[Line, int, str]] = []
    for line, event, kind in added:
        if kind != Kind.RULING:
            continue
        try:
            for cited, is_own in found_in(line.said.text):
                if is_own:
                    own[event, cited] = None
                else:
                    others.append((line, event, cited))
        except ModuleNotFoundError:
            report.notes.append("Citations were not looked for: eyecite is not installed (casetracker[pacer]).")
            break
    copy_in(RulingCitation, [{"ruling_id": event, "text": cited} for event, cited in own])
    return _links(place, others, report, may_be_here=bool(own) or not place.is_new_case) if others else set()


def _links(
    place: Place, others: Sequence[tuple[Line, int, str]], report: Report, *, may_be_here: bool
) -> set[tuple[int, int]]:
    known: dict[str, list[Any]] = {}
    rows: Any = RulingCitation.objects.filter(text__in={cited for _, _, cited in others}, ruling__case=place.case)
    for row in rows.select_related("ruling") if may_be_here else ():
        known.setdefault(row.text, []).append(row.ruling)
    pairs, told = set(), []
    for line, event, cited in others:
        rulings = known.get(cited, [])
        is_sure = len(rulings) == 1 and rulings[0].pk != event and rulings[0].sort_date <= line.date.sort_date
        if is_sure:
            pairs.add((event, rulings[0].pk))
        else:
            told.append(f"{line.label}: {cited}")
    if told:
        more = f", and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        report.notes.append(
            f"Cited, and not entered for it is of another decision: {'; '.join(told[:_MOST_TOLD])}{more}."
        )
    return pairs
