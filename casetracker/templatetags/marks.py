"""
The smallest parts of a page, which stand thousands of times on a long one: words that are kept for each language, and
marks of what is English on a page that is not (`web.context` makes both). Built into the templates.

`{% say by %}` is `{{ say.by }}`, `{% lang_en %}` is `{{ lang_en }}`, for a third of the time: a variable may be
anything and is therefore looked at from all sides, and these are safe and at hand.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token

register = template.Library()


class Mark(template.Node):
    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: template.Context) -> Any:
        return context[self.name]


class Word(template.Node):
    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: template.Context) -> Any:
        return context["say"][self.name]


def _mark(parser: Parser, token: Token) -> Mark:
    return Mark(token.contents)


for _name in ("lang_en", "lang_here", "en", "end_en"):
    register.tag(_name, _mark)


@register.tag
def say(parser: Parser, token: Token) -> Word:
    """`{% say NAME %}`: the word with this name in `web.wording`."""
    _tag, name = token.split_contents()
    return Word(name)
