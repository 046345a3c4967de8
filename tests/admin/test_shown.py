"""The hidden field that says which entries a page showed."""

import pytest
from factories import EventFactory

from casetracker.admin import shown


@pytest.mark.django_db
def test_what_is_written_is_read_again() -> None:
    first, second = EventFactory(), EventFactory()
    assert shown.versions(shown.as_text([first, second])) == {first.pk: first.version, second.pk: second.version}


@pytest.mark.parametrize(
    "text", ["", ",", "12", "12:", ":3", "a:3", "12:-1", "١٢:٣", f"{'9' * 19}:1", "1:1234567890", "\0:1"]
)
def test_what_no_page_wrote_was_not_shown(text: str) -> None:
    assert shown.versions(text) == {}
    assert shown.versions(f"{text},7:2") == {7: 2}
