"""Which part of what was copied is the date, which the entry number, and where the text begins."""

from __future__ import annotations

import re
from datetime import date

from casetracker.docket_lines.line import Columns

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = (
    r"(?:(?P<us>\d{1,2}/\d{1,2}/\d{4})|(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<named>{_MONTH} \d{{1,2}},? \d{{4}})|(?P<day_first>\d{{1,2}} {_MONTH} \d{{4}}))"
)
_TIME = r"(?:,? \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?)?"

_LEADING_DATE = re.compile(rf"{_DATE}{_TIME}(?![\w/])", re.IGNORECASE)
_LEADING_NUMBER = re.compile(
    r"(?:(?:ecf|doc|dkt|docket|no|#)\.?[ #]{0,2}){0,3}(?P<number>\d{1,15}(?:[-.]\d{1,3})?)(?=[\s|])", re.IGNORECASE
)
_BRACKETED_NUMBER = re.compile(r"\[(?P<number>\d{1,11})\](?=\s)")
# What is counted is no entry number: "14 day notice", and neither is the size of a file: "6 pg, 17.64 KB".
_COUNTED = re.compile(r"\d{1,3} (?:days?|counts?|pages?|copies|hours?|volumes?)\b", re.IGNORECASE)
_SIZE = re.compile(r"\(?\d{1,5} (?:pgs?|pages?)\.?(?:, ?[\d.,]{1,9} ?[KMG]?B)?\)?", re.IGNORECASE)
_BETWEEN = " \t|:·•–—-\n"

# Words of the web page around the text, each on a line of its own. From "Main Document" on a docket page of
# CourtListener repeats the entry in short and offers its files.
_TEXT_ENDS = re.compile(
    r"^(?:main ?doc(?:ument)?|att(?:achment)?\.? ?\d{1,4}|buy on pacer|download pdf)\b.*", re.IGNORECASE
)
_OF_THE_PAGE = re.compile(
    r"(?:date filed|document number|docket text|description|entry|#|filed|"
    r"docket|view|pdf|from pacer|select all.*|expand)",
    re.IGNORECASE,
)
_NEXT_LINE = re.compile(
    rf"(?:(?:\d{{1,11}}[\t ]{{1,3}})?{_DATE}{_TIME})(?P<gap>[ \t|]{{1,4}})(?P<rest>.?)", re.IGNORECASE
)


def cut(pasted: str) -> Columns:
    """
    The columns of the first line in `pasted`, which may be broken into several: separated by tabs, bars, line breaks or
    spaces, the date or the number first. A text without either is all text.
    """
    lines = _lines(pasted)
    first, others = _first(lines)
    rest = "\n".join(first)
    filed = entered = None
    number = ""
    dates = 0
    for _ in range(8):
        rest = rest.lstrip(_BETWEEN)
        if found := _SIZE.match(rest):
            rest = rest[found.end() :]
        elif dates < 2 and (found := _LEADING_DATE.match(rest)):
            filed, entered = (_day(found), None) if dates == 0 else (filed, _day(found))
            dates += 1
            rest = rest[found.end() :]
        elif (
            not number
            and not _COUNTED.match(rest)
            and (found := _BRACKETED_NUMBER.match(rest) or _LEADING_NUMBER.match(rest))
        ):
            number = found.group("number")
            rest = rest[found.end() :]
        else:
            break
    text = re.sub(r"[ \t]+", " ", rest.replace("\n", " ")).strip(" |")
    return Columns(filed, entered if entered is not None else _entered(text), number, text, others)


def _lines(pasted: str) -> list[str]:
    """Without what cannot be seen and what belongs to the page around."""
    plain = pasted.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n")
    return [line for line in plain.split("\n") if line.strip() and not _is_of_the_page(line)]


def _is_of_the_page(line: str) -> bool:
    return all(_OF_THE_PAGE.fullmatch(cell.strip()) for cell in line.split("\t") if cell.strip())


_INVISIBLE = {
    **dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}"), " "),
    **dict.fromkeys(
        map(ord, "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}\x00"), None
    ),
    ord("\N{LINE SEPARATOR}"): "\n",
    ord("\N{PARAGRAPH SEPARATOR}"): "\n",
}


def _first(lines: list[str]) -> tuple[list[str], int]:
    """Of several entries that were copied together the lines of the first, and how many others there are."""
    kept: list[str] = []
    others = 0
    is_over = text_before = False
    for line in lines:
        if text_before and _begins_another(line.strip(), kept[-1]):
            others += 1
            is_over = True
        elif is_over or (text_before and _TEXT_ENDS.fullmatch(line.strip())):
            is_over = True
        else:
            kept.append(line)
            text_before = text_before or re.search(r"[A-Za-z]{3}", _LEADING_DATE.sub("", line)) is not None
    return kept, others


def _begins_another(line: str, before: str) -> bool:
    """
    Whether an entry of its own begins here, and not a date in the middle of a sentence that was broken over two lines.
    """
    found = _NEXT_LINE.match(line)
    if found is None or not found.group("rest"):
        return False
    return "\t" in found.group("gap") or found.group("rest").isdigit() or before.rstrip()[-1:] in ".)]"


def _day(found: re.Match[str]) -> date | None:
    """The day that was found, month first in figures, as American dockets have it; None if it is none."""
    try:
        if text := found.group("us"):
            month, day, year = map(int, text.split("/"))
        elif text := found.group("iso"):
            year, month, day = map(int, text.split("-"))
        elif text := found.group("named"):
            name, day_text, year_text = text.replace(",", " ").split()
            month, day, year = _MONTHS[name[:3].lower()], int(day_text), int(year_text)
        else:
            day_text, name, year_text = found.group("day_first").split()
            month, day, year = _MONTHS[name[:3].lower()], int(day_text), int(year_text)
        return date(year, month, day) if 1000 <= year <= 2199 else None
    except (ValueError, KeyError):
        return None


_ENTERED = re.compile(rf"[(\[]\s?Entered:? {_DATE}", re.IGNORECASE)


def _entered(text: str) -> date | None:
    """When it was entered, where the text itself ends in that: "(Entered: 04/11/2025)"."""
    found = list(_ENTERED.finditer(text))
    return _day(found[-1]) if found else None
