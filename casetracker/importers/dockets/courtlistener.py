"""
CourtListener: saved pages of its REST interface (version 4), and the docket.json that it puts on the Internet Archive.

A page of entries or parties names its docket by an address only; what such pages hold is part of a docket without court
and number, and `joined` puts the parts of one docket together.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .juriscraper_json import firm_of, with_firms
from .records import Attachment, Counsel, Docket, DocketError, Entry, Litigant, Origin, Sitting
from .values import count_of, date_of, object_of, objects_of, text_of

_KEY = re.compile(r"/dockets/(\d{1,12})/?$")
_FILES = "https://storage.courtlistener.com/"
_SITE = "https://www.courtlistener.com"
# What CourtListener writes for the part that an attorney has (its numbers 1 to 10).
# Of an entry: on appellate dockets it is a key of up to 19 digits.
_LONGEST_NUMBER = 20
_ROLES = {
    1: "ATTORNEY TO BE NOTICED",
    2: "LEAD ATTORNEY",
    3: "ATTORNEY IN SEALED GROUP",
    4: "PRO HAC VICE",
    5: "SELF-TERMINATED",
    6: "TERMINATED",
    7: "SUSPENDED",
    8: "INACTIVE",
    9: "DISBARRED",
}


def is_one(value: Any) -> bool:
    """Whether a parsed JSON is a page, a docket, an entry or a party of CourtListener."""
    if not isinstance(value, Mapping):
        return False
    if "results" in value and ("next" in value or "count" in value):
        return True
    return (
        ("docket_number" in value and ("resource_uri" in value or "absolute_url" in value or "date_modified" in value))
        or "recap_documents" in value
        or "party_types" in value
    )


def read(value: Mapping[str, Any], court: str) -> list[Docket]:
    """The dockets, and parts of dockets, of one page. Raises `DocketError`; one that is blocked there is refused."""
    if "results" in value:
        found: list[Docket] = []
        for each, place in objects_of(value["results"], "results"):
            found += _of_object(each, court, place)
        return joined(found)
    return joined(_of_object(value, court, ""))


def _of_object(value: Mapping[str, Any], court: str, place: str) -> list[Docket]:
    if "recap_documents" in value:
        key = _key(value.get("docket"), place)
        return [Docket("", "", courtlistener=key, entries=tuple(_entries(value, place)), is_part=True)]
    if "party_types" in value:
        return [
            Docket("", "", courtlistener=key, litigants=litigants, is_part=True)
            for key, litigants in _litigants(value, place).items()
        ]
    if "docket_number" in value:
        return [_docket(value, court, place)]
    raise DocketError("This is no docket, entry or party of CourtListener. Save the page again.", place)


def _docket(value: Mapping[str, Any], court: str, place: str) -> Docket:
    if value.get("blocked"):
        raise DocketError(
            "CourtListener keeps this docket from search engines, mostly to protect a person, so it is not imported. "
            "Enter by hand what readers need.",
            place,
        )
    entries: list[Entry] = []
    for each, where in objects_of(value.get("docket_entries"), _at(place, "docket_entries")):
        entries += _entries(each, where)
    litigants: list[Litigant] = []
    for each, where in objects_of(value.get("parties"), _at(place, "parties")):
        litigants += [row for rows in _litigants(each, where).values() for row in rows]
    judges = [
        Sitting(name, role)
        for key, role in (("assigned_to_str", "assigned"), ("referred_to_str", "referred"))
        if (name := text_of(value.get(key), _at(place, key)))
    ]
    panel = text_of(value.get("panel_str"), _at(place, "panel_str"))
    judges += [Sitting(name.strip(), "panel") for name in re.split(r"[;,]| and ", panel) if name.strip()]
    # The court is a key, the address of one, or in `court_id` again a key.
    said = text_of(value.get("court_id") or value.get("court"), _at(place, "court")).rstrip("/").rpartition("/")[2]
    return Docket(
        court=said or court,
        number=text_of(value.get("docket_number"), _at(place, "docket_number")),
        name=text_of(value.get("case_name") or value.get("case_name_full"), _at(place, "case_name")),
        filed=date_of(value.get("date_filed"), _at(place, "date_filed")),
        terminated=date_of(value.get("date_terminated"), _at(place, "date_terminated")),
        nature=text_of(value.get("nature_of_suit"), _at(place, "nature_of_suit")),
        judges=tuple(judges),
        litigants=with_firms(litigants),
        entries=tuple(entries),
        origins=tuple(_origins(value, place)),
        courtlistener=text_of(value.get("id"), _at(place, "id")),
        pacer=text_of(value.get("pacer_case_id"), _at(place, "pacer_case_id")),
        is_part="docket_entries" not in value,
    )


def _origins(value: Mapping[str, Any], place: str) -> Iterator[Origin]:
    name = text_of(value.get("appeal_from_str"), _at(place, "appeal_from_str"))
    below = value.get("original_court_info")
    number = ""
    if isinstance(below, Mapping):
        number = text_of(below.get("docket_number"), _at(place, "original_court_info"))
    key = value.get("appeal_from")
    court = key.rstrip("/").rpartition("/")[2] if isinstance(key, str) else ""
    if court or name or number:
        yield Origin(court=court, court_name=name, number=number)


def _entries(value: Mapping[str, Any], place: str) -> Iterator[Entry]:
    documents = [
        (object_of(each, where), where)
        for each, where in objects_of(value.get("recap_documents"), _at(place, "recap_documents"))
    ]
    # What a sealed document is called is nobody's to read.
    texts = [text_of(each.get("description"), where) for each, where in documents if not each.get("is_sealed")]
    yield Entry(
        filed=date_of(value.get("date_filed"), _at(place, "date_filed")),
        number=text_of(value.get("entry_number"), _at(place, "entry_number")),
        text=text_of(value.get("description"), _at(place, "description")),
        short_text=texts[0] if texts else "",
        sequence=text_of(value.get("pacer_sequence_number"), _at(place, "pacer_sequence_number")),
        attachments=tuple(_attachment(each, where) for each, where in documents),
        rank=text_of(value.get("recap_sequence_number"), _at(place, "recap_sequence_number")),
        place=place,
    )


def _attachment(value: Mapping[str, Any], place: str) -> Attachment:
    """With the address of the file, else of the page that says how it is had."""
    path = text_of(value.get("filepath_local"), place) if value.get("is_available") else ""
    page = text_of(value.get("absolute_url"), place)
    return Attachment(
        number=text_of(value.get("attachment_number"), place),
        text=text_of(value.get("description"), place),
        address=f"{_FILES}{path}" if path else f"{_SITE}{page}" if page.startswith("/") else page,
        pages=count_of(value.get("page_count")),
        is_sealed=bool(value.get("is_sealed")),
        size=count_of(value.get("file_size")),
    )


def _litigants(value: Mapping[str, Any], place: str) -> dict[str, tuple[Litigant, ...]]:
    """The roles of a party by docket; a page that was not filtered has those on other dockets too."""
    name = text_of(value.get("name"), _at(place, "name"))
    counsel: dict[str, list[Counsel]] = defaultdict(list)
    for each, where in objects_of(value.get("attorneys"), _at(place, "attorneys")):
        if who := _counsel(each, where):
            counsel[_key(each.get("docket"), where, each.get("docket_id"))].append(who)
    found: dict[str, list[Litigant]] = defaultdict(list)
    for each, where in objects_of(value.get("party_types"), _at(place, "party_types")):
        key = _key(each.get("docket"), where, each.get("docket_id"))
        found[key].append(
            Litigant(
                name=name,
                role=text_of(each.get("name"), where),
                note=text_of(each.get("extra_info"), where),
                terminated=date_of(each.get("date_terminated"), where),
                counsel=tuple(counsel.get(key, ())),
            )
        )
    return {key: tuple(rows) for key, rows in found.items()}


def _counsel(value: Mapping[str, Any], place: str) -> Counsel | None:
    """Nested in full in the docket.json; on a REST page only an address stands there, which names nobody."""
    nested = value.get("attorney")
    person: Mapping[str, Any] = nested if isinstance(nested, Mapping) else value
    name = text_of(person.get("name"), place)
    if not name:
        return None
    contact = person.get("contact_raw") or person.get("contact")
    first = contact.strip().split("\n")[0] if isinstance(contact, str) else ""
    role = value.get("role")
    said = _ROLES.get(role, "") if isinstance(role, int) else text_of(role, place)
    has_ended = "TERMINATED" in said.upper()
    return Counsel(
        name=name,
        firm=firm_of(first.strip()),
        roles=(said,) if said else (),
        terminated=date_of(value.get("date_action"), _at(place, "date_action")) if has_ended else None,
    )


def _key(address: object, place: str, other: object = None) -> str:
    if isinstance(address, str) and (found := _KEY.search(address)):
        return found[1]
    for each in (address, other):
        if isinstance(each, int):
            return str(each)
    if address is None and other is None:
        return ""
    raise DocketError("docket does not name one as CourtListener does: .../dockets/123/.", place)


def _at(place: str, name: str) -> str:
    return f"{place}: {name}" if place else name


def joined(dockets: Iterable[Docket]) -> list[Docket]:
    """Parts of one docket of CourtListener as one docket; all others as they are, in their order."""
    found: dict[object, Docket] = {}
    for each in dockets:
        key: object = each.courtlistener or object()
        before = found.get(key)
        found[key] = each if before is None else _together(before, each)
    return [replace(each, entries=_in_their_order(each.entries)) for each in found.values()]


def _in_their_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """In the order that CourtListener itself gives its lines, however the pages have them, if it says so of all."""
    if not all(each.rank for each in entries):
        return entries
    return tuple(sorted(entries, key=lambda each: (each.rank, each.number.zfill(_LONGEST_NUMBER))))


def _together(one: Docket, other: Docket) -> Docket:
    main, part = (other, one) if other.court and not one.court else (one, other)
    litigants = [*one.litigants, *(each for each in other.litigants if each not in one.litigants)]
    entries = [*one.entries, *(each for each in other.entries if each not in one.entries)]
    return replace(
        main,
        litigants=tuple(litigants),
        entries=tuple(entries),
        judges=main.judges or part.judges,
        # Whether all pages are here cannot be seen from them.
        is_part=True,
    )
