"""The wheel: built, installed in a fresh environment, and run from another folder."""

import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted(path.name for path in ROOT.glob("templates/*.toml"))


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**environment, "PYTHONUTF8": "1", "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, missing) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    if importlib.util.find_spec("hatchling"):
        done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    else:
        done = run(sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "-w", folder, folder=folder)
        if done.returncode:
            missing(f"The wheel needs hatchling: pip install hatchling. {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory, missing) -> Path:
    """The folder of the scripts of an environment that has this wheel, and borrows its dependencies from the tests'."""
    home = tmp_path_factory.mktemp("fresh")
    try:
        venv.create(home, with_pip=True)
    except subprocess.CalledProcessError as error:
        missing(f"A fresh environment needs the modules venv and ensurepip (python3-venv on Debian): {error}")
    paths = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)}, scheme="venv")
    scripts = Path(paths["scripts"])
    (Path(paths["purelib"]) / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    # the environment of the tests may hold rnncalc itself; this one gets its own all the same
    options = ("--no-deps", "--no-index", "--ignore-installed")
    done = run(scripts / "python", "-m", "pip", "install", *options, wheel, folder=home)
    assert done.returncode == 0, done.stderr
    return scripts


def test_the_wheel_holds_the_package_and_its_templates_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    assert sorted(Path(n).name for n in names if n.startswith("rnncalc/templates/")) == TEMPLATES
    assert "rnncalc/py.typed" in names
    assert {n.split("/")[0].split("-")[0] for n in names} == {"rnncalc"}
    assert not [n for n in names if "__pycache__" in n or "/tests/" in n]
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("rnncalc/**/*.py")}
    assert {n for n in names if n.endswith(".py")} == modules


def test_the_wheel_says_what_it_needs(wheel):
    with zipfile.ZipFile(wheel) as opened:
        (metadata,) = (opened.read(n).decode("utf-8") for n in opened.namelist() if n.endswith("/METADATA"))
    lines = metadata.splitlines()
    needs = sorted(
        line.split()[1].split(">")[0] for line in lines if line.startswith("Requires-Dist") and ";" not in line
    )
    assert needs == ["click", "defusedxml", "numpy", "openpyxl", "rich"]
    assert "Requires-Python: >=3.11" in lines
    assert "License-Expression: MIT" in lines


def test_the_installed_command_runs_from_another_folder(installed, tmp_path):
    where = run(installed / "python", "-c", "import rnncalc; print(rnncalc.__file__)", folder=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)
    done = run(installed / "rnncalc", "forward", "hello", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Total loss E = 6.811275" in done.stdout


def test_the_installed_templates_are_found_from_another_folder(installed, tmp_path):
    done = run(installed / "rnncalc", "templates", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(TEMPLATES) <= {line.split()[0] + ".toml" for line in done.stdout.splitlines()}
    shown = run(installed / "python", "-m", "rnncalc", "templates", "show", "hello", folder=tmp_path)
    assert shown.stdout == (ROOT / "templates" / "hello.toml").read_text(encoding="utf-8")


def test_the_gate_runs_tests_that_exist():
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    named = re.findall(r"\btests/[\w/.]+", gate)
    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []
