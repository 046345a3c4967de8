"""
The roles of the house: groups with the rights that each has, made anew after every `migrate`.

What a role may do is told here and nowhere else, so that a table that is added later is within reach of the roles
without a further step. Whoever wants something else makes a group of their own; it is left alone.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.utils.translation import gettext_lazy

CONTRIBUTOR = "Contributor"
EDITOR = "Editor"
CHIEF_EDITOR = "Chief editor"
# Each with what it may, for whoever gives it. Each may what those before it may.
ROLES = {
    CONTRIBUTOR: gettext_lazy("adds cases and entries, and changes their own until they are published"),
    EDITOR: gettext_lazy("changes everything, publishes and withdraws"),
    CHIEF_EDITOR: gettext_lazy("withholds, redacts, merges, and keeps the accounts"),
}

# What a contributor enters: the rows themselves, and those that are lines on their screens.
_SCREENS = ["case", "event", "ruling", "proceeding", "transfer", "statement", "document", "provision"]
_LINES = [
    "docketentry", "docketnumber", "externalid", "partyrole", "proceedingjudge", "provision", "reference",
    "representation", "response", "rulingcitation", "rulingjudge", "treatment",
]  # fmt: skip
# What cases share is added in passing; what is there is left to editors.
_SHARED = ["attorney", "judge", "party", "source"]


def _tables() -> list[str]:
    """The tables that people edit; not the revisions, which the database writes, nor what the desk keeps for itself."""
    return [
        str(model._meta.model_name)
        for model in installed.get_app_config("casetracker").get_models()
        if not hasattr(model, "pgh_tracked_model") and model._meta.default_permissions
    ]


def _rights() -> dict[str, set[str]]:
    """The permissions of each role, as `app.codename`."""
    tables = _tables()

    def of(verbs: Iterable[str], names: Iterable[str]) -> Iterator[str]:
        return (f"casetracker.{verb}_{name}" for verb in verbs for name in names)

    looks = set(of(["view"], tables))
    contributor = looks | set(of(["add", "change"], _SCREENS)) | set(of(["add", "change", "delete"], _LINES))
    contributor |= set(of(["add"], _SHARED))
    editor = looks | set(of(["add", "change", "delete"], tables))
    editor |= set(of(["publish", "change_others"], ["case", "event"]))
    chief = editor | set(of(["withhold"], ["case", "event"])) | {"casetracker.merge_duplicates", "casetracker.redact"}
    chief |= {"auth.view_user", "auth.add_user", "auth.change_user", "auth.view_group"}
    return {CONTRIBUTOR: contributor, EDITOR: editor, CHIEF_EDITOR: chief}


def set_up(sender: AppConfig | None = None, apps: Any = installed, using: str = "default", **kwargs: Any) -> None:
    """
    Make the groups, and give each the rights of its role and no others. Receiver of `post_migrate`; safe to run again.

    It makes the permissions first, since Django makes those of each application after this has been called. Against a
    state without the tables of accounts, such as one that is migrated back, it does nothing.
    """
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:
        return
    for label in ("auth", "casetracker"):
        create_permissions(installed.get_app_config(label), verbosity=0, interactive=False, using=using, apps=apps)
    known = {
        f"{app}.{codename}": key
        for key, app, codename in permission_model.objects.using(using)
        .filter(content_type__app_label__in=["auth", "casetracker"])
        .values_list("pk", "content_type__app_label", "codename")
    }
    for name, rights in _rights().items():
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        group.permissions.set([known[right] for right in sorted(rights) if right in known])
