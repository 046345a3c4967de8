"""
History of every table, written by the database itself.

`@tracked` puts triggers on a model's table that copy each inserted, changed or deleted row into `<Model>Revision`,
whoever writes: the ORM, `bulk_create`, `update()`, COPY, raw SQL or a cascade. Who did it comes from the context that
the middleware or a command opens with `pghistory.context`. Decision 5 says why triggers. Another one notes that the
record has changed (`changes`).
"""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

from .changes import NOTE_CHANGE

M = TypeVar("M", bound=type[models.Model])


def tracked(*, revision: str = "", exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """
    A class decorator that records every write to the model's table.

    `revision` names the history model; by default the model's name with "Revision" behind it. Generated columns are
    left out: they follow from the others. `exclude` leaves out more.
    """

    def decorate(model: M) -> M:
        generated = [f.name for f in model._meta.fields if isinstance(f, models.GeneratedField)]
        pghistory.track(
            # Of many rows at once, as a docket has them, the history is one statement, not one for each row.
            pghistory.InsertEvent(level=pghistory.Statement),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=revision or f"{model.__name__}Revision",
            obj_field=pghistory.ObjForeignKey(related_name="revisions"),
            exclude=[*generated, *exclude] or None,
            app_label="casetracker",
            attrs={"pgh_id": models.BigAutoField(primary_key=True)},
            meta={"verbose_name": f"revision of {model._meta.verbose_name}", "default_permissions": ("view",)},
        )(model)
        return pgtrigger.register(NOTE_CHANGE)(model)

    return decorate
