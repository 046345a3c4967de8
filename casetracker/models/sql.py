"""The SQL functions that read a stored date: what ``casetracker.dates.UncertainDate`` computes, for columns and checks.

Each takes the EDTF text, is immutable, and calls nothing but immutable functions of ``pg_catalog``: a dump is restored
with an empty search path, so they cannot call one another. They are therefore made from the same pieces here.

For other text they return NULL, and ``casetracker_date_valid`` false, without an error: a generated column is computed
before the check constraint can name the mistake. Only ``casetracker_date_valid`` asks for the ends in order too.

A change of a function needs a migration that also rewrites the generated columns; PostgreSQL does not do so by itself.
"""

from __future__ import annotations

_POINTS = ("0000", "0000-00", "0000-00-00")


def _shapes() -> list[str]:
    """Every canonical text, with 0 for its digits. Looking one up takes a third of the time of a regular expression."""
    return [
        shape
        for circa in ("", "~")
        for first in [point + circa for point in _POINTS]
        for shape in (
            first,
            f"[..{first}]",
            f"[{first}..]",
            *(form.format(first, last + circa) for last in _POINTS for form in ("{}/{}", "[{}..{}]")),
        )
    ]


# Nothing here may raise an error: the first of a month plus days gives another month for 30 February, where make_date
# would fail.
_READ_END = """
    IF {end} <> '' THEN
        year := left({end}, 4)::int;
        IF year NOT BETWEEN 1000 AND 2199 THEN
            RETURN {otherwise};
        END IF;
        IF length({end}) = 4 THEN
            {end}_start := make_date(year, 1, 1);
            {end}_end := make_date(year, 12, 31);
        ELSE
            month := substr({end}, 6, 2)::int;
            IF month NOT BETWEEN 1 AND 12 THEN
                RETURN {otherwise};
            END IF;
            {end}_start := make_date(year, month, 1);
            IF length({end}) = 7 THEN
                {end}_end := make_date(year + month / 12, month % 12 + 1, 1) - 1;
            ELSE
                day := substr({end}, 9, 2)::int;
                {end}_start := {end}_start + (day - 1);
                {end}_end := {end}_start;
                IF day = 0 OR (day > 28 AND extract(month FROM {end}_start) <> month) THEN
                    RETURN {otherwise};
                END IF;
            END IF;
        END IF;
    END IF;"""

_FUNCTION = r"""
CREATE OR REPLACE FUNCTION {name}(stored text) RETURNS {returns}
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    plain text; first text; last text;
    year int; month int; day int;
    first_start date; first_end date; last_start date; last_end date;
BEGIN
    IF translate(stored, '123456789', '000000000') <> ALL ('{{{shapes}}}'::text[]) THEN
        RETURN {otherwise};
    END IF;
    -- "a", "a.b", "a..b", "..b" or "a..": a single point is the first and the last, an open end is empty.
    plain := translate(stored, '/[]~', '.');
    first := split_part(plain, '.', 1);
    last := split_part(plain, '.', -1);
{body}
END
$function$;
"""

_READ_FIRST = _READ_END.replace("{end}", "first")
_READ_LAST = _READ_END.replace("{end}", "last")

# Name: (type, what it returns for other text, the rest of the body).
_FUNCTIONS = {
    "casetracker_date_earliest": (
        "date",
        "NULL",
        _READ_FIRST
        + """
    RETURN CASE WHEN last = '' THEN first_end ELSE first_start END;""",
    ),
    "casetracker_date_latest": (
        "date",
        "NULL",
        _READ_LAST
        + """
    RETURN CASE WHEN first = '' THEN last_start ELSE last_end END;""",
    ),
    "casetracker_date_sort": (
        "date",
        "NULL",
        """
    first := coalesce(nullif(first, ''), last);"""
        + _READ_FIRST
        + """
    RETURN CASE WHEN last = '' THEN first_end ELSE first_start END;""",
    ),
    "casetracker_date_rank": (
        "smallint",
        "NULL",
        """
    RETURN CASE
        WHEN first = '' THEN 0
        WHEN last = '' THEN 5
        WHEN least(length(first), length(last)) = 4 THEN 1
        WHEN least(length(first), length(last)) = 7 THEN 2
        WHEN left(stored, 1) = '[' THEN 3
        ELSE 4
    END;""",
    ),
    "casetracker_date_valid": (
        "boolean",
        "false",
        _READ_FIRST
        + """
    IF plain = first THEN
        RETURN true;
    END IF;"""
        + _READ_LAST
        + """
    RETURN first = '' OR last = '' OR (first <> last AND first_start <= last_end);""",
    ),
    "casetracker_date_span": (
        "daterange",
        "NULL",
        _READ_FIRST
        + _READ_LAST
        + """
    IF first = '' THEN
        RETURN daterange(NULL, last_start, '[]');
    ELSIF last = '' THEN
        RETURN daterange(first_end, NULL, '[]');
    ELSIF first_start > last_end THEN
        RETURN NULL;
    END IF;
    RETURN daterange(first_start, last_end, '[]');""",
    ),
}

DATE_FUNCTIONS_SQL = "".join(
    _FUNCTION.format(
        name=name,
        returns=returns,
        otherwise=otherwise,
        shapes=",".join(f'"{shape}"' for shape in _shapes()),
        body=body.replace("{otherwise}", otherwise),
    )
    for name, (returns, otherwise, body) in _FUNCTIONS.items()
)
DROP_DATE_FUNCTIONS_SQL = "".join(f"DROP FUNCTION IF EXISTS {name}(text);\n" for name in _FUNCTIONS)
