"""Dates in Spanish: each form alone, behind a preposition, and as what was done then."""

import datetime
import re

import pytest
from date_strategies import uncertain_dates
from hypothesis import given, settings

from casetracker.dates import DateError, Point, UncertainDate, Use, grammar, parse, parse_bound

ES = grammar("es")


@pytest.mark.parametrize(
    ("edtf", "alone", "after", "when"),
    [
        ("2025-04-10", "10 de abril de 2025", "el 10 de abril de 2025", "el 10 de abril de 2025"),
        ("2025-04", "abril de 2025", "abril de 2025", "en abril de 2025"),
        ("1801", "1801", "1801", "en 1801"),
        ("1801-04~", "hacia abril de 1801", "hacia abril de 1801", "hacia abril de 1801"),
        ("1801-04-02~", *["hacia el 2 de abril de 1801"] * 3),
        ("[..2026-03-04]", *["antes del 4 de marzo de 2026"] * 3),
        ("[..1801-03]", *["antes de marzo de 1801"] * 3),
        ("[..1801~]", *["antes de aproximadamente 1801"] * 3),
        ("[2026-02-26..]", *["después del 26 de febrero de 2026"] * 3),
        ("[2025-03-15..2025-03-24]", *["entre el 15 y el 24 de marzo de 2025"] * 3),
        ("[2025-03..2025-05]", *["entre marzo y mayo de 2025"] * 3),
        ("[2024-12-30..2025-01-02]", *["entre el 30 de diciembre de 2024 y el 2 de enero de 2025"] * 3),
        ("[1801~..1803~]", *["aproximadamente entre 1801 y 1803"] * 3),
        (
            "1952-12-09/1952-12-11",
            "9–11 de diciembre de 1952",
            "el 9–11 de diciembre de 1952",
            "del 9 al 11 de diciembre de 1952",
        ),
        (
            "2025-04-30/2025-05-02",
            "30 de abril – 2 de mayo de 2025",
            "el 30 de abril – 2 de mayo de 2025",
            "del 30 de abril al 2 de mayo de 2025",
        ),
        ("2025-04/2025-05", "abril–mayo de 2025", "abril–mayo de 2025", "de abril a mayo de 2025"),
        ("1952/1954", "1952–1954", "1952–1954", "de 1952 a 1954"),
        ("1952-12-09~/1952-12-11~", *["hacia el 9–11 de diciembre de 1952"] * 3),
    ],
)
def test_date_is_said_as_its_place_in_a_sentence_wants_it(edtf: str, alone: str, after: str, when: str) -> None:
    date = UncertainDate.from_edtf(edtf)
    assert [date.in_words("es", use) for use in (Use.ALONE, Use.AFTER, Use.WHEN)] == [alone, after, when]


@given(uncertain_dates())
def test_english_says_a_date_the_same_everywhere_and_spanish_without_english(date: UncertainDate) -> None:
    assert {date.in_words("en", use) for use in Use} == {date.words}
    for use in Use:
        said = date.in_words("es", use)
        assert not re.search(r"[A-Z]|\b(?:about|before|after|between|and)\b|de el|\s\s", said)
        assert all(str(point.year) in said for point in (date.last or date.first,) if point)
    # Kept once found, and not for the other language.
    assert date.words == date.in_words("en")


@given(uncertain_dates())
@settings(max_examples=500)
def test_what_spanish_says_of_a_date_is_read_back_to_the_same_value(date: UncertainDate) -> None:
    for use in Use:
        assert parse(date.in_words("es", use)) == date
        assert parse(date.in_words("es", use).upper()) == date


@pytest.mark.parametrize(
    ("edtf", "texts"),
    [
        (
            "2025-04-04",
            ["4 de abril de 2025", "4 abril 2025", "4 de abril del 2025", "4 abr. 2025", "el 4 de abril de 2025"],
        ),
        ("2025-04-04", ["viernes 4 de abril de 2025", "el viernes, 4 de abril de 2025", "vie. 4 abr 2025"]),
        ("2025-04-09", ["miércoles 9 de abril de 2025", "Mie\N{COMBINING ACUTE ACCENT}rcoles 9 de abril de 2025"]),
        ("2025-01-01", ["1.º de enero de 2025", "1º de enero de 2025", "1° de enero de 2025", "1ero de enero de 2025"]),
        ("2025-09", ["septiembre de 2025", "setiembre de 2025", "sept. de 2025", "en septiembre de 2025"]),
        ("[..1801]", ["antes de 1801"]),
        ("[..2025-04-04]", ["antes del 4 de abril de 2025", "antes de el 4 de abril de 2025"]),
        ("[2025-04-04..]", ["después del 4 de abril de 2025", "despues del 4 de abril de 2025"]),
        ("1801-03~", ["hacia marzo de 1801", "alrededor de marzo de 1801", "aprox. marzo de 1801"]),
        ("1801-03-04~", ["hacia el 4 de marzo de 1801", "alrededor del 4 de marzo de 1801"]),
        ("[2025-04-04..2025-04-06]", ["entre 4 y 6 de abril de 2025", "entre el 4 y el 6 de abril de 2025"]),
        (
            "2025-04-04/2025-04-06",
            ["del 4 al 6 de abril de 2025", "4-6 de abril de 2025", "desde el 4 hasta el 6 de abril de 2025"],
        ),
        ("1952/1954", ["de 1952 a 1954", "1952 a 1954"]),
    ],
)
def test_dates_are_read_as_people_write_them_in_spanish(edtf: str, texts: list[str]) -> None:
    assert [parse(text).edtf for text in texts] == [edtf] * len(texts)


