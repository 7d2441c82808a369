"""``rnncalc flow``: whole pages as files, data, drawings, wrong input.

The files in tests/data/pages are rewritten by ``RNNCALC_REGENERATE=1 python -m pytest tests/cli``.
"""

import csv
import importlib.util
import io
import json
import re

import pytest

from rnncalc import Problem
from rnncalc.network.flow import flow
from rnncalc.problems.choice import Choice
from rnncalc.problems.choose import choose_cells
from rnncalc.render.document import Marks

PAGES = {
    "flow_hello.txt": (["flow", "hello"], {}),
    "flow_hello_total_ascii.txt": (["flow", "hello", "--of", "total"], {"encoding": "ascii"}),
    "flow_hello.md": (["flow", "hello", "--format", "markdown"], {}),
    "flow_hello_cells.txt": (["flow", "hello", "--cells", "rnn,lstm,gru"], {}),
    "flow_hello_cells.md": (["flow", "-t", "lstm", "--cells", "lstm,gru", "--format", "markdown"], {}),
    "flow_banana_at_60.txt": (["flow", "banana", "--hidden", "4", "--activation", "relu"], {"width": 60}),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_whole_page(rnncalc, expect_page, name):
    arguments, screen = PAGES[name]
    page = rnncalc(*arguments, **screen)
    assert (page.code, page.err) == (0, "")
    expect_page(name, page.out)


EXPLODES = "it explodes. Use clipping (rnncalc update --clip-norm)."


@pytest.mark.parametrize(("name", "verdict"), [("vanishing", "it vanishes."), ("exploding", EXPLODES)])
def test_the_two_problems_of_the_textbook_show_and_say_what_they_are(rnncalc, name, verdict):
    page = rnncalc("flow", "-t", name).out
    first, *_, last = flow(Problem.template(name)).steps
    said = f"After 44 steps back the gradient is {first.norm / last.norm:.3g} times what it was: {verdict}"
    assert " ".join(page.split()).endswith(said)
    bars = [len(bar) for bar in re.findall(r"^ +\d+ (█+) ", page, re.MULTILINE)]  # from the last step to the first
    assert len(bars) == 45
    assert (max(bars), min(bars)) == ((bars[0], bars[-1]) if name == "vanishing" else (bars[-1], bars[0]))
    assert max(bars) > 20 * min(bars)


def one_unit(**weights: object) -> str:
    """A template of one linear unit, which as such keeps a gradient as it is."""
    problem = Problem(
        inputs="aaaaa", targets="aaaab", vocabulary="ab", h_0=[0], activation="linear",
        weights={"Wxh": [[0, 0]], "Whh": 1, "bh": 0, "Why": [[1], [-1]], **weights},
    )  # fmt: skip
    return problem.to_toml()


def test_a_gradient_that_keeps_its_size(rnncalc):
    page = rnncalc("flow", "-t", "-", stdin=one_unit().encode()).out
    bars = re.findall(r"^  \d (█+) 1\.0e\+00$", page, re.MULTILINE)
    assert len(bars) == 6
    assert len(set(bars)) == 1
    assert page.endswith("After 5 steps back the gradient is 1 times what it was.\n")


def test_a_gradient_that_has_vanished_to_0_has_no_bar(rnncalc):
    page = rnncalc("flow", "-t", "-", stdin=one_unit(Whh=0).encode()).out
    bars = re.findall(r"^  (\d) +(█*) +(\S+)$", page, re.MULTILINE)
    assert bars[1:] == [(str(t), "", "0.0e+00") for t in (4, 3, 2, 1, 0)]
    assert page.endswith("After 5 steps the gradient is 0: it has vanished.\n")


def test_no_gradient_at_all(rnncalc):
    page = rnncalc("flow", "-t", "-", stdin=one_unit(Why=[[0], [0]]).encode()).out
    assert page.endswith("The gradient is 0 at the last step: nothing travels back.\n")


# ── data ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("of", ["last", "total"])
def test_json_and_csv_hold_the_very_numbers(rnncalc, of):
    expected = flow(Problem.template("hello"), of)
    data = json.loads(rnncalc("flow", "hello", "--of", of, "--format", "json").out)
    assert data["of"] == of
    assert data["problem"]["text"] == "hello"
    fields = ("step", "norm", "factor", "product")
    assert data["steps"] == [{field: getattr(s, field) for field in fields} for s in expected.steps]
    table = list(csv.DictReader(io.StringIO(rnncalc("flow", "hello", "--of", of, "--format", "csv").out)))
    assert [(row["step"], float(row["norm"])) for row in table] == [(str(s.step), s.norm) for s in expected.steps]
    assert [row["factor"] for row in table] == ["", *(repr(s.factor) for s in expected.steps[1:])]
    assert [float(row["product"]) for row in table] == [s.product for s in expected.steps]


@pytest.mark.parametrize(("ending", "form"), [("json", "json"), ("csv", "csv"), ("md", "markdown"), ("txt", "table")])
def test_the_ending_chooses_the_format(rnncalc, tmp_path, ending, form):
    path = tmp_path / f"flow.{ending}"
    assert rnncalc("flow", "hello", "-o", str(path)).code == 0
    assert path.read_bytes() == rnncalc("flow", "hello", "--format", form).out.encode()


@pytest.mark.parametrize("form", ["table", "markdown", "json", "csv"])
def test_a_product_beyond_float64_is_a_sentence(rnncalc, form):
    """The first unit multiplies by 1e100 at every step, but the loss hangs on the second, which does not."""
    problem = Problem(
        inputs="abababa", targets="bababab", vocabulary="ab", h_0=[0, 0], activation="linear",
        weights={"Wxh": [[0, 0], [1, 0.5]], "Whh": [[1e100, 0], [0, 0]], "bh": [[0], [0]], "Why": [[0, 1], [0, -1]]},
    )  # fmt: skip
    done = rnncalc("flow", "-t", "-", "--format", form, stdin=problem.to_toml().encode())
    assert (done.code, done.out) == (3, "")
    assert re.fullmatch(r"Error: The product of the factors overflows float64 at step 4, .*\n", done.err)


def test_a_gradient_whose_square_is_beyond_float64_still_has_a_length(rnncalc):
    steep = one_unit(Whh=1e60).encode()
    for form in ("table", "markdown", "json", "csv"):
        done = rnncalc("flow", "-t", "-", "--format", form, stdin=steep)
        assert (done.code, done.err) == (0, "")
        assert not re.search("inf|nan", done.out, re.IGNORECASE)
    norms = [float(row["norm"]) for row in csv.DictReader(io.StringIO(done.out))]
    assert norms == pytest.approx([1e300, 1e240, 1e180, 1e120, 1e60, 1], rel=1e-14)


# ── several cells ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_cells_are_compared_over_one_text_in_one_size():
    """The cell that the problem is of keeps its weights; the others are drawn for it."""
    options = {"vocabulary": "helo", "recurrent": "matrix"}
    expected = [Problem.template("lstm"), *(Problem.draw("hello", cell_kind=k, **options) for k in ("rnn", "gru"))]
    problems, notes = choose_cells(Choice(template="lstm"), ["lstm", "rnn", "gru"])
    assert notes == []
    for found, one in zip(problems, expected, strict=True):
        assert (found.cell, found.inputs, found.targets) == (one.cell, one.inputs, one.targets)
        assert {n: w.tolist() for n, w in found.weights.items()} == {n: w.tolist() for n, w in one.weights.items()}


def test_a_seed_and_a_size_are_those_of_every_cell():
    problems, _ = choose_cells(Choice(text="banana", hidden=2, seed=7, reset_after=True), ["rnn", "lstm", "gru"])
    drawn = [{"cell_kind": "rnn"}, {"cell_kind": "lstm"}, {"cell_kind": "gru", "reset_after": True}]
    for found, options in zip(problems, drawn, strict=True):
        one = Problem.draw("banana", hidden=2, seed=7, **options)
        assert {n: w.tolist() for n, w in found.weights.items()} == {n: w.tolist() for n, w in one.weights.items()}


def test_the_data_of_several_cells_hold_the_very_numbers(rnncalc):
    line = ("flow", "banana", "--cells", "lstm,gru")
    expected = {kind: flow(Problem.draw("banana", cell_kind=kind)) for kind in ("lstm", "gru")}
    data = json.loads(rnncalc(*line, "--format", "json").out)
    fields = ("step", "norm", "factor", "product")
    assert data["of"] == "last"
    assert [(c["cell"], c["problem"]["cell"]) for c in data["cells"]] == [("lstm", "lstm"), ("gru", "gru")]
    for cell in data["cells"]:
        assert cell["steps"] == [{f: getattr(s, f) for f in fields} for s in expected[cell["cell"]].steps]
    table = list(csv.DictReader(io.StringIO(rnncalc(*line, "--format", "csv").out)))
    assert [(r["cell"], r["step"], float(r["norm"])) for r in table] == [
        (kind, str(s.step), s.norm) for kind, found in expected.items() for s in found.steps
    ]


def test_the_chart_has_the_mark_of_each_cell_at_its_height():
    marks = Marks("ab", [("2", [0.0, -10.0]), ("1", [-5.0, -5.0]), ("0", [None, -10.0])])
    assert marks.lines(16) == ["  2  b         a", "  1       *", "  0  b"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cells", "rnn,ltsm"], "there is no cell 'ltsm'; use one or more of rnn, lstm, gru."),
        (["--cells", "gru,gru"], "a cell is named twice; name each cell once."),
        (
            ["--cells", "rnn,gru", "--cell", "gru"],
            ("--cell and --cells cannot be used together. --cells already names all kinds."),
        ),
        (
            ["--cells", "rnn,gru", "--recurrent", "scalar"],
            "recurrent = scalar works only with a single layer of the cell rnn",
        ),
    ],
)
def test_cells_that_cannot_be_compared(rnncalc, arguments, said):
    done = rnncalc("flow", "hello", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


# ── a drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def matplotlib(missing) -> None:
    if importlib.util.find_spec("matplotlib") is None:
        missing("matplotlib is not installed")


@pytest.mark.usefixtures("matplotlib")
@pytest.mark.parametrize("ending", ["svg", "png", "SVG"])
def test_a_plot_is_written_beside_the_page(rnncalc, tmp_path, ending):
    path = tmp_path / f"flow.{ending}"
    done = rnncalc("flow", "hello", "--plot", str(path))
    assert (done.code, done.err) == (0, f"Wrote {path}\n")
    assert done.out == rnncalc("flow", "hello").out
    begins = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml"}[ending.lower()]
    assert path.read_bytes().startswith(begins)


def test_without_matplotlib_the_error_says_how_to_get_it_and_nothing_is_written(rnncalc, tmp_path, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "matplotlib" else found(name, *rest)
    )
    page, plot = tmp_path / "flow.txt", tmp_path / "flow.svg"
    done = rnncalc("flow", "hello", "--plot", str(plot), "-o", str(page))
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: --plot needs matplotlib, which is not installed: pip install 'rnncalc[plot]'.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["flow.pdf", "flow", "flow.svg.txt", "svg"])
def test_a_plot_of_another_ending(rnncalc, tmp_path, name):
    done = rnncalc("flow", "hello", "--plot", str(tmp_path / name))
    assert (done.code, done.out) == (2, "")
    assert done.err == f"Error: --plot {tmp_path / name}: the name needs to end in .svg or .png.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("matplotlib")
