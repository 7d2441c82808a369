"""Make pytorch_networks.json beside this file: networks of every form, with their states, outputs, loss and gradients.

Every step is written out here in tensor operations, in float64 on one CPU thread, and autograd differentiates it; where
PyTorch has the recurrent layer, its states, loss and gradients are held to the same numbers. Nothing comes from
rnncalc: the numbers to start from are drawn here, with two decimals. Expected values have 12 significant digits, so
they are within 5e-12 of themselves. A gradient that autograd does not reach (a state after the last loss) is left out.
Run it with ``python tests/data/make_pytorch_networks.py`` after ``pip install torch==2.14.1``; the tests read the file
and do not need PyTorch.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

Given = dict[str, Any]
Rows = list[list[float]]
States = dict[str, list[Tensor]]
"""The states of one layer at every step, by letter."""

GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}
"""In PyTorch's order."""


# ── what is given ─────────────────────────────────────────────────────────────────────────────────────────────────


def draw(
    name: str,
    reads: str | list[str] | tuple[int, int],
    layers: Sequence[str],
    *,
    predicts: int | Sequence[str] = (),
    wanted: Sequence[int] | None = None,
    embedding: int = 0,
    head: Sequence[str] = (),
    head_bias: bool = True,
    output_function: str = "softmax",
    output_bias: bool = True,
    output_at: str = "every",
    loss: str = "cross-entropy",
    reduction: str = "sum",
    starts: str = "all",
) -> Given:
    """A network with numbers drawn from its name.

    It reads letters, words, or numbers (steps, numbers in each), and predicts the token that comes next, unless
    classes are named or a number of outputs is said. A layer is its cell, units and activation, tanh unless said, and
    a dense layer its units and activation. ``wanted`` are the steps with a target, those with an output unless said;
    ``starts`` are the initial states that are drawn: all, first (h_0 alone) or none.
    """
    random = Random(name)
    given: Given = {}
    following: Sequence[str] = ()
    if isinstance(reads, tuple):
        steps, size = reads
        given["inputs"] = table(random, steps, size)
    else:
        tokens = list(reads)
        following = () if predicts or output_at == "none" else tokens[1:]
        given["inputs"] = tokens[:-1] if following else tokens
        given["vocabulary"] = list(dict.fromkeys(tokens))
        given["tokens"] = "letters" if isinstance(reads, str) else "words"
        steps, size = len(given["inputs"]), len(given["vocabulary"])

    if wanted is None:
        wanted = {"every": range(1, steps + 1), "last": [steps], "none": []}[output_at]
    if isinstance(predicts, int):
        rows = predicts
        targets = [[(row[0] + 1) / 2 for row in table(random, rows, 1)] for _ in range(steps)]
        if loss == "binary-cross-entropy":
            targets = [[float(number > 0.5) for number in target] for target in targets]
    elif predicts:
        rows = len(predicts)
        targets = random.choices(predicts, k=steps)
        given["classes"] = list(predicts)
    else:
        rows = size
        targets = list(following) or [None] * steps
    given["targets"] = [target if t in wanted else None for t, target in enumerate(targets, start=1)]

    weights: Given = {}
    states: Given = {}
    cells, activations = [], []
    if embedding:
        weights["Wxe"] = table(random, embedding, size)
        size = embedding
    for number, layer in enumerate(layers, start=1):
        kind, units, activation = (*layer.split(), "tanh")[:3]
        cell, hidden, mark = kind.partition("-")[0], int(units), mark_of(number)
        weights |= {f"{key}{mark}": rows for key, rows in cell_weights(random, kind, hidden, size).items()}
        for letter in "hc" if cell == "lstm" else "h":
            if starts == "all" or (starts == "first" and letter == "h" and number == 1):
                states[f"{letter}{mark}_0"] = [row[0] for row in table(random, hidden, 1)]
        cells.append(cell)
        activations.append(activation)
        size = hidden
        if number == 1:
            states.setdefault("h_0", [0.0] * hidden)
    for number, dense in enumerate(head, start=1):
        units, _ = dense.split()
        weights[f"Wv_D{number}"] = table(random, int(units), size)
        if head_bias:
            weights[f"bv_D{number}"] = table(random, int(units), 1)
        size = int(units)
    if output_at != "none":
        weights["Why"] = table(random, rows, size)
        if output_bias:
            weights["by"] = table(random, rows, 1)

    given |= {"weights": weights} | {key: states.pop(key) for key in ("h_0", "c_0") if key in states}
    if states:
        given["states"] = states
    given["cell"] = cells if len(cells) > 1 else cells[0]
    given["activation"] = activations if len(cells) > 1 else activations[0]
    if head:
        given["head"] = [dense.split()[1] for dense in head]
    if output_at != "none":
        given["output_function"] = output_function
    has_loss = any(target is not None for target in given["targets"])
    return given | {"output_at": output_at, "loss": loss if has_loss else "none", "loss_reduction": reduction}


