"""The figure as LaTeX: it compiles with both engines, and nothing is wider than its page."""

import shutil
import subprocess

import pytest
from render.latex.engines import compile_with

from rnncalc import Problem
from rnncalc.network.stages import trace_to
from rnncalc.render.drawing.compose import compose
from rnncalc.render.drawing.tikz import to_tikz

SPECIAL = "a\\{}$&#_%^~<>|\"'"


@pytest.fixture
def _tikz(engine, missing) -> None:
    packages = ["tikz.sty", "xcolor.sty"]
    known = shutil.which("kpsewhich") and subprocess.run(["kpsewhich", *packages], capture_output=True, check=False)
    if not known or known.returncode:
        missing(
            "TikZ is not installed; on Debian and Ubuntu: apt-get install texlive-pictures texlive-latex-recommended"
        )


def written(problem: Problem, through: str = "backward") -> str:
    return to_tikz(compose(trace_to(problem, through), 3))


@pytest.mark.usefixtures("_tikz")
@pytest.mark.parametrize(
    ("engine", "problem"),
    [
        ("pdflatex", Problem.template("hello")),
        ("xelatex", Problem.template("sentiment-lstm")),
        ("pdflatex", Problem.draw(SPECIAL, hidden=1)),
    ],
    ids=["hello", "sentiment-lstm", "special letters"],
    indirect=["engine"],
)
def test_it_compiles(engine, problem, tmp_path):
    log = compile_with(engine, written(problem), tmp_path)
    assert "Overfull" not in log
    assert "(1 page" in log


@pytest.mark.usefixtures("_tikz")
@pytest.mark.parametrize("engine", ["xelatex"], indirect=True)
def test_letters_beyond_latin_1_compile_with_xelatex(engine, tmp_path):
    source = written(Problem.draw("日é\n ж", hidden=1), "loss")
    assert source.startswith("% This file has letters beyond Latin-1: compile it with XeLaTeX")
    assert "Overfull" not in compile_with(engine, source, tmp_path)


def test_every_number_is_in_it():
    trace = trace_to(Problem.template("hello"), "loss")
    source = written(trace.problem, "loss")
    for name in ("h_2", "p_4", "loss"):
        for value in trace[name].value.ravel():
            assert f"{value:.3f}}};" in source
    assert source.count("% h_2\n") == 2  # where it is computed, and where step 3 reads it


def test_each_colour_is_defined_once():
    source = written(Problem.template("lstm"))
    defined = [line.split("{")[1].rstrip("}") for line in source.splitlines() if line.startswith(r"\definecolor")]
    assert len(defined) == len(set(defined))
