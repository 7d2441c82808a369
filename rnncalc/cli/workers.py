"""Processes that share the work: they end with the command, and leave it to the command to hear an interrupt."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, InvalidStateError, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, parent_process, resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess

from rnncalc.errors import ProcessEnded
from rnncalc.io.interrupts import SIGNALS, uninterrupted


@contextmanager
def workers(jobs: int) -> Iterator[Executor | None]:
    """A pool of so many processes, started by spawn as on every system; for one, none.

    Raises ProcessEnded where one of them is ended from outside.
    """
    if jobs == 1:
        yield None
        return
    if os.name == "posix":
        with _blocked():
            resource_tracker.ensure_running()  # the process with which Python tidies up after the others
    pool = ProcessPoolExecutor(jobs, mp_context=_Context(), initializer=_begin)
    with _quiet_pool():
        try:
            _start(pool, jobs)
            yield pool
        except BrokenExecutor:
            raise ProcessEnded(
                "A process that shared the work was ended, perhaps for want of memory. Try again with --jobs 1."
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _start(pool: ProcessPoolExecutor, jobs: int) -> None:
    """Start all processes. A process that has begun, and that the pool does not know yet, would never be ended."""
    with uninterrupted() as held:
        try:
            for _ in range(jobs):
                pool.submit(os.getpid)
        except BrokenExecutor:
            if not held:  # else the interrupt ended the first processes, and is told
                raise


@contextmanager
def _quiet_pool() -> Iterator[None]:
    """A pool whose processes were ended complains in its thread that work it gives up was cancelled already."""
    before = threading.excepthook

    def tell(failure: threading.ExceptHookArgs) -> None:
        if not issubclass(failure.exc_type, InvalidStateError):
            before(failure)

    threading.excepthook = tell
    try:
        yield
    finally:
        threading.excepthook = before


@contextmanager
def _blocked() -> Iterator[None]:
    """A process that is started now never gets what a terminal sends to every process: it could come at its imports."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGHUP])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process(SpawnProcess):
    def start(self) -> None:
        with _blocked():
            super().start()


class _Context(SpawnContext):
    Process = _Process


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in SIGNALS:
        if number != signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
