"""
Runs many additions of a migration against one state of the models.

Django renders every related model anew after each operation, and our tables all hang together: 250 additions took 13
seconds of a core, which each start from a new clone and each test worker paid. Together they take less than one. The
statements sent to the database are the same, in the same order.

Put `Migration.operations = together(Migration.operations)` at the end of a migration with many additions.
"""

from itertools import groupby

from django.db.migrations.operations.base import Operation

# Each of these only adds, so that the state after all of them serves each of them.
_ADDITIONS = {"AddField", "AddConstraint", "AddIndex", "AddTrigger"}


class Together(Operation):
    reversible = True

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        # Without rendered models a change of state costs nothing; they are rendered once, when they are asked for.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"{len(self.operations)} additions together"


def together(operations, *, also=frozenset()):
    """
    The operations, with each run of additions as one. `also` names further kinds of operations that in this migration
    touch each field once and nothing that another one of the run needs, such as an `AlterField` of validators.
    """
    kinds = _ADDITIONS | also
    joined = []
    for are_additions, group in groupby(operations, key=lambda operation: type(operation).__name__ in kinds):
        joined += [Together(list(group))] if are_additions else list(group)
    return joined
