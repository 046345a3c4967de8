"""
What must not come out: rows in every state that readers may not see, with a word of its own in every text of each.

`build_public()` makes the site that readers may see, `hide(public, canaries)` puts beside it, into it and across its
links everything that they may not.
"""

import datetime
import itertools
import string
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from factories import (
    STATES,
    AttorneyFactory,
    CaseFactory,
    CorrectionFactory,
    CourtFactory,
    Dispute,
    DocketEntryFactory,
    DocketNumberFactory,
    DocumentFactory,
    EventFactory,
    ExternalIdFactory,
    FormerAttorneyFactory,
    FormerCourtFactory,
    FormerDocumentFactory,
    FormerEntryFactory,
    FormerJudgeFactory,
    FormerPartyFactory,
    FormerSlugFactory,
    JudgeFactory,
    NotTheSameFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    ProceedingJudgeFactory,
    ProvisionFactory,
    ReferenceFactory,
    RepresentationFactory,
    ResponseFactory,
    RulingCitationFactory,
    RulingFactory,
    RulingJudgeFactory,
    SourceFactory,
    StatementFactory,
    StoredFileFactory,
    TopicFactory,
    TransferFactory,
    TreatmentFactory,
    two_court_dispute,
)

from casetracker.dates import UncertainDate
from casetracker.models import (
    Attorney,
    Case,
    Correction,
    Court,
    DocketEntry,
    DocketNumber,
    Document,
    Event,
    ExternalId,
    FormerAttorney,
    Happening,
    Judge,
    Kind,
    Outcome,
    Party,
    PartyKind,
    PartyRole,
    Proceeding,
    Provision,
    Reference,
    Representation,
    RulingCitation,
    Source,
    Statement,
    Topic,
    Transfer,
    Treatment,
    Verb,
)
from casetracker.models.fields import UncertainDateField

HIDDEN_STATES = tuple(name for name in STATES if name != "published")
# Readers have seen these: their addresses answer 410.
GONE_STATES = ("withdrawn", "withheld")

# Days, and the outcome, that only hidden entries have.
HIDDEN_DAYS = (UncertainDate.on(1871, 3, 14), UncertainDate.on(2025, 4, 5), UncertainDate.on(2025, 4, 8))
HIDDEN_OUTCOME = Outcome.MOOT

# Texts that hold no word of ours, and why.
NOT_PLANTED = {
    "casetracker.Court.time_zone": "only names of zones",
    "casetracker.Event.time_zone": "only names of zones",
    "casetracker.Event.public_id": "made at random; it counts as a canary itself",
    "casetracker.FormerEntry.public_id": "made at random; it counts as a canary itself",
    "casetracker.Document.sha256": "only a checksum",
    "casetracker.StoredFile.sha256": "only a checksum",
    "casetracker.OpenForm.table": "only the name of a table",
    "casetracker.OpenForm.key": "only the key of a row",
    "casetracker.Import.court": "only the key of a court, read by the screen of imports alone",
    "casetracker.Import.sha256": "only a checksum",
    "casetracker.ImportedDocket.format": "only the name of a format",
    "casetracker.ImportedEntry.filed": "only a date",
    "casetracker.ImportedEntry.number": "only the number of an entry",
    "casetracker.ImportedEntry.sequence": "only the court's key of a line",
    "casetracker.ImportedEntry.digest": "only a checksum",
    "casetracker.ImportedEntry.doubts": "only names of doubts",
    **{
        f"casetracker.{model}.{column}": "only names of facets and keys"
        for model in ("Tally", "TallyChange")
        for column in ("unit", "given", "given_value", "facet", "value")
    },
    "casetracker.Redaction.authority": "read by the page of redactions alone: tests/admin/test_redacting.py",
}


class Canaries:
    """Words that stand nowhere else, each with what it was planted in."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}
        self._letters = itertools.product(string.ascii_lowercase, repeat=3)

    def word(self, where: str) -> str:
        word = f"zq{''.join(next(self._letters))}qz"
        self.planted[word] = where
        return word

    def texts(self, model: type[models.Model], where: str, *leave: str) -> dict[str, str]:
        """A value with a word of its own for each text of `model`, for a row that `where` tells of."""
        found = {}
        for text in text_fields(model):
            label = f"{model._meta.label}.{text.name}"
            if text.name in leave or label in NOT_PLANTED:
                continue
            word = self.word(f"{label} of {where}")
            found[text.name] = f"https://{word}.example/" if text.name in ADDRESSES else word
        return found


ADDRESSES = {"address", "archived_address", "website"}


def text_fields(model: type[models.Model]) -> list[Any]:
    """The columns of a model in which somebody writes words."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not isinstance(column, UncertainDateField)
        and not isinstance(column, models.GeneratedField)
        and not column.choices
    ]


