"""
Every public page in Spanish: each word of it is Spanish, or stands where the page says that it is English.

The same pages of the demonstration data are fetched in both languages and compared text by text, so a text that was
forgotten, or stored text that is not marked, is found without anybody reading the page.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from factories import CaseFactory
from pages import Page, words
from public_pages import CASE, PUBLIC, RULING

from casetracker.models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH, Attorney, DocketNumber, Event, Happening, Judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

PAGES = {name: path for name, path in PUBLIC.items() if path != "ENTRY"} | {
    "entry": f"{CASE}{RULING}/",
    "entry, of the invented case": "INVENTED",
    "case of 1801": "/cases/marbury-v-madison/",
    "case of 1952": "/cases/brown-v-board-of-education/",
    "case of another country": "/cases/miller-v-prime-minister-cherry-v-advocate-general/",
    "courts, all levels": "/cases/?level=trial&outcome=granted&topic=immigration&status=ongoing&sort=recent",
    "chronology of the invented case": "/cases/a-v-b/print/?order=newest",
    "about, from another page": "/about/?page=/cases/",
    "calendar, this month": "/calendar/",
    "410": "GONE",
}
# Attributes that a reader sees or hears.
SAID = ("aria-label", "title", "alt", "placeholder", "data-remember", "data-new", "data-next", "data-forget")
# The same in both languages: names, and the law's own Latin.
SAME = {
    "casetracker", "english", "español", "ecf", "certiorari", "mandamus", "amicus curiae", "habeas corpus", "en banc",
    "nunc pro tunc", "per curiam", "pro hac vice", "cert.", "amicus", "amici", "court=", "kind=", "casetracker_contact",
    "utc", "edt", "est", "cdt", "cst", "mst", "mdt", "pst", "pdt", "gmt", "bst", "lmt", "tro", "in banc", "error",
}  # fmt: skip
# Words that no Spanish sentence has.
ENGLISH = re.compile(
    r"\b(?:the|of|and|by|was|were|for|with|from|that|this|which|has|have|not|are|been|its|their|entry|entries|court|"
    r"ruling|since|until|filed|source|read)\b",
    re.IGNORECASE,
)


class Text(NamedTuple):
    """`language` is what the page says of it; `can_be_marked` that a part of it could be said to be in another."""

    words: str
    language: str
    can_be_marked: bool


def texts(page: Page) -> Iterator[Text]:
    """Each text that has letters."""

    def walk(element: Element, language: str) -> Iterator[Text]:
        language = element.get("lang", language)
        # No element can stand in a title, be it of the page or of a part of a drawing.
        yield Text(element.text or "", language, element.tag != "title")
        for name in SAID:
            yield Text(element.get(name, ""), language, False)
        if element.tag == "meta" and element.get("name") == "description":
            yield Text(element.get("content", ""), language, False)
        for child in element:
            yield from walk(child, language)
            yield Text(child.tail or "", language, True)

    for text in walk(page.top, ""):
        plain = " ".join(text.words.split())
        if has_letters(plain):
            yield text._replace(words=plain)


@pytest.fixture(scope="module")
def same() -> re.Pattern[str]:
    """What is the same in any language: names of people and dockets, addresses, marks of notes, and what SAME has."""
    found = set(DocketNumber.objects.values_list("number", flat=True)) | SAME
    for judge in Judge.objects.all():
        found |= {judge.name, judge.label}
    for attorney in Attorney.objects.all():
        found |= {attorney.name, attorney.firm}
    longest_first = sorted(filter(None, found), key=len, reverse=True)
    return re.compile(
        rf"\bhttps?://\S+|^/\S+|\b\d+[a-z]\b|^.$|^[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}$|"
        rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)",
        re.IGNORECASE,
    )


def has_letters(text: str) -> bool:
    return re.search(r"[^\W\d_]", text) is not None


def address(path: str) -> str:
    if path == "INVENTED":
        return str(Event.objects.filter(case__slug="a-v-b", happening=Happening.POSTPONED)[0].get_absolute_url())
    if path == "GONE":
        return str(CaseFactory(withdrawn=True).get_absolute_url())
    return path


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_every_text_is_spanish_or_is_english_and_marked(client: Client, same: re.Pattern[str], path: str) -> None:
    english, spanish = (Page(client.get(f"{prefix}{address(path)}")) for prefix in ("", "/es"))
    assert english.response.status_code == spanish.response.status_code
    assert english.one("html").attrib["lang"] == "en"
    assert spanish.one("html").attrib["lang"] == "es"
    # But for the link to the Spanish page, an English page has no marks.
    assert {text.words for text in texts(english) if text.language != "en"} <= {"Español"}

    in_english = {text.words for text in texts(english)}
    here = [text for text in texts(spanish) if text.language == "es"]
    assert len(here) >= 5
    assert [text.words for text in here if text.words in in_english and has_letters(same.sub("", text.words))] == []
    # Nor is there English within a Spanish text.
    assert [text.words for text in here if text.can_be_marked and ENGLISH.search(same.sub("", text.words))] == []

    # Every link and form stays in the language, but for the one that leaves it.
    leading = [link for link in spanish.all("a", href="*") if link.get("hreflang") is None]
    for element in (*leading, *spanish.all("form", action="*")):
        target = element.get("href") or element.get("action") or ""
        assert not target.startswith("/") or target.startswith("/es/"), target

    all_english = words(english.top)
    marked = [text.words for text in texts(spanish) if text.language == "en" and text.can_be_marked]
    assert marked or spanish.response.status_code >= 400
    assert [text for text in marked if text not in all_english and text != "English"] == []
