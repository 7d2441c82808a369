"""Make the files in weights/ beside this file: small networks saved by Keras and PyTorch, with their own answers.

weights/answers.json holds, by file, what the framework computed: the inputs (a vector, or the number of a token, for
each step), every hidden state of every recurrent layer, and the outputs (for each step, or for the last one alone).
Keras computes in float32; PyTorch in float64, from weights that are float32. All weights and biases are drawn, because
a bias of zero would hide mistakes. ``activation`` and ``head_activations`` are what the file does not tell. Run it with
``python tests/data/make_weights.py`` after ``pip install keras==3.15.1 torch==2.14.1 h5py safetensors``; the tests read
the files and need neither framework.
"""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers as k
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).with_name("weights")
STEPS = 4
RECURRENT = (k.SimpleRNN, k.LSTM, k.GRU)

Answer = dict[str, Any]


def sequential(*layers: Any, shape: tuple[int | None, ...] = (STEPS, 3)) -> keras.Model:
    """A Sequential model that reads inputs of this shape."""
    return keras.Sequential([keras.Input(shape), *layers])


def functional(*layers: Any, shape: tuple[int | None, ...] = (STEPS, 3)) -> keras.Model:
    """The same as a Functional model."""
    given = x = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return keras.Model(given, x)


def keras_models() -> dict[str, keras.Model]:
    """The models of Keras by the names of their files."""
    tokens = (STEPS,)
    return {
        "rnn_softmax.keras": sequential(k.SimpleRNN(3), k.Dense(2, activation="softmax")),
        "rnn_every_step.keras": sequential(k.SimpleRNN(3, return_sequences=True), k.Dense(2), shape=(None, 3)),
        "rnn_without_bias.keras": sequential(
            k.SimpleRNN(2, activation="sigmoid", use_bias=False), k.Dense(2, use_bias=False)
        ),
        "time_distributed.keras": functional(
            k.SimpleRNN(2, return_sequences=True, name="memory"), k.TimeDistributed(k.Dense(2, activation="sigmoid"))
        ),
        "lstm.keras": sequential(k.LSTM(3), k.Dense(2, activation="softmax")),
        "lstm_states.keras": sequential(k.LSTM(2, return_sequences=True)),
        "lstm_without_bias.keras": sequential(k.LSTM(2, activation="relu", use_bias=False), k.Dense(2)),
        "lstm_stacked.keras": sequential(
            k.LSTM(3, return_sequences=True, dropout=0.2), k.LSTM(2), k.Dense(3), k.Activation("softmax")
        ),
        "gru.keras": sequential(k.GRU(3), k.Dense(2, activation="softmax")),
        "gru_reset_before.keras": sequential(k.GRU(3, reset_after=False), k.Dense(2, activation="softmax")),
        "gru_without_bias.keras": sequential(k.GRU(3, use_bias=False), k.Dense(1, activation="sigmoid")),
        "embedding_gru.keras": functional(
            k.Embedding(5, 2, name="words"), k.SpatialDropout1D(0.1), k.GRU(3), k.Dense(4, activation="relu"),
            k.Dropout(0.5), k.Dense(1, activation="sigmoid", name="verdict"), shape=tokens,
        ),
        "embedding_masked.keras": functional(
            k.Embedding(5, 2, mask_zero=True), k.LSTM(2, return_sequences=True), k.GRU(2), k.Dense(1), shape=tokens
        ),
        "article.keras": sequential(
            k.SimpleRNN(4, activation="relu"), k.Dense(4, activation="sigmoid"), k.Dense(3, activation="relu"),
            k.Dense(2, activation="softmax"), shape=(STEPS, 2),
        ),
        "rnn_softmax.h5": sequential(k.SimpleRNN(3), k.Dense(2, activation="softmax")),
        "lstm_stacked.h5": sequential(k.LSTM(3, return_sequences=True), k.LSTM(2), k.Dense(2), k.Activation("softmax")),
        "gru_reset_before.h5": functional(k.GRU(3, reset_after=False), k.Dense(2, activation="softmax")),
        "embedding_gru.h5": functional(
            k.Embedding(5, 2), k.GRU(3, return_sequences=True), k.TimeDistributed(k.Dense(2)), shape=tokens
        ),
    }  # fmt: skip


