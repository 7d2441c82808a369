"""Which reader a file goes to, and which files are refused before anything is read."""

import builtins
import pickle
import re
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from rnncalc.errors import FileError, ProblemError
from rnncalc.weights import read


def refusal(path, **options) -> str:
    """The one sentence in which a file is refused."""
    with pytest.raises(FileError) as caught:
        read(path, **options)
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_ending_in_capitals_is_the_same_ending(files, tmp_path):
    shutil.copy(files / "gru.keras", tmp_path / "MODEL.KERAS")
    assert read(tmp_path / "MODEL.KERAS").layers[0].cell == "gru"


def test_hdf5_is_another_ending_of_h5(files, tmp_path):
    shutil.copy(files / "rnn_softmax.h5", tmp_path / "model.hdf5")
    assert read(tmp_path / "model.hdf5").layers[0].cell == "rnn"


def test_a_path_may_be_text(files):
    assert read(str(files / "gru.keras")).layers[0].cell == "gru"


def test_a_file_that_is_not_there(tmp_path):
    assert refusal(tmp_path / "model.keras") == f"There is no file {tmp_path / 'model.keras'}."


def test_a_folder(tmp_path):
    assert refusal(tmp_path).endswith("is a folder; it needs to be a file.")


@pytest.mark.parametrize("ending", [".npz", ".safetensors", ".keras", ".h5"])
def test_an_empty_file(tmp_path, ending):
    (tmp_path / f"model{ending}").write_bytes(b"")
    assert refusal(tmp_path / f"model{ending}").endswith("is empty.")


def test_an_unknown_ending_names_those_that_are_read(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"anything")
    assert ".npz, .safetensors, .keras, .h5, .hdf5" in refusal(tmp_path / "model.onnx")


@pytest.mark.parametrize(
    ("file", "ending", "said"),
    [
        ("gru.keras", ".h5", "a zip file. Use a name that ends in .npz, .keras"),
        ("rnn_softmax.h5", ".keras", "a HDF5 file. Use a name that ends in .h5, .hdf5"),
        ("gru.safetensors", ".npz", "a safetensors file. Use a name that ends in .safetensors"),
    ],
)
def test_a_wrong_ending(files, tmp_path, file, ending, said):
    shutil.copy(files / file, tmp_path / f"model{ending}")
    assert said in refusal(tmp_path / f"model{ending}")


class Planted:
    """Writes a file when it is unpickled."""

    def __init__(self, place):
        self._place = place

    def __reduce__(self):
        return (type(self._place).touch, (self._place,))


@pytest.mark.parametrize("ending", [".npz", ".safetensors", ".keras", ".h5", ".bin"])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_pickle_under_another_name_is_never_run(tmp_path, ending, zipped):
    trap, file = tmp_path / "sprung", tmp_path / f"model{ending}"
    content = pickle.dumps(Planted(trap))
    if zipped:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("archive/data.pkl", content)
    else:
        file.write_bytes(content)
    assert "is a pickle" in refusal(file)
    assert not trap.exists()


def test_objects_in_an_npz_are_never_run(tmp_path):
    trap, file = tmp_path / "sprung", tmp_path / "model.npz"
    np.savez(file, Wxh=np.array([Planted(trap)], dtype=object))
    assert "pickled Python objects" in refusal(file)
    assert not trap.exists()


def test_a_name_that_a_shell_would_run_is_left_out_of_the_line(tmp_path):
    file = tmp_path / "$(touch sprung).pt"
    file.write_bytes(pickle.dumps({"odd": Planted(tmp_path / "planted")}))
    line = refusal(file).partition("python -c ")[2]
    assert "sprung" not in line
    assert "torch.load('model.pt'" in line


@pytest.mark.parametrize(
    ("ending", "says"),
    [
        (".onnx", "torch.save(model.state_dict(), 'model.pt') in PyTorch, or model.save('model.keras') in Keras"),
        (".mat", "numpy.savez('model.npz', "),
        (".msgpack", "numpy.savez('model.npz', "),
        (".pb", "model.save('model.keras')"),
        (".tflite", "model.save('model.keras')"),
    ],
)
def test_a_file_of_another_kind_says_what_to_do_instead(tmp_path, ending, says):
    (tmp_path / f"model{ending}").write_bytes(b"anything")
    assert says in refusal(tmp_path / f"model{ending}")


def test_a_saved_model_says_what_to_do_instead(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"anything")
    assert "use model.save('model.keras') for a SavedModel." in refusal(tmp_path)


@pytest.mark.parametrize(("library", "file", "extra"), [
    ("safetensors", "gru.safetensors", "torch"), ("h5py", "gru.keras", "keras"), ("h5py", "rnn_softmax.h5", "keras"),
])  # fmt: skip
def test_a_library_that_is_not_installed_is_named(files, monkeypatch, library, file, extra):
    real = builtins.__import__

    def without(name, *rest):
        if name.split(".")[0] == library:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert refusal(files / file).endswith(f"needs {library}: pip install 'rnncalc[{extra}]'")


def test_the_frameworks_are_never_imported(files):
    code = (
        "import sys; from rnncalc.weights import read; "
        f"read({str(files / 'gru.keras')!r}); read({str(files / 'gru.safetensors')!r}); "
        "print(sorted({'torch', 'keras', 'tensorflow', 'openpyxl', 'click', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_an_activation_that_does_not_exist(files):
    with pytest.raises(ProblemError, match=re.escape("no activation 'tahn' (did you mean 'tanh'?)")):
        read(files / "rnn.safetensors", activation="tahn")
    with pytest.raises(ProblemError, match="no activation 'gelu'"):
        read(files / "rnn.safetensors", head_activations=["gelu"])


@pytest.mark.parametrize("options", [{"activation": "tanh"}, {"head_activations": ["softmax"]}])
def test_a_file_that_tells_its_activations_is_told_none(files, options):
    with pytest.raises(ProblemError, match="already gives the activations of its layers"):
        read(files / "gru.keras", **options)
