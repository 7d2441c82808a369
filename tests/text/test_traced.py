"""A word learnt by networks that have no fast path: held to the updates of the trace, and to the fast path itself."""

import numpy as np
import pytest

from rnncalc import Problem, backward
from rnncalc.errors import ProblemError
from rnncalc.network.cells import CELLS
from rnncalc.network.cells import cell as cell_of
from rnncalc.network.update_step import epochs, update, updated
from rnncalc.text import Diverged, Trainer, encode, sample, sampling
from rnncalc.text import trainer as trainer_module
from rnncalc.text.word import learn

NETWORKS = {
    "two layers": {"layers": 2},
    "two layers of lstm": {"layers": 2, "cell_kind": "lstm", "h_0": "random"},
    "embedding": {"embedding": 2, "cell_kind": "gru"},
    "head": {"head": [4, 3], "output_bias": True},
    "all of it": {"layers": 2, "embedding": 3, "head": [4], "loss_reduction": "mean"},
    "sigmoid": {"output_function": "sigmoid"},
    "classes": {"classes": ("bad", "good"), "output_at": "last", "targets": "good"},
}


def network(kind: str) -> Problem:
    options = dict(NETWORKS[kind])
    wanted = options.pop("targets", None)
    problem = Problem.draw("banana", seed=3, **options, **({"targets": "none"} if wanted else {}))
    return problem.replace(targets=(*(None,) * (problem.steps - 1), wanted)) if wanted else problem


def trainer_of(problem: Problem, **settings: object) -> Trainer:
    return Trainer(problem, encode("banana", problem.vocabulary), **settings)


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize(
    "settings", [{"optimizer": "adagrad"}, {"optimizer": "momentum"}, {"optimizer": "sgd", "clip_norm": 0.5}]
)
def test_it_learns_as_the_trace_does(kind, settings):
    problem = network(kind)
    trainer = trainer_of(problem, **settings)
    for done, trace in enumerate(epochs(problem, 4, **settings), 1):
        assert trainer.step() == pytest.approx(float(trace["loss"].value[0, 0]), rel=1e-12)
        right = updated(trace).weights
        for name, weight in trainer.weights().items():
            assert np.abs(weight - right[name]).max() <= 1e-12, (done, name)
    assert trainer.epoch == 4


@pytest.mark.parametrize("optimizer", ["momentum", "rmsprop", "adam"])
def test_it_is_the_fast_path_where_both_go(monkeypatch, optimizer):
    problem = Problem.draw("banana", seed=3, cell_kind="lstm")
    fast = trainer_of(problem, optimizer=optimizer)
    monkeypatch.setattr(trainer_module, "has_kernels", lambda _: False)
    traced = trainer_of(problem, optimizer=optimizer)
    assert traced.traced
    assert not fast.traced
    for _ in range(5):
        assert traced.step() == pytest.approx(fast.step(), rel=1e-9)
    for name, weight in fast.weights().items():
        assert np.abs(weight - traced.weights()[name]).max() <= 1e-9


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_answer_is_right_in_the_end(kind):
    last = list(learn(trainer_of(network(kind), optimizer="adam", eta=0.05), None))[-1]
    assert last.done


def test_it_goes_on_to_the_same_bytes():
    problem = network("all of it")
    whole, first, second = (trainer_of(problem, optimizer="adam") for _ in range(3))
    for _ in range(6):
        whole.step()
    for _ in range(3):
        first.step()
    assert second.settings == first.settings
    second.state = first.state
    for _ in range(3):
        second.step()
    assert second.parameters.values.tobytes() == whole.parameters.values.tobytes()


def test_networks_that_differ_in_their_head_alone_have_other_settings():
    one = network("head")
    assert trainer_of(one).settings != trainer_of(one.replace(head=("relu", "relu"))).settings


def test_a_sample_of_it_says_the_word():
    trainer = trainer_of(network("all of it"), optimizer="adam", eta=0.05)
    for _ in range(300):
        trainer.step()
    assert sample(trainer.trained(), 1, prime="b", temperature=0) == "a"


def test_a_sample_of_several_layers_is_drawn_as_that_of_one(monkeypatch):
    problem = Problem.draw("banana", seed=3, cell_kind="lstm", h_0="random")
    fast = sample(problem, 40, prime="ban", seed=2)
    monkeypatch.setattr(sampling, "_fast", sampling._traced)
    assert sample(problem, 40, prime="ban", seed=2) == fast


