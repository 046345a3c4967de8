"""Where rulings stand: the founding case on its days, each rule by itself, and any record against a plain reference."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standing_reference import Reference

from casetracker.dates import Form, UncertainDate, parse
from casetracker.importers import demonstration
from casetracker.models import Verb
from casetracker.standing import (
    Act,
    Change,
    Effect,
    NoteKind,
    Part,
    Record,
    RulingStanding,
    State,
    changes,
    history,
    stand,
)

DAY = datetime.timedelta(days=1)
LATER = datetime.date(2025, 12, 31)


def day(text: str) -> datetime.date:
    """A day of April 2025, or any other in full."""
    return datetime.date.fromisoformat(text if "-" in text else f"2025-04-{int(text):02}")


def made(key: str, on: str, effective: str | None = None, *, is_ruling: bool = True) -> Act:
    """An act whose place in the timeline is that of its key in the alphabet."""
    dates = [
        None if text is None else parse(f"2025-04-{int(text):02}" if text.isdigit() else text)
        for text in (on, effective)
    ]
    assert dates[0] is not None
    return Act(key, dates[0], ord(key[0]), is_ruling, dates[1])


def april(number: int) -> UncertainDate:
    return UncertainDate.on(2025, 4, number)


def states(
    acts: list[Act], effects: list[Effect], on: str | datetime.date = LATER, parts: list[Part] | None = None
) -> dict[Any, str]:
    found = stand(acts, parts or [], effects, day(on) if isinstance(on, str) else on)
    return {key: str(standing.state) for key, standing in found.items()}


def parts_of(ruling: str, *keys: str) -> list[Part]:
    return [Part(key, ruling) for key in keys]


def lines(standing: RulingStanding) -> list[str]:
    """The proof in short: who did what to which."""
    return [
        f"{step.act} {step.verb} {step.target}{f'/{step.part}' if step.part else ''} {step.date:%d %b}"
        + (f" until {step.over:%d %b}" if step.over else "")
        for step in standing.because
    ]


# --- the demonstration cases ----------------------------------------------------------------------------------------


@cache
def demonstration_case(slug: str) -> Record:
    record = demonstration.parse(demonstration.FOLDER / f"{slug}.yaml")
    today = datetime.date(2026, 11, 24)
    dated = []
    for index, entry in enumerate(record.entries):
        date = entry.date
        if date is None:
            assert entry.date_offset is not None
            counted = today + entry.date_offset * DAY
            date = UncertainDate.on(counted.year, counted.month, counted.day)
        dated.append((date.sort_key(), entry.order, entry.time or datetime.time.max, index, date, entry))
    dated.sort(key=lambda row: row[:4])
    acts = [
        Act(entry.key, date, order, entry.kind == "ruling", entry.effective)
        for order, (*_, date, entry) in enumerate(dated)
        if entry.kind == "ruling" or entry.treatments
    ]
    parts = [Part(each.key, entry.key, each.ends) for entry in record.entries for each in entry.provisions]
    effects = [
        Effect(
            entry.key,
            each.verb,
            each.target,
            each.provision or None,
            each.in_part,
            each.effective,
            each.until,
            each.until_event or None,
        )
        for entry in record.entries
        for each in entry.treatments
        if each.target
    ]
    assert acts
    assert effects
    return Record(acts, parts, effects)


def abrego_garcia(on: str) -> dict[Any, RulingStanding]:
    return demonstration_case("abrego-garcia-v-noem").stand(day(on))


def test_on_5_april_the_order_of_the_founding_case_is_in_effect_with_its_three_provisions() -> None:
    order = abrego_garcia("5")["order-4-april"]
    assert (order.state, order.since, order.because) == (State.IN_EFFECT, day("4"), ())
    assert {key: part.state for key, part in order.parts.items()} == dict.fromkeys(
        ("facilitate", "effectuate", "deadline"), State.IN_EFFECT
    )


def test_on_7_april_the_whole_order_is_stayed_and_its_deadline_has_a_day_to_run() -> None:
    order = abrego_garcia("7")["order-4-april"]
    assert (order.state, order.since) == (State.STAYED, day("7"))
    assert {part.state for part in order.parts.values()} == {State.STAYED}


def test_on_8_april_the_order_is_stayed_and_its_deadline_has_run_out() -> None:
    found = abrego_garcia("8")
    order = found["order-4-april"]
    assert (order.state, order.since) == (State.STAYED, day("7"))
    assert {key: (str(part.state), part.since) for key, part in order.parts.items()} == {
        "facilitate": ("stayed", day("7")),
        "effectuate": ("stayed", day("7")),
        "deadline": ("expired", day("8")),
    }
    assert lines(order) == [
        "ca4-7-april leaves_in_place order-4-april 07 Apr",
        "administrative-stay stays order-4-april 07 Apr",
    ]
    assert found["administrative-stay"].state == State.IN_EFFECT


def test_on_12_april_the_order_is_in_effect_in_part_provision_by_provision() -> None:
    found = abrego_garcia("12")
    order = found["order-4-april"]
    assert (order.state, order.since) == (State.IN_PART, day("10"))
    assert {key: (str(part.state), part.since) for key, part in order.parts.items()} == {
        "facilitate": ("in-effect", day("10")),
        "effectuate": ("superseded", day("10")),
        "deadline": ("vacated", day("10")),
    }
    assert [(note.kind, note.act) for note in order.parts["facilitate"].notes] == [
        (NoteKind.AMENDED, "amended-order-10-april")
    ]
    assert lines(order) == [
        "ca4-7-april leaves_in_place order-4-april 07 Apr",
        "administrative-stay stays order-4-april 07 Apr until 10 Apr",
        "scotus-10-april ends administrative-stay 10 Apr",
        "scotus-10-april vacates order-4-april/deadline 10 Apr",
        "scotus-10-april leaves_in_place order-4-april/facilitate 10 Apr",
        "scotus-10-april remands order-4-april/effectuate 10 Apr",
        "amended-order-10-april amends order-4-april 10 Apr",
        "amended-order-10-april supersedes order-4-april/effectuate 10 Apr",
    ]
    assert (found["administrative-stay"].state, found["administrative-stay"].since) == (State.EXPIRED, day("10"))
    amended = found["amended-order-10-april"]
    assert (amended.state, amended.parts["facilitate"].state) == (State.IN_EFFECT, State.IN_EFFECT)
    # Its deadline has passed, which takes nothing from the rest.
    assert (amended.parts["declaration"].state, amended.parts["declaration"].since) == (State.EXPIRED, day("12"))


def test_the_line_of_the_founding_order_reads_stayed_and_then_in_part() -> None:
    record = demonstration_case("abrego-garcia-v-noem")
    assert [(date, str(state)) for date, state, _ in record.history("order-4-april")] == [
        (day("4"), "in-effect"),
        (day("7"), "stayed"),
        (day("10"), "in-part"),
    ]


def test_discovery_of_the_founding_case_rests_for_the_week_of_its_stay() -> None:
    record = demonstration_case("abrego-garcia-v-noem")
    assert [(date, str(state)) for date, state, _ in record.history("discovery-15-april")] == [
        (day("15"), "in-effect"),
        (day("23"), "stayed"),
        (day("2025-05-01"), "in-effect"),
    ]


def test_an_order_nunc_pro_tunc_leaves_2019_as_it_was_and_is_noted_from_its_own_day() -> None:
    def notes(on: str) -> set[tuple[str, str]]:
        found = abrego_garcia(on)["withholding-granted"]
        assert (found.state, found.since) == (State.IN_EFFECT, day("2019-10-10"))
        return {(str(note.kind), note.date.edtf) for note in found.notes if note.date}

    assert notes("2025-12-10") == set()
    assert notes("2025-12-11") == {("retroactive", "2019-10-10"), ("amended", "2025-12-11")}
    assert NoteKind.RETROACTIVE in {note.kind for note in abrego_garcia("2025-12-11")["ij-order-11-december"].notes}


def test_a_ruling_of_which_only_the_earliest_day_is_known_says_so() -> None:
    found = abrego_garcia("2026-04-01")["indictment-dismissed"]
    assert (found.state, found.shown.words) == (State.IN_EFFECT, "after 26 February 2026")
    assert [note.kind for note in found.notes] == [NoteKind.UNCERTAIN]


def test_the_judgments_in_brown_are_reversed_on_the_day_of_the_second_decision() -> None:
    record = demonstration_case("brown-v-board-of-education")
    before, after = record.stand(day("1955-05-30")), record.stand(day("1955-05-31"))
    for key in ("kansas-1951", "briggs-1952", "davis-1952"):
        assert before[key].state == State.IN_EFFECT
        assert (after[key].state, after[key].since) == (State.REVERSED, day("1955-05-31"))
        assert [step.verb for step in after[key].because] == ["reverses", "remands"]
    assert after["delaware-chancery"].state == after["delaware-supreme"].state == State.IN_EFFECT
    assert after["briggs-1951"].state == State.VACATED
    assert {part.state for part in after["briggs-1951"].parts.values()} == {State.VACATED}
    assert after["briggs-1951"].since == day("1952-01-28")


def test_in_miller_and_cherry_two_judgments_are_reversed_and_one_affirmed() -> None:
    record = demonstration_case("miller-v-prime-minister-cherry-v-advocate-general")
    found = record.stand(day("2019-09-24"))
    assert (found["outer-house"].state, found["outer-house"].since) == (State.REVERSED, day("2019-09-11"))
    assert (found["divisional-court"].state, found["divisional-court"].since) == (State.REVERSED, day("2019-09-24"))
    assert found["inner-house"].state == found["supreme-court-judgment"].state == State.IN_EFFECT


def test_the_rule_in_marbury_is_discharged() -> None:
    found = demonstration_case("marbury-v-madison").stand(day("1803-02-24"))["rule-to-show-cause"]
    assert (found.state, found.parts["show-cause"].state) == (State.VACATED, State.VACATED)


def test_the_invented_order_is_stayed_in_the_provision_about_the_rent_alone() -> None:
    record = demonstration_case("a-v-b")
    *_, (stayed_on, state, _) = record.history("order")
    assert state == State.IN_PART
    found = record.stand(stayed_on)["order"]
    assert {key: str(part.state) for key, part in found.parts.items()} == {"repair": "in-effect", "rent": "stayed"}


@pytest.mark.parametrize("path", demonstration.files(), ids=lambda path: path.stem)
def test_nothing_in_the_demonstration_is_circular_or_dated_before_what_it_treats(path: Any) -> None:
    kinds = {
        note.kind
        for standing in demonstration_case(path.stem).stand(datetime.date.max).values()
        for note in standing.notes
    }
    assert not kinds & {NoteKind.CIRCULAR, NoteKind.DATED_BEFORE}


# --- what counts, and from when -------------------------------------------------------------------------------------


def test_the_verbs_are_those_of_the_models() -> None:
    from casetracker.standing.links import BITS
    from casetracker.standing.values import AMENDING, UPHOLDING

    assert {*BITS, *AMENDING, *UPHOLDING, "clarifies", "carries_out", "remands"} == set(Verb.values)


def test_a_ruling_is_absent_before_its_day_and_an_act_counts_from_its_own() -> None:
    acts, effects = [made("a", "3"), made("b", "5")], [Effect("b", "vacates", "a")]
    assert states(acts, effects, "2") == {}
    assert states(acts, effects, "4") == {"a": "in-effect"}
    assert states(acts, effects, "5") == {"a": "vacated", "b": "in-effect"}


def test_an_act_that_is_no_ruling_has_no_standing_but_its_effect() -> None:
    acts = [made("a", "3"), made("b", "5", is_ruling=False)]
    assert states(acts, [Effect("b", "dissolves", "a")], "5") == {"a": "vacated"}


@pytest.mark.parametrize(
    ("written", "first", "shown"),
    [
        ("April 2025", "1", "April 2025"),
        ("c. 6 April 2025", "6", "about 6 April 2025"),
        ("before 6 April 2025", "6", "before 6 April 2025"),
        ("after 6 April 2025", "6", "after 6 April 2025"),
        ("between 6 and 9 April 2025", "6", "between 6 and 9 April 2025"),
    ],
)
def test_an_act_of_uncertain_date_counts_from_where_the_timeline_places_it(
    written: str, first: str, shown: str
) -> None:
    acts = [made("a", "2025-03-01"), made("b", written)]
    effects = [Effect("b", "reverses", "a")]
    assert states(acts, effects, day(first) - DAY) == {"a": "in-effect"}
    found = stand(acts, [], effects, day(first))["a"]
    assert (found.state, found.since, found.shown.words) == (State.REVERSED, day(first), shown)
    assert [(step.date, step.shown.words, step.vague is not None) for step in found.because] == [
        (day(first), shown, True)
    ]


def test_a_certain_date_is_shown_to_the_day() -> None:
    found = stand([made("a", "3"), made("b", "5")], [], [Effect("b", "reverses", "a")], day("9"))["a"]
    assert (found.vague, found.shown.edtf) == (None, "2025-04-05")
    assert [(step.vague, step.shown.edtf) for step in found.because] == [(None, "2025-04-05")]


def test_of_an_exact_and_a_vague_act_on_one_day_the_vague_date_is_shown() -> None:
    acts = [made("a", "2025-03-01"), made("b", "April 2025"), made("c", "2025-04-01")]
    found = stand(acts, [], [Effect("c", "vacates", "a"), Effect("b", "vacates", "a")], day("1"))["a"]
    assert found.shown.words == "April 2025"


def test_an_act_of_a_vague_date_acts_on_a_ruling_from_the_day_of_that_ruling() -> None:
    acts = [made("a", "April 2025"), made("b", "4")]
    found = stand(acts, [], [Effect("a", "vacates", "b")], day("4"))
    assert (found["b"].state, found["b"].since) == (State.VACATED, day("4"))
    assert NoteKind.DATED_BEFORE not in {note.kind for note in found["b"].notes}


def test_an_act_dated_before_the_ruling_it_treats_counts_from_that_ruling_and_is_noted() -> None:
    found = stand([made("a", "2"), made("b", "4")], [], [Effect("a", "vacates", "b")], day("4"))
    assert (found["b"].state, [note.kind for note in found["b"].notes]) == (State.VACATED, [NoteKind.DATED_BEFORE])


def test_a_later_effective_date_is_announced_and_then_applies() -> None:
    acts = [made("a", "2"), made("b", "4")]
    effects = [Effect("b", "vacates", "a", effective=april(8))]
    announced = stand(acts, [], effects, day("7"))["a"]
    assert (announced.state, announced.because) == (State.IN_EFFECT, ())
    assert [(note.kind, note.date) for note in announced.notes] == [(NoteKind.ANNOUNCED, april(8))]
    applied = stand(acts, [], effects, day("8"))["a"]
    assert (applied.state, applied.since, applied.notes) == (State.VACATED, day("8"), ())


def test_what_an_undone_act_announced_is_no_longer_announced() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6")]
    effects = [Effect("b", "vacates", "a", effective=april(8)), Effect("c", "reverses", "b")]
    assert [len(stand(acts, [], effects, day(on))["a"].notes) for on in ("5", "6", "7")] == [1, 0, 0]
    assert states(acts, effects, "8")["a"] == "in-effect"


def test_an_earlier_effective_date_changes_nothing_before_the_act() -> None:
    acts = [made("a", "2"), made("b", "6")]
    effects = [Effect("b", "vacates", "a", effective=april(3))]
    assert states(acts, effects, "5") == {"a": "in-effect"}
    found = stand(acts, [], effects, day("6"))["a"]
    assert (found.state, found.since) == (State.VACATED, day("6"))
    assert [(note.kind, note.act, note.date) for note in found.notes] == [(NoteKind.RETROACTIVE, "b", april(3))]


def test_a_ruling_is_pending_until_its_own_effective_date_and_so_is_what_it_does() -> None:
    acts = [made("a", "2"), made("b", "4", "7")]
    effects = [Effect("b", "supersedes", "a")]
    assert states(acts, effects, "6", parts_of("b", "x")) == {"a": "in-effect", "b": "pending"}
    assert stand(acts, parts_of("b", "x"), effects, day("6"))["b"].parts["x"].state == State.PENDING
    assert states(acts, effects, "7", parts_of("b", "x")) == {"a": "superseded", "b": "in-effect"}
    assert history(acts, [], effects, "b")[-1][:2] == (day("7"), State.IN_EFFECT)


def test_a_ruling_vacated_before_its_effective_date_is_vacated() -> None:
    assert states([made("a", "2", "7"), made("b", "4")], [Effect("b", "vacates", "a")], "5")["a"] == "vacated"


def test_an_until_is_the_last_day_and_a_vague_one_lasts_as_long_as_it_may_mean() -> None:
    acts = [made("a", "2"), made("b", "4")]
    effects = [Effect("b", "stays", "a", until=april(6))]
    assert [states(acts, effects, on)["a"] for on in ("6", "7")] == ["stayed", "in-effect"]
    vague = [Effect("b", "stays", "a", until=parse("April 2025"))]
    assert [states(acts, vague, on)["a"] for on in ("30", "2025-05-01")] == ["stayed", "in-effect"]
    assert history(acts, [], vague, "a")[-1].shown.words == "after April 2025"
    endless = [Effect("b", "stays", "a", until=parse("after 6 April 2025"))]
    assert states(acts, endless, LATER)["a"] == "stayed"


def test_a_stay_until_an_entry_ends_on_its_day_with_a_step_that_says_so() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6", is_ruling=False)]
    found = stand(acts, [], [Effect("b", "stays", "a", until_act="c")], day("6"))["a"]
    assert (found.state, found.since) == (State.IN_EFFECT, day("6"))
    assert lines(found) == ["b stays a 04 Apr until 06 Apr", "c ends b 06 Apr"]


def test_the_earlier_of_two_ends_counts() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "9")]
    found = stand(acts, [], [Effect("b", "stays", "a", until=april(6), until_act="c")], day("10"))["a"]
    assert (found.since, lines(found)) == (day("7"), ["b stays a 04 Apr until 07 Apr"])


def test_what_is_over_before_it_begins_never_has_force() -> None:
    acts = [made("a", "2"), made("b", "6"), made("c", "4")]
    for effect in (Effect("b", "stays", "a", until=april(3)), Effect("b", "stays", "a", until_act="c")):
        assert {states(acts, [effect], str(on))["a"] for on in range(2, 12)} == {"in-effect"}


@pytest.mark.parametrize(
    "verb", ["affirms", "leaves_in_place", "clarifies", "carries_out", "remands", "amends", "modifies"]
)
def test_verbs_without_force_leave_a_ruling_in_effect_and_are_steps(verb: str) -> None:
    found = stand([made("a", "2"), made("b", "4")], parts_of("a", "x"), [Effect("b", verb, "a")], day("5"))["a"]
    assert (found.state, found.since, found.parts["x"].state) == (State.IN_EFFECT, day("2"), State.IN_EFFECT)
    assert lines(found) == [f"b {verb} a 04 Apr"]
    is_amended = [note.kind for note in found.notes] == [NoteKind.AMENDED]
    assert is_amended == (verb in {"amends", "modifies"})


def test_a_ruling_is_no_longer_amended_when_the_amendment_is_vacated() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6")]
    found = stand(acts, [], [Effect("b", "amends", "a"), Effect("c", "vacates", "b")], day("6"))["a"]
    assert (found.notes, lines(found)) == ((), ["b amends a 04 Apr until 06 Apr", "c vacates b 06 Apr"])


def test_what_is_unknown_is_passed_over_and_an_unknown_part_means_in_part() -> None:
    acts = [made("a", "2"), made("b", "4")]
    odd = [Effect("b", "vacates", "z"), Effect("z", "vacates", "a"), Effect("b", "nonsense", "a")]
    assert states(acts, odd, "5", [Part("x", "z")]) == {"a": "in-effect", "b": "in-effect"}
    assert states(acts, [Effect("b", "stays", "a", until_act="z")], "9")["a"] == "stayed"
    assert states(acts, [Effect("b", "vacates", "a", part="x")], "5", parts_of("b", "x"))["a"] == "in-part"
    assert history(acts, [], [], "z") == []


def test_nothing_at_all_stands_nowhere() -> None:
    assert (stand([], [], [], LATER), changes([], [], []), history([], [], [], "a")) == ({}, [], [])


# --- what ends an effect --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("reverses", "reversed"),
        ("vacates", "vacated"),
        ("dissolves", "vacated"),
        ("supersedes", "superseded"),
        ("ends", "expired"),
        ("stays", "stayed"),
    ],
)
def test_each_verb_with_force_gives_its_state_to_whole_and_parts(verb: str, state: str) -> None:
    acts = [made("a", "2"), made("b", "4")]
    found = stand(acts, parts_of("a", "x", "y"), [Effect("b", verb, "a")], day("4"))["a"]
    assert {str(found.state), *(str(part.state) for part in found.parts.values())} == {state}
    assert states(acts, [Effect("b", verb, "a", in_part=True)], "4")["a"] == "in-part"


@pytest.mark.parametrize("verb", ["ends", "vacates", "reverses", "dissolves", "supersedes"])
def test_a_stay_lapses_when_its_order_is_ended_in_any_way(verb: str) -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6")]
    found = stand(acts, [], [Effect("b", "stays", "a"), Effect("c", verb, "b")], day("6"))["a"]
    assert (found.state, found.since) == (State.IN_EFFECT, day("6"))
    assert lines(found) == ["b stays a 04 Apr until 06 Apr", f"c {verb} b 06 Apr"]


def test_a_stay_that_is_stayed_rests_and_comes_back() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6")]
    effects = [Effect("b", "stays", "a"), Effect("c", "stays", "b", until=april(8))]
    assert [(date, str(state)) for date, state, _ in history(acts, [], effects, "a")] == [
        (day("2"), "in-effect"),
        (day("4"), "stayed"),
        (day("6"), "in-effect"),
        (day("9"), "stayed"),
    ]


def test_a_stay_lifted_twice_is_lifted_once() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6"), made("d", "8")]
    effects = [Effect("b", "stays", "a"), Effect("c", "ends", "b"), Effect("d", "ends", "b")]
    found = stand(acts, [], effects, day("9"))
    assert (found["a"].state, found["a"].since) == (State.IN_EFFECT, day("6"))
    assert (found["b"].state, found["b"].since) == (State.EXPIRED, day("6"))


def test_of_two_stays_one_suffices() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "5"), made("d", "8")]
    effects = [Effect("b", "stays", "a"), Effect("c", "stays", "a"), Effect("d", "ends", "b")]
    assert states(acts, effects, "9")["a"] == "stayed"


@pytest.mark.parametrize("undo", ["reverses", "vacates", "dissolves"])
@pytest.mark.parametrize("done", ["reverses", "vacates", "supersedes", "ends"])
def test_the_reversal_of_an_ending_revives_and_its_own_reversal_ends_again(done: str, undo: str) -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6"), made("d", "8")]
    effects = [Effect("b", done, "a"), Effect("c", undo, "b"), Effect("d", undo, "c")]
    assert [states(acts, effects, on)["a"] == "in-effect" for on in ("3", "5", "7", "9")] == [True, False, True, False]
    found = stand(acts, [], effects, day("9"))["a"]
    assert found.since == day("8")
    assert lines(found) == [f"b {done} a 04 Apr", f"c {undo} b 06 Apr until 08 Apr", f"d {undo} c 08 Apr"]


def test_a_stayed_reversal_does_not_hold_while_it_is_stayed() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "5"), made("d", "8")]
    effects = [Effect("b", "reverses", "a"), Effect("c", "stays", "b"), Effect("d", "ends", "c")]
    assert [states(acts, effects, on)["a"] for on in ("4", "5", "8")] == ["reversed", "in-effect", "reversed"]


@pytest.mark.parametrize("verb", ["supersedes", "ends"])
def test_that_an_ending_ruling_is_superseded_or_ended_revives_nothing(verb: str) -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6")]
    assert states(acts, [Effect("b", "reverses", "a"), Effect("c", verb, "b")], "7")["a"] == "reversed"


def test_what_an_act_undone_in_part_did_stands_in_part() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6")]
    for verb in ("reverses", "stays"):
        found = stand(
            acts, parts_of("a", "x"), [Effect("b", verb, "a"), Effect("c", "vacates", "b", in_part=True)], day("6")
        )["a"]
        assert (found.state, found.parts["x"].state) == (State.IN_PART, State.IN_PART)


def test_named_parts_of_an_act_matter_only_when_nothing_is_left_of_them() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6"), made("d", "8")]
    parts = parts_of("b", "x", "y")
    effects = [Effect("b", "stays", "a"), Effect("c", "vacates", "b", "x"), Effect("d", "vacates", "b", "y")]
    assert [states(acts, effects, on, parts)["a"] for on in ("5", "7", "9")] == ["stayed", "stayed", "in-effect"]


def test_a_stay_goes_on_though_the_one_part_recorded_of_its_order_ran_out() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "9")]
    parts = [Part("response", "b", april(5))]
    effects = [Effect("b", "stays", "a", until_act="c")]
    found = stand(acts, parts, effects, day("8"))
    assert (found["a"].state, found["b"].state) == (State.STAYED, State.IN_EFFECT)
    assert found["b"].parts["response"].state == State.EXPIRED
    assert states(acts, effects, "9", parts) == {"a": "in-effect", "b": "expired", "c": "in-effect"}


def test_what_a_settlement_ends_stays_ended() -> None:
    acts = [made("a", "2"), made("b", "4", is_ruling=False), made("c", "6")]
    assert states(acts, [Effect("b", "dissolves", "a"), Effect("c", "vacates", "b")], "7")["a"] == "vacated"


# --- odd graphs -----------------------------------------------------------------------------------------------------


def test_a_ruling_does_nothing_to_itself() -> None:
    found = stand([made("a", "2")], [], [Effect("a", "vacates", "a"), Effect("a", "stays", "a")], day("3"))["a"]
    assert (found.state, found.because) == (State.IN_EFFECT, ())
    assert {note.kind for note in found.notes} == {NoteKind.CIRCULAR}


@pytest.mark.parametrize("days", [("2", "4"), ("4", "4"), ("April 2025", "April 2025")])
def test_of_two_rulings_that_vacate_each_other_the_later_decides(days: tuple[str, str]) -> None:
    acts = [made("a", days[0]), made("b", days[1])]
    found = stand(acts, [], [Effect("a", "vacates", "b"), Effect("b", "vacates", "a")], day("9"))
    assert (found["a"].state, found["b"].state) == (State.VACATED, State.IN_EFFECT)
    assert NoteKind.CIRCULAR in {note.kind for note in found["b"].notes}


def test_in_a_circle_of_three_the_last_decides() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "6")]
    effects = [Effect("a", "reverses", "c"), Effect("c", "reverses", "b"), Effect("b", "reverses", "a")]
    assert states(acts, effects, "6") == {"a": "in-effect", "b": "reversed", "c": "in-effect"}


def test_on_one_day_an_order_may_undo_one_that_the_timeline_places_after_it() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "4")]
    effects = [Effect("c", "stays", "a"), Effect("b", "vacates", "c")]
    assert states(acts, effects, "4") == {"a": "in-effect", "b": "in-effect", "c": "vacated"}


def test_a_chain_of_reversals_longer_than_the_stack_is_followed_to_its_end() -> None:
    start = datetime.date(2000, 1, 1)
    acts = [
        Act(number, UncertainDate.on(each.year, each.month, each.day), number)
        for number in range(1200)
        for each in [start + number * DAY]
    ]
    effects = [Effect(number + 1, "reverses", number) for number in range(1199)]
    found = stand(acts, [], effects, datetime.date(2100, 1, 1))
    assert [str(found[number].state) for number in (1199, 1198, 1197, 1, 0)] == [
        "in-effect",
        "reversed",
        "in-effect",
        "in-effect",
        "reversed",
    ]


def test_what_is_recorded_twice_counts_once_and_of_one_key_the_first() -> None:
    acts = [made("a", "2"), made("b", "4"), made("a", "3")]
    parts = [Part("x", "a", april(5)), Part("x", "a")]
    found = stand(acts, parts, [Effect("b", "stays", "a")] * 2, day("6"))["a"]
    assert lines(found) == ["b stays a 04 Apr"]
    assert history(acts, parts, [], "a")[0] == Change(day("2"), State.IN_EFFECT, None)
    assert found.parts["x"].state == State.EXPIRED


def test_the_last_day_of_the_calendar_is_no_trouble() -> None:
    acts = [Act("a", UncertainDate.on(2199, 12, 30), 0), Act("b", UncertainDate.on(2199, 12, 31), 1)]
    effects = [Effect("b", "stays", "a", until=UncertainDate.on(2199, 12, 31))]
    assert history(acts, [Part("x", "a", UncertainDate.on(2199, 12, 31))], effects, "a")[-1].date.year == 2200


# --- states of parts and wholes -------------------------------------------------------------------------------------


def test_a_part_past_its_own_last_day_is_expired_though_stayed_and_vacated_once_a_court_says_so() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "9")]
    parts = [Part("x", "a", april(6)), Part("y", "a")]
    effects = [Effect("b", "stays", "a"), Effect("c", "vacates", "a", "x")]
    assert [str(stand(acts, parts, effects, day(on))["a"].parts["x"].state) for on in ("5", "6", "7", "9")] == [
        "stayed",
        "stayed",
        "expired",
        "vacated",
    ]


def test_a_part_that_a_court_ended_before_its_last_day_does_not_expire() -> None:
    acts = [made("a", "2"), made("b", "4"), made("c", "9")]
    parts = [Part("x", "a", april(6))]
    effects = [Effect("b", "vacates", "a", "x"), Effect("c", "reverses", "b")]
    assert [str(stand(acts, parts, effects, day(on))["a"].parts["x"].state) for on in ("4", "8", "9")] == [
        "vacated",
        "vacated",
        "expired",
    ]


def test_the_end_of_a_part_of_uncertain_date_is_shown_as_after_it() -> None:
    parts = [Part("x", "a", parse("between 4 and 6 April 2025"))]
    found = stand([made("a", "2")], parts, [], day("7"))["a"].parts["x"]
    assert (found.state, found.since, found.shown.words) == (State.EXPIRED, day("7"), "after 6 April 2025")


@pytest.mark.parametrize(
    "order", [("reverses", "vacates", "supersedes", "ends"), ("ends", "supersedes", "vacates", "reverses")]
)
def test_of_several_endings_the_strongest_is_told_in_whatever_order_they_came(order: tuple[str, ...]) -> None:
    acts = [made("a", "2"), *(made(key, "4") for key in "bcde")]
    effects = [Effect(key, verb, "a") for key, verb in zip("bcde", order, strict=True)]
    assert states(acts, effects, "5")["a"] == "reversed"


def test_a_part_that_an_act_leaves_in_place_by_name_is_spared_what_it_does_to_the_rest() -> None:
    acts = [made("a", "2"), made("b", "4")]
    for whole in (Effect("b", "vacates", "a"), Effect("b", "vacates", "a", in_part=True)):
        found = stand(acts, parts_of("a", "x", "y"), [whole, Effect("b", "leaves_in_place", "a", "x")], day("5"))["a"]
        assert (found.state, found.parts["x"].state) == (State.IN_PART, State.IN_EFFECT)
        assert found.parts["y"].state in {State.VACATED, State.IN_PART}


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        ((None, None), "in-effect"),
        (("vacates", None), "in-part"),
        (("stays", None), "in-part"),
        (("stays", "vacates"), "stayed"),
        (("supersedes", "vacates"), "vacated"),
        (("vacates", "reverses"), "reversed"),
        (("supersedes", "ends"), "superseded"),
        (("ends", "ends"), "expired"),
        (("ends", None), "in-part"),
    ],
)
def test_the_state_of_a_ruling_follows_from_its_parts(verbs: tuple[str | None, str | None], state: str) -> None:
    acts = [made("a", "2"), made("b", "4")]
    effects = [Effect("b", verb, "a", part) for verb, part in zip(verbs, "xy", strict=True) if verb]
    assert states(acts, effects, "5", parts_of("a", "x", "y"))["a"] == state


def test_a_ruling_all_of_whose_parts_ran_out_is_expired() -> None:
    parts = [Part("x", "a", april(4)), Part("y", "a", april(6))]
    assert [states([made("a", "2")], [], on, parts)["a"] for on in ("5", "6", "7")] == [
        "in-effect",
        "in-effect",
        "expired",
    ]


# --- any record against the reference -------------------------------------------------------------------------------

FIRST, LAST = datetime.date(2025, 3, 30), datetime.date(2025, 5, 3)
days_of_april = st.integers(1, 12).map(april)


@st.composite
def dates_in_april(draw: Any) -> UncertainDate:
    """Mostly days, for a case has most of its dates to the day; and each other form."""
    if draw(st.integers(0, 3)):
        return draw(days_of_april)
    first, last = sorted([draw(days_of_april).first, draw(days_of_april).first], key=lambda point: point.first_day)
    form = draw(st.sampled_from(Form))
    circa = draw(st.booleans())
    if form is Form.ON:
        return UncertainDate.on(2025, 4, circa=circa)
    return UncertainDate(form, None if form is Form.BEFORE else first, None if form is Form.AFTER else last, circa)


@st.composite
def records(draw: Any) -> tuple[list[Act], list[Part], list[Effect]]:
    """At most eight acts and twelve effects: circles, itself, unknown keys and ends before beginnings included."""

    def seldom(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(strategy) if draw(st.integers(0, 5)) == 0 else None

    count = draw(st.integers(1, 8))
    order = draw(st.permutations(range(count)))
    keys = st.integers(0, count)
    verbs = draw(
        st.sampled_from([[*Verb.values, "nonsense"], ["stays", "ends", "vacates", "supersedes"], ["stays", "reverses"]])
    )
    acts = [
        Act(key, draw(dates_in_april()), order[key], draw(st.integers(0, 5)) > 0, seldom(dates_in_april()))
        for key in range(count)
    ]
    parts = [
        Part(name, key, seldom(dates_in_april()))
        for key in range(count + 1)
        for name in draw(st.sampled_from(["", "", "x", "xy"]))
    ]
    effects = [
        Effect(
            draw(keys),
            draw(st.sampled_from(verbs)),
            draw(keys),
            draw(st.sampled_from([None, None, "x", "y", "z"])),
            draw(st.integers(0, 5)) == 0,
            seldom(dates_in_april()),
            seldom(dates_in_april()),
            seldom(keys),
        )
        for _ in range(draw(st.integers(0, 12)))
    ]
    return acts, parts, effects


days_around = st.dates(FIRST, LAST)


def plain(found: dict[Any, RulingStanding]) -> dict[Any, Any]:
    """As the reference tells it."""

    def row(standing: Any) -> tuple[Any, ...]:
        steps = [
            (step.act, step.verb, step.target, step.part, step.in_part, step.date, step.over)
            for step in standing.because
        ]
        of_effects = {NoteKind.ANNOUNCED, NoteKind.AMENDED, NoteKind.DATED_BEFORE}
        notes = {(str(note.kind), note.act, note.part) for note in standing.notes if note.kind in of_effects}
        return str(standing.state), standing.since, sorted(steps, key=repr), sorted(notes, key=repr)

    return {key: {None: row(each), **{part: row(of) for part, of in each.parts.items()}} for key, each in found.items()}


def from_reference(found: dict[Any, Any]) -> dict[Any, Any]:
    """A ruling's own effective date is noted beside those of what was done to it, so these are compared elsewhere."""
    return {
        key: {
            part: (state, since, steps, [note for note in notes if note[0] != "retroactive"])
            for part, (state, since, steps, notes) in parts.items()
        }
        for key, parts in found.items()
    }


