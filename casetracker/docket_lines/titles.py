"""A title for an entry, made from the words of its docket: a proposal that a person mends."""

from __future__ import annotations

import re

from casetracker.docket_lines.line import BEFORE_THE_TEXT

LONGEST_TITLE = 250
# What readers take in at a glance; a longer one is cut and said to be.
_GOOD_LENGTH = 140

# A full stop that ends no sentence.
_NO_END = "".join(
    rf"(?<!\b{word})"
    for word in ("[A-Z]", "Mr", "Ms", "Mrs", "Dr", "Mag", "Hon", "No", "Nos", "Jr", "Sr", "v", "vs", "Inc", "Co")
)
# Where the clerk's bookkeeping begins. What each of them begins with is looked for first: it takes a third of the time.
_ENDS = re.compile(
    r"(?=[.,;(\[*-]|\s?(?:[(;]|s[oi]|or|en|mo|as|co|fi))"
    r"(?:[.,;]? ?\(?(?:so ordered|signed by|ordered by|entered by|motions? terminated|associated cases|cop(?:y|"
    r"ies) (?:to|sent|mailed))|"
    r"\.? ?\((?:entered|attachments|related document|court reporter)|\[entered|"
    r"\.? ?\([A-Za-z]{2,5}(?:,[^()]{0,30})?\)|--\[|"
    rf"{_NO_END}\.(?=\s+[A-Z(\[]|$)|\s?;(?=\s)|\[\d{{2}}-\d{{3,5}}\]|(?<=\w) filed by\b|(?<=\w)\*{{1,3}})",
    re.IGNORECASE,
)
_FILED_BY = re.compile(r"\s?filed by", re.IGNORECASE)
_MINUTES = re.compile(
    r"(?:\w+ )?minute (?:entry|entries) for (?:\w+ )?proceedings held before [^:]{1,90}: ?", re.IGNORECASE
)
_HELD = re.compile(r",? (?:held|completed) (?:before .{0,60} )?on \d{1,2}/\d{1,2}/\d{2,4}.*", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?=[(\[\dredf])(?:"
    r"\(?(?:re:? ?)?\b(?:ecf|dkt|doc|document|filing)\.? ?(?:nos?\.?|number)? ?\[?\d{1,5}\b\]? ?\)?|"
    r"(?:\bre:? )?\[\d{1,10}(?:-\d{1,3})?\]|"
    r"(?<![\w/$.:-])\d{1,5} (?=(?:[\w'’&.-]+ ){0,4}?(?:motion|application|petition|letter|request|"
    r"stipulation|complaint|notice|order)\b))",
    re.IGNORECASE,
)
# Clerks begin in capitals so that the entry is seen, and so write the nouns of which it speaks.
_CAPITALS = re.compile(r"\b[A-Z][A-Z'’]+\b")
_LEADING_CAPITALS = re.compile(r"(?:[A-Z][A-Z'’]*[A-Z][\s,/&-]+|A |AND )*[A-Z][A-Z'’]+\b(?![a-z])")
_NOUNS = {
    "MOTION", "MOTIONS", "ORDER", "OPINION", "GRANTED", "DENIED", "DISMISSED", "VACATED", "REMANDED",
    "AFFIRMED", "REVERSED", "IN", "PART", "AND", "WITH", "WITHOUT", "PREJUDICE", "MOOT", "COMPLAINT", "NOTICE",
    "RESPONSE", "APPLICATION", "PETITION", "IS", "AS",
}  # fmt: skip
_ABBREVIATIONS = {
    "USA", "TRO", "USCA", "USDC", "ICE", "DHS", "DOJ", "FBI", "BIA", "IRS", "SEC", "EPA", "FTC", "FCC", "NLRB",
    "LLC", "LLP", "II", "III", "IV", "US", "FOIA", "RICO", "MDL", "CJA",
}  # fmt: skip


# What the clerk did: "Filed order", "ORDER filed".
_FILED = re.compile(r"filed (?=\w)", re.IGNORECASE)
_ENTERED = re.compile(r"((?:\w+ ){0,3}(?:order|opinion|judgment)) (?:filed|entered)\b:?", re.IGNORECASE)
_SPACE_BEFORE_A_SIGN = re.compile(r" ([,;.:)])")


def proposed(text: str) -> tuple[str, bool]:
    """The title, perhaps empty, and whether something of the sentence was left out for its length."""
    head = BEFORE_THE_TEXT.sub("", text, count=1)
    head = _HELD.sub("", _MINUTES.sub("", head, count=1)) if _MINUTES.match(head) else head
    title = " ".join(_NUMBERS.sub(" ", head[: _end(head)]).split()).strip(" .,:;-–—([")
    title = _SPACE_BEFORE_A_SIGN.sub(r"\1", title)
    if found := _FILED.match(title):
        title = title[found.end() :]
    if found := _ENTERED.match(title):
        title = found[1] + title[found.end() :]
    title = _LEADING_CAPITALS.sub(lambda run: _CAPITALS.sub(_lowered, run.group()), title, count=1)
    title = _CAPITALS.sub(lambda found: found.group().lower() if found.group() in _NOUNS else found.group(), title)
    title = title.strip(" .,:;-–—")
    title = title[:1].upper() + title[1:]
    if len(title) <= _GOOD_LENGTH:
        return title, False
    return title[:_GOOD_LENGTH].rsplit(" ", 1)[0].rstrip(" .,:;-–—("), True


def _end(head: str) -> int:
    """Where the sentence that says what the entry is ends."""
    for found in _ENDS.finditer(head):
        # "MOTION filed by the appellant to extend time": one word says too little.
        too_early = _FILED_BY.match(found.group()) and " " not in head[: found.start()].strip()
        if found.start() > 3 and not too_early:
            return found.start()
    return len(head)


def _lowered(found: re.Match[str]) -> str:
    word = found.group()
    return word if word in _ABBREVIATIONS else word.lower()
