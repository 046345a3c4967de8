"""A line of a docket fills in the form of an entry: nothing is saved or lost, and what is not sure is said."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casetracker.admin.pasting import _SENTENCES, BOX, BUTTON
from casetracker.docket_lines import Doubt
from casetracker.models import Event, Ruling

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]

LINE = (
    "04/11/2025 47 ORDER granting in part 31 Motion for Return of the Ledger. Signed by Judge Ada Bench on 4/11/2025. "
    "(dass, Deputy Clerk) (Entered: 04/12/2025)"
)


@pytest.fixture
def dispute() -> make.Dispute:
    found = make.two_court_dispute()
    found.judge.name = "Ada Bench"
    found.judge.save()
    found.motion.docket_entries.update(number="31")
    return found


@pytest.fixture
def add_ruling(address: Address, dispute: make.Dispute) -> str:
    return f"{address('ruling', 'add')}?proceeding={dispute.trial.pk}"


def pasted(client: Client, fill: Fill, path: str, line: str, **changes: Any) -> Any:
    """The answer to the button that reads the line, pressed on the form at `path`."""
    data = fill(client, path, **changes) | {BOX: line, BUTTON: "Fill in"}
    return client.post(path, data, follow=True)


def main(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = response.context["adminform"].form.initial
    return found


def rows(response: Any, prefix: str) -> list[dict[str, Any]]:
    sets = response.context["inline_admin_formsets"]
    formset = next(item.formset for item in sets if item.formset.prefix == prefix)
    return [form.initial for form in formset.forms]


def test_line_fills_in_the_form_and_nothing_is_saved(
    editor_client: Client, fill: Fill, add_ruling: str, dispute: make.Dispute
) -> None:
    before = Event.objects.count()
    response = pasted(editor_client, fill, add_ruling, LINE)
    assert response.status_code == 200
    assert Event.objects.count() == before
    form = main(response)
    assert (str(form["date"]), form["form"], form["outcome"]) == ("11 April 2025", "order", "granted_in_part")
    assert form["title"] == "Order granting in part Motion for Return of the Ledger"
    assert (form["case"], form["court"]) == (str(dispute.case.pk), dispute.trial_court.pk)
    (docket,) = rows(response, "docket_entries")
    assert (docket["number"], str(docket["entered"])) == ("47", "12 April 2025")
    assert docket["text"] == LINE.removeprefix("04/11/2025 47 ")
    assert [row["judge"] for row in rows(response, "ruling_judges")] == [dispute.judge.pk]
    assert [row["responds_to"] for row in rows(response, "responses_made")] == [dispute.motion.pk]
    assert response.context["reading"].unsure == []
    body = response.content.decode()
    assert "Outcome: Granted in part and denied in part" in body
    assert "Judge: Ada Bench" in body


def test_form_that_was_filled_in_is_saved_as_it_stands(
    editor_client: Client, fill: Fill, sent: Any, add_ruling: str, dispute: make.Dispute
) -> None:
    response = pasted(editor_client, fill, add_ruling, LINE)
    forms = [response.context["adminform"].form]
    for item in response.context["inline_admin_formsets"]:
        forms += [item.formset.management_form, *item.formset.forms]
    data = {field.html_name: sent(field) for form in forms for field in form}
    data = {name: value for name, value in data.items() if value is not None}
    response = editor_client.post(add_ruling, data)
    assert response.status_code == 302, response.context["errors"]
    ruling = Ruling.objects.get(title="Order granting in part Motion for Return of the Ledger")
    assert ruling.outcome == "granted_in_part"
    docket = ruling.docket_entries.get()
    assert (docket.proceeding, docket.number, str(docket.entered)) == (dispute.trial, "47", "12 April 2025")
    assert ruling.ruling_judges.get().judge == dispute.judge
    assert ruling.responses_made.get().responds_to_id == dispute.motion.pk


def test_what_was_typed_stays_and_what_is_replaced_is_told(
    editor_client: Client, fill: Fill, add_ruling: str, dispute: make.Dispute
) -> None:
    response = pasted(
        editor_client,
        fill,
        add_ruling,
        LINE,
        title="A title of my own",
        summary="Typed before.",
        per_curiam="on",
        references__0__new_title="The docket",
        treatments_made__0__verb="modifies",
        treatments_made__0__target=dispute.order.pk,
    )
    form = main(response)
    assert form["summary"] == "Typed before."
    assert form["per_curiam"] is True
    assert "in place of “A title of my own”" in response.content.decode()
    assert rows(response, "references")[0]["new_title"] == "The docket"
    treatment = rows(response, "treatments_made")[0]
    assert (treatment["verb"], treatment["target"]) == ("modifies", str(dispute.order.pk))
    assert str(dispute.order.title) in response.content.decode()


def test_second_line_takes_the_place_of_the_first(editor_client: Client, fill: Fill, add_ruling: str) -> None:
    first = pasted(editor_client, fill, add_ruling, LINE)
    data = {BOX: "04/14/2025 51 OPINION", BUTTON: "x", "title": main(first)["title"], "docket_entries-TOTAL_FORMS": "1"}
    second = editor_client.post(add_ruling, data | {"docket_entries-0-number": "47"})
    assert (str(main(second)["date"]), main(second)["title"], main(second)["form"]) == (
        "14 April 2025",
        "Opinion",
        "opinion",
    )
    assert rows(second, "docket_entries")[0]["number"] == "51"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("04/11/2025 47 ORDER. Signed by Judge Jo Stranger on 4/11/2025.", "“Jo Stranger” is named as judge"),
        ("04/11/2025 47 ORDER granting 99 Motion to Seal", "speaks of entry 99, which is not recorded"),
        ("04/11/2025 47 ORDER granting 3 Motion; denying 5 Motion", "names several outcomes"),
        ("04/11/2025 47 ORDER vacating the stay", "seems to do something to an earlier ruling"),
        ("ORDER granting 4 Motion", "No date was found."),
        ("", "Paste a line of the docket into the box first."),
        ("   \n ", "Paste a line of the docket into the box first."),
    ],
)
def test_what_is_not_sure_is_said_and_left_open(
    editor_client: Client, fill: Fill, add_ruling: str, line: str, said: str
) -> None:
    response = pasted(editor_client, fill, add_ruling, line)
    assert said in " ".join(response.context["reading"].unsure)
    assert "Look at this:" in response.content.decode()


def test_every_doubt_has_its_sentence() -> None:
    assert set(_SENTENCES) == set(Doubt)


def test_number_that_stands_twice_on_the_docket_is_left_to_the_editor(
    editor_client: Client, fill: Fill, add_ruling: str, dispute: make.Dispute
) -> None:
    make.DocketEntryFactory(event=dispute.opposition, proceeding=dispute.trial, number="31")
    response = pasted(editor_client, fill, add_ruling, LINE)
    assert "stands on this docket several times" in response.content.decode()
    assert rows(response, "responses_made") == []


@pytest.mark.parametrize(
    ("name", "others", "fits"),
    [
        ("A. Bench", [], True),
        ("BENCH", [], True),
        ("Ada R. Bench", [], True),
        ("Jo Bench", [], False),
        ("Bench", ["Jo Bench"], False),
        ("Ada Bench", ["Jo Bench"], True),
    ],
)
def test_judge_is_the_one_of_the_case_whose_name_it_can_be(
    editor_client: Client, fill: Fill, add_ruling: str, dispute: make.Dispute, name: str, others: list[str], fits: bool
) -> None:
    for other in others:
        make.ProceedingJudgeFactory(proceeding=dispute.trial, judge=make.JudgeFactory(name=other))
    line = f"04/11/2025 47 ORDER. Signed by Judge {name} on 4/11/2025."
    response = pasted(editor_client, fill, add_ruling, line)
    judges = [row.get("judge") for row in rows(response, "ruling_judges")]
    assert judges == ([dispute.judge.pk] if fits else [None])


def test_judge_of_no_case_is_found_by_the_whole_name(editor_client: Client, fill: Fill, add_ruling: str) -> None:
    judge = make.JudgeFactory(name="Rare Q. Nameholder")
    response = pasted(editor_client, fill, add_ruling, "ORDER. Signed by Judge Rare Q. Nameholder on 4/11/2025.")
    assert [row.get("judge") for row in rows(response, "ruling_judges")] == [judge.pk]


# --- the right form ---------------------------------------------------------------------------------------------------


def test_filing_on_the_form_of_rulings_leads_to_the_form_of_entries(
    editor_client: Client, fill: Fill, add_ruling: str, dispute: make.Dispute
) -> None:
    response = pasted(editor_client, fill, add_ruling, "04/11/2025 48 MOTION to Seal by Jo Smith. (abc)")
    assert [status for _, status in response.redirect_chain] == [307]
    assert response.context["opts"].model_name == "event"
    form = main(response)
    assert (form["kind"], form["title"]) == ("filing", "Motion to Seal by Jo Smith")
    assert rows(response, "docket_entries")[0]["proceeding"] == str(dispute.trial.pk)


def test_ruling_on_the_form_of_entries_leads_to_the_form_of_rulings(
    editor_client: Client, fill: Fill, address: Address, dispute: make.Dispute
) -> None:
    path = f"{address('event', 'add')}?proceeding={dispute.trial.pk}&kind=filing"
    response = pasted(editor_client, fill, path, LINE)
    assert response.context["opts"].model_name == "ruling"
    assert main(response)["form"] == "order"
    assert [row["judge"] for row in rows(response, "ruling_judges")] == [dispute.judge.pk]


def test_editor_who_may_not_add_the_other_kind_stays_and_is_told(
    staff: Any, staff_client: Client, fill: Fill, add_ruling: str
) -> None:
    staff.user_permissions.set(Permission.objects.filter(codename__in=["add_ruling", "view_ruling"]))
    response = pasted(staff_client, fill, add_ruling, "04/11/2025 48 MOTION to Seal by Jo Smith.")
    assert response.redirect_chain == []
    assert "which you have no right to add" in response.content.decode()


def test_line_is_read_for_nobody_without_the_right_to_add(staff_client: Client, add_ruling: str) -> None:
    assert staff_client.post(add_ruling, {BOX: LINE, BUTTON: "x"}).status_code == 403


# --- the form around it -----------------------------------------------------------------------------------------------


def test_enter_key_saves_a_draft_and_does_not_read_the_line(editor_client: Client, add_ruling: str) -> None:
    body = editor_client.get(add_ruling).content.decode()
    form = body[body.index('id="ruling_form"') :]
    first = form[form.index('<input type="submit"') :]
    assert first.startswith('<input type="submit" name="_save"')


def test_next_form_begins_in_the_box_if_this_entry_came_from_a_line(
    editor_client: Client, fill: Fill, add_ruling: str
) -> None:
    typed = {"date": "11 April 2025", "form": "order", "title": "Order on the ledger", "_addanother": "1"}
    typed_by_hand = editor_client.post(add_ruling, fill(editor_client, add_ruling, **typed))
    assert "paste=" not in typed_by_hand.headers["Location"]
    from_a_line = editor_client.post(add_ruling, fill(editor_client, add_ruling, **typed) | {BOX: LINE})
    assert "paste=1" in from_a_line.headers["Location"]
    body = editor_client.get(from_a_line.headers["Location"]).content.decode()
    assert body.count("autofocus") == 1
    assert "autofocus" in body[body.index("<textarea") : body.index("</textarea>")]


def test_line_is_kept_when_the_form_is_refused(editor_client: Client, fill: Fill, add_ruling: str) -> None:
    data = fill(editor_client, add_ruling, date="30 February 2025") | {BOX: LINE}
    assert LINE in editor_client.post(add_ruling, data).content.decode()


def test_parts_of_the_form_are_linked(editor_client: Client, add_ruling: str) -> None:
    body = editor_client.get(add_ruling).content.decode()
    keys = []
    for section in editor_client.get(add_ruling).context["sections"]:
        assert f'id="{section.anchor}"' in body
        assert f'href="#{section.anchor}"' in body
        keys.append(section.key)
    assert len(keys) == len(set(keys)) == 9


def test_box_is_there_for_new_entries_only(editor_client: Client, address: Address, dispute: make.Dispute) -> None:
    body = editor_client.get(address("ruling", "change", dispute.order.pk)).content.decode()
    assert BUTTON not in body
    assert 'class="sections"' in body


def test_number_of_queries_does_not_grow_with_the_docket(
    editor_client: Client, fill: Fill, add_ruling: str, dispute: make.Dispute
) -> None:
    data = fill(editor_client, add_ruling) | {BOX: LINE, BUTTON: "x"}
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert editor_client.post(add_ruling, data).status_code == 200
        counts.append(len(queries))
        for number in range(30):
            entry = make.EventFactory(case=dispute.case, court=dispute.trial_court)
            make.DocketEntryFactory(event=entry, proceeding=dispute.trial, number=str(100 + number))
            make.ProceedingJudgeFactory(proceeding=dispute.trial)
    assert counts[0] == counts[1]


HOSTILE = [
    "\x00",
    "a" * 100_000,
    "04/11/2025\x00 47 ORDER",
    "\ud800",
    "\u202e04/11/2025",
    "9" * 5000,
    "<script>",
    "%00",
]


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("model", ["ruling", "event"])
def test_any_line_and_any_rows_are_answered(editor_client: Client, address: Address, model: str, line: str) -> None:
    text = line.encode("utf-8", "replace").decode("utf-8", "replace")
    # To show as many rows as there may be takes seconds.
    many = ["199"] if line == HOSTILE[0] else []
    for total in ("1", "9" * 5000, "-1", "abc", "\x00", *many):
        data = {
            BOX: text, BUTTON: "x", "docket_entries-TOTAL_FORMS": total, "docket_entries-0-proceeding": text[:3000],
            "docket_entries-0-number": text[:3000], "ruling_judges-TOTAL_FORMS": total, "ruling_judges-0-judge": "x",
            "case": text[:300], "court": "\x00", "date": text[:300], "kind": text[:30], "time": "x",
            "responses_made-TOTAL_FORMS": "1", "responses_made-0-responds_to": "9" * 300, "docket_entries-x-y": "1",
        }  # fmt: skip
        response = editor_client.post(address(model, "add"), data, follow=True)
        assert response.status_code in {200, 400}, response.status_code
