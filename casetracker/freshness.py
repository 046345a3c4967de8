"""
Whether anything that readers may see has changed: for answers that need not be made again, and for what is kept in
memory between requests.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models.functions import Now

from .models import Case, Event
from .models.publishing import EMBARGOED

Value = TypeVar("Value")

# The last transactions that wrote, and the embargoes that ended last, for time is no transaction.
_STATE = """
    SELECT concat_ws(
        ' ',
        (SELECT md5(string_agg(transaction || ' ' || begun_at, ' ' ORDER BY transaction))
         FROM casetracker_recordchange),
        ({}),
        ({})
    )
"""


def state_of_record() -> str | None:
    """
    A text that is another one as soon as readers may be answered otherwise: after each transaction that wrote to a
    tracked table (`models.tracking`), and when an embargo ends; never again one that it has been. None within a
    transaction, which may write once more under the same text. What is read later is as new as the text, or newer. One
    query.
    """
    if connection.in_atomic_block:
        return None
    sql, parameters = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return str(cursor.fetchone()[0])


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    ended = [
        model.objects.filter(EMBARGOED, published_from__lte=Now())
        .order_by("-published_from")
        .values("published_from")[:1]
        .query.sql_with_params()
        for model in (Case, Event)
    ]
    return _STATE.format(*[sql for sql, _ in ended]), tuple(value for _, values in ended for value in values)


class Remembered(Generic[Value]):
    """
    What was made from the record, at most `size` of it, for as long as the record is in one state. Whatever is kept is
    shared by all threads and must not be changed. As soon as one asks in another state, all of it is forgotten, so that
    what was withheld or redacted does not stay in memory.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._state = ""
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def forget(self) -> None:
        """Keep nothing of what was made so far; for measuring what the first to ask waits for."""
        with self._lock:
            self._values.clear()

    def get(self, key: Hashable, state: str | None, make: Callable[[], Value]) -> Value:
        """What `make` made in this state of the record for `key`. Without a state nothing is kept."""
        if state is None:
            return make()
        with self._lock:
            if state != self._state:
                self._values.clear()
                self._state = state
            elif key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            if state == self._state:
                self._values[key] = made
                if len(self._values) > self._size:
                    self._values.popitem(last=False)
        return made
