"""The estimated width of formulas, held to what TeX itself measures."""

import re

import pytest
from render.latex.engines import compile_with

from rnncalc import Problem
from rnncalc.network.pictures import Box, picture
from rnncalc.network.update_step import descend
from rnncalc.render.latex.escape import escape
from rnncalc.render.latex.glyphs import NORMAL, SIZES, width
from rnncalc.render.latex.matrix import matrix

PROBLEMS = [
    *map(Problem.template, ("hello", "lstm", "gru")),
    Problem.draw("ban", layers=2, hidden=2, head=[2], seed=3),
    Problem.draw("aWmMij%&", hidden=2, seed=5),
    Problem.draw(
        "good film", tokens="words", embedding=2, layers=2, cell_kind=["lstm", "gru"], hidden=2,
        classes=["bad", "good"], output_at="last", loss="squared-error", targets=["good"],
    ),
]  # fmt: skip
TEXTS = ["".join(map(chr, range(33, 127))), "The quick brown fox, x_1 … x_4: −½ · 3²", "WMwm@%&", "iljt.,:;!"]


def measured(formulas: list[tuple[str, str]], folder) -> list[float]:
    """What TeX says: of each formula in its size of type."""
    lines = [
        rf"{{{size} \setbox0=\hbox{{{formula}}}\immediate\write-1{{WIDTH \the\wd0}}}}" for size, formula in formulas
    ]
    head = r"\documentclass{article}\usepackage{amsmath}\setcounter{MaxMatrixCols}{30}\begin{document}x"
    log = compile_with("pdflatex", "\n".join([head, *lines, r"\end{document}"]), folder)
    return [float(points) for points in re.findall(r"^WIDTH ([\d.]+)pt", log, re.MULTILINE)]


@pytest.fixture(scope="module")
def drawn() -> tuple[list[str], list[Box]]:
    """Every equation, and every table that a picture shows."""
    equations, boxes = {}, {}
    for problem in PROBLEMS:
        _, trace = descend(problem, 1, clip_norm=1.0)
        for q in trace.values():
            if q.step in (None, 0, 1):
                equations[q.latex_equation] = None
                tables = [piece for piece in picture(q, trace, 6) if isinstance(piece, Box)]
                boxes |= {(box.symbol, box.shape, box.result): box for box in tables}
    return list(equations), list(boxes.values())


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_no_estimate_is_too_narrow_and_none_is_far_too_wide(engine, drawn, tmp_path):
    equations, boxes = drawn
    cases = [(size, e, width(e, size), rf"$\displaystyle {e}$") for size in SIZES for e in equations]
    for size in SIZES:
        matrices = [matrix(b) for b in boxes]
        gap = rf"\setlength{{\arraycolsep}}{{{size.gap}pt}}"
        cases += [(size, str(m), m.width(size), rf"{gap}$\displaystyle {{}}={m.latex}={{}}$") for m in matrices]
        cases += [(size, t, width(escape(t), size, upright=True), escape(t)) for t in TEXTS]
    found = measured([(size.command, formula) for size, _, _, formula in cases], tmp_path)
    assert len(found) == len(cases)
    for (size, what, estimate, formula), true in zip(cases, found, strict=True):
        signs = 2 * (7.78 + 5.56) * size.text if formula.endswith("={}$") else 0.0  # = on both sides
        assert estimate + signs >= true - 0.01, (what, size)
        assert estimate <= 1.5 * (true - signs * 0.8) + 12, (what, size)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [("0.123456", 7 * 5 + 2.78), ("-1", 12.78 + 4.46), (r"\frac{a}{b}", 5.29 + 5.74), (r"\text{日}", 10.01), ("", 0)],
)
def test_widths_by_hand(latex, expected):
    assert width(latex, NORMAL) == pytest.approx(expected, abs=0.1)


def test_smaller_type_is_narrower():
    widths = [width(r"\frac{\partial E}{\partial W_{xh}} = x^{2} + 1", size) for size in SIZES]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == len(widths)


@pytest.mark.parametrize("broken", ["{", "}", "\\frac", "\\frac{a", "x^", "$", "\\", "^_{"])
def test_no_text_is_too_strange_to_measure(broken):
    assert width(broken, NORMAL) >= 0
