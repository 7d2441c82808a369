"""LaTeX: well formed, escaped, and compiled where an engine is installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from drawn import given_numbers
from hypothesis import given

from rnncalc import Problem, Trace, backward, forward
from rnncalc.render.document import document
from rnncalc.render.latex import escape, to_latex
from rnncalc.render.summary import forward_summary

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
def test_every_matrix_has_as_many_columns_in_each_row_and_the_document_allows_them(numbers):
    source = written(forward(numbers.problem()))
    (allowed,) = re.findall(r"\\setcounter\{MaxMatrixCols\}\{(\d+)\}", source)
    for matrix in re.findall(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", source):
        columns = {row.count("&") + 1 for row in matrix.split(r"\\")}
        assert len(columns) == 1
        assert columns.pop() <= int(allowed)


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
    ("text", "escaped"),
    [
        ("a_b", r"a\_b"),
        ("50 % & #1", r"50 \% \& \#1"),
        ("$x^2$", r"\$x\textasciicircum{}2\$"),
        ("{~}", r"\{\textasciitilde{}\}"),
        ("\\", r"\textbackslash{}"),
    ],
)
def test_signs_with_a_meaning_are_escaped(text, escaped):
    assert escape(text) == escaped


@pytest.mark.parametrize("ligature", ["--", "---", "''", "``", "?`", "!`", ",,", "<<", ">>"])
def test_no_two_letters_become_another_sign(ligature):
    assert ligature not in escape(ligature)


@pytest.mark.parametrize(
    ("text", "beyond"), [("hello", False), ("é", False), ("привет", True), ("日本", True), ("a😀", True)]
)
def test_a_document_says_which_engine_it_needs(text, beyond):
    source = written(forward(Problem.draw(text + "ab")))
    assert ("XeLaTeX or LuaLaTeX" in source.splitlines()[0]) == beyond


# ── compiled ──────────────────────────────────────────────────────────────────────────────────────────────────────

PACKAGES = {"pdflatex": "texlive-latex-base", "xelatex": "texlive-xetex"}


def compile_with(engine: str, source: str, folder: Path) -> str:
    """The log of the engine; it must end well and make a PDF."""
    (folder / "page.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert (folder / "page.pdf").stat().st_size > 0
    return (folder / "page.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def engine(request, missing) -> str:
    name: str = request.param
    if shutil.which(name) is None:
        missing(f"{name} is not installed; on Debian and Ubuntu: apt-get install {PACKAGES[name]}")
    return name


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


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
@pytest.mark.parametrize("problem", [DEEP, YES], ids=["deep", "yes or no"])
def test_the_gradients_of_networks_of_other_forms_compile(engine, problem, tmp_path):
    compile_with(engine, written(backward(problem)), tmp_path)


@pytest.mark.parametrize(("engine", "problem"), DOCUMENTS.values(), ids=DOCUMENTS, indirect=["engine"])
def test_the_document_compiles(engine, problem, tmp_path):
    log = compile_with(engine, written(forward(problem)), tmp_path)
    assert not re.search(r"^Overfull \\hbox \(\d{2,}", log, re.MULTILINE)


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_every_letter_of_latin_1_compiles(engine, tmp_path):
    letters = "".join(map(chr, [*range(33, 127), *range(161, 256)]))
    trace = forward(Problem.draw(letters, hidden=1))
    compile_with(engine, to_latex(document(trace, [], summary=forward_summary)), tmp_path)


@pytest.mark.parametrize("engine", ["pdflatex"], indirect=True)
def test_a_broken_document_does_not_compile(engine, hello, tmp_path):
    with pytest.raises(AssertionError):
        compile_with(engine, hello.replace(r"\end{bmatrix}", "", 1), tmp_path)
