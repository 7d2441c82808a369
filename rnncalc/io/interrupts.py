"""What asks a program to end: Ctrl-C, a terminal that closes, a system that shuts down; and when it is listened to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
SIGNALS = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))
"""Those of them that this system knows."""

Handler = Callable[[int, Any], Any]


@contextmanager
def as_interrupts() -> Iterator[None]:
    """In this block each of them raises KeyboardInterrupt, as Ctrl-C does; one that is ignored, as nohup has it, stays
    ignored."""
    with _handled(_raise, signals=[number for number in SIGNALS if _heard(number)]):
        yield


@contextmanager
def uninterrupted() -> Iterator[list[Any]]:
    """Hold an interrupt back until the block is done, or has failed; what it gives is empty until one came."""
    held: list[tuple[Any, Any]] = []
    with _handled(lambda number, frame: held.append((number, frame))) as before:
        yield held
    if held:
        before[held[0][0]](*held[0])


class Interrupt:
    """The first interrupt of a block: raised as KeyboardInterrupt while it is ``heard``; ``came`` says that there was
    one."""

    def __init__(self) -> None:
        self.heard = self.came = False

    def handle(self, _number: int, _frame: Any) -> None:
        self.came = True
        if self.heard:
            self.heard = False
            raise KeyboardInterrupt


@contextmanager
def first_interrupt() -> Iterator[Interrupt]:
    """Work that an interrupt ends, and what must be done whatever ended it: once the first interrupt is raised, or
    ``heard`` is False, no further one cuts the block short."""
    interrupt = Interrupt()
    with _handled(interrupt.handle):
        yield interrupt


@contextmanager
def _handled(handle: Handler, signals: list[signal.Signals] | None = None) -> Iterator[dict[int, Handler]]:
    """Handle signals (all that Python handles here) in this block; what it gives are the handlers that did before."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():  # signals come to no other
        chosen = (
            signals if signals is not None else [number for number in SIGNALS if callable(signal.getsignal(number))]
        )
        before = {number: signal.getsignal(number) for number in chosen}
    over = False

    def handler(number: int, frame: Any) -> None:
        """One that comes while the handlers are put back goes where it belongs."""
        if not over:
            handle(number, frame)
        elif callable(before[number]):
            before[number](number, frame)

    for number in before:
        signal.signal(number, handler)
    try:
        yield before
    finally:
        over = True
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _heard(number: signal.Signals) -> bool:
    return signal.getsignal(number) not in (signal.SIG_IGN, None)


def _raise(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt
