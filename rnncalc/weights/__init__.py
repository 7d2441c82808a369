"""Weight files of frameworks, read into one plain description of a network: ``read("model.keras")``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from rnncalc.errors import FileError, ProblemError
from rnncalc.suggest import did_you_mean
from rnncalc.weights.network import ACTIVATIONS, HEAD_ACTIVATIONS, Dense, Layer, Network

__all__ = ["Dense", "Layer", "Network", "read"]

READERS = {
    ".npz": ("zip", "npz"),
    ".safetensors": ("safetensors", "pytorch"),
    ".keras": ("zip", "keras"),
    ".h5": ("HDF5", "keras"),
    ".hdf5": ("HDF5", "keras"),
}
"""By a file's ending: what its bytes are, and the module that reads it."""
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt")


def read(path: str | Path, *, activation: str | None = None, head_activations: Sequence[str] = ()) -> Network:
    """The network that a weight file holds: .npz, .safetensors (PyTorch), .keras, .h5 (Keras).

    ``activation`` is that of the recurrent layers, ``head_activations`` those of the dense layers, the last one of
    which may be left out; both only where the file does not tell them, as PyTorch's files do not. Raises FileError for
    a file that cannot be read, or holds what is not supported, and ProblemError for an activation that does not exist
    or that the file tells itself.
    """
    _check_names("activation", [] if activation is None else [activation], ACTIVATIONS)
    _check_names("head_activations", head_activations, HEAD_ACTIVATIONS)
    path = Path(path)
    content = content_of(path)
    found, ending = _kind(content), path.suffix.lower()
    if found == "pickle" or ending in PICKLES:
        raise FileError(_unpickled(path))
    if ending not in READERS:
        raise FileError(f"{path} has none of the endings of weight files that are read: {', '.join(READERS)}.")
    expected, module = READERS[ending]
    if not content:
        raise FileError(f"{path} is empty.")
    if found not in (None, expected):
        fitting = ", ".join(e for e, (kind, _) in READERS.items() if kind == found)
        raise FileError(f"{path} is no {ending} file but a {found} file, which ends in {fitting}.")
    if found is None and expected == "HDF5":
        raise FileError(f"{path} is damaged or of another kind: it does not begin as an HDF5 file does.")
    reader = import_module(f"rnncalc.weights.{module}")
    network: Network = reader.read(content, str(path), activation, tuple(head_activations))
    return network.checked(str(path))


def _check_names(field: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ProblemError(
                field, f"There is no activation {name!r}{did_you_mean(name, known)}: {', '.join(known)}."
            )


def content_of(path: Path) -> bytes:
    """The bytes of a file; raises FileError where it cannot be read or is too large."""
    from rnncalc.weights.arrays import MAX_BYTES

    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        if path.is_dir():
            raise FileError(f"{path} is a folder; it needs to be a file.") from None
        raise FileError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(content) > MAX_BYTES:
        raise FileError(f"{path} is too large: up to {MAX_BYTES:,} bytes are read.")
    return content


def _kind(content: bytes) -> str | None:
    """What the bytes are, whatever the file's ending."""
    if content.startswith(b"\x89HDF\r\n\x1a\n"):
        return "HDF5"
    if content[8:9] == b"{":  # behind the length of safetensors' header
        return "safetensors"
    if re.match(rb"\x80[\x02-\x05]", content):
        return "pickle"
    if content.startswith(b"PK"):
        from rnncalc.weights.archive import Archive

        try:
            names = Archive(content, "").names
        except FileError:  # its own reader says so
            names = []
        return "pickle" if any(name.endswith("data.pkl") for name in names) else "zip"
    return None


def _unpickled(path: Path) -> str:
    """Why a pickle is refused, and the line that makes another file of it."""
    here = path.as_posix()
    if re.search(r"""['"\\$`!%]""", here):  # a shell would read more into it than a name
        here = "model.pt"
    there = f"{here.removesuffix(path.suffix)}.safetensors"
    return (
        f"{path} is a pickle, which can run any program when it is read; convert it where it was made: "
        'python -c "import torch; from safetensors.torch import save_file; '
        f"save_file(torch.load('{here}', weights_only=True), '{there}')\""
    )