def table(random: Random, rows: int, columns: int) -> Rows:
    return [[random.randint(-100, 100) / 100 for _ in range(columns)] for _ in range(rows)]


def cell_weights(random: Random, kind: str, hidden: int, size: int) -> dict[str, Rows]:
    """The weights of a recurrent layer; rnn-shared has one number for Whh and one for bh, gru-before no bhn."""
    weights = {}
    for gate in GATES[kind.partition("-")[0]]:
        rows, columns = (1, 1) if kind == "rnn-shared" else (hidden, hidden)
        weights[f"Wx{gate}"] = table(random, hidden, size)
        weights[f"Wh{gate}"] = table(random, rows, columns)
        weights[f"b{gate}"] = table(random, rows, 1)
    return weights | ({"bhn": table(random, hidden, 1)} if kind == "gru" else {})


def mark_of(layer: int) -> str:
    """What stands behind the names of a recurrent layer."""
    return "" if layer == 1 else f"_L{layer}"


def listed(value: Any) -> list[Any]:
    """One for each recurrent layer."""
    return value if isinstance(value, list) else [value]


def column(value: str | list[float], known: list[str]) -> Tensor:
    """A token or class as a one-hot column, numbers as a column."""
    numbers = [float(value == one) for one in known] if isinstance(value, str) else value
    return torch.tensor(numbers, dtype=torch.float64)[:, None]


def leaf(rows: Rows) -> Tensor:
    return torch.tensor(rows, dtype=torch.float64, requires_grad=True)


# ── recurrent layers ──────────────────────────────────────────────────────────────────────────────────────────────


def relu(a: Tensor) -> Tensor:
    assert (a.abs() > 1e-9).all(), "relu has no gradient where it bends; another name draws other numbers"
    return torch.relu(a)


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": relu,
    "sigmoid": torch.sigmoid,
    "linear": lambda a: a,
}


def step(cell: str, w: dict[str, Tensor], x: Tensor, states: list[Tensor], activation: str) -> list[Tensor]:
    """The new states of one step, written out."""
    f, h = ACTIVATIONS[activation], states[0]
    if cell == "rnn":
        shared = w["Whh"].shape == (1, 1)
        return [f(w["Wxh"] @ x + (w["Whh"] * h if shared else w["Whh"] @ h) + w["bh"])]
    if cell == "lstm":
        i, forget, o = (torch.sigmoid(w[f"Wx{k}"] @ x + w[f"Wh{k}"] @ h + w[f"b{k}"]) for k in "ifo")
        c = forget * states[1] + i * f(w["Wxg"] @ x + w["Whg"] @ h + w["bg"])
        return [o * f(c), c]
    r, z = (torch.sigmoid(w[f"Wx{k}"] @ x + w[f"Wh{k}"] @ h + w[f"b{k}"]) for k in "rz")
    past = r * (w["Whn"] @ h + w["bhn"]) if "bhn" in w else w["Whn"] @ (r * h)
    return [(1 - z) * f(w["Wxn"] @ x + past + w["bn"]) + z * h]


def by_steps(cell: str, w: dict[str, Tensor], xs: list[Tensor], starts: list[Tensor], activation: str) -> States:
    """The states of a layer, step by step."""
    states = [starts]
    for x in xs:
        states.append(step(cell, w, x, states[-1], activation))
    return dict(zip("hc", map(list, zip(*states[1:], strict=True)), strict=False))


