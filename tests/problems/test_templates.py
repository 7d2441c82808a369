"""Templates: strict reading of TOML, errors that help, writing that loses nothing, and those that rnncalc brings."""

import io
import math
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import given_numbers
from hypothesis import given

import rnncalc
from rnncalc import Problem, RnncalcError, forward
from rnncalc.errors import FileError
from rnncalc.problems import templates
from rnncalc.problems.template_reader import parse

ROOT = Path(__file__).parents[2]

PLAIN = """
text = "abba"

[weights]
Wxh = [[1, 2], [3, 4]]
Whh = [[1, 2], [3, 4]]
bh = [1, 2]
Why = [[1, 2], [3, 4]]
by = [5, 6]
h_0 = [7, 8]
"""


def read(text: str) -> Problem:
    return parse(text, "mine.toml", "mine").problem


def changed(old: str, new: str) -> str:
    assert old in PLAIN
    return PLAIN.replace(old, new)


def complaint(text: str) -> str:
    with pytest.raises(FileError) as caught:
        read(text)
    return str(caught.value)


def test_a_template_is_its_problem():
    problem = read(PLAIN)
    assert problem.inputs == ("a", "b", "b")
    assert problem.targets == ("b", "b", "a")
    assert problem.vocabulary == ("a", "b")
    assert {name: value.tolist() for name, value in problem.arrays().items()} == {
        "Wxh": [[1, 2], [3, 4]],
        "Whh": [[1, 2], [3, 4]],
        "bh": [[1], [2]],
        "Why": [[1, 2], [3, 4]],
        "by": [[5], [6]],
        "h_0": [[7], [8]],
    }
    assert (problem.cell, problem.activation, problem.loss_reduction, problem.eta) == ("rnn", "tanh", "sum", 0.1)
    assert problem.source == "mine.toml"
    assert problem.origins["Wxh"] == "Taken from mine.toml."


def test_every_setting_of_a_template():
    settings = """
        title = "A title"
        vocabulary = "ba"
        activation = "relu"
        targets = "last"
        loss_reduction = "mean"
        eta = 1
        """
    template = parse(settings + PLAIN + '[origins]\nWhh = "Invented."\n', "mine.toml", "mine")
    problem = template.problem
    assert template.title == "A title"
    assert problem.vocabulary == ("b", "a")
    assert problem.target_mode == "last"
    assert (problem.activation, problem.loss_reduction, problem.eta) == ("relu", "mean", 1.0)
    assert problem.origins["Whh"] == "Invented."


def test_without_an_initial_state_it_is_zeros_and_says_so():
    problem = read(changed("h_0 = [7, 8]\n", ""))
    assert problem.h_0.tolist() == [[0], [0]]
    assert problem.origins["h_0"] != problem.origins["Wxh"]


