"""Texts that editors typed, as HTML: CommonMark, then sanitised. The only way for such a text into a page unescaped."""

import html
from functools import lru_cache

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": "“”‘’"}).enable(
    ["replacements", "smartquotes"]
)
_TAGS = {"p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "br", "code"}
_ATTRIBUTES = {"a": {"href", "title"}}


@register.filter
def prose(text: str) -> SafeString:
    """
    Paragraphs, emphasis, lists, quotes and links to http and https addresses; anything else is shown as it was typed.
    """
    return mark_safe(_html(text)) if text else SafeString("")  # noqa: S308 - sanitised in _html


@lru_cache(maxsize=4096)
def _html(text: str) -> str:
    """A pure function of the text, so what it keeps belongs to no page and no reader."""
    return nh3.clean(
        _MARKDOWN.render(text), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener"
    ).strip()


@register.filter
def plain(text: str) -> str:
    """The same text without any markup, for lists and the head of a page. It is text, for the template to escape."""
    return _plain(text) if text else ""


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return " ".join(html.unescape(nh3.clean(_MARKDOWN.render(text), tags=set())).split())


@register.filter(is_safe=True)
def unstopped(text: str) -> str:
    """The text without the full stop at its end, for a place within a sentence or in brackets."""
    return text.removesuffix(".")
