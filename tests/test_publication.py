"""The acts of publication: what is allowed from where, what each leaves behind, and what two at once do."""

import datetime
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from threads import run_together

from casetracker import publication
from casetracker.models import Case, Event, Ruling
from casetracker.models.visibility import is_public
from casetracker.publication import PublicationError

TOMORROW = datetime.timedelta(days=1)

ACTS: dict[str, Callable[..., Any]] = {
    "publish": publication.publish,
    "embargo": lambda row, actor: publication.publish(
        row, actor=actor, embargo_until=timezone.now() + datetime.timedelta(days=3)
    ),
    "submit_for_review": publication.submit_for_review,
    "ask_reviewer": lambda row, actor: publication.ask_reviewer(row, actor=actor, reviewer=None),
    "return_to_draft": publication.return_to_draft,
    "withdraw": publication.withdraw,
    "lift": publication.lift,
    "withhold": lambda row, actor: publication.withhold(row, actor=actor, reason="Ordered by the court."),
}

PUBLISHED_ALREADY = "This is published already."
NO_EMBARGO = "Readers have seen this already; an embargo would only hide it. Withdraw it instead."
NO_DRAFT = "Readers have seen this; it is withdrawn, not turned back into a draft."


def no_way(state: str, to: str) -> str:
    return f"What is {state} cannot be turned into {to}."


# From each state by each act: the state that it leads to, in the words of `factories.FLAGS`, or the refusal, which ends
# with a full stop, as an editor reads it.
TABLE: dict[str, dict[str, str]] = {
    "draft": {
        "publish": "published",
        "embargo": "embargoed",
        "submit_for_review": "in_review",
        "return_to_draft": no_way("draft", "draft"),
        "withdraw": no_way("draft", "withdrawn"),
        "withhold": "withheld_unseen",
        "ask_reviewer": no_way("draft", "in review"),
        "lift": no_way("draft", "draft"),
    },
    "in_review": {
        "publish": "published",
        "embargo": "embargoed",
        "submit_for_review": no_way("in review", "in review"),
        "return_to_draft": "draft",
        "withdraw": no_way("in review", "withdrawn"),
        "withhold": "withheld_unseen",
        "ask_reviewer": "in_review",
        "lift": no_way("in review", "draft"),
    },
    "published": {
        "publish": PUBLISHED_ALREADY,
        "embargo": PUBLISHED_ALREADY,
        "submit_for_review": no_way("published", "in review"),
        "return_to_draft": NO_DRAFT,
        "withdraw": "withdrawn",
        "withhold": "withheld",
        "ask_reviewer": no_way("published", "in review"),
        "lift": no_way("published", "draft"),
    },
    "embargoed": {
        "publish": "published",
        "embargo": "embargoed",
        "submit_for_review": no_way("published", "in review"),
        "return_to_draft": "draft",
        "withdraw": "withdrawn_unseen",
        "withhold": "withheld_unseen",
        "ask_reviewer": no_way("published", "in review"),
        "lift": no_way("published", "draft"),
    },
    "withdrawn": {
        "publish": "published",
        "embargo": NO_EMBARGO,
        "submit_for_review": no_way("withdrawn", "in review"),
        "return_to_draft": NO_DRAFT,
        "withdraw": no_way("withdrawn", "withdrawn"),
        "withhold": "withheld",
        "ask_reviewer": no_way("withdrawn", "in review"),
        "lift": no_way("withdrawn", "draft"),
    },
    "withheld": {
        "publish": no_way("withheld", "published"),
        "embargo": no_way("withheld", "published"),
        "submit_for_review": no_way("withheld", "in review"),
        "return_to_draft": no_way("withheld", "draft"),
        "withdraw": no_way("withheld", "withdrawn"),
        "withhold": no_way("withheld", "withheld"),
        "ask_reviewer": no_way("withheld", "in review"),
        "lift": "withdrawn",
    },
    "withdrawn_unseen": {
        "publish": "published",
        "embargo": "embargoed",
        "submit_for_review": no_way("withdrawn", "in review"),
        "return_to_draft": "draft",
        "withdraw": no_way("withdrawn", "withdrawn"),
        "withhold": "withheld_unseen",
        "ask_reviewer": no_way("withdrawn", "in review"),
        "lift": no_way("withdrawn", "draft"),
    },
    "withheld_unseen": {
        "publish": no_way("withheld", "published"),
        "embargo": no_way("withheld", "published"),
        "submit_for_review": no_way("withheld", "in review"),
        "return_to_draft": no_way("withheld", "draft"),
        "withdraw": no_way("withheld", "withdrawn"),
        "withhold": no_way("withheld", "withheld"),
        "ask_reviewer": no_way("withheld", "in review"),
        "lift": "draft",
    },
}


