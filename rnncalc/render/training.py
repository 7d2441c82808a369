"""The pages of a training: a word learnt update by update, a long text epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnncalc.io.numbers import number
from rnncalc.network.pictures import letter_picture, text_picture
from rnncalc.network.problem import Problem
from rnncalc.network.values import count
from rnncalc.render.document import Grid, Paragraph, Part
from rnncalc.render.shown import activation, size, wanted_at
from rnncalc.text.run import Progress
from rnncalc.text.word import MOST, Learnt

_BARS = "▁▂▃▄▅▆▇█"
_WIDEST = 60
_FIRST = 5
_NAMED = 10


def title(problem: Problem, how: str) -> Paragraph:
    """What is trained, and how."""
    kind = "" if problem.cell == "rnn" else f"{problem.kind}, "
    text = text_picture(problem.text)
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    return Paragraph(f"{shown}: {size(problem)}, {kind}{activation(problem)}; {how}", "heading")


def word_parts(problem: Problem, how: str, steps: Sequence[Learnt], *, decimals: int) -> list[Part]:
    """The table of losses and predictions: the first updates, each that changes a prediction, and the last."""
    wanted = [wanted_at(problem, t) for t in range(1, problem.steps + 1) if problem.targets[t - 1] is not None]
    rows = []
    for before, step in zip([None, *steps[:-1]], steps, strict=True):
        if step.epoch <= _FIRST or before is None or step.predicted != before.predicted or step is steps[-1]:
            rows.append(
                [str(step.epoch), number(step.loss, decimals), *map(letter_picture, step.predicted), str(step.right)]
            )
    heads = ["updates", "loss", *(f"→ {target}" for target in wanted), "right"]
    parts: list[Part] = [
        title(problem, how),
        Grid(heads, "rr" + "c" * len(wanted) + "r", rows),
        Paragraph(f"loss  {sparkline([step.loss for step in steps])}"),
    ]
    return [*parts, Paragraph(_verdict(problem, steps), "output" if steps[-1].done else "loss")]


def dead_parts(units: Mapping[str, Sequence[str]]) -> list[Part]:
    """What is said of units that output nothing any more, by their activations."""
    return [_dead(activation, names) for activation, names in units.items() if names]


def _dead(activation: str, names: Sequence[str]) -> Paragraph:
    named = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    single = len(names) == 1
    says = f"Dead under {activation}: {named}. {'It outputs' if single else 'They output'} 0 for every input and "
    says += f"{'learns' if single else 'learn'} nothing more. Try a smaller --eta or another --seed."
    return Paragraph(says, "loss")


def _verdict(problem: Problem, steps: Sequence[Learnt]) -> str:
    last = steps[-1]
    first = next((step for step in steps if step.done), None)
    unit = problem.token if problem.predicts_tokens else "answer"
    if last.done and first is not None:
        since = next(step for i, step in enumerate(steps) if all(later.done for later in steps[i:]))
        kept = f", and always from update {since.epoch} on" if since.epoch != first.epoch else ""
        return f"Every {unit} is right after {count(first.epoch, 'update')}{kept}."
    was = f"; all were right after {first.epoch}" if first is not None else ""
    gave_up = " Try a smaller or larger --eta." if last.epoch >= MOST else ""
    return f"{last.right} of {last.wanted} {unit}s are right after {count(last.epoch, 'update')}{was}.{gave_up}"


def long_parts(problem: Problem, how: str, events: Sequence[Progress], text: str) -> list[Part]:
    """The losses by epoch, the curve, and a sample."""
    ends = [event for event in events if event.done]
    token = problem.token
    rows = [
        [
            str(event.epoch),
            f"{event.loss:.4f}",
            *([f"{event.validation:.4f}"] if event.validation is not None else []),
            f"{event.tokens_per_second:,.0f}",
            "best" if event.best else "",
        ]
        for event in _thinned(ends)
    ]
    kept = any(event.validation is not None for event in ends)
    heads = ["epoch", f"loss per {token}", *(["validation"] if kept else []), f"{problem.tokens} a second", ""]
    parts: list[Part] = [title(problem, how)]
    if rows:
        parts.append(Grid(heads, "rr" + ("r" if kept else "") + "rl", rows))
    parts.append(Paragraph(f"loss per {token}  {sparkline([event.loss for event in events])}"))
    return [*parts, Paragraph(f"A sample: {text_picture(text)}")] if text else parts


def _thinned(ends: Sequence[Progress]) -> list[Progress]:
    """The first epochs, the bests and the last, not more than a screen holds."""
    if len(ends) <= 20:
        return list(ends)
    step = len(ends) / 18
    chosen = {round(i * step) for i in range(18)} | {0, len(ends) - 1}
    return [event for i, event in enumerate(ends) if i in chosen]


def sparkline(values: Sequence[float]) -> str:
    """A line of bars, each the mean of its share of the values."""
    if not values:
        return ""
    count = min(len(values), _WIDEST)
    means = []
    for i in range(count):
        share = values[i * len(values) // count : (i + 1) * len(values) // count]
        means.append(sum(share) / len(share))
    low, high = min(means), max(means)
    bars = [round((mean - low) / ((high - low) or 1) * (len(_BARS) - 1)) for mean in means]
    return f"{values[0]:.4f} {''.join(_BARS[bar] for bar in bars)} {values[-1]:.4f}"
