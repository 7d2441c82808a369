"""Which problem a command line means: what keeps a template's weights, and what draws new ones."""

import pytest

from rnncalc import Problem
from rnncalc.errors import FileError, ProblemError, RnncalcError
from rnncalc.problems.choice import Choice
from rnncalc.problems.choose import choose
from rnncalc.problems.settings import BY_NAME

HELLO, PENCIL = Problem.template("hello"), Problem.template("pencil")

KEEPING = {
    "targets": ("last", "target_mode", "last"),
    "activation": ("relu", "activation", "relu"),
    "loss_reduction": ("mean", "loss_reduction", "mean"),
    "eta": (0.5, "eta", 0.5),
    "softmax": ("shifted", "softmax", "shifted"),
}
DRAWING = {
    "hidden": 3,
    "seed": 0,
    "weight_decimals": 6,
    "vocabulary": "helo",
    "recurrent": "matrix",
    "output_bias": False,
}
"""Even the value that is drawn with by default draws, when it is typed."""


def chosen(**typed: object) -> Problem:
    problem, _ = choose(Choice(**typed))
    return problem


def weights(problem: Problem) -> dict[str, object]:
    return {name: value.tolist() for name, value in problem.weights.items()}


@pytest.mark.parametrize(
    "typed", [{}, {"text": "hello"}, {"template": "hello"}, {"template": "hello", "text": "hello"}]
)
def test_hello_or_no_text_is_the_template(typed):
    problem, notes = choose(Choice(**typed))
    assert problem.source == HELLO.source
    assert problem.to_toml() == HELLO.to_toml()
    assert notes == []


def test_another_template_by_name():
    assert chosen(template="pencil").to_toml() == PENCIL.to_toml()


def test_another_template_by_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(PENCIL.to_toml(), encoding="utf-8")
    assert chosen(template=str(path)).to_toml() == PENCIL.to_toml()


@pytest.mark.parametrize("option", KEEPING)
@pytest.mark.parametrize("template", ["hello", "pencil"])
def test_settings_keep_the_weights_of_a_template(option, template):
    value, attribute, result = KEEPING[option]
    base = Problem.template(template)
    problem = chosen(template=template, **{option: value})
    assert getattr(problem, attribute) == result
    assert getattr(base, attribute) != result
    assert weights(problem) == weights(base)


def test_the_initial_state_keeps_the_weights_of_a_template():
    for h0 in ("random", [0.5, 0, -1]):
        problem = chosen(h0=h0)
        assert weights(problem) == weights(HELLO)
        assert problem.h_0.tolist() != HELLO.h_0.tolist()
        assert problem.origins["h_0"] != HELLO.origins["h_0"]
    assert chosen(h0=[0.5, 0, -1]).h_0.tolist() == [[0.5], [0], [-1]]
    assert chosen(h0="random").h_0.tolist() == Problem.draw("hello", h_0="random").h_0.tolist()
    assert chosen(h0="zeros").h_0.tolist() == [[0], [0], [0]]


@pytest.mark.parametrize("option", DRAWING)
@pytest.mark.parametrize("text", [None, "hello"])
def test_what_shapes_or_seeds_the_weights_draws_new_ones(option, text):
    problem = chosen(text=text, **{option: DRAWING[option]})
    assert problem.text == "hello"
    assert problem.weights["Why"].tolist() == Problem.draw("hello").weights["Why"].tolist()
    assert "drawn from seed 0" in problem.source


@pytest.mark.parametrize("option", DRAWING)
def test_a_template_that_is_drawn_anew_lends_its_text_size_and_settings(option, tmp_path):
    base = Problem.draw("cocoa", hidden=2, vocabulary="aco", activation="relu", targets="last", eta=0.5)
    path = tmp_path / "mine.toml"
    path.write_text(base.replace(loss_reduction="mean").to_toml(), encoding="utf-8")
    value = {**DRAWING, "hidden": 2, "vocabulary": "aco", "seed": 1}[option]
    problem = chosen(template=str(path), **{option: value})
    assert problem.text == "cocoa"
    assert problem.vocabulary == ("a", "c", "o")
    assert problem.hidden == 2
    assert (problem.activation, problem.target_mode, problem.loss_reduction, problem.eta) == (
        "relu",
        "last",
        "mean",
        0.5,
    )
    assert "drawn from seed" in problem.source


