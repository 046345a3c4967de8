"""What the text of a docket line says of the entry: its kind, and of a ruling its form and its outcome."""

from __future__ import annotations

import re

from casetracker.docket_lines.line import BEFORE_THE_TEXT, Doubt

# Where an entry says what it is.
_HEAD = 160

# --- kinds ----------------------------------------------------------------------------------------------------------

# Words that may stand before the noun that says what an entry is.
_BEFORE_A_RULING = (
    r"(?:(?:amended|corrected|second|third|letter|text|text-only|minute|marginal|paperless|electronic|oral|"
    r"scheduling|"
    r"sealed|redacted|final|consent|agreed|stipulated|protective|clerk'?s?|court|filed|published|"
    r"unpublished|authored|"
    r"per curiam|preliminary|permanent|temporary|restraining|administrative|show cause|summary|default|declaratory|"
    r"memorandum|opinion|emergency|hearing|pretrial|discovery|briefing|standing|transfer|abstract of|"
    r"notice and|nunc pro tunc|interim|procedural|case management|in chambers|endorsed|general|adr|"
    r"settlement conference|"
    r"and trial|trial|confidentiality(?: agreement and)?|related case|ruling and|and)[\s,&/-]+)*"
)
_RULING = re.compile(
    rf"{_BEFORE_A_RULING}(?P<noun>memorandum,? opinion|memorandum,? (?:and|&) (?:opinion|order)|memorandum,? order|"
    r"opinion|orders?|judgment|decree|ruling|injunction|(?:temporary )?restraining order|"
    r"mandate|(?:arrest |search )?warrant|findings|writ|stay|memo-?endorsement|verdict and findings|"
    r"acceptance of plea of guilty and adjudication)\b",
    re.IGNORECASE,
)
# What some clerks put before the noun: who ruled, or what became of it: "Judge Ada Bench: ELECTRONIC ORDER entered",
# "Bench, J. - Order", "***VACATED per 6 ORDER***ORDER".
_BEFORE_THE_NOUN = re.compile(
    r"(?:\*{2,}[^*]{1,80}\*{2,}\s*)?"
    r"(?:(?i:(?:chief |senior |magistrate |district )*judge) [^:]{3,60}:\s+(?=[A-Z]{4})|"
    r"[A-Z][\w'’-]+, (?:C\. ?)?J\. ?[-–]\s*)?"
)
# A memorandum of a party argues; one of the court decides.
_FILED_ALTHOUGH_IT_SOUNDS_OTHERWISE = re.compile(
    r"(?:(?:amended |cancelled |official )*transcripts?\b|order form|proposed (?:order|judgment|findings)|"
    r"motion|memorandum (?:of law|in (?:support|opposition)|of points)|(?:warrant|order|judgment|stay|writ) returned|"
    r"order (?:number|no\.) |(?:magistrate judge )?findings (?:&|and) recommendations?)",
    re.IGNORECASE,
)
_COPY_OF_A_RULING = re.compile(
    r"(?:(?:received|copy of|certified(?: true)? copy of|notice of|receipt of)\b.{0,40}?\b(?:order|judgment|"
    r"mandate|opinion)|"
    r"usca (?:order|judgment|mandate|opinion)\b|"
    r"(?:transfer order|order of transfer) from (?:the )?(?:judicial panel|mdl panel|jpml)|"
    r"(?:\w+/)?(?:order|judgment|mandate|opinion|ruling) (?:of|from) (?:the )?(?:usca|u\.?s\.? ?(?:court|"
    r"supreme)|supreme court|"
    r"court of appeals|circuit|usdc|district court))",
    re.IGNORECASE,
)
# The Supreme Court tells in a sentence: "Application (24A949) granted in part", "Petition DENIED.".
_DECIDED_IN_A_SENTENCE = re.compile(
    r"(?:the )?(?:joint |consent )?(?:application|petition|motion|appeal|judgment|case|rehearing|"
    r"stay)\b[^.;]{0,260}?\b"
    r"(?:is |are |hereby )*(?:granted|denied|dismissed|vacated|affirmed|reversed|remanded)\b|"
    r"(?:certified )?judgment issued\b",
    re.IGNORECASE,
)
_HEARING = re.compile(
    r"(?:(?:amended |electronic |telephonic |video |sealed |text )*minute (?:entry|entries|sheet)|minutes (?:of|"
    r"for|before)|argued\b|"
    r"minute order: (?:[\w/'-]+ ){0,5}(?:hearing|conference|argument)\b[^.]{0,60}? held\b|"
    r"(?!transcript|notice|motion|order)(?:[\w/'-]+ ){0,5}(?:hearing|conference|argument|trial|arraignment|"
    r"sentencing|appearance)\b[^.]{0,60}? (?:held|heard)\b|"
    r"oral argument (?:held|heard))",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"(?:paper copies requested|briefing schedule (?:set|updated)|filing fee paid|"
    r"(?:miscellaneous |civil |criminal |direct criminal |direct civil )*case docketed|"
    r"docketed cause|response requested|received (?:payment|\$)|payment of fee|"
    r"oral argument scheduled|correction of docket entry|hearing cancelled|interpreter needed|"
    r"supreme court case info|clerk's quality control|terminate deadlines|detainer lodged|"
    r"the case manager|adversary proceeding closed|"
    r"(?:initial )?case (?:re)?assign(?:ed|ment)|case (?:has been|referred|removed)|arrest of|audio file|"
    r"meeting of creditors|pro hac vice counsel,|(?:\*+)?(?:court )?deleted |notification:|"
    r"case (?:re-?opened|closed|submitted|transferred|argued)|judge .{0,60} added|"
    r"distributed for|"
    r"set for argument|"
    r"record (?:received|requested)|mail returned|set/reset|(?:re)?set (?:deadlines|hearings)|reset |remark|"
    r"attorney .{0,80} "
    r"(?:added|terminated))",
    re.IGNORECASE,
)
_FILING = re.compile(
    r"(?:[\w ]{3,20}[*)] |court reporter |adversary case [\w:-]+\. |rule \d[\w().]* |\w+ \(\d+\) (?=paper copies))?"
    r"(?:[\w/'’&.,-]+ ){0,6}?(?:motion|complaint|notice|response|reply|sur-?reply|brief|affidavit|"
    r"declaration|memorandum|"
    r"petition|application|answer|letter|stipulation|exhibits?|transcripts?|report|certificates?|summons|appearance|"
    r"objections?|opposition|indictment|information|waiver|proof|return|request|statement|bond|consent|supplement|"
    r"acknowledgment|appendix|list|sheet|agreement|chapter \d{1,2} plan|chart|income records|"
    r"schedules?|schedule\(s\)|attachments?|invoice|receipt|filing|form|copies|record|rejoinder|"
    r"submission|proposed|(?:sealed|redacted|restricted) document|documents received|findings & recommendation|"
    r"recommendations?|notification|appeal|addendum|pleading|verification|evaluation|plan)\b|"
    # Whoever answers may be named first, however many there are.
    r"[^(]{3,150}? answer to\b",
    re.IGNORECASE,
)

