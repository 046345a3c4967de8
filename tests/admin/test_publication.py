"""The acts of publication on the desk."""

import datetime
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.test import Client
from django.utils import timezone

from casetracker.dates import UncertainDate
from casetracker.models import Case, Event, State

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Told = Callable[..., str]

OFFERED = {
    "draft": ["Publish", "Submit for review", "Withhold"],
    "in_review": ["Publish", "Return to draft", "Ask somebody else", "Withhold"],
    "published": ["Withdraw", "Withhold"],
    "embargoed": ["Publish", "Break off the embargo", "Withhold"],
    "withdrawn": ["Restore", "Withhold"],
    "withheld": ["Lift the withholding", "Redact"],
    "withdrawn_unseen": ["Publish", "Return to draft", "Withhold"],
    "withheld_unseen": ["Lift the withholding", "Redact"],
}


@pytest.mark.parametrize("state", make.STATES)
@pytest.mark.parametrize("maker", [make.CaseFactory, make.EventFactory, make.RulingFactory])
def test_screen_offers_the_acts_of_the_state_and_no_field_for_it(
    editor_client: Client, address: Address, maker: Any, state: str
) -> None:
    row = maker(**{state: True})
    response = editor_client.get(address(row._meta.model_name, "change", row.pk))
    assert [act.label for act, _ in response.context["acts"]] == OFFERED[state]
    form = response.context["adminform"].form
    assert not {"state", "published_from", "first_public_at", "state_reason"} & set(form.fields)
    body = response.content.decode()
    assert ('name="_publish"' in body) == ("Publish" in OFFERED[state])


@pytest.mark.parametrize("state", ["published", "embargoed"])
def test_published_case_offers_to_publish_its_drafts_while_it_has_some(
    editor_client: Client, address: Address, state: str
) -> None:
    case = make.CaseFactory(**{state: True})
    make.EventFactory(case=case)
    response = editor_client.get(address("case", "change", case.pk))
    assert [act.label for act, _ in response.context["acts"]] == ["Publish its drafts", *OFFERED[state]]


def test_screen_of_what_is_withheld_says_that_readers_had_it_if_they_had(
    editor_client: Client, address: Address
) -> None:
    told = {}
    for state in ("draft", "withheld", "withheld_unseen"):
        row = make.CaseFactory(**{state: True})
        body = editor_client.get(address("case", "change", row.pk)).content.decode()
        told[state] = "No longer on the site" in body, "Not public yet" in body
    assert told == {"draft": (False, True), "withheld": (True, False), "withheld_unseen": (False, True)}


@pytest.mark.parametrize(
    ("before", "act", "answers", "after"),
    [
        ("draft", "publish", {"zone": "America/New_York"}, State.PUBLISHED),
        ("draft", "review", {}, State.IN_REVIEW),
        ("in_review", "draft", {"reason": ""}, State.DRAFT),
        ("in_review", "reviewer", {}, State.IN_REVIEW),
        ("embargoed", "publish", {"zone": "UTC"}, State.PUBLISHED),
        ("embargoed", "break-off", {"reason": "Too early."}, State.DRAFT),
        ("withdrawn_unseen", "back", {}, State.DRAFT),
        ("published", "withdraw", {"reason": "Wrong case."}, State.WITHDRAWN),
        ("published", "withhold", {"reason": "Order of the court."}, State.WITHHELD),
        ("withdrawn", "restore", {}, State.PUBLISHED),
        ("withheld", "lift", {}, State.WITHDRAWN),
        ("withheld_unseen", "lift", {}, State.DRAFT),
    ],
)
@pytest.mark.parametrize("maker", [make.CaseFactory, make.RulingFactory])
def test_act_is_asked_for_by_get_and_done_by_post(
    editor_client: Client, editor: Any, address: Address, maker: Any, before: str, act: str, answers: Any, after: str
) -> None:
    row = maker(**{before: True})
    path = address(row._meta.model_name, "publication", row.pk, act)
    state = row.state
    response = editor_client.get(path)
    assert str(row) in response.content.decode()
    row.refresh_from_db()
    assert row.state == state
    assert editor_client.post(path, answers).status_code == 302
    row.refresh_from_db()
    assert row.state == after
    assert row.state_changed_by == editor
    assert row.state_reason == answers.get("reason", "")


