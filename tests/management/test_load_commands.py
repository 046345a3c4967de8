"""What the loading commands print."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from casetracker.importers.demonstration import files
from casetracker.models import Case, Court


def _run(command: str, **options: object) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_load_courts_says_what_it_added_left_and_found_different() -> None:
    assert _run("load_courts") == "Courts: 2,816 added, 0 there already and unchanged.\n"
    Court.objects.filter(pk="mdd").update(short_name="Maryland")
    assert _run("load_courts").splitlines() == [
        "Courts: 0 added, 2,815 there already and unchanged.",
        "1 differ from the files and were left as they are.",
        "  mdd: short_name",
    ]


@pytest.mark.django_db
def test_load_courts_lists_many_differences_only_when_asked() -> None:
    call_command("load_courts", verbosity=0)
    Court.objects.filter(pk__startswith="nj").update(place="Jersey")
    assert "load_courts --differences lists them." in _run("load_courts")
    assert "  njd: place" in _run("load_courts", differences=True).splitlines()


@pytest.mark.django_db
def test_load_demonstration_says_what_it_added_and_what_it_left() -> None:
    call_command("load_courts", verbosity=0)
    first = _run("load_demonstration").splitlines()
    assert "Brown: added, with 19 entries." in first
    assert first[-1].startswith(f"Demonstration: {len(files())} of {len(files())} cases and ")

    Case.objects.filter(short_name="Brown").update(name="Brown v. Board")
    second = _run("load_demonstration").splitlines()
    brown = second.index("Brown: there already.")
    assert second[brown + 1] == "  differs from the file and was left as it is: case: name"
    assert second[-1] == f"Demonstration: 0 of {len(files())} cases and 0 entries added."


@pytest.mark.django_db
def test_load_demonstration_without_courts_ends_with_a_sentence() -> None:
    with pytest.raises(CommandError, match=r"Courts come first: manage\.py load_courts"):
        call_command("load_demonstration")
