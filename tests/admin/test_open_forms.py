"""A second editor is told who has a form open. It never stands in the way, and is forgotten by itself."""

import datetime
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from casetracker import presence
from casetracker.models import OpenForm

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


def notices(response: Any) -> list[str]:
    found: list[str] = response.context["notices"]
    return found


def sign(client: Client, row: Any, **more: str) -> Any:
    data = {"table": row._meta.label_lower, "key": str(row.pk), **more}
    return client.post(reverse("admin:open_forms"), data)


def test_second_editor_is_told_who_has_the_form_open_and_can_save(
    ann: Client, ben: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory()
    path = address("event", "change", entry.pk)
    assert notices(ann.get(path)) == []
    response = ben.get(path)
    assert notices(response)[0].startswith("ann has had this open since ")
    assert "ann has had this open since " in response.content.decode()
    assert ben.post(path, fill(ben, path, title="Ben's")).status_code == 302
    assert notices(ann.get(path)) == []


def test_entry_and_ruling_are_one_row(ann: Client, ben: Client, address: Address) -> None:
    ruling = make.RulingFactory()
    ann.get(address("ruling", "change", ruling.pk))
    assert notices(ben.get(f"{address('event', 'change', ruling.pk)}?_popup=1"))[0].startswith("ann ")


def test_form_is_forgotten_after_a_while(ann: Client, ben: Client, address: Address) -> None:
    entry = make.EventFactory()
    path = address("event", "change", entry.pk)
    ann.get(path)
    OpenForm.objects.update(seen_at=Now() - presence.LASTS - datetime.timedelta(seconds=1))
    assert notices(ben.get(path)) == []
    # The row itself goes when somebody leaves a form.
    presence.leave(make.EventFactory(), OpenForm.objects.get(user__username="ben").user)
    assert OpenForm.objects.get().user.username == "ben"


def test_whoever_saves_or_leaves_is_not_told_of_any_more(
    ann: Client, ben: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory()
    path = address("event", "change", entry.pk)
    ann.post(path, fill(ann, path))
    assert not OpenForm.objects.exists()
    ann.get(path)
    assert sign(ann, entry, left="1").json() == {"notices": []}
    assert notices(ben.get(path)) == []


def test_sign_of_life_renews_and_tells_of_others_and_of_what_they_saved(
    ann: Client, ben: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory()
    path = address("event", "change", entry.pk)
    his = fill(ben, path)
    OpenForm.objects.update(seen_at=Now() - datetime.timedelta(minutes=15))
    assert sign(ben, entry, _opened=his["_opened"]).json() == {"notices": []}
    assert OpenForm.objects.get().seen_at > OpenForm.objects.get().opened_at
    ann.post(path, fill(ann, path, title="Ann's"))
    told = sign(ben, entry, _opened=his["_opened"]).json()["notices"]
    assert len(told) == 1
    assert told[0].startswith("ann saved something on this screen on ")
    key = entry.pk
    entry.delete()
    gone = ben.post(reverse("admin:open_forms"), {"table": "casetracker.event", "key": key})
    assert gone.json()["notices"] == ["This has been deleted. What you typed is kept when you save."]


def test_who_may_only_look_has_no_form_open(ann: Client, address: Address) -> None:
    from django.contrib.auth.models import Permission

    entry = make.EventFactory(published=True)
    reader = make.UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_event"))
    client = Client()
    client.force_login(reader)
    assert client.get(address("event", "change", entry.pk)).status_code == 200
    assert not OpenForm.objects.exists()
    assert sign(client, entry).status_code == 403


@pytest.mark.parametrize("table", ["", "casetracker.nothing", "\x00", "casetracker.openform", "auth.user"])
@pytest.mark.parametrize("key", ["", "abc", "0", "9" * 5000, "\x00", "987654"])
def test_any_sign_of_life_is_answered(editor_client: Client, table: str, key: str) -> None:
    response = editor_client.post(reverse("admin:open_forms"), {"table": table, "key": key})
    assert response.status_code in {200, 403, 404}


def test_signs_of_life_are_for_editors_and_are_sent(stranger_client: Client, editor_client: Client) -> None:
    path = reverse("admin:open_forms")
    assert stranger_client.post(path).status_code == 302
    assert editor_client.get(path).status_code == 405
