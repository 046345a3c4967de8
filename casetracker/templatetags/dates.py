"""Dates in the language of the page: as the record has them, and days of the calendar."""

import datetime

from django import template
from django.utils import timezone

from ..dates import UncertainDate, Use, grammar
from ..language import get_language, in_words

register = template.Library()

# Text is EDTF, which a plain day from the database is too.
Date = UncertainDate | datetime.date | str | None


def _said(date: Date, use: Use) -> str:
    if isinstance(date, datetime.date):
        date = UncertainDate.on(date.year, date.month, date.day)
    return in_words(date, use)


@register.filter
def words(date: Date) -> str:
    """ "10 April 2025"; empty for none."""
    return _said(date, Use.ALONE)


@register.filter
def words_after(date: Date) -> str:
    """Behind a preposition such as since, until or from."""
    return _said(date, Use.AFTER)


@register.filter
def words_when(date: Date) -> str:
    """Behind what was done then: "filed 10 April 2025"."""
    return _said(date, Use.WHEN)


@register.filter
def month_words(day: datetime.date) -> str:
    """The month of a day: "April 2025"."""
    return grammar(get_language() or "en").month(day)


@register.simple_tag
def today() -> datetime.date:
    return timezone.localdate()