def state_of(row: Any) -> str:
    """Which of `factories.FLAGS` the row is in, told from its columns in plain words."""
    now = timezone.now()
    seen = row.first_public_at is not None and row.first_public_at <= now
    if row.state == "published":
        assert row.published_from is not None
        assert row.first_public_at is not None
        return "published" if row.published_from <= now else "embargoed"
    if row.state in {"withdrawn", "withheld"}:
        # What nobody has seen keeps no moment at all: nothing will become public by the clock.
        assert seen or (row.first_public_at is None and row.published_from is None)
        return str(row.state) if seen else f"{row.state}_unseen"
    assert row.first_public_at is None
    assert row.published_from is None
    return str(row.state)


def columns(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in publication._COLUMNS}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", make.FLAGS)
@pytest.mark.parametrize("factory", [make.CaseFactory, make.EventFactory, make.RulingFactory])
def test_act_leads_where_the_table_says_or_is_refused(factory: Any, state: str, act: str) -> None:
    row = factory(**{state: True})
    assert state_of(row) == state
    row.refresh_from_db()
    before, moment = columns(row), timezone.now()
    user = make.UserFactory(is_superuser=True)
    leads_to = TABLE[state][act]
    if leads_to.endswith("."):
        with pytest.raises(PublicationError) as refusal:
            ACTS[act](row, actor=user)
        assert str(refusal.value) == leads_to
        row.refresh_from_db()
        assert columns(row) == before
        return
    returned = ACTS[act](row, actor=user)
    assert returned is row
    written = columns(row)
    row.refresh_from_db()
    assert columns(row) == written
    assert state_of(row) == leads_to
    assert row.state_changed_by == user
    assert row.state_changed_at >= moment
    assert row.state_reason == ("Ordered by the court." if act == "withhold" else "")
    assert row.is_gone is (leads_to in {"withdrawn", "withheld"})
    assert row.is_published_now is (leads_to == "published")
    assert row.is_embargoed is (leads_to == "embargoed")
    row.full_clean()


def test_table_has_every_state_and_every_act() -> None:
    assert set(TABLE) == set(make.FLAGS)
    assert all(set(acts) == set(ACTS) for acts in TABLE.values())
    # One that nobody tests would be one that nobody thought of.
    public = {
        name for name, value in vars(publication).items() if callable(value) and name.islower() and name[0] != "_"
    }
    acts = {name for name in public if vars(publication)[name].__module__ == publication.__name__}
    # These have tests of their own.
    assert acts == set(ACTS) - {"embargo"} | {"publish_with_entries", "as_if_published"}


@pytest.mark.django_db
class TestEmbargo:
    def test_ends_by_the_clock(self) -> None:
        case = make.CaseFactory(embargoed=True)
        a_minute_ago = timezone.now() - datetime.timedelta(minutes=1)
        assert not Case.objects.public().exists()
        Case.objects.filter(pk=case.pk).update(published_from=a_minute_ago, first_public_at=a_minute_ago)
        case.refresh_from_db()
        assert case.is_published_now
        assert list(Case.objects.public()) == [case]
        publication.withdraw(case, actor=None)
        assert case.is_gone

    def test_ends_without_anybody_doing_anything(self) -> None:
        case = make.CaseFactory()
        soon = timezone.now() + datetime.timedelta(milliseconds=400)
        Case.objects.filter(pk=case.pk).update(state="published", published_from=soon, first_public_at=soon)
        assert not is_public(case)
        while timezone.now() <= soon:
            pass
        assert is_public(case)

    def test_is_public_from_the_moment_itself(self) -> None:
        case = make.CaseFactory()
        until = timezone.now() + TOMORROW
        publication.publish(case, actor=None, embargo_until=until)
        case.refresh_from_db()
        assert case.published_from == case.first_public_at == until

    def test_in_the_past_is_publication_now_and_not_before(self) -> None:
        moment = timezone.now()
        case = publication.publish(make.CaseFactory(), actor=None, embargo_until=moment - TOMORROW)
        assert case.is_published_now
        assert case.first_public_at is not None
        assert case.first_public_at >= moment

    def test_without_a_time_zone_is_refused(self) -> None:
        case = make.CaseFactory()
        with pytest.raises(ValueError, match="time zone"):
            publication.publish(case, actor=None, embargo_until=datetime.datetime(2030, 1, 1))
        case.refresh_from_db()
        assert case.state == "draft"

    def test_broken_off_leaves_no_trace_for_readers(self) -> None:
        for factory in (make.CaseFactory, make.EventFactory):
            row = factory(embargoed=True)
            publication.withdraw(row, actor=None)
            row.refresh_from_db()
            assert not row.is_gone
            assert not row.has_been_public
            assert not type(row).objects.gone().exists()
            assert not type(row).objects.filter(pk=row.pk).public().exists()

    def test_that_never_ended_does_not_count_when_published_again(self) -> None:
        case = make.CaseFactory(withdrawn_unseen=True)
        moment = timezone.now()
        publication.publish(case, actor=None)
        assert case.first_public_at is not None
        assert case.first_public_at >= moment


