"""A page in Chromium, as a person sees it: what it shows, and what its network holds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnncalc.network.problem import Problem
from rnncalc.network.stages import trace_to
from rnncalc.network.trace import Trace
from rnncalc.page.page import to_page

TOLERANCE = 1e-12
TELEPHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def missing(what: str) -> None:
    """Skip where a tool is not installed; a gate has it."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def program() -> str:
    """Chromium, without its window where that is installed, which takes half of the time."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        missing("Install chromium-headless-shell or chromium (on Debian with apt) to test pages in a browser.")
    assert found is not None
    return found


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser; one for all tests of a module."""
    path = program()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Install playwright (pip install playwright) to test pages in a browser.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page that is open: what went wrong in it, its numbers, and what it says."""

    def __init__(self, browser: Any, file: Path, place: str = "", *, begins: bool = True, **how: Any) -> None:
        how = {"viewport": {"width": 1440, "height": 900}, **how}
        self.context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **how)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message) or dialog.dismiss())
        self.page.set_default_timeout(10_000)
        self.page.goto(f"{file.as_uri()}{place}")
        if begins:
            self.begun()

    def begun(self) -> None:
        """Wait until the cells stand there, which come after the first paint."""
        self.page.wait_for_selector("#page[aria-busy]", state="detached")

    def close(self) -> None:
        """End it; what went wrong in it fails the test."""
        self.context.close()
        assert not self.wrong, self.wrong

    @property
    def numbers(self) -> dict[str, list[float]]:
        """All numbers that the network holds, by the names of quantities."""
        given: dict[str, list[float]] = self.page.evaluate(
            "Object.fromEntries(rnncalc.quantities.map((q) => [q.name, Array.from(q.value)]))"
        )
        return given

    @property
    def shown(self) -> dict[str, str]:
        """What stands in the cells of the picture, by the names of numbers."""
        found: dict[str, str] = self.page.evaluate(
            """Object.fromEntries([...document.querySelectorAll(".board .cell")].map((cell) =>
              [cell.getAttribute("aria-label").split(" = ")[0], cell.value || cell.textContent]))"""
        )
        return found

    @property
    def status(self) -> str:
        """What the page said last."""
        return str(self.page.inner_text("#status"))

    @property
    def heading(self) -> str:
        """The symbol above the table."""
        return str(self.page.evaluate("document.querySelector('#table h2').firstChild.textContent"))

    def lit(self, mark: str) -> set[str]:
        """The numbers of the picture that light up in one way."""
        labels = self.page.evaluate(
            f"[...document.querySelectorAll('.board .cell.{mark}')].map((cell) => cell.getAttribute('aria-label'))"
        )
        return {label.split(" = ")[0] for label in labels}

    def put(self, name: str, text: str) -> None:
        """Type something into the field of a number in the picture."""
        field = self.page.get_by_label(name, exact=True).first
        field.click()
        field.fill(text)
        field.press("Enter")


def page_file(folder: Path, problem: Problem, **options: Any) -> Path:
    """A page as a file."""
    trace = trace_to(problem, "update" if problem.has_loss else "forward")
    file = folder / "page.html"
    file.write_text(to_page(trace, **options), encoding="utf-8")
    return file


def differences(numbers: dict[str, list[float]], trace: Trace) -> list[str]:
    """The quantities that are not NumPy's, as far as rounding lets them be the same."""
    assert list(numbers) == list(trace)
    wrong = []
    for q in trace.values():
        largest = max(1.0, *(float(np.abs(s.value).max()) for s in (q, *q.sources)))
        off = np.abs(np.array(numbers[q.name], dtype=float) - q.value.reshape(-1)).max()
        if not off <= TOLERANCE * largest:
            wrong.append(q.name)
    return wrong
