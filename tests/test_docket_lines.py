"""A line of a docket is taken apart, from whichever page it was copied; what is not sure is said."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetracker.docket_lines import DocketLine, Doubt, cut, read
from casetracker.docket_lines.titles import LONGEST_TITLE
from casetracker.models import Event, Kind, Outcome, RulingForm

ORDER = (
    "ORDER granting in part 31 Motion for Return of the Ledger. Signed by Judge Ada Bench on 4/10/2025. "
    "(dass, Deputy Clerk)"
)
DAY = date(2025, 4, 10)


def names(line: DocketLine) -> list[str]:
    return [signature.name for signature in line.signatures]


# --- columns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        f"04/10/2025 47 {ORDER}",
        f"04/10/2025\t47\t{ORDER}",
        f"04/10/2025\t \t47\xa0\t\t {ORDER}\t",
        f"04/10/2025\n47\n{ORDER}",
        f"04/10/2025 | 47 | {ORDER}",
        f"4/10/2025 47 {ORDER}",
        f"47 04/10/2025 {ORDER}",
        f"47\tApr 10, 2025\t{ORDER}",
        f"47\nApr 10, 2025\n{ORDER}\nMain\xa0Document\nOrder on Motion for Return\nBuy on PACER",
        f"Date Filed\t#\tDocket Text\n04/10/2025\t47\t{ORDER}",
        f"2025-04-10\tECF No. 47\t{ORDER}",
        f"10 April 2025 #47 {ORDER}",
        f"04/10/2025\t47\t5 pg, 170.2 KB\t{ORDER}",
        f"04/10/2025\t[47]\t{ORDER}",
        f"\ufeff04/10/2025\r\n47\r\n{ORDER}\r\n",
        "04/10/2025 47 ORDER granting in part 31 Motion for Return of the Ledger. Signed by Judge Ada Bench on\n"
        "4/10/2025. (dass, Deputy Clerk)",
    ],
)
def test_columns_are_found_in_every_order_and_with_every_separator(pasted: str) -> None:
    found = cut(pasted)
    assert (found.filed, found.number, found.text, found.others) == (DAY, "47", ORDER, 0)


def test_day_of_entry_is_found_in_a_column_of_its_own_or_in_the_text() -> None:
    assert cut("04/10/2025\t04/11/2025\t47\tORDER").entered == date(2025, 4, 11)
    assert cut("04/10/2025 47 ORDER (Entered: 04/11/2025)").entered == date(2025, 4, 11)
    assert cut("04/10/2025 47 ORDER [Entered: 04/11/2025 02:24 PM]").entered == date(2025, 4, 11)
    assert cut("04/10/2025 47 ORDER").entered is None


@pytest.mark.parametrize("number", ["13/04/2025", "02/30/2025", "00/00/2025"])
def test_figures_that_are_no_day_are_left_open_and_not_turned_round(number: str) -> None:
    line = read(f"{number} 47 {ORDER}")
    assert (line.filed, line.number, line.text) == (None, "47", ORDER)
    assert Doubt.NO_DATE in line.doubts


def test_number_that_counts_something_is_no_entry_number() -> None:
    assert cut("04/10/2025 14 day notice of eviction").number == ""
    assert cut("04/10/2025 ORDER").number == ""


def test_key_of_a_document_is_no_entry_number() -> None:
    line = read("05/14/2020\t00107589353\tORDER entered: the motion is denied.")
    assert line.number == ""
    assert Doubt.NUMBER_OF_THE_PROGRAM in line.doubts
    assert line.text == "ORDER entered: the motion is denied."


def test_of_several_lines_the_first_is_read_and_the_others_are_counted() -> None:
    pasted = f"04/10/2025 47 {ORDER}\n04/11/2025 48 NOTICE of appearance. (abc)\n04/12/2025\t\tORDER"
    found = cut(pasted)
    assert (found.text, found.others) == (ORDER, 2)
    assert Doubt.MORE_LINES in read(pasted).doubts


def test_date_in_the_middle_of_a_sentence_begins_no_line() -> None:
    found = cut("04/10/2025 47 ORDER that answers are due by\n04/20/2025 and replies by\n04/30/2025 at noon.")
    assert found.others == 0
    assert found.text == "ORDER that answers are due by 04/20/2025 and replies by 04/30/2025 at noon."


# --- kind, form, outcome --------------------------------------------------------------------------------------------


def test_line_of_a_district_court_is_read_whole() -> None:
    line = read(f"04/10/2025 47 {ORDER} (Entered: 04/11/2025)")
    assert line == DocketLine(
        filed=DAY,
        entered=date(2025, 4, 11),
        number="47",
        text=f"{ORDER} (Entered: 04/11/2025)",
        kind="ruling",
        form="order",
        outcome="granted_in_part",
        signatures=line.signatures,
        answers=("31",),
        title="Order granting in part Motion for Return of the Ledger",
        doubts=(),
    )
    assert names(line) == ["Ada Bench"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("MOTION to Compel by Jo Smith. (Attachments: # 1 Proposed Order)", "filing"),
        ("MEMORANDUM in Support re 3 MOTION to Compel", "filing"),
        ("Memorandum of Law in Opposition", "filing"),
        ("TRANSCRIPT of Status Hearing held on 5/8/2023, before Judge Ada Bench", "filing"),
        ("TRANSCRIPT ORDER form filed", "filing"),
        ("PROPOSED ORDER by Jo Smith", "filing"),
        ("Response to Order to Show Cause", "filing"),
        ("Petition for a writ of certiorari filed. (Response due May 1, 2025)", "filing"),
        (
            "Application (24A1) to vacate the stay granted by the Court of Appeals, submitted to The Chief Justice.",
            "filing",
        ),
        ("ORDER that the plaintiff answer by Friday", "ruling"),
        ("MEMORANDUM OPINION", "ruling"),
        ("MEMORANDUM AND ORDER denying 3 Motion", "ruling"),
        ("PAPERLESS ORDER granting 3 Motion", "ruling"),
        ("AMENDED PRELIMINARY INJUNCTION", "ruling"),
        ("Filed order (ADA BENCH and JO BAR): The motion, Dkt. No. [3], is GRANTED.", "ruling"),
        ("UNPUBLISHED PER CURIAM OPINION filed. Affirmed.", "ruling"),
        ("Judge Ada Bench: ELECTRONIC ORDER entered granting 5 Motion for Extension of Time.", "ruling"),
        ("Bench, J. - Order Regarding [608-1] Order Regarding Notice", "ruling"),
        ("***VACATED per 6 ORDER***ORDER granting 4 Motion for Leave", "ruling"),
        ("ENDORSED ORDER: the motion is stricken", "ruling"),
        ("CASE MANAGEMENT AND SCHEDULING ORDER: Conference set for 12/14/2025", "ruling"),
        ("SETTLEMENT CONFERENCE ORDER - set for 1/25/2025", "ruling"),
        ("SCHEDULING AND TRIAL ORDER as to Jo Smith", "ruling"),
        ("CONFIDENTIALITY AGREEMENT AND ORDER; regarding procedures", "ruling"),
        ("PLEA AGREEMENT as to Jo Smith", "filing"),
        ("Schedule(s) and Statement(s) filed by Jo Smith", "filing"),
        ("MINUTES before Judge Bench sentencing Jo Smith", "hearing"),
        ("Arrest of Jo Smith", "event"),
        ("Initial Case Assignment to Judge Ada Bench", "event"),
        ("***DELETED DOCUMENT. Deleted document number [ORDER] 2.", "event"),
        ("Petition DENIED.", "ruling"),
        ("Judgment VACATED and case REMANDED.", "ruling"),
        ("Application (24A1) denied by Justice Bench.", "ruling"),
        ("Minute Entry for proceedings held before Judge Ada Bench: Motion Hearing held on 4/10/2025.", "hearing"),
        ("Status Conference as to Jo Smith held on 4/10/2025", "hearing"),
        ("Argued. For petitioner: Jo Bar.", "hearing"),
        ("DISTRIBUTED for Conference of 4/17/2025.", "event"),
        ("Case reassigned to Judge Ada Bench", "event"),
        ("MEMO-ENDORSEMENT on letter from Jo Bar: the time to answer is extended", "ruling"),
        ("Ledger Office, Quill & Ink, Inc. and A. Doe's ANSWER to Complaint", "filing"),
        ("Rule 26(f) Report by Jo Smith", "filing"),
        ("*REDACTED* Transcript of Status Conference held on 5/8/2023", "filing"),
        ("SEALED DOCUMENT filed by Jo Smith", "filing"),
        ("MAGISTRATE JUDGE FINDINGS & RECOMMENDATION upon a plea as to Jo Smith", "filing"),
        ("Minute Order: Settlement Conference held 4/10/2025 before Judge Ada Bench", "hearing"),
        ("Minute Order: Status Conference set for 4/10/2025", "ruling"),
        ("TEXT MINUTE ENTRY for proceedings held before Judge Ada Bench", "hearing"),
        ("CIVIL CASE docketed. Notice of appeal filed by Jo Smith", "event"),
        ("BRIEFING schedule set. Brief due 4/10/2025", "event"),
        ("Response Requested. (Due April 10, 2025)", "event"),
        ("Something that no docket says", ""),
        ("", ""),
    ],
)
def test_kind_follows_from_how_the_entry_begins(text: str, kind: str) -> None:
    line = read(f"04/10/2025 47 {text}")
    assert line.kind == kind
    assert (Doubt.NO_KIND in line.doubts) == (kind == "")


@pytest.mark.parametrize(
    "text",
    [
        "ORDER of USCA as to 42 Notice of Appeal: dismissed",
        "Received Order from the Supreme Court: denied",
        "Copy of District Court Order granting 3 Motion",
        "USCA Order: the motion is denied",
        "TRANSFER ORDER from Judicial Panel on Multidistrict Litigation",
    ],
)
def test_ruling_of_another_court_is_no_ruling_of_this_docket(text: str) -> None:
    line = read(text)
    assert (line.kind, line.outcome, line.form) == ("filing", "", "")
    assert Doubt.OF_ANOTHER_COURT in line.doubts


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ORDER granting 3 Motion for Preliminary Injunction", "order"),
        ("PRELIMINARY INJUNCTION", "injunction"),
        ("TEMPORARY RESTRAINING ORDER", "temporary_restraining_order"),
        ("MEMORANDUM OPINION", "memorandum"),
        ("MEMORANDUM OPINION AND ORDER", "memorandum"),
        ("MEMORANDUM AND ORDER denying 3 Motion", "order"),
        ("PUBLISHED AUTHORED OPINION filed", "opinion"),
        ("FINAL JUDGMENT in favor of Jo Smith", "judgment"),
        ("MANDATE issued", "mandate"),
        ("CONSENT DECREE", "decree"),
        ("Arrest Warrant Issued", "warrant"),
        ("Petition DENIED.", "order"),
        ("Memo-Endorsement on letter from Jo Bar", "order"),
    ],
)
def test_form_is_what_the_ruling_is_and_not_what_it_is_about(text: str, form: str) -> None:
    assert read(text).form == form


@pytest.mark.parametrize(
    ("text", "outcome", "doubt"),
    [
        ("ORDER granting 3 Motion", "granted", None),
        ("ORDER denying without prejudice 3 Motion", "denied", None),
        ("ORDER granting in part and denying in part 3 Motion", "granted_in_part", None),
        ("ORDER: the motion is GRANTED IN PART and DENIED IN PART", "granted_in_part", None),
        ("ORDER denying as moot 3 Motion to Seal", "moot", None),
        ("ORDER finding as moot 3 Motion to Seal", "moot", None),
        ("JUDGMENT: the claims are DISMISSED", "dismissed", None),
        ("ORDER granting 3 Motion to Dismiss", "granted", None),
        ("ORDER granting 3 Motion; denying 5 Motion", "", Doubt.SEVERAL_OUTCOMES),
        ("ORDER granting in part 3 Motion; denying as moot 5 Motion", "", Doubt.SEVERAL_OUTCOMES),
        ("ORDER to show cause why the motion should not be granted", "", Doubt.NO_OUTCOME),
        ("ORDER setting a hearing", "", Doubt.NO_OUTCOME),
        ("ORDER vacating 5 Order", "", Doubt.EFFECT_ON_A_RULING),
        ("JUDGMENT. Affirmed.", "", Doubt.EFFECT_ON_A_RULING),
    ],
)
def test_outcome_is_given_only_where_the_text_has_one(text: str, outcome: str, doubt: Doubt | None) -> None:
    line = read(f"04/10/2025 47 {text}")
    assert line.outcome == outcome
    assert set(line.doubts) == ({doubt} if doubt else set())


def test_words_are_those_of_the_models() -> None:
    from casetracker.docket_lines import kinds

    assert {form for form, _ in kinds._FORMS} <= set(RulingForm.values)
    assert {outcome for outcome, _ in kinds._OUTCOMES} <= set(Outcome.values)
    assert {"filing", "hearing", "ruling", "event"} == set(Kind.values)
    assert Event._meta.get_field("title").max_length == LONGEST_TITLE


# --- judges, answers, title -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ORDER. Signed by Judge Ada Bench on 4/10/2025. (abc)", ["Ada Bench"]),
        ("ORDER. Signed by Magistrate Judge Ada R. Bench on 4/10/2025.", ["Ada R. Bench"]),
        ("ORDER. Signed by Judge A. B. Bench, III on 4/10/2025.", ["A. B. Bench, III"]),
        ("ORDER. ( signed by Judge Ada Bench ); Copies mailed", ["Ada Bench"]),
        ("ORDER. Ordered by Senior Judge Ada Bench.", ["Ada Bench"]),
        ("Application (24A1) denied by Justice Bench.", ["Bench"]),
        (
            "JUDGMENT entered by Ada Bench, Appellate Judge; Jo R. Bar, Jr., Appellate Judge and Vic Stand, "
            "Appellate Judge. Affirmed. [25-1] (AS)",
            ["Ada Bench", "Jo R. Bar Jr.", "Vic Stand"],
        ),
        (
            "Order filed (ADA B. BENCH, JO R. BAR and VIC STAND) The motion is denied.",
            ["ADA B. BENCH", "JO R. BAR", "VIC STAND"],
        ),
        ("ORDER that the clerk close the case. (Price, Jackie)", []),
        ("ORDER. Signed by the Clerk on 4/10/2025.", []),
    ],
)
def test_judges_are_those_who_signed_and_not_the_clerk(text: str, found: list[str]) -> None:
    assert names(read(text)) == found


def test_clerk_who_signs_for_a_judge_names_nobody() -> None:
    line = read("SCHEDULING ORDER. Signed by Clerk for Judge Ada Bench on 4/10/2025.")
    assert names(line) == []
    assert Doubt.SIGNED_FOR_A_JUDGE in line.doubts


def test_last_name_leaves_suffixes_out() -> None:
    assert [s.last_name for s in read("ORDER. Signed by Judge A. B. Bench, III on 4/10/2025.").signatures] == ["Bench"]


def test_order_that_was_signed_on_another_day_is_said_to_be() -> None:
    assert Doubt.SIGNED_ON_ANOTHER_DAY in read("04/10/2025 47 ORDER. Signed by Judge Ada Bench on 4/9/25.").doubts
    assert Doubt.SIGNED_ON_ANOTHER_DAY not in read("04/10/2025 47 ORDER. Signed by Judge Ada Bench on 4/10/25.").doubts


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ORDER granting 31 Motion to Compel; denying 33 Motion to Seal", ("31", "33")),
        ("ORDER granting in part 31 Motion to Compel", ("31",)),
        ("RESPONSE re 31 MOTION to Compel (Attachments: # 1 Exhibit, # 2 Exhibit)", ("31",)),
        ("ORDER filed [1001768450] denying motion for stay pending appeal [5]", ("5",)),
        ("ORDER pursuant to 28 U.S.C. 1407 and Rule 42 within 14 days of the order", ()),
        ("ORDER that the plaintiff answer", ()),
    ],
)
def test_entries_that_are_answered_are_found_by_number(text: str, numbers: tuple[str, ...]) -> None:
    assert read(f"04/10/2025 47 {text}").answers == numbers


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (ORDER, "Order granting in part Motion for Return of the Ledger"),
        ("MOTION to Seal by LEDGER HOLDINGS, INC. (Bar, Jo)", "Motion to Seal by LEDGER HOLDINGS, INC"),
        ("MOTION for Sanctions filed by Jo Smith. (abc)", "Motion for Sanctions"),
        (
            "Minute Entry for proceedings held before Judge Ada Bench: Status conference held on 4/11/2025.",
            "Status conference",
        ),
        (
            "ORDER filed [1001768450] denying Motion for stay pending appeal [5] Copies to all parties.",
            "Order denying Motion for stay pending appeal",
        ),
        ("LETTER from Jo R. Bar to Judge Ada Bench. (abc)", "Letter from Jo R. Bar to Judge Ada Bench"),
        ("ORDER re 12 MOTION to Continue. ORDERED that it is GRANTED.", "Order re motion to Continue"),
        ("Petition DENIED.", "Petition denied"),
        ("***ORDER***", "Order"),
        ("", ""),
    ],
)
def test_title_is_the_sentence_without_the_clerks_bookkeeping(text: str, title: str) -> None:
    assert read(text).title == title


def test_long_title_is_cut_between_words_and_said_to_be() -> None:
    line = read(f"04/10/2025 47 ORDER that {'the parties confer and ' * 30}report")
    assert len(line.title) <= LONGEST_TITLE
    assert line.title.endswith((" confer", " parties", " and", " the"))
    assert Doubt.TITLE_CUT in line.doubts


# --- any text ---------------------------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("04/1025 \t\n|[](),.;:-#'ABCabc§\u202e\x00É47") | st.characters(), max_size=400))
def test_any_text_is_read_into_something_that_fits(pasted: str) -> None:
    line = read(pasted)
    assert line.kind in {"", *Kind.values}
    assert line.form in {"", *RulingForm.values}
    assert line.outcome in {"", *Outcome.values}
    assert (line.form, line.outcome) == ("", "") or line.kind == "ruling"
    assert len(line.title) <= LONGEST_TITLE
    assert len(line.number) <= 20
    assert "\x00" not in line.text + line.title


@pytest.mark.parametrize(
    "piece",
    [
        "A ",
        "( ",
        "ORDER ",
        "1 ",
        "1\n",
        "04/10/2025 ",
        "granting ",
        "Signed by Judge A ",
        "a(",
        "MOTION 1 ",
        ", ",
        "\t",
        "*",
        "A, B and ",
        "Panel: A ",
        "(A B, ",
        f"1 {'abcdefghij' * 4} {'bcdefghijk' * 4} {'cdefghijkl' * 4} {'defghijklm' * 4} ",
        "and trial ",
        "re Rule 5 ",
    ],
)
@pytest.mark.parametrize("before", ["", "04/10/2025 47 ORDER (", "04/10/2025 47 MOTION "])
def test_no_text_takes_long(before: str, piece: str) -> None:
    started = time.perf_counter()
    read(before + piece * (60_000 // len(piece)))
    assert time.perf_counter() - started < 2
