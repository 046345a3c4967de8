"""Each role at each address of the desk, and what a contributor can and cannot get saved."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from casetracker.dates import UncertainDate
from casetracker.models import Case, Event, Proceeding, State, Statement
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR, ROLES

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]

SHARED = {"court", "judge", "party", "attorney", "source", "topic"}
ACCOUNTS = {"user", "group"}
MODELS = sorted(str(model._meta.model_name) for model in admin.site._registry)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def contributor() -> Any:
    return make.in_role(CONTRIBUTOR)


@pytest.fixture
def contributor_client(contributor: Any) -> Client:
    return signed_in(contributor)


def row_of(model: str) -> Any:
    if model == "user":
        return make.UserFactory()
    if model == "group":
        return Group.objects.create(name="Interns")
    return next(make.FACTORIES[known] for known in make.FACTORIES if known._meta.model_name == model)()


# --- addresses ------------------------------------------------------------------------------------------------------


def expected(role: str, model: str, screen: str) -> int:
    """What a role gets at a screen of somebody else's draft, or of something that cases share."""
    if model in ACCOUNTS:
        if role != CHIEF_EDITOR:
            return 403
        return 200 if screen in {"changelist", "change", "history"} or (model == "user" and screen == "add") else 403
    if screen == "changelist" or role != CONTRIBUTOR:
        return 200
    if screen == "add":
        return 403 if model in {"court", "topic", "correction"} else 200
    if model not in SHARED:
        # It is not there for them, and an address that leads nowhere leads to the first page.
        return 302 if screen != "delete" or model == "provision" else 403
    return 200 if screen == "change" else 403


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("screen", ["changelist", "add", "change", "history", "delete"])
def test_screen_answers_each_role(role: str, model: str, screen: str, address: Address) -> None:
    client = signed_in(make.in_role(role))
    args = [] if screen in {"changelist", "add"} else [quote(row_of(model).pk)]
    path = address(model, screen, *args)
    assert client.get(path).status_code == expected(role, model, screen)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", MODELS)
def test_form_of_somebody_elses_row_is_taken_from_who_may_change_it(role: str, model: str, address: Address) -> None:
    row = row_of(model)
    response = signed_in(make.in_role(role)).post(address(model, "change", quote(row.pk)), {})
    may = role != CONTRIBUTOR and (model not in ACCOUNTS or (role == CHIEF_EDITOR and model == "user"))
    is_seen = role != CONTRIBUTOR or model in SHARED | ACCOUNTS | {"correction"}
    assert response.status_code == (200 if may else 403 if is_seen else 302)


ACTS = {
    "publish": ("draft", {EDITOR, CHIEF_EDITOR}),
    "review": ("draft", {EDITOR, CHIEF_EDITOR}),
    "draft": ("in_review", {EDITOR, CHIEF_EDITOR}),
    "reviewer": ("in_review", {EDITOR, CHIEF_EDITOR}),
    "break-off": ("embargoed", {EDITOR, CHIEF_EDITOR}),
    "back": ("withdrawn_unseen", {EDITOR, CHIEF_EDITOR}),
    "withdraw": ("published", {EDITOR, CHIEF_EDITOR}),
    "restore": ("withdrawn", {EDITOR, CHIEF_EDITOR}),
    "withhold": ("published", {CHIEF_EDITOR}),
    "lift": ("withheld", {CHIEF_EDITOR}),
}
ANSWERS = {"zone": "UTC", "reason": "Order of the court."}


@pytest.mark.parametrize("role", [*ROLES, "none"])
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("maker", [make.CaseFactory, make.EventFactory, make.RulingFactory])
def test_act_at_its_address_answers_each_role(maker: Any, act: str, role: str, address: Address) -> None:
    state, allowed = ACTS[act]
    user = make.UserFactory(is_staff=True) if role == "none" else make.in_role(role)
    client, row = signed_in(user), maker(**{state: True})
    path = address(row._meta.model_name, "publication", row.pk, act)
    # What is not published is not there for a contributor, and an address that leads nowhere leads to the first page.
    refused = 302 if role == CONTRIBUTOR and state != "published" else 403
    assert client.get(path).status_code == (200 if role in allowed else refused)
    before = Event.objects.get(pk=row.pk) if maker is not make.CaseFactory else Case.objects.get(pk=row.pk)
    assert client.post(path, ANSWERS).status_code == (302 if role in allowed else refused)
    row.refresh_from_db()
    assert (row.version > before.version) is (role in allowed)
    if role == "none" or refused == 302:
        return
    offered = signed_in(user).get(address(row._meta.model_name, "change", maker(**{state: True}).pk))
    assert (act in [item.name for item, _ in offered.context["acts"]]) is (role in allowed)


