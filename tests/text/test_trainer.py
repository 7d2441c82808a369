"""The trainer over windows, streams and epochs: what it reads, that it learns, goes on, and says when it diverges."""

import math
import re
import signal
import sys
import tracemalloc

import numpy as np
import pytest

from rnncalc import Problem, backward, forward
from rnncalc.engine.fit import DIVERGED
from rnncalc.errors import ProblemError
from rnncalc.network.update_step import update, updated
from rnncalc.text import OPTIMIZERS, Diverged, Trainer, encode, train

CELLS = {
    "rnn": {},
    "rnn, one shared number": {"recurrent": "scalar"},
    "lstm": {"cell_kind": "lstm"},
    "gru": {"cell_kind": "gru"},
    "gru, reset after": {"cell_kind": "gru", "reset_after": True},
}
TEXT = "she sells sea shells by the sea shore; all the shells she sells"


def network(cell: str = "rnn", text: str = TEXT, **settings: object) -> Problem:
    return Problem.draw(text, **{"hidden": 5, "output_bias": True, **CELLS[cell], **settings})


def trainer_of(problem: Problem, text: str = TEXT, **settings: object) -> Trainer:
    return Trainer(problem, encode(text, problem.vocabulary), **settings)


# ── an interrupt, and what can be read off ────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(sys.platform == "win32", reason="Windows raises it otherwise")
def run_epoch(trainer):
    """The rest of this epoch; the mean loss of an answer, over all of the epoch."""
    epoch = trainer.epoch
    while trainer.epoch == epoch:
        trainer.step()
    return trainer.epoch_loss


