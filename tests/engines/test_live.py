"""Live means: what is typed into the inputs moves every number to NumPy's for the changed problem, in every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from engines.cases import NUMBERS, STYLES, Case, draw, hello
from engines.engines import ENGINES, Batches, assert_start_shows, equal
from engines.package import Package, set_number, set_text

from rnncalc import Trace
from rnncalc.workbook.write.book import shown_letters

Place = tuple[str, int, int]
"""A defined name, and a row and column of it, counted from 0."""
Typed = Mapping[Place, float | str]

CASES = {
    "hello": Case(hello),
    "ab a": Case(draw("ab a", hidden=2, h_0="random", output_bias=True), clipping={"clip": 0.3}),
    "lstm": Case(draw("aba", hidden=2, cell_kind="lstm")),
    "gru": Case(draw("aba", hidden=2, cell_kind="gru", reset_after=True)),
    "words": Case(
        draw(
            "a good film", tokens="words", hidden=2, layers=2, embedding=2, head=[2], classes=("bad", "good"),
            output_at="last", targets=["good"],
        ),
    ),
    "numbers": Case(
        draw(
            inputs=NUMBERS, hidden=2, classes=2, output_function="linear", generate=1,
            targets=[[0.5, -1.0], "", [0.25, 2.0], [0.0, 1.0]],
        ),
    ),
    "yes or no": Case(
        draw(inputs=NUMBERS[:2], hidden=1, classes=1, output_function="sigmoid", targets=[[1.0], [0.0]]),
    ),
    "generated": Case(draw("ab", vocabulary="abc", hidden=2, generate=3, targets=["b", "c", "", "", "a"])),
}  # fmt: skip
CHANGES: dict[str, dict[str, Typed]] = {
    "hello": {
        "Wxh": {("Wxh", 1, 1): -0.5},
        "Whh": {("Whh", 0, 0): 0.75},
        "bh": {("bh", 0, 0): -1.0},
        "Why": {("Why", 3, 2): 0.125},
        "h_0": {("h_0", 2, 0): 0.5},
        "eta": {("eta", 0, 0): 2.5},
        "a letter read": {("letters", 0, 1): "o"},
        "a target letter": {("wanted", 0, 2): "h"},
        "all": {
            ("Wxh", 0, 0): 0.3, ("Wxh", 2, 3): -0.2, ("Whh", 0, 0): 0.1, ("bh", 0, 0): 0.0, ("Why", 0, 0): 1.5,
            ("h_0", 0, 0): -0.5, ("eta", 0, 0): 0.01, ("letters", 0, 0): "l", ("wanted", 0, 3): "l",
        },
    },
    "ab a": {
        "Wxh": {("Wxh", 0, 2): 1.25},
        "Whh": {("Whh", 1, 0): -0.75},
        "bh": {("bh", 1, 0): 0.5},
        "Why": {("Why", 2, 0): 0.25},
        "by": {("by", 1, 0): -0.5},
        "h_0": {("h_0", 1, 0): 0.0},
        "eta": {("eta", 0, 0): 1.0},
        "clip": {("clip", 0, 0): 0.05},
        "a letter read": {("letters", 0, 0): " "},
        "a target letter": {("wanted", 0, 1): "a"},
        "all": {
            ("Wxh", 1, 1): 0.3, ("Whh", 0, 1): 0.6, ("bh", 0, 0): 0.1, ("Why", 1, 1): -1.0, ("by", 0, 0): 0.2,
            ("h_0", 0, 0): 0.9, ("eta", 0, 0): 0.5, ("clip", 0, 0): 1.0, ("letters", 0, 2): "b", ("wanted", 0, 0): " ",
        },
    },
    "lstm": {
        "c_0": {("c_0", 1, 0): 0.5},
        "all": {
            ("Wxi", 0, 0): 0.3, ("Whf", 1, 0): -0.6, ("bg", 0, 0): 0.1, ("Who", 1, 1): -1.0, ("Why", 0, 1): 0.2,
            ("h_0", 0, 0): 0.9, ("c_0", 0, 0): -0.25, ("eta", 0, 0): 0.5, ("letters", 0, 1): "a",
        },
    },
    "gru": {
        "bhn": {("bhn", 1, 0): 0.5},
        "all": {
            ("Wxr", 0, 0): 0.3, ("Whz", 1, 0): -0.6, ("bn", 0, 0): 0.1, ("Whn", 1, 1): -1.0, ("bhn", 0, 0): 0.2,
            ("h_0", 0, 0): 0.9, ("eta", 0, 0): 0.5, ("wanted", 0, 1): "b",
        },
    },
    "words": {
        "a word read": {("letters", 0, 1): "a"},
        "the target class": {("wanted", 0, 2): "bad"},
        "all": {
            ("Wxe", 0, 1): 0.5, ("Whh_L2", 1, 0): -0.6, ("bh_L2", 0, 0): 0.1, ("h_L2_0", 1, 0): 0.9,
            ("Wv_D1", 0, 0): 2.0, ("bv_D1", 1, 0): -0.5, ("letters", 0, 0): "film", ("wanted", 0, 2): "bad",
        },
    },
    "numbers": {
        "a number read": {("x_2", 1, 0): -1.5},
        "a target number": {("target_4", 0, 0): 2.0},
        "all": {("x_1", 0, 0): 0.75, ("x_3", 1, 0): 1.0, ("target_1", 1, 0): 0.0, ("Why", 0, 0): 0.5},
    },
    "yes or no": {
        "a number read": {("x_2", 0, 0): -1.5},
        "a target number": {("target_2", 0, 0): 1.0},
    },
    "generated": {
        "a letter read": {("letters", 0, 1): "a"},
        "a target letter": {("wanted", 0, 4): "c"},
        "a weight, so that another letter is predicted": {("Why", 0, 0): 9.0, ("Why", 2, 1): -9.0},
    },
}  # fmt: skip
SLOWLY = {("ab a", "a letter read"), *(("yes or no", change) for change in CHANGES["yes or no"])}
EVERY = [(name, change) for name, changes in CHANGES.items() for change in changes]
TURNS = (
    ("libreoffice", "gnumeric"),
    ("ironcalc", "hyperformula"),
    ("gnumeric", "libreoffice"),
    ("hyperformula", "ironcalc"),
)
"""Which engine calculates a change in each style, change after change."""


def engines(number: int, name: str, change: str, style: str) -> set[str]:
    """Those that calculate a change in a style. HyperFormula does not know a formula of what is generated, see
    test_recalculated.py. The formulas package is slow, and gets a few of the smaller workbooks."""
    turn = 2 * number if name == "generated" else number
    slow = {"formulas"} if (name, change) in SLOWLY and style == STYLES[number % 2] else set()
    return {TURNS[turn % 4][STYLES.index(style)]} | slow


JOBS = {
    engine: [
        (name, change, style)
        for number, (name, change) in enumerate(EVERY)
        for style in STYLES
        if engine in engines(number, name, change, style)
    ]
    for engine in ENGINES
}
each_change = pytest.mark.parametrize(
    ("engine", "name", "change", "style"),
    [pytest.param(engine, *job, id="-".join((engine, *job))) for engine, jobs in JOBS.items() for job in jobs],
)


@pytest.fixture(scope="module")
def calculated() -> Batches:
    """The changed workbooks as an engine calculates them."""
    books = {(name, style): case.file(style) for name, case in CASES.items() for style in STYLES}
    return Batches(
        lambda engine: {
            (name, change, style): typed_into(books[name, style], CASES[name], CHANGES[name][change])
            for name, change, style in JOBS[engine]
        }
    )


def typed_into(file: bytes, case: Case, typed: Typed) -> bytes:
    """The workbook with numbers and letters typed over its inputs."""
    package = Package(file)
    for place, what in typed.items():
        if isinstance(what, str):
            set_text(package.cell(*place), shown_letters(case.problem)[what])
        else:
            set_number(package.cell(*place), what)
    return package.to_bytes()


def numpy_on(case: Case, typed: Typed) -> Trace:
    """NumPy's results for the problem that was typed."""
    problem = case.problem
    weights = {name: array.copy() for name, array in problem.weights.items()}
    states = {name: array.copy() for name, array in problem.states.items()}
    rates = {"eta": np.array([[problem.eta]])} | {name: np.array([[value]]) for name, value in case.clipping.items()}
    told = {"letters": list(problem.inputs), "wanted": list(problem.targets)}
    for (name, row, column), what in typed.items():
        family, _, step = name.partition("_")
        if name in told:
            told[name][column] = what
        elif family in ("x", "target"):
            entries = told["letters" if family == "x" else "wanted"]
            entries[int(step) - 1] = entries[int(step) - 1].copy()
            entries[int(step) - 1][row, column] = what
        else:
            (weights | states | rates)[name][row, column] = what
    changed = problem.with_arrays(weights | states).replace(
        eta=rates["eta"].item(),
        inputs=told["letters"],
        targets=told["wanted"],
    )
    return replace(case, problem=changed, clipping={name: rates[name].item() for name in case.clipping}).trace()


