"""
What the words of a docket are in ours: courts, roles, parties, judges, and each line's kind, form and outcome. Pure.

The kinds are found by `casetracker.docket_lines`, as on the form for one entry.
"""

import hashlib
import itertools
import re
import unicodedata
from dataclasses import dataclass, replace

from casetracker.dates import UncertainDate
from casetracker.docket_lines import Columns, Doubt, Signature, attachments, cut, told
from casetracker.models import Event, Kind, Outcome, PartyKind, Role, RulingForm, RulingJudge

from .progress import NOBODY, Progress
from .records import Attachment, Docket, DocketError, Entry, Sitting

# The first word that is found decides; of "Defendant - Appellee" the last part counts.
_ROLES = [
    (r"amicus", Role.AMICUS),
    (r"interven", Role.INTERVENOR),
    (r"appellant", Role.APPELLANT),
    (r"appellee", Role.APPELLEE),
    (r"petitioner", Role.PETITIONER),
    (r"respondent", Role.RESPONDENT),
    (r"applicant", Role.APPLICANT),
    (r"claimant", Role.CLAIMANT),
    (r"plaintiff", Role.PLAINTIFF),
    (r"defendant", Role.DEFENDANT),
    (r"movant|objector", Role.MOVANT),
    (r"prosecut", Role.PROSECUTION),
    (r"interested|creditor|trustee|debtor", Role.INTERESTED),
]

_GOVERNMENT = re.compile(
    r"\b(?:united states(?: of america)?|u\.s\.a?\.?|state of|commonwealth of|city (?:of|and county of)|county(?: of)?"
    r"|"
    r"town of|department|dept\.?|agency|bureau|commission|administration|board of|internal revenue|secretary|"
    r"attorney general|sheriff|police|school district|office of|government|immigration and customs|homeland "
    r"security)\b",
    re.IGNORECASE,
)
_ORGANIZATION = re.compile(
    r"\b(?:inc|incorporated|l\.?l\.?c|l\.?l\.?p|l\.?p|corp|corporation|company|co|ltd|limited|bank|trust|association|"
    r"assn|society|union|foundation|fund|partners(?:hip)?|group|holdings?|university|college|church|hospital|insurance|"
    r"systems|industries|international|services|center|institute|committee|council|league|coalition|p\.?c|n\.?a|s\.?a|"
    r"gmbh|plc)\b\.?",
    re.IGNORECASE,
)
_JUDGE_TITLES = re.compile(
    r"^(?:the )?(?:hon(?:orable|\.)?|chief|senior|united states|u\.?s\.?|district|magistrate|circuit|bankruptcy|"
    r"associate|visiting|judge|justice)\b[ .]*",
    re.IGNORECASE,
)
_SEALED_NAME = re.compile(r"\b(?:sealed|under seal)\b", re.IGNORECASE)
_SEALED = re.compile(r"\W*(?:sealed\b|\(?filed under seal)", re.IGNORECASE)
_USCA = re.compile(r"\bUSCA Case Number:? (?:[\w ]{0,30}? )?(\d{2}-\d{3,6})\b", re.IGNORECASE)

_LONGEST_NUMBER = 20


