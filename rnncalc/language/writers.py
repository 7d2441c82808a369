"""Trees in writing: mathematics in a line of text, and the templates of operations, all from the table of functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnncalc.language.functions import ATOM, FUNCTIONS, LOOSE, PRODUCT, SUM, Face
from rnncalc.language.trees import Call, Entry, Number, Operand, Scalar


class Written(NamedTuple):
    """A piece of writing and how tightly it holds together."""

    text: str
    binds: int

    def within(self, binds: int) -> str:
        """The text, in brackets where what surrounds it holds tighter."""
        return self.text if self.binds >= binds else f"({self.text})"


class Writer:
    """Writes trees by one face of the functions: "text", "whole", "latex", "cell" or "array"."""

    face = "text"

    def write(self, scalar: Scalar) -> Written:
        """Write a tree. Raises TypeError for a function that is not in the table."""
        match scalar:
            case Entry():
                return self.leaf(scalar)
            case Number(value):
                return Written(f"{value:g}", ATOM)
            case Call(function, arguments):
                if function not in FUNCTIONS:
                    raise TypeError(f"The table of functions has no {function}.")
                face = FUNCTIONS[function].face(self.face)
                written: Written = getattr(self, face.gather)(face, function, arguments)
                return written

    def leaf(self, entry: Entry) -> Written:
        """An element of a table."""
        raise NotImplementedError

    def within(self, scalar: Scalar, needs: int) -> str:
        """A part of a tree, in brackets where it needs them."""
        return self.write(scalar).within(needs)

    def join(self, between: str, parts: Sequence[str]) -> str:
        """Any number of parts."""
        return between.join(parts)

    def each(self, face: Face, function: str, arguments: Sequence[Scalar]) -> Written:
        """Operands one by one."""
        parts = [self.within(a, face.need(i)) for i, a in enumerate(arguments)]
        return Written(fill(face.template, parts, self.join(face.between, parts)), face.binds)

    row = each

    def pairs(self, face: Face, function: str, arguments: Sequence[Scalar]) -> Written:
        """A sum of products: the first half of the operands, each with its factor in the second."""
        half = len(arguments) // 2
        factors = zip(arguments[:half], arguments[half:], strict=True)
        products = [fill(face.template, [self.within(a, face.need(0)) for a in pair]) for pair in factors]
        return Written(self.join(face.between, products), SUM if half > 1 else face.binds)

    def choice(self, face: Face, function: str, arguments: Sequence[Scalar]) -> Written:
        """One of the operands, which the first counts from 1, beside all of them."""
        place, *entries = arguments
        assert isinstance(place, Number)
        parts = [self.within(a, face.need(0)) for a in entries]
        return Written(fill(face.template, [parts[int(place.value) - 1]], self.join(face.between, parts)), face.binds)


def fill(template: str, parts: Sequence[str], joined: str = "") -> str:
    """A template with the operands put in: by their numbers, and at {…} all of them."""
    return template.format(*parts, **{"…": joined})


class TextWriter(Writer):
    """Mathematics as a person writes it in a line of text; ``entry`` decides between symbols and numbers.

    A sum of more than ``longest`` terms shows the first ones, … and the last.
    """

    def __init__(self, entry: Callable[[Entry], str], longest: int | None = None) -> None:
        self._entry = entry
        self._longest = longest

    def leaf(self, entry: Entry) -> Written:
        text = self._entry(entry)
        return Written(text, LOOSE if text.startswith("-") else PRODUCT if text.startswith("∂") else ATOM)

    def join(self, between: str, parts: Sequence[str]) -> str:
        long = self._longest is not None and len(parts) > self._longest
        return between.join([*parts[:3], "…", parts[-1]] if long else parts)


class LatexWriter(Writer):
    """The same in LaTeX; ``entry`` gives an element with how tightly it holds together."""

    face = "latex"

    def __init__(self, entry: Callable[[Entry], Written]) -> None:
        self._entry = entry

    def leaf(self, entry: Entry) -> Written:
        return self._entry(entry)

    def join(self, between: str, parts: Sequence[str]) -> str:
        # the sign for whole tables, entry by entry, is a plain product between two elements
        return between.replace(r"\odot", r"\cdot").join(parts)


class _TemplateWriter(Writer):
    """Writes a rule with its operands left open, and finds how tightly each must hold together."""

    def __init__(self, face: str) -> None:
        self.face = face
        self.needs: dict[int, int] = {}

    def leaf(self, entry: Entry) -> Written:
        assert isinstance(entry.of, Operand)
        return Written(_OPEN.format(entry.of.place), ATOM)

    def within(self, scalar: Scalar, needs: int) -> str:
        if isinstance(scalar, Entry) and isinstance(scalar.of, Operand):
            self.needs[scalar.of.place] = max(needs, self.needs.get(scalar.of.place, LOOSE))
        return super().within(scalar, needs)


_OPEN = "\0{}\1"
"""An operand's place while a rule is written, in signs that no template has."""


def template(rule: Scalar, face: str) -> Face:
    """The template of a rule that is worked entry by entry."""
    writer = _TemplateWriter(face)
    text, binds = writer.write(rule)
    if isinstance(rule, Entry):
        writer.needs, binds = {0: SUM}, SUM
    text = text.replace("{", "{{").replace("}", "}}").replace("\0", "{").replace("\1", "}")
    return Face(text, binds, tuple(writer.needs[place] for place in sorted(writer.needs)))