def test_the_options_that_draw_do_what_they_say():
    problem = chosen(
        text="abc", hidden=4, seed=9, weight_decimals=2, vocabulary="cbax", recurrent="scalar", output_bias=True,
        activation="sigmoid", targets="last", loss_reduction="mean", eta=0.25, h0="random",
    )  # fmt: skip
    expected = Problem.draw(
        "abc", hidden=4, seed=9, weight_decimals=2, vocabulary="cbax", recurrent="scalar", output_bias=True,
        activation="sigmoid", targets="last", loss_reduction="mean", eta=0.25, h_0="random",
    )  # fmt: skip
    assert problem.to_toml() == expected.to_toml()
    assert problem.hidden == 4
    assert problem.h_0.shape == (4, 1)


def test_any_other_text_is_drawn():
    assert chosen(text="banana").to_toml() == Problem.draw("banana").to_toml()


@pytest.mark.parametrize("targets", ["next", "last", "none"])
def test_the_targets_of_a_template_can_be_chosen(targets):
    problem = chosen(targets=targets)
    assert problem.target_mode == targets
    assert problem.inputs == (("h", "e", "l", "l", "o") if targets == "none" else ("h", "e", "l", "l"))
    assert weights(problem) == weights(HELLO)


def test_a_text_beside_a_template_replaces_the_templates_own():
    problem = chosen(template="pencil", text="hole")
    assert problem.inputs == ("h", "o", "l")
    assert problem.text == "hole"
    assert problem.vocabulary == PENCIL.vocabulary
    assert weights(problem) == weights(PENCIL)