def our_models() -> list[type[models.Model]]:
    """The models of the application without proxies and without the history that the database writes."""
    return [
        model
        for model in apps.get_app_config("casetracker").get_models()
        if not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
    ]


# --- what readers may see -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Public:
    dispute: Dispute
    other: Case
    topic: Topic
    attorney: Attorney
    stay: Treatment
    former_slug: str
    former_entry: str
    former_party: str
    former_court: str
    former_judge: str
    former_document: str
    document: Document


def build_public() -> Public:
    """Three public cases, one of them invented, with an example of everything that a page can show."""
    dispute = two_court_dispute()
    case = dispute.case
    former_slug = case.slug
    case.slug = f"{former_slug}-now"
    case.save()
    topic = TopicFactory(name="Loans", slug="loans")
    other = CaseFactory(name="Roe v. Doe", published=True)
    for row in (case, other):
        row.topics.add(topic)
    case.related.add(other)
    for day in (1, 20, 25):
        RulingFactory(case=other, court=dispute.trial_court, date=UncertainDate.on(2025, 4, day), published=True)
    ProceedingFactory(case=other, court=dispute.trial_court)
    soon = timezone.localdate() + datetime.timedelta(days=30)
    EventFactory(
        case=other,
        court=dispute.trial_court,
        kind=Kind.HEARING,
        happening=Happening.SCHEDULED,
        date=UncertainDate.on(soon.year, soon.month, soon.day),
        title="Hearing to come",
        published=True,
    )
    EventFactory(case=CaseFactory(name="A v. B", is_invented=True, published=True), published=True)
    PartyRoleFactory(proceeding=dispute.trial, party=PartyFactory(name="Robin Private", kind=PartyKind.PRIVATE_PERSON))
    DocumentFactory(event=dispute.order)
    document = DocumentFactory(event=dispute.order, title="Order with its file", file=StoredFileFactory())
    document.refresh_from_db()
    CorrectionFactory(case=case)
    CorrectionFactory(case=case, event=dispute.order)
    ReferenceFactory(event=None, case=case)
    stay = TreatmentFactory(act=dispute.appeal_order, target=dispute.order, verb=Verb.STAYS)
    attorney = dispute.trial.representations.get().attorney
    former_entry = FormerEntryFactory(event=dispute.order, was_public=True)
    former_party = FormerPartyFactory(party=dispute.plaintiff, was_public=True)
    former_court = FormerCourtFactory(court=dispute.trial_court, was_public=True)
    former_judge = FormerJudgeFactory(judge=dispute.judge, was_public=True)
    former_document = FormerDocumentFactory(document=document, was_public=True)
    return Public(
        dispute,
        other,
        topic,
        attorney,
        stay,
        former_slug,
        former_entry.public_id,
        former_party.slug,
        former_court.identifier,
        former_judge.slug,
        str(former_document.uuid),
        document,
    )


# --- what they may not ----------------------------------------------------------------------------------------------


@dataclass
class Hidden:
    """Keys of hidden things, as somebody would put them into an address, and how the addresses answer."""

    cases: dict[str, int] = field(default_factory=dict)  # slugs, former ones too: 404 or 410
    entries: dict[str, int] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)  # of the case of each entry
    samples: list[str] = field(default_factory=list)  # one entry of each state, in a hidden case and in a public one
    files: dict[str, int] = field(default_factory=dict)  # of documents, by the word in their address
    courts: list[str] = field(default_factory=list)
    former_courts: list[str] = field(default_factory=list)
    former_parties: list[str] = field(default_factory=list)
    former_judges: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    judges: list[Judge] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def hide(public: Public, canaries: Canaries) -> Hidden:
    hidden = Hidden()
    for state in HIDDEN_STATES:
        _hide_case(state, public, canaries, hidden)
        _hide_entries(state, public, canaries, hidden)
    where = "a sealed document of a public entry"
    _document(public.dispute.order, where, canaries, hidden, sealed=True, status=404)
    # Columns of public rows that lead to hidden ones.
    first, last = (Event.objects.filter(public_id__in=hidden.entries).order_by(order)[0] for order in ("pk", "-pk"))
    Treatment.objects.filter(pk=public.stay.pk).update(until_event=first)
    Statement.objects.filter(pk=public.dispute.statement.pk).update(said_at=last)
    return hidden


