"""
Legal terms explained where they stand.

A term is a button that opens its explanation, without a script: `popovertarget` is the browser's own. It was a button
rather than a link to the glossary because a reader keeps the place, and a screen reader says that it opens and closes
something. Within a heading, and for an everyday word among many entries, there is none.
"""

from collections.abc import MutableSet
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..glossary import find, glossary

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: template.Context, phrase: str, *, everyday: bool = False) -> SafeString | str:
    """
    `phrase`, as a button if the glossary has it; everyday words only if `everyday` is asked for. The page notes which
    terms it used, for `explanations` at its end; a page without such a note (an error page) shows the words alone.
    """
    found = find(phrase) if phrase else None
    used: MutableSet[str] | None = context.get("terms_used")
    if found is None or used is None or (found.everyday and not everyday):
        return phrase
    used.add(found.key)
    return format_html('<button type="button" popovertarget="term-{}">{}</button>', found.key, phrase)


@register.inclusion_tag("_explanations.html", takes_context=True)
def explanations(context: template.Context) -> dict[str, Any]:
    """The explanation of each term that the page has used so far, once."""
    by_key = glossary().by_key
    return {"terms": [by_key[key] for key in sorted(context.get("terms_used") or ())]}
