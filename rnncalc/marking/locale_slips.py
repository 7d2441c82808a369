"""What a spreadsheet of another language makes of a number: 1906 of 1,906, and the date 45901 of 1.9."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rnncalc.marking.answers import Answer

_DAY_0 = date(1899, 12, 30)
"""Spreadsheets count days from here; before March 1900 some are off by one, which no answer is."""
FIRST_DATE = 10_000
"""From 1927 on: a number that is typed becomes a date of this year, or of the year that it seems to name."""
_LAST_DATE = 2_958_465
"""In the year 9999."""
_GROUP = 3
"""The digits between separators of thousands."""
_MOST = 15


def as_date(number: float) -> date | None:
    """The date that a spreadsheet shows for a number, where it is a whole one of our times or later."""
    if not number.is_integer() or not FIRST_DATE <= number <= _LAST_DATE:
        return None
    return _DAY_0 + timedelta(days=int(number))


def locale_slip(answer: Answer, expected: float) -> str:
    """In words, how the right number has become another one while it was typed; nothing where it has not."""
    number = answer.number
    if number is None or answer.formula or not number.is_integer() or abs(number) < 10:
        return ""
    for decimals in range(_GROUP, _MOST):
        meant = f"{number / 10.0**decimals:.{decimals}f}"
        if _rounds_to(meant, expected):
            comma = meant.replace(".", ",")
            return (
                f"a spreadsheet reads {comma} or {meant} as {number:.0f} if it uses that sign for thousands; type "
                "it with the decimal sign of your spreadsheet's language"
            )
    day = as_date(number)
    if day is None:
        return ""
    made = next((text for text in _typed_as(day) if _rounds_to(text, expected)), "")
    if made:
        return (
            f"a spreadsheet that writes dates with points turns {made} into the date {day} ({number:.0f}); type it "
            f"with a decimal comma there: {made.replace('.', ',')}"
        )
    return f"the spreadsheet turned what was typed into the date {day}" if answer.text == str(day) else ""


def _typed_as(day: date) -> Iterator[str]:
    """The numbers that become this date as they are typed: day.month, month.year."""
    yield f"{day.day}.{day.month}"
    yield f"{day.day}.{day.month:02d}"
    if day.day == 1:
        yield f"{day.month}.{day.year}"
        yield f"{day.month}.{day.year % 100:02d}"


def _rounds_to(text: str, expected: float) -> bool:
    """Whether the expected number has these digits."""
    decimals = len(text.partition(".")[2])
    return abs(float(text) - expected) <= 0.5 * 10.0**-decimals * (1 + 1e-9)
