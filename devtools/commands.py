"""What `python3 dev.py` can do; each command does all of its own set-up."""

import argparse
import contextlib
import fcntl
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from devtools import environment, processes, surroundings, tryout
from devtools.console import Console, Failure
from devtools.paths import ROOT, data_directory
from devtools.static import Collection

USAGE = """\
usage: python3 dev.py COMMAND

  run [--port N] [--debug]   install, start and show Casetracker on http://127.0.0.1:8000/
  test [PYTEST ARGUMENTS]    run the tests
  check                      lint, types, layers, migrations, deployment settings
  fix                        mend what the linter can mend, and format
  messages                   collect the texts to be translated, and compile the translations
  manage COMMAND ...         Django's commands on the database of `run`
  bench [ARGUMENTS]          measure, in a database of its own
  lock                       choose the versions of all packages anew

Needs Python 3.11 or newer and nothing else. Everything it makes lies in .venv and .casetracker;
CASETRACKER_DATA=FOLDER puts the latter elsewhere, DATABASE_URL=postgresql://... uses a PostgreSQL of yours.
"""

# import-linter has no module to run, and a script in .venv/bin breaks when the clone is moved.
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
_MYPY_TARGETS = ("casetracker", "devtools", "tests", "bench", "dev.py", "manage.py")


def main(arguments: Sequence[str]) -> int:
    """Run a command; its exit status. 128 and more when a signal ended it, as shells count."""
    processes.listen_for_stop()
    commands: dict[str, Callable[[list[str]], int]] = {
        "run": _run,
        "test": _test,
        "check": _check,
        "fix": _fix,
        "messages": _messages,
        "manage": _manage,
        "bench": _bench,
        "lock": _lock,
    }
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if name not in commands:
        asked = name in {"help", "-h", "--help"}
        print(USAGE if asked or not name else f"There is no command {name!r}.\n\n{USAGE}", end="")
        return 0 if asked else 2
    if name != "manage":
        # Paths given to Django's commands are the caller's; everything else is about the clone.
        os.chdir(ROOT)
    try:
        return commands[name](rest)
    except Failure as failure:
        Console().say(f"\n{failure}")
        return 1
    except processes.Stop as stop:
        return 0 if name == "run" else 128 + stop.signum
    finally:
        processes.Child.stop_all()


def _run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py run", description="Install, start and show Casetracker.")
    parser.add_argument("--port", type=int, default=8000, help="on 127.0.0.1; 8000 unless given")
    parser.add_argument("--debug", action="store_true", help="show errors in the page, start anew when code changes")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        raise Failure(f"{options.port} is not a port. Choose one from 1024 to 65535, for example --port 8000.")
    console = Console()
    tryout.refuse_taken_port(options.port)
    environment.enter(console, development=False)
    return tryout.run(console, port=options.port, debug=options.debug)


def _test(arguments: list[str]) -> int:
    console = Console()
    environment.enter(console, development=True)
    with _test_environment(console) as (_, env):
        return processes.run_in_foreground([sys.executable, "-m", "pytest", *_pytest_defaults(arguments)], env=env)


def _pytest_defaults(arguments: list[str]) -> list[str]:
    """The arguments of pytest, on two processes unless they say otherwise."""

    def has(*options: str) -> bool:
        return any(argument.startswith(options) for argument in arguments)

    # A debugger needs the terminal, which a process of its own has not.
    processes_ = [] if has("-n", "--numprocesses") else ["-n", "0" if has("--pdb", "--trace") else "2"]
    distribution = [] if has("--dist") else ["--dist", "loadfile"]
    return [*processes_, *distribution, *arguments]


@contextlib.contextmanager
def _test_environment(console: Console) -> Iterator[tuple[surroundings.Database, dict[str, str]]]:
    """
    A database on a fast PostgreSQL, and the variables of the tests in it, with the static files collected.

    Runs at the same time share the server and each have a database of their own.
    """
    folder = data_directory() / "test"
    with (
        _own_number(folder) as number,
        surroundings.database(
            folder / "postgres", "casetracker_test" + (f"_{number}" if number > 1 else ""), console=console, fast=True
        ) as held,
    ):
        env = surroundings.testing(held, static_root=folder / "static")
        with Collection(env=env, log=folder / "static.log") as static:
            if static.is_needed:
                with console.step("Compressing styles and scripts"):
                    static.finish()
        yield held, env


