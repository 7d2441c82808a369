"""Spreadsheet engines that recalculate a workbook: LibreOffice, Gnumeric, IronCalc, HyperFormula, the formulas package.

An engine shows a stored value without recalculating it, so that every file is poisoned first: each stored value beside
a formula becomes −999 (or "poisoned"), and what comes back is the engine's own figure or the poison.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import pytest
from engines import node
from engines.hyperformula import as_cells
from engines.package import MAIN, Package, addresses, split

from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.workbook.write.book import shown_letters

TOLERANCE = 1e-12
POISON, POISONED = -999, "poisoned"
SECONDS = 600
"""What one call of an engine may take."""

CORES = os.cpu_count() or 1

Values = Callable[[tuple[str, str]], object]
"""A workbook's values: what stands on a sheet at an address."""

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


@cache
def poison(file: bytes) -> bytes:
    """The same workbook with every value replaced that a formula should give, those under an array formula too."""
    package = Package(file)
    for title, address in package.calculated():
        cell = package.cells[title][address]
        stored = cell.find(f"{MAIN}v")
        assert stored is not None, f"{title}!{address} has no stored value"
        stored.text = POISONED if cell.get("t") == "str" else str(POISON)
    return package.to_bytes()


# ── the engines ───────────────────────────────────────────────────────────────────────────────────────────────────


