"""
Who has a page as it is now is told so, and a worker that has made it sends it once more, without its being made again;
and never one that readers may see no more.
"""

import datetime
import gzip
import re
import time
from typing import Any

import factories as make
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from casetracker import publication
from casetracker.models import Case, Event, Treatment
from casetracker.patience import TakesTooLongError
from casetracker.web.asked_again import PAGES
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


def test_page_that_this_worker_has_made_is_sent_once_more(client: Client, dispute: make.Dispute) -> None:
    for address in addresses_of(dispute):
        first = client.get(address)
        with CaptureQueriesContext(connection) as captured:
            second, compressed = client.get(address), client.get(address, headers={"accept-encoding": "gzip"})
        assert len(captured) == 2, address
        assert second.content == first.content, address
        assert dict(second.items()) == dict(first.items()), address
        assert gzip.decompress(compressed.content) == first.content, address
        assert client.head(address)["ETag"] == first["ETag"], address


def test_page_is_made_again_for_another_address_day_release_or_reader(
    client: Client, superuser_client: Client, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = dispute.case.get_absolute_url()

    def is_made(asked: str = address, by: Client = client, **options: Any) -> bool:
        with CaptureQueriesContext(connection) as captured:
            assert by.get(asked, **options).status_code == 200
        return len(captured) > 1

    assert is_made()
    assert not is_made()
    assert is_made(f"{address}?order=newest")
    assert is_made(f"/es{address}")
    assert is_made(headers={"host": "127.0.0.1"})
    assert is_made(by=superuser_client)
    # What was made for who has signed in is nobody else's, nor is what an older release made.
    assert not is_made()
    monkeypatch.setattr("casetracker.web.asked_again._release", lambda: "another")
    assert is_made()
    tomorrow = make.timezone.localdate() + make.datetime.timedelta(days=1)
    monkeypatch.setattr("casetracker.web.asked_again.timezone.localdate", lambda: tomorrow)
    assert is_made()


def test_what_is_taken_down_is_sent_to_nobody_and_leaves_the_memory(client: Client, dispute: make.Dispute) -> None:
    pages = {address: client.get(address) for address in addresses_of(dispute)}
    assert any("return the book" in page.content.decode().lower() for page in pages.values())
    publication.withhold(dispute.case, actor=None, reason="Names a child.")
    assert client.get(dispute.case.get_absolute_url()).status_code == 410
    assert PAGES.weight == 0
    for address in pages:
        assert "return the book" not in client.get(address).content.decode().lower(), address


def test_embargo_that_ends_is_seen_by_who_asks_next(client: Client, dispute: make.Dispute) -> None:
    def shows() -> bool:
        return "Order on the lamp" in client.get(dispute.case.get_absolute_url()).content.decode()

    soon = timezone.now() + datetime.timedelta(seconds=1)
    publication.publish(make.EventFactory(case=dispute.case, title="Order on the lamp"), actor=None, embargo_until=soon)
    assert not shows()
    for _ in range(100):
        if shows():
            break
        time.sleep(0.05)
    assert timezone.now() > soon
    assert shows()


def test_long_pages_and_refusals_are_not_kept(
    client: Client, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/cases/no-such-case/")
    client.get("/cases/?page=nonsense")
    client.get(f"{dispute.case.get_absolute_url()}print/")
    client.head("/courts/")
    assert PAGES.weight == 0
    about = client.get("/about/")
    assert PAGES.weight == len(about.content)
    PAGES.forget()
    monkeypatch.setattr("casetracker.web.asked_again.LONGEST_KEPT", len(about.content) - 1)
    client.get("/about/")
    assert PAGES.weight == 0


def test_what_was_not_counted_for_want_of_time_is_counted_for_the_next_reader(
    client: Client, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*args: Any, **options: Any) -> Any:
        raise TakesTooLongError

    with monkeypatch.context() as patch:
        patch.setattr("casetracker.web.facets._COUNTED.get", too_long)
        for address in ("/cases/", "/rulings/", "/entries/"):
            hurried = client.get(address)
            assert "Counting took too long" in hurried.content.decode(), address
            assert "ETag" not in hurried
    for address in ("/cases/", "/rulings/", "/entries/"):
        page = client.get(address)
        assert "Counting took too long" not in page.content.decode()
        assert page["ETag"]


def test_nothing_that_lacks_something_for_want_of_time_is_kept(
    client: Client, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*args: Any, **options: Any) -> Any:
        raise TakesTooLongError

    # Each of these is shown without what was given up: another spelling, what may be meant, the numbers beside choices.
    lacking = {
        "/cases/?q=motoin": "casetracker.search.spelling._better",
        "/suggest/?q=smith": "casetracker.search.suggest",
        dispute.trial_court.get_absolute_url(): "casetracker.web.facets._COUNTED.get",
        dispute.plaintiff.get_absolute_url(): "casetracker.web.facets._COUNTED.get",
    }
    for address, given_up in lacking.items():
        with monkeypatch.context() as patch:
            patch.setattr(given_up, too_long)
            hurried = client.get(address)
        assert hurried.status_code == 200, address
        assert "ETag" not in hurried, address
        assert client.get(address)["ETag"], address


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
        PAGES.forget()
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
