"""
Many dockets by several processes at once: files are read ahead, and dockets landed by whoever is free, each by a
connection of its own and still in one transaction.

What comes out is what one process would make of them, in the order of the files. So a docket waits for each before it
that names the same dockets (`places.named_in`): an older version lands before a newer one, and an appeal where the
docket below has its case already.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

from django.db import connection

from . import process
from .formats import Found, Read, parse_from
from .loading import Wishes, load
from .places import named_in
from .records import DocketError
from .reports import Report

# The files of a docket, and what became of it.
Outcome = tuple[tuple[str, ...], Report | DocketError]


class ProcessEndedError(Exception):
    """A process was ended from outside. What it was landing did not land; what had landed may not all be told."""


class Processes:
    """So many processes that read and land. To be had by `started`."""

    def __init__(self, count: int, pool: ProcessPoolExecutor) -> None:
        self._count = count
        self._pool = pool

    def parsed(
        self, files: Iterable[tuple[str, Callable[[], bytes]]], court: str
    ) -> Iterator[tuple[str, Callable[[], Read]]]:
        """The files, each with what gives what is in it. As many are read ahead as there are processes."""
        ahead: deque[tuple[str, Future[Read]]] = deque()
        for name, data in files:
            ahead.append((name, self._pool.submit(parse_from, data, court)))
            if len(ahead) > self._count:
                first, read = ahead.popleft()
                yield first, read.result
        for name, read in ahead:
            yield name, read.result

    def landed(self, dockets: Iterable[Found], wishes: Wishes, *, with_lines: bool = False) -> Iterator[Outcome]:
        """What became of each docket, in their order. The lines of the reports are there if `with_lines`."""
        under_way: deque[_UnderWay] = deque()
        for found in dockets:
            names = named_in(found.docket)
            # Into one case that was named they go one after the other.
            wait([each.ends for each in under_way if wishes.case is not None or each.names & names])
            self._wait_for_room(under_way)
            ends = self._pool.submit(_land, found, wishes, with_lines=with_lines)
            under_way.append(_UnderWay(found.files, names, ends))
            while under_way and under_way[0].ends.done():
                yield under_way.popleft().outcome
        while under_way:
            yield under_way.popleft().outcome

    def _wait_for_room(self, under_way: Iterable["_UnderWay"]) -> None:
        """So that no more dockets lie in memory than are landed, and one more."""
        running = [each.ends for each in under_way if not each.ends.done()]
        if len(running) > self._count:
            wait(running, return_when=FIRST_COMPLETED)


@dataclass(frozen=True, slots=True)
class _UnderWay:
    files: tuple[str, ...]
    names: frozenset[str]
    ends: "Future[Report | DocketError]"

    @property
    def outcome(self) -> Outcome:
        return self.files, self.ends.result()


@contextmanager
def started(count: int) -> Iterator[Processes]:
    """
    Processes that work until the end of the block, and then finish what they are at. Raises `ProcessEndedError` where
    one of them was killed.
    """
    # Made anew and not copied from this one: a copy of its connection would speak into the midst of what it says.
    pool = ProcessPoolExecutor(
        count,
        mp_context=get_context("spawn"),
        initializer=process.begin,
        initargs=(str(connection.settings_dict["NAME"]),),
    )
    try:
        yield Processes(count, pool)
    except BrokenProcessPool as error:
        raise ProcessEndedError from error
    finally:
        pool.shutdown(cancel_futures=True)


def _land(found: Found, wishes: Wishes, *, with_lines: bool) -> Report | DocketError:
    """In one of the processes. The report without what it can be asked for later."""
    try:
        report = load(found.docket, format=found.format, wishes=wishes)
    except DocketError as error:
        return error
    return replace(report, added=[], read=partial(list, report.lines if with_lines else ()))
