"""Which of some cases have the words that a reader looks for."""

from collections.abc import Sequence
from typing import Any

from django.db.models.expressions import RawSQL

from .. import patience
from ..models.visibility import CaseQuerySet
from ..patience import TakesTooLongError, rows_within
from . import hits
from .hits import COLUMNS, COMMON, CasesFound, Hit, expected, find_cases, gathered, union
from .words import Asked, understand, understand_each

# Milliseconds for looking once more, through what other filters leave; without it the answer is less, and says so.
PATIENCE = 800
# So many words are looked for one by one.
_MOST_SCATTERED = 4


def cases_matching(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    """
    Those of `cases`, which are public, that answer to `words`: by their name or summary, by a title, summary or holding
    of a public entry, by what a docket says of it or by a document, by the name of a party or a judge, by a citation or
    by a docket number in any spelling.
    """
    asked = understand(words)
    return cases if asked is None else cases.filter(pk__among=list(cases_found(asked, cases).hits))


def cases_found(asked: Asked, within: CaseQuerySet | None = None) -> CasesFound:
    """
    The public cases that answer to what is asked, and by what; `within` are those that other filters leave.

    Where so many texts have the words that only the newest of all were looked at, those of the cases `within` are
    looked through anew: "motion" of one court or year finds the old ones of that court or year too. Where no text has
    all of the words, cases are found that have them in several: the name of a party and a word of an entry.
    """
    found = find_cases(asked)
    if not found.hits:
        return _scattered(asked)
    if not found.is_bounded or within is None:
        return found
    try:
        return found.completed(find_cases(asked, within=within, milliseconds=PATIENCE))
    except TakesTooLongError:
        return found


def _scattered(asked: Asked) -> CasesFound:
    """
    The cases that have each of two to four words, though in different texts; none where something is to be left out.
    Three queries, however many words.
    """
    terms = asked.groups[0] if len(asked.groups) == 1 else ()
    if asked.problem or not 2 <= len(terms) <= 2 * _MOST_SCATTERED or any(term.is_excluded for term in terms):
        return CasesFound()
    typed = [term.typed for term in terms]
    any_of_them, *each = understand_each([" OR ".join(typed), *typed])
    words = [word for word in each if word is not None and not word.problem]
    if not 2 <= len(words) <= _MOST_SCATTERED:
        return CasesFound()
    by_word, is_bounded = _in_all_of(words)
    merged: dict[int, list[Hit]] = {
        # The best place of each word stands before all others.
        case: [*(found.hits[case][0] for found in by_word), *(hit for found in by_word for hit in found.hits[case][1:])]
        for case in by_word[-1].hits
    }
    return CasesFound(merged, by_word[-1].places, is_bounded, scattered=any_of_them)


def _in_all_of(words: Sequence[Asked]) -> tuple[list[CasesFound], bool]:
    """
    What is found of each word in the cases that have all of them, and whether there may be more such cases. The rarest
    word comes first: a common one is looked for in the cases of those before it alone. Two queries.
    """
    likely = sorted(zip(expected(*words), words, strict=True), key=lambda pair: sum(pair[0].values()))
    tables: list[str] = []
    parameters: list[Any] = []
    for number, (rows, word) in enumerate(likely):
        before = RawSQL(f"SELECT in_case FROM word{number - 1}", ()) if number else None  # noqa: S608, S611 - ours
        common_in = set() if number else {where for where, count in rows.items() if count > COMMON}
        sql, values = union(word, common_in, before).query.sql_with_params()
        tables.append(f"word{number} ({', '.join(COLUMNS)}) AS MATERIALIZED ({sql})")
        parameters += values
    told = " UNION ALL ".join(
        _TOLD.format(number=number, last=len(words) - 1, most=hits.MOST) for number in range(len(words))
    )
    found = rows_within(patience.LONGEST, f"WITH {', '.join(tables)} {told}", parameters)
    each = [gathered(tuple(row) for number, _, *row in found if number == place) for place in range(len(words))]
    return each, any(is_bounded for _, is_bounded, *_ in found)


_TOLD = """SELECT {number}, EXISTS (SELECT 1 FROM word{number} GROUP BY found_in HAVING count(*) >= {most}), *
    FROM word{number} WHERE in_case IN (SELECT in_case FROM word{last})"""
