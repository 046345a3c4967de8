"""
One factory a model. What it builds passes `full_clean()` and says something; name only what a test is about.

Cases, entries and rulings take one flag for their state of publication, as `casetracker.publication`'s acts reach it:

    CaseFactory()                         a draft
    CaseFactory(in_review=True)
    CaseFactory(published=True)           readers see it
    CaseFactory(embargoed=True)           published from tomorrow on
    CaseFactory(withdrawn=True)           readers saw it once: 410
    CaseFactory(withheld=True)            readers saw it once: 410
    CaseFactory(withdrawn_unseen=True)    an embargo that was broken off: 404
    CaseFactory(withheld_unseen=True)     withheld from the start: 404

An entry with such a flag stands in a published case, unless the test names the case; so its own state alone decides.
"""

import datetime
import hashlib
import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.utils import timezone

from casetracker import publication
from casetracker.dates import UncertainDate
from casetracker.models import (
    Attorney,
    Case,
    CaseChange,
    Correction,
    CountedCase,
    Court,
    DocketEntry,
    DocketNumber,
    Document,
    Event,
    ExternalId,
    FormerAttorney,
    FormerCourt,
    FormerDocument,
    FormerEntry,
    FormerJudge,
    FormerParty,
    FormerSlug,
    Import,
    ImportedDocket,
    ImportedEntry,
    Judge,
    Kind,
    Level,
    MediaType,
    NotTheSame,
    OpenForm,
    Outcome,
    Party,
    PartyKind,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Provision,
    RecordChange,
    Reference,
    Representation,
    Response,
    Role,
    Ruling,
    RulingCitation,
    RulingForm,
    RulingJudge,
    Source,
    SourceKind,
    Statement,
    StoredFile,
    System,
    Tally,
    TallyChange,
    Topic,
    Transfer,
    TransferKind,
    Treatment,
    Verb,
)
from casetracker.models.events import new_public_id

if TYPE_CHECKING:
    # To the types of factory_boy a call of a factory class makes a factory; in truth it makes a row.
    factory: Any
else:
    import factory

EMBARGO = datetime.timedelta(days=1)

RowFactory: Any = factory.django.DjangoModelFactory


# --- people who sign in ---------------------------------------------------------------------------------------------


class UserFactory(RowFactory):
    """Without a usable password unless the test gives one: sign in with `force_login`."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person-{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", None)
        user: User = model_class(*args, **kwargs)
        user.set_password(password) if password else user.set_unusable_password()
        user.save()
        return user


class EditorFactory(UserFactory):
    """With every right on every table of the application."""

    is_staff = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> User:
        user: User = super()._create(model_class, *args, **kwargs)
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="casetracker"))
        return user


def in_role(name: str, **fields: Any) -> User:
    """Somebody who signs in to the desk in a role of `casetracker.roles`."""
    user: User = UserFactory(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=name))
    return user


# --- states of publication ------------------------------------------------------------------------------------------

Row = Any  # a case, an entry or a ruling


def _publish(row: Row) -> None:
    """
    What the act writes, without its questions: many tests want public rows, and most of an act's time goes into asking.
    tests/test_factories.py holds this to the act.
    """
    columns = publication_columns(since=datetime.timedelta())
    type(row)._default_manager.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)


def _embargo(row: Row) -> None:
    publication.publish(row, actor=None, embargo_until=timezone.now() + EMBARGO)


def _withdraw(row: Row) -> None:
    _publish(row)
    publication.withdraw(row, actor=None)


def _withhold(row: Row) -> None:
    _publish(row)
    publication.withhold(row, actor=None, reason="Ordered by the court.")


def _break_off(row: Row) -> None:
    _embargo(row)
    publication.withdraw(row, actor=None)


# Every state that a row can be in as readers and editors tell them apart, and how it gets there from a draft.
STATES: dict[str, Callable[[Row], object]] = {
    "draft": lambda row: None,
    "in_review": lambda row: publication.submit_for_review(row, actor=None),
    "published": _publish,
    "embargoed": _embargo,
    "withdrawn": _withdraw,
    "withheld": _withhold,
    "withdrawn_unseen": _break_off,
    "withheld_unseen": lambda row: publication.withhold(row, actor=None, reason="Names a child."),
}
FLAGS = tuple(STATES)


class PublishableFactory(RowFactory):
    """Takes at most one of `FLAGS`."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        chosen = [flag for flag in FLAGS if kwargs.pop(flag, False)]
        if len(chosen) > 1:
            raise ValueError(f"A row is in one state, not in {' and '.join(chosen)}.")
        row = super()._create(model_class, *args, **kwargs)
        for flag in chosen:
            STATES[flag](row)
        return row


