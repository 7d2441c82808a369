"""A quantity as an HTML table, for notebooks."""

from __future__ import annotations

from html import escape
from typing import Protocol

from rnncalc.io.numbers import given_decimals, table
from rnncalc.language.trees import Array


class Table(Protocol):
    """What a quantity shows of itself; a quantity calls this module, so that it cannot import it in turn."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> Array: ...
    @property
    def stage(self) -> str: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def equation(self) -> str: ...


def quantity_html(q: Table, decimals: int = 6) -> str:
    """The name, the equation, and the numbers with their row and column counted from 1."""
    values = q.value.tolist()
    numbers = table(values, given_decimals(values, decimals) if q.stage == "given" else decimals)
    rows, columns = q.shape
    head = ""
    if columns > 1:
        head = "<tr><th></th>" + "".join(f"<th>{j}</th>" for j in range(1, columns + 1)) + "</tr>"
    body = "".join(
        "<tr>"
        + (f"<th>{i}</th>" if rows > 1 else "")
        + "".join(f'<td style="text-align:right">{n}</td>' for n in row)
        + "</tr>"
        for i, row in enumerate(numbers, 1)
    )
    caption = f"<b>{escape(q.name)}</b> &nbsp; {escape(q.equation)}"
    return f"<table><caption>{caption}</caption>{head}{body}</table>"