@pytest.mark.django_db
class TestRestoring:
    def test_keeps_the_first_public_moment(self) -> None:
        case = make.CaseFactory(withdrawn=True)
        first = case.first_public_at
        publication.publish(case, actor=None)
        case.refresh_from_db()
        assert case.is_published_now
        assert case.first_public_at == first
        assert case.published_from is not None
        assert first is not None
        assert case.published_from > first

    def test_what_is_withheld_takes_two_acts(self) -> None:
        case = make.CaseFactory(withheld=True)
        with pytest.raises(PublicationError):
            publication.publish(case, actor=None)
        publication.lift(case, actor=None, reason="The order was lifted.")
        assert case.state == "withdrawn"
        publication.publish(case, actor=None)
        assert case.is_published_now
        assert case.state_reason == ""


@pytest.mark.django_db
class TestReason:
    @pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
    def test_for_withholding_must_be_given(self, reason: str) -> None:
        case = make.CaseFactory(published=True)
        with pytest.raises(PublicationError, match="Give the reason"):
            publication.withhold(case, actor=None, reason=reason)
        case.refresh_from_db()
        assert case.state == "published"

    def test_is_kept_without_the_spaces_around_it(self) -> None:
        case = make.CaseFactory(published=True)
        publication.withhold(case, actor=None, reason="  Names a child. ")
        case.refresh_from_db()
        assert case.state_reason == "Names a child."

    def test_of_a_withdrawal_or_return_is_kept(self) -> None:
        withdrawn, returned = make.CaseFactory(published=True), make.CaseFactory(in_review=True)
        publication.withdraw(withdrawn, actor=None, reason="Wrong case.")
        publication.return_to_draft(returned, actor=None, reason="No source.")
        assert set(Case.objects.values_list("state_reason", flat=True)) == {"Wrong case.", "No source."}


@pytest.mark.django_db
class TestInstance:
    def test_that_is_stale_does_not_decide(self) -> None:
        stale = make.CaseFactory()
        publication.publish(Case.objects.get(pk=stale.pk), actor=None)
        assert stale.state == "draft"
        with pytest.raises(PublicationError, match="published already"):
            publication.publish(stale, actor=None)

    def test_with_unsaved_changes_saves_none_of_them(self) -> None:
        case = make.CaseFactory(name="Smith v. Jones")
        case.name = "Half typed"
        publication.publish(case, actor=None)
        assert Case.objects.get(pk=case.pk).name == "Smith v. Jones"

    def test_of_a_ruling_and_of_its_entry_are_one_row(self) -> None:
        ruling = make.RulingFactory()
        publication.publish(ruling, actor=None)
        entry = Event.objects.get(pk=ruling.pk)
        with pytest.raises(PublicationError, match="published already"):
            publication.publish(entry, actor=None)
        publication.withdraw(entry, actor=None)
        assert Ruling.objects.get(pk=ruling.pk).is_gone

    def test_that_is_deleted_meanwhile_is_no_silent_success(self) -> None:
        case = make.CaseFactory()
        Case.objects.filter(pk=case.pk).delete()
        with pytest.raises(Case.DoesNotExist):
            publication.publish(case, actor=None)


