"""
The lists of the desk, each against the same list of a hundredth of the rows: what a list costs should not grow with its
table. Both databases are asked by one process, in turn.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest import mock
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from bench import database, generate, load
from bench.operations import Operation
from bench.site import Site
from casetracker.models import Case

SMALLER = 100
GOAL = 1.5
MOST_QUERIES_OF_A_LIST, MOST_QUERIES_OF_A_CASE = 12, 19
LISTS = (
    "case", "event", "ruling", "proceeding", "party", "attorney", "judge", "document", "source", "statement",
    "provision", "transfer", "correction", "court",
)  # fmt: skip
# Words in a large part of the rows, and one that is in none.
SEARCHES = (
    ("event", "motion"), ("event", "united"), ("ruling", "order"), ("proceeding", "united"), ("proceeding", "v"),
    ("case", "united"), ("party", "united"), ("attorney", "an"), ("source", "order"), ("transfer", "united"),
    ("proceeding", "department"), ("proceeding", "md"), ("proceeding", "zorp"), ("event", "zorp"),
)  # fmt: skip


class Small:
    """The database with a hundredth of the cases, and the desk of an editor in it."""

    def __init__(self, cases: int, *, seed: int, say: load.Say) -> None:
        url = database.of_size(os.environ["DATABASE_URL"], "hundredth")
        self._connection = connections.create_connection("default")
        self._connection.settings_dict["NAME"] = urlsplit(url).path.lstrip("/")
        # The cases of a given length are larger than all the rest of so few.
        with self.asked(), mock.patch.object(generate, "WHALES", {}):
            load.ensure(cases // SMALLER, seed=seed, say=say)
        with self.asked():
            self._site = desk()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """All questions to the database go to this one."""
        large = connections["default"]
        connections["default"] = self._connection
        try:
            yield
        finally:
            connections["default"] = large

    def get(self, address: str) -> bytes:
        with self.asked():
            return self._site.get(address).body

    def close(self) -> None:
        self._connection.close()


def _rows(body: bytes) -> int:
    return body.count(b'class="action-checkbox"')


def desk() -> Site:
    """The site as somebody who sees everything at the desk has it."""
    client = Client()
    user, _is_new = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True, "password": "!"}
    )
    client.force_login(user)
    return Site(cookie=f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")


def operations(site: Site, small: Small) -> Iterator[Operation]:
    """What is measured with `desk()` as the site."""
    asked = [(f"desk, {name}", f"/admin/casetracker/{name}/") for name in LISTS]
    asked += [(f"desk, {name}, “{word}”", f"/admin/casetracker/{name}/?q={word}") for name, word in SEARCHES]
    for name, address in asked:
        # A page that is not full is made sooner, and says nothing of what a larger table costs.
        is_full = _rows(small.get(address)) >= _rows(site.get(address).body)
        yield Operation(
            name,
            address,
            f"1/{SMALLER} of the rows" if is_full else f"1/{SMALLER} of the rows, less than a page",
            partial(small.get, address),
            check=lambda body: None,  # they list different rows
            most_queries=MOST_QUERIES_OF_A_LIST,
            goal=GOAL if is_full else None,
        )
    long, short = (
        f"/admin/casetracker/case/{Case.objects.get(slug=f'case-of-{entries}-entries').pk}/change/"
        for entries in (1_000, 100)
    )
    yield Operation(
        "desk, screen of a case of 1,000 entries",
        long,
        "case of 100 entries",
        partial(site.get, short),
        check=lambda body: None,  # they are different cases
        most_queries=MOST_QUERIES_OF_A_CASE,
        goal=GOAL,
    )
