"""What an editor reads and types has room on the desk: on a phone, a tablet, half a screen and a screen."""

from typing import Any

import pytest

WIDTHS = [375, 768, 1000, 1280]
SHARES = (
    "(lines, [part, whole]) => lines.map(line => {"
    " const [inner, outer] = [line.querySelector(part), whole ? line.querySelector(whole) : line];"
    " return inner.getBoundingClientRect().width / outer.getBoundingClientRect().width })"
)


@pytest.mark.parametrize("width", WIDTHS)
def test_titles_on_the_timeline_of_a_case_have_room(editor_visitor: Any, site: Any, width: int) -> None:
    page = editor_visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    editor_visitor.go(f"/admin/casetracker/case/{site.keys_of_cases['abrego-garcia-v-noem']}/change/")
    lines = page.locator(".timeline > li:not(.silence)")
    # Among them lines with several marks, and with all acts.
    assert lines.filter(has_text="no outcome").count() > 0
    assert lines.filter(has=page.locator("button[name=down]")).filter(has=page.locator("button[name=up]")).count() > 0
    shares = lines.evaluate_all(SHARES, [".what", None])
    assert len(shares) > 40
    assert min(shares) > 0.45
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_row_is_about_has_room_in_it(editor_visitor: Any, site: Any, width: int) -> None:
    """The party in its role, and the words of a provision; both stood in a seventh of the line once."""
    page = editor_visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    proceeding = site.shell(
        "from casetracker.models import PartyRole; "
        "print(PartyRole.objects.filter(party__name='Kilmar Armando Abrego Garcia').first().proceeding_id)"
    )
    ruling = site.shell("from casetracker.models import Provision; print(Provision.objects.first().ruling_id)")
    editor_visitor.go(f"/admin/casetracker/proceeding/{proceeding}/change/")
    parties = page.locator("#party_roles-group .inline-related.has_original")
    assert parties.first.locator(".select2-selection").first.inner_text().strip() != ""
    assert min(parties.evaluate_all(SHARES, [".select2-selection", ".form-multiline"])) > 0.25
    editor_visitor.go(f"/admin/casetracker/ruling/{ruling}/change/")
    provisions = page.locator("#provisions-group .inline-related.has_original")
    assert min(provisions.evaluate_all(SHARES, [".field-text input, .field-text textarea", ".form-multiline"])) > 0.9


@pytest.mark.parametrize("width", WIDTHS)
def test_list_shows_every_column_and_its_filter_is_at_hand(editor_visitor: Any, width: int) -> None:
    page = editor_visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    editor_visitor.go("/admin/casetracker/ruling/")
    assert page.locator("#result_list").evaluate("list => list.scrollWidth <= list.parentElement.clientWidth")
    assert min(page.locator("#result_list tbody tr").evaluate_all(SHARES, [".field-title", None])) > 0.25
    if width < 1200:
        page.get_by_role("link", name="Filter this list").click()
    assert page.locator("#changelist-filter h2").evaluate(
        "heading => heading.getBoundingClientRect().top < innerHeight"
    )
