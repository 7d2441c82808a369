"""Make pytorch_cells.json beside this file: lstm and gru, their states, scores, loss and gradients, by PyTorch.

PyTorch's own cells compute each step, autograd differentiates, and its fused layers are held to the same numbers. A gru
is the variant with the reset gate after the product, the only one that PyTorch has. PyTorch keeps two biases for each
gate: here the second is zero, but for the candidate of a gru, where it is bhn. Run it with
``python tests/data/make_pytorch_cells.py`` after ``pip install torch==2.14.1``; the tests read the file and do not need
PyTorch.
"""

from pathlib import Path
from typing import Any

import torch
from make_pytorch import LONG, Given, given_numbers, kept, leaf, one_hot, pretty, rows_of

from rnncalc import Problem

GATES = {"lstm": "ifgo", "gru": "rzn"}
"""In PyTorch's order."""

# Text, hidden units, seed, targets, loss reduction, output bias; the initial states are random.
DRAWN = (
    ("ab", 1, 1, "next", "sum", False),
    ("ab", 4, 2, "last", "sum", True),
    ("banana", 3, 3, "next", "sum", True),
    ("mississippi", 5, 4, "next", "mean", False),
    ("hello world", 2, 5, "last", "mean", True),
    ("recurrent", 6, 6, "next", "sum", False),
    ("déjà vu", 4, 7, "next", "mean", True),
    (LONG, 3, 8, "next", "mean", True),
)


def problems() -> dict[str, Problem]:
    """The problems by name."""
    named = {}
    for kind in GATES:
        for text, hidden, seed, targets, reduction, output_bias in DRAWN:
            problem = Problem.draw(
                text, hidden=hidden, seed=seed, targets=targets, loss_reduction=reduction, output_bias=output_bias,
                h_0="random", cell_kind=kind, reset_after=kind == "gru",
            )  # fmt: skip
            bias = "output bias" if output_bias else "no output bias"
            named[f"{kind}, targets {targets}, {reduction}, {bias}, H={hidden}, T={problem.steps}"] = problem
    return named


def load(module: Any, given: Given, ending: str) -> None:
    """Give a cell or layer of PyTorch the weights, one gate below the other."""
    weights = {name: torch.tensor(rows, dtype=torch.float64) for name, rows in given["weights"].items()}
    gates = GATES[given["cell"]]
    second = torch.zeros_like(torch.cat([weights[f"b{gate}"] for gate in gates]))
    if "bhn" in weights:
        second[-len(weights["bhn"]) :] = weights["bhn"]
    with torch.no_grad():
        getattr(module, f"weight_ih{ending}").copy_(torch.cat([weights[f"Wx{gate}"] for gate in gates]))
        getattr(module, f"weight_hh{ending}").copy_(torch.cat([weights[f"Wh{gate}"] for gate in gates]))
        getattr(module, f"bias_ih{ending}").copy_(torch.cat([weights[f"b{gate}"] for gate in gates]).flatten())
        getattr(module, f"bias_hh{ending}").copy_(second.flatten())


def gradients(module: Any, given: Given, ending: str) -> dict[str, torch.Tensor]:
    """The gradients of a cell's or layer's weights by the names of each gate."""
    gates = GATES[given["cell"]]
    found = {}
    for family, theirs in (("Wx", "weight_ih"), ("Wh", "weight_hh"), ("b", "bias_ih")):
        for gate, part in zip(gates, getattr(module, theirs + ending).grad.chunk(len(gates)), strict=True):
            found[f"d{family}{gate}"] = part if part.ndim == 2 else part[:, None]
    if "bhn" in given["weights"]:
        found["dbhn"] = getattr(module, f"bias_hh{ending}").grad.chunk(len(gates))[-1][:, None]
    return found


