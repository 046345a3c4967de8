"""An act whose page was opened by one account is not done under the name of another that signed in meanwhile."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import factories as make
import pytest
from codes import give_app
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from casetracker import history
from casetracker.accounts import second_factor
from casetracker.admin import typed
from casetracker.dates import parse
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


def address_for_a_new_password() -> Made:
    account = make.UserFactory(username="carla", is_staff=True)
    path = reverse("admin:auth_user_link", args=[account.pk])
    return path, {}, lambda: LogEntry.objects.filter(object_id=str(account.pk)).exists()


def taking_the_second_factor_away() -> Made:
    account = make.UserFactory(username="carla", is_staff=True)
    give_app(account)
    path = reverse("admin:auth_user_second_factor", args=[account.pk])
    return path, {}, lambda: not second_factor.is_set_up(account)


ACTS = [publishing, withholding, merging, deleting, bringing_back, redacting]
OF_ACCOUNTS = [address_for_a_new_password, taking_the_second_factor_away]


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


@pytest.mark.parametrize("act", [*ACTS, *OF_ACCOUNTS])
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
    if act not in OF_ACCOUNTS:
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


def test_order_within_a_day_is_not_changed_under_the_name_of_who_signed_in_since(ann: Any) -> None:
    case = make.CaseFactory()
    one, other = (make.EventFactory(case=case, date=parse("4 April 2025")) for _ in range(2))
    page = signed_in(ann).get(reverse("admin:casetracker_case_change", args=[case.pk])).content.decode()
    form = page[page.index('<form id="order"') :]
    (mark,) = re.findall(rf'name="{typed.GIVEN_TO}" value="([^"]+)"', form[: form.index("</form>")])
    path = reverse("admin:casetracker_case_timeline", args=[case.pk, "order"])
    sent = {typed.GIVEN_TO: html.unescape(mark), "up": f"{other.pk}:{one.pk}"}

    def order() -> list[int]:
        return list(Event.objects.filter(case=case).in_order().values_list("pk", flat=True))

    ben = signed_in(make.UserFactory(username="ben", is_staff=True, is_superuser=True))
    assert ben.post(path, sent).status_code == 403
    assert order() == [one.pk, other.pk]
    assert signed_in(ann).post(path, sent).status_code == 302
    assert order() == [other.pk, one.pk]


def test_no_session_is_ended_from_a_page_of_somebody_else(ann: Any) -> None:
    clients = [signed_in(ann) for _ in range(2)]
    sent = hidden_fields(clients[0].get("/admin/account/").content.decode()) | {"end_others": "1"}
    assert sent[typed.GIVEN_TO]
    user = make.UserFactory(username="ben", is_staff=True, is_superuser=True)
    ben, elsewhere = signed_in(user), signed_in(user)
    assert ben.post("/admin/account/", sent).status_code == 403
    assert elsewhere.get("/admin/account/").status_code == 200
    clients[0].post("/admin/account/", sent)
    assert clients[1].get("/admin/account/").status_code == 302


# Forms in which nothing is done under the name of an account that is signed in already, or which have another guard.
WITHOUT_A_MARK = {
    "typed.html": "its fields are those of the form that it brings back",
    "login.html": "nobody is signed in yet",
    "base_site.html": "signs out",
    "import.html": "stops an import, which is the account's own",
    "_import_progress.html": "goes on with an import, which is the account's own",
    "signing_in/_log_out.html": "signs out",
    "signing_in/password_reset.html": "for whoever has not signed in",
    "signing_in/choose_password.html": "for whoever has not signed in",
    "signing_in/second_factor.html": "asks for a code of the account's own",
    "signing_in/recovery_codes.html": "leads on after signing in",
    "signing_in/set_up.html": "its secret lies in the session",
}


def test_every_form_that_acts_says_to_whom_it_was_given() -> None:
    folder = Path(settings.BASE_DIR) / "templates" / "admin"
    without = set()
    for path in folder.rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL):
            if typed.GIVEN_TO not in form:
                without.add(str(path.relative_to(folder)))
    assert without <= set(WITHOUT_A_MARK)
    # What is excused is there.
    assert {"login.html", "base_site.html", "signing_in/set_up.html"} <= without
