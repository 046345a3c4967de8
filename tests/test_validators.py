"""Rules for single values."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from casetracker import validators
from casetracker.validators import (
    LONGEST_TEXT,
    initials_only,
    no_hidden_characters,
    no_identity_numbers,
    text_is_storable,
    time_zone_name,
    web_address,
    without_hidden_characters,
    without_identity_numbers,
)

Rule = Callable[[str], None]


def passes(rule: Rule, value: str) -> bool:
    try:
        rule(value)
    except ValidationError:
        return False
    return True


def refusal(rule: Rule, value: str) -> tuple[str, str]:
    """The code and the words of the refusal."""
    with pytest.raises(ValidationError) as error:
        rule(value)
    return str(error.value.code), " ".join(error.value.messages)


# --- identity numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "123-45-6789",
        "SSN 123-45-6789.",
        "(123-45-6789)",
        "The number is 123-45-6789, as filed",
        "123-45-6789 and more",
        "123\u201145\u20116789",
        "123–45–6789",
        "12\u00ad3-45-6789",
    ],
)
def test_social_security_number_is_refused(text: str) -> None:
    code, words = refusal(no_identity_numbers, text)
    assert code == "identity_number"
    assert "Social Security number" in words
    # The message goes to logs and screens: it must not carry the number on.
    assert "6789" not in words


@pytest.mark.parametrize(
    "text",
    [
        "A123456789",
        "A12345678",
        "A 123 456 789",
        "A-123-456-789",
        "A# 123456789",
        "A#123-456-789",
        "A: 123456789",
        "a123456789",
        "Alien No. 123456789",
        "Alien #123456789",
        "alien 123-456-789",
        "(A123-456-789)",
        "File A123456789.",
        "A No. 123 456 789",
        "A\u2011123\u2011456\u2011789",
        "A\u00a0123\u00a0456\u00a0789",
        "A.123456789",
    ],
)
def test_alien_registration_number_is_refused(text: str) -> None:
    code, words = refusal(no_identity_numbers, text)
    assert code == "identity_number"
    assert "alien registration number" in words
    assert "456" not in words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8:25-cv-00951-PX",
        "No. 25-1345",
        "24A949",
        "No. 24A949",
        "2025-04-10",
        "10 April 2025, 2025-04-10",
        "145 S. Ct. 1017",
        "347 U.S. 483 (1954)",
        "8 U.S.C. § 1231(b)(3)(A)",
        "777 F. Supp. 3d 519",
        "A 12345",
        "Exhibit A 123",
        "Fla. 1234567",
        "USA123456789",
        "1-123-45-6789",
        "123-45-67890",
        "0123-45-6789",
        "ISBN 978-0-13-235088-4",
        "+1 202 555 0143",
        "202-555-0143",
        "ECF 21 at 123456",
        "paid $123,456,789",
        "Section A",
    ],
)
def test_ordinary_numbers_of_the_field_are_no_identity_numbers(text: str) -> None:
    assert passes(no_identity_numbers, text)


# --- characters that cannot be seen ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "character",
    [
        *"\x00\x01\x07\x08\x0b\x0c\x0e\x1b\x7f\x80\x85\x9f",
        *"\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ud800",
    ],
)  # fmt: skip
def test_hidden_character_is_refused_by_name(character: str) -> None:
    code, words = refusal(no_hidden_characters, f"Noem{character}Garcia")
    assert code == "hidden_character"
    assert character not in words
    assert unicodedata.name(character, f"U+{ord(character):04X}").lower() in words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "two\nlines",
        "a\ttab",
        "a\r\nline of a form",
        "Ábrego García",
        "日本語",
        "שלום",
        "العربية",
        "§ 1 — “a” ’ 👩‍⚖️",
        "a\u00adb",
    ],
)
def test_text_that_can_be_seen_passes(text: str) -> None:
    assert passes(no_hidden_characters, text)


# --- texts ----------------------------------------------------------------------------------------------------------


def test_text_of_the_greatest_length_passes_and_one_more_does_not() -> None:
    assert passes(text_is_storable, "a" * LONGEST_TEXT)
    code, words = refusal(text_is_storable, "a" * (LONGEST_TEXT + 1))
    assert (code, words) == ("too_long", "This has 20001 characters; the most is 20000.")


@pytest.mark.parametrize(
    ("text", "code"),
    [("a\u202eb", "hidden_character"), ("A123456789", "identity_number"), ("123-45-6789", "identity_number")],
)
def test_stored_text_keeps_every_rule(text: str, code: str) -> None:
    assert refusal(text_is_storable, f"Some words, then {text}")[0] == code


@given(st.text(max_size=300))
def test_text_is_stored_or_refused_and_never_crashes(text: str) -> None:
    if passes(text_is_storable, text):
        assert "\x00" not in text
        assert not re.search(r"\b\d{3}-\d{2}-\d{4}\b", text, re.ASCII)
    else:
        code, words = refusal(text_is_storable, text)
        assert code in {"hidden_character", "identity_number"}
        assert words


@given(st.text(alphabet="A0123456789- #.:lien No", max_size=40))
def test_nine_digits_after_an_a_never_pass(text: str) -> None:
    found = re.search(r"(?<![A-Za-z0-9])A\d{9}(?!\d)", text)
    assert not (found and passes(no_identity_numbers, text))


# --- initials, zones, addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["A.", "A.B.", "A. B.", "A.-B.", "A.A.V.", " A.A.V. ", "É.Ö.", "A.B.C.D.E."])
def test_initials_pass(name: str) -> None:
    assert passes(initials_only, name)


@pytest.mark.parametrize(
    "name", ["", "A", "AB", "Ann B.", "A. Bell", "A.B.C.D.E.F.", "A..B.", ".A.", "A.B. Smith", "A,B."]
)
def test_more_than_initials_is_refused(name: str) -> None:
    assert refusal(initials_only, name) == ("not_initials", "For a minor store only the initials, such as A.B.")


@pytest.mark.parametrize("name", ["America/New_York", "Europe/London", "UTC", "Pacific/Guam"])
def test_name_of_a_time_zone_passes(name: str) -> None:
    assert passes(time_zone_name, name)


@pytest.mark.parametrize(
    "name", ["", "Eastern", "america/new_york", "America/Baltimore", "../etc/passwd", "\x00", "EST5EDT "]
)
def test_unknown_time_zone_is_refused_with_an_example(name: str) -> None:
    code, words = refusal(time_zone_name, name)
    assert code == "unknown_time_zone"
    assert "America/New_York" in words


@pytest.mark.parametrize(
    "address",
    [
        "https://www.supremecourt.gov/opinions/24pdf/24a949_lkhn.pdf",
        "http://example.org",
        "https://example.org:8443/a?b=c#d",
        "https://[2001:db8::1]/",
        "https://例え.jp/道",
        "https://web.archive.org/web/2025/https://example.org/",
        "HTTPS://EXAMPLE.ORG/",
    ],
)
def test_web_address_passes(address: str) -> None:
    assert passes(web_address, address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "//example.org",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<b>",
        "mailto:a@example.org",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "https:example.org",
        "https://[::1",
        "https://exa mple.org/",
        "https://example.org/a b",
        "https://example.org/\n",
        " https://example.org/",
        'https://example.org/"onclick="x',
        "https://example.org/<script>",
        "\x00https://example.org/",
        "https://example.org/\x00",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    code, words = refusal(web_address, address)
    assert (code, words) == ("not_a_web_address", "Write a full address that begins with https:// or http://.")


@given(st.text(max_size=80), st.sampled_from(["", "https://", "http://", "https://[", "javascript:", "//"]))
def test_address_is_of_the_web_or_refused_and_never_crashes(text: str, start: str) -> None:
    address = start + text
    if passes(web_address, address):
        assert address.lower().startswith(("https://", "http://"))
        assert not re.search(r"[\s<>\"]", address)


RULES = [no_identity_numbers, no_hidden_characters, text_is_storable, initials_only, time_zone_name, web_address]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "value",
    [
        "",
        "\x00",
        "\ud800",
        "a" * 100_000,
        "\u202e" * 50,
        "٣" * 9,
        "%00",
        "(" * 2000,
        "A" * 5000 + "1",
        "A." * 5000,
        "https://[" * 99,
    ],
    ids=range(11),
)
def test_rule_refuses_or_accepts_anything_without_another_error(rule: Rule, value: str) -> None:
    assert passes(rule, value) in {True, False}


def test_every_rule_is_tested_here() -> None:
    public = {
        value
        for name, value in vars(validators).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == validators.__name__
    }
    assert public == {*RULES, without_identity_numbers, without_hidden_characters}


def test_what_a_rule_refuses_can_be_taken_out_and_is_counted() -> None:
    text = "Born on 1 May, SSN 123‑45‑6789, A 123-456-789, filed 12-34."
    plain, count = without_identity_numbers(text)
    assert (plain, count) == ("Born on 1 May, SSN [number removed], [number removed], filed 12-34.", 2)
    assert without_identity_numbers("A–B, 1990–1995") == ("A–B, 1990–1995", 0)
    assert without_hidden_characters("a\u200bb\x00c") == ("abc", 2)


@given(st.text() | st.from_regex(r"[A ]{0,2}\d{3}[- ‑]\d{2,3}[- ‑]\d{3,4}"))
def test_what_was_taken_out_is_refused_no_more(value: str) -> None:
    plain, _ = without_hidden_characters(without_identity_numbers(value)[0])
    assert passes(no_hidden_characters, plain)
    if value == plain:
        assert passes(no_identity_numbers, value)
