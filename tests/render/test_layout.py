"""Pictures as lines of text: tables in brackets side by side, folded to a width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, Trace, forward
from rnncalc.network.pictures import letter_picture, picture
from rnncalc.render.layout import align, cell_width, lay_out, to_ascii


@pytest.fixture(scope="module")
def hello() -> Trace:
    return forward(Problem.template("hello"))


def drawn(trace: Trace, name: str, width: int = 80, *, decimals: int = 2, ascii_only: bool = False) -> str:
    """The lines of a quantity's picture."""
    lines = lay_out(picture(trace[name], trace, decimals), width, {}, ascii_only=ascii_only)
    return "\n".join("".join(text for text, _ in line) for line in lines)


def test_a_matrix_times_a_column_is_drawn_as_in_a_textbook(hello):
    assert (
        drawn(hello, "wx_2")
        == """\
    Wxh
       h    e    l    o         x₂      wx₂
  ⎡ 0.29 0.85 0.57 0.49 ⎤   h ⎡ 0 ⎤   ⎡ 0.85 ⎤
  ⎢ 0.90 0.87 0.69 0.19 ⎥ · e ⎢ 1 ⎥ = ⎢ 0.87 ⎥
  ⎣ 0.54 0.09 0.56 0.49 ⎦   l ⎢ 0 ⎥   ⎣ 0.09 ⎦
                            o ⎣ 0 ⎦"""
    )


def test_a_number_times_a_column_plus_a_number(hello):
    assert (
        drawn(hello, "wh_2")
        == """\
           h₁                wh₂
  Whh    ⎡ 0.69 ⎤   bh     ⎡ 0.86 ⎤
  0.43 · ⎢ 0.90 ⎥ + 0.57 = ⎢ 0.95 ⎥
         ⎣ 0.80 ⎦          ⎣ 0.91 ⎦"""
    )


def test_the_same_in_ascii(hello):
    assert (
        drawn(hello, "a_2", ascii_only=True)
        == """\
    wx_2       wh_2       a_2
  | 0.85 |   | 0.86 |   | 1.71 |
  | 0.87 | + | 0.95 | = | 1.82 |
  | 0.09 |   | 0.91 |   | 1.00 |"""
    )


def test_a_function_of_a_table_needs_no_brackets_of_its_own(hello):
    assert drawn(hello, "h_2").splitlines()[2] == "  tanh ⎢ 1.82 ⎥ = ⎢ 0.95 ⎥"


def test_a_picture_wider_than_the_page_goes_on_below(hello):
    assert (
        drawn(hello, "y_2", 40)
        == """\
      Why
         1    2    3       h₂
  h ⎡ 0.37 0.97 0.83 ⎤   ⎡ 0.94 ⎤
  e ⎢ 0.39 0.28 0.66 ⎥ · ⎢ 0.95 ⎥ =
  l ⎢ 0.65 0.10 0.33 ⎥   ⎣ 0.76 ⎦
  o ⎣ 0.91 0.33 0.14 ⎦

      y₂
  h ⎡ 1.91 ⎤
  e ⎢ 1.14 ⎥
  l ⎢ 0.96 ⎥
  o ⎣ 1.27 ⎦"""
    )


def test_a_matrix_wider_than_the_page_is_cut_by_columns():
    trace = forward(Problem.draw("abcdefghij", hidden=2))
    lines = drawn(trace, "wx_1", 40).splitlines()
    captions = [line for line in lines if "columns" in line]
    assert [caption.strip() for caption in captions] == ["Wxh, columns 1–5 of 10", "Wxh, columns 6–10 of 10"]
    first_rows = [word for line in lines if line.strip().startswith("⎡") for word in line.split() if "." in word]
    assert first_rows[:10] == [f"{n:.2f}" for n in trace["Wxh"].value[0].tolist()]


texts = st.text("ab日😀 é", min_size=2, max_size=12)


@pytest.mark.parametrize("ascii_only", [False, True])
@given(text=texts, hidden=st.integers(1, 6), width=st.integers(40, 120), decimals=st.integers(0, 8))
def test_no_line_is_wider_than_the_page(ascii_only, text, hidden, width, decimals):
    trace = forward(Problem.draw(text, hidden=hidden, output_bias=True))
    for name in trace:
        for line in drawn(trace, name, width, decimals=decimals, ascii_only=ascii_only).splitlines():
            assert cell_width(line) <= width


@given(texts, st.integers(1, 6), st.integers(40, 80))
def test_folding_loses_no_number(text, hidden, width):
    """Whatever the width, a picture holds the same numbers, in some order."""
    trace = forward(Problem.draw(text, hidden=hidden))

    def numbers(name: str, columns: int) -> list[str]:
        shown = drawn(trace, name, columns, decimals=5)
        return sorted(word for word in shown.split() if "." in word)

    for name in ("wx_1", "wh_1", "y_1", "p_1"):
        assert numbers(name, width) == numbers(name, 10_000)


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("😀", 2), ("⎡ 1 ⎤", 5), ("", 0)]
)
def test_the_columns_that_a_text_takes(text, width):
    assert cell_width(text) == width


@pytest.mark.parametrize(("where", "filled"), [("l", "日   "), ("c", " 日  "), ("r", "   日")])
def test_filling_up_to_a_width(where, filled):
    assert align("日", 5, where) == filled
    assert align("too long", 3, where) == "too long"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("h₂ = tanh(a₂)", "h_2 = tanh(a_2)"),
        ("x₁₀", "x_10"),
        ("∂E/∂Wxh", "dE/dWxh"),
        ("−Σ target₂ ⊙ ln(p₂)", "-sum target_2 (*) ln(p_2)"),
        ("3×4 · Wᵀ", "3x4 * W^T"),
        ("ü日", "\\xfc\\u65e5"),
    ],
)
def test_the_same_for_terminals_without_utf_8(text, plain):
    assert to_ascii(text) == plain


@given(st.text())
def test_ascii_is_ascii(text):
    assert to_ascii(text).isascii()


@pytest.mark.parametrize(
    ("letter", "shown"),
    [
        ("a", "a"), (" ", "␣"), ("\n", "↵"), ("\t", "⇥"), ("\r", "␍"), ("\0", "␀"), ("\x1b", "␛"), ("\x7f", "␡"),
        ("\xa0", "⍽"), ("\x85", "U+0085"), ("\u200b", "U+200B"), ("\u202e", "U+202E"), ("😀", "😀"), ("=", "="),
    ],
)  # fmt: skip
def test_every_letter_can_be_seen(letter, shown):
    assert letter_picture(letter) == shown


@given(st.characters(codec="utf-8"))
def test_no_letter_is_blank_or_controls_a_terminal(letter):
    shown = letter_picture(letter)
    assert shown.isprintable()
    assert not shown.isspace()
