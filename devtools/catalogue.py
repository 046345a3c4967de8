"""
The catalogues of translations: every text that pages can say, collected from code and templates, and for each language
its translation. `dev.py messages` runs this in the environment of development; it alone of this package needs more than
the standard library.

A catalogue is a text file for translators (`django.po`) and the form in which the site reads it (`django.mo`). Both are
kept in the repository, so that nothing has to be compiled where the site runs.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from devtools.paths import ROOT

LOCALE = ROOT / "casetracker" / "locale"
LANGUAGES = ("es",)
# What marks a text, besides gettext's own names: a date that cannot be read says why in its first argument.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "DateError": None,
    "Examples": None,
}
# The desk is in English for now.
_LEFT_OUT = (
    "casetracker/accounts/",
    "casetracker/admin/",
    "casetracker/duplicates.py",
    "casetracker/files/",
    "casetracker/importers/",
    "casetracker/migrations/",
    "casetracker/models/files.py",
    "casetracker/models/imports.py",
    "casetracker/models/redactions.py",
    "casetracker/quality/",
    "casetracker/redaction/",
    "casetracker/reworking/",
    "casetracker/roles.py",
    "casetracker/web/previewing.py",
    "templates/admin/",
    "templates/registration/",
)
_HEADER = "# The words of the site in another language; CONTRIBUTING.md says how to change them.\n"


class SiteCatalog(Catalog):
    """A catalogue whose head holds nothing that changes from day to day or from one version of Babel to another."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: object) -> None:
        """What a file says of itself is known."""


def texts() -> Catalog:
    """Every text to be translated, with the files that have it."""
    found = Catalog()
    for path, message, context in _marked():
        found.add(message, context=context, locations=[(path, 1)])
    for path, message in _of_the_glossary():
        found.add(message, locations=[(path, 1)])
    return found


def _marked() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    for path in sorted([*(ROOT / "casetracker").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(_LEFT_OUT):
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # Django writes a template anew as calls of gettext; without what stands before them it is Python.
            source = re.sub(r"(?m)^\s+", "", templatize(source, origin=name))
        for _, message, _, context in extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield name, message if isinstance(message, str) else tuple(message), context


def _of_the_glossary() -> Iterator[tuple[str, str]]:
    from casetracker.glossary import TERMS

    for term in TERMS:
        for text in term.texts:
            yield "casetracker/glossary.py", text


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands; empty if there is none yet."""
    found = SiteCatalog(locale=language)
    path = text_file(language)
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    found[message.id] = message
    return found


def updated(language: str) -> Catalog:
    """The catalogue of a language with exactly the texts there are; what is new has no translation yet."""
    known, found = read(language), SiteCatalog(locale=language)
    for message in texts():
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        string = old.string if old is not None else None
        found[message.id] = Message(
            message.id,
            string or (("", "") if message.pluralizable else ""),
            locations=[(name, 1) for name in sorted({name for name, _ in message.locations})],
            flags=message.flags,
            context=message.context,
            user_comments=old.user_comments if old is not None else (),
        )
    return found


def text_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def compiled_file(language: str) -> Path:
    return text_file(language).with_suffix(".mo")


def as_text(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    _, _, rest = buffer.getvalue().decode().partition('msgid ""\n')
    return f'{_HEADER}msgid ""\n{rest}'.encode()


def compiled(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> int:
    """Bring all catalogues up to date; say what has no translation yet. 1 if there is any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    django.setup()
    missing = 0
    for language in LANGUAGES:
        catalogue = updated(language)
        text_file(language).parent.mkdir(parents=True, exist_ok=True)
        text_file(language).write_bytes(as_text(catalogue))
        compiled_file(language).write_bytes(compiled(catalogue))
        untranslated = [message for message in catalogue if message.id and not is_translated(message)]
        print(f"{language}: {len(catalogue)} texts, {len(untranslated)} without a translation")
        for message in untranslated:
            print(f"  {message.id!r}")
        missing += len(untranslated)
    return 1 if missing else 0


def is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy


if __name__ == "__main__":
    sys.exit(main())
