"""The page of one entry, and the list of rulings of all cases."""

from collections.abc import Callable

import pytest
from django.test import Client
from factories import (
    STATES,
    CaseFactory,
    CorrectionFactory,
    CourtFactory,
    Dispute,
    DocumentFactory,
    EventFactory,
    ProvisionFactory,
    ReferenceFactory,
    RulingFactory,
    RulingJudgeFactory,
    SourceFactory,
    StatementFactory,
    TreatmentFactory,
    publication_columns,
)
from pages import Page, fetch, query_of, words

from casetracker.dates import UncertainDate, parse
from casetracker.models import Event, Kind, Level, Verb
from casetracker.web.views import entries as view

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


# --- one entry ------------------------------------------------------------------------------------------------------


def test_it_tells_everything_of_the_entry(client: Client, dispute: Dispute) -> None:
    dispute.order.holding = "A loan ends with its term."
    dispute.order.vote = "2-1"
    dispute.order.effective = UncertainDate.on(2025, 4, 1)
    dispute.order.note = "The hour is not on the docket."
    dispute.order.save()
    DocumentFactory(event=dispute.order, title="The order, as filed", pages=8, size=20_480)
    DocumentFactory(event=dispute.order, title="Exhibit under seal", sealed=True)
    CorrectionFactory(case=dispute.case, event=dispute.order, text="The day was the 3rd; it was the 4th.")
    archived = SourceFactory(archived_address="https://archive.example/1", title="A report")
    ReferenceFactory(event=dispute.order, source=archived, position=2)
    page = fetch(client, dispute.order.get_absolute_url())
    assert page.heading == "Order to return the book"
    assert page.title == f"Order to return the book, 4 April 2025 · {dispute.case.short_name} · Casetracker"
    for told in (
        "D. Md. Friday, 4 April 2025 Injunction",
        "Granted",
        "The court orders Jones to return the book.",
        "Held A loan ends with its term.",
        "8:25-cv-00951, ECF 4",
        f"Judges {dispute.judge.label}",
        "Vote 2-1",
        "Reported 777 F. Supp. 3d 1",
        "With effect from 1 April 2025",
        "Its parts “return the book” “by Friday”",
        "Affirmed 7 April 2025: “return the book”, by Opinion on appeal (4th Cir., 7 April 2025)",
        "In answer to Motion for the return of the book",
        "The order, as filed, 8 pages, 20.0",
        "The hour is not on the docket.",
        "District Court, Doc. 4. Court record, read 1 November 2025",
        "archived copy",
        "2 November 2025: The day was the 3rd; it was the 4th.",
        f"Permanent address http://testserver{dispute.order.get_absolute_url()}",
    ):
        assert told in page.main, told
    assert "Exhibit under seal" not in page.main
    assert page.links[dispute.trial_court.name] == dispute.trial_court.get_absolute_url()
    assert page.links["archived copy: A report"] == "https://archive.example/1"
    assert page.links[dispute.case.name] == dispute.case.get_absolute_url()


def test_its_own_date_is_its_first(client: Client, dispute: Dispute) -> None:
    for entry in dispute.entries:
        page = fetch(client, entry.get_absolute_url())
        assert page.all("time")[0].attrib["datetime"] == (entry.date and entry.date.iso)


def test_it_leads_back_to_its_place_on_the_timeline(client: Client, dispute: Dispute) -> None:
    for entry in dispute.entries:
        key = entry.public_id
        link = fetch(client, entry.get_absolute_url()).links["Show it on the timeline"]
        assert link == f"{dispute.case.get_absolute_url()}?around={key}#{key}"
        assert key in [item.attrib["id"] for item in fetch(client, link).entries]


def test_it_leads_to_the_entries_before_and_after_it(client: Client, dispute: Dispute) -> None:
    order = dispute.entries
    for place, entry in enumerate(order):
        page = fetch(client, entry.get_absolute_url())
        for rel, other in (("prev", place - 1), ("next", place + 1)):
            link = page.maybe("a", rel=rel)
            if 0 <= other < len(order):
                assert link is not None
                assert link.attrib["href"] == order[other].get_absolute_url()
                assert words(link) == order[other].title
            else:
                assert link is None


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_entry_is_nobodys_neighbour(client: Client, dispute: Dispute, hidden: str) -> None:
    before = client.get(dispute.order.get_absolute_url()).content
    for day in (3, 4, 5):
        EventFactory(case=dispute.case, date=UncertainDate.on(2025, 4, day), day_order=1, **{hidden: True})
        EventFactory(case=dispute.case, date=UncertainDate.on(2025, 4, day), day_order=-1, **{hidden: True})
    assert client.get(dispute.order.get_absolute_url()).content == before


def test_an_entry_without_a_source_says_so(client: Client) -> None:
    page = fetch(client, EventFactory(published=True).get_absolute_url())
    assert "No source is recorded for this entry yet." in page.main


