"""The page of a terminal: folded to its width, in colour or not, in ASCII where there is nothing else."""

import re

import pytest
from drawn import given_numbers
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, backward, forward, update
from rnncalc.network.families import Role
from rnncalc.render.console import NARROWEST, Page, to_page
from rnncalc.render.document import Grid, document
from rnncalc.render.layout import cell_width
from rnncalc.render.roles import COLOURS, GATES, tint
from rnncalc.render.summary import forward_summary

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def hello() -> Trace:
    return forward(Problem.template("hello"))


def whole_page(trace: Trace, page: Page, decimals: int = 6) -> str:
    return to_page(document(trace, list(trace.values()), decimals=decimals, summary=forward_summary), page)


def written(page: Page) -> list[str]:
    return str(page).splitlines()


def test_a_paragraph_is_folded_at_blanks_and_goes_on_indented():
    page = Page(40)
    page.text("one two three four five six seven eight nine ten eleven", indent="  ")
    assert written(page) == ["  one two three four five six seven", "    eight nine ten eleven"]


def test_a_hyphen_does_not_break_a_number():
    page = Page(40)
    page.text("the numbers are 1.234567 and 0.123456 -0.123456")
    assert written(page) == ["the numbers are 1.234567 and 0.123456", "  -0.123456"]


def test_a_heading_is_as_wide_as_the_page():
    page = Page(50)
    page.heading("Step 1: reads 日")
    assert [cell_width(line) for line in written(page)] == [50]


def test_a_page_has_a_least_width():
    assert Page(1).width == NARROWEST


def test_nothing_ends_in_blanks(hello):
    assert not re.search(r"[ \t]+$", whole_page(hello, Page(80)), re.MULTILINE)


@pytest.mark.parametrize("ascii_only", [False, True], ids=["UTF-8", "ASCII"])
@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_a_gated_cell_fits_80_columns_to_the_update(kind, ascii_only):
    trace = update(backward(Problem.template(kind)))
    page = to_page(document(trace, list(trace.values())), Page(80, ascii_only=ascii_only))
    assert max(map(cell_width, page.splitlines())) == 80


def test_a_wide_equation_goes_on_below_its_name():
    page = Page(40)
    page.beside("dh_2", "one + two + three + four + five + six + seven", "")
    assert written(page) == ["dh_2   one + two + three + four + five +", "         six + seven"]


def test_hello_fits_80_columns(hello):
    assert max(map(cell_width, whole_page(hello, Page(80)).splitlines())) == 80


@given(given_numbers(), st.integers(72, 130))
def test_a_page_is_as_wide_as_the_terminal_at_most(numbers, width):
    """72 columns hold the summary, which is a table of its own and is not folded."""
    for line in whole_page(forward(numbers.problem()), Page(width)).splitlines():
        assert cell_width(line) <= width


def test_letters_that_take_two_columns_are_folded_by_columns():
    page = whole_page(forward(Problem.draw("日本語" * 20)), Page(80))
    assert max(map(cell_width, page.splitlines())) <= 80


@given(given_numbers())
def test_an_ascii_page_is_ascii(numbers):
    assert whole_page(forward(numbers.problem()), Page(80, ascii_only=True)).isascii()


def test_without_colours_there_are_no_escape_sequences(hello):
    assert "\x1b" not in whole_page(hello, Page(80))


@pytest.mark.parametrize("colour", ["standard", "256", "truecolor"])
def test_colours_change_nothing_but_the_colour(hello, colour):
    page = whole_page(hello, Page(80, colour=colour))
    assert ESCAPE.search(page)
    assert ESCAPE.sub("", page) == whole_page(hello, Page(80))


def test_a_number_has_the_colour_of_its_role(hello):
    page = whole_page(hello, Page(80, colour="standard"))
    assert "\x1b[34m0.936534\x1b[0m" in page  # h_2 is hidden: blue
    assert "\x1b[32m0.419747\x1b[0m" in page  # p_2 is output: green


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x_1", "input"), ("target_2", "input"), ("Wxh", "given"), ("h_0", "given"), ("wx_1", "hidden"),
        ("a_1", "hidden"), ("h_1", "hidden"), ("y_1", "output"), ("p_1", "output"), ("loss_1", "loss"),
        ("loss", "loss"),
    ],
)  # fmt: skip
def test_the_role_of_a_quantity(hello, name, kind):
    assert hello[name].role == kind


def test_every_role_has_a_colour(hello):
    assert {tint(quantity) for quantity in hello.values()} <= set(COLOURS)
    assert {*GATES, *Role} - {Role.INPUT} <= set(COLOURS)


def test_every_quantity_is_named_on_the_page_with_its_equation_and_words(hello):
    lines = whole_page(hello, Page(80)).splitlines()
    for quantity in hello.values():
        if quantity.rule is not None:
            at = lines.index(f"{quantity.name}   {quantity.equation}")
            assert quantity.says.startswith(lines[at + 1].strip())
            assert quantity.says


