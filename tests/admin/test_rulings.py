"""A ruling is entered on one screen, with all that hangs on it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import factories as make
import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from casetracker.dates import UncertainDate
from casetracker.models import Event, Outcome, Provision, Ruling, RulingForm, Source, State, Verb

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]


@pytest.fixture
def dispute() -> make.Dispute:
    return make.two_court_dispute()


def entered(fill: Fill, client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """The least that a ruling needs, typed into the form at `path`."""
    typed = {"date": "11 April 2025", "form": RulingForm.ORDER, "title": "Order on the deadline"} | changes
    return fill(client, path, **typed)


def test_ruling_with_everything_is_entered_on_one_screen(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.appeal.pk}"
    data = entered(
        fill,
        editor_client,
        path,
        time="16:05",
        outcome=Outcome.GRANTED_IN_PART,
        summary="The court lets the order stand and drops its deadline.",
        holding="A deadline that has passed binds nobody.",
        docket_entries__0__number="41",
        ruling_judges__0__judge=dispute.judge.pk,
        treatments_made__0__verb=Verb.VACATES,
        treatments_made__0__target=dispute.order.pk,
        treatments_made__0__provision=dispute.by_friday.pk,
        treatments_made__0__until_note="pending further order",
        references__0__new_title="Docket of the appeal",
        references__0__new_publisher="Court of Appeals",
        references__0__new_address="https://court.example/25-1345",
        references__0__new_read_on="24 November 2025",
        provisions__TOTAL_FORMS=1,
        provisions__0__text="the deadline is lifted",
        citations__TOTAL_FORMS=1,
        citations__0__text="778 F.3d 2",
        responses_made__TOTAL_FORMS=1,
        responses_made__0__responds_to=dispute.motion.pk,
    )
    response = editor_client.post(path, data)
    assert response.status_code == 302, response.context["errors"]
    ruling = Ruling.objects.get(title="Order on the deadline")
    assert response.headers["Location"].startswith(address("case", "change", dispute.case.pk))
    assert response.headers["Location"].endswith(f"?around={ruling.pk}#entry-{ruling.pk}")
    assert (ruling.case, ruling.court, ruling.date) == (
        dispute.case,
        dispute.appeals_court,
        UncertainDate.on(2025, 4, 11),
    )
    assert (str(ruling.time), ruling.outcome, ruling.form) == ("16:05:00", "granted_in_part", "order")
    assert ruling.holding == "A deadline that has passed binds nobody."
    assert ruling.state == State.DRAFT
    docket = ruling.docket_entries.get()
    assert (docket.proceeding, docket.number) == (dispute.appeal, "41")
    assert ruling.ruling_judges.get().judge == dispute.judge
    treatment = ruling.treatments_made.get()
    assert (treatment.verb, treatment.target_id, treatment.provision) == (
        "vacates",
        dispute.order.pk,
        dispute.by_friday,
    )
    assert treatment.until_note == "pending further order"
    source = ruling.references.get().source
    assert (source.title, source.publisher, source.kind) == ("Docket of the appeal", "Court of Appeals", "court_record")
    assert source.read_on == UncertainDate.on(2025, 11, 24)
    assert ruling.provisions.get().text == "the deadline is lifted"
    assert ruling.citations.get().text == "778 F.3d 2"
    assert ruling.responses_made.get().responds_to_id == dispute.motion.pk


def test_save_and_publish_saves_and_asks_before_it_publishes_with_the_editors_name(
    editor_client: Client, editor: Any, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    response = editor_client.post(path, entered(fill, editor_client, path, _publish="1"), follow=True)
    ruling = Event.objects.get(title="Order on the deadline")
    assert ruling.state == State.DRAFT
    assert response.request["PATH_INFO"] == address("ruling", "publication", ruling.pk, "publish")
    assert "Publish?" in response.content.decode()
    editor_client.post(response.request["PATH_INFO"], {"zone": "UTC"})
    ruling.refresh_from_db()
    assert (ruling.is_published_now, ruling.state_changed_by) == (True, editor)


def test_save_and_publish_of_a_draft_asks_too_and_says_what_stands_in_its_way(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(case=make.CaseFactory(published=True), title="A day to come")
    path = address("event", "change", entry.pk)
    data = fill(editor_client, path, date="4 May 2099", happening="held") | {"_publish": "1"}
    body = editor_client.post(path, data, follow=True).content.decode()
    assert "its date has not come" in body
    entry.refresh_from_db()
    assert (str(entry.date), entry.state) == ("4 May 2099", State.DRAFT)


def test_save_and_publish_by_somebody_who_may_not_change_rulings_only_saves(
    staff: Any, staff_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    rights = ["view_ruling", "add_ruling", "add_docketentry"]
    staff.user_permissions.set(Permission.objects.filter(codename__in=rights))
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    staff_client.post(path, entered(fill, staff_client, path, _publish="1"))
    assert Ruling.objects.get(title="Order on the deadline").state == State.DRAFT


def test_save_and_add_another_keeps_case_court_docket_and_date(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    response = editor_client.post(path, entered(fill, editor_client, path, _addanother="1"))
    kept = parse_qs(urlsplit(response.headers["Location"]).query)
    assert kept == {
        "case": [str(dispute.case.pk)],
        "court": [dispute.trial_court.pk],
        "proceeding": [str(dispute.trial.pk)],
        "date": ["2025-04-11"],
    }
    again = editor_client.get(response.headers["Location"])
    assert again.context["adminform"].form.initial["date"] == UncertainDate.on(2025, 4, 11)


# --- sources --------------------------------------------------------------------------------------------------------


def test_typed_source_with_a_known_address_is_that_source(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    before = Source.objects.count()
    editor_client.post(
        path,
        entered(
            fill,
            editor_client,
            path,
            references__0__new_title="Another title",
            references__0__new_address=dispute.source.address,
        ),
    )
    assert Ruling.objects.get(title="Order on the deadline").references.get().source == dispute.source
    assert Source.objects.count() == before


def test_one_new_address_in_two_rows_becomes_one_source(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    rows: dict[str, Any] = {"references__TOTAL_FORMS": 2}
    for number in (0, 1):
        rows |= {
            f"references__{number}__new_title": "The opinion",
            f"references__{number}__new_address": "https://court.example/opinion",
            f"references__{number}__pinpoint": f"p. {number + 1}",
        }
    editor_client.post(path, entered(fill, editor_client, path, **rows))
    ruling = Ruling.objects.get(title="Order on the deadline")
    assert Source.objects.filter(address="https://court.example/opinion").count() == 1
    assert sorted(ruling.references.values_list("pinpoint", flat=True)) == ["p. 1", "p. 2"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"new_address": "https://court.example/new"}, "This field cannot be blank."),
        ({"new_title": "X", "new_address": "javascript:alert(1)"}, "begins with https:// or http://"),
        ({"pinpoint": "p. 3"}, "Choose a source, or type the title of a new one."),
        ({"new_title": "X", "source": "KNOWN"}, "Choose a source or type a new one, not both."),
    ],
)
def test_half_a_source_is_refused_beside_its_field(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute, typed: dict[str, str], said: str
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    rows = {f"references__0__{name}": dispute.source.pk if value == "KNOWN" else value for name, value in typed.items()}
    response = editor_client.post(path, entered(fill, editor_client, path, **rows))
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Ruling.objects.filter(title="Order on the deadline").exists()


# --- rules between fields -------------------------------------------------------------------------------------------


def test_provision_of_another_ruling_is_refused(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    stranger = make.ProvisionFactory(ruling__case=dispute.case)
    path = f"{address('ruling', 'add')}?proceeding={dispute.appeal.pk}&treats={dispute.order.pk}"
    data = entered(
        fill, editor_client, path, treatments_made__0__verb=Verb.VACATES, treatments_made__0__provision=stranger.pk
    )
    assert data["treatments_made-0-target"] == dispute.order.pk
    response = editor_client.post(path, data)
    assert "This provision is part of another ruling." in response.content.decode()


def test_docket_of_another_court_is_refused(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    data = entered(fill, editor_client, path, docket_entries__0__proceeding=dispute.appeal.pk)
    response = editor_client.post(path, data)
    assert f"This docket is of {dispute.appeals_court}" in response.content.decode()


def test_changing_the_court_speaks_of_the_docket_that_stays_behind(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = address("ruling", "change", dispute.order.pk)
    response = editor_client.post(path, fill(editor_client, path, court=dispute.appeals_court.pk))
    assert f"the entry&#x27;s court is {dispute.appeals_court}" in response.content.decode()
    dispute.order.refresh_from_db()
    assert dispute.order.court == dispute.trial_court


def test_changing_court_and_docket_together_is_saved(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = address("ruling", "change", dispute.order.pk)
    data = fill(editor_client, path, court=dispute.appeals_court.pk, docket_entries__0__proceeding=dispute.appeal.pk)
    assert editor_client.post(path, data).status_code == 302
    dispute.order.refresh_from_db()
    assert dispute.order.court == dispute.appeals_court


def test_ruling_with_judges_and_provisions_stays_a_ruling(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = address("ruling", "change", dispute.order.pk)
    response = editor_client.post(path, fill(editor_client, path, kind="filing", form="", outcome=""))
    said = "It has judges, citations, provisions, effects of later rulings on it and so stays a ruling."
    assert said in response.content.decode()


def test_bare_ruling_can_become_a_filing_and_a_filing_a_ruling(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    ruling = make.RulingFactory()
    path = address("ruling", "change", ruling.pk)
    response = editor_client.post(path, fill(editor_client, path, kind="filing", form="", outcome=""))
    assert response.status_code == 302, response.context["errors"]
    assert Event.objects.get(pk=ruling.pk).kind == "filing"
    path = address("event", "change", ruling.pk)
    response = editor_client.post(path, fill(editor_client, path, kind="ruling", form="order"))
    assert response.headers["Location"] == address("ruling", "change", ruling.pk)
    assert Ruling.objects.get(pk=ruling.pk).form == "order"


def test_zone_of_the_court_is_not_stored_twice(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"
    data = entered(fill, editor_client, path, time="09:00")
    assert data["time_zone"] == "America/New_York"
    editor_client.post(path, data)
    editor_client.post(
        path, entered(fill, editor_client, path, title="At another hour", time="09:00", time_zone="America/Chicago")
    )
    assert Ruling.objects.get(title="Order on the deadline").time_zone == ""
    assert Ruling.objects.get(title="At another hour").time_zone == "America/Chicago"


def test_provision_on_which_a_treatment_hangs_is_not_deleted(
    editor_client: Client, address: Address, fill: Fill, dispute: make.Dispute
) -> None:
    path = address("ruling", "change", dispute.order.pk)
    response = editor_client.post(path, fill(editor_client, path, provisions__0__DELETE="on"))
    assert response.status_code == 200
    assert "would require deleting the following protected related objects" in response.content.decode()
    assert Provision.objects.filter(pk=dispute.returned.pk).exists()
