"""One run at a time in a folder: the second is refused, and what a killed run held is free at once."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from rnncalc.errors import FileError

NAME = ".lock"


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while this runs. Raises FileError where another run holds it.

    The system gives a lock back when its process ends, however it ends, so that none is ever left behind. Where it
    knows no locks, as on some network drives, nothing is held.
    """
    path = folder / NAME
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FileError(f"{folder} cannot be written: {error.strerror or error}.") from None
    if not _locked(handle):
        os.close(handle)
        raise FileError(f"Another run writes into {folder} at this moment; wait for it, or choose another folder.")
    try:
        yield
    finally:
        os.close(handle)
        # whoever opened it in the meantime holds a file of no name, which does no harm to what is written whole
        with contextlib.suppress(OSError):
            path.unlink()


def _locked(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:
        return _locked_on_windows(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _locked_on_windows(handle: int) -> bool:
    import importlib

    msvcrt = importlib.import_module("msvcrt")
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
