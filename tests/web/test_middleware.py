"""What holds for every request and every response: headers, who may keep a copy, and addresses that are no text."""

import runpy
import types
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import factories as make
import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client
from django.urls import path

from casetracker import urls

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "cases.example.org"


@pytest.fixture
def public_site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The headers, cookies and hosts of a public site, as the settings module itself gives them."""
    for name in ("CASETRACKER_TRYOUT", "CASETRACKER_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CASETRACKER_ALLOWED_HOSTS", HOST)
    public = runpy.run_path(str(ROOT / "casetracker" / "settings.py"))
    for name, value in public.items():
        if name.startswith(("SECURE_", "SESSION_", "CSRF_", "X_FRAME", "CONTENT_SECURITY", "ALLOWED_")):
            setattr(settings, name, value)
    return settings


def failing(error: Exception) -> ModuleType:
    """Our addresses, and one behind which a view fails."""

    def view(request: Any) -> Any:
        raise error

    module = ModuleType("addresses_of_this_test")
    vars(module).update(vars(urls), urlpatterns=[path("fails/", view), *urls.urlpatterns])
    return module


def patient(**settings: Any) -> Client:
    """A client that is shown what a reader would be shown, not the exception."""
    client = Client(**settings)
    client.raise_request_exception = False
    return client


# --- headers --------------------------------------------------------------------------------------------------------

EVERY_RESPONSE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def assert_has_headers(response: Any) -> None:
    for name, value in EVERY_RESPONSE.items():
        assert response.headers.get(name) == value, f"{name} of {response.request['PATH_INFO']}"
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "object-src 'none'" in policy
    assert "Content-Security-Policy-Report-Only" not in response.headers
    permissions = response.headers["Permissions-Policy"]
    for feature in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{feature}=()" in permissions
    assert "Cache-Control" in response.headers
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers


def answers(client: Client, **extra: Any) -> Iterator[tuple[int, Any]]:
    """The status that an answer should have, and the answer: each kind of answer that the site gives."""
    case = make.CaseFactory(published=True)
    entry = make.RulingFactory(case=case, published=True)
    gone = make.CaseFactory(withdrawn=True)
    yield 200, client.get("/", **extra)
    yield 200, client.get("/cases/", **extra)
    yield 200, client.get(f"/cases/{case.slug}/", **extra)
    yield 200, client.get(entry.get_absolute_url(), **extra)
    yield 200, client.get("/about/", **extra)
    yield 200, client.get("/livez", **extra)
    yield 200, client.get("/readyz", **extra)
    yield 200, client.get("/robots.txt", **extra)
    yield 200, client.get("/sitemap.xml", **extra)
    yield 200, client.get("/admin/login/", follow=True, **extra)
    yield 200, client.get(staticfiles_storage.url("css/tokens.css"), **extra)
    yield 301, client.get("/cases", **extra)
    yield 400, client.get("/?q=%00", **extra)
    yield 404, client.get("/nothing/here/", **extra)
    yield 404, client.get("/static/nothing.css", **extra)
    yield 405, client.post("/cases/", **extra)
    yield 410, client.get(f"/cases/{gone.slug}/", **extra)


@pytest.mark.parametrize("who", ["stranger", "staff", "editor", "superuser"])
def test_every_kind_of_answer_has_every_header(who: str, request: pytest.FixtureRequest) -> None:
    for status, response in answers(request.getfixturevalue(f"{who}_client")):
        assert response.status_code == status, response.request["PATH_INFO"]
        assert_has_headers(response)


@pytest.mark.usefixtures("public_site")
def test_every_answer_of_a_public_site_has_every_header_and_keeps_to_tls() -> None:
    for status, response in answers(Client(HTTP_HOST=HOST), secure=True):
        assert response.status_code == status, response.request["PATH_INFO"]
        assert_has_headers(response)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.usefixtures("public_site")
def test_public_site_leads_from_plain_http_to_tls() -> None:
    client = Client(HTTP_HOST=HOST)
    response = client.get("/cases/?court=mdd")
    assert response.status_code == 301
    assert response.headers["Location"] == f"https://{HOST}/cases/?court=mdd"
    assert_has_headers(response)
    # A load balancer asks over plain HTTP whether we live.
    assert client.get("/livez").status_code == client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("public_site")
def test_forwarded_protocol_is_not_believed_without_a_known_proxy(settings: Any) -> None:
    assert Client(HTTP_HOST=HOST).get("/", HTTP_X_FORWARDED_PROTO="https").status_code == 301
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client(HTTP_HOST=HOST).get("/", HTTP_X_FORWARDED_PROTO="https").status_code == 200


def test_page_of_a_tryout_does_not_pin_the_browser_to_tls(stranger_client: Client) -> None:
    assert "Strict-Transport-Security" not in stranger_client.get("/", secure=True).headers


@pytest.mark.usefixtures("public_site")
def test_cookies_of_a_public_site_are_for_tls_and_out_of_reach_of_scripts() -> None:
    client = Client(HTTP_HOST=HOST)
    client.get("/admin/login/", secure=True)
    user = make.UserFactory(is_staff=True, password="correct horse battery staple")
    signed_in = client.post(
        "/admin/login/",
        {"username": user.username, "password": "correct horse battery staple", "next": "/admin/"},
        secure=True,
    )
    assert signed_in.status_code == 302
    session, token = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert session["secure"] is token["secure"] is True
    assert session["httponly"] is True
    assert session["samesite"] == token["samesite"] == "Lax"


# --- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("a bug"), 500),
        (DatabaseError("a bug in a query"), 500),
        (OperationalError("the server is down"), 503),
        (InterfaceError("the connection is closed"), 503),
    ],
)
def test_failure_is_a_page_in_plain_words(settings: Any, error: Exception, status: int) -> None:
    settings.ROOT_URLCONF = failing(error)
    response = patient().get("/fails/")
    assert response.status_code == status
    assert_has_headers(response)
    assert response.headers["Content-Type"].startswith("text/html")
    page = response.content.decode()
    assert "<h1" in page
    assert str(error) not in page
    assert "Traceback" not in page
    assert response.headers.get("Retry-After") == ("30" if status == 503 else None)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413, 500, 503])
def test_page_of_an_error_needs_no_database(status: int, django_assert_num_queries: Any) -> None:
    from django.test import RequestFactory

    from casetracker.web.views import errors

    with django_assert_num_queries(0):
        response = errors._page(RequestFactory().get("/"), status, detail="<b>Said so.</b>")
    page = response.content.decode()
    assert response.status_code == status
    assert page.count("<h1") == 1
    assert "<b>Said so.</b>" not in page


def test_missing_page_is_styled_and_leads_on(stranger_client: Client) -> None:
    page = stranger_client.get("/nothing/").content.decode()
    assert 'href="/cases/"' in page
    assert staticfiles_storage.url("css/tokens.css") in page


def test_form_without_its_token_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "load the page again" in response.content.decode()
    assert_has_headers(response)


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:80x", "a b", "", "testserver@evil.example"]
)
def test_unknown_host_is_refused_with_a_page(host: str) -> None:
    response = Client(HTTP_HOST=host).get("/")
    assert response.status_code == 400
    assert_has_headers(response)
    assert "<h1" in response.content.decode()
    assert "evil" not in response.content.decode()


@pytest.mark.usefixtures("public_site")
@pytest.mark.parametrize("secure", [True, False])
def test_unknown_host_of_a_public_site_is_refused_with_every_header(secure: bool) -> None:
    response = Client(HTTP_HOST="evil.example").get("/cases/", secure=secure)
    assert response.status_code == 400
    assert_has_headers(response)
    assert "Location" not in response.headers


# --- who may keep a copy --------------------------------------------------------------------------------------------


def vary(response: Any) -> set[str]:
    return {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}


@pytest.mark.parametrize("address", ["/", "/cases/", "/courts/", "/rulings/", "/about/", "/nothing/", "/?q=%00"])
def test_public_page_is_asked_about_every_time(address: str, stranger_client: Client) -> None:
    response = stranger_client.get(address)
    assert response.headers["Cache-Control"] == "no-cache"
    assert "cookie" in vary(response)
    assert not response.cookies


@pytest.mark.parametrize("who", ["staff", "editor", "superuser"])
@pytest.mark.parametrize("address", ["/", "/cases/", "/admin/", "/nothing/", "/admin/nothing/", "/admin/?q=%00"])
def test_what_a_signed_in_person_sees_is_stored_nowhere(who: str, address: str, request: pytest.FixtureRequest) -> None:
    response = request.getfixturevalue(f"{who}_client").get(address)
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/login/", "/admin/casetracker/case/", "/admin/jsi18n/", "/admin/x"]
)
def test_desk_is_stored_nowhere_for_strangers_too(address: str, stranger_client: Client) -> None:
    assert stranger_client.get(address).headers["Cache-Control"] == "private, no-store"


def test_hashed_file_may_be_kept_for_ever_and_a_missing_one_not(stranger_client: Client, editor_client: Client) -> None:
    for client in (stranger_client, editor_client):
        kept = client.get(staticfiles_storage.url("css/tokens.css")).headers["Cache-Control"]
        assert "immutable" in kept
        assert "public" in kept
        assert client.get("/static/css/nothing.css").headers["Cache-Control"] == "no-cache"


# --- addresses that are no text -------------------------------------------------------------------------------------

NO_TEXT = {
    "a NUL": "%00",
    "a NUL within a word": "gar%00cia",
    "a byte that starts nothing": "%FF",
    "half a character": "%C3",
    "the tail of a character": "%A9x",
    "an overlong slash": "%C0%AF",
    "an overlong NUL": "%C0%80",
    "an overlong NUL of three bytes": "%E0%80%80",
    "a surrogate": "%ED%A0%80",
    "beyond Unicode": "%F4%90%80%80",
    "Latin-1": "Guzm%E1n",
}
NUL_OR_NOT = pytest.mark.parametrize("text", NO_TEXT.values(), ids=NO_TEXT.keys())


def assert_refused_in_words(response: Any) -> None:
    assert response.status_code == 400
    page = response.content.decode()
    assert "The address contains" in page
    assert page.count("<h1") == 1
    assert_has_headers(response)


@NUL_OR_NOT
@pytest.mark.parametrize("address", ["/", "/cases/", "/rulings/", "/courts/", "/nothing/", "/admin/", "/admin/login/"])
def test_query_that_is_no_text_is_refused_in_words(address: str, text: str, superuser_client: Client) -> None:
    for query in (f"q={text}", f"{text}=1", f"a=b&q=x{text}y"):
        assert_refused_in_words(superuser_client.get(address, QUERY_STRING=query))


@NUL_OR_NOT
@pytest.mark.parametrize("address", ["/{}", "/cases/{}/", "/cases/a/{}/", "/courts/{}/", "/parties/{}/", "/admin/{}/"])
def test_path_that_is_no_text_is_refused_in_words(address: str, text: str, superuser_client: Client) -> None:
    assert_refused_in_words(superuser_client.get(address.format(text)))


@pytest.mark.parametrize(
    "address",
    [
        "/admin/casetracker/case/?q=%00",
        "/admin/autocomplete/?term=%00&app_label=casetracker&model_name=event&field_name=case",
    ],
)
def test_search_of_the_desk_is_refused_in_words_too(address: str, superuser_client: Client) -> None:
    assert_refused_in_words(superuser_client.get(address))


@pytest.mark.parametrize(
    "query",
    [
        "q=Guzm%C3%A1n",
        "q=%E6%97%A5%E6%9C%AC",
        "q=%F0%9F%98%80",
        "q=100%",
        "q=%",
        "q=%zz",
        "q=%2500",
        "q=a+b",
        "q=%25FF",
        "q=" + "é".encode().decode("latin-1"),  # the bytes themselves, as a server hands them on
    ],
)
def test_query_that_is_text_passes(query: str, stranger_client: Client) -> None:
    assert stranger_client.get("/cases/", QUERY_STRING=query).status_code == 200


@pytest.mark.parametrize("address", ["/cases/guzm%C3%A1n/", "/cases/%E6%97%A5/", "/%25/", "/%2500/", "/100%/"])
def test_path_that_is_text_is_looked_up(address: str, stranger_client: Client) -> None:
    assert stranger_client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "another"])
@pytest.mark.parametrize("address", ["/", "/cases/", "/admin/", "/admin/login/"])
def test_cookie_with_a_nul_is_refused_in_words(name: str, address: str) -> None:
    # In quotes a cookie may hold any byte in octal.
    response = patient(HTTP_COOKIE=f'{name}="abcdefghijklmnop\\000"').get(address)
    assert response.status_code == 400
    assert "cookie" in response.content.decode()
    assert_has_headers(response)


@pytest.mark.parametrize("value", ["", "x", "a" * 5000, "é", "../../etc", "' OR 1=1", '"\\303"'])
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages"])
def test_cookie_that_is_nonsense_is_a_stranger(name: str, value: str) -> None:
    client = patient(HTTP_COOKIE=f"{name}={value}")
    assert client.get("/cases/").status_code == 200
    response = client.get("/admin/")
    assert response.status_code == 302
    assert "/login/" in response.headers["Location"]


@pytest.mark.parametrize("address", ["/", "/cases/", "/admin/import/", "/admin/login/"])
def test_body_that_is_too_long_is_refused_unread(address: str) -> None:
    def unread(*_: object) -> bytes:
        raise AssertionError("The body was read.")

    body = types.SimpleNamespace(read=unread, readline=unread)
    more: dict[str, Any] = {"CONTENT_LENGTH": str(1024**3), "wsgi.input": body}
    response = patient().post(address, **more)
    assert response.status_code == 413
    assert "At most 512 MB" in response.content.decode()
    assert_has_headers(response)


def test_text_that_is_too_long_for_a_form_is_told_in_words(superuser_client: Client) -> None:
    response = superuser_client.post("/admin/import/", {"text": "x" * 3_000_000})
    assert response.status_code == 400
    assert "more text than is taken at once" in response.content.decode()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_head_has_the_headers_of_get(method: str, stranger_client: Client) -> None:
    response = stranger_client.generic(method, "/cases/")
    assert response.status_code == 200
    assert_has_headers(response)


def test_order_of_the_middleware_is_the_one_that_was_thought_through() -> None:
    order = [name.rsplit(".", 1)[-1] for name in django_settings.MIDDLEWARE]
    # The language holds for every refusal. Headers go on last, so that errors of everything below have them; bytes that
    # are no text are refused before the session, which would look a cookie up in the database.
    assert order[:3] == ["LanguageOfAddress", "ResponseHeaders", "CSPMiddleware"]
    assert order.index("SecurityMiddleware") < order.index("WhiteNoiseMiddleware") < order.index("RefuseUnusableText")
    assert order.index("RefuseUnusableText") < order.index("SessionMiddleware")
    # What has not changed is answered before the session, and refused before that where it is no text.
    assert order.index("RefuseUnusableText") < order.index("AskedAgain") < order.index("SessionMiddleware")
    assert order.index("GZipMiddleware") < order.index("AskedAgain")
    # Before the token against forged forms, which reads the body.
    assert order.index("RefuseLargeBodies") < order.index("CsrfViewMiddleware")
