"""An interrupt that waits: Ctrl-C during an update takes effect once the update is whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def uninterrupted() -> Iterator[list[Any]]:
    """Hold an interrupt back until the block is done, or has failed; what it gives is empty until one came."""
    held: list[tuple[Any, Any]] = []
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield held  # interrupts come to the main thread alone
        return
    signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield held
    finally:
        signal.signal(signal.SIGINT, handler)
    if held:
        handler(*held[0])
