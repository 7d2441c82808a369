"""Slips of copying: a number that was worked rightly, and written down wrongly."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnncalc.language.interval import Interval, at
from rnncalc.marking.answers import Answer, Place, read_answer
from rnncalc.marking.copying import row_slips, slips
from rnncalc.marking.mistake_groups import COPYING


def kinds(typed: str, meant: float | Interval) -> list[str]:
    interval = meant if isinstance(meant, Interval) else at(meant)
    return [slip.kind for slip in slips(read_answer(typed), interval)]


# ── one number ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        ("0.1344", -0.13436, "sign-lost"),
        ("-0.1344", 0.1344, "sign-lost"),
        ("0.01", -0.01, "sign-lost"),
        ("0.1777", 0.7177, "digits-swapped"),
        ("0.7717", 0.71771, "digits-swapped"),
        ("-0.7717", -0.7177, "digits-swapped"),
        ("21.34", 12.34, "digits-swapped"),
        ("1.3024", 3.1024, "digits-swapped"),  # over the point
        ("7.177", 0.7177, "point-moved"),
        ("0.0718", 0.7177, "point-moved"),
        ("71.77", 0.7177, "point-moved"),
        ("717.7", 0.7177, "point-moved"),
        ("7.177", 0.71774, "point-moved"),
        ("-0.4355", -4.35501, "point-moved"),
        ("0.7277", 0.7177, "digit-wrong"),
        ("0.2177", 0.7177, "digit-wrong"),
        ("1.7177", 0.7177, "digit-wrong"),
    ],
)
def test_each_slip_is_known_by_its_kind(typed, meant, kind):
    assert kinds(typed, meant)[0] == kind


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0.7188", 0.7177),  # two digits are others
        ("0.1774", 0.7177),  # swapped, and another digit
        ("0.7771", 0.7177),  # digits that stand apart
        ("0.1347", -0.1344),
        ("0", 0.7177),
        ("0.0000", -0.5),
        ("7177", 0.7177),  # four places
    ],
)
def test_what_is_no_single_slip_has_no_name(typed, meant):
    assert [kind for kind in kinds(typed, meant) if kind != "digit-wrong"] == []


def test_two_digits_that_differ_are_not_one():
    assert kinds("0.7188", 0.7177) == []
    assert kinds("17.177", 0.7177) == []  # one digit more


@given(number=st.decimals(-99, 99, places=6), decimals=st.integers(1, 5))
def test_a_right_number_is_no_slip(number, decimals):
    assert kinds(f"{number:.{decimals}f}", float(f"{number:.{decimals}f}")) == []


numbers = st.integers(1, 4).flatmap(lambda places: st.decimals(-99, 99, places=places).filter(bool))


@given(number=numbers)
def test_a_lost_sign_is_always_known_and_nothing_else_is_said(number):
    assert kinds(str(-number), float(number)) == ["sign-lost"]


@given(number=numbers, data=st.data())
def test_two_neighbouring_digits_that_were_swapped_are_always_known(number, data):
    text = f"{abs(number)}"
    digits = [i for i, sign in enumerate(text) if sign.isdigit()]
    first = data.draw(st.integers(0, len(digits) - 2))
    i, j = digits[first], digits[first + 1]
    assume(text[i] != text[j])
    signs = list(text)
    signs[i], signs[j] = signs[j], signs[i]
    typed = "".join(signs)
    assume(Decimal(typed) and len(str(Decimal(typed))) == len(text))  # no zero in front
    sign = "-" if number < 0 else ""
    assert "digits-swapped" in kinds(sign + typed, float(number))


@given(number=numbers, data=st.data())
def test_one_digit_that_is_another_is_always_known(number, data):
    text = str(number)
    i = data.draw(st.sampled_from([i for i, sign in enumerate(text) if sign.isdigit()]))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != text[i]]))
    typed = text[:i] + other + text[i + 1 :]
    assume(Decimal(typed))
    assume(len(str(Decimal(typed))) == len(text))  # no zero in front
    assert "digit-wrong" in kinds(typed, float(number))


@given(number=numbers, places=st.sampled_from([-3, -2, -1, 1, 2, 3]))
def test_a_point_in_another_place_is_always_known(number, places):
    moved = number.scaleb(places)
    assert {"point-moved"} <= set(kinds(f"{moved:f}", float(number)))


def test_a_slip_is_one_of_the_kinds_that_the_page_lists():
    found = {kind for typed in ("0.1777", "0.7277", "7.177", "-0.7177") for kind in kinds(typed, 0.7177)}
    assert found == {"digits-swapped", "digit-wrong", "point-moved", "sign-lost"}
    assert found <= COPYING


def test_a_point_that_was_moved_in_a_cell_is_known_too():
    """A cell's number counts with the decimals asked for, and the right one had four."""
    assert [s.kind for s in slips(Answer("7.177", 7.177, 4), at(0.71774))] == ["point-moved"]
    assert [s.kind for s in slips(Answer("7.1774", 7.1774, 4), at(0.71774))] == ["point-moved"]
    assert [s.kind for s in slips(Answer("0.0718", 0.0718, 4), at(0.71774))] == ["point-moved"]
    assert [s.kind for s in slips(Answer("7.18", 7.18, 4), at(0.71774))] == []