def publication_columns(*, since: datetime.timedelta = datetime.timedelta(hours=1)) -> dict[str, Any]:
    """The columns of a row published `since` ago, for `bulk_create` and for lists too long for one act a row."""
    moment = timezone.now() - since
    return {"state": "published", "published_from": moment, "first_public_at": moment, "state_changed_at": moment}


# --- courts and cases -----------------------------------------------------------------------------------------------


class CourtFactory(RowFactory):
    """A federal trial court, and with `appellate=True` or `supreme=True` one above it."""

    class Meta:
        model = Court
        django_get_or_create = ("id",)

    class Params:
        appellate = factory.Trait(level=Level.APPELLATE, name=factory.Sequence(lambda n: f"Court of Appeals {n}"))
        supreme = factory.Trait(level=Level.SUPREME, name=factory.Sequence(lambda n: f"Supreme Court {n}"))

    id = factory.Sequence(lambda n: f"court{n}")
    name = factory.Sequence(lambda n: f"District Court {n}")
    short_name = factory.Sequence(lambda n: f"D. {n}")
    citation = factory.LazyAttribute(lambda court: court.short_name)
    level = Level.TRIAL
    system = System.FEDERAL


class OpenFormFactory(RowFactory):
    class Meta:
        model = OpenForm

    user = factory.SubFactory(UserFactory)
    table = "casetracker.event"
    key = factory.Sequence(str)


class RecordChangeFactory(RowFactory):
    class Meta:
        model = RecordChange

    # No transaction of the tests has one of these numbers.
    transaction = factory.Sequence(lambda n: -n - 1)


class CountedCaseFactory(RowFactory):
    class Meta:
        model = CountedCase

    # No case of the tests has one of these keys.
    case = factory.Sequence(lambda n: -n - 1)


class CaseChangeFactory(RowFactory):
    class Meta:
        model = CaseChange

    case = factory.Sequence(lambda n: -n - 1)
    transaction = factory.Sequence(lambda n: -n - 1)


class TallyFactory(RowFactory):
    class Meta:
        model = Tally

    unit = "case"
    given = "court"
    given_value = factory.Sequence(lambda n: f"court{n}")
    facet = "topic"
    value = "1"
    n = 1


class TallyChangeFactory(TallyFactory):
    class Meta:
        model = TallyChange


class ImportFactory(RowFactory):
    """Uploaded and not confirmed yet."""

    class Meta:
        model = Import

    files = [{"name": "docket.csv", "size": 1}]
    sha256 = "0" * 64
    data = b"x"


class ImportedDocketFactory(RowFactory):
    class Meta:
        model = ImportedDocket

    proceeding = factory.SubFactory("factories.ProceedingFactory")
    format = "csv"


class ImportedEntryFactory(RowFactory):
    class Meta:
        model = ImportedEntry

    docket = factory.SubFactory(ImportedDocketFactory)
    entry_key = factory.Sequence(lambda n: n + 1)
    filed = "2025-04-10"
    digest = "0123456789abcdef"
    fingerprints = {"title": "0123456789abcdef"}


class TopicFactory(RowFactory):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class CaseFactory(PublishableFactory):
    class Meta:
        model = Case

    name = factory.Sequence(lambda n: f"Smith v. Jones {n}")
    short_name = factory.Sequence(lambda n: f"Smith {n}")
    slug = factory.Sequence(lambda n: f"smith-v-jones-{n}")
    summary = "Smith asks the court to order Jones to return a book."


class FormerSlugFactory(RowFactory):
    class Meta:
        model = FormerSlug

    slug = factory.Sequence(lambda n: f"former-name-{n}")
    case = factory.SubFactory(CaseFactory)


class FormerEntryFactory(RowFactory):
    class Meta:
        model = FormerEntry

    public_id = factory.LazyFunction(new_public_id)
    event = factory.SubFactory("factories.EventFactory")
    was_public = False


class FormerPartyFactory(RowFactory):
    class Meta:
        model = FormerParty

    slug = factory.Sequence(lambda n: f"former-party-{n}")
    party = factory.SubFactory("factories.PartyFactory")
    was_public = False


class FormerAttorneyFactory(RowFactory):
    class Meta:
        model = FormerAttorney

    name = factory.Sequence(lambda n: f"Former Attorney {n}")
    firm = "Former Firm"
    attorney = factory.SubFactory("factories.AttorneyFactory")


