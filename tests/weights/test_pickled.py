"""Pickles of PyTorch and NumPy: what is read of them, and that nothing in them is ever run."""

import argparse
import collections
import datetime
import io
import os
import pickle
import pickletools
import re
import shlex
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem
from rnncalc.errors import FileError, ProblemError
from rnncalc.network.forward_pass import forward
from rnncalc.weights import read
from rnncalc.weights.unpickle import Machine, Refused

BROUGHT = Path(__file__).parents[1] / "data" / "brought"
STORAGES = {"float64": "DoubleStorage", "float32": "FloatStorage", "float16": "HalfStorage", "int64": "LongStorage"}


# ── a writer of PyTorch's format, so that the tests need no PyTorch ───────────────────────────────────────────────


class Named:
    """A stand-in for a class or function of torch, written by its name."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Stored:
    """Numbers behind tensors."""

    def __init__(self, key: str, numbers: np.ndarray) -> None:
        self.key, self.numbers = key, numbers


class Tensor:
    """A tensor of a storage: where it begins, its shape, its strides in numbers."""

    def __init__(self, stored: Stored, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.stored, self.place = stored, (offset, shape, strides)


class Writer(pickle._Pickler):  # the one in Python, whose saving can be extended
    """Writes stand-ins as PyTorch writes its own."""

    def save(self, obj, save_persistent_id=True):
        if isinstance(obj, Named):
            self.write(pickle.GLOBAL + f"{obj.module}\n{obj.name}\n".encode())
        elif isinstance(obj, Stored):
            kind = Named("torch", STORAGES[obj.numbers.dtype.name])
            self.save(("storage", kind, obj.key, "cpu", len(obj.numbers)))
            self.write(pickle.BINPERSID)
        elif isinstance(obj, Tensor):
            self.save(Named("torch._utils", "_rebuild_tensor_v2"))
            self.save((obj.stored, *obj.place, False, collections.OrderedDict()))
            self.write(pickle.REDUCE)
        else:
            super().save(obj, save_persistent_id)


def tensors(arrays: dict[str, np.ndarray], stored: list[Stored]) -> dict[str, Tensor]:
    """Arrays as tensors, each with a storage of its own."""
    found = {}
    for name, array in arrays.items():
        stored.append(Stored(str(len(stored)), array.ravel()))
        strides = tuple(step // array.itemsize for step in np.ascontiguousarray(array).strides)
        found[name] = Tensor(stored[-1], 0, array.shape, strides)
    return found


def write(path: Path, value: Any, stored: list[Stored], **more: bytes) -> Path:
    """A .pt file as torch.save writes it."""
    stream = io.BytesIO()
    Writer(stream, protocol=2).dump(value)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", stream.getvalue())
        archive.writestr("model/byteorder", "little")
        for one in stored:
            archive.writestr(f"model/data/{one.key}", one.numbers.tobytes())
        for name, content in more.items():
            archive.writestr(f"model/{name}", content)
    return path


def state(kind: str = "float32") -> dict[str, np.ndarray]:
    """The state dict of an lstm of 4 units and a dense layer, of random numbers."""
    random = np.random.default_rng(1)
    shapes = {
        "rnn.weight_ih_l0": (16, 3), "rnn.weight_hh_l0": (16, 4), "rnn.bias_ih_l0": (16,), "rnn.bias_hh_l0": (16,),
        "fc.weight": (2, 4), "fc.bias": (2,),
    }  # fmt: skip
    return {name: random.normal(size=shape).astype(kind) for name, shape in shapes.items()}


def same(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Hold what is read to the arrays, number by number."""
    found = read(path)
    layer = found.layers[0].arrays
    assert (np.vstack([layer[f"Wx{gate}"] for gate in "ifgo"]) == arrays["rnn.weight_ih_l0"]).all()
    assert (np.vstack([layer[f"Wh{gate}"] for gate in "ifgo"]) == arrays["rnn.weight_hh_l0"]).all()
    assert (found.head[0].weight == arrays["fc.weight"]).all()
    assert (found.head[0].bias.ravel() == arrays["fc.bias"]).all()


@pytest.mark.parametrize("kind", ["float64", "float32", "float16"])
@pytest.mark.parametrize("inside", [None, "state_dict", "model_state_dict", "model"])
def test_a_state_dict_by_itself_or_in_a_checkpoint(tmp_path, kind, inside):
    stored: list[Stored] = []
    value: Any = collections.OrderedDict(tensors(state(kind), stored))
    if inside:
        value = {"epoch": 3, "loss": 0.5, "lr": [1e-3], inside: value, "optimizer": {"state": {}, "param_groups": []}}
    same(write(tmp_path / "model.pt", value, stored), state(kind))


