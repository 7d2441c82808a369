"""A simulated class: each pupil works their own worksheet, with slips that are known, and is marked by hand.

The oracle of grading, which it shares nothing with: the given numbers are read from the cells of the worksheet that was
handed out, the forward pass is written out below, and a mark is what the planted slip costs.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import numpy as np
from engines.package import Package, set_number, set_text
from workbook.filled import stored
from workbook.read.test_hostile import HUGE, cut_inside, exchanged, flipped_inside, noise, nonsense, shortened, shuffled

from rnncalc.classroom.assignment import Assignment
from rnncalc.classroom.assignment_reader import read_assignment
from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import Enrolled, make, students_csv

Array = np.ndarray[Any, Any]
WORD, VOCABULARY = "hello", "helo"
DECIMALS = 4
HALF_UNIT = 0.5 * 10.0**-DECIMALS
POINTS = {"forward": 10.0, "loss": 4.0, "h_2": 3.0, "wx_*": 1.5}
FOLLOWS = 0.5
"""What a number earns that is not right to the digit but follows, rounded early or carried on from a slip."""
PENALTIES = {"bias-left-out": 0.5, "log-base-10": 0.25}
SECRET = "a secret that nobody guesses"
TOML = f"""\
title = "Hello by hand"
secret = "{SECRET}"
[problem]
text = "{WORD}"
weight_decimals = 2
[worksheet]
ask = ["forward", "loss"]
decimals = {DECIMALS}
[points]
forward = 10
loss = 4
h_2 = 3
"wx_*" = 1.5
[credit]
rounded = {FOLLOWS}
carried = {FOLLOWS}
[penalties]
bias-left-out = 0.5
log-base-10 = 0.25
"""

# ── a pupil at work ───────────────────────────────────────────────────────────────────────────────────────────────────

SLIPS = {
    "wh": ("bias-left-out", "bias-twice"),
    "h": ("activation-left-out",),
    "p": ("softmax-not-divided",),
    "loss": ("log-base-10", "wrong-target"),
    "wx": ("invented",),
    "y": ("invented",),
    "sum": ("mean-for-sum",),
}
"""The slips that pupils make, by the family of the quantity; an invented number is no known mistake."""
SHOWS = 0.01
"""A slip that moves a number by less is none: only what nobody can take for rounding is counted as wrong."""


def given_numbers(sheet: Package) -> dict[str, Array]:
    """What a worksheet gives, read from the cells that the pupil sees."""
    numbers = {}
    for name in ("Wxh", "Whh", "bh", "Why", "h_0"):
        title, area = sheet.area(name)
        numbers[name] = np.array([[float(sheet.value(title, cell) or 0) for cell in row] for row in area])
    return numbers


class Work(NamedTuple):
    """The numbers of a worksheet, and the places in which a slip shows."""

    numbers: dict[str, Array]
    slipped: dict[str, Array]


def work(
    given: Mapping[str, Array],
    slips: Mapping[str, str] | None = None,
    *,
    rounds: bool = False,
    shows: float = SHOWS,
) -> Work:
    """Every number of the worksheet in its order; ``slips`` by quantity, where they move a number by more than
    ``shows``; ``rounds``: goes on with what is written."""
    done = Work({}, {})

    def put(name: str, right: Array, **wrong: Array) -> Array:
        invented = right + 0.3217 * (np.arange(right.size).reshape(right.shape) == 0)
        slipped = {"invented": invented, **wrong}.get((slips or {}).get(name, ""), right)
        done.slipped[name] = np.abs(slipped - right) > shows
        numbers = np.where(done.slipped[name], slipped, right)
        done.numbers[name] = to_digits(numbers) if rounds else numbers
        return done.numbers[name]

    h = given["h_0"]
    losses = []
    for t, (letter, wanted) in enumerate(pairwise(WORD), 1):
        read, target = VOCABULARY.index(letter), VOCABULARY.index(wanted)
        wx = put(f"wx_{t}", given["Wxh"][:, [read]])
        back = given["Whh"] @ h
        biases = {"bias-left-out": back, "bias-twice": back + 2 * given["bh"]}
        a = put(f"a_{t}", wx + put(f"wh_{t}", back + given["bh"], **biases))
        h = put(f"h_{t}", np.tanh(a), **{"activation-left-out": a})
        y = put(f"y_{t}", given["Why"] @ h)
        exp = put(f"exp_{t}", np.exp(y - y.max()))
        p = put(f"p_{t}", exp / exp.sum(), **{"softmax-not-divided": exp})
        logs = {"log-base-10": -np.log10(p[[target]]), "wrong-target": -np.log(p[[read]])}
        losses.append(put(f"loss_{t}", -np.log(p[[target]]), **logs))
    put("loss", sum(losses), **{"mean-for-sum": sum(losses) / len(losses)})
    return done


def to_digits(numbers: Array) -> Array:
    """As a pupil writes them down."""
    return np.round(numbers, DECIMALS) + 0.0


class Pupil(NamedTuple):
    """A pupil: who, which slips by quantity, how numbers are gone on with, and how the sheet is filled in."""

    student: Student
    slips: Mapping[str, str]
    manner: str
    rounds: bool

    def answers(self, given: Mapping[str, Array]) -> dict[str, Array]:
        """What the pupil writes; NaN for a number that is missing or none."""
        written = {name: to_digits(a) for name, a in work(given, self.slips, rounds=self.rounds).numbers.items()}
        for name, numbers in written.items():
            given_up = name.endswith(("_3", "_4")) or name == "loss"
            if self.manner == "blank" or (self.manner in ("gives up", "words") and given_up):
                numbers[:] = np.nan
            elif self.manner in ("zeros", "ones"):
                numbers[:] = self.manner == "ones"
        return written

    def fill_in(self, sheet: bytes) -> bytes:
        """The worksheet as it is handed in."""
        package = Package(sheet)
        for name, numbers in self.answers(given_numbers(package)).items():
            for (i, j), number in np.ndenumerate(numbers):
                self._write(package.cell(name, i, j), float(number))
        return package.to_bytes()

    def _write(self, cell: Element, number: float) -> None:
        if np.isnan(number):
            if self.manner == "words":
                set_text(cell, "about a half")
        elif self.manner == "commas":
            set_text(cell, f"{number:.4f}".replace(".", ","))
        elif self.manner == "percents":
            set_text(cell, f"{100 * number:.2f} %")
        elif self.manner == "formulas":
            stored(f"1*{number!r}", repr(number))(cell)
        else:
            set_number(cell, number)

    def points(self, sheet: bytes) -> dict[str, float]:
        """The points of each question, worked by hand: a question's numbers have equal shares of it."""
        given = given_numbers(Package(sheet))
        right, slipped = work(given).numbers, work(given, self.slips, rounds=self.rounds).slipped
        earned: dict[str, list[float]] = {question: [] for question in POINTS}
        for name, numbers in self.answers(given).items():
            for place, number in np.ndenumerate(numbers):
                planted = self.slips.get(name, "") if slipped[name][place] else ""
                earned[question_of(name)].append(self._share(number, right[name][place], planted))
        return {question: POINTS[question] * sum(shares) / len(shares) for question, shares in earned.items()}

    def _share(self, number: float, right: float, planted: str) -> float:
        if np.isnan(number):
            return 0.0
        if abs(number - right) <= HALF_UNIT + 1e-9:
            return 1.0
        if self.manner in ("zeros", "ones"):
            return 0.0
        return 1.0 - PENALTIES.get(planted, 1.0) if planted else FOLLOWS


