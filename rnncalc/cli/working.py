"""A command that is at work for long says so on standard error, whatever it is that takes the time."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

TERMINAL_SECONDS, OTHER_SECONDS = 1.0, 10.0
"""When it is said first: on a terminal, where each second takes the place of the one before, and elsewhere, where a
line is written and the next after twice the time."""
_BUSY = 0.02
"""Of each second so much must be work: who waits for a person who types is not at work."""


class _Watch(threading.Thread):
    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._terminal = sys.stderr.isatty()
        self._end = threading.Event()
        self._lock = threading.RLock()
        self._silent = 0
        self._shown = 0

    def run(self) -> None:
        begun, worked = time.monotonic(), time.process_time()
        next_time = TERMINAL_SECONDS if self._terminal else OTHER_SECONDS
        while not self._end.wait(max(0.0, begun + next_time - time.monotonic())):
            seconds, before = time.monotonic() - begun, worked
            worked = time.process_time()
            with self._lock:
                if worked - before > _BUSY and not self._silent and not self._end.is_set():
                    self._say(f"Still working after {seconds:.0f} second{'s' if round(seconds) != 1 else ''} …")
            next_time = next_time + 1 if self._terminal else 2 * next_time

    def _say(self, words: str) -> None:
        printable = words if (sys.stderr.encoding or "").lower().startswith("utf") else words.replace("…", "...")
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"\r{printable:<{self._shown}}" if self._terminal else f"{printable}\n")
            sys.stderr.flush()
        self._shown = max(self._shown, len(printable)) if self._terminal else 0

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While something else is written its line is gone."""
        with self._lock:
            self._silent += 1
            if self._shown:
                with contextlib.suppress(OSError, ValueError):
                    sys.stderr.write(f"\r{' ' * self._shown}\r")
                    sys.stderr.flush()
                self._shown = 0
        try:
            yield
        finally:
            with self._lock:
                self._silent -= 1

    def end(self) -> None:
        self._end.set()
        with self.aside():
            pass


_watches: list[_Watch] = []


@contextmanager
def watched() -> Iterator[None]:
    """In this block it is said, after a while, that the command is still at work."""
    if sys.stderr is None:
        yield
        return
    watch = _Watch()
    _watches.append(watch)
    watch.start()
    try:
        yield
    finally:
        _watches.remove(watch)
        watch.end()


@contextmanager
def aside() -> Iterator[None]:
    """While a result, a sentence or a bar is written, nothing else is."""
    with contextlib.ExitStack() as stack:
        for watch in list(_watches):
            stack.enter_context(watch.aside())
        yield