@pytest.mark.parametrize(
    "text",
    ["4 de abril", "31 de abril de 2025", "lunes 4 de abril de 2025", "antes", "de abril", "entre abril", "el", "ü"],
)
def test_what_is_no_date_in_spanish_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse(text)


def test_a_filter_reads_a_day_a_month_and_a_year_in_spanish() -> None:
    day = datetime.date
    assert parse_bound("4 de abril de 2025") == (day(2025, 4, 4), day(2025, 4, 4))
    assert parse_bound("abril de 2025") == (day(2025, 4, 1), day(2025, 4, 30))
    with pytest.raises(DateError, match="one day, month or year"):
        parse_bound("hacia abril de 2025")


def test_no_word_of_a_date_means_two_things_in_two_languages() -> None:
    meanings: dict[str, set[object]] = {}
    for language in (grammar("en"), grammar("es")):
        reads = language.reads
        for number, name in enumerate(language.months, 1):
            meanings.setdefault(name.lower(), set()).add(("month", number))
        for number, name in enumerate(language.weekdays):
            meanings.setdefault(name.lower(), set()).add(("weekday", number))
        for name, number in reads.months.items():
            meanings.setdefault(name, set()).add(("month", number))
        for name, number in reads.weekdays.items():
            meanings.setdefault(name, set()).add(("weekday", number))
        for part in ("before", "after", "about", "between", "joins", "until", "openings"):
            for word in getattr(reads, part):
                meanings.setdefault(word, set()).add(part)
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


def test_the_words_of_calendar_and_clock_are_spanish() -> None:
    day = datetime.date(2025, 4, 9)
    assert (ES.month(day), ES.day_in_short(day), ES.weekdays[day.weekday()]) == ("abril de 2025", "9 abr", "miércoles")
    assert [ES.clock(datetime.time(*time)).replace("\xa0", " ") for time in ((0, 5), (11, 59), (12, 0), (23, 59))] == [
        "12:05 a. m.",
        "11:59 a. m.",
        "12:00 p. m.",
        "11:59 p. m.",
    ]
    assert [grammar("en").clock(datetime.time(*time)) for time in ((0, 5), (23, 59))] == ["12:05 am", "11:59 pm"]


def test_a_language_without_a_grammar_has_english_dates() -> None:
    assert parse("10 April 2025").in_words("xx") == "10 April 2025"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("2024-02-30", "February 2024 => [29] <30>"),
        ("1", "{1000} {2199}"),
        ("Monday 10 April 2025", "10 April 2025 / Thursday"),
        ("soon", "ejemplos"),
    ],
)
def test_a_refusal_is_said_in_another_language_with_its_dates_in_that_language(text: str, refusal: str) -> None:
    catalogue = {
        "%(month)s has %(length)s days, so no day %(day)s.": "%(month)s => [%(length)s] <%(day)s>",
        "Write a year from %(first)s to %(last)s, with four digits.": "{%(first)s} {%(last)s}",
        "%(day)s was a %(weekday)s.": "%(day)s / %(weekday)s",
        "This is not a date. Write for example %(examples)s.": "%(examples)s",
    }
    with pytest.raises(DateError) as refused:
        parse_bound(text)
    error = refused.value

    def translate(english: str) -> str:
        return catalogue.get(english, "ejemplos")

    assert error.in_words("en", translate) == refusal
    spanish = refusal.replace("February 2024", "febrero de 2024").replace("10 April 2025", "10 de abril de 2025")
    assert error.in_words("es", translate) == spanish.replace("Thursday", "jueves")


def test_a_point_is_said_in_both_languages() -> None:
    assert Point(2025, 4).in_words("es") == "abril de 2025"
    assert Point(2025, 4).words == "April 2025"
