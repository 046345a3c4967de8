"""Finding words in every place, and putting a mark in their stead."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.db.models.functions import Now
from psycopg.errors import UniqueViolation

from casetracker.accounts.models import Session
from casetracker.models import Import, ImportState, Party

from . import files
from .patterns import MARK, SLUG_MARK, Pattern
from .places import Column, Holds, Place, places

# So many rows are shown by name before the act is confirmed.
SHOWN = 100


@dataclass(slots=True)
class Found:
    """
    How many rows hold the words, by table; some of those that are there now, and whether sessions hold them too. How
    many files do, as far as that can be told, and of how many nobody knows the text.
    """

    rows: Counter[str] = field(default_factory=Counter)
    shown: list[Model] = field(default_factory=list)
    history: int = 0
    files: int = 0
    unread_files: int = 0

    @property
    def total(self) -> int:
        """In how many rows the mark would stand."""
        return self.rows.total()


def find(pattern: Pattern) -> Found:
    """Where the words stand; nothing is changed."""
    found = Found()
    for place in places():
        keys = _keys_with(place, pattern)
        if not keys:
            continue
        found.rows[place.table] = len(keys)
        if place.is_history:
            found.history += len(keys)
        elif place.model._meta.app_label == "casetracker" and len(found.shown) < SHOWN:
            rows = place.model._base_manager.filter(pk__in=sorted(keys)[: SHOWN - len(found.shown)])
            found.shown += rows.order_by("pk")
    sessions = sum(1 for _ in _sessions_with(pattern))
    if sessions:
        found.rows[Session._meta.db_table] = sessions
    found.files = len(files.with_words(pattern))
    found.unread_files = files.not_looked_through()
    return found


def purge(pattern: Pattern) -> Counter[str]:
    """
    Put the mark in place of the words, in every row. Within a transaction in which the history may be changed; the rows
    that are there now go first, so that what the history then says of them is without the words.
    """
    changed: Counter[str] = Counter()
    # Files that wait for somebody's confirmation are bytes in which words cannot be found for sure.
    waiting = Import.objects.filter(data__isnull=False)
    waiting.update(state=ImportState.FORGOTTEN, data=None, found=[], finished_at=Now())
    for place in places():
        count = _purge(place, pattern)
        if count:
            changed[place.table] += count
    for session, data, names in _sessions_with(pattern):
        kept = {name: value for name, value in data.items() if name not in names}
        session.session_data = Session.get_session_store_class()().encode(kept)
        session.save(update_fields=["session_data"])
        changed[Session._meta.db_table] += 1
    return changed


def clear_session(session: SessionBase, pattern: Pattern) -> None:
    """Take the words out of the session of who asks, which is written once more when the request ends."""
    for name in _names_with(dict(session.items()), pattern):
        del session[name]


def _sessions_with(pattern: Pattern) -> Iterator[tuple[Session, dict[str, Any], set[str]]]:
    """Sessions that hold the words, what each holds, and under which names the words stand."""
    for session in Session.objects.order_by("pk").iterator():
        data = session.get_decoded()
        names = _names_with(data, pattern)
        if names:
            yield session, data, names


def _names_with(data: dict[str, Any], pattern: Pattern) -> set[str]:
    """By what Django itself keeps there, somebody stays signed in."""
    return {
        name
        for name, value in data.items()
        if not name.startswith("_auth_") and pattern.is_in(json.dumps(value, ensure_ascii=False, default=str))
    }


def _keys_with(place: Place, pattern: Pattern) -> set[Any]:
    keys = {
        key for column in place.columns if column.holds is Holds.JSON for key, _ in _json_with(place, column, pattern)
    }
    texts = [_quoted(column) for column in place.columns if column.holds is not Holds.JSON]
    if texts:
        condition = " OR ".join(f"{name} ~* %s" for name in texts)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {place.key} FROM {place.table} WHERE {condition}",  # noqa: S608 - names of our own
                [pattern.in_database] * len(texts),
            )
            keys.update(key for (key,) in cursor.fetchall())
    return keys


def _quoted(column: Column) -> str:
    return connection.ops.quote_name(column.name)


def _purge(place: Place, pattern: Pattern) -> int:
    count = 0
    if place.model is Party:
        count += _purge_minors(pattern)
    for column in place.columns:
        if column.holds is Holds.JSON:
            count += _purge_json(place, column, pattern)
    columns = [column for column in place.columns if column.holds is not Holds.JSON]
    if not columns:
        return count
    try:
        with transaction.atomic():
            return count + _update(place, columns, pattern, own="")
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        # Two values that differed are the same now, where each is to be the only one: the row's key tells them apart.
        return count + _update(place, columns, pattern, own=f"{place.key}::text")


def _update(place: Place, columns: list[Column], pattern: Pattern, *, own: str) -> int:
    sets: list[str] = []
    values: list[Any] = []
    for column in columns:
        name = _quoted(column)
        if column.holds is Holds.ADDRESS:
            sets.append(f"{name} = CASE WHEN {name} ~* %s THEN '' ELSE {name} END")
            values.append(pattern.in_database)
            continue
        mark = SLUG_MARK if column.holds is Holds.SLUG else MARK
        with_own = f"%s || {own}" if own else "%s"
        if column.holds is Holds.SLUG and not place.is_history:
            # Unique in its table.
            with_own = f"%s || '-' || {place.key}"
        new = f"regexp_replace({name}, %s, {with_own}, 'gi')"
        if column.longest:
            new = f"left({new}, {column.longest})"
        sets.append(f"{name} = CASE WHEN {name} ~* %s THEN {new} ELSE {name} END")
        values += [pattern.in_database, pattern.in_database, mark]
    # Only an address can be dead.
    if {column.name for column in columns} & {"archived_address"} and not place.is_history:
        sets.append("dead_on = CASE WHEN address ~* %s THEN NULL ELSE dead_on END")
        values.append(pattern.in_database)
    conditions = [f"{_quoted(column)} ~* %s" for column in columns]
    values += [pattern.in_database] * len(conditions)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {place.table} SET {', '.join(sets)} WHERE {' OR '.join(conditions)}", values)  # noqa: S608 - names of our own
        return int(cursor.rowcount)


def _purge_minors(pattern: Pattern) -> int:
    """A minor has initials and nothing else, so the mark would not do."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casetracker_party SET name = 'X.' WHERE is_minor AND name ~* %s", [pattern.in_database])
        return int(cursor.rowcount)


