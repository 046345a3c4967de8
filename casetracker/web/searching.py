"""What a list says of a search beside its rows: what was wrong with it, what may have been meant, where to look too."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .. import search
from ..patience import TakesTooLongError
from .views import errors

# With fewer results than this a slip of spelling is likely.
FEW = 3
# The lists in which words can be looked for, with the filters that mean the same in each.
_SHARED = ("q", "court", "level", "after", "before", "outcome", "judge")
_LISTS = {"cases": gettext_noop("Cases"), "rulings": gettext_noop("Rulings"), "entries": gettext_noop("All entries")}

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Meant:
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Way:
    """One of the lists, with the address of the same search there."""

    label: str
    address: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Searched:
    """
    `most`: only so many texts were looked at, for there are more; empty where all were. `is_scattered`: the words of
    what was found stand in several texts.
    """

    advice: str
    meant: Meant | None
    most: str
    is_scattered: bool
    ways: list[Way]


def searched(
    asked: search.Asked | None,
    data: QueryDict,
    here: str,
    *,
    count: int,
    most: int | None,
    is_scattered: bool = False,
    are_written: bool = False,
) -> Searched | None:
    """
    What the list `here` says of what was asked, where it found `count` rows, looking at no more than `most` texts if
    there were more. That all words `are_written` in one text says that none is a slip. None where nothing was asked.
    """
    if asked is None:
        return None
    is_a_slip_likely = count < FEW and not (are_written and len(asked.groups) == 1)
    better = search.did_you_mean(asked) if is_a_slip_likely else None
    return Searched(
        _advice(asked),
        None if better is None else Meant(better, f"?{_with(data, q=better)}"),
        _written(most),
        is_scattered and count > 0,
        [Way(_(label), _address(name, data), name == here) for name, label in _LISTS.items()],
    )


def searched_in(asked: search.Asked | None, *, most: int | None = None) -> Searched | None:
    """What a timeline says of what was asked; `most` as above. None where nothing was asked."""
    if asked is None:
        return None
    return Searched(_advice(asked), None, _written(most), is_scattered=False, ways=[])


def _written(most: int | None) -> str:
    return "" if most is None else number_format(most, force_grouping=True)


def _advice(asked: search.Asked) -> str:
    match asked.problem:
        case search.Problem.STOP_WORDS:
            return _("“%(words)s” stands in nearly every text and tells none from another. Add a word that does.") % {
                "words": asked.words
            }
        case search.Problem.NO_WORDS:
            return _("“%(words)s” has no letters and no digits, so there is nothing to look for.") % {
                "words": asked.words
            }
        case search.Problem.ONLY_EXCLUDED:
            return _("This only says what to leave out. Add a word that is to be found.")
        case _:
            return ""


def _with(data: QueryDict, **changes: str) -> str:
    kept = data.copy()
    kept.pop("page", None)
    for name, value in changes.items():
        kept[name] = value
    return kept.urlencode()


def _address(name: str, data: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for parameter in _SHARED:
        values = [value for value in data.getlist(parameter) if value.strip()]
        if values:
            kept.setlist(parameter, values)
    return f"{reverse(name)}?{kept.urlencode()}"


def asks_for_words_alone(data: QueryDict) -> bool:
    """Whether the address holds words to look for and nothing else, as the search box at the top of a page makes it."""
    return [name for name, values in data.lists() if any(values)] == ["q"]


# So many searches are under way at once in each process, which has a thread more: a flood of them, each of which may
# take seconds, leaves one that answers all other pages.
MOST_AT_ONCE = 3
_under_way = BoundedSemaphore(MOST_AT_ONCE)


def within_patience(view: View) -> View:
    """
    Answers in words, with 503, where what a reader looks for takes the database too long; and at once where as many
    search already as may.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_search = bool(request.GET.get("q"))
        if is_search and not _under_way.acquire(blocking=False):
            return errors.too_many_searches(request)
        try:
            return view(request, *args, **kwargs)
        except TakesTooLongError:
            return errors.search_takes_too_long(request)
        finally:
            if is_search:
                _under_way.release()

    return answered