def test_an_interrupt_waits_until_the_update_is_whole(monkeypatch):
    whole, trainer = (trainer_of(network(), window=20) for _ in range(2))
    whole.step()
    update = trainer.optimizer.update

    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        update()
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(trainer.optimizer, "update", interrupted)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        next(train(trainer, epochs=1))
    assert signal.getsignal(signal.SIGINT) is handler
    assert {name: value.tobytes() for name, value in trainer.state.items()} == {
        name: value.tobytes() for name, value in whole.state.items()
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows raises it otherwise")
def test_an_epoch_is_judged_even_where_its_last_update_is_interrupted(monkeypatch):
    trainer = trainer_of(network(), window=len(TEXT) - 1)
    update = trainer.optimizer.update
    monkeypatch.setattr(trainer.optimizer, "update", lambda: (update(), signal.raise_signal(signal.SIGINT)))
    with pytest.raises(KeyboardInterrupt):
        next(train(trainer, epochs=1))
    assert (trainer.epoch, trainer.best_epoch) == (1, 1)


@pytest.mark.parametrize("settings", [{"clip": 0.01}, {"clip_norm": 0.01}, {"clip": 1e6}, {"clip_norm": 1e6}])
def test_the_length_of_the_gradients_is_that_before_clipping(settings):
    free, clipped = trainer_of(network()), trainer_of(network(), **settings)
    free.step()
    clipped.step()
    assert clipped.gradient == pytest.approx(free.gradient, rel=1e-12)
    assert free.gradient > 0.1


# ── what is read, and in which order ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("cell", CELLS)
def test_an_epoch_is_trace_after_trace_each_from_the_weights_and_states_before(cell):
    """63 letters in windows of 20: the last window has two."""
    problem = network(cell, eta=0.05)
    trainer = trainer_of(problem, window=20, optimizer="sgd")
    for start in (0, 20, 40, 60):
        part = TEXT[start : start + 21]
        here = problem.replace(inputs=tuple(part[:-1]), targets=tuple(part[1:]), text=part[:-1])
        trace = backward(here)
        assert abs(trainer.step() - trace["loss"].value[0, 0]) <= 1e-11
        after = {f"{name}_0": trace[f"{name}_{here.steps}"].value for name in trainer.states}
        problem = updated(update(trace)).replace(**after)
    assert (trainer.epoch, trainer.position, trainer.windows) == (1, 0, 4)
    for name, weight in trainer.weights().items():
        assert np.abs(weight - problem.weights[name]).max() <= 1e-11


def test_an_epoch_begins_with_the_initial_state_of_the_problem():
    problem = network(h_0="random")
    trainer = trainer_of(problem, window=10)
    run_epoch(trainer)
    assert trainer.states["h"].tolist() == problem.h_0.T.tolist()


def test_streams_are_parts_of_equal_length_that_follow_on_each_other():
    """62 letters with a next one make four parts of 15; the loss is the mean of theirs."""
    problem = network()
    trainer = trainer_of(problem, window=15, streams=4)
    parts = [TEXT[start : start + 16] for start in (0, 15, 30, 45)]
    losses = [
        float(forward(problem.replace(inputs=tuple(p[:-1]), targets=tuple(p[1:]), text=p))["loss"].value[0, 0])
        for p in parts
    ]
    assert trainer.step() == pytest.approx(sum(losses) / 4, rel=1e-13)
    assert trainer.epoch == 1


def test_targets_last_has_a_loss_at_the_last_step_of_each_window():
    problem = network(targets="last")
    trainer = trainer_of(problem, window=10)
    first = problem.replace(inputs=tuple(TEXT[:10]), targets=(*(None,) * 9, TEXT[10]), text=TEXT)
    assert trainer.step() == pytest.approx(float(forward(first)["loss"].value[0, 0]), rel=1e-13)


def test_the_loss_of_an_epoch_is_the_mean_of_every_letter():
    problem = network()
    trainer = trainer_of(problem, window=25, optimizer="sgd", eta=1e-300)
    loss = float(forward(problem)["loss"].value[0, 0])
    assert run_epoch(trainer) == pytest.approx(loss / (len(TEXT) - 1), rel=1e-13)
    assert trainer.evaluate(trainer.tokens) == pytest.approx(loss / (len(TEXT) - 1), rel=1e-13)


def test_evaluating_learns_nothing_and_leaves_the_states_alone():
    trainer, other = trainer_of(network(), window=10), trainer_of(network(), window=10)
    trainer.step()
    other.step()
    trainer.evaluate(trainer.tokens[:31])
    assert trainer.step() == other.step()
    assert trainer.weights()["Why"].tolist() == other.weights()["Why"].tolist()


# ── learning ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("cell", CELLS)
def test_hello_is_learnt_to_certainty(cell, seed):
    problem = Problem.draw("hello", hidden=8, seed=seed, **CELLS[cell])
    trainer = trainer_of(problem, "hello", optimizer="adam", eta=0.05)
    for _ in range(400):
        trainer.step()
    trace = forward(trainer.trained())
    assert min(trace[f"p_{t}"].value[problem.vocabulary.index(c), 0] for t, c in enumerate("ello", 1)) > 0.97


def test_the_template_is_learnt_within_20_epochs():
    problem = Problem.template("hello")
    trainer = trainer_of(problem, "hello", eta=0.5)
    for _ in range(20):
        run_epoch(trainer)
    trace = forward(trainer.trained())
    best = [problem.vocabulary[int(trace[f"p_{t}"].value.argmax())] for t in range(1, 5)]
    assert "".join(best) == "ello"


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_lowers_the_loss_of_a_text(optimizer, dtype):
    eta = {"sgd": 0.02, "momentum": 0.005, "adagrad": 0.1, "rmsprop": 0.01, "adam": 0.02}[optimizer]
    trainer = trainer_of(network(hidden=12), window=10, streams=2, optimizer=optimizer, eta=eta, dtype=dtype)
    first = run_epoch(trainer)
    for _ in range(60):
        run_epoch(trainer)
    assert trainer.epoch_loss < first / 2


# ── the same again, and going on ──────────────────────────────────────────────────────────────────────────────────


def test_the_same_settings_give_the_same_bytes():
    first, second = (trainer_of(network("lstm"), window=10) for _ in range(2))
    for trainer in (first, second):
        for _ in range(20):
            trainer.step()
    assert first.parameters.values.tobytes() == second.parameters.values.tobytes()


@pytest.mark.parametrize("steps", [0, 1, 7, 8, 25])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    ("cell", "streams", "dtype"), [("rnn", 1, "float64"), ("lstm", 3, "float64"), ("gru", 1, "float32")]
)
def test_going_on_from_a_state_gives_the_bytes_of_an_uninterrupted_run(cell, streams, dtype, optimizer, steps):
    settings = {"window": 8, "streams": streams, "optimizer": optimizer, "eta": 0.01, "dtype": dtype, "clip": 1.0}
    whole, begun, other = (trainer_of(network(cell), **settings) for _ in range(3))
    for _ in range(steps):
        whole.step()
        begun.step()
    other.state = begun.state
    losses = [(whole.step(), other.step()) for _ in range(30)]
    assert all(first == second for first, second in losses)
    for name, value in whole.state.items():
        assert value.tobytes() == other.state[name].tobytes(), name


def test_a_state_of_another_size_is_refused():
    with pytest.raises(ProblemError, match="values"):
        trainer_of(network(hidden=6)).state = trainer_of(network()).state


# ── divergence ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "settings"),
    [
        ("rnn", {"optimizer": "sgd", "eta": 1e6}),
        ("rnn", {"optimizer": "sgd", "eta": 1e308}),
        ("lstm", {"optimizer": "sgd", "eta": 1e6}),
        ("gru", {"optimizer": "adam", "eta": 1e5, "dtype": "float32"}),
    ],
)
def test_a_diverging_loss_stops_and_gives_the_last_good_weights_back(cell, settings):
    problem = network(cell)
    trainer = trainer_of(problem, window=10, **settings)
    with pytest.raises(Diverged) as caught:
        list(train(trainer, epochs=15))
    window = trainer.updates + 1
    assert caught.value.update == window
    assert re.search(rf"at window {window} \(epoch {trainer.epoch + 1}\).*--eta.*--clip", str(caught.value))
    kept = trainer.trained()
    highest = DIVERGED * max(trainer.first_loss, math.log(len(problem.vocabulary)))
    assert float(forward(kept)["loss"].value[0, 0]) / problem.steps < highest


