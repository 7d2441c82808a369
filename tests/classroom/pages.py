"""A strict reader of our HTML pages: every tag is closed, nothing runs, nothing is loaded, tables are read by cells."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "hr", "br"}
KNOWN = {
    "html", "head", "title", "style", "body", "main", "h1", "h2", "p", "dl", "div", "dt", "dd", "ul", "li", "bdi",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "svg", "rect", "text", "line", *VOID,
}  # fmt: skip


class Page(HTMLParser):
    """A page as it was read: its text, the text of each kind of element, its tables, its drawings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.tables: list[list[list[str]]] = []
        self.svgs: list[dict[str, str | None]] = []
        self.bars: list[tuple[int, int, float]] = []
        self.columns: list[tuple[float, float]] = []
        assert html.startswith("<!DOCTYPE html>\n")
        self.feed(html)
        self.close()
        assert self.open == []
        (self.style,) = self.texts.pop("style")

    @property
    def text(self) -> str:
        return "\n".join(text for several in self.texts.values() for text in several)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KNOWN
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("src", "href", "xlink:href", "style", "action")
            assert "url(" not in (value or "")
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        found = dict(attrs)
        if tag == "svg":
            self.svgs.append(found)
        if tag == "rect":
            if "td" in self.open:
                self.bars.append((len(self.tables) - 1, len(self.tables[-1]) - 1, float(found["width"] or "nan")))
            else:
                self.columns.append((float(found["x"] or "nan"), float(found["height"] or "nan")))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data
        if self.open and self.open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data


def loads_nothing(page: Page) -> bool:
    """Whether the style of a page fetches nothing."""
    return not re.search(r"url\(|@import|https?:", page.style)
