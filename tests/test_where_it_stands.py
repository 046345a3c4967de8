"""Where a case stands on a day, from the rows of the database: what is in effect, in part or no more, and why."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import (
    CaseFactory,
    CourtFactory,
    EventFactory,
    ProvisionFactory,
    RulingFactory,
    StatementFactory,
    TreatmentFactory,
)

from casetracker.models import Case, Event, Provision
from casetracker.where_it_stands import Standing, history_of, where_it_stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    """An order of two parts, stayed by a higher court, whose stay ends while one part is vacated."""
    case: Case = CaseFactory(published=True)
    trial, above = CourtFactory(level="trial", short_name="D. Md."), CourtFactory(level="supreme", short_name="High")
    order = RulingFactory(case=case, court=trial, date="2025-04-04", title="The order", published=True)
    keep = ProvisionFactory(ruling=order, text="Keep the book.", position=0)
    give = ProvisionFactory(ruling=order, text="Give it back", position=1)
    stay = RulingFactory(case=case, court=above, date="2025-04-07", title="The stay", published=True)
    end = RulingFactory(case=case, court=above, date="2025-04-10", title="The end of it", published=True)
    TreatmentFactory(act=stay, verb="stays", target=order)
    TreatmentFactory(act=end, verb="ends", target=stay)
    TreatmentFactory(act=end, verb="vacates", target=order, provision=give)
    RulingFactory(case=case, court=trial, date="2025-04-20", title="Something else", published=True)
    assert keep.pk < give.pk
    return case


def on(case: Case, day: int, month: int = 4) -> Standing:
    return where_it_stands(case, datetime.date(2025, month, day))


def told(standing: Standing) -> dict[str, tuple[str, list[str]]]:
    lines = [*standing.open, *standing.closed, *(standing.untouched or [])]
    return {line.link.title: (line.state, [part.state for part in line.parts]) for line in lines}


def test_nothing_stands_before_the_first_ruling(case: Case) -> None:
    standing = on(case, 3)
    assert standing.count == 0
    assert standing.later == datetime.date(2025, 4, 4)


def test_an_order_is_in_effect_then_stayed_then_in_effect_in_part(case: Case) -> None:
    assert told(on(case, 5)) == {"The order": ("in-effect", ["in-effect", "in-effect"])}
    assert told(on(case, 8))["The order"] == ("stayed", ["stayed", "stayed"])
    assert told(on(case, 12))["The order"] == ("in-part", ["in-effect", "vacated"])
    assert told(on(case, 12))["The stay"] == ("expired", [])


def test_a_standing_names_the_entries_that_prove_it(case: Case) -> None:
    (order,) = [line for line in on(case, 12).open if line.link.title == "The order"]
    assert [(step.verb, step.date, step.by.title) for step in order.because] == [
        ("stayed", "7 April 2025", "The stay"),
        ("ended", "10 April 2025", "The end of it"),
        ("vacated", "10 April 2025", "The end of it"),
    ]
    assert order.because[1].of is not None
    assert order.because[1].of.title == "The stay"
    assert order.parts[0].text == "Keep the book"


def test_rulings_are_grouped_by_whether_they_may_bind(case: Case) -> None:
    standing = on(case, 30)
    assert [line.link.title for line in standing.closed] == ["The stay"]
    assert [line.link.title for line in standing.untouched or []] == ["Something else", "The end of it"]
    assert standing.earlier == datetime.date(2025, 4, 20)
    assert standing.later is None


def test_what_changed_last_stands_first(case: Case) -> None:
    order = Event.objects.get(title="The order")
    new = RulingFactory(case=case, date="2025-04-08", title="A new order", published=True)
    ProvisionFactory(ruling=new, text="Read it")
    assert [line.link.title for line in on(case, 9).open] == ["A new order", "The order"]
    # The end of the stay on 10 April changed the older order; then a part of the newer one came to its own end.
    assert [line.link.title for line in on(case, 10).open] == ["The order", "A new order"]
    ProvisionFactory(ruling=new, text="Write by the 11th", ends="2025-04-11")
    assert [line.link.title for line in on(case, 12).open] == ["A new order", "The order"]
    TreatmentFactory(
        act=RulingFactory(case=case, date="2025-04-30", published=True), verb="leaves_in_place", target=order
    )
    assert [line.link.title for line in on(case, 30).open] == ["The order", "A new order"]


@pytest.mark.parametrize("most", [0, 1, 2, 9])
def test_a_shortened_standing_keeps_so_many_of_each_group_and_counts_the_others(case: Case, most: int) -> None:
    new = RulingFactory(case=case, date="2025-04-08", title="A new order", published=True)
    ProvisionFactory(ruling=new, text="Read it")
    day = datetime.date(2025, 4, 12)
    whole, part = where_it_stands(case, day), where_it_stands(case, day, most=most)
    assert (len(whole.open), len(whole.closed)) == (2, 1)
    assert (part.open, part.closed) == (whole.open[:most], whole.closed[:most])
    assert part.left_out == 3 - len(part.open) - len(part.closed)


def test_what_came_to_its_own_end_is_at_an_end(case: Case) -> None:
    (stay,) = on(case, 12).closed
    assert f"{stay.label} since {stay.since}" == "at an end since 10 April 2025"


def test_a_hidden_act_did_nothing(case: Case) -> None:
    order = Event.objects.get(title="The order")
    draft = RulingFactory(case=case, date="2025-04-15", title="A draft")
    TreatmentFactory(act=draft, verb="reverses", target=order)
    assert told(on(case, 16))["The order"][0] == "in-part"
    assert "A draft" not in told(on(case, 16))


def test_an_act_of_another_public_case_counts(case: Case) -> None:
    order = Event.objects.get(title="The order")
    elsewhere = RulingFactory(case=CaseFactory(published=True), date="2025-05-01", title="Far away", published=True)
    TreatmentFactory(act=elsewhere, verb="reverses", target=order)
    found = on(case, 2, 5)
    assert told(found)["The order"][0] == "reversed"
    assert "Far away" not in told(found)


def test_a_settlement_ends_what_it_dissolves(case: Case) -> None:
    order = Event.objects.get(title="The order")
    settled = EventFactory(case=case, court=None, kind="event", date="2025-06-01", title="Settled", published=True)
    TreatmentFactory(act=settled, verb="dissolves", target=order)
    assert told(on(case, 2, 6))["The order"][0] == "vacated"


def test_it_is_read_in_one_query(case: Case) -> None:
    with CaptureQueriesContext(connection) as captured:
        on(case, 12)
    assert len(captured) == 1


def test_history_of_a_ruling_tells_each_state_since_when(case: Case) -> None:
    assert history_of(Event.objects.select_related("case").get(title="The order")) == [
        ("in-effect", "in effect", "4 April 2025"),
        ("stayed", "stayed", "7 April 2025"),
        ("in-part", "in effect in part", "10 April 2025"),
    ]


# --- the page -------------------------------------------------------------------------------------------------------


def standing_of(client: Client, case: Case, query: str) -> str:
    response = client.get(f"{case.get_absolute_url()}?{query}")
    assert response.status_code == 200
    text = response.content.decode()
    return text[text.index('<section id="standing"') : text.index('<section aria-labelledby="timeline-title"')]


def test_the_page_marks_state_and_parts_for_the_day_asked_for(client: Client, case: Case) -> None:
    order = Event.objects.get(title="The order")
    shown = standing_of(client, case, "on=2025-04-08")
    assert 'data-on="2025-04-08"' in shown
    assert f'data-ruling="{order.public_id}" data-state="stayed"' in shown
    assert shown.count('data-provision="') == 2
    assert "On 8 April 2025" in shown
    assert "?on=2025-04-07#standing" in shown
    assert "?on=2025-04-10#standing" in shown


def test_the_page_shows_today_unless_asked_for_another_day(client: Client, case: Case) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    assert f'data-on="{today.isoformat()}"' in standing_of(client, case, "")


@pytest.mark.parametrize(
    ("typed", "says"),
    [("2025-02-30", "February 2025 has 28 days"), ("2025-04", "Write one day here"), ("abc", "This is not a date")],
)
def test_a_day_that_is_none_is_said_beside_the_field(client: Client, case: Case, typed: str, says: str) -> None:
    shown = standing_of(client, case, f"on={typed}")
    assert says in shown
    assert 'aria-invalid="true"' in shown


def test_the_page_of_another_day_is_not_for_search_engines(client: Client, case: Case) -> None:
    page = client.get(f"{case.get_absolute_url()}?on=2025-04-08").content.decode()
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("most", [100, 1])
def test_a_day_before_the_first_ruling_leaves_the_way_to_another(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("casetracker.web.views.cases.MOST_RULINGS", most)
    shown = standing_of(client, case, "on=2025-04-03")
    assert 'data-on="2025-04-03"' in shown
    assert "data-ruling" not in shown
    # Where those to which nothing was done are not read, it cannot say so much.
    assert ("No ruling recorded here had been made by then." in shown) is (most == 100)
    assert "?on=2025-04-04#standing" in shown
    assert '<input type="date" name="on"' in shown


def test_many_rulings_to_which_nothing_was_done_have_the_way_to_their_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case: Case = CaseFactory(published=True)
    for _ in range(2):
        RulingFactory(case=case, date="2025-04-04", published=True)
    monkeypatch.setattr("casetracker.web.views.cases.MOST_RULINGS", 1)
    shown = standing_of(client, case, "on=2025-04-08")
    assert "data-ruling" not in shown
    assert f'href="{case.get_absolute_url()}standing/?on=2025-04-08"' in shown


def test_a_case_without_rulings_says_nothing_of_standing(client: Client) -> None:
    case = CaseFactory(published=True)
    assert 'id="standing"' not in client.get(case.get_absolute_url()).content.decode()


def test_a_page_with_many_rulings_tells_of_those_to_which_something_was_done_and_leads_to_the_others(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = standing_of(client, case, "on=2025-04-12")
    assert 'data-state="in-effect"' in whole
    assert "/standing/" not in whole
    monkeypatch.setattr("casetracker.web.views.cases.MOST_RULINGS", 1)
    shown = standing_of(client, case, "on=2025-04-12")
    touched = {line.id for line in (*on(case, 12).open, *on(case, 12).closed)}
    assert set(re.findall(r'data-ruling="([^"]+)"', shown)) == touched
    assert f'href="{case.get_absolute_url()}standing/?on=2025-04-12"' in shown
    another = RulingFactory(case=case, date="2025-04-11", title="Another order", published=True)
    ProvisionFactory(ruling=another, text="Read it")
    monkeypatch.setattr("casetracker.web.views.cases.MOST_STANDINGS", 1)
    fewer = standing_of(client, case, "on=2025-04-12")
    standing = on(case, 12)
    assert set(re.findall(r'data-ruling="([^"]+)"', fewer)) == {another.public_id, standing.closed[0].id}
    left = len(standing.open) + len(standing.closed) - 2
    assert left > 0
    assert f"The latest are shown here; {left} more" in fewer


def test_the_page_of_every_rulings_standing_tells_of_all_of_them(client: Client, case: Case) -> None:
    response = client.get(f"{case.get_absolute_url()}standing/?on=2025-04-12")
    page = response.content.decode()
    found = on(case, 12)
    assert found.untouched
    for line in (*found.open, *found.closed, *found.untouched):
        assert f'data-ruling="{line.id}" data-state="{line.state}"' in page
    assert 'data-on="2025-04-12"' in page
    assert '<meta name="robots" content="noindex">' in page
    early = client.get(f"{case.get_absolute_url()}standing/?on=1999-01-01").content.decode()
    assert "No ruling recorded here had been made by then." in early
    assert "?on=2025-04-04#standing" in early
    none = client.get(f"{CaseFactory(published=True).get_absolute_url()}standing/").content.decode()
    assert "No ruling is recorded yet" in none


def test_without_the_untouched_rulings_the_others_stand_as_they_do_with_them(case: Case) -> None:
    for day in range(1, 15):
        whole, part = on(case, day), where_it_stands(case, datetime.date(2025, 4, day), untouched=False)
        assert (part.open, part.closed, part.untouched) == (whole.open, whole.closed, None)


def test_the_page_of_a_ruling_tells_its_states(client: Client, case: Case) -> None:
    order = Event.objects.get(title="The order")
    page = client.get(order.get_absolute_url()).content.decode()
    assert '<li data-state="stayed">Stayed since 7 April 2025</li>' in page
    assert '<li data-state="in-part" aria-current="true">In effect in part since 10 April 2025</li>' in page


def test_a_part_says_to_whom_it_is_addressed(client: Client, case: Case) -> None:
    Provision.objects.filter(text="Keep the book.").update(addressed_to="the library & its staff")
    (order,) = [line for line in on(case, 12).open if line.link.title == "The order"]
    assert [part.addressed_to for part in order.parts] == ["the library & its staff", ""]
    shown = standing_of(client, case, "on=2025-04-12")
    assert re.findall(r'<span class="addressed">(.*?)</span>', shown) == ["addressed to the library &amp; its staff"]
    StatementFactory(event=Event.objects.get(title="The order"))
    paths = [f"{case.get_absolute_url()}print/", order.link.url, f"{order.link.url}said/"]
    for path in paths:
        told = re.sub(r"<[^>]+>", "", client.get(path).content.decode())
        assert "addressed to the library &amp; its staff" in told, path


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("day", "state", "parts"),
    [
        ("2025-04-05", "in-effect", ["in-effect", "in-effect", "in-effect"]),
        ("2025-04-08", "stayed", ["stayed", "stayed", "expired"]),
        ("2025-04-12", "in-part", ["in-effect", "superseded", "vacated"]),
    ],
)
def test_the_founding_case_says_what_bound_whom_on_a_day(
    client: Client, day: str, state: str, parts: list[str]
) -> None:
    founding = Case.objects.get(slug="abrego-garcia-v-noem")
    order = Event.objects.get(case=founding, title="Preliminary injunction for his return")
    shown = standing_of(client, founding, f"on={day}")
    (line,) = re.findall(rf'<li data-ruling="{order.public_id}" data-state="([a-z-]+)"(.*?)\n</li>', shown, re.DOTALL)
    assert line[0] == state
    assert re.findall(r'data-provision="[0-9]+" data-state="([a-z-]+)"', line[1]) == parts
    assert line[1].count('<span class="addressed">addressed to the defendants</span>') == 3
