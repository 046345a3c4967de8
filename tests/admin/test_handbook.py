"""The handbook of the desk, and the part of it to which each screen leads."""

import re
from xml.etree.ElementTree import Element

import factories as make
import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, get_resolver, reverse
from pages import fetch, words

from casetracker.admin import handbook

pytestmark = pytest.mark.django_db


def test_whole_file_is_a_page_of_the_desk(editor_client: Client) -> None:
    page = fetch(editor_client, reverse("admin:handbook"))
    assert words(page.one("h1")) == "For editors"
    assert "Each code works once." in page.main
    parts = [words(link) for link in page.one("nav", aria_label="Parts").iter("a")]
    written = re.findall(r"^## (.+)$", handbook.FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert parts == written
    assert words(page.by_id("publish")) == "Publish"
    # Its tables are tables, and its marks are no text.
    assert "Chief editor" in [words(cell) for cell in page.all("td")]
    assert "**" not in page.main


def test_its_pictures_are_static_files_and_say_what_they_show(editor_client: Client) -> None:
    written = re.findall(r"!\[(.*?)\]\((.*?)\)", handbook.FILE.read_text(encoding="utf-8").replace("\n", " "))
    pictures: list[Element] = fetch(editor_client, reverse("admin:handbook")).all("img")
    assert [picture.attrib["alt"] for picture in pictures] == [words_ for words_, _address in written]
    assert pictures
    for picture, (alt, address) in zip(pictures, written, strict=True):
        assert len(alt) > 20
        assert (handbook.FILE.parent / address).read_bytes().startswith(b"\x89PNG")
        name = address.removeprefix("images/handbook/").removesuffix(".png")
        assert re.fullmatch(rf"{settings.STATIC_URL}handbook/{name}\.[0-9a-f]{{12}}\.png", picture.attrib["src"])


def test_every_screen_leads_to_a_part_that_is_there(rf: RequestFactory) -> None:
    _title, _headings, text = handbook._read()
    parts = {"", *re.findall(r' id="([a-z-]+)"', text)}
    names = [name for name in get_resolver().namespace_dict["admin"][1].reverse_dict if isinstance(name, str)]
    led = {}
    for name in names:
        request = rf.get("/admin/")
        request.resolver_match = ResolverMatch(print, (), {}, url_name=name)
        address, _hash, part = handbook.address_for(request).partition("#")
        assert address == reverse("admin:handbook")
        assert part in parts, name
        led[name] = part
    assert led["casetracker_ruling_add"] == "add-a-ruling"
    assert led["casetracker_case_change"] == "the-screen-of-a-case"
    assert led["casetracker_case_history"] == "who-changed-what"
    assert led["casetracker_event_publication"] == "publish"
    assert led["quality_list"] == "what-needs-work"
    assert led["auth_user_add"] == "accounts-of-others"
    assert led["index"] == ""


def test_screen_shows_the_way_there(editor_client: Client) -> None:
    case = make.CaseFactory()
    page = fetch(editor_client, reverse("admin:casetracker_case_change", args=[case.pk]))
    (help_link,) = [link for link in page.all("a") if words(link) == "Help"]
    assert help_link.attrib["href"] == f"{reverse('admin:handbook')}#the-screen-of-a-case"


def test_strangers_do_not_read_it(client: Client) -> None:
    assert client.get(reverse("admin:handbook")).status_code == 302
    assert "Help" not in [words(link) for link in fetch(client, reverse("admin:login")).all("a")]
