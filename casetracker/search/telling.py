"""
What each kind of text says of where it stands, before the words in it are marked: what `snippets` is made of. For the
rows of one page, in one query.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Value
from django.db.models.functions import Greatest, JSONObject, Left, Substr
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


Rows = QuerySet[Any]
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Of one kind of text: the public rows with some keys, what is read of each, and what that makes."""

    rows: Callable[[], Rows]
    columns: Callable[[Asked], dict[str, Any]]
    draft: Callable[[Told], Draft]


def read(asked: Asked, keys: Mapping[Where, Any]) -> dict[tuple[Where, int], Draft]:
    """
    What is told of the rows with these keys, which may be a query for them, as far as they are public. One query for
    all kinds together.
    """
    parts = [
        READERS[where]
        .rows()
        .filter(pk__in=wanted)
        .order_by()
        .values_list(Value(where.value), "pk", JSONObject(**READERS[where].columns(asked)))
        for where, wanted in keys.items()
    ]
    if not parts:
        return {}
    first, *others = parts
    rows = first.union(*others, all=True)
    return {(Where(where), key): READERS[Where(where)].draft(told) for where, key, told in rows}


def _case(told: Told) -> Draft:
    labels = (pgettext("where words are found", "Name"), _("Summary of the case"))
    return Draft(told["name"], reverse("case", args=[told["slug"]]), labels, (_plain(told["summary"]),))


def _entry(told: Told) -> Draft:
    labels = (pgettext("where words are found", "Title"), _("Holding"), _("Summary"))
    return _of_entry(told, labels, (_plain(told["holding"]), _plain(told["summary"])))


def _docket(told: Told) -> Draft:
    return _of_entry(told, (_("Docket text"),) * 2, (_whole_words(told),))


def _document(told: Told) -> Draft:
    return _of_entry(told, (_("Document"),) * 3, (_whole_words(told), told["called"]))


def _citation(told: Told) -> Draft:
    return _of_entry(told, (pgettext("where words are found", "Citation"),))


def _number(told: Told) -> Draft:
    return Draft(
        told["number"],
        reverse("case", args=[told["slug"]]),
        (_("Docket number"),),
        court=told["court"],
        accent=ACCENTS.get(told["level"], "outside"),
        is_marked=False,
    )


def _party(told: Told) -> Draft:
    return Draft(told["name"], reverse("party", args=[told["slug"]]), (_("Party"),))


def _judge(told: Told) -> Draft:
    return Draft(told["name"], reverse("judge", args=[told["slug"]]), (_("Judge"),))


def _of(columns: dict[str, Any]) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: columns


_NAME_AND_SLUG = {"name": "name", "slug": "slug"}


def _link(prefix: str) -> dict[str, str]:
    """What leads to an entry, whichever table it is reached from."""
    paths = {
        "to_title": "title", "to_date": "date", "to_id": "public_id", "to_slug": "case__slug",
        "to_court": "court__short_name", "to_level": "court__level",
    }  # fmt: skip
    return {name: prefix + path for name, path in paths.items()}


def _of_entry(row: Told, labels: tuple[str, ...], texts: tuple[str, ...] = ()) -> Draft:
    date = UncertainDate.from_edtf(row["to_date"])
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


def _whole_words(row: Told) -> str:
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


READERS: Mapping[Where, Reader] = {
    Where.NUMBER: Reader(
        lambda: DocketNumber.objects.public(),
        _of({
            "number": "number", "slug": "proceeding__case__slug", "court": "proceeding__court__short_name",
            "level": "proceeding__court__level",
        }),
        _number,
    ),
    Where.CITATION: Reader(lambda: RulingCitation.objects.public(), _of(_link("ruling__")), _citation),
    Where.CASE: Reader(lambda: Case.objects.public(), _of({**_NAME_AND_SLUG, "summary": "summary"}), _case),
    Where.PARTY: Reader(lambda: Party.objects.public(), _of(_NAME_AND_SLUG), _party),
    Where.JUDGE: Reader(lambda: Judge.objects.public(), _of(_NAME_AND_SLUG), _judge),
    Where.ENTRY: Reader(
        lambda: Event.objects.public(), _of({**_link(""), "holding": "holding", "summary": "summary"}), _entry
    ),
    Where.DOCKET: Reader(
        lambda: DocketEntry.objects.public(), lambda asked: {**_link("event__"), **_around(asked)}, _docket
    ),
    Where.DOCUMENT: Reader(
        lambda: Document.objects.public(),
        lambda asked: {**_link("event__"), **_around(asked), "called": "title"},
        _document,
    ),
}  # fmt: skip
