"""
Two editors and one row. Stock Django keeps the second save and loses the first without a word; here the second is told,
and both texts are on the form.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import factories as make
import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from threads import run_together

from casetracker.admin import opened
from casetracker.admin.base import DeskAdmin
from casetracker.admin.conflicts import Conflict
from casetracker.admin.inlines import DeskFormSet
from casetracker.models import Case, CaseTopic, Event, Reference, Ruling, RulingJudge

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]


@pytest.fixture
def ann(db: None) -> Client:
    client = Client()
    client.force_login(make.EditorFactory(username="ann"))
    return client


@pytest.fixture
def ben(db: None) -> Client:
    client = Client()
    client.force_login(make.EditorFactory(username="ben"))
    return client


def again(response: Any) -> dict[str, Any]:
    """What a browser would send if the form that came back were sent as it stands."""
    data: dict[str, Any] = {"_opened": response.context["opened"]}
    forms = [response.context["adminform"].form]
    for rows in response.context["inline_admin_formsets"]:
        forms += [rows.formset.management_form, *rows.formset.forms]
    for form in forms:
        for box in form:
            value = box.value()
            if value not in (None, "", False):
                data[box.html_name] = "on" if value is True else getattr(value, "words", value)
    return data


def conflict_of(response: Any) -> Conflict:
    assert response.status_code == 200
    found: Conflict = response.context["conflict"]
    return found


# --- one row --------------------------------------------------------------------------------------------------------


def test_second_of_two_saves_is_refused_and_both_texts_are_on_the_form(
    ann: Client, ben: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="Motion", summary="As it was.")
    path = address("event", "change", entry.pk)
    hers, his = fill(ann, path, summary="What Ann wrote."), fill(ben, path, summary="What Ben wrote.")
    assert ann.post(path, hers).status_code == 302
    response = ben.post(path, his)
    note = conflict_of(response).fields["summary"]
    assert (note.difference.opened, note.difference.saved, note.difference.typed) == (
        "As it was.",
        "What Ann wrote.",
        "What Ben wrote.",
    )
    assert note.change is not None
    assert note.change.who == "ann"
    body = response.content.decode()
    assert "Nothing of yours is saved yet." in body
    assert re.search(r"ann changed this on \d+ \w+ \d{4}, \d\d:\d\d UTC", body)
    assert re.search(r"<textarea[^>]*>\s*What Ben wrote\.</textarea>", body)
    assert '<ins class="text">What Ann wrote.</ins>' in body
    # The box is far down: a link leads to what is told above it.
    assert '<a href="#id_summary_error">Summary</a>' in body
    assert 'id="id_summary_error"' in body
    entry.refresh_from_db()
    assert entry.summary == "What Ann wrote."
    # He writes a third text out of the two, and it is taken.
    assert ben.post(path, again(response) | {"summary": "Both."}).status_code == 302
    entry.refresh_from_db()
    assert entry.summary == "Both."


def test_page_that_was_not_saved_is_headed_by_what_is_saved(
    ann: Client, ben: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="Motion")
    path = address("event", "change", entry.pk)
    hers, his = fill(ann, path, title="Ann's title"), fill(ben, path, title="Ben's title")
    ann.post(path, hers)
    # After a conflict, and after a mistake.
    for data in (his, fill(ben, path, title="Ben's title", date="30 February 2025")):
        heading = re.search(r"<h1>(.*?)</h1>", ben.post(path, data).content.decode())
        assert heading is not None
        assert heading[1].endswith(": Ann&#x27;s title")


def test_editor_can_take_what_the_other_saved(ann: Client, ben: Client, address: Address, fill: Fill) -> None:
    entry = make.EventFactory(title="Motion", summary="As it was.", note="")
    path = address("event", "change", entry.pk)
    his = fill(ben, path, summary="Ben's", note="Ben's note")
    ann.post(path, fill(ann, path, summary="Ann's"))
    response = ben.post(path, his)
    assert 'name="_take-summary"' in response.content.decode()
    assert ben.post(path, again(response) | {"_take-summary": "saved"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.summary, entry.note) == ("Ann's", "Ben's note")


def test_fields_that_only_one_of_them_touched_are_put_together(
    ann: Client, ben: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="Motion", summary="As it\nwas.", note="")
    path = address("event", "change", entry.pk)
    # A browser sends every line end as two characters; that is no change.
    his = fill(ben, path, title="Motion to dismiss", summary="As it\r\nwas.")
    ann.post(path, fill(ann, path, summary="Mended.", note="Checked."))
    response = ben.post(path, his)
    conflict = conflict_of(response)
    assert not conflict.is_choice
    assert set(conflict.fields) == {"summary", "note"}
    assert "You had not touched it, so it stands in the box." in response.content.decode()
    assert ben.post(path, again(response)).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.summary, entry.note) == ("Motion to dismiss", "Mended.", "Checked.")


def test_third_save_in_between_is_told_too(ann: Client, ben: Client, address: Address, fill: Fill) -> None:
    entry = make.EventFactory(summary="0")
    path = address("event", "change", entry.pk)
    his = fill(ben, path, summary="Ben's")
    ann.post(path, fill(ann, path, summary="1"))
    first = ben.post(path, his)
    ann.post(path, fill(ann, path, summary="2"))
    second = ben.post(path, again(first) | {"_take-summary": "saved"})
    note = conflict_of(second).fields["summary"].difference
    # He chose what was saved then; so nothing of his is at stake, and the newest stands in the box.
    assert (note.opened, note.saved, note.is_both) == ("1", "2", False)


@pytest.mark.parametrize("way", ["update", "raw"])
def test_write_past_the_desk_is_noticed(ben: Client, address: Address, fill: Fill, way: str) -> None:
    entry = make.EventFactory(title="Motion")
    path = address("event", "change", entry.pk)
    his = fill(ben, path, title="Ben's")
    if way == "update":
        Event.objects.filter(pk=entry.pk).update(title="Another")
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE casetracker_event SET title = 'Another' WHERE id = %s", [entry.pk])
    note = conflict_of(ben.post(path, his)).fields["title"]
    assert (note.difference.saved, note.difference.typed) == ("Another", "Ben's")


def test_save_of_a_form_that_was_open_during_a_publication_asks_once_more(
    ann: Client, ben: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(case=make.CaseFactory(published=True), title="Motion")
    path = address("event", "change", entry.pk)
    his = fill(ben, path, title="Ben's")
    ann.post(address("event", "publication", entry.pk, "publish"), {"zone": "UTC"})
    response = ben.post(path, his)
    assert [change.done for change in conflict_of(response).changes] == ["publish"]
    assert "It touches nothing that you wrote." in response.content.decode()
    assert ben.post(path, again(response)).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.state) == ("Ben's", "published")


def test_links_that_somebody_else_changed_are_told(ann: Client, ben: Client, address: Address, fill: Fill) -> None:
    one, two, three = (make.TopicFactory(name=name) for name in ("One", "Two", "Three"))
    case = make.CaseFactory()
    case.topics.set([one])
    path = address("case", "change", case.pk)
    his = fill(ben, path, topics=[one.pk, three.pk])
    ann.post(path, fill(ann, path, topics=[one.pk, two.pk]))
    response = ben.post(path, his)
    difference = conflict_of(response).fields["topics"].difference
    assert (difference.opened, difference.saved, difference.typed) == ("One", "One; Two", "One; Three")
    assert set(case.topics.all()) == {one, two}
    ben.post(path, again(response) | {"topics": [one.pk, two.pk, three.pk]})
    assert CaseTopic.objects.filter(case=case).count() == 3


def test_form_that_says_no_version_is_not_saved_over_another(ben: Client, address: Address, fill: Fill) -> None:
    entry = make.EventFactory(title="Motion")
    path = address("event", "change", entry.pk)
    his = fill(ben, path, title="Ben's")
    for said in ("", "nonsense", "[]", "{", '{"row": "x"}', '{"rows": 5}', "1" * 5000, "[" * 100_000, "\x00"):
        response = ben.post(path, his | {"_opened": said})
        assert conflict_of(response).fields["title"].difference.opened is None, said[:20]
    entry.refresh_from_db()
    assert entry.title == "Motion"


def test_same_form_sent_twice_adds_its_rows_once(ben: Client, address: Address, fill: Fill) -> None:
    ruling = make.RulingFactory()
    judge = make.JudgeFactory()
    path = address("ruling", "change", ruling.pk)
    data = fill(
        ben, path, ruling_judges__TOTAL_FORMS=1, ruling_judges__0__judge=judge.pk, ruling_judges__0__role="author"
    )
    assert ben.post(path, data).status_code == 302
    assert conflict_of(ben.post(path, data)).rows
    assert RulingJudge.objects.count() == 1


def test_save_that_meets_nobody_is_not_disturbed(ben: Client, address: Address, fill: Fill) -> None:
    dispute = make.two_court_dispute()
    path = address("ruling", "change", dispute.order.pk)
    for title in ("First", "Second"):
        assert ben.post(path, fill(ben, path, title=title)).status_code == 302
    # What changes nothing that people see is no change.
    his = fill(ben, path, title="Third")
    Event.objects.filter(pk=dispute.order.pk).update(updated_at="2025-01-01T00:00:00Z")
    assert ben.post(path, his).status_code == 302


# --- rows that hang on it -------------------------------------------------------------------------------------------


@pytest.fixture
def ruling(db: None) -> Ruling:
    row: Ruling = make.RulingFactory(title="Order")
    for name in ("One", "Two"):
        make.ReferenceFactory(event=row, source=make.SourceFactory(title=name), pinpoint="p. 1")
    return row


def test_row_that_both_changed_shows_both(
    ann: Client, ben: Client, address: Address, fill: Fill, ruling: Ruling
) -> None:
    path = address("ruling", "change", ruling.pk)
    his = fill(ben, path, references__0__pinpoint="p. 3")
    ann.post(path, fill(ann, path, references__0__pinpoint="p. 2"))
    response = ben.post(path, his)
    difference = conflict_of(response).fields["references-0-pinpoint"].difference
    assert (difference.opened, difference.saved, difference.typed, difference.is_both) == ("p. 1", "p. 2", "p. 3", True)
    first = ruling.references.order_by("pk").first()
    assert first is not None
    assert first.pinpoint == "p. 2"
    ben.post(path, again(response) | {"_take-references-0-pinpoint": "typed"})
    first.refresh_from_db()
    assert first.pinpoint == "p. 3"


def test_row_that_somebody_added_is_in_the_form_and_is_kept(
    ann: Client, ben: Client, address: Address, fill: Fill, ruling: Ruling
) -> None:
    source = make.SourceFactory(title="Three")
    path = address("ruling", "change", ruling.pk)
    his = fill(ben, path, references__TOTAL_FORMS=3, references__2__source=source.pk, references__2__pinpoint="Ben's")
    ann.post(
        path,
        fill(ann, path, references__TOTAL_FORMS=3, references__2__source=source.pk, references__2__pinpoint="Ann's"),
    )
    response = ben.post(path, his)
    assert conflict_of(response).rows["references-2"].startswith("ann added this row on ")
    rows = response.context["inline_admin_formsets"]
    forms = next(each.formset for each in rows if each.formset.prefix == "references").forms
    assert [form["pinpoint"].value() for form in forms] == ["p. 1", "p. 1", "Ann's", "Ben's"]
    assert ben.post(path, again(response)).status_code == 302
    assert sorted(ruling.references.values_list("pinpoint", flat=True)) == ["Ann's", "Ben's", "p. 1", "p. 1"]


@pytest.mark.parametrize("has_touched", [True, False])
def test_row_that_somebody_deleted(
    ann: Client, ben: Client, address: Address, fill: Fill, ruling: Ruling, has_touched: bool
) -> None:
    path = address("ruling", "change", ruling.pk)
    typed = {"references__0__pinpoint": "A long note"} if has_touched else {}
    his = fill(ben, path, title="Ben's", **typed)
    ann.post(path, fill(ann, path, references__0__DELETE="on"))
    assert ruling.references.count() == 1
    response = ben.post(path, his)
    conflict = conflict_of(response)
    if has_touched:
        assert "deleted this row" in conflict.rows["references-1"]
        assert "stands here as a new row" in conflict.rows["references-1"]
        assert "A long note" in response.content.decode()
    else:
        assert conflict.dropped[0].startswith("“One (District Court), p. 1”: ann deleted this row on")
    assert ben.post(path, again(response)).status_code == 302
    pinpoints = sorted(ruling.references.values_list("pinpoint", flat=True))
    assert pinpoints == (["A long note", "p. 1"] if has_touched else ["p. 1"])


def test_row_is_not_deleted_that_somebody_changed_meanwhile(
    ann: Client, ben: Client, address: Address, fill: Fill, ruling: Ruling
) -> None:
    path = address("ruling", "change", ruling.pk)
    his = fill(ben, path, references__0__DELETE="on")
    ann.post(path, fill(ann, path, references__0__pinpoint="p. 2, with care"))
    response = ben.post(path, his)
    assert conflict_of(response).rows["references-0"].startswith("You marked this row to be deleted; ann changed it")
    assert "p. 2, with care" in response.content.decode()
    assert Reference.objects.count() == 2
    assert ben.post(path, again(response)).status_code == 302
    assert Reference.objects.count() == 1


def test_new_row_moves_behind_those_that_are_there(
    ann: Client, ben: Client, address: Address, fill: Fill, ruling: Ruling
) -> None:
    """A source typed into a new row, with fields that no row has, comes back as it was typed."""
    path = address("ruling", "change", ruling.pk)
    his = fill(
        ben,
        path,
        references__TOTAL_FORMS=3,
        references__2__new_title="Ben's source",
        references__2__new_address="https://example.org/b",
    )
    ann.post(path, fill(ann, path, references__0__DELETE="on"))
    response = ben.post(path, his)
    assert 'value="Ben&#x27;s source"' in response.content.decode()
    assert ben.post(path, again(response)).status_code == 302
    assert ruling.references.filter(source__address="https://example.org/b").exists()


# --- what is gone ---------------------------------------------------------------------------------------------------


def test_text_typed_about_a_row_that_was_deleted_can_be_saved_as_a_new_one(
    ann: Client, ben: Client, address: Address, fill: Fill, confirmation: Callable[[Any], dict[str, Any]]
) -> None:
    ruling = make.RulingFactory(title="Order")
    make.ReferenceFactory(event=ruling, pinpoint="p. 1")
    path = address("ruling", "change", ruling.pk)
    his = fill(ben, path, summary="An hour's work.")
    delete = address("ruling", "delete", ruling.pk)
    ann.post(delete, confirmation(ann.get(delete)))
    assert not Event.objects.exists()
    response = ben.post(path, his)
    assert response.status_code == 200
    body = response.content.decode()
    assert re.search(r"ann deleted this on \d+ \w+ \d{4}.*Nothing is saved", body)
    assert "An hour&#x27;s work." in body
    add = address("ruling", "add")
    assert f'action="{add}"' in body
    assert ben.post(add, again(response)).status_code == 302
    new = Event.objects.get()
    assert (new.title, new.summary) == ("Order", "An hour's work.")
    assert new.references.get().pinpoint == "p. 1"


def test_row_that_never_was_is_told_as_before(ben: Client, address: Address) -> None:
    response = ben.post(address("event", "change", 987654321), {"title": "x", "_opened": "{}"}, follow=True)
    assert "There is no entry “987654321”" in response.content.decode()


# --- every screen ---------------------------------------------------------------------------------------------------

SCREENS = sorted(admin.site._registry.values(), key=lambda screen: screen.opts.label)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.opts.model_name)
def test_every_screen_compares_versions(superuser_client: Client, screen: Any) -> None:
    """A new screen is found here; one that is no `DeskAdmin` loses edits as stock Django does."""
    assert isinstance(screen, DeskAdmin)
    assert not screen.list_editable
    model = screen.model
    row: Any
    if model is Group:
        row = Group.objects.create(name="Group")
    else:
        row = make.UserFactory() if model._meta.model_name == "user" else make.FACTORIES[model]()
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
    response = superuser_client.get(path, follow=True)
    said = opened.read(response.context["opened"])
    assert said is not None
    assert said.row or said.values
    assert 'name="_opened"' in response.content.decode()
    prefixes = [each.formset.prefix for each in response.context["inline_admin_formsets"]]
    assert len(set(prefixes)) == len(prefixes)
    assert set(said.rows) <= set(prefixes)
    for each in response.context["inline_admin_formsets"]:
        assert each.formset.prefix in said.rows or not each.has_change_permission
        assert isinstance(each.formset, DeskFormSet)
    assert not screen.save_as


def test_account_that_two_administrators_change(superuser_client: Client, address: Address, fill: Fill) -> None:
    user = make.UserFactory(username="carla", first_name="C.")
    group = Group.objects.create(name="Editors")
    path = address("user", "change", user.pk)
    second = fill(superuser_client, path, first_name="Carla B.")
    assert (
        superuser_client.post(path, fill(superuser_client, path, first_name="Carla", groups=[group.pk])).status_code
        == 302
    )
    response = superuser_client.post(path, second)
    fields = conflict_of(response).fields
    told = fields["first_name"].difference
    assert (told.opened, told.saved, told.typed) == ("C.", "Carla", "Carla B.")
    assert not fields["groups"].difference.is_both
    assert superuser_client.post(path, again(response)).status_code == 302
    user.refresh_from_db()
    assert user.first_name == "Carla B."
    assert user.groups.get() == group


def test_rights_of_a_group_that_two_administrators_change(
    superuser_client: Client, address: Address, fill: Fill
) -> None:
    group = Group.objects.create(name="Editors")
    path = address("group", "change", group.pk)
    second = fill(superuser_client, path, name="Writers")
    superuser_client.post(path, fill(superuser_client, path, name="Desk"))
    difference = conflict_of(superuser_client.post(path, second)).fields["name"].difference
    assert (difference.opened, difference.saved, difference.typed) == ("Editors", "Desk", "Writers")


def test_versions_are_read_before_the_values_that_they_belong_to(
    ben: Client, address: Address, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves while the page of the form is made: then the form may show more than it says, never less."""
    entry = make.EventFactory(title="Motion")
    path = address("event", "change", entry.pk)
    real = opened.now

    def slow(screen: Any, request: Any, row: Any) -> Any:
        found = real(screen, request, row)
        if request.method == "GET":
            Event.objects.filter(pk=entry.pk).update(title="Another")
        return found

    monkeypatch.setattr(opened, "now", slow)
    his = fill(ben, path, note="Ben's")
    assert his["title"] == "Another"
    response = ben.post(path, his)
    assert not conflict_of(response).is_choice
    assert ben.post(path, again(response)).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.note) == ("Another", "Ben's")


