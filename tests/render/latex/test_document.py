"""LaTeX: well formed, escaped, and compiled where an engine is installed."""

import re

import pytest
from drawn import given_numbers
from hypothesis import given
from render.latex.engines import compile_with

from rnncalc import Problem, Trace, forward
from rnncalc.network.typed_elements import Elements
from rnncalc.network.update_step import descend
from rnncalc.render.document import Part, document
from rnncalc.render.explain import explain_parts
from rnncalc.render.latex.document import to_latex
from rnncalc.render.latex.lengths import AS_WIDE_AS_NEEDED, TEXT_WIDTH, points
from rnncalc.render.summary import backward_summary, forward_summary, update_summary

LETTERS_14 = "abcdefghijklmn"
SPECIAL = "banana_%&#$"


def written(trace: Trace, decimals: int = 6) -> str:
    return to_latex(document(trace, list(trace.values()), decimals=decimals, summary=forward_summary))


@pytest.fixture(scope="module")
def hello() -> str:
    return written(forward(Problem.template("hello")))


def unbalanced(source: str) -> list[str]:
    """What is opened and not closed, or the reverse, in the order found."""
    source = re.sub(r"(?<!\\)(?:\\\\)*%.*", "", source)
    open_ones: list[str] = []
    wrong: list[str] = []
    for begin, end, sign in re.findall(r"\\begin\{(\w+)\}|\\end\{(\w+)\}|(\\\\|\\[{}\[\]]|[{}])", source):
        if begin or sign in ("{", r"\["):
            open_ones.append(begin or sign)
        elif end or sign in ("}", r"\]"):
            expected = end or {"}": "{", r"\]": r"\["}[sign]
            if not open_ones or open_ones.pop() != expected:
                wrong.append(end or sign)
    return wrong + open_ones


@pytest.mark.parametrize(
    "source",
    ["{", "}", r"\[ x", r"\begin{a}", r"\begin{a}\end{b}", r"\[ { \] }", r"\\{", r"\begin{a}{\end{a}}"],
)  # fmt: skip
def test_the_check_notices_what_is_not_balanced(source):
    assert unbalanced(source)


def test_the_check_takes_what_is_balanced():
    assert unbalanced("\\begin{a}{\\{}\\[ \\} \\] % }\n\\end{a}") == []


@given(given_numbers())
def test_braces_and_environments_are_balanced(numbers):
    assert unbalanced(written(forward(numbers.problem()))) == []


@given(given_numbers())
def test_every_matrix_has_as_many_columns_in_each_row_and_no_more_than_amsmath_allows(numbers):
    source = written(forward(numbers.problem()))
    for matrix in re.findall(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", source):
        columns = {len(re.findall(r"(?<!\\)&", row)) + 1 for row in matrix.split(r" \\ ")}
        assert len(columns) == 1
        assert columns.pop() <= 10
    for count, matrix in re.findall(r"\\begin\{array\}\{@\{\}\*\{(\d+)\}\{c\}@\{\}\}(.*?)\\end\{array\}", source):
        assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in matrix.split(r" \\ ")} == {int(count)}


def test_the_arithmetic_of_hello_is_shown(hello):
    assert r"\[ h_{2} = \tanh\left(a_{2}\right) \]" in hello
    assert (
        r"\tanh \underset{a_{2}}{\begin{bmatrix} 1.709074 \\ 1.822671 \\ 1.001780 \end{bmatrix}} = "
        r"\begin{bmatrix} 0.936534 \\ 0.949104 \\ 0.762341 \end{bmatrix}"
    ) in hello
    assert "6.811275" in hello


def test_amsmath_is_the_only_package_of_a_plain_document(hello):
    assert re.findall(r"\\usepackage.*\{(\w+)\}", hello) == ["amsmath"]


@pytest.mark.parametrize(
    ("text", "beyond"), [("hello", False), ("é", False), ("привет", True), ("日本", True), ("a😀", True)]
)
def test_a_document_says_which_engine_it_needs(text, beyond):
    source = written(forward(Problem.draw(text + "ab")))
    assert ("XeLaTeX or LuaLaTeX" in source.splitlines()[0]) == beyond


# ── compiled ──────────────────────────────────────────────────────────────────────────────────────────────────────

DOCUMENTS = {
    "hello": ("pdflatex", Problem.template("hello")),
    "a vocabulary of 14 letters": ("pdflatex", Problem.draw(LETTERS_14, hidden=2)),
    "signs with a meaning": ("pdflatex", Problem.draw(SPECIAL, hidden=2)),
    "hello with XeLaTeX": ("xelatex", Problem.template("hello")),
    "Cyrillic": ("xelatex", Problem.draw("привет", hidden=2)),
    "blanks and control characters": ("xelatex", Problem.draw("a b\n\tc\0\x7f", hidden=2)),
}


DEEP = Problem.draw(
    "good film", tokens="words", embedding=2, layers=2, cell_kind=["lstm", "gru"], hidden=2, head=[2],
    classes=["bad", "good"], output_at="last", loss="squared-error", targets=["good"],
)  # fmt: skip
YES = Problem.draw(inputs=[[1, 2], [3, 4]], classes=1, output_function="sigmoid", targets=[[1], ""])


