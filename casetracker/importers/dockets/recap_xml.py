"""
The docket.xml of RECAP on the Internet Archive.

Each `document` is a file: attachments follow the main document of their entry. What the type declaration names is
never fetched, and a file that declares an entity is refused before it can be expanded.
"""

import re
from xml.parsers import expat

from casetracker.dates import UncertainDate

from .juriscraper_json import firm_of, terminated_in, with_firms
from .records import Attachment, Counsel, Docket, DocketError, Entry, Litigant, Sitting
from .values import count_of, date_of, text_of
from .which_court import document_address

_ROOT = "gov_uscourts_docket"
_DEEPEST = 12


class _Node:
    """An element: what it holds by name, its attributes and the line where it begins."""

    __slots__ = ("attributes", "children", "line", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.children: list[_Node] = []
        self.parts: list[str] = []

    @property
    def place(self) -> str:
        return f"line {self.line}"

    def all(self, *path: str) -> "list[_Node]":
        nodes = [self]
        for name in path:
            nodes = [child for node in nodes for child in node.children if child.name == name]
        return nodes

    def raw(self, name: str) -> str:
        found = self.all(name)
        return "".join(found[0].parts).strip() if found else ""

    def text(self, name: str) -> str:
        return text_of(self.raw(name), self.place)


def is_one(text: str) -> bool:
    return f"<{_ROOT}" in text[:2000]


def read(data: bytes, court: str) -> Docket:
    """The docket. Raises `DocketError` that names the line."""
    root = _tree(data)
    details = root.all("case_details")
    if root.name != _ROOT or not details:
        raise DocketError("This is XML, and no docket of RECAP: it has no case_details. Give docket.xml.")
    case = details[0]
    judges = [
        Sitting(name, role)
        for key, role in (("assigned_to", "assigned"), ("referred_to", "referred"))
        if (name := case.text(key))
    ]
    of = case.text("court") or court
    return Docket(
        court=of,
        number=case.text("docket_num"),
        name=case.text("case_name"),
        filed=_date(case, "date_case_filed"),
        terminated=_date(case, "date_case_terminated"),
        nature=case.text("nature_of_suit"),
        judges=tuple(judges),
        litigants=with_firms(_litigant(node) for node in root.all("party_list", "party") if node.text("name")),
        entries=tuple(_entries(root.all("document_list", "document"), of, case.text("pacer_case_num"))),
        pacer=case.text("pacer_case_num"),
    )


def _date(node: _Node, name: str) -> UncertainDate | None:
    written = node.raw(name)
    # What the uploading program wrote where it knew none.
    return None if written.startswith("0000") else date_of(written, node.place)


def _litigant(node: _Node) -> Litigant:
    return Litigant(
        name=node.text("name"),
        role=node.text("type"),
        note=node.text("extra_info"),
        terminated=_date(node, "date_terminated") or terminated_in(node.text("extra_info"), node.place),
        counsel=tuple(_counsel(each) for each in node.all("attorney_list", "attorney")),
    )


def _counsel(node: _Node) -> Counsel:
    roles = tuple(role.strip() for role in node.raw("attorney_role").split("\n") if role.strip())
    return Counsel(
        name=node.text("attorney_name"),
        firm=firm_of(node.raw("contact").split("\n")[0].strip()),
        roles=roles,
        terminated=terminated_in(" ".join(roles), node.place),
    )


def _entries(nodes: list[_Node], court: str, case: str) -> list[Entry]:
    """An entry for each main document, with the attachments that name its number."""
    attachments: dict[str, list[Attachment]] = {}
    for node in nodes:
        number = node.attributes.get("doc_num", "").strip()
        attachments.setdefault(number, []).append(_attachment(node, number, court, case))
    found = []
    for node in nodes:
        number = node.attributes.get("doc_num", "").strip()
        if node.attributes.get("attachment_num", "0") == "0":
            # A main document of which nothing is known is the entry itself.
            own = _attachment(node, number, court, case)
            others = [each for each in attachments.get(number, ()) if each.number]
            found.append(
                Entry(
                    filed=_date(node, "date_filed"),
                    entered=_date(node, "date_entered"),
                    number=number,
                    text=node.text("long_desc"),
                    short_text=node.text("short_desc"),
                    sequence=node.text("pacer_de_seq_num"),
                    attachments=tuple([own, *others] if own.address else others),
                    place=node.place,
                )
            )
    return found


def _attachment(node: _Node, number: str, court: str, case: str) -> Attachment:
    """With the address of the file at the Internet Archive where it is there, else at the court."""
    which = node.attributes.get("attachment_num", "0")
    item = f"gov.uscourts.{court}.{case}"
    there = node.raw("available") == "1" and re.fullmatch(r"[a-z0-9.]+", item) and number.isdigit()
    address = f"https://archive.org/download/{item}/{item}.{number}.{which}.pdf" if there else ""
    return Attachment(
        number="" if which == "0" else which,
        text="" if which == "0" else node.text("long_desc") or node.text("short_desc"),
        address=address or document_address(court, node.raw("pacer_doc_id")),
        pages=count_of(int(said) if (said := node.raw("page_count")).isdigit() and len(said) < 9 else None),
    )


def _tree(data: bytes) -> _Node:
    parser = expat.ParserCreate()
    root = _Node("", {}, 0)
    open_nodes = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_nodes) > _DEEPEST:
            raise DocketError(
                "The XML is nested too deeply to be a docket. Save it again.", f"line {parser.CurrentLineNumber}"
            )
        node = _Node(name, attributes, parser.CurrentLineNumber)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(name: str) -> None:
        open_nodes.pop()

    def refuse(*declared: object) -> None:
        raise DocketError(
            "This XML declares entities of its own, as no docket does. Save it again from the Internet Archive.",
            f"line {parser.CurrentLineNumber}",
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda said: open_nodes[-1].parts.append(said)
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    # The type declaration names an outer file; it is not fetched.
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = "The file is cut off" if error.code in {3, 5} else "This is not well-formed XML"
        raise DocketError(
            f"{reason} ({expat.ErrorString(error.code)}). Save it again.", f"line {error.lineno}"
        ) from error
    return root.children[0]