@pytest.mark.parametrize("ending", [".pt", ".pth", ".ckpt", ".bin", ".pkl"])
def test_any_of_the_endings_that_people_give_it(tmp_path, ending):
    stored: list[Stored] = []
    same(write(tmp_path / f"model{ending}", tensors(state(), stored), stored), state())


def test_tensors_that_share_their_numbers_and_lie_in_any_order(tmp_path):
    arrays = state("float64")
    whole = Stored("0", np.concatenate([arrays["fc.weight"].T.ravel(), arrays["fc.bias"]]))
    stored = [whole]
    value = {"w": Tensor(whole, 0, (2, 4), (1, 2)), "b": Tensor(whole, 8, (2,), (1,))}
    rest = {name: array for name, array in arrays.items() if not name.startswith("fc")}
    given = {"fc.weight": value["w"], "fc.bias": value["b"], **tensors(rest, stored)}
    same(write(tmp_path / "model.pt", given, stored), arrays)


def test_bfloat16_is_exact(tmp_path, monkeypatch):
    arrays = state()
    bits = {name: (array.view("uint32") >> 16).astype("uint16") for name, array in arrays.items()}
    monkeypatch.setitem(STORAGES, "uint16", "BFloat16Storage")
    stored: list[Stored] = []
    path = write(tmp_path / "model.pt", tensors(bits, stored), stored)
    same(path, {name: (one.astype("uint32") << 16).view("float32") for name, one in bits.items()})


@pytest.mark.parametrize("protocol", range(6))
def test_arrays_of_numpy_in_every_protocol(tmp_path, protocol):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps({"state_dict": state("float64")}, protocol=protocol))
    same(path, state("float64"))


@pytest.mark.parametrize("order", "<>")
def test_arrays_of_either_order_of_bytes_and_layout(tmp_path, order):
    arrays = {name: np.asfortranarray(array.astype(f"{order}f8")) for name, array in state().items()}
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(arrays))
    same(tmp_path / "model.pkl", arrays)


def test_a_pickle_of_a_list_is_what_get_weights_gave(tmp_path):
    listed = [np.ones((3, 16)), np.ones((4, 16)), np.ones(16), np.ones((4, 2)), np.ones(2)]
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(listed))
    assert [layer.cell for layer in read(tmp_path / "model.pkl").layers] == ["lstm"]


def write_old(path: Path, value: Any, stored: list[Stored]) -> Path:
    """A .pt file as torch.save wrote it before 1.6: pickles in a row, then the numbers."""
    stream = io.BytesIO()
    for one in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}):
        pickle.dump(one, stream, protocol=2)
    Old(stream, protocol=2).dump(value)
    keys = sorted(one.key for one in stored)
    pickle.dump(keys, stream, protocol=2)
    by_key = {one.key: one.numbers for one in stored}
    for key in keys:
        stream.write(len(by_key[key]).to_bytes(8, "little") + by_key[key].tobytes())
    path.write_bytes(stream.getvalue())
    return path


class Old(Writer):
    """Writes references to numbers as they were before 1.6, with a view in the end."""

    def save(self, obj, save_persistent_id=True):
        if isinstance(obj, Stored):
            self.save(("storage", Named("torch", STORAGES[obj.numbers.dtype.name]), obj.key, "cpu", 0, None))
            self.write(pickle.BINPERSID)
        else:
            super().save(obj, save_persistent_id)


@pytest.mark.parametrize("kind", ["float64", "float32", "float16"])
@pytest.mark.parametrize("inside", [None, "state_dict"])
def test_files_of_pytorch_before_1_6(tmp_path, kind, inside):
    stored: list[Stored] = []
    value: Any = tensors(state(kind), stored)
    path = write_old(tmp_path / "model.pt", {"epoch": 1, inside: value} if inside else value, stored)
    same(path, state(kind))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FileError, match="is damaged or incomplete"):
        read(path)


class Plain(Writer):
    """Writes tensors as Python's own pickle does: each storage a file of PyTorch, which a function is to load."""

    def __init__(self, stream: io.BytesIO, folder: Path) -> None:
        super().__init__(stream, protocol=2)
        self.folder = folder

    def save(self, obj, save_persistent_id=True):
        if isinstance(obj, Stored):
            self.save(Named("torch.storage", "_load_from_bytes"))
            self.save((write_old(self.folder / "inner", obj, [obj]).read_bytes(),))
            self.write(pickle.REDUCE)
        else:
            super().save(obj, save_persistent_id)


