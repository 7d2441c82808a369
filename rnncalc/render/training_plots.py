"""A training as a picture: losses, what is right, gradients, and of a word the states of each letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from rnncalc.network.pictures import letter_picture, text_picture
from rnncalc.network.problem import Problem
from rnncalc.render.plots import saved
from rnncalc.render.roles import SERIES
from rnncalc.text.word import Learnt

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_UNITS, MOST_STEPS = 8, 12
"""The states of larger networks, and of longer words, make no readable picture."""


class Logged(Protocol):
    """A line of a training's log."""

    @property
    def loss(self) -> float: ...
    @property
    def validation(self) -> float | None: ...
    @property
    def accuracy(self) -> float | None: ...
    @property
    def gradient(self) -> float: ...


def training_plot(problem: Problem, entries: Sequence[Logged], steps: Sequence[Learnt], form: str) -> bytes:
    """The losses, the share of right predictions, the gradients' length, and of a small network that learnt a word the
    states of each letter, against time; as "svg" or "png". Needs matplotlib.
    """
    from matplotlib.figure import Figure

    states = bool(steps) and steps[0].states.shape[0] <= MOST_STEPS and steps[0].states.shape[1] <= MOST_UNITS
    figure = Figure(figsize=(9, 9 if states else 6.5), layout="constrained")
    rows = figure.subplots(3 if states else 2, 1, squeeze=False)[:, 0]
    _losses(rows[0], entries, steps)
    _gradients(rows[1], entries, word=bool(steps))
    if states:
        _states(rows[2], problem, steps)
    text = text_picture(problem.text)
    if steps:
        for axes in rows:
            axes.set_xlim(0, max(1, steps[-1].epoch))
    figure.suptitle((text if len(text) <= 50 else f"{text[:49]}…").replace("$", r"\$") + ": training")
    return saved(figure, form)


def _losses(axes: Axes, entries: Sequence[Logged], steps: Sequence[Learnt]) -> None:
    times = range(1, len(entries) + 1)
    begun = [(0, steps[0].loss)] if steps else []
    axes.plot(
        *zip(*begun, *zip(times, (e.loss for e in entries), strict=True), strict=True), color="#D55E00", label="loss"
    )
    kept = [(t, entry.validation) for t, entry in zip(times, entries, strict=True) if entry.validation is not None]
    if kept:
        axes.plot(*zip(*kept, strict=True), "o-", color=SERIES[0], label="validation loss")
    axes.set_ylabel("loss (nats)" + ("" if steps else " per letter"))
    axes.set_ylim(bottom=0)
    right = [(t, entry.accuracy) for t, entry in zip(times, entries, strict=True) if entry.accuracy is not None]
    beside: Any = axes.twinx()
    if right:
        beside.plot(*zip(*right, strict=True), ".--", color="#009E73", label="accuracy")
    beside.set_ylim(0, 1.02)
    beside.set_ylabel("accuracy")
    lines = [*axes.get_lines(), *beside.get_lines()]
    axes.legend(lines, [str(line.get_label()) for line in lines], loc="center right")
    axes.grid(visible=True, alpha=0.3)


def _gradients(axes: Axes, entries: Sequence[Logged], *, word: bool) -> None:
    axes.semilogy(range(1, len(entries) + 1), [entry.gradient or float("nan") for entry in entries], color="#CC79A7")
    axes.set_ylabel("norm of the gradients")
    axes.set_xlabel("updates" if word else "log entries")
    axes.grid(visible=True, alpha=0.3)


def _states(axes: Axes, problem: Problem, steps: Sequence[Learnt]) -> None:
    """A line for each unit and letter: how the state after a letter changes as the network learns."""
    count, units = steps[0].states.shape
    for t in range(count):
        for unit in range(units):
            read = problem.inputs[t]
            label = f"{t + 1}: {letter_picture(str(read))}" if unit == 0 else None
            style = ("-", "--", ":", "-.")[unit % 4]
            values = [step.states[t, unit] for step in steps]
            axes.plot([step.epoch for step in steps], values, style, color=SERIES[t % len(SERIES)], label=label)
    axes.set_ylabel("hidden states after each letter\n(a line style for each unit)")
    axes.set_xlabel("updates")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    axes.grid(visible=True, alpha=0.3)