class FormerJudgeFactory(RowFactory):
    class Meta:
        model = FormerJudge

    slug = factory.Sequence(lambda n: f"former-judge-{n}")
    judge = factory.SubFactory("factories.JudgeFactory")
    was_public = False


class FormerDocumentFactory(RowFactory):
    class Meta:
        model = FormerDocument

    uuid = factory.LazyFunction(uuid.uuid4)
    document = factory.SubFactory("factories.DocumentFactory")
    was_public = False


class FormerCourtFactory(RowFactory):
    class Meta:
        model = FormerCourt

    identifier = factory.Sequence(lambda n: f"oldcourt{n}")
    court = factory.SubFactory(CourtFactory)
    was_public = False


class NotTheSameFactory(RowFactory):
    """Two parties that are not one."""

    class Meta:
        model = NotTheSame

    party = factory.SubFactory("factories.PartyFactory")
    other_party = factory.SubFactory("factories.PartyFactory")
    note = "Two people of one name."


class ProceedingFactory(RowFactory):
    class Meta:
        model = Proceeding

    case = factory.SubFactory(CaseFactory)
    court = factory.SubFactory(CourtFactory)
    caption = factory.Sequence(lambda n: f"Smith v. Jones {n}")
    about = "Civil action"
    filed = UncertainDate.on(2025, 3, 24)


class DocketNumberFactory(RowFactory):
    class Meta:
        model = DocketNumber

    proceeding = factory.SubFactory(ProceedingFactory)
    number = factory.Sequence(lambda n: f"8:25-cv-{n + 1:05}")


class ExternalIdFactory(RowFactory):
    class Meta:
        model = ExternalId

    proceeding = factory.SubFactory(ProceedingFactory)
    scheme = ExternalId.Scheme.COURTLISTENER
    value = factory.Sequence(lambda n: str(69_777_000 + n))


class TransferFactory(RowFactory):
    """An appeal from one proceeding to another of the same case."""

    class Meta:
        model = Transfer

    kind = TransferKind.APPEAL
    origin = factory.SubFactory(ProceedingFactory)
    destination = factory.SubFactory(
        ProceedingFactory, case=factory.LazyAttribute(lambda proceeding: proceeding.factory_parent.origin.case)
    )


# --- people ---------------------------------------------------------------------------------------------------------


class PartyFactory(RowFactory):
    class Meta:
        model = Party

    name = factory.Sequence(lambda n: f"Jo Smith {n}")
    slug = factory.Sequence(lambda n: f"jo-smith-{n}")
    kind = PartyKind.PERSON


class PartyRoleFactory(RowFactory):
    class Meta:
        model = PartyRole

    proceeding = factory.SubFactory(ProceedingFactory)
    party = factory.SubFactory(PartyFactory)
    role = Role.PLAINTIFF


class AttorneyFactory(RowFactory):
    class Meta:
        model = Attorney

    name = factory.Sequence(lambda n: f"Ann Counsel {n}")
    firm = "Counsel & Counsel"


class RepresentationFactory(RowFactory):
    class Meta:
        model = Representation

    proceeding = factory.SubFactory(ProceedingFactory)
    party = factory.SubFactory(PartyFactory)
    attorney = factory.SubFactory(AttorneyFactory)


class JudgeFactory(RowFactory):
    class Meta:
        model = Judge

    name = factory.Sequence(lambda n: f"Pat Bench {n}")
    label = factory.Sequence(lambda n: f"Bench {n}, J.")
    slug = factory.Sequence(lambda n: f"pat-bench-{n}")
    title = "District Judge"


class ProceedingJudgeFactory(RowFactory):
    class Meta:
        model = ProceedingJudge

    proceeding = factory.SubFactory(ProceedingFactory)
    judge = factory.SubFactory(JudgeFactory)


# --- entries and rulings --------------------------------------------------------------------------------------------


class EventFactory(PublishableFactory):
    """A filing, outside any court unless the test names one."""

    class Meta:
        model = Event

    case = factory.Maybe(
        "has_flag",
        yes_declaration=factory.SubFactory(CaseFactory, published=True),
        no_declaration=factory.SubFactory(CaseFactory),
    )
    kind = Kind.FILING
    date = UncertainDate.on(2025, 4, 4)
    title = factory.Sequence(lambda n: f"Motion {n}")
    summary = "Smith asks for the book."

    class Params:
        # A draft's case is a draft too; whoever gives a state wants to see that state decide.
        has_flag = factory.LazyAttribute(
            lambda entry: any(getattr(entry, flag, False) for flag in FLAGS if flag != "draft")
        )


