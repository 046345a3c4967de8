"""The history of a row as the desk shows it: what the database wrote, whoever changed it."""

from collections.abc import Callable
from typing import Any

import factories as make
import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casetracker import history, publication, rights
from casetracker.models import Case, Event, FormerSlug, RulingJudge, Topic
from casetracker.roles import CONTRIBUTOR

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]


def fields(change: history.Change) -> dict[str, tuple[str, str]]:
    return {field.name: (field.old, field.new) for field in change.fields}


def test_change_by_raw_sql_is_shown_with_old_and_new_and_nobodys_name(editor_client: Client, address: Address) -> None:
    entry = make.EventFactory(title="Motion to dismiss")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casetracker_event SET title = 'Motion to transfer' WHERE id = %s", [entry.pk])
    response = editor_client.get(address("event", "history", entry.pk))
    change = response.context["changes"][0]
    assert (change.act, fields(change)) == ("changed", {"title": ("Motion to dismiss", "Motion to transfer")})
    assert change.who == "whoever wrote directly to the database"
    body = response.content.decode()
    assert "<del>Motion to dismiss</del>" in body
    assert "<ins>Motion to transfer</ins>" in body


def test_change_by_a_form_is_shown_with_the_editors_name_and_the_address(
    editor_client: Client, editor: Any, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="Motion to dismiss", court=make.CourtFactory(name="Old Court"))
    path = address("event", "change", entry.pk)
    new = make.CourtFactory(name="New Court")
    editor_client.post(path, fill(editor_client, path, court=new.pk))
    change = editor_client.get(address("event", "history", entry.pk)).context["changes"][0]
    assert fields(change) == {"court": ("Old Court", "New Court")}
    assert (change.who, change.where) == (editor.username, path)


def test_rows_that_hang_on_it_are_among_its_changes(editor_client: Client, address: Address) -> None:
    dispute = make.two_court_dispute()
    RulingJudge.objects.filter(ruling=dispute.order).update(role="dissented")
    dispute.order.citations.all().delete()
    changes = editor_client.get(address("ruling", "history", dispute.order.pk)).context["changes"]
    told = {(change.what, change.act) for change in changes}
    assert {("entry", "added"), ("citation", "deleted"), ("provision", "added"), ("docket entry", "added")} <= told
    judge = next(change for change in changes if change.what == "judge of the ruling" and change.act == "changed")
    assert fields(judge) == {"role": ("Author", "Dissented")}


def test_act_of_publication_is_named(editor_client: Client, address: Address, editor: Any) -> None:
    case = make.CaseFactory()
    editor_client.post(address("case", "publication", case.pk, "publish"), {"zone": "UTC"})
    change = editor_client.get(address("case", "history", case.pk)).context["changes"][0]
    assert (change.done, change.who) == ("publish", editor.username)
    assert fields(change)["publication"] == ("Draft", "Published")


def test_topics_and_former_addresses_of_a_case_are_in_its_history(editor_client: Client, address: Address) -> None:
    case = make.CaseFactory(slug="old-name")
    topic: Topic = make.TopicFactory(name="Immigration")
    case.topics.add(topic)
    Case.objects.filter(pk=case.pk).update(slug="new-name")
    assert FormerSlug.objects.get().slug == "old-name"
    changes = editor_client.get(address("case", "history", case.pk)).context["changes"]
    told = [fields(change) for change in changes]
    assert {"slug": ("old-name", "new-name")} in told
    assert {"case": ("", case.name), "topic": ("", "Immigration")} in told
    assert {"case": ("", case.name), "slug": ("", "old-name")} in told


def test_command_is_named_as_who_did_it(address: Address, editor_client: Client) -> None:
    with pghistory.context(command="load_courts"):
        court = make.CourtFactory()
    changes, count = history.changes(court)
    assert count == 1
    assert changes[0].who == "the command load_courts"


def test_history_is_shown_in_pages_with_a_constant_number_of_queries(editor_client: Client, address: Address) -> None:
    entry = make.EventFactory(court=make.CourtFactory())
    path = address("event", "history", entry.pk)
    counts = []
    for number in range(120):
        Event.objects.filter(pk=entry.pk).update(
            title=f"Title {number}", court=make.CourtFactory() if number % 2 else entry.court
        )
        if number in {3, 119}:
            with CaptureQueriesContext(connection) as queries:
                response = editor_client.get(path)
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 20
    assert len(response.context["changes"]) == 50
    assert response.context["count"] == 121
    last = editor_client.get(path, {"p": 3})
    assert len(last.context["changes"]) == 21
    assert last.context["changes"][-1].act == "added"
    assert "Page 3 of 3, 121 changes" in last.content.decode()


@pytest.mark.parametrize("page", ["abc", "0", "-5", "9" * 5000, "999999", "١٢", ""])
def test_page_that_is_not_there_is_answered(editor_client: Client, address: Address, page: str) -> None:
    entry = make.EventFactory()
    response = editor_client.get(address("event", "history", entry.pk), {"p": page})
    assert response.status_code == 200


def test_first_page_of_the_desk_shows_the_newest_changes(
    editor_client: Client, editor: Any, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="Motion to dismiss")
    path = address("event", "change", entry.pk)
    editor_client.post(path, fill(editor_client, path, title="Motion to transfer"))
    gone = make.CaseFactory(name="Gone v. Forgotten")
    gone.delete()
    response = editor_client.get("/admin/")
    newest = {(change.label, change.act): change for change in response.context["recent"]}
    assert newest["Gone v. Forgotten", "deleted"].row is None
    changed = newest["Motion to transfer", "changed"]
    assert (changed.row, changed.who) == (Event.objects.get(pk=entry.pk), editor.username)
    assert address("event", "change", entry.pk) in response.content.decode()


def test_row_that_goes_out_of_sight_between_two_questions_is_named_to_nobody_who_does_not_see_it() -> None:
    contributor = make.in_role(CONTRIBUTOR)
    entry = make.EventFactory(published=True, title="Seen a moment ago")
    seen = rights.seen(contributor, Event.objects.all())
    assert [change.label for change in history.recent({Event: seen})][:1] == ["Seen a moment ago"]

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if "casetracker_eventrevision" in sql and not happened:
            happened.append(sql)
            publication.withhold(entry, actor=None, reason="Sealed.")
        return done

    happened: list[str] = []
    with connection.execute_wrapper(meanwhile):
        changes = history.recent({Event: seen})
    assert happened
    assert [change for change in changes if change.label == "Seen a moment ago"] == []
