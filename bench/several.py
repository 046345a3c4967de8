"""Loading many dockets by one process or by several, as `import_docket --processes` does."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from casetracker.importers.dockets import processes
from casetracker.importers.dockets.formats import Found
from casetracker.importers.dockets.loading import Wishes, load
from casetracker.importers.dockets.records import Docket, DocketError
from casetracker.importers.dockets.reports import Report

# Loads the dockets in their order; what became of each, one after the other.
Load = Callable[[Iterable[Docket]], Iterator[Report | DocketError]]


@contextmanager
def loading(count: int, *, format: str = "csv") -> Iterator[Load]:
    """So many processes, as long as the block lasts; one is this one."""
    if count == 1:
        yield lambda dockets: (_loaded(docket, format) for docket in dockets)
        return
    with processes.started(count) as several:
        yield lambda dockets: (
            outcome for _, outcome in several.landed((Found((), format, each) for each in dockets), Wishes())
        )


def _loaded(docket: Docket, format: str) -> Report | DocketError:
    try:
        return load(docket, format=format, source="bench")
    except DocketError as error:
        return error
