"""A line of a docket from what was copied to what a form can be filled in with."""

from __future__ import annotations

import re

from casetracker.docket_lines import naming
from casetracker.docket_lines.columns import cut
from casetracker.docket_lines.kinds import form_of, kind_of, outcome_of, speaks_of_an_effect
from casetracker.docket_lines.line import Columns, DocketLine, Doubt
from casetracker.docket_lines.titles import proposed

_SIGNED_ON = re.compile(
    r"\bsigned\b[^()]{0,120}? on (?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2,4})", re.IGNORECASE
)

# Nothing of interest stands further on in one line, and a page that was pasted whole must not cost seconds.
_LONGEST = 4_000


def read(pasted: str) -> DocketLine:
    """Take the first line in `pasted` apart. Any text is read; of one that is no line of a docket little is found."""
    return told(cut(pasted[:60_000]))


def told(columns: Columns) -> DocketLine:
    """What the text of a line says whose columns are known, as from a file; the doubts are about these too."""
    text = columns.text[:_LONGEST]
    doubts = []
    kind, doubt = kind_of(text)
    doubts += [doubt] if doubt else []
    form = outcome = ""
    if kind == "ruling":
        form = form_of(text)
        outcome, doubt = outcome_of(text)
        doubts += [] if form else [Doubt.NO_FORM]
        doubts += [doubt] if doubt else []
        doubts += [Doubt.EFFECT_ON_A_RULING] if speaks_of_an_effect(text) else []
    signatures, is_for_a_judge = naming.signatures(text) if kind in {"ruling", ""} else ((), False)
    doubts += [Doubt.SIGNED_FOR_A_JUDGE] if is_for_a_judge else []
    doubts += _of_the_columns(columns, text)
    number = columns.number if len(columns.number.partition("-")[0]) <= _LONGEST_NUMBER else ""
    title, is_cut = proposed(text)
    doubts += [Doubt.TITLE_CUT] if is_cut else []
    return DocketLine(
        filed=columns.filed,
        entered=columns.entered,
        number=number,
        text=columns.text,
        kind=kind,
        form=form,
        outcome=outcome,
        signatures=signatures,
        answers=naming.answers(text, number),
        title=title,
        doubts=tuple(doubts),
    )


# A longer one is the key of a document in the court's program, and nobody cites it.
_LONGEST_NUMBER = 6


def _of_the_columns(columns: Columns, text: str) -> list[Doubt]:
    doubts = []
    if columns.filed is None:
        doubts.append(Doubt.NO_DATE)
    elif (found := _SIGNED_ON.search(text)) and not _is_day(found, columns):
        doubts.append(Doubt.SIGNED_ON_ANOTHER_DAY)
    if not columns.number:
        doubts.append(Doubt.NO_NUMBER)
    elif len(columns.number.partition("-")[0]) > _LONGEST_NUMBER:
        doubts.append(Doubt.NUMBER_OF_THE_PROGRAM)
    return [*doubts, Doubt.MORE_LINES] if columns.others else doubts


def _is_day(found: re.Match[str], columns: Columns) -> bool:
    day = columns.filed
    return day is not None and (int(found["month"]), int(found["day"]), int(found["year"]) % 100) == (
        day.month,
        day.day,
        day.year % 100,
    )