def test_a_state_dict_that_pickle_itself_wrote(tmp_path, monkeypatch):
    # protocol 2 of Python writes bytes by a call of _codecs.encode, as PyTorch's do too
    stored: list[Stored] = []
    stream = io.BytesIO()
    Plain(stream, tmp_path).dump(tensors(state(), stored))
    (tmp_path / "model.pkl").write_bytes(stream.getvalue())
    same(tmp_path / "model.pkl", state())


def test_what_checkpoints_hold_beside_their_arrays_is_passed_over(tmp_path):
    stored: list[Stored] = []
    value = {
        "model": tensors(state(), stored),
        "options": argparse.Namespace(lr=0.1, path=Path("data"), names=collections.Counter("hello")),
        "when": datetime.datetime(2026, 1, 1),
        "best": np.float64(0.5),
        "lists": collections.defaultdict(list, a=[1]),
    }
    same(write(tmp_path / "model.pt", value, stored), state())


# ── files of PyTorch itself ───────────────────────────────────────────────────────────────────────────────────────


def answers(file: str, **typed: Any) -> np.ndarray:
    rows = [[0.2, -0.4, 0.1], [0.7, 0.3, -0.9]]
    return forward(Problem.saved(str(BROUGHT / file), inputs=rows, output_at="last", **typed))["y_2"].value.ravel()


def test_a_checkpoint_and_a_whole_module_of_pytorch_hold_the_same_network():
    np.testing.assert_array_equal(answers("ckpt.pth"), answers("whole.pt"))
    with zipfile.ZipFile(BROUGHT / "whole.pt") as archive:
        first = np.frombuffer(archive.read("whole/data/0"), "<f4").reshape(16, 3)
    layer = read(BROUGHT / "whole.pt").layers[0].arrays
    assert (np.vstack([layer[f"Wx{gate}"] for gate in "ifgo"]) == first).all()


def test_tied_tensors_of_pytorch_are_both_there():
    found = read(BROUGHT / "tied.pt", order=["encoder:embedding", "rnn", "decoder"])
    assert found.embedding.shape == (6, 12)
    assert (found.head[-1].weight == found.embedding.T).all()


def test_arrays_of_numpy_that_a_script_pickled():
    assert read(BROUGHT / "w.pkl").layers[0].arrays["Wxh"].shape == (5, 4)
    with pytest.raises(FileError, match=r"w\.p has no Whh"):
        read(BROUGHT / "w.p")


# ── hostile ones ──────────────────────────────────────────────────────────────────────────────────────────────────


