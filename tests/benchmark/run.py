"""What rnncalc costs: each benchmark measures it beside a yardstick, in turns in one run, and limits the ratio.

    python tests/benchmark/run.py              every benchmark
    python tests/benchmark/run.py help trace   these only
    python tests/benchmark/run.py --large      what large workbooks cost, without a limit

Ends in 0 where every ratio is within its limit, else in 1. docs/benchmark.md says what is measured and why.
"""

from __future__ import annotations

import argparse
import atexit
import io
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

import numpy as np
import openpyxl
from openpyxl.styles import Font, NamedStyle

from rnncalc import Problem, Trace, backward, forward, update
from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.assignment_reader import read_assignment
from rnncalc.classroom.assignment_writer import new_assignment
from rnncalc.classroom.grading import grade
from rnncalc.classroom.intake.files import Handed
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.worksheet import worksheet

Run = Callable[[], object]
Prepare = Callable[[], tuple[Run, Run]]


def seconds(run: Run) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def most_memory(run: Run) -> float:
    """The bytes in use at the highest, of what a run asked for."""
    tracemalloc.start()
    run()
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


class Gauge(NamedTuple):
    """What is measured of a run, in how many rounds, and how it is shown."""

    of: Callable[[Run], float]
    rounds: int
    unit: str
    units: float


TIME = Gauge(seconds, 25, "ms", 1e3)
WORKBOOK = Gauge(seconds, 5, "ms", 1e3)
ONCE = Gauge(seconds, 1, "s", 1)
MEMORY = Gauge(most_memory, 1, "MB", 1e-6)


class Benchmark(NamedTuple):
    """Two things to measure: ``prepare`` makes ready and gives rnncalc's run and the yardstick's."""

    name: str
    words: str
    limit: float
    gauge: Gauge
    prepare: Prepare


BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(words: str, *, limit: float, gauge: Gauge = TIME) -> Callable[[Prepare], Prepare]:
    """Register the function below under its name."""

    def register(prepare: Prepare) -> Prepare:
        name = prepare.__name__.removesuffix("_")
        BENCHMARKS[name] = Benchmark(name, words, limit, gauge, prepare)
        return prepare

    return register


# ── what is measured ──────────────────────────────────────────────────────────────────────────────────────────────


@benchmark('rnncalc --help / python -c "import click"', limit=1.5)
def help_() -> tuple[Run, Run]:
    return rnncalc("--help"), python("import click")


@benchmark('rnncalc forward hello / python -c "import numpy, click, rich.console, rich.table"', limit=1.5)
def page() -> tuple[Run, Run]:
    return rnncalc("forward", "hello"), python("import numpy, click, rich.console, rich.table")


@benchmark("forward trace, 1,000 steps, 32 hidden units / bare NumPy loop", limit=20)
def trace() -> tuple[Run, Run]:
    problem = long_problem()
    assert np.isclose(bare_loss(problem), forward(problem)["loss"].value, rtol=1e-12), "The two compute other numbers."
    return lambda: forward(problem), lambda: bare_loss(problem)


@benchmark("backward (with its forward), 1,000 steps, 32 hidden units / forward", limit=4)
def gradients() -> tuple[Run, Run]:
    problem = long_problem()
    return lambda: backward(problem), lambda: forward(problem)


@benchmark("memory of backward, 1,000 steps, 32 hidden units / 500 steps", limit=2.2, gauge=MEMORY)
def memory() -> tuple[Run, Run]:
    whole, half = long_problem(), long_problem(500)
    return lambda: backward(whole), lambda: backward(half)


@benchmark("export, 20 steps, 8 hidden units, 12 letters / openpyxl, as many styled cells", limit=1, gauge=WORKBOOK)
def workbook() -> tuple[Run, Run]:
    problem = Problem.draw("abcdefghijkl" + "lkjihgfed", hidden=8)
    cells = cells_by_sheet(export(problem))
    return lambda: export(problem), lambda: styled_cells(cells)


@benchmark("export through forward, 613,000 weights / openpyxl's write-only mode, as many numbers", limit=3, gauge=ONCE)
def sentiment() -> tuple[Run, Run]:
    problem = sentiment_problem()
    cells = cells_by_sheet(export(problem, through="forward"))
    return lambda: export(problem, through="forward"), lambda: plain_cells(cells)


@benchmark('rnncalc verify, a filled hello worksheet / python -c "import numpy, openpyxl"', limit=3)
def marking() -> tuple[Run, Run]:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "filled.xlsx"
    fill_in(file)
    return rnncalc("verify", str(file)), python("import numpy, openpyxl")


