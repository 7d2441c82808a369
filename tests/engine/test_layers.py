"""Layers by kernels equal the trace: a window's loss, every gradient, the states; and what is learnt from them."""

from itertools import product

import numpy as np
import pytest
from drawn import TOLERANCE

from rnncalc import Problem
from rnncalc.engine import kernels, layers
from rnncalc.engine.layers import has_kernels, parameters_of
from rnncalc.engine.traced import TracedParameters, TracedWindow
from rnncalc.engine.window import Window
from rnncalc.language.trees import Array
from rnncalc.network.cells import CELLS
from rnncalc.network.cells import cell as cell_named
from rnncalc.text import Trainer, encode, sample, sampling
from rnncalc.text import trainer as trainer_module

VOCABULARY = "nd zab"
TEXT = "a bad banana and a dab a band and a banana"
STEPS = 5
KINDS = {
    "rnn": {"cell_kind": "rnn"},
    "rnn, one shared number": {"shared": True},
    "lstm": {"cell_kind": "lstm"},
    "gru": {"cell_kind": "gru"},
    "gru, reset after": {"cell_kind": "gru", "reset_after": True},
}
SHAPES = {
    f"{count} layer(s), embedding {embedding}, head {head}": {"layers": count, "embedding": embedding, "head": head}
    for count, embedding, head in product((1, 2, 3), (0, 3), ((), (5,), (5, 2)))
    if (count, embedding, head) != (1, 0, ())  # that one is in test_window.py
}
MIXED = {
    "rnn below lstm below gru": {"cell_kind": ("rnn", "lstm", "gru")},
    "gru below rnn below lstm": {"cell_kind": ("gru", "rnn", "lstm")},
    "lstm below gru with reset after": {"cell_kind": ("lstm", "gru"), "reset_after": True},
}


def drawn(seed: int = 1, *, shared: bool = False, **settings: object) -> Problem:
    """A problem of that form with some weights, and random initial states; ``shared``: Whh and bh are one number."""
    names = {"vocabulary": VOCABULARY, "hidden": 4, "h_0": "random", "eta": 0.05}
    problem = Problem.draw(TEXT[: STEPS + 1], seed=seed, **{**names, **settings})
    random = np.random.default_rng(seed)
    weights = {name: random.uniform(-0.5, 0.5, value.shape) for name, value in problem.weights.items()}
    if shared:
        weights |= {name: weight[:1, :1] for name, weight in weights.items() if name.startswith(("Whh", "bh"))}
    return problem.replace(weights=weights)


def both(problem: Problem, streams: int, *, last: bool = False, wrong: str = "") -> list[str]:
    """What of a window by kernels is not as the trace has it; ``wrong``: a block whose gradient is spoilt first."""
    random = np.random.default_rng(7)
    tokens, targets = random.integers(0, len(VOCABULARY), (2, STEPS, streams))
    parameters, traced = parameters_of(problem), TracedParameters(problem)
    how = {"last": last, "mean": problem.loss_reduction == "mean"}
    windows = [Window(problem, parameters, STEPS, streams, **how), TracedWindow(problem, traced, STEPS, streams, **how)]
    first = {
        name.removesuffix("_0"): random.uniform(-1, 1, (streams, len(state))) for name, state in problem.states.items()
    }
    states: list[dict[str, Array]] = [dict(first), dict(first)]
    losses = [window.gradients(tokens, targets, mine) for window, mine in zip(windows, states, strict=True)]
    if wrong:
        parameters.slope[wrong][0, 0] += 1e-10
    traced.values[...] = traced.slopes
    gradients = traced.weights()
    assert gradients.keys() == parameters.gradients().keys() == problem.weights.keys()
    pairs = {"loss": (np.array(losses[0]), np.array(losses[1]))}
    pairs |= {f"d{name}": (value, gradients[name]) for name, value in parameters.gradients().items()}
    pairs |= {name: (states[0][name], states[1][name]) for name in first}
    return [
        name
        for name, (mine, right) in pairs.items()
        if mine.shape != right.shape or not np.abs(mine - right).max() <= TOLERANCE * max(1, np.abs(right).max())
    ]


@pytest.mark.parametrize("streams", [1, 3], ids="{} stream(s)".format)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_loss_gradients_and_states_are_those_of_the_trace(kind, shape, streams):
    for bias in (True, False):
        assert both(drawn(**KINDS[kind], **shape, output_bias=bias), streams) == []


@pytest.mark.parametrize("streams", [1, 3])
@pytest.mark.parametrize("shape", [{}, {"embedding": 2}, {"embedding": 2, "head": (3, 5)}], ids=str)
@pytest.mark.parametrize("kind", MIXED)
def test_layers_of_several_cells_too(kind, shape, streams):
    settings = MIXED[kind] | {"layers": len(MIXED[kind]["cell_kind"])}
    assert both(drawn(**settings, **shape), streams) == []