class Call:
    """Calls a function when it is unpickled."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def raw(module: str, name: str, argument: str = "touch sprung") -> bytes:
    """A pickle that calls a function by its name."""
    return f"c{module}\n{name}\n(V{argument}\ntR.".encode()


CALLED = [
    ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"), ("builtins", "eval"),
    ("builtins", "exec"), ("__builtin__", "eval"), ("builtins", "__import__"), ("builtins", "open"),
    ("builtins", "getattr"), ("builtins", "compile"), ("importlib", "import_module"), ("runpy", "run_path"),
    ("shutil", "rmtree"), ("socket", "create_connection"), ("webbrowser", "open"), ("pickle", "loads"),
    ("torch", "load"), ("torch.hub", "load"), ("torch.serialization", "load"), ("numpy", "load"),
    ("numpy.f2py.crackfortran", "myeval"), ("code", "interact"), ("pty", "spawn"), ("ctypes", "CDLL"),
    ("marshal", "loads"), ("types", "FunctionType"), ("functools", "partial"), ("operator", "attrgetter"),
    ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter"), ("_codecs", "encode"),
    ("collections", "OrderedDict"), ("builtins", "set"), ("numpy", "ndarray"), ("torch", "FloatStorage"),
    ("torch._utils", "_rebuild_tensor_v2.__globals__"), ("collections", "OrderedDict.__init__.__globals__"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), CALLED)
@pytest.mark.parametrize("how", ["call", "object", "instance", "old object", "keywords", "extension"])
def test_a_pickle_that_calls_something_is_refused_and_runs_nothing(tmp_path, monkeypatch, module, name, how):
    monkeypatch.chdir(tmp_path)
    content = {
        "call": raw(module, name),
        "object": b"\x80\x02" + f"c{module}\n{name}\nX\x05\x00\x00\x00touch\x85\x81.".encode(),
        "instance": f"(Vtouch sprung\ni{module}\n{name}\n.".encode(),
        "old object": f"(c{module}\n{name}\nVtouch sprung\no.".encode(),
        "keywords": b"\x80\x04" + f"c{module}\n{name}\n)}}\x92.".encode("latin-1"),
        "extension": b"\x80\x02\x82\x01.",
    }[how]
    for path in (tmp_path / "model.pkl", tmp_path / "model.pt"):
        path.write_bytes(content)
        with pytest.raises(FileError) as caught:
            read(path)
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("hidden", ["beside", "inside", "before", "as a key", "as a state"])
def test_a_call_among_harmless_values_is_refused_too(tmp_path, hidden):
    trap = tmp_path / "sprung"
    call = Call(os.system, f"touch {trap}")
    value: Any = {
        "beside": {**state(), "more": call},
        "inside": {"state_dict": state(), "optimizer": [1, {"a": call}]},
        "before": [call, state()],
        "as a key": {call: 1, **state()},
        "as a state": {"state_dict": {**state(), "x": (1, call)}},
    }[hidden]
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(value))
    with pytest.raises(FileError, match=r"it calls (posix|nt)\.system; if you trust it"):
        read(tmp_path / "model.pkl")
    assert not trap.exists()


def test_arrays_of_objects_are_refused(tmp_path):
    (tmp_path / "model.pkl").write_bytes(pickle.dumps({"Wxh": np.array([1, "a", None], dtype=object)}))
    with pytest.raises(FileError, match="it has an array of Python objects"):
        read(tmp_path / "model.pkl")


@pytest.mark.parametrize(
    "place", [(0, (16, 3), (300, 1)), (40, (16, 3), (3, 1)), (-1, (16, 3), (3, 1)), (0, (16, 3), (-3, 1)),
              (0, (10**9, 10**9), (0, 0)), (0, (16,), (3, 1)), (0, (16, 3.5), (3, 1)), (2**70, (1, 1), (1, 1)),
              (0, (1, 1), (2**63, 2**63)), (0, (2**70, 0), (1, 1)), (0, (1,) * 70, (1,) * 70)],
)  # fmt: skip
def test_a_tensor_that_reaches_beyond_its_numbers_is_refused(tmp_path, place):
    stored = [Stored("0", state()["rnn.weight_ih_l0"].ravel())]
    path = write(tmp_path / "model.pt", {"rnn.weight_ih_l0": Tensor(stored[0], *place)}, stored)
    with pytest.raises(FileError, match="is a pickle that rnncalc cannot read"):
        read(path)


def module(activation: str, stored: list[Stored]) -> bytes:
    """A whole module around an nn.RNN, as torch.save writes its pickle."""
    inner = {name.removeprefix("rnn."): one for name, one in tensors(simple(), stored).items()}
    stream = io.BytesIO()
    writer = Writer(stream, protocol=2)
    stream.write(b"\x80\x02c__main__\nNet\n)\x81}X\x08\x00\x00\x00_modules}X\x03\x00\x00\x00rnn")
    stream.write(b"ctorch.nn.modules.rnn\nRNN\n)\x81")
    writer.framer = pickle._Framer(stream.write)
    writer.write = stream.write
    writer.proto, writer.bin = 2, True
    writer.save({"mode": f"RNN_{activation.upper()}", "_parameters": inner, "_buffers": {}, "_modules": {}})
    return stream.getvalue() + b"bssb."


def simple() -> dict[str, np.ndarray]:
    """The state dict of an nn.RNN of 4 units."""
    random = np.random.default_rng(2)
    shapes = {"weight_ih_l0": (4, 3), "weight_hh_l0": (4, 4), "bias_ih_l0": (4,), "bias_hh_l0": (4,)}
    return {f"rnn.{name}": random.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_whole_module_tells_its_activation(tmp_path, activation):
    stored: list[Stored] = []
    content = module(activation, stored)
    path = write(tmp_path / "model.pt", {}, stored)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", content)
        for one in stored:
            archive.writestr(f"model/data/{one.key}", one.numbers.tobytes())
    found = read(path)
    assert (found.layers[0].activation, found.notes) == (activation, ())
    assert (found.layers[0].arrays["Wxh"] == simple()["rnn.weight_ih_l0"]).all()
    other = {"tanh": "relu", "relu": "tanh"}[activation]
    with pytest.raises(ProblemError, match=f"already says that its recurrent layers use {activation}"):
        read(path, activation=other)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"epoch": 1, "encoder": state()}, "epoch in it is a value of type int, not an array"),
        (5, "it contains a value of type int, not arrays with names"),
        ({}, "it contains a value of type dict, not arrays with names"),
        ({"model": argparse.Namespace(a=1)}, r"it contains an object of argparse\.Namespace"),
    ],
)
def test_a_pickle_without_a_state_dict_says_how_one_is_written(tmp_path, value, says):
    (tmp_path / "model.pt").write_bytes(pickle.dumps(value))
    with pytest.raises(FileError, match=f"has no state dict: {says}") as caught:
        read(tmp_path / "model.pt")
    assert "Use torch.save(model.state_dict(), 'model.pt') to write one" in str(caught.value)


def test_a_module_inside_itself_comes_to_an_end(tmp_path):
    module = b"\x80\x02c__main__\nNet\n)\x81q\x00}(X\x08\x00\x00\x00_modules}(U\x01ah\x00U\x01bh\x00uub."
    (tmp_path / "model.pkl").write_bytes(module)
    with pytest.raises(FileError, match="its modules are nested too deeply"):
        read(tmp_path / "model.pkl")


@given(data=st.data())
def test_altered_bytes_give_a_network_or_a_sentence(tmp_path_factory, data):
    content = bytearray(pickle.dumps(state("float64"), protocol=data.draw(st.integers(0, 5))))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "altered.pkl"
    path.write_bytes(content)
    said = ""
    try:
        read(path)
    except FileError as refusal:
        said = str(refusal)
    assert "\n" not in said


@given(steps=st.lists(st.sampled_from(sorted(opcode.code for opcode in pickletools.opcodes)), max_size=12))
def test_any_steps_at_all_give_a_plain_value_or_a_refusal(steps):
    def load(_):
        raise Refused("no numbers")

    content = b"".join(step.encode("latin-1") + struct.pack("<I", 1) for step in steps) + b"."
    try:
        Machine(load, load).run(content)
    except Refused:
        return


# ── what is not read: the line that converts it ───────────────────────────────────────────────────────────────────

TORCH = """
import pickle