@benchmark("grading 1,000 hello submissions / reading them with openpyxl's read-only mode", limit=10, gauge=ONCE)
def grading() -> tuple[Run, Run]:
    assignment, handed = class_of(1000)
    return lambda: grade(assignment, handed), lambda: read_all(handed)


@benchmark("grading 1,000 hello submissions in 2 processes / in one", limit=1 / 1.6, gauge=ONCE)
def processes() -> tuple[Run, Run]:
    assignment, handed = class_of(1000)

    def in_two() -> None:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            assert len(grade(assignment, handed, executor=pool, workers=2).graded) == len(handed)

    return in_two, lambda: grade(assignment, handed)


@benchmark("memory of grading and keeping 400 hello submissions / 100", limit=1.5, gauge=MEMORY)
def class_memory() -> tuple[Run, Run]:
    assignment, many = class_of(400)
    _, few = class_of(100)
    grade(assignment, dict(list(few.items())[:2]))  # what is loaded once is loaded
    return lambda: grade(assignment, many), lambda: grade(assignment, few)


# ── what they are measured with ───────────────────────────────────────────────────────────────────────────────────


def rnncalc(*arguments: str) -> Run:
    """A run of the command line, as a person starts it: by the script beside this Python, if it is installed."""
    script = shutil.which("rnncalc", path=str(Path(sys.executable).parent))
    return process([script] if script else [sys.executable, "-m", "rnncalc"], *arguments)


def python(code: str) -> Run:
    """A run of Python that does no more than this code."""
    return process([sys.executable, "-c"], code)


def process(program: list[str], *arguments: str) -> Run:
    return lambda: subprocess.run([*program, *arguments], stdout=subprocess.DEVNULL, check=True)


