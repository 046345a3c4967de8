"""
Courts by their keys: ours of PACER's, and which court a page of PACER is of, as its heading or its links to documents
say. Pure.

PACER makes the key of a court from the state, the part of it and the kind: "Southern District of New York" is nysd, its
bankruptcy court nysb.
"""

import re
from collections import Counter

# Where PACER has another key for a court than CourtListener and we.
_OURS = {"azb": "arb", "cofc": "uscfc", "neb": "nebraskab", "nysb-mega": "nysb"}
_THEIRS = {ours: theirs for theirs, ours in _OURS.items() if theirs != "nysb-mega"}
_STATES = {
    "alabama": "al", "alaska": "ak", "arizona": "az", "arkansas": "ar", "california": "ca", "colorado": "co",
    "connecticut": "ct", "delaware": "de", "district of columbia": "dc", "florida": "fl", "georgia": "ga",
    "guam": "gu", "hawaii": "hi", "idaho": "id", "illinois": "il", "indiana": "in", "iowa": "ia", "kansas": "ks",
    "kentucky": "ky", "louisiana": "la", "maine": "me", "maryland": "md", "massachusetts": "ma", "michigan": "mi",
    "minnesota": "mn", "mississippi": "ms", "missouri": "mo", "montana": "mt", "nebraska": "ne", "nevada": "nv",
    "new hampshire": "nh", "new jersey": "nj", "new mexico": "nm", "new york": "ny", "north carolina": "nc",
    "north dakota": "nd", "ohio": "oh", "oklahoma": "ok", "oregon": "or", "pennsylvania": "pa", "puerto rico": "pr",
    "rhode island": "ri", "south carolina": "sc", "south dakota": "sd", "tennessee": "tn", "texas": "tx",
    "utah": "ut", "vermont": "vt", "virgin islands": "vi", "virginia": "va", "washington": "wa",
    "west virginia": "wv", "wisconsin": "wi", "wyoming": "wy",
}  # fmt: skip
_CIRCUITS = {
    "first": "ca1", "second": "ca2", "third": "ca3", "fourth": "ca4", "fifth": "ca5", "sixth": "ca6", "seventh": "ca7",
    "eighth": "ca8", "ninth": "ca9", "tenth": "ca10", "eleventh": "ca11", "district of columbia": "cadc",
    "federal": "cafc",
}  # fmt: skip
_PARTS = r"(?P<{0}>northern|southern|eastern|western|middle|central)"
# The longest name first: "West Virginia" before "Virginia".
_STATE = "(?:" + "|".join(re.escape(name) for name in sorted(_STATES, key=len, reverse=True)) + ")"
# Either "Southern District of New York" or, as some write it, "California Northern District".
_DISTRICT = re.compile(
    rf"{_PARTS.format('before')} district of (?P<state>{_STATE})\b|(?P<first>{_STATE}) {_PARTS.format('after')} "
    rf"district\b|\bdistrict of (?P<whole>{_STATE})\b|\b(?P<columbia>district of columbia)\b"
)
# As a heading by itself: within a sentence it may be the court that an appeal went to.
_CIRCUIT = re.compile(
    rf">\s*united states court of appeals for the (?P<circuit>{'|'.join(_CIRCUITS)}) circuit\s*<", re.IGNORECASE
)
_HEADING = re.compile(
    r"(?:civil|criminal|bankruptcy|adversary)[^<]{0,60}docket (?:for|sheet)|bankruptcy petition", re.IGNORECASE
)
_DOCUMENT = re.compile(r"https?://ecf\.(\w+(?:-mega)?)\.uscourts\.gov/(?:\w+/)?docs?1/", re.IGNORECASE)


def court_key(written: str) -> str:
    """Our key of a court from PACER's or CourtListener's."""
    return _OURS.get(written, written)


def document_address(court: str, key: object) -> str:
    """
    Where PACER serves the document that it keeps under `key`, to who has an account there; nothing for keys of other
    programs. `court` is ours or PACER's key of it.
    """
    written = str(key or "")
    if not re.fullmatch(r"\d{6,20}", written) or not re.fullmatch(r"[a-z]+\d{0,2}(?:-mega)?", court):
        return ""
    folder = "docs1" if re.fullmatch(r"ca\d{1,2}|cadc|cafc", court) else "doc1"
    return f"https://ecf.{_THEIRS.get(court, court)}.uscourts.gov/{folder}/{written}"


def said_in(page: str) -> str:
    """PACER's key of the court whose docket the page is, or nothing where the page does not tell."""
    # Documents are served by the court whose docket it is; one or two links may lead to another.
    linked = Counter(key.lower() for key in _DOCUMENT.findall(page)).most_common(1)
    if linked and linked[0][1] > 2:
        return linked[0][0]
    return _of_heading(page)


def _of_heading(page: str) -> str:
    found = _HEADING.search(page)
    above = page[max(0, found.start() - 400) : found.start()] if found else ""
    words = " ".join(re.sub(r"<[^>]*>", " ", above).lower().split())
    if match := _DISTRICT.search(words):
        if match["columbia"]:
            return "dcb" if "bankruptcy court" in words else "dcd"
        state = _STATES[match["state"] or match["first"] or match["whole"]]
        part = (match["before"] or match["after"] or "")[:1]
        return f"{state}{part}{'b' if 'bankruptcy court' in words else 'd'}"
    circuit = _CIRCUIT.search(page[:20_000])
    return _CIRCUITS[circuit["circuit"].lower()] if circuit else ""
