"""Make keras_networks.json beside this file: networks of Keras's own layers, with states, outputs, loss and gradients.

Keras computes in float32, its losses too, and PyTorch under it differentiates; the figures have 9 significant digits
and are held to the equations written out in float64, to 1e-5. Nothing comes from rnncalc: the numbers to start from
are drawn with two decimals, and the initial states are zeros. Run it with ``python tests/data/make_keras_networks.py``
after ``pip install torch==2.14.1 keras==3.15.1``; the tests read the file and do not need Keras.
"""

import os
from collections.abc import Sequence
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported

import keras
import torch
from make_pytorch_networks import (
    BINARY,
    LAST,
    LINEAR,
    MOOD,
    SQUARED,
    WORDS,
    Given,
    by_steps,
    column,
    draw,
    listed,
    mark_of,
    rows_of,
    solve,
    write,
)
from torch import Tensor

RECURRENT = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
GATES = {keras.layers.SimpleRNN: "h", keras.layers.LSTM: "ifgo", keras.layers.GRU: "zrn"}
"""In Keras's order."""

DRAWN: dict[str, tuple[Any, Sequence[str], Given]] = {
    "letters, SimpleRNN tanh": ("hello", ["rnn 3"], {}),
    "letters, SimpleRNN relu, mean": ("banana", ["rnn 4 relu"], {"reduction": "mean"}),
    "numbers, SimpleRNN sigmoid, linear, last": ((5, 2), ["rnn 3 sigmoid"], {**LINEAR, **LAST, "predicts": 2}),
    "letters, LSTM": ("hello", ["lstm 3"], {}),
    "numbers, LSTM linear, sigmoid, last": ((5, 2), ["lstm 3 linear"], {**BINARY, **LAST, "predicts": 1}),
    "letters, GRU, reset after": ("hello", ["gru 3"], {}),
    "letters, GRU, reset before": ("hello", ["gru-before 3"], {}),
    "numbers, GRU, reset before, relu, linear, no output bias": (
        (4, 3), ["gru-before 3 relu"], {**LINEAR, "predicts": 2, "output_bias": False}),
    "letters, Embedding, SimpleRNN": ("banana", ["rnn 3"], {"embedding": 2}),
    "words, Embedding, LSTM, classes, last": (WORDS, ["lstm 4"], {**LAST, "embedding": 3, "predicts": MOOD}),
    "letters, two SimpleRNN, tanh then relu": ("hello", ["rnn 3", "rnn 4 relu"], {}),
    "numbers, two LSTM, linear, mean": ((4, 2), ["lstm 3", "lstm 2"], {**LINEAR, "predicts": 1, "reduction": "mean"}),
    "words, Embedding, GRU then GRU, last": (WORDS, ["gru 2", "gru-before 3"], {**LAST, "embedding": 2}),
    "numbers, LSTM then SimpleRNN, sigmoid": ((3, 2), ["lstm 2", "rnn 3"], {**BINARY, "predicts": 2}),
    "words, Embedding, SimpleRNN relu, Dense sigmoid, Dense relu, classes, last": (
        WORDS, ["rnn 5 relu"], {**LAST, "embedding": 3, "head": ["4 sigmoid", "3 relu"], "predicts": MOOD}),
    "letters, GRU, Dense tanh, squared error after softmax": ("hello", ["gru 2"], {**SQUARED, "head": ["3 tanh"]}),
    "numbers, LSTM, Dense linear without bias, squared error after sigmoid, mean": (
        (4, 2), ["lstm 3"],
        {**SQUARED, "output_function": "sigmoid", "reduction": "mean", "predicts": 2, "head": ["2 linear"],
         "head_bias": False}),
    "numbers, SimpleRNN then GRU then LSTM, classes at every step": (
        (4, 2), ["rnn 2", "gru 3", "lstm 2"], {"predicts": ("up", "flat", "down")}),
}  # fmt: skip


# ── a model ───────────────────────────────────────────────────────────────────────────────────────────────────────


def layers_of(given: Given) -> dict[str, keras.layers.Layer]:
    """Keras's layers in order, each by the name of what it computes, without the time."""
    layers: dict[str, keras.layers.Layer] = {}
    weights, last = given["weights"], given["output_at"] == "last"
    if "Wxe" in weights:
        layers["e"] = keras.layers.Embedding(len(given["vocabulary"]), len(weights["Wxe"]))
    cells = listed(given["cell"])
    for number, (cell, activation) in enumerate(zip(cells, listed(given["activation"]), strict=True), start=1):
        mark, kind = mark_of(number), RECURRENT[cell]
        hidden = len(weights[f"Wx{GATES[kind][0]}{mark}"])
        options = {"reset_after": f"bhn{mark}" in weights} if cell == "gru" else {}
        sequences = not (last and number == len(cells))
        layers[f"h{mark}"] = kind(hidden, activation=activation, return_sequences=sequences, **options)
    for number, activation in enumerate(given.get("head", []), start=1):
        units = len(weights[f"Wv_D{number}"])
        bias = f"bv_D{number}" in weights
        layers[f"v_D{number}"] = keras.layers.Dense(units, activation=activation, use_bias=bias)
    layers["y"] = keras.layers.Dense(len(weights["Why"]), use_bias="by" in weights)
    if given["output_function"] != "linear":
        layers["p"] = keras.layers.Activation(given["output_function"])
    return layers


