"""Make pytorch_sentiment.json beside this file: classifiers of tweets, with their gradients and ten steps of Adam.

PyTorch computes all of it in float64 on one CPU thread: its own recurrent layers over packed sequences, so that no
padding is ever read, its weighted cross-entropy, its dense Adam with the embedding among the parameters. Nothing comes
from rnncalc: the numbers to start from are drawn here, with two decimals. Weights have the names of rnncalc, which has
one bias where PyTorch has two: the second is a zero that is not learnt, but that of a gru's candidate. Masks are what
is left of the words' columns (e), the last state (h) and the dense layers (v_D1), already divided by what is kept.
Expected values have 12 significant digits. Run it with ``python tests/data/make_pytorch_sentiment.py`` after
``pip install torch==2.14.1``; the tests read the file and do not need PyTorch.
"""

import json
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence

WORDS, CLASSES, STEPS, ETA = 12, 3, 10, 0.01
GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}
"""In PyTorch's order."""


class Network(NamedTuple):
    """What is drawn: the cell, the dense layers, and whether there are dropout masks and a frozen embedding."""

    cell: str
    activation: str = "tanh"
    embedding: int = 3
    hidden: int = 4
    head: tuple[tuple[int, str], ...] = ()
    dropout: bool = False
    frozen: bool = False
    class_weights: tuple[float, ...] = (1.0, 1.0, 1.0)


NETWORKS = {
    "rnn tanh": Network("rnn"),
    "rnn relu, a head of two layers, class weights": Network(
        "rnn", "relu", head=((6, "sigmoid"), (5, "relu")), class_weights=(1.0, 2.5, 0.5)
    ),
    "lstm, dropout": Network("lstm", head=((5, "tanh"),), dropout=True),
    "gru, frozen embedding, class weights": Network("gru", frozen=True, class_weights=(0.25, 1.0, 3.0)),
    "gru, dropout, a linear layer": Network("gru", head=((4, "linear"),), dropout=True),
}


def table(random: Random, rows: int, columns: int) -> Tensor:
    return torch.tensor([[random.randint(-99, 99) / 100 for _ in range(columns)] for _ in range(rows)]).double()


def draw_weights(random: Random, network: Network) -> dict[str, Tensor]:
    hidden, width = network.hidden, network.embedding
    weights = {"Wxe": table(random, width, WORDS)}
    for gate in GATES[network.cell]:
        weights[f"Wx{gate}"] = table(random, hidden, width)
        weights[f"Wh{gate}"] = table(random, hidden, hidden)
        weights[f"b{gate}"] = table(random, hidden, 1)
    if network.cell == "gru":
        weights["bhn"] = table(random, hidden, 1)
    width = hidden
    for number, (units, _) in enumerate(network.head, 1):
        weights[f"Wv_D{number}"], weights[f"bv_D{number}"] = table(random, units, width), table(random, units, 1)
        width = units
    return weights | {"Why": table(random, CLASSES, width), "by": table(random, CLASSES, 1)}


def draw_batch(random: Random, network: Network, lengths: list[int], words: range) -> dict[str, Any]:
    """Tweets of these lengths, padded behind with −1, their classes, and masks that leave out about a third."""
    longest = max(lengths)
    tokens = [[random.choice(words) for _ in range(length)] + [-1] * (longest - length) for length in lengths]
    labels = [number % CLASSES for number in range(len(lengths))]

    def mask(*shape: int) -> Any:
        if not shape:
            return random.choice((0.0, 1.5, 1.5))
        return [mask(*shape[1:]) for _ in range(shape[0])]

    masks = {}
    if network.dropout:
        masks = {"e": mask(len(lengths), longest, network.embedding), "h": mask(len(lengths), network.hidden)}
        masks |= {f"v_D{k}": mask(len(lengths), units) for k, (units, _) in enumerate(network.head, 1)}
    return {"tokens": tokens, "labels": labels, "masks": masks}


