"""
What the pages of a dispute are for, each reached by keyboard alone, with script and without: where it stands, the way
through the courts, threads, what was said, going to a date, one entry, people and courts, paper, and Spanish.
"""

import contextlib
import re
from typing import Any

import pytest

CASE = "/cases/abrego-garcia-v-noem/"
RULING = "Application granted in part and denied in part"
pytestmark = pytest.mark.parametrize(
    "visitor", [{}, {"java_script_enabled": False}], ids=["script", "no script"], indirect=True
)
# More than any page has to be walked through from one of its headings.
MOST_TABS = 250


# What has the focus is called so, and shows it: by an outline, or in a drawing by the stroke of a shape.
FOCUSED = """() => {
    const e = document.activeElement, label = e.labels && e.labels[0];
    const name = e == document.body ? "" : e.getAttribute("aria-label") || (label || e).textContent || e.value || "";
    const shapes = e instanceof SVGElement ? [...e.querySelectorAll("rect")] : [];
    // The button in a field for a date shows its own.
    const shows = e == document.body || e.type == "date" || getComputedStyle(e).outlineStyle != "none"
        || shapes.some(s => getComputedStyle(s).stroke != "none");
    return [name.replace(/\\s+/g, " ").trim(), shows];
}"""


def reach(visitor: Any, name: str) -> None:
    """Walk with the tabulator to what is called `name`, or begins with it; all on the way must show their focus."""
    walked = []
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        called, shows = visitor.page.evaluate(FOCUSED)
        walked.append(called)
        assert shows, called
        if called.startswith(name):
            return
        if not called and len(walked) > 1:
            break
    raise AssertionError(f"{name} is not among {walked}")


def follow(visitor: Any, *names: str) -> None:
    """Reach each of these and press the enter key."""
    for name in names:
        reach(visitor, name)
        leaves = visitor.page.evaluate(
            "() => (document.activeElement.href || location.href).split('#')[0] != location.href.split('#')[0]"
        )
        with visitor.page.expect_navigation() if leaves else contextlib.nullcontext():
            visitor.page.keyboard.press("Enter")


def heading(visitor: Any) -> str:
    return " ".join(visitor.page.locator("h1").inner_text().split())


def open_ruling(visitor: Any) -> None:
    """The ruling of 10 April 2025, found as the last one of the Supreme Court."""
    visitor.go(f"{CASE}?court=scotus&kind=ruling&order=newest")
    follow(visitor, "Timeline", RULING)
    visitor.page.wait_for_url(re.compile(r"/[a-z0-9]{10}/$"))
    assert heading(visitor) == RULING


def test_where_it_stood_on_a_day_and_what_changed_next(visitor: Any) -> None:
    visitor.go(CASE)
    follow(visitor, "Where it stands")
    reach(visitor, "On")
    visitor.page.keyboard.type("04082025")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**on=2025-04-08**")
    assert "stayed since 7 April 2025" in visitor.page.locator("#standing").inner_text()
    follow(visitor, "Change after: 9 April 2025", "Change after: 10 April 2025")
    visitor.page.wait_for_url("**on=2025-04-10**")
    told = visitor.page.locator("#standing").inner_text()
    assert "in effect in part since 10 April 2025" in told
    assert "By 11:59 pm on Monday, 7 April 2025 addressed to the defendants vacated" in told
    assert "Stay pending appeal denied" not in told
    follow(visitor, "Why, in")
    assert "Stay pending appeal denied" in visitor.page.locator("#standing").inner_text()


def test_the_way_through_the_courts_is_followed_both_ways(visitor: Any) -> None:
    visitor.go(CASE)
    follow(visitor, "Through the courts", "Supreme Court")
    there = visitor.page.locator("#proceedings :target")
    assert "24A949" in there.inner_text()
    open_ruling(visitor)
    follow(visitor, "Preliminary injunction for his return")
    visitor.page.get_by_role("heading", name="Preliminary injunction for his return", level=1).wait_for()
    follow(visitor, RULING)
    visitor.page.get_by_role("heading", name=RULING, level=1).wait_for()