# --- forms ----------------------------------------------------------------------------------------------------------

# The first that is found decides; each is looked for in the words with which the entry begins.
_FORMS = [
    ("temporary_restraining_order", r"temporary restraining order|\btro\b"),
    ("injunction", r"injunction"),
    ("memorandum", r"memorandum,? (?:and |& )?opinion|opinion (?:and|&) memorandum"),
    ("opinion", r"\bopinion\b"),
    ("order", r"memorandum,? (?:and|&) order|memorandum,? order"),
    ("judgment", r"\bjudgment\b(?! on\b)"),
    ("mandate", r"\bmandate\b"),
    ("decree", r"\bdecree\b"),
    ("warrant", r"\bwarrant\b"),
    ("order", r"\borders?\b|\bruling\b|\bmemo-?endorsement\b"),
    ("stay", r"\bstay\b"),
]
_FORM_PATTERNS = [(form, re.compile(pattern, re.IGNORECASE)) for form, pattern in _FORMS]
# What is granted or denied is no form: "ORDER denying Motion for Preliminary Injunction" is an order.
_NO_MORE_OF_THE_FORM = re.compile(
    r"\b(?:grant|den[yi]|re:?\b|as to|on\b|setting|directing|regarding|that\b|:|;|\d)", re.IGNORECASE
)

# --- outcomes -------------------------------------------------------------------------------------------------------