def test_case_and_its_entries_go_out_by_an_editor_alone(address: Address) -> None:
    case = make.CaseFactory(published=True)
    entry = make.EventFactory(case=case)
    path = address("case", "publication", case.pk, "entries")
    answers = {"shown": f"{entry.pk}:{entry.version}"}
    assert signed_in(make.in_role(CONTRIBUTOR)).post(path, answers).status_code == 403
    entry.refresh_from_db()
    assert entry.state == State.DRAFT
    assert signed_in(make.in_role(EDITOR)).post(path, answers).status_code == 302
    entry.refresh_from_db()
    assert entry.is_published_now


@pytest.mark.parametrize("name", ["quality", "quality_list"])
def test_list_of_what_needs_work_answers_editors_and_nobody_else(name: str, stranger_client: Client) -> None:
    path = reverse(f"admin:{name}", args=["no-source"] if name == "quality_list" else [])
    for role in (EDITOR, CHIEF_EDITOR):
        assert signed_in(make.in_role(role)).get(path).status_code == 200
    # It tells of all cases.
    assert signed_in(make.in_role(CONTRIBUTOR)).get(path).status_code == 403
    assert path not in signed_in(make.in_role(CONTRIBUTOR)).get(reverse("admin:index")).content.decode()
    assert signed_in(make.UserFactory(is_staff=True)).get(path).status_code == 403
    assert stranger_client.get(path).headers["Location"].startswith(reverse("admin:login"))


# --- what a contributor enters --------------------------------------------------------------------------------------


def test_contributor_enters_a_case_with_a_proceeding_and_a_ruling(
    contributor: Any, contributor_client: Client, address: Address, fill: Fill
) -> None:
    court = make.CourtFactory()
    contributor_client.post(
        address("case", "add"), fill(contributor_client, address("case", "add"), name="A v. B", summary="A sues B.")
    )
    case = Case.objects.get()
    assert case.created_by == contributor
    path = f"{address('proceeding', 'add')}?case={case.pk}"
    contributor_client.post(
        path,
        fill(contributor_client, path, court=court.pk, caption="A v. B", numbers__0__number="1:25-cv-1"),
    )
    proceeding = Proceeding.objects.get()
    path = f"{address('ruling', 'add')}?proceeding={proceeding.pk}"
    data = fill(contributor_client, path, date="10 April 2025", title="Order", form="order", outcome="granted")
    data |= {"references-0-new_title": "Docket", "references-0-new_address": "https://court.example/1"}
    response = contributor_client.post(path, data | {"_publish": "1"}, follow=True)
    ruling = Event.objects.get()
    assert (ruling.state, ruling.created_by) == (State.DRAFT, contributor)
    assert ruling.references.get().source.title == "Docket"
    assert "you have no right to publish it" in response.content.decode()
    # And changes it.
    path = address("ruling", "change", ruling.pk)
    body = contributor_client.get(path).content.decode()
    assert 'name="_save"' in body
    assert 'name="_publish"' not in body
    assert contributor_client.post(path, fill(contributor_client, path, title="Order of 10 April")).status_code == 302
    ruling.refresh_from_db()
    assert ruling.title == "Order of 10 April"


@pytest.mark.parametrize("state", ["published", "withdrawn", "embargoed"])
def test_contributor_only_looks_at_their_own_entry_once_it_left_their_hands(
    contributor: Any, contributor_client: Client, address: Address, state: str
) -> None:
    row = make.RulingFactory(**{state: True}, created_by=contributor)
    path = address("ruling", "change", row.pk)
    response = contributor_client.get(path)
    assert response.status_code == 200
    assert 'name="_save"' not in response.content.decode()
    assert 'name="title"' not in response.content.decode()
    assert contributor_client.post(path, {"title": "Changed"}).status_code == 403


