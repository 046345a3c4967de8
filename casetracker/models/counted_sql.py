"""
The SQL of the numbers that are kept (`counted`): what is counted of a case, what follows from it, and how it is brought
up to date.

Two functions say what is counted, and all else is made of them: the rebuilding, the check, the numbers of a page.
``casetracker_facts`` reads the rows of cases and says in one value for each what of it readers may see;
``casetracker_tallies`` says of such values which numbers they add to.
"""

from __future__ import annotations

# What an entry that reviews another is found by, beside the answer to what was asked (`rulings.DERIVED_OUTCOMES`).
_DERIVED = "('affirms', 'affirmed'), ('reverses', 'reversed'), ('vacates', 'vacated'), ('remands', 'remanded')"

# Both are strict, so that the planner leaves them as they are, and does not call them where there is nothing to tell.

# Of cases: what readers may see of it that is counted, as JSON, and when more of it becomes public by the clock.
#   of: [[facet, value]], what is said of the case itself; seats: [[court, level]], its proceedings;
#   entries: [[values, first year, last year, how many]], where values are [[facet, value]]. An open end is null.
# A case that is not public has `{}`. What is public only later has no part in it and a place in `due`.
FACTS = """
CREATE OR REPLACE FUNCTION casetracker_facts(keys bigint[])
RETURNS TABLE (case_id bigint, facts jsonb, due timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $function$
    WITH cases AS (
        SELECT id, status, published_from FROM casetracker_case
        WHERE id = ANY (keys) AND state = 'published'
    ), entries AS (
        SELECT e.id, e.case_id, e.court_id, e.kind, e.outcome, e.span, e.published_from,
            greatest(e.published_from, c.published_from) <= statement_timestamp() AS is_public
        FROM casetracker_event e JOIN cases c ON c.id = e.case_id WHERE e.state = 'published'
    ), done AS (
        SELECT t.act_id, derived.outcome, e.case_id, e.is_public,
            greatest(target.published_from, of_target.published_from) AS public_from
        FROM entries e JOIN casetracker_treatment t ON t.act_id = e.id AND e.kind = 'ruling'
        JOIN (VALUES %(derived)s) derived (verb, outcome) ON derived.verb = t.verb
        LEFT JOIN casetracker_event target ON target.id = t.target_id
        LEFT JOIN casetracker_case of_target ON of_target.id = target.case_id
        WHERE t.target_id IS NULL OR (target.state = 'published' AND of_target.state = 'published')
    ), said AS (
        SELECT id, 'kind' AS facet, kind::text AS value FROM entries WHERE is_public
        UNION ALL SELECT id, 'court', court_id FROM entries WHERE is_public AND court_id IS NOT NULL
        UNION ALL SELECT e.id, 'level', court.level FROM entries e JOIN casetracker_court court ON court.id = e.court_id
            WHERE is_public
        UNION ALL SELECT id, 'outcome', outcome FROM entries WHERE is_public AND outcome <> ''
        UNION SELECT act_id, 'outcome', outcome FROM done
            WHERE is_public AND (public_from IS NULL OR public_from <= statement_timestamp())
        UNION SELECT e.id, 'judge', sat.judge_id::text
            FROM entries e JOIN casetracker_rulingjudge sat ON sat.ruling_id = e.id WHERE is_public
    ), of_entry AS (
        SELECT id, jsonb_agg(jsonb_build_array(facet, value) ORDER BY facet, value) AS said FROM said GROUP BY id
    ), told AS (
        SELECT e.case_id, extract(year FROM lower(span))::int AS first, extract(year FROM upper(span) - 1)::int AS last,
            of_entry.said
        FROM entries e JOIN of_entry USING (id)
    ), of_entries AS (
        SELECT case_id, jsonb_agg(jsonb_build_array(said, first, last, n) ORDER BY said, first, last) AS entries
        FROM (SELECT case_id, said, first, last, count(*) AS n FROM told GROUP BY case_id, said, first, last) alike
        GROUP BY case_id
    ), of_case AS (
        SELECT id AS case_id, jsonb_agg(jsonb_build_array(facet, value) ORDER BY facet, value) AS said FROM (
            SELECT id, 'status' AS facet, status::text AS value FROM cases
            UNION ALL SELECT c.id, 'topic', l.topic_id::text
                FROM cases c JOIN casetracker_case_topics l ON l.case_id = c.id
            UNION SELECT c.id, 'party_kind', party.kind FROM cases c
                JOIN casetracker_proceeding p ON p.case_id = c.id
                JOIN casetracker_partyrole role ON role.proceeding_id = p.id
                JOIN casetracker_party party ON party.id = role.party_id
        ) each GROUP BY id
    ), seats AS (
        SELECT c.id AS case_id, jsonb_agg(DISTINCT jsonb_build_array(p.court_id, court.level)) AS seats
        FROM cases c JOIN casetracker_proceeding p ON p.case_id = c.id
        JOIN casetracker_court court ON court.id = p.court_id
        GROUP BY c.id
    ), later AS (
        SELECT case_id, min(due) AS due FROM (
            SELECT id AS case_id, published_from AS due FROM cases
            UNION ALL SELECT case_id, published_from FROM entries
            UNION ALL SELECT case_id, public_from FROM done
        ) embargoes WHERE due > statement_timestamp() GROUP BY case_id
    )
    SELECT c.id,
        CASE WHEN c.published_from > statement_timestamp() THEN '{}' ELSE jsonb_build_object(
            'of', of_case.said, 'seats', coalesce(seats.seats, '[]'), 'entries', coalesce(of_entries.entries, '[]')
        ) END,
        later.due
    FROM cases c
    LEFT JOIN of_case ON of_case.case_id = c.id LEFT JOIN seats ON seats.case_id = c.id
    LEFT JOIN of_entries ON of_entries.case_id = c.id LEFT JOIN later ON later.case_id = c.id
$function$;
""".replace("%(derived)s", _DERIVED)

