"""
The language of a page is the beginning of its address: /es/cases/ is /cases/ in Spanish, and an address without such a
prefix is English. Nothing else decides it: no cookie, and no header of the browser, so that a page may be kept and
shared by its address.
"""

from django.conf import settings


def languages() -> list[str]:
    """The codes of all languages of the public pages, the one without a prefix first."""
    return sorted((code for code, _ in settings.LANGUAGES), key=lambda code: code != settings.LANGUAGE_CODE)


def language_of(path: str) -> str:
    """The language of the page with this path, below the place where the site is mounted."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in languages()[1:] else str(settings.LANGUAGE_CODE)


def in_language(path: str, language: str) -> str:
    """The path of the same page in a language."""
    found = language_of(path)
    plain = path if found == settings.LANGUAGE_CODE else path.removeprefix(f"/{found}") or "/"
    return plain if language == settings.LANGUAGE_CODE else f"/{language}{plain}"