def test_embargo_is_given_in_a_time_zone(editor_client: Client, address: Address, told: Told) -> None:
    case = make.CaseFactory()
    day = (timezone.now() + datetime.timedelta(days=30)).date().replace(day=1) + datetime.timedelta(days=31)
    moment = f"{day.year}-01-15T09:00" if day.month == 1 else f"{day.year + 1}-01-15T09:00"
    path = address("case", "publication", case.pk, "publish")
    response = editor_client.post(path, {"until": moment, "zone": "America/New_York"}, follow=True)
    case.refresh_from_db()
    assert case.published_from.isoformat() == f"{moment[:10]}T14:00:00+00:00"
    assert case.is_embargoed
    assert "is embargoed until 15 January" in told(response)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"until": "2001-01-01T09:00", "zone": "UTC"}, "This moment has passed."),
        ({"until": "2001-02-30T09:00", "zone": "UTC"}, "Enter a valid date/time."),
        ({"until": "99999-01-01T00:00", "zone": "UTC"}, "Enter a valid date/time."),
        ({"until": "9999-12-31T23:59", "zone": "America/New_York"}, "Write a year from 1000 to 2199."),
        ({"until": "0001-01-01T00:00", "zone": "Asia/Tokyo"}, "Write a year from 1000 to 2199."),
        ({"until": "", "zone": "Mars/Olympus"}, "is not a time zone"),
        ({"until": "\x00", "zone": "UTC"}, "Enter a valid date/time."),
        ({"until": "", "zone": "\x00"}, "Null characters are not allowed."),
    ],
)
def test_embargo_that_cannot_be_is_refused_in_words(
    editor_client: Client, address: Address, answers: dict[str, str], said: str
) -> None:
    case = make.CaseFactory()
    response = editor_client.post(address("case", "publication", case.pk, "publish"), answers)
    assert response.status_code == 200
    assert said in response.content.decode()
    case.refresh_from_db()
    assert case.state == State.DRAFT


@pytest.mark.parametrize("reason", ["", "   ", "x" * 3_000, "SSN 123-45-6789"])
def test_withholding_without_a_reason_that_can_be_kept_is_refused(
    editor_client: Client, address: Address, reason: str
) -> None:
    case = make.CaseFactory(published=True)
    response = editor_client.post(address("case", "publication", case.pk, "withhold"), {"reason": reason})
    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    case.refresh_from_db()
    assert case.state == State.PUBLISHED


def test_act_that_the_state_does_not_allow_is_answered_in_words(
    editor_client: Client, address: Address, told: Told
) -> None:
    case = make.CaseFactory(withheld=True)
    response = editor_client.post(address("case", "publication", case.pk, "publish"), {"zone": "UTC"}, follow=True)
    assert "What is withheld has no step “publish”." in told(response)
    case.refresh_from_db()
    assert case.state == State.WITHHELD


def test_act_that_nobody_knows_is_not_found(editor_client: Client, address: Address) -> None:
    case = make.CaseFactory()
    path = address("case", "publication", case.pk, "publish").replace("/publish/", "/explode/")
    assert editor_client.get(path).status_code == 404


def test_act_of_somebody_who_may_only_look_is_forbidden(staff: Any, staff_client: Client, address: Address) -> None:
    from django.contrib.auth.models import Permission

    staff.user_permissions.set(Permission.objects.filter(codename="view_case"))
    case = make.CaseFactory(published=True)
    path = address("case", "publication", case.pk, "withdraw")
    assert staff_client.get(path).status_code == 403
    assert staff_client.post(path, {"zone": "UTC"}).status_code == 403
    body = staff_client.get(address("case", "change", case.pk)).content.decode()
    assert path not in body


def test_publishing_says_what_readers_will_miss_and_leads_to_where_it_is_mended(
    editor_client: Client, address: Address
) -> None:
    ruling = make.RulingFactory(outcome="")
    body = editor_client.get(address("ruling", "publication", ruling.pk, "publish")).content.decode()
    screen = address("ruling", "change", ruling.pk)
    assert "Its case is not published" in body
    assert f'<a href="{screen}#references-group">No source stands behind it' in body
    assert f'<a href="{screen}#id_outcome">It has neither an outcome nor an effect' in body
    assert "Must be mended" not in body


