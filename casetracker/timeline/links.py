"""From one entry to another: addresses, and the columns from which a link to it is made."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import get_language

from ..dates import UncertainDate
from ..language import in_words
from ..models.courts import ACCENTS
from ..models.visibility import EventQuerySet
from .structures import EntryLink


def links(events: EventQuerySet) -> list[EntryLink]:
    """Enough of each entry of a queryset that starts from `Event.objects.public()` to lead to it. One query."""
    columns = {f"x_{name}": value for name, value in link_columns("").items()}
    return [link(without_prefix(row, "x_")) for row in events.annotate(**columns).values(*columns)]


def entry_path(slug: str, public_id: str, language: str | None = None) -> str:
    """The permanent address of an entry, for a reader of `language`, the one of now if not told."""
    return f"{case_path(slug, language or get_language())}{public_id}/"


def file_path(uuid: str | None) -> str:
    """The address of the file of a document with this word in it; empty for none. Files are in no language."""
    return f"/documents/{uuid}/" if uuid else ""


def said_path(slug: str, public_id: str) -> str:
    """The address of what was said about an entry."""
    return f"{entry_path(slug, public_id)}said/"


@lru_cache(maxsize=1024)  # one page names the same few cases thousands of times
def case_path(slug: str, language: str | None) -> str:
    """The address of a case in the language of the reader, which `language` is: each has its own."""
    return reverse("case", args=[slug])


def link_columns(prefix: str) -> dict[str, Any]:
    """The columns from which `link` makes an `EntryLink`."""
    return {
        "title": F(f"{prefix}title"),
        "date": F(f"{prefix}date"),
        "id": F(f"{prefix}public_id"),
        "slug": F(f"{prefix}case__slug"),
        "court": F(f"{prefix}court__short_name"),
        "level": F(f"{prefix}court__level"),
    }


def link(
    item: Mapping[str, Any], on_page: frozenset[str] | set[str] = frozenset(), language: str | None = None
) -> EntryLink:
    """Of an item with `link_columns`, in `language`, the one of now if not told."""
    date = item["date"]
    language = language or get_language()
    if isinstance(date, str):
        date = UncertainDate.from_edtf(date)
    return EntryLink(
        title=item["title"],
        date=in_words(date, language=language),
        court=item["court"] or "",
        accent=ACCENTS.get(item["level"], "outside"),
        url=entry_path(item["slug"], item["id"], language),
        same_page=item["id"] if item["id"] in on_page else "",
    )


def without_prefix(row: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
