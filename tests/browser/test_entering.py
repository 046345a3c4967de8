"""
A ruling is entered by keyboard alone, from a line of the docket, and in how many strokes.

What it takes is written to the output (`pytest -s`), in strokes and in the seconds that a person would need by the
usual reckoning: 0.28 s a stroke and 1.35 s for each time that somebody has to think.
"""

import sys
import time
from dataclasses import dataclass
from typing import Any

STROKE, THOUGHT = 0.28, 1.35
LINE = (
    "Apr 10 2025\tApplication (24A949) to vacate the injunction granted in part and denied in part by the Court. "
    "The rest of the order stays; its deadline is no longer effective. (Detached Opinion)"
)


@dataclass
class Typist:
    """Somebody who only types. Pasting is one stroke with a held key, as saving is."""

    page: Any
    strokes: int = 0
    thoughts: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += key.count("+") + 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)

    def paste(self, text: str) -> None:
        self.page.keyboard.insert_text(text)
        self.strokes += 2

    def think(self) -> None:
        self.thoughts += 1

    def choose(self, words: str, offered: str) -> None:
        """In a look-up that has the focus: type, see what is offered first, take it."""
        self.think()
        self.type(words)
        self.page.locator(".select2-results__option--highlighted", has_text=offered).wait_for()
        self.press("Enter")

    @property
    def seconds(self) -> float:
        return self.strokes * STROKE + self.thoughts * THOUGHT

    def at(self) -> str:
        """What has the focus, by the field that it is."""
        found: str = self.page.evaluate(
            "() => { const e = document.activeElement; const s = e.closest('.select2');"
            " return (s ? s.previousElementSibling : e).id; }"
        )
        return found


def test_ruling_of_10_april_is_entered_by_keyboard_in_under_a_minute(editor_visitor: Any) -> None:
    page = editor_visitor.page
    editor_visitor.go("/admin/casetracker/case/?q=Abrego")
    page.get_by_role("link", name="Abrego Garcia v. Noem").first.click()
    page.get_by_role("link", name="Add ruling in Supreme Court 24A949").focus()
    typist = Typist(page)
    started = time.perf_counter()

    typist.press("Enter")
    page.wait_for_url("**/ruling/add/**")
    page.wait_for_function("document.activeElement.id === 'id_date'")
    typist.press("F2", "l")
    assert typist.at() == "id_docket_line"
    typist.paste(LINE)
    typist.press("Control+Enter")
    page.locator(".read").wait_for()

    # What was read is there to be checked; nothing is saved.
    assert page.locator("#id_date").input_value() == "10 April 2025"
    assert page.locator("#id_form").input_value() == "order"
    assert page.locator("#id_outcome").input_value() == "granted_in_part"
    assert [text.partition(".")[0] for text in page.locator(".notes li").all_inner_texts()] == [
        "It seems to do something to an earlier ruling",
        "No entry number was found; not every entry has one",
    ]
    typist.think()

    typist.press("F2", "t")
    assert typist.at() == "id_title"
    typist.press("Control+a")
    typist.think()
    typist.type("Injunction upheld in part, by keyboard")

    typist.press("F2", "e")
    assert typist.at() == "id_treatments_made-0-verb"
    typist.think()
    typist.type("v")
    typist.press("Tab")
    typist.choose("4 april 2025", "Preliminary injunction for his return")
    typist.press("Tab")
    assert typist.at() == "id_treatments_made-0-provision"
    typist.choose("11:59", "11:59")

    typist.press("F2", "s")
    assert typist.at() == "id_references-0-source"
    typist.choose("24a949", "24A949")

    typist.press("F2", "p")
    assert typist.at() == "id_provisions-0-text"
    typist.think()
    typist.type("the deadline is no longer effective")

    typist.press("Control+Enter")
    page.locator(".case-timeline").wait_for()
    elapsed = time.perf_counter() - started

    entry = page.locator(".timeline > li", has_text="Injunction upheld in part, by keyboard")
    assert "Supreme Court" in entry.inner_text()
    assert entry.locator(".flag").count() == 0
    entry.get_by_role("link", name="Injunction upheld in part, by keyboard").first.click()
    assert page.locator("#id_treatments_made-0-verb").input_value() == "vacates"
    assert "11:59" in page.locator("#id_treatments_made-0-provision option:checked").inner_text()
    assert page.locator("#id_provisions-0-text").input_value() == "the deadline is no longer effective"
    assert LINE.partition("\t")[2] in page.locator("#id_docket_entries-0-text").input_value()
    sys.stdout.write(
        f"\nThe ruling of 10 April 2025, by keyboard: {typist.strokes} strokes, {typist.thoughts} decisions, "
        f"{elapsed:.1f} s in the browser; reckoned for a person {typist.seconds:.0f} s.\n"
    )
    assert typist.seconds < 60