# Of facts, given as [{case, facts}]: which numbers they add to. A number is how many of a `unit` (case, entry, ruling)
# have `value` of `facet` among those that have `given_value` of `given`; all of them where that is empty.
# Years are told as in `casetracker.facets.counting`: those that are known, those by which something ends or begins.
TALLIES = """
CREATE OR REPLACE FUNCTION casetracker_tallies(told jsonb)
RETURNS TABLE (unit text, given text, given_value text, facet text, value text, n bigint)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $function$
    WITH cases AS (
        SELECT (x ->> 'case')::bigint AS id, x -> 'facts' AS facts
        FROM jsonb_array_elements(told) x WHERE x -> 'facts' <> '{}'
    ), entries AS (
        SELECT c.id AS case_id, e.place, e.x -> 0 AS said, (e.x ->> 1)::int AS first, (e.x ->> 2)::int AS last,
            (e.x ->> 3)::bigint AS n, e.x -> 0 @> '[["kind", "ruling"]]' AS is_ruling
        FROM cases c, jsonb_array_elements(c.facts -> 'entries') WITH ORDINALITY e (x, place)
    ), said AS (
        SELECT e.case_id, e.place, s ->> 0 AS facet, s ->> 1 AS value, e.n, e.is_ruling, e.first, e.last
        FROM entries e, jsonb_array_elements(e.said) s
    ), grouped AS (
        -- The years of a case as a whole, and of its entries with one value: in each an entry counts with its span.
        SELECT DISTINCT case_id, '' AS facet, '' AS value, first, last FROM entries
        UNION SELECT case_id, facet, value, first, last FROM said WHERE facet <> 'kind'
    ), lengths (name, years) AS (VALUES ('year', 1), ('decade', 10)),
    spans AS (
        SELECT case_id, facet, value, name, first / years AS first, last / years AS last
        FROM grouped, lengths WHERE first IS NOT NULL OR last IS NOT NULL
    ), ends AS (
        SELECT case_id, facet, value, name, max(last) FILTER (WHERE first IS NULL) AS until,
            min(first) FILTER (WHERE last IS NULL) AS since
        FROM spans WHERE first IS NULL OR last IS NULL GROUP BY case_id, facet, value, name
    ), known AS (
        SELECT DISTINCT case_id, facet, value, name, place FROM spans, generate_series(first, last) place
        WHERE first IS NOT NULL AND last IS NOT NULL
    ), of_years AS (
        SELECT k.case_id, k.facet, k.value, k.name AS year_facet, k.place AS year
        FROM known k LEFT JOIN ends e USING (case_id, facet, value, name)
        WHERE (until IS NULL OR place > until) AND (since IS NULL OR place < since)
        UNION ALL
        SELECT case_id, facet, value, name || ' until', CASE WHEN until >= since - 1 THEN 9999 ELSE until END
        FROM ends WHERE until IS NOT NULL
        UNION ALL
        SELECT case_id, facet, value, name || ' since', since
        FROM ends WHERE since IS NOT NULL AND (until IS NULL OR until < since - 1)
    ), seats AS (
        SELECT c.id AS case_id, s ->> 0 AS court, s ->> 1 AS level
        FROM cases c, jsonb_array_elements(c.facts -> 'seats') s
    ), of_case AS (
        SELECT c.id AS case_id, s ->> 0 AS facet, s ->> 1 AS value
        FROM cases c, jsonb_array_elements(c.facts -> 'of') s
    ), through_entries AS (
        SELECT DISTINCT case_id, facet, value FROM said WHERE facet <> 'kind'
        UNION SELECT case_id, 'court', court FROM seats
        UNION SELECT case_id, 'level', level FROM seats
        UNION SELECT case_id, year_facet, year::text FROM of_years WHERE facet = ''
    ), pairs AS (
        SELECT DISTINCT a.case_id, a.facet AS given, a.value AS given_value, b.facet, b.value
        FROM said a JOIN said b USING (case_id, place)
        WHERE a.facet <> b.facet AND a.facet <> 'kind' AND b.facet <> 'kind'
        UNION SELECT case_id, 'court', court, 'level', level FROM seats
        UNION SELECT case_id, 'level', level, 'court', court FROM seats
        UNION ALL SELECT case_id, facet, value, year_facet, year::text FROM of_years WHERE facet <> ''
        UNION ALL SELECT case_id, year_facet, year::text, facet, value FROM of_years WHERE facet <> ''
        UNION ALL SELECT e.case_id, e.facet, e.value, c.facet, c.value
            FROM through_entries e JOIN of_case c USING (case_id)
        UNION ALL SELECT e.case_id, c.facet, c.value, e.facet, e.value
            FROM through_entries e JOIN of_case c USING (case_id)
        UNION ALL SELECT a.case_id, a.facet, a.value, b.facet, b.value
            FROM of_case a JOIN of_case b USING (case_id) WHERE a.facet <> b.facet
        UNION ALL SELECT case_id, '', '', facet, value FROM through_entries
        UNION ALL SELECT case_id, '', '', facet, value FROM of_case
        UNION ALL SELECT case_id, facet, value, '', '' FROM through_entries
        UNION ALL SELECT case_id, facet, value, '', '' FROM of_case
        UNION ALL SELECT id, '', '', '', '' FROM cases
    ), entry_values AS (
        -- Of entries: each value of one, its years among them, with how many entries are alike.
        SELECT case_id, place, facet, value, n, is_ruling FROM said
        UNION ALL SELECT case_id, place,
            name || CASE WHEN first IS NULL THEN ' until' WHEN last IS NULL THEN ' since' ELSE '' END,
            year::text, n, is_ruling
        FROM entries, lengths, generate_series(coalesce(first, last) / years, coalesce(last, first) / years) year
        WHERE first IS NOT NULL OR last IS NOT NULL
    )
    SELECT 'case', given, given_value, facet, value, count(*) FROM pairs
    -- A judge has few cases: what is asked of one is counted from the rows.
    WHERE given <> 'judge'
    GROUP BY 2, 3, 4, 5
    UNION ALL
    SELECT unit, given, given_value, facet, value, sum(n) FROM (
        SELECT case_id, place, a.facet AS given, a.value AS given_value, b.facet, b.value, a.n, a.is_ruling
        FROM entry_values a JOIN entry_values b USING (case_id, place)
        WHERE a.facet <> b.facet AND a.facet <> 'judge'
            AND NOT (a.facet ~ '^(year|decade)' AND b.facet ~ '^(year|decade)')
        UNION ALL SELECT case_id, place, '', '', facet, value, n, is_ruling FROM entry_values
        UNION ALL SELECT case_id, place, facet, value, '', '', n, is_ruling FROM entry_values WHERE facet <> 'judge'
        UNION ALL SELECT case_id, place, '', '', '', '', n, is_ruling FROM entries
    ) of_entries, (VALUES ('entry'), ('ruling')) units (unit)
    WHERE unit = 'entry' OR is_ruling
    GROUP BY 1, 2, 3, 4, 5
$function$;
"""