def _reach(state: str, row: Case | Event, canaries: Canaries) -> None:
    """Bring a draft into a state, with a private reason where the act takes one."""
    STATES[state](row)
    reason = canaries.word(
        f"casetracker.{'Case' if isinstance(row, Case) else 'Event'}.state_reason of what is {state}"
    )
    type(row)._default_manager.filter(pk=row.pk).update(state_reason=reason)


def _hide_case(state: str, public: Public, canaries: Canaries, hidden: Hidden) -> None:
    """A hidden case, all of whose entries are published."""
    where = f"a case that is {state}"
    dispute = public.dispute
    former = canaries.word(f"casetracker.FormerSlug.slug of {where}")
    case = CaseFactory(**canaries.texts(Case, where, "state_reason", "slug"), slug=former)
    court = CourtFactory(**canaries.texts(Court, where))
    court.appeals_to.add(dispute.appeals_court)
    dispute.appeals_court.appeals_to.add(court)
    case.topics.add(TopicFactory(**canaries.texts(Topic, where)), public.topic)
    case.related.add(dispute.case)

    proceeding = ProceedingFactory(case=case, court=court, **canaries.texts(Proceeding, where))
    at_public_court = ProceedingFactory(case=case, court=dispute.trial_court)
    DocketNumberFactory(proceeding=proceeding, is_main=True, **canaries.texts(DocketNumber, where))
    same_number = DocketNumberFactory(proceeding=at_public_court, number=f"9:71-cv-{len(hidden.numbers) + 70001}")
    ExternalIdFactory(proceeding=proceeding, **canaries.texts(ExternalId, where))
    judge = JudgeFactory(**canaries.texts(Judge, where))
    party = PartyFactory(**canaries.texts(Party, where))
    attorney = AttorneyFactory(**canaries.texts(Attorney, where))
    for who in (attorney, public.attorney):
        FormerAttorneyFactory(attorney=who, **canaries.texts(FormerAttorney, where))
    for docket, sitting in ((proceeding, judge), (at_public_court, dispute.judge)):
        ProceedingJudgeFactory(proceeding=docket, judge=sitting)
    for person in (party, dispute.plaintiff):
        PartyRoleFactory(proceeding=proceeding, party=person, **canaries.texts(PartyRole, where))
    for counsel in (attorney, public.attorney):
        note = canaries.texts(Representation, where)
        RepresentationFactory(proceeding=proceeding, party=dispute.plaintiff, attorney=counsel, **note)
    for ends in (
        {"origin": dispute.trial, "destination": proceeding},
        {"origin": proceeding, "destination": dispute.appeal},
    ):
        note = canaries.texts(Transfer, where, "origin_number", "destination_number")
        TransferFactory(**ends, **note)
    TransferFactory(
        origin=None, origin_court=court, destination=proceeding, **canaries.texts(Transfer, where, "destination_number")
    )
    TransferFactory(
        destination=None, destination_court=court, origin=proceeding, **canaries.texts(Transfer, where, "origin_number")
    )
    made = _entries(
        case, court, where, public, canaries, proceeding=proceeding, judge=judge, state="published", hidden=hidden
    )
    CorrectionFactory(case=case, **canaries.texts(Correction, where))
    ReferenceFactory(
        event=None,
        case=case,
        source=SourceFactory(**canaries.texts(Source, where)),
        **canaries.texts(Reference, where),
    )
    case.slug = canaries.word(f"casetracker.Case.slug of {where}")
    case.save()
    _reach(state, case, canaries)

    _merge_rows_into_them(party, judge, court, where, public, canaries, hidden)
    remark = canaries.word(f"casetracker.NotTheSame.note of {where}")
    NotTheSameFactory(party=None, other_party=None, case=case, other_case=dispute.case, note=remark)
    status = 410 if state in GONE_STATES else 404
    hidden.cases |= {case.slug: status, former: status}
    hidden.entries |= {entry.public_id: status for entry in made}
    hidden.slugs |= {entry.public_id: case.slug for entry in made}
    hidden.samples.append(made[1].public_id)
    hidden.courts.append(court.pk)
    hidden.topics += [topic.slug for topic in case.topics.all() if topic != public.topic]
    hidden.parties.append(party)
    hidden.judges.append(judge)
    hidden.numbers += [proceeding.numbers.get().number, same_number.number]
    hidden.names.append(case.name)


