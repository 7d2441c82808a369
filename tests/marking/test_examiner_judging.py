"""The examiner is satisfied by a marking that is right, and catches one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from marking.examiner.judging import Outcome, examine, out_of_reach
from marking.examiner.sheets import SORTS, Sheet, sheet
from marking.examiner.ways import WAYS
from marking.examiner.working import cells_of

PLANTED = [sort for sort in SORTS if sort not in {"right", "classmate", "classmate-from-a-step", "hello", "zeros"}]


def ideal(made: Sheet) -> SimpleNamespace:
    """The report of a marking that knows what the student did."""
    slips: dict[tuple[str, int, int], frozenset[str]] = {}
    for plant in made.done.plants:
        for row, column in plant.cells:
            same = plant.should is not None and plant.should[row, column] == made.done.written[plant.name][row, column]
            if plant.typo or not same:
                slips[plant.name, row, column] = plant.kinds
    return SimpleNamespace(marks=list(_ideal_marks(made, slips)))


def _ideal_marks(made: Sheet, slips: dict[tuple[str, int, int], frozenset[str]]) -> Iterator[SimpleNamespace]:
    for name in made.drawn.net.asked:
        for row, column in cells_of(made.drawn.net.shapes[name]):
            written = made.done.written[name][row, column]
            kinds = slips.get((name, row, column))
            status = "wrong" if kinds is not None or name in made.copied else "correct"
            mistakes = tuple(SimpleNamespace(kind=kind, certain=True, says="") for kind in sorted(kinds or ()))
            if np.isnan(written):
                status, mistakes = "blank", ()
            yield SimpleNamespace(
                quantity=name, row=row, column=column, status=status, mistakes=mistakes, remark="", expected=None
            )


def altered(made: Sheet, which: Callable[[Any], bool], **values: Any) -> Outcome:
    """Examined with every mark changed for which ``which`` holds."""
    report = ideal(made)
    changed = [found for found in report.marks if which(found)]
    assert changed
    for found in changed:
        vars(found).update(values)
    return examine(made, report)


@pytest.mark.parametrize("sort", SORTS)
def test_an_ideal_marking_has_no_fault(sort: str) -> None:
    for seed in range(8):
        made = sheet(sort, seed)
        outcome = examine(made, ideal(made))
        assert not outcome.faults, "\n".join(map(str, outcome.faults[:5]))


def shown(sort: str) -> Sheet:
    """A sheet of the sort whose slip shows."""
    for seed in range(100):
        made = sheet(sort, seed)
        if examine(made, ideal(made)).counts["slips that show"] == 1:
            return made
    raise AssertionError(sort)


def name(kind: str, certain: bool = True) -> tuple[SimpleNamespace, ...]:
    return (SimpleNamespace(kind=kind, certain=certain, says=""),)


def test_a_right_number_called_wrong_is_caught() -> None:
    outcome = altered(sheet("right", 0), lambda m: m.quantity == "loss", status="wrong")
    assert outcome.counts["right number called wrong"] == 1


def test_a_name_given_to_a_right_number_is_caught() -> None:
    outcome = altered(sheet("right", 0), lambda m: m.quantity == "loss", mistakes=name("sign-reversed"))
    assert outcome.counts["name given to a right number"] == 1


def test_a_right_number_that_was_not_read_is_caught() -> None:
    outcome = altered(sheet("right", 0), lambda m: m.quantity == "loss", status="ambiguous")
    assert outcome.counts["right number not read"] == 1


def test_credit_withheld_without_a_reason_is_caught() -> None:
    outcome = altered(sheet("right", 0), lambda m: m.quantity == "loss", status="uncredited")
    assert outcome.counts["uncredited without a reason"] == 1
    outcome = altered(sheet("right", 0), lambda m: m.quantity == "loss", status="uncredited", remark="why")
    assert outcome.counts["right number uncredited"] == 1


@pytest.mark.parametrize("sort", PLANTED)
@pytest.mark.parametrize("status", ["correct", "rounded", "carried"])
def test_a_slip_that_passes_is_caught(sort: str, status: str) -> None:
    outcome = altered(shown(sort), lambda m: m.status == "wrong", status=status, mistakes=())
    assert outcome.counts["slip that passes"]
    assert outcome.counts["first slip not located"] == 1


def test_a_mistake_without_its_name_is_caught() -> None:
    outcome = altered(shown("listed"), lambda m: m.status == "wrong", mistakes=())
    assert outcome.counts["listed slip not named"] == 1


def test_a_false_name_is_caught() -> None:
    outcome = altered(shown("listed"), lambda m: m.status == "wrong", mistakes=name("half-left-out"))
    assert outcome.counts["misnamed"] == 1


def test_a_name_that_is_only_possible_is_no_false_name() -> None:
    outcome = altered(shown("listed"), lambda m: m.status == "wrong", mistakes=name("half-left-out", certain=False))
    assert not outcome.counts["misnamed"]


def test_a_certain_name_of_a_mistake_that_is_not_listed_is_caught() -> None:
    outcome = altered(shown("unlisted"), lambda m: m.status == "wrong", mistakes=name("half-left-out"))
    assert outcome.counts["certain name of an unlisted slip"] == 1


def test_credit_for_copied_numbers_is_caught() -> None:
    outcome = altered(sheet("classmate", 0), lambda m: m.quantity == "h_1", status="carried")
    assert outcome.counts["copied number that earns"]


def test_a_name_that_gives_the_same_digits_is_no_false_name() -> None:
    made = next(made for made in (sheet("sums", seed) for seed in range(400)) if one_digit_off(made))
    outcome = altered(made, lambda m: m.status == "wrong", mistakes=name("digit-wrong"))
    assert not outcome.faults
    outcome = altered(made, lambda m: m.status == "wrong", mistakes=name("digits-swapped"))
    assert outcome.counts["certain name of an unlisted slip"] == 1


def one_digit_off(made: Sheet) -> bool:
    """Whether the sum that was typed wrong happens to differ from the right one in one digit."""
    plant = made.done.plants[0]
    if not plant.typo or plant.should is None or not examine(made, ideal(made)).counts["slips that show"]:
        return False
    place = plant.cells[0]
    one, other = (f"{table[place]:.{made.decimals}f}" for table in (plant.should, made.done.written[plant.name]))
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


@pytest.mark.parametrize("sort", SORTS)
def test_a_seed_gives_the_same_sheet_again(sort: str) -> None:
    one, other = sheet(sort, 3), sheet(sort, 3)
    assert one.answers == other.answers
    assert one.label == other.label


def test_every_right_way_of_working_stays_within_reach_of_the_numbers_on_the_sheet() -> None:
    for seed in range(0, 4 * len(WAYS), 2):
        assert not out_of_reach(sheet("right", seed)), seed


@pytest.mark.parametrize("sort", PLANTED)
def test_what_follows_rightly_from_a_slip_stays_within_reach(sort: str) -> None:
    for seed in range(15):
        made = sheet(sort, seed)
        slips = {(plant.name, *place) for plant in made.done.plants for place in plant.cells}
        assert not set(out_of_reach(made)) - slips, seed
