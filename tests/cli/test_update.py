"""``rnncalc update``, and ``rnncalc explain`` of what it shows: whole pages as files, every option, wrong input.

The files in tests/data/pages are rewritten by ``RNNCALC_REGENERATE=1 python -m pytest tests/cli``.
"""

import csv
import io
import json
import re

import pytest

from rnncalc import Problem, backward, update
from rnncalc.network.update_step import descend

PAGES = {
    "update_hello.txt": ["update", "hello"],
    "update_hello_summary.txt": ["update", "hello", "--eta", "0.5", "--summary"],
    "update_hello_clip_summary.txt": ["update", "hello", "--clip", "0.5", "--summary"],
    "update_hello_clip_norm.txt": [
        "update", "hello", "--clip-norm", "1", "--only", "grad_norm", "--only", "dWhh_clipped", "--only", "Whh_new",
    ],
    "update_pencil_repeat_3.md": ["update", "-t", "pencil", "--repeat", "3", "--summary", "--format", "markdown"],
    "explain_Wxh_new_1_2.txt": ["explain", "hello", "Wxh_new:1,2"],
    "explain_grad_norm_ascii.txt": ["explain", "hello", "grad_norm", "--decimals", "2"],
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_whole_page(rnncalc, expect_page, name):
    page = rnncalc(*PAGES[name], encoding="ascii" if "ascii" in name else "utf-8")
    assert (page.code, page.err) == (0, "")
    expect_page(name, page.out)


# ── options ───────────────────────────────────────────────────────────────────────────────────────────────────────


def number(rnncalc, *arguments: str) -> float:
    """The one number that is left of an update's CSV."""
    (row,) = csv.DictReader(io.StringIO(rnncalc("update", *arguments, "--format", "csv").out))
    return float(row["value"])


def test_the_rate_is_the_templates_unless_it_is_typed(rnncalc, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(Problem.template("hello").replace(eta=0.25).to_toml(), encoding="utf-8")
    gradient = backward(Problem.template("hello"))["dWhh"].value.item()
    for arguments, eta in (
        ([], 0.1),
        (["--eta", "2"], 2),
        (["-t", str(path)], 0.25),
        (["-t", str(path), "--eta", "3"], 3),
    ):
        assert number(rnncalc, *arguments, "--only", "Whh_new") == 0.427043 - eta * gradient


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        (["--clip", "0.05"], {"clip": 0.05}),
        (["--clip-norm", "0.5"], {"clip_norm": 0.5}),
        (["--truncate", "2"], {"truncate": 2}),
        (["--repeat", "7"], {}),
    ],
)
def test_an_option_does_what_the_library_does(rnncalc, typed, options):
    times = int(typed[1]) if typed[0] == "--repeat" else 1
    _, trace = descend(Problem.template("hello"), times, **options)
    quantities = json.loads(rnncalc("update", "hello", *typed, "--format", "json").out)["quantities"]
    assert {q["name"]: q["value"] for q in quantities} == {name: q.value.tolist() for name, q in trace.items()}


def test_the_page_shows_each_old_weight_with_its_gradient_and_its_new_value(rnncalc):
    trace = update(backward(Problem.template("hello")), clip=0.2)
    page = rnncalc("update", "hello", "--clip", "0.2", "--summary", "--decimals", "9").out
    for name in ("Wxh", "Whh", "bh", "Why"):
        for quantity in (name, f"d{name}", f"d{name}_clipped", f"{name}_new"):
            for value in trace[quantity].value.ravel():
                assert f"{value:.9f}" in page


def losses(page: str) -> list[float]:
    return [float(n) for n in re.findall(r"^ +\d+ +([\d.]+)$", page, re.MULTILINE)]


def test_repeat_shows_the_loss_of_each_time_and_goes_on_from_the_new_weights(rnncalc):
    expected, _ = descend(Problem.template("hello"), 5)
    page = rnncalc("update", "hello", "--repeat", "5", "--summary", "--decimals", "12").out
    assert losses(page) == [float(f"{loss:.12f}") for loss in expected]
    final, _ = descend(Problem.template("hello"), 1)
    once = rnncalc("update", "hello", "--summary", "--decimals", "12").out
    assert f"Loss before: {final[0]:.12f}   after: {final[1]:.12f}\n" in once


