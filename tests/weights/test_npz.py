"""NumPy's files: a state dict, or arrays by the names of this package."""

import io
import json
import zipfile

import numpy as np
import pytest

from rnncalc.errors import FileError, ProblemError
from rnncalc.weights import Network, read


def ones(*shape: int) -> np.ndarray:
    """An array of numbers that differ, of this shape."""
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


RNN = {"Wxh": ones(3, 2), "Whh": ones(3, 3), "bh": ones(3, 1)}
LSTM = {f"{of}{gate}": ones(3, n) for gate in "ifgo" for of, n in (("Wx", 2), ("Wh", 3), ("b", 1))}
GRU_L2 = {f"{of}{gate}_L2": ones(2, n) for gate in "rzn" for of, n in (("Wx", 3), ("Wh", 2), ("b", 1))}
OUTPUT = {"Why": ones(2, 3), "by": ones(2, 1)}


@pytest.fixture
def network(tmp_path):
    """The network of arrays by their names."""

    def of(arrays: dict[str, np.ndarray], **options) -> Network:
        np.savez(tmp_path / "model.npz", **arrays)
        return read(tmp_path / "model.npz", **options)

    return of


@pytest.fixture
def refused(network):
    """Hold the refusal of some arrays to words that are in it."""

    def check(arrays: dict[str, np.ndarray], words: str, **options) -> None:
        with pytest.raises(FileError) as caught:
            network(arrays, **options)
        assert "model.npz" in str(caught.value)
        assert words in str(caught.value)

    return check


@pytest.mark.parametrize(
    ("arrays", "cells"),
    [(RNN, ["rnn"]), (LSTM, ["lstm"]), (RNN | GRU_L2, ["rnn", "gru"]), (GRU_L2 | LSTM, ["lstm", "gru"])],
)
def test_the_names_tell_the_cells(network, arrays, cells):
    found = network(arrays)
    assert [layer.cell for layer in found.layers] == cells
    assert (found.outputs, found.head) == ("none", ())
    for number, layer in enumerate(found.layers, start=1):
        for name, array in layer.arrays.items():
            assert (array == arrays[name if number == 1 else f"{name}_L{number}"]).all()


def test_a_gru_with_bhn_resets_after_the_product(network):
    gru = {name.removesuffix("_L2"): array for name, array in GRU_L2.items()}
    assert "bhn" not in network(gru).layers[0].arrays
    assert (network(gru | {"bhn": 7 * ones(2, 1)}).layers[0].arrays["bhn"] == 7 * ones(2, 1)).all()


def test_an_embedding_and_a_head(network):
    arrays = RNN | {"Wxe": ones(2, 5), "Wv_D1": ones(4, 3), "bv_D1": ones(4), "Wv_D2": ones(3, 4)} | OUTPUT
    found = network(arrays, head_activations=["relu", "sigmoid", "softmax"])
    assert (found.inputs, found.embedding_label, found.outputs) == (5, "Wxe", None)
    assert [(dense.label, dense.activation) for dense in found.head] == [
        ("Wv_D1", "relu"), ("Wv_D2", "sigmoid"), ("Why", "softmax"),
    ]  # fmt: skip
    assert found.head[0].bias.tolist() == [[1], [2], [3], [4]]
    assert found.head[1].bias is None


def test_a_bias_that_is_not_there_is_zero(network):
    assert network({"Wxh": RNN["Wxh"], "Whh": RNN["Whh"]}).layers[0].arrays["bh"].tolist() == [[0], [0], [0]]


def test_one_number_that_an_rnn_shares_stays_one(network):
    arrays = network(RNN | {"Whh": ones(1, 1), "bh": ones(1, 1)}).layers[0].arrays
    assert (arrays["Whh"].shape, arrays["bh"].shape) == ((1, 1), (1, 1))


def test_a_state_dict_is_read_by_pytorchs_names(files):
    found = read(files / "gru.npz", head_activations=["relu"])
    assert [dense.label for dense in found.head] == ["fc1", "fc2"]


def test_what_rnncalc_stored_beside_the_weights_tells_of_the_activations(network):
    said = {"version": 1, "activation": "relu", "head_activations": ["sigmoid"], "text": "déjà vu"}
    found = network(RNN | OUTPUT | {"rnncalc": np.array(json.dumps(said))})
    assert (found.layers[0].activation, found.head[0].activation, found.notes) == ("relu", "sigmoid", ())
    assert network(RNN | {"rnncalc": np.array("{}")}).layers[0].activation == "tanh"


