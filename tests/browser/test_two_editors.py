"""Two editors with a browser each have one ruling open: the second is told, sees both texts, and loses nothing."""

import re
from typing import Any

import pytest
from wcag import assert_accessible


@pytest.mark.parametrize("editor_visitor", [{"viewport": {"width": 320, "height": 900}}], indirect=True)
def test_second_of_two_editors_sees_both_texts_and_loses_nothing(editor_visitor: Any, visitor: Any, site: Any) -> None:
    path = "/admin/casetracker/event/{}/change/".format(
        site.shell("from casetracker.models import Event; print(Event.objects.filter(kind='filing').first().pk)")
    )
    site.shell(
        "from django.contrib.auth.models import User; "
        "User.objects.create_superuser('ann', password='a long passphrase 1')"
    )
    first = editor_visitor.page
    editor_visitor.go(path)
    ann = visitor
    ann.go(f"/admin/login/?next={path}")
    ann.page.fill("#id_username", "ann")
    ann.page.fill("#id_password", "a long passphrase 1")
    ann.page.get_by_role("button", name="Sign in").click()
    assert re.search("try-out has had this open since", ann.page.locator(".others").inner_text())
    title = ann.page.input_value("#id_title")
    ann.page.fill("#id_title", "A title that Ann made up")
    summary = ann.page.input_value("#id_summary")
    ann.page.fill("#id_summary", "A summary that Ann made up")
    ann.page.get_by_role("button", name="Save and go on editing").click()
    ann.page.wait_for_load_state()
    # His open form hears of it, and the save is refused with both texts.
    first.fill("#id_title", "A title that the second made up")
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    first.get_by_text("ann saved something on this screen").wait_for()
    first.get_by_role("button", name="Save and go on editing").click()
    first.wait_for_load_state()
    assert first.locator("h2", has_text="Saved meanwhile").is_visible()
    told = first.locator(".field-title .versions").inner_text()
    assert [title in told, "A title that Ann made up" in told, "A title that the second made up" in told] == [True] * 3
    assert first.input_value("#id_title") == "A title that the second made up"
    assert first.input_value("#id_summary") == "A summary that Ann made up"
    assert_accessible(first)
    first.get_by_label("Keep what was saved meanwhile").check()
    first.get_by_role("button", name="Save and go on editing").click()
    first.wait_for_load_state()
    assert first.input_value("#id_title") == "A title that Ann made up"
    first.fill("#id_title", title)
    first.fill("#id_summary", summary)

    # The session ends while the form is open: the text comes back.
    editor_visitor.context.clear_cookies(name="sessionid")
    first.get_by_role("button", name="Save and go on editing").click()
    first.wait_for_load_state()
    first.fill("#id_username", "ann")
    assert "sign in here and it comes back" in first.locator("body").inner_text()
    assert_accessible(first)