# --- keeping them up to date ------------------------------------------------------------------------------------------

# Cases are brought up to date by whoever gets hold of them; those that another transaction holds are left, for it or
# the next. A case that is held is read anew after the hold, so that everything is counted whose mark is taken away.
# The marks of transactions that were left behind are taken along, some at a time.
RECOUNT = """
CREATE OR REPLACE FUNCTION casetracker_recount(keys bigint[]) RETURNS bigint[]
LANGUAGE plpgsql AS $function$
DECLARE
    held bigint[];
BEGIN
    -- While all is counted anew (`casetracker_recount_all`), what changes waits with its mark.
    IF NOT pg_try_advisory_xact_lock_shared(6120071, 1) THEN
        RETURN '{}';
    END IF;
    -- Of a case that is gone nothing is left to be counted.
    DELETE FROM casetracker_casechange m WHERE m.case_id = ANY (keys)
        AND NOT EXISTS (SELECT 1 FROM casetracker_countedcase c WHERE c.case_id = m.case_id)
        AND NOT EXISTS (SELECT 1 FROM casetracker_case c WHERE c.id = m.case_id);
    SELECT array_agg(case_id) INTO held FROM (
        SELECT case_id FROM casetracker_countedcase WHERE case_id = ANY (keys) ORDER BY case_id FOR UPDATE SKIP LOCKED
    ) free;
    IF held IS NULL THEN
        RETURN '{}';
    END IF;
    DELETE FROM casetracker_casechange WHERE case_id = ANY (held);
    WITH before AS (
        SELECT case_id, facts, due FROM casetracker_countedcase WHERE case_id = ANY (held)
    ), after AS (
        SELECT * FROM casetracker_facts(held)
    ), changed AS (
        SELECT case_id, before.facts AS was, coalesce(after.facts, '{}') AS becomes, after.due
        FROM before LEFT JOIN after USING (case_id)
        WHERE before.facts <> coalesce(after.facts, '{}') OR before.due IS DISTINCT FROM after.due
    ), kept AS (
        UPDATE casetracker_countedcase c SET facts = changed.becomes, due = changed.due
        FROM changed WHERE c.case_id = changed.case_id
    )
    INSERT INTO casetracker_tallychange (unit, given, given_value, facet, value, n)
    SELECT unit, given, given_value, facet, value, sum(n) FROM (
        SELECT unit, given, given_value, facet, value, n FROM casetracker_tallies(
            (SELECT jsonb_agg(jsonb_build_object('case', case_id, 'facts', becomes)) FROM changed WHERE was <> becomes)
        )
        UNION ALL
        SELECT unit, given, given_value, facet, value, -n FROM casetracker_tallies(
            (SELECT jsonb_agg(jsonb_build_object('case', case_id, 'facts', was)) FROM changed WHERE was <> becomes)
        )
    ) difference
    GROUP BY unit, given, given_value, facet, value HAVING sum(n) <> 0;
    DELETE FROM casetracker_countedcase c
    WHERE c.case_id = ANY (held) AND NOT EXISTS (SELECT 1 FROM casetracker_case WHERE id = c.case_id);
    RETURN held;
END
$function$;
"""