def test_contributor_does_not_see_their_own_entry_any_more_once_it_is_withheld(
    contributor: Any, contributor_client: Client, address: Address
) -> None:
    row = make.RulingFactory(withheld=True, title="Order under seal", created_by=contributor)
    for screen in ("change", "history"):
        response = contributor_client.get(address("ruling", screen, row.pk), follow=True)
        assert "There is no ruling" in response.content.decode()
        assert "Order under seal" not in response.content.decode()
    assert contributor_client.post(address("ruling", "change", row.pk), {"title": "Changed"}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Order under seal"


def test_contributor_saves_their_entry_without_losing_what_it_says_of_hidden_ones(
    contributor: Any, contributor_client: Client, address: Address, fill: Fill
) -> None:
    own = make.RulingFactory(case__created_by=contributor, created_by=contributor)
    hidden = make.EventFactory(embargoed=True, title="A secret step")
    secret_case = make.CaseFactory(name="A secret case")
    own.case.related.add(secret_case)
    answer = make.ResponseFactory(event=own, responds_to=hidden)
    statement = make.StatementFactory(event=own, said_at=hidden)
    for model, row in (("ruling", own), ("statement", statement), ("case", own.case)):
        path = address(model, "change", row.pk)
        body = contributor_client.get(path).content.decode()
        assert "secret" not in body
        data = fill(contributor_client, path)
        assert contributor_client.post(path, data).status_code == 302, model
    statement.refresh_from_db()
    answer.refresh_from_db()
    assert statement.said_at == answer.responds_to == hidden
    assert list(own.case.related.all()) == [secret_case]


def test_contributor_sees_a_draft_case_in_which_they_have_an_entry_and_not_the_drafts_of_others_there(
    contributor: Any, contributor_client: Client, address: Address
) -> None:
    own = make.EventFactory(title="Own motion", created_by=contributor)
    make.EventFactory(title="Somebody's plan", case=own.case)
    body = contributor_client.get(address("case", "change", own.case.pk)).content.decode()
    assert "Own motion" in body
    assert "Somebody" not in body


def test_contributor_is_not_offered_and_cannot_forge_what_hangs_on_others_entries(
    contributor_client: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(published=True)
    body = contributor_client.get(address("event", "change", entry.pk)).content.decode()
    assert "Add a statement" not in body
    assert "Add an answer" in body
    path = f"{address('statement', 'add')}?event={entry.pk}"
    response = contributor_client.post(path, fill(contributor_client, path, speaker="Jo Smith", quote="It is mine"))
    assert response.status_code == 200
    assert "only an editor may save that" in response.content.decode()
    assert "It is mine" in response.content.decode()
    assert not Statement.objects.exists()


def test_contributor_cannot_move_a_proceeding_into_a_published_case(
    contributor: Any, contributor_client: Client, address: Address, fill: Fill
) -> None:
    own = make.ProceedingFactory(case__created_by=contributor)
    published = make.CaseFactory(published=True)
    path = address("proceeding", "change", own.pk)
    response = contributor_client.post(path, fill(contributor_client, path, case=published.pk))
    assert "only an editor may save that" in response.content.decode()
    own.refresh_from_db()
    assert own.case != published


def test_acts_on_the_timeline_ask_for_the_right_to_each_entry_and_merging_for_a_chief(contributor: Any) -> None:
    case = make.CaseFactory(created_by=contributor)
    own = make.EventFactory.create_batch(2, case=case, created_by=contributor)
    others = make.EventFactory(case=case, published=True)

    def answers(user: Any, act: str, *entries: Event) -> int:
        path = reverse("admin:casetracker_case_timeline", args=[case.pk, act])
        return signed_in(user).get(path, {"entry": [entry.pk for entry in entries]}).status_code

    editor, chief = make.in_role(EDITOR), make.in_role(CHIEF_EDITOR)
    assert answers(contributor, "change", *own) == 200
    assert answers(contributor, "change", own[0], others) == 403
    assert answers(editor, "change", own[0], others) == 200
    assert [answers(user, "merge", *own) for user in (contributor, editor, chief)] == [403, 403, 200]
    path = reverse("admin:casetracker_case_timeline", args=[case.pk, "order"])
    assert signed_in(contributor).post(path, {"up": f"{others.pk}:{own[0].pk}"}).status_code == 403
    offered = signed_in(editor).get(reverse("admin:casetracker_case_change", args=[case.pk])).content.decode()
    assert "timeline/merge/" not in offered
    assert "timeline/move/" in offered


def test_contributor_cannot_delete_by_the_list_what_they_may_not_delete(
    contributor: Any, contributor_client: Client, address: Address
) -> None:
    row = make.EventFactory(created_by=contributor)
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    contributor_client.post(address("event"), data)
    assert Event.objects.filter(pk=row.pk).exists()


def test_who_made_a_row_cannot_be_sent_with_the_form(
    contributor: Any, contributor_client: Client, address: Address, fill: Fill
) -> None:
    case, somebody = make.CaseFactory(published=True), make.UserFactory()
    path = f"{address('event', 'add')}?case={case.pk}&created_by={somebody.pk}&state=published"
    data = fill(contributor_client, path, kind="filing", date="2025-04-10", title="Motion")
    contributor_client.post(path, data | {"created_by": somebody.pk, "state": "published", "reviewer": somebody.pk})
    entry = Event.objects.get()
    assert (entry.created_by, entry.state, entry.reviewer) == (contributor, State.DRAFT, None)


# --- accounts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def chief_client() -> Client:
    return signed_in(make.in_role(CHIEF_EDITOR))


def test_chief_editor_gives_an_account_a_role(chief_client: Client, address: Address, fill: Fill) -> None:
    account = make.UserFactory()
    path = address("user", "change", account.pk)
    editor = Group.objects.get(name=EDITOR)
    data = fill(chief_client, path, groups=[editor.pk], is_staff="on")
    assert chief_client.post(path, data).status_code == 302
    account.refresh_from_db()
    assert (account.is_staff, list(account.groups.all())) == (True, [editor])
    assert EDITOR in chief_client.get(address("user")).content.decode()


def test_chief_editor_gives_no_rights_beyond_the_roles(chief_client: Client, address: Address, fill: Fill) -> None:
    account = make.UserFactory()
    path = address("user", "change", account.pk)
    wide = Group.objects.create(name="Administrators")
    data = fill(chief_client, path)
    forged = data | {"is_superuser": "on", "user_permissions": [1, 2], "groups": [wide.pk]}
    response = chief_client.post(path, forged)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["groups"]
    assert chief_client.post(path, data | {"is_superuser": "on", "user_permissions": [1, 2]}).status_code == 302
    account.refresh_from_db()
    assert not account.is_superuser
    assert not account.user_permissions.exists()
    assert not account.groups.exists()


@pytest.mark.parametrize("beyond", ["superuser", "single right", "another group"])
def test_account_with_rights_beyond_the_roles_is_out_of_a_chief_editors_reach(
    chief_client: Client, address: Address, beyond: str
) -> None:
    account: User = make.UserFactory(is_superuser=beyond == "superuser")
    if beyond == "single right":
        account.user_permissions.add(1)
    if beyond == "another group":
        account.groups.add(Group.objects.create(name="Administrators"))
    for screen in ("change", "password_change"):
        path = reverse(f"admin:auth_user_{screen}", args=[account.pk])
        response = chief_client.post(path, {"password1": "a long passphrase 1", "password2": "a long passphrase 1"})
        assert response.status_code == 403
    account.refresh_from_db()
    assert not account.has_usable_password()


def test_groups_of_the_roles_are_shown_and_changed_by_nobody(superuser_client: Client, address: Address) -> None:
    group = Group.objects.get(name=EDITOR)
    path = address("group", "change", group.pk)
    assert 'name="_save"' not in superuser_client.get(path).content.decode()
    assert superuser_client.post(path, {"name": "Other"}).status_code == 403
    assert superuser_client.get(address("group", "delete", group.pk)).status_code == 403
    own = Group.objects.create(name="Interns")
    assert 'name="_save"' in superuser_client.get(address("group", "change", own.pk)).content.decode()


def test_entry_of_nobody_is_an_editors(address: Address, fill: Fill) -> None:
    entry = make.EventFactory(date=UncertainDate.on(2025, 4, 4))
    client = signed_in(make.in_role(EDITOR))
    path = address("event", "change", entry.pk)
    assert client.post(path, fill(client, path, title="Renamed")).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.created_by) == ("Renamed", None)
