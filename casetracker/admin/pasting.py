"""
From a line of a docket to the form of an entry: what was read is filled in beside what was typed, and nothing is saved.

The line is taken apart by `casetracker.docket_lines`, which knows no case. Here the judge is looked for among those of
the case and the entries that are answered on the same docket; what is not found is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casetracker import rights
from casetracker.dates import UncertainDate
from casetracker.docket_lines import DocketLine, Doubt, Signature, read
from casetracker.models import DocketEntry, Judge, Kind, Outcome, Proceeding, RulingForm, RulingJudge

from .fields import keys_in
from .inlines import MOST_ROWS

# The names of the box and of its button, and the longest text that is looked at.
BOX = "docket_line"
BUTTON = "_read_docket_line"
LONGEST = 60_000

Row = dict[str, Any]

_SENTENCES: Mapping[Doubt, Any] = {
    Doubt.NO_DATE: gettext_lazy("No date was found."),
    Doubt.NO_NUMBER: gettext_lazy("No entry number was found; not every entry has one."),
    Doubt.NUMBER_OF_THE_PROGRAM: gettext_lazy(
        "The long number is the court's key of the document, not an entry number."
    ),
    Doubt.NO_KIND: gettext_lazy("What kind of entry this is was not recognised."),
    Doubt.NO_FORM: gettext_lazy("The form of the ruling was not recognised."),
    Doubt.NO_OUTCOME: gettext_lazy("The line names no outcome; there may be none."),
    Doubt.SEVERAL_OUTCOMES: gettext_lazy("The line names several outcomes, so none was chosen."),
    Doubt.EFFECT_ON_A_RULING: gettext_lazy(
        "It seems to do something to an earlier ruling. Say what under “What it did to earlier rulings”."
    ),
    Doubt.OF_ANOTHER_COURT: gettext_lazy(
        "It seems to be another court's decision that was only entered here. Enter the decision itself on that docket."
    ),
    Doubt.SIGNED_ON_ANOTHER_DAY: gettext_lazy(
        "It was signed on another day than it was filed; the day of filing was taken."
    ),
    Doubt.SIGNED_FOR_A_JUDGE: gettext_lazy("Somebody signed for a judge, so no judge was chosen."),
    Doubt.TITLE_CUT: gettext_lazy("The title was cut for its length."),
    Doubt.MORE_LINES: gettext_lazy("Several lines were pasted; only the first was read."),
}


@dataclass(slots=True)
class Reading:
    """
    A form to show again: `values` by field, `rows` by the prefix of their set. `found` and `unsure` are sentences for
    the editor, `kind` is what the line is about or an empty text.
    """

    pasted: str
    kind: str
    values: dict[str, Any]
    rows: dict[str, list[Row]]
    found: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def reading_of(typed: QueryDict, *, fields: list[str], row_sets: list[str], user: Any) -> Reading:
    """
    What was typed into a form with these fields and sets of rows, with what the pasted line says put over it. What is
    replaced is told, so that nothing is lost without a word. Only rows that `user` sees are looked through.
    """
    pasted = typed.get(BOX, "")[:LONGEST]
    reading = Reading(
        pasted=pasted,
        kind="",
        values={name: _typed_value(typed, name) for name in fields},
        rows={prefix: _typed_rows(typed, prefix) for prefix in row_sets},
    )
    if not pasted.strip():
        reading.unsure.append(_("Paste a line of the docket into the box first."))
        return reading
    line = read(pasted)
    reading.kind = line.kind
    _fill_in(reading, line, user)
    return reading


def _fill_in(reading: Reading, line: DocketLine, user: Any) -> None:
    is_of_rulings = "ruling_judges" in reading.rows
    put = _Put(reading, user)
    if line.filed is not None:
        put.value("date", UncertainDate.on(line.filed.year, line.filed.month, line.filed.day), _("date"))
    if line.title:
        put.value("title", line.title, _("title, a proposal"))
    if line.kind and not is_of_rulings:
        put.value("kind", line.kind, _("kind"), str(Kind(line.kind).label))
    if is_of_rulings and line.form:
        put.value("form", line.form, _("form"), str(RulingForm(line.form).label))
    if is_of_rulings and line.outcome:
        put.value("outcome", line.outcome, _("outcome"), str(Outcome(line.outcome).label))
    reading.unsure += [str(_SENTENCES[doubt]) for doubt in line.doubts]
    proceeding = _fill_in_docket(put, line)
    if is_of_rulings:
        _fill_in_judges(put, line.signatures, proceeding)
    _fill_in_answers(put, line, proceeding)


@dataclass(slots=True)
class _Put:
    """Puts values into a reading and tells of it; `user` is whoever reads that."""

    reading: Reading
    user: Any

    def seen(self, model: Any) -> QuerySet[Any]:
        return rights.seen(self.user, model.objects.all())

    def value(self, name: str, value: Any, label: str, shown: str = "") -> None:
        if name not in self.reading.values:
            return
        before = self.reading.values[name]
        self.reading.values[name] = value
        self.tell(
            label, shown or _in_words(value), "" if before in {None, "", value, str(value)} else _in_words(before)
        )

    def tell(self, label: str, shown: str, before: str = "") -> None:
        told = _("%(what)s: %(value)s") % {"what": label[:1].upper() + label[1:], "value": shown}
        # A kind or an outcome that was chosen is told by the choice itself.
        if before and before != shown and before not in {*Kind.values, *RulingForm.values, *Outcome.values}:
            told = _("%(told)s (in place of “%(before)s”)") % {"told": told, "before": before}
        self.reading.found.append(told)


def _in_words(value: Any) -> str:
    return value.words if isinstance(value, UncertainDate) else str(value)


# --- rows ------------------------------------------------------------------------------------------------------------


def _fill_in_docket(put: _Put, line: DocketLine) -> Proceeding | None:
    """The first place on a docket gets number, text and day; its proceeding is the one that was chosen."""
    rows = put.reading.rows.get("docket_entries")
    if rows is None:
        return None
    row = rows[0] if rows else {}
    if not rows:
        rows.append(row)
    if line.number:
        put.tell(_("entry number"), line.number, str(row.get("number", "")))
        row["number"] = line.number
    if line.text:
        put.tell(_("text as docketed"), _("%(count)s characters") % {"count": len(line.text)})
        row["text"] = line.text
    if line.entered is not None:
        day = UncertainDate.on(line.entered.year, line.entered.month, line.entered.day)
        put.tell(_("entered on"), day.words)
        row["entered"] = day
    keys = keys_in([row.get("proceeding", "")], Proceeding)
    found = put.seen(Proceeding).select_related("court").filter(pk__in=keys).first() if keys else None
    if found is None:
        put.reading.unsure.append(
            _("No proceeding is chosen, so neither its judges nor its entries were looked through.")
        )
    else:
        for name, key in (("case", found.case_id), ("court", found.court_id)):
            if name in put.reading.values and not put.reading.values[name]:
                put.reading.values[name] = key
    return found


def _fill_in_judges(put: _Put, signatures: tuple[Signature, ...], proceeding: Proceeding | None) -> None:
    rows: list[Row] = []
    for signature in signatures:
        judge = _judge(signature, proceeding, put.seen(Judge))
        if judge is None:
            put.reading.unsure.append(
                _("“%(name)s” is named as judge and is not known in this case; choose or add the judge.")
                % {"name": signature.name}
            )
        else:
            role = RulingJudge.Role.AUTHOR if len(signatures) == 1 else RulingJudge.Role.JOINED
            rows.append({"judge": judge.pk, "role": role})
            put.tell(_("judge"), judge.name)
    if len(rows) > 1:
        put.reading.unsure.append(_("Several judges are named; say who wrote."))
    if rows:
        put.reading.rows["ruling_judges"] = rows


def _judge(signature: Signature, proceeding: Proceeding | None, judges: QuerySet[Any]) -> Judge | None:
    """
    The one judge of the case whose name this can be, else the one judge anywhere with exactly this name; None if there
    are several.
    """
    if proceeding is not None:
        case = proceeding.case_id
        in_case = judges.filter(
            Q(assignments__proceeding__case=case) | Q(ruling_roles__ruling__case=case)
        ).distinct()  # fmt: skip
        fitting = [judge for judge in in_case if signature.can_be(judge.name)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            return None
    exact = list(judges.filter(name__iexact=signature.name)[:2])
    return exact[0] if len(exact) == 1 and " " in signature.name else None


def _fill_in_answers(put: _Put, line: DocketLine, proceeding: Proceeding | None) -> None:
    if not line.answers or proceeding is None or "responses_made" not in put.reading.rows:
        return
    on_docket = put.seen(DocketEntry).filter(proceeding=proceeding, number__in=line.answers).select_related("event")
    by_number: dict[str, list[DocketEntry]] = {}
    for entry in on_docket.order_by("pk"):
        by_number.setdefault(entry.number, []).append(entry)
    rows: list[Row] = []
    for number in line.answers:
        entries = by_number.get(number, [])
        if len(entries) == 1:
            rows.append({"responds_to": entries[0].event_id})
            put.tell(_("responds to %(number)s") % {"number": number}, entries[0].event.title)
        elif entries:
            put.reading.unsure.append(
                _("Entry %(number)s stands on this docket several times; choose which one it answers.")
                % {"number": number}
            )
        else:
            put.reading.unsure.append(
                _("It speaks of entry %(number)s, which is not recorded on this docket.") % {"number": number}
            )
    if rows:
        put.reading.rows["responses_made"] = rows


# --- what was typed ---------------------------------------------------------------------------------------------------


def _typed_value(typed: QueryDict, name: str) -> Any:
    values = typed.getlist(name)
    if not values:
        return None
    # A box to tick sends "on".
    return True if values == ["on"] else values[0]


def _typed_rows(typed: QueryDict, prefix: str) -> list[Row]:
    """The rows as they were typed, without those that were struck out."""
    count = typed.get(f"{prefix}-TOTAL_FORMS", "")
    total = int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0
    by_row: dict[int, Row] = {}
    for name in typed:
        number, found, column = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and found and number.isascii() and number.isdigit() and len(number) < 6:
            by_row.setdefault(int(number), {})[column] = _typed_value(typed, name)
    rows = [by_row[number] for number in sorted(by_row) if number < min(total, MOST_ROWS)]
    return [row for row in rows if not row.get("DELETE")]
