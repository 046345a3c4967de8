"""
Nothing that readers may not see comes out, at any address, through any filter, for anybody without the right.

Every address is asked twice for the same thing: on a site with hidden rows beside, inside and across its public ones,
and on the same site without them. Status, headers and body must be the same byte for byte. A new address, or a new
filter, fails here until it has its row.
"""

import contextlib
import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from factories import UserFactory
from leaks import hidden as secrets

from casetracker import appearances, search, windows
from casetracker.models import (
    PUBLIC_ID_ALPHABET,
    PUBLIC_ID_LENGTH,
    Case,
    Court,
    Document,
    Event,
    Judge,
    Kind,
    Level,
    Party,
    PartyKind,
    Status,
)
from casetracker.overview import OUTSIDE
from casetracker.web import urls
from casetracker.web.filters import (
    CaseFilter,
    CourtTimelineFilter,
    EntryListFilter,
    JudgeTimelineFilter,
    PartyTimelineFilter,
    RulingFilter,
    TimelineFilter,
)
from casetracker.web.views import cases, courts, entries, hearings, pages, people, printing

pytestmark = pytest.mark.django_db

Query = tuple[tuple[str, str], ...]
Request = tuple[str, Query]
NO_QUERY: Query = ()


# --- what is asked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """What can be put into an address: of public things, of hidden ones, and of none."""

    public: secrets.Public
    hidden: secrets.Hidden
    canaries: secrets.Canaries


def searches(keys: Keys) -> list[str]:
    """Any of all canaries at once; then names and numbers alone, for these are compared as a whole."""
    hidden = keys.hidden
    alone = [*hidden.names, *hidden.numbers, *(party.name for party in hidden.parties)]
    return [" OR ".join(keys.canaries.planted), "order", *alone]


def days() -> list[str]:
    return ["1871-03-14", "1871", "2025-04-05", "not a day"]


# What each parameter is asked with. Of a filter that is not here, no request can be made: the tests fail.
VALUES: dict[str, Callable[[Keys], list[str]]] = {
    "q": searches,
    "court": lambda keys: [
        keys.public.dispute.trial_court.pk, keys.public.dispute.appeals_court.pk, OUTSIDE, "nowhere",
        keys.public.former_court, *keys.hidden.courts, *keys.hidden.former_courts,
    ],
    "level": lambda keys: list(Level.values),
    "kind": lambda keys: list(Kind.values),
    "status": lambda keys: list(Status.values),
    "outcome": lambda keys: [value for value, _ in search.OUTCOME_CHOICES],
    "topic": lambda keys: [keys.public.topic.slug, "nothing", *keys.hidden.topics],
    "party_kind": lambda keys: list(PartyKind.values),
    "party": lambda keys: [
        "Smith", "zq", keys.public.dispute.plaintiff.slug, keys.public.former_party, *keys.hidden.former_parties,
        *(party.name for party in keys.hidden.parties), *(party.slug for party in keys.hidden.parties),
    ],
    "judge": lambda keys: [
        "Bench", "zq", keys.public.dispute.judge.slug, keys.public.former_judge, *keys.hidden.former_judges,
        *(judge.name for judge in keys.hidden.judges[:2]), *(judge.slug for judge in keys.hidden.judges),
    ],
    "after": lambda keys: days(),
    "before": lambda keys: days(),
    "since": lambda keys: [*days(), "2150-01-01"],
    "decided_after": lambda keys: days(),
    "decided_before": lambda keys: days(),
    "thread": lambda keys: [
        *(entry.public_id for entry in keys.public.dispute.entries), *keys.hidden.samples, "2222222222", "zq",
    ],
    "sort": lambda keys: ["name", "recent", "first", "relevance", "nothing"],
    "order": lambda keys: ["oldest", "newest", "nothing"],
}  # fmt: skip
# By number, from an end, behind and before places that nothing has, and from a letter and a year.
PAGES = [
    "1", "2", "3", "9", "last", "before~name~0~m~nothing", "after~name~0~m~nothing", "from~name~s",
    "after~newest~1999-04-05~4~0~~2222222222", "before~newest~1999-04-05~4~0~~2222222222", "from~newest~1871",
    "after~corrected~2025-04-05~0000000000000000", "from~",
]  # fmt: skip


