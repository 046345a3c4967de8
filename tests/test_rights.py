"""Who may do what: each role on each act and each kind of row, and somebody without a role."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from casetracker import publication, rights, sight
from casetracker.models import Case, Court, Event, Party, Proceeding, State, Statement, Topic, Transfer
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

pytestmark = pytest.mark.django_db

PEOPLE = ["stranger", "reader of the desk", CONTRIBUTOR, EDITOR, CHIEF_EDITOR, "gone editor", "superuser"]


def person(who: str) -> Any:
    if who == "stranger":
        return AnonymousUser()
    if who == "superuser":
        return make.UserFactory(is_staff=True, is_superuser=True)
    if who == "reader of the desk":
        return make.UserFactory(is_staff=True)
    if who == "gone editor":
        return make.in_role(CHIEF_EDITOR, is_active=False)
    return make.in_role(who)


# From a state by an act: what the row is made in, the act, and who may do it to a row that somebody else made.
EDITORS = {EDITOR, CHIEF_EDITOR, "superuser"}
CHIEFS = {CHIEF_EDITOR, "superuser"}
ACTS: dict[str, tuple[str, Callable[[Any, Any], object], set[str]]] = {
    "publish": ("draft", lambda row, who: publication.publish(row, actor=who), EDITORS),
    "restore": ("withdrawn", lambda row, who: publication.publish(row, actor=who), EDITORS),
    "review": ("draft", lambda row, who: publication.submit_for_review(row, actor=who), EDITORS),
    "ask": ("in_review", lambda row, who: publication.ask_reviewer(row, actor=who, reviewer=None), EDITORS),
    "return": ("in_review", lambda row, who: publication.return_to_draft(row, actor=who), EDITORS),
    "break off": ("embargoed", lambda row, who: publication.return_to_draft(row, actor=who), EDITORS),
    "withdraw": ("published", lambda row, who: publication.withdraw(row, actor=who), EDITORS),
    "withhold": ("published", lambda row, who: publication.withhold(row, actor=who, reason="Order."), CHIEFS),
    "lift": ("withheld", lambda row, who: publication.lift(row, actor=who), CHIEFS),
}
# What a contributor may do besides, to what they made themselves.
OWN = {"review", "ask", "return"}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("maker", [make.CaseFactory, make.EventFactory, make.RulingFactory])
@pytest.mark.parametrize("is_own", [False, True], ids=["others", "own"])
def test_act_is_done_by_who_may_and_refused_to_the_rest(maker: Any, act: str, who: str, is_own: bool) -> None:
    state, do, allowed = ACTS[act]
    user = person(who)
    row = maker(**{state: True}, created_by=user if is_own and user.pk else make.UserFactory())
    before = row.state
    if who in allowed or (is_own and who == CONTRIBUTOR and act in OWN):
        do(row, user)
        row.refresh_from_db()
        assert row.state_changed_by == user
        return
    with pytest.raises(PermissionDenied):
        do(row, user)
    row.refresh_from_db()
    assert row.state == before


@pytest.mark.parametrize("who", PEOPLE)
def test_friends_of_may_say_what_the_acts_do(who: str) -> None:
    user, case, entry = person(who), make.CaseFactory(), make.RulingFactory()
    for row in (case, entry):
        assert rights.may_publish(user, row) is rights.may(user, "withdraw", row) is (who in EDITORS)
        assert rights.may(user, "withhold", row) is rights.may(user, "lift", row) is (who in CHIEFS)
    assert rights.may_merge(user) is (who in CHIEFS)


def test_command_acts_without_an_account() -> None:
    assert publication.publish(make.CaseFactory(), actor=None).is_published_now


def test_case_and_entries_at_once_need_the_right_to_both() -> None:
    entry = make.EventFactory()
    shown = [(entry.pk, entry.version)]
    with pytest.raises(PermissionDenied):
        publication.publish_with_entries(entry.case, actor=make.in_role(CONTRIBUTOR), shown=shown)
    assert Case.objects.get(pk=entry.case.pk).state == State.DRAFT
    assert publication.publish_with_entries(entry.case, actor=make.in_role(EDITOR), shown=shown) == [entry.pk]


# --- what a contributor may change ----------------------------------------------------------------------------------

CHANGED = ["draft", "in_review", "published", "embargoed", "withdrawn", "withheld", "withdrawn_unseen"]


@pytest.mark.parametrize("state", CHANGED)
@pytest.mark.parametrize("maker", [make.CaseFactory, make.EventFactory, make.RulingFactory])
def test_contributor_changes_what_is_their_own_and_not_yet_published(maker: Any, state: str) -> None:
    user = make.in_role(CONTRIBUTOR)
    own = maker(**{state: True}, created_by=user)
    others = maker(**{state: True}, created_by=make.UserFactory())
    nobodys = maker(**{state: True})
    assert rights.may_change(user, own) is (state in {"draft", "in_review"})
    assert not rights.may_change(user, others)
    assert not rights.may_change(user, nobodys)
    assert not rights.may_delete(user, own)
    editor = make.in_role(EDITOR)
    assert all(rights.may_change(editor, row) for row in (own, others, nobodys))


def test_what_hangs_on_a_row_goes_by_that_row() -> None:
    user = make.in_role(CONTRIBUTOR)
    own = make.EventFactory(created_by=user, case__created_by=user)
    others = make.EventFactory()
    published = make.EventFactory(created_by=user, published=True)
    hangs: list[Callable[[Event], Any]] = [
        lambda entry: make.StatementFactory.build(event=entry),
        lambda entry: make.DocumentFactory.build(event=entry),
        lambda entry: Proceeding(case=entry.case, court=make.CourtFactory(), caption="Smith v. Jones"),
        lambda entry: Transfer(origin=make.ProceedingFactory(case=entry.case)),
    ]
    for hang in hangs:
        assert rights.may_add(user, hang(own))
        assert not rights.may_add(user, hang(others))
        assert not rights.may_add(user, hang(published))
    # An entry is a draft at first, and hangs on no state but its own.
    assert rights.may_add(user, Event(case=others.case))
    # Of a transfer both ends count.
    both = Transfer(
        origin=make.ProceedingFactory(case=own.case), destination=make.ProceedingFactory(case=published.case)
    )
    assert not rights.may_add(user, both)
    assert not rights.may_add(user, make.CorrectionFactory.build(case=own.case, event=None))


def test_what_cases_share_is_added_by_contributors_and_changed_by_editors() -> None:
    user, editor = make.in_role(CONTRIBUTOR), make.in_role(EDITOR)
    party, court = make.PartyFactory(), make.CourtFactory()
    assert rights.may_add(user, Party())
    assert not rights.may_add(user, Court())
    assert not rights.may_change(user, party)
    assert not rights.may_change(user, court)
    assert rights.may_change(editor, party)
    assert rights.may_change(editor, court)


def test_right_ends_with_the_publication_and_not_with_the_copy_that_somebody_holds() -> None:
    user = make.in_role(CONTRIBUTOR)
    stale = make.EventFactory(created_by=user)
    publication.publish(Event.objects.get(pk=stale.pk), actor=None)
    assert stale.state == State.DRAFT
    with pytest.raises((PermissionDenied, publication.PublicationError)):
        publication.submit_for_review(stale, actor=user)
    assert Event.objects.get(pk=stale.pk).state == State.PUBLISHED


def test_statement_without_an_entry_yet_asks_for_the_right_alone() -> None:
    assert rights.may_add(make.in_role(CONTRIBUTOR), Statement())
    assert not rights.may_add(make.UserFactory(is_staff=True), Statement())


def test_every_table_says_who_sees_its_rows() -> None:
    """One that says nothing is seen by nobody who is bound to their own; this tells its author to say something."""
    tables = {
        model._meta.db_table: model
        for model in apps.get_app_config("casetracker").get_models()
        if not hasattr(model, "pgh_tracked_model")
    }
    silent = {model.__name__ for table, model in tables.items() if table not in sight._CONDITIONS}
    assert silent == set()
    for model in tables.values():
        # Each is a condition that the database understands.
        list(model._default_manager.filter(sight.condition(model, 0))[:1])


def test_rows_of_a_table_of_which_nothing_is_said_are_seen_by_editors_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = make.TopicFactory()
    monkeypatch.delitem(sight._CONDITIONS, Topic._meta.db_table)
    contributor, editor = person(CONTRIBUTOR), person(EDITOR)
    assert list(rights.seen(editor, Topic.objects.all())) == [topic]
    assert list(rights.seen(contributor, Topic.objects.all())) == []
    assert not rights.sees(contributor, topic)
