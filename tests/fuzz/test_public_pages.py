"""
Whatever is asked of a public page is answered with a page: what was asked for, what could not be read, or a refusal.

The client goes through every middleware and does not raise what a view raises, so an error of ours is a 500 as readers
would see it.
"""

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from factories import Dispute, PartyFactory, TopicFactory, two_court_dispute
from fuzz.hostile import QUERIES, VALUES, answered, assert_answered, assert_sent_is_answered, escaped, is_styled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casetracker.models import PUBLIC_ID_ALPHABET, Level, Outcome
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    client.raise_request_exception = False
    return client


@pytest.fixture(scope="module")
def site(rows_of_module: None) -> Dispute:
    """Enough for each page to have something to narrow. Nothing that is asked here changes any of it."""
    dispute = two_court_dispute()
    dispute.case.topics.add(TopicFactory(slug="loans"))
    PartyFactory(name="Nobody's party")
    return dispute


# For each named address how to make one, and the parameters that it reads.
ADDRESSES: dict[str, tuple[Any, set[str]]] = {
    "home": (lambda site: [], set()),
    "cases": (lambda site: [], {*CaseFilter.base_filters, "page"}),
    "case": (lambda site: [site.case.slug], {*TimelineFilter.base_filters, "around", "at", "on"}),
    "standing": (lambda site: [site.case.slug], {"on"}),
    "print": (lambda site: [site.case.slug], {*TimelineFilter.base_filters, "on"}),
    "entry": (lambda site: [site.case.slug, site.order.public_id], set()),
    "said": (lambda site: [site.case.slug, site.appeal_order.public_id], set()),
    "courts": (lambda site: [], set()),
    "court": (lambda site: [site.trial_court.pk], {*CourtTimelineFilter.base_filters, "page"}),
    "party": (lambda site: [site.plaintiff.slug], {*PartyTimelineFilter.base_filters, "page"}),
    "judge": (lambda site: [site.judge.slug], {*JudgeTimelineFilter.base_filters, "page"}),
    "suggest": (lambda site: [], {"q"}),
    "rulings": (lambda site: [], {*RulingFilter.base_filters, "page"}),
    "entries": (lambda site: [], {*EntryListFilter.base_filters, "page"}),
    "calendar": (lambda site: [], {"month", "page"}),
    "about": (lambda site: [], {"page"}),
    "corrections": (lambda site: [], {"page"}),
    "glossary": (lambda site: [], set()),
    "file": (lambda site: ["00000000-0000-4000-8000-000000000000"], set()),
    "livez": (lambda site: [], set()),
    "readyz": (lambda site: [], set()),
    "robots": (lambda site: [], set()),
    "sitemap": (lambda site: [], {"p"}),
    "tryout": (lambda site: ["x-y"], set()),
}
WITH_PARAMETERS = sorted(name for name, (_, parameters) in ADDRESSES.items() if parameters)


# In another language a page reads the same parameters with the same code; what it says of them differs.
# Suggestions are a piece of a page, which names no language.
IN_SPANISH = sorted({str(pattern.name) for pattern in urls.urlpatterns} & set(WITH_PARAMETERS) - {"suggest"})


def path_of(name: str, site: Dispute) -> str:
    return reverse(name, args=ADDRESSES[name][0](site))


def spanish_path_of(name: str, site: Dispute) -> str:
    with translation.override("es"):
        return path_of(name, site)


def test_every_address_is_tried() -> None:
    assert {pattern.name for pattern in [*urls.urlpatterns, *urls.machine_patterns]} == set(ADDRESSES)


# --- parameters -----------------------------------------------------------------------------------------------------


# One for each way in which a value is read: as words, as a date, as a number, as one of several.
TELLING = [
    "NUL",
    "line breaks",
    "year 99999",
    "day that is not",
    "huge integer",
    "broken tsquery",
    "emoji",
    "lone bytes",
    "right to left override",
    "10,000 characters",
    "only stop words",
    "Arabic digits",
]


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_any_value_of_all_parameters_at_once_is_answered(reader: Client, site: Dispute, name: str) -> None:
    for value in VALUES.values():
        assert_answered(
            reader, path_of(name, site), "&".join(f"{parameter}={value}" for parameter in ADDRESSES[name][1])
        )


@pytest.mark.parametrize("name", IN_SPANISH)
def test_any_value_is_answered_in_spanish_too(reader: Client, site: Dispute, name: str) -> None:
    path = spanish_path_of(name, site)
    assert path.startswith("/es/")
    for key in TELLING:
        query = "&".join(f"{parameter}={VALUES[key]}" for parameter in ADDRESSES[name][1])
        response = assert_answered(reader, path, query)
        assert b'<html lang="es">' in response.content


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_any_value_of_each_parameter_alone_is_answered(reader: Client, site: Dispute, name: str) -> None:
    """Pages that have a parameter in common read it with the same code, so they share the values out among them."""
    for parameter in sorted(ADDRESSES[name][1]):
        pages = [other for other in WITH_PARAMETERS if parameter in ADDRESSES[other][1]]
        parts = min(3, len(pages))
        for key in TELLING[pages.index(name) % parts :: parts]:
            assert_answered(reader, path_of(name, site), f"{parameter}={VALUES[key]}")


