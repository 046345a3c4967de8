"""Whom and which other entries the text of a docket line names."""

from __future__ import annotations

import re

from casetracker.docket_lines.line import Signature

_TITLE = (
    r"(?:the )?(?:hon(?:orable|\.)? )?(?:(?:chief|senior|united states|u\.?s\.?|district|magistrate|circuit|"
    r"bankruptcy|appellate|"
    r"associate|visiting) ){0,4}(?:judge|justice)"
)
# A word that is no initial and has a full stop behind it ends the sentence: "Ada Bench. Signed by ...".
_NAME = (
    r"(?P<name>[A-Z][\w.'’-]*(?:(?<!\w{3}\.) (?:[A-Z][\w.'’-]*|de|van|von|la|del)){0,5}"
    r"(?:,? (?:Jr|Sr|II|III|IV)\b\.?)?)"
)
_SIGNED = re.compile(
    rf"(?i:\b(?:signed|ordered|entered|granted|denied|approved|so ordered|issued|delivered) by "
    rf"(?P<for>(?:clerk )?(?:for )?){_TITLE}) {_NAME}"
)
_OPINION_OF = re.compile(r"(?P<name>[A-Z][\w'’-]+), (?:C\. ?)?J\., delivered the opinion")
_PANEL = re.compile(r"(?i:entered by|panel:|before:?) (?P<names>[A-Z][^()\[\]]{2,300}(?:Appellate|Circuit) Judges?)")
# All in capitals, for two words in brackets are mostly the clerk: "(Price, Jackie)".
_IN_CAPITALS = r"[A-Z][A-Z.'’-]*(?: [A-Z][A-Z.'’-]*){1,4}"
_IN_BRACKETS = re.compile(rf"\((?P<names>{_IN_CAPITALS}(?:, {_IN_CAPITALS}){{0,8}},? (?:and|AND) {_IN_CAPITALS})\)")

# Each word can be read in one way only: in two, a text of long words would take minutes.
_NOUNS = (
    r"(?:\w+(?:[’'&.-]\w*)? ){0,4}?(?:motions?|application|petition|complaint|letter|stipulation|request|notice|"
    r"memorandum|brief|objections?|response|report|order)\b"
)
# What is looked for begins with its own first character, and looks back from there: that is found far sooner.
_ANSWERS = [
    re.compile(
        rf"(?P<numbers>\d(?<![\w/.$-]\d)\d{{0,3}}(?:,? (?:and |& )?\d{{1,4}}(?!\d)){{0,6}}) (?!u\.s\.c|days?\b|"
        rf"pages?\b|years?\b|months?\b|hours?\b)(?={_NOUNS})",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:re:?|ecf(?: nos?\.?)?|dkt\.?(?: nos?\.?)?|"
        r"doc(?:ument)?(?: nos?\.?)?) #?\[?(?P<numbers>\d{1,4})\]?(?![\w/])",
        re.IGNORECASE,
    ),
    re.compile(r"\[(?<!\w\[)(?P<numbers>\d{1,4})\]"),
]
# "(Entered: ...)" and "(Attachments: # 1 Brief)" name no other entry.
_IN_BRACKETS_OF_THE_CLERK = re.compile(r"\((?:attachments?|entered|related document)[^()]*\)", re.IGNORECASE)
# Numbers of other things: counts, rules, sections, days.
_OTHER_NUMBERS = re.compile(
    r"(?=[rscutp§])\b(?:rule|section|count|counts|§+|u\.s\.c\.|title|page|pages|room|courtroom) ?\d[\d().-]*",
    re.IGNORECASE,
)
_MOST_ANSWERS = 12
_MOST_JUDGES = 12


def signatures(text: str) -> tuple[tuple[Signature, ...], bool]:
    """Who signed, and whether somebody signed for a judge, which names nobody."""
    names: list[str] = []
    is_for = False
    for found in _SIGNED.finditer(text):
        if found["for"].strip():
            is_for = True
        else:
            names.append(found["name"])
    names += [found["name"] for found in _OPINION_OF.finditer(text)]
    if not names:
        for found in [*_PANEL.finditer(text), *_IN_BRACKETS.finditer(text)]:
            plain = re.sub(r"\b(?:Chief |Senior )?(?:Appellate|Circuit|District|Chief) Judges?\b", "", found["names"])
            plain = re.sub(r",\s+(?=(?:Jr|Sr|II|III|IV)\b)", " ", plain)
            names += re.split(r"[;,]| and ", plain)
    known: dict[str, Signature] = {}
    for name in names:
        words = re.sub(r"\s+", " ", name).strip()
        cleaned = words if words.endswith(("Jr.", "Sr.")) else words.strip(" ,;.")
        if cleaned and re.fullmatch(r"[A-Z].*", cleaned) and len(cleaned) < 80 and not _NO_NAME.search(cleaned):
            known.setdefault(cleaned.casefold(), Signature(cleaned))
    return tuple(known.values())[:_MOST_JUDGES], is_for


# "(Attachments: # 1 Civil Cover Sheet, # 2 Exhibit (part 1))", in some courts "# (1) ...".
_ATTACHMENTS = re.compile(r"\(Attachments?: ?(?P<list>#(?:[^()]|\([^()]*\))*)", re.IGNORECASE)
_ATTACHMENT = re.compile(r"(?:^|,? ?)# ?\(?(?P<number>\d{1,4})\)? ?")


def attachments(text: str) -> tuple[tuple[str, str], ...]:
    """The number and the title of each attachment that the text lists; a title may be empty."""
    found: dict[str, str] = {}
    for hit in _ATTACHMENTS.finditer(text):
        _, *parts = _ATTACHMENT.split(hit["list"])
        for number, title in zip(parts[::2], parts[1::2], strict=True):
            found.setdefault(number, title.strip(" ,;"))
    return tuple(found.items())


# Capitals of an appellate docket that stand where names do.
_NO_NAME = re.compile(r"\b(?:court|clerk|appell|panel|entered|order|attachments?|united states)\b|\d", re.IGNORECASE)


def answers(text: str, own: str) -> tuple[str, ...]:
    """The numbers of the entries that it decides or answers, without its own."""
    plain = _IN_BRACKETS_OF_THE_CLERK.sub(" ", text)
    if not any(pattern.search(plain) for pattern in _ANSWERS):
        return ()
    plain = _OTHER_NUMBERS.sub(" ", plain)
    found: dict[str, None] = {}
    for pattern in _ANSWERS:
        for hit in pattern.finditer(plain):
            for number in re.findall(r"\d+", hit["numbers"]):
                if number != own and not number.startswith("0"):
                    found.setdefault(number)
    return tuple(found)[:_MOST_ANSWERS]
