"""The zip that Gradescope builds its containers from: rnncalc itself, the assignment, and the two scripts it runs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from rnncalc.classroom.autograder import ASSIGNMENT
from rnncalc.classroom.roster import students_file
from rnncalc.errors import FileError
from rnncalc.io import toml_text
from rnncalc.io.read import decoded, read_bytes
from rnncalc.problems import templates
from rnncalc.weights.arrays import MAX_BYTES
from rnncalc.weights.shards import shards_of
from rnncalc.workbook.write.package import MOMENT

_NEEDS = "numpy>=1.26 openpyxl>=3.1.2 click>=8.2 rich>=13.7 defusedxml>=0.7.1"
_FOR_FILES = {
    "h5py>=3.10": (".keras", ".h5", ".hdf5"),
    "safetensors>=0.4": (".safetensors",),
}
_SETUP = """#!/usr/bin/env bash
# Run once, when Gradescope builds the container: Python 3.11 or later, and what rnncalc needs.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
python=""
for one in python3.14 python3.13 python3.12 python3.11 python3; do
  if command -v "$one" > /dev/null && "$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python="$one"
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update
  apt-get install -y python3.11 python3.11-venv
  python=python3.11
fi
if ! "$python" -m venv "$root/venv"; then
  apt-get update
  apt-get install -y "$python-venv"
  "$python" -m venv "$root/venv"
fi
"$root/venv/bin/pip" install --quiet NEEDS
"""
_RUN = """#!/usr/bin/env bash
# Run for each submission, from its own folder and with a safe path, so that no file handed in is ever imported.
set -euo pipefail
root="$(cd "${AUTOGRADER_ROOT:-/autograder}" && pwd)"
cd "$root/source"
export PYTHONPATH="$root/source" PYTHONUTF8=1 PYTHONSAFEPATH=1
"$root/venv/bin/python" -m rnncalc.classroom.autograder "$root" "$root/source"
"""

_SCRIPTS = {"setup.sh": _SETUP, "run_autograder": _RUN}


def _named_files(assignment: Path) -> dict[str, bytes]:
    """The files that an assignment names: a template, the weights_file of that, weights in all their parts, inputs."""
    problem = toml_text.read(assignment, "an assignment").get("problem", {})
    contents: dict[str, bytes] = {}
    for key in ("template", "weights", "inputs"):
        name = problem.get(key)
        if not isinstance(name, str) or (key == "template" and not templates.is_file_name(name)):
            continue
        path = _beside(assignment, Path(name))
        contents[path.as_posix()] = _content(assignment.parent / path)
        if key == "weights":
            for part in shards_of(assignment.parent / path) or ():
                contents[path.with_name(part.name).as_posix()] = _content(part)
        if key == "template":
            arrays = toml_text.parse(decoded(contents[path.as_posix()], str(path)), str(path)).get("weights_file")
            if isinstance(arrays, str):
                further = _beside(assignment.parent / path, path.parent / arrays)
                contents[further.as_posix()] = _content(assignment.parent / further)
    return contents


def _beside(names: Path, path: Path) -> Path:
    if path.is_absolute() or ".." in path.parts:
        raise FileError(
            f"{names} names {path}, which is in another folder. Put it in the folder of the assignment, so that "
            "the zip can include it."
        )
    return path


def _content(path: Path) -> bytes:
    return read_bytes(path, MAX_BYTES, missing=", which the zip needs")


def autograder_zip(assignment: Path) -> bytes:
    """The zip for an assignment that was handed out: setup.sh and run_autograder at its root, the same bytes always.

    Raises FileError where the assignment names a file that lies elsewhere than beside it.
    """
    package = Path(__file__).parents[1]
    beside = _named_files(assignment)
    further = [need for need, ends in _FOR_FILES.items() if any(name.lower().endswith(ends) for name in beside)]
    needs = [*_NEEDS.split(), *further]
    scripts = {**_SCRIPTS, "setup.sh": _SETUP.replace("NEEDS", " ".join(f"'{need}'" for need in needs))}
    files: dict[str, bytes] = {
        **{name: text.encode() for name, text in scripts.items()},
        **beside,
        ASSIGNMENT: read_bytes(assignment),
        students_file(Path(ASSIGNMENT)).name: read_bytes(students_file(assignment)),
    }
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".typed"):
            files[f"rnncalc/{path.relative_to(package).as_posix()}"] = path.read_bytes()
    for name in templates.names():
        files[f"rnncalc/templates/{name}.toml"] = templates.text_of(name).encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o755 if name in _SCRIPTS else 0o644) << 16
            archive.writestr(info, content)
    return written.getvalue()
