"""What depends on one problem in the words about its quantities: tokens, units, sizes, and what rows stand for."""

from __future__ import annotations

from collections.abc import Mapping

from rnncalc.language.functions import FUNCTIONS
from rnncalc.network.families import worded
from rnncalc.network.names import Name
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.values import count


def settings_of(problem: Problem, layer: str = "") -> dict[str, str]:
    """What sentences about the quantities of a layer are filled in with; the families' rows name the keys."""
    structure, out = problem.structure, target_word(problem)
    outs = problem.tokens if problem.predicts_tokens else "classes" if problem.classes else "outputs"
    head = [problem.layers[-1].hidden, *(dense.units for dense in structure.head)]
    top_units = f"{count(head[-1], 'unit')} of the last dense layer" if structure.head else ""
    letters = count(len(problem.vocabulary), problem.token)
    settings = {
        "token": problem.token,
        "tokens": problem.tokens,
        "letters": letters,
        "inputs": "tokens" if problem.vocabulary else "numbers",
        "numbers_read": count(structure.inputs, "number"),
        "features": count(structure.embedding, "number"),
        "out": out,
        "outs": outs,
        "outputs": "named" if problem.output_names else "numbers",
        "scored": f"{structure.outputs} {outs if structure.outputs != 1 else out}",
        "scores": count(structure.outputs, out, plural="es" if out == "class" else "s"),
        "are": "is" if structure.outputs == 1 else "are",
        "top": "dense" if structure.head else "hidden",
        "top_units": top_units or count(head[-1], "hidden unit"),
        "output_function": problem.output_function,
        "softmax": problem.softmax,
        "loss": problem.loss,
    }
    if layer.startswith("D"):
        number = int(layer[1:])
        below = f"{count(head[number - 1], 'unit')} of the layer below"
        activation = structure.head[number - 1].activation
        return settings | {
            "activation": activation,
            "activation_words": FUNCTIONS[activation].words,
            "units": count(head[number], "unit"),
            "below": "dense" if number > 1 else "hidden",
            "reads": below if number > 1 else count(head[0], "hidden unit"),
        }
    number = int(layer[1:]) - 1 if layer else 0
    below, reads, column = _read_by(number, problem)
    hidden = problem.layers[number].hidden
    activation = problem.layers[number].activation
    return settings | {
        "activation": activation,
        "activation_words": FUNCTIONS[activation].words,
        "hidden": str(hidden),
        "units": count(hidden, "hidden unit"),
        "below": below,
        "reads": reads,
        "column": column,
        "current": "the layer below" if number else f"the current {problem.token}",
    }


def _read_by(number: int, problem: Problem) -> tuple[str, str, str]:
    """What a recurrent layer reads: in a word, counted, and what a column of its weights stands for."""
    if number:
        return (
            "hidden",
            f"{count(problem.layers[number - 1].hidden, 'hidden unit')} of the layer below",
            "unit below",
        )
    if problem.structure.embedding:
        return "embedding", f"{count(problem.structure.embedding, 'number')} of the embedding", "number"
    if problem.vocabulary:
        return problem.tokens, count(len(problem.vocabulary), problem.token), problem.token
    return "inputs", count(problem.structure.inputs, "input"), "input"


def target_word(problem: Problem) -> str:
    """What a row of the output stands for, in a word."""
    return problem.token if problem.predicts_tokens else "class" if problem.classes else "output"


def shape_means(q: Quantity, problem: Problem) -> str:
    """What the shape of a given quantity means, in one sentence; nothing where there is nothing to say.

    Where the weights come from a framework's file, it says what that calls their layer.
    """
    settings: Mapping[str, str] = settings_of(problem, q.layer)
    if q.family.shared and q.value.size == 1 and settings["hidden"] != "1":
        settings = {**settings, "shared": "yes"}
    means = worded(q.family.about_shape, settings) if not q.parts.which else ""
    means = means.replace("for each of 1 ", "for the ")
    label = problem.labels.get(q.name)
    return f"{means} (in the file: {label})" if means and label else means


def axes_of(name: Name, problem: Problem, shape: tuple[int, int] = (0, 0)) -> tuple[str, str]:
    """What rows and columns of a quantity stand for: letter (of the vocabulary), class (of the output), output (where
    that has no names), input (a number that is read), feature (of the embedding), unit, or nothing: a number that all
    units share, and a loss."""
    if name.family.shared and shape == (1, 1):
        return "", ""
    read = "letter" if problem.vocabulary else "input"
    meant = {
        "read": read,
        "below": "unit" if name.layer else "feature" if "Wxe" in problem.weights else read,
        "out": "letter" if problem.predicts_tokens else target_word(problem),
    }
    rows, columns = name.family.axes
    return meant.get(rows, rows), meant.get(columns, columns)
