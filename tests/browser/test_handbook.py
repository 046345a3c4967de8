"""
The pictures of the handbook, taken of the desk as it is. `CASETRACKER_PICTURES=docs/images/handbook` renews those in
the repository; without it they are only compared by name and size with what the desk shows now.
"""

import os
import re
import struct
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs" / "editors.md"
LINE = "04/11/2025 999 ORDER granting in part and denying in part 48 Motion to Seal. Signed by Judge Paula Xinis."
DRAFT = (
    "from casetracker.models import *; from casetracker.dates import parse; "
    "print(Event.objects.create(case=Case.objects.get(slug='a-v-b'), kind='hearing', happening='held', "
    "title='Hearing on the loan of a book', date=parse('4 March 2026')).pk)"
)
# A party of the demonstration, and one more of nearly that name, as an import would bring it.
TWINS = (
    "from casetracker.models import *; row = Party.objects.get(slug='kristi-noem'); "
    "twin = Party.objects.create(name='Kristi L. Noem', slug='kristi-l-noem', kind='person'); "
    "print(row.pk, twin.pk)"
)
WIDTH, HEIGHT = 1000, 720


def named() -> set[str]:
    """The pictures that the handbook shows."""
    return set(re.findall(r"\(images/handbook/([a-z-]+)\.png\)", HANDBOOK.read_text(encoding="utf-8")))


def size(picture: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


@pytest.mark.parametrize(
    "editor_visitor", [{"viewport": {"width": WIDTH, "height": HEIGHT}, "reduced_motion": "reduce"}], indirect=True
)
def test_handbook_shows_the_desk_as_it_is(editor_visitor: Any, site: Any, tmp_path: Path) -> None:
    wanted = os.environ.get("CASETRACKER_PICTURES", "")
    target = ROOT / wanted if wanted else tmp_path
    page = editor_visitor.page
    taken = set()

    def take(name: str, told: str, *, height: int = HEIGHT) -> None:
        page.set_viewport_size({"width": WIDTH, "height": height})
        assert told in page.locator("main").inner_text()
        # Nothing that is different each time: no picture would be the same as the last.
        page.evaluate(
            "for (const each of document.querySelectorAll('.masthead-user, .others')) each.style.visibility = 'hidden'"
        )
        page.screenshot(path=target / f"{name}.png", animations="disabled")
        taken.add(name)

    editor_visitor.go("/admin/")
    take("desk", "Add a ruling")
    editor_visitor.go("/admin/casetracker/case/?q=Abrego")
    page.get_by_role("link", name="Abrego Garcia v. Noem").first.click()
    take("case", "Abrego Garcia v. Noem", height=1000)
    proceeding = (
        page.locator("li, article, section, div").filter(has_text=re.compile("^\\s*D\\. Md\\. 8:25-cv-00951")).last
    )
    proceeding.get_by_role("link", name=re.compile("Add ruling")).click()
    page.locator("#id_docket_line").fill(LINE)
    page.get_by_role("button", name="Fill in").click()
    page.wait_for_load_state()
    page.locator("h1").scroll_into_view_if_needed()
    take("ruling", "Granted in part and denied in part")
    editor_visitor.go("/admin/work/")
    take("work", "Looked for and not found")
    draft = site.shell(DRAFT)
    editor_visitor.go(f"/admin/casetracker/event/{draft}/publication/publish/")
    take("publish", "Hearing on the loan of a book")
    site.shell(f"from casetracker.models import Event; print(Event.objects.filter(pk={draft}).delete())")

    kept, other = site.shell(TWINS).split()
    editor_visitor.go(f"/admin/joining/party/?row={kept}&row={other}")
    take("merge", "This one stays", height=980)
    site.shell(f"from casetracker.models import Party; print(Party.objects.filter(pk={other}).delete())")

    assert taken == named()
    for name in taken:
        shown = ROOT / "docs" / "images" / "handbook" / f"{name}.png"
        assert size(shown) == size(target / f"{name}.png"), f"renew {shown.name}"
        assert shown.stat().st_size < 200_000
