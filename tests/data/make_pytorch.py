"""Make pytorch.json beside this file: problems with their forward pass, loss and gradients, computed by PyTorch.

An oracle that shares no arithmetic with rnncalc: each equation is written here in plain tensor operations, in float64
on one CPU thread, and autograd differentiates it. rnncalc only supplies the numbers to start from, and the file keeps
those in full, so that a problem is rebuilt from the file alone. Expected values have 12 significant digits, so they are
within 5e-12 of themselves; a problem of 60 steps keeps h_t, y_t and the like for the steps in ``KEPT`` only. Run it
with ``python tests/data/make_pytorch.py`` after ``pip install torch==2.13.0``; the tests read the file and do not need
PyTorch.
"""

import json
from pathlib import Path
from typing import Any

import torch

from rnncalc import Problem

KEPT = (1, 2, 30, 59, 60)
LONG = "she sells sea shells by the sea shore; all the shells she sells"[:61]

# Text, hidden units, seed, activation, form of Whh, targets, loss reduction, output bias; every h_0 is random. The
# seeds are such that relu has units on both sides of 0, and that a long problem neither explodes nor loses its gradient
# on the way to step 1.
DRAWN = (
    ("ab", 1, 1, "tanh", "matrix", "next", "sum", False),
    ("ab", 4, 2, "tanh", "scalar", "last", "sum", True),
    ("banana", 4, 3, "tanh", "matrix", "next", "sum", True),
    ("mississippi", 5, 4, "tanh", "scalar", "next", "mean", True),
    ("hello world", 3, 5, "tanh", "matrix", "last", "mean", False),
    ("recurrent", 6, 6, "relu", "matrix", "next", "mean", False),
    ("banana", 3, 13, "relu", "matrix", "last", "sum", True),
    ("mississippi", 5, 7, "relu", "scalar", "next", "sum", True),
    ("abcab", 8, 43, "relu", "scalar", "last", "mean", False),
    ("banana", 2, 10, "sigmoid", "matrix", "next", "sum", True),
    ("recurrent", 7, 11, "sigmoid", "matrix", "last", "mean", True),
    ("déjà vu", 3, 12, "sigmoid", "scalar", "next", "mean", False),
    ("banana", 4, 13, "sigmoid", "scalar", "last", "sum", True),
    ("mississippi", 3, 14, "linear", "matrix", "next", "sum", False),
    ("abcab", 2, 15, "linear", "matrix", "last", "sum", True),
    ("banana", 6, 16, "linear", "scalar", "next", "mean", True),
    ("recurrent", 1, 17, "linear", "scalar", "last", "mean", False),
    (LONG, 8, 39, "tanh", "matrix", "next", "sum", True),
    (LONG, 3, 55, "tanh", "scalar", "last", "sum", False),
    (LONG, 5, 20, "relu", "matrix", "next", "mean", False),
    (LONG, 4, 23, "linear", "scalar", "last", "sum", True),
    (LONG, 2, 22, "sigmoid", "matrix", "next", "mean", True),
)

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "linear": lambda a: a}

Given = dict[str, Any]


def problems() -> dict[str, Problem]:
    """The problems by name."""
    hello, pencil = Problem.template("hello"), Problem.template("pencil")
    named = {
        "hello": hello,
        "hello, targets last": hello.replace(targets=(None, None, None, "o")),
        "hello, mean": hello.replace(loss_reduction="mean"),
        # Only here is the number of losses neither 1 nor the number of steps, so that a mean shows what it divides by.
        "hello, targets at steps 2 and 4, mean": hello.replace(
            targets=(None, "l", None, "o"), loss_reduction="mean", h_0=[0.5, -0.25, 0.75]
        ),
        "pencil": pencil,
    }
    for text, hidden, seed, activation, recurrent, targets, reduction, output_bias in DRAWN:
        problem = Problem.draw(
            text, hidden=hidden, seed=seed, activation=activation, recurrent=recurrent, targets=targets,
            loss_reduction=reduction, output_bias=output_bias, h_0="random",
        )  # fmt: skip
        bias = "output bias" if output_bias else "no output bias"
        sizes = f"H={hidden}, T={problem.steps}"
        named[f"{activation}, {recurrent} Whh, targets {targets}, {reduction}, {bias}, {sizes}"] = problem
    return named


def given_numbers(problem: Problem) -> Given:
    """All that is given, as lists."""
    return {
        "inputs": list(problem.inputs),
        "targets": list(problem.targets),
        "vocabulary": list(problem.vocabulary),
        "weights": {name: value.tolist() for name, value in problem.weights.items()},
        "h_0": problem.h_0.tolist(),
        "activation": problem.activation,
        "loss_reduction": problem.loss_reduction,
    }


def leaf(rows: list[list[float]]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64, requires_grad=True)


def one_hot(letter: str, given: Given) -> torch.Tensor:
    return torch.tensor([[float(letter == known)] for known in given["vocabulary"]], dtype=torch.float64)


