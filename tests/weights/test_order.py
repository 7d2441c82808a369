"""The order of layers that a state dict does not tell: taken where one fits, refused where two do, settled by hand."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from rnncalc import Problem
from rnncalc.errors import FileError, ProblemError
from rnncalc.network.forward_pass import forward
from rnncalc.weights import read

BROUGHT = Path(__file__).parents[1] / "data" / "brought"
CELLS = {"rnn": 1, "gru": 3, "lstm": 4}
ACTIVATIONS = {"tanh": np.tanh, "relu": lambda a: np.maximum(a, 0), "sigmoid": lambda a: 1 / (1 + np.exp(-a))}


def numbers(file: str) -> list[list[float]]:
    return np.loadtxt(BROUGHT / file, delimiter=",", ndmin=2).tolist()


def answer(file: Path, rows: list[list[float]], **typed) -> np.ndarray:
    """What rnncalc's network puts out at the last step."""
    trace = forward(Problem.saved(str(file), inputs=rows, output_at="last", **typed))
    return trace[f"y_{len(rows)}"].value.ravel()


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def states(state: dict[str, np.ndarray], module: str, steps: list[np.ndarray]) -> list[np.ndarray]:
    """The states of one module of PyTorch, by its documentation's equations."""
    w, u, b, d = (state[f"{module}.{part}_l0"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    h = c = np.zeros(u.shape[1])
    found = []
    for x in steps:
        one, other = w @ x + b, u @ h + d
        if len(u) == len(h):
            h = np.tanh(one + other)
        elif len(u) == 4 * len(h):
            i, f, g, o = np.split(one + other, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            (r, z, n), (r2, z2, n2) = np.split(one, 3), np.split(other, 3)
            n = np.tanh(n + sigmoid(r + r2) * n2)
            h = (1 - sigmoid(z + z2)) * n + sigmoid(z + z2) * h
        found.append(h)
    return found


def drawn(seed: int, cell: str, reads: int, hidden: int, **dense: tuple[int, int]) -> dict[str, np.ndarray]:
    """A recurrent module ``cell`` and dense layers rows×columns, of random numbers."""
    random = np.random.default_rng(seed)
    rows = CELLS[cell] * hidden
    shapes = {"weight_ih_l0": (rows, reads), "weight_hh_l0": (rows, hidden), "bias_ih_l0": rows, "bias_hh_l0": rows}
    found = {f"{cell}.{name}": random.normal(size=shape) for name, shape in shapes.items()}
    for name, shape in dense.items():
        found[f"{name}.weight"], found[f"{name}.bias"] = random.normal(size=shape), random.normal(size=shape[0])
    return found


def dense(state: dict[str, np.ndarray], name: str, v: np.ndarray) -> np.ndarray:
    return state[f"{name}.weight"] @ v + state[f"{name}.bias"]


@pytest.fixture
def saved(tmp_path):
    """The .safetensors file of a state dict."""

    def of(state: dict[str, np.ndarray], name: str = "model.safetensors") -> Path:
        from safetensors.numpy import save_file

        save_file(state, tmp_path / name)
        return tmp_path / name

    return of


# ── files of PyTorch, with PyTorch's figures ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "readings", "typed", "figures"),
    [
        ("dense_before_HH", ("rnn,fc_in,fc_out", "fc_in,rnn,fc_out"),
         {"order": ["fc_in", "rnn", "fc_out"], "head_activation": ["relu"]}, [0.274157, 0.125139]),
        ("unused", ("lstm,attn,fc", "lstm,fc"), {"order": ["lstm", "fc"]}, [0.149343, 0.221672]),
    ],
)  # fmt: skip
def test_what_fits_two_readings_is_refused_and_settled_as_pytorch_computes_it(file, readings, typed, figures):
    path, rows = BROUGHT / f"{file}.safetensors", numbers(f"{file}.csv")
    with pytest.raises(FileError) as caught:
        read(path)
    assert all(f" as {reading}" in str(caught.value) for reading in readings)
    np.testing.assert_allclose(answer(path, rows, **typed), figures, atol=5e-7)


def test_a_decoder_behind_an_encoder_is_never_taken_for_a_second_layer():
    with pytest.raises(FileError, match="rnncalc cannot read a decoder that starts from the last state of an encoder"):
        read(BROUGHT / "encdec.safetensors")


def test_a_square_matrix_is_no_embedding_unless_it_is_asked_for():
    path = BROUGHT / "linear_embed_sq.safetensors"
    with pytest.raises(FileError, match="they fit as inp,rnn,out, as rnn,out and as inp:embedding,rnn,out"):
        read(path)
    from safetensors.numpy import load_file

    table = load_file(path)["inp.weight"]
    linear = read(path, order=["inp", "rnn", "out"], head_activations=["linear"])
    assert (linear.embedding is None, (linear.before[0].weight == table).all()) == (True, True)
    asked = read(path, order=["inp:embedding", "rnn", "out"])
    assert (asked.embedding == table.T).all()


def test_an_adapter_is_refused_with_the_way_to_merge_it():
    with pytest.raises(FileError, match=r"lora_A.weight belongs to an adapter .*merge_and_unload"):
        read(BROUGHT / "lora.safetensors")


@pytest.mark.parametrize("file", ["whole.pt", "ckpt.pth"])
def test_pytorchs_own_files_compute_what_their_numbers_say(file):
    shapes = {
        "rnn.weight_ih_l0": (16, 3), "rnn.weight_hh_l0": (16, 4), "rnn.bias_ih_l0": (16,), "rnn.bias_hh_l0": (16,),
        "fc.weight": (2, 4), "fc.bias": (2,),
    }  # fmt: skip
    with zipfile.ZipFile(BROUGHT / "whole.pt") as archive:
        stored = [np.frombuffer(archive.read(f"whole/data/{i}"), "<f4").astype(float) for i in range(6)]
    state = {name: one.reshape(shape) for (name, shape), one in zip(shapes.items(), stored, strict=True)}
    rows = np.random.default_rng(12).normal(size=(4, 3))
    expected = dense(state, "fc", states(state, "rnn", list(rows))[-1])
    np.testing.assert_allclose(answer(BROUGHT / file, rows.tolist()), expected, atol=1e-12)


# ── many of each kind, with the equations as the oracle ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("size", [(3, 3, 3), (4, 4, 2), (3, 2, 2), (2, 4, 1)])
def test_a_dense_layer_before_the_recurrent_one(saved, cell, activation, size):
    reads, hidden, out = size
    state = drawn(sum(size), cell, reads, hidden, into=(reads, reads), out=(out, hidden))
    path, rows = saved(state), np.random.default_rng(1).normal(size=(4, reads))
    with pytest.raises(FileError, match=r"they fit as|does not say the activations"):
        read(path)
    steps = [ACTIVATIONS[activation](dense(state, "into", x)) for x in rows]
    expected = dense(state, "out", states(state, cell, steps)[-1])
    typed = {"order": ["into", cell, "out"], "head_activation": [activation]}
    np.testing.assert_allclose(answer(path, rows.tolist(), **typed), expected, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_one_hot_letters_through_a_dense_layer(saved, cell):
    state = drawn(3, cell, 2, 3, into=(2, 4), out=(4, 3))
    steps = [np.tanh(dense(state, "into", np.eye(4)["helo".index(letter)])) for letter in "hell"]
    expected = [dense(state, "out", h) for h in states(state, cell, steps)]
    typed = {"text": "hello", "vocabulary": "helo", "head_activation": ["tanh"]}
    trace = forward(Problem.saved(str(saved(state)), order=["into", cell, "out"], **typed))
    np.testing.assert_allclose([trace[f"y_{t}"].value.ravel() for t in range(1, 5)], expected, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("hidden", [3, 5])
@pytest.mark.parametrize("unused", ["attn", "aaa", "zzz"])
def test_a_layer_that_is_not_used(saved, cell, hidden, unused):
    state = drawn(hidden, cell, 4, hidden, fc=(2, hidden), **{unused: (hidden, hidden)})
    rows = np.random.default_rng(2).normal(size=(3, 4))
    with pytest.raises(FileError, match=f"as {cell},{unused},fc and as {cell},fc"):
        read(saved(state))
    expected = dense(state, "fc", states(state, cell, list(rows))[-1])
    np.testing.assert_allclose(answer(saved(state), rows.tolist(), order=[cell, "fc"]), expected, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_a_lone_dense_layer_is_the_output_even_where_it_would_fit_before(saved, cell):
    state, rows = drawn(5, cell, 3, 3, fc=(3, 3)), np.random.default_rng(3).normal(size=(4, 3))
    assert f"Read as {cell},fc. The file does not say the order; use --order to change it." in read(saved(state)).notes
    expected = dense(state, "fc", states(state, cell, list(rows))[-1])
    np.testing.assert_allclose(answer(saved(state), rows.tolist(), order=[cell, "fc"]), expected, atol=1e-12)


@pytest.mark.parametrize("reads", [2, 5])
@pytest.mark.parametrize("out", [1, 2, 4])
def test_a_network_that_fits_one_way_is_read_and_the_reading_is_said(saved, reads, out):
    state, rows = drawn(7, "gru", reads, 4, fc=(out, 4)), np.random.default_rng(4).normal(size=(3, reads))
    assert "Read as gru,fc. The file does not say the order; use --order to change it." in read(saved(state)).notes
    expected = dense(state, "fc", states(state, "gru", list(rows))[-1])
    np.testing.assert_allclose(answer(saved(state), rows.tolist()), expected, atol=1e-12)


def test_numbers_in_names_tell_an_order(saved):
    state = drawn(8, "rnn", 3, 4, fc1=(4, 4), fc2=(4, 4), fc10=(2, 4))
    found = read(saved(state), head_activations=["tanh", "relu"])
    assert [one.label for one in found.head] == ["fc1", "fc2", "fc10"]


@pytest.mark.parametrize("names", [("fc", "fc2"), ("fc1", "fc_2"), ("head.0", "head.2"), ("fc", "fc_3")])
def test_the_first_of_several_may_go_without_a_number(saved, names):
    first, second = names
    state = drawn(8, "rnn", 3, 4) | {
        f"{first}.weight": np.ones((4, 4)), f"{second}.weight": np.ones((2, 4)),
    }  # fmt: skip
    assert [one.label for one in read(saved(state), head_activations=["tanh"]).head] == list(names)


def test_shapes_come_before_numbers(saved):
    state = drawn(8, "rnn", 3, 4, fc1=(2, 5), fc2=(5, 4))
    assert [one.label for one in read(saved(state), head_activations=["tanh"]).head] == ["fc2", "fc1"]


def test_numbered_recurrent_modules_are_a_stack(saved):
    state = drawn(9, "lstm", 3, 4, fc=(2, 4))
    second = {name.replace("lstm", "lstm2"): array for name, array in drawn(10, "lstm", 4, 4).items()}
    both = {name.replace("lstm.", "lstm1."): array for name, array in state.items()} | second
    rows = np.random.default_rng(5).normal(size=(3, 3))
    expected = dense(state, "fc", states(both, "lstm2", states(both, "lstm1", list(rows)))[-1])
    np.testing.assert_allclose(answer(saved(both), rows.tolist()), expected, atol=1e-12)


# ── what is typed badly ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (
            ["lstn", "fc"],
            r"'lstn', but .* has no layer with that name \(did you mean 'lstm'\?\)\. Its layers are lstm, attn, fc",
        ),
        (["lstm", "fc", "fc"], "order names fc twice"),
        (["fc", "lstm"], "lstm reads 3 numbers, but fc outputs 2"),
        (["attn", "fc"], "order has no recurrent layer"),
        (["fc:embedding", "lstm"], "fc of .* cannot be an embedding"),
        (["lstm:gru", "fc"], "Use the name alone, or lstm:embedding"),
    ],
)
def test_an_order_that_cannot_be_is_refused(order, says):
    with pytest.raises(ProblemError, match=says):
        read(BROUGHT / "unused.safetensors", order=order)


@pytest.mark.parametrize("option", [{"order": ["rnn"]}, {"layout": "rows"}])
def test_what_needs_no_telling_is_not_told(option):
    with pytest.raises(ProblemError, match=r"stateful\.keras"):
        read(BROUGHT / "stateful.keras", **option)


def test_options_of_a_file_need_the_file(rnncalc):
    for option in (("--order", "lstm,fc"), ("--matrices", "rows")):
        outcome = rnncalc("forward", "hello", *option)
        assert (outcome.code, f"{option[0]} says how to read a file of weights" in outcome.err) == (2, True)


# ── a model in several files ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [1, 2])
def test_a_part_of_a_model_is_read_with_the_other_parts(number):
    layer = read(BROUGHT / f"model-0000{number}-of-00002.safetensors").layers[0]
    from safetensors.numpy import load_file

    one, other = (load_file(BROUGHT / f"model-0000{i}-of-00002.safetensors") for i in (1, 2))
    assert (np.vstack([layer.arrays[f"Wx{gate}"] for gate in "ifgo"]) == one["weight_ih_l0"]).all()
    bias = other["bias_ih_l0"].astype(float) + other["bias_hh_l0"]
    assert (np.concatenate([layer.arrays[f"b{gate}"].ravel() for gate in "ifgo"]) == bias).all()


def test_an_index_reads_all_of_its_files(saved, tmp_path):
    state = drawn(11, "gru", 3, 4, fc=(2, 4))
    names = sorted(state)
    for part in (0, 1):
        saved({name: state[name] for name in names[part::2]}, f"part{part}.safetensors")
    listed = {name: f"part{i % 2}.safetensors" for i, name in enumerate(names)}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(f'{{"weight_map": {listed}}}'.replace("'", '"'), encoding="utf-8")
    rows = np.random.default_rng(6).normal(size=(3, 3))
    np.testing.assert_array_equal(answer(index, rows.tolist()), answer(saved(state), rows.tolist()))


def test_a_part_that_is_missing_is_named(tmp_path):
    part = tmp_path / "model-00001-of-00003.safetensors"
    part.write_bytes((BROUGHT / "model-00001-of-00002.safetensors").read_bytes())
    with pytest.raises(
        FileError, match=r"one of 3 parts of a model\. Put model-00002-of-00003.safetensors in the same folder"
    ):
        read(part)


@pytest.mark.parametrize("name", ["../secret.safetensors", "/etc/passwd", "a\\\\b.safetensors", "model.exe", ""])
def test_an_index_leads_nowhere_else(tmp_path, name):
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(f'{{"weight_map": {{"a": "{name}"}}}}', encoding="utf-8")
    with pytest.raises(FileError, match="it needs a file in the same folder that ends in"):
        read(index)