def by_layer(cell: str, w: dict[str, Tensor], xs: list[Tensor], starts: list[Tensor], activation: str) -> States:
    """The states of a layer by PyTorch's own, which computes them at once, or step by step where it has none."""
    hidden = len(starts[0])
    theirs = {"rnn": activation in ("tanh", "relu"), "lstm": activation == "tanh", "gru": "bhn" in w}
    if not theirs[cell] or len(w["Whh" if cell == "rnn" else f"Wh{GATES[cell][0]}"]) != hidden:
        return by_steps(cell, w, xs, starts, activation)
    options = {"nonlinearity": activation} if cell == "rnn" else {}
    layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](len(xs[0]), hidden, dtype=torch.float64, **options)

    def stacked(family: str) -> Tensor:
        return torch.cat([w[f"{family}{gate}"] for gate in GATES[cell]])

    first = stacked("b").flatten()
    # PyTorch keeps two biases for each gate; the second is zero, but for the candidate of a gru.
    second = torch.cat([torch.zeros_like(first[hidden:]), w["bhn"].flatten()]) if cell == "gru" else first * 0
    parameters = {"weight_ih_l0": stacked("Wx"), "weight_hh_l0": stacked("Wh"), "bias_ih_l0": first,
                  "bias_hh_l0": second}  # fmt: skip
    rows = [start.T for start in starts]
    start = tuple(rows) if cell == "lstm" else rows[0]
    outputs, _ = torch.func.functional_call(layer, parameters, (torch.cat(xs, dim=1).T, start))
    return {"h": [row[:, None] for row in outputs]}


# ── a network ─────────────────────────────────────────────────────────────────────────────────────────────────────


def loss_of(kind: str, y: Tensor, out: Tensor, target: Tensor) -> Tensor:
    """The loss of one step, written out and held to PyTorch's."""
    match kind:
        case "cross-entropy":
            loss = -(target * torch.log_softmax(y, dim=0)).sum()
            theirs = functional.cross_entropy(y.T, target.T, reduction="sum")
        case "binary-cross-entropy":
            loss = -(target * torch.log(out) + (1 - target) * torch.log(1 - out)).sum()
            theirs = functional.binary_cross_entropy_with_logits(y, target, reduction="sum")
        case _:
            loss = ((out - target) ** 2).sum() / 2
            theirs = functional.mse_loss(out, target, reduction="sum") / 2
    torch.testing.assert_close(loss, theirs, rtol=1e-12, atol=1e-12)
    return loss


