"""
Database functions of our own for text: one spelling in SQL, used by generated columns, indexes and look-ups alike.

They are declared IMMUTABLE so that PostgreSQL may store what they return, and name their schema so that a dump
restores.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, CharField, CheckConstraint, F, Func, Q, TextField, Value

from ..validators import ALIEN_NUMBER, DASHES_AND_SPACES, SOCIAL_SECURITY_NUMBER

TEXT_FUNCTIONS_SQL = r"""
CREATE OR REPLACE FUNCTION casetracker_sort_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));

CREATE OR REPLACE FUNCTION casetracker_docket_key(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    written text := upper(btrim(value));
    parts text[];
BEGIN
    written := regexp_replace(written, '^NOS?\.\s*', '');
    -- A federal district number: office, year, type, serial; the judges' initials behind it are no part of it.
    parts := regexp_match(written, '^(?:\d{1,2}:)?(?:\d\d)?(\d\d)\s*-?\s*([A-Z]{2,4})\s*-?\s*0*(\d{1,6})(?:$|[^0-9])');
    IF parts IS NOT NULL THEN
        RETURN lower(parts[1] || '-' || parts[2] || '-' || parts[3]);
    END IF;
    RETURN lower(regexp_replace(written, '[^A-Z0-9]+', '', 'g'));
END $$;
"""

DROP_TEXT_FUNCTIONS_SQL = """
DROP FUNCTION IF EXISTS casetracker_docket_key(text);
DROP FUNCTION IF EXISTS casetracker_sort_key(text);
"""

# English stemming without accents: "Guzmán" is found by "guzman".
TEXT_SEARCH_SQL = """
CREATE TEXT SEARCH CONFIGURATION public.casetracker (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION public.casetracker
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.english_stem;
"""

DROP_TEXT_SEARCH_SQL = "DROP TEXT SEARCH CONFIGURATION IF EXISTS public.casetracker;"

TEXT_SEARCH_CONFIG = "public.casetracker"

# Letters that are read for search at the most; what stands behind them in a longer text is not found.
LONGEST_SEARCHED = 4_000_000

# PostgreSQL refuses words of more than 1 MB together, and with them the row. So a text that has too many is read as far
# as they go in. A block that can fail may not run in parallel.
TEXT_VECTOR_SQL = rf"""
CREATE OR REPLACE FUNCTION casetracker_text_vector(heading text, body text, weight "char") RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
DECLARE
    length integer := least(length(body), {LONGEST_SEARCHED});
    title tsvector := setweight(to_tsvector('{TEXT_SEARCH_CONFIG}'::regconfig, heading), 'B');
BEGIN
    LOOP
        BEGIN
            RETURN title
                || setweight(to_tsvector('{TEXT_SEARCH_CONFIG}'::regconfig, left(body, length)), weight);
        EXCEPTION WHEN program_limit_exceeded THEN
            length := length * 4 / 5;
        END;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION casetracker_citation_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(regexp_replace(value, '\([^)]*\)\s*$', '')), '[^a-z0-9]+', '', 'g');
"""

DROP_TEXT_VECTOR_SQL = """
DROP FUNCTION IF EXISTS casetracker_citation_key(text);
DROP FUNCTION IF EXISTS casetracker_text_vector(text, text, "char");
"""


class SortKey(Func):
    """A name as it is sorted: lower case, without accents."""

    function = "casetracker_sort_key"
    arity = 1
    output_field = CharField()


class SearchedText(Func):
    """
    Several columns as one text in which the desk looks for parts of words: lower case, without accents. As the
    expression of a trigram index it finds each word of a search at once, in whichever of the columns it stands.
    """

    function = "casetracker_sort_key"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class DocketKey(Func):
    """
    A docket number in the form in which two spellings of it are equal: "8:25-cv-00951", "8:25-cv-00951-PX" and
    "25-cv-951" are all `25-cv-951`; "No. 24A949" is `24a949`.
    """

    function = "casetracker_docket_key"
    arity = 1
    output_field = CharField()


class CitationKey(Func):
    """
    A citation in the form in which two spellings of it are equal, without the year in brackets behind it: "145 S. Ct.
    1017 (2025)" and "145 S.Ct. 1017" are both `145sct1017`.
    """

    function = "casetracker_citation_key"
    arity = 1
    output_field = CharField()


class TextVector(Func):
    """
    The words of a long text, with those of its heading at weight B, for search. `weight` is that of the text. As much
    of the text as can be indexed: of more than a megabyte of different words only the first.
    """

    function = "casetracker_text_vector"
    output_field = SearchVectorField()

    def __init__(self, heading: Any, body: Any, weight: str, **extra: Any) -> None:
        super().__init__(heading, body, Value(weight), **extra)


_ODD, _PLAIN, _NOTHING = DASHES_AND_SPACES
# A day after a word that says somebody was born on it.
_BIRTH_DATE = (
    r"\m(?:born|d\.?o\.?b\.?|date of birth|birth ?date)(?:\M|[.:])[^0-9.;]{0,15}"
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|(?:\d{1,2}\.? (?:of )?)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2},? )?\d{4})"
)

PRIVATE_MATTER_SQL = f"""
CREATE OR REPLACE FUNCTION casetracker_no_identity_number(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    -- Either has eight digits, at most one sign that counts between two of them. Few texts have: this is seen quickly.
    IF value !~ '\\d(?:{_NOTHING}*\\D?{_NOTHING}*\\d){{7}}' THEN
        RETURN true;
    END IF;
    value := translate(value, '{_ODD}{_NOTHING}', '{_PLAIN}');
    RETURN value !~* '{SOCIAL_SECURITY_NUMBER}' AND value !~* '{ALIEN_NUMBER}';
END $function$;

CREATE OR REPLACE FUNCTION casetracker_tells_birth_date(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN value ~* '{_BIRTH_DATE}';
END $function$;
"""

DROP_PRIVATE_MATTER_SQL = """
DROP FUNCTION IF EXISTS casetracker_tells_birth_date(text);
DROP FUNCTION IF EXISTS casetracker_no_identity_number(text);
"""


class NoIdentityNumber(Func):
    """Whether the text holds neither a Social Security nor an alien registration number, as the validators say."""

    function = "casetracker_no_identity_number"
    arity = 1
    output_field = BooleanField()


class TellsBirthDate(Func):
    """Whether the text says on which day somebody was born."""

    function = "casetracker_tells_birth_date"
    arity = 1
    output_field = BooleanField()


class NoIdentityNumbers(CheckConstraint):
    """
    That none of these columns of text holds an identity number, whoever writes. A form is told by the validators of its
    fields; the database is not asked a second time.
    """

    def __init__(self, *fields: str, name: str, condition: Any = None, **kwargs: Any) -> None:
        if condition is None:
            condition = _all(Q(NoIdentityNumber(F(field))) for field in fields)
        super().__init__(condition=condition, name=name, **kwargs)
        self.fields = fields

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        del path
        return "django.db.models.CheckConstraint", args, kwargs

    def clone(self) -> "NoIdentityNumbers":
        return type(self)(*self.fields, name=self.name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the validators of the fields have said it."""


def _all(conditions: Iterable[Q]) -> Q:
    together = Q()
    for condition in conditions:
        together &= condition
    return together


def tells_birth_date(*fields: str) -> Q:
    """The condition that one of these columns of text says on which day somebody was born."""
    together = Q(TellsBirthDate(F(fields[0])))
    for field in fields[1:]:
        together |= Q(TellsBirthDate(F(field)))
    return together
