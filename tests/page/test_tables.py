"""What the marking of a page knows by heart is what the program knows."""

import math
import random
from functools import cache

from page.scripts import run

from rnncalc.language.functions import FUNCTIONS, Gather
from rnncalc.language.interval import Interval
from rnncalc.marking.mistake_groups import PLACES, WHOLE_TABLE
from rnncalc.render.report import STATUS_WORDS

OVER_INTERVALS = {name: row for name, row in FUNCTIONS.items() if row.interval is not None}
TWO = ("minus", "over")


@cache
def operands():
    """Intervals for each function: numbers that are known, zeros, and such as have a zero within."""
    chance = random.Random("intervals")

    def one():
        ends = sorted(chance.choice([0.0, 1.0, chance.uniform(-2, 2)]) for _ in range(2))
        return [ends[0], ends[0]] if chance.random() < 0.3 else ends

    def count(name, row):
        many = row.text.gather is Gather.ROW or name in ("plus", "times")
        return chance.randint(1, 4) if many else 2 if name in TWO else 1

    return [[name, [one() for _ in range(count(name, row))]] for name, row in OVER_INTERVALS.items() for _ in range(60)]


@cache
def theirs():
    return run("tables.mjs", operands())


def test_every_function_over_intervals_is_pythons():
    assert set(theirs()["functions"]) == set(OVER_INTERVALS)
    for (name, parts), found in zip(operands(), theirs()["worked"], strict=True):
        ours = OVER_INTERVALS[name].interval(*(Interval(*part) for part in parts))
        assert found == [None if math.isnan(end) else end for end in ours], (name, parts)


def test_the_groups_of_mistakes_are_pythons():
    assert set(theirs()["places"]) == PLACES
    assert set(theirs()["wholeTable"]) == WHOLE_TABLE


def test_the_words_for_a_status_are_pythons():
    words = {str(status): says for status, says in STATUS_WORDS.items()}
    assert theirs()["statusWords"].items() <= words.items()
    assert words.keys() - theirs()["statusWords"].keys() == {"not-calculated", "given-changed"}  # none on a page
