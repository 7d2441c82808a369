"""The Board alone and the long sheets alone, and the Board's short formulas with the largest weights that it takes."""

import numpy as np
import pytest
from engines.cases import CASES, STYLES
from engines.engines import Batches, equal
from engines.package import Package, set_number

from rnncalc import Problem
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.limits import LARGEST_STATE, gate_limits

NAMES = (
    "hello", "lstm", "gru", "gru, reset after", "two layers of lstm, states random", "gru on lstm on rnn, a head, mean",
    "words, embedding, classes at the last step", "generated letters", "a vocabulary of 40", "no output",
)  # fmt: skip
JOBS = [
    (name, layout, STYLES[(number + place) % 2])
    for number, name in enumerate(NAMES)
    for place, layout in enumerate(("board", "steps"))
]
BY_TURNS = {job: ("libreoffice", "gnumeric")[(number // 2 + number // 4) % 2] for number, job in enumerate(JOBS)}
"""Which engine calculates a job: each layout in each style comes to both of them."""
each_engine = pytest.mark.parametrize("engine", ["libreoffice", "gnumeric"])


@pytest.fixture(scope="module")
def calculated() -> Batches:
    return Batches(
        lambda engine: {
            (name, layout, style): export(CASES[name].problem, layout=layout, formulas=style)
            for (name, layout, style), whose in BY_TURNS.items()
            if whose == engine
        }
    )


@pytest.mark.parametrize(("name", "layout", "style"), JOBS)
def test_each_layout_alone_gives_numpys_numbers(calculated, name, layout, style):
    engine = BY_TURNS[name, layout, style]
    book, trace = calculated(engine, (name, layout, style)), whole_trace(CASES[name].problem)
    steps = {q.name for q in trace.values() if q.rule is not None and q.step and q.shape[1] == 1}
    there = book.names & set(trace)
    assert (set(trace) if layout == "steps" else {n for n in steps if n.startswith(("h_", "dh_"))}) <= there
    assert {n for n in there if not equal(trace[n], book.value(n))} == set()


LARGE = {name: Problem.template(name) for name in ("lstm", "gru")}


@pytest.fixture(scope="module")
def at_the_limits() -> Batches:
    """Every weight of a gate as large as its cell takes it, of one sign, and so the states before the first letter."""

    def files(_: str) -> dict[str, bytes]:
        found = {}
        for name, problem in LARGE.items():
            for sign in (1, -1):
                package = Package(export(problem))
                for weight, numbers in largest(problem, sign).items():
                    for (i, j), number in np.ndenumerate(numbers):
                        set_number(package.cell(weight, i, j), float(number))
                found[f"{name} {sign}"] = package.to_bytes()
        return found

    return Batches(files)


def largest(problem: Problem, sign: int) -> dict[str, np.ndarray]:
    (limit,) = set(gate_limits(problem).values())
    gates = [name for name in problem.weights if name not in ("Why", "by")]
    numbers = {name: np.full(problem.weights[name].shape, sign * limit) for name in gates}
    return numbers | {"h_0": np.full(problem.states["h_0"].shape, LARGEST_STATE)}


@each_engine
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", LARGE)
def test_with_the_largest_weights_that_its_cells_take_no_gate_overflows(at_the_limits, engine, name, sign):
    problem, book = LARGE[name], at_the_limits(engine, f"{name} {sign}")
    changed = largest(problem, sign)
    states = {**problem.states, "h_0": changed.pop("h_0")}
    trace = whole_trace(problem.replace(weights={**problem.weights, **changed}, states=states))
    gates = [q for q in trace.values() if q.family.gate and q.rule is not None and not q.is_gradient]
    assert max(abs(q.value).max() for q in gates) > 600
    assert {q.name for q in gates if not equal(q, book.value(q.name))} == set()