_NOT_SO = r"(?<!should be )(?<!shall be )(?<!may be )(?<!not be )(?<!to be )(?<!if )(?<!not )"
_OUTCOMES = [
    ("granted_in_part", r"grant(?:ing|ed|s)?,? in part|grant(?:ing|ed)? .{0,40}and den(?:ying|ied) in part"),
    (
        "moot",
        r"(?:den(?:ying|ied|ies)|dismiss(?:ing|ed|es)|find(?:ing|s)|found|terminat(?:ing|ed)) "
        r"(?:\S+ ){0,8}?as moot|is moot",
    ),
    ("granted", rf"{_NOT_SO}\b(?:granting|granted|grants)\b"),
    ("denied", rf"{_NOT_SO}\b(?:denying|denied|denies)\b"),
    ("dismissed", rf"{_NOT_SO}\b(?:dismissing|dismissed|dismisses)\b"),
    ("withdrawn", rf"{_NOT_SO}\b(?:motion|petition|application) (?:is )?withdrawn\b"),
]
# What stands in round brackets is the clerk's: "(Attachments: ...)"; what was decided elsewhere is another's.
_BRACKETS = re.compile(r"\([^()]{0,400}\)")
_OUTCOME_PATTERNS = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _OUTCOMES]
_ON_A_RULING = re.compile(
    r"\b(?:affirm(?:ing|ed|s)|revers(?:ing|ed|es)|vacat(?:ing|ed|es)|remand(?:ing|ed|s)|stay(?:ing|ed|s)|"
    r"modif(?:ying|ied|ies)|amend(?:ing|ed(?! (?:complaint|petition|answer|notice|motion|brief|"
    r"counterclaim))|s)|clarif(?:ying|ied|ies)|dissolv(?:ing|ed|es)|supersed(?:ing|ed|es))\b",
    re.IGNORECASE,
)


def _from_the_noun(text: str) -> str:
    found = _BEFORE_THE_NOUN.match(text)
    return text[found.end() :] if found else text


def kind_of(text: str) -> tuple[str, Doubt | None]:
    """The kind of entry, or an empty text and the doubt."""
    head = BEFORE_THE_TEXT.sub("", _from_the_noun(text)[: 2 * _HEAD], count=1)[:_HEAD]
    if _COPY_OF_A_RULING.match(head):
        return "filing", Doubt.OF_ANOTHER_COURT
    if _HEARING.match(head):
        return "hearing", None
    if _EVENT.match(head):
        return "event", None
    if _FILED_ALTHOUGH_IT_SOUNDS_OTHERWISE.match(head) and not _is_decided(text):
        return "filing", None
    if _is_decided(text) or (
        _RULING.match(head) and not re.match(r"memorandum\b(?!.{0,5} (?:opinion|order))", head, re.I)
    ):
        return "ruling", None
    return ("filing", None) if _FILING.match(head) else ("", Doubt.NO_KIND)


def _is_decided(text: str) -> bool:
    found = _DECIDED_IN_A_SENTENCE.match(text)
    # "MOTION ... filed by ..., granted leave": what was filed is a filing, whatever is told of it later.
    if found is None:
        return False
    sentence = text[: found.end() + 200].partition(". ")[0]
    return not re.search(r"\bsubmitted to\b", sentence, re.I) and not re.search(r"\bfiled\b", found.group(), re.I)


def form_of(text: str) -> str:
    """The form of a ruling, or an empty text."""
    text = _from_the_noun(text)
    if _DECIDED_IN_A_SENTENCE.match(text) and not _RULING.match(text):
        return "order"
    head = _NO_MORE_OF_THE_FORM.split(text[:_HEAD], maxsplit=1)[0]
    return next((form for form, pattern in _FORM_PATTERNS if pattern.search(head)), "")


def outcome_of(text: str) -> tuple[str, Doubt | None]:
    """The one outcome of which the text speaks; several that do not make one are for a person."""
    plain = _BRACKETS.sub(" ", text)
    found = [name for name, pattern in _OUTCOME_PATTERNS if pattern.search(plain)]
    if "granted_in_part" in found:
        is_plain = set(found) <= {"granted_in_part", "granted", "denied"}
        return ("granted_in_part", None) if is_plain else ("", Doubt.SEVERAL_OUTCOMES)
    if "moot" in found:
        # "Denied as moot" and "dismissed as moot" are moot and nothing else.
        left = re.sub(_OUTCOMES[1][1], " ", plain, flags=re.IGNORECASE)
        found = ["moot", *(name for name, pattern in _OUTCOME_PATTERNS[2:] if pattern.search(left))]
    if len(found) > 1:
        return "", Doubt.SEVERAL_OUTCOMES
    if found:
        return found[0], None
    return "", None if _ON_A_RULING.search(plain) else Doubt.NO_OUTCOME


def speaks_of_an_effect(text: str) -> bool:
    """Whether it says that something was affirmed, stayed, vacated and so on."""
    return _ON_A_RULING.search(text) is not None
