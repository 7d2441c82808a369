"""Keras's files: .keras, a zip of config.json and model.weights.h5, and the older .h5 with both in one.

Keras keeps a matrix with a row for each input, in×out, and a layer's gates side by side: lstm i, f, c, o; gru z, r, h.
A gru with ``reset_after`` has two biases: (2, 3H).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.language.functions import activation_names
from rnncalc.language.trees import Array
from rnncalc.weights.archive import Archive
from rnncalc.weights.arrays import checked, column, parsed_json
from rnncalc.weights.hdf5 import Hdf5
from rnncalc.weights.network import Dense, Layer, Network, Outputs, head_activations
from rnncalc.weights.pytorch import split
from rnncalc.weights.reading_options import ReadingOptions

_CELLS = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru"}
KERAS_GATES: Mapping[str, str] = {"rnn": "h", "lstm": "ifgo", "gru": "zrn"}
"""In Keras's order, by the letters of this package: its c is g, its h is n."""
_IDLE = ("Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization")
"""Layers that do something in training alone."""
_FLAGS = {
    "go_backwards": "give it the steps in reverse order, and set it to false",
    "time_major": "build the model with time_major=False",
    "zero_output_for_mask": "build the model without it",
}
"""What a recurrent layer may have that changes its numbers or their order, and is not read; what to do instead."""
_READ = (
    "InputLayer, Embedding, Masking, SimpleRNN, LSTM, GRU, Dense, TimeDistributed(Dense), Activation, ReLU, Softmax, "
    f"{', '.join(_IDLE)}"
)
_INSTEAD = {
    "Bidirectional": (
        "reads the steps in both directions, which rnncalc cannot read; use a model with only the inner layer"
    ),
    "CuDNNLSTM": (
        "computes the same as LSTM(recurrent_activation='sigmoid'), which rnncalc can read: build the "
        "model with it, new.load_weights(this file), new.save('new.h5')"
    ),
    "CuDNNGRU": (
        "computes the same as GRU(recurrent_activation='sigmoid', reset_after=True), which rnncalc can "
        "read: build the model with it, new.load_weights(this file), new.save('new.h5')"
    ),
    "LeakyReLU": "is not an activation that rnncalc can read; use ReLU",
}
"""Layers that are often met, and what to do about them."""
_HARD_SIGMOID = (
    "has hard_sigmoid in its gates (0.2·a + 0.5 clipped to 0 and 1 before Keras 3, a/6 + 0.5 since then), but "
    "rnncalc can read only sigmoid there: train it with recurrent_activation='sigmoid'"
)
_NARROW = ("float16", "bfloat16", "mixed_float16", "mixed_bfloat16")
"""Numbers that Keras computes in, which float64 holds exactly."""
_MOST_LAYERS = 1_000
_MATRICES = ("kernel", "recurrent_kernel")


class _Described(NamedTuple):
    """A layer as the configuration describes it."""

    name: str
    kind: str
    config: dict[str, Any]

    def __str__(self) -> str:
        return f"layer {brief(self.name)} ({brief(self.kind)})"


class _Found(NamedTuple):
    """An array and what the file calls it."""

    path: str
    array: Array


class _Store(Protocol):
    """Where the arrays of a layer are found: one for each of these names, or FileError."""

    def __call__(self, layer: _Described, names: Sequence[str]) -> list[_Found]: ...


def read(content: bytes, file: str, options: ReadingOptions) -> Network:
    """The network of a .keras or .h5 file."""
    names_none = "already gives the activations of its layers. Do not name any."
    options.refuse(
        file,
        activation=names_none,
        head_activations=names_none,
        order="already gives the order of its layers. Leave out --order.",
        layout="stores its matrices as Keras does; --matrices is only for NumPy arrays.",
    )
    store: _Store
    if content.startswith(b"\x89HDF"):
        stored = Hdf5(content, file)
        layers = _Model(file, _config(stored, file)).layers()
        store = _Older(stored, file)
    else:
        archive = Archive(content, file)
        layers = _Model(file, _zipped_config(archive, file)).layers()
        if "model.weights.h5" not in archive.names:
            raise FileError(f"{file} has no model.weights.h5. Use model.save('model.keras') to write one.")
        store = _Newer(Hdf5(archive.read("model.weights.h5"), f"{file} (model.weights.h5)"), file, layers)
    try:
        return _Builder(file, store).network(layers)
    except FileError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise _unlike(file) from None