@given(records(), st.lists(days_around, min_size=1, max_size=4))
def test_any_record_stands_as_the_reference_says(record: Any, days: list[datetime.date]) -> None:
    found, reference = Record(*record), Reference(*record)
    for on in days:
        assert plain(found.stand(on)) == from_reference(reference.stand(on))


@given(records())
def test_the_days_of_change_are_those_on_which_the_answer_differs(record: Any) -> None:
    found = Record(*record)
    days = [FIRST + number * DAY for number in range((LAST - FIRST).days + 1)]
    differing = [on for on in days[1:] if found.stand(on) != found.stand(on - DAY)]
    told = found.changes()
    assert [on for on in told if FIRST < on <= LAST] == differing
    assert told == sorted(set(told))


@given(records())
def test_the_history_of_a_ruling_is_what_each_day_says(record: Any) -> None:
    found = Record(*record)
    days = [FIRST + number * DAY for number in range((LAST - FIRST).days + 1)]
    for key in found.stand(LAST):
        by_day = [(on, found.stand(on)[key].state) for on in days if key in found.stand(on)]
        turns = [row for before, row in zip([(None, None), *by_day], by_day, strict=False) if row[1] != before[1]]
        assert [(change.date, change.state) for change in found.history(key) if change.date <= LAST] == turns


