"""What the database refuses ends in a sentence on the form, with everything that was typed still there."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.db import IntegrityError
from django.test import Client

from casetracker.admin import refusals
from casetracker.admin.entries import DocketRows, EntryForm
from casetracker.admin.inlines import DeskFormSet
from casetracker.models import Case, DocketEntry, Event, Party, Proceeding, Treatment

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]


def test_rule_that_only_the_database_checks_is_told_on_the_form(
    editor_client: Client, address: Address, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a race: the form saw nothing wrong, the deferred trigger does."""
    dispute = make.two_court_dispute()
    monkeypatch.setattr(DocketEntry, "clean", lambda self: None)
    path = address("ruling", "change", dispute.order.pk)
    data = fill(editor_client, path, court=dispute.appeals_court.pk, title="A title that must not be lost")
    response = editor_client.post(path, data)
    assert response.status_code == 200
    body = response.content.decode()
    assert "An entry stands on the docket of another court or case." in body
    assert 'value="A title that must not be lost"' in body
    dispute.order.refresh_from_db()
    assert dispute.order.title == "Order to return the book"
    assert list(response.context["messages"]) == []


def test_unique_rule_lost_in_a_race_is_told_in_the_models_words(
    editor_client: Client, address: Address, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    proceeding = make.ProceedingFactory()
    make.DocketNumberFactory(proceeding=proceeding, number="25-1", term="")
    path = address("proceeding", "change", proceeding.pk)
    data = fill(editor_client, path, numbers__TOTAL_FORMS=2, numbers__1__number="25-1", caption="Typed v. Kept")
    monkeypatch.setattr("django.db.models.Model.validate_constraints", lambda *args, **kwargs: None)
    monkeypatch.setattr("django.forms.models.BaseModelFormSet.validate_unique", lambda self: None)
    response = editor_client.post(path, data)
    assert response.status_code == 200
    assert "The proceeding has this number already." in response.content.decode()
    assert "Typed v. Kept" in response.content.decode()
    assert proceeding.numbers.count() == 1


def test_new_row_that_the_database_refuses_can_be_mended_and_sent_again(
    editor_client: Client, address: Address, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address("party", "add")
    data = fill(editor_client, path, name="Jo Smith", slug="jo-smith")
    with monkeypatch.context() as patched:
        patched.setattr(Party, "save", _refuse)
        response = editor_client.post(path, data)
    assert response.status_code == 200
    assert "The database refused this" in response.content.decode()
    assert 'value="Jo Smith"' in response.content.decode()
    assert editor_client.post(path, data).status_code == 302
    assert Party.objects.get().name == "Jo Smith"


def _refuse(self: Any, *args: Any, **kwargs: Any) -> None:
    raise IntegrityError("no")


def test_account_that_the_database_refuses_is_no_error_page(
    superuser_client: Client, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.contrib.auth.models.User.save", _refuse)
    data = {"username": "ann", "email": "ann@example.org"}
    response = superuser_client.post(address("user", "add"), data)
    assert response.status_code == 200
    assert "The database refused this" in response.content.decode()


def test_every_named_rule_of_the_database_has_words() -> None:
    messages = refusals._messages()
    assert messages["docket_number_one_main"] == "A proceeding has one main number."
    assert messages["treatment_target_one_way"].startswith("Give the ruling")
    assert all(text.endswith(".") for text in messages.values())


def test_docket_keeps_its_court_while_entries_stand_on_it(editor_client: Client, address: Address, fill: Fill) -> None:
    dispute = make.two_court_dispute()
    path = address("proceeding", "change", dispute.trial.pk)
    response = editor_client.post(path, fill(editor_client, path, court=dispute.appeals_court.pk))
    assert "4 entries stand on this docket with another court. Move those first." in response.content.decode()
    response = editor_client.post(path, fill(editor_client, path, case=make.CaseFactory().pk))
    assert "4 entries stand on this docket with another case. Move those first." in response.content.decode()
    assert Proceeding.objects.get(pk=dispute.trial.pk).court == dispute.trial_court


def test_settlement_can_end_a_ruling(editor_client: Client, address: Address, fill: Fill) -> None:
    dispute = make.two_court_dispute()
    path = address("event", "change", dispute.agreement.pk)
    data = fill(
        editor_client,
        path,
        treatments_made__TOTAL_FORMS=1,
        treatments_made__0__verb="ends",
        treatments_made__0__target=dispute.order.pk,
    )
    assert editor_client.post(path, data).status_code == 302
    assert Treatment.objects.get(act=dispute.agreement).target_id == dispute.order.pk


def test_ruling_known_only_by_court_number_and_date_can_be_treated(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    dispute = make.two_court_dispute()
    path = address("ruling", "change", dispute.appeal_order.pk)
    row = "treatments_made__2"
    data = fill(
        editor_client,
        path,
        **{
            "treatments_made__TOTAL_FORMS": 3,
            f"{row}__verb": "stays",
            f"{row}__target_court": dispute.trial_court.pk,
            f"{row}__target_number": "24-cv-1",
            f"{row}__target_date": "March 2024",
        },
    )
    assert editor_client.post(path, data).status_code == 302
    assert str(Treatment.objects.get(target_number="24-cv-1").target_date) == "March 2024"
    data = fill(editor_client, path, treatments_made__TOTAL_FORMS=4, treatments_made__3__verb="stays")
    response = editor_client.post(path, data)
    assert "Give the ruling, or if it is not recorded here its court, number and date." in response.content.decode()


# --- what is filled in by itself ------------------------------------------------------------------------------------


def test_address_and_short_name_of_a_case_are_made_from_its_name(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    path = address("case", "add")
    for _ in range(2):
        editor_client.post(path, fill(editor_client, path, name="José Guzmán v. Smith & Co."))
    assert sorted(Case.objects.values_list("slug", "short_name")) == [
        ("jose-guzman-v-smith-co", "José Guzmán v. Smith & Co."),
        ("jose-guzman-v-smith-co-2", "José Guzmán v. Smith & Co."),
    ]
    response = editor_client.post(path, fill(editor_client, path, name="北京"))
    assert "No word for the address can be made from this name; write one." in response.content.decode()


def test_court_added_by_hand_is_a_local_one_and_keeps_its_identifier(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    path = address("court", "add")
    data = fill(
        editor_client,
        path,
        id="ij-test",
        name="Immigration Court",
        short_name="IJ",
        level="admin_trial",
        system="federal",
    )
    assert editor_client.post(path, data).status_code == 302
    path = address("court", "change", "ij-test")
    response = editor_client.get(path)
    assert "id" not in response.context["adminform"].form.fields
    from casetracker.models import Court

    assert Court.objects.get(pk="ij-test").is_local


def test_empty_place_in_an_order_is_the_first(editor_client: Client, address: Address, fill: Fill) -> None:
    path = address("event", "add")
    case = make.CaseFactory()
    data = fill(editor_client, path, case=case.pk, kind="filing", date="2025-04-10", title="X", day_order="")
    assert editor_client.post(path, data).status_code == 302
    assert Event.objects.get(title="X").day_order == 0


def test_rows_see_what_they_hang_on_as_it_stands_in_the_form() -> None:
    assert issubclass(DocketRows.formset, DeskFormSet)
    assert EntryForm.base_fields is not None
