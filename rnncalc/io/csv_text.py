"""CSV files whose cells are text and no formulas, whichever sign a spreadsheet takes for the end of a cell.

Who opens a file with commas in a program that expects semicolons sees the cell ``a;=1+1;b`` as three, and quotes do not
help: so each place where a cell could begin is looked at.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_FORMULA = re.compile(
    r"""((?:^|[,;|:"\t\r\n])[,;|:"\s]*  # where a cell begins, whatever ends the one before it;
         |\ (?='*\S(?!\ )))             # where blanks do, a sign between blanks, a = b, is a cell of its own
        ('*)                          # the apostrophes that text had already
        (?=[=+\-@＝＋－＠])           # what begins a formula""",
    re.VERBOSE | re.ASCII,
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-", re.ASCII)
"""And a lone dash, which stands for none."""
_PASSED_OVER = ("\t", "\r")
"""Signs that spreadsheets pass over when they look for a formula."""


def write_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as a CSV in which no text is a formula to a spreadsheet and none ends its row."""
    written = io.StringIO(newline="")
    lines = [[_in_one_row(cell, first=not i) for i, cell in enumerate(row)] for row in rows]
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue()


def harmless(text: str, *, first: bool = False) -> str:
    """A text with an apostrophe before all that a spreadsheet could take for a formula.

    A number or a lone dash is none, but where it is the ``first`` of its row and others could be read as one with it.
    """
    if not first and _NUMBER.fullmatch(text):
        return text
    kept = _FORMULA.sub(r"\1'\2", text)
    return f"'{kept}" if kept.lstrip("'")[:1] in _PASSED_OVER else kept


def as_it_was(cell: str, *, first: bool = False) -> str:
    """Such a text without the apostrophes that were put into it."""
    plain = cell.removeprefix("'") if cell.lstrip("'")[:1] in _PASSED_OVER else cell
    plain = _FORMULA.sub(lambda found: found[1] + found[2][1:], plain)
    return plain if harmless(plain, first=first) == cell else cell


def _in_one_row(cell: object, *, first: bool) -> object:
    if not isinstance(cell, str):
        return cell
    # csv.writer quotes a line feed, and a carriage return not in every version of Python
    return harmless(cell.replace("\r\n", "\n").replace("\r", "\n"), first=first)