def layer(network: Network, weights: dict[str, Tensor], packed: Any) -> Tensor:
    """The state after the last word of each tweet, by PyTorch's own layer."""
    gates = GATES[network.cell]
    columns = [weights[f"b{gate}"][:, 0] for gate in gates]
    inner = [weights["bhn"][:, 0] if network.cell == "gru" and gate == "n" else torch.zeros(network.hidden).double()
             for gate in gates]  # fmt: skip
    flat = [
        torch.cat([weights[f"Wx{gate}"] for gate in gates]),
        torch.cat([weights[f"Wh{gate}"] for gate in gates]),
        torch.cat(columns),
        torch.cat(inner),
    ]
    start = torch.zeros(1, len(packed.sorted_indices), network.hidden).double()
    run = {"rnn": getattr(torch, f"rnn_{network.activation}", None), "lstm": torch.lstm, "gru": torch.gru}[network.cell]
    states = (start, start) if network.cell == "lstm" else start
    found = run(packed.data, packed.batch_sizes, states, flat, True, 1, 0.0, False, False)
    return found[1][0][packed.unsorted_indices]


def solve(network: Network, weights: dict[str, Tensor], batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """The weighted mean loss, and the scores of the classes."""
    tokens, masks = torch.tensor(batch["tokens"]), {k: torch.tensor(v).double() for k, v in batch["masks"].items()}
    e = functional.embedding(tokens.clamp(min=0), weights["Wxe"].T)
    e = e * masks["e"] if masks else e
    packed = pack_padded_sequence(e, (tokens >= 0).sum(dim=1), batch_first=True, enforce_sorted=False)
    v = layer(network, weights, packed)
    for number, (_, activation) in enumerate(network.head, 1):
        v = v * masks["h" if number == 1 else f"v_D{number - 1}"] if masks else v
        v = functional.linear(v, weights[f"Wv_D{number}"], weights[f"bv_D{number}"][:, 0])
        v = v if activation == "linear" else getattr(torch, activation)(v)
    v = v * masks[f"v_D{len(network.head)}" if network.head else "h"] if masks else v
    y = functional.linear(v, weights["Why"], weights["by"][:, 0])
    class_weights = torch.tensor(network.class_weights).double()
    return functional.cross_entropy(y, torch.tensor(batch["labels"]), weight=class_weights), y


def rows_of(tensor: Tensor) -> list[list[float]]:
    return [[float(f"{number:.12g}") + 0.0 for number in row] for row in tensor.tolist()]


def case(name: str, network: Network) -> dict[str, Any]:
    random = Random(name)
    weights = draw_weights(random, network)
    given = {key: value.tolist() for key, value in weights.items()}
    # The second batch lacks words of the first: their gradients are zeros there, and yet Adam moves them.
    batches = [
        draw_batch(random, network, [5, 2, 7, 1], range(WORDS)),
        draw_batch(random, network, [3, 3, 4], range(WORDS // 2)),
    ]
    learnt = [name for name in weights if not (network.frozen and name == "Wxe")]
    for name_of_one in learnt:
        weights[name_of_one].requires_grad_()
    loss, y = solve(network, weights, batches[0])
    gradients = torch.autograd.grad(loss, [weights[one] for one in learnt])
    expected: dict[str, Any] = {"loss": float(f"{loss.item():.12g}"), "p": rows_of(torch.softmax(y, dim=1))}
    expected["gradients"] = {one: rows_of(found) for one, found in zip(learnt, gradients, strict=True)}
    optimizer = torch.optim.Adam([weights[one] for one in learnt], lr=ETA)
    for number in range(STEPS):
        optimizer.zero_grad()
        solve(network, weights, batches[number % 2])[0].backward()
        optimizer.step()
    expected["after"] = {one: rows_of(value.detach()) for one, value in weights.items()}
    settings = {
        "cell": network.cell,
        "activation": network.activation,
        "head": [activation for _, activation in network.head],
        "embedding_trained": not network.frozen,
    }
    return {
        "name": name, "settings": settings, "class_weights": network.class_weights, "weights": given,
        "batches": batches, "expected": expected,
    }  # fmt: skip


def pretty(value: Any, indent: str = "") -> str:
    """JSON with a line for each table, so that a difference of two versions can be read."""
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{deeper}{json.dumps(key)}: {pretty(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(deeper + pretty(item, deeper) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    torch.set_num_threads(1)
    version = torch.__version__.partition("+")[0]
    content = {
        "made_with": f"PyTorch {version}, float64, one CPU thread",
        "steps": STEPS,
        "eta": ETA,
        "cases": [case(name, network) for name, network in NETWORKS.items()],
    }
    file = Path(__file__).with_name("pytorch_sentiment.json")
    file.write_text(pretty(content) + "\n", encoding="utf-8", newline="\n")
