"""What an editor does: sign in once, open a case, enter a ruling on one screen, publish it, and see it in its place."""

import re
from typing import Any

CASE = "/cases/abrego-garcia-v-noem/"


def choose(page: Any, field: str, typed: str, offered: str) -> None:
    """Choose from an autocomplete: open it, type, click what it offers."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-search__field").last.fill(typed)
    page.locator(".select2-results__option", has_text=offered).first.click()


def test_editor_enters_a_ruling_and_a_reader_finds_it_by_court_and_date(editor_visitor: Any, visitor: Any) -> None:
    page = editor_visitor.page
    editor_visitor.go("/admin/casetracker/case/?q=Abrego")
    page.get_by_role("link", name="Abrego Garcia v. Noem").first.click()
    assert page.locator("h1").inner_text() == "Abrego Garcia v. Noem"
    proceeding = (
        page.locator("li, article, section, div").filter(has_text=re.compile("^\\s*D\\. Md\\. 8:25-cv-00951")).last
    )
    proceeding.get_by_role("link", name=re.compile("Add ruling")).click()

    # The proceeding has set the case, the court and the docket.
    assert page.locator("#id_case option:checked").inner_text() == "Abrego Garcia v. Noem"
    assert "Maryland" in page.locator("#id_court option:checked").inner_text()
    assert "8:25-cv-00951" in page.locator("#id_docket_entries-0-proceeding option:checked").inner_text()

    page.locator("#id_date").fill("2025-05-02")
    page.locator("#id_form").select_option("order")
    page.locator("#id_outcome").select_option("granted_in_part")
    page.locator("#id_title").fill("Order on a question that this test made up")
    page.locator("#id_summary").fill("The court answers *in part*.")
    page.locator("#id_docket_entries-0-number").fill("9999")
    choose(page, "ruling_judges-0-judge", "xinis", "Paula Xinis")
    page.locator("#id_treatments_made-0-verb").select_option("modifies")
    choose(page, "treatments_made-0-target", "preliminary injunction", "Preliminary injunction for his return")
    page.locator("#id_references-0-new_title").fill("A source that this test made up")
    page.locator("#id_references-0-new_address").fill("https://example.org/order")
    page.get_by_role("button", name="Save and publish").click()
    page.wait_for_url("**/publication/publish/")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_load_state()
    assert "Order on a question that this test made up" in page.locator("body").inner_text()

    # The reader: by court and date in the list, then in its place on the timeline.
    visitor.go("/cases/?court=mdd&decided_after=2025-05-02&decided_before=2025-05-02")
    assert visitor.page.locator(".case h2").all_inner_texts() == ["Abrego Garcia v. Noem"]
    visitor.go(f"{CASE}?court=mdd&after=2025-05-01&before=2025-05-31")
    entry = visitor.page.locator("#timeline > li[data-kind]")
    assert entry.count() == 1
    told = entry.inner_text()
    assert "Order on a question that this test made up" in told
    assert "Granted in part and denied in part" in told
    assert "8:25-cv-00951, ECF 9999" in told
    assert "Paula Xinis" in told
    assert "Modifies" in told
    assert "Preliminary injunction for his return" in told
    assert entry.locator("em").inner_text() == "in part"
    assert entry.locator(".source-fold a").get_attribute("href") == "https://example.org/order"
    visitor.go(CASE)
    titles = visitor.page.locator("#timeline h4").all_inner_texts()
    place = titles.index("Order on a question that this test made up")
    assert (
        titles.index("Preliminary injunction for his return") < place < titles.index("Injunction against new detention")
    )
    # And the ruling to which it was done says so.
    visitor.go(f"{CASE}?court=mdd&after=2025-04-04&before=2025-04-04&kind=ruling")
    assert "Modified 2 May 2025" in visitor.page.locator("#timeline").inner_text()


def test_what_an_editor_typed_is_kept_when_the_form_is_refused(editor_visitor: Any) -> None:
    page = editor_visitor.page
    editor_visitor.go("/admin/casetracker/ruling/add/")
    page.locator("#id_date").fill("30 February 2025")
    page.locator("#id_title").fill("A title that must not be lost")
    page.get_by_role("button", name="Save and publish").click()
    page.wait_for_load_state()
    assert page.locator("#id_title").input_value() == "A title that must not be lost"
    assert page.locator("#id_date").input_value() == "30 February 2025"
    assert "February 2025 has 28 days" in page.locator("body").inner_text()


def test_draft_is_not_on_the_public_page_until_it_is_published(editor_visitor: Any, visitor: Any) -> None:
    page = editor_visitor.page
    editor_visitor.go("/admin/casetracker/case/?q=invented")
    page.get_by_role("link", name="A v. B (invented example)").first.click()
    page.get_by_role("link", name="Add event", exact=True).first.click()
    page.locator("#id_date").fill("3 March 2026")
    page.locator("#id_title").fill("A draft that this test made up")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_load_state()
    visitor.go("/cases/a-v-b/")
    assert "A draft that this test made up" not in visitor.page.locator("body").inner_text()
    editor_visitor.go("/admin/casetracker/event/?q=draft+that+this+test")
    page.get_by_role("link", name="A draft that this test made up").first.click()
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("button", name=re.compile("Publish")).click()
    page.wait_for_load_state()
    visitor.go("/cases/a-v-b/")
    assert "A draft that this test made up" in visitor.page.locator("#timeline").inner_text()
