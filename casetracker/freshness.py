"""
Whether anything that readers may see has changed: for answers that need not be made again, and for what is kept in
memory between requests.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection
from django.db.models.functions import Now

from .models import Case, Event
from .models.prepared import asked, with_literals
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
    ((state,),) = asked(_statement())
    return str(state)


@cache
def _statement() -> str:
    ended = [
        model.objects.filter(EMBARGOED, published_from__lte=Now())
        .order_by("-published_from")
        .values("published_from")[:1]
        .query.sql_with_params()
        for model in (Case, Event)
    ]
    values = [value for _, parameters in ended for value in parameters]
    sql, _ = with_literals(_STATE.format(*[sql for sql, _ in ended]), values)
    return sql


class Remembered(Generic[Value]):
    """
    What was made from the record, for as long as the record is in one state: at most `size` of it, each counted as one
    or as what `weigh` says of it; what was asked for last stays longest. Whatever is kept is shared by all threads and
    must not be changed. As soon as one asks in another state, all of it is forgotten, so that what was withheld or
    redacted does not stay in memory.
    """

    def __init__(self, size: int, weigh: Callable[[Value], int] = lambda value: 1) -> None:
        self._size = size
        self._weigh = weigh
        self._weight = 0
        self._state = ""
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def forget(self) -> None:
        """Keep nothing of what was made so far; for measuring what the first to ask waits for."""
        with self._lock:
            self._clear()

    @property
    def weight(self) -> int:
        """Of all that is kept, as `size` counts it."""
        return self._weight

    def get(self, key: Hashable, state: str | None, make: Callable[[], Value]) -> Value:
        """What `make` made in this state of the record for `key`. Without a state nothing is kept."""
        for value in self.known(key, state):
            return value
        made = make()
        self.keep(key, state, made)
        return made

    def known(self, key: Hashable, state: str | None) -> Sequence[Value]:
        """What is kept for `key`, alone in a sequence; an empty one where nothing is."""
        if state is None:
            return ()
        with self._lock:
            if state != self._state:
                self._clear()
                self._state = state
            if key not in self._values:
                return ()
            self._values.move_to_end(key)
            return (self._values[key],)

    def keep(self, key: Hashable, state: str | None, value: Value) -> None:
        """Keep what was made in this state, unless another one has been asked about since."""
        with self._lock:
            if state is None or state != self._state:
                return
            self._drop(key)
            self._values[key] = value
            self._weight += self._weigh(value)
            while self._weight > self._size:
                self._drop(next(iter(self._values)))

    def _drop(self, key: Hashable) -> None:
        if key in self._values:
            self._weight -= self._weigh(self._values.pop(key))

    def _clear(self) -> None:
        self._values.clear()
        self._weight = 0
