"""Threads on the page of an entry and on the timeline."""

import pytest
from django.test import Client
from factories import Dispute, EventFactory, ResponseFactory, RulingFactory
from pages import Page, fetch, query_of, words

from casetracker.models import Event

pytestmark = pytest.mark.django_db


def address(dispute: Dispute, thread: str) -> str:
    return f"{dispute.case.get_absolute_url()}?thread={thread}"


def ids(page: Page) -> list[str]:
    return [entry.attrib["id"] for entry in page.entries] if page.maybe(id="timeline") is not None else []


def members(dispute: Dispute) -> list[Event]:
    return [dispute.motion, dispute.opposition, dispute.order]


# --- the page of an entry -------------------------------------------------------------------------------------------


def test_entry_lists_its_thread_in_order_and_marks_itself(client: Client, dispute: Dispute) -> None:
    for current in members(dispute):
        page = fetch(client, current.get_absolute_url())
        assert "Thread: 3 entries" in [words(heading) for heading in page.all("h2")]
        items = list(page.one("ol", cls="thread-list"))
        assert [words(item).split(" D. Md.")[0] for item in items] == [entry.title for entry in members(dispute)]
        (mark,) = page.all(aria_current="true", tag="span")
        assert words(mark) == current.title
        for item, entry in zip(items, members(dispute), strict=True):
            link = item.find("a")
            assert (link is None) == (entry == current)
            if link is not None:
                assert link.attrib["href"] == entry.get_absolute_url()


def test_entry_without_a_thread_lists_none(client: Client, dispute: Dispute) -> None:
    page = fetch(client, dispute.hearing.get_absolute_url())
    assert page.all("ol", cls="thread-list") == []
    assert "Thread" not in page.main


def test_entry_that_answers_a_ruling_alone_is_related_to_it(client: Client, dispute: Dispute) -> None:
    appeal = EventFactory(case=dispute.case, title="Notice of appeal", published=True)
    ResponseFactory(event=appeal, responds_to=dispute.order)
    page = fetch(client, appeal.get_absolute_url())
    assert "Related entries In answer to Order to return the book" in page.main
    assert page.all("ol", cls="thread-list") == []
    # The ruling tells of it and stays with its motion.
    page = fetch(client, dispute.order.get_absolute_url())
    assert "Answered by Notice of appeal" in page.main
    assert len(page.one("ol", cls="thread-list")) == 3


@pytest.mark.parametrize("hidden", ["draft", "in_review", "embargoed", "withdrawn", "withheld"])
def test_hidden_entry_is_in_nobodys_thread(client: Client, dispute: Dispute, hidden: str) -> None:
    before = client.get(dispute.motion.get_absolute_url()).content
    answer = EventFactory(case=dispute.case, title="Secret", **{hidden: True})
    ResponseFactory(event=answer, responds_to=dispute.motion)
    assert client.get(dispute.motion.get_absolute_url()).content == before


# --- the timeline ---------------------------------------------------------------------------------------------------


def test_each_member_is_marked_with_the_length_of_its_thread_and_leads_to_it_alone(
    client: Client, dispute: Dispute
) -> None:
    page = fetch(client, dispute.case.get_absolute_url())
    for entry in members(dispute):
        item = page.by_id(entry.public_id)
        assert "Thread: 3 entries" in [words(mark) for mark in item.iter("summary")]
        links = {words(link): link.attrib["href"] for link in item.iter("a")}
        assert links["Show this thread alone"] == f"{address(dispute, entry.public_id)}#timeline-title"
    assert "Thread" not in words(page.by_id(dispute.hearing.public_id))


def test_a_thread_is_shown_alone_whichever_of_its_entries_asks(client: Client, dispute: Dispute) -> None:
    for entry in members(dispute):
        page = fetch(client, address(dispute, entry.public_id))
        assert ids(page) == [member.public_id for member in members(dispute)]
        assert words(page.one("p", cls="count")) == "3 of 6 entries"
        assert page.chips == {f"Thread of: {entry.title}": "?"}
        assert not page.is_indexed


def test_entry_without_a_thread_is_shown_alone(client: Client, dispute: Dispute) -> None:
    assert ids(fetch(client, address(dispute, dispute.hearing.public_id))) == [dispute.hearing.public_id]


def test_other_filters_hold_within_a_thread_and_keep_it(client: Client, dispute: Dispute) -> None:
    page = fetch(client, f"{address(dispute, dispute.motion.public_id)}&kind=filing")
    assert ids(page) == [dispute.motion.public_id, dispute.opposition.public_id]
    assert {name: query_of(link) for name, link in page.chips.items()} == {
        "Kind: Filing": {"thread": [dispute.motion.public_id]},
        "Thread of: Motion for the return of the book": {"kind": ["filing"]},
    }
    kept = page.one("input", name="thread")
    assert (kept.attrib["type"], kept.attrib["value"]) == ("hidden", dispute.motion.public_id)
    # Where none is chosen the form carries nothing.
    assert fetch(client, dispute.case.get_absolute_url()).all("input", name="thread") == []


def test_thread_of_another_case_or_of_nothing_is_empty(client: Client, dispute: Dispute) -> None:
    for thread in (RulingFactory(published=True).public_id, "2222222222"):
        page = fetch(client, address(dispute, thread))
        assert ids(page) == []
        assert "No entry matches all of these" in page.main
        assert page.chips == {f"Thread of: {thread}": "?"}


@pytest.mark.parametrize("state", ["draft", "in_review", "embargoed", "withdrawn", "withheld"])
def test_thread_of_a_hidden_entry_answers_as_one_of_nothing(client: Client, dispute: Dispute, state: str) -> None:
    hidden = EventFactory(case=dispute.case, title="Secret", **{state: True})
    ResponseFactory(event=hidden, responds_to=dispute.motion)
    key = hidden.public_id
    nothing = client.get(address(dispute, "2222222222")).content.decode()
    assert client.get(address(dispute, key)).content.decode().replace(key, "2222222222") == nothing


@pytest.mark.parametrize(
    "thread",
    [
        "abc",
        "aeiouaeiou",
        "222222222",
        "22222222222",
        "2222222222\n2",
        "²222222222",
        "<script>",
        "9" * 5000,
        "' OR 1=1--",
    ],
)
def test_what_is_no_address_of_an_entry_is_refused_in_words_and_narrows_nothing(
    client: Client, dispute: Dispute, thread: str
) -> None:
    page = fetch(client, dispute.case.get_absolute_url(), {"thread": thread})
    ((told, place),) = page.problems.items()
    assert told == "Thread of: This is no entry’s address: it has 10 letters and digits."
    assert page.by_id(place.removeprefix("#")).attrib["name"] == "thread"
    assert len(ids(page)) == 6
    assert page.chips == {}


def test_address_with_spaces_around_it_is_read(client: Client, dispute: Dispute) -> None:
    page = fetch(client, dispute.case.get_absolute_url(), {"thread": f" {dispute.motion.public_id} "})
    assert len(ids(page)) == 3
