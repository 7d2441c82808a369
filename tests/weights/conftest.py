"""What the tests of weight files need: the libraries that read them, and where the files are."""

from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def libraries(missing):
    """h5py and safetensors are installed."""
    for library, extra in (("h5py", "keras"), ("safetensors", "torch")):
        if find_spec(library) is None:
            missing(f"{library} is not installed: pip install 'rnncalc[{extra}]'")


@pytest.fixture(scope="session")
def files() -> Path:
    """The folder with the files that Keras and PyTorch wrote."""
    return Path(__file__).parents[1] / "data" / "weights"
