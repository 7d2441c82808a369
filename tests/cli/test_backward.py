"""``rnncalc backward``, and ``rnncalc explain`` of what it shows: whole pages as files, every option, wrong input.

The files in tests/data/pages are rewritten by ``RNNCALC_REGENERATE=1 python -m pytest tests/cli``.
"""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from rnncalc import Problem, backward

PAGES = {
    "backward_hello.txt": (["backward", "hello"], {}),
    "backward_hello_step_4.txt": (["backward", "hello", "--step", "4"], {}),
    "backward_hello_summary.txt": (["backward", "hello", "--summary"], {}),
    "backward_hello_truncate_2_summary.txt": (["backward", "hello", "--truncate", "2", "--summary"], {}),
    "backward_hello_dWhh.md": (["backward", "hello", "--only", "dWhh*", "--format", "markdown"], {}),
    "backward_hello_dWhh.tex": (["backward", "hello", "--only", "dWhh*", "--format", "latex"], {}),
    "backward_hello_dWhh_ascii.txt": (["backward", "hello", "--only", "dWhh*"], {"encoding": "ascii"}),
    "backward_banana_sigmoid.txt": (
        ["backward", "banana", "--hidden", "2", "--activation", "sigmoid", "--output-bias", "--targets", "last",
         "--loss-reduction", "mean", "--only", "stage:backward", "--step", "4-5"],
        {},
    ),
    "explain_dWhh.txt": (["explain", "hello", "dWhh"], {}),
    "explain_da_3_2.txt": (["explain", "hello", "da_3:2"], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_whole_page(rnncalc, expect_page, name):
    arguments, screen = PAGES[name]
    page = rnncalc(*arguments, **screen)
    assert (page.code, page.err) == (0, "")
    expect_page(name, page.out)


def test_the_page_goes_from_the_loss_over_the_last_step_and_the_first_to_the_totals(rnncalc):
    page = rnncalc("backward", "hello").out
    assert re.findall("^── (.*?) ─", page, re.MULTILINE) == [
        "All steps together: the loss",
        "Step 4 of 4, backward: reads l, target o",
        "Step 3 of 4, backward: reads l, target l",
        "Step 2 of 4, backward: reads e, target l",
        "Step 1 of 4, backward: reads h, target e",
        "All steps together: the gradients",
        "Before step 1: the initial state",
        "Summary",
    ]
    assert max(map(len, page.splitlines())) == 80


# ── data ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_json_holds_the_whole_trace_from_what_is_given_to_the_gradients(rnncalc):
    trace = backward(Problem.template("hello"))
    quantities = json.loads(rnncalc("backward", "hello", "--format", "json").out)["quantities"]
    assert [q["name"] for q in quantities] == list(trace)
    assert [q["value"] for q in quantities] == [q.value.tolist() for q in trace.values()]
    by_name = {q["name"]: q for q in quantities}
    assert by_name["dWhh_2"] == {
        "name": "dWhh_2",
        "stage": "backward",
        "step": 2,
        "equation": "∂E/∂Whh|₂ = Σ ∂E/∂a₂ ⊙ h₁",
        "shape": [1, 1],
        "value": trace["dWhh_2"].value.tolist(),
    }
    assert (by_name["dWhh"]["step"], by_name["dh_0"]["step"]) == (None, 0)


def rows(page: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page)))


def test_csv_holds_the_whole_trace_too(rnncalc):
    trace = backward(Problem.template("hello"))
    table = rows(rnncalc("backward", "hello", "--format", "csv").out)
    assert [float(row["value"]) for row in table] == [n for q in trace.values() for n in q.value.ravel().tolist()]
    assert list(dict.fromkeys(row["name"] for row in table)) == list(trace)


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (["--only", "dWhh"], ["dWhh"]),
        (["--only", "dWhh_*"], ["dWhh_4", "dWhh_3", "dWhh_2", "dWhh_1"]),
        (["--only", "dh_*", "--step", "3-4"], ["dh_out_4", "dh_next_4", "dh_4", "dh_out_3", "dh_next_3", "dh_3"]),
        (["--only", "d*_2"], ["dy_2", "dh_out_2", "dh_next_2", "dh_2", "da_2", "dWxh_2", "dWhh_2", "dbh_2", "dWhy_2"]),
        (["--only", "dby"], ["dby"]),
    ],
)
def test_what_is_selected(rnncalc, options, chosen):
    bias = ["--output-bias"] if "dby" in chosen else []
    page = rnncalc("backward", "hello", "--format", "csv", *bias, *options)
    assert list(dict.fromkeys(row["name"] for row in rows(page.out))) == chosen


