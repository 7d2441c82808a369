"""``rnncalc worksheet``: what is written, what is said of it, and what is refused."""

import io

import openpyxl
import pytest
from engines.package import Package

from rnncalc.cli import output


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ([], "hello-worksheet.xlsx"),
        (["-t", "pencil"], "hello-worksheet.xlsx"),
        (["a b", "--hidden", "2"], "a_b-worksheet.xlsx"),
        (["hello", "-o", "quiz.xlsx"], "quiz.xlsx"),
        (["hello", "-o", "Quiz.XLSX"], "Quiz.XLSX"),
    ],
)
def test_the_file_is_named_after_the_text_or_as_typed(rnncalc, tmp_path, arguments, name):
    done = rnncalc("worksheet", *arguments)
    assert (done.code, done.out, done.err.splitlines()[-2]) == (0, "", f"Wrote {name}")
    assert done.err.splitlines()[-1] == f"Fill it in, save it, then run: rnncalc verify {name}"
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert openpyxl.load_workbook(tmp_path / name).sheetnames[-1] == "Problem"


def test_an_existing_file_is_kept_but_with_force(rnncalc, tmp_path):
    path = tmp_path / "quiz.xlsx"
    path.write_bytes(b"precious")
    done = rnncalc("worksheet", "-o", "quiz.xlsx")
    assert (done.code, done.err) == (
        3, "Error: quiz.xlsx already exists. Choose another name, or use --force to overwrite it.\n",
    )  # fmt: skip
    assert path.read_bytes() == b"precious"
    assert rnncalc("worksheet", "-o", "quiz.xlsx", "--force").code == 0
    assert path.read_bytes().startswith(b"PK")


def test_standard_output_takes_it_too(monkeypatch, tmp_path):
    written = []
    monkeypatch.setattr(output, "emit_bytes", lambda content, path, *, force=False: written.append((content, path)))
    from rnncalc.cli.main import run

    assert run(["worksheet", "--ask", "h_2", "-o", "-"]) == 0
    ((content, path),) = written
    assert path is None
    assert "Problem" in Package(content).sheets
    assert list(tmp_path.iterdir()) == []


def asked(path) -> list[str]:
    """What a worksheet says that it asks for."""
    lines = [row[0] for row in openpyxl.load_workbook(path)["Problem"].iter_rows(values_only=True) if row[0]]
    named = lines[lines.index("asked = [") + 1 : lines.index("]", lines.index("asked = ["))]
    return [name.strip(' "') for line in named for name in line.strip(" ,").split(",")]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--ask", "h_2"], ["h_2"]),
        (["--ask", "h_2,p_2,dWhh"], ["h_2", "p_2", "dy_2", "dWhh"]),
        (["--ask", " h_2 , p_2 "], ["h_2", "p_2"]),
        (["--ask", "h_2", "--ask", "p_2"], ["h_2", "p_2"]),
        (["--ask", "loss"], ["loss_1", "loss_2", "loss_3", "loss_4", "loss"]),
        (["--ask", "p_*"], ["p_1", "p_2", "p_3", "p_4"]),
        (["--ask", "h_*"], ["h_1", "h_2", "h_3", "h_4"]),
        (["ab", "--targets", "none", "--ask", "forward"], ["wx_1", "wh_1", "a_1", "h_1", "y_1", "exp_1",
          "p_1", "wx_2", "wh_2", "a_2", "h_2", "y_2", "exp_2", "p_2"]),
    ],
)  # fmt: skip
def test_it_asks_for_what_was_typed(rnncalc, tmp_path, arguments, names):
    assert rnncalc("worksheet", *arguments, "-o", "w.xlsx").code == 0
    assert asked(tmp_path / "w.xlsx") == names


def test_what_is_asked_for_besides_is_said(rnncalc):
    assert rnncalc("worksheet", "--ask", "h_2,p_2,dWhh").err == (
        "Note: Also left blank, because it would show an answer: dy_2.\nWrote hello-worksheet.xlsx\n"
        "Fill it in, save it, then run: rnncalc verify hello-worksheet.xlsx\n"
    )


