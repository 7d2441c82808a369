"""A model of PyTorch in several files: the index that lists them, or all that are numbered together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rnncalc.errors import FileError
from rnncalc.io.visible import brief
from rnncalc.language.trees import Array
from rnncalc.weights import pickled
from rnncalc.weights.arrays import MAX_BYTES, Arrays, parsed_json
from rnncalc.weights.content import content_of, kind_of
from rnncalc.weights.network import Network
from rnncalc.weights.pytorch import network, tensors
from rnncalc.weights.reading_options import ReadingOptions

INDEX = ".index.json"
_ENDINGS = (".safetensors", ".bin", ".pt", ".pth")
_SHARD = re.compile(
    r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<ending>\.safetensors|\.bin|\.pt|\.pth)", re.ASCII
)
_MOST = 1_000


def shards_of(path: Path) -> list[Path] | None:
    """The files that hold the model together, None where it is in one. Raises FileError for an index that is damaged
    or leads elsewhere, and for files that are missing."""
    if path.name.lower().endswith(INDEX):
        return _listed(path)
    match = _SHARD.fullmatch(path.name)
    count = int(match["count"]) if match else 1
    if match is None or count == 1:
        return None
    if not 1 <= int(match["number"]) <= count <= _MOST:
        raise FileError(
            f"{path} is named as part {int(match['number'])} of {count}; rnncalc reads up to {_MOST} parts."
        )
    parts = [
        path.with_name(f"{match['stem']}-{i:05}-of-{match['count']}{match['ending']}") for i in range(1, count + 1)
    ]
    missing = [part.name for part in parts if not part.exists()]
    if missing:
        raise FileError(f"{path} is one of {count} parts of a model. Put {missing[0]} in the same folder.")
    return parts


def _listed(path: Path) -> list[Path]:
    listed = parsed_json(content_of(path), str(path), "the index").get("weight_map", {})
    is_map = isinstance(listed, dict) and all(isinstance(name, str) for name in listed.values())
    names = set(listed.values()) if is_map else set()
    if not names or len(names) > _MOST:
        raise FileError(f"{path} has no weight_map that names the file of each array.")
    for name in sorted(names):
        if re.search(r"[/\\:\0]", name) or name in ("", ".", "..") or not name.endswith(_ENDINGS):
            raise FileError(
                f"{path} lists {brief(name)!r}; it needs a file in the same folder that ends in {', '.join(_ENDINGS)}."
            )
    return [path.with_name(name) for name in sorted(names)]


def network_of(parts: Sequence[Path], path: Path, options: ReadingOptions) -> Network:
    """The network that stands in several files."""
    arrays: dict[str, Array] = {}
    size = 0
    for part in parts:
        content = content_of(part)
        size += len(content)
        if size > MAX_BYTES:
            raise FileError(f"{path} is too large: its parts have more than {MAX_BYTES:,} bytes.")
        unpacked = pickled.arrays if kind_of(content) == "pickle" else tensors
        for name, array in unpacked(content, str(part)).items():
            if name in arrays:
                raise FileError(f"{part} has {brief(name)}, but another part of the model has it too.")
            arrays[name] = array
    network_read = network(Arrays(str(path), arrays), options)
    names = ", ".join(part.name for part in parts)
    return network_read._replace(notes=(f"The model is read from {len(parts)} files: {names}.", *network_read.notes))
