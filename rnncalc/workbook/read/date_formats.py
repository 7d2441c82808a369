"""Which styles of a workbook show a number as a date."""

from __future__ import annotations

import re

from rnncalc.workbook.read.opening import MAX_ATTRIBUTE, Elements, Package

_BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The numbers of the standard's own formats of dates and times."""
_ASIDE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.|general', re.IGNORECASE)
"""What of a format's text is no part of a date: words, colours, single characters."""


class DateFormats(Elements):
    """The styles, by the numbers that cells give them, whose format is that of a date."""

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self.found: set[str] = set()
        self._formats: set[str] = {str(number) for number in _BUILT_IN}
        self._in_cells = False
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            number, code = attributes.get("numFmtId", ""), attributes.get("formatCode", "")
            if len(number) + len(code) <= 2 * MAX_ATTRIBUTE and re.search("[dmy]", _ASIDE.sub("", code), re.IGNORECASE):
                self._formats.add(number)
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            if attributes.get("numFmtId", "") in self._formats:
                self.found.add(str(self._count))
            self._count += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False
