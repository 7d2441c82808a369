"""The TeX engine that a test asks for, where it is installed."""

import shutil

import pytest
from render.latex.engines import PACKAGES


@pytest.fixture
def engine(request, missing) -> str:
    name: str = request.param
    if shutil.which(name) is None:
        missing(f"{name} is not installed; on Debian and Ubuntu: apt-get install {PACKAGES[name]}")
    return name
