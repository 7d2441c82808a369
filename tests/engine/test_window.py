"""One window of the trainer equals the trace: its loss, every gradient, and the states that go on."""

from itertools import product

import numpy as np
import pytest
from drawn import TOLERANCE

from rnncalc import Problem, Trace, backward
from rnncalc.engine import kernels as cells
from rnncalc.engine import layers
from rnncalc.text import Trainer, encode

CELLS = {
    "rnn": {},
    "rnn, one shared number": {"recurrent": "scalar"},
    "lstm": {"cell_kind": "lstm"},
    "gru": {"cell_kind": "gru"},
    "gru, reset after": {"cell_kind": "gru", "reset_after": True},
}
TEXT = "a bad banana and a dab"
VOCABULARY = "nd zab"


def traces(cell: str, streams: int, seed: int = 1, **settings: object) -> list[Trace]:
    """A trace for each stream: the same weights, another part of the text and another initial state."""
    steps = (len(TEXT) - 1) // streams
    options = {"vocabulary": VOCABULARY, "hidden": 4, **CELLS[cell], **settings}
    drawn = [
        Problem.draw(TEXT[k * steps : (k + 1) * steps + 1], seed=seed, h_0="random", **options) for k in range(streams)
    ]
    random = np.random.default_rng(seed)
    # smaller weights, so that what has no bound does not grow from step to step
    weights = {name: weight * (0.4 if name[0] == "W" else 1) for name, weight in drawn[0].weights.items()}
    starts = [{name: random.uniform(-1, 1, (4, 1)) for name in problem.states} for problem in drawn]
    return [backward(problem.replace(weights=weights, **start)) for problem, start in zip(drawn, starts, strict=True)]


def one_window(found: list[Trace]) -> tuple[Trainer, float]:
    """A trainer after the one window of these traces, and the loss; sgd that moves nothing that can be told."""
    problem = found[0].problem
    streams = len(found)
    trainer = Trainer(problem, encode(TEXT, VOCABULARY), window=problem.steps, streams=streams, optimizer="sgd")
    for name, state in trainer.states.items():
        state[...] = np.hstack([trace[f"{name}_0"].value for trace in found]).T
    return trainer, trainer.step()


def differences(trainer: Trainer, loss: float, found: list[Trace]) -> list[str]:
    """What of a window is not the mean of its traces."""
    had = {"loss": np.array([[loss]])} | {f"d{name}": g for name, g in trainer.parameters.gradients().items()}
    wrong = []
    for name, value in had.items():
        expected = sum(trace[name].value for trace in found) / len(found)
        bound = TOLERANCE * max(1.0, *(np.abs(trace[name].value).max() for trace in found))
        if value.shape != expected.shape or not (np.abs(value - expected) <= bound).all():
            wrong.append(name)
    return wrong


SETTINGS = {
    f"{activation}, targets {targets}, {reduction}, {'' if bias else 'no '}output bias": {
        "activation": activation,
        "targets": targets,
        "loss_reduction": reduction,
        "output_bias": bias,
    }
    for activation, (targets, reduction, bias) in product(
        ("tanh", "relu", "sigmoid", "linear"), (("next", "sum", True), ("next", "mean", False), ("last", "sum", True))
    )
}


@pytest.mark.parametrize("streams", [1, 3], ids="{} stream(s)".format)
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("cell", CELLS)
def test_loss_and_every_gradient_of_a_window_are_the_mean_of_its_streams_traces(cell, settings, streams):
    found = traces(cell, streams, **settings)
    assert {f"d{name}" for name in found[0].problem.weights} < set(found[0])
    assert differences(*one_window(found), found) == []


@pytest.mark.parametrize("cell", CELLS)
def test_the_network_for_larger_sizes_computes_the_same(cell, monkeypatch):
    monkeypatch.setattr(layers, "COMPACT_UP_TO", 0)
    found = traces(cell, 1)
    assert differences(*one_window(found), found) == []


@pytest.mark.parametrize("streams", [1, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_large_vocabularies_are_computed_the_same(cell, streams, monkeypatch):
    monkeypatch.setattr(layers, "COMPACT_UP_TO", 0)
    monkeypatch.setattr(cells, "ONE_HOT_UP_TO", 0)
    found = traces(cell, streams)
    assert differences(*one_window(found), found) == []


@pytest.mark.parametrize("streams", [1, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_of_the_initial_states_is_the_traces(cell, streams):
    found = traces(cell, streams)
    trainer, _ = one_window(found)
    (made,) = trainer._windows.values()
    for row, trace in zip(made.cell.dh[0] * streams, found, strict=True):
        assert np.abs(row - trace["dh_0"].value.ravel()).max() <= TOLERANCE * max(1, np.abs(trace["dh_0"].value).max())


@pytest.mark.parametrize("streams", [1, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_the_states_go_on_to_the_next_window_as_the_trace_has_them(cell, streams):
    found = traces(cell, streams)
    problem = found[0].problem
    trainer = Trainer(problem, encode(TEXT, VOCABULARY), window=2, streams=streams, optimizer="sgd", eta=1e-300)
    for name, state in trainer.states.items():
        state[...] = np.hstack([trace[f"{name}_0"].value for trace in found]).T
    for steps in range(2, problem.steps, 2):
        trainer.step()
        for name, state in trainer.states.items():
            for row, trace in zip(state, found, strict=True):
                assert np.abs(row - trace[f"{name}_{steps}"].value.ravel()).max() <= TOLERANCE


@pytest.mark.parametrize("cell", CELLS)
def test_float32_agrees_as_far_as_it_can(cell):
    found = traces(cell, 1)
    problem = found[0].problem
    trainer = Trainer(problem, encode(TEXT, VOCABULARY), window=problem.steps, optimizer="sgd", dtype="float32")
    for name, state in trainer.states.items():
        state[...] = found[0][f"{name}_0"].value.T
    loss = trainer.step()
    assert trainer.parameters.values.dtype == np.float32
    assert abs(loss - found[0]["loss"].value[0, 0]) < 1e-5 * loss
    for name, gradient in trainer.parameters.gradients().items():
        expected = found[0][f"d{name}"].value
        assert np.abs(gradient - expected).max() < 1e-5 * max(1, np.abs(expected).max())


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", [300.0, -300.0, 3000.0])
def test_scores_of_any_size_have_a_loss(size, dtype):
    """Every score moved by as much: the probabilities are the same, and exp alone would leave the numbers."""
    problem = Problem.draw("banana", hidden=3, output_bias=True)
    moved = problem.replace(weights={**problem.weights, "by": problem.weights["by"] + size})
    tokens = encode("banana", problem.vocabulary)
    plain, far = (Trainer(p, tokens, dtype=dtype) for p in (problem, moved))
    expected = backward(problem)["loss"].value[0, 0]
    rounding = np.finfo(dtype).eps * abs(size)
    assert abs(plain.step() - expected) < 1e-5
    assert abs(far.step() - expected) < 20 * rounding
    for name, gradient in plain.parameters.gradients().items():
        assert np.abs(far.parameters.gradients()[name] - gradient).max() < 20 * rounding


@pytest.mark.parametrize("block", ["Wx", "Wh", "b", "Why", "by"])
def test_a_wrong_gradient_is_caught(block):
    found = traces("lstm", 3, output_bias=True)
    trainer, loss = one_window(found)
    trainer.parameters.slope[block][0, 0] += 1e-10
    assert len(differences(trainer, loss, found)) == 1


def test_a_wrong_loss_is_caught():
    found = traces("gru", 1)
    trainer, loss = one_window(found)
    assert differences(trainer, loss + 1e-10, found) == ["loss"]
