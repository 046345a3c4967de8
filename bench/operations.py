"""What is measured, and against what."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from unittest import mock

from bench import same
from bench.bare import BareView
from bench.measure import Comparison, compare, in_turn
from bench.ready import ReadyPage
from bench.site import Site
from casetracker import overview, where_it_stands, windows
from casetracker.templatetags import prose
from casetracker.web.asked_again import PAGES

# What was set out to reach; docs/performance.md says what was.
GOAL_AGAINST_READY = 1.5
GOAL_OF_A_LONG_CASE = 1.3
GOAL_AGAINST_BARE = 1 / 0.5
GOAL_OF_UNCHANGED, GOAL_AGAINST_EMPTY = 1 / 50, 1 / 0.6
MOST_QUERIES_OF_A_CASE, MOST_QUERIES_OF_A_LIST = 12, 8

READY = "same HTML, ready structures"
BARE = "bare view"
SHORT_CASE = 100
SHORT = f"case of {SHORT_CASE} entries"


@dataclass(frozen=True, slots=True)
class Operation:
    """One page and another way to the same. `check` raises ValueError where the two do not say the same."""

    name: str
    address: str
    against: str
    other: Callable[[], object]
    check: Callable[[bytes], None]
    most_queries: int
    goal: float | None = None
    before: Callable[[], object] = lambda: None
    # Another way to ask for the page than to get it.
    ours: Callable[[], object] | None = None
    # So many entries stand whole on a page of the site while this is measured; None leaves it at what the site does.
    whole: int | None = None
    # Whether a page that was made before may be sent once more. Else each is made anew.
    again: bool = False

    def setting(self) -> AbstractContextManager[object]:
        return mock.patch.object(windows, "WHOLE", windows.WHOLE if self.whole is None else self.whole)


@dataclass(frozen=True, slots=True)
class Result:
    operation: Operation
    comparison: Comparison
    queries: int
    size: int


def measured(operation: Operation, site: Site, *, rounds: int) -> Result:
    """Ours and the other way in turn. Raises ValueError where the page fails or says something else."""
    with operation.setting():
        return _measured(operation, site, rounds=rounds)


def _measured(operation: Operation, site: Site, *, rounds: int) -> Result:
    PAGES.forget()
    page = site.get(operation.address)
    if page.status != 200:
        raise ValueError(f"{operation.address} answers {page.status}")
    operation.check(page.body)

    def begin() -> None:
        if not operation.again:
            PAGES.forget()
        operation.before()

    def ours() -> None:
        begin()
        (operation.ours or partial(site.get, operation.address))()

    def other() -> None:
        begin()
        operation.other()

    times = in_turn({"ours": ours, "other": other}, rounds=rounds)
    begin()
    return Result(operation, compare(times, "ours", "other"), len(site.queries(operation.address)), len(page.body))


def of_cases(site: Site, bare: BareView) -> Iterator[Operation]:
    for entries in (1_000, 100):
        address = f"/cases/case-of-{entries}-entries/"
        with mock.patch.object(windows, "WHOLE", entries):
            ready = ReadyPage(site, address)
        whole = Operation(
            f"case of {entries:,} entries, whole",
            address,
            READY,
            ready.render,
            check=lambda body: None,  # `ReadyPage` compares the bytes itself
            most_queries=MOST_QUERIES_OF_A_CASE,
            goal=GOAL_AGAINST_READY if entries == 1_000 else None,
            whole=entries,
        )
        yield whole
        if entries == 1_000:
            # Texts are formatted once and kept; this is what the first reader of a case waits for.
            yield Operation(
                f"{whole.name}, texts not formatted yet",
                address,
                READY,
                ready.render,
                whole.check,
                whole.most_queries,
                before=prose._html.cache_clear,
                whole=entries,
            )
    yield Operation(
        "part of a case of 10,000 entries",
        "/cases/case-of-10000-entries/",
        SHORT,
        partial(site.get, "/cases/case-of-100-entries/"),
        check=lambda body: None,  # they are different cases
        most_queries=MOST_QUERIES_OF_A_CASE,
        goal=GOAL_OF_A_LONG_CASE,
    )
    yield Operation(
        "part of a case of 10,000 entries, first after a change",
        "/cases/case-of-10000-entries/",
        SHORT,
        partial(site.get, "/cases/case-of-100-entries/"),
        check=lambda body: None,
        most_queries=MOST_QUERIES_OF_A_CASE,
        before=_forget,
    )
    yield from _unchanged(site)
    for entries in (SHORT_CASE, 1_000):
        slug = f"case-of-{entries}-entries"
        view = partial(bare.case, slug, limit=entries)
        against_bare = Operation(
            f"case of {entries:,} entries, whole",
            f"/cases/{slug}/",
            BARE,
            view,
            partial(same.entries, view),
            most_queries=MOST_QUERIES_OF_A_CASE,
            whole=entries,
        )
        yield against_bare
        if entries == SHORT_CASE:
            yield once_more(against_bare, goal=GOAL_AGAINST_BARE)


def once_more(operation: Operation, *, goal: float | None) -> Operation:
    """The same page where a worker has made it already."""
    return replace(operation, name=f"{operation.name}, once more", goal=goal, again=True)


def _forget() -> None:
    """What a worker keeps as long as nothing changes."""
    for kept in (overview._COUNTS, where_it_stands._LONG, where_it_stands._LONG_TOLD):
        kept.forget()


def _unchanged(site: Site) -> Iterator[Operation]:
    address = "/cases/case-of-100-entries/"
    tag = site.get(address).tag

    def ask() -> None:
        answer = site.get(address, tag=tag)
        if answer.status != 304:
            raise ValueError(f"{address} has not changed and answers {answer.status}.")

    for against, other, goal in (
        ("the page", address, GOAL_OF_UNCHANGED),
        ("an empty view", "/livez", GOAL_AGAINST_EMPTY),
    ):
        yield Operation(
            "case of 100 entries, not changed (304)",
            address,
            against,
            partial(site.get, other),
            check=lambda body: None,
            most_queries=MOST_QUERIES_OF_A_CASE,
            goal=goal,
            ours=ask,
        )
