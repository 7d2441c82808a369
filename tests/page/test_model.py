"""The numbers of a page are NumPy's: as it comes, after any given number was changed, and after updates."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from engines.cases import CASES
from page.scripts import folder, run, write

from rnncalc import Problem
from rnncalc.errors import ArithmeticOverflow
from rnncalc.network.stages import trace_to
from rnncalc.network.trace import Trace
from rnncalc.page.content import content
from rnncalc.page.modules import modules

NAMES = [name for name in CASES if name != "600 classes"]  # slow, and like a vocabulary of 40
UPDATES = 20


def other(case: Any) -> Problem:
    """A problem of the same form with other letters and numbers wherever a page lets one change them."""
    problem = case.problem
    by = np.random.default_rng(7)
    several = {name: array + by.uniform(-0.3, 0.3, array.shape) for name, array in problem.weights.items()}
    states = {name: array + by.uniform(-0.3, 0.3, array.shape) for name, array in problem.states.items()}
    inputs = [turned(read, problem.vocabulary, by) for read in problem.inputs]
    targets = [turned(wanted, problem.output_names, by) for wanted in problem.targets]
    return problem.replace(weights=several, states=states, inputs=inputs, targets=targets, eta=problem.eta * 0.75)


def turned(given: Any, names: tuple[str, ...], by: np.random.Generator) -> Any:
    """Another letter, or other numbers, that still may stand there."""
    if given is None:
        return None
    if isinstance(given, str):
        return names[by.integers(len(names))]
    return given[::-1].copy()


def trace_of(case: Any, problem: Problem) -> Trace:
    return trace_to(problem, case.through or ("update" if problem.has_loss else "forward"), truncate=case.truncate,
                    **case.clipping)  # fmt: skip


def updates(case: Any) -> bool:
    """Whether the page has new weights."""
    return any(name.endswith("_new") for name in case.trace())


def updated(case: Any, problem: Problem) -> Problem:
    """After a step of gradient descent."""
    trace = trace_of(case, problem)
    return problem.replace(weights={name: trace[f"{name}_new"].value for name in problem.weights})


@cache
def computed() -> dict[str, Any]:
    """What the scripts make of every case, in one run."""
    given = []
    for name in NAMES:
        case = CASES[name]
        trace, changed = trace_of(case, case.problem), trace_of(case, other(case))
        changes = {
            q.name: changed[q.name].value.reshape(-1).tolist()
            for q in trace.values()
            if q.rule is None and not np.array_equal(q.value, changed[q.name].value)
        }
        given.append({"content": content(trace), "changes": changes, "updates": UPDATES if updates(case) else 0})
    return dict(zip(NAMES, run("compute.mjs", given), strict=True))


def worst(trace: Trace, numbers: dict[str, list[float]]) -> float:
    """The largest difference, beside the largest number of its table and of what that is computed from."""
    assert list(numbers) == list(trace)
    shares = [0.0]
    for q in trace.values():
        scale = max(1.0, *(float(np.abs(s.value).max()) for s in (q, *q.sources)))
        shares.append(float(np.abs(np.array(numbers[q.name], dtype=float) - q.value.reshape(-1)).max()) / scale)
    return max(shares)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_numpys_as_the_page_comes(name):
    assert worst(trace_of(CASES[name], CASES[name].problem), computed()[name]["first"]) <= 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_numpys_after_changes(name):
    assert worst(trace_of(CASES[name], other(CASES[name])), computed()[name]["changed"]) <= 1e-12


@pytest.mark.parametrize("name", [name for name in NAMES if updates(CASES[name])])
def test_every_number_is_numpys_after_updates(name):
    case = CASES[name]
    problem = other(case)
    try:
        for _ in range(UPDATES):
            problem = updated(case, problem)
    except ArithmeticOverflow:  # the training diverges, and so it does on the page
        assert computed()[name]["count"] < UPDATES
        return
    assert computed()[name]["count"] == UPDATES
    assert worst(trace_of(case, problem), computed()[name]["updated"]) <= 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_all_can_be_undone(name):
    assert computed()[name]["undone"] == computed()[name]["first"]


def test_a_wrong_function_is_seen(tmp_path):
    wrong = modules()
    wrong["functions.js"] = wrong["functions.js"].replace("Math.tanh(a)", "Math.tanh(a) * (1 + 1e-11)")
    write(tmp_path, wrong)
    trace = trace_of(CASES["hello"], CASES["hello"].problem)
    (done,) = run("compute.mjs", [{"content": content(trace), "changes": {}, "updates": 0}], tmp_path)
    assert worst(trace, done["first"]) > 1e-12
    assert folder() != tmp_path
