"""The problem as text in the workbook: read back, it is the problem that was written."""

import numpy as np
import openpyxl
import pytest
from drawn import Given, given_numbers
from engines.package import Package, set_text
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl.workbook.defined_name import DefinedName
from workbook.filled import HELLO, PENCIL, blank, by_openpyxl, read, saved

from rnncalc import Problem
from rnncalc.errors import FileError, RnncalcError
from rnncalc.workbook.problem_text import Settings, can_be_told, read_problem
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.worksheet import worksheet


def equal(one: Problem, other: Problem) -> bool:
    """Every number and setting that counts in the arithmetic."""
    names = ("inputs", "targets", "vocabulary", "activation", "loss_reduction", "eta", "cell")
    return all(getattr(one, n) == getattr(other, n) for n in names) and all(
        np.array_equal(array, other.arrays()[n]) for n, array in one.arrays().items()
    )


def told(file: bytes) -> Problem:
    """The problem that a file tells."""
    return read(file).trace.problem


@given(problem=given_numbers().map(Given.problem))
def test_a_worksheets_problem_is_the_one_that_it_was_made_from(problem):
    assert equal(told(worksheet(problem, ask_for=["h_1"])[0]), problem)


@given(text=st.text(st.characters(exclude_categories=("Cs",)), min_size=2, max_size=12))
def test_letters_of_any_kind_come_back(text):
    try:
        problem = Problem.draw(text, hidden=1)
    except RnncalcError:
        assume(False)
    assert equal(told(worksheet(problem, ask_for=["h_1"])[0]), problem)


@pytest.mark.parametrize(
    "text", ["a\r\n\t\0\x1f\x7f", "_x000D_", "_x0041_", "'\"\\#[]=", "\ufffe\uffff", "  ", "\u2028é"]
)
def test_letters_that_xml_or_a_spreadsheet_would_change_come_back(text):
    problem = Problem.draw(text, hidden=1)
    assert equal(told(worksheet(problem, ask_for=["h_1"])[0]), problem)
    assert equal(told(saved(by_openpyxl(worksheet(problem, ask_for=["h_1"])[0]))), problem)


@pytest.mark.parametrize("problem", [HELLO, PENCIL, HELLO.replace(targets=(None, None, None, "o"))])
def test_an_exported_workbooks_problem_comes_back(problem):
    assert equal(told(export(problem)), problem)


def test_a_text_that_would_not_come_back_is_not_told():
    weights = {**HELLO.weights, "Wxh": np.ones((3, 4)), "Why": np.ones((4, 3))}
    vocabulary, inputs = ("h", "e", "l", "\u0301"), ("e", "\u0301")
    odd = HELLO.replace(vocabulary=vocabulary, inputs=inputs, targets=("l", "h"), weights=weights)
    assert not can_be_told(odd)
    assert "Problem" not in Package(export(odd)).sheets
    with pytest.raises(RnncalcError, match="would be read differently"):
        worksheet(odd)


def test_targets_at_odd_steps_are_told():
    assert equal(told(export(odd := HELLO.replace(targets=("e", None, "l", None)))), odd)


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ({"ask_for": ["h_2", "dWhh"]}, Settings(("h_2", "dWhh"), 4, layout="both")),
        ({"ask_for": ["h_2"], "decimals": 0}, Settings(("h_2",), 0, layout="both")),
        ({"ask_for": ["h_2"], "truncate": 2}, Settings(("h_2",), 4, truncate=2, layout="both")),
        ({"ask_for": ["dWhh"], "truncate": 2}, Settings(("dWhh",), 4, truncate=2, layout="both")),
        ({"ask_for": ["Whh_new"], "clip": 0.1}, Settings(("Whh_new",), 4, clip=0.1, layout="both")),
        ({"ask_for": ["Whh_new"], "clip_norm": 0.25}, Settings(("Whh_new",), 4, clip_norm=0.25, layout="both")),
        ({"ask_for": ["h_2"], "layout": "board"}, Settings(("h_2",), 4, layout="board")),
    ],
)
def test_a_worksheets_settings_come_back(options, settings):
    assert read(worksheet(HELLO, **options)[0]).settings == settings


