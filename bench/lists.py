"""The list of cases, its filters and its depth, against the bare view."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from bench import same
from bench.bare import BareView
from bench.operations import BARE, MOST_QUERIES_OF_A_LIST, Operation, once_more
from bench.site import Site
from casetracker import keyset
from casetracker.models import Case, DocketNumber, Proceeding
from casetracker.web.views.cases import CASES_PER_PAGE

# As a share of the time of the bare view, and of the first page: docs/performance.md says what was reached.
GOAL, GOAL_OF_COURT_AND_DATE, GOAL_OF_WORDS, GOAL_OF_THE_LAST = 1 / 0.7, 1 / 0.75, 1 / 0.6, 1.2
DEEP = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, so that every way to it asks for the same."""

    court: str
    number: str
    deep: int
    place: str

    @classmethod
    def of_database(cls) -> "Asked":
        proceedings = Proceeding.objects.public()
        heard = list(proceedings.filter(court__level="trial").values_list("court_id", flat=True)[:20_000])
        numbers = DocketNumber.objects.public().filter(number__contains="-cv-").order_by("pk")
        pages = -(-Case.objects.public().count() // CASES_PER_PAGE)
        # The page before the last, where there are fewer than a thousand.
        deep = min(DEEP, pages - 1)
        (before,), _ = keyset.BY_NAME.rows(Case.objects.public(), 1, skipped=(deep - 1) * CASES_PER_PAGE - 1)
        return cls(
            max(sorted(set(heard)), key=heard.count),
            numbers.values_list("number", flat=True)[0],
            deep,
            f"after~{keyset.BY_NAME.write(before)}",
        )


def operations(site: Site, bare: BareView, asked: Asked) -> Iterator[Operation]:
    two_years = f"court={asked.court}&decided_after=2019&decided_before=2020"
    for name, query, goal in (
        ("list, first page", "", GOAL),
        ("list, one court", f"court={asked.court}", None),
        ("list, rulings of a court in two years", two_years, GOAL_OF_COURT_AND_DATE),
        ("list, outcome", "outcome=granted", None),
        ("list, a common word", "q=injunction", GOAL_OF_WORDS),
        ("list, two words", "q=eviction+zoning", GOAL_OF_WORDS),
        ("list, a docket number", f"q={asked.number}&sort=name", None),
        (f"list, page {asked.deep:,}", f"page={quote(asked.place)}", GOAL),
        ("list, last page", "page=last", GOAL),
    ):
        view = partial(bare.case_list, query)
        address = f"/cases/?{query}" if query else "/cases/"
        # Words are looked for in more texts than the bare view reads, and the best matches come first.
        check = same.something if query.startswith("q=") else partial(same.cases, view)
        made = Operation(name, address, BARE, view, check, MOST_QUERIES_OF_A_LIST, goal)
        yield made
        if goal is not None:
            yield once_more(made, goal=goal)
    for name, query in (
        (f"list, page {asked.deep:,}", f"?page={quote(asked.place)}"),
        ("list, last page", "?page=last"),
        ("list, latest first", "?sort=recent"),
        ("list, latest first, last page", "?sort=recent&page=last"),
    ):
        yield Operation(
            name,
            f"/cases/{query}",
            "the first page by name",
            partial(site.get, "/cases/"),
            check=lambda body: None,  # they are different pages
            most_queries=MOST_QUERIES_OF_A_LIST,
            goal=GOAL_OF_THE_LAST,
        )