class Script:
    def state_dict(self):
        return {"fc.weight": 1}


class jit:
    def load(file):
        return Script()


def load(file, map_location, weights_only):
    assert (map_location, weights_only) == ("cpu", False)
    with open(file, "rb") as opened:
        return pickle.load(opened)


def save(value, file):
    with open(file, "wb") as opened:
        pickle.dump(value, opened)
"""
"""A stand-in for torch that keeps to the calls of the line."""


@pytest.mark.parametrize("kind", ["checkpoint", "module", "script"])
def test_the_line_that_is_printed_converts_what_is_not_read(tmp_path, kind):
    (tmp_path / "torch.py").write_text(TORCH, encoding="utf-8")
    path = tmp_path / "model.pt"
    if kind == "script":
        write(path, {}, [], **{"constants.pkl": b"", "code/net.py": b""})
    else:
        weights = {"fc.weight": 1}
        odd = Call(list, ())  # a call that no state dict has
        value: Any = {
            "checkpoint": {"options": odd, "model_state_dict": weights},
            "module": Call(eval, "__import__('torch').Script()"),
        }[kind]
        path.write_bytes(pickle.dumps(value))
    with pytest.raises(FileError) as caught:
        read(path)
    line = re.search(r'python -c ".*"$', str(caught.value))
    python, *rest = shlex.split(line[0].replace("\\", "/"))
    assert python == "python"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    subprocess.run([sys.executable, *rest], cwd=tmp_path, env=environment, check=True, timeout=60)
    converted = pickle.loads((tmp_path / "model-weights.pt").read_bytes())
    assert converted["fc.weight"] == 1
    assert type(converted) is dict


def test_a_part_of_a_pickled_model_is_read_with_the_other_parts(tmp_path):
    whole, halves = state(), [{}, {}]
    for i, (name, array) in enumerate(whole.items()):
        halves[i % 2][name] = array
    for number, half in enumerate(halves, 1):
        stored: list[Stored] = []
        write(tmp_path / f"pytorch_model-0000{number}-of-00002.bin", tensors(half, stored), stored)
    same(tmp_path / "pytorch_model-00001-of-00002.bin", whole)
    index = tmp_path / "pytorch_model.bin.index.json"
    listed = ", ".join(f'"{name}": "pytorch_model-0000{1 + i % 2}-of-00002.bin"' for i, name in enumerate(whole))
    index.write_text(f'{{"weight_map": {{{listed}}}}}', encoding="utf-8")
    same(index, whole)