def libreoffice(paths: Sequence[Path]) -> list[Values]:
    """The files as LibreOffice recalculates them: a call with a profile of its own for each core."""
    program = _program("soffice", "LibreOffice (on Debian: apt install libreoffice-calc-nogui)")

    def convert(core: int) -> None:
        mine = paths[core::CORES]
        profile = paths[0].parent / f"profile{core}"
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_PROFILE, encoding="utf-8")
        options = ["--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
        form = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", paths[0].parent / "out"]
        _run(program, *options, *form, *mine)

    with ThreadPoolExecutor(CORES) as threads:
        list(threads.map(convert, range(min(CORES, len(paths)))))
    return [_saved(path.parent / "out" / path.name) for path in paths]


def gnumeric(paths: Sequence[Path]) -> list[Values]:
    """The files as Gnumeric recalculates them."""
    program = _program("ssconvert", "Gnumeric (on Debian: apt install gnumeric)")

    def convert(path: Path) -> Values:
        saved = path.with_suffix(".out.xlsx")
        _run(program, "--recalc", "--export-type=Gnumeric_Excel:xlsx2", path, saved)
        return _saved(saved)

    with ThreadPoolExecutor(CORES) as threads:
        return list(threads.map(convert, paths))


def ironcalc(paths: Sequence[Path]) -> list[Values]:
    """The files as IronCalc, an engine written in Rust, calculates them."""
    if importlib.util.find_spec("ironcalc") is None:
        missing("IronCalc (pip install ironcalc)")
    import ironcalc

    def calculated(path: Path) -> Values:
        model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        model.evaluate()
        sheets = {sheet["name"]: number for number, sheet in enumerate(model.get_worksheets_properties())}

        def value(place: tuple[str, str]) -> object:
            column, row = split(place[1])
            return model.get_cell_value(sheets[place[0]], row, column)

        return value

    return [calculated(path) for path in paths]


def hyperformula(paths: Sequence[Path]) -> list[Values]:
    """The files as HyperFormula, an engine for web pages, calculates their cells: a call for each core."""
    program = node.installed("hyperformula")
    if program is None:
        missing(node.words("HyperFormula"))
    books = [path.with_suffix(".json") for path in paths]
    for path, book in zip(paths, books, strict=True):
        book.write_text(json.dumps(as_cells(Package(path.read_bytes()))), encoding="utf-8")

    def calculate(core: int) -> None:
        _run(str(program), Path(__file__).with_name("hyperformula.cjs"), *books[core::CORES])

    with ThreadPoolExecutor(CORES) as threads:
        list(threads.map(calculate, range(min(CORES, len(paths)))))
    return [_of_sheets(json.loads(book.with_suffix(".json.out").read_text(encoding="utf-8"))) for book in books]


def _of_sheets(sheets: dict[str, list[list[object]]]) -> Values:
    """The values of sheets that are lists of rows; an empty cell is None."""

    def value(place: tuple[str, str]) -> object:
        column, row = split(place[1])
        rows = sheets[place[0]]
        return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None

    return value


def formulas(paths: Sequence[Path]) -> list[Values]:
    """The files as the formulas package calculates them: some 300 formulas a second, so for small workbooks alone."""
    if importlib.util.find_spec("formulas") is None:
        missing("The formulas package (pip install formulas)")
    with ProcessPoolExecutor(CORES, get_context("spawn")) as workers:
        return [cells.get for cells in workers.map(_calculated, paths, timeout=SECONDS)]


def _calculated(path: Path) -> dict[tuple[str, str], Any]:
    import formulas

    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    titles = {title.upper(): title for title in Package(path.read_bytes()).sheets}
    cells: dict[tuple[str, str], Any] = {}
    # '[book.xlsx]FORWARD'!B5:B7; ranges come last, because of an array formula it holds the range alone.
    for key, found in sorted(((str(k), v) for k, v in solution.items()), key=lambda pair: ":" in pair[0]):
        sheet, _, reference = key.rpartition("'!")
        title = titles.get(sheet.partition("]")[2])
        if title is None:
            continue
        numbers = np.asarray(found.value, dtype=object)
        for row, line in zip(addresses(reference), numbers, strict=True):
            for address, number in zip(row, line, strict=True):
                cells[title, address] = number.item() if isinstance(number, np.generic) else _plain(number)
    return cells


def _plain(found: Any) -> Any:
    """A cell's text or number without the package's own types, so that it travels between processes."""
    while isinstance(found, np.ndarray):
        found = found.ravel()[0]
    return found if isinstance(found, (int, float)) else str(found)


TURNS: Mapping[str, Callable[[int], int]] = {
    "libreoffice": lambda number: number % 2,
    "gnumeric": lambda number: (number + 1) % 2,
    "ironcalc": lambda number: number // 2 % 2,
    "hyperformula": lambda number: (number // 2 + 1) % 2,
    "formulas": lambda number: number % 2,
}
"""Which of two variants of the workbook of a number an engine calculates: each variant comes to two of the first four
engines, and with every partner in turn."""

ENGINES: Mapping[str, Callable[[Sequence[Path]], list[Values]]] = {
    "libreoffice": libreoffice,
    "gnumeric": gnumeric,
    "ironcalc": ironcalc,
    "hyperformula": hyperformula,
    "formulas": formulas,
}


def missing(words: str) -> None:
    """An engine is not there: a failure in CI, elsewhere a skip that says what to install."""
    message = f"{words} is not installed"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def _program(name: str, words: str) -> str:
    found = shutil.which(name)
    if found is None:
        missing(words)
    assert found is not None
    return found


def _run(*command: str | Path) -> None:
    """Run a program to its end; where that takes too long, end it and whatever it started."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=said, start_new_session=True)
        try:
            code = process.wait(SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
            process.wait()
            raise
        said.seek(0)
        assert code == 0, f"{command[0]} ended in {code}: {said.read().decode(errors='replace')}"


def _saved(path: Path) -> Values:
    """The values of a file that an engine saved."""
    package = Package(path.read_bytes())
    return lambda place: package.value(*place)


# ── what came back ────────────────────────────────────────────────────────────────────────────────────────────────


_OPENED: WeakValueDictionary[bytes, Package] = WeakValueDictionary()
"""Each file is opened once for all engines: a hundred workbooks take gigabytes."""


class Recalculated:
    """A workbook of ours as an engine calculated it."""

    def __init__(self, file: bytes, values: Values) -> None:
        self.package = _OPENED.get(file) or _OPENED.setdefault(file, Package(file))
        self._values = values

    def shows(self, sheet: str, address: str) -> object:
        """What a cell shows."""
        return self._values((sheet, address))

    @property
    def names(self) -> set[str]:
        """The quantities that stand in it."""
        texts = {"problem_text", "workbook_text"}
        return (
            set(self.package.names)
            - {"vocabulary", "classes", "letters", "wanted", "decimals", "board_decimals"}
            - texts
        )

    def value(self, name: str) -> np.ndarray:
        """The numbers of a quantity, rows by columns; NaN for what is no number."""
        title, area = self.package.area(name)
        return np.array([[_number(self.shows(title, address)) for address in row] for row in area])

    def differing(self, trace: Trace) -> set[str]:
        """The quantities of a trace that are not equal here."""
        return {name for name, q in trace.items() if not equal(q, self.value(name))}

    @property
    def top(self) -> object:
        """The Check sheet's line for all."""
        return self.shows("Check", "A2")

    @property
    def verdicts(self) -> dict[str, object]:
        """The Check sheet's verdict on each quantity, and on the letters."""
        rows = [row for column, row in map(split, self.package.cells["Check"]) if column == 3 and row > 5]
        return {str(self.package.value("Check", f"A{row}")): self.shows("Check", f"C{row}") for row in rows}

    def beside(self, label: str) -> object:
        """What stands on Start beside the first of a label."""
        row = min(split(a)[1] for a in self.package.cells["Start"] if self.package.value("Start", a) == label)
        return self.shows("Start", f"B{row}")


def _number(found: object) -> float:
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else np.nan


def equal(q: Quantity, numbers: np.ndarray) -> bool:
    """Equal as docs mean it: within 1e-12, times 1 or the largest entry of the quantity and of what it came from."""
    size = max(1.0, *(float(np.abs(source.value).max()) for source in (q, *q.sources)))
    return numbers.shape == q.shape and bool((np.abs(numbers - q.value) <= TOLERANCE * size).all())


def assert_start_shows(book: Recalculated, trace: Trace) -> None:
    """The Start sheet shows a trace's loss, and what the last step predicts or puts out."""
    problem = trace.problem
    if "loss" in trace:
        assert book.beside("total loss") == pytest.approx(trace["loss"].value.item(), rel=1e-12)
    if problem.output_at == "none":
        return
    out = trace[f"{'y' if problem.output_function == 'linear' else 'p'}_{problem.steps}"].value
    if problem.output_names and problem.output_function == "softmax":
        assert book.beside("prediction") == shown_letters(problem)[problem.output_names[out.argmax()]]
    else:
        assert book.beside("output") == pytest.approx(out[0, 0], rel=1e-12, abs=1e-15)


def recalculate(engine: str, files: Mapping[Any, bytes]) -> dict[Any, Recalculated]:
    """The files as an engine calculates them, all in one call, none from its stored values."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"book{i}.xlsx" for i in range(len(files))]
        for path, file in zip(paths, files.values(), strict=True):
            path.write_bytes(poison(file))
        results = ENGINES[engine](paths)
    return {key: Recalculated(files[key], values) for key, values in zip(files, results, strict=True)}


class Batches:
    """What each engine makes of its files, calculated when first asked for; a failure comes again without the work."""

    def __init__(self, files: Callable[[str], Mapping[Any, bytes]]) -> None:
        self._files = files
        self._done: dict[str, dict[Any, Recalculated] | BaseException] = {}

    def __call__(self, engine: str, job: Any) -> Recalculated:
        if engine not in self._done:
            try:
                self._done[engine] = recalculate(engine, self._files(engine))
            except BaseException as error:  # pytest's own skip is one
                self._done[engine] = error
        done = self._done[engine]
        if isinstance(done, BaseException):
            raise done
        return done[job]
