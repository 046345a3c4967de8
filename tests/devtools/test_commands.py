"""The commands as a person meets them, before anything is installed or started."""

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import commands, surroundings, tryout
from devtools.console import Console, Failure
from devtools.paths import ROOT, data_directory


def run(*arguments: str | Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **variables}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def test_manage_without_a_database_says_in_one_sentence_what_to_do() -> None:
    for url in ({}, {"DATABASE_URL": "  "}):
        answer = run("manage.py", "migrate", **url)
        assert answer.returncode == 1
        assert answer.stdout == ""
        assert len(answer.stderr.strip().splitlines()) == 1
        assert "python3 dev.py manage" in answer.stderr
        assert "DATABASE_URL" in answer.stderr


def test_the_commands_are_listed() -> None:
    answer = run("dev.py")
    assert answer.returncode == 2
    assert run("dev.py", "--help").stdout == answer.stdout
    assert re.findall(r"^  ([a-z]+) ", answer.stdout, re.MULTILINE) == [
        *("run", "test", "check", "fix", "messages", "manage", "bench", "lock")
    ]
    assert run("dev.py", "serve").stdout.startswith("There is no command 'serve'.")


@pytest.mark.parametrize("command", ["check", "fix", "messages", "lock"])
def test_arguments_that_mean_nothing_are_refused(command: str) -> None:
    answer = run("dev.py", command, "--all")
    assert answer.returncode == 1
    assert "takes no arguments" in answer.stderr


def test_an_old_python_is_told_which_one_is_needed() -> None:
    code = "import runpy, sys; sys.version_info = (3, 9, 1); runpy.run_path('dev.py', run_name='__main__')"
    answer = run("-c", code)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Casetracker needs Python 3.11 or newer, and this is 3.9 (")
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_port_in_use_is_said_in_words_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = run("dev.py", "run", "--port", str(port), CASETRACKER_DATA=str(tmp_path / "data"))
    assert answer.returncode == 1
    assert answer.stderr.strip().startswith(f"Port {port} is in use")
    assert f"--port {port + 1}" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "data").exists()
    tryout.refuse_taken_port(port)


@pytest.mark.parametrize("port", ["0", "70000", "-1"])
def test_a_number_that_is_no_port_is_refused(port: str) -> None:
    answer = run("dev.py", "run", f"--port={port}")
    assert answer.returncode == 1
    assert f"{port} is not a port" in answer.stderr


def test_database_url_replaces_the_embedded_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ours@db.example/cases")
    with surroundings.database(tmp_path / "postgres", "casetracker", console=Console(patience=60)) as held:
        assert held.url == "postgresql://ours@db.example/cases"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_url_does_not(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    with surroundings.database(place / "postgres", "casetracker", console=Console(patience=60)) as held:
        assert held.url == f"postgresql://casetracker@/casetracker?host={place}/postgres/socket&port=5432"
    assert not list((place / "postgres" / "socket").iterdir())


def test_children_see_no_setting_of_the_callers_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGOPTIONS", "CASETRACKER_BEHIND_PROXY", "CASETRACKER_DEBUG", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("CASETRACKER_CONTACT", "desk@example.org")
    monkeypatch.setenv("CASETRACKER_PICTURES", "docs/images/handbook")
    monkeypatch.setenv("PATH", "/usr/bin")
    held = surroundings.Database("postgresql://x@/x", Path("/programs"))
    env = surroundings.tryout(held, static_root=tmp_path, secret_key="k" * 60)
    names = {name for name in env if name.startswith(("PG", "CASETRACKER_", "DJANGO_"))}
    assert names == {
        *("CASETRACKER_TRYOUT", "CASETRACKER_SECRET_KEY", "CASETRACKER_ALLOWED_HOSTS", "CASETRACKER_STATIC_ROOT"),
        "CASETRACKER_CONTACT",
        "CASETRACKER_PICTURES",
    }
    assert env["DATABASE_URL"] == "postgresql://x@/x"
    assert env["PATH"] == "/usr/bin:/programs"
    assert env["CASETRACKER_ALLOWED_HOSTS"] == "localhost,127.0.0.1"
    public = surroundings.production(held, static_root=tmp_path)
    assert "CASETRACKER_TRYOUT" not in public
    assert "CASETRACKER_DEBUG" not in public


def test_tests_get_what_they_are_asked_for_and_no_setting_of_a_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASETRACKER_REAL_DOCKETS", "/dockets")
    monkeypatch.setenv("CASETRACKER_DEBUG", "1")
    held = surroundings.Database("postgresql://x@/x", None)
    env = surroundings.testing(held, static_root=tmp_path)
    assert env["CASETRACKER_REAL_DOCKETS"] == "/dockets"
    assert "CASETRACKER_DEBUG" not in env


def test_the_secret_key_is_kept_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASETRACKER_DATA", str(tmp_path / "data"))
    assert data_directory() == tmp_path / "data"
    key = surroundings.kept_secret_key()
    assert len(key) >= 50
    assert surroundings.kept_secret_key() == key
    assert [path.name for path in data_directory().iterdir()] == ["secret-key"]
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    (tmp_path / "data" / "secret-key").write_text("short")
    assert len(surroundings.kept_secret_key()) >= 50


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-n", "2", "--dist", "loadfile"]),
        (["-k", "dates"], ["-n", "2", "--dist", "loadfile", "-k", "dates"]),
        (["-n0"], ["--dist", "loadfile", "-n0"]),
        (["-n", "1", "--dist=load"], ["-n", "1", "--dist=load"]),
        (["--pdb"], ["-n", "0", "--dist", "loadfile", "--pdb"]),
    ],
)
def test_pytest_runs_on_two_processes_unless_told_otherwise(given: list[str], expected: list[str]) -> None:
    assert commands._pytest_defaults(given) == expected


def test_test_runs_at_the_same_time_get_numbers_of_their_own(tmp_path: Path) -> None:
    with commands._own_number(tmp_path) as first, commands._own_number(tmp_path) as second:
        assert (first, second) == (1, 2)
    with commands._own_number(tmp_path) as again:
        assert again == 1


def test_a_failure_is_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="reserved for root") as failure:
        _refuse_with(PermissionError(13, "Permission denied"))
    assert "--port 8000" in str(failure.value)


def _refuse_with(error: OSError) -> None:
    class Refusing(socket.socket):
        def bind(self, address: object) -> None:
            raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", Refusing)
        tryout.refuse_taken_port(80)
