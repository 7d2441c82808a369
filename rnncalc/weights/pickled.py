"""PyTorch's .pt and .pth, and pickled arrays of NumPy: the state dict in them, read without running anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncalc.errors import FileError, ProblemError
from rnncalc.io.visible import brief
from rnncalc.language.trees import Array
from rnncalc.weights import npz
from rnncalc.weights.archive import Archive
from rnncalc.weights.arrays import from_bfloat16
from rnncalc.weights.network import Network
from rnncalc.weights.reading_options import ReadingOptions
from rnncalc.weights.unpickle import Damaged, Machine, Made, Name, NoState, Refused, Storage, Tensor

_STORAGES = {
    "DoubleStorage": "<f8", "FloatStorage": "<f4", "HalfStorage": "<f2", "BFloat16Storage": "<u2",
    "LongStorage": "<i8", "IntStorage": "<i4", "ShortStorage": "<i2", "CharStorage": "<i1", "ByteStorage": "<u1",
    "BoolStorage": "?",
}  # fmt: skip
_INSIDE = ("state_dict", "model_state_dict", "model", "net", "weights", "params", "parameters")
"""Where a checkpoint keeps its state dict."""
_MAGIC = 0x1950A86A20F9469CFC6C
"""What a file of PyTorch begins with that is no zip."""
_SCRIPT = "it is a TorchScript program"
_SIMPLE = ("torch.nn.modules.rnn.RNN", "torch.nn.modules.rnn.RNNCell")
"""The layers of PyTorch that have tanh or relu; a whole module tells which."""
_DEEPEST, _MOST_MODULES, _MOST_ARRAYS = 100, 1_000, 10_000


class _State(NamedTuple):
    """A state dict, and the activation of its recurrent layers where a whole module tells it."""

    arrays: dict[str, Array]
    activation: str | None = None


def read(content: bytes, file: str, options: ReadingOptions) -> Network:
    """The network of a pickle."""
    state = _read(content, file)
    if state.activation is not None:
        if options.activation not in (None, state.activation):
            raise ProblemError(
                "activation",
                f"{file} already says that its recurrent layers use {state.activation}. Leave out --activation.",
            )
        options = options._replace(activation=state.activation)
    return npz.network(state.arrays, None, file, options)


def arrays(content: bytes, file: str) -> dict[str, Array]:
    """The arrays of a pickle. Raises FileError where it would have to be run, with the line that converts it."""
    return _read(content, file).arrays


def _read(content: bytes, file: str) -> _State:
    try:
        return _state(_value(content, file))
    except Damaged:
        raise FileError(f"{file} is damaged or incomplete: it is not a complete PyTorch pickle.") from None
    except NoState as refusal:
        raise FileError(
            f"{file} has no state dict: {refusal}. Use torch.save(model.state_dict(), 'model.pt') to write one."
        ) from None
    except Refused as refusal:
        instead = _instead(file, script=str(refusal) == _SCRIPT)
        raise FileError(f"{file} is a pickle that rnncalc cannot read: {refusal}{instead}") from None


def _value(content: bytes, file: str) -> Any:
    """What a file of PyTorch, of any age, or another pickle describes."""
    return _zipped(content, file) if content.startswith(b"PK") else _streamed(content, file)


def _numbers(raw: bytes, kind: str) -> Array:
    """The numbers of a storage of PyTorch, little end first."""
    numbers = np.frombuffer(raw, _STORAGES[kind])
    return from_bfloat16(numbers) if kind == "BFloat16Storage" else numbers


def _streamed(content: bytes, file: str) -> Any:
    """A pickle by itself, or several in a row and the numbers behind them, as PyTorch wrote before 1.6."""
    storages: dict[str, tuple[str, Storage]] = {}

    def load(words: tuple[Any, ...]) -> Any:
        match words:
            case ("storage", Name(_, kind), str() as key, _, int(), *_) if kind in _STORAGES:
                return storages.setdefault(key, (kind, Storage()))[1]
            case ("module", Name() as of, *_):
                return of
        raise Refused("it refers to numbers of a type that rnncalc does not know")

    machine = Machine(load, lambda inner: _value(inner, file))
    value = machine.run(content)
    if value != _MAGIC:
        return value
    place = machine.end
    parts = []
    for _ in ("version", "machine", "value", "keys"):
        machine = Machine(load, lambda inner: _value(inner, file))
        parts.append(machine.run(content[place:]))
        place += machine.end
    *_, value, keys = parts
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Damaged
    if not isinstance(parts[1], dict) or not parts[1].get("little_endian"):
        raise Refused("its numbers are not stored in little-endian order")
    for key in keys:
        kind, storage = storages.get(key, ("ByteStorage", Storage()))
        size = int.from_bytes(content[place : place + 8], "little") * np.dtype(_STORAGES[kind]).itemsize
        raw = content[place + 8 : place + 8 + size]
        if len(raw) < size:
            raise Damaged
        storage.numbers = _numbers(raw, kind)
        place += 8 + size
    return value


def _zipped(content: bytes, file: str) -> Any:
    archive = Archive(content, file)
    (pickled,) = [name for name in archive.names if name.endswith("data.pkl")][:1]
    folder = pickled.removesuffix("data.pkl")
    if f"{folder}constants.pkl" in archive.names:
        raise Refused(_SCRIPT)
    order = f"{folder}byteorder"
    if order in archive.names and archive.read(order).strip() != b"little":
        raise Refused("its numbers are stored in big-endian order")
    storages: dict[str, Storage] = {}

    def load(words: tuple[Any, ...]) -> Storage:
        match words:
            case ("storage", Name(_, kind), str() as key, _, int()) if kind in _STORAGES:
                if key not in storages:
                    if f"{folder}data/{key}" not in archive.names:
                        raise Refused("it refers to numbers that are not in the file")
                    storages[key] = Storage(_numbers(archive.read(f"{folder}data/{key}"), kind))
                return storages[key]
        raise Refused("it refers to numbers of a type that rnncalc does not know")

    return Machine(load, lambda inner: _value(inner, file)).run(archive.read(pickled))


def _state(value: Any) -> _State:
    """What a state dict holds, a checkpoint that has one, a whole module, or a list of arrays."""
    for _ in range(_DEEPEST):
        if isinstance(value, Made):
            return _of_module(value)
        if isinstance(value, list):
            value = {f"arr_{i}": part for i, part in enumerate(value)}
        if not isinstance(value, dict) or not value or not all(isinstance(name, str) for name in value):
            raise NoState(f"it contains {_kind(value)}, not arrays with names")
        inner = next((value[name] for name in _INSIDE if isinstance(value.get(name), dict | list | Made)), None)
        if inner is None or isinstance(_array_of(inner), np.ndarray):
            arrays = {name: _array_of(part) for name, part in value.items()}
            strange = [name for name, array in arrays.items() if not isinstance(array, np.ndarray)]
            if strange:
                raise NoState(f"{brief(strange[0])} in it is {_kind(value[strange[0]])}, not an array")
            return _State(arrays)
        value = inner
    raise NoState("its parts are nested too deeply")


def _array_of(value: Any) -> Any:
    """The array that a pickle of NumPy or PyTorch made; anything else as it is."""
    if isinstance(value, Tensor):
        return value.array()
    return value.state if isinstance(value, Made) and str(value.of) == "numpy.ndarray" else value


def _of_module(module: Made) -> _State:
    """The parameters and buffers of a whole module of PyTorch, as its state_dict() names them."""
    arrays: dict[str, Array] = {}
    activations: set[str] = set()
    waiting = [("", module)]
    for _ in range(_MOST_MODULES):
        if not waiting:
            if len(activations) > 1:
                raise NoState(f"its recurrent layers have different activations, {' and '.join(sorted(activations))}")
            return _State(arrays, next(iter(activations), None))
        prefix, submodule = waiting.pop()
        state = submodule.state
        if not isinstance(state, dict) or not isinstance(state.get("_modules"), dict):
            raise NoState(f"it contains {_kind(submodule)}, not arrays with names")
        if str(submodule.of) in _SIMPLE:
            activations.add("relu" if "relu" in str(state.get("mode", state.get("nonlinearity"))).lower() else "tanh")
        for group in ("_parameters", "_buffers"):
            kept = state.get(group)
            for name, array in (kept if isinstance(kept, dict) else {}).items():
                if isinstance(array := _array_of(array), np.ndarray):
                    arrays[f"{prefix}{name}"] = array
        waiting += [(f"{prefix}{name}.", inner) for name, inner in state["_modules"].items() if isinstance(inner, Made)]
        if len(waiting) > _MOST_MODULES or len(arrays) > _MOST_ARRAYS:
            break
    raise NoState("its modules are nested too deeply")


def _kind(value: Any) -> str:
    return f"an object of {brief(value.of)}" if isinstance(value, Made) else f"a value of type {type(value).__name__}"


def _instead(file: str, *, script: bool) -> str:
    """The line that makes a state dict of what is not read: a checkpoint, a whole module, a program of TorchScript."""
    here = Path(file).as_posix()
    if re.search(r"""['"\\$`!%]""", here):  # a shell would read more into it than a name
        here = "model.pt"
    there = f"{here.removesuffix(Path(here).suffix)}-weights.pt"
    load = f"torch.jit.load('{here}')" if script else f"torch.load('{here}', map_location='cpu', weights_only=False)"
    keys = ", ".join(f"'{name}'" for name in _INSIDE)
    return (
        "; if you trust it (reading it this way can run any program), convert it where it was made: python -c "
        f'"import torch; m = {load}; m = next((m[k] for k in ({keys}) if k in m), m) if isinstance(m, dict) else '
        f"m; torch.save(dict(m if isinstance(m, dict) else m.state_dict()), '{there}')\""
    )
