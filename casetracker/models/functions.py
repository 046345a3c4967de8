"""
Database functions of our own for text: one spelling in SQL, used by generated columns, indexes and look-ups alike.

They are declared IMMUTABLE so that PostgreSQL may store what they return, and name their schema so that a dump
restores.
"""

from django.db.models import CharField, Func

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


class SortKey(Func):
    """A name as it is sorted: lower case, without accents."""

    function = "casetracker_sort_key"
    arity = 1
    output_field = CharField()


class DocketKey(Func):
    """
    A docket number in the form in which two spellings of it are equal: "8:25-cv-00951", "8:25-cv-00951-PX" and
    "25-cv-951" are all `25-cv-951`; "No. 24A949" is `24a949`.
    """

    function = "casetracker_docket_key"
    arity = 1
    output_field = CharField()
