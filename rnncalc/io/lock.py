"""One run at a time in a folder: the second is refused, and what a killed run held is free at once."""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

from rnncalc.errors import FileError

NAME = ".lock"
"""The file that is locked on Windows, where a folder cannot be."""


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while this runs. Raises FileError where another run holds it.

    The system gives a lock back when its process ends, however it ends, so that none is ever left behind. Where it
    knows no locks, as on some network drives, nothing is held.
    """
    is_windows = os.name == "nt"
    path = folder / NAME if is_windows else folder
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT if is_windows else os.O_RDONLY)
    except OSError as error:
        raise FileError(f"{folder} cannot be used: {error.strerror or error}.") from None
    try:
        if not (_locked_on_windows(handle) if is_windows else _locked(handle)):
            raise FileError(f"Another run is writing into {folder} now. Wait for it, or choose another folder.")
        yield
    finally:
        os.close(handle)
        if is_windows:
            with contextlib.suppress(OSError):  # it is there as long as another run holds it
                path.unlink()


def _locked(handle: int) -> bool:
    fcntl = importlib.import_module("fcntl")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _locked_on_windows(handle: int) -> bool:
    msvcrt = importlib.import_module("msvcrt")
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
