"""What is to be mended, as lines that lead to where it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from casetracker import quality
from casetracker.models import Case, Event, State

from .screens import entry_screen, screen_of
from .shown import as_text


@dataclass(frozen=True, slots=True)
class Line:
    """`link` leads to `url`; `text` follows it."""

    link: str
    url: str
    text: str | Promise
    blocks: bool


def of_case(case: Case, *, is_here: bool, has_lists: bool = True) -> list[Line]:
    """
    What is open in the case: one line for each kind of fault, leading to the row, or to the list of several. `is_here`
    as in `of_entry`; without `has_lists` the several are looked for on the timeline of the case.
    """
    return [_line_of_case(finding, case, is_here=is_here, has_lists=has_lists) for finding in quality.of_case(case.pk)]


def _line_of_case(finding: quality.Finding, case: Case, *, is_here: bool, has_lists: bool) -> Line:
    check = finding.check
    if finding.entry is not None:
        entry = finding.entry
        name = f"{entry.title}, {entry.date.words}" if entry.date else entry.title
        return Line(name, f"{entry_screen(entry)}#{check.part}", check.sentence, finding.blocks)
    if check.model is Case:
        return Line(str(check.sentence), f"{'' if is_here else screen_of(case)}#{check.part}", "", finding.blocks)
    address = f"{reverse('admin:quality_list', args=[check.name])}?case={case.pk}"
    if not has_lists:
        address = f"{'' if is_here else screen_of(case)}#timeline"
    return Line(str(check.counted % {"count": finding.count}), address, "", finding.blocks)


def of_entry(entry: Event, *, is_here: bool) -> list[Line]:
    """What is open in the entry. On its own screen, `is_here`, a link leaves nothing that was typed behind."""
    start = "" if is_here else entry_screen(entry)
    lines = [
        Line(str(finding.check.sentence), f"{start}#{finding.check.part}", "", finding.blocks)
        for finding in quality.of_entry(entry)
    ]
    if not entry.case.is_published_now:
        text = _("Its case is not published: readers see the entry when the case is.")
        lines.append(Line(text, screen_of(entry.case), "", blocks=False))
    return lines


@dataclass(frozen=True, slots=True)
class Release:
    """
    The entries of a case that are not published yet: those that can go out, and those in whose way something stands,
    with what that is.
    """

    ready: list[Event]
    held: list[tuple[Event, list[Any]]]

    @property
    def shown(self) -> str:
        """Keys and versions, as the form of the act sends them back."""
        return as_text(self.ready)

    @property
    def waiting(self) -> list[Event]:
        """Those among the ready whose review is not done."""
        return [entry for entry in self.ready if entry.state == State.IN_REVIEW]


def release(case: Case, *, on: Any) -> Release:
    """In two queries, however many entries there are."""
    entries: Iterable[Event] = (
        Event.objects.filter(case=case, state__in=[State.DRAFT, State.IN_REVIEW])
        .select_related("court", "reviewer")
        .defer("summary", "note", "holding", "state_reason", "search")
        .in_order()
    )
    rows = list(entries)
    blocked = quality.blocked([entry.pk for entry in rows], on=on)
    return Release(
        ready=[entry for entry in rows if entry.pk not in blocked],
        held=[(entry, blocked[entry.pk]) for entry in rows if entry.pk in blocked],
    )