def test_a_thread_is_read_as_a_list_and_alone_on_the_timeline(visitor: Any) -> None:
    open_ruling(visitor)
    assert visitor.page.locator(".thread-list li").count() == 10
    follow(visitor, "Reply of the applicants")
    visitor.page.get_by_role("heading", name="Reply of the applicants", level=1).wait_for()
    assert visitor.page.locator(".thread-list li").count() == 10
    follow(visitor, "Show this thread alone on the timeline")
    visitor.page.wait_for_url("**thread=**")
    titles = visitor.page.locator("#timeline > li[data-kind] h4").all_inner_texts()
    assert len(titles) == 10
    assert (titles[0], titles[-1]) == ("Application to vacate the injunction", RULING)


def test_what_was_said_stands_beside_what_was_held(visitor: Any) -> None:
    open_ruling(visitor)
    follow(visitor, "All of it beside what the court ruled")
    visitor.page.wait_for_url("**/said/")
    assert heading(visitor) == f"Said and held: {RULING}"
    text = visitor.page.locator("main").inner_text()
    assert text.index("was no longer effective") < text.index("Sonia Sotomayor")
    for speaker in ("Karoline Leavitt", "Simon Sandoval-Moshenberg", "Stephen Miller"):
        assert text.count(f"{speaker},") == 1


def test_a_month_a_day_and_words_are_found_on_the_timeline(visitor: Any) -> None:
    visitor.go(CASE)
    follow(visitor, "Timeline", "Filter by court, date or words")
    reach(visitor, "Words")
    visitor.page.keyboard.type("sur-reply")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**q=sur-reply**")
    assert visitor.page.locator("#timeline > li[data-kind] h4").all_inner_texts() == [
        "Motion for leave to file a sur-reply",
        "Leave to file a sur-reply denied",
    ]
    visitor.go(CASE)
    follow(visitor, "Timeline")
    reach(visitor, "Go to")
    visitor.page.keyboard.type("2025-04-10")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**at=2025-04-10**")
    landed = visitor.page.locator("#timeline > li").filter(has=visitor.page.locator("#at"))
    assert landed.locator("time").first.get_attribute("datetime") == "2025-04-10"


def test_an_entry_leads_to_the_earlier_and_the_later_one_and_says_how_to_cite_it(visitor: Any) -> None:
    open_ruling(visitor)
    here = visitor.page.url
    assert here.partition("//")[2].partition("/")[2] in visitor.page.locator("#cite").inner_text()
    visitor.go(CASE)
    follow(visitor, "Timeline", "Arrest in Hyattsville, Maryland", "Notice to Appear")
    assert heading(visitor) == "Notice to Appear"
    follow(visitor, "Arrest in Hyattsville, Maryland")
    assert heading(visitor) == "Arrest in Hyattsville, Maryland"


def test_parties_and_courts_have_their_own_timelines(visitor: Any) -> None:
    visitor.go(CASE)
    follow(visitor, "Proceedings, parties and counsel", "Parties and counsel: 9", "Kristi Noem")
    visitor.page.wait_for_url("**/parties/kristi-noem/")
    follow(visitor, "Filings")
    visitor.page.wait_for_url("**kind=filing**")
    kinds = visitor.page.locator("#timeline > li[data-kind]").evaluate_all("all => all.map(e => e.dataset.kind)")
    assert len(kinds) > 10
    assert set(kinds) == {"filing"}
    visitor.go("/courts/")
    follow(visitor, "Supreme Court of the United States")
    visitor.page.wait_for_url("**/courts/scotus/")
    assert RULING in visitor.page.locator("#timeline").inner_text()


def test_the_chronology_for_printing_is_reached_and_left(visitor: Any) -> None:
    visitor.go(CASE)
    follow(visitor, "Chronology for printing")
    visitor.page.wait_for_url("**/print/")
    assert "Notes: the sources" in visitor.page.locator("h2").all_inner_texts()
    follow(visitor, "Back to the case")
    visitor.page.wait_for_url(f"**{CASE}")


def test_a_page_is_read_in_spanish_and_its_filter_kept(visitor: Any) -> None:
    visitor.go(f"{CASE}?court=scotus&kind=ruling")
    entries = visitor.page.locator("#timeline > li[data-kind]").count()
    follow(visitor, "Español")
    visitor.page.wait_for_url("**/es/cases/**court=scotus**")
    assert visitor.page.locator("html").get_attribute("lang") == "es"
    assert visitor.page.locator("#timeline > li[data-kind]").count() == entries > 1
    assert "10 de abril de 2025" in visitor.page.locator("main").inner_text()
    follow(visitor, "English")
    visitor.page.wait_for_url(lambda url: "/es/" not in url and "kind=ruling" in url)
