"""An act whose page was opened by one account is not done under the name of another that signed in meanwhile."""

import html
import re
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.test import Client
from django.urls import reverse

from casetracker import history
from casetracker.admin import typed
from casetracker.models import Case, Event, Redaction, State

pytestmark = pytest.mark.django_db

Made = tuple[str, dict[str, Any], Callable[[], bool]]


def publishing() -> Made:
    case = make.CaseFactory()
    path = reverse("admin:casetracker_case_publication", args=[case.pk, "publish"])
    return path, {"zone": "UTC"}, lambda: Case.objects.get(pk=case.pk).state != State.DRAFT


def withholding() -> Made:
    entry = make.EventFactory()
    path = reverse("admin:casetracker_event_publication", args=[entry.pk, "withhold"])
    return path, {"reason": "Order of the court."}, lambda: Event.objects.get(pk=entry.pk).state != State.DRAFT


def merging() -> Made:
    case = make.CaseFactory()
    one, other = make.EventFactory.create_batch(2, case=case)
    path = reverse("admin:casetracker_case_timeline", args=[case.pk, "merge"])
    return f"{path}?entry={one.pk}&entry={other.pk}", {"_confirm": "1"}, lambda: Event.objects.count() != 2


def deleting() -> Made:
    entry = make.EventFactory()
    path = reverse("admin:casetracker_event_delete", args=[entry.pk])
    return path, {"post": "yes"}, lambda: not Event.objects.exists()


def bringing_back() -> Made:
    entry = make.EventFactory()
    entry.delete()
    revision = history.revisions_of(Event).objects.get(pgh_label="delete").pk
    return reverse("admin:casetracker_event_undelete", args=[revision]), {}, lambda: Event.objects.exists()


def redacting() -> Made:
    entry = make.EventFactory(withheld=True)
    path = reverse("admin:redact_row", args=["entry", entry.pk])
    return path, {"nature": "person", "authority": "Order."}, lambda: Redaction.objects.exists()


ACTS = [publishing, withholding, merging, deleting, bringing_back, redacting]


@pytest.fixture
def ann() -> Any:
    return make.UserFactory(username="ann", is_staff=True, is_superuser=True, password="a long passphrase 1")


def hidden_fields(page: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    form = page[page.index('id="content"') :]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)"(?: id="[^"]*")? value="([^"]*)"', form):
        found.setdefault(name, []).append(html.unescape(value))
    for tag in re.findall(r"<input[^>]* checked[^>]*>", form):
        name, value = (re.search(rf'{each}="([^"]*)"', tag) for each in ("name", "value"))
        if name is not None:
            found[name[1]] = [html.unescape(value[1]) if value is not None else "on"]
    return found


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("act", ACTS)
def test_act_is_refused_to_whoever_signed_in_since_and_done_for_who_opened_it(
    act: Callable[[], Made], ann: Any
) -> None:
    path, answers, is_done = act()
    page = signed_in(ann).get(path)
    sent = hidden_fields(page.content.decode()) | answers
    assert sent[typed.GIVEN_TO]
    ben = signed_in(make.UserFactory(username="ben", is_staff=True, is_superuser=True))
    response = ben.post(path.partition("?")[0], sent)
    assert response.status_code == 403
    assert not is_done()
    if act is not redacting:
        assert "Nothing was done: this page was opened by another account than ben" in response.content.decode()
    # Shown again to who typed it, nothing is done yet.
    signed_in(ann).post(path.partition("?")[0], {**sent, typed.SHOW: "1"})
    assert not is_done()
    signed_in(ann).post(path.partition("?")[0], sent)
    assert is_done()


def test_reason_of_a_withholding_comes_back_to_who_typed_it_after_signing_in(ann: Any) -> None:
    path, answers, is_done = withholding()
    sent = hidden_fields(signed_in(ann).get(path).content.decode()) | answers
    ben = signed_in(make.UserFactory(username="ben", is_staff=True, is_superuser=True))
    refused = ben.post(path, sent).content.decode()
    assert "Order of the court" not in refused
    waits = re.search(rf'name="{typed.WAITS}" value="([^"]+)"', refused)
    assert waits is not None
    sign_in = {"username": "ann", "password": "a long passphrase 1", typed.WAITS: html.unescape(waits[1])}
    back = ben.post("/admin/login/", sign_in).content.decode()
    assert "Order of the court." in back
    assert not is_done()


def test_words_to_redact_go_back_to_nobody(ann: Any) -> None:
    path = reverse("admin:redact_words")
    sent = hidden_fields(signed_in(ann).get(path).content.decode()) | {"words": "a secret name", "confirmed": "1"}
    ben = signed_in(make.UserFactory(username="ben", is_staff=True, is_superuser=True))
    for client in (ben, Client()):
        body = client.post(path, sent, follow=True).content.decode()
        assert "a secret name" not in body
        assert typed.WAITS not in body
