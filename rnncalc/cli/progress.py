"""Progress on standard error, for work of over a second on a terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rnncalc.cli.working import aside

if TYPE_CHECKING:
    from rich.progress import Progress

AFTER_SECONDS = 1.0
WORDS_SECONDS = 0.2
"""Words that change with every step are changed no oftener, as nobody could read them."""


@contextmanager
def progress(what: str, *, percent: bool = True) -> Iterator[Bar]:
    """A bar to tell (done, all); it appears once the work has taken a second, where stderr is a terminal.

    ``what`` is counted, unless words are told; without ``percent`` the share stands in the bar alone.
    """
    with contextlib.ExitStack() as stack:
        yield Bar(what, stack, percent=percent)


class Bar:
    """A bar that is called with what is done, all that there is to do, and words about it."""

    def __init__(self, what: str, stack: contextlib.ExitStack, *, percent: bool) -> None:
        self._what, self._stack, self._percent = what, stack, percent
        self._shown = sys.stderr.isatty()
        self._bar: Progress | None = None
        self._begun, self._told = time.monotonic(), 0.0

    def __call__(self, done: int, everything: int, says: str = "") -> None:
        now = time.monotonic()
        if not self._shown or (says and now - self._told < WORDS_SECONDS):
            return
        if self._bar is None:
            if now - self._begun < AFTER_SECONDS:
                return
            self._stack.enter_context(aside())
            self._bar = self._stack.enter_context(self._made())
        self._bar.update(self._bar.task_ids[0], completed=done, total=everything, description=says or self._what)
        self._told = now

    def print(self, text: str) -> None:
        """A line above the bar, once there is one."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)

    def _made(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        share = (TaskProgressColumn(),) if self._percent else ()
        columns = (TextColumn("{task.description}"), BarColumn(), *share, TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        bar.add_task(self._what, total=None)
        return bar