@contextlib.contextmanager
def _own_number(folder: Path) -> Iterator[int]:
    """The smallest number from 1 that no other run has now."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        with open(folder / f"number-{number}", "wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return


def _check(arguments: list[str]) -> int:
    _refuse_arguments("check", arguments)
    console = Console()
    environment.enter(console, development=True)
    with _test_environment(console) as (held, env):
        public = surroundings.production(held, static_root=Path(env["CASETRACKER_STATIC_ROOT"]))
        manage = [sys.executable, str(ROOT / "manage.py")]
        module = [sys.executable, "-m"]
        checks = [
            ("Lint", [*module, "ruff", "check", "--output-format", "concise", str(ROOT)], env),
            ("Format", [*module, "ruff", "format", "--check", "--output-format", "concise", str(ROOT)], env),
            ("Layers", [sys.executable, "-c", _LINT_IMPORTS, "--no-logo"], env),
            ("Migrations", [*manage, "makemigrations", "--check", "--dry-run"], env),
            ("Deployment settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], public),
            ("Types", [*module, "mypy", *(name for name in _MYPY_TARGETS if (ROOT / name).exists())], env),
        ]
        failed = [name for name, command, variables in checks if not _passes(console, name, command, variables)]
    console.say(f"{len(checks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _passes(console: Console, name: str, command: list[str], env: dict[str, str]) -> bool:
    lines: list[str] = []
    try:
        with console.step(name):
            lines.extend(processes.run_and_read(command, env=env))
    except subprocess.CalledProcessError:
        console.say("\n".join(["", *lines, ""]))
        return False
    return True


def _fix(arguments: list[str]) -> int:
    _refuse_arguments("fix", arguments)
    environment.enter(Console(patience=1.0), development=True)
    ruff = [sys.executable, "-m", "ruff"]
    left = processes.run_in_foreground([*ruff, "check", "--fix", str(ROOT)])
    return processes.run_in_foreground([*ruff, "format", str(ROOT)]) or left


def _messages(arguments: list[str]) -> int:
    _refuse_arguments("messages", arguments)
    console = Console(patience=1.0)
    environment.enter(console, development=True)
    # It needs no database, but the settings want the name of one.
    nowhere = surroundings.Database("postgresql://nobody@localhost/nothing")
    env = surroundings.testing(nowhere, static_root=data_directory() / "test" / "static")
    return processes.run_in_foreground([sys.executable, "-m", "devtools.catalogue"], env=env)


def _manage(arguments: list[str]) -> int:
    # Quiet unless something takes long, so that the command alone is heard.
    console = Console(patience=1.0)
    environment.enter(console, development=False)
    data = data_directory()
    with surroundings.database(data / "postgres", "casetracker", console=console) as held:
        env = surroundings.tryout(held, static_root=data / "static", secret_key=surroundings.kept_secret_key())
        return processes.run_in_foreground([sys.executable, str(ROOT / "manage.py"), *arguments], env=env)


def _bench(arguments: list[str]) -> int:
    console = Console()
    environment.enter(console, development=True)
    folder = data_directory() / "bench"
    with surroundings.database(folder / "postgres", "casetracker_bench", console=console) as held:
        env = surroundings.testing(held, static_root=folder / "static")
        with Collection(env=env, log=folder / "static.log") as static:
            static.finish()
        return processes.run_in_foreground([sys.executable, "-m", "bench", *arguments], env=env)


def _lock(arguments: list[str]) -> int:
    """
    Choose versions for both locks. The development lock is held to the versions of the other, so that it only adds.

    The files name no index and no path, for they must install from whatever index or mirror a machine has.
    """
    _refuse_arguments("lock", arguments)
    console = Console()
    if environment.DEVELOPMENT_LOCK.exists():
        environment.enter(console, development=True)
        uv: str | None = str(Path(sys.executable).with_name("uv"))
    else:
        uv = shutil.which("uv")
    if uv is None:
        raise Failure(f"There is no {environment.DEVELOPMENT_LOCK.name} to install uv from, and none on PATH.")
    common = [
        *(uv, "pip", "compile", "--quiet", "--upgrade", "--universal", "--generate-hashes", "--python-version", "3.11"),
        *("--no-emit-index-url", "--no-annotate", "--custom-compile-command", "python3 dev.py lock"),
        str(ROOT / "pyproject.toml"),
    ]
    run = ["--extra", "embedded", "--extra", "pacer", "--output-file", str(environment.RUN_LOCK)]
    development = [
        *("--all-extras", "--constraint", str(environment.RUN_LOCK)),
        *("--output-file", str(environment.DEVELOPMENT_LOCK)),
    ]
    for what, options in (("what runs", run), ("what develops", development)):
        with console.step(f"Choosing the packages of {what}"):
            processes.read([*common, *options], what="uv")
    return 0


def _refuse_arguments(command: str, arguments: list[str]) -> None:
    if arguments:
        raise Failure(f"`dev.py {command}` takes no arguments.")
