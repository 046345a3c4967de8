"""Hypothesis strategies for dates, shared by the tests of the value and of its column."""

from __future__ import annotations

import datetime
from calendar import monthrange
from typing import Any

from hypothesis import strategies as st

from casetracker.dates import Form, Point, UncertainDate


@st.composite
def points(draw: Any, first_year: int = 1000, last_year: int = 2199) -> Point:
    """Days, months and years, with more of the ends of months than chance would give."""
    year = draw(st.integers(first_year, last_year))
    month = draw(st.none() | st.integers(1, 12))
    if month is None:
        return Point(year)
    length = monthrange(year, month)[1]
    return Point(year, month, draw(st.none() | st.integers(1, length) | st.sampled_from([1, 28, length])))


@st.composite
def uncertain_dates(draw: Any, first_year: int = 1000, last_year: int = 2199) -> UncertainDate:
    form = draw(st.sampled_from(Form))
    circa = draw(st.booleans())
    first = draw(points(first_year, last_year))
    if form is Form.ON:
        return UncertainDate(form, first, first, circa)
    if form is Form.BEFORE:
        return UncertainDate(form, None, first, circa)
    if form is Form.AFTER:
        return UncertainDate(form, first, None, circa)
    # Half of the ranges are short, so that ends share their month and year.
    last = draw(points(first_year, last_year) | points(first.year, min(first.year + 1, last_year)))
    if first.first_day > last.last_day:
        first, last = last, first
    return UncertainDate(form, first, last, circa)


def days(first_year: int, last_year: int) -> st.SearchStrategy[datetime.date]:
    return st.dates(datetime.date(first_year, 1, 1), datetime.date(last_year, 12, 31))


@st.composite
def nearly_edtf(draw: Any) -> str:
    """Canonical text with up to three characters changed, put in or left out."""
    text = draw(uncertain_dates()).edtf
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        new = draw(st.sampled_from(["", *"0123456789-~/.[] \n²٣–x"]))
        text = text[:place] + new + text[place + draw(st.integers(0, 1)) :]
    return text