class RulingFactory(EventFactory):
    class Meta:
        model = Ruling

    kind = Kind.RULING
    court = factory.SubFactory(CourtFactory)
    title = factory.Sequence(lambda n: f"Order {n}")
    summary = "The court orders Jones to return the book."
    form = RulingForm.ORDER
    outcome = Outcome.GRANTED


class DocketEntryFactory(RowFactory):
    """On a docket of the entry's own case and court."""

    class Meta:
        model = DocketEntry

    proceeding = factory.SubFactory(ProceedingFactory)
    event = factory.SubFactory(
        EventFactory,
        case=factory.LazyAttribute(lambda event: event.factory_parent.proceeding.case),
        court=factory.LazyAttribute(lambda event: event.factory_parent.proceeding.court),
    )
    number = factory.Sequence(lambda n: str(n + 1))


class ResponseFactory(RowFactory):
    """An opposition to a motion in the same case."""

    class Meta:
        model = Response

    responds_to = factory.SubFactory(EventFactory)
    event = factory.SubFactory(
        EventFactory, case=factory.LazyAttribute(lambda event: event.factory_parent.responds_to.case)
    )


class RulingJudgeFactory(RowFactory):
    class Meta:
        model = RulingJudge

    ruling = factory.SubFactory(RulingFactory)
    judge = factory.SubFactory(JudgeFactory)


class RulingCitationFactory(RowFactory):
    class Meta:
        model = RulingCitation

    ruling = factory.SubFactory(RulingFactory)
    text = factory.Sequence(lambda n: f"{n + 1} F. Supp. 797")


class ProvisionFactory(RowFactory):
    class Meta:
        model = Provision

    ruling = factory.SubFactory(RulingFactory)
    text = factory.Sequence(lambda n: f"return book {n}")


def _case_of(target: Event | None) -> Case:
    return target.case if target else CaseFactory()


class TreatmentFactory(RowFactory):
    """A later ruling of the same case affirms the whole of an earlier one, or of one not recorded (`target=None`)."""

    class Meta:
        model = Treatment

    target = factory.SubFactory(RulingFactory)
    act = factory.SubFactory(
        RulingFactory,
        case=factory.LazyAttribute(lambda act: _case_of(act.factory_parent.target)),
        date=UncertainDate.on(2025, 4, 7),
    )
    verb = Verb.AFFIRMS


# --- sources --------------------------------------------------------------------------------------------------------


class SourceFactory(RowFactory):
    class Meta:
        model = Source

    kind = SourceKind.COURT_RECORD
    title = factory.Sequence(lambda n: f"Docket of Smith v. Jones, document {n}")
    publisher = "District Court"
    address = factory.Sequence(lambda n: f"https://court.example/documents/{n}")
    read_on = UncertainDate.on(2025, 11, 1)


class StatementFactory(RowFactory):
    class Meta:
        model = Statement

    event = factory.SubFactory(EventFactory)
    speaker = "Jo Smith"
    office = "Plaintiff"
    quote = "It is my book"


class ReferenceFactory(RowFactory):
    """Behind an entry; name `event=None` and a `case` or a `statement` for one behind those."""

    class Meta:
        model = Reference

    source = factory.SubFactory(SourceFactory)
    event = factory.SubFactory(EventFactory)


class StoredFileFactory(RowFactory):
    """A file of plain text; each has words of its own."""

    class Meta:
        model = StoredFile

    content = factory.Sequence(lambda n: f"The text of file {n}.\n".encode())
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    size = factory.LazyAttribute(lambda file: len(file.content))
    media_type = MediaType.TEXT


class DocumentFactory(RowFactory):
    class Meta:
        model = Document

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Motion, document {n}")
    address = factory.Sequence(lambda n: f"https://court.example/files/{n}.pdf")
    pages = 12


class CorrectionFactory(RowFactory):
    class Meta:
        model = Correction

    case = factory.SubFactory(CaseFactory)
    corrected_on = datetime.date(2025, 11, 2)
    text = "The date of the hearing was given as 3 April; it was 4 April."


_all: list[Any] = [value for value in globals().values() if inspect.isclass(value) and issubclass(value, RowFactory)]
FACTORIES: dict[type[models.Model], Any] = {
    make._meta.model: make for make in _all if make._meta.model not in {None, User}
}


# --- a whole dispute ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dispute:
    """What `two_court_dispute` made, by name."""

    case: Case
    trial_court: Court
    appeals_court: Court
    trial: Proceeding
    appeal: Proceeding
    plaintiff: Party
    defendant: Party
    judge: Judge
    motion: Event
    opposition: Event
    hearing: Event
    order: Event
    returned: Provision
    by_friday: Provision
    appeal_order: Event
    agreement: Event
    statement: Statement
    source: Source

    @property
    def entries(self) -> list[Event]:
        """In the order of the timeline."""
        return [self.motion, self.opposition, self.hearing, self.order, self.appeal_order, self.agreement]


