"""The picture of a quantity's arithmetic: tables and signs in a row, matrix · column = column, as textbooks draw it.

A picture is made from the operation's own equation with the tables put in place of the symbols, so that every format
shows the same one.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from rnncalc.io.numbers import given_decimals, number, table
from rnncalc.io.visible import visible
from rnncalc.language import Constant, Expression, largest, template_pieces, total, transpose
from rnncalc.language.trees import Term
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace

NAMED = ("letter", "class")
"""The axes whose rows have names of their own; the others are numbered."""
MOST_TERMS = 8
"""A sum of more terms shows the first ones and the last."""


class Box(NamedTuple):
    """A table in a picture: a quantity's, as it is or transposed, and the decimals that it shows."""

    quantity: Quantity
    transposed: bool
    values: list[list[float]]
    decimals: int
    row_labels: list[str]
    column_labels: list[str]
    result: bool = False
    part: str = ""
    captioned: bool = True

    @property
    def numbers(self) -> list[list[str]]:
        """The numbers as people read them."""
        return table(self.values, self.decimals)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return len(self.values), len(self.values[0])

    @property
    def letters_in_rows(self) -> bool:
        """Whether its rows have names: letters, words, classes."""
        return self.quantity.axes[1 if self.transposed else 0] in NAMED

    @property
    def symbol(self) -> str:
        return self.quantity.symbol + ("ᵀ" if self.transposed else "")

    @property
    def latex(self) -> str:
        return self.quantity.latex + (r"^{\top}" if self.transposed else "")


class Sign(NamedTuple):
    """What stands between tables: a sign, a function's name, a number."""

    text: str
    latex: str
    working: Expression | None = None
    """Where it is a number worked out on the way, such as the largest score: what it was worked from."""


Picture = list[Box | Sign]

EQUALS = Sign("=", "=")


def picture(quantity: Quantity, trace: Trace, decimals: int, *, worked: bool = False) -> Picture:
    """The arithmetic of a quantity and, after "=", its table; for a given quantity the table alone.

    ``worked`` draws the computer's way where it is another than the equation's (see rnncalc.language).
    """
    result = box(quantity, trace, decimals)._replace(result=True)
    if quantity.rule is None:
        return [result]
    template = quantity.rule.operation.worked if worked else ""
    return [*_tidy(_draw(quantity.rule, trace, decimals, template=template, root=True)), EQUALS, result]


def box(quantity: Quantity, trace: Trace, decimals: int, *, transposed: bool = False) -> Box:
    """The table of one quantity with its labels: letters and classes by name, units by number."""
    values = (quantity.value.T if transposed else quantity.value).tolist()
    shown = given_decimals(values, decimals) if quantity.stage == Stage.GIVEN else decimals
    rows, columns = (_labels(axis, n, trace) for axis, n in zip(quantity.axes, quantity.shape, strict=True))
    if transposed:
        rows, columns = columns, rows
    return Box(quantity, transposed, values, shown, rows, columns)


def _labels(axis: str, count: int, trace: Trace) -> list[str]:
    if axis in NAMED:
        return [letter_picture(c) for c in names_of(axis, trace.problem)]
    return [str(i) for i in range(1, count + 1)] if axis else []


def names_of(axis: str, problem: Problem) -> tuple[str, ...]:
    """What the rows along a named axis stand for."""
    return problem.vocabulary if axis == "letter" else problem.classes


def letter_picture(letter: str) -> str:
    """A letter or a word so that it can be seen: blanks and control characters as pictures (␣, ↵, ⇥), else itself."""
    if len(letter) > 1:
        return letter if letter.isprintable() else "".join(map(letter_picture, letter))
    if unicodedata.combining(letter):
        return f"◌{letter}"
    return {" ": "␣", "\xa0": "⍽"}.get(letter) or visible(letter)


def text_picture(text: str) -> str:
    """A text for a heading: blanks as they are, control characters as pictures."""
    return "".join(c if c == " " else letter_picture(c) for c in text)


def _draw(term: Term, trace: Trace, decimals: int, *, template: str = "", root: bool = False) -> Picture:
    if isinstance(term, Quantity):
        return [box(term, trace, decimals)]
    if isinstance(term, Constant):
        return [Sign(f"{term.number:g}", f"{term.number:g}")]
    assert isinstance(term, Expression)
    operation, arguments = term.operation, term.arguments
    if operation is transpose and isinstance(arguments[0], Quantity):
        return [box(arguments[0], trace, decimals, transposed=True)]
    if not root and operation in (largest, total):
        shown = number(float(term.value[0, 0]), decimals)
        return [Sign(shown, shown, term)]
    drawn: Picture = []
    text = operation.faces.text
    pieces = template_pieces(text._replace(template=template or text.template), len(arguments))
    typeset = template_pieces(operation.faces.latex, len(arguments))
    if list(map(type, typeset)) != list(map(type, pieces)):
        typeset = pieces  # a fraction, or the computer's way: no sign of the line has a counterpart
    if text.between and len(arguments) > MOST_TERMS:
        # a norm has a sign before its first term and one behind its last, a sum has none
        last = 2 * MOST_TERMS - 2 + isinstance(pieces[0], str)
        tail = -2 - isinstance(pieces[-1], str)
        pieces, typeset = [*pieces[:last], "…", *pieces[tail:]], [*typeset[:last], r"\cdots", *typeset[tail:]]
    for piece, sign in zip(pieces, typeset, strict=True):
        if isinstance(piece, str):
            drawn.append(Sign(piece.strip(), str(sign).strip()))
            continue
        inner = _draw(arguments[piece], trace, decimals)
        argument = arguments[piece]
        loose = isinstance(argument, Expression) and argument.operation.faces.text.binds < text.need(piece)
        drawn += [Sign("(", r"\left("), *inner, Sign(")", r"\right)")] if loose else inner
    return drawn


def _tidy(pieces: Picture) -> Picture:
    """Drop the brackets of a function around a single table, which has brackets of its own: tanh [table]."""
    tidy: Picture = []
    i = 0
    while i < len(pieces):
        piece = pieces[i]
        following = pieces[i + 1 : i + 3]
        if (
            isinstance(piece, Sign)
            and piece.text.endswith("(")
            and len(following) == 2
            and isinstance(following[0], Box)
            and isinstance(following[1], Sign)
            and following[1].text == ")"
        ):
            name = Sign(piece.text[:-1].strip(), piece.latex.removesuffix(r"\left("))
            tidy += ([name] if name.text else []) + [following[0]]
            i += 3
            continue
        tidy.append(piece)
        i += 1
    return tidy
