"""
What others keep hidden does not come out at the desk either, to whoever is bound to what they made: a contributor.

Every address behind /admin/ is taken from the resolver and asked, as a contributor with work of their own, for hidden
rows, for public ones that hidden ones hang on, and for their own. No word that stands in a hidden row alone may be in
an answer. Asked as a chief editor the same addresses do show those words, so that there is something to leak.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import factories as make
import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import ForeignKey, ManyToManyField, Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from leaks import hidden as secrets

from casetracker import history, quality
from casetracker.admin.timeline_acts import ORDER, SCREENS
from casetracker.models import Case, Court, Document, Event, Import, Party, Proceeding
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR

pytestmark = pytest.mark.django_db

# So many rows of each model are asked for by themselves.
MOST_ROWS = 3
_WORDS = re.compile(r"zq[a-z]{3}qz")

Request = tuple[str, dict[str, Any] | None]


def _names() -> Iterator[str]:
    """The names of all addresses behind /admin/ that are the desk's own, and of those that public views draw there."""
    found: list[Any] = [item for item in get_resolver().url_patterns if str(item.pattern).startswith("admin/")]
    while found:
        item = found.pop()
        if isinstance(item, URLResolver):
            found += item.url_patterns
        elif isinstance(item, URLPattern) and item.name:
            yield item.name


@dataclass
class Desk:
    """The site with hidden rows in it, as one contributor has it."""

    canaries: secrets.Canaries
    own_case: Case
    own_entry: Event
    of_import: Import
    gone: dict[str, int] = field(default_factory=dict)  # revisions of deleted rows, by the model's name


def build() -> tuple[Desk, Client, Client]:
    public = secrets.build_public()
    canaries = secrets.Canaries()
    hidden = secrets.hide(public, canaries)
    contributor = make.in_role(CONTRIBUTOR)
    own_case = make.CaseFactory(name="Own v. Case", created_by=contributor)
    own_entry = make.RulingFactory(case=own_case, created_by=contributor)
    make.EventFactory(case=public.dispute.case, created_by=contributor)
    make.ProceedingFactory(case=own_case)
    # Across the border: what is theirs, and leads to what is hidden.
    hidden_entry = Event.objects.get(public_id=hidden.samples[0])
    hidden_ruling = Event.objects.filter(public_id__in=hidden.entries, kind="ruling").first()
    make.StatementFactory(event=own_entry, said_at=hidden_entry)
    make.TreatmentFactory(act=own_entry, target=public.dispute.order, until_event=hidden_entry)
    make.ResponseFactory(event=own_entry, responds_to=hidden_entry)
    own_case.related.add(hidden_entry.case)
    # Where each state came from: an entry of another in the contributor's own case, that is withheld.
    for state in ("withheld", "embargoed"):
        row = make.EventFactory(
            **canaries.texts(Event, f"another's entry in an own case, {state}", "state_reason", "holding", "vote"),
            case=own_case,
        )
        secrets.STATES[state](row)
    imported = make.ImportFactory(court=canaries.word("casetracker.Import.court of another's import"))
    desk = Desk(canaries, own_case, own_entry, imported)
    for row in (
        make.StatementFactory(event=hidden_ruling, speaker=canaries.word("casetracker.Statement.speaker, deleted")),
        make.EventFactory(title=canaries.word("casetracker.Event.title, deleted")),
        make.CaseFactory(name=canaries.word("casetracker.Case.name, deleted")),
    ):
        model, key = type(row), row.pk
        row.delete()
        revisions = history.revisions_of(model).objects.filter(pgh_obj_id=key, pgh_label="delete")
        desk.gone[str(model._meta.model_name)] = revisions.get().pk
    clients = Client(), Client()
    clients[0].force_login(contributor)
    clients[1].force_login(make.in_role(CHIEF_EDITOR))
    return desk, *clients


# --- what is asked --------------------------------------------------------------------------------------------------


