"""Ways of working. All of them are right work: a number that comes of one must never be called wrong."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from random import Random

import numpy as np

from rnncalc.marking.answers import Answer, read_answer

from .nodes import Array, Hand

_SAFE = 1e9
"""Below this, float64 holds 6 decimals and more to spare."""


def nearest(x: Array, decimals: int) -> Array:
    """Rounded, a half away from zero."""
    scale = 10.0**decimals
    rounded: Array = np.copysign(np.floor(np.abs(np.asarray(x, dtype=float)) * scale + 0.5) / scale, x) + 0.0
    return rounded


def to_even(x: Array, decimals: int) -> Array:
    """Rounded, a half to the even digit."""
    return np.round(np.asarray(x, dtype=float), decimals) + 0.0


def cut(x: Array, decimals: int) -> Array:
    """The digits that come after are cut off. What float64 holds of 0.29 is not 0.28."""
    scale = 10.0**decimals
    return np.trunc(np.copysign(np.abs(np.asarray(x, dtype=float)) * scale + 1e-6, x)) / scale + 0.0


class Way:
    """Rounds every number, and goes on with the rounded one.

    ``written`` is what is put down of a worked number, ``kept`` what is gone on with; ``asked`` is how many decimals
    the sheet asks for. A hand tells what is rounded within one number.
    """

    name = "rounds"
    hand = Hand()
    shifted: bool | None = None
    """The form in which this person works exp(y), where it is not that of the sheet."""
    from_scores = False
    """Whether this person works the loss from the scores, not from the probability."""
    single = False
    """Whether all is worked in float32."""

    def __init__(self, decimals: int, rng: Random) -> None:
        self.asked = decimals
        self.decimals = decimals
        self.rng = rng

    def written(self, x: Array) -> Array:
        return nearest(x, self.decimals)

    def kept(self, worked: Array, written: Array) -> Array:
        return written

    def leaves_blank(self, name: str) -> bool:
        return False

    def answer(self, number: float) -> Answer:
        return Answer(f"{number:.{self.asked}f}", number, self.asked)

    @property
    def unit(self) -> float:
        """A unit of the last decimal written: how far one rounding or cutting can move a number at most."""
        return float(10.0**-self.decimals)


class Remembers(Way):
    name = "remembers all digits"

    def kept(self, worked: Array, written: Array) -> Array:
        return worked


class Mixes(Way):
    name = "mixes"

    def kept(self, worked: Array, written: Array) -> Array:
        return worked if self.rng.random() < 0.5 else written


class Cuts(Way):
    name = "cuts off"

    def written(self, x: Array) -> Array:
        return cut(x, self.decimals)


class CutsAndRemembers(Cuts):
    name = "cuts off, remembers all digits"

    def kept(self, worked: Array, written: Array) -> Array:
        return worked


class _Rounding(Hand):
    """Rounds what comes in between by a rule."""

    def __init__(
        self, rule: Callable[[Array], Array], *, products: bool = True, squares: bool = True, tables: bool = False
    ) -> None:
        self.rule, self.products, self.squares, self.tables = rule, products, squares, tables

    def product(self, x: Array) -> Array:
        return self.rule(x) if self.products else x

    def square(self, x: Array) -> Array:
        return self.rule(x) if self.squares else x

    def table(self, x: Array) -> Array:
        return self.rule(x) if self.tables else x


class RoundsProducts(Way):
    name = "rounds every product before adding"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.hand = _Rounding(lambda x: nearest(x, decimals), tables=True)


class CutsProducts(Cuts):
    name = "cuts every product off"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.hand = _Rounding(lambda x: cut(x, decimals), tables=True)


class RoundsSquares(Way):
    name = "rounds squares first"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.hand = _Rounding(lambda x: nearest(x, decimals), products=False)


class Table(Way):
    name = "reads functions from a table"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.hand = _Rounding(lambda x: nearest(x, decimals), products=False, squares=False, tables=True)


class GuardDigit(Way):
    """Works with a digit more, and rounds it away to write: 0.902645, 0.90265, 0.9027."""

    name = "keeps a guard digit"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        if rng.random() < 0.5:
            self.hand = _Rounding(lambda x: nearest(x, decimals + 1), tables=True)

    def written(self, x: Array) -> Array:
        return nearest(_decimal(nearest(x, self.decimals + 1)), self.decimals)

    def kept(self, worked: Array, written: Array) -> Array:
        return nearest(worked, self.decimals + 1)


def _decimal(x: Array) -> Array:
    """Moved so little that what is a half in decimals is one in float64."""
    return x * (1 + 4e-16)


class HalfToEven(Way):
    name = "rounds a half to even"

    def written(self, x: Array) -> Array:
        return to_even(x, self.decimals)


class Single(Remembers):
    name = "works in float32"
    single = True


class OtherForm(Way):
    """Works exp(y) in the other form; the common factor falls out of p."""

    name = "the other softmax"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.remembers = rng.random() < 0.5
        self.from_scores = rng.random() < 0.5

    def kept(self, worked: Array, written: Array) -> Array:
        return worked if self.remembers else written


class FromScores(Way):
    name = "works the loss from the scores"
    from_scores = True


class Blanks(Way):
    """Leaves some tables and some cells blank, but has worked them."""

    name = "leaves some blank"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.remembers = rng.random() < 0.5

    def kept(self, worked: Array, written: Array) -> Array:
        return worked if self.remembers else written

    def leaves_blank(self, name: str) -> bool:
        return self.rng.random() < 0.1


class Commas(Way):
    """Types text with decimal commas. 1,234 could be a thousand: who writes three decimals writes points here."""

    name = "types decimal commas"

    def answer(self, number: float) -> Answer:
        text = f"{number:.{self.decimals}f}"
        return read_answer(text if self.decimals == 3 else text.replace(".", ","))


class MoreDigits(Single):
    """Types what float32 prints, as text: more digits than asked."""

    name = "types more digits than asked"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.comma = rng.random() < 0.5

    def written(self, x: Array) -> Array:
        return to_even(x, 8)

    def answer(self, number: float) -> Answer:
        text = f"{number:.8f}"
        return read_answer(text.replace(".", ",") if self.comma else text)


class TwoDecimals(Way):
    """Works the whole sheet with 2 decimals where more were asked."""

    name = "works with 2 decimals"

    def __init__(self, decimals: int, rng: Random) -> None:
        super().__init__(decimals, rng)
        self.decimals = 2
        self.remembers = rng.random() < 0.5

    def kept(self, worked: Array, written: Array) -> Array:
        return worked if self.remembers else written


WAYS: tuple[type[Way], ...] = (
    Way,
    Remembers,
    Mixes,
    Cuts,
    CutsAndRemembers,
    RoundsProducts,
    CutsProducts,
    RoundsSquares,
    Table,
    GuardDigit,
    HalfToEven,
    Single,
    OtherForm,
    FromScores,
    Blanks,
    Commas,
    MoreDigits,
    TwoDecimals,
)
PLAIN_WAYS: tuple[type[Way], ...] = tuple(way for way in WAYS if way not in {Blanks, MoreDigits, TwoDecimals})
"""The ways in which every number is written with the decimals asked: for sheets with planted mistakes."""


def by_hand(number: Decimal, decimals: int, *, even: bool = False) -> Decimal:
    """Rounded in decimals, for tests of the roundings above."""
    unit = Decimal(1).scaleb(-decimals)
    return number.quantize(unit, rounding=ROUND_HALF_EVEN if even else ROUND_HALF_UP)
