"""
What all tests share: the environment, the people who sign in, the static files, and the rule that CI skips nothing.

`python3 dev.py test` brings its own PostgreSQL. Plain `pytest` needs `DATABASE_URL`; the tests run in a database beside
the one it names, called `test_<name>`, which they copy from one of their own that they leave there: tests/databases.py.
"""

import collections
import datetime
import fcntl
import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import django.conf
import hypothesis
import pytest
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

# Set here and not in pyproject.toml: pytest-django would load the settings before this file could say what is missing.
if not os.environ.get("DATABASE_URL", "").strip():
    sys.exit(
        "DATABASE_URL is not set: run `python3 dev.py test`, which brings its own PostgreSQL, or set it to "
        "postgresql://USER:PASSWORD@HOST:5432/NAME."
    )
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
os.environ.setdefault("CASETRACKER_SECRET_KEY", "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF")
os.environ.setdefault("CASETRACKER_ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("CASETRACKER_TRYOUT", "1")
try:
    # Before any other conftest is read, so that each may import models and factories at its head.
    django.setup()
except ImproperlyConfigured as _error:
    sys.exit(str(_error))

# As in `casetracker.wsgi`: what is loaded stays, and the collector need not walk through it for every page.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)

# Django's own hasher takes a second of a core for each password on purpose; none of the tests is about it.
django.conf.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

hypothesis.settings.register_profile("here", deadline=None, max_examples=50)
# The same examples on every run, so that a change is red because of itself.
hypothesis.settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True, print_blob=True)
# `--hypothesis-profile thorough`, for whoever changes what a property is about.
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile("ci" if IN_CI else "here")


# --- in CI a skip is a failure --------------------------------------------------------------------------------------


def fail_instead_of_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn the report of a skip into one of a failure that tells the reason. An expected failure stays one."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"In CI nothing is skipped, and this was. {reason}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if IN_CI:
        fail_instead_of_skip(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if IN_CI:
        fail_instead_of_skip(report)
    return report


# --- which process runs what ----------------------------------------------------------------------------------------


# With `--dist loadfile` the tests of a file run in one process, so that what a file makes once is made once. The files
# that take longest go first, for whatever begins last is waited for; of the others, those of most tests.
LONGEST = (
    "leaks/test_matrix.py",
    "browser/test_accessibility.py",
    "leaks/test_desk.py",
    "admin/test_hostile_input.py",
    "browser/test_paper.py",
    "browser/test_journeys.py",
    "fuzz/test_public_pages.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        return
    folder = Path(__file__).resolve().parent
    tests_in = collections.Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[int, int]:
        name = item.path.relative_to(folder).as_posix() if item.path.is_relative_to(folder) else ""
        return (LONGEST.index(name) if name in LONGEST else len(LONGEST)), -tests_in[item.path]

    items.sort(key=turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config) -> None:
    """Let xdist give out the files in this order, not in its own."""
    config.option.loadscopereorder = False


# --- static files ---------------------------------------------------------------------------------------------------


def _newest(folder: Path) -> float:
    return max((path.stat().st_mtime for path in folder.rglob("*") if path.is_file()), default=0.0)


@pytest.fixture(scope="session", autouse=True)
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """
    Templates ask the manifest of static files for hashed names. `dev.py test` writes it beforehand; where it is missing
    or older than static/, it is made once for all workers in a folder of the run.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.test import override_settings

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    changed_at = max(_newest(folder) for _prefix, folder in settings.STATICFILES_DIRS)
    if manifest.exists() and manifest.stat().st_mtime >= changed_at:
        yield
        return
    run = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        run = run.parent
    target = run / "static"
    with (run / "static.lock").open("w") as lock, override_settings(STATIC_ROOT=str(target)):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "staticfiles.json").exists():
            # Hashed as always, but not compressed: that takes ten times as long and is for real readers.
            quick = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
            with override_settings(STORAGES={**settings.STORAGES, "staticfiles": quick}):
                call_command("collectstatic", interactive=False, verbosity=0)
        fcntl.flock(lock, fcntl.LOCK_UN)
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_listed_once() -> Iterator[None]:
    """
    Each client has middleware of its own, and WhiteNoise looks at every static file when it is made: as long as a page.
    """
    from whitenoise import WhiteNoise

    listed: dict[tuple[Any, ...], dict[str, Any]] = {}
    look = WhiteNoise.update_files_dictionary

    def update(self: Any, root: str, prefix: str) -> None:
        key = (root, prefix, self.max_age)
        if key not in listed:
            look(self, root, prefix)
            listed[key] = dict(self.files)
        self.files.update(listed[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", update)
        yield


@pytest.fixture(scope="session", autouse=True)
def widgets_not_noted(django_test_environment: None) -> Iterator[None]:
    """
    Django's client notes each template with a copy of what it was given. A form of the desk has hundreds of widgets,
    each a template, and no test asks for those.
    """
    from django.template import Template

    noting: Any = vars(Template)["_render"]

    def render(self: Any, context: Any) -> Any:
        if self.name and self.name.startswith(("django/forms/", "admin/widgets/")):
            return self.nodelist.render(context)
        return noting(self, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


# --- pages kept in memory -------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_pages_kept_from_other_tests() -> None:
    """Tests set things otherwise that never change while a worker runs, so no page may outlive its test."""
    from casetracker.web.asked_again import PAGES

    PAGES.forget()


# --- the database ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's: the database of this process is copied, see tests/databases.py."""
    import databases
    from django.conf import settings
    from django.db import connection

    before = connection.settings_dict["NAME"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"test_{before}" + (f"_{worker}" if worker else "")

    def use(name: str) -> None:
        with django_db_blocker.unblock():
            connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name

    with databases.copied(name, databases.EMPTY):
        use(name)
        yield
        use(before)


@pytest.fixture(scope="session", autouse=True)
def only_full_tables_emptied() -> Iterator[None]:
    """
    A test that commits leaves rows behind, and Django then truncates all of a hundred tables, most of them empty, in a
    second. To delete what is there, past the triggers that keep it, takes a tenth of that.
    """
    from django.core.management.commands import flush
    from django.db import connection

    truncate_all: Any = vars(flush)["sql_flush"]
    # No test changes them; they would be made again at once.
    always_there = {"django_content_type", "auth_permission"}

    def delete_what_is_there(style: Any, connection_: Any, **options: Any) -> list[str]:
        tables = set(connection.introspection.django_table_names(only_existing=True)) - always_there
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                return truncate_all(style, connection_, **options)
            cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables))
            full = [table for (table,) in cursor.fetchall()]
        return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{table}"' for table in full)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", delete_what_is_there)
        yield