def solve(given: Given) -> dict[str, torch.Tensor]:
    """Every expected quantity by name: the equations one by one, then autograd."""
    leaves = {name: leaf(rows) for name, rows in given["weights"].items()} | {"h_0": leaf(given["h_0"])}
    Wxh, Whh, bh, Why, h = (leaves[name] for name in ("Wxh", "Whh", "bh", "Why", "h_0"))
    scalar = Whh.shape == (1, 1)
    activation = ACTIVATIONS[given["activation"]]
    forward: dict[str, torch.Tensor] = {}
    inner: dict[str, torch.Tensor] = {}
    losses = []
    for t, (letter, wanted) in enumerate(zip(given["inputs"], given["targets"], strict=True), start=1):
        a = Wxh @ one_hot(letter, given) + (Whh * h if scalar else Whh @ h) + bh
        h = activation(a)
        y = Why @ h + leaves["by"] if "by" in leaves else Why @ h
        log_p = torch.log_softmax(y, dim=0)
        forward |= {f"h_{t}": h, f"y_{t}": y, f"p_{t}": log_p.exp()}
        inner |= {f"a_{t}": a, f"h_{t}": h, f"y_{t}": y}
        if wanted is not None:
            loss = -(one_hot(wanted, given) * log_p).sum()
            losses.append(loss)
            forward[f"loss_{t}"] = loss
    loss = sum(losses[1:], start=losses[0])
    forward["loss"] = loss / len(losses) if given["loss_reduction"] == "mean" else loss
    for tensor in inner.values():
        tensor.retain_grad()
    forward["loss"].backward()
    # Where a step has no loss, y_t leads nowhere and has no gradient.
    gradients = {f"d{name}": tensor.grad for name, tensor in (leaves | inner).items() if tensor.grad is not None}
    return {name: tensor.detach() for name, tensor in (forward | gradients).items()}


def check_with_layer(given: Given, expected: dict[str, torch.Tensor]) -> None:
    """Hold the equations above to PyTorch's own recurrent layer and loss, to 1e-12; it knows tanh and relu alone."""
    weights = {name: leaf(rows) for name, rows in given["weights"].items()}
    hidden, letters = weights["Wxh"].shape
    layer = torch.nn.RNN(letters, hidden, nonlinearity=given["activation"], dtype=torch.float64)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(weights["Wxh"])
        layer.weight_hh_l0.copy_(weights["Whh"])
        layer.bias_ih_l0.copy_(weights["bh"].flatten())
        layer.bias_hh_l0.zero_()
    h_0 = leaf(given["h_0"])
    states, _ = layer(torch.cat([one_hot(letter, given).T for letter in given["inputs"]]), h_0.T)
    scores = torch.nn.functional.linear(states, weights["Why"], weights["by"].flatten() if "by" in weights else None)
    ignored = -1
    wanted = torch.tensor([ignored if c is None else given["vocabulary"].index(c) for c in given["targets"]])
    loss = torch.nn.functional.cross_entropy(scores, wanted, ignore_index=ignored, reduction=given["loss_reduction"])
    loss.backward()
    theirs = {
        "loss": loss,
        "dWxh": layer.weight_ih_l0.grad,
        "dWhh": layer.weight_hh_l0.grad,
        "dbh": layer.bias_ih_l0.grad[:, None],
        "dh_0": h_0.grad,
        "dWhy": weights["Why"].grad,
        **({"dby": weights["by"].grad} if "by" in weights else {}),
        **{f"h_{t}": state[:, None] for t, state in enumerate(states, start=1)},
        **{f"y_{t}": score[:, None] for t, score in enumerate(scores, start=1)},
    }
    for name, tensor in theirs.items():
        torch.testing.assert_close(tensor.detach(), expected[name], rtol=1e-12, atol=1e-12)


def rows_of(tensor: torch.Tensor) -> list[list[float]]:
    """A tensor as a list of rows, to 12 significant digits, without negative zeros."""
    return [[float(f"{number:.12g}") + 0.0 for number in row] for row in torch.atleast_2d(tensor).tolist()]


def kept(name: str, steps: int) -> bool:
    """Whether the file keeps a quantity: all of a short problem, some steps of a long one."""
    _, _, step = name.rpartition("_")
    return steps < max(KEPT) or not step.isdecimal() or int(step) in (0, *KEPT)


def case(name: str, problem: Problem) -> dict[str, Any]:
    given = given_numbers(problem)
    expected = solve(given)
    if problem.recurrent == "matrix" and problem.activation in ("tanh", "relu"):
        check_with_layer(given, expected)
    quantities = {key: rows_of(tensor) for key, tensor in expected.items() if kept(key, problem.steps)}
    return {"name": name, "problem": given, "quantities": quantities}


def pretty(value: Any, indent: str = "") -> str:
    """JSON with a line for each table, so that a difference of two versions can be read."""
    deeper = indent + "  "
    if isinstance(value, dict):
        lines = [f"{deeper}{json.dumps(key)}: {pretty(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(deeper + pretty(item, deeper) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    torch.set_num_threads(1)
    made = {
        "made_with": f"PyTorch {torch.__version__.partition('+')[0]}, float64, one CPU thread",
        "cases": [case(name, problem) for name, problem in problems().items()],
    }
    Path(__file__).with_name("pytorch.json").write_text(pretty(made) + "\n", encoding="utf-8", newline="\n")
