"""The language of a page is in its address and in nothing else; each page leads to itself in the other language."""

import datetime
import re
import uuid
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.db import OperationalError
from django.test import Client
from django.urls import path, reverse
from django.utils import translation
from factories import CaseFactory, CourtFactory, Dispute, RulingFactory
from pages import Page, fetch, words

from casetracker import urls
from casetracker.dates import UncertainDate
from casetracker.timeline import entries, entry_path
from casetracker.web import urls as web_urls
from casetracker.web.prefixes import in_language, language_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("/", "en"),
        ("/cases/", "en"),
        ("/es", "es"),
        ("/es/", "es"),
        ("/es/cases/x/", "es"),
        ("/ES/", "en"),
        ("/es-mx/", "en"),
        ("/esx/", "en"),
        ("/en/", "en"),
        ("//es/", "en"),
        ("/cases/es/", "en"),
        ("", "en"),
        ("es/", "es"),
    ],
)
def test_language_is_the_first_part_of_the_path(asked: str, language: str) -> None:
    assert language_of(asked) == language


@pytest.mark.parametrize(
    ("english", "spanish"), [("/", "/es/"), ("/cases/", "/es/cases/"), ("/cases/es/", "/es/cases/es/")]
)
def test_path_of_the_same_page_in_the_other_language(english: str, spanish: str) -> None:
    for known in (english, spanish):
        assert in_language(known, "en") == english
        assert in_language(known, "es") == spanish


def test_every_public_page_has_an_address_in_both_and_english_ones_are_as_they_were(dispute: Dispute) -> None:
    arguments: dict[str, list[str]] = {
        "case": ["a"], "standing": ["a"], "print": ["a"], "court": ["mdd"], "party": ["a"], "judge": ["a"],
        "entry": ["a", "2222222222"], "said": ["a", "2222222222"],
    }  # fmt: skip
    for pattern in web_urls.urlpatterns:
        addresses = {}
        for language in ("en", "es"):
            with translation.override(language):
                addresses[language] = reverse(str(pattern.name), args=arguments.get(str(pattern.name), []))
        assert addresses["es"] == f"/es{addresses['en']}"
    of_machines: dict[str, list[object]] = {"tryout": ["x"], "file": [uuid.uuid4()]}
    for pattern in web_urls.machine_patterns:
        with translation.override("es"):
            assert not reverse(str(pattern.name), args=of_machines.get(str(pattern.name), [])).startswith("/es")