# --- the demonstration data -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def day_of_loading() -> datetime.date:
    """The day on which the cases of `loaded` were loaded."""
    return datetime.date(2026, 11, 24)


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """
    What fixtures of a module write after it is there for all its tests, and gone behind them. Each test undoes what it
    changes in the database, but not in objects in memory: such a fixture is for tests that only read.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def loaded(rows_of_module: None, day_of_loading: datetime.date) -> None:
    """Courts and all demonstration cases, loaded once for a module."""
    from casetracker.importers import courts, demonstration

    courts.load()
    demonstration.load(today=day_of_loading)


# --- people ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(db: None) -> "User":
    """May sign in to the desk and write everything there; administers no accounts."""
    from factories import EditorFactory

    return EditorFactory()


@pytest.fixture
def staff(db: None) -> "User":
    """May sign in to the desk, and has no right there."""
    from factories import UserFactory

    return UserFactory(is_staff=True)


@pytest.fixture
def superuser(db: None) -> "User":
    from factories import UserFactory

    return UserFactory(is_staff=True, is_superuser=True)


def _signed_in(user: "User") -> "Client":
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client


# The tests run as a try-out, which asks nobody for a second factor: `client.force_login` is enough to be at the desk.
@pytest.fixture
def real_site(settings: Any) -> None:
    """As on a real site: at the desk a second factor is asked for; `codes.sign_in_wholly` gives one."""
    settings.TRYOUT = False


@pytest.fixture
def stranger_client() -> "Client":
    """A reader: signed in nowhere."""
    from django.test import Client

    return Client()


@pytest.fixture
def staff_client(staff: "User") -> "Client":
    return _signed_in(staff)


@pytest.fixture
def editor_client(editor: "User") -> "Client":
    return _signed_in(editor)


@pytest.fixture
def superuser_client(superuser: "User") -> "Client":
    return _signed_in(superuser)