# The changes of numbers go into the numbers when there are many of them, by one transaction at a time: nobody waits for
# a number that another is changing.
GATHER = """
CREATE OR REPLACE FUNCTION casetracker_gather(at_least int) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
    IF (SELECT count(*) FROM (SELECT 1 FROM casetracker_tallychange LIMIT at_least) first_ones) < at_least
        OR NOT pg_try_advisory_xact_lock(6120071, 2)
    THEN
        RETURN;
    END IF;
    WITH taken AS (
        DELETE FROM casetracker_tallychange RETURNING unit, given, given_value, facet, value, n
    )
    INSERT INTO casetracker_tally AS kept (unit, given, given_value, facet, value, n)
    SELECT unit, given, given_value, facet, value, sum(n) FROM taken
    GROUP BY unit, given, given_value, facet, value HAVING sum(n) <> 0
    ON CONFLICT (unit, given, given_value, facet, value) DO UPDATE SET n = kept.n + EXCLUDED.n;
END
$function$;
"""

# All cases with a mark of this transaction, and some that others left; then what has become public by the clock.
SETTLE = """
CREATE OR REPLACE FUNCTION casetracker_settle() RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    wanted bigint[];
    done bigint[];
BEGIN
    LOOP
        SELECT array_agg(case_id) INTO wanted FROM (
            SELECT DISTINCT case_id FROM casetracker_casechange
            WHERE transaction = pg_current_xact_id()::text::bigint AND NOT is_tried
            ORDER BY case_id LIMIT 500
        ) own;
        EXIT WHEN wanted IS NULL;
        UPDATE casetracker_casechange SET is_tried = true
        WHERE case_id = ANY (wanted) AND transaction = pg_current_xact_id()::text::bigint;
        done := casetracker_recount(wanted);
    END LOOP;
    SELECT array_agg(case_id) INTO wanted FROM (
        (SELECT case_id FROM casetracker_casechange
            WHERE transaction <> pg_current_xact_id()::text::bigint ORDER BY id LIMIT 50)
        UNION
        (SELECT case_id FROM casetracker_countedcase WHERE due <= statement_timestamp() ORDER BY due LIMIT 50)
    ) left_behind;
    IF wanted IS NOT NULL THEN
        PERFORM casetracker_recount(wanted);
    END IF;
    PERFORM casetracker_gather(5000);
END
$function$;
"""

