"""What conftest.py does for all tests: in CI a skip is a failure; each person may do what the name says."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

TESTS = Path(__file__).resolve().parent

SKIPPING = """
import pytest

def test_skipped(): pytest.skip("No browser was found.")

@pytest.mark.skip(reason="Some other day.")
def test_marked(): ...

@pytest.mark.xfail(reason="A known bug.")
def test_expected_to_fail(): assert False

def test_passing(): assert True
"""


def run(folder: Path, source: str, *options: str, ci: str) -> subprocess.CompletedProcess[str]:
    """Runs `source` as a test module beside a copy of our conftest.py."""
    (folder / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (folder / "test_it.py").write_text(source)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(folder),
            *options,
            str(folder),
        ],
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(TESTS.parent), "PYTEST_XDIST_WORKER": "", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_skip_is_a_failure_in_ci_and_an_expected_failure_is_none(tmp_path: Path) -> None:
    done = run(tmp_path, SKIPPING, ci="true")
    # One is skipped while it runs, one before it does.
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in done.stdout
    assert "In CI nothing is skipped, and this was. Skipped: No browser was found." in done.stdout
    assert "Some other day." in done.stdout
    assert done.returncode == 1


def test_module_that_skips_itself_is_a_failure_in_ci(tmp_path: Path) -> None:
    done = run(tmp_path, "import pytest\npytest.importorskip('no_such_module')\n", ci="true")
    assert "In CI nothing is skipped, and this was." in done.stdout
    assert done.returncode != 0


def test_skip_is_a_skip_elsewhere(tmp_path: Path) -> None:
    done = run(tmp_path, SKIPPING, ci="")
    assert "1 passed, 2 skipped, 1 xfailed" in done.stdout
    assert done.returncode == 0


def test_files_run_in_one_process_each_the_longest_first(tmp_path: Path) -> None:
    (tmp_path / "leaks").mkdir()
    tests = {"test_a.py": 1, "test_b.py": 3, "test_c.py": 2, "leaks/test_matrix.py": 1}
    for file, count in tests.items():
        source = "".join(f"def test_{at}(): time.sleep(0.2)\n" for at in range(count))
        (tmp_path / file).write_text(f"import time\n{source}")
    done = run(tmp_path, "", "-vv", "-n2", "--dist=loadfile", ci="true")
    ran = re.findall(r"\[(gw[01])\] .* PASSED (\S+\.py)::test_", done.stdout)
    assert len(ran) == 7, done.stdout
    assert len({file for _, file in ran}) == len(set(ran)) == 4
    # Both processes work, and each begins with one of the two that come first.
    firsts = dict(reversed(ran))
    assert sorted(firsts) == ["gw0", "gw1"]
    assert set(firsts.values()) == {"leaks/test_matrix.py", "test_b.py"}


def test_files_that_go_first_are_there() -> None:
    names = re.findall(r'"([a-z]+/test_[a-z_]+\.py)"', (TESTS / "conftest.py").read_text())
    assert len(names) >= 5
    assert [name for name in names if not (TESTS / name).exists()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "desk", "writes", "administers"),
    [
        ("staff", True, False, False),
        ("editor", True, True, False),
        ("superuser", True, True, True),
    ],
)
def test_person_may_do_what_the_name_says(
    who: str, desk: bool, writes: bool, administers: bool, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)
    client: Client = request.getfixturevalue(f"{who}_client")
    assert user.is_staff is desk
    assert user.has_perms(["casetracker.add_event", "casetracker.change_case"]) is writes
    assert user.has_perm("auth.change_user") is administers
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_stranger_is_led_to_the_sign_in(stranger_client: Client) -> None:
    response: Any = stranger_client.get("/admin/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_files_of_the_site_have_their_hashed_names() -> None:
    from django.contrib.staticfiles.storage import staticfiles_storage

    assert staticfiles_storage.url("css/tokens.css") != "/static/css/tokens.css"