class Recurrent(nn.Module):
    """A recurrent layer of PyTorch between an embedding, which may be None, and dense layers."""

    def __init__(self, core: nn.Module, *head: nn.Linear, embedding: nn.Embedding | None = None) -> None:
        super().__init__()
        if embedding is not None:
            self.embedding = embedding
        self.core = core
        for number, linear in enumerate(head, start=1):
            setattr(self, f"fc{number}", linear)


class Cells(nn.Module):
    """Two cells of PyTorch, one above the other."""

    def __init__(self) -> None:
        super().__init__()
        self.cell1, self.cell2, self.out = nn.LSTMCell(3, 4), nn.LSTMCell(4, 2), nn.Linear(2, 2)


def torch_models() -> dict[str, tuple[nn.Module, str, list[str]]]:
    """The models of PyTorch by the names of their files, with the activations, which their files do not tell."""
    three = (nn.Linear(4, 3), nn.Linear(3, 3), nn.Linear(3, 2))
    return {
        "rnn.safetensors": (Recurrent(nn.RNN(3, 4), nn.Linear(4, 2)), "tanh", ["softmax"]),
        "rnn_relu.safetensors": (Recurrent(nn.RNN(3, 4, nonlinearity="relu"), *three), "relu",
                                 ["sigmoid", "relu", "softmax"]),
        "lstm.safetensors": (Recurrent(nn.LSTM(3, 4), nn.Linear(4, 2, bias=False)), "tanh", ["linear"]),
        "lstm_stacked.safetensors": (
            Recurrent(nn.LSTM(2, 4, num_layers=2), nn.Linear(4, 1), embedding=nn.Embedding(5, 2)), "tanh", ["sigmoid"]),
        "gru.safetensors": (Recurrent(nn.GRU(3, 4), nn.Linear(4, 2)), "tanh", ["softmax"]),
        "gru_stacked.safetensors": (Recurrent(nn.GRU(3, 2, num_layers=2), nn.Linear(2, 2)), "tanh", ["linear"]),
        "gru_without_bias.safetensors": (nn.GRU(3, 2, bias=False), "tanh", []),
        "cells.safetensors": (Cells(), "tanh", ["softmax"]),
        "gru.npz": (Recurrent(nn.GRU(2, 3), nn.Linear(3, 4), nn.Linear(4, 2), embedding=nn.Embedding(6, 2)), "tanh",
                    ["relu", "softmax"]),
        "rnn.npz": (nn.RNNCell(3, 2), "tanh", []),
    }  # fmt: skip


def keras_answer(model: keras.Model, given: Any) -> Answer:
    """What Keras computes, layer by layer; a recurrent layer is run again with all of its states."""
    states, x = [], given[None]
    for layer in model.layers:
        if isinstance(layer, RECURRENT):
            twin = type(layer).from_config({**layer.get_config(), "return_sequences": True})
            twin.build(x.shape)
            twin.set_weights(layer.get_weights())
            states.append(numbers(twin(x)[0]))
        if not isinstance(layer, k.InputLayer) and type(layer).__name__ != "NotEqual":
            x = layer(x)
    every = any(isinstance(layer, RECURRENT) and layer.return_sequences and len(x.shape) == 3 for layer in model.layers)
    headless = isinstance(model.layers[-1], RECURRENT)
    answer = model.predict(given[None], verbose=0)[0]
    outputs = "none" if headless else "every" if every else "last"
    return {
        "made_with": f"keras {keras.__version__}", "outputs": outputs, "states": states,
        "output": [] if headless else numbers(answer if every else answer[None]),
    }  # fmt: skip


def torch_layers(model: nn.Module) -> list[nn.Module]:
    """Each recurrent layer of a model as a layer of its own."""
    core = getattr(model, "core", model)
    if isinstance(model, Cells):
        return [as_layer(model.cell1, ""), as_layer(model.cell2, "")]
    if isinstance(core, nn.RNNCell):
        return [as_layer(core, "")]
    return [as_layer(core, f"_l{number}") for number in range(core.num_layers)]


