"""Keras's files of kinds that people have: what they compute, by the equations in plain NumPy, and what is refused."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rnncalc.errors import FileError, ProblemError
from rnncalc.network.forward_pass import forward
from rnncalc.problems.choice import Choice
from rnncalc.problems.choose import choose
from rnncalc.weights import read

BROUGHT = Path(__file__).parents[1] / "data" / "brought"
ROWS = [[0.2, -0.4, 0.1], [0.7, 0.3, -0.9], [-0.5, 0.6, 0.8], [0.4, -0.1, 0.3]]


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def arrays_of(file: str) -> dict[str, np.ndarray]:
    """The arrays as Keras stored them, by their paths."""
    import h5py

    path = BROUGHT / file
    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            path = archive.open("model.weights.h5")
    found = {}
    with h5py.File(path, "r") as stored:
        stored.visititems(lambda name, node: found.update({name: node[()]}) if isinstance(node, h5py.Dataset) else None)
    return {name: np.asarray(array, dtype=float) for name, array in found.items()}


def lstm(kernel, recurrent, bias, rows):
    """The last state, by Keras's equations: gates i, f, c, o side by side."""
    h = c = np.zeros(len(recurrent))
    for x in np.array(rows):
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def answer(file: str, rows=ROWS) -> np.ndarray:
    problem, _ = choose(Choice(weights=str(BROUGHT / file), inputs=rows))
    trace = forward(problem)
    return trace[f"{'y' if problem.output_function == 'linear' else 'p'}_{problem.steps}"].value.ravel()


def parts(file: str) -> tuple[list[np.ndarray], list[list[np.ndarray]]]:
    """The arrays of the lstm, and of each dense layer."""
    stored = arrays_of(file)
    recurrent = [stored[f"layers/lstm/cell/vars/{i}"] for i in range(3)]
    dense = sorted({name.split("/")[1] for name in stored if name.startswith("layers/dense")})
    return recurrent, [[stored[f"layers/{name}/vars/{i}"] for i in range(2)] for name in dense]


def test_a_stateful_model_answers_as_from_reset_states():
    recurrent, [(weight, bias)] = parts("stateful.keras")
    np.testing.assert_allclose(answer("stateful.keras"), lstm(*recurrent, ROWS) @ weight + bias, atol=1e-6)


def test_layers_of_relu_and_softmax():
    recurrent, [(w1, b1), (w2, b2)] = parts("relu_layer.keras")
    scores = np.exp(np.maximum(lstm(*recurrent, ROWS) @ w1 + b1, 0) @ w2 + b2)
    np.testing.assert_allclose(answer("relu_layer.keras"), scores / scores.sum(), atol=1e-6)


@pytest.mark.parametrize("place", [0, 1, 3])
def test_masking_passes_over_steps_of_zeros_wherever_they_stand(place):
    recurrent, [(weight, bias)] = parts("masking.keras")
    padded = [*ROWS[:place], [0.0, 0.0, 0.0], *ROWS[place:]]
    expected = lstm(*recurrent, ROWS) @ weight + bias
    np.testing.assert_allclose(answer("masking.keras", padded), expected, atol=1e-6)
    np.testing.assert_allclose(answer("masking.keras"), expected, atol=1e-6)


def test_nothing_but_padding_is_refused():
    with pytest.raises(ProblemError, match="Every step has only the number 0"):
        answer("masking.keras", [[0.0] * 3] * 4)


def test_a_configuration_that_is_a_list():
    stored = arrays_of("listcfg.h5")
    kernel, recurrent, bias = (stored[f"model_weights/gru_4/gru_4/gru_cell/{name}:0"]
                               for name in ("kernel", "recurrent_kernel", "bias"))  # fmt: skip
    h = np.zeros(len(recurrent))
    for x in np.array(ROWS):
        (z, r, n), (z2, r2, n2) = np.split(x @ kernel + bias[0], 3), np.split(h @ recurrent + bias[1], 3)
        h = sigmoid(z + z2) * h + (1 - sigmoid(z + z2)) * np.tanh(n + sigmoid(r + r2) * n2)
    weight, added = (stored[f"model_weights/dense_15/dense_15/{name}:0"] for name in ("kernel", "bias"))
    np.testing.assert_allclose(answer("listcfg.h5"), sigmoid(h @ weight + added), atol=1e-6)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("keras1.h5", r"was written by Keras 1, which rnncalc cannot read\. Use load_model and model\.save of Keras 2"),
        (
            "hardsig.keras",
            r"has hard_sigmoid in its gates \(0\.2·a \+ 0\.5 .* a/6 \+ 0\.5 since then\), but .* only sigmoid",
        ),
    ],
)
def test_what_is_not_read_says_why_and_what_to_do(file, says):
    with pytest.raises(FileError, match=says):
        read(BROUGHT / file)


def test_a_dense_layer_on_every_step_before_the_recurrent_one(tmp_path):
    """A Dense before the LSTM of stateful.keras, of the numbers of its own output layer and a kernel of 3×3."""
    import h5py

    source, target = BROUGHT / "stateful.keras", tmp_path / "model.keras"
    kernel, bias = np.arange(9.0).reshape(3, 3) / 10 - 0.4, np.array([0.1, -0.2, 0.3])
    with zipfile.ZipFile(source) as old:
        config, stored = json.loads(old.read("config.json")), old.read("model.weights.h5")
    inner = config["config"]["layers"]
    before = json.loads(json.dumps(inner[2]))
    before["config"].update(name="into", units=3, activation="tanh")
    inner.insert(1, before)
    (tmp_path / "w.h5").write_bytes(stored)
    with h5py.File(tmp_path / "w.h5", "r+") as file:
        file.move("layers/dense", "layers/dense_1")
        file["layers/dense/vars/0"], file["layers/dense/vars/1"] = kernel, bias
    with zipfile.ZipFile(target, "w") as new:
        new.writestr("config.json", json.dumps(config))
        new.write(tmp_path / "w.h5", "model.weights.h5")
    problem, notes = choose(Choice(weights=str(target), inputs=ROWS))
    recurrent, [(weight, added)] = parts("stateful.keras")
    expected = lstm(*recurrent, np.tanh(np.array(ROWS) @ kernel + bias)) @ weight + added
    np.testing.assert_allclose(forward(problem)["y_4"].value.ravel(), expected, atol=1e-6)
    assert "The outputs of into for the numbers read are shown as the inputs x." in notes