def test_letters_are_normalised():
    assert read(changed('"abba"', '"e\u0301b"')).inputs == ("é",)
    assert read('vocabulary = "be\u0301"' + changed('"abba"', '"éb"')).vocabulary == ("b", "é")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("text =", "txet =", "mine.toml: txet: this key does not exist (did you mean 'text'?)"),
        ("[weights]", "etha = 1\n[weights]", "mine.toml: etha: this key does not exist (did you mean 'eta'?)"),
        ("by =", "bz =", "mine.toml: [weights] bz: There is no weight 'bz'"),
        ("Wxh =", "Wxhh =", "mine.toml: [weights] Wxhh: There is no weight 'Wxhh' (did you mean 'Wxh'?)"),
        ('"abba"', "3", "mine.toml: text: it is 3; it needs text in quotes."),
        ('text = "abba"', "", "mine.toml: text: it is missing; every template needs it."),
        ('"abba"', '""', "mine.toml: text: The text is empty"),
        ('"abba"', '"a"', "mine.toml: text: The text 'a' has only one letter"),
        ("[weights]", "eta = true\n[weights]", "mine.toml: eta: it is True; it needs a number."),
        ("[weights]", 'eta = "big"\n[weights]', "mine.toml: eta: it is 'big'; it needs a number."),
        ("[weights]", "eta = nan\n[weights]", "mine.toml: eta is nan; it needs a finite number above 0"),
        ("[weights]", "weights = 3\n[origins]", "mine.toml: weights: it is 3; it needs a table."),
        ("[weights]", 'targets = "nxt"\n[weights]', "mine.toml: targets is 'nxt' (did you mean 'next'?)"),
        ("[weights]", 'vocabulary = "abb"\n[weights]', "mine.toml: vocabulary has the letter 'b' twice"),
        ("[weights]", 'vocabulary = "ax"\n[weights]', "mine.toml: text has b, which the vocabulary does not have"),
        ("[[1, 2], [3, 4]]", "[[1, 2], [3]]", "mine.toml: [weights] Wxh: its rows have the lengths 2, 1"),
        ("[[1, 2], [3, 4]]", "[[1, 2], 3]", "mine.toml: [weights] Wxh: its rows have the lengths 2, a lone number"),
        ("[[1, 2], [3, 4]]", "[[1, 2, 3], [4, 5, 6]]", "mine.toml: [weights] Wxh has shape 2×3; it needs 2×2"),
        ("[[1, 2], [3, 4]]", "[[[1, 2]], [[3, 4]]]", "mine.toml: [weights] Wxh: it has [1, 2]; it needs numbers."),
        ("bh = [1, 2]", "bh = [1, true]", "mine.toml: [weights] bh: it has True; it needs numbers."),
        ("bh = [1, 2]", 'bh = [1, "two"]', "mine.toml: [weights] bh: it has 'two'; it needs numbers."),
        ("bh = [1, 2]", 'bh = "two"', "mine.toml: [weights] bh: it has 'two'; it needs numbers."),
        ("bh = [1, 2]", "bh = [1, nan]", "mine.toml: [weights] bh[2,1] is nan; it needs a finite number."),
        ("by = [5, 6]", "by = [-inf, 6]", "mine.toml: [weights] by[1,1] is -inf; it needs a finite number."),
        ("by = [5, 6]", "by = [5, 6, 7]", "mine.toml: [weights] by has shape 3×1; it needs 2×1."),
        ("by = [5, 6]", "by = [5, 1e999]", "mine.toml: [weights] by[2,1] is inf"),
        ("by = [5, 6]", f"by = [5, 1{'0' * 400}]", "mine.toml: [weights] by has a number too large for float64"),
        ("[weights]", f"eta = 1{'0' * 400}\n[weights]", "mine.toml: eta"),
        ("h_0 = [7, 8]", "h_0 = [7]", "mine.toml: [weights] h_0 has shape 1×1; it needs 2×1"),
        ("[weights]", "h_0 = [0, 0]\n[weights]", "mine.toml: h_0: move it into the table [weights]."),
        ("h_0 = [7, 8]", '[origins]\nWx = ""', "mine.toml: origins.Wx: this array is not in [weights]"),
        ("h_0 = [7, 8]", "[origins]\nWxh = 3", "mine.toml: origins.Wxh: it is 3; it needs text in quotes."),
    ],
)
def test_a_message_names_file_and_key_what_it_has_and_needs(old, new, message):
    text = PLAIN.replace(old, new, 1)
    assert text != PLAIN
    assert complaint(text).startswith(message)


def test_a_number_beyond_the_range_of_integers_is_not_shown_in_full():
    assert len(complaint(changed("bh = [1, 2]", f'bh = [1, "{"x" * 1000}"]'))) < 200


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [('text = "ab\n', 1, 11), ("text = 'ab'\nWxh = [1, 2\nWhh = 3", 3, 1), ("text = 'a'\n\ntext = 'b'\n", 3, 11)],
)
def test_broken_toml_is_reported_with_line_and_column(text, line, column):
    message = complaint(text)
    assert message.startswith("mine.toml is not valid TOML: ")
    assert f"(at line {line}, column {column})" in message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b'text = "\xff"', "is not UTF-8 text (byte 9)"),
        (b"\x00", "is not valid TOML"),
        (b"x" * 50_000_001, "larger than 50 MB"),
    ],
    ids=["no UTF-8", "a zero byte", "51 MB"],
)
def test_a_file_that_is_no_template(tmp_path, raw, message):
    path = tmp_path / "mine.toml"
    path.write_bytes(raw)
    with pytest.raises(FileError, match="mine") as caught:
        templates.load(str(path))
    assert message in str(caught.value)


