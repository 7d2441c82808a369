"""Progress on standard error, for work of over a second on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

AFTER_SECONDS = 1.0


@contextmanager
def progress(what: str, count: int) -> Iterator[Callable[[int, int], None]]:
    """A function to tell (done, all); a bar appears once the work has taken a second, where stderr is a terminal."""
    start = time.monotonic()
    if not sys.stderr.isatty() or count < 1:
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=count)

    def tell(done: int, all_of_it: int) -> None:
        if time.monotonic() - start > AFTER_SECONDS:
            bar.start()
            bar.update(task, completed=done, total=all_of_it)

    try:
        yield tell
    finally:
        bar.stop()