def test_a_slip_is_held_against_every_number_that_might_rightly_stand_there():
    """Rounded early, 0.71774 may be 0.7179."""
    assert "digits-swapped" in kinds("0.1779", Interval(0.71755, 0.7179))
    assert "digits-swapped" not in kinds("0.1779", at(0.71774))


def test_nothing_is_said_of_a_blank_or_of_what_should_be_infinite():
    assert kinds("", 0.5) == []
    assert kinds("0.5", at(float("inf"))) == []
    assert kinds("0.5", at(float("nan"))) == []


def test_the_more_numbers_a_slip_could_lead_to_the_less_it_tells():
    (sign,) = slips(read_answer("-0.7177"), at(0.7177))
    (digit,) = slips(read_answer("0.7277"), at(0.7177))
    assert sign.others < digit.others
    (one_digit,) = [s for s in slips(read_answer("0.06"), at(0.6)) if s.kind == "point-moved"]
    (several,) = [s for s in slips(read_answer("0.6177"), at(6.1771)) if s.kind == "point-moved"]
    assert several.others < one_digit.others


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def cells(*rows: str | None) -> dict[Place, Answer]:
    """A column, or a matrix of numbers with blanks between; None is a number that is not wrong."""
    return {
        (i, j): read_answer(text)
        for i, row in enumerate(rows)
        for j, text in enumerate(row.split() if row is not None else ())
        if text != "."
    }


def meant(*rows: str) -> dict[Place, Interval]:
    return {place: at(float(answer.number or 0)) for place, answer in cells(*rows).items()}


def named(wrong: Mapping[Place, Answer], right: Mapping[Place, Interval]) -> dict[Place, tuple[str, str]]:
    return {place: (slip.kind, slip.says) for place, slip in row_slips(wrong, right).items()}


def test_two_rows_that_were_swapped_are_known_in_both():
    found = named(cells("0.42", "0.19", None), meant("0.19", "0.42", "0.77"))
    assert found == {
        (0, 0): ("rows-swapped", "rows 1 and 2 are swapped"),
        (1, 0): ("rows-swapped", "rows 1 and 2 are swapped"),
    }


def test_a_row_that_was_written_twice_is_known_where_it_does_not_belong():
    found = named(cells(None, "0.19", None), meant("0.19", "0.42", "0.77"))
    assert found == {(1, 0): ("row-twice", "row 1 was also written in row 2")}


def test_rows_of_a_matrix_are_swapped_as_a_whole_only():
    right = meant("0.1 0.2 0.3", "0.4 0.5 0.6")
    swapped = named(cells("0.4 0.5 0.6", "0.1 0.2 0.3"), right)
    assert {kind for kind, _ in swapped.values()} == {"rows-swapped"}
    assert len(swapped) == 6
    assert named(cells("0.4 0.5 0.9", "0.1 0.2 0.3"), right) == {}  # row 1 stands nowhere twice


def test_of_rows_that_are_partly_alike_the_wrong_numbers_alone_tell():
    """The middle number is the same in both rows, so it is not wrong."""
    found = named(cells("0.4 . 0.6", "0.1 . 0.3"), meant("0.1 0.5 0.3", "0.4 0.5 0.6"))
    assert {place: kind for place, (kind, _) in found.items()} == {
        (i, j): "rows-swapped" for i in (0, 1) for j in (0, 2)
    }


def test_a_number_of_its_own_is_no_row_and_equal_rows_cannot_be_swapped():
    assert named(cells("0.55", None, None), meant("0.19", "0.42", "0.77")) == {}
    assert named(cells("0.19", None), meant("0.19", "0.19")) == {}


def test_rows_of_three_that_go_round_stand_in_another_order():
    found = named(cells("0.42", "0.77", "0.19"), meant("0.19", "0.42", "0.77"))
    assert set(found.values()) == {("rows-swapped", "the rows are in another order")}


def test_a_row_is_known_by_half_a_unit_of_its_last_decimal():
    assert named(cells("0.42"), {(0, 0): at(0.19), (1, 0): at(0.4249)}) != {}
    assert named(cells("0.42"), {(0, 0): at(0.19), (1, 0): at(0.4261)}) == {}
