"""The ``rnncalc`` command: finds the command's module when it is called, and ends in the documented exit codes."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

import click

from rnncalc.cli.working import aside, watched
from rnncalc.errors import ReaderGone, RnncalcError
from rnncalc.io.interrupts import as_interrupts
from rnncalc.io.visible import visible
from rnncalc.version import __version__

COMMANDS = {
    "forward": ("rnncalc.cli.forward", "The forward pass, step by step, with tables as in the textbook."),
    "backward": ("rnncalc.cli.backward", "Backpropagation through time, from the last step to the first."),
    "update": ("rnncalc.cli.update", "Gradient descent: old weights, gradients, new weights."),
    "train": ("rnncalc.cli.train", "Train on a word, update by update, or on a long text."),
    "sample": ("rnncalc.cli.sample", "Generate text with a trained model, letter by letter."),
    "sentiment": ("rnncalc.cli.sentiment", "Classify tweets: train, test and use a network."),
    "gradcheck": ("rnncalc.cli.gradcheck", "Check every gradient by complex-step differentiation."),
    "flow": ("rnncalc.cli.flow", "How the gradient travels back: does it vanish or explode?"),
    "draw": ("rnncalc.cli.draw", "Draw the unrolled network with its numbers: SVG, PDF or LaTeX."),
    "page": ("rnncalc.cli.page", "Write a live page: every number computed in the browser."),
    "export": ("rnncalc.cli.export", "Write a live Excel workbook with every step as formulas."),
    "worksheet": ("rnncalc.cli.worksheet", "Write an Excel worksheet with empty cells for you to fill in."),
    "verify": ("rnncalc.cli.verify", "Mark a filled-in worksheet: the first mistake, by name."),
    "assignment": ("rnncalc.cli.assignment", "Homework for a class: each student gets their own worksheet."),
    "grade": ("rnncalc.cli.grade", "Mark a class's worksheets: grades, gradebook files, feedback."),
    "check": ("rnncalc.cli.check", "Check your numbers: right, rounded, or which mistake."),
    "explain": ("rnncalc.cli.explain", "Explain one number: its equation, with the numbers put in."),
    "templates": ("rnncalc.cli.templates", "List, show or copy the ready-made problems."),
    "completion": ("rnncalc.cli.completion", "Print the script that completes commands in your shell."),
    "help": ("rnncalc.cli.help", "This help, or the help of a command: rnncalc help forward."),
}
"""Each command's module and line of help, so that --help imports no module of a command."""

EPILOG = """\b
Examples:
  rnncalc forward hello                 the textbook example, every step
  rnncalc forward banana --hidden 2     any text, random weights from a seed
  rnncalc backward hello                the gradients, from the last step back
  rnncalc explain hello "h_2[1]"        one number, calculated as on paper
  rnncalc export hello                  everything as a live Excel workbook
  rnncalc worksheet hello               the same with empty cells to fill in
  rnncalc verify hello-worksheet.xlsx   mark the filled-in worksheet

\b
Exit codes:
  0  success
  1  the answer is no: a wrong number, a failed check, a problem to fix
  2  the command line is wrong
  3  a file cannot be read or written
  130  interrupted
"""


_PARTS = "\n\t"
"""What click puts between the choices that a message lists."""


class Commands(click.Group):
    """A group that imports a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from rnncalc.io.suggest import did_you_mean

            near = did_you_mean(name, COMMANDS) or f"; the commands are {', '.join(COMMANDS)}"
            raise click.UsageError(f"There is no command {name!r}{near}.", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="rnncalc %(version)s")
def cli() -> None:
    """Every step of a character-level recurrent network, calculated as by hand.

    The network reads a text letter by letter and predicts the next letter. rnncalc computes each number of it and
    shows the arithmetic as a picture.
    """


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 well, 1 no, 2 usage, 3 file, 130 interrupted; a closed pipe is 0."""
    gc.set_threshold(100_000, 50, 50)  # start-up makes much and no garbage; collecting it would cost a tenth
    with watched():
        code = run(args)
    sys.exit(code)


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    try:
        with as_interrupts():
            return _run(args)
    except KeyboardInterrupt:
        return _complain(130, "Interrupted.")


def _run(args: Sequence[str] | None) -> int:
    try:
        code = cli.main(args, prog_name="rnncalc", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()  # what cannot be written is told here, not when Python ends
    except RnncalcError as error:
        return _complain(error.exit_code, *error.sentences)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        hinted = _with_hint(error)
        if not isinstance(error, click.exceptions.NoArgsIsHelpError):
            hinted.message = _PARTS.join(map(visible, hinted.message.split(_PARTS)))  # type: ignore[misc]
        try:
            with aside():
                hinted.show()
        except (OSError, ValueError):
            _silence(sys.stderr)
        return error.exit_code
    except click.Abort:
        return _complain(130, "Interrupted.")
    except SystemExit as error:
        # click's own way out where the reader of its help has gone
        if type(sys.stdout).__name__.endswith("PacifyFlushWrapper"):
            return 0
        return error.code if isinstance(error.code, int) else 1
    except (BrokenPipeError, ReaderGone):
        _silence(sys.stdout)
        return 0
    except OSError as error:
        return _complain(3, _refusal(error))
    except MemoryError:
        return _complain(3, "There is not enough memory for this. Use a shorter text or a smaller hidden size.")
    except RecursionError:
        return _complain(3, "The input is nested too deeply.")
    return code if isinstance(code, int) else 0


def _refusal(error: OSError) -> str:
    """What the system refused, in a sentence."""
    why = error.strerror or str(error) or type(error).__name__
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)} cannot be read or written: {why}."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF):  # files name themselves
        _silence(sys.stdout)
        return f"Standard output cannot be written: {why}."
    return f"The operating system reports an error: {why}."


def _with_hint(error: click.ClickException) -> click.ClickException:
    """The error with a word on what may have been meant: a text with blanks, a text that begins with a dash."""
    if isinstance(error, click.NoSuchOption):
        hint = f"{error.format_message()} (Put -- before a text that begins with -: rnncalc forward -- -x)"
    elif isinstance(error, click.UsageError) and "unexpected extra argument" in error.message:
        hint = f'{error.message}. Put a text with spaces in quotes: "hello world".'
    else:
        return error
    return click.UsageError(hint, error.ctx)


def _silence(stream: TextIO) -> None:
    """Python would complain once more when it ends of what cannot be written, so the stream gets another end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(code: int, *sentences: str) -> int:
    """Say what is wrong, each sentence on a line."""
    try:
        with aside():
            click.echo("Error: " + "\n".join(map(visible, sentences)), err=True)
    except (OSError, ValueError):
        _silence(sys.stderr)
    return code
