"""A cell that a stranger adds, from inside a test: one module is enough for right symbols, words and typed names.

The minimal gated unit (Zhou, Wu, Zhang and Zhou, 2016): u_t = σ(au_t), the reset memory um_t = u_t ⊙ h_{t−1},
m_t = tanh(am_t) with am_t = Wxm · x_t + Whm · um_t + bm, and h_t = (1 − u_t) ⊙ h_{t−1} + u_t ⊙ m_t.
"""

import numpy as np
import pytest
from engines.cases import STYLES, Case
from engines.engines import recalculate
from workbook.filled import blank, fill_in, statuses, true_numbers, verified

from rnncalc import Problem, backward
from rnncalc.language import ACTIVATIONS, Wrong, add, matmul, multiply, one_minus, sigmoid
from rnncalc.marking.answers import read_answer
from rnncalc.marking.marking import Answers, mark
from rnncalc.marking.mistake_groups import in_words, is_common
from rnncalc.network import families
from rnncalc.network.cell import Cell, OwnMistake, gate
from rnncalc.network.cells import CELLS
from rnncalc.network.families import BOTH, MEMORY, Family
from rnncalc.network.gradcheck import check_gradients
from rnncalc.network.update_step import whole_trace
from rnncalc.network.words import shape_means
from rnncalc.problems.model_file import load
from rnncalc.tweets.model import load as load_classifier


def step(put, weights, x, states, activation):
    h = states["h"]
    u = gate(put, weights, "u", x, h, sigmoid)
    um = put("um", multiply(u, h))
    m = put(
        "m",
        ACTIVATIONS[activation](put("am", add(matmul(weights["Wxm"], x), matmul(weights["Whm"], um), weights["bm"]))),
    )
    return {"h": put("h", add(multiply(one_minus(u), h), multiply(u, m)))}


def u_reversed(q, rule):
    """u ⊙ h + (1 − u) ⊙ m for the new memory."""
    if q.bare == "h":
        u, m, h = ({s.bare: s for s in q.sources}[name] for name in "umh")
        yield Wrong(
            "u-reversed", f"{u.symbol} and 1 − {u.symbol} swapped", add(multiply(u, h), multiply(one_minus(u), m))
        )


MGU = Cell(
    "mgu",
    "minimal gated unit",
    ("h",),
    (
        *families.gate("u", "gate", "The gate: how much of the memory is renewed."),
        *families.gate("m", "candidate", "The candidate for the new hidden state."),
        Family(
            "um", "The memory that the candidate looks at.", "How the loss changes with what the candidate looks at."
        ),
        Family("h", "The new memory: part kept, part new.", BOTH, MEMORY),
    ),
    step,
    ("um",),
    (OwnMistake("u-reversed", "u and 1 − u exchanged", u_reversed, lambda left_out, q: left_out == {"u"}),),
)


@pytest.fixture(autouse=True)
def mgu(monkeypatch):
    monkeypatch.setitem(CELLS, "mgu", MGU)


@pytest.fixture(name="trace")
def _trace():
    return whole_trace(Problem.draw("hello", cell_kind="mgu", hidden=2))


@pytest.mark.parametrize(
    ("name", "symbol", "latex"),
    [
        ("u_2", "u₂", "u_{2}"),
        ("au_2", "au₂", "a^{u}_{2}"),
        ("um_2", "um₂", r"\mathit{um}_{2}"),
        ("dm_2", "∂E/∂m₂", r"\frac{\partial E}{\partial m_{2}}"),
        ("dam_2", "∂E/∂am₂", r"\frac{\partial E}{\partial a^{m}_{2}}"),
        ("dWxu", "∂E/∂Wxu", r"\frac{\partial E}{\partial W_{xu}}"),
        ("dWhm_1", "∂E/∂Whm|₁", r"\frac{\partial E}{\partial W_{hm}}\Big|_{\mathrm{1}}"),
        ("bu_new", "bu new", r"b_{u}^{\mathrm{new}}"),
    ],
)
def test_its_symbols_are_right(trace, name, symbol, latex):
    assert (trace[name].symbol, trace[name].latex) == (symbol, latex)


