"""State dicts of PyTorch: which array is what, and what is refused by name."""

import re
from importlib.metadata import version

import numpy as np
import pytest

from rnncalc.errors import FileError, ProblemError
from rnncalc.weights import Network, read


def drawn(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Arrays of these shapes; two underscores stand for the dot of a name."""
    random = np.random.default_rng(1)
    return {name.replace("__", "."): random.normal(size=shape).astype("float32") for name, shape in shapes.items()}


RNN = {"weight_ih_l0": (4, 3), "weight_hh_l0": (4, 4), "bias_ih_l0": (4,), "bias_hh_l0": (4,)}


def rnn(module: str = "rnn", **others: tuple[int, ...]) -> dict[str, np.ndarray]:
    """A simple layer of 4 units that reads 3 numbers, and other arrays."""
    return drawn(**{f"{module}__{name}": shape for name, shape in RNN.items()}, **others)


@pytest.fixture
def network(tmp_path):
    """The network of a state dict."""

    def of(state: dict[str, np.ndarray], **options) -> Network:
        from safetensors.numpy import save_file

        save_file(state, tmp_path / "model.safetensors")
        return read(tmp_path / "model.safetensors", **options)

    return of


@pytest.fixture
def refused(network):
    """Hold a state dict's refusal to words that are in it."""

    def check(state: dict[str, np.ndarray], *words: str, **options) -> None:
        with pytest.raises(FileError) as caught:
            network(state, **options)
        assert "model.safetensors" in str(caught.value)
        for word in words:
            assert word in str(caught.value)

    return check


def test_the_two_biases_are_added(network):
    state = rnn()
    expected = state["rnn.bias_ih_l0"].astype(float) + state["rnn.bias_hh_l0"].astype(float)
    assert network(state).layers[0].arrays["bh"].ravel().tolist() == expected.tolist()


def test_a_gru_keeps_the_second_bias_of_n_apart(network):
    state = drawn(weight_ih_l0=(6, 3), weight_hh_l0=(6, 2), bias_ih_l0=(6,), bias_hh_l0=(6,))
    arrays = network(state).layers[0].arrays
    assert arrays["bn"].ravel().tolist() == state["bias_ih_l0"][4:].tolist()
    assert arrays["bhn"].ravel().tolist() == state["bias_hh_l0"][4:].tolist()


@pytest.mark.parametrize("prefix", ["", "rnn__", "module__encoder__lstm__"])
def test_any_prefix(network, prefix):
    layer = network(drawn(**{f"{prefix}{name}": shape for name, shape in RNN.items()})).layers[0]
    assert layer.label == (prefix.replace("__", ".").rstrip(".") or "rnn")


def test_without_biases_they_are_zero(network):
    arrays = network(drawn(weight_ih_l0=(6, 3), weight_hh_l0=(6, 2))).layers[0].arrays
    assert all(not arrays[name].any() for name in ("br", "bz", "bn", "bhn"))


def test_float64_is_read_to_the_last_digit(network):
    state = {name: array.astype(float) / 3 for name, array in rnn().items()}
    assert (network(state).layers[0].arrays["Wxh"] == state["rnn.weight_ih_l0"]).all()


def test_the_activation_is_what_the_reader_is_told(network):
    told, taken = network(rnn(), activation="relu"), network(rnn())
    assert (told.layers[0].activation, told.notes) == ("relu", ())
    assert taken.layers[0].activation == "tanh"
    assert taken.notes == (
        (
            "The file does not say whether its recurrent layers use tanh or relu, so they use tanh; use --activation "
            "relu to change this."
        ),
    )


def test_an_lstm_has_tanh(network):
    with pytest.raises(ProblemError, match="PyTorch's lstm uses tanh, so it cannot have relu"):
        network(drawn(weight_ih_l0=(8, 3), weight_hh_l0=(8, 2)), activation="relu")


def test_dense_layers_in_the_order_of_their_numbers(network):
    wide = {f"fc{i}__weight": (4, 4) for i in (10, 9, 2)}
    assert [dense.label for dense in network(rnn(**wide), head_activations=["relu", "relu"]).head] == [
        "fc2",
        "fc9",
        "fc10",
    ]


def test_dense_layers_in_the_only_order_that_fits(network):
    found = network(rnn(a__weight=(2, 5), b__weight=(5, 4)), head_activations=["relu", "softmax"])
    assert [(dense.label, dense.activation) for dense in found.head] == [("b", "relu"), ("a", "softmax")]
    assert "Read as rnn,b,a. The file does not say the order; use --order to change it." in found.notes


def test_an_order_that_names_alone_tell_is_not_guessed(refused):
    refused(rnn(a__weight=(4, 4), b__weight=(4, 4)), "they fit as rnn,a,b and as rnn,b,a. Use --order")


def test_what_follows_the_last_dense_layer_is_said_when_it_was_taken(network):
    note = (
        "The file does not say which activation follows its last dense layer, fc, so there is none; "
        "use --output-function to change this."
    )
    assert note in network(rnn(fc__weight=(2, 4))).notes
    assert note not in network(rnn(fc__weight=(2, 4)), head_activations=["softmax"]).notes


def test_a_table_that_is_not_named_so_is_an_embedding_where_it_is_asked_for(network, refused):
    state = rnn(words__weight=(7, 3), fc__weight=(2, 4))
    refused(
        state, "words.weight, 7×3, fits only as an embedding", "Use --order words:embedding,rnn,fc to read it as one"
    )
    found = network(state, order=["words:embedding", "rnn", "fc"])
    assert found.embedding is not None
    assert (found.embedding.shape, found.embedding_label, found.inputs) == ((3, 7), "words", 7)
    assert [dense.label for dense in found.head] == ["fc"]


def test_an_embedding_that_is_named_so_is_one_wherever_it_fits(network):
    found = network(drawn(weight_ih_l0=(4, 4), weight_hh_l0=(4, 4), embed__weight=(6, 4), fc__weight=(6, 4)))
    assert (found.embedding_label, [dense.label for dense in found.head]) == ("embed", ["fc"])


def test_modules_that_fit_one_behind_the_other_are_a_stack(network):
    state = rnn("a") | drawn(b__weight_ih=(8, 4), b__weight_hh=(8, 2))
    assert [layer.cell for layer in network(state).layers] == ["rnn", "lstm"]


def test_several_dense_layers_need_their_activations(network, refused):
    state = rnn(fc1__weight=(5, 4), fc2__weight=(2, 5))
    refused(state, "Use --head-activation with names for fc1,")
    with pytest.raises(ProblemError, match=r"2 dense layers \(fc1, fc2\), but the number of activations given is 3"):
        network(state, head_activations=["relu", "relu", "relu"])


def test_a_hidden_layer_has_no_softmax(refused):
    refused(rnn(fc1__weight=(5, 4), fc2__weight=(2, 5)), "fc1 has a softmax", head_activations=["softmax"])


def test_activations_of_dense_layers_that_are_not_there(network):
    with pytest.raises(ProblemError, match="no dense layer, but the number of activations given is 1"):
        network(rnn(), head_activations=["relu"])


@pytest.mark.parametrize(
    ("name", "shape", "says"),
    [
        ("rnn.weight_ih_l0_reverse", (4, 3), "belongs to a bidirectional layer"),
        ("rnn.weight_hr_l0", (2, 4), "belongs to an lstm with a projection"),
        ("norm.running_mean", (4,), "belongs to a batch normalisation"),
        ("attention.in_proj_weight", (12, 4), "belongs to an attention"),
        ("conv.weight", (4, 3, 5), "4×3×5, does not belong to a recurrent, embedding or dense layer"),
        ("norm.weight", (4,), "does not belong to a recurrent, embedding or dense layer"),
        ("fc.bias", (4,), "does not belong to a recurrent, embedding or dense layer"),
        ("scale", (1,), "does not belong to a recurrent, embedding or dense layer"),
    ],
)
def test_what_is_not_read_is_refused_by_name(refused, name, shape, says):
    refused(rnn() | {name: np.ones(shape, "float32")}, name, says)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (drawn(fc__weight=(2, 4)), "has no recurrent layer"),
        (drawn(weight_ih_l0=(4, 3)), "has no weight_hh_l0"),
        (drawn(weight_hh_l0=(4, 4)), "has no weight_ih_l0"),
        (drawn(weight_ih_l0=(4, 3), weight_hh_l0=(4, 4), bias_ih_l0=(4,)), "has no bias_hh_l0"),
        (drawn(weight_ih_l1=(4, 4), weight_hh_l1=(4, 4)), "has no weight_ih_l0"),
        (drawn(weight_ih_l0=(8, 3), weight_hh_l0=(8, 4)),
         "weight_hh_l0 is 8×4; it needs to be 4×4 (rnn), 16×4 (lstm), 12×4 (gru)"),
        (drawn(weight_ih_l0=(5, 3), weight_hh_l0=(4, 4)), "weight_ih_l0 is 5×3; it needs to be 4×n"),
        (drawn(weight_ih_l0=(4, 3), weight_hh_l0=(4, 4), weight_ih_l1=(4, 3), weight_hh_l1=(4, 4)),
         "weight_ih_l1 is 4×3; it needs to be 4×4"),
        (drawn(weight_ih_l0=(4, 3), weight_hh_l0=(4, 4), bias_ih_l0=(4,), bias_hh_l0=(5,)),
         "bias_hh_l0 is 5; it needs to be 4"),
        (rnn(fc__weight=(2, 5), fc__bias=(2,)), "fc.weight is 2×5; it needs to be 2×4"),
        (rnn(fc__weight=(2, 4), fc__bias=(3,)), "fc.bias is 3; it needs to be 2"),
        (rnn(emb__weight=(7, 5)), "emb.weight is 7×5; it needs to be n×3"),
        (rnn(emb1__weight=(7, 3), emb2__weight=(7, 3)), "several embeddings: emb1.weight and emb2.weight"),
        (rnn(fc1__weight=(5, 4), fc2__weight=(2, 6)), "not a single chain that reads the 4 units"),
        (rnn("a") | rnn("b"), "a and b are not a single chain"),
        (drawn(weight_ih_l0=(0, 3), weight_hh_l0=(0, 0)), "weight_hh_l0 is empty"),
    ],
)  # fmt: skip
def test_what_does_not_fit_names_the_array_and_the_shapes(refused, state, says):
    refused(state, says, head_activations=["relu"] if "fc2.weight" in state else [])