def folded(name: str) -> str:
    """A name in the form in which two spellings of it are equal."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w]+", " ", plain.casefold()).split())


def fingerprint(value: object) -> str:
    """A digest by which a value is recognised and from which it cannot be read."""
    if isinstance(value, UncertainDate):
        value = value.edtf
    return hashlib.sha256(str("" if value is None else value).encode()).hexdigest()[:16]


def role_of(written: str) -> Role:
    last = re.split(r"\s-\s", written)[-1]
    return next((role for pattern, role in _ROLES if re.search(pattern, last, re.IGNORECASE)), Role.OTHER)


def party_kind(name: str) -> PartyKind:
    """Whoever is not plainly an office or an organisation is taken for a private person, whom search engines skip."""
    if _GOVERNMENT.search(name):
        return PartyKind.GOVERNMENT
    return PartyKind.ORGANIZATION if _ORGANIZATION.search(name) else PartyKind.PRIVATE_PERSON


def judge_name(written: str) -> str:
    """Without titles: "Ada Bench" of "Magistrate Judge Ada Bench"."""
    name = written
    while (plain := _JUDGE_TITLES.sub("", name, count=1).strip()) != name:
        name = plain
    return name or written


def appeals_named(entries: tuple[Entry, ...]) -> list[str]:
    """The numbers of appeals that the lines name, in their order: "USCA Case Number 25-1345"."""
    return list(dict.fromkeys(number for each in entries for number in _USCA.findall(each.text)))


@dataclass(frozen=True, slots=True)
class Line:
    """
    An entry in our words, ready to be written. `doubts` are what a person should look at; where no kind was
    recognised it is `event`. `judges` are who gave it, if it is a ruling; of `documents` each has a title.
    """

    said: Entry
    date: UncertainDate
    kind: str
    form: str
    outcome: str
    title: str
    under_seal: bool
    answers: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    judges: tuple[Sitting, ...] = ()
    documents: tuple[Attachment, ...] = ()

    @property
    def is_unsure(self) -> bool:
        return bool({Doubt.NO_DATE, Doubt.NO_KIND, Doubt.OF_ANOTHER_COURT} & set(self.doubts))

    @property
    def key(self) -> str:
        """By which a choice made by hand finds the line in the same file again; lines that are alike share it."""
        said = self.said
        return fingerprint("|".join((self.date.edtf, said.number, said.sequence, said.text or said.short_text)))

    @property
    def doubt(self) -> str:
        """What a report says of it if it is unsure."""
        return f"{self.label}: {', '.join(self.doubts)}; taken for {self.kind}."

    @property
    def label(self) -> str:
        """What a report calls it."""
        return f"{self.date.iso}, {f'No. {self.said.number}' if self.said.number else self.title[:60]}"


# What a doubt of ours is about the kind, form and outcome; the others are about a pasted line.
_TOLD = {Doubt.NO_KIND, Doubt.OF_ANOTHER_COURT, Doubt.NO_FORM, Doubt.SEVERAL_OUTCOMES, Doubt.TITLE_CUT}


def lines_of(
    docket: Docket, first: UncertainDate | None = None, *, progress: Progress = NOBODY
) -> tuple[list[Line], list[str]]:
    """
    The entries in the order of the docket, the oldest first, and a sentence for each that cannot be written. An entry
    without a date has the day of entry that its text names, else lies after the beginning of the docket: no more is
    known; `first` is that, where the docket does not have all its entries. Raises `DocketError` for a kind or form that
    is none.
    """
    lines, left = [], []
    first = first or since(docket)
    for each in progress.over(in_order(docket.entries)):
        day = each.filed or each.entered or _entered(each.text) or first
        if day is None:
            left.append(f"{each.place or 'An entry'}: it has no date and was left out.")
        elif len(each.number) > _LONGEST_NUMBER:
            raise DocketError(f"The entry number has more than {_LONGEST_NUMBER} characters. Shorten it.", each.place)
        else:
            lines.append(_line(each, day))
    return lines, left


def _entered(text: str) -> UncertainDate | None:
    """The day of entry that stands in the text itself: "(Entered: 03/14/2011)"."""
    day = cut(text).entered
    return UncertainDate.on(day.year, day.month, day.day) if day else None


def since(docket: Docket) -> UncertainDate | None:
    """After what everything on the docket lies, if anything of it has a date."""
    days = [day.sort_date for day in (docket.filed, *(each.filed for each in docket.entries)) if day]
    return UncertainDate.from_edtf(f"[{min(days).isoformat()}..]") if days else None


def in_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """As they are, or turned round where the docket has the newest first."""
    days = [day.sort_date for each in entries if (day := each.entered or each.filed)]
    falling = sum(later < earlier for earlier, later in itertools.pairwise(days))
    rising = sum(later > earlier for earlier, later in itertools.pairwise(days))
    return entries[::-1] if falling > rising else entries


def _line(said: Entry, day: UncertainDate) -> Line:
    text = said.text or said.short_text
    read = told(Columns(None, None, said.number, text))
    kind, form, outcome = _given(said) if said.kind else (read.kind, read.form, read.outcome)
    doubts = tuple(doubt for doubt in read.doubts if doubt in _TOLD and not said.kind)
    if not text and not said.kind:
        doubts = (Doubt.NO_KIND,)
    if said.filed is None and said.entered is None:
        doubts = (Doubt.NO_DATE, *doubts)
    if kind == Kind.RULING:
        form = form or (read.form if said.kind else "") or RulingForm.OTHER
    nameless = f"Entry {said.number}" if said.number else "Entry without text"
    under_seal = bool(_SEALED.match(text))
    return Line(
        said=said,
        date=day,
        kind=kind or Kind.EVENT,
        form=form,
        outcome=outcome,
        title=(said.title or read.title or nameless)[:_LONGEST_TITLE],
        under_seal=under_seal,
        answers=read.answers,
        doubts=doubts,
        judges=said.judges or (() if said.kind else _signed(read.signatures)),
        documents=documents_of(said, under_seal=under_seal),
    )


def _signed(signatures: tuple[Signature, ...]) -> tuple[Sitting, ...]:
    """Who signed alone wrote it; of several it is not said who did."""
    role = RulingJudge.Role.AUTHOR if len(signatures) == 1 else RulingJudge.Role.JOINED
    return tuple(Sitting(each.name, role) for each in signatures)


SEALED_TITLE = "Sealed document"


def documents_of(said: Entry, *, under_seal: bool) -> tuple[Attachment, ...]:
    """
    The documents of an entry, those that its text lists too. What a sealed one is called and where it lies is left out:
    that is not for readers, even if the seal is forgotten here. Our own formats say all that there is.
    """
    rows = list(said.attachments)
    if not said.kind:
        numbers = {row.number for row in rows}
        listed = dict(attachments(said.text)) if "ttachment" in said.text else {}
        rows = [row if row.text else replace(row, text=listed.get(row.number, "")) for row in rows]
        rows += [Attachment(number, title) for number, title in listed.items() if number not in numbers]
        rows = [
            Attachment(row.number, SEALED_TITLE, is_sealed=True)
            if under_seal or row.is_sealed or _SEALED_NAME.search(row.text)
            else row
            for row in rows
        ]
    return tuple(replace(row, text=(row.text or _nameless(row, said))[:_LONGEST_TITLE]) for row in rows)


def _nameless(row: Attachment, said: Entry) -> str:
    if row.number:
        return f"Attachment {row.number}"
    return f"Document {said.number}" if said.number else "Document"


_LONGEST_TITLE: int = Event._meta.get_field("title").max_length or 250


def _given(said: Entry) -> tuple[str, str, str]:
    for name, value, known in (
        ("kind", said.kind, Kind.values),
        ("form", said.form, RulingForm.values),
        ("outcome", said.outcome, Outcome.values),
    ):
        if value and value not in known:
            raise DocketError(f"{name}: “{value[:40]}” is none of {', '.join(known)}.", said.place)
    if said.kind != Kind.RULING and (said.form or said.outcome):
        raise DocketError("Only a ruling has a form and an outcome. Leave them empty, or call it a ruling.", said.place)
    return said.kind, said.form, said.outcome
