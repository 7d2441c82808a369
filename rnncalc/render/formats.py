"""The formats of a result: a row for each, which the command line offers and files' endings name.

A page is written from a document (see rnncalc.render.document), data from the quantities themselves. The writers load
when they are called, so that help loads none of them. The page of the terminal has no writer here: it depends on the
terminal's width and colours, which the command line knows; as ``text`` it is plain, 80 columns wide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from rnncalc.network.quantity import Quantity
    from rnncalc.network.trace import Trace
    from rnncalc.render.document import Part


class Sheet(NamedTuple):
    """What a page is written on: its ``title``, and the ``width`` of its text in points, None for the format's own.

    HTML alone has a title beside its text, and LaTeX a width; the others flow.
    """

    title: str = "rnncalc"
    width: float | None = None


Page = Callable[[Iterable["Part"], Sheet], str]
Data = Callable[["Trace", Sequence["Quantity"], Mapping[str, Any]], str]


class Format(NamedTuple):
    """``endings``: of the files that are written in it; ``page`` or ``data``: what writes it; ``paged``: whether the
    width of its page can be set."""

    name: str
    endings: tuple[str, ...] = ()
    page: Page | None = None
    data: Data | None = None
    paged: bool = False


def _markdown(parts: Iterable[Part], _sheet: Sheet) -> str:
    from rnncalc.render.markdown import to_markdown

    return to_markdown(parts)


def _latex(parts: Iterable[Part], sheet: Sheet) -> str:
    from rnncalc.render.latex.document import to_latex
    from rnncalc.render.latex.lengths import TEXT_WIDTH

    return to_latex(parts, TEXT_WIDTH if sheet.width is None else sheet.width)


def _text(parts: Iterable[Part], _sheet: Sheet) -> str:
    from rnncalc.render.console import Page, to_page

    return to_page(parts, Page(80))


def _html(parts: Iterable[Part], sheet: Sheet) -> str:
    from rnncalc.render.html import to_html

    return to_html(parts, sheet.title)


def _json(trace: Trace, quantities: Sequence[Quantity], more: Mapping[str, Any]) -> str:
    from rnncalc.render.data import to_json

    return to_json(trace, quantities, more)


def _csv(_trace: Trace, quantities: Sequence[Quantity], _more: Mapping[str, Any]) -> str:
    from rnncalc.render.data import to_csv

    return to_csv(quantities)


TABLE = "table"
"""The page of the terminal."""
FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format(TABLE),
        Format("markdown", (".md", ".markdown"), page=_markdown),
        Format("latex", (".tex",), page=_latex, paged=True),
        Format("html", (".html", ".htm"), page=_html),
        Format("json", (".json",), data=_json),
        Format("csv", (".csv",), data=_csv),
        Format("text", (".txt",), page=_text),
    )
}


def by_ending(ending: str) -> str | None:
    """The format that an ending such as ``.md`` names; None where it names none."""
    return next((row.name for row in FORMATS.values() if ending in row.endings), None)


def endings() -> list[str]:
    """All endings, in the order of the formats."""
    return [ending for row in FORMATS.values() for ending in row.endings]
