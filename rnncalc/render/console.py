"""A document as a page of the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rnncalc.io.visible import visible
from rnncalc.network.pictures import Picture
from rnncalc.render.document import (
    Bars,
    Block,
    Drawn,
    Grid,
    Heading,
    Letters,
    Marks,
    Paragraph,
    Part,
    Sources,
    Title,
    Working,
    side_by_side,
)
from rnncalc.render.layout import align, cell_width, lay_out, to_ascii
from rnncalc.render.roles import COLOURS, PLAIN, tint, tints

NARROWEST = 40
_NARROWEST_WORDS = 12
"""A column of words is folded down to this width, and no further."""
_MARGIN, _GAP = "  ", "   "


class Page:
    """Lines with roles, written out plain or in colour."""

    def __init__(self, width: int = 80, *, colour: str | None = None, ascii_only: bool = False) -> None:
        self.width = max(width, NARROWEST)
        self.colour = colour
        self.ascii_only = ascii_only
        self._parts: list[str] = []

    def say(self, text: str) -> str:
        """A text as it is written: with nothing hidden in it, in ASCII where the terminal has no more."""
        return to_ascii(visible(text)) if self.ascii_only else visible(text)

    def line(self, *segments: tuple[str, str]) -> None:
        """One line that is not folded."""
        self._parts.append("".join(self._ink(text, kind) for text, kind in segments).rstrip() + "\n")

    def text(self, text: str, kind: str = "", indent: str = "") -> None:
        """A paragraph, folded at blanks; a continued line is indented."""
        said = self.say(text)
        fold = _fold if cell_width(said) == len(said) else _fold_wide
        for line in fold(said, self.width, indent) or [""]:
            self.line((line, kind))

    def beside(self, name: str, text: str, kind: str) -> None:
        """A name, and its equation beside it, folded at blanks where it is wide."""
        indent = " " * (len(name) + 3)
        first, *more = _fold(self.say(text), self.width - len(indent), "") or [""]
        self.line((name, "name"), (f"   {first}", kind))
        for line in more:
            self.line((indent + line, kind))

    def heading(self, text: str) -> None:
        text = self.say(f"── {text} ")
        self.line()
        self.line((text + self.say("─") * max(self.width - cell_width(text), 0), "heading"))
        self.line()

    def picture(self, picture: Picture, roles: dict[str, str]) -> None:
        for line in lay_out(picture, self.width, roles, ascii_only=self.ascii_only):
            self.line(*line)
        self.line()

    def grid(self, grid: Grid) -> None:
        """A table; where it is too wide, its words are folded, or else its columns stand below each other."""
        rows = [[self.say(cell) for cell in row] for row in (grid.headings, *grid.rows)]
        widths = [max(map(cell_width, column)) for column in zip(*rows, strict=True)]
        room = self.width - len(_MARGIN)
        over = sum(widths) + len(_GAP) * (len(widths) - 1) - room
        words = [i for i, kind in enumerate(grid.alignments) if kind == "l" and i]
        widest = max(words, key=lambda i: widths[i], default=0)
        if over > 0 and widest and widths[widest] - over >= _NARROWEST_WORDS:
            widths[widest] -= over
        for columns in side_by_side([width + len(_GAP) for width in widths], room + len(_GAP)):
            for i, row in enumerate(rows):
                lines = [_folded(row[j], widths[j]) for j in columns]
                for parts in zip_longest(*lines, fillvalue=""):
                    cells = [align(c, widths[j], grid.alignments[j]) for c, j in zip(parts, columns, strict=True)]
                    self.line((_MARGIN + _GAP.join(cells), "" if i else "heading"))
            self.line()

    def working(self, working: Working) -> None:
        """Equations below each other; what goes on from the one above begins at its equals sign."""
        left = ""
        for formula in working.formulas:
            left = formula.left.text if formula.left is not None else " " * cell_width(self.say(left))
            self.text(f"{left} = {formula.right.text}{formula.note}", formula.role, _MARGIN)
        self.line()

    def bars(self, bars: Sequence[tuple[str, float | None]], notes: Sequence[str]) -> None:
        """Bars from the smallest height to the largest; the smallest still has a little length."""
        heights = [h for _, h in bars if h is not None]
        low, high = min(heights, default=0.0), max(heights, default=1.0)
        label = max(len(name) for name, _ in bars)
        note = max(map(len, notes), default=0)
        room = self.width - label - note - 6
        for (name, height), beside in zip(bars, notes, strict=True):
            share = 0.0 if height is None else 0.02 + 0.98 * ((height - low) / (high - low) if high > low else 1.0)
            bar = "█" * max(round(share * room), 1 if height is not None else 0)
            self.line((f"  {name:>{label}} ", "label"), (self.say(bar), "gradient"), (f" {beside}", ""))
        self.line()

    def _ink(self, text: str, kind: str) -> str:
        style = COLOURS.get(kind, PLAIN).terminal
        if self.colour is None or style == "default" or not text.strip():
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        systems = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}
        return Style.parse(style).render(text, color_system=systems[self.colour])

    def __str__(self) -> str:
        return "".join(self._parts).strip("\n") + "\n"


def _folded(cell: str, width: int) -> list[str]:
    """A cell's lines, none wider than its column if blanks allow."""
    if cell_width(cell) <= width:
        return [cell]
    return [line.strip() for line in _fold_wide(cell, width + 2, "")]


def _fold(text: str, width: int, indent: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)


def _fold_wide(text: str, width: int, indent: str) -> list[str]:
    """The same for letters that take two columns."""
    from rich.console import Console
    from rich.text import Text

    lines = Text(text).wrap(Console(width=width), width - len(indent) - 2)
    return [f"{indent}{'  ' if i else ''}{line.plain.rstrip()}" for i, line in enumerate(lines)]


def to_page(parts: Iterable[Part], page: Page) -> str:
    """Write a document on a page of the terminal."""
    for part in parts:
        match part:
            case Heading(text):
                page.heading(text)
            case Paragraph(text, kind):
                page.text(text, kind)
            case Letters(name, says, boxes):
                page.line((page.say(name), "name"), (f"   {says}", "words"))
                page.picture([*boxes], {})
            case Title(name, what, lines):
                page.line((page.say(name), "name"), (page.say(f"   {what}"), "words"))
                for line in lines:
                    page.text(line, "", "  ")
                page.line()
            case Drawn(picture):
                page.picture(picture, {})
            case Working():
                page.working(part)
            case Sources(says, sources):
                page.line()
                page.line((page.say(says), "heading"))
                for name, equation in sources:
                    page.text(f"{name}   {'given' if equation is None else equation.text}", "", "  ")
            case Block(quantity, says, picture):
                kind = tint(quantity)
                rows, columns = quantity.shape
                beside = quantity.equation if quantity.rule is not None else f"{rows}×{columns}"
                page.beside(quantity.name, beside, kind)
                page.text(says, "words", "  ")
                page.picture(picture, tints(picture))
            case Grid():
                page.grid(part)
            case Bars(bars, notes):
                page.bars(bars, notes)
            case Marks():
                for line in part.lines(page.width):
                    page.line((line, ""))
                page.line()
    return str(page)
