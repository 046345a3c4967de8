"""
The rules of the house about code, read from the code. Each rule is tried on a good and a bad example first, so that it
is known to see what it is there for.
"""

import ast
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "casetracker"
TESTS = ROOT / "tests"

Rule = Callable[[ast.Module], list[str]]


def sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.py")):
        if "__pycache__" not in path.parts and "migrations" not in path.parts:
            yield path


def broken(rule: Rule, paths: Iterator[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in paths
        for fault in rule(ast.parse(path.read_text(encoding="utf-8")))
    ]


def faults(rule: Rule, source: str) -> list[str]:
    return rule(ast.parse(textwrap.dedent(source)))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# --- layers ---------------------------------------------------------------------------------------------------------

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """Our contract over a package with an empty module for each name in it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layered,) = [contract for contract in contracts if contract["type"] == "layers"]
    package = tmp_path / "casetracker"
    package.mkdir()
    names = {name for layer in layered["layers"] for name in re.findall(r"\w+", layer)}
    for name in {"__init__", *names, *layered["exhaustive_ignores"]}:
        (package / f"{name}.py").write_text("")
    return tmp_path


def test_imports_point_down() -> None:
    done = lint_imports(ROOT)
    assert "Contracts: 2 kept, 0 broken." in done.stdout, done.stdout + done.stderr


def test_contract_is_kept_by_a_small_project(small_project: Path) -> None:
    assert lint_imports(small_project).returncode == 0


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("models", "from casetracker import publication"),
        ("models", "from . import web"),
        ("dates", "def late():\n    from .models import Case"),
        ("search", "from . import timeline"),
        ("web", "from . import admin"),
        ("timeline", "import casetracker.listing"),
        ("validators", "from . import glossary"),
        ("dates", "from . import language"),
        ("web", "from . import settings"),
        ("publication", "from .migrations import something"),
        ("unheard_of", ""),
    ],
)
def test_contract_is_broken_by_an_import_upwards_or_beside_and_by_a_new_module(
    small_project: Path, module: str, line: str
) -> None:
    (small_project / "casetracker" / f"{module}.py").write_text(line)
    done = lint_imports(small_project)
    assert done.returncode == 1
    assert module in done.stdout


# --- names ----------------------------------------------------------------------------------------------------------

NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "misc", "common", "tools", "lib", "base_utils"}


def says_nothing(path: Path) -> bool:
    return path.stem in NAMES_THAT_SAY_NOTHING or path.stem.endswith(("_utils", "_helpers"))


def test_name_that_says_nothing_is_noticed() -> None:
    assert says_nothing(Path("casetracker/web/utils.py"))
    assert says_nothing(Path("tests/date_helpers.py"))
    assert not says_nothing(Path("casetracker/web/paging.py"))


def test_module_is_named_for_what_it_holds() -> None:
    paths = [*sources(PACKAGE), *sources(TESTS), *sources(ROOT / "devtools")]
    assert len(paths) > 50
    assert not [path for path in paths if says_nothing(path)]


# --- requests stay in the upper layers ------------------------------------------------------------------------------

# The root of all addresses joins the pages for errors of readers and of editors.
SEES_REQUESTS = {"web", "admin", "templatetags", "urls.py"}


def sees_a_request(tree: ast.Module) -> list[str]:
    found = []
    for function in functions(tree):
        arguments = function.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            hint = ast.unparse(argument.annotation) if argument.annotation else ""
            if argument.arg == "request" or "HttpRequest" in hint:
                found.append(f"{function.name}() takes a request")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("django.http", "django.shortcuts")):
            found.append(f"imports {node.module}")
    return found


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def lines(cases): ...", 0),
        ("def lines(request): ...", 1),
        ("def lines(*, request): ...", 1),
        ("def lines(given: HttpRequest): ...", 1),
        ("from django.http import Http404", 1),
        ("from django.db import models", 0),
    ],
)
def test_request_is_noticed(source: str, count: int) -> None:
    assert len(faults(sees_a_request, source)) == count


def test_nothing_below_web_and_admin_sees_a_request() -> None:
    below = (path for path in sources(PACKAGE) if path.relative_to(PACKAGE).parts[0] not in SEES_REQUESTS)
    assert broken(sees_a_request, below) == []


# --- settings are asked of Django -----------------------------------------------------------------------------------


def imports_the_settings(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = f"{'.' * node.level}{node.module or ''}"
            names = [f"{module}.{alias.name}" for alias in node.names] + [module]
        else:
            continue
        found += [name for name in names if re.fullmatch(r"(?:casetracker|\.+)\.?settings(?:\..*)?", name)]
    return found


@pytest.mark.parametrize(
    ("source", "is_fault"),
    [
        ("from django.conf import settings", False),
        ("import casetracker.settings", True),
        ("from casetracker import settings", True),
        ("from casetracker.settings import DEBUG", True),
        ("from . import settings", True),
        ("from ..settings import DEBUG", True),
        ("def late():\n    from ... import settings", True),
    ],
)
def test_import_of_the_settings_is_noticed(source: str, is_fault: bool) -> None:
    assert bool(faults(imports_the_settings, source)) is is_fault


def test_nobody_imports_the_settings() -> None:
    assert broken(imports_the_settings, iter([*sources(PACKAGE), *sources(TESTS), *sources(ROOT / "devtools")])) == []


# --- what a program says goes through its own channels --------------------------------------------------------------


def prints(tree: ast.Module) -> list[str]:
    return [
        f"line {node.lineno} prints"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "breakpoint"}
    ]


def test_print_is_noticed() -> None:
    assert faults(prints, "if x:\n    print(x)") == ["line 2 prints"]
    assert faults(prints, "self.stdout.write(x)\nprinted = 1") == []


def test_package_prints_nothing() -> None:
    assert broken(prints, sources(PACKAGE)) == []


# --- booleans and third arguments are named by the caller -----------------------------------------------------------

# Methods whose arguments Django or a library decides.
CALLED_BY_DJANGO = {
    "admin_view", "get_form", "get_formset", "render_change_form", "response_add", "response_change", "save",
    "save_form", "save_model", "save_related", "save_formset", "log_change", "construct_change_message",
}  # fmt: skip


def takes_unnamed_booleans(tree: ast.Module) -> list[str]:
    found = []
    for function in functions(tree):
        if function.name in CALLED_BY_DJANGO:
            continue
        arguments = [*function.args.posonlyargs, *function.args.args]
        defaults = [None] * (len(arguments) - len(function.args.defaults)) + list(function.args.defaults)
        for argument, default in zip(arguments, defaults, strict=True):
            hint = ast.unparse(argument.annotation) if argument.annotation else ""
            is_boolean = isinstance(default, ast.Constant) and isinstance(default.value, bool)
            if hint in {"bool", "bool | None"} or is_boolean:
                found.append(f"{function.name}({argument.arg}) can be given a boolean without its name")
    return found


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def show(row, *, long: bool = False): ...", 0),
        ("def show(row, long: bool): ...", 1),
        ("def show(row, long=True): ...", 1),
        ("def show(row, long: bool | None = None): ...", 1),
        ("def show(row, size=1): ...", 0),
        ("class A:\n    def save(self, commit: bool = True): ...", 0),
    ],
)
def test_boolean_without_a_name_is_noticed(source: str, count: int) -> None:
    assert len(faults(takes_unnamed_booleans, source)) == count


def test_booleans_are_named_by_the_caller() -> None:
    assert broken(takes_unnamed_booleans, sources(PACKAGE)) == []


# --- public things say what they are --------------------------------------------------------------------------------


def lacks_a_docstring(tree: ast.Module) -> list[str]:
    # An empty package needs none.
    return ["no docstring"] if tree.body and not ast.get_docstring(tree) else []


def test_missing_docstring_is_noticed() -> None:
    assert faults(lacks_a_docstring, "x = 1") == ["no docstring"]
    assert faults(lacks_a_docstring, '"""What it is."""\nx = 1') == []
    assert faults(lacks_a_docstring, "") == []


def test_every_module_says_what_it_is() -> None:
    assert broken(lacks_a_docstring, iter([*sources(PACKAGE), *sources(TESTS), *sources(ROOT / "devtools")])) == []


# --- pages work under a policy that allows nothing inline -----------------------------------------------------------

INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/(?:ld\+)?json\")", re.IGNORECASE
    ),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|\{%\s*autoescape off"),
    "an address of a script": re.compile(r"javascript:", re.IGNORECASE),
    "a file of another host": re.compile(r"<(?:script|link|img)[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE),
}


def inline_parts(template: str) -> list[str]:
    return [name for name, pattern in INLINE.items() if pattern.search(template)]


@pytest.mark.parametrize(
    ("template", "parts"),
    [
        ('<p class="quiet">{{ title }}</p><script src="{% static \'js/a.js\' %}" defer></script>', []),
        ('<p style="color: red">', ["a style attribute"]),
        ('<button type="button" onclick="go()">', ["an event attribute"]),
        ("<script>go()</script>", ["an inline script"]),
        ('<script type="application/ld+json">{}</script>', []),
        ("<style>p {}</style>", ["an inline style sheet"]),
        ("{{ summary|safe }}", ["unescaped text"]),
        ('<a href="javascript:go()">', ["an address of a script"]),
        ('<link rel="stylesheet" href="https://fonts.example/a.css">', ["a file of another host"]),
        ('<link rel="stylesheet" href="{% static \'css/base.css\' %}">', []),
    ],
)
def test_part_that_the_policy_would_refuse_is_noticed(template: str, parts: list[str]) -> None:
    assert inline_parts(template) == parts


def test_templates_have_nothing_inline() -> None:
    templates = sorted((ROOT / "templates").rglob("*"))
    found = {
        str(path.relative_to(ROOT)): parts
        for path in templates
        if path.is_file() and (parts := inline_parts(path.read_text(encoding="utf-8")))
    }
    assert len(templates) > 10
    assert found == {}


def test_text_is_marked_as_safe_where_it_is_made_safe_and_nowhere_else() -> None:
    marking = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources(PACKAGE)
        if re.search(r"\bmark_safe\b|\bSafeString\(", path.read_text(encoding="utf-8"))
    }
    # The second makes a page of a file of ours.
    assert marking <= {"templatetags/prose.py", "admin/handbook.py"}


# --- tests assert something -----------------------------------------------------------------------------------------

ASSERTING = re.compile(r"^(?:assert_|django_assert_|expect)")


def _asserts(node: ast.AST, helpers: set[str]) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return bool(ASSERTING.match(name)) or name in {"raises", "warns", "fail"} or name in helpers


def asserts_nothing(tree: ast.Module) -> list[str]:
    """Test functions without an assertion of their own or of a function of the same module that they call."""
    helpers: set[str] = set()
    while True:
        asserting = {
            function.name for function in functions(tree) if any(_asserts(node, helpers) for node in ast.walk(function))
        }
        if asserting <= helpers:
            break
        helpers |= asserting
    return [
        f"{function.name} asserts nothing"
        for function in functions(tree)
        if function.name.startswith("test_") and function.name not in helpers
    ]


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def test_a():\n    assert True", 0),
        ("def test_a():\n    work()", 1),
        ("def test_a():\n    with pytest.raises(ValueError):\n        work()", 0),
        ("def test_a():\n    with django_assert_num_queries(1):\n        work()", 0),
        ("def test_a():\n    assert_refused(work)", 0),
        ("def check(x):\n    assert x\ndef test_a():\n    check(1)", 0),
        ("def first(x):\n    assert x\ndef second(x):\n    first(x)\ndef test_a():\n    second(1)", 0),
        ("def other():\n    work()\ndef test_a():\n    other()", 1),
        ("class TestA:\n    def test_a(self):\n        work()", 1),
        ("async def test_a():\n    await work()", 1),
        ("def test_a(page):\n    expect(page).to_have_title('A')", 0),
        ("def helper():\n    work()", 0),
    ],
)
def test_test_that_asserts_nothing_is_noticed(source: str, count: int) -> None:
    assert len(faults(asserts_nothing, source)) == count


def test_every_test_asserts_something() -> None:
    paths = [path for path in sources(TESTS) if path.name.startswith("test_")]
    assert len(paths) > 10
    assert broken(asserts_nothing, iter(paths)) == []


# --- the tests mirror the package -----------------------------------------------------------------------------------


def skips(tree: ast.Module) -> list[str]:
    """Skips and expected failures without a reason that says what to do."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name in {
            "pytest.skip",
            "pytest.mark.skip",
            "pytest.mark.skipif",
            "pytest.mark.xfail",
            "pytest.importorskip",
        }:
            words = [
                text.value for text in ast.walk(node) if isinstance(text, ast.Constant) and isinstance(text.value, str)
            ]
            if not any(len(word) > 20 for word in words):
                found.append(f"line {node.lineno}: {name} without a loud reason")
    return found


def test_silent_skip_is_noticed() -> None:
    assert len(faults(skips, "pytest.skip('no')")) == 1
    assert faults(skips, "pytest.skip('No browser was found: install the package chromium.')") == []


def test_no_test_is_skipped_without_a_loud_reason() -> None:
    assert broken(skips, sources(TESTS)) == []