def _merge_rows_into_them(
    party: Party, judge: Judge, court: Court, where: str, public: Public, canaries: Canaries, hidden: Hidden
) -> None:
    """Addresses of what was merged: of what readers had, into hidden rows; of what they never had, into public ones."""
    for into, was_public in ((party, True), (public.dispute.plaintiff, False)):
        slug = canaries.word(f"casetracker.FormerParty.slug of {where}")
        hidden.former_parties.append(FormerPartyFactory(slug=slug, party=into, was_public=was_public).slug)
    for to_judge, was_public in ((judge, True), (public.dispute.judge, False)):
        slug = canaries.word(f"casetracker.FormerJudge.slug of {where}")
        hidden.former_judges.append(FormerJudgeFactory(slug=slug, judge=to_judge, was_public=was_public).slug)
    for to_court, was_public in ((court, True), (public.dispute.trial_court, False)):
        key = canaries.word(f"casetracker.FormerCourt.identifier of {where}")
        former = FormerCourtFactory(identifier=key, court=to_court, was_public=was_public)
        hidden.former_courts.append(former.identifier)
    unseen = canaries.word(f"casetracker.FormerSlug.slug of {where}")
    FormerSlugFactory(slug=unseen, case=public.dispute.case, is_unseen=True)
    hidden.cases[unseen] = 404


def _hide_entries(state: str, public: Public, canaries: Canaries, hidden: Hidden) -> None:
    """Hidden entries of a public case, at a court that the public case has and at one that it has not."""
    where = f"an entry that is {state}"
    court = CourtFactory(**canaries.texts(Court, where))
    judge = JudgeFactory(**canaries.texts(Judge, where))
    case, trial = public.dispute.case, public.dispute.trial
    made = _entries(case, court, where, public, canaries, proceeding=trial, judge=judge, state=state, hidden=hidden)
    for entry in made[:2]:
        CorrectionFactory(case=case, event=entry, **canaries.texts(Correction, where))
    hidden.entries |= {entry.public_id: 410 if state in GONE_STATES else 404 for entry in made}
    hidden.slugs |= {entry.public_id: case.slug for entry in made}
    hidden.samples.append(made[1].public_id)
    hidden.courts.append(court.pk)
    hidden.judges.append(judge)