def test_an_event_outside_court_says_so(client: Client, dispute: Dispute) -> None:
    page = fetch(client, dispute.agreement.get_absolute_url())
    assert "Outside court" in page.main
    assert not any(link.startswith("/courts/") for link in page.links.values())


def test_what_was_said_stands_in_the_speakers_name(client: Client, dispute: Dispute) -> None:
    StatementFactory(
        event=dispute.order,
        speaker="Jo Smith",
        office="Plaintiff",
        forum="On the steps of the court",
        date=UncertainDate.on(2025, 4, 4),
        quote="It is my book",
        said_at=dispute.agreement,
    )
    page = fetch(client, dispute.order.get_absolute_url())
    assert "“It is my book”" in page.main
    assert "Jo Smith, Plaintiff, On the steps of the court, 4 April 2025. Said at: The parties agree" in page.main
    assert page.links["The parties agree"] == dispute.agreement.get_absolute_url()


def test_an_entry_of_an_invented_case_says_so(client: Client) -> None:
    event = EventFactory(case=CaseFactory(is_invented=True, published=True), published=True)
    assert fetch(client, event.get_absolute_url()).main.startswith("Invented example.")


def test_it_takes_the_same_queries_in_a_case_of_3_and_of_200(
    count_queries: Callable[[str], int], dispute: Dispute
) -> None:
    counts = [count_queries(dispute.order.get_absolute_url())]
    Event.objects.bulk_create(EventFactory.build(case=dispute.case, **publication_columns()) for _ in range(200))
    counts.append(count_queries(dispute.order.get_absolute_url()))
    for _ in range(3):
        ProvisionFactory(ruling=dispute.order)
        StatementFactory(event=dispute.order)
        ReferenceFactory(event=dispute.order)
    counts.append(count_queries(dispute.order.get_absolute_url()))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 12


# --- its address ----------------------------------------------------------------------------------------------------


def test_it_is_found_under_whatever_its_case_was_called(client: Client, dispute: Dispute) -> None:
    former = dispute.order.get_absolute_url()
    dispute.case.slug = "a-better-name"
    dispute.case.save()
    present = f"/cases/a-better-name/{dispute.order.public_id}/"
    elsewhere = CaseFactory(published=True).get_absolute_url()
    for path in (former, f"/cases/nothing/{dispute.order.public_id}/", f"{elsewhere}{dispute.order.public_id}/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, present)
    assert client.get(present).status_code == 200


def test_the_query_is_kept_on_the_way(client: Client, dispute: Dispute) -> None:
    response = client.get(f"/cases/nothing/{dispute.order.public_id}/?from=letter&q=%C3%A9")
    assert response["Location"] == f"{dispute.order.get_absolute_url()}?from=letter&q=%C3%A9"


@pytest.mark.parametrize("state", [name for name in STATES if name != "published"])
def test_an_entry_that_is_not_public_answers_by_whether_it_ever_was(client: Client, state: str) -> None:
    event = EventFactory(title="Secret", case=CaseFactory(published=True), **{state: True})
    response = client.get(event.get_absolute_url())
    assert response.status_code == (410 if state in {"withdrawn", "withheld"} else 404)
    assert b"Secret" not in response.content
    if response.status_code == 404:
        assert response.content == client.get("/cases/nothing/2222222222/").content
    else:
        assert Page(response).heading == "This has been taken down"


@pytest.mark.parametrize("state", [name for name in STATES if name != "published"])
def test_a_published_entry_of_a_case_that_is_not_public_answers_as_its_case_does(client: Client, state: str) -> None:
    event = EventFactory(title="Secret", case=CaseFactory(), published=True)
    STATES[state](event.case)
    # Seen only if the case was seen: for once it is, let the entry have been published before the case was taken back.
    response = client.get(event.get_absolute_url())
    assert response.status_code == client.get(event.case.get_absolute_url()).status_code
    assert b"Secret" not in response.content


@pytest.mark.parametrize("key", ["2222222222", "aaaaaaaaaa", "222222222", "22222222222", "2222222222%00", "ABCDEFGHJK"])
def test_an_address_of_no_entry_is_not_found(client: Client, dispute: Dispute, key: str) -> None:
    assert client.get(f"{dispute.case.get_absolute_url()}{key}/").status_code in {400, 404}


# --- rulings of all cases -------------------------------------------------------------------------------------------


def titles(page: Page) -> list[str]:
    return [words(item.find(".//h2")) for item in page.all("li", cls="entry")]


@pytest.fixture
def decree(dispute: Dispute) -> Event:
    """A ruling of another court in another case, older than those of the dispute."""
    ruling: Event = RulingFactory(
        court=CourtFactory(id="kansas", supreme=True),
        title="Decree",
        summary="Schools are opened to all.",
        date=parse("17 May 1954"),
        outcome="denied",
        published=True,
    )
    return ruling


def test_rulings_stand_newest_first_with_their_cases(client: Client, dispute: Dispute, decree: Event) -> None:
    page = fetch(client, "/rulings/")
    assert page.heading == "Rulings"
    assert titles(page) == ["Opinion on appeal", "Order to return the book", "Decree"]
    assert words(page.one("p", cls="count")) == "3 rulings"
    assert page.links[dispute.case.name] == dispute.case.get_absolute_url()
    assert page.links["Decree"] == decree.get_absolute_url()
    assert "Motion for the return" not in [words(item) for item in page.all("h2")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("court=kansas", ["Decree"]),
        ("court=kansas&court=TRIAL", ["Order to return the book", "Decree"]),
        ("level=supreme", ["Decree"]),
        ("after=1954-05-17&before=1954", ["Decree"]),
        ("after=2025-04-05", ["Opinion on appeal"]),
        ("outcome=denied", ["Decree"]),
        ("outcome=affirmed", ["Opinion on appeal"]),
        ("outcome=vacated&outcome=granted", ["Opinion on appeal", "Order to return the book"]),
        ("judge=JUDGE", ["Order to return the book"]),
        ("q=schools", ["Decree"]),
        ("q=schools&court=TRIAL", []),
    ],
)
def test_rulings_are_narrowed_by_each_filter(
    client: Client, dispute: Dispute, decree: Event, query: str, found: list[str]
) -> None:
    query = query.replace("TRIAL", dispute.trial_court.pk).replace("JUDGE", dispute.judge.slug)
    page = fetch(client, f"/rulings/?{query}")
    assert titles(page) == found
    assert page.chips
    assert not page.is_indexed
    assert page.canonical == "http://testserver/rulings/"
    if not found:
        assert "No ruling matches all of these" in page.main


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "x" * 201),
        ("court", "nowhere"),
        ("level", "x"),
        ("after", "2024-02-30"),
        ("before", "soon"),
        ("outcome", "won"),
        ("judge", "x" * 121),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_in_a_list(
    client: Client, dispute: Dispute, name: str, value: str
) -> None:
    page = fetch(client, "/rulings/", {name: value})
    (beside,) = page.field_errors(f"id_{name}")
    ((line, target),) = page.problems.items()
    assert beside in line
    assert page.by_id(target.removeprefix("#")) is not None
    assert titles(page) == ["Opinion on appeal", "Order to return the book"]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_rulings_are_not_listed(client: Client, hidden: str) -> None:
    RulingFactory(title="Secret", **{hidden: True})
    case = CaseFactory()
    RulingFactory(case=case, title="Secret too", published=True)
    STATES[hidden](case)
    page = fetch(client, "/rulings/")
    assert titles(page) == []
    assert words(page.one("p", cls="count")) == "0 rulings"