def _purge_json(place: Place, column: Column, pattern: Pattern) -> int:
    found = list(_json_with(place, column, pattern))
    with connection.cursor() as cursor:
        for key, value in found:
            cursor.execute(
                f"UPDATE {place.table} SET {_quoted(column)} = %s::jsonb WHERE {place.key} = %s",  # noqa: S608 - names of our own
                [json.dumps(value), key],
            )
    return len(found)


def _json_with(place: Place, column: Column, pattern: Pattern) -> Iterator[tuple[Any, Any]]:
    """Keys of the rows whose JSON holds the words, each with the JSON without them."""
    name = _quoted(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {place.key}, {name}::text FROM {place.table} WHERE {name}::text ~* %s",  # noqa: S608 - names of our own
            [pattern.in_database],
        )
        found = cursor.fetchall()
    for key, text in found:
        value = json.loads(text)
        without = _without(value, pattern)
        if without != value:
            yield key, without


def _without(value: Any, pattern: Pattern) -> Any:
    """The same JSON with the words gone from its texts; its names are the program's own and stay."""
    if isinstance(value, str):
        return pattern.removed_from(value)
    if isinstance(value, list):
        return [_without(item, pattern) for item in value]
    if isinstance(value, dict):
        return {name: _without(item, pattern) for name, item in value.items()}
    return value