def test_control_characters_never_reach_a_terminal():
    trace = forward(Problem.draw("a\x1b[31m\r\n\x07\u202eb"))
    for page in (Page(80), Page(80, ascii_only=True)):
        assert not set("\x1b\r\x07\u202e") & set(whole_page(trace, page))


def test_targets_last_and_none_are_said():
    last = whole_page(forward(Problem.draw("abc", targets="last")), Page(80))
    none = whole_page(forward(Problem.draw("abc", targets="none")), Page(80))
    assert "target      – c\n" in last
    assert "target" not in none
    assert "loss" not in none


def test_the_summary_counts_the_letters_predicted_right():
    page = whole_page(forward(Problem.draw("aaab", vocabulary="ab", seed=2)), Page(80))
    rows = [line.split() for line in page.split("── Summary")[1].splitlines() if re.match(r" +\d", line)]
    assert [row[1] for row in rows] == ["a", "a", "a"]
    assert [row[4] for row in rows] == ["a", "a", "b"]
    right = sum(row[2] == row[4] for row in rows)
    assert 0 < right < 3
    assert f"{right} of 3 letters predicted right" in page


def test_of_equal_probabilities_the_first_letter_is_predicted():
    zeros = {"Wxh": [[0, 0]], "Whh": 0, "bh": 0, "Why": [[0], [0]]}
    problem = Problem(inputs=("b",), targets=("b",), vocabulary=("b", "a"), weights=zeros, h_0=[0])
    row = whole_page(forward(problem), Page(80)).split("── Summary")[1].splitlines()[3].split()
    assert row == ["1", "b", "b", "0.500000", "b", "0.500000", "0.693147"]


def test_a_very_large_table_is_shown_where_it_is_asked_for_by_name():
    problem = Problem.draw(inputs=[[0.5]], hidden=60, head=[40], classes=2, output_at="last")
    trace = forward(problem)
    page = to_page(document(trace, list(trace.values())), Page(80))
    assert "40×60 numbers: use --only Wv_D1 to show them." in " ".join(page.split())
    assert "Wv⁽¹⁾ (40×60)" in page
    chosen = to_page(document(trace, [trace["Wv_D1"]], headed=False), Page(80))
    assert f"{trace['Wv_D1'].value[39, 59]:.6f}" in chosen


# ── tables on narrow terminals ────────────────────────────────────────────────────────────────────────────────────

words = st.lists(st.text("abcdefgh", min_size=1, max_size=7), max_size=8).map(" ".join)


@st.composite
def grids(draw):
    kinds = draw(st.text("lcr", min_size=1, max_size=9))
    cells = [words if kind == "l" and i else st.text("0123456789.", max_size=10) for i, kind in enumerate(kinds)]
    heads = [f"H{i}" for i in range(len(kinds))]
    return Grid(heads, kinds, [[draw(one) for one in cells] for _ in range(draw(st.integers(1, 4)))])


@given(grids(), st.integers(NARROWEST, 80))
def test_no_line_of_a_table_is_wider_than_the_terminal_where_two_columns_fit(grid, width):
    page = Page(width)
    page.grid(grid)
    widths = [max(len(row[i]) for row in (grid.headings, *grid.rows)) for i in range(len(grid.headings))]
    alone = max([2 + widths[0], *(2 + widths[0] + 3 + other for other in widths[1:])])
    assert max(map(len, written(page))) <= max(width, alone)


@given(grids(), st.integers(NARROWEST, 80))
def test_every_word_of_a_table_is_there_as_often_as_before_and_the_first_column_beside_each_part(grid, width):
    page = Page(width)
    page.grid(grid)
    found = sorted(" ".join(written(page)).split())
    parts = sum("H0" in line for line in written(page))
    first = [row[0] for row in (grid.headings, *grid.rows)]
    others = [cell for row in (grid.headings, *grid.rows) for cell in row[1:]]
    assert found == sorted(" ".join([*first * parts, *others]).split())


def test_a_table_that_fits_is_one_and_words_are_folded_before_columns_are_parted():
    grid = Grid(["n", "words", "m"], "rlr", [["1", "one two three four five six seven eight nine", "2"]])
    wide, narrow = Page(80), Page(40)
    wide.grid(grid)
    narrow.grid(grid)
    assert written(wide) == [
        "  n   words                                          m",
        "  1   one two three four five six seven eight nine   2",
    ]
    assert written(narrow) == [
        "  n   words                            m",
        "  1   one two three four five six      2",
        "      seven eight nine",
    ]


PAGES = (
    "train hello --epochs 30", "train abracadabra --epochs 3", "check hello h_2 1 2 3", "gradcheck hello", "flow hello",
    "forward hello --summary", "templates",
)  # fmt: skip


@pytest.mark.parametrize("command", PAGES)
def test_pages_fit_60_columns(rnncalc, command):
    page = rnncalc(*command.split(), width=60).out
    assert max(map(cell_width, page.splitlines())) <= 60
