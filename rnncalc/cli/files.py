"""Files that commands read and write: themes, and what workbooks and figures are called."""

from __future__ import annotations

import sys

import click


def file_name(text: str, ending: str = ".xlsx") -> str:
    """A name for the file of a text that every system takes: hello.xlsx, a_b.xlsx."""
    safe = "".join(c if (c.isalnum() and c.isascii()) or c in "-_" else "_" for c in text)[:40].strip("_") or "text"
    reserved = {"CON", "PRN", "AUX", "NUL", *(f"{port}{i}" for port in ("COM", "LPT") for i in range(1, 10))}
    return f"{safe}_{ending}" if safe.upper() in reserved else f"{safe}{ending}"


def check_workbook_output(output: str | None, option: str = "-o") -> None:
    """Raise UsageError where a workbook cannot go to this place."""
    if output not in (None, "-") and not str(output).lower().endswith(".xlsx"):
        raise click.UsageError(f"{option} {output}: the name of a workbook must end in .xlsx.")
    if output == "-" and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError(f"A workbook cannot be shown in a terminal. Use {option} FILE.xlsx to write a file.")


def read_theme_file(theme: str | None) -> bytes | None:
    """A theme's file; what of it cannot be taken over is said."""
    if theme is None:
        return None
    from rnncalc.cli.output import say_notes
    from rnncalc.io.read import first_bytes
    from rnncalc.workbook.write.theme import read_theme, theme_notes

    look = first_bytes(theme)
    read_theme(look)  # raises before anything is said of it
    say_notes(theme_notes(look))
    return look
