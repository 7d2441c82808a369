"""``rnncalc forward``: whole pages as files, every option, and every input that is wrong.

The files in tests/data/pages are rewritten by ``RNNCALC_REGENERATE=1 python -m pytest tests/cli``.
"""

import csv
import io
import json
import re

import pytest

PAGES = {
    "forward_hello.txt": (["forward", "hello"], {}),
    "forward_hello_step_2.txt": (["forward", "hello", "--step", "2"], {}),
    "forward_hello_summary.txt": (["forward", "hello", "--summary"], {}),
    "forward_hello_loss_at_the_last_step.txt": (["forward", "--targets", "last", "--only", "stage:loss"], {}),
    "forward_wide_at_60.txt": (["forward", "the wide sea", "--hidden", "6", "--step", "2"], {"width": 60}),
    "forward_hello_ascii.txt": (["forward", "hello"], {"encoding": "ascii"}),
    "forward_letters_ascii.txt": (["forward", "é 日\n😀", "--hidden", "2", "--decimals", "3"], {"encoding": "ascii"}),
    "forward_banana_relu.txt": (
        ["forward", "banana", "--hidden", "2", "--activation", "relu", "--output-bias", "--h0=0.5,1", "--step", "1"],
        {},
    ),
    "forward_hello_step_2.md": (["forward", "hello", "--step", "2", "--format", "markdown"], {}),
    "forward_hello_step_2.tex": (["forward", "hello", "--step", "2", "--format", "latex"], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_whole_page(rnncalc, expect_page, name):
    arguments, screen = PAGES[name]
    page = rnncalc(*arguments, **screen)
    assert (page.code, page.err) == (0, "")
    expect_page(name, page.out)


def test_the_comparison_with_a_file_notices_one_digit(rnncalc, expect_page, monkeypatch):
    monkeypatch.delenv("RNNCALC_REGENERATE", raising=False)
    page = rnncalc("forward", "hello").out
    with pytest.raises(AssertionError):
        expect_page("forward_hello.txt", page.replace("0.936534", "0.936535", 1))


def test_hello_fits_80_columns(rnncalc):
    assert max(map(len, rnncalc("forward", "hello").out.splitlines())) == 80


def test_hello_is_the_template_whatever_way_it_is_asked_for(rnncalc):
    page = rnncalc("forward", "hello")
    for arguments in ([], ["-t", "hello"], ["hello", "-t", "hello"], ["hello", "--targets", "next"]):
        assert rnncalc("forward", *arguments) == page


def names(page: str) -> list[str]:
    """The quantities of a page of CSV."""
    return list(dict.fromkeys(row["name"] for row in csv.DictReader(io.StringIO(page))))


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (["--only", "h_2"], ["h_2"]),
        (["--only", "h_*", "--step", "2-3"], ["h_2", "h_3"]),
        (["--only", "stage:loss"], ["loss_1", "loss_2", "loss_3", "loss_4", "loss"]),
        (["--only", "loss", "--only", "p_1"], ["p_1", "loss"]),
        (["--step", "1", "--step", "4", "--only", "h_*"], ["h_1", "h_4"]),
        (["--step", "3"], ["x_3", "target_3", "wx_3", "wh_3", "a_3", "h_3", "y_3", "exp_3", "p_3", "loss_3"]),
    ],
)
def test_what_is_selected(rnncalc, options, chosen):
    assert names(rnncalc("forward", "hello", "--format", "csv", *options).out) == chosen


@pytest.mark.parametrize("targets", ["next", "last", "none"])
@pytest.mark.parametrize("form", ["table", "markdown", "latex", "json", "csv"])
def test_every_format_shows_every_target_mode(rnncalc, form, targets):
    page = rnncalc("forward", "banana", "--format", form, "--targets", targets, "--output-bias")
    assert (page.code, page.err) == (0, "")
    losses = {"next": 5, "last": 1, "none": 0}[targets]
    data = json.loads(rnncalc("forward", "banana", "--format", "json", "--targets", targets, "--output-bias").out)
    assert sum(q["name"].startswith("loss_") for q in data["quantities"]) == losses
    shown = page.out.replace("\\", "")
    for q in data["quantities"]:
        if q["stage"] != "given":
            assert re.search(rf"\b{q['name']}\b", shown)
    assert bool(re.search(r"\bloss_5\b", shown)) == (losses > 0)


@pytest.mark.parametrize("form", ["table", "markdown", "latex"])
def test_the_summary_in_every_format_for_people(rnncalc, form):
    page = rnncalc("forward", "hello", "--summary", "--format", form).out
    assert "6.811275" in page
    assert "0.936534" not in page


@pytest.mark.parametrize(("decimals", "shown"), [("0", "1"), ("2", "0.94"), ("12", "0.936533772858")])
def test_decimals(rnncalc, decimals, shown):
    page = rnncalc("forward", "hello", "--only", "h_2", "--decimals", decimals).out
    assert re.search(rf"⎡ {re.escape(shown)} ⎤$", page, re.MULTILINE)