def fill_in(file: Path) -> None:
    """The worksheet of hello with every number in it, rounded to the decimals asked for."""
    content, asked = worksheet(Problem.template("hello"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name in asked.names:
        ((sheet, where),) = book.defined_names[name].destinations
        cells = book[sheet][where]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                cell.value = round(float(asked.trace[name].value[i, j]), 4)
    book.save(file)


def class_of(size: int) -> tuple[Assignment, dict[str, Handed]]:
    """A class that was given one network, and as many right files."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "hw.toml"
    problem, points = {"template": "hello"}, {"forward": 10.0, "loss": 5.0, "backward": 10.0, "update": 5.0}
    text = new_assignment("hw", "0" * 32, problem, ask_for=list(points), decimals=4, points=points, same=True)
    file.write_text(text, encoding="utf-8")
    first = folder / "0.xlsx"
    fill_in(first)
    content = first.read_bytes()
    handed = {}
    for i in range(size):
        one = folder / f"{i}.xlsx"
        one.write_bytes(content)
        handed[str(i)] = Handed(one.name, one, "", ())
    return read_assignment(file), handed


def read_all(handed: Mapping[str, Handed]) -> None:
    """Every cell of every file, read and thrown away."""
    for one in handed.values():
        book = openpyxl.load_workbook(one.source, read_only=True, data_only=True)
        for sheet in book:
            for _ in sheet.iter_rows(values_only=True):
                pass
        book.close()


def long_problem(steps: int = 1000) -> Problem:
    """So many steps over 26 letters with 32 hidden units."""
    letters = "the quick brown fox jumps over a lazy dog".replace(" ", "")
    return Problem.draw((letters * 50)[: steps + 1], hidden=32)


def cells_by_sheet(file: bytes) -> list[int]:
    """How many cells each sheet of a workbook has."""
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        return [opened.read(name).count(b"<c r=") for name in opened.namelist() if "/sheet" in name]


def styled_cells(counts: list[int]) -> None:
    """openpyxl alone: so many numbers in one shared style, nothing computed."""
    book = openpyxl.Workbook()
    style = NamedStyle("number", font=Font(bold=True), number_format="0.000000")
    book.add_named_style(style)
    for count in counts:
        sheet = book.create_sheet()
        for i in range(count):
            cell = sheet.cell(i // 20 + 1, i % 20 + 1, 0.123456)
            cell.style = "number"
    book.save(io.BytesIO())


def plain_cells(counts: list[int]) -> None:
    """openpyxl alone, as it writes fastest: so many numbers, nothing computed."""
    book = openpyxl.Workbook(write_only=True)
    for count in counts:
        sheet = book.create_sheet()
        for i in range(0, count, 100):
            sheet.append([0.123456789012345] * min(100, count - i))
    book.save(io.BytesIO())


def sentiment_problem() -> Problem:
    """15 steps of one number, a simple cell of 100 units, dense layers of 1,000 and 500, two classes at the end: a
    sentiment network as Keras makes it, its weights so small that no unit is saturated."""
    drawn = Problem.draw(
        inputs=[[t / 10] for t in range(-7, 8)],
        hidden=100,
        activation="relu",
        head=[1000, 500],
        head_activation=["sigmoid", "relu"],
        classes=("negative", "positive"),
        output_at="last",
        output_bias=True,
    )
    return drawn.with_arrays({name: weights / np.sqrt(weights.shape[1]) for name, weights in drawn.weights.items()})


def bare_loss(problem: Problem) -> float:
    """The arithmetic of the forward pass as anyone would write it in NumPy, keeping nothing but h."""
    Wxh, Whh, bh, Why = (problem.weights[name] for name in ("Wxh", "Whh", "bh", "Why"))
    columns = dict(zip(problem.vocabulary, np.eye(len(problem.vocabulary))[..., np.newaxis], strict=True))
    h, loss = problem.h_0, 0.0
    for letter, wanted in zip(problem.inputs, problem.targets, strict=True):
        h = np.tanh(Wxh @ columns[letter] + (Whh @ h + bh))
        y = Why @ h
        exp = np.exp(y - y.max())
        p = exp / exp.sum()
        loss -= np.log((columns[wanted] * p).sum())
    return loss


# ── the measuring ─────────────────────────────────────────────────────────────────────────────────────────────────


def measure(gauge: Gauge, ours: Run, yardstick: Run) -> tuple[float, float]:
    """The medians of both; they take turns, so that a busy moment of the machine meets both."""
    pairs = [(gauge.of(ours), gauge.of(yardstick)) for _ in range(gauge.rounds)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def report_large_workbooks() -> None:
    """Print what two workbooks cost, and whether LibreOffice agrees with them: 100 steps, 32 hidden units and 30
    letters through the update; and the sentiment network's forward pass.

    Whh is small: with a large one a difference in the last digit grows from step to step, in any engine.
    """
    drawn = Problem.draw(("abcdefghijklmnopqrstuvwxyzABCD" * 4)[:101], hidden=32)
    problem = drawn.with_arrays({"Whh": drawn.weights["Whh"] / 10})
    report_workbook("100 steps, 32 hidden units, 30 letters", problem, "update", update(backward(problem)))
    problem = sentiment_problem()
    report_workbook("the sentiment network", problem, "forward", forward(problem))


def report_workbook(words: str, problem: Problem, through: str, trace: Trace) -> None:
    """Time, size, the most memory in use, and what LibreOffice makes of it, from poisoned values."""
    sys.path.append(str(Path(__file__).parents[1]))
    from engines.engines import recalculate

    file = export(problem, through=through)
    print(f"{words}: {sum(cells_by_sheet(file)):,} cells, {len(file) / 1e6:.1f} MB")
    print(f"exported in {seconds(lambda: export(problem, through=through)):.1f} s")
    print(f"at the most {most_memory(lambda: export(problem, through=through)) * 1e-6:,.0f} MB in use")
    start = perf_counter()
    book = recalculate("libreoffice", {"large": file})["large"]
    print(f"read, recalculated and saved by LibreOffice in {perf_counter() - start:.1f} s")
    print(f"{len(book.differing(trace))} of {len(trace):,} quantities differ; its Check sheet: {book.top}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure rnncalc beside its yardsticks.")
    parser.add_argument("names", nargs="*", help=f"the benchmarks to run; all by default: {', '.join(BENCHMARKS)}")
    parser.add_argument("--large", action="store_true", help="report what large workbooks cost, and no benchmark")
    arguments = parser.parse_args()
    if arguments.large:
        report_large_workbooks()
        return 0
    names = arguments.names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(BENCHMARKS)}")
    print(f"{'benchmark':<12}{'rnncalc':>12}{'yardstick':>12}{'ratio':>8}{'limit':>8}")
    within = True
    for found in map(BENCHMARKS.__getitem__, names):
        gauge = found.gauge
        ours, yardstick = measure(gauge, *found.prepare())
        ratio = ours / yardstick
        within &= ratio <= found.limit
        figures = "".join(f"{figure * gauge.units:>9.1f} {gauge.unit}" for figure in (ours, yardstick))
        verdict = "ok" if ratio <= found.limit else "OVER"
        print(f"{found.name:<12}{figures}{ratio:>8.2f}{found.limit:>8g}  {verdict:<4}  {found.words}", flush=True)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
