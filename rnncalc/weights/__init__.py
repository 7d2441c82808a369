"""Weight files of frameworks, read into one plain description of a network: ``read("model.keras")``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from rnncalc.errors import FileError
from rnncalc.weights.content import content_of, kind_of
from rnncalc.weights.network import Dense, Layer, Network
from rnncalc.weights.reading_options import ReadingOptions

__all__ = ["Dense", "Layer", "Network", "content_of", "read"]

READERS = {
    ".npz": ("zip", "npz"),
    ".safetensors": ("safetensors", "pytorch"),
    ".keras": ("zip", "keras"),
    ".h5": ("HDF5", "keras"),
    ".hdf5": ("HDF5", "keras"),
    **dict.fromkeys((".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle", ".p"), ("pickle", "pickled")),
}
"""By a file's ending: what its bytes are, and the module that reads it."""
INSTEAD = {
    ".onnx": "torch.save(model.state_dict(), 'model.pt') in PyTorch, or model.save('model.keras') in Keras",
    ".mat": "numpy.savez('model.npz', **{name: array for name, array in scipy.io.loadmat('model.mat').items() "
    "if name[0] != '_'})",
    ".msgpack": "numpy.savez('model.npz', Wxh=..., Whh=..., bh=..., Why=..., by=...) with the arrays of Flax",
    ".pb": "model.save('model.keras') in Keras",
    ".tflite": "model.save('model.keras') in Keras",
    ".npy": "numpy.savez('model.npz', Wxh=..., Whh=..., bh=..., Why=..., by=...)",
    ".json": "model.safetensors.index.json for a PyTorch model in several files",
}
"""What would be read instead of files of other endings."""


def read(
    path: str | Path,
    *,
    activation: str | None = None,
    head_activations: Sequence[str] = (),
    order: Sequence[str] = (),
    layout: str | None = None,
) -> Network:
    """The network that a weight file holds: .npz, .safetensors, .pt, .pth (PyTorch), .keras, .h5 (Keras).

    ``activation`` is that of the recurrent layers, ``head_activations`` those of the dense layers, the last one of
    which may be left out; ``order`` names the layers from the first to the last, ``name:embedding`` a table of tokens;
    ``layout`` is "columns" where a matrix has a column for each number read (W·x), "rows" where it has a row (x·W). All
    of them only where the file does not tell. Raises FileError for a file that cannot be read, fits two readings, or
    holds what is not supported, and ProblemError for what does not exist or the file tells itself.
    """
    options = ReadingOptions(activation, tuple(head_activations), tuple(order), layout)
    options.check()
    path = Path(path)
    if "-of-" in path.name or path.name.endswith(".index.json"):
        from rnncalc.weights.shards import network_of, shards_of

        shards = shards_of(path)
        if shards is not None:
            return network_of(shards, path, options).checked(str(path))
    content = content_of(path)
    content_kind, ending = kind_of(content), path.suffix.lower()
    if content_kind == "pickle":
        expected, module = READERS[".pt"]
    elif ending in READERS:
        expected, module = READERS[ending]
    else:
        instead = f"; instead: {INSTEAD[ending]}" if ending in INSTEAD else ""
        raise FileError(
            f"{path} is not a weight file that rnncalc can read. Use a file that ends in {', '.join(READERS)}{instead}."
        )
    if not content:
        raise FileError(f"{path} is empty.")
    if content_kind not in (None, expected):
        fitting = ", ".join(e for e, (kind, _) in READERS.items() if kind == content_kind)
        raise FileError(f"{path} is not a {ending} file but a {content_kind} file. Use a name that ends in {fitting}.")
    if content_kind is None and expected == "HDF5":
        raise FileError(f"{path} is damaged or not an HDF5 file: it does not start as an HDF5 file does.")
    reader = import_module(f"rnncalc.weights.{module}")
    network: Network = reader.read(content, str(path), options)
    return network.checked(str(path))