def test_chosen_rows_are_asked_about_once_more_and_then_published(
    editor_client: Client, editor: Any, address: Address, told: Told
) -> None:
    drafts = make.EventFactory.create_batch(2)
    held = make.EventFactory(withheld=True, title="Held back")
    wrong = make.EventFactory(date=UncertainDate.on(2150, 1, 1), title="Not yet")
    asked = {"action": "publish_selected", "_selected_action": [row.pk for row in (*drafts, held, wrong)]}
    body = editor_client.post(address("event"), asked).content.decode()
    assert "2 go out" in body
    assert "2 stay as they are" in body
    assert "Held back" in body
    assert "its date has not come" in body
    assert not Event.objects.filter(state=State.PUBLISHED).exists()
    response = editor_client.post(address("event"), asked | {"confirmed": "yes"}, follow=True)
    assert Event.objects.filter(pk__in=[row.pk for row in drafts], state=State.PUBLISHED).count() == 2
    held.refresh_from_db()
    assert held.state == State.WITHHELD
    wrong.refresh_from_db()
    assert wrong.state == State.DRAFT
    assert "2 published." in told(response)
    assert "Held back” was left as it is" in told(response)
    assert set(Event.objects.filter(pk__in=[row.pk for row in drafts]).values_list("state_changed_by", flat=True)) == {
        editor.pk
    }


def test_publishing_is_not_offered_to_who_may_only_look(staff: Any, staff_client: Client, address: Address) -> None:
    from django.contrib.auth.models import Permission

    staff.user_permissions.set(Permission.objects.filter(codename="view_event"))
    draft = make.EventFactory()
    response = staff_client.get(address("event"))
    assert "publish_selected" not in response.content.decode()
    asked = {"action": "publish_selected", "_selected_action": [draft.pk], "confirmed": "yes"}
    staff_client.post(address("event"), asked)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


# --- a case with its entries ------------------------------------------------------------------------------------------


def test_case_goes_out_with_the_entries_that_are_ready_and_no_others(
    editor_client: Client, editor: Any, address: Address, told: Told
) -> None:
    case = make.CaseFactory()
    ready = make.EventFactory(case=case, title="Ready to go")
    asked = make.EventFactory(case=case, in_review=True, title="Asked about")
    wrong = make.EventFactory(case=case, date=UncertainDate.on(2150, 1, 1), title="Not yet")
    held = make.EventFactory(case=case, withheld_unseen=True, title="Held back")
    path = address("case", "publication", case.pk, "publish")
    response = editor_client.get(path)
    body = response.content.decode()
    assert "2 entries go out" in body
    assert "The review of 1 of them is not done" in body
    assert "1 entry stays as it is" in body
    assert "Ready to go" in body
    assert "Held back" not in body
    shown = response.context["form"].initial["shown"]
    answers = {"zone": "UTC", "with_entries": "on", "shown": shown}
    assert "2 entries went out." in told(editor_client.post(path, answers, follow=True))
    case.refresh_from_db()
    assert case.is_published_now
    for row in (ready, asked):
        row.refresh_from_db()
        assert row.is_published_now
        assert row.published_from == case.published_from
        assert row.state_changed_by == editor
    assert [Event.objects.get(pk=row.pk).state for row in (wrong, held)] == [State.DRAFT, State.WITHHELD]


def test_case_goes_out_alone_if_the_box_is_not_ticked(editor_client: Client, address: Address) -> None:
    entry = make.EventFactory()
    path = address("case", "publication", entry.case.pk, "publish")
    shown = editor_client.get(path).context["form"].initial["shown"]
    editor_client.post(path, {"zone": "UTC", "shown": shown})
    entry.refresh_from_db()
    assert entry.case.is_published_now
    assert entry.state == State.DRAFT