# Everything anew, for tables that were filled without their triggers, and after a check that found a difference.
RECOUNT_ALL = """
CREATE OR REPLACE FUNCTION casetracker_recount_all() RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    beyond bigint := -1;
    keys bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(6120071, 1), pg_advisory_xact_lock(6120071, 2);
    DELETE FROM casetracker_casechange;
    DELETE FROM casetracker_tallychange;
    DELETE FROM casetracker_tally;
    DELETE FROM casetracker_countedcase c WHERE NOT EXISTS (SELECT 1 FROM casetracker_case WHERE id = c.case_id);
    LOOP
        SELECT array_agg(id), max(id) INTO keys, beyond FROM (
            SELECT id FROM casetracker_case WHERE id > beyond ORDER BY id LIMIT 2000
        ) next;
        EXIT WHEN keys IS NULL;
        INSERT INTO casetracker_countedcase (case_id, facts, due)
        SELECT key, coalesce(told.facts, '{}'), told.due
        FROM unnest(keys) key LEFT JOIN casetracker_facts(keys) told ON told.case_id = key
        ON CONFLICT (case_id) DO UPDATE SET facts = EXCLUDED.facts, due = EXCLUDED.due;
        INSERT INTO casetracker_tallychange (unit, given, given_value, facet, value, n)
        SELECT t.unit, t.given, t.given_value, t.facet, t.value, t.n FROM casetracker_tallies(
            (SELECT jsonb_agg(jsonb_build_object('case', case_id, 'facts', facts))
             FROM casetracker_countedcase WHERE case_id = ANY (keys))
        ) t;
    END LOOP;
    PERFORM casetracker_gather(1);
END
$function$;
"""

