"""Whatever is sent to the desk is answered with a page, a form error, a 400 or a 404; never with a 500."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from casetracker.models import Case, Court, Event

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]

ANSWERS = {200, 302, 400, 403, 404}
HUGE = "9" * 5000
TEXTS = [
    "",
    "%00",
    "a%00b",
    "a" * 10_000,
    "+".join(["word"] * 5_000),
    "%ED%A0%80",
    "%FF%FE",
    "%C0%AF",
    "%E2%80%AEabc",
    "(((",
    "[a-",
    "a%27%20OR%201=1",
    "%26%7C!:*",
    "%22unbalanced",
    "%F0%9F%98%80",
    "the",
    "-",
    "*",
    "%5C",
    "%25",
    "_",
    "2024-02-30",
    "99999-01-01",
    "0000-01-01",
    "10%20April%202025",
    HUGE,
    "1e5",
    "%D9%A1%D9%A2",
    "%0D%0ASet-Cookie:x=1",
]
NUMBERS = ["abc", "0", "-5", "999999999", HUGE, str(10**30), "1e5", "%D9%A1", "", "1.5", "-1.-2.3", "a.b"]
CHANGELISTS = [
    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model in sorted(admin.site._registry, key=str)
]


@pytest.fixture(autouse=True)
def raise_nothing(superuser_client: Client) -> None:
    """As in production: an error is a 500, which the tests look for."""
    superuser_client.raise_request_exception = False


def answered(client: Client, path: str, query: str = "") -> Any:
    """The response to an address that is sent as it is written here."""
    response = client.get(path, QUERY_STRING=query)
    assert response.status_code in ANSWERS, (path, query[:60], response.status_code)
    return response


# What every list reads, and what none does.
OF_ANY_LIST = [
    "o",
    "p",
    "e",
    "all",
    "_popup",
    "_to_field",
    "_facets",
    "id",
    "pk",
    "id__in",
    "title__regex",
    "search",
    "date__gt",
    "case__name__regex",
    "x",
    "__",
    "a__b__c",
    "password__startswith",
]
VALUES = [*NUMBERS, "%00", "%ED%A0%80", "a" * 10_000]


PARTS = 5


def some_of(values: list[str], turn: int) -> list[str]:
    """One of the parts of the values. Turns that follow each other have, together, all of them."""
    return values[turn % PARTS :: PARTS]


def filters_of(name: str) -> tuple[list[str], list[str]]:
    """The parameters by which a list can be narrowed, and those of the same form that are refused by their name."""
    screen = next(
        screen
        for model, screen in admin.site._registry.items()
        if name.endswith(f"_{model._meta.model_name}_changelist")
    )
    read, refused = [], []
    for item in screen.list_filter:
        if isinstance(item, str):
            read += [f"{item}__exact", f"{item}__isnull"]
            refused += [f"{item}__in", item]
        elif isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
            read.append(str(item.parameter_name))
    return read, refused


def test_all_lists_are_of_one_kind() -> None:
    """So what all of them read with the same code is shared out among them: each value meets each parameter on some."""
    views: set[Any] = {type(screen).changelist_view for screen in admin.site._registry.values()}
    assert len(views) == 1
    assert len(CHANGELISTS) >= 2 * PARTS


@pytest.mark.parametrize("name", CHANGELISTS)
def test_any_search_is_answered(superuser_client: Client, name: str) -> None:
    for text in some_of(TEXTS, CHANGELISTS.index(name)):
        answered(superuser_client, reverse(name), f"q={text}")


@pytest.mark.parametrize("name", CHANGELISTS)
def test_any_page_order_and_flag_is_answered(superuser_client: Client, name: str) -> None:
    for turn, parameter in enumerate([*OF_ANY_LIST, *filters_of(name)[1]], start=CHANGELISTS.index(name)):
        for value in some_of(VALUES, turn):
            answered(superuser_client, reverse(name), f"{parameter}={value}")


@pytest.mark.parametrize("name", CHANGELISTS)
def test_any_value_of_a_filter_is_answered(superuser_client: Client, name: str) -> None:
    """Those of the fields are read with the same code in every list, and the lists share the values out."""
    for turn, parameter in enumerate(filters_of(name)[0], start=CHANGELISTS.index(name)):
        for value in some_of(VALUES, turn) if "__" in parameter else VALUES:
            answered(superuser_client, reverse(name), f"{parameter}={value}")


def test_list_that_is_asked_for_a_page_it_has_not_says_so(superuser_client: Client, address: Address) -> None:
    make.CaseFactory.create_batch(51)
    assert superuser_client.get(address("case"), {"p": 99, "e": 1}, follow=True).status_code == 200
    response = superuser_client.get(address("case"), {"p": 99}, follow=True)
    assert "asked for a page or a filter that is not there" in response.content.decode()
    assert response.redirect_chain[-1][0] == address("case")


def test_search_that_is_too_long_says_so_and_finds_nothing(superuser_client: Client, address: Address) -> None:
    make.CaseFactory(name="word " * 20)
    response = superuser_client.get(address("case"), {"q": "word " * 20})
    assert "A search has at most 12 words and 200 characters." in response.content.decode()
    assert len(response.context["cl"].result_list) == 0


@pytest.mark.parametrize("sent", ["\x00", "abc", HUGE, str(10**30), "-5", ""])
@pytest.mark.parametrize("action", ["delete_selected", "publish_selected", "nonsense", "\x00", ""])
@pytest.mark.parametrize("model", ["event", "court"])
def test_any_choice_for_an_action_is_answered(
    superuser_client: Client, address: Address, model: str, action: str, sent: str
) -> None:
    data = {"action": action, "_selected_action": [sent, sent], "index": sent, "select_across": sent}
    response = superuser_client.post(address(model), data)
    assert response.status_code in ANSWERS
    del data["index"]
    assert superuser_client.post(address(model), data).status_code in ANSWERS


def test_choice_that_is_no_row_is_left_out_in_words(superuser_client: Client, address: Address) -> None:
    draft = make.EventFactory()
    data = {"action": "publish_selected", "_selected_action": ["\x00", str(draft.pk), HUGE], "confirmed": "yes"}
    response = superuser_client.post(address("event"), data, follow=True)
    assert "What was chosen and is not in the list was left out." in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "published"


@pytest.mark.parametrize("key", [HUGE, "_00", "abc", "-1", str(10**30), "%20", "a" * 3000, "١"])
@pytest.mark.parametrize("screen", ["change", "delete", "history", "publication/publish", "publication/nonsense", ""])
@pytest.mark.parametrize("model", ["casetracker/court", "casetracker/ruling", "auth/user"])
def test_any_key_of_a_row_is_answered(superuser_client: Client, model: str, screen: str, key: str) -> None:
    path = f"/admin/{model}/{key}/{screen}/".replace("//", "/")
    response = superuser_client.get(path, follow=True)
    assert response.status_code in ANSWERS, response.status_code
    assert superuser_client.post(path, {"post": "yes", "zone": "UTC"}).status_code in ANSWERS
    assert superuser_client.get(f"{path}?_to_field=slug&_popup=1").status_code in ANSWERS
    assert superuser_client.get(f"{path}?_to_field={HUGE}").status_code in ANSWERS


@pytest.mark.parametrize("app", ["casetracker", "\x00", "nowhere"])
@pytest.mark.parametrize("model", ["treatment", "event", "nothing"])
@pytest.mark.parametrize("field", ["target", "court", "title", "nothing", ""])
def test_any_lookup_is_answered(superuser_client: Client, app: str, model: str, field: str) -> None:
    path = reverse("admin:autocomplete")
    for extra in (
        {},
        {"page": "abc"},
        {"page": "0"},
        {"page": HUGE},
        {"case": HUGE, "ruling": "abc", "term": "a" * 10_000},
    ):
        query = {"app_label": app, "model_name": model, "field_name": field, **extra}
        assert superuser_client.get(path, query).status_code in ANSWERS
    assert superuser_client.get(path).status_code in ANSWERS
    assert superuser_client.post(path).status_code in {403, 405}


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("treatment", "target"),
        ("event", "court"),
        ("docketentry", "proceeding"),
        ("treatment", "provision"),
        ("event", "case"),
        ("rulingjudge", "judge"),
    ],
)
def test_lookup_of_any_term_is_answered(superuser_client: Client, model: str, field: str) -> None:
    for term in TEXTS:
        query = f"app_label=casetracker&model_name={model}&field_name={field}&term={term}&case=1"
        answered(superuser_client, reverse("admin:autocomplete"), query)


@pytest.mark.parametrize("kind", ["0", "abc", HUGE, str(10**30), "-1"])
@pytest.mark.parametrize("key", ["0", "abc", HUGE, "_00"])
def test_redirect_to_a_public_page_that_is_not_there_is_answered(superuser_client: Client, kind: str, key: str) -> None:
    assert superuser_client.get(f"/admin/r/{kind}/{key}/").status_code in ANSWERS


# --- forms ----------------------------------------------------------------------------------------------------------

BAD = ["\x00", "a\x00b", HUGE, str(10**30), "-5", "abc", "١٢", "\u202eevil", "99999-01-01", "2024-02-30", "\ud800"]


@pytest.mark.parametrize(
    "model",
    [
        "ruling",
        "event",
        "case",
        "court",
        "proceeding",
        "transfer",
        "party",
        "source",
        "statement",
        "document",
        "correction",
        "judge",
        "user",
        "group",
    ],
)
def test_any_value_in_every_field_is_answered_by_the_form(
    superuser_client: Client, address: Address, sent_back: Fill, model: str
) -> None:
    path = address(model, "add")
    response = superuser_client.get(path)
    untouched = sent_back(response)
    names = list(response.context["adminform"].form.fields)
    for rows in response.context["inline_admin_formsets"]:
        untouched[f"{rows.formset.prefix}-TOTAL_FORMS"] = 1
        names += [f"{rows.formset.prefix}-0-{name}" for name in rows.formset.empty_form.fields]
    for bad in BAD:
        data = {
            name: value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
            for name, value in (untouched | dict.fromkeys(names, bad)).items()
        }
        with transaction.atomic():
            response = superuser_client.post(path, data)
            transaction.set_rollback(True)
        assert response.status_code in {200, 302, 400}, (bad, response.status_code)
        if response.status_code == 200:
            assert response.context["errors"], bad


def test_text_that_is_too_long_is_refused_with_its_length(
    superuser_client: Client, address: Address, fill: Fill
) -> None:
    path = address("case", "add")
    response = superuser_client.post(path, fill(superuser_client, path, name="A v. B", summary="x" * 30_000))
    assert "This has 30000 characters; the most is 20000." in response.content.decode()
    assert "x" * 30_000 in response.content.decode()


@pytest.mark.parametrize("bad", ["\x00", "a\x00b"])
def test_nul_in_a_text_is_a_form_error_and_nothing_else_is_lost(
    superuser_client: Client, address: Address, fill: Fill, bad: str
) -> None:
    path = address("event", "add")
    data = fill(superuser_client, path, title=bad, summary="Long text that took an hour", date="10 April 2025")
    response = superuser_client.post(path, data)
    assert response.status_code == 200
    assert "Null characters are not allowed." in response.content.decode()
    assert "Long text that took an hour" in response.content.decode()
    assert 'value="10 April 2025"' in response.content.decode()


@pytest.mark.parametrize("field", ["TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"])
def test_forged_counts_of_rows_are_answered(superuser_client: Client, address: Address, fill: Fill, field: str) -> None:
    dispute = make.two_court_dispute()
    path = address("ruling", "change", dispute.order.pk)
    untouched = fill(superuser_client, path)
    for bad in ("", "abc", "-5", "0", "1e5", "99999999", HUGE, str(10**30), "\x00", "١٢"):
        # Every kind of row says how many of it there are, and each is believed by itself.
        forged = {f"{prefix}-{field}": bad for prefix in ("docket_entries", "references")}
        with transaction.atomic():
            response = superuser_client.post(path, untouched | forged)
            transaction.set_rollback(True)
        assert response.status_code in {200, 302}, (bad, response.status_code)
        if response.status_code == 200:
            assert "Order to return the book" in response.content.decode(), bad
            counts = {
                rows.formset.prefix: len(rows.formset.forms) for rows in response.context["inline_admin_formsets"]
            }
            assert max(counts[prefix] for prefix in ("docket_entries", "references")) <= 200, bad


@pytest.mark.parametrize(
    "name", ["docket_entries-0-id", "ruling_judges-0-id", "references-0-id", "docket_entries-0-event"]
)
def test_forged_keys_of_rows_are_answered(superuser_client: Client, address: Address, fill: Fill, name: str) -> None:
    dispute = make.two_court_dispute()
    path = address("ruling", "change", dispute.order.pk)
    untouched = fill(superuser_client, path)
    for bad in ("", "abc", "-5", HUGE, str(10**30), "\x00", "999999"):
        with transaction.atomic():
            response = superuser_client.post(path, untouched | {name: bad})
            assert response.status_code in {200, 302}, bad
            assert dispute.order.docket_entries.count() == 1, bad
            transaction.set_rollback(True)


def test_form_without_anything_in_it_is_shown_again(superuser_client: Client, address: Address) -> None:
    for model in ("ruling", "case", "proceeding", "statement"):
        assert superuser_client.post(address(model, "add"), {}).status_code == 200


def test_form_with_too_many_fields_is_refused_in_words(superuser_client: Client, address: Address) -> None:
    response = superuser_client.post(address("ruling", "add"), {f"field-{number}": "x" for number in range(20_000)})
    assert response.status_code == 400
    assert not Event.objects.exists()


def test_title_with_line_breaks_makes_no_header(superuser_client: Client, address: Address, fill: Fill) -> None:
    case: Case = make.CaseFactory()
    path = address("event", "add")
    data = fill(superuser_client, path, case=case.pk, kind="filing", date="2025-04-10", title="a\r\nSet-Cookie: x=1")
    response = superuser_client.post(path, data)
    assert response.status_code in {200, 302}
    assert "x" not in response.cookies


def test_markup_in_names_is_escaped_everywhere(superuser_client: Client, address: Address) -> None:
    evil = "<script>alert(1)</script>"
    court: Court = make.CourtFactory(name=evil, short_name=evil)
    case = make.CaseFactory(name=evil, short_name=evil)
    entry = make.RulingFactory(case=case, court=court, title=evil)
    proceeding = make.ProceedingFactory(case=case, court=court, caption=evil)
    make.DocketNumberFactory(proceeding=proceeding, number=evil)
    make.PartyRoleFactory(proceeding=proceeding, party__name=evil)
    paths = [
        "/admin/",
        address("case"),
        address("case", "change", case.pk),
        address("ruling"),
        address("ruling", "change", entry.pk),
        address("ruling", "history", entry.pk),
        address("ruling", "delete", entry.pk),
        address("proceeding"),
        address("ruling", "publication", entry.pk, "publish"),
        f"{address('event')}?case={case.pk}",
        f"{address('ruling', 'add')}?proceeding={proceeding.pk}",
    ]
    for path in paths:
        body = superuser_client.get(path).content.decode()
        assert evil not in body, path
        assert "&lt;script&gt;alert(1)" in body, path
