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
    r"""((?:^|[,;|:"\s])[,;|:"\s]*)  # where a cell begins, whatever ends the one before it
        ('*)                         # the apostrophes that text had already
        (?=[=+\-@＝＋－＠])          # what begins a formula,
        (?![+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:$|[,;|:"\s]))  # and is not a number alone
        (?!-(?:$|[,;|:"\s]))         # or a lone dash""",
    re.VERBOSE | re.ASCII,
)
_MORE = ("\t", "\r")
"""Signs that spreadsheets pass over when they look for a formula."""


def write_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as a CSV in which no text is a formula to a spreadsheet and none ends its row."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([[_in_one_row(cell) for cell in row] for row in rows])
    return written.getvalue()


def harmless(text: str) -> str:
    """A text with an apostrophe before all that a spreadsheet could take for a formula."""
    kept = _FORMULA.sub(r"\1'\2", text)
    return f"'{kept}" if kept.lstrip("'").startswith(_MORE) else kept


def as_it_was(cell: str) -> str:
    """Such a text without the apostrophes that were put into it."""
    plain = cell.removeprefix("'") if cell.lstrip("'").startswith(_MORE) else cell
    plain = _FORMULA.sub(lambda found: found[1] + found[2][1:], plain)
    return plain if harmless(plain) == cell else cell


def _in_one_row(cell: object) -> object:
    # csv.writer quotes a line feed, and a carriage return not in every version of Python
    return harmless(cell.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(cell, str) else cell
