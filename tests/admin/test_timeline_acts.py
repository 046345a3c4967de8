"""What an editor does with entries on the screen of a case: order, merge, move, change together, split."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casetracker import roles
from casetracker.admin.timeline_acts import SCREENS
from casetracker.dates import UncertainDate
from casetracker.models import Case, DocketEntry, Event, FormerEntry

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


@pytest.fixture
def dispute() -> make.Dispute:
    return make.two_court_dispute()


def act(case: Case, name: str) -> str:
    return reverse("admin:casetracker_case_timeline", args=[case.pk, name])


def lines(client: Client, case: Case, **query: Any) -> list[Any]:
    response = client.get(reverse("admin:casetracker_case_change", args=[case.pk]), query)
    assert response.status_code == 200
    found: list[Any] = response.context["timeline"].lines
    return found


def previewed(response: Any) -> dict[str, str]:
    """What the page of a preview sends back with the button that does it."""
    assert response.context.get("done") is not None, response.context["form"].errors
    return {"previewed": response.context["previewed"], "seen": response.context["seen"], "_confirm": "x"}


def confirmed(client: Client, case: Case, name: str, data: dict[str, Any]) -> Any:
    """Look at what would be done, then do it."""
    return client.post(act(case, name), data | previewed(client.post(act(case, name), data)), follow=True)


# --- on the timeline ------------------------------------------------------------------------------------------------


def test_long_silence_is_told_on_the_line_behind_it(editor_client: Client) -> None:
    case = make.CaseFactory()
    for year, month in ((2020, 1), (2020, 2), (2020, 9), (2025, 1)):
        make.EventFactory(case=case, date=UncertainDate.on(year, month, 1))
    assert [line.silence for line in lines(editor_client, case)] == [
        "", "", "7 months without an entry", "4 years without an entry",
    ]  # fmt: skip
    assert (
        "7 months without an entry" in editor_client.get(f"/admin/casetracker/case/{case.pk}/change/").content.decode()
    )


def docketed(case: Case, *numbers: str) -> list[Event]:
    proceeding = make.ProceedingFactory(case=case)
    found: list[Event] = []
    for day, number in enumerate(numbers, start=1):
        entry: Event = make.EventFactory(case=case, court=proceeding.court, date=UncertainDate.on(2025, 4, day))
        make.DocketEntryFactory(event=entry, proceeding=proceeding, number=number)
        make.ReferenceFactory(event=entry)
        found.append(entry)
    return found


def test_number_that_is_missing_from_a_docket_kept_in_full_is_told(editor_client: Client) -> None:
    case = make.CaseFactory()
    docketed(case, "1", "2", "5", "6", "8", "")
    assert [line.flags for line in lines(editor_client, case)] == [
        [], [], ["3 to 4 are missing before it"], [], ["7 is missing before it"], [],
    ]  # fmt: skip


def test_docket_kept_in_extracts_says_so_once_and_not_on_every_line(editor_client: Client) -> None:
    case = make.CaseFactory()
    docketed(case, "1", "21", "79")
    assert [line.flags for line in lines(editor_client, case)] == [[], [], []]
    body = editor_client.get(reverse("admin:casetracker_case_change", args=[case.pk])).content.decode()
    assert "3 of the numbers 1 to 79 are here" in body


def test_number_that_stands_on_a_docket_twice_is_told_on_both(editor_client: Client) -> None:
    case = make.CaseFactory()
    _first, second = docketed(case, "1", "2")
    DocketEntry.objects.filter(event=second).update(number="1")
    assert [line.flags for line in lines(editor_client, case)] == [["1 stands on the docket twice"]] * 2


def test_case_with_1000_entries_is_shown_in_parts_with_few_queries(editor_client: Client) -> None:
    case = make.CaseFactory()
    proceeding = make.ProceedingFactory(case=case)
    Event.objects.bulk_create(
        Event(
            case=case,
            court=proceeding.court,
            kind="filing",
            title=f"Filing {n}",
            date=UncertainDate.on(2001, 1 + n % 12, 1 + n % 28),
        )
        for n in range(1000)
    )  # fmt: skip
    DocketEntry.objects.bulk_create(
        DocketEntry(event=entry, proceeding=proceeding, number=str(n))
        for n, entry in enumerate(Event.objects.filter(case=case))
    )
    path = reverse("admin:casetracker_case_change", args=[case.pk])
    editor_client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = editor_client.get(path, {"around": Event.objects.filter(case=case).in_order()[450].pk})
    assert len(queries) <= 25
    assert (response.context["timeline"].first, len(response.context["timeline"].lines)) == (401, 200)
    assert len(response.content) < 500_000


# --- order ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def day() -> Case:
    case: Case = make.CaseFactory()
    for title in "ABC":
        make.EventFactory(case=case, title=title, date=UncertainDate.on(2025, 4, 7))
    make.EventFactory(case=case, title="Z", date=UncertainDate.on(2025, 4, 8))
    return case


def test_arrows_stand_where_the_order_of_the_day_leaves_a_choice(editor_client: Client, day: Case) -> None:
    assert [(bool(line.up), bool(line.down)) for line in lines(editor_client, day)] == [
        (False, True), (True, True), (True, False), (False, False),
    ]  # fmt: skip


def test_arrow_moves_the_entry_and_leads_back_to_it(editor_client: Client, day: Case) -> None:
    line = lines(editor_client, day)[2]
    response = editor_client.post(act(day, "order"), {"up": line.up})
    assert response.headers["Location"].endswith(f"?around={line.key}#entry-{line.key}")
    assert [line.title for line in lines(editor_client, day)] == ["A", "C", "B", "Z"]


def test_arrow_of_an_old_page_changes_nothing_and_says_so(editor_client: Client, day: Case, told: Any) -> None:
    old = lines(editor_client, day)[2].up
    editor_client.post(act(day, "order"), {"up": old})
    response = editor_client.post(act(day, "order"), {"up": old}, follow=True)
    assert "changed meanwhile" in told(response)
    assert [line.title for line in lines(editor_client, day)] == ["A", "C", "B", "Z"]


def test_places_of_a_day_that_is_cut_in_two_can_still_change(
    editor_client: Client, day: Case, monkeypatch: Any
) -> None:
    from casetracker.admin import case_timeline

    monkeypatch.setattr(case_timeline.part, "__kwdefaults__", {"around": "", "size": 2})
    _first, second = lines(editor_client, day)
    assert second.down
    third = lines(editor_client, day, around=second.down.partition(":")[2])[0]
    assert (third.title, third.up) == ("C", f"{third.key}:{second.key}")


# --- merge ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def twin(dispute: make.Dispute) -> Event:
    order = dispute.order
    found: Event = make.RulingFactory(
        case=order.case, court=order.court, date=order.date, title="Again", published=True
    )
    make.ReferenceFactory(event=found)
    return found


def test_merge_shows_at_once_what_would_be_done_and_does_it_when_confirmed(
    editor_client: Client, dispute: make.Dispute, twin: Event
) -> None:
    chosen = {"entry": [dispute.order.pk, twin.pk]}
    page = editor_client.get(act(dispute.case, "merge"), chosen)
    body = page.content.decode()
    assert "Moves over: 1 references." in body
    assert "The address of the other one leads to this one for ever." in body
    assert Event.objects.filter(pk=twin.pk).exists()
    data = chosen | {"kept": dispute.order.pk, "take": ["title"]}
    response = confirmed(editor_client, dispute.case, "merge", data)
    assert response.redirect_chain[0][0].endswith(f"#entry-{dispute.order.pk}")
    dispute.order.refresh_from_db()
    assert dispute.order.title == "Again"
    assert FormerEntry.objects.get().event_id == dispute.order.pk
    screen = editor_client.get(reverse("admin:casetracker_ruling_change", args=[dispute.order.pk]))
    assert twin.public_id in screen.content.decode()


def test_what_is_confirmed_is_what_was_looked_at(editor_client: Client, dispute: make.Dispute, twin: Event) -> None:
    data = {"entry": [dispute.order.pk, twin.pk], "kept": str(dispute.order.pk)}
    looked_at = previewed(editor_client.post(act(dispute.case, "merge"), data))
    response = editor_client.post(act(dispute.case, "merge"), data | looked_at | {"kept": str(twin.pk)})
    assert "changed after you looked" in response.content.decode()
    assert Event.objects.filter(pk__in=[dispute.order.pk, twin.pk]).count() == 2


def test_entry_that_somebody_changed_after_the_preview_is_shown_anew(
    editor_client: Client, dispute: make.Dispute, twin: Event
) -> None:
    data = {"entry": [dispute.order.pk, twin.pk], "kept": str(dispute.order.pk)}
    looked_at = previewed(editor_client.post(act(dispute.case, "merge"), data))
    Event.objects.filter(pk=twin.pk).update(summary="Changed meanwhile.")
    response = editor_client.post(act(dispute.case, "merge"), data | looked_at)
    assert "Somebody changed one of these entries meanwhile" in response.content.decode()
    assert Event.objects.filter(pk=twin.pk).exists()


def test_merge_that_is_not_allowed_says_why(editor_client: Client, dispute: make.Dispute) -> None:
    chosen = {"entry": [dispute.order.pk, dispute.appeal_order.pk]}
    response = editor_client.get(act(dispute.case, "merge"), chosen)
    assert "docket of another court" in response.content.decode()
    assert "_confirm" not in response.content.decode()


# --- move, change, split --------------------------------------------------------------------------------------------


def test_move_is_shown_and_done(editor_client: Client, dispute: make.Dispute) -> None:
    data = {"entry": [dispute.motion.pk, dispute.opposition.pk], "proceeding": dispute.appeal.pk}
    preview = editor_client.post(act(dispute.case, "move"), data).content.decode()
    assert "<td>Court</td><td>D. Md.</td><td>4th Cir.</td>" in preview
    confirmed(editor_client, dispute.case, "move", data)
    moved = Event.objects.filter(pk__in=[dispute.motion.pk, dispute.opposition.pk])
    assert set(moved.values_list("court", flat=True)) == {dispute.appeals_court.pk}


def test_change_of_many_is_shown_and_done(editor_client: Client, dispute: make.Dispute) -> None:
    source = make.SourceFactory(title="The whole docket")
    data = {
        "entry": [dispute.motion.pk, dispute.opposition.pk], "find": "Motion", "replace_with": "Application",
        "kind": "event", "source": "the whole docket", "pinpoint": "Doc. 1",
    }  # fmt: skip
    title = dispute.motion.title
    preview = editor_client.post(act(dispute.case, "change"), data).content.decode()
    assert f"<td>{title}</td><td>{title.replace('Motion', 'Application')}</td>" in preview
    assert Event.objects.get(pk=dispute.motion.pk).title == title
    confirmed(editor_client, dispute.case, "change", data)
    motion = Event.objects.get(pk=dispute.motion.pk)
    assert (motion.title, motion.kind) == (title.replace("Motion", "Application"), "event")
    assert motion.references.filter(source=source, pinpoint="Doc. 1").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Say what to change"),
        ({"replace_with": "x"}, "Say which words to replace"),
        ({"kind": "ruling"}, "Say what form the ruling has"),
        ({"source": "no such source"}, "There is no source with this address or title"),
        ({"find": "zzz", "replace_with": "x"}, "Nothing would change"),
    ],
)
def test_change_that_says_too_little_is_refused_beside_its_field(
    editor_client: Client, dispute: make.Dispute, data: dict[str, str], said: str
) -> None:
    response = editor_client.post(act(dispute.case, "change"), {"entry": [dispute.motion.pk], **data})
    assert said in response.content.decode()
    assert response.context.get("done") is None


def test_ruling_with_judges_stays_one_in_words(editor_client: Client, dispute: make.Dispute) -> None:
    Event.objects.filter(pk=dispute.order.pk).update(outcome="", holding="", vote="")
    data = {"entry": [dispute.order.pk], "kind": "filing"}
    response = editor_client.post(act(dispute.case, "change"), data)
    assert "stays a ruling" in " ".join(response.context["form"].non_field_errors())


def test_split_is_offered_on_two_dockets_shown_and_done(editor_client: Client, dispute: make.Dispute) -> None:
    other = make.ProceedingFactory(case=dispute.case, court=dispute.trial_court)
    second = make.DocketEntryFactory(event=dispute.order, proceeding=other, number="3")
    offered = [line for line in lines(editor_client, dispute.case) if line.split]
    assert [line.key for line in offered] == [dispute.order.pk]
    page = editor_client.get(offered[0].split)
    assert page.context["form"].initial["title"] == dispute.order.title
    data = {"entry": [dispute.order.pk], "dockets": [second.pk], "title": "In the other action", "date": "9 April 2025"}
    response = confirmed(editor_client, dispute.case, "split", data)
    new = Event.objects.get(title="In the other action")
    assert response.redirect_chain[0][0] == reverse("admin:casetracker_ruling_change", args=[new.pk])


# --- who may, and whatever is sent ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*SCREENS, "order"])
def test_acts_are_closed_without_the_right_to_change_what_is_chosen(
    staff: Any, staff_client: Client, dispute: make.Dispute, name: str
) -> None:
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_case", "change_case", "change_event"]))
    of_events = lines(staff_client, dispute.case)
    assert of_events
    data = {"entry": [dispute.order.pk], "up": f"{dispute.order.pk}:{dispute.hearing.pk}"}
    assert staff_client.post(act(dispute.case, name), data).status_code == 403
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_case", "change_event", "change_ruling"]))
    staff_client.force_login(type(staff).objects.get(pk=staff.pk))
    assert staff_client.post(act(dispute.case, name), data).status_code == 403
    body = staff_client.get(reverse("admin:casetracker_case_change", args=[dispute.case.pk])).content.decode()
    assert 'id="chosen"' not in body


@pytest.mark.parametrize("name", [*SCREENS, "order"])
def test_contributor_changes_no_entry_that_somebody_else_made_or_that_is_published(
    staff: Any, staff_client: Client, name: str
) -> None:
    staff.groups.add(Group.objects.get(name=roles.CONTRIBUTOR))
    case = make.CaseFactory(created_by=staff)
    court = make.CourtFactory()
    make.ProceedingFactory(case=case, court=court)
    own, other = (make.EventFactory(case=case, court=court, created_by=author) for author in (staff, None))
    published = make.EventFactory(case=case, court=court, created_by=staff, published=True)
    staff_client.force_login(type(staff).objects.get(pk=staff.pk))
    # Merging is a right of its own.
    assert staff_client.get(act(case, name), {"entry": [own.pk]}).status_code == (403 if name == "merge" else 200)
    for row in (other, published):
        data = {"entry": [own.pk, row.pk], "up": f"{own.pk}:{row.pk}", "find": "a"}
        assert staff_client.post(act(case, name), data).status_code == 403


@pytest.mark.parametrize("name", [*SCREENS, "order"])
def test_entries_of_another_case_are_not_chosen(editor_client: Client, dispute: make.Dispute, name: str) -> None:
    stranger = make.EventFactory()
    response = editor_client.get(act(dispute.case, name), {"entry": [stranger.pk]})
    assert stranger.title not in response.content.decode()


def test_act_that_is_none_is_not_found(editor_client: Client, dispute: make.Dispute) -> None:
    assert editor_client.get(act(dispute.case, "nothing")).status_code == 404


HUGE = "9" * 5000
VALUES = [
    "",
    "\x00",
    "abc",
    "0",
    "-5",
    HUGE,
    "1e5",
    "١",
    "a" * 300,
    "\u202e",
    "<script>",
    "%00",
    "1:1",
    "1:",
    ":",
    f"{HUGE}:{HUGE}",
]


@pytest.mark.parametrize("name", [*SCREENS, "order"])
def test_whatever_is_sent_is_answered(editor_client: Client, dispute: make.Dispute, name: str) -> None:
    editor_client.raise_request_exception = False
    two = [dispute.order.pk, dispute.motion.pk]
    for value in VALUES:
        for chosen in ([value], [*two, value], two[:1]):
            data: dict[str, Any] = {
                "entry": chosen, "up": value, "down": value, "kept": value, "take": [value], "proceeding": value,
                "find": value, "replace_with": value, "kind": value, "form": value, "source": value, "pinpoint": value,
                "instead_of": value, "dockets": [value], "title": value, "date": value, "seen": value,
                "previewed": value, "_confirm": value,
            }  # fmt: skip
            for response in (
                editor_client.get(act(dispute.case, name), data),
                editor_client.post(act(dispute.case, name), data),
            ):
                assert response.status_code in {200, 302, 400}, (value[:20], response.status_code)


def test_number_of_queries_of_a_preview_does_not_grow_with_what_stays_as_it_is(
    editor_client: Client, dispute: make.Dispute
) -> None:
    counts = []
    for _ in range(2):
        keys = list(Event.objects.filter(case=dispute.case, kind="filing").values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            editor_client.post(
                act(dispute.case, "change"), {"entry": keys, "find": "Motion for the return", "replace_with": "M"}
            )
        counts.append(len(queries))
        make.EventFactory.create_batch(30, case=dispute.case, title="Something else")
    assert counts[0] == counts[1]