# ── options ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("targets", ["next", "last"])
@pytest.mark.parametrize("form", ["table", "markdown", "latex"])
def test_every_format_shows_every_gradient(rnncalc, form, targets):
    page = rnncalc("backward", "banana", "--format", form, "--targets", targets, "--output-bias")
    assert (page.code, page.err) == (0, "")
    shown = page.out.replace("\\", "")
    trace = backward(Problem.draw("banana", targets=targets, output_bias=True))
    names = [q.name for q in trace.values() if q.stage == "backward"]
    assert [name for name in names if not re.search(rf"\b{name}\b", shown)] == []
    assert bool(re.search(r"\bdy_1\b", shown)) == (targets == "next")


@pytest.mark.parametrize("form", ["table", "markdown", "latex"])
def test_the_summary_in_every_format_for_people(rnncalc, form):
    page = rnncalc("backward", "hello", "--summary", "--format", form).out
    assert "0.235706" in page
    assert "0.117585" not in page


@pytest.mark.parametrize(("decimals", "shown"), [("0", "2e-01"), ("3", "0.236"), ("12", "0.235705908975")])
def test_decimals(rnncalc, decimals, shown):
    page = rnncalc("backward", "hello", "--only", "dWhh", "--decimals", decimals).out
    assert page.split()[-1] == shown


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (["--targets", "last"], {"targets": (None, None, None, "o")}),
        (["--loss-reduction", "mean"], {"loss_reduction": "mean"}),
        (["--activation", "relu"], {"activation": "relu"}),
        (["--h0", "0.5,-1,0.25"], {"h_0": [0.5, -1, 0.25]}),
    ],
)
def test_an_option_keeps_the_weights_of_the_template(rnncalc, options, settings):
    quantities = json.loads(rnncalc("backward", "hello", "--format", "json", *options).out)["quantities"]
    trace = backward(Problem.template("hello").replace(**settings))
    assert {q["name"]: q["value"] for q in quantities} == {name: q.value.tolist() for name, q in trace.items()}


@pytest.mark.parametrize(
    ("window", "where"),
    [
        ("2", "cut after step 2."),
        ("3", "cut after step 3."),
        ("4", "not cut, because no window ends before the text does."),
        ("99", "not cut, because no window ends before the text does."),
    ],
)
def test_a_truncated_page_says_where_the_flow_is_cut(rnncalc, window, where):
    page = " ".join(rnncalc("backward", "hello", "--truncate", window).out.split())
    assert f"Truncated BPTT with windows of {window} steps, starting at step 1: the gradient is {where}" in page
    assert ("Zero: the gradient is cut here, between two windows." in page) == ("not cut" not in where)


def test_truncated_gradients_are_data_too(rnncalc):
    trace = backward(Problem.template("hello"), truncate=2)
    page = rnncalc("backward", "hello", "--truncate", "2", "--only", "dWhh", "--format", "csv").out
    assert float(rows(page)[0]["value"]) == trace["dWhh"].value.item()


# ── from the loss to the last digit ───────────────────────────────────────────────────────────────────────────────


def python(text: str) -> str:
    """What was written as mathematics, as Python writes it."""
    for sign, code in {"−": "-", "·": "*", "²": "**2"}.items():
        text = text.replace(sign, code)
    return text


@pytest.mark.parametrize("name", [n for n, q in backward(Problem.template("hello")).items() if q.stage == "backward"])
def test_every_gradient_of_hello_is_explained_with_numbers_that_give_it(rnncalc, name):
    page = rnncalc("explain", "hello", name, "--decimals", "15", width=10_000).out
    worked = re.findall(r"^  \S+ = .*\n {4,}= (.*)\n {4,}= (.*)$", page, re.MULTILINE)
    alone = re.findall(r"^  \S+ = .*\n {4,}= (.*)\n\n", page, re.MULTILINE)  # where the numbers put in are the result
    assert len(worked) + len(alone) >= backward(Problem.template("hello"))[name].value.size
    for numbers, result in worked:
        assert eval(python(numbers), {"__builtins__": {}}) == pytest.approx(float(result), rel=0, abs=1e-14)