def names_of(layer: keras.layers.Layer, family: str) -> list[list[str]]:
    """For each weight of Keras's layer the names of its parts: there the gates stand side by side."""
    letter, mark = family[0], family[1:]
    match letter:
        case "e":
            return [["Wxe"]]
        case "h":
            return [[f"{kind}{gate}{mark}" for gate in GATES[type(layer)]] for kind in ("Wx", "Wh", "b")]
        case "v":
            return [[f"Wv{mark}"], [f"bv{mark}"]]
        case "y":
            return [["Why"], ["by"]]
    return []


def set_weights(layer: keras.layers.Layer, given: Given, family: str) -> None:
    """Keras's weights: transposed, biases as rows; a gru with the reset gate after the product has a second bias."""
    values = []
    for names in names_of(layer, family):
        parts = [torch.tensor(given["weights"][name]).T for name in names if name in given["weights"]]
        if parts:
            values.append(torch.cat(parts, dim=1))
    if getattr(layer, "reset_after", False):
        second = torch.zeros_like(values[-1])
        second[:, -layer.units :] = torch.tensor(given["weights"]["bhn" + family[1:]]).T
        values[-1] = torch.cat([values[-1], second])
    layer.set_weights([value.reshape(weight.shape) for value, weight in zip(values, layer.weights, strict=True)])


def gradients(layer: keras.layers.Layer, family: str) -> dict[str, Tensor]:
    """The gradients of a layer's weights by our names, in our shapes."""
    found = {}
    for names, weight in zip(names_of(layer, family), layer.trainable_weights, strict=False):
        rows = torch.atleast_2d(weight.value.grad)
        for name, part in zip(names, rows[: 1 if names[0][0] == "b" else None].chunk(len(names), dim=1), strict=True):
            found[f"d{name}"] = part.T
    if getattr(layer, "reset_after", False):
        found["dbhn" + family[1:]] = layer.trainable_weights[-1].value.grad[1:, -layer.units :].T
    return found


def losses_of(kind: str, target: Tensor, out: Tensor) -> Tensor:
    """Keras's loss of every step; the last two are averages over the outputs, which here add up."""
    match kind:
        case "cross-entropy":
            return keras.losses.categorical_crossentropy(target, out)
        case "binary-cross-entropy":
            return keras.losses.binary_crossentropy(target, out) * out.shape[-1]
    return keras.losses.mean_squared_error(target, out) * out.shape[-1] / 2


def by_keras(given: Given) -> dict[str, Tensor]:
    """Every expected quantity by name."""
    known, steps = given.get("vocabulary", []), len(given["inputs"])
    if "Wxe" in given["weights"]:
        x = torch.tensor([[known.index(token) for token in given["inputs"]]])
    else:
        x = torch.cat([column(one, known) for one in given["inputs"]], dim=1).T[None].float()

    layers = layers_of(given)
    reads = keras.Input(x.shape[1:], dtype=keras.backend.standardize_dtype(x.dtype))
    computed = []
    for layer in layers.values():
        computed.append(layer(computed[-1] if computed else reads))
    for family, layer in layers.items():
        set_weights(layer, given, family)
    series = dict(zip(layers, keras.Model(reads, computed)(x), strict=True))

    found: dict[str, Tensor] = {}
    for family, batch in series.items():
        rows = batch.reshape(-1, batch.shape[-1])  # at every step, or at the last alone
        found |= {f"{family}_{t}": row[:, None] for t, row in enumerate(rows, start=steps + 1 - len(rows))}
    wanted = {t: column(target, given.get("classes", known)) for t, target in enumerate(given["targets"], 1) if target}
    out = list(series.values())[-1].reshape(len(wanted), -1)
    losses = losses_of(given["loss"], torch.cat(list(wanted.values()), dim=1).T.float(), out)
    found |= {f"loss_{t}": loss for t, loss in zip(wanted, losses, strict=True)}
    found["loss"] = losses.mean() if given["loss_reduction"] == "mean" else losses.sum()
    found["loss"].backward()
    for family, layer in layers.items():
        found |= gradients(layer, family)
    assert {f"d{name}" for name in given["weights"]} < set(found)
    return {name: tensor.detach() for name, tensor in found.items()}


def case(name: str) -> dict[str, Any]:
    reads, layers, options = DRAWN[name]
    given = draw(name, reads, layers, starts="none", **options)
    found, written_out = by_keras(given), solve(given, by_steps)
    for key, tensor in found.items():
        torch.testing.assert_close(tensor.double(), written_out[key], rtol=1e-5, atol=1e-6)
    return {"name": name, "problem": given, "quantities": {key: rows_of(one, digits=9) for key, one in found.items()}}


if __name__ == "__main__":
    torch.set_num_threads(1)
    keras.utils.set_random_seed(0)
    write("keras_networks.json", f"Keras {keras.__version__} with PyTorch, float32", [case(name) for name in DRAWN])