@pytest.mark.parametrize(("engine", "problem"), DOCUMENTS.values(), ids=DOCUMENTS, indirect=["engine"])
def test_the_document_compiles(engine, problem, tmp_path):
    assert overfull(compile_with(engine, written(forward(problem)), tmp_path)) == []


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_every_letter_of_latin_1_compiles(engine, tmp_path):
    letters = "".join(map(chr, [*range(33, 127), *range(161, 256)]))
    trace = forward(Problem.draw(letters, hidden=1))
    compile_with(engine, to_latex(document(trace, [], summary=forward_summary)), tmp_path)


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_a_broken_document_does_not_compile(engine, hello, tmp_path):
    with pytest.raises(AssertionError):
        compile_with(engine, hello.replace(r"\end{bmatrix}", "", 1), tmp_path)


# ── within the width of the page ──────────────────────────────────────────────────────────────────────────────────

LONG_WORDS = Problem.draw(
    "extraordinarily uncharacteristically good " + "o" * 60, tokens="words", embedding=2, hidden=3, seed=4
)
PROBLEMS = [
    *map(Problem.template, ("hello", "lstm", "gru")),
    DEEP,
    YES,
    LONG_WORDS,
    Problem.draw("abcdefghijkl", hidden=4, seed=1),
    Problem.draw("banana", layers=2, hidden=3, head=[5], seed=2),
    Problem.draw("hello", cell_kind="gru", reset_after=True, hidden=6, softmax="shifted"),
    Problem.draw("cab", vocabulary="".join(map(chr, range(33, 103))), hidden=1, weight_decimals=2),
    Problem.draw(
        inputs=[[1e9, 2, 3, 4, 5, 6, 7], [1e-9] * 7],
        output_function="linear",
        targets=["", [3e8, -2, 1e-12, 0, 0, 0, 1]],
    ),
]


def everything(problems: list[Problem], decimals: int, **clip: float) -> list[Part]:
    """All pages of several problems: the quantities of the three passes at the last step, and the summaries."""
    parts: list[Part] = []
    for problem in problems:
        losses, trace = descend(problem, 1, **clip)
        shown = [q for q in trace.values() if q.step in (None, 0, problem.steps)]
        parts += document(trace, shown, decimals=decimals, summary=forward_summary)
        parts += [*backward_summary(trace, decimals), *update_summary(trace, losses, decimals, weights=True)]
    return parts


def overfull(log: str) -> list[str]:
    """What the engine says about lines that are too wide and pages that are too high."""
    return re.findall(r"^Overfull \\[hv]box.*", log, re.MULTILINE)


@pytest.mark.parametrize("width", ["none", "345pt", "5cm"])
@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_nothing_is_wider_than_the_page(engine, width, tmp_path):
    parts = everything(PROBLEMS, 6, clip_norm=1.0)
    assert overfull(compile_with(engine, to_latex(parts, points(width)), tmp_path)) == []


@pytest.mark.parametrize(("decimals", "width"), [(15, "9cm")])
@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_nor_with_other_decimals(engine, decimals, width, tmp_path):
    parts = everything(PROBLEMS[::2], decimals, clip=0.1)
    assert overfull(compile_with(engine, to_latex(parts, points(width)), tmp_path)) == []


@pytest.mark.parametrize("width", ["7cm"])
@pytest.mark.parametrize("engine", ["xelatex"], indirect=True)
def test_nor_with_another_engine(engine, width, tmp_path):
    parts = everything([PROBLEMS[1], Problem.draw("日本日é", hidden=2), Problem.draw("привет", hidden=2)], 6)
    assert overfull(compile_with(engine, to_latex(parts, points(width)), tmp_path)) == []


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_what_is_too_wide_is_noticed(engine, tmp_path):
    source = to_latex(everything(PROBLEMS[:2], 6), AS_WIDE_AS_NEEDED)
    narrow = re.sub(r"\\setlength\{\\textwidth\}\{[\d.]+pt\}", rf"\\setlength{{\\textwidth}}{{{TEXT_WIDTH}pt}}", source)
    assert narrow != source
    assert overfull(compile_with(engine, narrow, tmp_path))


def test_letters_label_the_rows_and_columns(hello):
    assert r"W_{xh} = \overset{\mathstrut}{\begin{bmatrix} \smash[t]{\overset{\text{h}}{0.287027}} &" in hello
    beside = r"\begin{array}{@{}r@{}} \text{h} \\ \text{e} \\ \text{l} \\ \text{o} \end{array} \, \begin{bmatrix} 1 "
    assert beside in hello


def test_the_page_is_as_wide_as_its_widest_formula_where_none_is_asked_for():
    trace = forward(Problem.template("lstm"))
    source = to_latex(document(trace, [trace["ai_1"]]), AS_WIDE_AS_NEEDED)
    (width,) = re.findall(r"\\setlength\{\\textwidth\}\{([\d.]+)pt\}", source)
    assert float(width) > TEXT_WIDTH
    assert "align*" not in source
    assert "align*" in to_latex(document(trace, [trace["ai_1"]]))


@pytest.mark.parametrize("width", ["16cm", "5cm"])
@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_no_explanation_is_wider_than_the_page(engine, width, tmp_path):
    parts: list[Part] = []
    for problem in (PROBLEMS[0], DEEP, LONG_WORDS, Problem.draw("abcdefghijkl", hidden=4, seed=1)):
        trace = descend(problem, 1, clip_norm=1.0)[1]
        for q in trace.values():
            if q.step in (None, problem.steps):
                parts += explain_parts(trace, Elements(q, [(q.shape[0] - 1, q.shape[1] - 1)]))
    assert overfull(compile_with(engine, to_latex(parts, points(width)), tmp_path)) == []