def asked_of(form: type[Any], keys: Keys) -> list[Query]:
    """Each filter of a form with each of its values; then pairs that together would single out a hidden entry."""
    queries: list[Query] = [NO_QUERY, *(((name, value),) for name in form.base_filters for value in VALUES[name](keys))]
    names = set(form.base_filters)
    for pair in (
        (("court", keys.public.dispute.trial_court.pk), ("outcome", str(secrets.HIDDEN_OUTCOME))),
        (("court", keys.public.dispute.trial_court.pk), ("after", "2025-04-05"), ("before", "2025-04-05")),
        (("court", keys.public.dispute.trial_court.pk), ("before", "1900")),
        (("outcome", "reversed"), ("outcome", "remanded"), ("outcome", "moot")),
        (("judge", keys.public.dispute.judge.slug), ("after", "2025-04-05")),
        (("kind", "ruling"), ("before", "1900")),
        (("topic", keys.public.topic.slug), ("status", "ongoing"), ("party_kind", "private_person")),
        (
            ("topic", keys.public.topic.slug),
            ("topic", keys.hidden.topics[0]),
            ("judge", keys.public.dispute.judge.slug),
        ),
        (("court", OUTSIDE), ("after", "2025-04-05"), ("before", "2025-04-05")),
        (("sort", "recent"), ("page", "2")),
        (("sort", "first"), ("page", "2")),
        (("sort", "name"), ("q", "order")),
        (("q", "order"), ("page", "2")),
        (("sort", "recent"), ("page", "last")),
        (("sort", "recent"), ("page", "from~recent~1871")),
        (("sort", "first"), ("page", "last")),
        (("sort", "first"), ("page", "from~first~1871")),
        (("order", "oldest"), ("page", "from~oldest~1871")),
        (("order", "newest"), ("q", "order")),
    ):
        if {name for name, _ in pair} <= names | {"page"}:
            queries.append(pair)
    return queries


def paged(queries: list[Query]) -> list[Query]:
    return [*queries, *((("page", page),) for page in PAGES)]


def of_list(name: str, form: type[Any]) -> Callable[[Keys], list[Request]]:
    return lambda keys: [(reverse(name), query) for query in paged(asked_of(form, keys))]


def of_case(keys: Keys) -> list[Request]:
    public = keys.public
    own = public.dispute.case.get_absolute_url()
    shown = [entry.public_id for entry in public.dispute.entries]
    around: list[Query] = [(("around", key),) for key in (*shown, *keys.hidden.samples, "2222222222")]
    around += [(("on", day),) for day in ("1000-01-01", "2020-06-01", "2025-04-08", "2199-12-31", "soon")]
    around += [(("around", key), ("order", "newest")) for key in (*shown, *keys.hidden.samples[::4])]
    around += [((name, day),) for name in ("at", "on", "since") for day in days_of(keys)]
    slugs = [public.former_slug, public.other.slug, "nowhere", *keys.hidden.cases]
    return [
        *((own, query) for query in (*asked_of(TimelineFilter, keys), *around)),
        *((public.other.get_absolute_url(), query) for query in asked_of(TimelineFilter, keys)[::9]),
        *((reverse("case", args=[slug]), NO_QUERY) for slug in slugs),
        *((reverse("case", args=[slug]), (("order", "newest"),)) for slug in slugs[::5]),
        *((reverse("case", args=[slug]).rstrip("/"), NO_QUERY) for slug in slugs[::5]),
    ]


def days_of(keys: Keys) -> list[str]:
    """Days on which public entries lie, and those of hidden ones."""
    dates = [*(entry.date for entry in keys.public.dispute.entries), *secrets.HIDDEN_DAYS]
    return sorted({date.iso for date in dates if date is not None})


def of_standing(keys: Keys) -> list[Request]:
    """Where the rulings of the public case stand on each day, and the same page of others."""
    own = reverse("standing", args=[keys.public.dispute.case.slug])
    return [
        *((own, query) for query in (NO_QUERY, *((("on", day),) for day in days_of(keys)))),
        *(
            (reverse("standing", args=[slug]), NO_QUERY)
            for slug in (keys.public.former_slug, "nowhere", *keys.hidden.cases)
        ),
    ]