@given(records(), st.data())
def test_what_comes_after_a_day_does_not_change_it(record: Any, data: st.DataObject) -> None:
    acts, parts, effects = record
    on = data.draw(days_around)
    later = on + DAY
    new = Act("new", UncertainDate.on(later.year, later.month, later.day), 99)
    targets = st.sampled_from([act.key for act in acts] + ["new"])
    more = data.draw(
        st.lists(st.builds(Effect, st.just("new"), st.sampled_from(Verb.values), targets), min_size=1, max_size=3)
    )
    assert stand([*acts, new], parts, [*effects, *more], on) == stand(acts, parts, effects, on)


@given(records())
def test_before_the_first_act_nothing_stands(record: Any) -> None:
    first = min(act.date.sort_date for act in record[0])
    assert Record(*record).stand(first - DAY) == {}
    assert set(Record(*record).stand(LATER)) == {act.key for act in record[0] if act.is_ruling}


@given(records(), days_around)
def test_a_stay_in_force_comes_from_a_ruling_in_effect(record: Any, on: datetime.date) -> None:
    found = Record(*record).stand(on)
    for key, standing in found.items():
        for step in standing.because:
            if step.verb == "stays" and step.target == key and step.over is None and step.act in found:
                assert found[step.act].state in {State.IN_EFFECT, State.IN_PART, State.PENDING}


@given(records(), days_around)
def test_the_order_in_which_a_record_is_given_does_not_matter(record: Any, on: datetime.date) -> None:
    acts, parts, effects = record
    assert plain(stand(acts[::-1], parts, effects[::-1], on)) == plain(stand(acts, parts, effects, on))
