"""
The bare view: the same cases and entries as the site's pages, by the shortest SQL that we know and text put together
by hand. No ORM, no forms, no templates, no middleware, statements prepared once. What Python and PostgreSQL can do at
best.

It obeys the same rule of publication, and the bench checks that it lists the same cases. It validates nothing, shows
less around the list than the site does, and is no way to write an application.
"""

import datetime
from collections.abc import Mapping
from html import escape
from typing import Any

import psycopg
from django.db import connection
from django.http import HttpResponse, QueryDict

_PUBLIC_CASE = "c.state = 'published' AND c.published_from <= now()"
_PUBLIC_ENTRY = "e.state = 'published' AND e.published_from <= now()"

# What keeps a case in the list, by the name of the filter.
_KEPT_BY: Mapping[str, str] = {
    "court": f"""
        SELECT p.case_id FROM casetracker_proceeding p WHERE p.court_id = %(court)s
        UNION SELECT e.case_id FROM casetracker_event e WHERE e.court_id = %(court)s AND {_PUBLIC_ENTRY}""",
    "court and date": f"""
        SELECT e.case_id FROM casetracker_event e
        WHERE e.court_id = %(court)s AND e.kind = 'ruling' AND {_PUBLIC_ENTRY}
        AND e.span && daterange(%(after)s, %(before)s, '[]')""",
    "outcome": f"""
        SELECT e.case_id FROM casetracker_event e
        WHERE e.outcome = %(outcome)s AND e.kind = 'ruling' AND {_PUBLIC_ENTRY}""",
    "number": """
        SELECT p.case_id FROM casetracker_docketnumber n JOIN casetracker_proceeding p ON p.id = n.proceeding_id
        WHERE n.key = casetracker_docket_key(%(q)s)""",
    "words": f"""
        SELECT c.id FROM casetracker_case c
        WHERE c.search @@ websearch_to_tsquery('public.casetracker', %(q)s) OR upper(c.name) LIKE upper(%(like)s)
        UNION SELECT e.case_id FROM casetracker_event e
        WHERE e.search @@ websearch_to_tsquery('public.casetracker', %(q)s) AND {_PUBLIC_ENTRY}
        UNION SELECT p.case_id FROM casetracker_party y JOIN casetracker_partyrole r ON r.party_id = y.id
        JOIN casetracker_proceeding p ON p.id = r.proceeding_id WHERE y.sort_key LIKE lower(%(like)s)""",
}

_LINE = f"""
    SELECT c.name, c.slug, c.summary, c.status,
        ARRAY(SELECT t.name FROM casetracker_case_topics ct JOIN casetracker_topic t ON t.id = ct.topic_id
            WHERE ct.case_id = c.id ORDER BY t.name),
        ARRAY(SELECT ARRAY[o.short_name, o.level, (SELECT n.number FROM casetracker_docketnumber n
                WHERE n.proceeding_id = p.id ORDER BY n.is_main DESC, n.term, n.number, n.id LIMIT 1)]
            FROM casetracker_proceeding p JOIN casetracker_court o ON o.id = p.court_id
            WHERE p.case_id = c.id ORDER BY p.display_order, p.id),
        (SELECT ARRAY[e.title, e.date, e.public_id, o.short_name] FROM casetracker_event e
            LEFT JOIN casetracker_court o ON o.id = e.court_id
            WHERE e.case_id = c.id AND e.happening = 'held' AND {_PUBLIC_ENTRY}
            ORDER BY e.sort_date DESC, e.sort_rank DESC, e.day_order DESC, e.time DESC, e.id DESC LIMIT 1)
    FROM """