@pytest.mark.django_db
class TestHistory:
    @pytest.mark.parametrize(
        ("act", "state", "label"),
        [
            ("publish", "draft", "publish"),
            ("embargo", "draft", "publish"),
            ("submit_for_review", "draft", "submit for review"),
            ("return_to_draft", "in_review", "return to draft"),
            ("ask_reviewer", "in_review", "ask for review"),
            ("withdraw", "published", "withdraw"),
            ("lift", "withheld", "lift the withholding"),
            ("withhold", "published", "withhold"),
        ],
    )
    def test_tells_the_act_and_who_did_it(self, act: str, state: str, label: str) -> None:
        user = make.UserFactory(is_superuser=True)
        case = make.CaseFactory(**{state: True})
        ACTS[act](case, actor=user)
        revision: Any = apps.get_model("casetracker", "CaseRevision").objects.latest("pgh_id")
        assert revision.pgh_context.metadata["act"] == label
        assert revision.state_changed_by_id == user.pk
        assert revision.state == case.state

    def test_of_a_refused_act_is_empty(self) -> None:
        case = make.CaseFactory(published=True)
        revisions: Any = apps.get_model("casetracker", "CaseRevision").objects
        before = revisions.count()
        with pytest.raises(PublicationError):
            publication.publish(case, actor=None)
        assert revisions.count() == before


@pytest.mark.django_db
def test_crash_within_an_act_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make.CaseFactory()
    write = publication._write

    def write_and_crash(*given: Any, **named: Any) -> None:
        write(*given, **named)
        assert Case.objects.get(pk=case.pk).state == "published"
        raise RuntimeError("power cut")

    monkeypatch.setattr(publication, "_write", write_and_crash)
    with pytest.raises(RuntimeError, match="power cut"):
        publication.publish(case, actor=None)
    case.refresh_from_db()
    assert case.state == "draft"
    revisions: Any = apps.get_model("casetracker", "CaseRevision").objects
    assert [revision.pgh_label for revision in revisions.all()] == ["insert"]


@pytest.mark.django_db
def test_act_takes_its_row_alone(django_assert_max_num_queries: Any) -> None:
    case = make.CaseFactory()
    event = make.EventFactory(case=case)
    with django_assert_max_num_queries(5):
        publication.publish(event, actor=None)
    case.refresh_from_db()
    assert case.state == "draft"


# --- two at once ----------------------------------------------------------------------------------------------------


def attempt(act: str, model: Any, pk: int) -> Callable[[], str]:
    """Loads the row, acts, and tells how it ended."""

    def run() -> str:
        try:
            return state_of(ACTS[act](model.objects.get(pk=pk), actor=None))
        except PublicationError as error:
            return str(error)

    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("start", "acts", "endings"),
    [
        ("draft", ("publish", "publish"), {("published", PUBLISHED_ALREADY)}),
        (
            "published",
            ("withdraw", "withdraw"),
            {("withdrawn", no_way("withdrawn", "withdrawn"))},
        ),
        (
            "draft",
            ("publish", "withhold"),
            {("published", "withheld"), (no_way("withheld", "published"), "withheld_unseen")},
        ),
        (
            "in_review",
            ("publish", "return_to_draft"),
            {("published", NO_DRAFT), ("published", "draft")},
        ),
    ],
    ids=["publish twice", "withdraw twice", "publish and withhold", "publish and return"],
)
def test_two_acts_at_once_are_one_after_the_other(start: str, acts: Any, endings: set[tuple[str, str]]) -> None:
    for factory in (make.CaseFactory, make.RulingFactory):
        row = factory(**{start: True})
        ended = run_together(*(attempt(act, type(row), row.pk) for act in acts))
        found = tuple(ended) if acts[0] != acts[1] else tuple(sorted(ended, key=lambda end: end.endswith(".")))
        assert found in endings
        row.refresh_from_db()
        # The row is where one of the two says that it led to.
        assert state_of(row) in ended


@pytest.mark.django_db(transaction=True)
def test_second_act_waits_for_the_first_and_sees_what_it_did() -> None:
    from threading import Event as Signal

    case = make.CaseFactory()
    acted, go_on = Signal(), Signal()

    def first() -> None:
        with transaction.atomic():
            publication.withhold(Case.objects.get(pk=case.pk), actor=None, reason="Names a child.")
            acted.set()
            go_on.wait(5)

    def second() -> None:
        acted.wait(5)
        stale = Case.objects.get(pk=case.pk)
        assert stale.state == "draft"
        go_on.set()
        publication.publish(stale, actor=None)

    ended = run_together(first, second)
    assert ended[0] is None
    assert isinstance(ended[1], PublicationError)
    case.refresh_from_db()
    assert state_of(case) == "withheld_unseen"
