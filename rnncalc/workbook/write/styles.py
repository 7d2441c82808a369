"""The look of the workbook: one named cell style per role, which a theme may bring in another shape.

Colours are Okabe and Ito's, which the colour-blind tell apart, lightened; a role also shows in its border or font, and
its name always stands beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

from rnncalc.marking.status import Status
from rnncalc.render.roles import BIAS, COLOURS, GATES, HIDDEN, MEMORY, OUTPUT, READ

PREFIX = "rnncalc "


class Look(NamedTuple):
    """How a role looks unless a theme says otherwise."""

    fill: str = ""
    font: str = "000000"
    bold: bool = False
    italic: bool = False
    size: float = 11
    border: str = ""
    edge: Literal["thin", "medium"] = "thin"
    align: str = "right"
    locked: bool = True


_YELLOW = "FFF2CC"
"""Of what is given, and may be changed."""


def _tinted(tint: str, **more: Any) -> Look:
    return Look(**(COLOURS[tint].shade._asdict() | more))


def _given(tint: str) -> Look:
    return _tinted(tint, fill=_YELLOW, align="center", locked=False)


NUMBERS = {
    "given": Look(fill=_YELLOW, border="BF9000", locked=False),
    "input": Look(fill="DDEBF7", border="56B4E9", bold=True, align="center", locked=False),
    HIDDEN: _tinted(HIDDEN),
    OUTPUT: _tinted(OUTPUT),
    "loss": _tinted("loss", bold=True),
    "gradient": _tinted("gradient", italic=True),
    "new": _tinted("new", edge="medium"),
    **{tint: _tinted(tint, align="center") for tint in (READ, MEMORY, *GATES, BIAS)},
    **{f"given {tint}": _given(tint) for tint in (READ, MEMORY, BIAS, OUTPUT)},
    "link": Look(font="404040", border="D9D9D9"),
    "one-hot": Look(fill="EAF4FC", border="56B4E9", align="center"),
    "constant": Look(font="595959", border="D9D9D9"),
    "answer": Look(border="404040", edge="medium", locked=False),
}
"""The roles of cells that hold numbers or letters."""

GIVEN_TINTS = frozenset(role for role in NUMBERS if role.startswith("given "))
"""Given numbers with the colour of what they have to do with."""

MARKS: dict[str, Look] = {
    Status.CORRECT: Look(fill="C6EFCE", font="006100", border="70AD47"),
    Status.ROUNDED: Look(fill="E2F0D9", font="375623", border="A9D18E"),
    Status.CARRIED: Look(fill="FFEB9C", font="7F6000", border="BF9000"),
    Status.UNCREDITED: Look(fill="FFF2CC", font="7F6000", border="BF9000", italic=True),
    Status.WRONG: Look(fill="FFC7CE", font="9C0006", border="C00000", bold=True, edge="medium"),
    Status.BLANK: Look(fill="EDEDED", border="7F7F7F"),
    Status.NOT_A_NUMBER: Look(fill="F8CBAD", font="843C0C", border="C55A11", italic=True),
    Status.AMBIGUOUS: Look(fill="F8CBAD", font="843C0C", border="C55A11", italic=True),
    Status.NOT_CALCULATED: Look(fill="D9E1F2", font="1F3864", border="8EA9DB", italic=True),
    Status.GIVEN_CHANGED: Look(fill="F4B183", font="843C0C", border="C55A11", bold=True, edge="medium"),
}
"""The roles of answers that were marked, by their status."""

TEXTS = {
    "title": Look(font="1F3864", bold=True, size=18, align="left"),
    "heading": Look(font="FFFFFF", fill="1F3864", bold=True, size=12, align="left"),
    "name": Look(bold=True, align="left"),
    "equation": Look(font="1F3864", align="left"),
    "words": Look(font="595959", italic=True, align="left"),
    "text": Look(align="left"),
    "caption": Look(font="595959", align="center"),
    "label": Look(font="595959", align="right"),
    "sign": Look(align="center", bold=True),
    "line": Look(align="left", border="7F7F7F"),
    "jump": Look(font="0563C1", align="left"),
    "good": Look(fill="D5F0E6", font="00513B", bold=True, align="left"),
}
"""The roles of cells that hold words."""

ROLES = {**NUMBERS, **MARKS, **TEXTS}
LETTER_ROLES = ("input",)


def make_style(role: str) -> NamedStyle:
    """The default named style of a role."""
    look = ROLES[role]
    style = NamedStyle(name=PREFIX + role)
    style.font = Font(name="Calibri", size=look.size, bold=look.bold, italic=look.italic, color=f"FF{look.font}")
    if look.fill:
        style.fill = PatternFill("solid", fgColor=f"FF{look.fill}")
    if look.border:
        side = Side(style=look.edge, color=f"FF{look.border}")
        style.border = Border(left=side, right=side, top=side, bottom=side)
    style.alignment = Alignment(horizontal=look.align, vertical="center")
    style.protection = Protection(locked=look.locked)
    return style


def fixed(decimals: int) -> str:
    """The number format of so many decimals."""
    return f"0.{'0' * decimals}" if decimals else "0"


class StyleBook:
    """The number under which a workbook knows each role with each number format."""

    def __init__(self, workbook: Workbook, decimals: int, open_roles: Collection[str]) -> None:
        self._open = open_roles
        self._workbook = workbook
        self._decimals = decimals
        self._numbers: dict[tuple[str, str, bool, bool], int] = {}
        self._scratch = workbook.create_sheet("scratch")
        known = {style if isinstance(style, str) else style.name for style in workbook.named_styles}
        for role in ROLES:
            if PREFIX + role not in known:
                workbook.add_named_style(make_style(role))

    @property
    def number_format(self) -> str:
        """The number format of so many decimals."""
        return fixed(self._decimals)

    def number(self, role: str, number_format: str = "", *, sample: bool = False, centred: bool = False) -> int:
        """The style's number in the file; numbers show the workbook's decimals unless another format is asked for.

        A ``sample`` shows the look of a role, and stays locked where the role itself is open; ``centred``: numbers in
        the middle, whatever the role says.
        """
        if not number_format:
            number_format = "@" if role in LETTER_ROLES else self.number_format if role not in TEXTS else "General"
        key = (role, number_format, sample, centred and role in NUMBERS)
        if key not in self._numbers:
            cell = self._scratch.cell(len(self._numbers) + 1, 1)
            cell.style = PREFIX + role
            cell.number_format = number_format
            # A theme may forget what --protect leaves open.
            cell.protection = Protection(locked=sample or role not in self._open)
            if key[-1]:
                cell.alignment = Alignment(horizontal="center", vertical="center")
            self._numbers[key] = cell.style_id
        return self._numbers[key]

    def close(self) -> None:
        """Take the sheet away on which the styles were made known."""
        self._workbook.remove(self._scratch)