_ALL = f"""{_LINE} casetracker_case c WHERE {_PUBLIC_CASE} ORDER BY c.is_invented, c.sort_key, c.id LIMIT 25"""
_COUNT = f"SELECT count(*) FROM casetracker_case c WHERE {_PUBLIC_CASE}"
_SOME = f"""
    WITH hits AS MATERIALIZED (
        SELECT c.id, c.is_invented, c.sort_key FROM casetracker_case c WHERE {_PUBLIC_CASE} AND c.id IN ({{keys}}))
    SELECT (SELECT count(*) FROM hits), line.* FROM (
        SELECT * FROM hits ORDER BY is_invented, sort_key, id LIMIT 25) h,
        LATERAL ({_LINE} casetracker_case c WHERE c.id = h.id) line
    ORDER BY h.is_invented, h.sort_key, h.id"""

# The courts that have something public: the ends of an index, not its rows.
_COURTS = f"""
    WITH RECURSIVE before(id) AS (
        (SELECT min(court_id) FROM casetracker_proceeding)
        UNION ALL SELECT (SELECT min(court_id) FROM casetracker_proceeding WHERE court_id > before.id)
        FROM before WHERE before.id IS NOT NULL
    ), entered(id) AS (
        (SELECT min(court_id) FROM casetracker_event WHERE state = 'published')
        UNION ALL
        SELECT (SELECT min(court_id) FROM casetracker_event WHERE state = 'published' AND court_id > entered.id)
        FROM entered WHERE entered.id IS NOT NULL
    )
    SELECT o.id, o.name, o.level FROM casetracker_court o
    WHERE o.id IN (SELECT id FROM before UNION SELECT id FROM entered) AND (
        (SELECT true FROM casetracker_proceeding p JOIN casetracker_case c ON c.id = p.case_id
            WHERE p.court_id = o.id AND {_PUBLIC_CASE} LIMIT 1)
        OR (SELECT true FROM casetracker_event e JOIN casetracker_case c ON c.id = e.case_id
            WHERE e.court_id = o.id AND {_PUBLIC_ENTRY} AND {_PUBLIC_CASE} LIMIT 1))
    ORDER BY o.display_order, o.sort_key, o.id"""

_ENTRIES = f"""
    SELECT e.public_id, e.kind, e.date, e.title, e.summary, e.outcome, o.id, o.short_name,
        ARRAY(SELECT ARRAY[n.number, d.number] FROM casetracker_docketentry d
            JOIN casetracker_docketnumber n ON n.proceeding_id = d.proceeding_id AND n.is_main WHERE d.event_id = e.id),
        ARRAY(SELECT j.label FROM casetracker_rulingjudge r JOIN casetracker_judge j ON j.id = r.judge_id
            WHERE r.ruling_id = e.id ORDER BY r.position),
        ARRAY(SELECT ARRAY[t.verb, x.title] FROM casetracker_treatment t JOIN casetracker_event x ON x.id = t.target_id
            WHERE t.act_id = e.id AND x.state = 'published' AND x.published_from <= now()),
        ARRAY(SELECT ARRAY[t.verb, x.title] FROM casetracker_treatment t JOIN casetracker_event x ON x.id = t.act_id
            WHERE t.target_id = e.id AND x.state = 'published' AND x.published_from <= now()),
        ARRAY(SELECT ARRAY[s.title, s.address] FROM casetracker_reference f
            JOIN casetracker_source s ON s.id = f.source_id WHERE f.event_id = e.id ORDER BY f.position)
    FROM casetracker_event e LEFT JOIN casetracker_court o ON o.id = e.court_id
    WHERE e.case_id = %(case)s AND {_PUBLIC_ENTRY}
    ORDER BY e.sort_date, e.sort_rank, e.day_order, e.time, e.id LIMIT %(limit)s"""

_HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cases</title></head><body><main>'
_FOOT = "</main></body></html>"


