"""Deleting takes what was looked at: a change since then is shown before anything goes."""

import html
import re
import threading
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.db import connection, transaction
from django.test import Client

from casetracker.models import Event, Reference, Source

Address = Callable[..., str]
Confirmation = Callable[[Any], dict[str, Any]]

NOTHING = "Nothing was deleted"


@pytest.mark.django_db
def test_row_is_deleted_that_is_as_it_was_looked_at(
    editor_client: Client, address: Address, confirmation: Confirmation
) -> None:
    entry = make.EventFactory()
    make.ReferenceFactory(event=entry)
    path = address("event", "delete", entry.pk)
    assert editor_client.post(path, confirmation(editor_client.get(path))).status_code == 302
    assert not Event.objects.exists()
    assert not Reference.objects.exists()


@pytest.mark.django_db
def test_deleting_leads_to_where_the_row_was_worked_on(
    editor_client: Client, address: Address, confirmation: Confirmation
) -> None:
    entry = make.EventFactory()
    statement = make.StatementFactory(event=entry)
    proceeding = make.ProceedingFactory(case=entry.case)
    of_case, of_entry = address("case", "change", entry.case.pk), address("event", "change", entry.pk)
    for model, row, home in [
        ("statement", statement, of_entry),
        ("proceeding", proceeding, of_case),
        ("event", entry, of_case),
        ("case", entry.case, address("case", "changelist")),
    ]:
        path = address(model, "delete", row.pk)
        response = editor_client.post(path, confirmation(editor_client.get(path)))
        assert response.url == home  # type: ignore[attr-defined]  # a redirect


@pytest.mark.django_db
def test_row_that_was_changed_since_is_shown_again_with_what_was_changed(
    editor_client: Client, address: Address, confirmation: Confirmation
) -> None:
    entry = make.EventFactory(title="Motion")
    path = address("event", "delete", entry.pk)
    sent = confirmation(editor_client.get(path))
    Event.objects.filter(pk=entry.pk).update(title="Motion to dismiss")
    response = editor_client.post(path, sent)
    assert response.status_code == 200
    body = response.content.decode()
    assert NOTHING in body
    assert "<del>Motion</del>" in body
    assert "<ins>Motion to dismiss</ins>" in body
    assert Event.objects.exists()
    # Whoever has seen that confirms it.
    assert editor_client.post(path, confirmation(response)).status_code == 302
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_row_on_which_something_new_hangs_or_something_changed_is_shown_again(
    editor_client: Client, address: Address, confirmation: Confirmation
) -> None:
    entry = make.RulingFactory()
    reference = make.ReferenceFactory(event=entry, pinpoint="page 3")
    path = address("ruling", "delete", entry.pk)
    sent = confirmation(editor_client.get(path))
    proceeding = make.ProceedingFactory(case=entry.case, court=entry.court)
    make.DocketEntryFactory(event=entry, proceeding=proceeding, number="21")
    response = editor_client.post(path, sent)
    assert NOTHING in response.content.decode()
    assert "<ins>21</ins>" in response.content.decode()
    sent = confirmation(response)
    Reference.objects.filter(pk=reference.pk).update(pinpoint="page 4")
    response = editor_client.post(path, sent)
    assert "<ins>page 4</ins>" in response.content.decode()
    sent = confirmation(response)
    reference.delete()
    response = editor_client.post(path, sent)
    assert "Reference deleted" in response.content.decode()
    assert Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "looked_at", [None, "", "x", "[]", '{"casetracker_event": {"\\u0000": 1}}', '{"x": 1}', "9" * 5000]
)
def test_confirmation_that_says_not_what_was_looked_at_is_asked_for_again(
    editor_client: Client, address: Address, looked_at: str | None
) -> None:
    entry = make.EventFactory()
    path = address("event", "delete", entry.pk)
    data = {"post": "yes"} | ({"_looked_at": looked_at} if looked_at is not None else {})
    response = editor_client.post(path, data)
    assert response.status_code == 200
    assert NOTHING in response.content.decode()
    assert Event.objects.exists()


@pytest.mark.django_db
def test_chosen_rows_are_deleted_only_as_they_were_looked_at(
    editor_client: Client, address: Address, confirmation: Confirmation
) -> None:
    first, second = make.SourceFactory(title="Docket"), make.SourceFactory(title="Brief")
    path = address("source")
    chosen = {"action": "delete_selected", "_selected_action": [first.pk, second.pk]}

    def sent(response: Any) -> dict[str, Any]:
        body = response.content.decode()
        looked_at = re.search(r'name="_looked_at" value="([^"]+)"', body)
        assert looked_at is not None
        return {**chosen, "post": "yes", "_looked_at": html.unescape(looked_at[1])}

    look = editor_client.post(path, chosen)
    Source.objects.filter(pk=second.pk).update(title="Brief of the appellee")
    response = editor_client.post(path, sent(look))
    assert NOTHING in response.content.decode()
    assert "<ins>Brief of the appellee</ins>" in response.content.decode()
    assert Source.objects.count() == 2
    assert editor_client.post(path, sent(response)).status_code == 302
    assert not Source.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_change_that_is_being_saved_at_the_same_moment_is_waited_for_and_seen(
    address: Address, confirmation: Confirmation
) -> None:
    client = Client()
    client.force_login(make.UserFactory(is_staff=True, is_superuser=True))
    entry = make.EventFactory(title="Motion")
    path = address("event", "delete", entry.pk)
    sent = confirmation(client.get(path))
    answers: list[Any] = []

    def press() -> None:
        try:
            answers.append(client.post(path, sent))
        finally:
            connection.close()

    with transaction.atomic():
        Event.objects.filter(pk=entry.pk).update(title="Motion to dismiss")
        thread = threading.Thread(target=press)
        thread.start()
        thread.join(0.5)
        assert not answers
    thread.join(20)
    assert NOTHING in answers[0].content.decode()
    assert Event.objects.get().title == "Motion to dismiss"
