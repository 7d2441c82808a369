"""Simulated students: nobody who works rightly is told of a mistake, and whoever makes one is told of that one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from marking.students import (
    DECIMALS,
    FOUND,
    MANNERS,
    NETWORKS,
    Worksheet,
    count,
    cut_off,
    figures,
    rounded,
    shows,
    worksheet,
)

from rnncalc.marking.marking import Report, mark

EACH = 20
"""Worksheets in one test: every number of decimals in every manner."""
in_turns = pytest.mark.parametrize("first", range(0, 4 * EACH, EACH))


def counted(sort: str, first: int) -> Counter[str]:
    return sum(figures(sort, range(first, first + EACH)).values(), Counter())


# ── what marking says of them ─────────────────────────────────────────────────────────────────────────────────────────


@in_turns
def test_right_work_is_never_called_wrong(first):
    counts = counted("right", first)
    assert counts["numbers"] == counts["correct"] + counts["rounded"] + counts["blank"]


@in_turns
@pytest.mark.parametrize("sort", ["one slip", "two slips", "unknown slip"])
def test_a_slip_is_found_where_it_shows_and_nothing_else_is_called_wrong(sort, first):
    counts = counted(sort, first)
    assert sum(counts[outcome] for outcome in FOUND) == counts["slips"] - counts["hidden"] > 0
    assert counts["right called wrong"] == 0
    assert counts["misnamed"] == 0


# ── networks of every form ────────────────────────────────────────────────────────────────────────────────────────────

each_network = pytest.mark.parametrize("kind", NETWORKS)


def counted_for(kind: str, sort: str, first: int = 0) -> Counter[str]:
    return sum(figures(sort, range(first, first + EACH // 2), kind).values(), Counter())


@each_network
def test_right_work_on_any_network_is_never_called_wrong(kind):
    counts = counted_for(kind, "right")
    assert counts["numbers"] == counts["correct"] + counts["rounded"] + counts["blank"]


@pytest.mark.parametrize("seed", [34, 372])
def test_a_choice_between_two_as_good_as_equal_is_right_and_so_is_what_follows(seed):
    """Whoever goes on with all digits of one probability and the rounded other may choose the other letter."""
    sheet = worksheet("right", seed, "generated")
    others = [n for n in sheet.written if n.startswith("x_") and (sheet.written[n] != sheet.trace[n].value).any()]
    assert others
    report = mark(sheet.trace, sheet.answers)
    assert report.verdict == "correct"
    assert {m.status for m in report.marks if m.quantity == others[0]} == {"rounded", "correct"}


@each_network
@pytest.mark.parametrize("sort", ["one slip", "two slips", "unknown slip"])
def test_a_slip_on_any_network_is_found_where_it_shows_and_nothing_else_is_called_wrong(kind, sort):
    counts = counted_for(kind, sort)
    assert sum(counts[outcome] for outcome in FOUND) == counts["slips"] - counts["hidden"] > 0
    assert counts["right called wrong"] == 0
    assert counts["misnamed"] == 0


@each_network
def test_a_sheet_of_one_number_has_nothing_right_but_by_chance(kind):
    sheet = worksheet("right", 1, kind)
    for stock in (0.0, 0.5):
        filled = sheet._replace(written={name: np.full_like(a, stock) for name, a in sheet.written.items()})
        for m in mark(sheet.trace, filled.answers).marks:
            right = abs(m.expected - stock) < max(m.tolerance * (1 + 1e-9), 10.0**-sheet.decimals)  # or cut off
            assert right or m.status in ("wrong", "uncredited"), m


# ── the students ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_of_worksheets_has_every_number_of_decimals_in_every_manner():
    sheets = [worksheet("right", seed) for seed in range(EACH)]
    assert {(s.decimals, s.manner) for s in sheets} == {(d, m) for d in DECIMALS for m in MANNERS}


def test_numbers_are_rounded_and_cut_off_as_a_calculator_shows_them():
    assert [float(rounded(n, 2)) for n in (0.427, -0.427, 0.29)] == [0.43, -0.43, 0.29]
    assert [float(cut_off(n, 2)) for n in (0.427, -0.427, 0.29, 0.1 + 0.19)] == [0.42, -0.42, 0.29, 0.29]


def by_manner(manner: str, decimals: int) -> Worksheet:
    sheets = (worksheet("right", seed) for seed in range(EACH))
    return next(s for s in sheets if (s.manner, s.decimals) == (manner, decimals))


@pytest.mark.parametrize("decimals", DECIMALS)
def test_whoever_remembers_all_digits_writes_the_true_numbers_rounded(decimals):
    sheet = by_manner("remembers", decimals)
    for name, numbers in sheet.written.items():
        np.testing.assert_allclose(numbers, sheet.trace[name].value, rtol=0, atol=0.5001 * 10.0**-decimals)


@pytest.mark.parametrize("manner", ["rounds", "cuts"])
def test_whoever_goes_on_with_the_written_numbers_differs_from_them_by_the_last_digit_alone(manner):
    sheet = by_manner(manner, 3)
    for name, numbers in sheet.written.items():
        off = np.abs(numbers - sheet.honest[name])
        assert off.max() <= (0.0005 if manner == "rounds" else 0.001) + 1e-9
    assert any(
        np.abs(numbers - sheet.trace[name].value).max() > 0.001 for name, numbers in sheet.written.items()
    )  # and adds up on the way


@pytest.mark.parametrize("seed", range(200))
def test_a_cell_is_blank_only_where_a_probability_was_rounded_to_0(seed):
    sheet = worksheet("right", seed)
    blank = {name for name, numbers in sheet.written.items() if np.isnan(numbers).any()}
    for name in blank - {"loss"}:
        step = name.removeprefix("loss_")
        assert sheet.written[f"p_{step}"][sheet.trace[f"target_{step}"].value == 1] == 0
    assert "loss" not in blank or len(blank) > 1


def test_everything_but_the_slip_is_worked_rightly_from_what_is_written():
    for seed in range(5 * EACH):
        sheet = worksheet("one slip", seed)
        if sheet.manner != "rounds":
            continue
        (slip,) = sheet.slips
        for name, numbers in sheet.written.items():
            if name != slip.quantity:
                off = np.abs(numbers - sheet.honest[name])
                assert not np.nanmax(off, initial=0) > 0.5001 * 10.0**-sheet.decimals


# ── the counting ──────────────────────────────────────────────────────────────────────────────────────────────────────


def with_status(report: Report, old: str, new: str) -> Report:
    return Report([m._replace(status=new) if m.status == old else m for m in report.marks])


def slipped() -> tuple[Worksheet, Report]:
    """A worksheet whose one mistake is named for certain."""
    for seed in range(EACH):
        sheet = worksheet("one slip", seed)
        report = mark(sheet.trace, sheet.answers)
        if count(sheet, report)["named"]:
            return sheet, report
    raise AssertionError("there is none")


def test_a_marking_that_calls_right_numbers_wrong_is_caught():
    sheet, report = slipped()
    assert count(sheet, report)["right called wrong"] == 0
    assert count(sheet, with_status(report, "rounded", "wrong"))["right called wrong"] > 0


def test_a_marking_that_misses_a_mistake_is_caught():
    sheet, report = slipped()
    assert count(sheet, with_status(report, "wrong", "carried"))["missed"] == 1


def test_a_marking_that_names_another_kind_is_caught():
    sheet, report = slipped()
    marks = [
        m._replace(mistakes=tuple(n._replace(kind="another") for n in m.mistakes)) if shows(sheet, m) else m
        for m in report.marks
    ]
    assert count(sheet, Report(marks))["misnamed"] == 1
    unnamed = [m._replace(mistakes=()) for m in report.marks]
    assert count(sheet, Report(unnamed))["unnamed"] == 1