@pytest.mark.parametrize("streams", [1, 3])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_activation_and_a_mean(kind, activation, streams):
    problem = drawn(**KINDS[kind], layers=2, embedding=3, head=(4,), activation=activation, head_activation=activation)
    assert both(problem.replace(loss_reduction="mean"), streams) == []


@pytest.mark.parametrize("streams", [1, 3])
@pytest.mark.parametrize("shape", [{"layers": 3}, {"embedding": 3}, {"head": (3,)}, {"layers": 2, "head": (3, 4)}])
@pytest.mark.parametrize("kind", KINDS)
def test_a_loss_at_the_last_step_alone(kind, shape, streams):
    assert both(drawn(**KINDS[kind], **shape), streams, last=True) == []


@pytest.mark.parametrize("streams", [1, 3])
@pytest.mark.parametrize("shape", [{"layers": 2}, {"embedding": 3}], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_large_vocabularies_and_layers_too(kind, shape, streams, monkeypatch):
    monkeypatch.setattr(layers, "COMPACT_UP_TO", 0)
    monkeypatch.setattr(layers, "ONE_HOT_UP_TO", 0)
    monkeypatch.setattr(kernels, "ONE_HOT_UP_TO", 0)
    assert both(drawn(**KINDS[kind], **shape), streams) == []


@pytest.mark.parametrize(
    ("block", "name"),
    [("Wxe", "dWxe"), ("Wx", "dWxo"), ("Wh_L2", "dWho_L2"), ("b_L2", "dbo_L2"), ("Wv_D1", "dWv_D1"), ("by", "dby")],
)
def test_a_wrong_gradient_is_caught(block, name):
    problem = drawn(cell_kind="lstm", layers=2, embedding=3, head=(4,), output_bias=True)
    assert both(problem, 3, wrong=block) == [name]


# ── training ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FORMS = {
    "two layers": {"layers": 2},
    "two layers of lstm": {"layers": 2, "cell_kind": "lstm"},
    "all of it": {"layers": 2, "cell_kind": ("gru", "lstm"), "embedding": 3, "head": (4,), "output_bias": True},
}


def pair(form: str, monkeypatch: pytest.MonkeyPatch, **settings: object) -> tuple[Trainer, Trainer]:
    """Two trainers of one problem: by kernels, and by the trace."""
    problem = drawn(**FORMS[form])
    tokens = encode(TEXT, VOCABULARY)
    fast = Trainer(problem, tokens, **settings)
    monkeypatch.setattr(trainer_module, "has_kernels", lambda _: False)
    slow = Trainer(problem, tokens, **settings)
    assert (fast.traced, slow.traced) == (False, True)
    return fast, slow


@pytest.mark.parametrize("settings", [{"optimizer": "adagrad"}, {"optimizer": "adam", "eta": 0.01, "streams": 3}])
@pytest.mark.parametrize("form", FORMS)
def test_thirty_updates_are_those_of_the_trace(form, settings, monkeypatch):
    fast, slow = pair(form, monkeypatch, window=4, clip=5.0, **settings)  # the last window of an epoch is shorter
    for _ in range(30):
        assert fast.step() == pytest.approx(slow.step(), rel=1e-9)
    right = slow.weights()
    for name, weight in fast.weights().items():
        assert np.abs(weight - right[name]).max() <= 1e-9
    text = encode("a dab and a band", VOCABULARY)
    assert fast.evaluate(text) == pytest.approx(slow.evaluate(text), rel=1e-9)
    assert fast.accuracy(text) == slow.accuracy(text)


@pytest.mark.parametrize("form", FORMS)
def test_float32_agrees_as_far_as_it_can(form, monkeypatch):
    fast, slow = pair(form, monkeypatch, window=7, optimizer="sgd", dtype="float32")
    assert fast.parameters.values.dtype == np.float32
    for _ in range(10):
        assert fast.step() == pytest.approx(slow.step(), rel=1e-4)


@pytest.mark.parametrize("form", FORMS)
def test_a_sample_is_that_of_the_trace(form, monkeypatch):
    problem = drawn(**FORMS[form])
    fast = sample(problem, 40, prime="ban", seed=2)
    monkeypatch.setattr(sampling, "has_kernels", lambda _: False)
    assert sample(problem, 40, prime="ban", seed=2) == fast


def test_a_cell_and_an_activation_without_a_kernel_train_by_the_trace(monkeypatch):
    problem = drawn(layers=2, head=(3,))
    assert has_kernels(problem)
    monkeypatch.setitem(CELLS, "other", cell_named("rnn")._replace(name="other"))
    assert not has_kernels(problem.replace(cell=("rnn", "other")))
    monkeypatch.delitem(kernels.ACTIVATIONS, "relu")
    assert has_kernels(problem)
    assert not has_kernels(problem.replace(activation=("tanh", "relu")))
    assert not has_kernels(problem.replace(head=("relu",)))
