"""Pickles, read without running them: the values that they describe, of a few harmless kinds alone.

A pickle is a program that may call anything. Here a machine of our own follows it, which has no means of calling: a
name stays a name, and only what is made of tensors, arrays and plain containers is made. Everything else is refused.
"""

from __future__ import annotations

import math
import pickletools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnncalc.language.trees import Array

MAX_STEPS = 2_000_000
_MOST_AXES, _MOST = 8, 2**32
"""Of a tensor, and of the numbers that its place is told by."""


class Refused(Exception):
    """A pickle that asks for more than values, in words that say what."""


class NoState(Refused):
    """Values that are no state dict, in words that say why."""


class Damaged(Refused):
    """Bytes that are no whole pickle."""


class Name(NamedTuple):
    """A class or function that the pickle names; it is never looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Made:
    """An object of a class that is not known here: its class's name and what was stored of it."""

    def __init__(self, of: Name, state: Any = None) -> None:
        self.of, self.state = of, state


class Storage:
    """The numbers behind tensors, one after the other; they may come after the pickle that tells of the tensors."""

    def __init__(self, numbers: Array | None = None) -> None:
        self.numbers = numbers


class Tensor(NamedTuple):
    """A tensor of a storage, which it may share with others: where it begins, its shape, its strides in numbers."""

    storage: Storage
    offset: Any
    shape: Any
    strides: Any

    def array(self) -> Array:
        """Its numbers. Raises Refused where they would lie elsewhere than in its storage."""
        numbers = self.storage.numbers
        if numbers is None:
            raise Refused("it refers to numbers that are not in the file")
        return _view(numbers, self.offset, self.shape, self.strides)


Load = Callable[[tuple[Any, ...]], Any]
"""What a pickle refers to by words of its own: a storage, or a class."""

_MARK = object()
_PLAIN = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_LITERAL = frozenset((
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES",
    "BINBYTES8", "BYTEARRAY8",
))  # fmt: skip
_NOTHING = frozenset(("PROTO", "FRAME"))
_CONTAINERS = {"collections.OrderedDict": dict, "builtins.set": list, "__builtin__.set": list, "builtins.dict": dict}
_IDLE = frozenset((
    "torch.device", "torch.Size", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib._local.PosixPath",
    "pathlib._local.WindowsPath", "datetime.datetime",
))  # fmt: skip
"""What checkpoints hold beside their arrays, and is passed over."""
_STORED = "torch.storage._load_from_bytes"


class Machine:
    """Follows one pickle; ``unpack`` reads the file of PyTorch that Python's own pickle puts around each storage."""

    def __init__(self, load: Load, unpack: Callable[[bytes], Any]) -> None:
        self._load, self._unpack = load, unpack
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self.end = 0

    def run(self, content: bytes) -> Any:
        """The value that a pickle describes, which is over at ``end``. Raises Refused."""
        try:
            for steps, (opcode, argument, place) in enumerate(pickletools.genops(content)):
                if steps > MAX_STEPS:
                    raise Refused("it is longer than any state dict")
                if opcode.name == "STOP":
                    (result,) = self._stack
                    self.end = (place or 0) + 1
                    return result
                self._step(opcode.name, argument)
        except Refused:
            raise
        except Exception:  # whatever a damaged pickle leads to
            raise Damaged from None
        raise Damaged

    def _step(self, name: str, argument: Any) -> None:
        stack = self._stack
        if name in _NOTHING:
            return
        if name in _PLAIN:
            stack.append(_PLAIN[name])
        elif name in _LITERAL:
            stack.append(argument)
        elif name == "MARK":
            stack.append(_MARK)
        elif name in ("EMPTY_DICT", "EMPTY_LIST", "EMPTY_SET"):
            stack.append({} if name == "EMPTY_DICT" else [])
        elif name in ("DICT", "LIST", "TUPLE"):
            items = self._marked()
            stack.append(dict(_pairs(items)) if name == "DICT" else items if name == "LIST" else tuple(items))
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(name[-1])
            stack[-count:] = [tuple(stack[-count:])]
        elif name in ("SETITEM", "SETITEMS"):
            items = self._marked() if name == "SETITEMS" else [stack.pop(-2), stack.pop()]
            _of_kind(stack[-1], dict).update(_pairs(items))
        elif name in ("APPEND", "APPENDS", "ADDITEMS"):
            items = [stack.pop()] if name == "APPEND" else self._marked()
            _of_kind(stack[-1], list).extend(items)
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self._memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(self._memo[argument])
        elif name == "POP":
            stack.pop()
        elif name == "DUP":
            stack.append(stack[-1])
        elif name == "POP_MARK":
            self._marked()
        elif name == "GLOBAL":
            stack.append(Name(*argument.split(" ", 1)))
        elif name == "STACK_GLOBAL":
            last = stack.pop()
            stack.append(Name(_of_kind(stack.pop(), str), _of_kind(last, str)))
        elif name == "BINPERSID":
            stack.append(self._load(_of_kind(stack.pop(), tuple)))
        elif name == "REDUCE":
            arguments = _of_kind(stack.pop(), tuple)
            of = _of_kind(stack.pop(), Name)
            stored = str(of) == _STORED and len(arguments) == 1
            stack.append(self._unpack(_of_kind(arguments[0], bytes)) if stored else _called(of, arguments))
        elif name == "NEWOBJ":
            arguments = _of_kind(stack.pop(), tuple)
            stack.append(_object(_of_kind(stack.pop(), Name), arguments))
        elif name == "BUILD":
            state = stack.pop()
            stack[-1] = self._built(stack[-1], state)
        else:
            raise Refused(f"it has the step {name}, which no state dict has")

    def _marked(self) -> list[Any]:
        """What stands above the last mark, which goes with it."""
        start = max(i for i, value in enumerate(self._stack) if value is _MARK)
        items = self._stack[start + 1 :]
        del self._stack[start:]
        return items

    @staticmethod
    def _built(target: Any, state: Any) -> Any:
        """An object with its state put in."""
        if isinstance(target, Made) and str(target.of) == "numpy.dtype":
            order = _of_kind(state, tuple)[1]
            if order not in ("<", ">", "|", "="):
                raise Damaged
            target.state = f"{order}{_of_kind(target.state, str).lstrip('<>|=')}"
        elif isinstance(target, Made):
            target.state = _array(state) if str(target.of) == "numpy.ndarray" else state
        elif not isinstance(target, dict):  # an OrderedDict of PyTorch carries _metadata, which nothing here needs
            raise Refused("it sets the state of an object that has none")
        return target


