"""Keras's files: what their configuration and their arrays mean, and what is refused by name."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnncalc.errors import FileError
from rnncalc.weights import read

Change = Callable[[Any], object]


def rewrite(source: Path, target: Path, config: Change = lambda c: None, arrays: Change = lambda file: None) -> Path:
    """A .keras file with another configuration, or other arrays."""
    import h5py

    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    described = json.loads(parts["config.json"])
    config(described)
    parts["config.json"] = json.dumps(described).encode("utf-8")
    stream = io.BytesIO(parts["model.weights.h5"])
    with h5py.File(stream, "r+") as stored:
        arrays(stored)
    parts["model.weights.h5"] = stream.getvalue()
    with zipfile.ZipFile(target, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return target


def layers(config: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The layers of a kind in a configuration."""
    return [layer for layer in config["config"]["layers"] if layer["class_name"] == kind]


def setting(kind: str, **settings: Any) -> Change:
    """A change of the settings of the first layer of a kind."""
    return lambda config: layers(config, kind)[0]["config"].update(settings)


def append(kind: str) -> Change:
    """A change that puts another layer of a kind behind the last one."""

    def change(config):
        layer = layers(config, kind)[0] if layers(config, kind) else {"class_name": kind, "config": {}}
        config["config"]["layers"].append({**layer, "name": "more", "config": {**layer["config"], "name": "more"}})

    return change


def read_twice(config: dict[str, Any]) -> None:
    """A change after which a layer stands at two places of the model."""
    layers(config, "GRU")[0]["inbound_nodes"] *= 2


def replaced(path: str, value: Any) -> Change:
    """A change of one array."""

    def change(stored):
        del stored[path]
        if value is not None:
            stored[path] = value

    return change


@pytest.fixture
def changed(files, tmp_path):
    """A file of Keras with changes."""
    return lambda file, **changes: rewrite(files / file, tmp_path / "model.keras", **changes)


@pytest.fixture
def refused(changed):
    """Hold the refusal of a changed file to words that are in it."""

    def check(file: str, *words: str, **changes: Change) -> None:
        with pytest.raises(FileError) as caught:
            read(changed(file, **changes))
        assert "model.keras" in str(caught.value)
        assert "\n" not in str(caught.value)
        for word in words:
            assert word in str(caught.value)

    return check


def test_an_unchanged_file_is_read(changed, files):
    arrays = read(changed("gru.keras")).layers[0].arrays
    expected = read(files / "gru.keras").layers[0].arrays
    assert all((arrays[name] == expected[name]).all() for name in expected)


def test_the_labels_are_the_files_own_names(files):
    network = read(files / "time_distributed.keras")
    assert network.layers[0].label == "memory"
    assert network.outputs == "every"


def test_a_gru_resets_after_the_product_where_the_file_says_so(files):
    assert "bhn" in read(files / "gru.keras").layers[0].arrays
    assert "bhn" not in read(files / "gru_reset_before.keras").layers[0].arrays
    assert not read(files / "gru_without_bias.keras").layers[0].arrays["bhn"].any()


def test_dropout_is_left_out_and_said(files):
    network = read(files / "embedding_gru.keras")
    assert [note.partition(" (")[2] for note in network.notes] == [
        "SpatialDropout1D) is left out, because it does nothing when predicting.",
        "Dropout) is left out, because it does nothing when predicting.",
    ]
    (note,) = read(files / "lstm_stacked.keras").notes
    assert note.startswith("The dropout of layer lstm")


def test_an_activation_layer_is_folded_into_the_dense_before_it(files):
    assert [dense.activation for dense in read(files / "lstm_stacked.keras").head] == ["softmax"]


def test_float64_is_read_to_the_last_digit(changed):
    kernel = np.arange(9.0).reshape(3, 3) / 7
    found = read(changed("rnn_softmax.keras", arrays=replaced("layers/simple_rnn/cell/vars/0", kernel)))
    assert (found.layers[0].arrays["Wxh"] == kernel.T).all()


