"""The groups of the house: made after each migrate, with exactly the rights of their role."""

import factories as make
import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from casetracker import roles
from casetracker.models import Case

pytestmark = pytest.mark.django_db


def rights_of(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_every_role_has_the_rights_of_the_one_below() -> None:
    contributor, editor, chief = (rights_of(name) for name in roles.ROLES)
    assert contributor < editor < chief
    assert {
        "add_case",
        "change_event",
        "change_ruling",
        "add_treatment",
        "delete_reference",
        "add_source",
    } <= contributor
    assert not [right for right in contributor if right.startswith(("publish", "withhold", "change_others"))]
    assert (
        not {"delete_case", "delete_event", "change_source", "change_party", "add_court", "add_correction"}
        & contributor
    )
    assert editor - contributor >= {"publish_case", "publish_event", "change_others_event", "delete_case", "add_court"}
    assert chief - editor == {
        "redact",
        "withhold_case", "withhold_event", "merge_duplicates", "view_user", "add_user", "change_user", "view_group",
    }  # fmt: skip


def test_roles_reach_every_table_that_people_edit_and_no_history() -> None:
    editor = rights_of(roles.EDITOR)
    for table in roles._tables():
        assert {f"{verb}_{table}" for verb in ("view", "add", "change", "delete")} <= editor
    assert not [right for right in editor if "revision" in right]


def test_migrate_makes_them_when_neither_groups_nor_permissions_are_there() -> None:
    before = {name: rights_of(name) for name in roles.ROLES}
    Group.objects.all().delete()
    Permission.objects.all().delete()
    roles.set_up()
    assert {name: rights_of(name) for name in roles.ROLES} == before


def test_migrate_sets_the_roles_anew_and_leaves_people_and_other_groups_alone() -> None:
    editor = make.in_role(roles.EDITOR)
    own = Group.objects.create(name="Interns")
    own.permissions.set(Permission.objects.filter(codename="view_case"))
    withhold = Permission.objects.get(codename="withhold_case")
    Group.objects.get(name=roles.EDITOR).permissions.add(withhold)
    call_command("migrate", verbosity=0)
    assert "withhold_case" not in rights_of(roles.EDITOR)
    assert rights_of("Interns") == {"view_case"}
    assert editor.groups.get().name == roles.EDITOR
    assert Group.objects.filter(name__in=roles.ROLES).count() == len(roles.ROLES)


def test_state_without_accounts_is_left_alone() -> None:
    class NoTables:
        def get_model(self, app: str, name: str) -> None:
            raise LookupError(name)

    Group.objects.all().delete()
    roles.set_up(apps=NoTables())
    assert not Group.objects.exists()


def test_right_to_what_others_made_is_named_in_the_model_that_the_roles_name() -> None:
    assert "change_others_case" in [name for name, _ in Case._meta.permissions]