def test_a_file_with_a_byte_order_mark_and_windows_line_ends(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode())
    assert templates.load(str(path)).problem.text == "abba"


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(FileError, match=r"There is no file .*none\.toml"):
        templates.load(str(tmp_path / "none.toml"))
    with pytest.raises(FileError, match="is a folder"):
        templates.load(str(tmp_path))


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAIN.encode())))
    assert templates.load("-").problem.text == "abba"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text = 3")))
    with pytest.raises(FileError, match=r"^standard input: text: it is 3"):
        templates.load("-")


@pytest.mark.parametrize("name", ["hello.toml", "a/b", "./hello", "-", "HELLO.TOML"])
def test_what_is_meant_as_a_file(name):
    from rnncalc.problems.templates import is_file_name

    assert is_file_name(name)


def test_an_unknown_name_suggests_the_near_one():
    with pytest.raises(
        RnncalcError, match=r"^There is no template 'helo' \(did you mean 'hello'\?\)\. rnncalc has .*pencil"
    ):
        Problem.template("helo")


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def same(one: Problem, other: Problem) -> bool:
    """Whether two problems are the same, every number to its last bit."""
    fields = (
        "vocabulary", "tokens", "classes", "cell", "activation", "head", "output_at", "output_function",
        "softmax", "loss", "loss_reduction", "eta",
    )  # fmt: skip

    def plain(read: tuple[Any, ...]) -> list[Any]:
        return [entry.tolist() if isinstance(entry, np.ndarray) else entry for entry in read]

    alike = all(plain(getattr(one, field)) == plain(getattr(other, field)) for field in ("inputs", "targets"))
    return (
        alike
        and all(getattr(one, field) == getattr(other, field) for field in fields)
        and {name: value.tolist() for name, value in one.arrays().items()}
        == {name: value.tolist() for name, value in other.arrays().items()}
    )


@given(given_numbers())
def test_a_problem_written_and_read_again_is_the_same(numbers):
    problem = numbers.problem()
    assert same(read(problem.to_toml()), problem)


def test_the_comparison_sees_the_last_bit():
    problem = read(PLAIN)
    assert same(problem, read(PLAIN))
    assert not same(problem, problem.replace(eta=math.nextafter(0.1, 1)))
    assert not same(problem, problem.replace(h_0=[7, math.nextafter(8, 9)]))


def test_a_title_with_every_sign_is_written():
    title = "".join(map(chr, range(1, 256))) + "😀"
    assert parse(read(PLAIN).to_toml(title), "x.toml", "x").title == title


def test_targets_of_another_pattern_come_back_from_a_list():
    problem = read(PLAIN).replace(targets=("b", None, "a"))
    assert 'targets = ["b", "", "a"]' in problem.to_toml()
    assert read(problem.to_toml()).targets == ("b", None, "a")


def test_letters_that_a_text_would_join_fit_no_template():
    weights = {"Wxh": [[1, 2, 3]], "Whh": 1, "bh": 0, "Why": [[1], [2], [3]]}
    problem = Problem(inputs=("a", "\u0301"), targets=(None, None), vocabulary=("a", "b", "\u0301"), weights=weights)
    with pytest.raises(RnncalcError, match="would be read differently"):
        problem.to_toml()


# ── those that rnncalc brings ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", templates.names())
def test_every_template_computes_and_has_a_title(name):
    template = templates.load(name)
    assert template.title
    assert math.isfinite(forward(template.problem)["loss"].value[0, 0])
    assert same(read(template.problem.to_toml()), template.problem)


def test_pencil_is_hello_with_two_decimals():
    hello, pencil = Problem.template("hello"), Problem.template("pencil")
    rounded = {name: [[float(f"{n:.2f}") for n in row] for row in a.tolist()] for name, a in hello.arrays().items()}
    assert same(hello.replace(weights={k: v for k, v in rounded.items() if k != "h_0"}), pencil)


