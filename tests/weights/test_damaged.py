"""Files that were cut short or altered anywhere: only a network or a sentence may come out."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.errors import FileError
from rnncalc.weights import Network, read

FILES = ("rnn_softmax.h5", "embedding_gru.keras", "lstm_stacked.safetensors", "rnn.npz", "gru.npz")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """The network of some bytes, or None where they are refused in a sentence."""
    folder = tmp_path_factory.mktemp("damaged")

    def of(file: str, content: bytes) -> Network | None:
        (folder / file).write_bytes(content)
        try:
            return read(folder / file)
        except FileError as refusal:
            said = str(refusal)
        assert file in said
        assert "\n" not in said
        return None

    return of


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
def test_a_file_that_ends_early_is_refused(outcome, files, file, data):
    content = (files / file).read_bytes()
    # HDF5 may end with bytes that nothing refers to
    last = len(content) - 1 if not file.endswith(".h5") else len(content) // 2
    assert outcome(file, content[: data.draw(st.integers(0, last))]) is None


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
def test_altered_bytes_give_a_network_or_a_sentence(outcome, files, file, data):
    content = bytearray((files / file).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    outcome(file, bytes(content))


@given(data=st.data())
def test_altered_bytes_inside_a_keras_file(outcome, files, data):
    """The zip's own checksums would hide these from the readers of its parts."""
    with zipfile.ZipFile(files / "gru.keras") as old:
        parts = {name: bytearray(old.read(name)) for name in old.namelist()}
    part = parts[data.draw(st.sampled_from(["config.json", "model.weights.h5"]))]
    for _ in range(data.draw(st.integers(1, 8))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, content in parts.items():
            new.writestr(name, bytes(content))
    outcome("model.keras", stream.getvalue())


@pytest.mark.parametrize("file", FILES)
def test_what_is_not_altered_is_read(outcome, files, file):
    told = file == "gru.npz"  # two dense layers, whose activations it does not tell
    assert (outcome(file, (files / file).read_bytes()) is None) is told
