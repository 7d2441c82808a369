"""A file is written whole or not at all: beside its place first, and then put there in one go."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from rnncalc.errors import FileError
from rnncalc.io.interrupts import uninterrupted

_LEFT_AFTER = 60
"""A part that nobody has written to for so many seconds is of a run that was killed."""


def check_place(path: Path, *, force: bool) -> None:
    """Raise FileError, before any work is done, where a file exists and may not be overwritten, or its folder does not
    exist or takes no file."""
    there = _status(path)
    if there is not None and stat.S_ISDIR(there.st_mode):
        raise FileError(f"{path} is a folder, but -o needs the name of a file.")
    real = Path(os.path.realpath(path)) if path.is_symlink() else path
    if there is None and _status(real.parent) is None:
        raise FileError(f"There is no folder {real.parent}. Create it first, or choose another place.")
    if there is not None and not stat.S_ISREG(there.st_mode):
        return  # a device or a pipe
    if there is not None and not force:
        raise _exists(path)
    _try(real)


def _status(path: Path) -> os.stat_result | None:
    """What stands at a path, behind links; None where nothing does. Raises FileError for a path that nothing can have,
    such as a name that is too long or a link that leads to itself."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}.") from None


def _exists(path: Path) -> FileError:
    return FileError(f"{path} already exists. Choose another name, or use --force to overwrite it.")


def _try(path: Path) -> None:
    """Raise FileError where nothing can be written beside a file, before any work is done; nothing is left behind."""
    import tempfile

    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise _cannot_be_written(path, error, busy=False) from None


def _cannot_be_written(path: Path, error: OSError, *, busy: bool = True) -> FileError:
    if isinstance(error, PermissionError):
        if busy and path.exists():
            return FileError(f"{path} cannot be written. Close it where it is open, or choose another name.")
        return FileError(f"{path} cannot be written: no permission in {path.parent.absolute()}.")
    if isinstance(error, FileNotFoundError):
        return FileError(f"{path} cannot be written: its folder no longer exists. Nothing was written.")
    return FileError(f"{path} cannot be written: {error.strerror or error}. Nothing was written.")


def write_file(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; an existing one is replaced only where ``force``.

    A link stays a link, and the file that it leads to is written; a device or a pipe is written into. An interrupt
    waits until the file is in its place. Raises FileError where the file cannot be written.
    """
    import tempfile

    there = _status(path)
    if path.is_symlink():
        path = Path(os.path.realpath(path))
    if there is not None and not stat.S_ISREG(there.st_mode):
        _write_to_device(path, content)
        return
    temporary: str | None = None
    with uninterrupted():
        try:
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_part_prefix(path), suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if path.is_file() and not force:
                raise _exists(path)
            rights = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
            Path(temporary).replace(path)  # its owner's alone until it is in its place
            temporary = None
            with contextlib.suppress(OSError):  # some drives know no rights
                path.chmod(rights)
        except OSError as error:
            raise _cannot_be_written(path, error) from error
        finally:
            if temporary is not None:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()


def clear_left(path: Path | None) -> None:
    """Remove what earlier writings of this file left behind that were killed, as it may hold what is secret."""
    import glob
    import time

    if path is None:
        return
    for left in path.parent.glob(f"{glob.escape(_part_prefix(path))}*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_AFTER:
                left.unlink()


def _part_prefix(path: Path) -> str:
    return f".{path.name[:50]}-"


def _write_to_device(path: Path, content: bytes) -> None:
    """A device or a pipe stays what it is: it is written into."""
    try:
        with path.open("wb") as device:
            device.write(content)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror or error}.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