# Where what is kept differs from what the rows say, and how: of a case that has no mark, and of a number. Nothing, if
# all is well. Of cases whose embargo has ended since they were read it knows nothing yet, as of those with a mark.
DIFFERENCES = """
CREATE OR REPLACE FUNCTION casetracker_differences() RETURNS TABLE (what text)
LANGUAGE plpgsql AS $function$
DECLARE
    beyond bigint := -1;
    keys bigint[];
BEGIN
    CREATE TEMPORARY TABLE casetracker_expected (
        unit text, given text, given_value text, facet text, value text, n bigint
    ) ON COMMIT DROP;
    RETURN QUERY SELECT format('case %s is not counted', id) FROM casetracker_case
        WHERE NOT EXISTS (SELECT 1 FROM casetracker_countedcase WHERE case_id = id);
    LOOP
        SELECT array_agg(case_id), max(case_id) INTO keys, beyond FROM (
            SELECT case_id FROM casetracker_countedcase WHERE case_id > beyond ORDER BY case_id LIMIT 2000
        ) next;
        EXIT WHEN keys IS NULL;
        RETURN QUERY SELECT format('case %s', c.case_id)
            FROM casetracker_countedcase c LEFT JOIN casetracker_facts(keys) told USING (case_id)
            WHERE c.case_id = ANY (keys) AND c.facts <> coalesce(told.facts, '{}')
                AND (c.due IS NULL OR c.due > statement_timestamp())
                AND NOT EXISTS (SELECT 1 FROM casetracker_casechange m WHERE m.case_id = c.case_id);
        INSERT INTO casetracker_expected SELECT t.* FROM casetracker_tallies(
            (SELECT jsonb_agg(jsonb_build_object('case', c.case_id, 'facts', c.facts))
             FROM casetracker_countedcase c WHERE c.case_id = ANY (keys))
        ) t;
    END LOOP;
    RETURN QUERY
        SELECT format('%s: %s %s given %s %s is kept as %s and should be %s',
            d.unit, d.facet, d.value, d.given, d.given_value, sum(d.is_kept), sum(d.should_be))
        FROM (
            SELECT e.unit, e.given, e.given_value, e.facet, e.value, 0 AS is_kept, e.n AS should_be
            FROM casetracker_expected e
            UNION ALL SELECT k.unit, k.given, k.given_value, k.facet, k.value, k.n, 0 FROM casetracker_tally k
            UNION ALL SELECT k.unit, k.given, k.given_value, k.facet, k.value, k.n, 0 FROM casetracker_tallychange k
        ) d
        GROUP BY d.unit, d.given, d.given_value, d.facet, d.value HAVING sum(d.is_kept) <> sum(d.should_be);
    DROP TABLE casetracker_expected;
END
$function$;
"""

_NAMES = (
    "casetracker_facts(bigint[])", "casetracker_tallies(jsonb)", "casetracker_recount(bigint[])",
    "casetracker_gather(int)", "casetracker_settle()", "casetracker_recount_all()",
    "casetracker_differences()",
)  # fmt: skip
COUNTING_SQL = FACTS + TALLIES + RECOUNT + GATHER + SETTLE + RECOUNT_ALL + DIFFERENCES
DROP_COUNTING_SQL = "".join(f"DROP FUNCTION IF EXISTS {name};\n" for name in _NAMES)
