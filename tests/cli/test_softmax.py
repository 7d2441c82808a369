"""``--softmax``: both forms on every command, and the sentence where the plain one leaves float64."""

import re
from pathlib import Path

import pytest

from rnncalc import Problem
from rnncalc.text import Trainer, encode, sample
from rnncalc.text.word import learn

LARGE = """\
text = "aab"
vocabulary = "ab"
cell = "rnn"
activation = "linear"
targets = "next"
softmax = "{softmax}"
loss_reduction = "sum"
eta = 0.1

[weights]
Wxh = [[1, 1]]
Whh = 0.5
bh = 0
Why = [[{score}], [-{score}]]
"""
SENTENCE = re.compile(
    r"^Error: (?:exp|p)_1 at step 1 leaves the range of float64: .*, with scores y_1 from -\d+ to \d+\. Plain softmax "
    r"cannot handle scores that are so large or so far apart\. Use --softmax shifted \(in a template "
    r"softmax = \"shifted\"\): it subtracts the largest score first and can handle any scores\.\n$"
)


@pytest.fixture
def large(tmp_path, monkeypatch) -> Path:
    """A template whose scores are too large for exp(y), and one whose scores are so far apart that p becomes 0."""
    monkeypatch.chdir(tmp_path)
    for name, score in (("exp", 800), ("p", 400)):
        (tmp_path / f"{name}.toml").write_text(LARGE.format(softmax="plain", score=score), encoding="utf-8")
    return tmp_path


def test_both_forms_of_hello_on_the_page(rnncalc):
    plain, shifted = (
        rnncalc("forward", "hello", "--softmax", form, "--only", "exp_2") for form in ("plain", "shifted")
    )
    assert plain.out == rnncalc("forward", "hello", "--only", "exp_2").out
    assert "exp_2   exp₂ = exp(y₂)\n" in plain.out
    assert "exp_2   exp₂ = exp(y₂ − max(y₂))\n" in shifted.out
    assert "6.726634" in plain.out
    assert "1.000000" in shifted.out


@pytest.mark.parametrize("template", ["exp", "p"])
@pytest.mark.parametrize(
    "command",
    [
        ("forward",), ("backward",), ("update",), ("gradcheck",), ("flow",), ("explain", "loss_1"),
        ("check", "h_1", "1"),
        ("export", "-o", "out.xlsx"), ("worksheet", "-o", "out.xlsx"), ("export", "--epochs", "2", "-o", "out.xlsx"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_where_the_plain_form_leaves_float64_every_command_ends_in_the_sentence(large, rnncalc, command, template):
    done = rnncalc(*command, "-t", f"{template}.toml")
    assert done.code not in (0, 1)
    assert done.out == ""
    assert SENTENCE.match(done.err)
    assert not (large / "out.xlsx").exists()
    shifted = rnncalc(*command, "-t", f"{template}.toml", "--softmax", "shifted")
    assert shifted.code in (0, 1)
    assert "Error" not in shifted.err


def test_the_sentence_is_that_of_an_assignment_too(large, rnncalc):
    done = rnncalc("assignment", "new", "hw.toml", "-t", "exp.toml", "--same")
    assert done.code == 2
    assert "--softmax shifted" in done.err
    assert "Traceback" not in done.err
    assert rnncalc("assignment", "new", "hw.toml", "-t", "exp.toml", "--same", "--softmax", "shifted").code == 0


@pytest.mark.parametrize("more", [("--output-function", "sigmoid"), ("--output-at", "none")], ids=" ".join)
@pytest.mark.parametrize("form", ["plain", "shifted"])
def test_where_there_is_no_softmax_the_option_is_refused(rnncalc, more, form):
    done = rnncalc("forward", "hello", "--softmax", form, *more)
    assert (done.code, done.out) == (2, "")
    assert "there is no softmax. Leave softmax out." in done.err


def test_weights_are_shifted_and_take_the_option(rnncalc, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    weights = str(Path(__file__).parents[1] / "data" / "weights" / "rnn_softmax.keras")
    pages = [rnncalc("forward", "--weights", weights, "--only", "exp_*", *typed).out for typed in ((), PLAIN)]
    assert "− max(" in pages[0]
    assert "− max(" not in pages[1]
    for name, typed, form in (("a", (), "shifted"), ("b", PLAIN, "plain")):
        assert rnncalc("templates", "from-weights", weights, "-o", f"{name}.toml", *typed).code == 0
        assert f'softmax = "{form}"\n' in Path(f"{name}.toml").read_text(encoding="utf-8")


PLAIN = ("--softmax", "plain")


# ── training ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("more", [{}, {"embedding": 2}], ids=["fast path", "trace"])
def test_a_training_goes_on_where_scores_are_too_large_for_the_plain_form(more):
    problem = Problem.draw("abab", hidden=2, activation="linear", h_0=[4000.0, -3000.0], eta=1e-9, **more)
    assert problem.softmax == "plain"
    trainer = Trainer(problem, encode("abab", problem.vocabulary))
    losses = [step.loss for step in learn(trainer, 3)]
    shifted = Trainer(problem.replace(softmax="shifted"), encode("abab", problem.vocabulary))
    assert losses == pytest.approx([step.loss for step in learn(shifted, 3)], rel=1e-12)
    assert losses[0] > 700
    assert trainer.trained().softmax == "plain"
    assert len(sample(trainer.trained(), 5)) == 5


def test_a_model_is_saved_in_the_form_of_its_problem(rnncalc, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for form in ("plain", "shifted"):
        done = rnncalc("train", "hello", "--epochs", "2", "--softmax", form, "-o", f"{form}.npz")
        assert done.code in (0, 1)
        assert Problem.saved(f"{form}.npz").softmax == form