def some(rows: Iterable[Any]) -> list[Any]:
    """A few from the beginning to the end: the hidden states stand one behind the other."""
    found = list(rows)
    return found[:: max(1, len(found) // MOST_ROWS)]


def rows_of(model: type[Model]) -> list[Any]:
    return some(model._default_manager.order_by("pk"))


def screens(desk: Desk, model: Any) -> Iterator[tuple[str, list[Request]]]:
    """The requests of each address of a model's screens, by its name."""
    prefix = f"{model._meta.app_label}_{model._meta.model_name}"
    base = f"admin:{prefix}"
    rows = rows_of(model)
    words = [word for word, where in desk.canaries.planted.items() if where.startswith(f"{model._meta.label}.")]
    if issubclass(model, Event):
        words = [word for word, where in desk.canaries.planted.items() if where.startswith("casetracker.Event.")]
    path = reverse(f"{base}_changelist")
    lists: list[Request] = [(path, {}), (path, {"all": ""})]
    lists += [(path, {"q": word}) for word in some(words)]
    lists += [(path, {"case": case.pk}) for case in rows_of(Case)]
    lists += [(path, {"topic": "x"}), (path, {"court": "x"}), (path, {"o": "1"})]
    yield f"{prefix}_changelist", lists
    presets = {
        each.name: [str(row.pk) for row in rows_of(each.related_model)]
        for each in [*model._meta.fields, *model._meta.many_to_many]
        if isinstance(each, ForeignKey | ManyToManyField) and each.editable
    }
    path = reverse(f"{base}_add")
    more = {"proceeding": rows_of(Proceeding), "treats": rows_of(Event), "responds_to": rows_of(Event)}
    presets |= {name: [str(row.pk) for row in keys] for name, keys in more.items()}
    adds: list[Request] = [(path, {})]
    adds += [(path, {name: key}) for name, keys in presets.items() for key in keys]
    yield f"{prefix}_add", adds
    for screen in ("change", "delete", "history"):
        yield f"{prefix}_{screen}", [(reverse(f"{base}_{screen}", args=[quote(row.pk)]), {}) for row in rows]
    revision = desk.gone.get(str(model._meta.model_name), 1)
    yield f"{prefix}_deleted", [(reverse(f"{base}_deleted"), {})]
    yield f"{prefix}_undelete", [(reverse(f"{base}_undelete", args=[revision]), {})]
    if issubclass(model, Case | Event):
        acts = ["review", "publish", "draft", "lift", "withhold", "withdraw"]
        yield (
            f"{prefix}_publication",
            [(reverse(f"{base}_publication", args=[row.pk, act]), {}) for row in rows for act in acts],
        )
    if model is Case:
        entries = [str(entry.pk) for entry in Event.objects.filter(case=desk.own_case)]
        yield (
            f"{prefix}_timeline",
            [
                *((reverse(f"{base}_timeline", args=[row.pk, act]), {}) for row in rows for act in (*SCREENS, ORDER)),
                *(
                    (reverse(f"{base}_timeline", args=[desk.own_case.pk, act]), {"entry": entries})
                    for act in (*SCREENS, ORDER)
                ),
            ],
        )


def lookups(desk: Desk) -> Iterator[Request]:
    """Every look-up of every form, for everything and for words of what is hidden."""
    words = list(desk.canaries.planted)
    for model in admin.site._registry:
        if model._meta.app_label != "casetracker":
            continue
        for each in [*model._meta.fields, *model._meta.many_to_many]:
            related = each.related_model
            if not isinstance(each, ForeignKey | ManyToManyField) or related not in admin.site._registry:
                continue
            asked = {"app_label": "casetracker", "model_name": model._meta.model_name, "field_name": each.name}
            mine = [word for word in words if desk.canaries.planted[word].startswith(related._meta.label)]
            for page in ("1", "2"):
                yield reverse("admin:autocomplete"), {**asked, "term": "", "page": page}
            for word in some(mine)[:2]:
                yield reverse("admin:autocomplete"), {**asked, "term": word}


def single(desk: Desk) -> Iterator[tuple[str, list[Request]]]:
    yield "autocomplete", list(lookups(desk))
    yield "index", [(reverse("admin:index"), {})]
    yield "app_list", [(reverse("admin:app_list", args=["casetracker"]), {})]
    cases: list[Any] = [None, desk.own_case, *rows_of(Case)]
    yield "quality", [(reverse("admin:quality"), {"case": case.pk} if case else {}) for case in cases]
    yield (
        "quality_list",
        [
            (reverse("admin:quality_list", args=[name]), {"case": case.pk} if case else {})
            for name in (*quality.BY_NAME, "parties")
            for case in cases[:4]
        ],
    )
    yield "redactions", [(reverse("admin:redactions"), {})]
    yield "redact_words", [(reverse("admin:redact_words"), {})]
    yield "redact_row", [(reverse("admin:redact_row", args=["entry", row.pk]), {}) for row in rows_of(Event)]
    yield "told_apart", [(reverse("admin:told_apart"), {})]
    yield (
        "joining",
        [
            (reverse("admin:joining", args=[kind]), {"row": [row.pk for row in rows]})
            for kind, model in (("party", Party), ("court", Court), ("case", Case))
            for rows in (rows_of(model)[:1], rows_of(model)[:2], rows_of(model)[1:3])
        ],
    )
    yield "imports", [(reverse("admin:imports"), {"case": case.pk} if case else {}) for case in cases]
    yield "import", [(reverse("admin:import", args=[desk.of_import.pk]), {})]
    yield (
        "view_on_site",
        [
            (reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(model).pk, row.pk]), {})
            for model in (Case, Event)
            for row in rows_of(model)
        ],
    )
    yield "preview_case", [(reverse("preview_case", args=[row.pk]), {}) for row in [desk.own_case, *rows_of(Case)]]
    yield "preview_entry", [(reverse("preview_entry", args=[row.pk]), {}) for row in [desk.own_entry, *rows_of(Event)]]
    yield "desk_file", [(reverse("desk_file", args=[row.pk]), {}) for row in rows_of(Document)]