def test_a_plot_that_exists_is_left_alone_unless_forced(rnncalc, tmp_path):
    path = tmp_path / "flow.svg"
    path.write_text("mine", encoding="utf-8")
    done = rnncalc("flow", "hello", "--plot", str(path))
    assert (done.code, done.out) == (3, "")
    assert path.read_text(encoding="utf-8") == "mine"
    assert rnncalc("flow", "hello", "--plot", str(path), "--force").code == 0
    assert path.read_text(encoding="utf-8") != "mine"


# ── what is wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--of", "first"], "Invalid value for '--of': 'first' is not one of 'last', 'total'."),
        (["--format", "latex"], "Invalid value for '--format': 'latex' is not one of"),
        (["--truncate", "2"], "No such option '--truncate'"),
        (["-t", "explode"], "There is no template 'explode' (did you mean 'exploding'?)."),
        (["-"], "The text is empty"),
    ],
)
def test_a_wrong_command_line_is_a_sentence_and_2(rnncalc, tmp_path, arguments, message):
    path = tmp_path / "never.txt"
    done = rnncalc("flow", *arguments, "-o", str(path))
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")
    assert not path.exists()


@pytest.mark.parametrize("option", ["-o", "--plot"])
def test_a_folder_that_is_not_there(rnncalc, tmp_path, option):
    path = tmp_path / "nowhere" / "flow.svg"
    done = rnncalc("flow", "hello", option, str(path))
    assert (done.code, done.out) == (3, "")
    assert done.err == f"Error: There is no folder {path.parent}. Create it first, or choose another place.\n"
