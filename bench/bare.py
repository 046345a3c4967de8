"""
The bare view: the same cases and entries as the site's pages, by the shortest SQL that we know and text put together
by hand. No ORM, no forms, no templates, no middleware, statements prepared once. What Python and PostgreSQL can do at
best. What the list tells lies ready in a table of the bench's own (`ready_made`).

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

_COLUMNS = "name, slug, summary, status, topics, courts, latest"
_PAGE = f"""
    SELECT is_invented, sort_key, id, {_COLUMNS} FROM bench_line
    WHERE (is_invented, sort_key, id) > (%(invented)s, %(name)s, %(key)s)
    ORDER BY is_invented, sort_key, id LIMIT 25"""
_LAST_PAGE = f"""
    SELECT is_invented, sort_key, id, {_COLUMNS} FROM bench_line
    ORDER BY is_invented DESC, sort_key DESC, id DESC LIMIT %(size)s"""
_FACETS = "SELECT facet, value, count FROM bench_facet ORDER BY facet, count DESC"
# The hits are read once: how many they are, which stand on the page, and the facets of all of them.
_SOME = f"""
    WITH hits AS MATERIALIZED (
        SELECT l.id, l.is_invented, l.sort_key, l.status, l.courts FROM bench_line l WHERE l.id IN ({{keys}})
    ), page AS (
        SELECT l.is_invented, l.sort_key, l.id, {", ".join(f"l.{name}" for name in _COLUMNS.split(", "))}
        FROM (SELECT id FROM hits ORDER BY is_invented, sort_key, id LIMIT 25) h JOIN bench_line l ON l.id = h.id
    )
    SELECT (SELECT count(*) FROM hits),
        (SELECT json_object_agg(status, n) FROM (SELECT status, count(*) n FROM hits GROUP BY 1) s),
        (SELECT json_object_agg(court, n) FROM (
            SELECT coalesce(courts[1][1], '') AS court, count(*) n FROM hits GROUP BY 1) c),
        page.*
    FROM page ORDER BY is_invented, sort_key, id"""

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
        """A page of the list, for a query string of those that the bench asks for."""
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
            count, statuses, courts = rows[0][:3] if rows else (0, {}, {})
            facets = [*statuses.items(), *courts.items()]
            lines = [row[6:] for row in rows]
        else:
            totals = self._rows(_FACETS)
            count = sum(n for facet, _, n in totals if facet == "status")
            facets = [(value, n) for _, value, n in totals]
            lines = [row[3:] for row in self._page(asked.get("page", ""), count)]
        choices = "".join([f"<li>{escape(str(value))} {n}</li>" for value, n in facets])
        return HttpResponse(
            f"{_HEAD}<h1>{count} cases</h1><ol>{''.join(map(_case, lines))}</ol><ul>{choices}</ul>{_FOOT}"
        )

    def _page(self, page: str, count: int) -> list[tuple[Any, ...]]:
        if page == "last":
            return self._rows(_LAST_PAGE, {"size": (count - 1) % 25 + 1})[::-1]
        if page.startswith("after~name~"):
            invented, name, slug = page.removeprefix("after~name~").split("~")
            ((key,),) = self._rows("SELECT id FROM bench_line WHERE slug = %(slug)s", {"slug": slug})
            return self._rows(_PAGE, {"invented": invented == "1", "name": name, "key": key})
        return self._rows(_PAGE, {"invented": False, "name": "", "key": 0})

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
