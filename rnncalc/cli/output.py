"""Where a command's result goes, standard output or a file, and what is said about it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from rnncalc.cli.working import aside
from rnncalc.errors import FileError, ReaderGone
from rnncalc.io.interrupts import Interrupt
from rnncalc.io.visible import visible
from rnncalc.io.write import check_place, write_file
from rnncalc.render.console import Page


def check_output(output: str | None, *, force: bool) -> Path | None:
    """The file to write, or None for standard output.

    Raises FileError, before any work is done, where the file exists and may not be overwritten, or its folder does not.
    """
    if output is None or output == "-":
        return None
    path = Path(output)
    check_place(path, force=force)
    return path


def check_picture(plot: str | None, *, force: bool) -> Path | None:
    """The same of a --plot. Raises RnncalcError for a file that is no picture, or without matplotlib."""
    path = check_output(plot, force=force)
    if plot is not None:
        from rnncalc.render.plots import check_plot

        check_plot(plot)
    return path


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
        raise FileError("Standard output is closed. Use -o FILE to write to a file.")
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
        raise FileError("Standard output is closed. Use -o FILE to write to a file.")
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "").replace("_", "")
    ascii_only = not encoding.startswith("utf")
    if not sys.stdout.isatty():
        return Page(shutil.get_terminal_size((80, 24)).columns, ascii_only=ascii_only)
    from rich.console import Console

    console = Console()
    colour = None if console.no_color or not console.is_terminal or console.legacy_windows else console.color_system
    return Page(console.width, colour=colour, ascii_only=ascii_only)


LATE = "Interrupted when the training had already ended."
"""Said of an interrupt that came while the results were written, which no interrupt cuts short."""


def trained(interrupt: Interrupt, train: Callable[[], None]) -> tuple[int, list[Exception]]:
    """Train until the end or the first interrupt: the exit code, and what went wrong, such as a checkpoint that cannot
    be written or a terminal that is gone; what was learnt is to be saved before it is raised."""
    from rnncalc.engine.fit import Diverged

    code, troubles = 0, list[Exception]()
    try:
        try:
            interrupt.heard = True
            train()
        except Diverged as error:
            say(f"Error: {error}")
            code = error.exit_code
        except Exception as error:
            troubles.append(error)
        interrupt.heard = False
    except KeyboardInterrupt:  # the first, and no other is raised
        code = 130
    return code, troubles


def say(message: str) -> None:
    """A word about the result, on one line of standard error; where nobody can read it any more, the work goes on."""
    with contextlib.suppress(OSError, ValueError), aside():
        click.echo(visible(message), err=True)


def say_notes(notes: Iterable[str]) -> None:
    """What should be said beside a result."""
    for note in notes:
        say(f"Note: {note}")


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
