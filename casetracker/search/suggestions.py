"""
What is offered while somebody types: public cases, courts, parties in public life and docket numbers whose words begin
as typed. Private persons are never offered: their names are found by who knows them, and spread to nobody else.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Case, Court, DocketNumber, Party, PartyKind
from ..models.functions import TEXT_SEARCH_CONFIG, DocketKey, SortKey
from ..patience import rows_of
from .words import SHORTEST_PREFIX, clean_words

# Of each kind.
MOST = 5
# Of names that begin so, so many are looked at before the shortest are offered.
_LOOKED_AT = 200
# Milliseconds for each of the four queries: who goes on typing is not to wait.
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is offered, of which kind it is, and where it leads."""

    text: str
    label: str
    url: str


def suggest(words: str) -> list[Suggestion]:
    """
    What may be meant by what was typed so far, cases first; nothing for less than three letters. Four queries.
    Raises `TakesTooLongError`.
    """
    words = clean_words(words)
    beginnings = re.findall(r"[^\W_]+", words)
    if sum(map(len, beginnings)) < SHORTEST_PREFIX:
        return []
    named = _all_begin(beginnings)
    public = Q(kind=PartyKind.PRIVATE_PERSON) | Q(is_minor=True)
    cases = _shortest(Case.objects.public().filter(search=named), "name", "slug")
    parties = _shortest(Party.objects.public().exclude(public).filter(search=named), "name", "slug")
    courts = Court.objects.in_use().public().filter(_called(words)).order_by("display_order", "sort_key", "pk")
    return [
        *(Suggestion(name, _("Case"), reverse("case", args=[slug])) for name, slug in cases),
        *_numbers(words),
        *(
            Suggestion(name, _("Court"), reverse("court", args=[key]))
            for name, key in rows_of(courts.values_list("name", "pk")[:MOST], PATIENCE)
        ),
        *(Suggestion(name, _("Party"), reverse("party", args=[slug])) for name, slug in parties),
    ]


def _all_begin(beginnings: list[str]) -> SearchQuery:
    """That in names, which are of weight A, some word begins with each of these."""
    text = " & ".join(f"'{beginning}':*A" for beginning in beginnings)
    return SearchQuery(text, config=TEXT_SEARCH_CONFIG, search_type="raw")


def _shortest(rows: QuerySet[Any], *columns: str) -> list[tuple[Any, ...]]:
    found = rows_of(rows.order_by().values_list(*columns)[:_LOOKED_AT], PATIENCE)
    return sorted(found, key=lambda row: (len(row[0]), row))[:MOST]


def _called(words: str) -> Q:
    return Q(sort_key__contains=SortKey(Value(words))) | Q(short_name__istartswith=words)


def _numbers(words: str) -> list[Suggestion]:
    """Docket numbers that begin so, in any spelling of what was typed."""
    if not any(sign.isdigit() for sign in words):
        return []
    rows = DocketNumber.objects.public().filter(key__startswith=DocketKey(Value(words)))
    columns = ("number", "proceeding__case__name", "proceeding__case__slug")
    found = rows.order_by(Length("key"), "key", "pk").values_list(*columns)
    return [
        Suggestion(f"{number}, {name}", _("Docket number"), reverse("case", args=[slug]))
        for number, name, slug in rows_of(found[:MOST], PATIENCE)
    ]
