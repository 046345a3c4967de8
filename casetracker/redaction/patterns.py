"""What is looked for: words as they may be written in a text, in an address, in a slug or in JSON. Pure."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

# What stands in place of what is removed: in a text, and in a word of an address.
MARK = "[redacted]"
SLUG_MARK = "redacted"
# The most passages at once, and the most characters of one.
MOST = 20
LONGEST = 2_000

# Between two words of a passage: any white space, and what stands for it in addresses, slugs and JSON.
_BETWEEN = r"(?:[\s\u00a0_+-]|%20|%0[AD]|\\[nrt])+"
# Words that a slug keeps the letters of: O'Brien is obrien there, A.A.V. is aav, García is garcia.
_SPELT_IN_SLUGS = re.compile(r"[(\"“‘']*[^\W_]+(?:['’.-][^\W_]+)*[.,;:)\"”’']*")


class PatternError(ValueError):
    """Nothing can be looked for; the message says why in words for the editor."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """
    `in_database` is a regular expression of PostgreSQL and `in_program` the same for Python; both ignore case.

    Words are found with any white space between them, without their accents too, and written as in addresses and JSON.
    Unless `inside` they are found only as whole words: "Ann" is not found in "Annapolis".
    """

    in_database: str
    in_program: re.Pattern[str]

    @classmethod
    def of(cls, passages: Iterable[str], *, inside: bool = False) -> "Pattern":
        """Raises `PatternError` for nothing, for too much, and for what would be found everywhere."""
        wanted = list(dict.fromkeys(found for passage in passages if (found := passage.strip())))
        if not wanted:
            raise PatternError(_("Write the words that are to be removed."))
        if len(wanted) > MOST:
            raise PatternError(_("Write at most %(most)d passages at once.") % {"most": MOST})
        for passage in wanted:
            if len(passage) > LONGEST:
                raise PatternError(_("A passage has at most %(most)d characters.") % {"most": LONGEST})
            if sum(character.isalnum() for character in passage) < (3 if inside else 2):
                raise PatternError(_("A passage needs at least two letters or digits, three to be found inside words."))
        # The longest first, so that a passage within another leaves nothing of it.
        plain = "|".join(
            _BETWEEN.join(map(_word, passage.split())) for passage in sorted(wanted, key=len, reverse=True)
        )
        return cls(
            _bounded(plain, "[[:alnum:]]", inside=inside),
            re.compile(_bounded(plain, r"[^\W_]", inside=inside), re.IGNORECASE),
        )

    def is_in(self, text: str) -> bool:
        return self.in_program.search(text) is not None

    def removed_from(self, text: str) -> str:
        return self.in_program.sub(MARK, text)


def _bounded(plain: str, letter: str, *, inside: bool) -> str:
    return f"(?:{plain})" if inside else f"(?<!{letter})(?:{plain})(?!{letter})"


def _word(word: str) -> str:
    """One word in each of its spellings."""
    spellings = [word, json.dumps(word)[1:-1], quote(word)]
    if _SPELT_IN_SLUGS.fullmatch(word):
        spellings.append(slugify(word))
    return "(?:" + "|".join(_escaped(spelling) for spelling in dict.fromkeys(spellings) if spelling) + ")"


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() or ord(c) > 127 else f"\\{c}" for c in text)
