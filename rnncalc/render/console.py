"""A document as a page of the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rnncalc.render.document import Bars, Block, Grid, Heading, Letters, Marks, Paragraph, Part
from rnncalc.render.layout import align, cell_width, lay_out, to_ascii
from rnncalc.render.pictures import Picture
from rnncalc.render.roles import COLOURS, role

NARROWEST = 40


class Page:
    """Lines with roles, written out plain or in colour."""

    def __init__(self, width: int = 80, *, colour: str | None = None, ascii_only: bool = False) -> None:
        self.width = max(width, NARROWEST)
        self.colour = colour
        self.ascii_only = ascii_only
        self._parts: list[str] = []

    def say(self, text: str) -> str:
        return to_ascii(text) if self.ascii_only else text

    def line(self, *segments: tuple[str, str]) -> None:
        """One line that is not folded."""
        self._parts.append("".join(self._ink(text, kind) for text, kind in segments).rstrip() + "\n")

    def text(self, text: str, kind: str = "", indent: str = "") -> None:
        """A paragraph, folded at blanks; a continued line is indented."""
        said = self.say(text)
        fold = _fold if cell_width(said) == len(said) else _fold_wide
        for one in fold(said, self.width, indent) or [""]:
            self.line((one, kind))

    def beside(self, name: str, text: str, kind: str) -> None:
        """A name, and its equation beside it, folded at blanks where it is wide."""
        indent = " " * (len(name) + 3)
        first, *more = _fold(self.say(text), self.width - len(indent), "") or [""]
        self.line((name, "name"), (f"   {first}", kind))
        for one in more:
            self.line((indent + one, kind))

    def heading(self, text: str) -> None:
        text = self.say(f"── {text} ")
        self.line()
        self.line((text + self.say("─") * max(self.width - cell_width(text), 0), "heading"))
        self.line()

    def picture(self, picture: Picture, roles: dict[str, str]) -> None:
        for one in lay_out(picture, self.width, roles, ascii_only=self.ascii_only):
            self.line(*one)
        self.line()

    def grid(self, grid: Grid) -> None:
        rows = [[self.say(cell) for cell in row] for row in (grid.headings, *grid.rows)]
        widths = [max(map(cell_width, column)) for column in zip(*rows, strict=True)]
        for i, row in enumerate(rows):
            cells = [align(c, w, a) for c, w, a in zip(row, widths, grid.alignments, strict=True)]
            self.line(("  " + "   ".join(cells), "" if i else "heading"))
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
        style = COLOURS.get(kind, "default")
        if self.colour is None or style == "default" or not text.strip():
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        systems = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}
        return Style.parse(style).render(text, color_system=systems[self.colour])

    def __str__(self) -> str:
        return "".join(self._parts).strip("\n") + "\n"


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
            case Block(quantity, says, picture):
                kind = role(quantity)
                rows, columns = quantity.shape
                beside = quantity.equation if quantity.rule is not None else f"{rows}×{columns}"
                page.beside(quantity.name, beside, kind)
                page.text(says, "words", "  ")
                page.picture(picture, {quantity.name: kind})
            case Grid():
                page.grid(part)
            case Bars(bars, notes):
                page.bars(bars, notes)
            case Marks():
                for line in part.lines(page.width):
                    page.line((line, ""))
                page.line()
    return str(page)
