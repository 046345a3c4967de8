"""The choices of a filter as its page shows them: each with how many it would list, the years as a drawing too."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, TypeVar

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from ..facets import Counts, Facet, Number
from ..freshness import Remembered
from ..language import labels
from ..models import System
from ..models.courts import LEVEL_HEADINGS
from ..patience import TakesTooLongError, ran_out
from ..timeline import Told

T = TypeVar("T")
# So many columns of years fit on a telephone; where there are more, each column takes a decade.
MOST_COLUMNS = 12
# More choices than this are scrolled.
MOST_CHOICES = 15
# So many courts are offered besides the chosen, those with the most, unless the address asks for all: there are
# thousands, and a page that named them would be ten times as long.
MOST_COURTS = 40
# The parameter that asks for them.
ALL = "all"
# The parameters of the range of years.
_RANGE = ("after", "before")
# The tallest column, in the units of the drawing.
HEIGHT = 40
# Below the courts; whether each of its choices is shown, or those alone that would list something.
_IN_ORDER = {
    Facet.LEVEL: True, Facet.KIND: True, Facet.OUTCOME: True, Facet.TOPIC: False, Facet.STATUS: True,
    Facet.PARTY_KIND: True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally(Told):
    """A number as it is written, "1,200" or "10,000+", and what is counted, to be read aloud: "cases"."""

    n: int
    text: str
    of_what: str


@dataclass(frozen=True, slots=True)
class Choice(Told):
    """One value that can be chosen, with how many it would list; without a number where none could be counted."""

    id: str
    value: str
    label: str
    is_chosen: bool
    number: Tally | None

    @property
    def is_empty(self) -> bool:
        return self.number is not None and not self.number.n


@dataclass(frozen=True, slots=True)
class ChoiceGroup(Told):
    """Choices under headings, the courts of a level of a system; a heading that stands above already is empty."""

    system: str
    heading: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class FacetShown(Told):
    """A facet of the form. `is_stored`: its values are texts of the record and not of the page."""

    name: str
    legend: str
    errors: list[str]
    groups: list[ChoiceGroup]
    is_stored: bool
    is_chosen: bool
    # Where some choices are left out: how many there are in all, and the address that offers them.
    of: int = 0
    all_address: str = ""
    # Whether the address asks for all of them.
    is_all: bool = False

    @property
    def is_long(self) -> bool:
        """Whether its choices stand in a box of their own, to be scrolled."""
        return self.name == Facet.COURT or sum(len(group.choices) for group in self.groups) > MOST_CHOICES


@dataclass(frozen=True, slots=True)
class Column(Told):
    """
    A year or a decade with the address that narrows the list to it: the year that is written below it and, read aloud
    alone, the rest of the decade; `height` and `y` are those of its bar.
    """

    label: str
    rest: str
    address: str
    number: Tally
    height: float
    y: float
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Strip(Told):
    """
    The years, or the decades, as columns; below them the years of the range that is chosen, if the columns are decades;
    and all years, for a list. `rest` is the address without any range.
    """

    columns: list[Column] = field(default_factory=list)
    closer: list[Column] = field(default_factory=list)
    years: list[Column] = field(default_factory=list)
    rest: str = ""


def _with_most(rows: list[T], most: int, number: Callable[[T], int]) -> list[T]:
    """The rows with the largest numbers, in the order in which they were."""
    ranked = sorted(range(len(rows)), key=lambda at: (-number(rows[at]), at))
    return [rows[at] for at in sorted(ranked[:most])]


def told(number: Number, *, of_cases: bool) -> Tally:
    text = number_format(number.n, force_grouping=True) + ("+" if number.at_least else "")
    what = ngettext("case", "cases", number.n) if of_cases else ngettext("entry", "entries", number.n)
    return Tally(number.n, text, what)


_COUNTED: Remembered[Counts] = Remembered(100)


def counted(question: Hashable, state: str | None, count: Callable[[], Counts]) -> Counts | None:
    """
    What `count` finds for a question, once for each state of the record; None where it takes too long. What is counted
    among a part of what was looked for, for want of time, is not kept for the next reader.
    """
    try:
        return _COUNTED.get(question, None if ran_out() else state, count)
    except TakesTooLongError:
        return None


class Shown:
    """What a filter form shows of its counts; `counts` is None where they took too long and are left out."""

    def __init__(self, filters: Any, counts: Counts | None, offered: Any, *, of_cases: bool) -> None:
        self._filters, self._counts, self._offered, self._of_cases = filters, counts, offered, of_cases
        data = filters.data
        self._data: QueryDict = data if isinstance(data, QueryDict) else QueryDict()

    @property
    def is_counted(self) -> bool:
        return self._counts is not None

    @property
    def facets(self) -> list[FacetShown]:
        """The facets of the form with choices to tick, in their order; judges stand apart, with a box for a name."""
        fields = self._filters.form.fields
        found = [self._courts()] if Facet.COURT in fields else []
        for facet, all_of_them in _IN_ORDER.items():
            if facet in fields:
                found.append(self._facet(facet, fields[facet].choices, all_of_them=all_of_them))
        return [facet for facet in found if facet.groups or facet.errors]

    def _number(self, facet: Facet, value: str) -> int | None:
        return None if self._counts is None else self._counts.of(facet, value).n

    def _told(self, facet: Facet, value: str) -> Tally | None:
        return None if self._counts is None else told(self._counts.of(facet, value), of_cases=self._of_cases)

    def _facet(self, facet: Facet, choices: Iterable[tuple[str, str]], *, all_of_them: bool) -> FacetShown:
        """
        A facet with choices in a row. Unless `all_of_them` are few and the same everywhere, those are left out that
        would list nothing and are not chosen.
        """
        chosen = self._chosen(facet)
        shown = [
            Choice(f"id_{facet}_{value}", value, str(label), value in chosen, self._told(facet, value))
            for value, label in choices
        ]
        kept = [item for item in shown if all_of_them or item.is_chosen or item.number is None or item.number.n]
        return self._shown(facet, [ChoiceGroup("", "", kept)] if kept else [])

    def _courts(self) -> FacetShown:
        """The chosen courts, then the others under their systems, where there are several, and their levels."""
        chosen = self._chosen(Facet.COURT)
        of_court = {court[2]: self._number(Facet.COURT, court[2]) for court in self._offered.courts}
        ticked = [court for court in self._offered.courts if court[2] in chosen]
        others = [court for court in self._offered.courts if court[2] not in chosen and of_court[court[2]] != 0]
        is_all = Facet.COURT in self._data.getlist(ALL)
        kept = others if is_all else _with_most(others, MOST_COURTS, lambda court: of_court[court[2]] or 0)
        systems = labels(System)
        several = len({court[0] for court in kept}) > 1
        groups = (
            [ChoiceGroup("", gettext("Chosen"), [self._court(court, chosen) for court in ticked])] if ticked else []
        )
        above = ""
        for (system, level), rows in groupby(kept, key=lambda court: court[:2]):
            name = str(systems[system]) if several and system != above else ""
            groups.append(ChoiceGroup(name, str(LEVEL_HEADINGS[level]), [self._court(court, chosen) for court in rows]))
            above = system
        is_cut = len(kept) < len(others)
        return replace(
            self._shown(Facet.COURT, groups),
            of=len(ticked) + len(others) if is_cut else 0,
            all_address=self._address(**{ALL: str(Facet.COURT)}) if is_cut else "",
            is_all=is_all,
        )

    def _court(self, court: tuple[str, str, str, str], chosen: set[str]) -> Choice:
        _system, _level, key, name = court
        return Choice(f"id_court_{key}", key, name, key in chosen, self._told(Facet.COURT, key))

    def _shown(self, facet: Facet, groups: list[ChoiceGroup]) -> FacetShown:
        form = self._filters.form
        return FacetShown(
            name=str(facet),
            legend=str(form.fields[facet].label),
            errors=[str(error) for error in form[facet].errors],
            groups=groups,
            is_stored=facet in self._filters.stored,
            is_chosen=any(choice.is_chosen for group in groups for choice in group.choices),
        )

    def _chosen(self, facet: Facet) -> set[str]:
        return {value.strip() for value in self._data.getlist(str(facet))}

    @property
    def judges(self) -> FacetShown:
        """Those with the most, and who else is chosen."""
        names = self._counts.names if self._counts else {}
        return self._facet(Facet.JUDGE, names.items(), all_of_them=False)

    @property
    def judge_typed(self) -> str:
        """What is chosen of the judges that is none of those beside which there is a box: a part of a name."""
        names = self._counts.names if self._counts else {}
        return next((name for name in self._data.getlist(str(Facet.JUDGE)) if name.strip() not in names), "")

    # --- years ------------------------------------------------------------------------------------------------------

    @cached_property
    def strip(self) -> Strip:
        """The years; empty where there are fewer than two, or no counts."""
        if self._counts is None or len(self._counts.years) < 2:
            return Strip()
        chosen = self._range()
        years = self._columns(self._counts.years, 1, chosen)
        if len(years) <= MOST_COLUMNS:
            return Strip(columns=years, rest=self._address_of_all_years if any(chosen) else "")
        closer = [year for year in years if year.is_chosen]
        return Strip(
            columns=self._columns(self._counts.decades, 10, chosen),
            closer=closer if len(closer) <= MOST_COLUMNS else [],
            years=years,
            rest=self._address_of_all_years if any(chosen) else "",
        )

    def _columns(self, counts: Mapping[int, int], years: int, chosen: tuple[int, int]) -> list[Column]:
        """Those of so many `years` each; in between also the years without any, as long as a telephone has room."""
        first, last = min(counts), max(counts)
        places: Sequence[int] = range(first, last + 1, years)
        if len(places) > MOST_COLUMNS:
            places = list(counts)
        most = max(counts.values())
        return [self._column(first, first + years - 1, counts.get(first, 0), most, chosen) for first in places]

    def _column(self, first: int, last: int, n: int, most: int, chosen: tuple[int, int]) -> Column:
        height = round(max(1.0, n / most * HEIGHT), 1) if n else 0
        return Column(
            label=str(first),
            rest="" if first == last else f"–{last % 100:02}",
            address=self._address_of_years(first, last),
            number=told(
                Number(n, self._counts is not None and Facet.YEAR in self._counts.bounded), of_cases=self._of_cases
            ),
            height=height,
            y=round(HEIGHT - height, 1),
            is_chosen=any(chosen) and chosen[0] <= last and first <= chosen[1],
        )

    def _range(self) -> tuple[int, int]:
        """The first and the last year that the address asks for; zeros where it asks for no range."""
        values = self._filters.form.cleaned_data
        after, before = values.get("after"), values.get("before")
        if not after and not before:
            return 0, 0
        return (after[0].year if after else 1000), (before[1].year if before else 2199)

    def _address(self, *dropped: str, **changes: str) -> str:
        """That of the same list without some parameters, and with others as they are given here."""
        kept = QueryDict(mutable=True)
        form = self._filters.form
        for name, values in self._data.lists():
            # What could not be read is told beside its field; hundreds of years need not repeat it, however long it is.
            if name in form.fields and name not in form.errors and name not in dropped:
                kept.setlist(name, [value for value in values if value])
        for name, value in changes.items():
            kept[name] = value
        return f"?{kept.urlencode()}"

    @cached_property
    def _address_of_all_years(self) -> str:
        return self._address(*_RANGE)

    def _address_of_years(self, first: int, last: int) -> str:
        """Put together by hand, for there may be hundreds."""
        rest = self._address_of_all_years
        return f"{rest}{'&' if rest != '?' else ''}after={first}&before={last}"
