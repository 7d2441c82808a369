"""What the package does in one place alone, so that its limits, its sentences and its look are the same everywhere."""

import re

import pytest
from test_imports import MODULES

PLACES = {
    r"os\.fsync|mkstemp": {"rnncalc.io.write"},
    r"There is no file \{\w+\}\{": {"rnncalc.io.read"},
    r"\bopen_unpacked\(": {"rnncalc.io.read", "rnncalc.io.packed"},
    r"import tomllib|u007f": {"rnncalc.io.toml_text"},
    r"\bcsv\.(reader|writer|Sniffer|DictReader)\b": {"rnncalc.io.csv_text"},
}
"""What only these modules may say."""


def places(pattern: str, sources: dict[str, str]) -> set[str]:
    """The modules in which a pattern stands."""
    return {module for module, source in sources.items() if re.search(pattern, source)}


@pytest.mark.parametrize("pattern", PLACES)
def test_each_is_done_in_one_place(pattern):
    assert places(pattern, {m: path.read_text(encoding="utf-8") for m, path in MODULES.items()}) == PLACES[pattern]


def test_a_second_place_is_found():
    assert places(next(iter(PLACES)), {"rnncalc.cli.new": "handle, name = tempfile.mkstemp()"}) == {"rnncalc.cli.new"}
