"""
Rules for single values, shared by models, forms and importers. Pure: each raises `ValidationError` or returns None.
"""

import functools
import re
import unicodedata
import zoneinfo
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError

# The longest text that a summary or note may have, in characters; far below what full text search can index (1 MB).
LONGEST_TEXT = 20_000

# As PostgreSQL reads them too: `models/functions.py` makes a function of the database of them.
SOCIAL_SECURITY_NUMBER = (
    r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"
    r"|((?:\mSSN|social security)[^0-9]{0,20})\d{3}[ -]?\d{2}[ -]?\d{4}(?!\d)"
)
ALIEN_NUMBER = r"(?<![A-Za-z0-9])A(?:lien)?[ #:.-]*(?:No\.? ?)?(?:\d{2,3}[ -]\d{3}[ -]\d{3}|\d{8,9})(?!\d)"
_SOCIAL_SECURITY_NUMBER = re.compile(SOCIAL_SECURITY_NUMBER.replace(r"\m", r"\b"), re.IGNORECASE)
_ALIEN_NUMBER = re.compile(ALIEN_NUMBER, re.IGNORECASE)
# In an address a small a before digits is mostly part of somebody's own numbering.
_IN_ADDRESS = re.compile(r"(?<![\dA-Za-z-])(?:\d{3}-\d{2}-\d{4}|A-?\d{8,9}|A-?\d{3}-\d{3}-\d{3})(?![\dA-Za-z-])")
_REMOVED = "[number removed]"
# Hyphens, dashes and spaces as word processors and PDF files write them.
DASHES_AND_SPACES = ("\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\u2009\u202f", "------   ", "\u00ad")
_PLAIN = str.maketrans(*DASHES_AND_SPACES)
# The figures of either number, whatever stands around them: few texts have such, and that is seen quickly. A date with
# strokes has not.
_MAY_BE_ONE = re.compile(r"\d\d(?:\d[ -]?\d{2}[ -]?\d{4}|\d?[ -]\d{3}[ -]\d{3}|\d{6})")
_INITIALS = re.compile(r"(?:\w\.[ -]?){1,5}", re.UNICODE)
# Characters that reorder or hide text: bidirectional overrides and isolates, zero-width marks, controls but newline and
# tab; and halves of a character (surrogates), which no database can hold.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)


def no_identity_numbers(value: str) -> None:
    """Refuse Social Security and alien registration numbers; the house rule is that neither is ever stored."""
    value = value.translate(_PLAIN)
    if _SOCIAL_SECURITY_NUMBER.search(value):
        raise ValidationError(
            "This contains what looks like a Social Security number. Such numbers are never stored; leave it out, or "
            "write no more than its last four digits.",
            code="identity_number",
        )
    if _ALIEN_NUMBER.search(value):
        raise ValidationError(
            "This contains what looks like an alien registration number (A-number). Such numbers are never stored; "
            "leave it out.",
            code="identity_number",
        )


def without_identity_numbers(value: str) -> tuple[str, int]:
    """The text with each such number replaced, and how many there were; for texts that others wrote."""
    plain = value if value.isascii() else value.translate(_PLAIN)
    if not _MAY_BE_ONE.search(plain):
        return value, 0
    plain, social = _SOCIAL_SECURITY_NUMBER.subn(lambda found: f"{found[1] or ''}{_REMOVED}", plain)
    plain, alien = _ALIEN_NUMBER.subn(_REMOVED, plain)
    return (plain, social + alien) if social + alien else (value, 0)


def without_hidden_characters(value: str) -> tuple[str, int]:
    """The text without the characters that `no_hidden_characters` refuses, and how many there were."""
    # No hidden character is printable.
    return (value, 0) if value.isprintable() else _HIDDEN.subn("", value)


def no_hidden_characters(value: str) -> None:
    """Refuse control, zero-width and direction-changing characters: they make a text read otherwise than it is."""
    found = _HIDDEN.search(value)
    if found:
        name = unicodedata.name(found.group(), f"U+{ord(found.group()):04X}").lower()
        raise ValidationError(
            "This contains a character that cannot be seen (%(name)s). "
            "Delete it, or paste the text again as plain text.",
            code="hidden_character",
            params={"name": name},
        )


def text_is_storable(value: str) -> None:
    """Every text that an editor types: nothing hidden, no identity number, not longer than `LONGEST_TEXT`."""
    no_hidden_characters(value)
    no_identity_numbers(value)
    if len(value) > LONGEST_TEXT:
        raise ValidationError(
            "This has %(length)s characters; the most is %(most)s.",
            code="too_long",
            params={"length": len(value), "most": LONGEST_TEXT},
        )


def initials_only(value: str) -> None:
    """For minors: only initials are stored, as in "A.A.V."."""
    if not _INITIALS.fullmatch(value.strip()):
        raise ValidationError("For a minor store only the initials, such as A.B.", code="not_initials")


@functools.cache
def _time_zones() -> frozenset[str]:
    """The names of all zones, read from the disk once: that takes 12 ms."""
    return frozenset(zoneinfo.available_timezones())


def time_zone_name(value: str) -> None:
    """A name of the IANA time zone database, such as America/New_York."""
    if value not in _time_zones():
        raise ValidationError(
            "%(value)s is not a time zone. Write one such as America/New_York or Europe/London.",
            code="unknown_time_zone",
            params={"value": value},
        )


def web_address(value: str) -> None:
    """An http or https address with a host. Anything else (javascript:, data:) must never become a link."""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"http", "https"} or re.search(r"[\s<>\"]", value) or _HIDDEN.search(value):
        raise ValidationError("Write a full address that begins with https:// or http://.", code="not_a_web_address")
    if _IN_ADDRESS.search(unquote(value).translate(_PLAIN)):
        raise ValidationError(
            "This address contains what looks like a Social Security or alien registration number (A-number). Such "
            "numbers are never stored; leave it out, and name the source without it.",
            code="identity_number",
        )
