"""A sample of the simulated worksheets, marked: the goals that hold over all of them hold here."""

from __future__ import annotations

from functools import cache

import pytest
from marking.examiner.judging import Outcome
from marking.examiner.page import _WORDS, PAGE, render
from marking.examiner.run import count
from marking.examiner.sheets import SORTS

EACH = 6
SLIPPING = [sort for sort in SORTS if sort not in {"right", "classmate", "classmate-from-a-step", "hello", "zeros"}]
COPIED = ["classmate", "hello", "zeros"]


@cache
def sample(sort: str) -> Outcome:
    """Worksheets of a sort, counted once for all tests."""
    total = Outcome()
    first = 5000 + 37 * SORTS.index(sort)
    for outcome in count((sort, seed) for seed in range(first, first + EACH)).values():
        total.add(outcome)
    return total


def none(sort: str, *faults: str) -> None:
    found = [fault for fault in sample(sort).faults if fault.what in faults]
    assert not found, f"{len(found)}, of these: " + "\n".join(map(str, found[:5]))


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "typo-within-not-carried"])
def test_no_right_number_is_called_wrong_or_given_a_name(sort: str) -> None:
    none(sort, "right number called wrong", "name given to a right number", "right number not read")


@pytest.mark.parametrize("sort", SORTS)
def test_credit_for_right_numbers_is_withheld_only_after_stock_values_and_with_a_reason(sort: str) -> None:
    none(sort, "right number uncredited", "uncredited without a reason")


@pytest.mark.parametrize("sort", SLIPPING)
def test_no_slip_that_shows_passes_and_the_first_is_located(sort: str) -> None:
    none(sort, "slip that passes", "first slip not located")


@pytest.mark.parametrize("sort", SLIPPING)
def test_no_mistake_is_misnamed(sort: str) -> None:
    none(sort, "misnamed", "certain name of an unlisted slip")


@pytest.mark.parametrize("sort", COPIED)
def test_copied_numbers_earn_nothing_and_get_no_false_name(sort: str) -> None:
    none(sort, "copied number that earns", "certain name of a copied number")


def test_what_goes_on_from_a_number_that_was_meant_and_not_written_is_nearly_always_recognised() -> None:
    counts = sample("typo-within-not-carried").counts
    assert counts["right number called wrong"] <= 0.001 * counts["right numbers"]


def test_of_numbers_copied_from_some_step_on_hardly_any_earns_even_without_the_class() -> None:
    """Held against the class, none does: tests/classroom/similarity/test_copied_numbers.py."""
    counts = sample("classmate-from-a-step").counts
    assert counts["copied number that earns"] <= 0.01 * counts["copied numbers"]


def test_listed_mistakes_are_named() -> None:
    total = Outcome()
    for sort in SLIPPING:
        total.add(sample(sort))
    named, seen = total.counts["listed slips named"], total.counts["listed slips seen"]
    unnamed = [str(fault) for fault in total.faults if fault.what == "listed slip not named"]
    assert named >= 0.97 * seen, f"{named} of {seen} are named; not named: " + "\n".join(unnamed[:10])


def test_the_page_has_every_part() -> None:
    text = render(count([(sort, 0) for sort in SORTS]), len(SORTS))
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert len(headings) == 6
    assert "are on the list in" in text.replace("\n", " ")
    for word in ("| rnn |", "| lstm |", "| gru |", "| a classmate's right numbers |", "| rounds every product"):
        assert word in text


def test_the_page_in_the_docs_is_one_of_these() -> None:
    text = PAGE.read_text(encoding="utf-8")
    fresh = render(count([(sort, 0) for sort in SORTS]), len(SORTS))
    heads = [[line for line in page.splitlines() if line.startswith(("#", "| ---"))] for page in (text, fresh)]
    assert heads[0] == heads[1]


def rows_of(heading: str) -> list[dict[str, str]]:
    """The rows of the tables below a heading of the page in the docs, each by the heads of its columns."""
    part = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found: list[dict[str, str]] = []
    heads: list[str] = []
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            heads = []
        elif not heads:
            heads = cells
        elif not cells[-1].startswith("---"):
            found.append(dict(zip(heads, cells, strict=True)))
    assert found
    return found


def number(text: str) -> float:
    return float(text.replace(",", "").rstrip("%"))


def test_the_page_in_the_docs_shows_that_right_work_is_never_called_wrong() -> None:
    assert {row["right numbers called wrong"] for row in rows_of("Right work")} == {"0"}


def test_the_page_in_the_docs_shows_that_listed_mistakes_are_located_and_named() -> None:
    sorts = [row for row in rows_of("Mistakes on the list") if row.get("") in _WORDS.values()]
    assert len(sorts) == 9
    for row in sorts:
        assert number(row["named"]) >= 97, row
        assert number(row["first one located"]) >= 99, row
    assert sum(number(row["misnamed"]) for row in sorts) <= 1
    assert sum(number(row["called wrong"]) for row in sorts) <= 2e-5 * sum(
        number(row["right numbers"]) for row in sorts
    )


def test_the_page_in_the_docs_shows_that_copied_numbers_earn_nothing() -> None:
    for row in rows_of("Numbers of somebody else"):
        limit = 0.002 if "from some step on" in row[""] else 0  # held against the class, none does
        assert number(row["that earn"]) <= limit * number(row["copied numbers"]), row