def test_next_entry_keeps_what_the_last_one_had_and_begins_in_the_box(editor_visitor: Any) -> None:
    page = editor_visitor.page
    editor_visitor.go("/admin/casetracker/case/?q=invented")
    page.get_by_role("link", name="A v. B (invented example)").first.click()
    page.get_by_role("link", name="Add ruling in").first.click()
    court = page.locator("#id_court option:checked").inner_text()
    page.locator("#id_docket_line").fill("04/11/2025 901 ORDER denying 900 Motion for a Shorter Name. (abc)")
    page.keyboard.press("Control+Enter")
    page.locator(".read").wait_for()
    # Keys are listened to once the page is whole.
    page.wait_for_load_state()
    page.keyboard.press("Control+Shift+Enter")
    page.wait_for_url("**paste=1**")
    assert page.evaluate("document.activeElement.id") == "id_docket_line"
    assert page.locator("#id_date").input_value() == "11 April 2025"
    assert page.locator("#id_court option:checked").inner_text() == court
    assert page.locator("#id_title").input_value() == ""
    # A filing on the form of rulings: the form for filings comes up, filled in, still without anything saved.
    page.locator("#id_docket_line").fill("04/12/2025 902 MOTION to Reconsider by A. (abc)")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/event/add/**")
    assert page.locator("#id_kind").input_value() == "filing"
    assert page.locator("#id_title").input_value() == "Motion to Reconsider by A"
    assert page.locator("#id_docket_entries-0-number").input_value() == "902"


def test_case_and_its_proceeding_are_added_by_keyboard(editor_visitor: Any) -> None:
    page = editor_visitor.page
    typist = Typist(page)
    editor_visitor.go("/admin/casetracker/case/add/")
    typist.type("Keyboard v. Mouse")
    typist.press("Control+Enter")
    page.wait_for_url("**/change/")
    page.get_by_role("link", name="Add proceeding").first.focus()
    typist.press("Enter")
    page.wait_for_url("**/proceeding/add/**")
    # The case is filled in: the box of the court has the focus, and shows it.
    page.wait_for_function("document.activeElement.matches('.select2-selection')")
    assert typist.at() == "id_court"
    typist.choose("mdd", "District of Maryland")
    # Past the button that makes a new court.
    typist.press("Tab", "Tab")
    assert typist.at() == "id_caption"
    typist.type("Keyboard v. Mouse")
    typist.press("Control+Enter")
    page.locator(".case-screen").wait_for()
    assert "D. Md." in page.locator(".case-aside").inner_text()


def test_keys_do_not_disturb_typing(editor_visitor: Any) -> None:
    page = editor_visitor.page
    editor_visitor.go("/admin/casetracker/ruling/add/")
    page.locator("#id_summary").focus()
    page.keyboard.type("ltdjespcr LTDJESPCR € ñ")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    assert page.locator("#id_summary").input_value() == "ltdjespcr LTDJESPCR € ñ\ntwo"
    # To the parts of the form and back to where one was; there the arrows lead on.
    page.keyboard.press("F2")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#paste"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#entry-fields"
    page.keyboard.press("F2")
    assert page.evaluate("document.activeElement.id") == "id_summary"
    assert page.locator(".shortcuts").is_visible()