def test_hello_is_learnt_in_74_updates_and_not_in_73(rnncalc, tmp_path):
    """The new weights as a template of one's own: its forward pass predicts all letters right."""
    for times, verdict in (("73", "3 of 4"), ("74", "4 of 4")):
        quantities = json.loads(rnncalc("update", "--repeat", times, "--format", "json").out)["quantities"]
        new = {q["name"].removesuffix("_new"): q["value"] for q in quantities if q["name"].endswith("_new")}
        path = tmp_path / f"{times}.toml"
        path.write_text(Problem.template("hello").replace(weights=new).to_toml(), encoding="utf-8")
        assert f"{verdict} letters predicted right" in rnncalc("forward", "-t", str(path), "--summary").out


def test_clipping_cures_the_template_that_explodes(rnncalc):
    def after(*options: str) -> list[float]:
        page = rnncalc("update", "-t", "exploding", "--repeat", "3", "--summary", *options).out
        return losses(page)

    plain, cured = after(), after("--clip-norm", "1")
    assert plain[1] > plain[0]
    assert cured[3] < cured[2] < cured[1] < cured[0]


@pytest.mark.parametrize("form", ["table", "markdown", "latex", "json", "csv"])
@pytest.mark.parametrize("clipping", [[], ["--clip", "1"], ["--clip-norm", "1"]])
def test_every_format_shows_every_new_weight(rnncalc, form, clipping):
    page = rnncalc("update", "banana", "--output-bias", *clipping, "--format", form)
    assert (page.code, page.err) == (0, "")
    shown = page.out.replace("\\", "")
    for name in ("Wxh", "Whh", "bh", "Why", "by"):
        assert re.search(rf"\b{name}_new\b", shown)
        assert bool(re.search(rf"\bd{name}_clipped\b", shown)) == bool(clipping)


# ── explained ─────────────────────────────────────────────────────────────────────────────────────────────────────


def python(text: str) -> str:
    """What was written as mathematics, as Python writes it."""
    for sign, code in {"−": "-", "·": "*", "²": "**2", "√": "root"}.items():
        text = text.replace(sign, code)
    return text


FUNCTIONS = {"max": max, "min": min, "root": lambda x: x**0.5, "__builtins__": {}}


@pytest.mark.parametrize(
    ("name", "options", "elements"),
    [
        ("grad_norm", [], 1),
        ("Wxh_new", [], 12),
        ("Whh_new", ["--eta", "2"], 1),
        ("dWhy_clipped", ["--clip", "0.5"], 12),
        ("dWhy_clipped", ["--clip-norm", "0.5"], 12),
        ("Why_new:4,3", ["--clip-norm", "0.5"], 1),
    ],
)
def test_an_update_is_explained_with_numbers_that_give_it(rnncalc, name, options, elements):
    page = rnncalc("explain", "hello", name, *options, "--decimals", "15", width=10_000)
    assert (page.code, page.err) == (0, "")
    worked = re.findall(r"^  \S.* = .*\n {4,}= (.*)\n {4,}= (.*)$", page.out, re.MULTILINE)
    assert len(worked) == elements
    for numbers, result in worked:
        assert eval(python(numbers), FUNCTIONS) == pytest.approx(float(result), rel=0, abs=1e-13)


def test_explain_takes_the_options_of_an_update(rnncalc):
    hello = Problem.template("hello")
    for name, options, trace in (
        ("Whh_new", ["--eta", "0.7"], update(backward(hello), 0.7)),
        ("Whh_new", ["--clip", "0.1"], update(backward(hello), clip=0.1)),
        ("Whh_new", ["--clip-norm", "0.1"], update(backward(hello), clip_norm=0.1)),
        ("Whh_new", ["--truncate", "2"], update(backward(hello, 2))),
        ("dWhh", ["--truncate", "2"], backward(hello, 2)),
    ):
        page = rnncalc("explain", "hello", name, *options, "--decimals", "12").out
        assert f" = {trace[name].value.item():.12f}\n" in page
        assert page != rnncalc("explain", "hello", name, "--decimals", "12").out