def test_the_settings_that_change_no_number_are_passed_over(changed):
    change = setting("GRU", unroll=True, implementation=1, zero_output_for_mask=True, seed=3)
    assert read(changed("gru.keras", config=change)).layers[0].cell == "gru"


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("gru.keras", setting("GRU", go_backwards=True), "(GRU) has go_backwards"),
        ("gru.keras", setting("GRU", time_major=True), "(GRU) has time_major"),
        ("embedding_masked.keras", setting("LSTM", zero_output_for_mask=True), "(LSTM) has zero_output_for_mask"),
        ("gru.keras", setting("GRU", recurrent_activation="hard_sigmoid"), "has hard_sigmoid in its gates (0.2·a"),
        ("gru.keras", setting("GRU", activation="softsign"), "(GRU) has the activation softsign"),
        ("gru.keras", setting("GRU", activation="softmax"), "(GRU) has the activation softmax"),
        ("gru.keras", setting("Dense", activation="gelu"), "(Dense) has the activation gelu"),
        ("gru.keras", setting("Dense", activation={"class_name": "function"}), "(Dense) has the activation {"),
        ("article.keras", setting("Dense", activation="softmax"), "has a softmax, but only the last Dense"),
        ("lstm_stacked.keras", setting("Dense", activation="relu"), "does not come after a Dense"),
        ("lstm_stacked.keras", setting("LSTM", return_sequences=False), "reads only the last step"),
        ("time_distributed.keras", setting("SimpleRNN", return_sequences=False), "needs every step"),
        ("gru.keras", setting("Dense", dtype={"class_name": "Policy", "config": {"name": "int8_from_float32"}}),
         "(Dense) computes in int8_from_float32"),
        ("gru.keras", setting("InputLayer", batch_shape=[None, 8, 8, 3]), "its input is 8 × 8 × 3"),
        ("gru.keras", setting("InputLayer", batch_shape=[None, 4]), "several numbers for each step"),
        ("gru.keras", setting("InputLayer", batch_shape=[None, 4, 5]), "vars/0 is 3×9; it needs to be 5×9"),
        ("gru.keras", setting("GRU", units=4), "vars/0 is 3×9; it needs to be 3×12"),
        ("gru.keras", setting("GRU", reset_after=False), "vars/2 is 2×9; it needs to be 9"),
        ("gru.keras", setting("GRU", use_bias=False), "(GRU) has 3 arrays; it needs 2: kernel, recurrent_kernel"),
        ("gru.keras", setting("GRU", units="three"), "in the way that Keras does"),
        ("gru.keras", setting("GRU", units=-1), "in the way that Keras does"),
        ("gru.keras", lambda c: c.update(class_name="MyModel"), "is a MyModel model"),
        ("gru.keras", lambda c: c["config"].update(layers=[[]]), "in the way that Keras does"),
        ("gru.keras", lambda c: c["config"].update(layers=[]), "has no recurrent layer"),
        ("gru.keras", lambda c: c["config"].update(layers=c["config"]["layers"] * 400), "more than 1000 layers"),
        ("gru.keras", lambda c: c["config"]["layers"].append(layers(c, "GRU")[0]), "has two layers with the same name"),
        ("gru.keras", append("GRU"), "more (GRU) comes after a Dense"),
        ("embedding_gru.keras", append("Embedding"), "not a single chain"),
        ("gru.keras", lambda c: layers(c, "GRU")[0].update(registered_name="Mine>GRU"), "is a custom layer"),
        (
            "embedding_gru.keras",
            lambda c: c["config"].update(output_layers=["words", 0, 0]),
            "its output is not the output of its last layer",
        ),
        ("embedding_gru.keras", lambda c: c["config"].update(input_layers=[["a", 0, 0]] * 2), "several inputs"),
        ("embedding_gru.keras", lambda c: layers(c, "GRU")[0].update(inbound_nodes=[]), "not a single chain"),
        ("embedding_gru.keras", read_twice, "not a single chain"),
        ("time_distributed.keras", setting("TimeDistributed", layer={"class_name": "Conv1D"}), "contains a Conv1D"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused_by_name(refused, file, change, says):
    refused(file, says, config=change)


@pytest.mark.parametrize("kind", ["Conv1D", "Attention", "BatchNormalization", "Flatten", "TextVectorization"])
def test_a_layer_that_is_not_known_is_named(refused, kind):
    refused("gru.keras", f"({kind}) is not a layer that rnncalc reads", config=lambda c: layers(c, "Dense")[0].update(
        class_name=kind, registered_name=None))  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("CuDNNGRU", "computes the same as GRU(recurrent_activation='sigmoid', reset_after=True)"),
        ("CuDNNLSTM", "computes the same as LSTM(recurrent_activation='sigmoid')"),
        ("LeakyReLU", "is not an activation that rnncalc can read"),
    ],
)
def test_a_layer_that_is_not_read_is_refused_with_what_to_do(refused, kind, says):
    change = lambda c: layers(c, "Dense")[0].update(class_name=kind, registered_name=None)  # noqa: E731
    refused("gru.keras", f"({kind}) {says}", config=change)


@pytest.mark.parametrize("kind", ["GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"])
def test_noise_does_nothing_when_predicting(changed, kind):
    found = read(changed("gru.keras", config=append(kind)))
    assert any(f"({kind}) is left out, because it does nothing when predicting" in note for note in found.notes)