@each_change
def test_every_quantity_equals_numpy_on_the_changed_problem(calculated, engine, name, change, style):
    expected = numpy_on(CASES[name], CHANGES[name][change])
    before = CASES[name].trace()
    assert any(not equal(q, expected[name].value) for name, q in before.items())
    assert calculated(engine, (name, change, style)).differing(expected) == set()


@each_change
def test_start_shows_the_new_loss_and_prediction(calculated, engine, name, change, style):
    expected = numpy_on(CASES[name], CHANGES[name][change])
    assert_start_shows(calculated(engine, (name, change, style)), expected)


@each_change
def test_the_check_sheet_says_that_inputs_were_changed(calculated, engine, name, change, style):
    typed, case = CHANGES[name][change], CASES[name]
    book, before, after = calculated(engine, (name, change, style)), case.trace(), numpy_on(case, typed)
    changed = {case.token_rows.get(place, place) for place, _, _ in typed}
    given = case.typed | set(case.token_rows.values())
    assert {name: book.verdicts[name] for name in given} == {
        name: "changed" if name in changed else "as given" for name in given
    }
    assert {name: verdict for name, verdict in book.verdicts.items() if name not in given} == {
        name: "equal" if equal(before[name], q.value) else "follows the change"
        for name, q in after.items()
        if name not in given
    }
    assert book.top == book.beside("check")
    assert str(book.top).startswith("You have changed the inputs.")


def test_the_changed_weight_changes_what_is_generated():
    case, typed = CASES["generated"], CHANGES["generated"]["a weight, so that another letter is predicted"]
    before, after = case.trace(), numpy_on(case, typed)
    assert any((before[f"x_{t}"].value != after[f"x_{t}"].value).any() for t in (3, 4, 5))
