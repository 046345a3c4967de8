"""What people write is read as meant, shown as known, and ordered as stated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from date_strategies import days, nearly_edtf, points, uncertain_dates
from hypothesis import given, settings
from hypothesis import strategies as st

from casetracker.dates import DateError, Form, Point, Precision, UncertainDate, parse, parse_bound

# -- Reading -----------------------------------------------------------------------------------------------------------

SPELLINGS = {
    "2025-04-10": [
        "2025-04-10",
        "  2025-04-10 ",
        "2025‑04‑10",
        "2025–04–10",
        "10 April 2025",
        "10\N{NO-BREAK SPACE}April\n2025",
        "10 APRIL 2025",
        "April 10, 2025",
        "April 10 2025",
        "10 Apr 2025",
        "Apr. 10, 2025",
        "10th April 2025",
        "10th of April 2025",
        "April 10th, 2025",
        "Thursday 10 April 2025",
        "Thu, 10 Apr 2025",
        "Thursday, April 10, 2025",
        "between 10 and 10 April 2025",
        "2025-04-10/2025-04-10",
    ],
    "2025-04": ["2025-04", "April 2025", "April, 2025", "apr 2025"],
    "1801": ["1801", " 1801 "],
    "2025-09-02": ["2 Sept 2025", "Sept. 2, 2025", "Tues. 2 September 2025"],
    "1801~": ["c. 1801", "c.1801", "c1801", "ca 1801", "ca. 1801", "circa 1801", "~1801", "1801~", "approx. 1801"],
    "1801-03~": ["circa March 1801", "about March 1801", "around 1801-03", "approximately mar 1801"],
    "2025-04-10~": ["about 10 April 2025", "about April 10, 2025", "2025-04-10~"],
    "[..1801-03-04]": ["before 4 March 1801", "before March 4, 1801", "BEFORE 1801-03-04", "[..1801-03-04]"],
    "[..1801~]": ["before about 1801", "before c. 1801"],
    "[2026-02-26..]": ["after 26 February 2026", "after Thursday, 26 February 2026", "[2026-02-26..]"],
    "[2026-02..]": ["after Feb 2026"],
    "1952-12-09/1952-12-11": [
        "9-11 December 1952",
        "9–11 December 1952",
        "9 – 11 December 1952",
        "9 — 11 December 1952",
        "9 to 11 December 1952",
        "from 9 to 11 December 1952",
        "from 9-11 December 1952",
        "9 through 11 December 1952",
        "December 9-11, 1952",
        "December 9–11, 1952",
        "Dec. 9 to 11, 1952",
        "December 9 – December 11, 1952",
        "Tuesday 9 to Thursday 11 December 1952",
        "1952-12-09 - 1952-12-11",
        "1952-12-09–1952-12-11",
        "1952-12-09 to 1952-12-11",
        "1952-12-09/1952-12-11",
    ],
    "1952-04-30/1952-05-02": ["30 April – 2 May 1952", "30 April - 2 May 1952", "30 April-2 May 1952"],
    "1952-12-30/1953-01-02": ["30 December 1952 – 2 January 1953", "December 30, 1952 to January 2, 1953"],
    "2025-03-15/2025-03-24": ["15 March to 24 March 2025", "March 15 to March 24, 2025"],
    "1952-04/1952-05": ["April–May 1952", "April - May 1952", "April-May 1952", "from April to May 1952"],
    "1952/1954": ["1952–1954", "1952-1954", "1952 to 1954"],
    "1952-12-09~/1952-12-11~": ["about 9–11 December 1952", "1952-12-09~/1952-12-11~", "1952-12-09~/1952-12-11"],
    "[2025-03-15..2025-03-24]": [
        "between 15 and 24 March 2025",
        "between 15 March and 24 March 2025",
        "between March 15 and 24, 2025",
        "between March 15 and March 24, 2025",
        "between 2025-03-15 and 2025-03-24",
        "[2025-03-15..2025-03-24]",
    ],
    "[1801-12-17~..1801-12-21~]": [
        "between about 17 and about 21 December 1801",
        "between about 17 and 21 December 1801",
        "between 17 and about 21 December 1801",
        "about between 17 and 21 December 1801",
        "[1801-12-17~..1801-12-21~]",
    ],
}


@pytest.mark.parametrize(("edtf", "text"), [(edtf, text) for edtf, texts in SPELLINGS.items() for text in texts])
def test_parse_reads_what_people_write(edtf: str, text: str) -> None:
    assert parse(text).edtf == edtf


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a date"),
        (" \n", "Write a date"),
        ("soon", "This is not a date"),
        ("10/04/2025", "Write 2025-04-10, or 10 April 2025"),
        ("04/10/2025", "Write 2025-04-10, or 10 April 2025"),
        ("4.10.25", "Write 2025-04-10, or 10 April 2025"),
        ("10-04-2025", "Write 2025-04-10, or 10 April 2025"),
        ("between 10/04/2025 and 11/04/2025", "Write 2025-04-10, or 10 April 2025"),
        ("2025/04/10", "with hyphens, 2025-04-10"),
        ("1952-54", "Write both years in full"),
        ("1801–12", "Write both years in full"),
        ("Friday 10 April 2025", "10 April 2025 was a Thursday."),
        ("Thursday April 2025", "A day of the week needs a day of the month."),
        ("2024-02-30", "February 2024 has 29 days, so no day 30."),
        ("29 February 1900", "February 1900 has 28 days, so no day 29."),
        ("0 April 2025", "April 2025 has 30 days, so no day 0."),
        ("2025-13", "Write both years in full"),
        ("2025-13-01", "There is no month 13"),
        ("2025-00", "There is no month 0"),
        ("2025-00-10", "There is no month 0"),
        ("2025-00 to 2025-02", "There is no month 0"),
        ("0", "Write a year from 1000 to 2199"),
        ("-44", "Write a year from 1000 to 2199"),
        ("0999", "Write a year from 1000 to 2199"),
        ("0000-01-01", "Write a year from 1000 to 2199"),
        ("0000-01-01 to 1952-01-01", "Write a year from 1000 to 2199"),
        ("2200-01-01", "Write a year from 1000 to 2199"),
        ("99999", "Write a year from 1000 to 2199"),
        ("99999-01-01", "Write a year from 1000 to 2199"),
        ("1 May 9999", "Write a year from 1000 to 2199"),
        ("10 April 25", "with four digits"),
        ("April 10, '25", "with four digits"),
        ("10 April", "needs its year"),
        ("before 10 April", "needs its year"),
        ("2025-04-10T12:00", "without the time of day"),
        ("10 April 2025, 11:59 pm", "without the time of day"),
        (
            "11 December 1952 – 9 December 1952",
            "The first date, 11 December 1952, is later than the second, 9 December",
        ),
        ("30 December – 2 January 1953", "The first date, 30 December 1953, is later than the second, 2 January 1953"),
        ("9 April to 1952", "Write both ends in full"),
        ("April to 1952", "Write both ends in full"),
        ("9 to May 1952", "Write both ends in full"),
        ("from 1801", "A range has two ends"),
        ("between 1801", "A range has two ends"),
        ("1 to 2 to 3 May 1801", "A range has two ends"),
        ("about before 1801", "This is not a date"),
        ("before after 1801", "This is not a date"),
        ("by 1801", "This is not a date"),
        ("2025-04-10/", "Write EDTF as"),
        ("[2025-04-10]", "Write EDTF as"),
        ("[..]", "Write EDTF as"),
        ("2025-04?", "This is not a date"),
        ("1e5", "This is not a date"),
        ("٢٠٢٥", "the character U+0662"),
        ("２０２５", "the character U+FF12"),
        ("2025\x00", "the character U+0000"),
        ("2025\ud800", "the character U+D800"),
        ("\u202e2025", "the character U+202E"),
        ("9" * 5000, "at most 100 characters"),
        ("10 April 2025" + " " * 100, "at most 100 characters"),
    ],
)
def test_parse_refuses_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DateError) as caught:
        parse(text)
    message = str(caught.value)
    assert sentence in message
    assert message.endswith(".")
    assert message.isprintable()


@given(st.text(max_size=120) | nearly_edtf() | st.text("0123456789 -–/.,[]~abcdefthnmayprilwu", max_size=40))
@settings(max_examples=500)
def test_parse_never_raises_anything_but_a_date_error(text: str) -> None:
    try:
        value = parse(text)
    except DateError:
        return
    assert parse(value.words) == value


@given(
    st.lists(
        st.sampled_from(
            (
                *("between", "and", "from", "to", "before", "after", "about", "c.", "~", "-", "–", "/", "..", "[", "]"),
                *("el", "de", "a", "antes de", "hacia", "entre", "y", "abril", "mar", "1.º", "viernes"),
                *(",", "9", "31", "0", "1801", "2025-04", "2025-02-30", "march", "Feb.", "Thursday", "of", "th", " "),
            )
        ),
        max_size=12,
    ),
    st.sampled_from(["", " "]),
)
@settings(max_examples=500)
def test_parse_reads_or_refuses_any_mixture_of_its_own_words(words: list[str], joint: str) -> None:
    try:
        value = parse(joint.join(words))
    except DateError:
        return
    assert UncertainDate.from_edtf(value.edtf) == value


@pytest.mark.parametrize("piece", ["9", " ", "–", " to ", "-", "~", "[", "about ", "between ", "٣", "9-", "c"])
def test_parse_refuses_a_megabyte_without_reading_it(piece: str) -> None:
    with pytest.raises(DateError, match="at most 100 characters"):
        parse(piece * (1_000_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-04-10", date(2025, 4, 10), date(2025, 4, 10)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("10 April 2025", date(2025, 4, 10), date(2025, 4, 10)),
    ],
)
def test_parse_bound_gives_the_first_and_last_day(text: str, first: date, last: date) -> None:
    assert parse_bound(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["1801~", "before 1801", "1801-1803", "between 1801 and 1803", "x", "", "99999", "\x00"]
)
def test_parse_bound_refuses_what_is_not_one_plain_date(text: str) -> None:
    with pytest.raises(DateError):
        parse_bound(text)


# -- The value ---------------------------------------------------------------------------------------------------------


@given(uncertain_dates())
@settings(max_examples=500)
def test_words_and_edtf_read_back_to_the_same_value(value: UncertainDate) -> None:
    assert parse(value.words) == value
    assert parse(value.edtf) == value
    assert UncertainDate.from_edtf(value.edtf) == value
    assert len(value.edtf) <= 26


@pytest.mark.parametrize(
    ("edtf", "words", "iso"),
    [
        ("2025-04-10", "10 April 2025", "2025-04-10"),
        ("2025-04", "April 2025", "2025-04"),
        ("1801", "1801", "1801"),
        ("1801-03~", "about March 1801", "1801-03"),
        ("1952-12-09/1952-12-11", "9–11 December 1952", "1952-12-09"),
        ("1952-12-09~/1952-12-11~", "about 9–11 December 1952", "1952-12-09"),
        ("1952-04-30/1952-05-02", "30 April – 2 May 1952", "1952-04-30"),
        ("1952-12-30/1953-01-02", "30 December 1952 – 2 January 1953", "1952-12-30"),
        ("1952-04/1952-05", "April–May 1952", "1952-04"),
        ("1952-12/1953-01", "December 1952 – January 1953", "1952-12"),
        ("1952/1954", "1952–1954", "1952"),
        ("1952/1954-05", "1952 – May 1954", "1952"),
        ("[2025-03-15..2025-03-24]", "between 15 and 24 March 2025", "2025-03-15"),
        ("[1952-04-30..1952-05-02]", "between 30 April and 2 May 1952", "1952-04-30"),
        ("[1952-04..1952-05]", "between April and May 1952", "1952-04"),
        ("[1801-12-17~..1801-12-21~]", "between about 17 and about 21 December 1801", "1801-12-17"),
        ("[..1801-03-04]", "before 4 March 1801", "1801-03-04"),
        ("[2026-02-26..]", "after 26 February 2026", "2026-02-26"),
    ],
)
def test_date_is_shown_with_the_precision_it_has(edtf: str, words: str, iso: str) -> None:
    value = UncertainDate.from_edtf(edtf)
    assert (value.words, str(value), value.iso) == (words, words, iso)


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest", "precision"),
    [
        ("2025-04-10", date(2025, 4, 10), date(2025, 4, 10), Precision.DAY),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("1801~", date(1801, 1, 1), date(1801, 12, 31), Precision.YEAR),
        ("1952-12-09/1952-12-11", date(1952, 12, 9), date(1952, 12, 11), Precision.DAY),
        ("1952-04-30/1952-05", date(1952, 4, 30), date(1952, 5, 31), Precision.MONTH),
        ("[1952..1953-05-02]", date(1952, 1, 1), date(1953, 5, 2), Precision.YEAR),
        ("[..1801-03]", None, date(1801, 3, 1), Precision.MONTH),
        ("[2026-02..]", date(2026, 2, 28), None, Precision.MONTH),
        ("[..1000]", None, date(1000, 1, 1), Precision.YEAR),
        ("[2199..]", date(2199, 12, 31), None, Precision.YEAR),
    ],
)
def test_ends_follow_from_the_points(
    edtf: str, earliest: date | None, latest: date | None, precision: Precision
) -> None:
    value = UncertainDate.from_edtf(edtf)
    assert (value.earliest, value.latest, value.precision) == (earliest, latest, precision)


@given(uncertain_dates())
def test_earliest_is_never_after_latest(value: UncertainDate) -> None:
    if value.earliest is None or value.latest is None:
        assert value.form in (Form.BEFORE, Form.AFTER)
        assert value.sort_date == (value.earliest or value.latest)
    else:
        assert value.earliest <= value.latest
        assert value.sort_date == value.earliest


@given(points())
def test_range_of_one_point_is_that_point(point: Point) -> None:
    on = UncertainDate.on(point.year, point.month, point.day)
    assert UncertainDate(Form.SPAN, point, point) == on
    assert UncertainDate(Form.BETWEEN, point, point) == on
    assert on.edtf == point.iso


@pytest.mark.parametrize(
    ("form", "first", "last"),
    [
        (Form.ON, Point(1801), None),
        (Form.ON, Point(1801), Point(1802)),
        (Form.SPAN, None, Point(1801)),
        (Form.BEFORE, Point(1801), None),
        (Form.BEFORE, Point(1801), Point(1802)),
        (Form.AFTER, None, Point(1801)),
        (Form.BETWEEN, None, None),
        (Form.SPAN, Point(1802), Point(1801, 12, 31)),
    ],
)
def test_date_with_the_wrong_ends_cannot_be_made(form: Form, first: Point | None, last: Point | None) -> None:
    with pytest.raises(DateError):
        UncertainDate(form, first, last)


def test_ends_of_different_precision_need_one_reading_in_order() -> None:
    assert UncertainDate.from_edtf("2025-04-10/2025-04").latest == date(2025, 4, 30)
    assert UncertainDate.from_edtf("2025-04/2025-04-10").latest == date(2025, 4, 10)
    with pytest.raises(DateError):
        UncertainDate.from_edtf("2025-04/2025-03-31")


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(999, None, None), (2200, 1, 1), (2025, 13, None), (2025, 0, 1), (2025, 2, 29), (2025, 4, 0), (2025, None, 1)],
)
def test_on_refuses_a_day_the_calendar_does_not_have(year: int, month: int | None, day: int | None) -> None:
    with pytest.raises(DateError):
        UncertainDate.on(year, month, day)


# -- Order -------------------------------------------------------------------------------------------------------------


def test_order_puts_the_earliest_first_and_of_those_the_vaguer() -> None:
    in_order = [
        "1801",  # it begins in January
        "1801-03-31",
        "[..1801-04-01]",
        "1801-04",
        "[1801-04-01..1801-04-03]",
        "1801-04-01",
        "[1801-04-01..]",
        "[..1801-04-02]",
    ]
    backwards = [UncertainDate.from_edtf(text) for text in in_order[::-1]]
    assert [value.edtf for value in sorted(backwards, key=UncertainDate.sort_key)] == in_order


@pytest.mark.parametrize(
    ("edtf", "rank"),
    [
        ("[..1801]", 0),
        ("[..1801-01-01]", 0),
        ("1801", 1),
        ("1801/1802-05", 1),
        ("[1801-01-01..1802]", 1),
        ("1801-01", 2),
        ("1801-01-01/1801-02", 2),
        ("[1801-01..1801-02]", 2),
        ("[1801-01-01..1801-01-02]", 3),
        ("1801-01-01", 4),
        ("1801-01-01/1801-01-02", 4),
        ("[1801-01-01..]", 5),
        ("[1801..]", 5),
    ],
)
def test_rank_is_as_documented(edtf: str, rank: int) -> None:
    assert UncertainDate.from_edtf(edtf).sort_rank == rank


@given(uncertain_dates(1801, 1802), uncertain_dates(1801, 1802), uncertain_dates(1801, 1802))
def test_order_is_total(a: UncertainDate, b: UncertainDate, c: UncertainDate) -> None:
    def comes_first(x: UncertainDate, y: UncertainDate) -> bool:
        return x.sort_date < y.sort_date or (x.sort_date == y.sort_date and x.sort_rank <= y.sort_rank)

    assert comes_first(a, b) or comes_first(b, a)
    assert (comes_first(a, b) and comes_first(b, a)) == (a.sort_key() == b.sort_key())
    assert comes_first(a, b) == (a.sort_key() <= b.sort_key())
    if comes_first(a, b) and comes_first(b, c):
        assert comes_first(a, c)


@given(uncertain_dates())
def test_order_does_not_depend_on_circa(value: UncertainDate) -> None:
    other = UncertainDate(value.form, value.first, value.last, circa=not value.circa)
    assert other != value
    assert other.sort_key() == value.sort_key()


# -- Ranges ------------------------------------------------------------------------------------------------------------

WINDOW = [date(2022, 1, 1) + timedelta(days=n) for n in range(365 * 6)]


def possible_days(value: UncertainDate) -> set[date]:
    """Every day of the window on which it may have been, found by comparing the texts of days."""
    first, last = (
        [day for day in WINDOW if point is not None and day.isoformat().startswith(point.iso)]
        for point in (value.first, value.last)
    )
    if value.form is Form.BEFORE:
        return {day for day in WINDOW if day <= last[0]}
    if value.form is Form.AFTER:
        return {day for day in WINDOW if day >= first[-1]}
    return {day for day in WINDOW if first[0] <= day <= last[-1]}


@given(uncertain_dates(2024, 2025), days(2023, 2026), days(2023, 2026))
@settings(max_examples=200)
def test_may_lie_in_agrees_with_going_through_the_days(value: UncertainDate, after: date, before: date) -> None:
    possible = possible_days(value)
    assert value.may_lie_in(after, before) == any(after <= day <= before for day in possible)
    assert value.may_lie_in(after, None) == any(after <= day for day in possible)
    assert value.may_lie_in(None, before) == any(day <= before for day in possible)
    assert value.may_lie_in(None, None)


@given(uncertain_dates(1001, 2198))
def test_may_lie_in_a_range_includes_both_ends_and_no_day_more(value: UncertainDate) -> None:
    day = timedelta(days=1)
    if value.latest is not None:
        assert value.may_lie_in(value.latest, None)
        assert not value.may_lie_in(value.latest + day, None)
    if value.earliest is not None:
        assert value.may_lie_in(None, value.earliest)
        assert not value.may_lie_in(None, value.earliest - day)
