"""The page of one case: what stands on it, its timeline, and the filters and windows of that."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from factories import (
    STATES,
    CaseFactory,
    CorrectionFactory,
    CourtFactory,
    Dispute,
    DocumentFactory,
    EventFactory,
    PartyRoleFactory,
    ProceedingFactory,
    ReferenceFactory,
    RulingFactory,
    RulingJudgeFactory,
    SourceFactory,
    StatementFactory,
    TopicFactory,
    TransferFactory,
    TreatmentFactory,
    publication_columns,
)
from pages import Page, fetch, has_class, query_of, words

from casetracker import publication, windows
from casetracker.dates import parse
from casetracker.models import Case, Event, Happening, Kind, Status, TransferKind

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


def address(dispute: Dispute) -> str:
    return dispute.case.get_absolute_url()


def ids(page: Page) -> list[str]:
    return [entry.attrib["id"] for entry in page.entries]


def keys(*entries: Event) -> list[str]:
    return [entry.public_id for entry in entries]


# --- the markup that others rely on ---------------------------------------------------------------------------------


def test_the_timeline_is_a_list_of_entries_in_order_each_with_court_kind_and_its_own_date(
    client: Client, dispute: Dispute
) -> None:
    page = fetch(client, address(dispute))
    assert page.by_id("timeline").tag == "ol"
    found = []
    for item in page.entries:
        time = next(item.iter("time"))
        found.append((item.attrib["id"], item.attrib["data-court"], item.attrib["data-kind"], time.attrib["datetime"]))
    trial, appeal = dispute.trial_court.pk, dispute.appeals_court.pk
    assert found == [
        (dispute.motion.public_id, trial, "filing", "2025-04-01"),
        (dispute.opposition.public_id, trial, "filing", "2025-04-02"),
        (dispute.hearing.public_id, trial, "hearing", "2025-04-03"),
        (dispute.order.public_id, trial, "ruling", "2025-04-04"),
        (dispute.appeal_order.public_id, appeal, "ruling", "2025-04-07"),
        (dispute.agreement.public_id, "", "event", "2025-04-10"),
    ]


@pytest.mark.parametrize(
    ("date", "machine", "shown"),
    [
        ("10 April 2025", "2025-04-10", "10 Apr"),
        ("April 2025", "2025-04", "April 2025"),
        ("1801", "1801", "1801"),
        ("9-11 December 1952", "1952-12-09", "9–11 December 1952"),
        ("before 4 March 1801", "1801-03-04", "before 4 March 1801"),
        ("after 26 February 2026", "2026-02-26", "after 26 February 2026"),
        ("about March 1801", "1801-03", "about March 1801"),
    ],
)
def test_a_date_is_shown_with_the_precision_it_has(client: Client, date: str, machine: str, shown: str) -> None:
    event = EventFactory(date=parse(date), published=True)
    (item,) = fetch(client, event.case.get_absolute_url()).entries
    time = next(item.iter("time"))
    assert (time.attrib["datetime"], words(time)) == (machine, shown)


def test_entries_of_one_day_keep_the_editors_order_and_vaguer_dates_stand_first(client: Client) -> None:
    case = CaseFactory(published=True)
    wanted = []
    for date, place in (
        ("2025", 9),
        ("April 2025", 9),
        ("1 April 2025", 1),
        ("1 April 2025", 2),
        ("1 April 2025", 3),
        ("2 April 2025", 0),
    ):
        wanted.append(
            EventFactory(case=case, date=parse(date), day_order=place, title=f"{date} {place}", published=True)
        )
    # Made in another order than they stand in.
    Event.objects.filter(pk=wanted[2].pk).update(day_order=3)
    Event.objects.filter(pk=wanted[4].pk).update(day_order=1)
    wanted[2], wanted[4] = wanted[4], wanted[2]
    # The year begins on 1 January, so it stands before all of April.
    assert ids(fetch(client, case.get_absolute_url())) == keys(*wanted)


# --- what stands on the page ----------------------------------------------------------------------------------------


def test_it_is_named_after_the_case_and_tells_what_it_is_about(client: Client, dispute: Dispute) -> None:
    dispute.case.topics.add(TopicFactory(name="Loans", slug="loans"))
    dispute.case.checked_on = datetime.date(2025, 11, 3)
    dispute.case.note = "Two filings are not public."
    dispute.case.save()
    page = fetch(client, address(dispute))
    assert page.heading == dispute.case.name
    assert page.title == f"{dispute.case.name} · Casetracker"
    for told in (
        dispute.case.summary,
        "2 proceedings",
        "2 courts",
        "6 entries, 2 rulings",
        "Ongoing",
        "Last checked against its sources on 3 November 2025",
        "Two filings are not public.",
    ):
        assert told in page.main, told
    assert page.links["Loans"] == "/cases/?topic=loans"


def test_an_entry_tells_court_docket_title_summary_outcome_judge_and_source(client: Client, dispute: Dispute) -> None:
    DocumentFactory(event=dispute.order, title="The order, as filed", pages=8)
    order = fetch(client, address(dispute)).by_id(dispute.order.public_id)
    text = words(order)
    for told in (
        "D. Md.",
        "Injunction",
        "8:25-cv-00951, ECF 4",
        dispute.judge.label,
        "Order to return the book",
        "The court orders Jones to return the book.",
        "Granted",
        dispute.source.title,
        "Doc. 4",
        "read 1 November 2025",
        "The order, as filed (8 pages)",
        "777 F. Supp. 3d 1",
    ):
        assert told in text, told
    links = {words(link): link.attrib["href"] for link in order.iter("a")}
    assert links["Order to return the book"] == dispute.order.get_absolute_url()
    assert links["Link"] == dispute.order.get_absolute_url()
    assert links[f"{dispute.source.title}, {dispute.source.publisher}"] == dispute.source.address


def test_what_a_ruling_did_and_what_was_done_to_it_stand_at_both_ends_and_lead_to_one_another(
    client: Client, dispute: Dispute
) -> None:
    page = fetch(client, address(dispute))
    opinion, order = page.by_id(dispute.appeal_order.public_id), page.by_id(dispute.order.public_id)
    assert "Affirms Order to return the book (D. Md., 4 April 2025): “return the book”" in words(opinion)
    assert "Vacates Order to return the book (D. Md., 4 April 2025): “by Friday”" in words(opinion)
    assert "Affirmed in part Vacated in part" in words(opinion)
    assert "Affirmed 7 April 2025: “return the book”, by Opinion on appeal (4th Cir., 7 April 2025)" in words(order)
    assert f"#{dispute.order.public_id}" in [link.attrib["href"] for link in opinion.iter("a")]
    assert f"#{dispute.appeal_order.public_id}" in [link.attrib["href"] for link in order.iter("a")]


def test_the_thread_and_what_was_said_stand_with_the_entry(client: Client, dispute: Dispute) -> None:
    page = fetch(client, address(dispute))
    assert "Answered by Opposition to the motion" in words(page.by_id(dispute.motion.public_id))
    assert "In answer to Motion for the return of the book" in words(page.by_id(dispute.opposition.public_id))
    opinion = words(page.by_id(dispute.appeal_order.public_id))
    for told in ("Said about this: 1", "Said that he had won.", "Sam Jones", "date not known", "p. 3"):
        assert told in opinion, told


def test_an_entry_without_a_source_says_so(client: Client) -> None:
    event = EventFactory(published=True)
    (item,) = fetch(client, event.case.get_absolute_url()).entries
    assert "No source is recorded yet" in words(item)


def test_an_entry_that_did_not_take_place_says_so(client: Client) -> None:
    case = CaseFactory(published=True)
    for happening, date in (
        (Happening.SCHEDULED, None),
        (Happening.CANCELLED, None),
        (Happening.POSTPONED, "1 May 2025"),
    ):
        EventFactory(
            case=case, kind=Kind.HEARING, happening=happening, postponed_to=date and parse(date), published=True
        )
    EventFactory(case=case, under_seal=True, unsealed=parse("2 May 2025"), published=True)
    main = fetch(client, case.get_absolute_url()).main
    for told in ("Scheduled", "Cancelled", "Postponed to 1 May 2025", "Filed under seal, unsealed 2 May 2025"):
        assert told in main, told


def test_proceedings_parties_and_counsel_stand_below(client: Client, dispute: Dispute) -> None:
    page = fetch(client, address(dispute))
    trial = words(page.by_id(f"proceeding-{dispute.trial.pk}"))
    for told in (
        dispute.trial_court.name, "Smith v. Jones", "8:25-cv-00951", "Civil action", dispute.judge.name,
        "Filed 24 March 2025", "Appeal to 4th Cir., 25-1345, 5 April 2025", "Jo Smith", "Plaintiff", "Sam Jones",
        "Defendant", "Counsel: Ann Counsel",
    ):  # fmt: skip
        assert told in trial, told
    assert page.links["Jo Smith"] == dispute.plaintiff.get_absolute_url()
    assert f"#proceeding-{dispute.appeal.pk}" in page.addresses


def test_a_proceeding_in_another_case_is_linked_there(client: Client, dispute: Dispute) -> None:
    there = ProceedingFactory(case=CaseFactory(published=True))
    TransferFactory(kind=TransferKind.CONSOLIDATION, origin=dispute.trial, destination=there)
    page = fetch(client, address(dispute))
    target = f"{there.case.get_absolute_url()}#proceeding-{there.pk}"
    assert page.links[there.court.short_name] == target
    assert fetch(client, there.case.get_absolute_url()).by_id(target.partition("#")[2]) is not None


def test_corrections_sources_related_cases_and_how_to_cite_stand_on_it(client: Client, dispute: Dispute) -> None:
    CorrectionFactory(case=dispute.case, event=dispute.order, text="The day was the 3rd; it was the 4th.")
    ReferenceFactory(event=None, case=dispute.case, source=SourceFactory(title="A history of the book"))
    other = CaseFactory(name="Roe v. Doe", published=True)
    dispute.case.related.add(other)
    page = fetch(client, address(dispute))
    assert "2 November 2025: The day was the 3rd; it was the 4th." in words(page.by_id("corrections"))
    assert page.links["The entry"] == dispute.order.get_absolute_url()
    assert "A history of the book, District Court" in page.links
    assert page.links["Roe v. Doe"] == other.get_absolute_url()
    assert f"http://testserver{address(dispute)}" in words(page.by_id("cite"))


def test_a_case_without_entries_says_so(client: Client) -> None:
    case = CaseFactory(summary="", status=Status.CONCLUDED, published=True)
    page = fetch(client, case.get_absolute_url())
    assert page.maybe("ol", id="timeline") is None
    for told in ("Nothing is recorded yet", "No proceeding is recorded yet", "0 entries", "Concluded"):
        assert told in page.main, told


def test_an_invented_case_says_so_on_top(client: Client) -> None:
    case = CaseFactory(is_invented=True, published=True)
    assert fetch(client, case.get_absolute_url()).main.startswith("Invented example.")


MARKUP = {
    "<script>alert(1)</script>": "script",
    '<img src=x onerror="alert(1)">': "img",
    "[x](javascript:alert(1))": "",
    "<iframe src=//evil.example></iframe>": "iframe",
    "<style>body{display:none}</style>": "style",
}


@pytest.mark.parametrize("text", MARKUP)
def test_no_text_of_an_editor_becomes_markup_of_its_own(client: Client, text: str) -> None:
    case = CaseFactory(name=text, summary=text, note=text, published=True)
    ruling = RulingFactory(case=case, title=text, summary=text, note=text, holding=text, published=True)
    StatementFactory(event=ruling, speaker=text, quote=text, paraphrase=text, note=text)
    PartyRoleFactory(proceeding__case=case, party__name=text)
    CorrectionFactory(case=case, event=ruling, text=text)
    ReferenceFactory(event=ruling, source__title=text, pinpoint=text)
    for path in (case.get_absolute_url(), ruling.get_absolute_url(), "/", "/cases/", "/rulings/"):
        page = fetch(client, path)
        assert not any(address.lower().startswith("javascript:") for address in page.addresses), path
        for tag in ("img", "iframe", "style"):
            assert page.all(tag) == [], (path, tag)
        assert all(script.attrib["src"].startswith("/static/") and not words(script) for script in page.all("script"))
        assert not any(name.startswith("on") for element in page.top.iter() for name in element.attrib), path


def test_emphasis_and_links_of_an_editor_are_shown(client: Client) -> None:
    case = CaseFactory(summary="He *asked* for [the book](https://court.example/book).", published=True)
    page = fetch(client, case.get_absolute_url())
    assert page.links["the book"] == "https://court.example/book"
    assert "asked" in [words(element) for element in page.all("em")]
    assert page.meta["description"] == "He asked for the book."


# --- the order and the filters of the timeline ----------------------------------------------------------------------


def test_it_stands_oldest_first_and_can_be_turned_round(client: Client, dispute: Dispute) -> None:
    everything = keys(*dispute.entries)
    assert ids(fetch(client, address(dispute))) == everything
    assert ids(fetch(client, f"{address(dispute)}?order=oldest")) == everything
    page = fetch(client, f"{address(dispute)}?order=newest")
    assert ids(page) == everything[::-1]
    assert page.links["Oldest first"].startswith("?")
    assert query_of(page.links["Oldest first"]) == {}


def test_a_mistake_in_a_filter_leaves_the_order(client: Client, dispute: Dispute) -> None:
    page = fetch(client, f"{address(dispute)}?order=newest&after=soon")
    assert ids(page) == keys(*dispute.entries)[::-1]


@pytest.mark.parametrize(
    ("query", "text", "printed"),
    [
        ("", "Chronology for printing", ""),
        ("?around=x&at=2025&order=newest", "Chronology for printing", ""),
        (
            "?kind=ruling&court=TRIAL&order=newest&at=2025",
            "Chronology of what you chose, for printing",
            "?kind=ruling&court=TRIAL",
        ),
    ],
)
def test_what_is_chosen_is_what_is_printed(
    client: Client, dispute: Dispute, query: str, text: str, printed: str
) -> None:
    page = fetch(client, f"{address(dispute)}{query}")
    assert page.links[text] == f"{address(dispute)}print/{printed}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=ruling", ["order", "appeal_order"]),
        ("kind=hearing&kind=event", ["hearing", "agreement"]),
        ("court=outside", ["agreement"]),
        ("court=TRIAL", ["motion", "opposition", "hearing", "order"]),
        ("court=APPEAL&court=outside", ["appeal_order", "agreement"]),
        ("court=TRIAL&court=APPEAL&court=outside&kind=ruling", ["order", "appeal_order"]),
        ("court=outside&kind=ruling", []),
        ("after=2025-04-04", ["order", "appeal_order", "agreement"]),
        ("before=2025-04-02", ["motion", "opposition"]),
        ("after=2025-04-02&before=2025-04-03", ["opposition", "hearing"]),
        ("after=2025&before=2025-04", ["motion", "opposition", "hearing", "order", "appeal_order", "agreement"]),
        ("after=2026", []),
        ("q=motion", ["motion", "opposition", "hearing"]),
        ("q=motion&kind=hearing", ["hearing"]),
        ("q=%22hearing+on+the+motion%22", ["hearing"]),
        ("q=motion&order=newest", ["hearing", "opposition", "motion"]),
        ("q=zebra", []),
    ],
)
def test_court_kind_dates_and_words_narrow_the_timeline(
    client: Client, dispute: Dispute, query: str, found: list[str]
) -> None:
    query = query.replace("TRIAL", dispute.trial_court.pk).replace("APPEAL", dispute.appeals_court.pk)
    page = fetch(client, f"{address(dispute)}?{query}")
    if found:
        assert ids(page) == [getattr(dispute, name).public_id for name in found]
        count = f"{len(found)} of 6 entries"
    else:
        assert page.maybe("ol", id="timeline") is None
        assert "No entry matches all of these" in page.main
        assert page.links["Show the whole timeline"] == f"{address(dispute)}#timeline-title"
        count = "0 of 6 entries"
    assert words(page.one("p", cls="count")) == count
    assert not page.is_indexed
    assert page.canonical == f"http://testserver{address(dispute)}"


def test_an_uncertain_date_is_in_every_range_in_which_it_may_lie(client: Client) -> None:
    case = CaseFactory(published=True)
    for date in ("March 1801", "between 15 and 24 March 1801", "before 4 March 1801", "after 24 March 1801"):
        EventFactory(case=case, date=parse(date), title=date, published=True)

    def found(query: str) -> set[str]:
        page = fetch(client, f"{case.get_absolute_url()}?{query}")
        timeline_of = page.maybe("ol", id="timeline")
        return {words(item.find(".//h4")) for item in page.entries} if timeline_of is not None else set()

    assert found("after=1801-03-20&before=1801-03-20") == {"March 1801", "between 15 and 24 March 1801"}
    assert found("before=1801-03-01") == {"March 1801", "before 4 March 1801"}
    assert found("before=1800") == {"before 4 March 1801"}
    assert found("after=1801-03-25") == {"March 1801", "after 24 March 1801"}
    assert found("after=1900") == {"after 24 March 1801"}


def test_the_courts_of_the_case_are_offered_with_how_many_entries_they_have(client: Client, dispute: Dispute) -> None:
    EventFactory(case=dispute.case, court=CourtFactory(id="secret"))
    page = fetch(client, address(dispute))
    assert set(page.boxes("court")) == {dispute.trial_court.pk, dispute.appeals_court.pk, "outside"}
    assert "D. Md. (4)" in words(page.by_id("id_court"))
    assert "Outside court (1)" in words(page.by_id("id_court"))


def test_the_kinds_that_there_are_can_be_chosen_by_a_link(client: Client, dispute: Dispute) -> None:
    page = fetch(client, f"{address(dispute)}?order=newest&around=x")
    kinds = {words(link): query_of(link.attrib["href"]) for link in page.one("nav", cls="kinds").iter("a")}
    assert kinds["All 6"] == {"order": ["newest"]}
    assert kinds["Rulings 2"] == {"order": ["newest"], "kind": ["ruling"]}
    assert kinds["Filings 2"] == {"order": ["newest"], "kind": ["filing"]}


def test_chips_of_the_timeline_remove_exactly_one_filter(client: Client, dispute: Dispute) -> None:
    page = fetch(client, f"{address(dispute)}?kind=ruling&kind=filing&court=outside&q=book&after=2025&order=newest")
    rest = {label: query_of(target) for label, target in page.chips.items()}
    everything = {
        "kind": ["ruling", "filing"],
        "court": ["outside"],
        "q": ["book"],
        "after": ["2025"],
        "order": ["newest"],
    }

    def without(name: str, *left: str) -> dict[str, list[str]]:
        return {key: value for key, value in (everything | {name: list(left)}).items() if value}

    assert rest == {
        "Court: Outside court (1)": without("court"),
        "Kind: Filing": without("kind", "ruling"),
        "Kind: Ruling": without("kind", "filing"),
        "On or after: 2025": without("after"),
        "Words: book": without("q"),
    }
    clear = page.one("a", cls="clear")
    assert clear.attrib["href"] == address(dispute)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("court", "nowhere"),
        ("kind", "nothing"),
        ("after", "soon"),
        ("before", "2024-02-30"),
        ("q", "x" * 201),
        ("order", "x"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_in_a_list(
    client: Client, dispute: Dispute, name: str, value: str
) -> None:
    page = fetch(client, address(dispute), {name: value})
    (beside,) = page.field_errors(f"id_{name}")
    ((line, target),) = page.problems.items()
    assert beside in line
    assert page.by_id(target.removeprefix("#")) is not None
    assert ids(page) == keys(*dispute.entries)
    # Where the mistake stands can be seen without opening anything.
    assert "open" in page.one("details", cls="narrow").attrib


def test_a_hidden_court_is_answered_as_an_unknown_one(client: Client, dispute: Dispute) -> None:
    EventFactory(case=dispute.case, court=CourtFactory(id="hidden-court"))
    texts = [
        fetch(client, address(dispute), {"court": f"{word}-court"}).response.content.decode().replace(f"{word}-", "")
        for word in ("hidden", "absent")
    ]
    assert texts[0] == texts[1]


# --- windows --------------------------------------------------------------------------------------------------------


@pytest.fixture
def long_case(monkeypatch: pytest.MonkeyPatch) -> Case:
    """Ten entries, of which every second is a hearing, in windows of three."""
    monkeypatch.setattr(windows, "WHOLE", 3)
    monkeypatch.setattr(windows, "SIZE", 3)
    case: Case = CaseFactory(published=True)
    for day in range(1, 11):
        EventFactory(
            case=case, date=parse(f"2025-04-{day:02}"), kind=Kind.FILING if day % 2 else Kind.HEARING, published=True
        )
    return case


def landed(page: Page, anchor: str) -> str:
    """The entry in which the element with this id stands."""
    (entry,) = [entry for entry in page.entries if any(inner.get("id") == anchor for inner in entry.iter())]
    return entry.attrib["id"]


def in_order(case: Case, **wanted: Any) -> list[str]:
    return list(case.events.filter(**wanted).in_order().values_list("public_id", flat=True))


@pytest.mark.parametrize("query", ["", "kind=hearing", "order=newest", "kind=filing&order=newest", "after=2025-04-03"])
def test_windows_lead_to_one_another_and_together_hold_every_entry_once(
    client: Client, long_case: Case, query: str
) -> None:
    wanted = in_order(long_case)
    if "kind" in query:
        wanted = in_order(long_case, kind="hearing" if "hearing" in query else "filing")
    if "after" in query:
        wanted = wanted[2:]
    if "newest" in query:
        wanted.reverse()
    path = long_case.get_absolute_url()
    page = fetch(client, f"{path}?{query}")
    walked = ids(page)
    assert page.maybe("a", rel="prev") is None
    while (link := page.maybe("a", rel="next")) is not None:
        target, _, anchor = link.attrib["href"].partition("#")
        kept = {name: value for name, value in query_of(target).items() if name != "at"}
        assert kept == query_of(f"?{query}")
        page = fetch(client, f"{path}{target}")
        assert landed(page, anchor) == ids(page)[0]
        walked += ids(page)
    assert walked == wanted
    back = ids(page)
    while (link := page.maybe("a", rel="prev")) is not None:
        target, _, anchor = link.attrib["href"].partition("#")
        page = fetch(client, f"{path}{target}")
        assert landed(page, anchor) in ids(page)
        back = ids(page) + back
    assert back == wanted


@pytest.mark.parametrize(
    "query", ["", "&order=newest", "&kind=filing", "&kind=filing&order=newest", "&before=2025-04-09"]
)
def test_around_an_entry_lands_in_the_window_that_holds_it(client: Client, long_case: Case, query: str) -> None:
    for key in in_order(long_case, kind="filing"):
        page = fetch(client, f"{long_case.get_absolute_url()}?around={key}{query}")
        assert key in ids(page), query
        assert len(ids(page)) <= 3
        assert not page.is_indexed


@pytest.mark.parametrize("around", ["nothing", "2222222222", "", "<b>", "x" * 5000])
def test_around_something_unknown_is_the_first_window(client: Client, long_case: Case, around: str) -> None:
    page = fetch(client, long_case.get_absolute_url(), {"around": around})
    assert ids(page) == in_order(long_case)[:3]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_entry_moves_no_border_and_is_around_nothing(client: Client, long_case: Case, hidden: str) -> None:
    def both() -> list[bytes]:
        path = long_case.get_absolute_url()
        return [fetch(client, f"{path}?order={order}").response.content for order in ("oldest", "newest")]

    before = both()
    secret = EventFactory(case=long_case, date=parse("2025-04-02"), day_order=-1, **{hidden: True})
    assert both() == before
    page = fetch(client, f"{long_case.get_absolute_url()}?around={secret.public_id}")
    assert ids(page) == in_order(long_case, state="published", first_public_at__lt=Now())[:3]


def test_a_date_can_be_gone_to_with_the_filters_kept(client: Client, long_case: Case) -> None:
    path, everything = long_case.get_absolute_url(), in_order(long_case)
    page = fetch(client, f"{path}?at=2025-04-05")
    assert ids(page) == everything[3:6]
    assert landed(page, "at") == everything[4]
    assert not page.is_indexed
    assert words(page.one("p", role="status")) == "10 entries. Shown: 3, 4–6 April 2025"
    assert landed(fetch(client, f"{path}?at=2025-04&order=newest"), "at") == everything[9]
    assert landed(fetch(client, f"{path}?at=2025-04&kind=hearing"), "at") == everything[1]
    assert landed(fetch(client, f"{path}?at=1999"), "at") == everything[0]
    page = fetch(client, f"{path}?at=someday&kind=hearing")
    assert "This is not a date" in words(page.by_id("id_at_error"))
    assert ids(page) == in_order(long_case, kind="hearing")[:3]


def test_the_way_to_a_date_keeps_the_other_filters(client: Client) -> None:
    case = CaseFactory(published=True)
    for day in range(1, 15):
        EventFactory(case=case, date=parse(f"2025-04-{day:02}"), published=True)
    page = fetch(client, f"{case.get_absolute_url()}?kind=filing&order=newest&at=2025-04-05&around=x&on=2025-04-08&x=1")
    (form,) = [form for form in page.all("form") if has_class(form, "jump")]
    assert form.attrib["action"] == "#at"
    fields = [(field.attrib["name"], field.attrib["value"]) for field in form.iter("input")]
    assert fields == [("kind", "filing"), ("order", "newest"), ("on", "2025-04-08"), ("at", "2025-04-05")]


def test_an_entry_that_the_filter_leaves_out_is_named_and_its_day_is_shown(client: Client, long_case: Case) -> None:
    path = long_case.get_absolute_url()
    wanted = long_case.events.in_order()[6]
    page = fetch(client, f"{path}?around={wanted.public_id}&kind=hearing")
    assert in_order(long_case, kind="hearing")[3] in ids(page)
    (missed,) = [note for note in page.all("p") if has_class(note, "missed")]
    assert wanted.title in words(missed)
    assert page.links["Show it among all entries"] == f"{path}?around={wanted.public_id}#{wanted.public_id}"
    page = fetch(client, f"{path}?around={wanted.public_id}&kind=filing")
    assert not [note for note in page.all("p") if has_class(note, "missed")]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_entry_is_not_named_where_it_is_asked_for(client: Client, long_case: Case, hidden: str) -> None:
    secret = EventFactory(case=long_case, date=parse("2025-04-09"), title="A secret", **{hidden: True})
    page = fetch(client, f"{long_case.get_absolute_url()}?around={secret.public_id}&kind=hearing")
    assert "A secret" not in page.response.content.decode()
    assert ids(page) == in_order(long_case, kind="hearing", state="published", first_public_at__lt=Now())[:3]


def test_an_entry_of_another_case_is_around_nothing(client: Client, long_case: Case) -> None:
    other = EventFactory(case=CaseFactory(published=True), date=parse("2025-04-09"), title="Elsewhere", published=True)
    page = fetch(client, f"{long_case.get_absolute_url()}?around={other.public_id}")
    assert ids(page) == in_order(long_case)[:3]
    assert "Elsewhere" not in page.response.content.decode()


def test_what_is_new_since_a_day_is_what_was_published_then_or_later(client: Client) -> None:
    case = CaseFactory(published=True)
    old, new = (EventFactory(case=case, date=parse(date), published=True) for date in ("2025-04-10", "2025-04-01"))
    for event, moment in ((old, "2025-05-01T23:59:59Z"), (new, "2025-05-02T00:00:00Z")):
        Event.objects.filter(pk=event.pk).update(published_from=moment)
    Case.objects.filter(pk=case.pk).update(published_from="2025-05-01T00:00:00Z")
    path = case.get_absolute_url()
    assert ids(fetch(client, f"{path}?since=2025-05-01")) == keys(new, old)
    page = fetch(client, f"{path}?since=2025-05-02")
    assert ids(page) == keys(new)
    assert page.links["Remove the filter New here since: 2025-05-02 ×"] == "?"
    assert fetch(client, f"{path}?since=2025-05-03").maybe("ol", id="timeline") is None
    assert ids(fetch(client, f"{path}?since=yesterday")) == keys(new, old)


def test_what_is_in_a_case_that_was_published_since_is_new(client: Client) -> None:
    entry = EventFactory(case=CaseFactory(published=True), published=True)
    Event.objects.filter(pk=entry.pk).update(published_from="2025-05-01T00:00:00Z")
    assert ids(fetch(client, f"{entry.case.get_absolute_url()}?since=2025-06")) == keys(entry)


def test_courts_stand_in_lanes_where_there_are_several_but_not_too_many(
    client: Client, dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = fetch(client, address(dispute))
    heads = [
        (words(head), head.attrib["class"].split()[0])
        for line in page.all("p")
        if has_class(line, "lane-heads")
        for head in line
    ]
    assert [lane for _, lane in heads] == ["lane-0", "lane-1", "lane-2"]
    of_court = dict(heads)
    for entry, event in zip(page.entries, dispute.entries, strict=True):
        assert has_class(entry, of_court[event.court.short_name if event.court else "Outside court"])
    monkeypatch.setattr("casetracker.web.views.cases.MOST_LANES", 2)
    page = fetch(client, address(dispute))
    assert not [line for line in page.all("p") if has_class(line, "lane-heads")]
    assert not any("lane-" in entry.attrib["class"] for entry in page.entries)


def test_every_entry_has_a_month_above_it(client: Client, long_case: Case) -> None:
    page = fetch(client, long_case.get_absolute_url())
    first = next(iter(page.by_id("timeline")))
    assert has_class(first, "month")
    assert words(first) == "April 2025"


# --- addresses ------------------------------------------------------------------------------------------------------


def test_a_former_slug_leads_to_the_present_one_with_the_query_kept(client: Client, dispute: Dispute) -> None:
    former = address(dispute)
    dispute.case.slug = "a-better-name"
    dispute.case.save()
    response = client.get(f"{former}?kind=ruling&q=a%26b&around=x")
    assert response.status_code == 301
    assert response["Location"] == "/cases/a-better-name/?kind=ruling&q=a%26b&around=x"
    assert client.get(former)["Location"] == "/cases/a-better-name/"
    dispute.case.slug = "an-even-better-one"
    dispute.case.save()
    for slug in (former, "/cases/a-better-name/"):
        assert client.get(slug)["Location"] == "/cases/an-even-better-one/"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", 404),
        ("in_review", 404),
        ("embargoed", 404),
        ("withdrawn_unseen", 404),
        ("withheld_unseen", 404),
        ("withdrawn", 410),
        ("withheld", 410),
    ],
)
def test_a_case_that_is_not_public_answers_by_whether_it_ever_was_and_so_does_its_former_slug(
    client: Client, state: str, status: int
) -> None:
    case = CaseFactory(name="Secret v. Hidden", slug="first-slug")
    case.slug = "second-slug"
    case.save()
    STATES[state](case)
    unknown = client.get("/cases/nothing/").content
    for slug in ("first-slug", "second-slug"):
        response = client.get(f"/cases/{slug}/?q=secret")
        assert response.status_code == status
        assert b"Secret" not in response.content
        assert (response.content == unknown) == (status == 404)
    if status == 410:
        assert Page(response).heading == "This has been taken down"


def test_a_withdrawal_is_seen_by_the_very_next_request_and_so_is_a_restoration(
    client: Client, dispute: Dispute
) -> None:
    publication.withdraw(dispute.case, actor=None)
    assert client.get(address(dispute)).status_code == 410
    publication.publish(dispute.case, actor=None)
    assert client.get(address(dispute)).status_code == 200


def test_an_embargo_ends_by_the_clock(client: Client) -> None:
    case = CaseFactory(embargoed=True)
    assert client.get(case.get_absolute_url()).status_code == 404
    past = case.created_at - datetime.timedelta(seconds=1)
    Case.objects.filter(pk=case.pk).update(published_from=past, first_public_at=past)
    assert client.get(case.get_absolute_url()).status_code == 200


# --- how much it costs ----------------------------------------------------------------------------------------------


def test_it_takes_the_same_few_queries_for_1_3_and_200_entries(count_queries: Callable[[str], int]) -> None:
    case = CaseFactory(published=True)
    counts: dict[str, list[int]] = {"": [], "?q=motion&order=newest&after=2025": []}
    for wanted in (1, 3, 200):
        for _ in range(min(3, wanted - case.events.count())):
            ruling = RulingFactory(case=case, title="Ruling on the motion", published=True)
            RulingJudgeFactory(ruling=ruling)
            ReferenceFactory(event=ruling)
            ReferenceFactory(event=None, statement=StatementFactory(event=ruling))
            TreatmentFactory(act=ruling, target=None, target_court=ruling.court)
            PartyRoleFactory(proceeding=ProceedingFactory(case=case, court=ruling.court))
        Event.objects.bulk_create(
            EventFactory.build(case=case, date=parse(f"{1900 + place}"), **publication_columns())
            for place in range(wanted - case.events.count())
        )
        for query, found in counts.items():
            found.append(count_queries(f"{case.get_absolute_url()}{query}"))
    for query, found in counts.items():
        assert len(set(found)) == 1, (query, found)
        assert found[0] <= 12


def test_a_part_of_a_long_timeline_takes_as_many_queries_as_the_whole_of_a_short_one(
    count_queries: Callable[[str], int], dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = f"{address(dispute)}?around={dispute.agreement.public_id}"
    whole = count_queries(around)
    monkeypatch.setattr(windows, "WHOLE", 4)
    monkeypatch.setattr(windows, "SIZE", 4)
    # All of it lies in one month, which must be asked for its days.
    assert count_queries(around) == count_queries(f"{address(dispute)}?at=2025-04-04") == whole + 1
    assert count_queries(f"{around}&kind=filing&kind=ruling&q=motion&order=newest") <= 12
