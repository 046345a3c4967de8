"""
The handbook of the desk: docs/editors.md as one of its pages, and the part of it to which each screen leads.

Its pictures are those that the browser tests take of the desk itself (`tests/browser/test_handbook.py`).
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

FILE = settings.BASE_DIR / "docs" / "editors.md"
# Where the picture `images/handbook/NAME` of the file lies among the static files.
PICTURES = ("images/handbook/", "handbook/")

# The part of the handbook for a screen: the first whose word is in the name of the screen's address.
_PARTS = (
    ("import", "bring-in-a-docket"),
    ("redact", "remove-something-for-ever"),
    ("history", "who-changed-what"),
    ("delete", "who-changed-what"),
    ("correction", "who-changed-what"),
    ("publication", "publish"),
    ("quality", "what-needs-work"),
    ("joining", "what-is-there-twice"),
    ("told_apart", "what-is-there-twice"),
    ("source", "what-needs-work"),
    ("timeline", "the-screen-of-a-case"),
    ("case_change", "the-screen-of-a-case"),
    ("_case_", "add-a-case"),
    ("user", "accounts-of-others"),
    ("group", "who-may-do-what"),
    ("password", "sign-in"),
    ("account", "sign-in"),
    ("recovery", "sign-in"),
    ("ruling", "add-a-ruling"),
    ("event", "add-a-ruling"),
    ("statement", "add-a-ruling"),
    ("document", "documents-and-their-files"),
    ("casetracker_", "add-its-proceedings"),
)


def address_for(request: HttpRequest) -> str:
    """The address of the handbook, at the part that is about the screen of the request."""
    name = (request.resolver_match.url_name or "") if request.resolver_match else ""
    part = next((part for word, part in _PARTS if word in name), "")
    return f"{reverse('admin:handbook')}{'#' if part else ''}{part}"


def page(request: HttpRequest, site: Any) -> HttpResponse:
    title, headings, html = _read()
    context = {**site.each_context(request), "title": title, "headings": headings, "text": html}
    return TemplateResponse(request, "admin/handbook.html", context)


@cache
def _read() -> tuple[str, list[tuple[str, str]], SafeString]:
    """The title, the headings with the words by which addresses name them, and the text."""
    reader = MarkdownIt("commonmark", {"xhtmlOut": False}).enable("table")
    tokens = reader.parse(FILE.read_text(encoding="utf-8"))
    title, headings, kept = _("For editors"), [], []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "heading_open":
            words = tokens[place + 1].content
            if token.tag == "h1":
                title, place = words, place + 3
                continue
            token.attrSet("id", slugify(words))
            if token.tag == "h2":
                headings.append((slugify(words), words))
        kept.append(_with_pictures(token))
        place += 1
    return title, headings, mark_safe(reader.renderer.render(kept, reader.options, {}))  # noqa: S308 -- a file of ours


def _with_pictures(token: Token) -> Token:
    for child in token.children or ():
        source = str(child.attrGet("src") or "")
        if child.type == "image" and source.startswith(PICTURES[0]):
            child.attrSet("src", static(source.replace(*PICTURES, 1)))
            child.attrSet("loading", "lazy")
    return token
