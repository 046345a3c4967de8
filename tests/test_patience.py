"""A question that would take too long is broken off, and the site goes on."""

from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from casetracker import patience
from casetracker.patience import TakesTooLongError, rows_within
from casetracker.web import searching


@pytest.mark.django_db(transaction=True)
def test_a_slow_query_is_broken_off_and_the_next_has_all_its_time() -> None:
    with pytest.raises(TakesTooLongError):
        rows_within(20, "SELECT pg_sleep(%s)", [10])
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    assert rows_within(5_000, "SELECT 1, current_setting('work_mem')", [], work_mem="'5MB'") == [(1, "5MB")]


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_broken_off() -> None:
    assert rows_within(1, "SELECT 1 FROM pg_sleep(%s)", [0.05]) == [(1,)]


@pytest.fixture
def locked(transactional_db: None) -> Any:
    """A table that somebody keeps to themselves, so that whoever asks it waits."""
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE casetracker_docketentry IN ACCESS EXCLUSIVE MODE")
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


@pytest.mark.parametrize("path", ["/cases/", "/rulings/", "/entries/", "/es/cases/"])
def test_a_search_that_takes_too_long_is_told_in_words(
    client: Client, locked: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(patience, "LONGEST", 30)
    response = client.get(path, {"q": "order"})
    assert response.status_code == 503
    text = response.content.decode()
    assert ("Esta búsqueda tarda demasiado" if path.startswith("/es/") else "This search takes too long") in text
    assert f'href="{path}"' in text
    assert client.get("/about/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/cases/", "/rulings/", "/entries/", "/es/cases/"])
def test_a_flood_of_searches_leaves_the_other_pages_answering(client: Client, path: str) -> None:
    """As many search as may: whoever comes next is told so at once, and what asks for no words is answered."""
    for _ in range(searching.MOST_AT_ONCE):
        assert searching._under_way.acquire(blocking=False)
    try:
        for _ in range(10):
            response = client.get(path, {"q": "order"})
            assert response.status_code == 503
            assert int(response["Retry-After"]) > 0
        text = response.content.decode()
        assert ("demasiadas búsquedas" if path.startswith("/es/") else "Too many searches") in text
        for cheap in ("/", path, f"{path}?after=2020", "/about/", "/courts/", "/calendar/", "/livez"):
            assert client.get(cheap).status_code == 200
    finally:
        for _ in range(searching.MOST_AT_ONCE):
            searching._under_way.release()
    assert client.get(path, {"q": "order"}).status_code == 200


def test_a_search_that_was_broken_off_makes_room_for_the_next(
    client: Client, locked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LONGEST", 30)
    for _ in range(searching.MOST_AT_ONCE + 1):
        assert "This search takes too long" in client.get("/cases/", {"q": "order"}).content.decode()
