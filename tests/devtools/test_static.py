"""Static files are collected when something changed, whole, and otherwise not at all."""

from pathlib import Path

import pytest

from devtools import static
from devtools.console import Failure
from devtools.static import Collection

MANAGE = """
import os, pathlib, sys
assert sys.argv[1] == "collectstatic"
root = pathlib.Path(os.environ["CASETRACKER_STATIC_ROOT"])
(root / "runs").write_text((root / "runs").read_text() + "x" if (root / "runs").exists() else "x")
"""


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one static file, whose manage.py counts how often it collects."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "base.css").write_text("body {}")
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "requirements.lock").write_text("a==1\n")
    monkeypatch.setattr(static, "ROOT", tmp_path)
    monkeypatch.setattr(static, "RUN_LOCK", tmp_path / "requirements.lock")
    return tmp_path


def collect(clone: Path) -> int:
    """Collect if needed; how often it was done so far."""
    env = {"CASETRACKER_STATIC_ROOT": str(clone / "data" / "static")}
    with Collection(env=env, log=clone / "log") as collection:
        collection.finish()
    return len((clone / "data" / "static" / "runs").read_text())


def test_files_are_collected_once(clone: Path) -> None:
    assert [collect(clone), collect(clone)] == [1, 1]


@pytest.mark.parametrize("changed", ["static/base.css", "static/new.css", "requirements.lock"])
def test_a_change_is_collected(clone: Path, changed: str) -> None:
    collect(clone)
    (clone / changed).write_text("main { color: black }")
    assert collect(clone) == 2


def test_a_collection_ended_midway_is_done_again(clone: Path) -> None:
    with Collection(env={"CASETRACKER_STATIC_ROOT": str(clone / "data" / "static")}, log=clone / "log") as collection:
        assert collection.is_needed
    before = len((clone / "data" / "static" / "runs").read_text()) if (clone / "data/static/runs").exists() else 0
    assert collect(clone) == before + 1


def test_a_collection_that_fails_says_so_and_is_done_again(clone: Path) -> None:
    (clone / "manage.py").write_text("raise SystemExit('no room left')")
    with pytest.raises(Failure, match="no room left"):
        collect(clone)
    (clone / "manage.py").write_text(MANAGE)
    assert collect(clone) == 1
