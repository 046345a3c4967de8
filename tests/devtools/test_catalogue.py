"""The catalogues of translations: that they are complete, whole and compiled."""

import os
import re
import subprocess
import sys
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.utils.translation import override

from casetracker.glossary import TERMS, find, glossary
from casetracker.models import DERIVED_OUTCOMES, PASSIVE, Outcome, Role, RulingForm, TransferKind, Verb
from devtools import catalogue
from devtools.paths import ROOT

language = pytest.mark.parametrize("language", catalogue.LANGUAGES)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return catalogue.texts()


def keys(messages: Catalog) -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in messages if message.id}


def strings(message: Message) -> tuple[str, ...]:
    found = message.string
    return tuple(found) if isinstance(found, tuple | list) else (found or "",)


def places(text: str) -> Counter[str]:
    """What is put into a text, and the marks of HTML in it."""
    return Counter(re.findall(r"%\(\w+\)s|\{\w*\}|</?[a-z]+", text))


def test_every_language_of_the_site_but_english_has_a_catalogue() -> None:
    assert {code for code, _ in settings.LANGUAGES} == {settings.LANGUAGE_CODE, *catalogue.LANGUAGES}


def test_texts_of_code_templates_dates_and_glossary_are_collected(texts: Catalog) -> None:
    found = {message.id: [name for name, _ in message.locations] for message in texts}
    assert "templates/base.html" in found["Skip to the content"]
    assert found["Write the date without the time of day."] == ["casetracker/dates/written.py"]
    assert found["To give what was asked."] == ["casetracker/glossary.py"]
    assert ("%(n)s court", "%(n)s courts") in found
    assert len(found) > 700
    assert not any(
        name.startswith(("casetracker/admin", "templates/admin")) for names in found.values() for name in names
    )


@language
def test_every_text_is_translated_and_nothing_else_is(texts: Catalog, language: str) -> None:
    found = catalogue.read(language)
    assert keys(found) == keys(texts)
    assert [message.id for message in found if message.id and not catalogue.is_translated(message)] == []


@language
def test_a_translation_has_the_same_places_for_what_is_put_in(language: str) -> None:
    wrong = []
    for message in catalogue.read(language):
        if message.id:
            singular, *plural = message.id if isinstance(message.id, tuple | list) else (message.id,)
            for text, string in zip((singular, *plural), strings(message), strict=True):
                # "Nothing was done to another ruling" need not say that it is one.
                if places(string) != places(text) and not (
                    plural and text == singular and places(string) < places(text)
                ):
                    wrong.append((text, string))
    assert wrong == []


@language
def test_a_translation_begins_and_ends_as_the_text_does(language: str) -> None:
    """With a full stop or without, with a blank or without: templates put texts one behind the other."""
    wrong = []
    for message in catalogue.read(language):
        for string in strings(message) if message.id else ():
            text = message.id[0] if isinstance(message.id, tuple | list) else message.id
            if (text[-1] in ".!?") != (string[-1] in ".!?") and not text.endswith("No."):
                wrong.append((text, string))
            if (text[0].isspace(), text[-1].isspace()) != (string[0].isspace(), string[-1].isspace()):
                wrong.append((text, string))
    assert [pair for pair in wrong if pair[0] not in {"cert."}] == []


def test_the_command_needs_no_settings_from_outside() -> None:
    # With no language it writes nothing.
    program = "import sys; from devtools import catalogue; catalogue.LANGUAGES = (); sys.exit(catalogue.main())"
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


@language
def test_files_are_as_the_command_writes_them(language: str) -> None:
    assert catalogue.text_file(language).read_bytes() == catalogue.as_text(catalogue.updated(language))
    assert catalogue.compiled_file(language).read_bytes() == catalogue.compiled(catalogue.read(language))


# --- the glossary ---------------------------------------------------------------------------------------------------


@language
def test_no_phrase_means_two_terms(language: str) -> None:
    with override(language):
        counted = Counter(phrase.lower() for term in glossary().terms for phrase in set(term.phrases))
    assert [phrase for phrase, count in counted.items() if count > 1] == []


@language
def test_every_label_that_has_a_term_in_english_has_the_same_in_another_language(language: str) -> None:
    labels = [*Verb.labels, *Outcome.labels, *RulingForm.labels, *Role.labels]
    in_english = {str(label): term.key for label in labels if (term := find(str(label)))}
    assert len(in_english) > 40
    lazy = {str(label): label for label in labels}
    with override(language):
        here = {text: term.key for text in in_english if (term := find(str(lazy[text])))}
    assert here == in_english


@language
def test_labels_that_are_put_together_are_found_too(language: str) -> None:
    from django.utils.translation import gettext

    with override(language):
        for verb, label in DERIVED_OUTCOMES.items():
            assert find(gettext("%(label)s in part") % {"label": gettext(label)}), verb
        for verb, label in PASSIVE.items():
            assert find(gettext(label)), verb
        for kind in TransferKind:
            for way in ("%(label)s to", "%(label)s from"):
                assert find(gettext(way) % {"label": kind.label}), kind


@language
def test_terms_stand_in_the_order_of_the_alphabet_whatever_their_accents(language: str) -> None:
    with override(language):
        names = [term.name for term in glossary().terms]
    assert len(names) == len(TERMS)
    plain = [name.lower().translate(str.maketrans("áéíóúñ", "aeioun")) for name in names]
    assert plain == sorted(plain)