def test_a_zip_of_the_source_finds_its_templates(tmp_path):
    archive = tmp_path / "rnncalc.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in [*ROOT.glob("rnncalc/**/*.py"), *ROOT.glob("templates/*.toml")]:
            packed.write(path, path.relative_to(ROOT).as_posix())
    code = "import rnncalc; from rnncalc.problems.templates import names; print(rnncalc.__file__, *names(), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(archive)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    home, *found = done.stdout.splitlines()
    assert Path(home) == archive / "rnncalc" / "__init__.py"
    assert found == sorted(path.stem for path in ROOT.glob("templates/*.toml"))
    assert found == templates.names()


def test_a_zip_without_templates_says_what_is_missing(tmp_path):
    archive = tmp_path / "rnncalc.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in ROOT.glob("rnncalc/**/*.py"):
            packed.write(path, path.relative_to(ROOT).as_posix())
    done = subprocess.run(
        [sys.executable, "-m", "rnncalc", "forward"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(archive)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (2, 3)
    assert done.stderr.startswith("Error: ")
    assert "template" in done.stderr
    assert Path(rnncalc.__file__).parent == ROOT / "rnncalc"


def test_a_network_without_a_loss_stays_without_one():
    problem = Problem.template("hello").replace(loss="none")
    assert parse(problem.to_toml(), "x.toml", "x").problem.loss == "none"


# ── the form of softmax ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["plain", "shifted"])
def test_a_template_says_its_form_of_softmax(form):
    text = Problem.template("hello").replace(softmax=form).to_toml()
    assert f'\nsoftmax = "{form}"\n' in text
    assert parse(text, "mine.toml", "mine").problem.softmax == form


def test_a_template_without_softmax_says_nothing_of_its_form():
    problem = Problem.template("by-hand")
    assert problem.softmax == ""
    assert "softmax =" not in problem.to_toml()


def test_every_template_of_rnncalcs_own_says_its_form():
    """Without the key it would be read as one that was made when there was but one form."""
    for name in templates.names():
        own = templates.load(name).problem
        assert bool(own.softmax) == ("\nsoftmax = " in templates.text_of(name)), name


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('softmax = "plane"', "mine.toml: softmax is 'plane' (did you mean 'plain'?); it needs one of plain, shifted."),
        ("softmax = 1", "mine.toml: softmax: it is 1; it needs text in quotes."),
        (
            'softmax = "plain"\noutput_function = "sigmoid"',
            "mine.toml: softmax is plain, but with output_function sigmoid there is no softmax.",
        ),
    ],
)
def test_a_form_of_softmax_that_does_not_fit_is_a_sentence(line, error):
    text = Problem.template("hello").to_toml().replace('softmax = "plain"', line)
    with pytest.raises(FileError) as raised:
        parse(text, "mine.toml", "mine")
    assert str(raised.value).startswith(error)


@pytest.mark.parametrize("names", [("Wax", "Waa", "ba", "Wya", "by", "a0"), ("U", "W", "b", "V", "c", "h_0")])
def test_the_names_of_courses_are_those_of_the_same_arrays(names):
    text = PLAIN
    for own, other in zip(("Wxh", "Whh", "bh", "Why", "by", "h_0"), names, strict=True):
        text = text.replace(f"{own} =", f"{other} =")
    problem, plain = read(text), read(PLAIN)
    assert all((problem.arrays()[name] == array).all() for name, array in plain.arrays().items())
    assert len(problem.arrays()) == len(plain.arrays())


def test_a_template_by_the_names_of_a_course_computes_by_its_equations():
    a = math.tanh(0.5 + 0.3 * 0 + 0.1)
    expected = math.log(1 + math.exp(1 * a - 2 * a))
    trace = forward(templates.load(str(ROOT / "tests" / "data" / "brought" / "gf.toml")).problem)
    assert trace["loss"].value.item() == pytest.approx(expected, rel=1e-12)