@pytest.mark.parametrize("name", ADDRESSES)
def test_any_query_string_is_answered(reader: Client, site: Dispute, name: str) -> None:
    for query in QUERIES.values():
        assert_answered(reader, path_of(name, site), query)


@pytest.mark.parametrize(
    "name", ["cases", "rulings", "entries", "case", "print", "court", "party", "judge", "calendar"]
)
def test_too_many_parameters_are_refused_in_words(reader: Client, site: Dispute, name: str) -> None:
    for query in (QUERIES["1,200 parameters"], QUERIES["1,200 times one parameter"]):
        response = assert_answered(reader, path_of(name, site), query)
        assert response.status_code == 400
        assert is_styled(response).heading == "This request could not be understood"


NO_TEXT = [
    "NUL",
    "NUL inside a word",
    "lone surrogate",
    "lone bytes",
    "overlong slash",
    "overlong NUL",
    "cut short",
    "past Unicode",
]


@pytest.mark.parametrize("key", NO_TEXT)
@pytest.mark.parametrize("name", ADDRESSES)
def test_what_is_no_text_is_refused_everywhere(reader: Client, site: Dispute, name: str, key: str) -> None:
    assert assert_answered(reader, path_of(name, site), f"anything={VALUES[key]}").status_code == 400


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("day that is not", "February 2024 has 29 days"),
        ("year 0", "1000 to 2199"),
        ("year 10000", "1000 to 2199"),
        ("year 99999", "1000 to 2199"),
        ("year 9999", "1000 to 2199"),
        ("year 1", "1000 to 2199"),
        ("ambiguous date", "can be first"),
        ("moment with a zone", "without the time"),
        ("abc", "not a date"),
        ("Arabic digits", "U+0661"),
    ],
)
@pytest.mark.parametrize("name", ["cases", "rulings", "case", "court", "party", "judge"])
def test_a_date_that_cannot_be_is_told_in_words(reader: Client, site: Dispute, name: str, key: str, word: str) -> None:
    for parameter in ("after", "before"):
        page = is_styled(assert_answered(reader, path_of(name, site), f"{parameter}={VALUES[key]}"))
        (error,) = page.field_errors(f"id_{parameter}")
        assert word in error or "year" in error, error


# --- paths ----------------------------------------------------------------------------------------------------------

PLACES = [
    "/{}",
    "/{}/",
    "/cases/{}/",
    "/cases/{}",
    "/cases/{}/2222222222/",
    "/cases/a/{}/",
    "/cases/{}/print/",
    "/cases/a/2222222222/{}/",
    "/courts/{}/",
    "/parties/{}/",
    "/judges/{}/",
    "/es/{}",
    "/es/cases/{}/",
    "/{}/cases/",
    "/try-out/{}/",
    "/static/{}",
    "/admin/{}",
]


@pytest.mark.parametrize("place", PLACES)
def test_any_path_is_answered_and_nothing_is_found(reader: Client, site: Dispute, place: str) -> None:
    for value in VALUES.values():
        response = assert_answered(reader, place.format(escaped(value)))
        if value and place not in {"/{}", "/es/{}", "/{}/cases/"}:
            assert response.status_code in {301, 302, 400, 404}, value[:60]


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/cases/",
        "///evil.example",
        "/\\evil.example",
        "/cases//",
        "/cases/../admin/",
        "/cases/%2e%2e/%2e%2e/",
        "/cases/a/../../",
        "/CASES/",
        "//es/",
        "/es//evil.example/",
        "/es/../admin/",
        "/cases/?/",
        "/.git/config",
    ],
)
def test_a_crooked_path_leads_nowhere_else(reader: Client, site: Dispute, path: str) -> None:
    response = assert_answered(reader, path)
    assert not response.headers.get("Location", "").startswith(("//", "http", "/\\"))


# --- heads of requests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "[::1",
        "",
        "a" * 5000,
        "тест",
        "testserver, evil.example",
        "testserver/x",
        "user@testserver",
    ],
)
@pytest.mark.parametrize("name", ["home", "cases", "case", "sitemap", "robots"])
def test_an_unknown_host_is_refused_with_a_page(reader: Client, site: Dispute, name: str, host: str) -> None:
    response = assert_answered(reader, path_of(name, site), HTTP_HOST=host)
    assert response.status_code == 400
    assert b"evil" not in response.content


HEADERS = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https, http",
    "X-Forwarded-For": "1.2.3.4, " * 500,
    "X-Original-URL": "/admin/",
    "X-HTTP-Method-Override": "DELETE",
    "If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT",
    "If-None-Match": '"' * 1000,
    "Range": "bytes=99999999999999999999-0,0-0",
    "Accept-Language": "x" * 5000,
    "Accept-Encoding": "br;q=9e999, *;q=-1, identity",
    "Accept": "\x7f",
    "Referer": "http://[::1",
    "Origin": "null",
    "User-Agent": "${jndi:ldap://evil.example}",
    "Cookie": "a=b; sessionid=\xff; =; csrftoken=" + "x" * 5000,
    "Content-Type": "application/json; charset=no-such-charset",
    "Content-Length": "-1",
}