def _pairs(items: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(items[::2], items[1::2], strict=True))


def _of_kind(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise Refused("it is not built like a state dict")
    return value


def _object(of: Name, arguments: tuple[Any, ...]) -> Any:
    """An object of a class: of torch's and people's own modules what is stored of them alone."""
    if str(of) in _CONTAINERS and not arguments:
        return _CONTAINERS[str(of)]()
    if arguments:
        raise Refused(f"it calls {of}")
    return Made(of)


def _called(of: Name, arguments: tuple[Any, ...]) -> Any:
    """What a call stands for, of the few calls that make tensors, arrays and containers."""
    match str(of), arguments:
        case "torch._utils._rebuild_tensor_v2" | "torch._utils._rebuild_tensor", (Storage() as storage, *place):
            return Tensor(storage, *place[:3])
        case "torch._utils._rebuild_parameter", (Tensor() as data, *_):
            return data
        case "torch._tensor._rebuild_from_type_v2", (Name() as inner, Name(), tuple() as given, _):
            return _called(inner, given)
        case name, _ if name in _IDLE:
            return Made(of)
        case ("collections.OrderedDict", ()) | ("collections.defaultdict", _):
            return {}
        case "collections.OrderedDict" | "collections.Counter", (list() | dict() as pairs,):
            return dict(pairs)
        case "builtins.set" | "__builtin__.set", (list() as items,):
            return items
        case "numpy._core.multiarray._reconstruct" | "numpy.core.multiarray._reconstruct", (
            Name("numpy", "ndarray"), _, _,
        ):  # fmt: skip
            return Made(Name("numpy", "ndarray"))
        case "numpy.dtype", (str() as code, *_):
            return Made(of, code)
        case "numpy._core.multiarray.scalar" | "numpy.core.multiarray.scalar", (Made() as kind, bytes() as raw):
            return np.frombuffer(raw, _dtype(kind))[0].item()
        case "numpy._core.numeric._frombuffer" | "numpy.core.numeric._frombuffer", (
            bytes() | bytearray() as raw, kind, shape, order,
        ):  # fmt: skip
            return Made(Name("numpy", "ndarray"), _array((1, shape, kind, order == "F", bytes(raw))))
        case "_codecs.encode", (str() as text, "latin1" | "latin-1"):
            return text.encode("latin-1")
    raise Refused(f"it calls {of}")


def _view(numbers: Array, offset: Any, size: Any, stride: Any) -> Array:
    """The numbers of a tensor in those of its storage."""
    if not isinstance(size, tuple) or not isinstance(stride, tuple):
        raise Refused("it has a tensor of an impossible shape")
    whole = (offset, *size, *stride)
    if (
        len(size) != len(stride)
        or len(size) > _MOST_AXES
        or any(type(n) is not int or not 0 <= n < _MOST for n in whole)
    ):
        raise Refused("it has a tensor of an impossible shape")
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if math.prod(size) > len(numbers) or (math.prod(size) and last >= len(numbers)):
        raise Refused("it has a tensor that needs more numbers than are stored")
    if not math.prod(size):
        return np.zeros(size, numbers.dtype)
    strides = tuple(step * numbers.itemsize for step in stride)
    return np.lib.stride_tricks.as_strided(numbers[offset:], size, strides, writeable=False)


def _dtype(kind: Any) -> np.dtype[Any]:
    """The kind of numbers of an array of NumPy."""
    numbers: np.dtype[Any] = np.dtype(_of_kind(_of_kind(kind, Made).state, str))
    if numbers.hasobject or numbers.kind not in "fiub":
        raise Refused("it has an array of Python objects")
    return numbers


def _array(state: Any) -> Array:
    """An array of NumPy out of its state: version, shape, kind, whether column by column, bytes."""
    _, shape, kind, by_columns, raw = _of_kind(state, tuple)
    numbers = _dtype(kind)
    array = np.frombuffer(_of_kind(raw, bytes), numbers)
    if any(type(n) is not int or n < 0 for n in shape) or math.prod(shape) != len(array):
        raise Refused("it has an array with a different size than its shape says")
    return array.reshape(shape, order="F" if by_columns else "C")