def two_court_dispute(*, published: bool = True) -> Dispute:
    """
    A motion, its opposition and a hearing in a trial court; an order with two provisions, one of which the court of
    appeals affirms and one of which it vacates; then an agreement outside court. Each entry has a day in April 2025, a
    source and, in court, a place on a docket.
    """
    appeals_court = CourtFactory(appellate=True, short_name="4th Cir.")
    trial_court = CourtFactory(short_name="D. Md.")
    trial_court.appeals_to.add(appeals_court)
    case = CaseFactory(published=published)
    trial = ProceedingFactory(case=case, court=trial_court, caption="Smith v. Jones", display_order=1)
    appeal = ProceedingFactory(
        case=case,
        court=appeals_court,
        caption="Smith v. Jones",
        about="Appeal",
        filed=UncertainDate.on(2025, 4, 5),
        display_order=2,
    )
    DocketNumberFactory(proceeding=trial, number="8:25-cv-00951", is_main=True)
    DocketNumberFactory(proceeding=appeal, number="25-1345", is_main=True)
    TransferFactory(origin=trial, destination=appeal, date=UncertainDate.on(2025, 4, 5))
    plaintiff, defendant = PartyFactory(name="Jo Smith"), PartyFactory(name="Sam Jones")
    PartyRoleFactory(proceeding=trial, party=plaintiff, role=Role.PLAINTIFF)
    PartyRoleFactory(proceeding=trial, party=defendant, role=Role.DEFENDANT)
    PartyRoleFactory(proceeding=appeal, party=plaintiff, role=Role.APPELLEE)
    PartyRoleFactory(proceeding=appeal, party=defendant, role=Role.APPELLANT)
    RepresentationFactory(proceeding=trial, party=plaintiff)
    judge = JudgeFactory()
    ProceedingJudgeFactory(proceeding=trial, judge=judge)
    source = SourceFactory()

    def entry(make: type[EventFactory], day: int, docket: Proceeding | None, **fields: Any) -> Event:
        row: Event = make(
            case=case, court=docket and docket.court, date=UncertainDate.on(2025, 4, day), published=published, **fields
        )
        if docket:
            DocketEntryFactory(event=row, proceeding=docket, number=str(day), position=day)
        ReferenceFactory(event=row, source=source, pinpoint=f"Doc. {day}")
        return row

    motion = entry(EventFactory, 1, trial, title="Motion for the return of the book")
    opposition = entry(EventFactory, 2, trial, title="Opposition to the motion")
    hearing = entry(EventFactory, 3, trial, title="Hearing on the motion", kind=Kind.HEARING)
    order = entry(RulingFactory, 4, trial, title="Order to return the book", form=RulingForm.INJUNCTION)
    appeal_order = entry(RulingFactory, 7, appeal, title="Opinion on appeal", form=RulingForm.OPINION, outcome="")
    agreement = entry(EventFactory, 10, None, title="The parties agree", kind=Kind.EVENT)
    ResponseFactory(event=opposition, responds_to=motion)
    ResponseFactory(event=order, responds_to=motion)
    RulingJudgeFactory(ruling=order, judge=judge)
    RulingCitationFactory(ruling=order, text="777 F. Supp. 3d 1")
    returned = ProvisionFactory(ruling=order, text="return the book", quoted=True, position=1)
    by_friday = ProvisionFactory(ruling=order, text="by Friday", quoted=True, position=2)
    TreatmentFactory(act=appeal_order, target=order, verb=Verb.AFFIRMS, provision=returned, position=1)
    TreatmentFactory(act=appeal_order, target=order, verb=Verb.VACATES, provision=by_friday, position=2)
    statement = StatementFactory(event=appeal_order, speaker="Sam Jones", quote="", paraphrase="Said that he had won.")
    ReferenceFactory(event=None, statement=statement, source=source, pinpoint="p. 3")
    return Dispute(
        case=case,
        trial_court=trial_court,
        appeals_court=appeals_court,
        trial=trial,
        appeal=appeal,
        plaintiff=plaintiff,
        defendant=defendant,
        judge=judge,
        motion=motion,
        opposition=opposition,
        hearing=hearing,
        order=order,
        returned=returned,
        by_friday=by_friday,
        appeal_order=appeal_order,
        agreement=agreement,
        statement=statement,
        source=source,
    )
