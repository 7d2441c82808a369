"""Progress on standard error, for work of over a second on a terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rnncalc.cli.working import aside

if TYPE_CHECKING:
    from rich.progress import Progress

AFTER_SECONDS = 1.0


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to tell (done, all); a bar appears once the work has taken a second, where stderr is a terminal."""
    start = time.monotonic()
    shown = sys.stderr.isatty()
    with contextlib.ExitStack() as stack:
        bar: Progress | None = None

        def tell(done: int, all_of_it: int) -> None:
            nonlocal bar
            if bar is None:
                if not shown or time.monotonic() - start < AFTER_SECONDS:
                    return
                stack.enter_context(aside())
                bar = stack.enter_context(_bar(what))
            bar.update(bar.task_ids[0], completed=done, total=all_of_it)

        yield tell


def _bar(what: str) -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.add_task(what, total=None)
    return bar