class BareView:
    """Answers with a connection of its own, kept open."""

    def __init__(self) -> None:
        parameters = connection.get_connection_params()
        known = {
            name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)
        }
        self._cursor = psycopg.connect(**known, autocommit=True, prepare_threshold=0).cursor()

    def close(self) -> None:
        self._cursor.connection.close()

    def _rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self._cursor.execute(sql.encode(), values or {}).fetchall()

    def case_list(self, query: str) -> HttpResponse:
        """The first page of the list, for a query string of those that the bench asks for."""
        asked = QueryDict(query)
        words = asked.get("q", "")
        kept_by = (
            "number"
            if any(character.isdigit() for character in words)
            else "words"
            if words
            else "outcome"
            if "outcome" in asked
            else "court and date"
            if "decided_after" in asked
            else "court"
            if "court" in asked
            else ""
        )
        if kept_by:
            values = {
                "court": asked.get("court"),
                "outcome": asked.get("outcome"),
                "q": words,
                "like": f"%{words}%",
                "after": _day(asked.get("decided_after"), last=False),
                "before": _day(asked.get("decided_before"), last=True),
            }
            rows = self._rows(_SOME.format(keys=_KEPT_BY[kept_by]), values)
            count = rows[0][0] if rows else 0
            lines = [row[1:] for row in rows]
        else:
            count = self._rows(_COUNT)[0][0]
            lines = self._rows(_ALL)
        courts = "".join(
            f'<label><input type="checkbox" name="court" value="{pk}">{escape(name)}</label>'
            for pk, name, _ in self._rows(_COURTS)
        )
        return HttpResponse(
            f"{_HEAD}<h1>{count} cases</h1><ol>{''.join(map(_case, lines))}</ol><form>{courts}</form>{_FOOT}"
        )

    def case(self, slug: str, *, limit: int) -> HttpResponse:
        """The case with its first entries."""
        key, name, summary = self._rows(
            f"SELECT id, name, summary FROM casetracker_case c WHERE slug = %(slug)s AND {_PUBLIC_CASE}", {"slug": slug}
        )[0]
        rows = self._rows(_ENTRIES, {"case": key, "limit": limit})
        return HttpResponse(
            f"{_HEAD}<h1>{escape(name)}</h1><p>{escape(summary)}</p>"
            f'<ol id="timeline">{"".join([_entry(slug, *row) for row in rows])}</ol>{_FOOT}'
        )


def _day(year: str | None, *, last: bool) -> datetime.date | None:
    return None if year is None else datetime.date(int(year), 12, 31) if last else datetime.date(int(year), 1, 1)


def _case(line: tuple[Any, ...]) -> str:
    name, slug, summary, status, topics, proceedings, latest = line
    courts = "".join(
        f'<li class="{level}">{escape(court)} {escape(number or "")}</li>' for court, level, number in proceedings
    )
    last = ""
    if latest:
        title, date, pk, court = latest
        last = f'<p>Latest: <a href="/cases/{slug}/{pk}/">{escape(title)}</a>, {escape(court or "")}, {date}</p>'
    return (
        f'<li class="case"><h2><a href="/cases/{slug}/">{escape(name)}</a></h2>'
        f"<p>{status} {escape(' '.join(topics))}</p><p>{escape(summary)}</p><ul>{courts}</ul>{last}</li>"
    )


def _entry(
    slug: str,
    pk: str,
    kind: str,
    date: str,
    title: str,
    summary: str,
    outcome: str,
    court: str | None,
    court_name: str | None,
    dockets: list[list[str]],
    judges: list[str],
    did: list[list[str]],
    later: list[list[str]],
    sources: list[list[str]],
) -> str:
    numbers = " ".join([f"{number}, {entry}" for number, entry in dockets])
    parts = [
        f'<li id="{pk}" data-court="{court or ""}" data-kind="{kind}"><time datetime="{date}">{date}</time>'
        f"<p>{escape(court_name or '')} {numbers} {escape(', '.join(judges))}</p>"
        f'<h4><a href="/cases/{slug}/{pk}/">{escape(title)}</a></h4><p>{outcome}</p><p>{escape(summary)}</p>'
    ]
    parts += [f"<p>{verb} {escape(of)}</p>" for verb, of in did]
    parts += [f"<p>{verb} by {escape(of)}</p>" for verb, of in later]
    parts += [f'<a href="{escape(address)}">{escape(source)}</a>' for source, address in sources]
    return "".join(parts) + "</li>"
