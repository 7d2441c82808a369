"""A command that takes long says so: on a terminal after a second, elsewhere after a while, and in nobody's way."""

import io
import os
import subprocess
import sys
import time

import pytest

from rnncalc.cli import working
from rnncalc.cli.working import aside, watched


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(working, "TERMINAL_SECONDS", 0.05)
    monkeypatch.setattr(working, "OTHER_SECONDS", 0.05)


def work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def shown(text: str) -> str:
    """What is left on the line of a terminal."""
    line = ""
    for part in text.split("\r"):
        line = part + line[len(part) :]
    return line.rstrip()


def test_on_a_terminal_a_line_comes_and_goes(monkeypatch, quick):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with watched():
        work(0.4)
    assert "Still working after 0 seconds …" in sys.stderr.getvalue()
    assert shown(sys.stderr.getvalue()) == ""


def test_elsewhere_it_is_a_line_after_ever_longer_times(monkeypatch, quick):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with watched():
        work(0.9)
    lines = sys.stderr.getvalue().splitlines()
    assert 2 <= len(lines) <= 6
    assert all(line.startswith("Still working after ") for line in lines)


def test_nothing_is_said_of_quick_work(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with watched():
        work(0.01)
    assert sys.stderr.getvalue() == ""


def test_nothing_is_said_while_a_person_is_waited_for(monkeypatch, quick):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(working, "_BUSY", 0.04)
    with watched():
        time.sleep(0.5)
    assert sys.stderr.getvalue() == ""


def test_nothing_is_said_while_something_else_is_written(monkeypatch, quick):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with watched():
        with aside():
            work(0.3)
            assert sys.stderr.getvalue() == ""
        work(0.1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pty")
@pytest.mark.parametrize(
    "arguments",
    [
        ["forward", "hello", "--hidden", "1024", "--cell", "gru", "--summary"],
        ["gradcheck", "hello", "--hidden", "64"],
        ["explain", "hello", "loss", "--hidden", "1024", "--cell", "lstm"],
        ["update", "hello", "--hidden", "200", "--repeat", "30", "--summary"],
    ],
)
def test_no_command_is_silent_for_long_on_a_terminal(arguments):
    """The first word comes after a few seconds and others follow; a silent command would say all at its end."""
    import pty

    ours, theirs = pty.openpty()
    begun = told = time.monotonic()
    longest = 0.0
    with subprocess.Popen(
        [sys.executable, "-m", "rnncalc", *arguments], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # nobody is at the other end any more
                part = b""
            longest, told = max(longest, time.monotonic() - told), time.monotonic()
            if not part:
                break
            said += part
    os.close(ours)
    assert process.returncode == 0
    assert b"Traceback" not in said
    assert longest < max(3, 0.9 * (time.monotonic() - begun))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--embedding", "1000000"], "embedding is 1,000,000; it needs a whole number from 1 to 1,024."),
        (["--embedding", "1025"], "embedding is 1,025; it needs a whole number from 1 to 1,024."),
        (["--head", "1000000"], "head is 1,000,000; it needs a whole number from 1 to 1,024."),
        (["--head", "3,1025"], "head is 1,025; it needs a whole number from 1 to 1,024."),
        (["--head", "1," * 9 + "1"], "head has 10 layers; it needs at most 9."),
        (["--hidden", "1000000"], "hidden is 1,000,000; it needs a whole number from 1 to 1,024."),
    ],
)
@pytest.mark.parametrize("command", [["forward", "hello"], ["train", "hello"], ["explain", "hello", "h_1:1"]])
def test_sizes_have_a_limit_that_is_told(rnncalc, command, arguments, says):
    done = rnncalc(*command, *arguments)
    assert done.code == 2
    assert done.err.splitlines()[-1] == f"Error: {says}"


def test_a_page_has_a_limit_that_is_told(rnncalc):
    done = rnncalc("explain", "hello", "dWhh", "--hidden", "50")
    assert done == (
        2,
        "",
        "Error: dWhh has 2,500 numbers, but at most 2,000 are explained at once. Choose one, such as dWhh:1,1.\n",
    )
    assert rnncalc("explain", "hello", "dWhh:1,1", "--hidden", "50").code == 0


def test_what_is_not_asked_for_is_not_computed(rnncalc, monkeypatch):
    monkeypatch.setattr("rnncalc.network.update_step.backward", lambda *_: pytest.fail("computed"))
    for element in ("h_2", "Whh:1,1", "p_2:1", "loss"):
        assert rnncalc("explain", "hello", element).code == 0