def test_a_practice_sheet_says_that_it_holds_the_answers(rnncalc, tmp_path):
    done = rnncalc("worksheet", "--practice")
    assert done.err.startswith(
        "Note: This file contains the answers, on its sheet Practice.\nWrote hello-worksheet.xlsx\n"
    )
    assert "Practice" in openpyxl.load_workbook(tmp_path / "hello-worksheet.xlsx").sheetnames
    assert "answers" not in rnncalc("worksheet", "-o", "other.xlsx").err
    assert "Practice" not in openpyxl.load_workbook(tmp_path / "other.xlsx").sheetnames


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--answer-decimals", "2"], "each with 2 decimals."),
        (["--answer-decimals", "0"], "each with 0 decimals."),
        (["--truncate", "2"], "windows of 2 steps"),
        (["--h0", "0.5,0,-1"], "before the first letter, is 0.5 0 -1"),
        (["--loss-reduction", "mean"], "averaged"),
    ],
)
def test_options_stand_on_the_first_page(rnncalc, tmp_path, options, line):
    assert rnncalc("worksheet", *options, "-o", "w.xlsx").code == 0
    cells = [str(c.value) for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["Start"].iter_rows() for c in row]
    assert [text for text in cells if line in text]


def test_paper_and_protection_reach_the_file(rnncalc, tmp_path):
    assert rnncalc("worksheet", "--print", "--protect", "-o", "w.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["Forward"]
    assert sheet.protection.sheet
    assert len(sheet.row_breaks.brk) == 3


def test_a_theme_brings_its_look(rnncalc, tmp_path):
    theme = tmp_path / "theme.xlsx"
    assert rnncalc("templates", "copy", "theme", "-o", str(theme)).code == 0
    assert rnncalc("worksheet", "--ask", "h_2", "--theme", str(theme)).code == 0


USAGE = {
    "an unknown name": (["--ask", "dWhx"], "There is no quantity named 'dWhx' (did you mean 'dWxh'?)."),
    "an unknown stage": (["--ask", "forwards"], "(did you mean 'forward'?)."),
    "a misspelt stage": (["--ask", "backwards"], "(did you mean 'backward'?)."),
    "a step that there is not": (["--ask", "h_9"], "There is no h_9: h runs from h_0 to h_4."),
    "a given": (["--ask", "Wxh"], "Wxh is given; a worksheet can only ask for computed quantities."),
    "a given among others": (["--ask", "h_2,x_1"], "x_1 is given; a worksheet can only ask for computed quantities."),
    "nothing": (["--ask", ""], "--ask contains an empty name. Use names such as --ask h_2,p_2."),
    "an empty name": (["--ask", "h_2,,p_2"], "--ask contains an empty name. Use names such as --ask h_2,p_2."),
    "no loss": (["--targets", "none", "--ask", "loss"], "There is no loss to ask for: the problem has no targets"),
    "practice on paper": (["--practice", "--print"], "--practice and --print cannot be used together"),
    "too many decimals": (["--answer-decimals", "13"], "Invalid value for '--answer-decimals'"),
    "too few decimals": (["--answer-decimals", "-1"], "Invalid value for '--answer-decimals'"),
    "two clippings": (["--clip", "1", "--clip-norm", "1"], "Use only one of them"),
    "another kind of file": (["-o", "w.csv"], "-o w.csv: the name of a workbook must end in .xlsx."),
    "an unknown option": (["--asks", "h_2"], "--asks"),
    "a letter too many": (["-t", "hello", "help"], "but the vocabulary of template hello has only h, e, l, o"),
}


@pytest.mark.parametrize("what", USAGE)
def test_a_wrong_command_line_is_a_sentence_and_2_and_writes_nothing(rnncalc, tmp_path, what):
    arguments, says = USAGE[what]
    done = rnncalc("worksheet", *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in " ".join(done.err.split())
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "nowhere/w.xlsx"], "There is no folder nowhere. Create it first, or choose another place."),
        (["--theme", "nothing.xlsx"], "There is no file nothing.xlsx."),
        (["-t", "nothing.toml"], "nothing.toml"),
    ],
)
def test_a_file_that_cannot_be_read_or_written_is_3(rnncalc, arguments, says):
    done = rnncalc("worksheet", *arguments)
    assert (done.code, done.out) == (3, "")
    assert says in done.err


def test_a_problem_that_no_sheet_holds_is_refused_in_a_moment(rnncalc):
    done = rnncalc("worksheet", "ab" * 10_000, "--hidden", "1")
    assert done.code == 2
    assert "columns, but a sheet has 16,384" in done.err


def test_targets_that_no_template_has_are_refused(rnncalc, tmp_path):
    assert rnncalc("worksheet", "hello", "--targets", "last").code == 0
    names = openpyxl.load_workbook(io.BytesIO((tmp_path / "hello-worksheet.xlsx").read_bytes())).defined_names
    assert [n for n in names if n.startswith("target_")] == ["target_4"]


def test_help_shows_how(rnncalc):
    page = rnncalc("worksheet", "--help")
    assert page.code == 0
    for word in ("--ask", "--answer-decimals", "--practice", "--print", "--protect", "rnncalc worksheet hello"):
        assert word in page.out