def solve(given: Given) -> dict[str, torch.Tensor]:
    """Every expected quantity by name, step by step with PyTorch's cell."""
    hidden, letters = len(given["h_0"]), len(given["vocabulary"])
    lstm = given["cell"] == "lstm"
    module = (torch.nn.LSTMCell if lstm else torch.nn.GRUCell)(letters, hidden, dtype=torch.float64)
    load(module, given, "")
    leaves = {name: leaf(given["weights"][name]) for name in ("Why", "by") if name in given["weights"]}
    starts = {name: leaf(given[name]) for name in ("h_0", "c_0") if name in given}
    states = [start.T for start in starts.values()]
    forward: dict[str, torch.Tensor] = {}
    inner: dict[str, torch.Tensor] = {}
    losses = []
    for t, (letter, wanted) in enumerate(zip(given["inputs"], given["targets"], strict=True), start=1):
        x = one_hot(letter, given).T
        states = list(module(x, tuple(states))) if lstm else [module(x, states[0])]
        inner |= {f"{name}_{t}": state for name, state in zip("hc", states, strict=False)}
        y = leaves["Why"] @ states[0].T + leaves.get("by", 0)
        log_p = torch.log_softmax(y, dim=0)
        forward |= {f"p_{t}": log_p.exp()}
        inner[f"y_{t}"] = y
        if wanted is not None:
            losses.append(-(one_hot(wanted, given) * log_p).sum())
            forward[f"loss_{t}"] = losses[-1]
    loss = sum(losses[1:], start=losses[0])
    forward["loss"] = loss / len(losses) if given["loss_reduction"] == "mean" else loss
    for tensor in inner.values():
        tensor.retain_grad()
    forward["loss"].backward()
    named = leaves | starts | inner
    # Where a step has no loss, y_t leads nowhere and has no gradient.
    backward = {f"d{name}": tensor.grad for name, tensor in named.items() if tensor.grad is not None}
    found = forward | inner | backward | gradients(module, given, "")
    return {name: (one.T if is_row(name) else one).detach() for name, one in found.items()}


def is_row(name: str) -> bool:
    """Whether PyTorch has a state as a row: all but the initial ones, which were given as columns."""
    family, _, step = name.removeprefix("d").rpartition("_")
    return family in ("h", "c") and step != "0"


def check_with_layer(given: Given, expected: dict[str, torch.Tensor]) -> None:
    """Hold the steps to PyTorch's layer, which computes them at once, to 1e-12."""
    hidden, letters = len(given["h_0"]), len(given["vocabulary"])
    lstm = given["cell"] == "lstm"
    layer = (torch.nn.LSTM if lstm else torch.nn.GRU)(letters, hidden, dtype=torch.float64)
    load(layer, given, "_l0")
    h_0 = leaf(given["h_0"])
    start = (h_0.T, leaf(given["c_0"]).T) if lstm else h_0.T
    states, _ = layer(torch.cat([one_hot(letter, given).T for letter in given["inputs"]]), start)
    why, bias = leaf(given["weights"]["Why"]), given["weights"].get("by")
    scores = torch.nn.functional.linear(states, why, None if bias is None else leaf(bias).flatten())
    ignored = -1
    wanted = torch.tensor([ignored if c is None else given["vocabulary"].index(c) for c in given["targets"]])
    loss = torch.nn.functional.cross_entropy(scores, wanted, ignore_index=ignored, reduction=given["loss_reduction"])
    loss.backward()
    theirs = {"loss": loss, "dWhy": why.grad, "dh_0": h_0.grad, **gradients(layer, given, "_l0")}
    theirs |= {f"h_{t}": state[:, None] for t, state in enumerate(states, start=1)}
    for name, tensor in theirs.items():
        torch.testing.assert_close(tensor.detach(), expected[name], rtol=1e-12, atol=1e-12)


def case(name: str, problem: Problem) -> dict[str, Any]:
    given = given_numbers(problem) | {"cell": problem.cell}
    if problem.c_0 is not None:
        given["c_0"] = problem.c_0.tolist()
    expected = solve(given)
    check_with_layer(given, expected)
    quantities = {key: rows_of(tensor) for key, tensor in expected.items() if kept(key, problem.steps)}
    return {"name": name, "problem": given, "quantities": quantities}


if __name__ == "__main__":
    torch.set_num_threads(1)
    made = {
        "made_with": f"PyTorch {torch.__version__.partition('+')[0]}, float64, one CPU thread",
        "cases": [case(name, problem) for name, problem in problems().items()],
    }
    Path(__file__).with_name("pytorch_cells.json").write_text(pretty(made) + "\n", encoding="utf-8", newline="\n")