def test_everything_computed_has_words_and_a_role_and_every_weight_words_about_its_shape(trace):
    assert all(q.says and q.role for q in trace.values() if q.rule is not None)
    assert trace["du_2"].says == "Gradient with respect to the gate."
    assert trace["dm_2"].says == "Gradient with respect to the candidate."
    assert trace["dam_2"].says == "Back through the activation: its slope times the gradient of the candidate."
    assert trace["u_2"].role == "hidden"
    assert shape_means(trace["Wxu"], trace.problem) == (
        "hidden × letters: 2 hidden units read 4 letters, one row per unit and one column per letter"
    )
    assert trace["Wxu"].axes == ("unit", "letter")


def test_its_numbers_are_those_of_the_paper(trace):
    given = {name: array.copy() for name, array in trace.problem.weights.items()}
    h = np.zeros((2, 1))
    for t in range(1, 5):
        x = trace[f"x_{t}"].value
        u = 1 / (1 + np.exp(-(given["Wxu"] @ x + given["Whu"] @ h + given["bu"])))
        m = np.tanh(given["Wxm"] @ x + given["Whm"] @ (u * h) + given["bm"])
        h = (1 - u) * h + u * m
        np.testing.assert_allclose(trace[f"h_{t}"].value, h, rtol=0, atol=1e-15)


def test_its_gradients_are_right():
    assert check_gradients(Problem.draw("hello", cell_kind=("mgu", "gru"), layers=2, hidden=2)).passed


@pytest.mark.parametrize("typed", ["u_2", "u₂", "∂E/∂m₂", "dE/dm_2", "au_2:1", "Wxu"])
def test_a_name_of_its_own_is_a_name_on_the_command_line(rnncalc, typed):
    done = rnncalc("explain", "--cell", "mgu", typed)
    assert done.code == 0
    assert "hello" not in done.err


def test_without_the_cell_its_names_are_texts(rnncalc, monkeypatch):
    monkeypatch.delitem(CELLS, "mgu")
    assert "Which number of 'um_2'?" in rnncalc("explain", "um_2").err


def test_the_command_line_offers_what_is_registered(rnncalc):
    assert "[rnn|lstm|gru|mgu]" in rnncalc("forward", "--help").out
    assert rnncalc("forward", "hello", "--cell", "mgu").code == 0
    assert "'rnn', 'lstm', 'gru', 'mgu'" in rnncalc("forward", "hello", "--cell", "foo").err


def test_its_own_mistakes_are_named(trace):
    n = {name.removesuffix("_2"): trace[name].value for name in ("u_2", "m_2", "Wxm", "x_2", "Whm", "bm")}
    before = trace["h_1"].value
    wrong = {
        ("h_2", "u-reversed"): n["u"] * before + (1 - n["u"]) * n["m"],
        ("um_2", "u-reversed"): before,
        ("am_2", "u-reversed"): n["Wxm"] @ n["x"] + n["Whm"] @ before + n["bm"],
    }
    for (name, kind), value in wrong.items():
        cells = {place: read_answer(f"{number:.6f}") for place, number in np.ndenumerate(value)}
        marks = mark(trace, [Answers(name, cells)], decimals=6).marks
        assert {(m.status, *(mistake.kind for mistake in m.mistakes)) for m in marks} == {("wrong", kind)}, name
    assert in_words()["u-reversed"] == "u and 1 − u exchanged"
    assert is_common("u-reversed")


def problem():
    return Problem.draw("hello", cell_kind="mgu", hidden=2, weight_decimals=2)


@pytest.fixture(name="template")
def _template(tmp_path):
    path = tmp_path / "mgu.toml"
    path.write_text(problem().to_toml(), encoding="utf-8")
    return str(path)


def test_latex_typesets_it(template, rnncalc):
    page = rnncalc("forward", "-t", template, "--format", "latex").out
    assert r"a^{u}_{2} = W_{xu} \cdot x_{2} + W_{hu} \cdot h_{1} + b_{u}" in page
    page = rnncalc("backward", "-t", template, "--format", "latex").out
    assert r"\frac{\partial E}{\partial m_{2}}" in page


def test_explain_shows_its_arithmetic(template, rnncalc):
    page = " ".join(rnncalc("explain", "-t", template, "h_2:1").out.split())
    assert "h₂ = (1 − u₂) ⊙ h₁ + u₂ ⊙ m₂" in page
    assert "h₂[1] = (1 − u₂[1]) · h₁[1] + u₂[1] · m₂[1]" in page