def test_decimals_change_nothing_in_data(rnncalc):
    plain, short = (rnncalc("forward", "--format", "json", "--decimals", n).out for n in ("6", "1"))
    assert plain == short


def test_a_capital_letter_is_another_letter_and_says_so(rnncalc):
    page = rnncalc("forward", "Hello", "--summary")
    assert page.code == 0
    assert page.err == (
        "Note: 'Hello' is not the same text as 'hello' in template hello (case and spaces matter), so it gets "
        "random weights from a seed. For the numbers of the template, use hello\n"
    )
    assert "vocabulary  H e l o" in page.out


def problem(page: str) -> dict[str, object]:
    return json.loads(page)["problem"]


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        (["--hidden", "5"], "hidden", 5),
        (["--vocabulary", "nab!"], "vocabulary", ["n", "a", "b", "!"]),
        (["--recurrent", "scalar"], "recurrent", "scalar"),
        (["--recurrent", "matrix"], "recurrent", "matrix"),
        (["--output-bias"], "output_bias", True),
        (["--no-output-bias"], "output_bias", False),
        (["--activation", "sigmoid"], "activation", "sigmoid"),
        (["--targets", "last"], "targets", [None, None, None, None, "a"]),
        (["--loss-reduction", "mean"], "loss_reduction", "mean"),
        (["--seed", "3"], "source", "weights drawn from seed 3, uniform in [-1, 1], rounded to 6 decimals"),
        (["--weight-decimals", "2"], "source", "weights drawn from seed 0, uniform in [-1, 1], rounded to 2 decimals"),
    ],
)
def test_each_option_of_the_problem(rnncalc, options, key, value):
    assert problem(rnncalc("forward", "banana", "--format", "json", *options).out)[key] == value


def test_the_initial_state_as_an_option(rnncalc):
    rows = csv.DictReader(io.StringIO(rnncalc("forward", "--h0", "0,0.5,-1", "--only", "h_0", "--format", "csv").out))
    assert [float(row["value"]) for row in rows] == [0, 0.5, -1]


# ── standard input ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stdin", [b"banana", b"banana\n", b"banana\r\n"])
def test_a_text_from_standard_input(rnncalc, stdin):
    assert rnncalc("forward", "-", stdin=stdin) == rnncalc("forward", "banana")


def test_lines_within_a_text_from_standard_input_are_letters(rnncalc):
    page = rnncalc("forward", "-", "--format", "json", stdin="é\nb\n".encode())
    assert problem(page.out)["inputs"] == ["é", "\n"]


def test_a_template_from_standard_input(rnncalc):
    source = rnncalc("templates", "show", "pencil").out.encode()
    mine, theirs = (
        rnncalc("forward", "-t", "-", "--format", "csv", stdin=source),
        rnncalc("forward", "-t", "pencil", "--format", "csv"),
    )
    assert mine == theirs


# ── what is wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "The text is empty; it needs at least two letters, such as hello."),
        (["a"], "The text 'a' has only one letter, so there is no next letter to predict; it needs at least two"),
        (["-t", "helo"], "There is no template 'helo' (did you mean 'hello'?). rnncalc has "),
        (["--step", "9"], "There is no step 9: 'hello' has steps 1 to 4."),
        (["--step", "2-9"], "There is no step 9: 'hello' has steps 1 to 4."),
        (["--step", "0"],
         "Invalid value for '--step': '0' is not a step. Steps count from 1, and a range goes upwards, such as 2-3."),
        (["--step", "3-2"], "Invalid value for '--step': '3-2' is not a step. Steps count from 1"),
        (["--step", "two"], "Invalid value for '--step': 'two' is not a step. Use a number such as 2, or a range"),
        (["--only", "h_9"], "There is no h_9: h runs from h_0 to h_4."),
        (["--only", "lost"], "There is no quantity named 'lost' (did you mean 'loss'?)."),
        (["--only", "stage:lost"], "There is no stage 'lost' here; the stages are given, forward, loss."),
        (["--only", "Wxh", "--step", "2"], "There is nothing to show: the chosen quantities"),
        (["--hidden", "0"], "hidden is 0; it needs a whole number from 1 to 1,024."),
        (["--hidden", "-1"], "hidden is -1; it needs a whole number from 1 to 1,024."),
        (["--hidden", "1000000000"], "hidden is 1,000,000,000; it needs a whole number from 1 to 1,024."),
        (["--hidden", "nan"], "Invalid value for '--hidden': 'nan' is not a valid integer."),
        (["--hidden", "three"], "Invalid value for '--hidden': 'three' is not a valid integer."),
        (["--seed", "1.5"], "Invalid value for '--seed': '1.5' is not a valid integer."),
        (["--weight-decimals", "0"], "weight_decimals is 0; it needs 1 to 15."),
        (["--vocabulary", "hhelo"], "vocabulary has the letter 'h' twice; it needs each letter once."),
        (["--vocabulary", "abc"], "'hello' has h, e, l, o, but the vocabulary has only a, b, c."),
        (["--vocabulary", ""], "'hello' has h, e, l, o, but the vocabulary is empty."),
        (["--h0", "1,nan,2"], "Invalid value for '--h0': '1,nan,2' contains a number that is not finite."),
        (["--h0", "inf,0,0"], "Invalid value for '--h0': 'inf,0,0' contains a number that is not finite."),
        (["--h0", "one,two"],
         "Invalid value for '--h0': 'one,two' is not an initial state. Use zeros, random, or numbers"),
        (["--h0", "1,2"], "h_0 has 2 numbers; it needs 3, one for each hidden unit."),
        (["--decimals", "16"], "Invalid value for '--decimals': 16 is not in the range 0<=x<=15."),
        (["--activation", "tan"], "Invalid value for '--activation': 'tan' is not one of"),
        (["--format", "xml"], "Invalid value for '--format': 'xml' is not one of"),
        (["--summary", "--format", "json"], "--summary is for reading. Use it with table,"),
        (["--summary", "--step", "2"],
         "--summary shows all steps. Leave out --only and --step, or leave out --summary."),
        (["-t", "pencil", "help"], "'help' has p, but the vocabulary of template pencil has only h, e, l, o;"),
        (["-", "-t", "-"], "TEXT and --template cannot both be read from standard input."),
        (["a\udcffb"], "The text is not UTF-8. Use a text in UTF-8."),
        (["--generate", "1" + "0" * 21], "generate is 1000000000000000000000; it needs 0 to 10,000."),
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_a_sentence_and_2(rnncalc, tmp_path, arguments, message):
    path = tmp_path / "never.txt"
    done = rnncalc("forward", *arguments, "-o", str(path))
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")
    assert not path.exists()


