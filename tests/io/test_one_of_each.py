"""What the package does in one place alone, so that its limits, its sentences and its look are the same everywhere."""

import re

import pytest
from test_imports import MODULES

PLACES = {
    r"os\.fsync|mkstemp": ({"rnncalc.io.write"}, "handle, name = tempfile.mkstemp()"),
    r"There is no file \{\w+\}\{": ({"rnncalc.io.read"}, 'FileError(f"There is no file {path}{hint}.")'),
    r"\bopen_unpacked\(": ({"rnncalc.io.read", "rnncalc.io.packed"}, "with open_unpacked(file) as stream:"),
    r"import tomllib|u007f": ({"rnncalc.io.toml_text"}, "import tomllib"),
    r"\bcsv\.(reader|writer|Sniffer|DictReader)\b": ({"rnncalc.io.csv_text"}, "csv.writer(file)"),
    r"rich\.progress|from rich import progress": ({"rnncalc.cli.progress"}, "from rich.progress import Progress"),
}
"""What only these modules may say, and a line that would be one more place."""


def places(pattern: str, sources: dict[str, str]) -> set[str]:
    """The modules in which a pattern stands."""
    return {module for module, source in sources.items() if re.search(pattern, source)}


@pytest.mark.parametrize("pattern", PLACES)
def test_each_is_done_in_one_place(pattern):
    sources = {module: path.read_text(encoding="utf-8") for module, path in MODULES.items()}
    right, planted = PLACES[pattern]
    assert places(pattern, sources) == right
    assert places(pattern, {**sources, "rnncalc.cli.new": planted}) == {*right, "rnncalc.cli.new"}
