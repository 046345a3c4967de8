"""What the database refused, in words for the person who saved."""

from functools import cache

from django.apps import apps
from django.db import IntegrityError
from psycopg.errors import CheckViolation, ForeignKeyViolation, NotNullViolation, RestrictViolation, UniqueViolation

_BY_KIND = {
    UniqueViolation: "Something with the same values is there already.",
    ForeignKeyViolation: "Something that this refers to has been deleted meanwhile, or something else still refers "
    "to it.",
    NotNullViolation: "Something that is needed is empty.",
}


def in_words(error: IntegrityError) -> str:
    """One sentence: the model's message for its constraint, what a trigger says, or what kind of rule was broken."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if name in _messages():
        return _messages()[name]
    said = getattr(diagnosis, "message_primary", None)
    if name is None and said and isinstance(cause, CheckViolation | RestrictViolation | UniqueViolation):
        # Our own triggers name no constraint, and speak in sentences.
        return f"{said}."
    for kind, sentence in _BY_KIND.items():
        if isinstance(cause, kind):
            return sentence
    return "The database refused this: the values do not go together."


@cache
def _messages() -> dict[str, str]:
    """The message of every named constraint that has one of its own."""
    return {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_app_config("casetracker").get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