@pytest.mark.parametrize("header", HEADERS)
def test_any_header_is_answered_and_changes_nothing_to_be_trusted(reader: Client, site: Dispute, header: str) -> None:
    for name in ("home", "cases", "case"):
        key = header.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        response = assert_answered(reader, path_of(name, site), **{key: HEADERS[header]})
        assert response.status_code == 200
        assert b"evil.example" not in response.content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_any_method_and_body_is_refused_with_a_page(reader: Client, site: Dispute, method: str) -> None:
    bodies = [b"", b"\x00", b"null", b"[]", b'"\xed\xa0\x80"', b"[" * 100_000, b"a=" + b"b" * 100_000, b"\xff\xfe"]
    for name in ADDRESSES:
        if name == "tryout":
            continue
        for body in bodies[:2] if name not in {"cases", "case"} else bodies:
            extra: dict[str, Any] = {} if method == "trace" else {"data": body, "content_type": "application/json"}
            assert assert_sent_is_answered(getattr(reader, method), path_of(name, site), **extra).status_code == 405


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json",
        "text/xml",
        "\x7f",
    ],
)
def test_any_body_sent_to_the_try_out_is_answered(site: Dispute, kind: str) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for body in (b"", b"\x00", b'--x\r\nContent-Disposition: form-data; name="a"\r\n', b"a=%00&b=%ff", b"a&" * 2_000):
        assert_sent_is_answered(strict.post, "/try-out/x-y/", data=body, content_type=kind)


# --- any query at all -----------------------------------------------------------------------------------------------

text = st.text(alphabet=st.characters(codec="utf-8"), max_size=80)
likely = st.sampled_from(
    [
        "2025",
        "2025-04",
        "2025-04-10",
        "granted",
        "affirmed",
        "trial",
        "outside",
        "order",
        "smith",
        "8:25-cv-00951",
        "1",
        "2",
        "newest",
        "recent",
        "loans",
        "ongoing",
        "ruling",
        *Level.values,
        *Outcome.values,
    ]
)
public_id = st.text(alphabet=PUBLIC_ID_ALPHABET, min_size=10, max_size=10)
some = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def queries_of(name: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    names = st.sampled_from(sorted(ADDRESSES[name][1])) | text
    return st.lists(st.tuples(names, likely | text | public_id), max_size=12)


@pytest.fixture
def names_of_site(site: Dispute) -> dict[str, str]:
    """Made once for all examples of a test."""
    return {name: path_of(name, site) for name in ADDRESSES}


@given(query=queries_of("cases"))
@some
def test_any_question_to_the_list_of_cases_is_answered(
    reader: Client, names_of_site: dict[str, str], query: list[tuple[str, str]]
) -> None:
    _asked(reader, names_of_site["cases"], query)


@given(query=queries_of("case"))
@some
def test_any_question_to_a_timeline_is_answered(
    reader: Client, names_of_site: dict[str, str], query: list[tuple[str, str]]
) -> None:
    _asked(reader, names_of_site["case"], query)


@given(query=queries_of("print"))
@some
def test_any_question_to_a_chronology_is_answered(
    reader: Client, names_of_site: dict[str, str], query: list[tuple[str, str]]
) -> None:
    _asked(reader, names_of_site["print"], query)


@given(query=queries_of("rulings"))
@some
def test_any_question_to_the_list_of_rulings_is_answered(
    reader: Client, names_of_site: dict[str, str], query: list[tuple[str, str]]
) -> None:
    _asked(reader, names_of_site["rulings"], query)


@pytest.mark.parametrize("name", ["court", "party", "judge"])
@given(data=st.data())
@some
def test_any_question_to_the_timeline_of_a_court_or_a_person_is_answered(
    reader: Client, names_of_site: dict[str, str], name: str, data: st.DataObject
) -> None:
    _asked(reader, names_of_site[name], data.draw(queries_of(name)))


def _asked(client: Client, path: str, query: list[tuple[str, str]]) -> None:
    began = time.monotonic()
    response = answered(client.get(path, query), began, query)
    has_nul = any("\x00" in part for pair in query for part in pair)
    assert (response.status_code == 400) == has_nul
    if response.status_code == 200:
        page = is_styled(response)
        # Each chip leads to a page, and each mistake is beside a field that is there.
        for target in page.problems.values():
            page.by_id(target.removeprefix("#"))
        for chip in page.chips.values():
            assert chip.startswith("?")


@given(raw=st.binary(max_size=200))
@some
def test_any_bytes_as_a_query_are_answered(reader: Client, names_of_site: dict[str, str], raw: bytes) -> None:
    assert_answered(reader, names_of_site["cases"], raw.decode("latin-1"))
    assert_answered(reader, names_of_site["calendar"], "month=" + raw.decode("latin-1"))


@given(raw=st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@some
def test_any_text_as_a_path_is_answered(reader: Client, names_of_site: dict[str, str], raw: str) -> None:
    for place in ("/{}", "/cases/{}/", "/courts/{}/"):
        assert_answered(reader, place.format(escaped(raw)))
