"""
What the bare view reads: a row for each public case with all that a list tells of it, and the totals of its facets,
made once behind the data. A site in use cannot have them so cheaply, for they are true until the next change; that is
what makes the bare view a floor.
"""

from collections.abc import Callable

from django.db import connection

Say = Callable[[str], None]

_LINES = """
    CREATE TABLE bench_line AS
    SELECT c.id, c.is_invented, c.sort_key, c.name, c.slug, c.summary, c.status,
        ARRAY(SELECT t.name FROM casetracker_case_topics ct JOIN casetracker_topic t ON t.id = ct.topic_id
            WHERE ct.case_id = c.id ORDER BY t.name) AS topics,
        ARRAY(SELECT ARRAY[o.short_name, o.level, (SELECT n.number FROM casetracker_docketnumber n
                WHERE n.proceeding_id = p.id ORDER BY n.is_main DESC, n.term, n.number, n.id LIMIT 1)]
            FROM casetracker_proceeding p JOIN casetracker_court o ON o.id = p.court_id
            WHERE p.case_id = c.id ORDER BY p.display_order, p.id) AS courts,
        (SELECT ARRAY[e.title, e.date, e.public_id, o.short_name] FROM casetracker_event e
            LEFT JOIN casetracker_court o ON o.id = e.court_id
            WHERE e.case_id = c.id AND e.happening = 'held'
                AND e.state = 'published' AND e.published_from <= now()
            ORDER BY e.sort_date DESC, e.sort_rank DESC, e.day_order DESC, e.time DESC, e.id DESC LIMIT 1) AS latest
    FROM casetracker_case c WHERE c.state = 'published' AND c.published_from <= now();
    CREATE UNIQUE INDEX bench_line_order ON bench_line (is_invented, sort_key, id);
    CREATE UNIQUE INDEX bench_line_key ON bench_line (id);
    CREATE UNIQUE INDEX bench_line_slug ON bench_line (slug);
"""
_FACETS = """
    CREATE TABLE bench_facet AS
    SELECT 'status' AS facet, status AS value, count(*) AS count FROM bench_line GROUP BY 2
    UNION ALL SELECT 'topic', topic, count(*) FROM bench_line, unnest(topics) topic GROUP BY 2
    UNION ALL SELECT 'court', courts[1][1], count(*) FROM bench_line GROUP BY 2;
"""


def ensure(*, say: Say) -> None:
    """Makes the tables where they are missing; `clear` takes them away when the data go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_facet') IS NOT NULL")
        if cursor.fetchone()[0]:
            return
        say("what the bare view reads")
        clear()
        cursor.execute(_LINES)
        cursor.execute(_FACETS)
        cursor.execute("VACUUM (ANALYZE) bench_line")


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_facet, bench_line")