def test_a_long_list_is_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "RULINGS_PER_PAGE", 2)
    case = CaseFactory(published=True)
    for day in (1, 2, 3):
        RulingFactory(case=case, title=f"Day {day}", date=UncertainDate.on(2025, 4, day), published=True)
    first = fetch(client, "/rulings/?level=trial")
    assert titles(first) == ["Day 3", "Day 2"]
    following = first.one("a", rel="next").attrib["href"]
    second = Event.objects.get(title="Day 2").public_id
    assert query_of(following) == {"level": ["trial"], "page": [f"after~newest~2025-04-02~4~0~~{second}"]}
    assert titles(fetch(client, f"/rulings/{following}")) == ["Day 1"]
    assert titles(fetch(client, "/rulings/?level=trial&page=2")) == ["Day 1"]
    fetch(client, "/rulings/?page=3", status=404)


def test_rulings_take_the_same_few_queries_for_1_3_and_200(
    count_queries: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "RULINGS_PER_PAGE", 200)
    court = CourtFactory()
    counts = []
    for wanted in (1, 3, 200):
        for _ in range(min(3, wanted - Event.objects.count())):
            ruling = RulingFactory(court=court, published=True)
            RulingJudgeFactory(ruling=ruling)
            ReferenceFactory(event=ruling)
            ReferenceFactory(event=None, statement=StatementFactory(event=ruling))
            TreatmentFactory(act=ruling, target=None, target_court=court, verb=Verb.AFFIRMS)
        case = CaseFactory(published=True)
        Event.objects.bulk_create(
            RulingFactory.build(case=case, court=court, kind=Kind.RULING, **publication_columns())
            for _ in range(wanted - Event.objects.count())
        )
        counts.append(
            (count_queries("/rulings/"), count_queries(f"/rulings/?level={Level.TRIAL}&judge=bench&q=%22order%22"))
        )
    assert len(set(counts)) == 1, counts
    assert counts[0][0] <= 9
    # A search asks what the words mean and how common they are, and tells where they stand.
    assert counts[0][1] <= 18
