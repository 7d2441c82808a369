"""What is read out of a file computes what the framework computed, by the equations, in plain NumPy."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnncalc.weights import Layer, Network, read

FILES = Path(__file__).parents[1] / "data" / "weights"
ANSWERS: dict[str, Any] = json.loads((FILES / "answers.json").read_text(encoding="utf-8"))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):
    return np.exp(a) / np.exp(a).sum()


FUNCTIONS = {
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "sigmoid": sigmoid,
    "linear": lambda a: a,
    "softmax": softmax,
}


def states(layer: Layer, inputs: list[np.ndarray]) -> list[np.ndarray]:
    """The hidden state after each step, from zeros."""
    w, f = layer.arrays, FUNCTIONS[layer.activation]
    h = c = np.zeros((len(w[min(w)]), 1))
    found = []
    for x in inputs:
        before = {name[2:]: w[name] @ x + w[f"b{name[2:]}"] for name in w if name.startswith("Wx")}
        past = {name[2:]: w[name] @ h for name in w if name.startswith("Wh")}
        if layer.cell == "rnn":
            h = f(before["h"] + past["h"])
        elif layer.cell == "lstm":
            i, forget, o = (sigmoid(before[gate] + past[gate]) for gate in "ifo")
            c = forget * c + i * f(before["g"] + past["g"])
            h = o * f(c)
        else:
            r, z = (sigmoid(before[gate] + past[gate]) for gate in "rz")
            n = f(before["n"] + (r * (past["n"] + w["bhn"]) if "bhn" in w else w["Whn"] @ (r * h)))
            h = (1 - z) * n + z * h
        found.append(h)
    return found


def evaluate(network: Network, inputs: list[Any], outputs: str) -> tuple[list[Any], list[Any]]:
    """The states of every layer at every step, and the outputs: of each step, of the last one, or none."""
    if network.embedding is None:
        steps = [np.array(x, dtype=float).reshape(-1, 1) for x in inputs]
    else:
        steps = [network.embedding[:, [token]] for token in inputs]
    every_layer = []
    for layer in network.layers:
        steps = states(layer, steps)
        every_layer.append([h.ravel() for h in steps])
    answers = []
    for v in {"every": steps, "last": steps[-1:], "none": []}[outputs]:
        for dense in network.head:
            a = dense.weight @ v if dense.bias is None else dense.weight @ v + dense.bias
            v = FUNCTIONS[dense.activation](a)
        answers.append(v.ravel())
    return every_layer, answers


def of_file(file: str) -> tuple[Network, dict[str, Any], float]:
    """A network, the framework's answer, and how near float32 or float64 lets the two be."""
    answer = ANSWERS[file]
    by_keras = answer["made_with"].startswith("keras")
    options = {} if by_keras else {name: answer[name] for name in ("activation", "head_activations")}
    return read(FILES / file, **options), answer, 1e-6 if by_keras else 1e-12


@pytest.mark.parametrize("file", ANSWERS)
def test_the_states_and_outputs_are_the_frameworks_own(file):
    network, answer, near = of_file(file)
    every_layer, outputs = evaluate(network, answer["inputs"], answer["outputs"])
    for found, expected in zip(every_layer, answer["states"], strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=near)
    np.testing.assert_allclose(np.array(outputs), np.array(answer["output"]), rtol=0, atol=near)


@pytest.mark.parametrize("file", ANSWERS)
def test_the_file_tells_when_there_is_an_output(file):
    network, answer, _ = of_file(file)
    told = "keras" in answer["made_with"] or not network.head
    assert network.outputs == (answer["outputs"] if told else None)


def test_every_kind_of_cell_is_there_from_both_frameworks():
    kinds = {(ANSWERS[file]["made_with"][:5], layer.cell) for file in ANSWERS for layer in of_file(file)[0].layers}
    assert kinds == {(framework, cell) for framework in ("keras", "torch") for cell in ("rnn", "lstm", "gru")}


@pytest.mark.parametrize("file", ["gru.keras", "lstm.safetensors", "rnn_softmax.h5", "gru.npz"])
def test_a_wrong_weight_is_noticed(file):
    network, answer, near = of_file(file)
    for array in network.layers[0].arrays.values():
        array[0, 0] += 0.1
        every_layer, _ = evaluate(network, answer["inputs"], "none")
        array[0, 0] -= 0.1
        assert np.abs(np.array(every_layer) - np.array(answer["states"])).max() > near


def test_the_articles_network_in_small():
    network = read(FILES / "article.keras")
    assert [(layer.cell, layer.activation) for layer in network.layers] == [("rnn", "relu")]
    assert [dense.activation for dense in network.head] == ["sigmoid", "relu", "softmax"]
    assert (network.inputs, network.steps, network.outputs) == (2, 4, "last")


def test_an_embedding_has_a_column_for_each_token():
    network = read(FILES / "embedding_gru.keras")
    assert network.embedding is not None
    assert network.embedding.shape == (2, 5)
    assert (network.inputs, network.embedding_label, network.mask_zero) == (5, "words", False)
    assert network.head[-1].label == "verdict"
    assert read(FILES / "embedding_masked.keras").mask_zero


def test_the_number_of_steps_is_the_files_own():
    assert read(FILES / "rnn_every_step.keras").steps is None
    assert read(FILES / "rnn_softmax.h5").steps == 4
    assert read(FILES / "rnn.safetensors").steps is None
