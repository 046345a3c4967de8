"""What every page of the site needs."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.translation import get_language

from ..language import per_language
from .middleware import STAFF
from .prefixes import in_language, languages
from .wording import of_entries

# As Open Graph names a language: with the country whose courts most cases are about.
_LOCALES = {"en": "en_US", "es": "es_US"}


@dataclass(frozen=True, slots=True)
class Edition:
    """The page in one language. `link` leads to it with the filters of the request, `address` is it without them."""

    language: str
    name: str
    locale: str
    address: str
    link: str
    is_this: bool


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "contact": settings.CONTACT,
        # The address of the page itself, without the filters.
        "canonical": request.build_absolute_uri(request.path),
        "language": get_language(),
        "editions": _editions(request),
        # The keys of the glossary that this page explains, noted as its terms are written.
        "terms_used": set(),
        "say": of_entries(),
        **_marks(),
    }


def _editions(request: HttpRequest) -> list[Edition]:
    """The page in all languages, the one without a prefix first; none where it has but one."""
    if request.path_info.startswith(STAFF):
        return []
    mount = request.path.removesuffix(request.path_info)
    query = request.GET.urlencode()
    names = dict(settings.LANGUAGES)
    found = []
    for language in languages():
        path = mount + in_language(request.path_info, language)
        link = f"{path}?{query}" if query else path
        address = request.build_absolute_uri(path)
        is_this = language == get_language()
        found.append(Edition(language, names[language], _LOCALES[language], address, link, is_this))
    return found


@per_language
def _marks() -> dict[str, str]:
    """
    Marks of what is English on a page that is not: stored texts are as the editors wrote them. `lang_en` is an
    attribute, `lang_here` that of something in the language of the page within it, `en` and `end_en` stand around words
    in a sentence. On an English page all are empty.
    """
    if get_language() == "en":
        return dict.fromkeys(("lang_en", "lang_here", "en", "end_en"), conditional_escape(""))
    return {
        "lang_en": format_html(' lang="{}"', "en"),
        "lang_here": format_html(' lang="{}"', get_language()),
        "en": format_html('<span lang="{}">', "en"),
        "end_en": format_html("</{}>", "span"),
    }
