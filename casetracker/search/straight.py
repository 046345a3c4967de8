"""A docket number or a citation typed into the search box leads straight to what it is of, if that is one thing."""

import re

from django.db.models import Value
from django.urls import reverse

from ..models import DocketNumber, RulingCitation
from ..models.functions import DocketKey
from .hits import cited
from .words import clean_words

# A number alone may be a year, a statute or a sum: "No. 8" is a docket number, "8" is not said to be one.
_IS_A_NUMBER = re.compile(r"(?=.*[0-9])(?=.*[a-z\-–:])[a-z0-9 .,:\-–]{3,40}", re.IGNORECASE)
_IS_A_CITATION = re.compile(r"(?=.*[0-9])(?=.*[a-z]).{5,120}", re.IGNORECASE)


def straight_to(words: str) -> str | None:
    """
    The address of the one public case with this docket number, or of the one public entry with this citation; None for
    anything else, and where there are several. At most two queries.
    """
    words = clean_words(words)
    found: set[str] = set()
    if _IS_A_NUMBER.fullmatch(words):
        numbers = DocketNumber.objects.public().filter(key=DocketKey(Value(words))).order_by()
        slugs = numbers.values_list("proceeding__case__slug", flat=True).distinct()[:2]
        found |= {reverse("case", args=[slug]) for slug in slugs}
    if _IS_A_CITATION.fullmatch(words):
        citations = RulingCitation.objects.public().filter(cited(words)).order_by()
        entries = citations.values_list("ruling__case__slug", "ruling__public_id").distinct()[:2]
        found |= {reverse("entry", args=list(entry)) for entry in entries}
    return found.pop() if len(found) == 1 else None