@pytest.mark.parametrize(
    ("kind", "settings", "activation"),
    [
        ("ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, "relu"),
        ("Softmax", {"axis": -1}, "softmax"),
        ("Activation", {"activation": "sigmoid"}, "sigmoid"),
    ],
)
def test_an_activation_that_is_a_layer_is_that_of_the_dense_before_it(changed, kind, settings, activation):
    def change(config):
        setting("Dense", activation="linear")(config)
        append(kind)(config)
        config["config"]["layers"][-1]["config"].update(settings)

    assert read(changed("gru.keras", config=change)).head[-1].activation == activation


@pytest.mark.parametrize("settings", [{"max_value": 6.0}, {"negative_slope": 0.1}, {"threshold": 1.0}])
def test_a_relu_of_another_form_is_refused(refused, settings):
    def change(config):
        setting("Dense", activation="linear")(config)
        append("ReLU")(config)
        config["config"]["layers"][-1]["config"].update(settings)

    refused("gru.keras", "(ReLU) is not a plain ReLU", config=change)


def test_a_stateful_layer_starts_from_zeros_and_that_is_said(changed, files):
    found = read(changed("gru.keras", config=setting("GRU", stateful=True, return_state=True)))
    expected = read(files / "gru.keras")
    assert any("It starts from zeros here" in note for note in found.notes)
    assert all((found.layers[0].arrays[name] == array).all() for name, array in expected.layers[0].arrays.items())


@pytest.mark.parametrize("policy", ["float16", "bfloat16", "mixed_float16", "mixed_bfloat16"])
def test_narrow_numbers_are_computed_in_float64_and_that_is_said(changed, policy):
    found = read(changed("gru.keras", config=setting("GRU", dtype=policy)))
    assert f"Keras computes this model in {policy}; rnncalc computes it in float64." in found.notes


def test_both_directions(refused):
    change = lambda c: layers(c, "GRU")[0].update(class_name="Bidirectional")  # noqa: E731
    refused("gru.keras", "(Bidirectional) reads the steps in both directions", config=change)


KERNEL = "layers/gru/cell/vars/0"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "(GRU) has 2 arrays; it needs 3"),
        (np.ones((4, 9), "float32"), "is 4×9; it needs to be 3×9"),
        (np.ones(27, "float32"), "is 27; it needs to be 3×9"),
        (np.ones((3, 9), "int16"), "has int16 values"),
        (np.ones((3, 9), "int8"), "has int8 values"),
        (np.ones((3, 9), "complex64"), "has complex64 values"),
        (np.where(np.eye(3, 9), np.nan, 1), "[1,1] is NaN"),
        (np.where(np.eye(3, 9)[::-1], np.inf, 1), "[1,3] is infinite"),
    ],
)
def test_an_array_that_does_not_fit_is_named(refused, value, says):
    refused("gru.keras", says, *([] if value is None else [KERNEL]), arrays=replaced(KERNEL, value))


def linked(make: Callable[[Any, str], Any]) -> Change:
    """A change of the kernel into what is made in the file's place."""

    def change(stored):
        del stored[KERNEL]
        make(stored, KERNEL)

    return change


def external_link(stored, path):
    import h5py

    stored[path] = h5py.ExternalLink("elsewhere.h5", "/kernel")


def soft_link(stored, path):
    import h5py

    stored[path] = h5py.SoftLink("/layers/dense/vars/0")


def external_storage(stored, path):
    stored.create_dataset(path, (3, 9), "float32", external=[("elsewhere.bin", 0, 108)])


def virtual(stored, path):
    import h5py

    layout = h5py.VirtualLayout((3, 9), "float32")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "kernel", (3, 9))
    stored.create_virtual_dataset(path, layout)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (external_link, "is a link to another place"),
        (soft_link, "is a link to another place"),
        (external_storage, "is stored in another file"),
        (virtual, "is stored in another file"),
    ],
)
def test_what_leads_out_of_the_file_is_not_followed(refused, tmp_path, monkeypatch, make, says):
    import h5py

    monkeypatch.chdir(tmp_path)  # where what is led to stands ready
    (tmp_path / "elsewhere.bin").write_bytes(np.ones((3, 9), "float32").tobytes())
    with h5py.File(tmp_path / "elsewhere.h5", "w") as elsewhere:
        elsewhere["kernel"] = np.ones((3, 9), "float32")
    refused("gru.keras", KERNEL, says, arrays=linked(make))


def test_a_group_that_leads_out_of_the_file_is_not_followed(refused):
    import h5py

    def change(stored):
        del stored["layers"]
        stored["layers"] = h5py.ExternalLink("elsewhere.h5", "/layers")

    refused("gru.keras", "is a link to another place", arrays=change)