def test_weights_that_overflow_in_the_last_update_of_an_epoch_are_no_good():
    problem = network()
    trainer = trainer_of(problem, window=62, optimizer="sgd", eta=1e308)
    with pytest.raises(Diverged, match="is not a number at window 1 "):
        trainer.step()
    assert {name: w.tolist() for name, w in trainer.weights().items()} == {
        name: w.tolist() for name, w in problem.weights.items()
    }


def test_a_high_loss_from_the_start_is_no_divergence():
    problem = network()
    large = problem.replace(weights={name: weight * 50 for name, weight in problem.weights.items()})
    trainer = trainer_of(large, window=10, eta=0.1)
    for _ in range(20):
        trainer.step()
    assert trainer.first_loss > DIVERGED


# ── a whole training ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_training_tells_every_epoch_and_every_so_many_windows():
    trainer = trainer_of(network(), window=10)
    events = list(train(trainer, epochs=3, every=3))
    assert [(e.epoch, e.window, e.done) for e in events[:3]] == [(1, 3, False), (1, 6, False), (1, 7, True)]
    assert len(events) == 9
    assert all(e.windows == 7 and e.tokens_per_second > 0 for e in events)
    assert [e.loss for e in events if e.done][-1] == trainer.epoch_loss


def test_the_best_weights_are_those_of_the_lowest_validation_loss():
    """Validated on what contradicts the text, a training soon gets worse."""
    problem = network()
    trainer = trainer_of(problem, window=10, eta=0.1)
    other = encode(TEXT[::-1], problem.vocabulary)
    weights, events = [], []
    for event in train(trainer, epochs=40, validation=other, patience=5):
        events.append(event)
        weights.append(trainer.weights())
    found = [event.validation for event in events]
    lowest = found.index(min(found))
    assert len(events) == lowest + 1 + 5 < 40
    assert [event.best for event in events][lowest:] == [True, *[False] * 5]
    best = trainer.best_weights()
    assert all(best[name].tolist() == weights[lowest][name].tolist() for name in best)
    assert all(trainer.weights()[name].tolist() == weights[-1][name].tolist() for name in best)


def test_a_training_goes_on_until_so_many_epochs_are_done_in_all():
    trainer = trainer_of(network(), window=10)
    list(train(trainer, epochs=2))
    assert [event.epoch for event in train(trainer, epochs=5)] == [3, 4, 5]


def test_memory_does_not_grow_with_the_epochs():
    trainer = trainer_of(network(), window=10, streams=2)
    for _ in range(50):
        run_epoch(trainer)
    tracemalloc.start()
    used = []
    for _ in range(2):
        for _ in train(trainer, epochs=trainer.epoch + 300):
            pass
        used.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert used[1] - used[0] < 10_000


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "settings", "says"),
    [
        ("window", {"window": 63}, "window is 63 letters, but the text allows at most 62"),
        ("window", {"window": 16, "streams": 4}, "each of the 4 streams allows at most 15"),
        ("window", {"window": 0}, "at least 1"),
        ("streams", {"streams": 0}, "at least 1"),
        ("text", {"streams": 100}, "needs at least 101"),
        ("optimizer", {"optimizer": "adagrat"}, "adagrad"),
        ("dtype", {"dtype": "float16"}, "float64, float32"),
        ("eta", {"eta": -1.0}, "above 0"),
        ("clip", {"clip": math.nan}, "above 0"),
        ("clip", {"clip": 1.0, "clip_norm": 1.0}, "two ways of clipping"),
        ("targets", {"targets": "none"}, "next, last"),
    ],
)
def test_settings_out_of_range_are_refused(field, settings, says):
    with pytest.raises(ProblemError, match=says) as caught:
        trainer_of(network(), **settings)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("field", "options"),
    [
        ("loss", {"targets": "none"}),
        ("loss", {"loss": "none"}),
        ("output_at", {"output_at": "none", "targets": "none"}),
        ("classes", {"classes": 2, "output_at": "last", "targets": [[0.25, 0.75]]}),
    ],
)
def test_what_has_nothing_to_learn_by_name_is_refused(field, options):
    problem = Problem.draw(TEXT, hidden=3, **options)
    with pytest.raises(ProblemError) as caught:
        trainer_of(problem)
    assert caught.value.field == field


def test_numbers_are_no_text():
    problem = Problem.draw(inputs=[[0.5], [1.0]], hidden=2, classes=("bad", "good"), output_at="last", targets=["good"])
    with pytest.raises(ProblemError, match="it needs a text"):
        Trainer(problem, np.array([0, 1]))


def test_places_beyond_the_vocabulary_are_refused():
    problem = network()
    for wrong in (np.array([0, 1, len(problem.vocabulary)]), np.array([0, -1, 1]), np.array([0.5, 1.0])):
        with pytest.raises(ProblemError):
            Trainer(problem, wrong)


@pytest.mark.parametrize("counts", [{"epochs": 0}, {"epochs": 3, "patience": 0}, {"epochs": 3, "every": 0}])
def test_counts_of_a_training_are_at_least_1(counts):
    with pytest.raises(ProblemError, match="at least 1"):
        next(train(trainer_of(network()), **counts))