def test_all_names_that_are_asked_for_come_back():
    submission = read(blank())
    assert submission.settings.asked == tuple(q.name for q in submission.trace.values() if q.rule is not None)


def test_an_exported_workbook_asks_for_nothing_and_has_no_decimals():
    assert read(export(HELLO, clip=0.1, truncate=2)).settings == Settings((), None, 2, 0.1, None, "both")


# ── what is no text of ours ───────────────────────────────────────────────────────────────────────────────────────


def rewritten(name: str, line: int, text: str) -> bytes:
    """A worksheet with a line of one of its two texts typed over."""
    package = Package(blank("h_2"))
    set_text(package.cell(name, line), text)
    return package.to_bytes()


NO_TEMPLATE = "homework.xlsx, sheet Problem"
NO_TOML = "homework.xlsx, the settings on its sheet Problem, is not valid TOML: "
NO_SETTINGS = "homework.xlsx: the settings on its sheet Problem are not as rnncalc wrote them."


@pytest.mark.parametrize(
    ("name", "line", "text", "says"),
    [
        ("problem_text", 0, "text = hello", NO_TEMPLATE),
        ("problem_text", 0, 'txt = "hello"', NO_TEMPLATE),
        ("problem_text", 0, "", NO_TEMPLATE),
        ("problem_text", 0, 'text = "hellx"', NO_TEMPLATE),
        ("workbook_text", 0, "kind = worksheet", NO_TOML),
        *(
            ("workbook_text", 4, text, NO_SETTINGS)
            for text in (
                "decimals = 99", "decimals = -1", "decimals = 1.5", "decimals = true", 'truncate = "2"', "truncate = 0",
                "clip = nan", "clip = inf", "clip = 0", "clip = 0.1\nclip_norm = 0.1",
            )
        ),
        ("workbook_text", 2, "    1,", NO_SETTINGS),
        ("workbook_text", 2, '    "h_9",', "homework.xlsx asks for h_9, which the problem chosen here does not have."),
        ("workbook_text", 2, '    "Wxh",', "homework.xlsx asks for Wxh, which the problem chosen here does not have."),
    ],
)  # fmt: skip
def test_a_text_that_someone_changed_is_refused_in_a_sentence(name, line, text, says):
    with pytest.raises(FileError) as refused:
        read(rewritten(name, line, text))
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("hidden", [1, 64])
def test_a_small_file_that_tells_of_a_huge_problem_is_refused_before_the_work(hidden, monkeypatch):
    lines = [
        f'text = "{"ab" * 15_000}"',
        'vocabulary = "ab"',
        "[weights]",
        f"Wxh = {[[0.1, 0.2]] * hidden}",
        "Whh = 0.5",
        "bh = 0",
        f"Why = {[[0.1] * hidden] * 2}",
        f"h_0 = {[0] * hidden}",
    ]
    made = openpyxl.Workbook()
    for row, line in enumerate(lines, 1):
        made.active.cell(row, 1, line)
    made.active["B1"] = 'kind = "export"'
    for name, place in (("problem_text", "$A$1:$A$8"), ("workbook_text", "$B$1"), ("h_1", f"$C$1:$C${hidden}")):
        made.defined_names[name] = DefinedName(name, attr_text=f"Sheet!{place}")
    monkeypatch.setattr("rnncalc.workbook.read.submission.whole_trace", lambda *_, **__: pytest.fail("work was done"))
    with pytest.raises(FileError, match=r"^homework\.xlsx: 29,999 steps need"):
        read(saved(made))


def test_two_texts_are_enough():
    lines = [
        'text = "ab"',
        'vocabulary = "ab"',
        "[weights]",
        "Wxh = [[1, 2]]",
        "Whh = 0.5",
        "bh = 0",
        "Why = [[1], [2]]",
    ]
    problem, settings = read_problem("x.xlsx", [*lines, "h_0 = [0]"], ['kind = "worksheet"'])
    assert (problem.text, settings) == ("ab", Settings())