def of_print(keys: Keys) -> list[Request]:
    """The same as of the page of a case; it knows no entry around which to begin."""
    return [
        (f"{path}print/", query)
        for path, query in of_case(keys)
        if path.endswith("/") and not dict(query).get("around")
    ]


def of_entry(name: str) -> Callable[[Keys], list[Request]]:
    """Each entry, or what was said about it, under the slug of its case and under others."""
    return lambda keys: [(reverse(name, args=pair), NO_QUERY) for pair in _entries_asked_for(keys)]


def _entries_asked_for(keys: Keys) -> list[tuple[str, str]]:
    public = keys.public
    own = {entry.public_id: public.dispute.case.slug for entry in public.dispute.entries}
    found = [(slug, key) for key, slug in (*own.items(), *keys.hidden.slugs.items(), ("2222222222", "nowhere"))]
    found += [(slug, public.former_entry) for slug in (public.dispute.case.slug, "nowhere")]
    for slug in (public.dispute.case.slug, public.former_slug, "nowhere", *list(keys.hidden.cases)[::9]):
        found += [(slug, key) for key in (*own, *keys.hidden.samples)]
    return list(dict.fromkeys(found))


def of_court(keys: Keys) -> list[Request]:
    own = [keys.public.dispute.trial_court.pk, keys.public.dispute.appeals_court.pk]
    return [
        *((reverse("court", args=[key]), query) for key in own for query in paged(asked_of(CourtTimelineFilter, keys))),
        *((reverse("court", args=[key]), NO_QUERY) for key in ("nowhere", *keys.hidden.courts)),
        *((reverse("court", args=[key]), NO_QUERY) for key in (keys.public.former_court, *keys.hidden.former_courts)),
        *((reverse("court", args=[key]), (("kind", "ruling"),)) for key in keys.hidden.courts[::3]),
    ]


def of_people(name: str) -> Callable[[Keys], list[Request]]:
    def asked(keys: Keys) -> list[Request]:
        dispute = keys.public.dispute
        own = [dispute.judge.slug] if name == "judge" else [dispute.plaintiff.slug, dispute.defendant.slug]
        rest = [row.slug for row in (keys.hidden.judges if name == "judge" else keys.hidden.parties)]
        rest += [keys.public.former_judge, *keys.hidden.former_judges] if name == "judge" else []
        rest += [keys.public.former_party, *keys.hidden.former_parties] if name == "party" else []
        return [
            *((reverse(name, args=[own[0]]), query) for query in paged(asked_of(FILTER_FORMS[name], keys))),
            *((reverse(name, args=[slug]), query) for slug in own[1:] for query in paged([NO_QUERY])),
            *((reverse(name, args=[slug]), NO_QUERY) for slug in ("nobody", *rest)),
            *((reverse(name, args=[slug]), (("kind", "ruling"),)) for slug in rest[::3]),
        ]

    return asked


def of_about(keys: Keys) -> list[Request]:
    hidden: list[Query] = [(("page", reverse("case", args=[slug])),) for slug in keys.hidden.cases]
    return [(reverse("about"), query) for query in (NO_QUERY, (("page", "/cases/"),), *hidden[::4])]


def of_calendar(keys: Keys) -> list[Request]:
    """The months in which hidden entries lie, those of public ones, and what is no month."""
    soon = timezone.localdate()
    months = {f"{soon + datetime.timedelta(days=days):%Y-%m}" for days in (0, 7, 30, 60)}
    months |= {*(f"{date.iso[:7]}" for date in secrets.HIDDEN_DAYS), "2025-03", "1871-02", "2025", "2025-13", "zq"}
    return [
        (reverse("calendar"), query) for query in paged([NO_QUERY, *((("month", month),) for month in sorted(months))])
    ]


def alone(name: str, *queries: Query) -> Callable[[Keys], list[Request]]:
    return lambda keys: [(reverse(name), query) for query in (NO_QUERY, *queries)]


