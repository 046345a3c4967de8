"""The screen of a case: proceedings, parties, and the timeline in its order, with what is missing and where to add."""

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import factories as make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casetracker.dates import UncertainDate, parse
from casetracker.models import Case, DocketEntry, Event, Kind

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


@pytest.fixture
def dispute() -> make.Dispute:
    return make.two_court_dispute()


def timeline(client: Client, path: str, **query: Any) -> Any:
    return client.get(path, query).context["timeline"]


def test_timeline_stands_in_order_with_drafts_among_the_rest(
    editor_client: Client, address: Address, dispute: make.Dispute
) -> None:
    case = dispute.case
    vague = make.EventFactory(case=case, date=parse("April 2025"), title="Some day in April")
    late = make.EventFactory(case=case, date=parse("4 April 2025"), title="Later that day", day_order=1)
    early = make.EventFactory(
        case=case, date=parse("4 April 2025"), title="At nine", day_order=-1, time=datetime.time(9)
    )
    shown = timeline(editor_client, address("case", "change", case.pk))
    titles = [line.title for line in shown.lines]
    assert titles == [
        vague.title,
        dispute.motion.title,
        dispute.opposition.title,
        dispute.hearing.title,
        early.title,
        dispute.order.title,
        late.title,
        dispute.appeal_order.title,
        dispute.agreement.title,
    ]
    assert [line.key for line in shown.lines] == list(
        Event.objects.filter(case=case).in_order().values_list("pk", flat=True)
    )


def test_line_tells_date_kind_court_docket_state_and_what_is_missing(
    editor_client: Client, address: Address, dispute: make.Dispute
) -> None:
    bare = make.RulingFactory(
        case=dispute.case, court=dispute.trial_court, outcome="", date=parse("about May 2025"), title="Bare"
    )
    past = make.EventFactory(
        case=dispute.case, happening="scheduled", kind=Kind.HEARING, date=parse("1 June 2025"), title="Past"
    )
    response = editor_client.get(address("case", "change", dispute.case.pk))
    lines = {line.title: line for line in response.context["timeline"].lines}
    line = lines[dispute.order.title]
    assert (line.date, line.kind, line.court, line.dockets) == (
        "4 April 2025",
        "Ruling",
        "D. Md.",
        "8:25-cv-00951, 4",
    )
    assert "Published" in line.badge
    assert line.flags == []
    assert line.url == address("ruling", "change", dispute.order.pk)
    assert lines[dispute.motion.title].url == address("event", "change", dispute.motion.pk)
    assert lines[bare.title].flags == ["no source", "no outcome", "on no docket"]
    assert "Draft" in lines[bare.title].badge
    assert lines[past.title].flags == ["no source", "date has passed"]
    body = response.content.decode()
    assert "no outcome" in body
    assert "2 entries not published yet" in body


def test_adding_after_a_line_keeps_its_date_court_and_place_in_the_day(
    editor_client: Client, address: Address, dispute: make.Dispute
) -> None:
    shown = timeline(editor_client, address("case", "change", dispute.case.pk))
    line = next(line for line in shown.lines if line.title == dispute.order.title)
    asked = parse_qs(urlsplit(line.add_after).query)
    assert asked == {
        "case": [str(dispute.case.pk)],
        "court": [dispute.trial_court.pk],
        "date": ["2025-04-04"],
        "day_order": ["0"],
    }
    initial = editor_client.get(line.add_after).context["adminform"].form.initial
    assert initial["date"] == UncertainDate.on(2025, 4, 4)
    assert initial["court"] == dispute.trial_court.pk


def test_screen_shows_proceedings_and_each_party_once_with_links(
    editor_client: Client, address: Address, dispute: make.Dispute
) -> None:
    response = editor_client.get(address("case", "change", dispute.case.pk))
    body = response.content.decode()
    assert [row["numbers"] for row in response.context["proceedings"]] == ["8:25-cv-00951", "25-1345"]
    assert address("proceeding", "change", dispute.trial.pk) in body
    assert f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}" in body
    assert f"{address('event', 'add')}?proceeding={dispute.appeal.pk}&amp;kind=filing" in body
    assert f"{address('proceeding', 'add')}?case={dispute.case.pk}" in body
    parties = {row["name"]: row["roles"] for row in response.context["case_parties"]}
    assert parties == {
        "Jo Smith": "plaintiff, D. Md.; appellee, 4th Cir.",
        "Sam Jones": "defendant, D. Md.; appellant, 4th Cir.",
    }
    assert address("party", "change", dispute.plaintiff.pk) in body


# --- a thousand entries ---------------------------------------------------------------------------------------------


@pytest.fixture
def long_case() -> Case:
    """A case with 450 entries in court, a day each."""
    proceeding = make.ProceedingFactory()
    first = datetime.date(2001, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(450)]
    Event.objects.bulk_create(
        Event(
            case=proceeding.case,
            court=proceeding.court,
            kind=Kind.FILING,
            date=UncertainDate.on(day.year, day.month, day.day),
            title=f"Filing {number}",
        )
        for number, day in enumerate(days)
    )
    DocketEntry.objects.bulk_create(
        DocketEntry(event=event, proceeding=proceeding, number=str(event.pk)) for event in Event.objects.all()
    )
    case: Case = proceeding.case
    return case


def test_case_without_entries_says_what_comes_first(editor_client: Client, address: Address) -> None:
    case = make.CaseFactory()
    path = address("case", "change", case.pk)
    add = f"{address('proceeding', 'add')}?case={case.pk}"
    body = editor_client.get(path).content.decode()
    assert "Add its proceedings first" in body
    assert f'<a class="button default" href="{add}">Add proceeding</a>' in body
    make.ProceedingFactory(case=case)
    body = editor_client.get(path).content.decode()
    assert "Add its proceedings first" not in body
    assert "Add one beside the proceeding that it belongs to" in body
    assert f'<a class="button default" href="{add}">' not in body


def test_long_timeline_is_shown_in_parts_of_two_hundred(
    editor_client: Client, address: Address, long_case: Case
) -> None:
    path = address("case", "change", long_case.pk)
    first = timeline(editor_client, path)
    assert (first.first, first.last, first.count) == (1, 200, 450)
    assert not first.previous
    second = timeline(editor_client, path, around=first.next)
    assert (second.first, second.last) == (201, 400)
    last = timeline(editor_client, path, around=second.next)
    assert (last.first, last.last) == (401, 450)
    assert not last.next
    assert timeline(editor_client, path, around=last.previous).first == 201
    assert [line.title for line in last.lines] == [f"Filing {number}" for number in range(400, 450)]


@pytest.mark.parametrize("around", ["abc", "0", "-5", "9" * 5000, "1e5", "١٢", "99999999"])
def test_part_around_what_is_not_there_is_the_first(
    editor_client: Client, address: Address, long_case: Case, around: str
) -> None:
    assert timeline(editor_client, address("case", "change", long_case.pk), around=around).first == 1


def test_screen_asks_as_many_queries_for_many_entries_as_for_one(
    editor_client: Client, address: Address, long_case: Case
) -> None:
    short = make.TreatmentFactory(act__court=make.CourtFactory()).act.case
    make.DocketEntryFactory(proceeding__case=short)
    make.PartyRoleFactory(proceeding__case=short)
    proceeding = long_case.proceedings.get()
    for _ in range(30):
        make.PartyRoleFactory(proceeding=proceeding)
        make.ProceedingFactory(case=long_case)
    counts = []
    for case in (short, long_case):
        path = address("case", "change", case.pk)
        editor_client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert editor_client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 20
