"""
What a list of results shows of each: where the words stand, with the words marked, and the way there.

Only for the rows of one page, in a number of queries that does not grow with it. Texts are read in part: from the first
of the words on, so far as a few lines need. What comes back is pieces of text, never HTML, for the texts of dockets and
documents are other people's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from ..models import DocketEntry, Document
from ..models.functions import TEXT_SEARCH_CONFIG
from .hits import CasesFound, Hit, Where
from .telling import Draft, read
from .words import Asked

# A result shows so many.
MOST_SHOWN = 2
# Of its hits so many are looked at, for one entry may be found by several of its texts.
_LOOKED_AT = 6


# Around a word that is found; no text that is stored holds them.
_START, _STOP = "\x02", "\x03"
_MARKS = f'StartSel="{_START}", StopSel="{_STOP}"'
_WHOLE = f"{_MARKS}, HighlightAll=true"
# A text no longer than this is shown whole.
_SHORT = 220
_PART = f"{_MARKS}, MaxFragments=1, MaxWords=32, MinWords=16, ShortWord=2"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """
    One place where the words stand: what kind of text it is, in the language of the reader; the title of the entry, or
    the name, which leads to `url`; and some of the text, if that is not the title itself.
    """

    label: str
    title: tuple[Piece, ...]
    url: str
    text: tuple[Piece, ...] = ()
    date: str = ""
    iso: str = ""
    court: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Of one result: its name or title with the words marked, empty where it has none; and where else they are."""

    name: tuple[Piece, ...] = ()
    snippets: list[Snippet] = field(default_factory=list)


def of_cases(found: CasesFound, asked: Asked, keys: Iterable[int]) -> dict[int, Told]:
    """For each case of a page where it has the words, best first, at most `MOST_SHOWN` places. Two queries."""
    hits = [hit for key in keys for hit in found.hits.get(key, ())[:_LOOKED_AT]]
    wanted: dict[Where, set[int]] = {}
    for hit in hits:
        wanted.setdefault(hit.where, set()).add(hit.key)
    drafts = read(asked, wanted)
    there = [(hit.case, hit, drafts[hit.where, hit.key]) for hit in hits if (hit.where, hit.key) in drafts]
    marked = _marked(asked, [draft for _, _, draft in there])
    names = {
        case: snippet.title for (case, hit, _), snippet in zip(there, marked, strict=True) if _is_name(hit, snippet)
    }
    shown: dict[int, dict[Any, Snippet]] = {}
    for (case, hit, draft), snippet in zip(there, marked, strict=True):
        if hit.where is Where.CASE:
            if not snippet.text:
                continue
            # Its name stands above already.
            snippet = replace(snippet, title=())
        of_case = shown.setdefault(case, {})
        # What one entry says in several texts is one place.
        place = draft.of or (hit.where, hit.key)
        if len(of_case) < MOST_SHOWN or place in of_case:
            of_case.setdefault(place, snippet)
    return {hit.case: Told(names.get(hit.case, ()), list(shown.get(hit.case, {}).values())) for hit in hits}


def of_entries(asked: Asked, keys: Iterable[int]) -> dict[str, Told]:
    """
    For each entry of a page, by its permanent address, where it has the words: in its own texts, on dockets, in
    documents. Two queries.
    """
    wanted = set(keys)
    if asked.problem or not wanted:
        return {}
    beside = {
        where: model._default_manager.public()
        .filter(event__in=wanted, search=asked.query)
        .order_by("pk")
        .values("pk")[: MOST_SHOWN * len(wanted)]
        for where, model in ((Where.DOCKET, DocketEntry), (Where.DOCUMENT, Document))
    }
    by_place = read(asked, {Where.ENTRY: wanted, **beside})
    # What an entry says itself stands before what is beside it.
    drafts = [by_place[place] for place in sorted(by_place)]
    told: dict[str, Told] = {}
    for draft, snippet in zip(drafts, _marked(asked, drafts), strict=True):
        of_entry = told.setdefault(draft.of, Told(_if_found(snippet.title)))
        if snippet.text and len(of_entry.snippets) < MOST_SHOWN:
            of_entry.snippets.append(snippet)
    return told


def _is_name(hit: Hit, snippet: Snippet) -> bool:
    return hit.where is Where.CASE and bool(_if_found(snippet.title))


def _if_found(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return pieces if any(piece.is_found for piece in pieces) else ()


# --- marks ----------------------------------------------------------------------------------------------------------


def _marked(asked: Asked, drafts: list[Draft]) -> list[Snippet]:
    """Each draft with its words marked, and that of its texts which has them. One query for all."""
    texts = [
        (text, _WHOLE if not place or len(text) <= _SHORT else _PART)
        for draft in drafts
        for place, text in enumerate([draft.title, *draft.texts])
    ]
    lines = iter(_headlines(asked, texts))
    return [_snippet(draft, [next(lines) for _ in range(1 + len(draft.texts))]) for draft in drafts]


def _headlines(asked: Asked, texts: list[tuple[str, str]]) -> list[str]:
    if not texts:
        return []
    clean = [text.replace(_START, " ").replace(_STOP, " ") for text, _ in texts]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s::regconfig, given.text, %s::tsquery, given.how)"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given(text, how, place) ORDER BY place",
            [TEXT_SEARCH_CONFIG, asked.tsquery, clean, [how for _, how in texts]],
        )
        return [line for (line,) in cursor.fetchall()]


def _snippet(draft: Draft, lines: list[str]) -> Snippet:
    title, *texts = lines
    place = next((place for place, text in enumerate(texts) if _START in text), None)
    shown: tuple[Piece, ...] = ()
    if place is not None:
        shown = _pieces(texts[place])
        told = "".join(piece.text for piece in shown)
        is_whole = " ".join(draft.texts[place].split()) == told
        starts = is_whole or draft.texts[place].lstrip().startswith(told[:40])
        ends = is_whole or draft.texts[place].rstrip().endswith(told[-40:])
        shown = (
            *([] if starts else [Piece("… ", is_found=False)]),
            *shown,
            *([] if ends else [Piece(" …", is_found=False)]),
        )
    marked = _pieces(title) if draft.is_marked else (Piece(draft.title, is_found=False),)
    return Snippet(
        draft.labels[0 if place is None else place + 1] if len(draft.labels) > 1 else draft.labels[0],
        marked, draft.url, shown, draft.date, draft.iso, draft.court, draft.accent,
    )  # fmt: skip


def _pieces(line: str) -> tuple[Piece, ...]:
    """A line that the database marked, in pieces: every other one is found."""
    parts = re.split(f"[{_START}{_STOP}]", " ".join(line.split()))
    return tuple(Piece(part, is_found=bool(place % 2)) for place, part in enumerate(parts) if part)