def solve(given: Given, recurrent: Callable[..., States]) -> dict[str, Tensor]:
    """Every expected quantity by name."""
    weights = {name: leaf(rows) for name, rows in given["weights"].items()}
    given_states = {key: given[key] for key in ("h_0", "c_0") if key in given} | given.get("states", {})
    starts: dict[str, Tensor] = {}
    forward: dict[str, Tensor] = {}
    inner: dict[str, Tensor] = {}
    known = given.get("vocabulary", [])

    xs = [column(x, known) for x in given["inputs"]]
    if "Wxe" in weights:
        indices = [torch.tensor([known.index(x)]) for x in given["inputs"]]
        xs = [functional.embedding(index, weights["Wxe"].T).T for index in indices]
        forward |= {f"e_{t}": e for t, e in enumerate(xs, start=1)}
    for number, (cell, activation) in enumerate(
        zip(listed(given["cell"]), listed(given["activation"]), strict=True), start=1
    ):
        mark = mark_of(number)
        own = {name.removesuffix(mark): w for name, w in weights.items() if name[name.find("_") :] == mark or not mark}
        hidden = len(own[f"Wx{GATES[cell][0]}"])
        for letter in "hc" if cell == "lstm" else "h":
            name = f"{letter}{mark}_0"
            starts[name] = leaf([[n] for n in given_states.get(name, [0.0] * hidden)])
        states = recurrent(cell, own, xs, [one for name, one in starts.items() if name[1:] == f"{mark}_0"], activation)
        for letter, series in states.items():
            inner |= {f"{letter}{mark}_{t}": state for t, state in enumerate(series, start=1)}
        xs = states["h"]

    losses = []
    for t, (v, target) in enumerate(zip(xs, given["targets"], strict=True), start=1):
        if given["output_at"] == "none" or (given["output_at"] == "last" and t < len(xs)):
            continue
        for number, activation in enumerate(given.get("head", []), start=1):
            v = ACTIVATIONS[activation](dense(v, weights[f"Wv_D{number}"], weights.get(f"bv_D{number}")))
            inner[f"v_D{number}_{t}"] = v
        out = inner[f"y_{t}"] = dense(v, weights["Why"], weights.get("by"))
        if given["output_function"] != "linear":
            out = torch.softmax(out, dim=0) if given["output_function"] == "softmax" else torch.sigmoid(out)
            forward[f"p_{t}"] = out
        if target is not None:
            wanted = column(target, given.get("classes", known))
            losses.append(loss_of(given["loss"], inner[f"y_{t}"], out, wanted))
            forward[f"loss_{t}"] = losses[-1]
    if not losses:
        return {name: tensor.detach() for name, tensor in (forward | inner).items()}

    total = torch.stack(losses).sum()
    forward["loss"] = total / len(losses) if given["loss_reduction"] == "mean" else total
    for tensor in inner.values():
        tensor.retain_grad()
    forward["loss"].backward()
    found = {f"d{name}": one.grad for name, one in (weights | starts | inner).items() if one.grad is not None}
    idle = [name for name in weights if not found[f"d{name}"].any()]
    assert not idle, f"gradients of zeros alone show nothing: {idle}"
    return {name: tensor.detach() for name, tensor in (forward | inner | found).items()}


