"""``rnncalc gradcheck``: its pages and wrong input. That wrong rules end in 1 is held by tests/test_gradcheck.py."""

import re

import numpy as np
import pytest

from rnncalc import Problem
from rnncalc.network.gradcheck import Agreement, GradientCheck
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


RIGHT = Agreement("Wxh", (3, 4), 1.25e-16, 1e-15, "dWxh[1,3]", True, 12)
WRONG = Agreement("Whh", (1, 1), 0.0123, 0.5, "dWhh", False, 1)


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
    assert "At 0, where relu has no derivative: a_1[2], a_2[2], a_3[2], a_4[2]." in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--targets", "none"], "There is no loss to differentiate, because the problem has no targets. "),
        (["--decimals", "3"], "No such option '--decimals'"),
        (["-t", "helo"], "There is no template 'helo' (did you mean 'hello'?)."),
        (["a"], "The text 'a' has only one letter"),
    ],
)
def test_a_wrong_command_line_is_a_sentence_and_2(rnncalc, arguments, message):
    done = rnncalc("gradcheck", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")


def test_of_a_large_network_a_sample_is_compared_and_the_page_says_so(rnncalc, monkeypatch):
    monkeypatch.setattr("rnncalc.network.gradcheck.WORK", 1)
    monkeypatch.setattr("rnncalc.network.gradcheck._SAMPLED_WORK", 1)
    done = rnncalc("gradcheck", "hello", "--hidden", "30")
    assert done.code == 0
    assert "A sample was compared: " in done.out
    assert "Use --all to compare every entry." in " ".join(done.out.split())
    assert "All compared entries agree." in done.out
    whole = rnncalc("gradcheck", "hello", "--hidden", "30", "--all")
    assert "sample" not in whole.out
    assert "All gradients agree." in whole.out


@pytest.mark.parametrize("most", [1, 2, 7, 20, 899, 900, 901])
def test_a_sample_is_so_many_entries_all_over_the_parameter(most):
    from rnncalc.network.gradcheck import check_gradients

    check = check_gradients(Problem.draw("hello", hidden=30), most=most)
    assert check.passed
    for row in check.rows:
        size = row.shape[0] * row.shape[1]
        assert min(most, size) <= row.compared <= min(most + 1, size)


def test_a_wrong_largest_gradient_is_always_in_the_sample(monkeypatch):
    import numpy as np

    from rnncalc.network import gradcheck
    from rnncalc.network.backward_pass import backward

    def wrong(problem):
        trace = backward(problem)
        value = trace["dWhh"].value.copy()
        value.ravel()[np.abs(value).argmax()] *= 1.001
        object.__setattr__(trace["dWhh"], "value", value)
        return trace

    monkeypatch.setattr(gradcheck, "backward", wrong)
    check = gradcheck.check_gradients(Problem.draw("hello", hidden=30), most=3)
    assert [row.name for row in check.rows if not row.agrees] == ["Whh"]


def test_gradients_that_explode_are_compared_too():
    """∂E/∂h grows to 10⁴⁰ and more: the complex step is made shorter, and both agree still."""
    from rnncalc.network.gradcheck import check_gradients

    problem = Problem.draw("ab" * 40, hidden=8, activation="linear", loss="squared-error", output_function="linear")
    check = check_gradients(problem)
    assert check.passed, check.rows


def test_a_chaotic_network_is_not_judged(rnncalc):
    """Over 150 steps the last bit of a state grows as large as the state; a right gradient is not called wrong."""
    text = "abcdefghij" * 15
    done = rnncalc("gradcheck", text, "--hidden", "48", "--seed", "1")
    assert done.code == 0
    assert "Nothing is judged: over this many steps, rounding alone changes the loss" in done.out
    assert " NO" not in done.out
