"""What the given numbers mean in plain words: the shape of each, and the question of why Whh may be one number."""

from __future__ import annotations

from rnncalc import names
from rnncalc.problem import Problem


def shape_means(name: str, problem: Problem) -> str:
    """What the shape of a given quantity means, in one sentence; nothing where there is nothing to say."""
    hidden, letters = problem.hidden, len(problem.vocabulary)
    units = "1 hidden unit" if hidden == 1 else f"{hidden} hidden units"
    vocabulary = "1 letter" if letters == 1 else f"{letters} letters"
    shared = name in ("Whh", "bh") and hidden > 1 and problem.weights[name].size == 1
    match names.split(name).family:
        case "Why":
            return f"letters × hidden: {vocabulary} are scored from {units}, a row per letter and a column per unit"
        case family if family.startswith("Wx"):
            return f"hidden × letters: {units} look at {vocabulary}, a row per unit and a column per letter"
        case "Whh" if shared:
            return (
                f"one number, shared: it scales each of the {units}' own past (a full Whh would be {hidden}×{hidden})"
            )
        case family if family.startswith("Wh"):
            return f"hidden × hidden: what each of {units} (columns) passes to each (rows) at the next step"
        case "bh" if shared:
            return f"one number, shared: added to each of the {units} (frameworks use one per unit)"
        case "by":
            return f"a number for each of {vocabulary}, added to its score"
        case family if family.startswith("b"):
            return f"a number for each of {units}, added at every step"
        case "c":
            return f"the cell's state before the first letter: a number for each of {units}"
        case "h":
            return f"the memory before the first letter: a number for each of {units}"
        case "x" | "target":
            return f"one-hot: a 1 in the row of its letter, 0 in the other rows of {vocabulary}"
        case _:
            return ""