@pytest.mark.parametrize(
    "address", ["/en/", "/ES/", "/es-mx/", "/es/es/", "/es/admin/", "/es/livez", "/es/robots.txt", "/es/sitemap.xml"]
)
def test_there_is_no_other_prefix_and_no_page_for_machines_behind_one(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_neither_header_nor_cookie_chooses_a_language(client: Client, dispute: Dispute) -> None:
    for address in ("/", "/cases/", dispute.case.get_absolute_url(), "/nothing/"):
        plain = client.get(address)
        client.cookies["django_language"] = "es"
        asked = client.get(address, headers={"Accept-Language": "es"})
        client.cookies.clear()
        assert asked.content == plain.content
        assert asked.headers["Content-Language"] == plain.headers["Content-Language"] == "en"
        for response in (plain, client.get(f"/es{address}")):
            assert "Accept-Language" not in response.headers["Vary"]
            assert "django_language" not in response.cookies
    assert client.get("/es/").headers["Content-Language"] == "es"


def test_desk_is_in_english_whatever_the_browser_asks_for(superuser_client: Client) -> None:
    page = superuser_client.get("/admin/", headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="en"' in page
    assert "Log out" in page


def test_language_of_one_request_is_gone_with_the_next(client: Client, dispute: Dispute) -> None:
    own = dispute.case.get_absolute_url()
    before = client.get(own).content
    assert fetch(client, f"/es{own}").one("html").attrib["lang"] == "es"
    assert client.get("/es/nothing/").status_code == 404
    assert client.get(own).content == before
    assert translation.get_language() == "en"


def test_addresses_that_are_kept_are_kept_for_each_language() -> None:
    for language, wanted in (("en", "/cases/a/b/"), ("es", "/es/cases/a/b/"), ("en", "/cases/a/b/")):
        with translation.override(language):
            assert entry_path("a", "b") == wanted


# --- the head and the link ------------------------------------------------------------------------------------------


def heads(page: Page) -> dict[str, str]:
    return {link.attrib["hreflang"]: link.attrib["href"] for link in page.all("link", rel="alternate")}


@pytest.mark.parametrize("address", ["/", "/cases/?court=mdd&page=1", "/about/", "CASE", "PRINT", "ENTRY"])
def test_page_names_itself_in_all_languages(client: Client, dispute: Dispute, address: str) -> None:
    own = {
        "CASE": dispute.case.get_absolute_url(),
        "PRINT": f"{dispute.case.get_absolute_url()}print/",
        "ENTRY": dispute.order.get_absolute_url(),
    }.get(address, address)
    plain = own.partition("?")[0]
    both = {"en": f"http://testserver{plain}", "es": f"http://testserver/es{plain}"}
    for prefix, language, locales in (("", "en", ("en_US", "es_US")), ("/es", "es", ("es_US", "en_US"))):
        page = fetch(client, prefix + own)
        assert page.one("html").attrib["lang"] == language
        assert heads(page) == both | {"x-default": both["en"]}
        # A print is a print of the page of the case, which is its canonical address.
        assert page.canonical == both[language].removesuffix("print/")
        assert (page.meta["og:locale"], page.meta["og:locale:alternate"]) == locales


@pytest.mark.parametrize(
    "query", ["", "?q=a%26b%3D%C3%A9&court=mdd&court=ca4", "?after=2024-02-30", "?x=%22%3E%3Cscript%3E"]
)
def test_link_leads_to_the_same_page_with_the_same_filters_and_back(client: Client, query: str) -> None:
    (link,) = fetch(client, f"/rulings/{query}").all("a", hreflang="*")
    assert (link.attrib["lang"], link.attrib["hreflang"], words(link)) == ("es", "es", "Español")
    assert link.attrib["href"] == f"/es/rulings/{query}"
    (back,) = fetch(client, link.attrib["href"]).all("a", hreflang="*")
    assert (back.attrib["lang"], back.attrib["href"], words(back)) == ("en", f"/rulings/{query}", "English")


def test_site_below_a_folder_keeps_the_folder_before_the_language(client: Client) -> None:
    page = Page(client.get("/es/about/", SCRIPT_NAME="/law"))
    assert heads(page)["en"] == "http://testserver/law/about/"
    assert page.one("a", hreflang="en").attrib["href"] == "/law/about/"


def test_sitemap_names_each_page_in_all_languages(client: Client, dispute: Dispute) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 (our own)
    own = f"http://testserver{dispute.case.get_absolute_url()}"
    spanish = own.replace("testserver/", "testserver/es/")
    found = {}
    for url in tree:
        loc, *_ = (element.text for element in url if element.tag.endswith("}loc"))
        found[loc] = {
            element.attrib["hreflang"]: element.attrib["href"] for element in url if element.tag.endswith("}link")
        }
    assert found[own] == found[spanish] == {"en": own, "es": spanish, "x-default": own}
    assert len(found) % 2 == 0


# --- what leads elsewhere, and what is refused ----------------------------------------------------------------------


def test_redirects_keep_the_language(client: Client, dispute: Dispute) -> None:
    old = dispute.case.slug
    dispute.case.slug = "new-name"
    dispute.case.save()
    entry = dispute.order.public_id
    for asked, answer in (
        (f"/es/cases/{old}/?kind=ruling", "/es/cases/new-name/?kind=ruling"),
        (f"/es/cases/{old}/print/?on=2025", "/es/cases/new-name/print/?on=2025"),
        (f"/es/cases/{old}/standing/?on=2025-04-08", "/es/cases/new-name/standing/?on=2025-04-08"),
        (f"/es/cases/{old}/{entry}/", f"/es/cases/new-name/{entry}/"),
        ("/es", "/es/"),
        ("/es/cases?court=mdd", "/es/cases/?court=mdd"),
        (f"/cases/{old}/", "/cases/new-name/"),
    ):
        response = client.get(asked)
        assert (response.status_code, response.headers["Location"]) == (301, answer), asked


def failing(error: Exception) -> ModuleType:
    def view(request: Any) -> Any:
        raise error

    module = ModuleType("addresses_of_this_test")
    module.urlpatterns = [*i18n_patterns(path("fails/", view), prefix_default_language=False), *urls.urlpatterns]  # type: ignore[attr-defined]  # a module made here
    vars(module).update({name: value for name, value in vars(urls).items() if name.startswith("handler")})
    return module


def test_refusals_and_errors_are_in_the_language_of_the_address(client: Client, settings: Any) -> None:
    gone = CaseFactory(withdrawn=True).get_absolute_url()
    client.raise_request_exception = False
    for prefix, said in (
        (
            "",
            ("could not be understood", "no such page", "only be read", "taken down", "went wrong", "cannot be shown"),
        ),
        (
            "/es",
            ("No se ha podido entender", "No existe", "solo se puede leer", "retirado", "ha fallado", "un momento"),
        ),
    ):
        settings.ROOT_URLCONF = failing(RuntimeError("a bug"))
        answers = [
            (client.get(f"{prefix}/?q=%00"), 400),
            (client.get(f"{prefix}/nothing/"), 404),
            (client.post(f"{prefix}/cases/"), 405),
            (client.get(prefix + gone), 410),
            (client.get(f"{prefix}/fails/"), 500),
        ]
        settings.ROOT_URLCONF = failing(OperationalError("down"))
        answers.append((client.get(f"{prefix}/fails/"), 503))
        for (response, status), text in zip(answers, said, strict=True):
            page = Page(response)
            assert response.status_code == status
            assert text in page.heading
            assert page.one("html").attrib["lang"] == ("es" if prefix else "en")
            assert {address for address in page.addresses if address.startswith("/")} <= {
                f"{prefix}/", f"{prefix}/cases/", f"{prefix}/about/#removal"
            }  # fmt: skip


def test_what_cannot_be_read_is_refused_in_spanish_beside_its_field(client: Client, dispute: Dispute) -> None:
    page = fetch(client, "/es/cases/?after=2024-02-30&before=soon&status=nothing")
    assert page.field_errors("id_after") == ["En febrero de 2024 hay 29 días, así que no existe el día 30."]
    assert page.field_errors("id_before") == [
        "Esto no es una fecha. Escriba, por ejemplo, 2025-04-10, abril de 2025 o 2025."
    ]
    (choice,) = page.field_errors("id_status")
    assert "opción válida" in choice
    page = fetch(client, "/es/calendar/?month=2025-13")
    assert "No existe el mes 13: los meses van de 01 a 12." in page.main
    page = fetch(client, f"/es{dispute.case.get_absolute_url()}?on=2025&thread=zq&after=2025-05&before=2025-04")
    assert "Escriba aquí un día, como 2025-04-08. Se muestra hoy." in page.main
    assert "Esta no es la dirección de una entrada: tiene 10 letras y cifras." in page.main
    assert "Esto es anterior al primer día del intervalo." in page.main


# --- a page in Spanish ----------------------------------------------------------------------------------------------


def test_case_is_told_in_spanish(client: Client, dispute: Dispute) -> None:
    page = fetch(client, f"/es{dispute.case.get_absolute_url()}")
    assert "2 procedimientos 2 tribunales 6 entradas, 2 resoluciones" in page.main
    order = words(page.by_id(dispute.order.public_id))
    assert order.startswith("4 abr viernes")
    assert "Interdicto" in order
    assert "Concedida" in order
    later = "Después Confirmada el 7 de abril de 2025: “return the book”, por Opinion on appeal"
    assert f"{later} (4th Cir., 7 de abril de 2025)" in order
    appeal = words(page.by_id(dispute.appeal_order.public_id))
    assert "Confirmada en parte Anulada en parte" in appeal
    assert "Abril de 2025" in [words(heading) for heading in page.all("h3")]
    assert "Apelación a 4th Cir., 25-1345, 5 de abril de 2025" in words(page.by_id("proceedings"))
    assert "en vigor en parte desde el 7 de abril de 2025" in words(page.by_id("standing"))


def test_numbers_of_a_drawing_are_written_with_points(client: Client, dispute: Dispute) -> None:
    """A Spanish page would write 12,5, which no browser draws."""
    RulingFactory(case=dispute.case, court=dispute.trial_court, date=UncertainDate.on(2025, 6, 1), published=True)
    page = fetch(client, f"/es{dispute.case.get_absolute_url()}")
    drawn = [
        value
        for drawing in page.all("svg")
        for element in drawing.iter()
        for name, value in element.attrib.items()
        if name in {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"}
    ]
    assert any("." in value for value in drawn)
    assert [value for value in drawn if not re.fullmatch(r"-?\d+(\.\d+)?", value)] == []


def test_citation_in_the_american_form_stays_english(client: Client, dispute: Dispute) -> None:
    own = dispute.appeal_order.get_absolute_url()
    citations = [words(fetch(client, prefix + own).by_id("cite")) for prefix in ("", "/es")]
    for citation in citations:
        assert "Opinion, Smith v. Jones, No. 25-1345 (4th Cir. Apr. 7, 2025), ECF No. 7." in citation
    assert "“Opinion on appeal”, 7 de abril de 2025, en" in citations[1]


# --- the hours of courts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize(("prefix", "clock"), [("", "11:59 pm HST"), ("/es", "11:59 p. m. HST")])
def test_an_order_of_the_last_minute_stands_on_its_own_day_wherever_the_server_is(
    client: Client, settings: Any, zone: str, prefix: str, clock: str
) -> None:
    """
    The order of Honolulu is made ten hours after UTC's day is over, and five after New York has begun the next: by the
    clock of the world it is the later of the two, by the days of the courts the earlier.
    """
    settings.TIME_ZONE = zone
    case = CaseFactory(published=True)
    late = RulingFactory(
        case=case, court=CourtFactory(time_zone="Pacific/Honolulu"), title="Late order",
        date=UncertainDate.on(2025, 4, 7), time=datetime.time(23, 59), published=True,
    )  # fmt: skip
    early = RulingFactory(
        case=case, court=CourtFactory(time_zone="America/New_York"), title="Early order",
        date=UncertainDate.on(2025, 4, 8), time=datetime.time(0, 5), published=True,
    )  # fmt: skip
    page = fetch(client, prefix + case.get_absolute_url())
    assert [entry.attrib["id"] for entry in page.entries] == [late.public_id, early.public_id]
    shown = words(page.by_id(late.public_id)).replace("\xa0", " ")
    assert shown.startswith(f"7 {'Apr Monday' if not prefix else 'abr lunes'} {clock}")
    # It is in force on its own day, and found by it.
    standing = words(fetch(client, f"{prefix}{case.get_absolute_url()}?on=2025-04-07").by_id("standing"))
    assert "Late order" in standing
    assert "Early order" not in standing
    found = fetch(client, f"{prefix}{case.get_absolute_url()}?after=2025-04-07&before=2025-04-07").entries
    assert [entry.attrib["id"] for entry in found] == [late.public_id]
    with translation.override("es" if prefix else "en"):
        assert entries(type(late).objects.filter(pk=late.pk))[0].date.iso == "2025-04-07"
