"""Texts as numbers, and the part kept for validation."""

import numpy as np
import pytest

from rnncalc.errors import ProblemError
from rnncalc.text import encode, split


def test_tokens_are_their_places_in_the_vocabulary():
    assert encode("hello", "helo").tolist() == [0, 1, 2, 2, 3]
    assert encode("good  film good", ("good", "film"), "words").tolist() == [0, 1, 0]


def test_letters_are_told_after_normalisation():
    assert encode("e\u0301", ["é"]).tolist() == [0]


def test_letters_that_the_vocabulary_lacks_are_named():
    with pytest.raises(
        ProblemError, match=r"^prime has x, y, which the vocabulary does not have; it needs letters from h, e, l"
    ) as caught:
        encode("xhxy", "hel", what="prime")
    assert caught.value.field == "prime"


def test_the_last_share_is_kept_for_validation():
    first, last = split(np.arange(20), 0.1)
    assert (first.tolist(), last.tolist()) == (list(range(18)), [18, 19])


@pytest.mark.parametrize("share", [0, 1, -0.1, float("nan")])
def test_a_share_is_between_0_and_1(share):
    with pytest.raises(ProblemError, match="needs a fraction"):
        split(np.arange(20), share)


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_both_parts_have_something_to_read_and_to_predict(share):
    with pytest.raises(ProblemError, match="at least two"):
        split(np.arange(20), share)
