"""What the given numbers mean in plain words: the shape of each, and the question of why Whh may be one number."""

from __future__ import annotations

from rnncalc.network import names
from rnncalc.network.problem import Problem


def shape_means(name: str, problem: Problem) -> str:
    """What the shape of a given quantity means, in one sentence; nothing where there is nothing to say.

    Where the weights come from a framework's file, it says what that calls their layer.
    """
    means = _means(name, problem)
    label = problem.labels.get(name)
    return f"{means} (in the file: {label})" if means and label else means


def _means(name: str, problem: Problem) -> str:
    family, _, mark = names.split(name)
    if mark.startswith("D") or family in ("Why", "by", "target"):
        return _of_head(family, mark, problem)
    below, reads, what = _read_by(mark, problem)
    hidden = problem.layers[int(mark[1:]) - 1 if mark else 0].hidden
    units = _count(hidden, "hidden unit")
    shared = name in ("Whh", "bh") and hidden > 1 and problem.weights[name].size == 1
    match family:
        case "Wxe":
            rows, tokens = problem.structure.embedding, _count(len(problem.vocabulary), problem.token)
            numbers = _count(rows, "number")
            return f"embedding × {problem.tokens}: {numbers} for each of {tokens}, a column per {problem.token}"
        case _ if family.startswith("Wx"):
            return f"hidden × {below}: {units} look at {reads}, a row per unit and a column per {what}"
        case "Whh" if shared:
            return (
                f"one number, shared: it scales each of the {units}' own past (a full Whh would be {hidden}×{hidden})"
            )
        case _ if family.startswith("Wh"):
            return f"hidden × hidden: what each of {units} (columns) passes to each (rows) at the next step"
        case "bh" if shared:
            return f"one number, shared: added to each of the {units} (frameworks use one per unit)"
        case _ if family.startswith("b"):
            return f"a number for each of {units}, added at every step"
        case "c":
            return f"the cell's state before the first {problem.token}: a number for each of {units}"
        case "h":
            return f"the memory before the first {problem.token}: a number for each of {units}"
        case "x" if problem.vocabulary:
            return _one_hot(problem.token, len(problem.vocabulary))
        case "x":
            return f"the {_count(problem.structure.inputs, 'number')} that the step reads"
        case _:
            return ""


def _of_head(family: str, mark: str, problem: Problem) -> str:
    """Of the dense layers and the output."""
    head, outputs = problem.structure.head, problem.structure.outputs
    sizes = [problem.layers[-1].hidden, *(dense.units for dense in head)]
    scored = problem.tokens if problem.predicts_tokens else "classes" if problem.classes else "outputs"
    one = problem.token if problem.predicts_tokens else scored[:-2] if problem.classes else "output"
    counted = f"{outputs} {scored if outputs != 1 else one}"
    below = f"{_count(sizes[-1], 'unit')} of the last dense layer" if head else _count(sizes[-1], "hidden unit")
    match family:
        case "Why":
            verb = "is" if outputs == 1 else "are"
            what = "dense" if head else "hidden"
            return f"{scored} × {what}: {counted} {verb} scored from {below}, a row per {one} and a column per unit"
        case "by":
            return f"a number for each of {counted}, added to its score"
        case "target" if problem.output_names:
            return _one_hot(one, outputs)
        case "target":
            return f"what each of {counted} should be"
    number = int(mark[1:])
    units = _count(sizes[number], "unit")
    if family == "bv":
        return f"a number for each of {units}"
    from_what = (
        f"{_count(sizes[number - 1], 'unit')} of the layer below" if number > 1 else _count(sizes[0], "hidden unit")
    )
    below = "dense" if number > 1 else "hidden"
    return f"dense × {below}: {units} look at {from_what}, a row per unit and a column for each"


def _read_by(mark: str, problem: Problem) -> tuple[str, str, str]:
    """What a recurrent layer reads: in a word, counted, and what a column of its weights stands for."""
    if mark:
        return (
            "hidden",
            f"{_count(problem.layers[int(mark[1:]) - 2].hidden, 'hidden unit')} of the layer below",
            "one of them",
        )
    if problem.structure.embedding:
        return "embedding", f"{_count(problem.structure.embedding, 'number')} of the embedding", "number"
    if problem.vocabulary:
        return problem.tokens, _count(len(problem.vocabulary), problem.token), problem.token
    return "inputs", _count(problem.structure.inputs, "input"), "input"


def _one_hot(one: str, count: int) -> str:
    several = _count(count, one, plural="es" if one == "class" else "s")
    return f"one-hot: a 1 in the row of its {one}, 0 in the other rows of {several}"


def _count(number: int, what: str, plural: str = "s") -> str:
    return f"{number} {what}{'' if number == 1 else plural}"