def test_queries_of_a_form_do_not_grow_with_its_rows(
    ben: Client, address: Address, django_assert_max_num_queries: Any
) -> None:
    ruling = make.RulingFactory()
    for _ in range(12):
        make.ReferenceFactory(event=ruling)
    with django_assert_max_num_queries(60):
        response = ben.get(address("ruling", "change", ruling.pk))
    assert len(json.loads(response.context["opened"])["rows"]["references"]) == 12


# --- at the same moment ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_wins_and_the_other_has_both_texts(address: Address, fill: Fill) -> None:
    for number in range(4):
        entry = make.EventFactory(title="Motion", summary="As it was.")
        path = address("event", "change", entry.pk)
        clients = [Client(), Client()]
        sent = []
        for name, client in zip(("ann", "ben"), clients, strict=True):
            client.force_login(make.EditorFactory(username=f"{name}{number}"))
            sent.append(fill(client, path, summary=f"By {name}."))
        answers = run_together(*(partial(client.post, path, data) for client, data in zip(clients, sent, strict=True)))
        assert sorted(answer.status_code for answer in answers) == [200, 302], answers
        loser = next(answer for answer in answers if answer.status_code == 200)
        difference = conflict_of(loser).fields["summary"].difference
        assert {difference.saved, difference.typed} == {"By ann.", "By ben."}
        entry.refresh_from_db()
        assert entry.summary == difference.saved


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_of_one_row_of_a_case_at_the_same_moment_one_wins(address: Address, fill: Fill) -> None:
    case: Case = make.CaseFactory()
    reference = make.ReferenceFactory(event=None, case=case, pinpoint="p. 1")
    path = address("case", "change", case.pk)
    clients = [Client(), Client()]
    sent = []
    for name, client in zip(("ann", "ben"), clients, strict=True):
        client.force_login(make.EditorFactory(username=name))
        sent.append(fill(client, path, references__0__pinpoint=f"By {name}"))
    answers = run_together(*(partial(client.post, path, data) for client, data in zip(clients, sent, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [200, 302], answers
    loser = next(answer for answer in answers if answer.status_code == 200)
    difference = conflict_of(loser).fields["references-0-pinpoint"].difference
    assert {difference.saved, difference.typed} == {"By ann", "By ben"}
    reference.refresh_from_db()
    assert reference.pinpoint == difference.saved