# ── what is wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("option", ["--eta", "--clip", "--clip-norm"])
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "0 is not a finite number above 0. Use a number such as 0.1."),
        ("-0.1", "-0.1 is not a finite number above 0. Use a number such as 0.1."),
        ("nan", "nan is not a finite number above 0. Use a number such as 0.1."),
        ("inf", "inf is not a finite number above 0. Use a number such as 0.1."),
        ("1e-400", "1e-400 is not a finite number above 0. Use a number such as 0.1."),
        ("fast", "'fast' is not a number. Use a number such as 0.1."),
        ("", "'' is not a number. Use a number such as 0.1."),
        ("0,1", "'0,1' is not a number. Use a number such as 0.1."),
    ],
)
def test_a_rate_or_threshold_that_is_none(rnncalc, tmp_path, option, typed, why):
    path = tmp_path / "never.txt"
    done = rnncalc("update", "hello", option, typed, "-o", str(path))
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == f"Error: Invalid value for '{option}': {why}"
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--clip", "1", "--clip-norm", "1"],
            "clip and clip_norm (--clip, --clip-norm) are two ways of clipping. Use only one of them.",
        ),
        (["--repeat", "0"], "Invalid value for '--repeat': 0 is not in the range 1<=x<=100000."),
        (["--repeat", "-1"], "Invalid value for '--repeat': -1 is not in the range 1<=x<=100000."),
        (["--repeat", "1.5"], "Invalid value for '--repeat': '1.5' is not a valid integer"),
        (["--truncate", "0"], "Invalid value for '--truncate': 0 is not in the range x>=1."),
        (["--targets", "none"], "There is no loss to differentiate, because the problem has no targets. "),
        (["--only", "by_new"], "There is no quantity named 'by_new' (did you mean 'bh_new'?)."),
    ],
)
def test_a_wrong_command_line_is_a_sentence_and_2(rnncalc, arguments, message):
    done = rnncalc("update", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")


def test_clipping_both_ways_is_refused_by_explain_too(rnncalc):
    done = rnncalc("explain", "Whh_new", "--clip", "1", "--clip-norm", "1")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].endswith("two ways of clipping. Use only one of them.")


def test_a_weight_that_overflows_is_a_sentence_that_names_it_and_the_cause(rnncalc):
    done = rnncalc("update", "hello", "--eta", "1.5e308")
    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "Error: Why_new is not finite: Why − η · ∂E/∂Why overflows float64; "
        "the largest number used is 1.5e+308, in eta. Use a smaller learning rate.\n"
    )


@pytest.mark.parametrize("eta", [5, 50, 1e3, 1e30, 1e100])
@pytest.mark.parametrize("cell", [(), ("--cell", "gru"), ("--truncate", "2")])
@pytest.mark.parametrize("form", ["table", "json"])
def test_updates_that_diverge_show_the_good_ones_and_say_which_broke(rnncalc, eta, cell, form):
    """A linear unit's weights grow without end; the good updates are those that the library makes one by one."""
    options = ("--activation", "linear", "--eta", str(eta), *cell)
    done = rnncalc("update", "hello", *options, "--repeat", "400", "--format", form)
    found = re.fullmatch(
        r"Error: After update ([\d,]+), .*, so update ([\d,]+) cannot be made: the learning rate "
        r"(\S+) is too large\. Use a smaller --eta, or --clip-norm 1\.\n", done.err
    )  # fmt: skip
    assert done.code == 1
    assert found is not None, done.err
    good = int(found[1].replace(",", ""))
    assert (int(found[2].replace(",", "")), float(found[3])) == (good + 1, eta)
    whole = rnncalc("update", "hello", *options, "--repeat", str(good), "--format", form)
    if form == "json":
        shown, alone = json.loads(done.out), json.loads(whole.out)
        assert shown["quantities"] == alone["quantities"]
        assert len(shown["losses"]) == good
    else:
        assert done.out.splitlines()[:20] == whole.out.splitlines()[:20]


def test_clipping_is_what_helps(rnncalc):
    options = ("--activation", "linear", "--eta", "1", "--repeat", "100")
    assert rnncalc("update", "hello", *options).code == 1
    assert rnncalc("update", "hello", *options, "--clip-norm", "0.1").code == 0
