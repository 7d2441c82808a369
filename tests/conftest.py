"""What the test modules share: how Hypothesis searches, the command line as a function, pages kept as files."""

import contextlib
import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from rnncalc.cli.main import run

settings.register_profile("local", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, max_examples=20)
settings.load_profile("ci" if os.environ.get("CI") else "local")

for heard in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
    # a run in the background, or under nohup, ignores them; so would each program that it starts, and wait for ever
    if hasattr(signal, heard) and signal.getsignal(getattr(signal, heard)) is signal.SIG_IGN:
        by_default = signal.default_int_handler if heard == "SIGINT" else signal.SIG_DFL
        signal.signal(getattr(signal, heard), by_default)

# much is kept for many tests; to look through it over and over takes a tenth of the time
gc.set_threshold(100_000, 50, 1000)

PAGES = Path(__file__).with_name("data") / "pages"
TERMINAL_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "COLORTERM", "TERM", "LINES")


class Outcome(NamedTuple):
    """What a command line did: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


class Screen(io.TextIOWrapper):
    """Standard output as a terminal or a pipe, kept in memory."""

    def __init__(self, encoding: str, *, terminal: bool = False, errors: str = "strict") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors=errors, newline="\n", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def written(self) -> str:
        return self.buffer.getvalue().decode("utf-8")


def call(
    *arguments: str,
    stdin: bytes = b"",
    width: int = 80,
    encoding: str = "utf-8",
    terminal: bool = False,
    environment: dict[str, str] | None = None,
) -> Outcome:
    """Run one command line in this process, on a screen of this width and encoding."""
    out, err = Screen(encoding, terminal=terminal), Screen("utf-8", errors="backslashreplace")
    with pytest.MonkeyPatch.context() as patch:
        for name in TERMINAL_VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in {"COLUMNS": str(width), **(environment or {})}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
    return Outcome(code, out.written(), err.written())


@pytest.fixture(scope="session")
def rnncalc() -> Callable[..., Outcome]:
    """The command line as a function: ``rnncalc("forward", "hello").out``."""
    return call


@pytest.fixture(scope="session")
def expect_page() -> Callable[[str, str], None]:
    """Hold a page to the file tests/data/pages/NAME; with RNNCALC_REGENERATE=1 write the file instead."""

    def expect(name: str, page: str) -> None:
        path = PAGES / name
        if os.environ.get("RNNCALC_REGENERATE"):
            path.write_text(page, encoding="utf-8", newline="\n")
        assert page == path.read_text(encoding="utf-8")

    return expect


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Skip a test whose tool is not installed, or fail where CI promises to have it."""

    def skip_or_fail(what: str) -> None:
        if os.environ.get("CI"):
            pytest.fail(what)
        pytest.skip(what)

    return skip_or_fail
