"""``rnncalc gradcheck``: its pages and wrong input. That wrong rules end in 1 is held by tests/test_gradcheck.py."""

import re

import numpy as np
import pytest

from rnncalc import Problem
from rnncalc.gradcheck import Agreement, GradientCheck
from rnncalc.render.checks import gradcheck_parts
from rnncalc.render.console import Page, to_page


def test_hello_passes_with_a_line_for_each_parameter(rnncalc):
    done = rnncalc("gradcheck", "hello")
    assert (done.code, done.err) == (0, "")
    table = re.findall(r"^  (d\w+) +(\d×\d) +(\S+) +(\S+) +(\S+) +(\S+)$", done.out, re.MULTILINE)
    assert [(name, shape) for name, shape, *_ in table] == [
        ("dWxh", "3×4"), ("dWhh", "1×1"), ("dbh", "1×1"), ("dWhy", "4×3"), ("dh_0", "3×1"),
    ]  # fmt: skip
    for name, _, difference, relative, element, agrees in table:
        assert float(difference) < 1e-13
        assert float(relative) < 1e-10
        assert element.startswith(name)
        assert agrees == "yes"
    assert done.out.endswith("All gradients agree.\n")


@pytest.mark.parametrize("recurrent", ["scalar", "matrix"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
@pytest.mark.parametrize("targets", ["next", "last"])
def test_every_kind_of_problem_passes(rnncalc, recurrent, activation, targets):
    done = rnncalc(
        "gradcheck", "banana", "--recurrent", recurrent, "--activation", activation, "--targets", targets,
        "--output-bias", "--h0", "random", "--loss-reduction", "mean",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert "dby" in done.out


def page(check: GradientCheck) -> str:
    return str(to_page(gradcheck_parts(Problem.template("hello"), check), Page(80)))


RIGHT = Agreement("Wxh", (3, 4), 1.25e-16, 1e-15, "dWxh[1,3]", True)
WRONG = Agreement("Whh", (1, 1), 0.0123, 0.5, "dWhh", False)


def test_the_page_of_gradients_that_are_wrong(expect_page):
    expect_page("gradcheck_wrong.txt", page(GradientCheck([RIGHT, WRONG], [])))


def test_the_page_of_a_kink(expect_page):
    kinks = [f"a_{t}[1]" for t in range(1, 8)]
    expect_page("gradcheck_kink.txt", page(GradientCheck([RIGHT, WRONG._replace(touched=True)], kinks)))


def test_a_kink_is_reported_and_no_reason_to_fail(rnncalc, tmp_path):
    """A row of Wxh, of Whh and of bh that are 0 leave the sum of the second unit exactly 0."""
    problem = Problem.draw("abcab", activation="relu", seed=2)
    weights = {name: np.array(value) for name, value in problem.weights.items()}
    for name in ("Wxh", "Whh", "bh"):
        weights[name][1] = 0
    path = tmp_path / "kink.toml"
    path.write_text(problem.replace(weights=weights).to_toml(), encoding="utf-8")
    done = rnncalc("gradcheck", "-t", str(path))
    assert (done.code, done.err) == (0, "")
    said = " ".join(done.out.split())
    assert "At 0, the kink of relu, where no derivative is: a_1[2], a_2[2], a_3[2], a_4[2]." in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--targets", "none"], "There is nothing to differentiate: the problem has no targets, and so no loss. "),
        (["--decimals", "3"], "No such option '--decimals'"),
        (["-t", "helo"], "There is no template 'helo' (did you mean 'hello'?)."),
        (["a"], "The text 'a' has one letter"),
    ],
)
def test_a_wrong_command_line_is_a_sentence_and_2(rnncalc, arguments, message):
    done = rnncalc("gradcheck", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")