# One row for each named address of the public site.
MATRIX: dict[str, Callable[[Keys], list[Request]]] = {
    "home": alone("home"),
    "cases": of_list("cases", CaseFilter),
    "case": of_case,
    "standing": of_standing,
    "print": of_print,
    "entry": of_entry("entry"),
    "said": of_entry("said"),
    "courts": alone("courts"),
    "court": of_court,
    "party": of_people("party"),
    "judge": of_people("judge"),
    "suggest": lambda keys: [(reverse("suggest"), (("q", words),)) for words in ("smi", *searches(keys))],
    "rulings": of_list("rulings", RulingFilter),
    "entries": of_list("entries", EntryListFilter),
    "about": of_about,
    "calendar": of_calendar,
    "corrections": lambda keys: [(reverse("corrections"), query) for query in paged([NO_QUERY])],
    "glossary": alone("glossary"),
    "file": lambda keys: [
        (reverse("file", args=[word]), NO_QUERY)
        for word in (
            keys.public.document.uuid,
            keys.public.former_document,
            "00000000-0000-4000-8000-000000000000",
            *keys.hidden.files,
        )
    ],
    "livez": alone("livez"),
    "readyz": alone("readyz"),
    "robots": alone("robots"),
    "sitemap": alone("sitemap", (("p", "1"),), (("p", "2"),)),
    "tryout": lambda keys: [(reverse("tryout", args=["x-y"]), NO_QUERY)],
}
# Besides named addresses: what is no address at all.
ELSEWHERE = [
    ("/nothing/", NO_QUERY),
    ("/cases/nothing/nothing/", NO_QUERY),
    ("/parties/", NO_QUERY),
    ("/es/nothing/", NO_QUERY),
    ("/judges/", NO_QUERY),
]

# The pages are the same in every language, so of each row few requests are made in another.
FEW = 12


def in_spanish(keys: Keys) -> dict[str, list[Request]]:
    """Some requests of each row, from its beginning to its end, by the name of the row; for machines there are none."""
    found = {}
    for name in SPANISH:
        with translation.override("es"):
            asked = MATRIX[name.removesuffix(IN_SPANISH)](keys)
        assert all(path.startswith("/es/") for path, _ in asked)
        found[name] = asked[:: max(1, len(asked) // FEW)]
    return found


IN_SPANISH = ", in Spanish"
SPANISH = [f"{pattern.name}{IN_SPANISH}" for pattern in urls.urlpatterns]

FILTER_FORMS: dict[str, Any] = {
    "cases": CaseFilter,
    "case": TimelineFilter,
    "print": TimelineFilter,
    "rulings": RulingFilter,
    "entries": EntryListFilter,
    "court": CourtTimelineFilter,
    "judge": JudgeTimelineFilter,
    "party": PartyTimelineFilter,
}


# --- what is answered -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def text(self) -> str:
        return "\n".join([self.body, *(f"{name}: {value}" for name, value in self.headers)])


@dataclass
class Visits:
    """All answers, with hidden rows and without; of a reader, and of somebody who is signed in and has no right."""

    keys: Keys
    requests: dict[str, list[Request]]
    hidden: dict[str, dict[Request, Answer]] = field(default_factory=dict)
    bare: dict[str, dict[Request, Answer]] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    all_published: str = ""


WHO = ("stranger", "reader with an account", "staff without rights")


def visit(client: Client, request: Request) -> Answer:
    response = client.get(request[0], list(request[1]))
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name != "Content-Length"))
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.getvalue().decode())
    return Answer(response.status_code, headers, body)


@contextlib.contextmanager
def short_pages() -> Iterator[None]:
    """Lists and windows so short that hidden rows would move their borders; and room for a query with all canaries."""
    moment = timezone.localtime()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "WHOLE", 2)
        patch.setattr(windows, "SIZE", 2)
        patch.setattr(cases, "MOST_STANDINGS", 1)
        patch.setattr(search.words, "LONGEST_QUERY", 100_000)
        for form in FILTER_FORMS.values():
            patch.setitem(form.base_filters["q"].extra, "max_length", 100_000)
        for module, name in (
            (cases, "CASES_PER_PAGE"),
            (entries, "RULINGS_PER_PAGE"),
            (courts, "ENTRIES_PER_PAGE"),
            (people, "ENTRIES_PER_PAGE"),
            (appearances, "MOST_CASES"),
            (appearances, "MOST_PROCEEDINGS"),
            (appearances, "LATEST_ENTRIES"),
            (hearings, "HEARINGS_PER_PAGE"),
            (pages, "CORRECTIONS_PER_PAGE"),
        ):
            patch.setattr(module, name, 1)
        # A print tells its minute, and the round takes several.
        patch.setattr(printing, "localtime", lambda: moment)
        patch.setattr(printing, "ENTRIES_PER_PRINT", 4)
        yield


