"""Live means: what is typed into the inputs moves every number to NumPy's for the changed problem, in every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from engines.cases import STYLES, Case, draw, hello
from engines.engines import ENGINES, Batches, equal
from engines.package import Package, set_number, set_text

from rnncalc import Trace
from rnncalc.workbook.book import shown_letters

Place = tuple[str, int, int]
"""A defined name, and a row and column of it, counted from 0."""
Typed = Mapping[Place, float | str]

CASES = {
    "hello": Case(hello),
    "ab a": Case(draw("ab a", hidden=2, h_0="random", output_bias=True), clipping={"clip": 0.3}),
    "lstm": Case(draw("aba", hidden=2, cell_kind="lstm")),
    "gru": Case(draw("aba", hidden=2, cell_kind="gru", reset_after=True)),
}
CHANGES: dict[str, dict[str, Typed]] = {
    "hello": {
        "Wxh": {("Wxh", 1, 1): -0.5},
        "Whh": {("Whh", 0, 0): 0.75},
        "bh": {("bh", 0, 0): -1.0},
        "Why": {("Why", 3, 2): 0.125},
        "h_0": {("h_0", 2, 0): 0.5},
        "eta": {("eta", 0, 0): 2.5},
        "a letter read": {("letters", 0, 1): "o"},
        "a letter wanted": {("wanted", 0, 2): "h"},
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
        "a letter wanted": {("wanted", 0, 1): "a"},
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
}  # fmt: skip
SLOWLY = {("cells", "a letter read"), ("matrix", "a letter wanted"), ("cells", "Whh"), ("matrix", "eta")}
JOBS = {
    engine: [
        (name, change, style)
        for name, changes in CHANGES.items()
        for change in changes
        for style in STYLES
        if engine != "formulas" or (name == "ab a" and (change == "all" or (style, change) in SLOWLY))
    ]
    for engine in ENGINES
}
"""The formulas package is slow, and gets a few changes of the smaller workbook, and all together."""
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
    """NumPy's figures for the problem that was typed."""
    problem = case.problem
    weights = {name: array.copy() for name, array in problem.weights.items()}
    arrays = {**weights, **{n: a.copy() for n, a in problem.initial_states().items()}, "eta": np.array([[problem.eta]])}
    arrays |= {name: np.array([[value]]) for name, value in case.clipping.items()}
    rows = {"letters": list(problem.inputs), "wanted": list(problem.targets)}
    for (name, row, column), what in typed.items():
        if isinstance(what, str):
            rows[name][column] = what
        else:
            arrays[name][row, column] = what
    changed = problem.replace(
        weights=weights,
        **{name: arrays[name] for name in problem.initial_states()},
        eta=arrays["eta"].item(),
        inputs=rows["letters"],
        targets=rows["wanted"],
    )
    return replace(case, problem=changed, clipping={name: arrays[name].item() for name in case.clipping}).trace()


@each_change
def test_every_quantity_equals_numpy_on_the_changed_problem(calculated, engine, name, change, style):
    expected = numpy_on(CASES[name], CHANGES[name][change])
    before = CASES[name].trace()
    assert any(not equal(q, expected[name].value) for name, q in before.items())
    assert calculated(engine, (name, change, style)).differing(expected) == set()


@each_change
def test_start_shows_the_new_loss_and_prediction(calculated, engine, name, change, style):
    book, expected = calculated(engine, (name, change, style)), numpy_on(CASES[name], CHANGES[name][change])
    problem = expected.problem
    assert book.beside("total loss") == pytest.approx(expected["loss"].value.item(), rel=1e-12)
    likeliest = problem.vocabulary[expected[f"p_{problem.steps}"].value.argmax()]
    assert book.beside("prediction") == shown_letters(problem)[likeliest]


@each_change
def test_the_check_sheet_says_that_inputs_were_changed(calculated, engine, name, change, style):
    typed = CHANGES[name][change]
    book, before, after = calculated(engine, (name, change, style)), CASES[name].trace(), numpy_on(CASES[name], typed)
    words = {"letters": "letters read", "wanted": "letters wanted"}
    changed = {words.get(place, place) for place, _, _ in typed}
    given = {q.name for q in before.values() if q.rule is None and not q.step} | set(words.values())
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