@pytest.mark.parametrize("kind", ["int64", "int8", "bool", "complex64"])
def test_other_kinds_of_numbers_are_refused_by_name(refused, kind):
    if kind == "complex64" and version("safetensors").startswith(("0.4.", "0.5.")):
        pytest.skip("this version of safetensors writes no complex numbers")
    state = rnn()
    state["rnn.bias_hh_l0"] = state["rnn.bias_hh_l0"].astype(kind)
    refused(state, "rnn.bias_hh_l0 has", "reads float16, bfloat16, float32 and float64")


def test_float16_is_exact(network):
    state = {name: array.astype("float16") for name, array in rnn().items()}
    assert (network(state).layers[0].arrays["Wxh"] == state["rnn.weight_ih_l0"]).all()


def test_bfloat16_is_exact(tmp_path):
    # sign, 8 bits of the exponent, 7 of the fraction: 1.5, -0.15625, 2^-126
    bits = {"weight_ih_l0": 0x3FC0, "weight_hh_l0": 0xBE20, "bias_ih_l0": 0x0080, "bias_hh_l0": 0x0000}
    header = ",".join(
        f'"{name}":{{"dtype":"BF16","shape":[{"1,1" if name[0] == "w" else "1"}],"data_offsets":[{2 * i},{2 * i + 2}]}}'
        for i, name in enumerate(bits)
    )
    content = f"{{{header}}}".encode()
    numbers = b"".join(value.to_bytes(2, "little") for value in bits.values())
    (tmp_path / "model.safetensors").write_bytes(len(content).to_bytes(8, "little") + content + numbers)
    arrays = read(tmp_path / "model.safetensors").layers[0].arrays
    assert [arrays[name].item() for name in ("Wxh", "Whh", "bh")] == [1.5, -0.15625, 2.0**-126]


@pytest.mark.parametrize(("number", "says"), [(np.nan, "NaN"), (np.inf, "infinite"), (-np.inf, "infinite")])
def test_a_number_that_is_not_finite_is_named_with_its_place(refused, number, says):
    state = rnn()
    state["rnn.weight_ih_l0"][1, 2] = number
    refused(state, f"rnn.weight_ih_l0[2,3] is {says}")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xff\xff\xff\xff\xff\xff\x7f{}",
        (2).to_bytes(8, "little") + b"{}",
        (20).to_bytes(8, "little") + b"{",
        (9).to_bytes(8, "little") + b'{"a": 1}}',
        b'{"a": 1}{',
        b"nothing like it at all",
    ],
)
def test_a_broken_header(tmp_path, content):
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(FileError, match=re.escape("model.safetensors")):
        read(tmp_path / "model.safetensors")


def test_a_name_with_control_characters_is_shown_in_one_line(refused):
    refused(rnn() | {"odd\n\x1b[31mname": np.ones(1, "float32")}, "odd↵␛[31mname")
