"""
A docket as a file tells it: plain values, whatever the format. No database.

Texts are as written, without what cannot be seen; dates are `UncertainDate`. Roles, kinds and courts in the words of
our models are made of these by `casetracker.importers.dockets.meaning` and `loading`.
"""

from dataclasses import dataclass, field

from casetracker.dates import UncertainDate


class DocketError(Exception):
    """
    A file, or one docket of it, cannot be used. The message says what is wrong and how it is mended; `place` says where
    in the file, as in "line 12", or is empty.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


@dataclass(frozen=True, slots=True)
class Attachment:
    """
    A document of an entry; `number` is empty for the main one, and `text` what it is called. `size` is in bytes;
    `sha256` is the checksum of the file where it was exported, by which whoever has the file knows it again.
    """

    number: str = ""
    text: str = ""
    address: str = ""
    pages: int | None = None
    is_sealed: bool = False
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A judge of the docket; `role` is assigned, referred or panel."""

    name: str
    role: str = "assigned"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A line of a docket. `sequence` is the key under which the court's program keeps the line, and orders nothing.
    `rank` is what the source itself orders its lines by, as text, where it has such. `judges` are who gave a ruling,
    where the file itself says it.

    `kind`, `form`, `outcome` and `title` are what the file itself says in our words; only our own formats do, and what
    is empty is found from the text. `place` says where in the file it stands.
    """

    filed: UncertainDate | None = None
    entered: UncertainDate | None = None
    number: str = ""
    text: str = ""
    short_text: str = ""
    sequence: str = ""
    attachments: tuple[Attachment, ...] = ()
    kind: str = ""
    form: str = ""
    outcome: str = ""
    title: str = ""
    judges: tuple[Sitting, ...] = ()
    rank: str = field(default="", compare=False)
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Counsel:
    """Who speaks for a party, and until when. Addresses, telephones and e-mail are never read."""

    name: str
    firm: str = ""
    roles: tuple[str, ...] = ()
    terminated: UncertainDate | None = None


@dataclass(frozen=True, slots=True)
class Litigant:
    """A party in one role, as the docket calls it: "Defendant - Appellee"."""

    name: str
    role: str = ""
    note: str = ""
    terminated: UncertainDate | None = None
    counsel: tuple[Counsel, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """The docket from which this one came: a court, by its key or else its name, and the number there."""

    court: str = ""
    court_name: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Docket:
    """
    One docket. `court` is the key that PACER or CourtListener uses; `number` is as written. `courtlistener` and `pacer`
    are the keys under which these know it.

    `is_part` says that the file holds some of it only, such as one page of a list: what is not there is not missing.
    """

    court: str
    number: str
    name: str = ""
    filed: UncertainDate | None = None
    terminated: UncertainDate | None = None
    nature: str = ""
    judges: tuple[Sitting, ...] = ()
    litigants: tuple[Litigant, ...] = ()
    entries: tuple[Entry, ...] = ()
    origins: tuple[Origin, ...] = ()
    courtlistener: str = ""
    pacer: str = ""
    is_part: bool = False