def _unlike(file: str) -> FileError:
    return FileError(f"{file} does not describe its layers in the way that Keras does.")


def _zipped_config(archive: Archive, file: str) -> dict[str, Any]:
    if "config.json" not in archive.names:
        raise FileError(f"{file} has no config.json, so it is not a Keras model.")
    return parsed_json(archive.read("config.json"), file, "config.json")


def _config(stored: Hdf5, file: str) -> dict[str, Any]:
    text = stored.text("", "model_config")
    if text is None:
        raise FileError(f"{file} has only weights and no layers. Use model.save('model.keras') to write both.")
    return parsed_json(text, file, "model_config")


class _Model:
    """The layers of a model in a straight line."""

    def __init__(self, file: str, config: dict[str, Any]) -> None:
        self._file, self._config = file, config

    def layers(self) -> list[_Described]:
        """The layers from the input to the output; raises FileError for another kind of model, or a forked one."""
        kind = self._config.get("class_name")
        if kind not in ("Sequential", "Functional", "Model"):
            raise FileError(f"{self._file} is a {brief(kind)} model; rnncalc reads Sequential and Functional models.")
        try:
            inner = self._config["config"]
            if isinstance(inner, list):  # Sequential models of Keras before 2.2.3
                inner = {"layers": inner}
            _check_numbers(self._file, f"model {brief(inner.get('name', ''))}", inner)
            if len(inner["layers"]) > _MOST_LAYERS:
                raise FileError(f"{self._file} is too large: it has more than {_MOST_LAYERS} layers.")
            described = [self._described(layer) for layer in inner["layers"]]
            if len({layer.name for layer in described}) < len(described):
                raise FileError(f"{self._file} has two layers with the same name.")
            if kind != "Sequential":
                described = self._line(inner, described)
        except FileError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
            raise _unlike(self._file) from None
        return described

    def _described(self, layer: dict[str, Any]) -> _Described:
        kind, config = layer["class_name"], layer["config"]
        described = _Described(layer.get("name") or config.get("name") or kind, kind, config)
        if not isinstance(described.name, str) or not isinstance(kind, str) or not isinstance(config, dict):
            raise TypeError
        if "inner_activation" in config or (kind != "Embedding" and "output_dim" in config):
            raise FileError(
                f"{self._file}: {described} was written by Keras 1, which rnncalc cannot read. Use load_model and "
                "model.save of Keras 2.0 to 2.3 to make a newer file."
            )
        if layer.get("registered_name") not in (None, kind):
            raise FileError(f"{self._file}: {described} is a custom layer, which rnncalc cannot read.")
        return described

    def _line(self, inner: dict[str, Any], described: Sequence[_Described]) -> list[_Described]:
        ends = [list(_tensors(inner[which])) for which in ("input_layers", "output_layers")]
        if any(len(end) != 1 for end in ends):
            raise FileError(f"{self._file} has several inputs or outputs; rnncalc reads only a single chain of layers.")
        (first, *_), (last, *_) = ends[0][0], ends[1][0]
        reads = {
            layer.name: list(_tensors(stored["inbound_nodes"]))
            for layer, stored in zip(described, inner["layers"], strict=True)
        }
        masks = self._masks(described, reads, first)
        named = {layer.name: layer for layer in described if layer.name not in masks}
        line = [named.pop(first)]
        while named:
            before = [line[-1].name, 0, 0]
            following = [
                layer for name, layer in named.items() if [t for t in reads[name] if t[0] not in masks] == [before]
            ]
            if len(following) != 1:
                raise FileError(f"{self._file}: its layers are not a single chain after {line[-1]}.")
            line.append(named.pop(following[0].name))
        if line[-1].name != last:
            raise FileError(f"{self._file}: its output is not the output of its last layer.")
        return line

    @staticmethod
    def _masks(described: Sequence[_Described], reads: Mapping[str, list[list[Any]]], first: str) -> set[str]:
        """The layers that Keras adds to pass over padding, input ≠ 0, which an Embedding asks for by itself."""
        if not any(layer.kind == "Embedding" and layer.config.get("mask_zero") for layer in described):
            return set()
        return {layer.name for layer in described if layer.kind == "NotEqual" and reads[layer.name] == [[first, 0, 0]]}


