"""Operations of a migration in groups: a new database is ready in a quarter of the time.

After each operation Django builds anew every model that has to do with the one it
touched, and here nearly all have. Operations that do not build on one another can share
one state before and one after them. A migration with many of them says

    class Migration(GroupedMigration):
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import operations as of_django
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# Of those in a line none asks what another of them did.
KINDS: tuple[tuple[type[Operation], ...], ...] = (
    (of_django.CreateModel,),
    (of_django.AddField,),
    (of_django.AlterField,),
    (of_django.RemoveIndex, of_django.RemoveConstraint, RemoveTrigger),
    (of_django.AddIndex, of_django.AddConstraint, AddTrigger),
)


def grouped(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations in the same order, each run of one kind as one operation."""
    runs = (list(run) for _kind, run in groupby(operations, key=kind))
    return [
        Group(run) if len(run) > 1 and kind(run[0]) is not None else operation
        for run in runs
        for operation in (run if kind(run[0]) is None else run[:1])
    ]


def kind(operation: Operation) -> tuple[type[Operation], ...] | None:
    for each in KINDS:
        if isinstance(operation, each):
            return each
    return None


class Group(Operation):
    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Without its models the state changes for nothing; the next who asks for them
        # has all built at once.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


class GroupedMigration(migrations.Migration):
    def __init__(self, name: str, app_label: str) -> None:
        super().__init__(name, app_label)
        # Django itself sets it on the instance; its stubs do not say so.
        self.operations = grouped(self.operations)  # type: ignore[misc]