def everything(client: Client) -> str:
    """All pages of the site with all that is on them."""
    addresses = [
        *(reverse(name) for name in ("home", "cases", "courts", "rulings", "about", "sitemap")),
        *(case.get_absolute_url() for case in Case.objects.all()),
        *(entry.get_absolute_url() for entry in Event.objects.select_related("case")),
        *(row.get_absolute_url() for model in (Court, Party, Judge) for row in model._default_manager.all()),
        *(document.get_absolute_url() for document in Document.objects.filter(file__isnull=False)),
    ]
    answers = [visit(client, (address, NO_QUERY)) for address in addresses]
    assert all(answer.status == 200 for answer in answers)
    return "\n".join(answer.body for answer in answers)


@pytest.fixture(scope="module")
def visits(django_db_setup: None, django_db_blocker: Any) -> Visits:
    """The whole round, made once. Its rows are gone again when it ends."""
    with django_db_blocker.unblock(), transaction.atomic(), short_pages():
        public = secrets.build_public()
        clients = {who: Client() for who in WHO}
        clients[WHO[1]].force_login(UserFactory())
        clients[WHO[2]].force_login(UserFactory(is_staff=True))

        without = transaction.savepoint()
        canaries = secrets.Canaries()
        keys = Keys(public, secrets.hide(public, canaries), canaries)
        result = Visits(keys, {name: asked(keys) for name, asked in MATRIX.items()} | {"elsewhere": ELSEWHERE})
        result.requests |= in_spanish(keys)
        every = [request for asked in result.requests.values() for request in asked]
        few = [request for asked in result.requests.values() for request in asked[:: max(1, len(asked) // 8)]]
        for who in WHO:
            result.hidden[who] = {
                request: visit(clients[who], request) for request in (every if who == WHO[0] else few)
            }

        with_all = transaction.savepoint()
        embargoed = _embargoed()
        secrets.end_embargoes()
        result.ended = {
            row.get_absolute_url(): clients[WHO[0]].get(row.get_absolute_url()).status_code for row in embargoed
        }
        secrets.publish_everything()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(windows, "WHOLE", 1000)
            for module in (cases, entries, courts, people, appearances):
                for name in (
                    "CASES_PER_PAGE",
                    "RULINGS_PER_PAGE",
                    "ENTRIES_PER_PAGE",
                    "MOST_CASES",
                    "MOST_PROCEEDINGS",
                ):
                    patch.setattr(module, name, 1000, raising=False)
            result.all_published = everything(clients[WHO[0]])
        transaction.savepoint_rollback(with_all)

        transaction.savepoint_rollback(without)
        for who in WHO:
            result.bare[who] = {request: visit(clients[who], request) for request in result.hidden[who]}
        transaction.set_rollback(True)
    return result


def _embargoed() -> list[Case | Event]:
    rows: list[Case | Event] = [*Case.objects.filter(state="published"), *Event.objects.filter(state="published")]
    return [row for row in rows if row.is_embargoed]


def status_of_hidden(keys: Keys, request: Request) -> int | None:
    """The status of an address that names a hidden thing, where that is more than an unknown one: 410."""
    parts = request[0].removeprefix("/es").strip("/").split("/")
    if parts[0] == "documents":
        return 410 if keys.hidden.files.get(parts[1]) == 410 else None
    if parts[0] != "cases" or not request[0].endswith("/"):
        return None
    if parts[2:] in (["standing"], ["print"]):
        parts = parts[:2]
    if len(parts) in {3, 4}:
        return 410 if keys.hidden.entries.get(parts[2]) == 410 else None
    return 410 if len(parts) == 2 and keys.hidden.cases.get(parts[1]) == 410 else None


# --- the tests ------------------------------------------------------------------------------------------------------


def test_every_address_of_the_public_site_has_its_row() -> None:
    patterns = [*urls.urlpatterns, *urls.machine_patterns]
    assert [pattern.name for pattern in patterns if not pattern.name] == []
    assert {pattern.name for pattern in patterns} == set(MATRIX)


def test_every_filter_is_asked_with_values() -> None:
    for form in FILTER_FORMS.values():
        assert set(form.base_filters) <= set(VALUES)


def test_every_text_of_every_model_has_a_word_in_it_in_every_state(visits: Visits) -> None:
    """Nothing is left out: a new model, or a new text in one, fails here until something of it is hidden."""
    planted: dict[str, set[str]] = {}
    for where in visits.keys.canaries.planted.values():
        column, _, row = where.partition(" of ")
        planted.setdefault(column, set()).add(row)
    wanted = {
        f"{model._meta.label}.{column.name}" for model in secrets.our_models() for column in secrets.text_fields(model)
    }
    assert wanted - set(planted) == set(secrets.NOT_PLANTED)
    of_entries = [
        "Event.title", "Event.summary", "Event.holding", "DocketEntry.text", "Statement.quote", "Source.title",
        "Treatment.note", "Provision.text", "Document.title", "Correction.text", "RulingCitation.text",
        "Reference.pinpoint",
    ]  # fmt: skip
    for state in secrets.HIDDEN_STATES:
        for name in of_entries:
            assert {f"a case that is {state}", f"an entry that is {state}"} <= planted[f"casetracker.{name}"]
        for name in ("Case.name", "Party.name", "PartyRole.note", "Attorney.name", "Topic.name", "Transfer.note"):
            assert f"a case that is {state}" in planted[f"casetracker.{name}"]


# Texts that no public page shows in any state, and why.
NEVER_SHOWN = {
    "casetracker.Case.state_reason": "private",
    "casetracker.Event.state_reason": "private",
    "casetracker.Court.place": "not shown yet",
    "casetracker.DocketEntry.text": "the docket's own words; ours are the title and the summary",
    "casetracker.Document.number": "not shown yet",
    "casetracker.Document.text": "for search only",
    "casetracker.FormerSlug.slug": "it leads to the present one",
    "casetracker.FormerAttorney.name": "for imports alone",
    "casetracker.FormerAttorney.firm": "for imports alone",
    "casetracker.FormerParty.slug": "it leads to the present one",
    "casetracker.FormerCourt.identifier": "it leads to the present one",
    "casetracker.FormerJudge.slug": "it leads to the present one",
    "casetracker.NotTheSame.note": "for the desk alone",
}


def _columns(words: Iterable[str], visits: Visits) -> set[str]:
    return {visits.keys.canaries.planted[word].partition(" of ")[0] for word in words}


def test_every_word_is_there_to_leak(visits: Visits) -> None:
    """Once everything is published, each text shows somewhere, but for those that no page shows at all."""
    planted = visits.keys.canaries.planted
    shown = [word for word in planted if word in visits.all_published]
    assert _columns(planted, visits) - _columns(shown, visits) == set(NEVER_SHOWN)
    # Of everything that is shown at all, in all states.
    for state in secrets.HIDDEN_STATES:
        for where in (f"a case that is {state}", f"an entry that is {state}"):
            here = [word for word, row in planted.items() if row.endswith(f" of {where}")]
            there = [word for word in here if word in shown]
            assert _columns(here, visits) - _columns(there, visits) <= set(NEVER_SHOWN), where


def test_an_embargo_ends_by_the_clock(visits: Visits) -> None:
    assert len(visits.ended) >= 2
    assert set(visits.ended.values()) == {200}


@pytest.mark.parametrize("name", [*MATRIX, *SPANISH, "elsewhere"])
@pytest.mark.parametrize("who", WHO)
def test_hidden_rows_change_no_byte_of_any_answer(visits: Visits, who: str, name: str) -> None:
    compared = 0
    for request in visits.requests[name]:
        if request not in visits.hidden[who]:
            continue
        answer, bare = visits.hidden[who][request], visits.bare[who][request]
        gone = status_of_hidden(visits.keys, request)
        if gone is not None:
            assert (answer.status, bare.status) == (gone, 404), request
            continue
        assert answer.status == bare.status, request
        assert answer.headers == bare.headers, request
        assert answer.body == bare.body, request
        compared += 1
    assert compared


_WORDS = re.compile(rf"zq[a-z]{{3}}qz|\b[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}\b")


@pytest.mark.parametrize("who", WHO)
def test_no_word_of_a_hidden_row_comes_out(visits: Visits, who: str) -> None:
    """Of the words that were not in the question itself."""
    found = 0
    for request, answer in visits.hidden[who].items():
        question = " ".join([request[0], *(value for _, value in request[1])])
        leaked = {
            visits.keys.canaries.planted[word]
            for word in _WORDS.findall(answer.text)
            if word in visits.keys.canaries.planted and word not in question
        }
        assert not leaked, request
        found += len(_WORDS.findall(answer.text))
    # The pages do hold words of that form: identifiers of public entries.
    assert found


def test_a_question_about_a_hidden_thing_is_answered_as_one_about_nothing(visits: Visits) -> None:
    """But for the words of the question itself."""
    answers = visits.hidden[WHO[0]]
    for name, unknown, keys in (
        ("court", "nowhere", visits.keys.hidden.courts),
        ("topic", "nothing", visits.keys.hidden.topics),
    ):
        path = reverse("cases")
        wanted = answers[path, ((name, unknown),)].body
        for key in keys:
            assert answers[path, ((name, key),)].body.replace(key, unknown) == wanted


def test_what_is_gone_says_so_and_nothing_else(visits: Visits) -> None:
    gone = {request: answer for request, answer in visits.hidden[WHO[0]].items() if answer.status == 410}
    english = [answer for request, answer in gone.items() if not request[0].startswith("/es/")]
    spanish = [answer for request, answer in gone.items() if request[0].startswith("/es/")]
    for answers, least, said in ((english, 20, "This has been taken down"), (spanish, 2, "Esto se ha retirado")):
        assert len(answers) > least
        assert len({answer.body for answer in answers}) == 1
        assert "zq" not in answers[0].text
        assert said in answers[0].body


def test_of_what_was_never_public_nothing_is_gone(visits: Visits) -> None:
    for request, answer in visits.hidden[WHO[0]].items():
        if answer.status == 410:
            assert status_of_hidden(visits.keys, request) == 410, request


def test_the_public_site_is_there_to_be_compared(visits: Visits) -> None:
    """The pages that are compared show what is public; an empty site would pass every comparison."""
    answers = visits.hidden[WHO[0]]
    dispute = visits.keys.public.dispute
    for path, words in (
        (reverse("home"), "Opinion on appeal"),
        (reverse("cases"), "1 case"),
        (dispute.case.get_absolute_url(), "Motion for the return of the book"),
        (f"{dispute.case.get_absolute_url()}print/", "Motion for the return of the book"),
        (dispute.order.get_absolute_url(), "Order to return the book"),
        (reverse("courts"), dispute.trial_court.name),
        (dispute.trial_court.get_absolute_url(), "8 entries"),
        (dispute.plaintiff.get_absolute_url(), "Jo Smith"),
        (dispute.judge.get_absolute_url(), dispute.judge.name),
        (reverse("rulings"), "5 rulings"),
        (reverse("sitemap"), dispute.order.public_id),
        (visits.keys.public.document.get_absolute_url(), "The text of file"),
    ):
        answer = answers[path, NO_QUERY]
        assert answer.status == 200, path
        if path != reverse("cases"):
            assert words in answer.body, path
    for owner, asked, counted in (
        (dispute.trial_court, ("kind", "filing"), "2 of 8 entries"),
        (dispute.plaintiff, ("kind", "hearing"), "1 of 5 entries"),
        (dispute.judge, ("outcome", "granted"), "1 of 1 rulings"),
    ):
        assert counted in answers[owner.get_absolute_url(), (asked,)].body
    statuses = {answer.status for answer in answers.values()}
    assert statuses == {200, 301, 400, 404, 410}
