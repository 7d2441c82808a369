"""The figure as PDF: its numbers are text, and the same figure gives the same bytes."""

import importlib.util
import shutil
import subprocess

import pytest

from rnncalc import Problem, RnncalcError
from rnncalc.network.stages import trace_to
from rnncalc.render.drawing.compose import compose
from rnncalc.render.drawing.pdf import check_pdf, to_pdf


@pytest.fixture
def _matplotlib(missing) -> None:
    if importlib.util.find_spec("matplotlib") is None:
        missing("matplotlib is not installed")


@pytest.mark.usefixtures("_matplotlib")
def test_its_numbers_are_text_and_its_bytes_the_same(missing, tmp_path):
    trace = trace_to(Problem.draw("a$b日$", hidden=2), "loss")
    made = to_pdf(compose(trace, 3))
    assert made.startswith(b"%PDF-")
    assert made == to_pdf(compose(trace, 3))
    if shutil.which("pdftotext") is None:
        missing("pdftotext is not installed; on Debian and Ubuntu: apt-get install poppler-utils")
    (tmp_path / "figure.pdf").write_bytes(made)
    text = subprocess.run(
        ["pdftotext", "-layout", "figure.pdf", "-"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    ).stdout
    for name in ("h_2", "p_3", "loss"):
        for value in trace[name].value.ravel():
            assert f"{value:.3f}".replace("-", "−") in text
    assert "a$b" in text


def test_without_matplotlib_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RnncalcError, match=r"rnncalc\[plot\]"):
        check_pdf()