def test_both_styles_of_formulas_are_recalculated():
    case = Case(problem())
    files = {style: case.file(style) for style in STYLES}
    for style, book in recalculate("libreoffice", files).items():
        assert book.differing(case.trace()) == set(), style


def test_a_worksheet_is_marked_and_its_own_mistake_is_named():
    trace = whole_trace(problem())
    sheet = blank(problem=problem())
    names = {place[0] for place in statuses(verified(sheet))}
    answers = {name: np.round(value, 4) for name, value in true_numbers(trace, *names).items()}
    assert {"u_2", "dm_2", "dWhm"} <= names
    assert set(statuses(verified(fill_in(sheet, answers))).values()) <= {"correct", "rounded"}
    n = {name: trace[f"{name}_2"].value for name in "um"}
    slip = n["u"] * trace["h_1"].value + (1 - n["u"]) * n["m"]
    report = verified(fill_in(sheet, {**answers, "h_2": np.round(slip, 4)}))
    named = {m.kind for mark in report.marks if mark.quantity == "h_2" for m in mark.mistakes}
    assert named == {"u-reversed"}


def test_check_marks_numbers_typed_for_it(template, rnncalc):
    value = whole_trace(problem())["u_2"].value
    typed = [f"{number:.4f}" for number in value.ravel()]
    assert rnncalc("check", "-t", template, "u_2", *typed).code == 0
    assert rnncalc("check", "-t", template, "u_2", "0.9", "0.1").code == 1


def test_it_trains_a_word_and_a_long_text_and_its_weights_are_saved_and_read(template, rnncalc, tmp_path):
    model = str(tmp_path / "model.npz")
    done = rnncalc("train", "-t", template, "--epochs", "20", "-o", model)
    assert done.code == 0, done.err
    assert load(model).cell == "mgu"
    assert "u₂ = σ(au₂)" in rnncalc("forward", "--weights", model, "hello").out
    (tmp_path / "book.txt").write_text("hello world, " * 30, encoding="utf-8")
    long = str(tmp_path / "long.npz")
    done = rnncalc(
        "train", "--text", str(tmp_path / "book.txt"), "--cell", "mgu", "--hidden", "4", "--epochs", "1", "-o", long
    )
    assert done.code == 0, done.err
    assert load(long).cell == "mgu"
    assert rnncalc("sample", long, "--length", "10").code == 0
    assert rnncalc("flow", "-t", template).code == 0


def test_it_classifies_tweets(rnncalc, tmp_path):
    tweets = ["what a good day,happy", "never a bad day,happy", "not good at all,sad", "it was a bad bad day,sad"]
    (tmp_path / "tweets.csv").write_text("\n".join(["text,mood", *tweets * 10]), encoding="utf-8")
    file, model = str(tmp_path / "tweets.csv"), str(tmp_path / "model.npz")
    small = ("--hidden", "3", "--embedding", "2", "--head", "2", "--epochs", "30", "--batch", "8", "--eta", "0.05")
    done = rnncalc("sentiment", "train", file, "--cell", "mgu", "--label-column", "mood", *small, "-o", model)
    assert done.code == 0, done.err
    classifier = load_classifier(model).classifier
    assert classifier.cell == "mgu"
    assert rnncalc("sentiment", "test", model, file).code == 0
    for text, _, mood in (tweet.partition(",") for tweet in tweets):
        assert mood in rnncalc("sentiment", "predict", model, text).out
        trace = backward(classifier.problem(text.split(), mood))
        tokens = np.array([[classifier.vocabulary.index(word) for word in text.split()]])
        assert pytest.approx(classifier.predict(tokens), abs=1e-12) == trace["p_" + str(tokens.size)].value.T
        _, gradients = classifier.gradients(tokens, np.array([classifier.classes.index(mood)]))
        for name in ("Wxu", "Whu", "bu", "Wxm", "Whm", "bm", "Wv_D1", "by"):
            assert gradients[name] == pytest.approx(trace[f"d{name}"].value, abs=1e-12), name
    assert "u₂ = σ(au₂)" in rnncalc("forward", "--weights", model, "good day").out