def dense(v: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return functional.linear(v.T, weight, None if bias is None else bias.flatten()).T


def check_with_layers(given: Given, expected: dict[str, Tensor]) -> None:
    """Hold the steps to PyTorch's layers, to 1e-12, in all but dh_t: there a state is cut out of all of them, and
    autograd sees what is read from it, not the next step.
    """
    for name, tensor in solve(given, by_layer).items():
        if not name.startswith("dh") or name.endswith("_0"):
            torch.testing.assert_close(tensor, expected[name], rtol=1e-12, atol=1e-12)


# ── the networks ──────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = ["the", "cat", "saw", "the", "dog", "and"]
MOOD = ("bad", "good")

ON_PAPER: Given = {
    "inputs": [[1.0, 0.0], [2.0, 1.0], [0.0, 1.0], [0.0, 2.0]],
    "targets": [[1.0], [1.0], [0.0], [0.0]],
    "weights": {
        "Wxh": [[1.0, -1.0], [0.0, 1.0]],
        "Whh": [[1.0, -1.0], [0.0, 1.0]],
        "bh": [[1.0], [-1.0]],
        "Why": [[1.0, -1.0]],
        "by": [[1.0]],
    },
    "h_0": [1.0, 2.0],
    "cell": "rnn",
    "activation": "relu",
    "output_function": "sigmoid",
    "output_at": "every",
    "loss": "binary-cross-entropy",
    "loss_reduction": "sum",
}
"""Small whole numbers, as for work by hand."""

SQUARED: Given = {"loss": "squared-error"}
LINEAR: Given = {"output_function": "linear", "loss": "squared-error"}
BINARY: Given = {"output_function": "sigmoid", "loss": "binary-cross-entropy"}
LAST: Given = {"output_at": "last"}

DRAWN: dict[str, tuple[Any, Sequence[str], Given]] = {
    # one recurrent layer, rnn
    "letters, rnn tanh": ("hello", ["rnn 3"], {}),
    "letters, rnn relu, mean, no output bias": ("banana", ["rnn 4 relu"], {"reduction": "mean", "output_bias": False}),
    "letters, rnn sigmoid, loss at steps 2 and 4, mean": (
        "recall", ["rnn 3 sigmoid"], {"wanted": [2, 4], "reduction": "mean"}),
    "letters, rnn linear, last": ("abcab", ["rnn 2 linear"], LAST),
    "letters, rnn tanh, squared error after softmax": ("hello", ["rnn 3"], SQUARED),
    "letters, rnn tanh, binary cross-entropy, one-hot targets": ("abca", ["rnn 2"], BINARY),
    "letters, rnn tanh, no output": ("hello", ["rnn 3"], {"output_at": "none"}),
    "numbers, rnn tanh, linear, squared error": ((5, 2), ["rnn 3"], {**LINEAR, "predicts": 2}),
    "numbers, rnn relu, sigmoid, one output, last": ((5, 3), ["rnn 4 relu"], {**BINARY, **LAST, "predicts": 1}),
    "numbers, rnn sigmoid, squared error after sigmoid, mean": (
        (4, 2), ["rnn 3 sigmoid"], {**SQUARED, "output_function": "sigmoid", "reduction": "mean", "predicts": 2}),
    "numbers, rnn linear, classes at every step": ((4, 2), ["rnn 2 linear"], {"predicts": ("up", "flat", "down")}),
    "numbers, rnn tanh, squared error after softmax, loss at steps 1 and 3": (
        (5, 2), ["rnn 3"], {**SQUARED, "predicts": 3, "wanted": [1, 3]}),
    "numbers, rnn with shared Whh and bh, linear, last": (
        (4, 2), ["rnn-shared 3"], {**LINEAR, **LAST, "predicts": 1}),
    "numbers, rnn tanh, 1 unit, 1 input, linear, mean": (
        (6, 1), ["rnn 1"], {**LINEAR, "predicts": 1, "reduction": "mean", "starts": "none"}),
    "words, embedding, rnn tanh": (WORDS, ["rnn 3"], {"embedding": 2}),
    "words, rnn tanh, one-hot, no embedding": (WORDS[:5], ["rnn 2"], {"output_bias": False}),
    # one recurrent layer, lstm and gru
    "letters, lstm": ("hello", ["lstm 3"], {}),
    "letters, lstm, h_0 alone given, mean, no output bias": (
        "banana", ["lstm 2"], {"starts": "first", "reduction": "mean", "output_bias": False}),
    "numbers, lstm, linear, last": ((5, 2), ["lstm 3"], {**LINEAR, **LAST, "predicts": 1}),
    "numbers, lstm relu, sigmoid, two outputs, mean": (
        (4, 3), ["lstm 3 relu"], {**BINARY, "predicts": 2, "reduction": "mean"}),
    "letters, lstm, embedding, loss at step 2 of 4": ("hello", ["lstm 3"], {"embedding": 2, "wanted": [2]}),
    "letters, gru": ("hello", ["gru 3"], {}),
    "letters, gru, reset before": ("hello", ["gru-before 3"], {}),
    "numbers, gru, classes, last": ((5, 2), ["gru 4"], {**LAST, "predicts": MOOD}),
    "numbers, gru, reset before, squared error after sigmoid, last": (
        (4, 2), ["gru-before 3"], {**SQUARED, **LAST, "output_function": "sigmoid", "predicts": 2}),
    "words, embedding, gru, loss at steps 1 and 4, mean": (
        WORDS, ["gru 3"], {"embedding": 3, "wanted": [1, 4], "reduction": "mean"}),
    "numbers, gru, reset before, no output": ((3, 2), ["gru-before 2"], {"output_at": "none"}),
    "letters, lstm, outputs without a loss": ("abba", ["lstm 2"], {"wanted": []}),
    # several recurrent layers
    "letters, two layers of rnn": ("hello", ["rnn 3", "rnn 2"], {}),
    "letters, two layers of rnn, tanh then relu, last": ("abcab", ["rnn 3", "rnn 4 relu"], LAST),
    "numbers, two layers of lstm, linear": ((4, 2), ["lstm 3", "lstm 3"], {**LINEAR, "predicts": 2}),
    "letters, two layers of gru, mean": ("banana", ["gru 2", "gru 3"], {"reduction": "mean"}),
    "words, embedding, lstm then gru, classes, last": (
        WORDS, ["lstm 2", "gru 3"], {**LAST, "embedding": 3, "predicts": MOOD}),
    "numbers, rnn then lstm, sigmoid, loss at steps 1 and 3": (
        (4, 2), ["rnn 3 sigmoid", "lstm 2"], {**BINARY, "predicts": 2, "wanted": [1, 3]}),
    "letters, lstm then rnn relu, h_0 alone given": ("hello", ["lstm 2", "rnn 4 relu"], {"starts": "first"}),
    "letters, three layers: rnn, gru with reset before, lstm": ("abcab", ["rnn 2", "gru-before 3", "lstm 2"], {}),
    "numbers, three layers of gru, squared error after softmax, mean": (
        (4, 2), ["gru 2", "gru 2", "gru 2"], {**SQUARED, "predicts": 2, "reduction": "mean"}),
    "letters, two layers of lstm, no output": ("hello", ["lstm 2", "lstm 3"], {"output_at": "none"}),
    # dense heads
    "letters, rnn, dense tanh": ("hello", ["rnn 3"], {"head": ["4 tanh"]}),
    "numbers, rnn relu, dense relu without bias, linear": (
        (4, 2), ["rnn 3 relu"], {**LINEAR, "predicts": 1, "head": ["4 relu"], "head_bias": False}),
    "numbers, lstm, head of sigmoid and linear, sigmoid, last": (
        (4, 3), ["lstm 3"], {**BINARY, **LAST, "predicts": 1, "head": ["3 sigmoid", "2 linear"]}),
    "words, embedding, rnn relu, head of sigmoid and relu, classes, last": (
        WORDS, ["rnn 5 relu"],
        {**LAST, "embedding": 3, "head": ["4 sigmoid", "3 relu"], "predicts": MOOD, "starts": "none"}),
    "letters, gru with reset before, dense linear, loss at steps 2 and 3, mean": (
        "abcab", ["gru-before 3"], {"head": ["2 linear"], "wanted": [2, 3], "reduction": "mean"}),
    "words, embedding, rnn then gru, head of tanh and sigmoid, squared error after softmax": (
        WORDS[:5], ["rnn 2", "gru 3"], {**SQUARED, "embedding": 2, "head": ["3 tanh", "2 sigmoid"]}),
}  # fmt: skip


def problems() -> dict[str, Given]:
    """The networks by name."""
    drawn = {name: draw(name, reads, layers, **options) for name, (reads, layers, options) in DRAWN.items()}
    between = draw("between", (3, 2), ["rnn 3"], predicts=3)
    between["targets"] = [[0.25, 0.5, 0.25], [0.0, 0.5, 0.5], [0.125, 0.125, 0.75]]
    either = draw("either", (3, 2), ["gru 2"], predicts=2, output_function="sigmoid", loss="binary-cross-entropy")
    either["targets"] = [[0.25, 1.0], [0.5, 0.0], [0.875, 0.125]]
    return {
        "whole numbers, as on paper": ON_PAPER,
        **drawn,
        "numbers, rnn tanh, cross-entropy with probabilities as targets": between,
        "numbers, gru, binary cross-entropy with probabilities as targets": either,
    }


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────


def rows_of(tensor: Tensor, digits: int = 12) -> Rows:
    """A tensor as a list of rows, to so many significant digits, without negative zeros."""
    return [[float(f"{number:.{digits}g}") + 0.0 for number in row] for row in torch.atleast_2d(tensor).tolist()]


def case(name: str, given: Given) -> dict[str, Any]:
    expected = solve(given, by_steps)
    check_with_layers(given, expected)
    return {"name": name, "problem": given, "quantities": {key: rows_of(one) for key, one in expected.items()}}


def pretty(value: Any, indent: str = "") -> str:
    """JSON with a line for each table, so that a difference of two versions can be read."""
    deeper = indent + "  "
    if isinstance(value, dict):
        lines = [f"{deeper}{json.dumps(key)}: {pretty(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(deeper + pretty(item, deeper) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def write(name: str, made_with: str, cases: list[dict[str, Any]]) -> None:
    """Write the cases beside this file."""
    text = pretty({"made_with": made_with, "cases": cases}) + "\n"
    Path(__file__).with_name(name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    version = torch.__version__.partition("+")[0]
    cases = [case(name, given) for name, given in problems().items()]
    write("pytorch_networks.json", f"PyTorch {version}, float64, one CPU thread", cases)