# Addresses that tell of no case and no entry.
OF_NOTHING = {
    "login", "logout", "password_change", "password_change_done", "jsi18n", "handbook", "account", "recovery_codes",
    "second_factor", "second_factor_setup", "password_reset", "password_reset_sent", "password_reset_choose",
    "invitation",
}  # fmt: skip
# Asked by a POST alone; see below.
BY_POST = {"open_forms"}


def everything(desk: Desk) -> dict[str, list[Request]]:
    found = dict(single(desk))
    for model in admin.site._registry:
        if model._meta.app_label == "casetracker":
            found |= dict(screens(desk, model))
    return found


# --- what is answered -----------------------------------------------------------------------------------------------


@dataclass
class Round:
    desk: Desk
    requests: dict[str, list[Request]]
    told: dict[str, list[tuple[Request, int, str]]]
    told_to_chief: str
    posted: list[tuple[str, int, str]]


def ask(client: Client, request: Request) -> tuple[Request, int, str]:
    # What the answer before had to tell repeats the words of that question.
    client.cookies.pop("messages", None)
    response = client.get(request[0], request[1])
    body = response.getvalue().decode(errors="replace")
    return request, response.status_code, f"{body}\n{response.headers}"


def posts(desk: Desk, client: Client) -> Iterator[tuple[str, int, str]]:
    """What forms say that are sent with keys, words and files of hidden rows."""

    def post(path: str, data: dict[str, Any]) -> tuple[str, int, str]:
        client.cookies.pop("messages", None)
        response = client.post(path, data, follow=True)
        return f"{path} {data}", response.status_code, response.getvalue().decode(errors="replace")

    for row in rows_of(Event):
        yield post(reverse("admin:open_forms"), {"table": "casetracker.event", "key": row.pk})
        yield post(reverse("admin:casetracker_statement_add"), {"event": row.pk, "speaker": "A", "quote": "B"})
        yield post(reverse("admin:casetracker_event_change", args=[row.pk]), {"title": "x"})
        yield post(reverse("admin:casetracker_event_delete", args=[row.pk]), {"post": "yes"})
    for case in rows_of(Case):
        yield post(reverse("admin:casetracker_case_add"), {"name": "A v. B", "slug": case.slug})
        yield post(reverse("admin:casetracker_event_add"), {"case": case.pk, "title": "x", "date": "2025-04-05"})
        yield post(reverse("admin:imports"), {"case": case.pk, "text": "x"})
    for document in some(Document.objects.filter(file__isnull=False).order_by("pk")):
        stored: Any = document.file
        upload = SimpleUploadedFile("x.pdf", bytes(stored.content))
        data = {"event": desk.own_entry.pk, "title": "Mine", "upload": upload}
        yield post(reverse("admin:casetracker_document_add"), data)
    proceeding = Proceeding.objects.filter(case=desk.own_case).first()
    assert proceeding is not None
    data = {
        "docket_line": "04/10/2025 21 ORDER granting 1 Motion. Signed by Judge Zq on 4/10/2025.",
        "_read_docket_line": "1", "docket_entries-TOTAL_FORMS": "1", "docket_entries-INITIAL_FORMS": "0",
        "docket_entries-0-proceeding": str(proceeding.pk),
    }  # fmt: skip
    yield post(reverse("admin:casetracker_ruling_add"), data)


