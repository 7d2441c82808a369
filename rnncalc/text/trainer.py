"""The trainer: windows of a text one after the other, each with an update, the state carried from one to the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncalc.engine.adam import Adam
from rnncalc.engine.fit import Fit
from rnncalc.engine.layers import has_kernels, is_single, parameters_of
from rnncalc.engine.optimizers import OPTIMIZERS
from rnncalc.engine.parameters import DTYPES
from rnncalc.engine.traced import OwnProblem, TracedParameters, TracedWindow
from rnncalc.engine.window import Window
from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.length import length
from rnncalc.network.problem import Problem
from rnncalc.network.values import check_rate, one_of
from rnncalc.text.text import WORD, in_streams

DEFAULT_WINDOW = 25


class Trainer(Fit):
    """Training of a problem's network on a text.

    ``problem`` gives the network, its first weights and initial state, its loss (cross-entropy after softmax, a sum
    or a mean over the steps of a window) and its eta; its own text does not matter. ``tokens`` is what is read and
    predicted: places in the vocabulary, see :func:`rnncalc.text.encode`. It is cut into ``streams`` parts that are
    read side by side, each in windows of ``window`` tokens (default: 25, or all where there are fewer); the last window
    may be shorter. Gradients go back to the beginning of a window, states go on to the next, and an epoch begins with
    the initial state. ``targets``: next, a loss at every step, or last, at the last step of each window; the problem's
    unless given. The loss of several streams is their mean. ``clip`` and ``clip_norm`` are those of
    :func:`rnncalc.update`. Nothing in it is drawn: the same problem and text give the same weights.

    A network with a cell or an activation that has no kernel is trained by the gradients of the trace. A word of up to
    100 tokens is one window, but for a single layer with kernels. A network that does anything but predict the next
    token (classes, other losses) learns its problem's own text, all of it at each update.

    Raises ProblemError for a network that reads no text or wants nothing by name, a text shorter than the window or
    other than the problem's own where that is needed, and settings out of range.
    """

    counts = ("updates", "position", "epoch", "updates", "weight", "best_epoch")
    sums = ("first_loss", "total", "best_loss")

    def __init__(
        self,
        problem: Problem,
        tokens: Array,
        *,
        window: int | None = None,
        streams: int = 1,
        optimizer: str = "adagrad",
        eta: float | None = None,
        clip: float | None = None,
        clip_norm: float | None = None,
        dtype: str = "float64",
        targets: str | None = None,
    ) -> None:
        _check_network(problem)
        self.problem = problem
        self.targets = problem.target_mode if targets is None else targets
        own = reads_its_own(problem)
        self.traced = own or not has_kernels(problem)
        """Whether the gradients are those of the trace."""
        self.single = not self.traced and is_single(problem)
        """Whether it is one recurrent layer alone, by its kernel."""
        if not own:
            one_of("targets", self.targets, ("next", "last"))
            if problem.output_at == "last" and self.targets == "next":
                raise ProblemError(
                    "targets", "The network has an output at the last step only; it needs targets = last."
                )
        one_of("optimizer", optimizer, OPTIMIZERS)
        one_of("dtype", dtype, DTYPES)
        eta = problem.eta if eta is None else eta
        for name, rate in (("eta", eta), ("clip", clip), ("clip_norm", clip_norm)):
            if rate is not None:
                check_rate(name, rate)
        if clip is not None and clip_norm is not None:
            raise ProblemError("clip", "clip and clip_norm are two ways of clipping. Use only one of them.")
        self.clip, self.clip_norm, self.dtype = clip, clip_norm, dtype
        self.tokens = tokens
        if own:
            _check_own(problem, tokens, streams, window)
            self.streams, self.window = 1, max(1, len(tokens) - 1)
        else:
            usual = DEFAULT_WINDOW if self.single or len(tokens) > WORD + 1 else WORD
            self.streams, self.window = _cut(problem, tokens, streams, window, usual)
        self.text = in_streams(tokens, streams)
        self.length = self.window if own else len(self.text) - 1
        kind = DTYPES[dtype]
        self.parameters = TracedParameters(problem, kind) if self.traced else parameters_of(problem, kind)
        super().__init__([self.parameters.values], len(problem.vocabulary), eta)
        self.optimizer_name = optimizer
        self.optimizer = OPTIMIZERS[optimizer](self.parameters.values, self.parameters.slopes, eta, clip, clip_norm)
        self._windows: dict[tuple[int, int], Window | TracedWindow] = {}
        by_trace = self.parameters if isinstance(self.parameters, TracedParameters) else None
        self._own = OwnProblem(problem, by_trace) if own and by_trace is not None else None
        self._whole = self._own or self._window(self.window, streams)
        self.states = self._initial_states(streams)
        self.position = 0
        """How many tokens of each stream this epoch has read."""

    # ── training ──────────────────────────────────────────────────────────────────────────────────────────────────

    def step(self) -> float:
        """One window and one update: the loss before the update, as the trace of the window would give it.

        Weights, states and counts belong together once it is done; :func:`rnncalc.text.train` makes an interrupt
        wait for that. Raises Diverged where the loss is no number any more, or many times the first.
        """
        if self.position == 0:
            self.total, self.weight = 0.0, 0
        start, end = self.position, min(self.position + self.window, self.length)
        window = self._whole if end - start == self.window else self._window(end - start, self.streams)
        with np.errstate(all="ignore"):  # what overflows is reported in words
            loss = window.gradients(self.text[start:end], self.text[start + 1 : end + 1], self.states)
            self.check_sound(loss, loss * window.per_answer)
            self.optimizer.update()
        self.total += loss * window.per_answer * window.answers
        self.weight += window.answers
        self.updates += 1
        self.position = end
        if end == self.length:
            self._end_epoch()
        return loss

    def _end_epoch(self) -> None:
        self.check_finite()
        self.epoch += 1
        self.position = 0
        self.states = self._initial_states(self.streams)

    def place(self, update: int) -> tuple[str, str]:
        remedy = f"a smaller learning rate than {self.eta:g} (--eta) or clipped gradients (--clip 5, --clip-norm 5)"
        return f"window {update:,} (epoch {self.epoch + 1:,})", f"Use {remedy}."

    # ── what can be read off ──────────────────────────────────────────────────────────────────────────────────────

    @property
    def windows(self) -> int:
        """How many windows an epoch has."""
        return -(-self.length // self.window)

    @property
    def updates_in_epoch(self) -> int:
        """How many windows of this epoch are done."""
        return -(-self.position // self.window)

    @property
    def gradient(self) -> float:
        """The length of all gradients of the last window, as they were before clipping."""
        before = self.optimizer.unclipped
        return length(self.parameters.slopes.astype(np.float64)) if before is None else before

    def weights(self) -> dict[str, Array]:
        """The weights now, in float64, by the names of the problem."""
        return self.parameters.weights()

    def trained(self, *, best: bool = False) -> Problem:
        """The problem with the weights now, or with the best."""
        return self.problem.replace(weights=self.best_weights() if best else self.weights())

    def evaluate(self, tokens: Array) -> float:
        """The mean loss of an answer, in nats, on another text, read from the initial state on; nothing is learnt."""
        streams = self.streams if len(tokens) > self.streams * self.window else 1
        self.states = {name: state.copy() for name, state in self.states.items()}  # they may stand in a window
        text, states = in_streams(tokens, streams), self._initial_states(streams)
        nats, answers = 0.0, 0
        with np.errstate(all="ignore"):
            for start in range(0, len(text) - 1, self.window):
                end = min(start + self.window, len(text) - 1)
                window = self._window(end - start, streams)
                loss = window.forward(text[start:end], text[start + 1 : end + 1], states)
                nats += loss * window.per_answer * window.answers
                answers += window.answers
        return nats / answers

    def accuracy(self, tokens: Array) -> float:
        """The share of the answers on a text whose most likely token is the right one."""
        text, states = in_streams(tokens, 1), self._initial_states(1)
        right = answers = 0
        with np.errstate(all="ignore"):
            for start in range(0, len(text) - 1, self.window):
                end = min(start + self.window, len(text) - 1)
                window = self._window(end - start, 1)
                targets = text[start + 1 : end + 1]
                window.forward(text[start:end], targets, states)
                wanted = (targets[-1] if self.targets == "last" else targets).ravel()
                right += int((window.y.argmax(axis=1) == wanted).sum())
                answers += window.answers
        return right / answers

    def _window(self, steps: int, streams: int) -> Window | TracedWindow:
        """The buffers for windows of a size, made once."""
        if self._own is not None:
            raise ProblemError("text", "This network can read only the text that it is trained on.")
        if (steps, streams) not in self._windows:
            how = {"last": self.targets == "last", "mean": self.problem.loss_reduction == "mean"}
            if isinstance(self.parameters, TracedParameters):
                made: Window | TracedWindow = TracedWindow(self.problem, self.parameters, steps, streams, **how)
            else:
                made = Window(self.problem, self.parameters, steps, streams, **how)
            self._windows[steps, streams] = made
        return self._windows[steps, streams]

    def _initial_states(self, streams: int) -> dict[str, Array]:
        dtype = DTYPES[self.dtype]
        return {
            name.removesuffix("_0"): np.repeat(state.T, streams, axis=0).astype(dtype)
            for name, state in self.problem.states.items()
        }

    # ── to go on another time ─────────────────────────────────────────────────────────────────────────────────────

    def arrays(self) -> dict[str, Array]:
        return {
            "values": self.parameters.values,
            "best": self.best[0],
            **{f"memory.{name}": memory for name, memory in self.optimizer.memory.items()},
            **{f"state.{name}": value for name, value in self.states.items()},
        }

    def take_over(self, state: Mapping[str, Array]) -> None:
        if isinstance(self.optimizer, Adam) and {"memory.m", "memory.s", "counts"} <= set(state):
            earlier = {name: state[f"memory.{name}"] for name in ("m", "s")}
            kept = self.optimizer.of_earlier(earlier, int(state["counts"].flat[0]))
            state = {**state, **{f"memory.{name}": value for name, value in kept.items()}}
        super().take_over(state)
        self.optimizer.updates = self.updates

    @property
    def settings(self) -> dict[str, Any]:
        """What a state belongs to: another trainer goes on from it where these are the same."""
        import hashlib

        problem = self.problem
        drawn = re.match(r"weights drawn from seed (.+?), uniform", problem.source)
        return {
            "seed": drawn and drawn[1],
            "vocabulary": list(problem.vocabulary),
            "cell": problem.cell,
            "activation": problem.activation,
            "tokens": problem.tokens,
            "weights": {name: list(value.shape) for name, value in problem.weights.items()},
            "initial states": {name: value.ravel().tolist() for name, value in problem.states.items()},
            "loss_reduction": problem.loss_reduction,
            "targets": self.targets,
            "text": hashlib.sha256(np.ascontiguousarray(self.tokens, "<i8").tobytes()).hexdigest(),
            "window": self.window,
            "streams": self.streams,
            "optimizer": self.optimizer_name,
            "dtype": self.dtype,
            **({} if self.single else self._more_settings()),
            **({} if self.single or self.traced else {"layout": "blocks"}),
        }

    def _more_settings(self) -> dict[str, Any]:
        """What the checkpoints of single layers never said, so that earlier ones are still read."""
        return {
            "head": list(self.problem.head),
            "classes": list(self.problem.classes),
            "wanted": list(self.problem.targets),
        }


def _check_network(problem: Problem) -> None:
    """Raise ProblemError unless the network is one that is trained here."""
    for field, fits, needs in (
        ("output_at", problem.output_at != "none", "an output"),
        ("inputs", bool(problem.vocabulary), "a text"),
        ("loss", problem.has_loss, "a loss"),
    ):
        if not fits:
            raise ProblemError(
                field,
                f"The trainer is for networks that read a text and have named outputs; it needs {needs}. Use "
                "rnncalc export --epochs to train other networks in a workbook.",
            )


def _cut(problem: Problem, tokens: Array, streams: int, window: int | None, usual: int) -> tuple[int, int]:
    """Streams and window; raises ProblemError where the text is too short for them."""
    units = problem.tokens
    if isinstance(streams, bool) or not isinstance(streams, int) or streams < 1:
        raise ProblemError("streams", f"streams is {streams!r}; it needs a whole number, at least 1.")
    if window is not None and (isinstance(window, bool) or not isinstance(window, int) or window < 1):
        raise ProblemError("window", f"window is {window!r}; it needs a whole number of {units}, at least 1.")
    if tokens.ndim != 1 or tokens.dtype.kind not in "iu":
        raise ProblemError("text", "tokens needs whole numbers: the position of each token in the vocabulary.")
    if len(tokens) and not 0 <= tokens.min() <= tokens.max() < len(problem.vocabulary):
        raise ProblemError(
            "text", f"The text has positions beyond the {len(problem.vocabulary)} tokens of the vocabulary."
        )
    length = max(0, len(tokens) - 1) // streams
    if length < 1:
        of = "" if streams == 1 else f" for {streams} streams"
        raise ProblemError("text", f"The text has {len(tokens)} {units}; it needs at least {streams + 1}{of}.")
    if window is not None and window > length:
        each = "the text" if streams == 1 else f"each of the {streams} streams"
        raise ProblemError(
            "window",
            f"The window is {window} {units}, but {each} allows at most {length}. Use a window of up to {length}, "
            "or a longer text.",
        )
    return streams, min(usual, length) if window is None else window


def reads_its_own(problem: Problem) -> bool:
    """Whether a network learns to answer its own text alone, all of it: by classes, by another loss than cross-entropy,
    at some steps, or reading what it has predicted itself."""
    return bool(
        not problem.predicts_tokens
        or problem.loss != "cross-entropy"
        or problem.generated
        or problem.target_mode == "some"
    )


def _check_own(problem: Problem, tokens: Array, streams: int, window: int | None) -> None:
    """Raise ProblemError unless the text is the problem's own, read as a whole, and answered by names."""
    what = "A network that does not predict every next token by cross-entropy"
    if not problem.output_names:
        raise ProblemError("classes", "Training needs names for the outputs. Use --classes bad,good to name them.")
    own = [problem.vocabulary.index(token) for token in problem.inputs if isinstance(token, str)]
    if tokens[: len(own)].tolist() != own or len(tokens) > len(own) + 1:
        raise ProblemError("text", f"{what} can be trained only on a whole word of up to 100 {problem.tokens}.")
    if streams != 1 or window not in (None, len(tokens) - 1):
        field = "streams" if streams != 1 else "window"
        raise ProblemError(field, f"{what} reads its whole word in each update. Leave out --{field}.")
