"""The site over HTTP against what others would serve over HTTP, asked in turn by one reader."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from bench import same
from bench.datasette import Datasette
from bench.lists import Asked
from bench.operations import MOST_QUERIES_OF_A_CASE, MOST_QUERIES_OF_A_LIST, Operation, once_more
from bench.served import Reader
from bench.site import anew

_FACETS = "&_facet=court&_facet=status&_facet=topic"
_SLUG = re.compile(r"/cases/([^/]+)/")


def against_datasette(site: Reader, other: Datasette, name: str, asked: Asked) -> Iterator[Operation]:
    """`name` is that of its database."""
    cases, entries = f"/{name}/cases", f"/{name}/entry"
    by_name = "?_sort=sort_key&_size=25"
    of_court = f"?court={asked.court}&filed__gte=2019-01-01&filed__lte=2020-12-31&_sort=sort_key&_size=25"
    # A case in which a court ruled in these years is more than Datasette can be asked for; it is asked for those filed.
    two_years = f"?court={asked.court}&decided_after=2019&decided_before=2020"
    deep = f"{by_name}{other.place_of(f'{cases}.json?_sort=sort_key', asked.deep, 25)}"
    of_case, of_long_case = "?case_id=9&_sort=day&_size=100", "?case_id=7&_sort=day&_size=200"
    short, long = "/cases/case-of-100-entries/", "/cases/case-of-10000-entries/"
    rows = (
        ("list with count and facets", "/cases/", f"{cases}{by_name}", _FACETS, 150, True),
        ("court and two years", f"/cases/{two_years}", f"{cases}{of_court}", _FACETS, 20, False),
        ("a common word", "/cases/?q=injunction", f"{cases}?_search=injunction&_size=25", _FACETS, 100, False),
        ("two words", "/cases/?q=motion+order", f"{cases}?_search=motion+order&_size=25", _FACETS, 50, False),
        (f"page {asked.deep:,}", f"/cases/?page={quote(asked.place)}", f"{cases}{deep}", _FACETS, 150, True),
        ("last page", "/cases/?page=last", f"{cases}?_sort_desc=sort_key&_size=25", _FACETS, 150, False),
        ("case of 100 entries", short, f"{entries}{of_case}", "", 20, True),
        ("window of a case of 10,000 entries", long, f"{entries}{of_long_case}", "", 25, False),
    )
    for what, ours, theirs, facets, times, is_same in rows:
        made = Operation(
            what,
            ours,
            f"Datasette {other.version}",
            partial(other.get, theirs + facets),
            check=partial(_same, partial(other.get, theirs.replace("?", ".json?", 1) + "&_shape=objects"))
            if is_same
            else same.something,
            most_queries=MOST_QUERIES_OF_A_LIST if "list" in what or "page" in what else MOST_QUERIES_OF_A_CASE,
            goal=1 / times,
            ours=partial(_made_anew, site, ours),
        )
        yield made
        yield replace(once_more(made, goal=made.goal), ours=partial(site.get, ours))


def against_nginx(site: Reader, nginx: Reader) -> Iterator[Operation]:
    """How far the list is from the limit of what is sent over HTTP at all."""
    made = Operation(
        "list with count and facets",
        "/cases/",
        "nginx, the same bytes",
        partial(nginx.get, "/page.html"),
        check=lambda body: None,
        most_queries=MOST_QUERIES_OF_A_LIST,
        ours=partial(_made_anew, site, "/cases/"),
    )
    yield made
    yield replace(once_more(made, goal=None), ours=partial(site.get, "/cases/"))


def _made_anew(site: Reader, address: str) -> bytes:
    return site.get(anew(address))


def _same(rows: Callable[[], bytes], body: bytes) -> None:
    """Raises ValueError where Datasette's rows are others than those of our page."""
    found = json.loads(rows())["rows"]
    if found and "public_id" in found[0]:
        # Ours are in the order of the docket within a day.
        theirs, ours = {row["public_id"] for row in found}, {key.decode() for key in same.ENTRY.findall(body)}
    else:
        theirs, ours = ({row["slug"] for row in found}, {_SLUG.match(at.decode())[1] for at in same.CASE.findall(body)})  # type: ignore[index]  # by its own pattern
    if theirs != ours:
        raise ValueError(f"Datasette shows {len(theirs)} rows and the site {len(ours)}: {sorted(theirs ^ ours)[:3]}.")
