"""The cells that there are: a module in this folder each, which brings its ``CELL`` (see rnncalc.network.cell)."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnncalc.network.cell import Cell

_FIRST = ("rnn", "lstm", "gru")
"""The order in which pages and messages list the first cells; further ones follow by name."""
CELLS: dict[str, Cell | None] = dict.fromkeys(
    dict.fromkeys([*_FIRST, *(module.name for module in iter_modules(__path__))])
)
"""The cells by name, each None until it is first asked for, so that --help loads none. What is put here is known."""


def cell(name: str) -> Cell:
    """The cell of that name, one of ``CELLS``."""
    the_cell = CELLS[name]
    if the_cell is None:
        the_cell = CELLS[name] = import_module(f"{__name__}.{name}").CELL
    return the_cell