def test_a_text_keeps_the_target_mode_of_its_template(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(PENCIL.replace(targets=(None, None, None, "o")).to_toml(), encoding="utf-8")
    assert chosen(template=str(path), text="hole").targets == (None, None, "e")


def test_a_text_beside_a_template_needs_letters_of_its_vocabulary():
    with pytest.raises(
        ProblemError, match=r"'help!' has p, !, but the vocabulary of template pencil has only h, e, l, o"
    ):
        chosen(template="pencil", text="help!")


def test_a_text_needs_letters_of_the_vocabulary_that_was_typed():
    with pytest.raises(ProblemError, match=r"'abc' has c, but the vocabulary has only a, b\."):
        chosen(text="abc", vocabulary="ab")


def test_an_initial_state_has_a_number_for_each_unit():
    with pytest.raises(ProblemError, match="h_0 has 2 numbers; it needs 3"):
        chosen(h0=[1, 2])


def test_an_unknown_template_and_a_missing_file():
    with pytest.raises(RnncalcError, match=r"did you mean 'pencil'\?"):
        chosen(template="pencl")
    with pytest.raises(FileError, match=r"There is no file none\.toml"):
        chosen(template="none.toml")


@pytest.mark.parametrize("text", ["Hello", "HELLO", " hello", "hello "])
def test_a_text_that_is_a_templates_but_for_case_or_blanks_is_drawn_and_says_so(text):
    problem, notes = choose(Choice(text=text))
    assert problem.to_toml() == Problem.draw(text).to_toml()
    assert len(notes) == 1
    assert f"{text!r} is not the same text as 'hello' in template hello" in notes[0]


@pytest.mark.parametrize("typed", [{"text": "banana"}, {"text": "hello", "seed": 1}, {"template": "pencil"}])
def test_nothing_is_said_where_nothing_is_mistaken(typed):
    _, notes = choose(Choice(**typed))
    assert notes == []


def test_none_of_the_options_means_to_choose_a_default():
    """An option left out is None, so that a command's default never alters a template."""
    assert {getattr(Choice(), name) for name in BY_NAME} == {None}


@pytest.mark.parametrize("h0", ["zeros", "random"])
def test_zeros_and_random_are_meant_of_both_states_of_an_lstm_and_numbers_of_h_alone(h0):
    kept, _ = choose(Choice(template="lstm", h0=h0))
    drawn, _ = choose(Choice(text="hello", cell="lstm", h0=h0))
    for problem in (kept, drawn):
        assert [bool(state.any()) for state in problem.states.values()] == [h0 == "random"] * 2
        assert not (h0 == "random" and (problem.h_0 == problem.c_0).any())
    given, _ = choose(Choice(template="lstm", h0=[1, 2, 3]))
    assert (given.h_0.ravel().tolist(), given.c_0.any()) == ([1, 2, 3], False)


def test_new_weights_keep_what_a_template_wants_of_generated_steps(tmp_path):
    problem = Problem.draw("ab", generate=2, targets=["a", "b", "a", "b"])
    file = tmp_path / "mine.toml"
    file.write_text(problem.to_toml(), encoding="utf-8")
    drawn, _ = choose(Choice(template=str(file), seed=5))
    assert (drawn.inputs, drawn.targets) == (problem.inputs, problem.targets)


def test_a_template_lends_its_form_to_new_weights(tmp_path):
    problem = Problem.draw(
        inputs=[[1, 2], [3, 4]], layers=2, head=[3], classes=["no", "yes"], output_at="last", targets=["yes"]
    )
    file = tmp_path / "mine.toml"
    file.write_text(problem.to_toml(), encoding="utf-8")
    drawn, _ = choose(Choice(template=str(file), seed=5))
    assert drawn.structure == problem.structure
    assert (drawn.classes, drawn.targets, drawn.output_at) == (problem.classes, problem.targets, "last")


# ── the form of softmax ───────────────────────────────────────────────────────────────────────────────────────────────


def test_drawn_problems_are_plain_unless_another_form_is_typed():
    assert chosen(text="banana").softmax == "plain"
    assert chosen(text="banana", softmax="shifted").softmax == "shifted"
    assert chosen(template="hello", seed=1, softmax="shifted").softmax == "shifted"


def test_a_template_lends_its_form_of_softmax_to_new_weights(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(PENCIL.replace(softmax="shifted").to_toml(), encoding="utf-8")
    assert chosen(template=str(path), seed=1).softmax == "shifted"
    assert chosen(template=str(path), seed=1, softmax="plain").softmax == "plain"


@pytest.mark.parametrize("more", [{}, {"seed": 1}], ids=["its weights", "new weights"])
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"output_function": "sigmoid"}, "output_function sigmoid"),
        ({"output_function": "linear"}, "output_function linear"),
        ({"output_at": "none"}, "output_at none"),
    ],
)
def test_an_output_without_softmax_has_no_form_of_it(typed, why, more):
    assert chosen(template="hello", **typed, **more).softmax == ""
    for softmax in ("plain", "shifted"):
        with pytest.raises(ProblemError, match=rf"^softmax is {softmax}, but with {why} .*\. Leave softmax out\.$"):
            chosen(template="hello", softmax=softmax, **typed, **more)


def test_numbers_that_are_put_out_as_numbers_have_no_softmax():
    inputs = [[0.5, 1.0], [2.0, -1.0]]
    assert chosen(inputs=inputs).softmax == ""
    assert chosen(inputs=inputs, classes=("a", "b")).softmax == "plain"
    with pytest.raises(ProblemError, match="softmax is plain, but with output_function linear"):
        chosen(inputs=inputs, softmax="plain")


def test_a_template_without_softmax_can_be_given_one():
    problem = chosen(template="hello", output_function="sigmoid")
    assert problem.replace(output_function="softmax", loss="cross-entropy").softmax == "plain"
