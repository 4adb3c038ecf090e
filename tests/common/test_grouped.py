from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger

from talent.common.grouped import Group, GroupedMigration


def create(name: str) -> Operation:
    return migrations.CreateModel(name, [("id", models.AutoField(primary_key=True))])


def index(name: str) -> Operation:
    return migrations.AddIndex(name, models.Index(fields=["id"], name=f"{name}_id"))


class TestGroupedMigration:
    def test_keeps_the_order_and_groups_what_does_not_build_on_one_another(self):
        operations = [
            create("person"),
            create("event"),
            migrations.RunSQL("SELECT 1"),
            migrations.RunSQL("SELECT 2"),
            index("person"),
            AddTrigger("person", None),
            create("package"),
            index("package"),
        ]

        class Migration(GroupedMigration):
            pass

        Migration.operations = operations

        made = Migration("0001", "registry").operations

        assert [isinstance(each, Group) for each in made] == [
            True,
            False,
            False,
            True,
            False,
            False,
        ]
        flat = [
            inner
            for each in made
            for inner in (each.operations if isinstance(each, Group) else [each])
        ]
        assert flat == operations
