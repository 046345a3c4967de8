"""
Every public page in Spanish: each word of it is Spanish, or stands where the page says that it is English.

The same pages of the demonstration data are fetched in both languages and compared text by text, so a text that was
forgotten, or stored text that is not marked, is found without anybody reading the page.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from pages import Page
from public_pages import CASE, PUBLIC, RULING

from casetracker.models import Attorney, DocketNumber, Judge

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


def texts(page: Page) -> Iterator[tuple[str, str]]:
    """Each text with letters in it, with the language that the page says it has."""

    def walk(element: Element, language: str) -> Iterator[tuple[str, str]]:
        language = element.get("lang", language)
        if element.tag not in {"script", "style"}:
            yield element.text or "", language
            for name in SAID:
                yield element.get(name, ""), language
            if element.tag == "meta" and element.get("name") == "description":
                yield element.get("content", ""), language
        for child in element:
            yield from walk(child, language)
            yield child.tail or "", language

    for text, language in walk(page.top, ""):
        plain = " ".join(text.split())
        if re.search(r"[^\W\d_]", plain):
            yield plain, language


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Of people and of dockets: a name is the same in any language."""
    found: set[str] = set()
    for judge in Judge.objects.all():
        found |= {judge.name, judge.label}
    for attorney in Attorney.objects.all():
        found |= {attorney.name, attorney.firm}
    found |= set(DocketNumber.objects.values_list("number", flat=True))
    return {name for name in found if name}


def says_nothing(text: str, names: set[str]) -> bool:
    """Whether it is made of names and of what is the same in both languages."""
    if text.lower().strip(" .,;:()·") in SAME or text.startswith(("http://", "https://", "/")):
        return True
    for name in sorted(names | SAME, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", text, flags=re.IGNORECASE)
    return not re.search(r"[^\W\d_]", text)


@pytest.fixture
def both(client: Client) -> "Callable[[str], tuple[Page, Page]]":
    def fetched(path: str) -> tuple[Page, Page]:
        english, spanish = (Page(client.get(f"{prefix}{path}")) for prefix in ("", "/es"))
        assert english.response.status_code == spanish.response.status_code
        return english, spanish

    return fetched