@pytest.fixture(scope="module")
def visits(django_db_setup: None, django_db_blocker: Any) -> Round:
    with django_db_blocker.unblock(), transaction.atomic():
        desk, contributor, chief = build()
        requests = everything(desk)
        told = {name: [ask(contributor, request) for request in asked] for name, asked in requests.items()}
        lists = [name for name in requests if name.endswith(("_changelist", "_change"))]
        to_chief = "\n".join(ask(chief, request)[2] for name in lists for request in requests[name])
        posted = list(posts(desk, contributor))
        transaction.set_rollback(True)
    return Round(desk, requests, told, to_chief, posted)


def leaked(canaries: secrets.Canaries, question: str, answer: str) -> set[str]:
    return {
        canaries.planted[word] for word in _WORDS.findall(answer) if word in canaries.planted and word not in question
    }


# --- the tests ------------------------------------------------------------------------------------------------------


def test_every_address_of_the_desk_has_its_row(visits: Round) -> None:
    of_accounts = {name for name in _names() if name.startswith("auth_")}
    assert set(_names()) - OF_NOTHING - BY_POST - of_accounts == set(visits.requests)


def test_no_word_of_a_hidden_row_comes_out_to_a_contributor(visits: Round) -> None:
    found: dict[str, dict[str, list[str]]] = {}
    for name, answers in visits.told.items():
        for request, _status, text in answers:
            words = leaked(visits.desk.canaries, str(request), text)
            if words:
                found.setdefault(name, {})[str(request)] = sorted(words)[:5]
    assert found == {}


def test_no_form_answers_with_a_word_of_a_hidden_row(visits: Round) -> None:
    found = {
        question: sorted(words)[:5]
        for question, _status, text in visits.posted
        if (words := leaked(visits.desk.canaries, question, text))
    }
    assert found == {}


def test_nothing_that_is_asked_ends_in_an_error(visits: Round) -> None:
    failed = [
        (str(request), status) for answers in visits.told.values() for request, status, _ in answers if status >= 500
    ]
    failed += [(question, status) for question, status, _ in visits.posted if status >= 500]
    assert failed == []


def test_the_words_are_there_to_leak(visits: Round) -> None:
    shown = set(_WORDS.findall(visits.told_to_chief)) & set(visits.desk.canaries.planted)
    tables = {visits.desk.canaries.planted[word].partition(" of ")[0].rpartition(".")[0] for word in shown}
    assert {
        "casetracker.Case", "casetracker.Event", "casetracker.Party", "casetracker.Proceeding", "casetracker.Source",
        "casetracker.Statement", "casetracker.Document", "casetracker.Correction", "casetracker.Judge",
    } <= tables  # fmt: skip
    assert len(shown) > 200


def test_a_contributor_sees_what_is_public_and_what_is_theirs(visits: Round) -> None:
    _request, _status, cases = visits.told["casetracker_case_changelist"][0]
    assert "Own v. Case" in cases
    assert "Roe v. Doe" in cases
