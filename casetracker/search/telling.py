"""
What each kind of text says of where it stands, before the words in it are marked: what `snippets` is made of. One query
for each kind, for the rows of one page.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, Value
from django.db.models.functions import Greatest, Left, Substr
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..dates import UncertainDate
from ..language import in_words
from ..models import Case, DocketEntry, DocketNumber, Document, Event, Judge, Party, RulingCitation
from ..models.courts import ACCENTS
from .hits import Where
from .words import Asked

# How much of a text is looked through for the first of the words, and how much is read around it.
_SEARCHED, _BEFORE, _READ = 1_000_000, 160, 1_500

# Letters that the search takes for one.
_ACCENTED = {
    "a": "aàáâãäåā", "c": "cçćč", "e": "eèéêëē", "i": "iìíîïī", "n": "nñń", "o": "oòóôõöøō", "s": "sśš", "u": "uùúûüū",
    "y": "yýÿ", "z": "zźžż",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A snippet before its words are marked: the title, the texts that may have them, and what each is called, the title
    first. `of` is the permanent address of the entry that it tells of, if it is one.
    """

    title: str
    url: str
    labels: tuple[str, ...]
    texts: tuple[str, ...] = ()
    of: str = ""
    date: str = ""
    iso: str = ""
    court: str = ""
    accent: str = ""
    # A number is found as a whole or not at all.
    is_marked: bool = True


def _cases(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = Case.objects.public().filter(pk__in=keys).order_by().values_list("pk", "name", "slug", "summary")
    labels = (pgettext("where words are found", "Name"), _("Summary of the case"))
    return {
        key: Draft(name, reverse("case", args=[slug]), labels, (_plain(summary),)) for key, name, slug, summary in rows
    }


def read_entries(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = Event.objects.public().filter(pk__in=keys).annotate(**_link("")).order_by()
    labels = (pgettext("where words are found", "Title"), _("Holding"), _("Summary"))
    return {
        row["pk"]: _of_entry(row, labels, (_plain(row["holding"]), _plain(row["summary"])))
        for row in rows.values("pk", "holding", "summary", *_LINK)
    }


def _dockets(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = DocketEntry.objects.public().filter(pk__in=keys).order_by()
    rows = rows.annotate(**_around(asked), **_link("event__"))
    labels = (_("Docket text"),) * 2
    return {
        row["pk"]: _of_entry(row, labels, (_whole_words(row),)) for row in rows.values("pk", "part", "start", *_LINK)
    }


def _documents(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = Document.objects.public().filter(pk__in=keys).order_by()
    rows = rows.annotate(**_around(asked), called=F("title"), **_link("event__"))
    labels = (_("Document"),) * 3
    return {
        row["pk"]: _of_entry(row, labels, (_whole_words(row), row["called"]))
        for row in rows.values("pk", "part", "start", "called", *_LINK)
    }


def _citations(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = RulingCitation.objects.public().filter(pk__in=keys).order_by()
    rows = rows.annotate(cited=F("text"), **_link("ruling__"))
    return {
        row["pk"]: _of_entry(row, (pgettext("where words are found", "Citation"),)) for row in rows.values("pk", *_LINK)
    }


def _numbers(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = DocketNumber.objects.public().filter(pk__in=keys).order_by()
    label = _("Docket number")
    return {
        key: Draft(
            number,
            reverse("case", args=[slug]),
            (label,),
            court=court,
            accent=ACCENTS.get(level, "outside"),
            is_marked=False,
        )
        for key, number, slug, court, level in rows.values_list(
            "pk", "number", "proceeding__case__slug", "proceeding__court__short_name", "proceeding__court__level"
        )
    }


def _parties(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = Party.objects.public().filter(pk__in=keys).order_by().values_list("pk", "name", "slug")
    return {key: Draft(name, reverse("party", args=[slug]), (_("Party"),)) for key, name, slug in rows}


def _judges(asked: Asked, keys: set[int]) -> dict[int, Draft]:
    rows = Judge.objects.public().filter(pk__in=keys).order_by().values_list("pk", "name", "slug")
    return {key: Draft(name, reverse("judge", args=[slug]), (_("Judge"),)) for key, name, slug in rows}


READERS: Mapping[Where, Callable[[Asked, set[int]], dict[int, Draft]]] = {
    Where.NUMBER: _numbers,
    Where.CITATION: _citations,
    Where.CASE: _cases,
    Where.PARTY: _parties,
    Where.JUDGE: _judges,
    Where.ENTRY: read_entries,
    Where.DOCKET: _dockets,
    Where.DOCUMENT: _documents,
}

# What leads to an entry, whichever table it is reached from.
_LINK = ("to_title", "to_date", "to_id", "to_slug", "to_court", "to_level")


def _link(prefix: str) -> dict[str, F]:
    paths = ("title", "date", "public_id", "case__slug", "court__short_name", "court__level")
    return {name: F(prefix + path) for name, path in zip(_LINK, paths, strict=True)}


def _of_entry(row: Mapping[str, Any], labels: tuple[str, ...], texts: tuple[str, ...] = ()) -> Draft:
    date: UncertainDate = row["to_date"]
    return Draft(
        row["to_title"],
        reverse("entry", args=[row["to_slug"], row["to_id"]]),
        labels,
        texts,
        of=row["to_id"],
        date=in_words(date),
        iso=date.iso,
        court=row["to_court"] or "",
        accent=ACCENTS.get(row["to_level"], "outside"),
    )


# --- the part of a text that has the words --------------------------------------------------------------------------


def _around(asked: Asked) -> dict[str, Any]:
    """
    Of a column `text` the part from shortly before the first of the words, and where it begins; where none is met, the
    beginning.
    """
    first = Func(
        Left("text", _SEARCHED), Value(_pattern(asked.lexemes)), Value(1), Value(1), Value(0), Value("i"),
        function="regexp_instr", output_field=IntegerField(),
    )  # fmt: skip
    start = Greatest(Value(1), first - Value(_BEFORE))
    return {"start": start, "part": Substr("text", start, _READ)}


def _whole_words(row: Mapping[str, Any]) -> str:
    """The part of a text that was read; where that begins within the text, without half a word and with a sign."""
    part: str = row["part"]
    return part if row["start"] == 1 else f"… {part.partition(' ')[2]}"


def _pattern(lexemes: Iterable[str]) -> str:
    """
    A regular expression for the beginnings of these words, as the index has them: without the last letter where that
    is made for the index ("parti" is party and parties), and whatever the accents.
    """
    words = (lexeme[:-1] if len(lexeme) > 3 and lexeme[-1] in "ie" else lexeme for lexeme in lexemes)
    return rf"\m(?:{'|'.join(''.join(map(_letter, word)) for word in words)})"


def _letter(letter: str) -> str:
    return f"[{_ACCENTED[letter]}]" if letter in _ACCENTED else re.escape(letter)


def _plain(text: str) -> str:
    """A text of an editor without its marks of emphasis and the addresses of its links."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*`]+|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)|^#+ |^> ", "", text, flags=re.MULTILINE)