def test_a_sample_needs_a_network_that_predicts_tokens():
    with pytest.raises(ProblemError, match="predicts the next token"):
        sample(network("classes"))


@pytest.mark.parametrize(("settings", "field"), [({"window": 2}, "window"), ({"streams": 2}, "streams")])
def test_a_network_of_classes_reads_all_of_its_word_at_each_update(settings, field):
    with pytest.raises(ProblemError, match="its whole word") as caught:
        trainer_of(network("classes"), **settings)
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["bananana", "bana", "nanana"])
def test_another_text_than_its_own_is_refused_by_a_network_of_classes(text):
    problem = network("classes")
    with pytest.raises(ProblemError, match="up to 100 letters"):
        Trainer(problem, encode(text, problem.vocabulary))
    with pytest.raises(ProblemError, match="can read only the text that it is trained on"):
        trainer_of(problem).evaluate(encode(text, problem.vocabulary))


# ── a long text ───────────────────────────────────────────────────────────────────────────────────────────────────────

SHELLS = "she sells sea shells by the sea shore"


@pytest.mark.parametrize("kind", [kind for kind in NETWORKS if kind not in ("classes", "sigmoid")])
def test_windows_of_a_long_text_are_traces_that_follow_on_each_other(kind):
    problem = Problem.draw(SHELLS, seed=3, **NETWORKS[kind], eta=0.05)
    trainer = Trainer(problem, encode(SHELLS, problem.vocabulary), window=20, optimizer="sgd")
    for start in (0, 20):
        part = SHELLS[start : start + 21]
        here = problem.replace(inputs=tuple(part[:-1]), targets=tuple(part[1:]), text=part[:-1])
        trace = backward(here)
        assert abs(trainer.step() - trace["loss"].value[0, 0]) <= 1e-11
        after = {f"{name}_0": trace[f"{name}_{here.steps}"].value for name in trainer.states}
        problem = updated(update(trace)).with_arrays(after)
    assert (trainer.epoch, trainer.windows) == (1, 2)
    for name, weight in trainer.weights().items():
        assert np.abs(weight - problem.weights[name]).max() <= 1e-11


@pytest.mark.parametrize("settings", [{}, {"streams": 3}, {"targets": "last"}, {"dtype": "float32"}])
@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_cell_without_kernels_is_trained_on_a_text_as_one_with_kernels(monkeypatch, cell, reduction, settings):
    """The same cell under a name that the engine does not know."""
    named = {"seed": 3, "h_0": "random", "loss_reduction": reduction}
    fast = Problem.draw(SHELLS, cell_kind=cell, **named)
    monkeypatch.setitem(CELLS, "other", cell_of(cell)._replace(name="other"))
    slow = fast.replace(cell="other")
    trainers = [Trainer(p, encode(SHELLS, p.vocabulary), window=5, **settings) for p in (fast, slow)]
    assert [trainer.traced for trainer in trainers] == [False, True]
    close = 1e-4 if "dtype" in settings else 1e-11
    for _ in range(10):
        one, other = (trainer.step() for trainer in trainers)
        assert one == pytest.approx(other, rel=close)
    for name, weight in trainers[0].weights().items():
        assert np.abs(weight - trainers[1].weights()[name]).max() <= close
    text = encode("the sea shore sells", fast.vocabulary)
    assert trainers[0].evaluate(text) == pytest.approx(trainers[1].evaluate(text), rel=close)
    assert trainers[0].accuracy(text) == trainers[1].accuracy(text)
    assert sample(trainers[1].trained(), 5, temperature=0) == sample(trainers[0].trained(), 5, temperature=0)


def test_a_long_text_is_gone_on_with_to_the_same_bytes():
    problem = Problem.draw(SHELLS, layers=2, embedding=3, cell_kind="lstm")
    whole, first, second = (Trainer(problem, encode(SHELLS, problem.vocabulary), window=5, streams=2) for _ in range(3))
    for _ in range(6):
        whole.step()
    for _ in range(2):
        first.step()
    assert second.settings == first.settings
    second.state = first.state
    for _ in range(4):
        second.step()
    assert second.parameters.values.tobytes() == whole.parameters.values.tobytes()


@pytest.mark.parametrize("eta", [1e3, 1e308])
def test_it_says_when_it_diverges(eta):
    trainer = trainer_of(network("two layers"), optimizer="sgd", eta=eta)
    with pytest.raises(Diverged, match="a smaller learning rate"):
        list(learn(trainer, 50))
    assert all(np.isfinite(weight).all() for weight in trainer.weights().values())