def test_an_array_of_a_size_that_is_nowhere_stored(refused):
    def change(stored):
        del stored[KERNEL]
        stored.create_dataset(KERNEL, (100_000, 100_000), "float32", chunks=(1000, 1000))

    refused("gru.keras", "is too large", arrays=change)


def test_an_array_that_unpacks_to_much_more_than_it_is(refused):
    def change(stored):
        del stored[KERNEL]
        stored.create_dataset(KERNEL, data=np.zeros((1000, 1000)), compression="gzip")

    refused("gru.keras", KERNEL, "unpacks to more than 200 times its size", arrays=change)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (8, bytes(8)),  # the free space behind the texts has no bytes
        (8, b"\xf0" + b"\xff" * 7),  # and more bytes than can be counted
    ],
)
def test_a_heap_of_texts_without_an_end_is_refused(files, tmp_path, place, value):
    content = bytearray((files / "rnn_softmax.h5").read_bytes())
    heap = content.rindex(b"GCOL")
    used = content[heap : heap + int.from_bytes(content[heap + 8 : heap + 16], "little")].rstrip(b"\0")
    free = heap + (len(used) - 1) // 8 * 8 - 8  # the last number that is not 0 is the size of the free space
    content[free + place : free + place + 8] = value
    (tmp_path / "model.h5").write_bytes(content)
    with pytest.raises(FileError, match="is not a complete HDF5 file"):
        read(tmp_path / "model.h5")


def test_a_mask_of_another_layers_making_is_refused(refused):
    refused("embedding_masked.keras", "not a single chain", config=setting("Embedding", mask_zero=False))


def test_an_older_file_in_the_ways_of_keras_2(files, tmp_path):
    import h5py

    file = tmp_path / "model.h5"
    shutil.copy(files / "gru_reset_before.h5", file)
    with h5py.File(file, "r+") as stored:
        config = json.loads(stored.attrs["model_config"])
        given, gru, dense = config["config"]["layers"]
        given["config"] = {"batch_input_shape": [None, None, 3], "dtype": "float32", "name": given["name"]}
        gru["inbound_nodes"] = [[[given["name"], 0, 0, {}]]]
        dense["inbound_nodes"] = [[[gru["name"], 0, 0, {}]]]
        config["config"]["input_layers"] = [[given["name"], 0, 0]]
        config["config"]["output_layers"] = [[dense["name"], 0, 0]]
        del stored.attrs["model_config"]
        stored.attrs["model_config"] = json.dumps(config).encode("utf-8")
        weights = stored["model_weights"]
        for layer in (gru["name"], dense["name"]):
            names = [str(name) for name in weights[layer].attrs["weight_names"]]
            for name in names:
                weights[layer].move(name, f"{name}:0")
            del weights[layer].attrs["weight_names"]
            weights[layer].attrs["weight_names"] = [f"{name}:0".encode() for name in names]
    found, expected = read(file), read(files / "gru_reset_before.h5")
    assert found.steps is None
    assert (found.layers[0].arrays["Whn"] == expected.layers[0].arrays["Whn"]).all()
    assert (found.head[0].weight == expected.head[0].weight).all()


def test_a_keras_file_of_keras_2_names_its_groups_otherwise(changed, files):
    def change(stored):
        stored.move("layers", "_layer_checkpoint_dependencies")

    found, expected = read(changed("gru.keras", arrays=change)), read(files / "gru.keras")
    assert (found.layers[0].arrays["Whn"] == expected.layers[0].arrays["Whn"]).all()


def test_weights_without_layers_are_refused(files, tmp_path):
    with zipfile.ZipFile(files / "gru.keras") as archive:
        (tmp_path / "model.weights.h5").write_bytes(archive.read("model.weights.h5"))
    with pytest.raises(FileError, match="has only weights and no layers"):
        read(tmp_path / "model.weights.h5")


@pytest.mark.parametrize("part", ["config.json", "model.weights.h5"])
def test_a_part_that_is_not_there(files, tmp_path, part):
    with zipfile.ZipFile(files / "gru.keras") as old, zipfile.ZipFile(tmp_path / "model.keras", "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    with pytest.raises(FileError, match=f"has no {part}"):
        read(tmp_path / "model.keras")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'"text"', b"null", b"{}", b'{"a": ' * 5000, b"\xff\xfe\xff"])
def test_a_configuration_that_is_none(files, tmp_path, text):
    with zipfile.ZipFile(files / "gru.keras") as old, zipfile.ZipFile(tmp_path / "model.keras", "w") as new:
        new.writestr("config.json", text)
        new.writestr("model.weights.h5", old.read("model.weights.h5"))
    with pytest.raises(FileError, match=r"model\.keras"):
        read(tmp_path / "model.keras")