def _entries(
    case: Case,
    court: Court,
    where: str,
    public: Public,
    canaries: Canaries,
    *,
    proceeding: Proceeding,
    judge: Judge,
    state: str,
    hidden: Hidden,
) -> list[Event]:
    """Rulings, a filing, a hearing to come and an event outside court, in `state`, with all that hangs on them."""
    dispute = public.dispute
    of_rulings = ("holding", "vote")
    soon = timezone.localdate() + datetime.timedelta(days=7)

    def texts(*leave: str) -> dict[str, str]:
        return canaries.texts(Event, where, "state_reason", *leave)

    early, between, later = HIDDEN_DAYS
    ruling = RulingFactory(case=case, court=court, date=early, outcome=HIDDEN_OUTCOME, **texts())
    at_docket = RulingFactory(case=case, court=proceeding.court, date=between, outcome="", **texts())
    filing = EventFactory(case=case, court=proceeding.court, date=later, **texts(*of_rulings))
    hearing = EventFactory(
        case=case,
        court=court,
        kind=Kind.HEARING,
        happening=Happening.SCHEDULED,
        date=UncertainDate.on(soon.year, soon.month, soon.day),
        **texts(*of_rulings),
    )
    outside = EventFactory(case=case, kind=Kind.EVENT, date=between, **texts(*of_rulings))
    made: list[Event] = [ruling, at_docket, filing, hearing, outside]

    for docketed in (at_docket, filing):
        DocketEntryFactory(event=docketed, proceeding=proceeding, **canaries.texts(DocketEntry, where))
    RulingJudgeFactory(ruling=ruling, judge=judge)
    RulingJudgeFactory(ruling=at_docket, judge=dispute.judge)
    RulingCitationFactory(ruling=ruling, **canaries.texts(RulingCitation, where))
    provision = ProvisionFactory(ruling=ruling, **canaries.texts(Provision, where))
    TreatmentFactory(
        act=at_docket,
        target=ruling,
        provision=provision,
        verb=Verb.REVERSES,
        **canaries.texts(Treatment, where, "target_number"),
    )
    TreatmentFactory(
        act=at_docket, target=dispute.order, verb=Verb.REMANDS, **canaries.texts(Treatment, where, "target_number")
    )
    TreatmentFactory(
        act=dispute.appeal_order, target=ruling, verb=Verb.REVERSES, **canaries.texts(Treatment, where, "target_number")
    )
    TreatmentFactory(
        act=ruling, target=None, target_court=court, verb=Verb.MODIFIES, **canaries.texts(Treatment, where)
    )
    ResponseFactory(event=filing, responds_to=dispute.motion)
    ResponseFactory(event=dispute.opposition, responds_to=filing)
    ResponseFactory(event=ruling, responds_to=filing)
    for row in made:
        source = SourceFactory(**canaries.texts(Source, where))
        ReferenceFactory(event=row, source=source, **canaries.texts(Reference, where))
    ReferenceFactory(event=ruling, source=dispute.source, **canaries.texts(Reference, where))
    statement = StatementFactory(event=ruling, said_at=dispute.hearing, **canaries.texts(Statement, where))
    ReferenceFactory(
        event=None,
        statement=statement,
        source=SourceFactory(**canaries.texts(Source, where)),
        **canaries.texts(Reference, where),
    )
    _document(ruling, where, canaries, hidden, sealed=True, status=404)
    is_gone = where.rpartition(" ")[2] in GONE_STATES
    _document(ruling, where, canaries, hidden, sealed=False, status=410 if is_gone else 404)
    for entry in made:
        if state == "published":
            STATES[state](entry)
        else:
            _reach(state, entry, canaries)
        canaries.planted[entry.public_id] = f"the permanent address of an entry of {where}"
    _merge_into_them(ruling, where, state, case, public, canaries, hidden)
    hidden.names.append(made[1].title)
    return made


def _document(entry: Event, where: str, canaries: Canaries, hidden: Hidden, *, sealed: bool, status: int) -> None:
    """A document with a file, each with words of its own; `status` is what the address of the file answers."""
    texts = canaries.texts(Document, where, "sha256")
    file = StoredFileFactory(content=canaries.word(f"casetracker.StoredFile.content of {where}").encode())
    document = DocumentFactory(event=entry, sealed=sealed, file=file, **texts)
    # A file that was read; before that a document with a file has no text.
    Document.objects.filter(pk=document.pk).update(text=texts["text"], reading="read")
    document.refresh_from_db()
    hidden.files[str(document.uuid)] = status


def _merge_into_them(
    entry: Event, where: str, state: str, case: Case, public: Public, canaries: Canaries, hidden: Hidden
) -> None:
    """Addresses that once were those of entries: of one that readers had, merged into a hidden one; of drafts."""
    had = FormerEntryFactory(event=entry, was_public=True)
    of_drafts = [FormerEntryFactory(event=row, was_public=False) for row in (entry, public.dispute.order)]
    for former in (had, *of_drafts):
        canaries.planted[former.public_id] = f"the permanent address of an entry that was merged, {where}"
        hidden.slugs[former.public_id] = case.slug
    # A case that is hidden takes its published entries with it.
    is_gone = where.rpartition(" ")[2] in GONE_STATES
    hidden.entries |= {former.public_id: 404 for former in of_drafts} | {had.public_id: 410 if is_gone else 404}


# --- when all of it is published ------------------------------------------------------------------------------------


def publish_everything() -> None:
    """Every case and entry public since an hour ago, and no document sealed: what was planted can be seen."""
    moment = timezone.now() - datetime.timedelta(hours=1)
    for model in (Case, Event):
        seen = model._default_manager.filter(first_public_at__lte=timezone.now())
        seen.update(state="published", published_from=Coalesce("published_from", Value(moment)))
        rest = model._default_manager.exclude(first_public_at__lte=timezone.now())
        rest.update(state="published", published_from=moment, first_public_at=moment)
    Document.objects.update(sealed=False)


def end_embargoes() -> int:
    """Let the clock pass every embargo; how many ended."""
    moment = timezone.now() - datetime.timedelta(minutes=1)
    return sum(
        model._default_manager.filter(state="published", published_from__gt=timezone.now()).update(
            published_from=moment, first_public_at=moment
        )
        for model in (Case, Event)
    )
