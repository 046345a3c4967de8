"""Everything that is stored. Import from here; one module a subject."""

from .cases import (
    Case,
    CaseTopic,
    FormerSlug,
    RelatedCase,
    Status,
    Topic,
)
from .changes import RecordChange
from .counted import CaseChange, CountedCase, Tally, TallyChange
from .courts import Court, CourtAppeal, Level, System
from .desk import OpenForm
from .distinct import NotTheSame
from .dockets import DocketEntry, Response
from .events import (
    KIND_PLURALS,
    PUBLIC_ID_ALPHABET,
    PUBLIC_ID_LENGTH,
    Event,
    Happening,
    Kind,
    Outcome,
    Precedential,
    RulingForm,
)
from .files import MediaType, Reading, StoredFile
from .former import (
    FormerAttorney,
    FormerCourt,
    FormerDocument,
    FormerEntry,
    FormerJudge,
    FormerParty,
    merged_attorneys,
    present_courts,
)
from .imports import Import, ImportedDocket, ImportedEntry, ImportState
from .lookups import Among
from .parties import Attorney, Judge, Party, PartyKind, PartyRole, Representation, Role
from .places import CasePlace
from .proceedings import (
    DocketNumber,
    ExternalId,
    Proceeding,
    ProceedingJudge,
    Transfer,
    TransferKind,
)
from .publishing import Publishable, State
from .redactions import Redaction
from .rulings import (
    DERIVED_OUTCOMES,
    PASSIVE,
    Provision,
    Ruling,
    RulingCitation,
    RulingJudge,
    Treatment,
    Verb,
)
from .sources import Correction, Document, Reference, Source, SourceKind, Statement

__all__ = [
    "DERIVED_OUTCOMES",
    "KIND_PLURALS",
    "PASSIVE",
    "PUBLIC_ID_ALPHABET",
    "PUBLIC_ID_LENGTH",
    "Among",
    "Attorney",
    "Case",
    "CaseChange",
    "CasePlace",
    "CaseTopic",
    "Correction",
    "CountedCase",
    "Court",
    "CourtAppeal",
    "DocketEntry",
    "DocketNumber",
    "Document",
    "Event",
    "ExternalId",
    "FormerAttorney",
    "FormerCourt",
    "FormerDocument",
    "FormerEntry",
    "FormerJudge",
    "FormerParty",
    "FormerSlug",
    "Happening",
    "Import",
    "ImportState",
    "ImportedDocket",
    "ImportedEntry",
    "Judge",
    "Kind",
    "Level",
    "MediaType",
    "NotTheSame",
    "OpenForm",
    "Outcome",
    "Party",
    "PartyKind",
    "PartyRole",
    "Precedential",
    "Proceeding",
    "ProceedingJudge",
    "Provision",
    "Publishable",
    "Reading",
    "RecordChange",
    "Redaction",
    "Reference",
    "RelatedCase",
    "Representation",
    "Response",
    "Role",
    "Ruling",
    "RulingCitation",
    "RulingForm",
    "RulingJudge",
    "Source",
    "SourceKind",
    "State",
    "Statement",
    "Status",
    "StoredFile",
    "System",
    "Tally",
    "TallyChange",
    "Topic",
    "Transfer",
    "TransferKind",
    "Treatment",
    "Verb",
    "merged_attorneys",
    "present_courts",
]