def _tensors(node: Any) -> Iterator[list[Any]]:
    """The tensors that a node of the configuration names: [layer, node, tensor], in the way of Keras 3 or 2."""
    if isinstance(node, dict):
        if "keras_history" in node:
            yield node["keras_history"]
        else:
            for inner in node.values():
                yield from _tensors(inner)
    elif isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str) and all(isinstance(i, int) for i in node[1:3]):
            yield node[:3]
            node = node[3:]
        for inner in node:
            yield from _tensors(inner)


def _check_numbers(file: str, what: object, config: Mapping[str, Any]) -> None:
    """Raise FileError where Keras computes in numbers that float64 does not hold."""
    policy = _policy(config)
    if policy not in (None, "float32", "float64", *_NARROW):
        raise FileError(
            f"{file}: {what} computes in {brief(policy)}; rnncalc reads float32, float64, {', '.join(_NARROW)}."
        )


def _policy(config: Mapping[str, Any]) -> Any:
    """The name of the numbers that a layer computes in."""
    policy = config.get("dtype")
    return policy["config"]["name"] if isinstance(policy, dict) else policy


class _Newer:
    """The arrays of a .keras file: layers/gru_1/cell/vars/0, numbered by class and in the order of the layers."""

    def __init__(self, stored: Hdf5, file: str, layers: Iterable[_Described]) -> None:
        self._stored, self._file = stored, file
        root = "layers" if "layers" in stored.members("") else "_layer_checkpoint_dependencies"  # before Keras 3
        self._paths: dict[str, str] = {}
        used: dict[str, int] = {}
        for layer in layers:
            group = _snake(layer.kind)
            number = used.get(group, 0)
            used[group] = number + 1
            self._paths[layer.name] = f"{root}/{group}_{number}" if number else f"{root}/{group}"

    def __call__(self, layer: _Described, names: Sequence[str]) -> list[_Found]:
        inner = "/cell" if layer.kind in _CELLS else "/layer" if layer.kind == "TimeDistributed" else ""
        path = f"{self._paths[layer.name]}{inner}/vars"
        _check_count(self._file, layer, len(self._stored.members(path)), names)
        return [_Found(f"{path}/{i}", self._stored.array(f"{path}/{i}")) for i in range(len(names))]


class _Older:
    """The arrays of a .h5 file: model_weights/gru/gru/gru_cell/kernel:0, listed by each layer."""

    def __init__(self, stored: Hdf5, file: str) -> None:
        self._stored, self._file = stored, file

    def __call__(self, layer: _Described, names: Sequence[str]) -> list[_Found]:
        group = f"model_weights/{layer.name}"
        listed = self._stored.texts(group, "weight_names")
        _check_count(self._file, layer, len(listed), names)
        paths = {path.rpartition("/")[2].partition(":")[0]: f"{group}/{path}" for path in listed}
        missing = [name for name in names if name not in paths]
        if missing:
            raise FileError(f"{self._file}: {layer} has no array {missing[0]}.")
        return [_Found(paths[name], self._stored.array(paths[name])) for name in names]


def _check_count(file: str, layer: _Described, count: int, names: Sequence[str]) -> None:
    if count != len(names):
        raise FileError(f"{file}: {layer} has {count} arrays; it needs {len(names)}: {', '.join(names)}.")


