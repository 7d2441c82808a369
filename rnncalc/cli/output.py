"""Where a command's result goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from pathlib import Path

import click

from rnncalc.cli.working import aside
from rnncalc.errors import FileError, ReaderGone
from rnncalc.io.interrupts import uninterrupted
from rnncalc.io.visible import visible
from rnncalc.render.console import Page

_LEFT_AFTER = 60
"""A part that nobody has written to for so many seconds is of a run that was killed."""


def check_output(output: str | None, *, force: bool) -> Path | None:
    """The file to write, or None for standard output.

    Raises FileError, before any work is done, where the file exists and may not be overwritten, or its folder does not.
    """
    if output is None or output == "-":
        return None
    path = Path(output)
    there = _status(path)
    if there is not None and stat.S_ISDIR(there.st_mode):
        raise FileError(f"{path} is a folder; -o needs the name of a file.")
    real = Path(os.path.realpath(path)) if path.is_symlink() else path
    if there is None and _status(real.parent) is None:
        raise FileError(f"There is no folder {real.parent}; make it first, or choose another place.")
    if there is not None and not stat.S_ISREG(there.st_mode):
        return path  # a device or a pipe
    if there is not None and not force:
        raise FileError(f"{path} exists already; choose another name, or --force to overwrite it.")
    _try(real)
    return path


def _status(path: Path) -> os.stat_result | None:
    """What stands at a path, behind links; None where nothing does. Raises FileError for a path that nothing can have,
    such as a name that is too long or a link that leads to itself."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}.") from None


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
            return FileError(f"{path} cannot be written: close it where it is open, or choose another name.")
        return FileError(f"{path} cannot be written: no permission in {path.parent.absolute()}.")
    if isinstance(error, FileNotFoundError):
        return FileError(f"{path} cannot be written: its folder is gone; nothing was written.")
    return FileError(f"{path} cannot be written: {error.strerror or error}; nothing was written.")


def write_file(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; an existing one is replaced only where ``force``."""
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
                raise FileError(f"{path} exists already; choose another name, or --force to overwrite it.")
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


def emit(text: str, path: Path | None, *, force: bool = False, data: bool = True) -> None:
    """Give a command's result: to the file, or to standard output (``data`` always as UTF-8)."""
    if path is None and not data:
        encoding = (sys.stdout.encoding if sys.stdout else None) or "ascii"
        emit_bytes(text.encode(encoding, "backslashreplace"), path)
    else:
        emit_bytes(text.encode("utf-8"), path, force=force)


def emit_bytes(content: bytes, path: Path | None, *, force: bool = False) -> None:
    """Give a command's result as bytes: to the file, or to standard output.

    Raises ReaderGone where nobody reads standard output any more, FileError where it cannot be written.
    """
    if path is not None:
        write_file(path, content, force=force)
        say(f"Wrote {path}")
        return
    if sys.stdout is None:
        raise FileError("Standard output is closed; -o FILE writes to a file.")
    try:
        with aside():
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise ReaderGone from None
    except OSError as error:
        raise FileError(f"Standard output cannot be written: {error.strerror or error}.") from None


def page_for(path: Path | None) -> Page:
    """A page for the terminal as it is (width, colours, UTF-8 or not), or 80 columns plain for a file."""
    if path is not None:
        return Page(80)
    if sys.stdout is None:
        raise FileError("Standard output is closed; -o FILE writes to a file.")
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "").replace("_", "")
    ascii_only = not encoding.startswith("utf")
    if not sys.stdout.isatty():
        return Page(shutil.get_terminal_size((80, 24)).columns, ascii_only=ascii_only)
    from rich.console import Console

    console = Console()
    colour = None if console.no_color or not console.is_terminal or console.legacy_windows else console.color_system
    return Page(console.width, colour=colour, ascii_only=ascii_only)


def say(message: str) -> None:
    """A word about the result, on one line of standard error; where nobody can read it any more, the work goes on."""
    with contextlib.suppress(OSError, ValueError), aside():
        click.echo(visible(message), err=True)


def next_step(says: str, *command: object) -> None:
    """What to do with the result: words, and the command line that does it, which can be copied."""
    say(f"{says}: {command_line('rnncalc', *map(str, command))}")


def next_step_here(says: str, *command: object) -> None:
    """The same behind a page, for whoever reads it on a terminal."""
    if sys.stdout is not None and sys.stdout.isatty():
        next_step(says, *command)


def command_line(*arguments: str) -> str:
    """Arguments as they are typed into the shell of this system."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(arguments)
    import shlex

    return shlex.join(arguments)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
