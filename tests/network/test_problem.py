"""A Problem is checked when it is made: what does not fit is named, with what it has and what it needs."""

import dataclasses
import math

import numpy as np
import pytest
from drawn import given_numbers
from hypothesis import given

from rnncalc import Problem
from rnncalc.errors import ProblemError
from rnncalc.network.choices import MAX_HIDDEN
from rnncalc.network.tokens import tokens_of as letters_of
from rnncalc.network.tokens import vocabulary_of
from rnncalc.problems.targets import cut

WEIGHTS = {
    "Wxh": [[1, 2, 3], [4, 5, 6]],
    "Whh": [[1, 2], [3, 4]],
    "bh": [[1], [2]],
    "Why": [[1, 2], [3, 4], [5, 6]],
}
FIELDS = {
    "inputs": ("a", "b"),
    "targets": ("b", "c"),
    "vocabulary": ("a", "b", "c"),
    "weights": WEIGHTS,
    "h_0": [0, 0],
}


def make(**changes: object) -> Problem:
    return Problem(**{**FIELDS, **changes})


def with_weight(name: str, value: object) -> dict[str, object]:
    return {"weights": {**WEIGHTS, name: value}}


def without_weight(name: str) -> dict[str, object]:
    return {"weights": {key: value for key, value in WEIGHTS.items() if key != name}}


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (with_weight("Wxh", [[1, 2], [3, 4]]), "Wxh", "Wxh has shape 2×2; it needs 2×3, a row for each of 2 hidden"),
        (with_weight("Why", [[1, 2], [3, 4]]), "Why", "Why has shape 2×2; it needs 3×2, a row for each of 3 letters"),
        (with_weight("Whh", [[1, 2, 3], [4, 5, 6]]), "Whh", "Whh has shape 2×3; it needs 1×1 or 2×2."),
        (with_weight("bh", [[1, 2]]), "bh", "bh has shape 1×2; it needs 1×1 or 2×1."),
        (with_weight("bh", [1, 2, 3]), "bh", "bh has shape 3×1; it needs 1×1 or 2×1."),
        (with_weight("by", [[1], [2]]), "by", "by has shape 2×1; it needs 3×1."),
        ({"h_0": [0, 0, 0]}, "h_0", "h_0 has shape 3×1; it needs 2×1, one number for each hidden unit."),
        (with_weight("Wxh", []), "Wxh", "Wxh has shape 0; it needs rows and columns."),
        (with_weight("Wxh", [[1, 2], [3]]), "Wxh", "Wxh is not a table of numbers with rows of the same length."),
        (with_weight("Wxh", [["one", "two"]]), "Wxh", "Wxh is not a table of numbers"),
        (with_weight("Wxh", [[1, 2, 3], [4, math.nan, 6]]), "Wxh", "Wxh[2,2] is nan; it needs a finite number."),
        (with_weight("Whh", -math.inf), "Whh", "Whh[1,1] is -inf; it needs a finite number."),
        ({"h_0": [0, math.inf]}, "h_0", "h_0[2,1] is inf; it needs a finite number."),
        (with_weight("Whh", 10**400), "Whh", "Whh has a number too large for float64; it needs finite numbers."),
        (without_weight("Wxh"), "Wxh", "Wxh is missing; it needs a row per hidden unit and a column per letter."),
        (without_weight("bh"), "bh", "bh is missing; it needs shape 1×1 or 2×1."),
        (without_weight("Why"), "Why", "Why is missing; it needs shape 3×2."),
        (with_weight("Whyy", [[1]]), "Whyy", "There is no weight 'Whyy' (did you mean 'Why'?)."),
        (with_weight("Wxh", np.zeros((MAX_HIDDEN + 1, 3))), "Wxh", "Wxh has 1,025 rows; rnncalc takes at most 1,024"),
        ({"vocabulary": ("a", "b", "c", "a")}, "vocabulary", "vocabulary has the letter 'a' twice"),
        ({"vocabulary": ("a", "b", "ch")}, "vocabulary", "vocabulary has the entry 'ch'; it needs single letters."),
        ({"vocabulary": ()}, "vocabulary", "vocabulary has no letters"),
        (
            {"inputs": ("a", "z")},
            "text",
            "text has z, which the vocabulary does not have; it needs letters from a, b, c.",
        ),
        ({"targets": ("b", " ")}, "targets", "targets has ' ', which the vocabulary does not have"),
        ({"targets": ("b",)}, "targets", "targets has 1 letters; it needs one for each of the 2 steps."),
        ({"inputs": (), "targets": ()}, "text", "The text is empty"),
        ({"cell": "rnnn"}, "cell", "cell is 'rnnn' (did you mean 'rnn'?); it needs one of rnn"),
        ({"activation": "tanhh"}, "activation", "activation is 'tanhh' (did you mean 'tanh'?); it needs one of tanh,"),
        ({"loss_reduction": "median"}, "loss_reduction", "loss_reduction is 'median'"),
        ({"softmax": "shift"}, "softmax", "softmax is 'shift' (did you mean 'shifted'?); it needs one of plain, shift"),
        ({"eta": 0}, "eta", "eta is 0; it needs a finite number above 0, such as 0.1."),
        ({"eta": -0.1}, "eta", "eta is -0.1"),
        ({"eta": math.nan}, "eta", "eta is nan"),
        ({"eta": math.inf}, "eta", "eta is inf"),
        ({"eta": "0.1"}, "eta", "eta is '0.1'"),
        ({"eta": True}, "eta", "eta is True"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_what_it_has_and_needs(changes, field, message):
    with pytest.raises(ProblemError) as caught:
        make(**changes)
    assert caught.value.field == field
    assert message in str(caught.value)


def test_one_number_stands_for_a_shared_weight():
    problem = make(weights={**WEIGHTS, "Whh": 0.5, "bh": 0.25})
    assert problem.recurrent == "scalar"
    assert problem.weights["Whh"].tolist() == [[0.5]]
    assert problem.weights["bh"].tolist() == [[0.25]]


def test_a_matrix_and_a_number_may_stand_together():
    assert make(**with_weight("bh", 0.25)).recurrent == "matrix"
    assert make(**with_weight("Whh", 0.25)).recurrent == "scalar"


def test_a_list_stands_for_a_column():
    problem = make(weights={**WEIGHTS, "bh": [7, 8], "by": [1, 2, 3]}, h_0=[5, 6])
    assert problem.weights["bh"].tolist() == [[7], [8]]
    assert problem.weights["by"].tolist() == [[1], [2], [3]]
    assert problem.h_0.tolist() == [[5], [6]]
    assert problem.output_bias


def test_a_problem_cannot_be_changed():
    numbers = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    problem = make(**with_weight("Wxh", numbers))
    with pytest.raises(dataclasses.FrozenInstanceError):
        problem.eta = 1.0
    with pytest.raises(TypeError, match="item assignment"):
        problem.weights["Wxh"] = numbers
    with pytest.raises(ValueError, match="read-only"):
        problem.weights["Wxh"][0, 0] = 9
    with pytest.raises(ValueError, match="read-only"):
        problem.h_0[0, 0] = 9
    numbers[0, 0] = 9
    assert problem.weights["Wxh"][0, 0] == 1


def test_a_copy_is_checked_anew():
    problem = make()
    assert problem.replace(eta=0.5).eta == 0.5
    assert problem.eta == 0.1
    with pytest.raises(ProblemError, match="eta is 0"):
        problem.replace(eta=0)


def test_a_copy_with_another_output_has_a_form_of_softmax_where_it_has_a_softmax():
    shifted = make(softmax="shifted")
    assert make().softmax == "plain"
    assert shifted.replace(loss_reduction="mean").softmax == "shifted"
    sigmoid = shifted.replace(output_function="sigmoid", loss="binary-cross-entropy")
    assert sigmoid.softmax == ""
    assert sigmoid.replace(output_function="softmax", loss="cross-entropy").softmax == "plain"
    weights = {name: value for name, value in WEIGHTS.items() if name not in ("Why", "by")}
    assert shifted.replace(output_at="none", weights=weights, targets=(None, None)).softmax == ""
    with pytest.raises(ProblemError, match="softmax is shifted, but with output_function sigmoid"):
        sigmoid.replace(softmax="shifted")


def test_negative_zeros_are_zeros():
    assert math.copysign(1, make(h_0=[-0.0, 0]).h_0[0, 0]) == 1


@given(given_numbers())
def test_what_can_be_read_off_a_problem(numbers):
    problem = numbers.problem()
    assert problem.steps == len(numbers.inputs)
    assert problem.hidden == numbers.hidden
    assert problem.output_bias == ("by" in numbers.weights)
    assert problem.has_loss == (numbers.targets != "none")
    one_step = numbers.targets == "last" and len(numbers.inputs) == 1
    assert problem.target_mode == ("next" if one_step else numbers.targets)
    shared = isinstance(numbers.weights["Whh"], float) and numbers.hidden > 1
    assert problem.recurrent == ("scalar" if shared else "matrix")
    assert list(problem.arrays()) == [*numbers.weights, "h_0"]


def test_targets_of_another_pattern():
    assert make(targets=("b", None)).target_mode == "some"


# ── letters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_is_a_code_point_after_nfc_normalisation():
    assert letters_of("e\u0301") == ("é",)
    assert letters_of("각") == letters_of("\u1100\u1161\u11a8") == ("각",)
    assert letters_of("e\u0308\u20dd") == ("ë", "\u20dd")


def test_case_blanks_digits_signs_newlines_and_emoji_are_letters():
    text = "Hh 1=\n\t😀"
    assert letters_of(text) == ("H", "h", " ", "1", "=", "\n", "\t", "😀")
    assert Problem.draw(text).vocabulary == letters_of(text)


def test_both_spellings_of_an_accent_are_one_problem():
    composed, combining = Problem.draw("né"), Problem.draw("ne\u0301")
    assert composed.vocabulary == combining.vocabulary == ("n", "é")
    assert combining.text == "né"


def test_the_vocabulary_is_the_letters_in_order_of_appearance():
    assert vocabulary_of("hello") == ("h", "e", "l", "o")
    assert vocabulary_of("banana") == ("b", "a", "n")


@pytest.mark.parametrize(
    ("targets", "inputs", "wanted"),
    [
        ("next", ("a", "b"), ("b", "a")),
        ("last", ("a", "b"), (None, "a")),
        ("none", ("a", "b", "a"), (None, None, None)),
    ],
)
def test_how_a_text_is_cut_into_inputs_and_targets(targets, inputs, wanted):
    assert cut("aba", targets) == (inputs, wanted)


@pytest.mark.parametrize("targets", ["next", "last", "none"])
def test_an_empty_text_cannot_be_cut(targets):
    with pytest.raises(ProblemError, match=r"^The text is empty; it needs at least two letters"):
        cut("", targets)


@pytest.mark.parametrize("targets", ["next", "last"])
@pytest.mark.parametrize("text", ["a", "e\u0301"])
def test_one_letter_has_no_next_one(targets, text):
    with pytest.raises(
        ProblemError, match=r"has only one letter, so there is no next letter to predict; .*--targets none"
    ):
        cut(text, targets)


def test_one_letter_is_enough_without_targets():
    assert cut("a", "none") == (("a",), (None,))


def test_targets_of_an_unknown_kind():
    with pytest.raises(
        ProblemError, match=r"targets is 'nxt' \(did you mean 'next'\?\); it needs one of next, last, none"
    ):
        cut("ab", "nxt")


def test_a_trace_that_would_not_fit_into_memory_is_refused():
    with pytest.raises(ProblemError, match=r"500,000 steps of 100 hidden units and 1 letters .* rnncalc takes at most"):
        Problem(
            inputs=("a",) * 500_000,
            targets=(None,) * 500_000,
            vocabulary=("a",),
            weights={"Wxh": np.ones((100, 1)), "Whh": 1, "bh": 0, "Why": np.ones((1, 100))},
            h_0=np.zeros(100),
        )
