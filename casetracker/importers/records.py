"""
A case with all that hangs on it, as plain values: what an importer makes of its source, and what `load` writes.

Rows refer to each other by `key`, a word that is unique among rows of its kind in one case. The key of an entry decides
its permanent address and is never changed. Values of a list are those of `casetracker.models`: "ruling", "granted".
"""

import datetime
from dataclasses import dataclass, field

from casetracker.dates import UncertainDate


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    key: str
    kind: str
    title: str
    publisher: str = ""
    url: str = ""
    archived_url: str = ""
    read_on: UncertainDate | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRecord:
    """That the source of this key stands behind something, and where in it."""

    source: str
    pinpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRecord:
    """Of a minor the name is initials."""

    key: str
    name: str
    kind: str
    description: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRecord:
    key: str
    name: str
    title: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttorneyRecord:
    key: str
    name: str
    firm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord:
    number: str
    term: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedJudgeRecord:
    judge: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRoleRecord:
    party: str
    role: str
    as_written: str = ""
    terminated: UncertainDate | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounselRecord:
    attorney: str
    party: str
    lead: bool = False
    pro_hac_vice: bool = False
    terminated: UncertainDate | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingRecord:
    """`external` maps the name of another database (`courtlistener`, `pacer`) to the key that it has there."""

    key: str
    court: str
    caption: str
    about: str = ""
    numbers: tuple[NumberRecord, ...] = ()
    filed: UncertainDate | None = None
    terminated: UncertainDate | None = None
    judges: tuple[AssignedJudgeRecord, ...] = ()
    parties: tuple[PartyRoleRecord, ...] = ()
    counsel: tuple[CounselRecord, ...] = ()
    external: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRecord:
    """Each end is the key of a proceeding, or else a court and, if known, a number there."""

    kind: str
    origin: str = field(default="", metadata={"written": "from"})
    origin_court: str = field(default="", metadata={"written": "from_court"})
    origin_number: str = field(default="", metadata={"written": "from_number"})
    destination: str = field(default="", metadata={"written": "to"})
    destination_court: str = field(default="", metadata={"written": "to_court"})
    destination_number: str = field(default="", metadata={"written": "to_number"})
    date: UncertainDate | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketRecord:
    """That the entry stands on the docket of this proceeding: under which number, in what words, entered when."""

    proceeding: str
    number: str = ""
    text: str = ""
    entered: UncertainDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRecord:
    """`said_at` is the key of the entry at which it was said."""

    speaker: str
    office: str = ""
    forum: str = ""
    date: UncertainDate | None = None
    said_at: str = ""
    quote: str = ""
    paraphrase: str = ""
    note: str = ""
    sources: tuple[ReferenceRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingJudgeRecord:
    judge: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionRecord:
    """The key is unique within its ruling."""

    key: str
    text: str
    quoted: bool = False
    addressed_to: str = ""
    ends: UncertainDate | None = None
    ends_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentRecord:
    """The target is the key of a ruling, or else a court and what is known of the number and date there."""

    verb: str
    target: str = ""
    target_court: str = ""
    target_number: str = ""
    target_date: UncertainDate | None = None
    provision: str = ""
    in_part: bool = False
    effective: UncertainDate | None = None
    until: UncertainDate | None = None
    until_event: str = ""
    until_note: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """
    An entry of the timeline. In an invented example, and nowhere else, `date_offset` and `postponed_offset` stand for
    the dates and count days from the day of loading.
    """

    key: str
    kind: str
    title: str
    date: UncertainDate | None = None
    date_offset: int | None = None
    time: datetime.time | None = None
    time_zone: str = ""
    court: str = ""
    summary: str = ""
    note: str = ""
    order: int = 0
    status: str = "held"
    postponed_to: UncertainDate | None = None
    postponed_offset: int | None = None
    effective: UncertainDate | None = None
    sealed: bool = False
    unsealed: UncertainDate | None = None
    docket: tuple[DocketRecord, ...] = ()
    sources: tuple[ReferenceRecord, ...] = ()
    responds_to: tuple[str, ...] = ()
    statements: tuple[StatementRecord, ...] = ()
    form: str = ""
    outcome: str = ""
    holding: str = ""
    judges: tuple[RulingJudgeRecord, ...] = ()
    per_curiam: bool = False
    vote: str = ""
    citations: tuple[str, ...] = ()
    precedential: str = ""
    provisions: tuple[ProvisionRecord, ...] = ()
    treatments: tuple[TreatmentRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRecord:
    date: datetime.date
    text: str
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRecord:
    """What is said of the case as a whole."""

    slug: str
    name: str
    short_name: str
    status: str
    summary: str = ""
    note: str = ""
    topics: tuple[str, ...] = ()
    checked_on: datetime.date | None = None
    invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case and everything of it. `related` holds slugs of other cases."""

    case: DisputeRecord
    sources: tuple[SourceRecord, ...] = ()
    parties: tuple[PartyRecord, ...] = ()
    judges: tuple[JudgeRecord, ...] = ()
    attorneys: tuple[AttorneyRecord, ...] = ()
    proceedings: tuple[ProceedingRecord, ...] = ()
    transfers: tuple[TransferRecord, ...] = ()
    entries: tuple[EntryRecord, ...] = ()
    corrections: tuple[CorrectionRecord, ...] = ()
    related: tuple[str, ...] = ()