def question_of(name: str) -> str:
    """Whose points a quantity's are."""
    if name == "h_2" or name.startswith("wx_"):
        return "h_2" if name == "h_2" else "wx_*"
    return "loss" if name.startswith("loss") else "forward"


MANNERS = ("numbers", "blank", "gives up", "zeros", "ones", "commas", "percents", "formulas", "words")
HABITS = [
    *(({}, manner) for manner in MANNERS),
    *(({family: kind}, "numbers") for family, kinds in SLIPS.items() for kind in kinds),
    ({"wx": "invented", "loss": "log-base-10"}, "numbers"),
    ({"wh": "bias-left-out", "y": "invented"}, "formulas"),
]


def pupils(count: int) -> list[Pupil]:
    """So many pupils; habits go round, then the step of the slip, and every other one goes on with rounded numbers."""
    found = []
    for i in range(count):
        slips, manner = HABITS[i % len(HABITS)]
        step = 1 + i // len(HABITS) % (len(WORD) - 1)
        planted = {"loss" if family == "sum" else f"{family}_{step}": kind for family, kind in slips.items()}
        who = Student(f"s{i:03}", f"Pupil {i}", f"pupil{i}@school.example")
        found.append(Pupil(who, planted, manner, rounds=i % 2 == 1))
    return found


# ── the class ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Classroom(NamedTuple):
    """A class with its worksheets, as they were handed out and as they come back, by id."""

    assignment: Assignment
    pupils: list[Pupil]
    enrolled: list[Enrolled]
    sheets: dict[str, bytes]
    handed_in: dict[str, bytes]

    @property
    def draws(self) -> dict[str, int]:
        """Which draw each pupil was given."""
        return {one.student.id: one.draw for one in self.enrolled}

    def lay_out(self, folder: Path) -> tuple[Path, Path]:
        """The class in a folder: the assignment's file, beside it the list, and the folder of what was handed in."""
        path, handed_in = folder / "hw1.toml", folder / "handed-in"
        handed_in.mkdir(parents=True)
        path.write_text(TOML, encoding="utf-8")
        (folder / "hw1.students.csv").write_text(students_csv(self.enrolled), encoding="utf-8", newline="")
        for who, file in self.handed_in.items():
            (handed_in / f"{who}.xlsx").write_bytes(file)
        return path, handed_in


def assignment(text: str = TOML) -> Assignment:
    """An assignment from the text of its file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hw1.toml"
        path.write_text(text, encoding="utf-8")
        return read_assignment(path)


@cache
def classroom(count: int) -> Classroom:
    """A class of so many pupils."""
    everybody, hw1 = pupils(count), assignment()
    made = list(make(hw1, [pupil.student for pupil in everybody]))
    sheets = {one.student.id: done.worksheet for one, done in made}
    handed_in = {pupil.student.id: pupil.fill_in(sheets[pupil.student.id]) for pupil in everybody}
    return Classroom(hw1, everybody, [one for one, _ in made], sheets, handed_in)


# ── what comes out ────────────────────────────────────────────────────────────────────────────────────────────────────


def read_rows(path: Path, key: str = "id") -> dict[str, dict[str, str]]:
    """The lines of a table by one of its columns; no two of them have the same there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len({row[key] for row in rows}) == len(rows)
    return {row[key]: row for row in rows}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder; what a killed process was writing (hidden, .part) is none yet."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not (path.name.startswith(".") and path.suffix == ".part")
    }


def hostile_files() -> list[bytes]:
    """Fifty files that are no worksheets of anybody: damaged, forged, swelling, noise."""
    chance = random.Random(50)
    makers = (shortened, flipped_inside, cut_inside, nonsense, shuffled, exchanged, noise)
    return [HUGE, *(makers[i % len(makers)](chance) for i in range(49))]
