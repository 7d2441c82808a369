"""The architecture as a test: which part of rnncalc may import which, and who may know which library."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import rnncalc
from rnncalc.cli.main import COMMANDS

PACKAGE = Path(rnncalc.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

ROOMS = (
    "io", "language", "network", "engine", "weights", "problems", "text", "tweets",
    "marking", "render", "workbook", "page", "classroom", "cli",
)  # fmt: skip
"""From the lowest to the highest; a module imports its own room and lower ones, never a higher one."""

LIBRARIES = {
    "numpy": set(ROOMS),
    "h5py": {"weights"},
    "safetensors": {"weights"},
    "openpyxl": {"workbook"},
    "defusedxml": {"workbook"},
    "rich": {"render", "cli"},
    "matplotlib": {"render"},
    "click": {"cli"},
    "distributed": {"cli"},
}
"""Who may know what, beside the standard library."""

EXCEPTIONS: set[tuple[str, str]] = set()
"""Imports that still lead upwards; each is to go."""


def room(module: str) -> str:
    """The room that a module stands in; the errors and the version stand beneath all rooms."""
    if module in ("rnncalc", "rnncalc.__main__", "rnncalc.api"):
        return "cli"
    part = (*module.split("."), "")[1]
    return part if part in ROOMS else ""


def level(module: str) -> int:
    """How high a module stands."""
    return ROOMS.index(room(module)) if room(module) else -1


def imports(tree: ast.AST, module: str, *, package: bool) -> Iterator[str]:
    """The modules that a module imports anywhere: at its top, in functions and for the type checker."""
    parents = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            near = parents[: len(parents) - node.level + 1] if node.level else []
            base = ".".join([*near, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base


def faults(module: str, source: str, *, package: bool = False) -> list[str]:
    """What a module imports against the rules."""
    found = []
    for name in imports(ast.parse(source), module, package=package):
        library = name.split(".")[0]
        if library == "rnncalc":
            above = level(name) > level(module)
            if above and (module, name) not in EXCEPTIONS:
                found.append(f"{module} ({room(module)}) imports {name} ({room(name)})")
        elif library not in sys.stdlib_module_names and room(module) not in LIBRARIES.get(library, ()):
            found.append(f"{module} ({room(module)}) imports {library}")
    return found


def circle(sources: dict[str, str]) -> list[str]:
    """Modules that import each other in a circle, each the one before it; nothing where there is none."""
    graph = {}
    for module, source in sources.items():
        package = MODULES[module].name == "__init__.py"
        graph[module] = {name for name in imports(ast.parse(source), module, package=package) if name != module}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


SOURCES = {module: path.read_text(encoding="utf-8") for module, path in MODULES.items()}


def test_no_modules_import_each_other_in_a_circle():
    assert circle(SOURCES) == []


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("rnncalc.network.validation", "from rnncalc.network.problem import Problem"),
        ("rnncalc.network.validation", "def f():\n    from rnncalc.network.problem import Problem"),
        ("rnncalc.network.given", "if TYPE_CHECKING:\n    from rnncalc.network.problem import Problem"),
        ("rnncalc.problems.template_reader", "def f():\n    from rnncalc.problems import model_file"),
        ("rnncalc.network.cells", "from rnncalc.network.trace import Trace"),
        ("rnncalc.problems.draw", "from .choose import choose"),
    ],
)
def test_a_planted_circle_is_caught(module, planted):
    assert module in circle({**SOURCES, module: f"{SOURCES[module]}\n{planted}\n"})


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_its_room_may(module):
    path = MODULES[module]
    assert faults(module, path.read_text(encoding="utf-8"), package=path.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("rnncalc.network.trace", "from rnncalc.render.console import Page"),
        ("rnncalc.network.trace", "def f():\n    from rnncalc.cli import main"),
        ("rnncalc.network.trace", "def f():\n    from rnncalc import render"),
        ("rnncalc.network.trace", "from ..render import console"),
        ("rnncalc.network.cells.rnn", "from ...cli.main import run"),
        ("rnncalc.network.problem", "import openpyxl.styles"),
        ("rnncalc.network.names", "import click"),
        ("rnncalc.problems.draw", "import rich.text"),
        ("rnncalc.network.problem", "import torch"),
        ("rnncalc.render.console", "import rnncalc.cli.output"),
        ("rnncalc.render.console", "from click import echo"),
        ("rnncalc.render.notebook", "import openpyxl"),
        ("rnncalc.cli.forward", "if True:\n    import openpyxl"),
        ("rnncalc.workbook.write", "import rnncalc.classroom.grading"),
    ],
)
def test_a_planted_import_is_caught(module, source):
    assert len(faults(module, source)) == 1


def test_what_is_allowed_is_not_caught():
    assert (
        faults("rnncalc.cli.forward", "import click, rich\nfrom rnncalc import forward\nimport rnncalc.render.data")
        == []
    )
    assert faults("rnncalc.network.quantity", "import numpy, json\nfrom rnncalc.language import trees") == []


def test_every_exception_is_still_used():
    for module, name in EXCEPTIONS:
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        assert name in imports(tree, module, package=False)


def test_commands_live_in_the_cli():
    assert {room(module) for module, _ in COMMANDS.values()} == {"cli"}


def imported_by(code: str) -> set[str]:
    """The modules that are loaded after some code has run in a fresh Python."""
    report = "import sys, json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, encoding="utf-8", check=True
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


HEAVY = {"numpy", "openpyxl", "rich", "defusedxml", "matplotlib"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], [], ["forward", "--help"]])
def test_help_imports_no_library_but_click(arguments):
    loaded = imported_by(f"from rnncalc.cli.main import run\nrun({arguments!r})")
    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_importing_rnncalc_imports_no_library():
    loaded = imported_by("import rnncalc")
    assert loaded & {*HEAVY, "click"} == set()


def test_the_library_imports_numpy_alone():
    loaded = imported_by("from rnncalc import Problem, forward; forward(Problem.template('hello'))")
    assert loaded & {*HEAVY, "click"} == {"numpy"}


def test_the_public_names_are_there():
    for name in rnncalc.__all__:
        assert getattr(rnncalc, name) is not None
    assert set(rnncalc.__all__) <= set(dir(rnncalc))
    assert {"Problem", "Quantity", "RnncalcError", "Trace", "forward"} <= set(rnncalc.__all__)


def test_a_name_that_is_not_public():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        rnncalc.nothing  # noqa: B018


def test_a_function_is_not_hidden_by_its_module():
    import_module("rnncalc.network.forward_pass")
    assert callable(rnncalc.forward)