def test_the_reader_knows_better_than_the_mark(network):
    mark = {"rnncalc": np.array('{"activation": "relu"}')}
    assert network(RNN | mark, activation="linear").layers[0].activation == "linear"


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        (RNN | {"Whz": ones(3, 3)}, "the arrays of layer 1 do not belong to a single kind of cell"),
        (RNN | {"bhn": ones(3, 1)}, "bhn is not a weight of a rnn layer"),
        (RNN | {"extra": ones(3, 1)}, "extra is not the name of a weight"),
        (RNN | {"Wxh_L3": ones(3, 3), "Whh_L3": ones(3, 3)}, "no recurrent layer 2: it has no array such as Wxh_L2"),
        ({"Wxh": ones(3, 2)}, "has no Whh"),
        ({"Why": ones(3, 2)}, "has no recurrent layer 1"),
        ({name: LSTM[name] for name in LSTM if name != "Who"}, "has no Who"),
        (RNN | {"Wxh": ones(3)}, "Wxh is 3; it needs to be n×n"),
        (RNN | {"Whh": ones(3, 2)}, "Whh of layer 1 is 3×2; it needs to be 3×3"),
        (RNN | {"bh": ones(2, 1)}, "bh of layer 1 is 2×1; it needs to be 3×1"),
        (RNN | {"Wxe": ones(3, 5)}, "Wxh of layer 1 is 3×2; it needs to be 3×3"),
        (RNN | {"Why": ones(2, 4)}, "the weight of Why is 2×4; it needs to be 2×3"),
        (RNN | OUTPUT | {"by": ones(3, 1)}, "the bias of Why is 3×1; it needs to be 2×1"),
        (RNN | {"Wv_D1": ones(3, 3)}, "has no Why"),
        (RNN | {"by": ones(3, 1)}, "has no Why"),
        (RNN | OUTPUT | {"Wv_D2": ones(3, 3)}, "has no Wv_D1"),
        (RNN | OUTPUT | {"bv_D1": ones(3, 1)}, "has no Wv_D1"),
        (RNN | {"Wxh": np.array([[1, 2]] * 3)}, "Wxh has int64 values"),
        (RNN | {"Wxh": ones(3, 2) * 1j}, "Wxh has complex128 values"),
        (RNN | {"Wxh": np.array([["1", "2"]] * 3)}, "Wxh has str"),
        (RNN | {"bh": np.array([[1], [np.nan], [3]])}, "bh[2,1] is NaN"),
        (RNN | {"rnncalc": np.array("[]")}, "rnncalc is not a JSON object"),
        (RNN | {"rnncalc": np.array("{")}, "rnncalc is not JSON text"),
        (RNN | {"rnncalc": ones(1)}, "it needs to be one text"),
        (RNN | {"rnncalc": np.array('{"activation": ["tanh"]}')}, "rnncalc names the activation ['tanh']"),
        (RNN | OUTPUT | {"rnncalc": np.array('{"head_activations": 5}')}, "the head_activations of rnncalc must be"),
        ({"anything": ones(2, 2)}, "has no recurrent layer"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(refused, arrays, says):
    refused(arrays, says)


def test_several_dense_layers_need_their_activations(refused, network):
    arrays = RNN | {"Wv_D1": ones(3, 3)} | OUTPUT
    refused(arrays, "Use --head-activation with names for Wv_D1,")
    with pytest.raises(ProblemError, match=r"2 dense layers \(Wv_D1, Why\), but the number of activations given is 3"):
        network(arrays, head_activations=["relu"] * 3)


def npy(header: str, content: bytes = b"") -> bytes:
    """A .npy file with this header."""
    text = header.encode("latin-1")
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + content


@pytest.mark.parametrize(
    "part",
    [
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }\n"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1), }\n", b"12345678"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n", b"12345678"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1L,), }\n"),
        npy("{'descr': '<f8'"),
        npy("(" * 500),
        b"\x93NUMPY\x09\x00",
        b"no array",
    ],
)
def test_an_array_that_is_not_whole(tmp_path, part):
    with zipfile.ZipFile(tmp_path / "model.npz", "w") as archive:
        archive.writestr("Wxh.npy", part)
    with pytest.raises(FileError, match=r"Wxh\.npy in it is not a complete array"):
        read(tmp_path / "model.npz")


def test_a_zip_that_unpacks_to_much_more_than_it_is(tmp_path):
    np.savez_compressed(tmp_path / "model.npz", Wxh=np.zeros((1000, 1000)), Whh=np.zeros((1000, 1000)))
    with pytest.raises(FileError, match=r"Wxh\.npy unpacks to more than 200 times its size"):
        read(tmp_path / "model.npz")


def test_honest_compression_is_read(tmp_path):
    np.savez_compressed(tmp_path / "model.npz", **RNN)
    assert (read(tmp_path / "model.npz").layers[0].arrays["Wxh"] == RNN["Wxh"]).all()


def test_a_zip_that_says_it_is_too_large(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("Wxh.npy", b"\0" * 10)
    content = stream.getvalue().replace((10).to_bytes(4, "little") * 2, b"\x0a\0\0\0\xff\xff\xff\x7f")
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(FileError, match="unpacks to more than 1,000,000,000 bytes"):
        read(tmp_path / "model.npz")


def test_something_else_in_the_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "model.npz", "w") as archive:
        archive.writestr("readme.txt", b"hello")
    with pytest.raises(FileError, match=r"readme\.txt in it is not an array"):
        read(tmp_path / "model.npz")


def test_two_arrays_of_one_name(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("Wxh.npy", "Whh.npy"):
            archive.writestr(name, b"")
    (tmp_path / "model.npz").write_bytes(stream.getvalue().replace(b"Whh", b"Wxh"))
    with pytest.raises(FileError, match="two parts with the same name"):
        read(tmp_path / "model.npz")
