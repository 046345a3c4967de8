"""
What juriscraper makes of a docket, as it writes it to JSON; its readers of web pages hand us the same.

District, bankruptcy and appellate courts, the Internet Archive's XML and the Supreme Court share these names, each with
some of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from casetracker.dates import UncertainDate

from .records import Attachment, Counsel, Docket, Entry, Litigant, Origin, Sitting
from .values import count_of, date_of, object_of, objects_of, text_of
from .which_court import document_address

_SEE_ABOVE = "(See above"
_TERMINATED = re.compile(r"TERMINATED: (\d{1,2}/\d{1,2}/\d{4})")
# A line of an attorney's address that is no firm: the street, the town, the telephone.
_NO_FIRM = re.compile(
    r"^\d|\d{5}|^(?:p\.? ?o\.? box|suite|ste\b|room|floor|email|fax|phone|direct|tel)|@|\(\d{3}\)|^[A-Z]{2}$", re.I
)


def is_one(value: Any) -> bool:
    """Whether a parsed JSON has the shape."""
    return isinstance(value, Mapping) and "docket_entries" in value and "docket_number" in value


def read(value: Mapping[str, Any], court: str) -> Docket:
    """A docket from the dictionary. `court` is used where it names none itself. Raises `DocketError`."""
    court = text_of(value.get("court_id"), "court_id") or court or ("scotus" if "lower_court" in value else "")
    return Docket(
        court=court,
        number=text_of(value.get("docket_number"), "docket_number"),
        name=text_of(value.get("case_name"), "case_name"),
        filed=date_of(value.get("date_filed"), "date_filed"),
        terminated=date_of(value.get("date_terminated"), "date_terminated"),
        nature=text_of(value.get("nature_of_suit"), "nature_of_suit"),
        judges=tuple(_judges(value)),
        litigants=with_firms(_litigant(*each) for each in objects_of(value.get("parties"), "parties")),
        entries=tuple(_entry(court, *each) for each in objects_of(value.get("docket_entries"), "docket_entries")),
        origins=tuple(_origins(value)),
        pacer=text_of(value.get("pacer_case_id"), "pacer_case_id"),
    )


def _judges(value: Mapping[str, Any]) -> Iterator[Sitting]:
    for key, role in (("assigned_to_str", "assigned"), ("referred_to_str", "referred")):
        if name := text_of(value.get(key), key):
            yield Sitting(name, role)
    for name in value.get("panel") or ():
        yield Sitting(text_of(name, "panel"), "panel")


def _litigant(value: Mapping[str, Any], place: str) -> Litigant:
    note = text_of(value.get("extra_info"), place)
    return Litigant(
        name=text_of(value.get("name"), place),
        role=text_of(value.get("type"), place),
        note=note,
        terminated=date_of(value.get("date_terminated"), place) or terminated_in(note, place),
        counsel=tuple(_counsel(*each) for each in objects_of(value.get("attorneys"), f"{place}: attorneys")),
    )


def _counsel(value: Mapping[str, Any], place: str) -> Counsel:
    contact = value.get("contact")
    first = contact.strip().split("\n")[0].strip() if isinstance(contact, str) else ""
    roles = tuple(text_of(role, place) for role in value.get("roles") or ())
    return Counsel(
        name=text_of(value.get("name"), place),
        firm=firm_of(first) or text_of(value.get("title"), place),
        roles=roles,
        terminated=terminated_in(" ".join(roles), place),
    )


def terminated_in(note: str, place: str) -> UncertainDate | None:
    """The day on which the part of a party or of its counsel ended, where what stands beside the name says so."""
    found = _TERMINATED.search(note)
    return date_of(found[1], place) if found else None


def with_firms(litigants: Iterable[Litigant]) -> tuple[Litigant, ...]:
    """With the firm of each attorney whose address is "(See above for address)", from where it stands in full."""
    rows = tuple(litigants)
    firms = {who.name: who.firm for row in rows for who in row.counsel if not who.firm.startswith(_SEE_ABOVE)}
    return tuple(
        replace(
            row,
            counsel=tuple(
                replace(who, firm=firms.get(who.name, "")) if who.firm.startswith(_SEE_ABOVE) else who
                for who in row.counsel
            ),
        )
        for row in rows
    )


def firm_of(line: str) -> str:
    """The first line of an address, if it names a firm or an office."""
    return "" if _NO_FIRM.search(line) else " ".join(line.split())


def _entry(court: str, value: Mapping[str, Any], place: str) -> Entry:
    attachments = [_attachment(court, *each) for each in objects_of(value.get("attachments"), f"{place}: attachments")]
    # The main document is the entry's own; the pages of some courts count it among the attachments.
    if (main := _attachment(court, value, place, main=True)).address and main.address not in {
        each.address for each in attachments
    }:
        attachments.insert(0, main)
    return Entry(
        filed=date_of(value.get("date_filed"), f"{place}: date_filed"),
        entered=date_of(value.get("date_entered"), f"{place}: date_entered"),
        number=text_of(value.get("document_number"), f"{place}: document_number"),
        text=text_of(value.get("description"), f"{place}: description"),
        short_text=text_of(value.get("short_description"), f"{place}: short_description"),
        sequence=text_of(value.get("pacer_seq_no"), f"{place}: pacer_seq_no"),
        attachments=tuple(attachments),
        place=place,
    )


def _attachment(court: str, value: Mapping[str, Any], place: str, *, main: bool = False) -> Attachment:
    address = text_of(value.get("document_url"), place)
    return Attachment(
        number="" if main else text_of(value.get("attachment_number"), place),
        text="" if main else text_of(value.get("description"), place),
        address=address or document_address(court, value.get("pacer_doc_id")),
        pages=count_of(value.get("page_count")),
        is_sealed=bool(value.get("is_sealed")),
        size=count_of(value.get("file_size_bytes")),
    )


def _origins(value: Mapping[str, Any]) -> Iterator[Origin]:
    if said := value.get("originating_court_information"):
        below = object_of(said, "originating_court_information")
        number = text_of(below.get("docket_number"), "originating_court_information: docket_number")
        yield Origin(
            court=text_of(below.get("court_id"), "originating_court_information: court_id"),
            court_name=text_of(value.get("appeal_from"), "appeal_from"),
            number=number,
        )
    elif name := text_of(value.get("appeal_from"), "appeal_from"):
        yield Origin(court_name=name)
    if name := text_of(value.get("lower_court"), "lower_court"):
        for number in value.get("lower_court_case_numbers") or [""]:
            yield Origin(court_name=name, number=text_of(number, "lower_court_case_numbers"))
