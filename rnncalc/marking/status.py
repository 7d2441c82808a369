"""What may become of an answer, and of a whole file."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The verdict on one answer, by the name that pages, records and exports have for it."""

    CORRECT = "correct"
    """Right to the digits given."""
    ROUNDED = "rounded"
    """Right by some way of working: it follows from the person's own right numbers, with the rounding of one step."""
    CARRIED = "carried"
    """It follows from the person's own earlier numbers, of which one is wrong."""
    UNCREDITED = "uncredited"
    """The same, and these numbers earn no credit."""
    WRONG = "wrong"
    """None of these."""
    BLANK = "blank"
    NOT_A_NUMBER = "not-a-number"
    AMBIGUOUS = "ambiguous"
    """It could mean two numbers."""
    NOT_CALCULATED = "not-calculated"
    """A formula that no program has calculated."""
    GIVEN_CHANGED = "given-changed"
    """No answer, but a given number that is not the problem's."""


RIGHT = (Status.CORRECT, Status.ROUNDED)
FOLLOWS = (Status.CARRIED, Status.UNCREDITED)
"""Wrong numbers that follow rightly from earlier ones."""


class Verdict(StrEnum):
    """The verdict on a whole file."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    INCOMPLETE = "incomplete"
    """Nothing is wrong, and something is missing."""
    UNREADABLE = "unreadable"