def test_entry_that_was_changed_after_it_was_shown_stays(editor_client: Client, address: Address, told: Told) -> None:
    entry = make.EventFactory(title="As it was shown")
    path = address("case", "publication", entry.case.pk, "publish")
    shown = editor_client.get(path).context["form"].initial["shown"]
    Event.objects.filter(pk=entry.pk).update(title="Something else by now")
    response = editor_client.post(path, {"zone": "UTC", "with_entries": "on", "shown": shown}, follow=True)
    assert "1 entry was left as it is: it was changed meanwhile." in told(response)
    entry.refresh_from_db()
    assert entry.state == State.DRAFT


def test_published_case_sends_its_drafts_after_it(editor_client: Client, address: Address, told: Told) -> None:
    case = make.CaseFactory(published=True)
    entry = make.EventFactory(case=case)
    path = address("case", "publication", case.pk, "entries")
    shown = editor_client.get(path).context["form"].initial["shown"]
    assert "1 entry went out." in told(editor_client.post(path, {"shown": shown}, follow=True))
    entry.refresh_from_db()
    assert entry.is_published_now
    assert "No draft of the case is ready" in editor_client.get(path).content.decode()
    assert "No entry was ready" in told(editor_client.post(path, {"shown": ""}, follow=True))


@pytest.mark.parametrize("shown", ["\x00", "abc", "1", "1:", "-1:2", "1:2,", "9" * 5000, "1:2;3:4", "١:٢", "1:2\n"])
def test_what_was_shown_cannot_be_forged_into_an_error(editor_client: Client, address: Address, shown: str) -> None:
    entry = make.EventFactory()
    path = address("case", "publication", entry.case.pk, "publish")
    response = editor_client.post(path, {"zone": "UTC", "with_entries": "on", "shown": shown})
    assert response.status_code in {200, 302}
    entry.refresh_from_db()
    assert entry.state == State.DRAFT


def test_entry_with_a_fault_that_blocks_is_not_published_by_any_way(
    editor_client: Client, address: Address, told: Told
) -> None:
    entry = make.EventFactory(date=UncertainDate.on(2150, 1, 1))
    path = address("event", "publication", entry.pk, "publish")
    body = editor_client.get(path).content.decode()
    assert "It cannot be published before this is mended" in body
    assert f"{address('event', 'change', entry.pk)}#id_date" in body
    assert "its date has not come" in told(editor_client.post(path, {"zone": "UTC"}, follow=True))
    entry.refresh_from_db()
    assert entry.state == State.DRAFT


# --- deleting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["published", "embargoed", "withdrawn", "withheld"])
@pytest.mark.parametrize("maker", [make.CaseFactory, make.EventFactory, make.RulingFactory])
def test_what_was_published_is_not_deleted(
    editor_client: Client, address: Address, told: Told, maker: Any, state: str
) -> None:
    row = maker(**{state: True})
    model = row._meta.model_name
    path = address(model, "delete", row.pk)
    for response in (
        editor_client.get(path, follow=True),
        editor_client.post(path, {"post": "yes"}, follow=True),
        editor_client.post(
            address(model),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
            follow=True,
        ),
    ):
        assert response.status_code == 200
        assert "has been published, so it is not deleted. Withdraw it instead." in told(response)
    assert type(row)._default_manager.filter(pk=row.pk).exists()
    body = editor_client.get(address(model, "change", row.pk)).content.decode()
    assert path not in body


def test_draft_is_deleted_after_a_question(
    editor_client: Client, address: Address, told: Told, confirmation: Callable[[Any], dict[str, Any]]
) -> None:
    case = make.CaseFactory()
    path = address("case", "delete", case.pk)
    page = editor_client.get(path)
    assert case.name in page.content.decode()
    assert Case.objects.filter(pk=case.pk).exists()
    response = editor_client.post(path, confirmation(page), follow=True)
    assert "was deleted successfully" in told(response)
    assert not Case.objects.filter(pk=case.pk).exists()


def test_row_on_which_others_hang_is_not_deleted_and_they_are_named(editor_client: Client, address: Address) -> None:
    entry = make.EventFactory(title="Motion to keep")
    response = editor_client.post(address("case", "delete", entry.case.pk), {"post": "yes"})
    assert response.status_code == 200
    assert "Motion to keep" in response.content.decode()
    assert Case.objects.filter(pk=entry.case.pk).exists()
