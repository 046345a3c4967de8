"""
WCAG 2.2 AA by axe, sideways overflow and the size of targets, on every template, in light and dark, wide and narrow.
"""

from typing import Any

import pytest
from public_pages import CASE, PUBLIC, RULING
from wcag import assert_accessible

ADMIN = {
    "index": "/admin/",
    "cases": "/admin/casetracker/case/",
    "case": "/admin/casetracker/case/CASE/change/",
    "publishing a case": "/admin/casetracker/case/CASE/publication/entries/",
    "preview of a case": "/admin/preview/case/CASE/",
    "handbook": "/admin/handbook/",
    "what needs work": "/admin/work/",
    "one kind of it": "/admin/work/no-outcome/",
    "pairs that are not the same": "/admin/work/not-the-same/",
    "which one it may be": "/admin/joining/case/?row=CASE",
    "two side by side": "/admin/joining/case/?row=CASE&row=OTHER",
    "rulings": "/admin/casetracker/ruling/",
    "add a ruling": "/admin/casetracker/ruling/add/",
    "entries": "/admin/casetracker/event/",
    "courts": "/admin/casetracker/court/",
    "sources": "/admin/casetracker/source/",
    "add a document": "/admin/casetracker/document/add/",
    "own account": "/admin/account/",
    "second factor, setting it up": "/admin/second-factor/set-up/",
    "invite somebody": "/admin/auth/user/add/",
}
NARROW = [pytest.param({"viewport": {"width": 320, "height": 900}}, id="320")]


def test_what_is_not_accessible_is_found(visitor: Any) -> None:
    """One title among many that is too pale, in the dark alone; one button without a name, on narrow pages alone."""
    visitor.go(CASE)
    title = visitor.page.locator("#timeline > li h4").nth(30)
    title.evaluate("title => { title.style.color = 'light-dark(black, #444)' }")
    with pytest.raises(AssertionError, match=r"1280 pixels wide, dark:\ncolor-contrast"):
        assert_accessible(visitor.page)
    title.evaluate("title => title.removeAttribute('style')")
    visitor.page.evaluate(
        "const button = document.createElement('button'); document.querySelector('main').prepend(button);"
        "const show = () => { button.hidden = innerWidth > 400 }; addEventListener('resize', show); show()"
    )
    with pytest.raises(AssertionError, match=r"320 pixels wide, dark:\nbutton-name"):
        assert_accessible(visitor.page)


@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC.keys())
def test_public_page_is_accessible(visitor: Any, path: str) -> None:
    if path == "ENTRY":
        visitor.go(f"{CASE}?after=2025-04-10&before=2025-04-10&court=scotus&q=granted")
        path = visitor.page.locator("#timeline li.ruling h4 a").first.get_attribute("href")
    visitor.go(path)
    assert_accessible(visitor.page)


# The structure is the same in every language; words are longer, and parts are in another one.
IN_SPANISH = [f"/es{CASE}?on=2025-04-08", f"/es{CASE}{RULING}/", "/es/cases/?after=2024-02-30"]


@pytest.mark.parametrize("path", IN_SPANISH)
def test_public_page_in_spanish_is_accessible(visitor: Any, path: str) -> None:
    visitor.go(path)
    assert_accessible(visitor.page)


def test_everything_that_folds_is_accessible_unfolded(visitor: Any) -> None:
    visitor.go(f"{CASE}?after=2025-04-04&before=2025-04-14")
    visitor.page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert visitor.page.get_by_text("to facilitate the return, not to effectuate the return").first.is_visible()
    assert_accessible(visitor.page)


@pytest.mark.parametrize("path", ADMIN.values(), ids=ADMIN.keys())
def test_admin_page_is_accessible(editor_visitor: Any, site: Any, path: str) -> None:
    for word, slug in (("CASE", "abrego-garcia-v-noem"), ("OTHER", "marbury-v-madison")):
        path = path.replace(word, site.keys_of_cases[slug])
    editor_visitor.go(path)
    assert_accessible(editor_visitor.page)


@pytest.mark.parametrize("editor_visitor", NARROW, indirect=True)
def test_form_filled_in_from_a_line_and_preview_of_a_change_are_accessible(editor_visitor: Any) -> None:
    page = editor_visitor.page
    editor_visitor.go("/admin/casetracker/ruling/add/")
    page.locator("#id_docket_line").fill(
        "04/10/2025 47 ORDER granting 31 Motion. Signed by Judge Jo Stranger on 4/9/2025."
    )
    page.get_by_role("button", name="Fill in").click()
    page.locator(".notes").wait_for()
    page.locator(".read details").evaluate("fold => { fold.open = true }")
    assert_accessible(editor_visitor.page)
    editor_visitor.go("/admin/casetracker/case/?q=Abrego")
    page.get_by_role("link", name="Abrego Garcia v. Noem").first.click()
    # Each waits until the page is there; `all()` would take what is there at once, on a busy machine nothing.
    page.locator("input[name=entry]").nth(0).check()
    page.locator("input[name=entry]").nth(1).check()
    page.get_by_role("button", name="Merge", exact=True).click()
    page.locator("#id_kept").wait_for()
    assert_accessible(editor_visitor.page)
    page.go_back()
    page.get_by_role("button", name="Change together").click()
    page.get_by_label("In titles, replace").fill("Arrest")
    page.get_by_label("with", exact=True).fill("Detention")
    page.get_by_role("button", name="Show what would be done").click()
    page.locator(".preview").wait_for()
    assert_accessible(editor_visitor.page)


def test_page_of_signing_in_is_accessible(visitor: Any) -> None:
    for path in ("/admin/login/", "/admin/password-reset/", "/admin/invitation/MQ/x-y/"):
        visitor.go(path)
        assert_accessible(visitor.page)


@pytest.mark.parametrize(
    "visitor", [{"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}], indirect=True
)
@pytest.mark.parametrize("path", ["/", "/cases/", CASE, "/rulings/"])
def test_page_at_twice_the_size_needs_no_sideways_scrolling(visitor: Any, path: str) -> None:
    visitor.go(path)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("visitor", NARROW, indirect=True)
@pytest.mark.parametrize("path", ["/", CASE, "/calendar/?month=2025-04", "/rulings/", "/es/cases/", "/glossary/"])
def test_text_of_twice_the_size_stays_within_a_narrow_page(visitor: Any, path: str) -> None:
    visitor.go(path)
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = visitor.page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
        " && !e.closest('[tabindex]')).map(e => e.outerHTML.slice(0, 120))"
    )
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 320, wide[:5]
