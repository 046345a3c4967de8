"""Which rows hang on a case or an entry, in the tables and in the history, and how all of them go."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import ForeignKey, Model, Q
from django.db.models.functions import Now

from casetracker.models import (
    Attorney,
    Case,
    Document,
    Event,
    FormerAttorney,
    FormerEntry,
    FormerParty,
    FormerSlug,
    Import,
    ImportedDocket,
    ImportedEntry,
    ImportState,
    OpenForm,
    Party,
    PartyRole,
    Reference,
    Representation,
    Source,
    Statement,
    StoredFile,
    Treatment,
)

from . import files
from .patterns import MARK

# Keys of rows by their model.
Keys = dict[type[Model], set[Any]]

# A row that points at a purged one by these stays, without the pointer: it is about another entry.
_SEVERED = {(Statement, "said_at"), (Treatment, "until_event")}
# What an import knows of a docket goes with it. What it knows of a line of another docket stays, as that of a deleted
# entry does, so that the next import does not bring the line back.
_WITHOUT_HISTORY: tuple[type[Model], ...] = (ImportedDocket, ImportedEntry)
# What several cases share goes with the last row that names it.
_SHARED: dict[type[Model], tuple[tuple[type[Model], str], ...]] = {
    Source: ((Reference, "source"),),
    Party: ((PartyRole, "party"), (Representation, "party")),
    Attorney: ((Representation, "attorney"),),
}
# What keeps the address, or the name, of a row that was merged into another: the key of the one that stays, and the
# columns that keep it, which are called as they were in that row.
_FORMER: dict[type[Model], tuple[Any, str, tuple[str, ...]]] = {
    Event: (FormerEntry, "event", ("public_id",)),
    Party: (FormerParty, "party", ("slug",)),
    Attorney: (FormerAttorney, "attorney", ("name", "firm")),
    Case: (FormerSlug, "case", ("slug",)),
}


@dataclass(slots=True)
class Extent:
    """What goes with a row: keys of rows that are there, and of those the history alone knows."""

    rows: Keys
    history: Keys

    @property
    def counts(self) -> Counter[str]:
        """How many rows go that are there now, by what they are called, and how many files."""
        going: Keys = {**self.rows, StoredFile: files.named_by_these_alone(self.history[Document])}
        return Counter(
            {
                str(model._meta.verbose_name if len(keys) == 1 else model._meta.verbose_name_plural): len(keys)
                for model, keys in going.items()
                if keys
            }
        )


def extent(row: Case | Event) -> Extent:
    """The row with all that hangs on it, and the sources, parties and attorneys that nothing else names."""
    first: type[Model] = Case if isinstance(row, Case) else Event
    rows: Keys = defaultdict(set, {first: {row.pk}})
    _close(rows, [*_tracked(), *_WITHOUT_HISTORY], _rows_of_live_tables)
    for shared, users in _SHARED.items():
        rows[shared] = _named_by_these_alone(shared, users, rows)
    # What hangs on those: the addresses of parties that were merged into one that goes.
    _close(rows, _tracked(), _rows_of_live_tables)
    history: Keys = defaultdict(set, {model: set(keys) for model, keys in rows.items()})
    before = 0
    while (size := sum(map(len, history.values()))) != before:
        before = size
        for model, (former, key, columns) in _FORMER.items():
            history[model] |= _merged_into(model, former, key, columns, history[model])
        _close(history, _tracked(), _rows_of_the_history)
    return Extent(rows, history)


def purge(found: Extent) -> Counter[str]:
    """Delete all of it, history included. Within a transaction in which that may be done."""
    changed: Counter[str] = Counter()
    going = files.named_by_these_alone(found.history[Document])
    _forget_in_reports(found)
    for model, name in _SEVERED:
        held = model._base_manager.filter(**{f"{name}__in": found.rows[Event]}).exclude(pk__in=found.rows[model])
        changed[model._meta.db_table] += held.update(**{name: None})
    for model, keys in found.rows.items():
        changed[model._meta.db_table] += _delete(model._base_manager.filter(pk__in=keys))
    for model in _tracked():
        changed[_revisions(model)._meta.db_table] += _purge_history(model, found.history)
    for model, keys in found.history.items():
        names = [str(key) for key in keys]
        kinds = [ContentType.objects.get_for_model(each, for_concrete_model=False).pk for each in _and_proxies(model)]
        changed[LogEntry._meta.db_table] += LogEntry.objects.filter(content_type__in=kinds, object_id__in=names).update(
            object_repr=MARK, change_message=""
        )
        OpenForm.objects.filter(table=model._meta.label_lower, key__in=names).delete()
    changed[StoredFile._meta.db_table] += _delete(StoredFile._base_manager.filter(pk__in=going))
    return Counter({table: count for table, count in changed.items() if count})


def _forget_in_reports(found: Extent) -> None:
    """Reports of imports keep how many lines landed in the cases that are concerned, and not what they said."""
    cases = found.rows[Case] | set(Event.objects.filter(pk__in=found.rows[Event]).values_list("case", flat=True))
    Import.objects.filter(data__isnull=False).update(
        state=ImportState.FORGOTTEN, data=None, found=[], finished_at=Now()
    )
    Import.objects.filter(case__in=found.rows[Case]).update(case=None)
    for key in cases:
        for row in Import.objects.filter(landed__contains=[{"case_key": key}]).defer("data"):
            row.landed = [_without_lines(docket) if docket.get("case_key") == key else docket for docket in row.landed]
            row.save(update_fields=["landed"])


def _without_lines(docket: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in docket.items() if not isinstance(value, list) and name != "case_key"}
    return plain | {"docket": MARK, "case": MARK, "files": docket["files"]}


def _purge_history(model: type[Model], keys: Keys) -> int:
    """The revisions of the rows that go, and of others those in which they pointed at one that goes."""
    revisions = _revisions(model).objects
    count = _delete(revisions.filter(pgh_obj_id__in=keys.get(model, ())))
    for name, target in _parents(model):
        if keys.get(target):
            held = revisions.filter(**{f"{name}_id__in": keys[target]})
            count += held.update(**{f"{name}_id": None}) if (model, name) in _SEVERED else _delete(held)
    return count


def _delete(rows: Any) -> int:
    """Past the collector of deletions: what protects what is not asked here, and all the keys are known."""
    return rows._raw_delete(rows.db) or 0


def _close(keys: Keys, models: list[Any], children: Any) -> None:
    """Add what hangs on these rows, and what hangs on that, until nothing more does."""
    grew = True
    while grew:
        grew = False
        for model in models:
            for name, target in _parents(model):
                if (model, name) in _SEVERED or not keys.get(target):
                    continue
                new = set(children(model, name, keys[target])) - keys[model]
                if new:
                    keys[model] |= new
                    grew = True


def _rows_of_live_tables(model: Any, name: str, keys: set[Any]) -> Any:
    return model._base_manager.filter(**{f"{name}__in": keys}).values_list("pk", flat=True)


def _rows_of_the_history(model: Any, name: str, keys: set[Any]) -> Any:
    """Rows that are gone and hung on these once."""
    once = set(
        _revisions(model).objects.filter(**{f"{name}_id__in": keys}).values_list("pgh_obj_id", flat=True).distinct()
    )
    return once - set(model._base_manager.filter(pk__in=once).values_list("pk", flat=True))


def _merged_into(model: Any, former: Any, key: str, columns: tuple[str, ...], rows: set[Any]) -> set[Any]:
    """Rows of the model that are gone since they were merged into one of these."""
    kept = former._base_manager.filter(**{f"{key}__in": rows}).values(*columns)
    if not kept:
        return set()
    was = reduce(or_, (Q(**values) for values in kept))
    found = set(_revisions(model).objects.filter(was).values_list("pgh_obj_id", flat=True).distinct())
    # A word in an address may have been that of another row, which is there, before.
    return found - set(model._base_manager.filter(pk__in=found).values_list("pk", flat=True))


def _named_by_these_alone(shared: type[Model], users: tuple[tuple[Any, str], ...], rows: Keys) -> set[Any]:
    named: set[Any] = set()
    elsewhere: set[Any] = set()
    for model, name in users:
        going = model._base_manager.filter(pk__in=rows[model]).values_list(f"{name}_id", flat=True)
        named |= set(going)
    for model, name in users:
        staying = model._base_manager.filter(**{f"{name}__in": named}).exclude(pk__in=rows[model])
        elsewhere |= set(staying.values_list(f"{name}_id", flat=True))
    return named - elsewhere


def _tracked() -> list[Any]:
    """The models with a table and a history, the links between two models among them."""
    found: dict[str, Any] = {}
    for revisions in apps.get_app_config("casetracker").get_models(include_auto_created=True):
        model = getattr(revisions, "pgh_tracked_model", None)
        if model is not None:
            found[model._meta.db_table] = _concrete(model)
    return list(found.values())


def _concrete(model: Any) -> Any:
    return model._meta.concrete_model or model


def _revisions(model: Any) -> Any:
    for revisions in apps.get_app_config("casetracker").get_models():
        tracked = getattr(revisions, "pgh_tracked_model", None)
        if tracked is not None and _concrete(tracked) is model:
            return revisions
    raise LookupError(f"{model} has no history")


def _parents(model: Any) -> list[tuple[str, Any]]:
    """The keys of the model that point at tracked rows, by name; of what is shared none hangs on."""
    return [
        (field.name, _concrete(field.related_model))
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
    ]


def _and_proxies(model: Any) -> list[Any]:
    return [each for each in apps.get_models() if _concrete(each) is model]


def settle() -> None:
    """Let the rules that span several rows speak now, not at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
