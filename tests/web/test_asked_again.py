"""Who has a page as it is now is told so, without its being made; and never of one that readers may see no more."""

import re
from typing import Any

import factories as make
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from casetracker import publication
from casetracker.models import Case, Event, Treatment
from casetracker.where_it_stands import LABELS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dispute(transactional_db: None) -> make.Dispute:
    return make.two_court_dispute()


def again(client: Client, address: str, tag: str, **headers: str) -> Any:
    return client.get(address, headers={"if-none-match": tag, **headers})


def addresses_of(dispute: make.Dispute) -> list[str]:
    case = dispute.case.get_absolute_url()
    return [
        "/", "/cases/", "/cases/?q=book", case, f"{case}?on=2025-04-08", f"{case}standing/", f"/es{case}",
        dispute.order.get_absolute_url(), f"{dispute.appeal_order.get_absolute_url()}said/", "/courts/",
        dispute.trial_court.get_absolute_url(), dispute.plaintiff.get_absolute_url(), "/rulings/", "/calendar/",
        "/corrections/", "/glossary/", "/about/",
    ]  # fmt: skip


def test_page_that_is_the_same_is_not_made_again(client: Client, dispute: make.Dispute) -> None:
    tags = set()
    for address in addresses_of(dispute):
        first = client.get(address)
        assert first.status_code == 200, address
        assert first["ETag"].startswith('W/"'), address
        tags.add(first["ETag"])
        with CaptureQueriesContext(connection) as captured:
            second = again(client, address, first["ETag"])
        assert second.status_code == 304, address
        assert len(captured) == 1, address
        assert second.content == b""
        for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
            assert second[name] == first[name], (address, name)
    assert len(tags) == len(addresses_of(dispute))


def test_other_ways_to_ask(client: Client, dispute: make.Dispute) -> None:
    address = dispute.case.get_absolute_url()
    tag = client.get(address)["ETag"]
    assert again(client, address, f'"older", {tag}').status_code == 304
    assert again(client, address, tag, **{"accept-encoding": "gzip"}).status_code == 304
    assert client.head(address, headers={"if-none-match": tag}).status_code == 304
    for other in ("*", '"older"', tag.removeprefix("W/"), "W/", "nonsense \x7f"):
        assert again(client, address, other).status_code == 200, other
    assert client.post(address, headers={"if-none-match": tag}).status_code == 405


def test_page_of_another_address_is_no_answer(client: Client, dispute: make.Dispute) -> None:
    tag = client.get("/cases/")["ETag"]
    assert again(client, "/cases/?q=book", tag).status_code == 200
    assert again(client, "/cases/no-such-case/", tag).status_code == 404
    assert again(client, "/cases/", tag, host="127.0.0.1").status_code == 200


def test_change_of_anything_on_the_page_is_seen_at_once(client: Client, dispute: make.Dispute) -> None:
    address = dispute.case.get_absolute_url()
    tag = client.get(address)["ETag"]
    changes = [
        lambda: Event.objects.filter(pk=dispute.motion.pk).update(title="Motion for the return of the ship"),
        lambda: type(dispute.trial_court).objects.filter(pk=dispute.trial_court.pk).update(short_name="D. Sea"),
        lambda: type(dispute.source).objects.filter(pk=dispute.source.pk).update(title="The log of the ship"),
        lambda: Treatment.objects.all().delete(),
        lambda: make.CorrectionFactory(case=dispute.case, text="The ship was a boat."),
    ]
    for change in changes:
        change()
        page = again(client, address, tag)
        assert page.status_code == 200
        assert page["ETag"] != tag
        tag = page["ETag"]
    body = page.content.decode()
    for words in ("return of the ship", "D. Sea", "The log of the ship", "The ship was a boat."):
        assert words in body


def test_what_is_taken_down_is_gone_whoever_has_it(client: Client, dispute: make.Dispute) -> None:
    tags = {address: client.get(address)["ETag"] for address in addresses_of(dispute)}
    publication.withhold(dispute.case, actor=None, reason="Names a child.")
    for address, tag in tags.items():
        page = again(client, address, tag)
        assert page.status_code in {200, 404, 410}, address
        assert "return the book" not in page.content.decode().lower()
        if page.status_code != 200:
            assert "ETag" not in page
    assert again(client, dispute.case.get_absolute_url(), tags[dispute.case.get_absolute_url()]).status_code == 410


def test_pages_of_people_who_sign_in_files_and_the_time_have_no_tag(
    superuser_client: Client, client: Client, dispute: make.Dispute
) -> None:
    assert "ETag" not in superuser_client.get(dispute.case.get_absolute_url())
    tag = client.get(dispute.case.get_absolute_url())["ETag"]
    assert again(superuser_client, dispute.case.get_absolute_url(), tag).status_code == 200
    for address in (f"{dispute.case.get_absolute_url()}print/", "/livez", "/readyz", "/admin/login/"):
        assert "ETag" not in client.get(address, follow=True), address


def test_another_day_and_another_release_are_another_page(
    client: Client, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = dispute.case.get_absolute_url()
    tag = client.get(address)["ETag"]
    monkeypatch.setattr("casetracker.web.asked_again._release", lambda: "another")
    newer = again(client, address, tag)
    assert newer.status_code == 200
    tomorrow = make.timezone.localdate() + make.datetime.timedelta(days=1)
    monkeypatch.setattr("casetracker.web.asked_again.timezone.localdate", lambda: tomorrow)
    assert again(client, address, newer["ETag"]).status_code == 200


def test_database_that_does_not_tell_its_state_is_asked_for_the_page(
    client: Client, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise OperationalError("gone")

    monkeypatch.setattr("casetracker.web.asked_again.state_of_record", fail)
    page = client.get(dispute.case.get_absolute_url())
    assert page.status_code == 200
    assert "ETag" not in page


def test_standing_and_shape_of_a_long_case_are_kept_until_something_changes(
    client: Client, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casetracker.web.views.cases.MOST_RULINGS", 1)
    address = dispute.case.get_absolute_url()

    def ask(language: str = "") -> tuple[str, int]:
        with CaptureQueriesContext(connection) as captured:
            page = client.get(language + address).content.decode()
        return page, len(captured)

    def states(page: str) -> list[str]:
        return re.findall(r'data-state="([^"]+)"', page)

    first, asked = ask()
    second, fewer = ask()
    assert states(first) == states(second) != []
    assert fewer == asked - 2
    spanish, _ = ask("/es")
    assert states(spanish) == states(first)
    with translation.override("es"):
        label = translation.gettext(LABELS["in-part"])
    assert label in spanish
    assert label not in first
    Treatment.objects.all().delete()
    third, _ = ask()
    assert states(third) != states(first)
    make.EventFactory(case=dispute.case, date="2019-05", published=True)
    fourth, _ = ask()
    assert "2019" in fourth
    assert "2019" not in third
    Case.objects.filter(pk=dispute.case.pk).update(name="In re Raft")
    assert "In re Raft" in ask()[0]
