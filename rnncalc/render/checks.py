"""The pages of the gradient check and of the gradient's flow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rnncalc.network.flow import Flow, FlowStep
from rnncalc.network.gradcheck import FLOOR, TOLERANCE, GradientCheck
from rnncalc.network.pictures import letter_picture, text_picture
from rnncalc.network.problem import Problem
from rnncalc.network.values import count
from rnncalc.render.document import Bars, Grid, Heading, Marks, Paragraph, Part


def gradcheck_parts(problem: Problem, check: GradientCheck) -> list[Part]:
    """One line per parameter, and the verdict."""
    shown = text_picture(problem.text)
    rows = [
        [
            f"d{row.name}",
            f"{row.shape[0]}×{row.shape[1]}",
            f"{row.difference:.1e}",
            f"{row.relative:.1e}",
            row.element,
            "yes" if row.agrees else "not judged" if row.touched or check.chaotic else "NO",
        ]
        for row in check.rows
    ]
    parts: list[Part] = [
        Paragraph(f"{shown}: BPTT compared with complex-step differentiation", "heading"),
        Paragraph(
            f"Two gradients agree if they differ by at most {TOLERANCE:g} of the parameter's largest gradient, "
            f"plus {FLOOR:g}.",
            "words",
        ),
        Grid(["gradient", "shape", "largest difference", "relative", "at", "agrees"], "llrrll", rows),
    ]
    if check.sampled:
        shares = ", ".join(
            f"{row.compared:,} of {row.shape[0] * row.shape[1]:,} entries of d{row.name}"
            for row in check.rows
            if row.compared < row.shape[0] * row.shape[1]
        )
        parts.append(Paragraph(f"A sample was compared: {shares}. Use --all to compare every entry."))
    if check.kinks:
        named = ", ".join(check.kinks[:5]) + (" …" if len(check.kinks) > 5 else "")
        parts.append(
            Paragraph(f"At 0, where relu has no derivative: {named}. Gradients that depend on this are not judged.")
        )
    if check.chaotic:
        says = "Nothing is judged: over this many steps, rounding alone changes the loss too much to compare gradients."
        return [*parts, Paragraph(f"{says} Use a shorter text or smaller weights.", "loss")]
    wrong = [f"d{row.name}" for row in check.rows if not row.agrees and not row.touched]
    if all(row.agrees for row in check.rows):
        parts.append(
            Paragraph("All gradients agree." if not check.sampled else "All compared entries agree.", "output")
        )
    elif wrong:
        parts.append(Paragraph(f"Wrong: {', '.join(wrong)}.", "loss"))
    return parts


def flow_parts(flow: Flow) -> list[Part]:
    """The chain rule, its numbers step by step, and a bar for each norm on a logarithmic scale."""
    problem, steps = flow.problem, flow.steps
    last = steps[-1].step
    shown = text_picture(problem.text)
    what = f"the loss of step {last}" if flow.of == "last" else "the total loss"
    first, end = steps[0].norm, steps[-1].norm
    parts: list[Part] = [
        Paragraph(f"{shown}: how the gradient of {what} travels back", "heading"),
        Paragraph(
            f"Chain rule: ∂E/∂h_k = ∂E/∂h_{last} · ∂h_{last}/∂h_{last - 1} · … · ∂h_{{k+1}}/∂h_k. The factor of a "
            "step is ‖∂h_t/∂h_{t−1}‖, its spectral norm (the largest stretch). The product multiplies the factors "
            "of all steps after t.",
            "words",
        ),
    ]
    parts += _states_say([problem])
    if flow.of == "total":
        parts.append(Paragraph("On its way back, the gradient also collects the losses of earlier steps.", "words"))
    rows = [
        [
            str(s.step),
            "h₀" if s.letter is None else letter_picture(s.letter),
            f"{s.norm:.4e}",
            "" if s.factor is None else f"{s.factor:.6f}",
            f"{s.product:.4e}",
        ]
        for s in reversed(steps)
    ]
    parts += [
        Grid(["t", "reads", "‖∂E/∂h_t‖", "‖∂h_t/∂h_{t−1}‖", "product"], "rcrrr", rows),
        Heading("‖∂E/∂h_t‖ on a logarithmic scale"),
        Bars([(str(s.step), _log(s)) for s in reversed(steps)], [f"{s.norm:.1e}" for s in reversed(steps)]),
    ]
    return [*parts, Paragraph(_verdict(first, end, last), "loss")]


def cells_parts(flows: Sequence[Flow]) -> list[Part]:
    """The norms of several cells beside each other, as a table and as a chart on a logarithmic scale."""
    first = flows[0]
    last = first.steps[-1].step
    what = f"the loss of step {last}" if first.of == "last" else "the total loss"
    kinds = [f.problem.kind for f in flows]
    times = [list(steps) for steps in zip(*(reversed(f.steps) for f in flows), strict=True)]
    rows = [
        [
            str(steps[0].step),
            "h₀" if steps[0].letter is None else letter_picture(steps[0].letter),
            *(f"{s.norm:.4e}" for s in steps),
        ]
        for steps in times
    ]
    parts: list[Part] = [
        Paragraph(
            f"{text_picture(first.problem.text)}: how the gradient of {what} flows back, cell by cell", "heading"
        ),
        *(Paragraph(f"{f.problem.kind}: {f.problem.source}") for f in flows),
    ]
    parts += _states_say([f.problem for f in flows])
    legend = ", ".join(f"{kind[0]} {kind}" for kind in kinds) + (", * several" if len(kinds) > 1 else "")
    return [
        *parts,
        Heading("‖∂E/∂h_t‖"),
        Grid(["t", "reads", *kinds], "rc" + "r" * len(kinds), rows),
        Heading(f"The same on a logarithmic scale: {legend}"),
        Marks("".join(kind[0] for kind in kinds), [(str(s[0].step), [_log(step) for step in s]) for s in times]),
        *(Paragraph(f"{f.problem.kind}: {_verdict(f.steps[0].norm, f.steps[-1].norm, last)}", "loss") for f in flows),
    ]


def _states_say(problems: Sequence[Problem]) -> list[Part]:
    """What h_t stands for, where it is more than one state."""
    layers = [layer for problem in problems for layer in problem.layers]
    several = any(len(problem.layers) > 1 for problem in problems)
    says = [
        *([_BOTH] if any(layer.cell == "lstm" for layer in layers) else []),
        *([_ALL] if several else []),
    ]
    return [Paragraph(sentence, "words") for sentence in says]


_ALL = "With several layers, h_t stands for the states of all layers."
_BOTH = "For an lstm, h_t stands for both states: h_t, and c_t as it is passed to the next step."


def _log(step: FlowStep) -> float | None:
    return math.log10(step.norm) if step.norm > 0 else None


def _verdict(first: float, end: float, steps: int) -> str:
    if end == 0:
        return "The gradient is 0 at the last step: nothing travels back."
    if first == 0:
        return f"After {steps} steps the gradient is 0: it has vanished."
    ratio = first / end
    back = f"After {count(steps, 'step')} back the gradient is {ratio:.3g} times what it was"
    if ratio < 1e-3:
        return f"{back}: it vanishes."
    if ratio > 1e3:
        return f"{back}: it explodes. Use clipping (rnncalc update --clip-norm)."
    return f"{back}."
