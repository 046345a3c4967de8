"""
How an entry is cited in the form of American legal writing (the Bluebook's), as far as the record tells.

A reported ruling goes by its reports, any other document by caption, number, court, date and number on the docket. What
is not recorded is left out and never guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import override

from .dates import Form, UncertainDate
from .models import Court, DocketEntry, Event, Level, RulingForm, System
from .models.proceedings import main_number

_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
# Data bases that number what they hold: cited together with the docket number and the full date.
_DATABASE = re.compile(r"\b(?:WL|LEXIS)\b")
# Neutral citations name court and year themselves: [2019] UKSC 41.
_NEUTRAL = re.compile(r"\[\d{4}\]")
_SUPREME_COURT_REPORTS = re.compile(r"\b(?:U\.S\.|S\. Ct\.|L\. Ed\.)")


@dataclass(frozen=True, slots=True)
class Docketed:
    """Where a document stands: the caption of the proceeding, its main number and the number on the docket."""

    caption: str
    number: str
    entry: str


@dataclass(frozen=True, slots=True)
class Citation:
    """In three pieces, so that a page can set the name of the case in italics."""

    before: str
    name: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.name}{self.after}"


def dockets_of(event: Event) -> list[Docketed]:
    """The dockets on which a public entry stands, in their order. One query."""
    rows = (
        DocketEntry.objects.public()
        .filter(event=event)
        .annotate(main=main_number("proceeding"))
        .order_by("proceeding__display_order", "position", "pk")
        .values_list("proceeding__caption", "main", "number")
    )
    return [Docketed(caption, number or "", entry) for caption, number, entry in rows]


def cite(event: Event, dockets: Sequence[Docketed], citations: Sequence[str]) -> Citation | None:
    """
    The citation of what happened in court; None for what happened elsewhere. Without a docket the case's name stands
    for the caption.
    """
    court, date = event.court, event.date
    if court is None or date is None:
        return None
    name = dockets[0].caption if dockets else event.case.name
    neutral = [text for text in citations if _NEUTRAL.match(text)]
    if neutral:
        return Citation("", name, f" {', '.join(neutral)}")
    reports = [text for text in citations if not _DATABASE.search(text)]
    databases = [text for text in citations if _DATABASE.search(text)]
    if reports:
        place = "" if _names_its_court(reports, court) else f"{_court(court)} "
        return Citation("", name, f", {', '.join([*reports, *databases])} ({place}{_year(date)})")
    number = _numbers(dockets)
    where = f"({_court(court)} {_day(date)})"
    if databases:
        parts = ", ".join(part for part in (number, *databases) if part)
        return Citation("", name, f", {parts} {where}")
    return Citation(f"{_document(event)}, ", name, f"{f', {number}' if number else ''} {where}{_place(dockets, court)}")


def _document(event: Event) -> str:
    if not event.is_ruling:
        return event.title
    # The form of a citation is English wherever it is read.
    with override("en"):
        return "Decision" if event.form == RulingForm.OTHER else event.get_form_display()


def _court(court: Court) -> str:
    return court.citation or court.short_name


def _names_its_court(reports: Sequence[str], court: Court) -> bool:
    """Whether the name of a report says which court decided: the highest of a nation or a state."""
    if court.level != Level.SUPREME:
        return False
    if court.system == System.FEDERAL:
        return any(_SUPREME_COURT_REPORTS.search(text) for text in reports)
    return bool(court.citation) and any(re.search(rf"\b{re.escape(court.citation)} \d", text) for text in reports)


def _numbers(dockets: Sequence[Docketed]) -> str:
    """ "No. 24A949", or "Nos. 1, 2" of a document that stands on several dockets."""
    found = dict.fromkeys(re.sub(r"^Nos?\.\s*", "", docket.number) for docket in dockets if docket.number)
    if not found:
        return ""
    return f"No{'s' if len(found) > 1 else ''}. {', '.join(found)}"


def _place(dockets: Sequence[Docketed], court: Court) -> str:
    """The number on the one docket, which the federal trial and appeal courts call ECF."""
    is_electronic = court.system == System.FEDERAL and court.level in {Level.TRIAL, Level.APPELLATE}
    if len(dockets) != 1 or not dockets[0].entry or not is_electronic:
        return ""
    return f", ECF No. {dockets[0].entry}"


def _day(date: UncertainDate) -> str:
    """ "Apr. 4, 2025", "Apr. 2025" or "2025"; what is less certain, in words."""
    point = date.first
    if date.form is not Form.ON or date.circa or point is None:
        return date.words
    if point.month is None:
        return str(point.year)
    day = f" {point.day}," if point.day is not None else ""
    return f"{_MONTHS[point.month - 1]}{day} {point.year}"


def _year(date: UncertainDate) -> str:
    """The year; of what is less certain than that, the date in words."""
    ends = {point.year for point in (date.first, date.last) if point is not None}
    is_known = date.form in {Form.ON, Form.SPAN, Form.BETWEEN} and len(ends) == 1 and not date.circa
    return str(ends.pop()) if is_known else date.words
