"""What a step reads and wants, and what network it is, in words for pages."""

from __future__ import annotations

from rnncalc.language.trees import Array
from rnncalc.network.pictures import letter_picture
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace
from rnncalc.network.values import count

_MOST_NUMBERS = 3
_MOST_TOKENS = 60


def read_at(trace: Trace, t: int) -> str:
    """What step t reads: its token, its numbers, or what was predicted before."""
    problem = trace.problem
    read = problem.inputs[t - 1]
    if read is None:
        x = trace[f"x_{t}"].value
        read = problem.vocabulary[int(x[:, 0].argmax())] if problem.vocabulary else x
    return shown(read)


def wanted_at(problem: Problem, t: int) -> str:
    """What step t wants; nothing where it wants nothing."""
    wanted = problem.targets[t - 1]
    return "" if wanted is None else shown(wanted)


def shown(read: str | Array) -> str:
    """A token so that it can be seen, or the numbers of a step, of many the first ones."""
    if isinstance(read, str):
        return letter_picture(read)
    numbers = [f"{v:.6g}" for v in read[:, 0].tolist()]
    many = len(numbers) > _MOST_NUMBERS + 1
    return f"({', '.join([*numbers[:_MOST_NUMBERS], '…'] if many else numbers)})"


def size(problem: Problem) -> str:
    """How large the network is: 3 hidden units; 2 layers of 3 hidden units."""
    sizes = [layer.hidden for layer in problem.layers]
    units = count(sizes[0], "hidden unit")
    if len(sizes) > 1:
        same = len(set(sizes)) == 1
        layers = f"{len(sizes)} layers of "
        units = layers + (units if same else f"{', '.join(map(str, sizes[:-1]))} and {sizes[-1]} hidden units")
    embedding = f"an embedding of size {problem.structure.embedding}, " if problem.structure.embedding else ""
    return embedding + units


def activation(problem: Problem) -> str:
    """The activation of the hidden units, of each layer where they differ; then the dense layers with theirs."""
    own = problem.activation if isinstance(problem.activation, str) else " + ".join(problem.activation)
    head = problem.structure.head
    return own + (f", dense {', '.join(f'{d.units} ({d.activation})' for d in head)}" if head else "")


def tokens(names: tuple[str, ...]) -> str:
    """Letters or words in a row; of very many the first ones and how many there are."""
    first = [letter_picture(c) for c in names[:_MOST_TOKENS]]
    return " ".join(first) + (f" … ({len(names):,})" if len(names) > _MOST_TOKENS else "")


def output(problem: Problem) -> str:
    """Where the output stands, what it is after, and the loss; nothing where all is as of a plain text."""
    if problem.output_at == "none":
        return "no output: the states are the result"
    plain = problem.predicts_tokens and problem.output_at == "every" and problem.output_function == "softmax"
    if plain and problem.loss in ("cross-entropy", "none"):
        return ""
    where = "at every step" if problem.output_at == "every" else "at the last step"
    classes = f" over {', '.join(map(letter_picture, problem.classes))}" if problem.classes else ""
    loss = f"; loss: {problem.loss.replace('-', ' ')}" if problem.has_loss else ""
    return f"{problem.output_function}{classes}, {where}{loss}"