def _snake(kind: str) -> str:
    """SimpleRNN → simple_rnn, as Keras names its groups."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


class _Builder:
    """The network, layer by layer: what has come so far, and how many numbers a step gives to the next layer."""

    def __init__(self, file: str, store: _Store) -> None:
        self._file, self._store = file, store
        self._embedding: Array | None = None
        self._embedding_label, self._mask_zero = "", False
        self._before: list[Dense] = []
        self._layers: list[Layer] = []
        self._head: list[Dense] = []
        self._notes: list[str] = []
        self._reads: int | None = None
        self._steps: int | None = None
        self._mask_value: float | None = None
        self._sequence = self._foldable = False

    def network(self, layers: Sequence[_Described]) -> Network:
        """The network of layers in a straight line."""
        given = next((shape for layer in layers[:1] if (shape := _input_shape(layer.config))), None)
        if given is not None:
            self._read_input(layers, given)
        for layer in layers:
            if layer.kind != "InputLayer":
                _check_numbers(self._file, layer, layer.config)
            self._add(layer)
        if not self._layers:
            raise FileError(f"{self._file} has no recurrent layer: no SimpleRNN, LSTM or GRU.")
        for dense in (*self._before, *self._head[:-1]):
            if dense.activation == "softmax":
                raise FileError(
                    f"{self._file}: layer {dense.label} has a softmax, but only the last Dense can have one."
                )
        narrow = sorted({str(_policy(layer.config)) for layer in layers if _policy(layer.config) in _NARROW})
        if narrow:
            self._notes.append(f"Keras computes this model in {', '.join(narrow)}; rnncalc computes it in float64.")
        outputs: Outputs = "none" if not self._head else "every" if self._sequence else "last"
        return Network(
            self._embedding, tuple(self._layers), tuple(self._head), outputs, self._steps, self._embedding_label,
            self._mask_zero, tuple(self._notes), before=tuple(self._before), mask_value=self._mask_value,
        )  # fmt: skip

    def _read_input(self, layers: Sequence[_Described], shape: list[Any]) -> None:
        """The number of steps, and of the numbers that each reads."""
        embedded = any(layer.kind == "Embedding" for layer in layers[:2])
        sizes = [None if size is None else _whole(size) for size in shape[1:]]
        if len(sizes) != (1 if embedded else 2):
            wanted = "tokens, one for each step" if embedded else "several numbers for each step"
            says = " × ".join("any number" if size is None else str(size) for size in sizes) or "one number"
            raise FileError(f"{self._file}: its input is {says}; rnncalc reads {wanted}.")
        self._steps = sizes[0]
        self._reads = None if embedded else sizes[1]

    def _add(self, layer: _Described) -> None:
        foldable, self._foldable = self._foldable, False
        match layer.kind:
            case "InputLayer":
                pass
            case "Embedding":
                self._embed(layer)
            case "SimpleRNN" | "LSTM" | "GRU":
                self._recur(layer)
            case "Dense":
                self._densify(layer, layer.config)
            case "TimeDistributed":
                self._densify(layer, self._timed(layer))
            case "Masking":
                self._mask(layer)
            case "Activation" | "ReLU" | "Softmax":
                if not foldable:
                    raise self._refused(layer, "does not come after a Dense without an activation of its own")
                behind = self._head if self._layers else self._before
                behind[-1] = behind[-1]._replace(activation=self._activation_of(layer))
            case kind if kind in _IDLE:
                self._foldable = foldable
                self._notes.append(
                    f"Layer {brief(layer.name)} ({kind}) is left out, because it does nothing when predicting."
                )
            case kind if kind in _INSTEAD:
                raise self._refused(layer, _INSTEAD[kind])
            case _:
                raise self._refused(layer, f"is not a layer that rnncalc reads: {_READ}")

    def _refused(self, layer: _Described, why: str) -> FileError:
        return FileError(f"{self._file}: {layer} {why}.")

    def _mask(self, layer: _Described) -> None:
        """Steps whose numbers all have one value are passed over."""
        if self._embedding is not None or self._layers or self._before:
            raise self._refused(layer, "is not at the beginning of the model")
        self._mask_value = float(layer.config.get("mask_value", 0.0))

    def _activation_of(self, layer: _Described) -> str:
        """The activation that is a layer by itself."""
        config = layer.config
        if layer.kind == "ReLU":
            if config.get("max_value") is not None or config.get("negative_slope") or config.get("threshold"):
                raise self._refused(layer, "is not a plain ReLU, max(0, a), the only one that rnncalc reads")
            return "relu"
        if layer.kind == "Softmax":
            if config.get("axis", -1) not in (-1, [-1]):
                raise self._refused(layer, "works along another axis than the last one")
            return "softmax"
        return self._activation(layer, head_activations())

    def _embed(self, layer: _Described) -> None:
        if self._embedding is not None or self._layers or self._head or self._before or self._mask_value is not None:
            raise self._refused(layer, "is not at the beginning of the model")
        size = _whole(layer.config["output_dim"])
        table = self._take(layer, ["embeddings"], [(_whole(layer.config["input_dim"]), size)])[0]
        self._embedding, self._embedding_label = table.T.copy(), brief(layer.name)
        self._mask_zero, self._reads = bool(layer.config.get("mask_zero")), size

    def _recur(self, layer: _Described) -> None:
        config, cell = layer.config, _CELLS[layer.kind]
        if self._head:
            raise self._refused(layer, "comes after a Dense layer; the recurrent layers must come first")
        if self._layers and not self._sequence:
            raise self._refused(layer, "reads only the last step of the layer before it")
        masked = self._mask_zero or self._mask_value is not None
        for flag, instead in _FLAGS.items():
            if config.get(flag) and not (flag == "zero_output_for_mask" and not masked):
                raise self._refused(layer, f"has {flag}, which rnncalc cannot read: {instead}")
        if cell != "rnn" and config.get("recurrent_activation") == "hard_sigmoid":
            raise self._refused(layer, _HARD_SIGMOID)
        if cell != "rnn" and config.get("recurrent_activation", "sigmoid") != "sigmoid":
            named = brief(config["recurrent_activation"])
            raise self._refused(layer, f"has {named} as its recurrent_activation; rnncalc reads only sigmoid")
        activation = self._activation(layer, activation_names())
        hidden, bias = _whole(config["units"]), bool(config.get("use_bias", True))
        after = cell == "gru" and bool(config.get("reset_after", False))
        arrays = self._recurrent_arrays(layer, cell, hidden, bias=bias, after=after)
        self._layers.append(Layer(cell, activation, arrays, brief(layer.name)))
        if config.get("dropout") or config.get("recurrent_dropout"):
            self._notes.append(
                f"The dropout of layer {brief(layer.name)} is left out, because it does nothing when predicting."
            )
        if config.get("stateful"):
            self._notes.append(
                f"Layer {brief(layer.name)} is stateful. It starts from zeros here, as after reset_states(); use "
                "--h0 to change this."
            )
        self._reads, self._sequence = hidden, bool(config.get("return_sequences"))

    def _recurrent_arrays(
        self, layer: _Described, cell: str, hidden: int, *, bias: bool, after: bool
    ) -> dict[str, Array]:
        rows = len(KERAS_GATES[cell]) * hidden
        shapes: list[tuple[int | None, ...]] = [(self._reads, rows), (hidden, rows)]
        if bias:
            shapes.append((2, rows) if after else (rows,))
        weight, recurrent, *biases = self._take(layer, [*_MATRICES, "bias"][: len(shapes)], shapes)
        one, other = np.zeros(rows), np.zeros(rows)
        for both in biases:
            one, other = both if after else (both, other)
        return split(cell, weight.T, recurrent.T, one, other, KERAS_GATES[cell], after=after)

    def _timed(self, layer: _Described) -> dict[str, Any]:
        """The configuration of the Dense inside a TimeDistributed."""
        inner = layer.config["layer"]
        if inner["class_name"] != "Dense":
            raise self._refused(layer, f"contains a {brief(inner['class_name'])}; rnncalc reads only a Dense there")
        if self._layers and not self._sequence:
            raise self._refused(layer, "needs every step, but gets only the last one")
        _check_numbers(self._file, layer, inner["config"])
        return dict(inner["config"])

    def _densify(self, layer: _Described, config: dict[str, Any]) -> None:
        activation = self._activation(layer._replace(config=config), head_activations())
        units, bias = _whole(config["units"]), bool(config.get("use_bias", True))
        shapes: list[tuple[int | None, ...]] = [(self._reads, units), (units,)]
        weight, *biases = self._take(layer, ["kernel", "bias"][: 1 + bias], shapes[: 1 + bias])
        made = Dense(weight.T.copy(), column(biases[0]) if bias else None, activation, brief(layer.name))
        (self._head if self._layers else self._before).append(made)
        self._reads, self._foldable = units, activation == "linear"

    def _activation(self, layer: _Described, known: Sequence[str]) -> str:
        name = layer.config.get("activation")
        if name is None:
            return "linear"
        if name not in known:
            raise self._refused(layer, f"has the activation {brief(name)}; rnncalc reads {', '.join(known)}")
        return str(name)

    def _take(self, layer: _Described, names: Sequence[str], shapes: Sequence[tuple[int | None, ...]]) -> list[Array]:
        return [
            checked(self._file, array.path, array.array, *shape)
            for array, shape in zip(self._store(layer, names), shapes, strict=True)
        ]


def _input_shape(config: Mapping[str, Any]) -> list[Any] | None:
    """The shape of what a model reads, the number of examples first, where its first layer tells it."""
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    return shape if isinstance(shape, list) else None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TypeError
    return value
