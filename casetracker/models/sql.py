"""The SQL functions that read a stored date: what ``casetracker.dates.UncertainDate`` computes, for columns and checks.

Each function takes the EDTF text, is immutable, and calls nothing but immutable functions of ``pg_catalog``: a dump is
restored with an empty search path, so they cannot call one another. They are therefore made from one text here.
For anything but canonical EDTF of a real day in 1000 to 2199 they return NULL, and ``casetracker_date_valid`` false,
without an error: a generated column is computed before the check constraint can name the mistake.

A later change of a function needs a migration that also rewrites the generated columns; PostgreSQL does not do so itself.
"""

from __future__ import annotations

_POINT = "(1[0-9]{3}|2[01][0-9]{2})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?(~?)"

# first_* is the span of days of the first point, last_* of the last; a single point is both.
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}(stored text) RETURNS {returns}
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    part text[];
    form text := 'on';
    first_start date; first_end date; last_start date; last_end date;
BEGIN
    part := regexp_match(stored, '^(\\[?)(?:{point})?(/|\\.\\.|)(?:{point})?(\\]?)$');
    -- 1 bracket; 2-5 year, month, day, circa; 6 separator; 7-10 year, month, day, circa; 11 bracket
    IF part IS NULL THEN
        RETURN {otherwise};
    END IF;
    IF part[6] = '' THEN
        IF part[2] IS NULL OR part[7] IS NOT NULL OR part[1] <> '' OR part[11] <> '' THEN
            RETURN {otherwise};
        END IF;
    ELSIF part[6] = '/' THEN
        IF part[2] IS NULL OR part[7] IS NULL OR part[1] <> '' OR part[11] <> '' THEN
            RETURN {otherwise};
        END IF;
        form := 'span';
    ELSIF part[1] = '' OR part[11] = '' OR (part[2] IS NULL AND part[7] IS NULL) THEN
        RETURN {otherwise};
    ELSE
        form := CASE WHEN part[2] IS NULL THEN 'before' WHEN part[7] IS NULL THEN 'after' ELSE 'between' END;
    END IF;
    IF part[2] IS NOT NULL THEN
        first_end := CASE WHEN part[3] IS NULL THEN make_date(part[2]::int, 12, 31)
            ELSE make_date(part[2]::int + part[3]::int / 12, part[3]::int % 12 + 1, 1) - 1 END;
        IF part[4] IS NULL THEN
            first_start := make_date(part[2]::int, coalesce(part[3]::int, 1), 1);
        ELSIF part[4]::int > extract(day FROM first_end) THEN
            RETURN {otherwise};
        ELSE
            first_end := make_date(part[2]::int, part[3]::int, part[4]::int);
            first_start := first_end;
        END IF;
    END IF;
    IF part[7] IS NOT NULL THEN
        last_end := CASE WHEN part[8] IS NULL THEN make_date(part[7]::int, 12, 31)
            ELSE make_date(part[7]::int + part[8]::int / 12, part[8]::int % 12 + 1, 1) - 1 END;
        IF part[9] IS NULL THEN
            last_start := make_date(part[7]::int, coalesce(part[8]::int, 1), 1);
        ELSIF part[9]::int > extract(day FROM last_end) THEN
            RETURN {otherwise};
        ELSE
            last_end := make_date(part[7]::int, part[8]::int, part[9]::int);
            last_start := last_end;
        END IF;
        -- Canonical: one point is written once, circa stands on both ends, and the ends are in order.
        IF part[2] IS NOT NULL AND (
            part[5] <> part[10] OR first_start > last_end OR (first_start = last_start AND first_end = last_end)
        ) THEN
            RETURN {otherwise};
        END IF;
    END IF;
    {result}
END
$function$;
"""

_RESULTS = {
    "casetracker_date_earliest": (
        "date",
        "NULL",
        "RETURN CASE form WHEN 'after' THEN first_end ELSE first_start END;",
    ),
    "casetracker_date_latest": (
        "date",
        "NULL",
        "RETURN CASE form WHEN 'before' THEN last_start WHEN 'on' THEN first_end ELSE last_end END;",
    ),
    "casetracker_date_sort": (
        "date",
        "NULL",
        "RETURN CASE form WHEN 'before' THEN last_start WHEN 'after' THEN first_end ELSE first_start END;",
    ),
    "casetracker_date_rank": (
        "smallint",
        "NULL",
        """RETURN CASE
        WHEN form = 'before' THEN 0
        WHEN form = 'after' THEN 5
        WHEN part[3] IS NULL OR (form <> 'on' AND part[8] IS NULL) THEN 1
        WHEN part[4] IS NULL OR (form <> 'on' AND part[9] IS NULL) THEN 2
        WHEN form = 'between' THEN 3
        ELSE 4
    END;""",
    ),
    "casetracker_date_valid": ("boolean", "false", "RETURN true;"),
}

DATE_FUNCTIONS_SQL = "".join(
    _FUNCTION.format(name=name, returns=returns, otherwise=otherwise, result=result, point=_POINT)
    for name, (returns, otherwise, result) in _RESULTS.items()
)
DROP_DATE_FUNCTIONS_SQL = "".join(f"DROP FUNCTION IF EXISTS {name}(text);\n" for name in _RESULTS)
