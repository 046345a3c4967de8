"""
Which judge a docket means: one who is known, or a new one under the name as written. Two who may be meant are told, and
neither is chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from django.db.models import Value

from casetracker.docket_lines import Signature
from casetracker.models import FormerJudge, Judge, Kind, ProceedingJudge, RulingJudge
from casetracker.models.functions import SortKey

from .copying import copy_in
from .meaning import Line, folded, judge_name
from .places import Place
from .reports import Report
from .slugs import Slugs

_ROLES = set(RulingJudge.Role.values)


class Bench:
    """
    The judges whom the names of one docket mean. `made` counts those that are new; what is unsure is told.

    A name that a file gives in a place of its own is the whole name: one judge has it, or a new one. One that stands in
    a text (`is_in_text`) may be short: "BENCH" is the one judge of the case who can be meant, and nobody else.
    """

    def __init__(self, place: Place, names: Iterable[str], report: Report, *, is_in_text: bool = False) -> None:
        self.made = 0
        self._found: dict[str, Judge] = {}
        wanted = {folded(name): name[:200] for each in names if (name := judge_name(each).strip())}
        if not wanted:
            return
        # As two lists of keys: joined by "or", all that judges ever did would be looked through.
        assigned = ProceedingJudge.objects.filter(proceeding__case=place.case).order_by().values("judge")
        ruled = RulingJudge.objects.filter(ruling__case=place.case).order_by().values("judge")
        here = list(Judge.objects.filter(pk__in=assigned.union(ruled)))
        alike: dict[str, list[Judge]] = {}
        for judge in Judge.objects.filter(sort_key__in=[SortKey(Value(name)) for name in wanted.values()]):
            alike.setdefault(folded(judge.name), []).append(judge)
        alike = merged_judges(wanted) | alike
        new, unsure = [], []
        # Full names first: a last name alone may be one of these.
        for key, name in sorted(wanted.items(), key=lambda each: -len(each[0].split())):
            known = [*here, *(judge for judge in self._found.values() if judge not in here)]
            fitting = [judge for judge in known if folded(judge.name) == key]
            if is_in_text and not fitting:
                fitting = [judge for judge in known if Signature(name).can_be(judge.name)]
            fitting = fitting or alike.get(key, [])
            if len(fitting) == 1:
                self._found[key] = fitting[0]
            elif fitting:
                unsure.append(f"{name} may be several judges")
            elif " " in name or not is_in_text:
                new.append(name)
                self._found[key] = Judge(name=name)
            else:
                unsure.append(f"{name} is no more than a last name")
        self._make(new)
        if unsure:
            report.notes.append(f"Not known which judge is meant, so none was named: {'; '.join(unsure[:20])}.")

    def _make(self, names: Sequence[str]) -> None:
        slugs = Slugs(Judge, names)
        for name in names:
            self._found[folded(name)].slug = slugs.take(name)
        self.made = len(Judge.objects.bulk_create([self._found[folded(name)] for name in names]))

    def find(self, name: str) -> Judge | None:
        return self._found.get(folded(judge_name(name)))


def merged_judges(names: Mapping[str, str]) -> dict[str, list[Judge]]:
    """By folded name, into whom judges of these names were merged by an editor."""
    slugs = {Slugs.of(name): key for key, name in names.items()}
    rows = FormerJudge.objects.filter(slug__in=slugs).select_related("judge")
    return {slugs[row.slug]: [row.judge] for row in rows}


def add(place: Place, added: Sequence[tuple[Line, int, str]], report: Report) -> None:
    """Who gave the rulings among new lines, each with the key of its entry and its kind."""
    rulings = [(line, event) for line, event, kind in added if kind == Kind.RULING and line.judges]
    if not rulings:
        return
    said, signed = (
        Bench(
            place,
            (sitting.name for line, _ in rulings if bool(line.said.judges) != is_in_text for sitting in line.judges),
            report,
            is_in_text=is_in_text,
        )
        for is_in_text in (False, True)
    )
    rows: dict[tuple[int, int, str], int] = {}
    for line, event in rulings:
        for at, sitting in enumerate(line.judges):
            judge = (said if line.said.judges else signed).find(sitting.name)
            role = sitting.role if sitting.role in _ROLES else RulingJudge.Role.AUTHOR
            if judge is not None:
                rows.setdefault((event, judge.pk, role), at)
    copy_in(
        RulingJudge,
        [
            {"ruling_id": event, "judge_id": judge, "role": str(role), "position": at}
            for (event, judge, role), at in rows.items()
        ],
    )
    several = [line.label for line, _ in rulings if len(line.judges) > 1 and not line.said.judges]
    if several:
        report.notes.append(
            f"{len(several)} rulings name several judges, and who wrote is for an editor to say; the first: "
            f"{'; '.join(islice(several, 3))}."
        )