TEMPLATE = """text = "ab"
[weights]
Wxh = [[1, 2], [3, 4]]
Whh = 0.5
bh = 0
Why = [[1, 2], [3, 4]]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"ab"', '"ab', "mine.toml is not valid TOML: illegal character '\\n' (at line 1, column 11)."),
        ("[[1, 2], [3, 4]]", "[[1, 2]", "mine.toml is not valid TOML: unclosed array (at line 4, column 1)."),
        (
            "text", "txet",
            "mine.toml: txet: this key does not exist (did you mean 'text'?); a template can have title, text,",
        ),
        ("Whh = 0.5", "Whh = nan", "mine.toml: [weights] Whh[1,1] is nan; it needs a finite number."),
        ("Whh = 0.5", "Whh = inf", "mine.toml: [weights] Whh[1,1] is inf; it needs a finite number."),
        ("Whh = 0.5", 'Whh = "half"', "mine.toml: [weights] Whh: it has 'half'; it needs numbers."),
        ("Whh = 0.5", "Whh = true", "mine.toml: [weights] Whh: it has True; it needs numbers."),
        ("Wxh = [[1, 2], [3, 4]]", "Wxh = [[1, 2], [3]]", "mine.toml: [weights] Wxh: its rows have the lengths 2, 1;"),
        ("Wxh = [[1, 2], [3, 4]]", "Wxh = [[1], [3]]", "mine.toml: [weights] Wxh has shape 2×1; it needs 2×2,"),
        ("bh = 0", "bh = [1, 2, 3]", "mine.toml: [weights] bh has shape 3×1; it needs 1×1 or 2×1."),
        ('"ab"', '""', "mine.toml: text: The text is empty;"),
        ('"ab"', '"a"', "mine.toml: text: The text 'a' has only one letter"),
        ("[weights]", 'vocabulary = "aab"\n[weights]', "mine.toml: vocabulary has the letter 'a' twice;"),
        ("[weights]", 'vocabulary = "bc"\n[weights]', "mine.toml: text has a, which the vocabulary does not have;"),
        ("[weights]", "[wheights]", "mine.toml: wheights: this key does not exist (did you mean 'weights'?)"),
        (TEMPLATE, 'text = "ab"\nweights = 3\n', "mine.toml: weights: it is 3; it needs a table."),
        (TEMPLATE, 'text = "ab"\n', "mine.toml: weights: it is missing; every template needs it."),
    ],
)  # fmt: skip
def test_a_wrong_template_is_a_sentence_and_3(rnncalc, tmp_path, monkeypatch, old, new, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(TEMPLATE.replace(old, new, 1), encoding="utf-8")
    done = rnncalc("forward", "-t", "mine.toml", "-o", "never.txt")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"Error: {message}")
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "never.txt").exists()


def test_that_template_is_right_before_it_is_spoilt(rnncalc, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(TEMPLATE, encoding="utf-8")
    assert rnncalc("forward", "-t", str(path)).code == 0


def test_a_template_that_is_no_file(rnncalc, tmp_path):
    missing = tmp_path / "none.toml"
    assert rnncalc("forward", "-t", str(missing)) == (
        3, "", f"Error: There is no file {missing}. Use rnncalc templates to list the templates.\n",
    )  # fmt: skip
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    assert rnncalc("forward", "-t", str(folder)).code == 3


def test_a_text_of_another_encoding_from_standard_input(rnncalc):
    done = rnncalc("forward", "-", stdin=b"\xff\xfe")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == "Error: The text is not UTF-8. Use a text in UTF-8."