def as_layer(core: Any, ending: str) -> nn.Module:
    """One layer out of several, or a cell, as a layer that is run over all steps."""
    weights = {
        f"{name}_l0": getattr(core, f"{name}{ending}").detach()
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh") if hasattr(core, f"{name}{ending}")
    }  # fmt: skip
    kind = {"RNNCell": nn.RNN, "LSTMCell": nn.LSTM}.get(type(core).__name__, type(core))
    options = {"nonlinearity": core.nonlinearity} if kind is nn.RNN else {}
    layer = kind(weights["weight_ih_l0"].shape[1], core.hidden_size, bias="bias_ih_l0" in weights, **options)
    layer.load_state_dict(weights)
    return layer.double()


def torch_answer(model: nn.Module, given: Any, activation: str, head_activations: list[str]) -> Answer:
    """What PyTorch computes in float64; the head reads the states of all steps."""
    functions = {"sigmoid": torch.sigmoid, "relu": torch.relu, "linear": lambda a: a}
    layers, states = torch_layers(model), []
    model.double()
    x = model.embedding(torch.tensor(given)) if hasattr(model, "embedding") else torch.tensor(given).double()
    for layer in layers:
        x, _ = layer(x)
        states.append(numbers(x))
    if isinstance(model, Recurrent):
        assert torch.allclose(x, model.core(given_to_core(model, given))[0])  # the layers are the model's own
    head = [module for module in model.children() if isinstance(module, nn.Linear)]
    for linear, name in zip(head, head_activations, strict=True):
        x = torch.softmax(linear(x), dim=-1) if name == "softmax" else functions[name](linear(x))
    return {
        "made_with": f"torch {torch.__version__.partition('+')[0]}", "activation": activation,
        "head_activations": head_activations, "outputs": "every" if head else "none", "states": states,
        "output": numbers(x) if head else [],
    }  # fmt: skip


def given_to_core(model: Recurrent, given: Any) -> torch.Tensor:
    """What the recurrent layers of a model read."""
    return model.embedding(torch.tensor(given)) if hasattr(model, "embedding") else torch.tensor(given).double()


def numbers(values: Any) -> Any:
    """Numbers as lists, with every digit."""
    values = values.detach().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)
    return values.tolist()


def inputs(random: np.random.Generator, size: int, tokens: bool) -> Any:
    """Tokens, or vectors of two decimals; token 0 is left to padding."""
    return random.integers(1, size, STEPS) if tokens else random.uniform(-1, 1, (STEPS, size)).round(2)


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    random, answers = np.random.default_rng(1), {}
    for file, model in keras_models().items():
        model.set_weights([random.uniform(-1, 1, w.shape).astype("float32") for w in model.get_weights()])
        embedded = [layer for layer in model.layers if isinstance(layer, k.Embedding)]
        size = embedded[0].input_dim if embedded else model.input_shape[-1]
        given = inputs(random, size, bool(embedded))
        answers[file] = {"inputs": given.tolist(), **keras_answer(model, given)}
        model.save(FOLDER / file)
        if file.endswith(".keras"):
            pack(FOLDER / file)
    for file, (model, activation, head_activations) in torch_models().items():
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(torch.tensor(random.uniform(-1, 1, parameter.shape)))
        state = model.state_dict()
        if file.endswith(".npz"):
            np.savez(FOLDER / file, **{name: tensor.numpy() for name, tensor in state.items()})
        else:
            save_file(state, FOLDER / file)
        tokens = "embedding.weight" in state
        first = next(tensor for name, tensor in state.items() if "weight_ih" in name)
        size = len(state["embedding.weight"]) if tokens else first.shape[1]
        given = inputs(random, size, tokens)
        answers[file] = {"inputs": given.tolist(), **torch_answer(model, given, activation, head_activations)}
    lines = (f"{json.dumps(file)}: {json.dumps(answer)}" for file, answer in answers.items())
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (FOLDER / "answers.json").write_text(text, encoding="utf-8", newline="\n")


def pack(file: Path) -> None:
    """Make a .keras file smaller, which Keras writes without packing it, and see that Keras still reads it."""
    with zipfile.ZipFile(file) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    keras.models.load_model(file)


if __name__ == "__main__":
    main()