def test_dWhh_is_laid_out_as_its_sum_over_time(rnncalc):
    page = rnncalc("explain", "hello", "dWhh", width=200).out
    assert "  ∂E/∂Whh = ∂E/∂Whh|₁ + ∂E/∂Whh|₂ + ∂E/∂Whh|₃ + ∂E/∂Whh|₄\n" in page
    assert "          = 0.000000 + 0.117585 + 0.078926 + 0.039195\n          = 0.235706\n" in page
    assert (
        "            = (-0.014603)·0.693168 + 0.047810·0.899554 + 0.105595·0.802119\n            = 0.117585\n" in page
    )


@pytest.mark.parametrize("name", ["dh_next_4", "dWhh_1", "dh_out_2[3]", "dWhy:2,3", "dh_0"])
def test_any_gradient_can_be_explained(rnncalc, name):
    page = rnncalc("explain", name)
    assert (page.code, page.err) == (0, "")
    assert f"{name.replace(':', '[').partition('[')[0]}" in page.out.splitlines()[0]


# ── what is wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--truncate", "0"], "Invalid value for '--truncate': 0 is not in the range x>=1."),
        (["--truncate", "-2"], "Invalid value for '--truncate': -2 is not in the range x>=1."),
        (["--truncate", "2.5"], "Invalid value for '--truncate': '2.5' is not a valid integer"),
        (["--truncate", "two"], "Invalid value for '--truncate': 'two' is not a valid integer"),
        (["--targets", "none"], "There is no loss to differentiate, because the problem has no targets. "),
        (["--only", "dWhh_9"], "There is no dWhh_9: dWhh runs from dWhh_1 to dWhh_4."),
        (["--only", "dwx_1"], "There is no quantity named 'dwx_1'"),
        (["--step", "5"], "There is no step 5: 'hello' has steps 1 to 4."),
        (["--step", "2", "--only", "dWhh"], "There is nothing to show"),
        (["--summary", "--format", "csv"], "--summary is for reading. Use it with table, markdown, latex, html or"),
        (["--loss-reduction", "average"], "Invalid value for '--loss-reduction': 'average' is not one of"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_a_sentence_and_2(rnncalc, tmp_path, arguments, message):
    path = tmp_path / "never.txt"
    done = rnncalc("backward", *arguments, "-o", str(path))
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")
    assert not path.exists()


@pytest.mark.parametrize("command", ["backward", "update", "gradcheck", "flow"])
def test_without_targets_every_command_that_needs_them_says_what_to_add(rnncalc, command):
    done = rnncalc(command, "banana", "--targets", "none")
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert "--targets next" in done.err


@pytest.fixture
def steep(tmp_path: Path) -> str:
    """A template whose states are all 0 and whose gradient grows by 1e90 with every step back."""
    path = tmp_path / "steep.toml"
    path.write_text(
        'text = "aaaaaa"\nvocabulary = "ab"\nactivation = "linear"\n'
        "[weights]\nWxh = [[0, 0]]\nWhh = 1e90\nbh = 0\nWhy = [[1], [-1]]\n",
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize("command", [["backward"], ["update", "--clip-norm", "1"], ["gradcheck"], ["flow"]])
def test_a_gradient_that_overflows_is_a_sentence_that_names_the_step_and_the_cause(rnncalc, steep, command):
    assert rnncalc("forward", "-t", steep).code == 0
    done = rnncalc(*command, "-t", steep)
    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "Error: dh_next_1 at step 1 is not finite: Whh · ∂E/∂a₂ overflows float64; "
        "the largest number used is 1e+270, in da_2. Use smaller weights.\n"
    )


def test_no_number_of_a_page_is_infinite(rnncalc, steep):
    """A gradient of 1e180 has a square beyond float64, but a length within it."""
    done = rnncalc("backward", "-t", steep, "aaaa", "--summary")
    assert (done.code, done.err) == (0, "")
    assert "1.000e+180" in done.out
    assert not re.search(r"\b(inf|nan)\b", done.out)


@pytest.mark.parametrize("command", ["backward", "update", "gradcheck", "flow"])
def test_a_loss_that_overflows_is_a_sentence_that_names_the_step_and_the_cause(rnncalc, command):
    done = rnncalc(command, "abab", "--activation", "linear", "--h0", "1.7e308,1.7e308,1.7e308", "--seed", "1")
    assert (done.code, done.out) == (3, "")
    assert re.fullmatch(r"Error: \w+_\d at step \d is not finite: .* overflows float64; .*\. Use .*\.\n", done.err)
