"""One bar for all long work: on a terminal alone, after a while alone, and on standard error."""

import contextlib
import io

import pytest

from rnncalc.cli import progress as module
from rnncalc.cli.progress import progress


class Terminal(io.StringIO):
    """A standard error that is a terminal, or is none."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def said(monkeypatch, *, is_terminal: bool = True, after: float = 0.0, percent: bool = True, says: str = "") -> str:
    """What work of three steps leaves on standard error."""
    monkeypatch.setattr(module, "AFTER_SECONDS", after)
    monkeypatch.setattr(module, "WORDS_SECONDS", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal(is_terminal=is_terminal)
    with contextlib.redirect_stderr(screen), progress("files", percent=percent) as bar:
        for done in (1, 2, 3):
            bar(done, 4, says)
        bar.print("a line [above]")
    return screen.getvalue()


def test_it_counts(monkeypatch):
    screen = said(monkeypatch)
    assert "files" in screen
    assert "75%" in screen
    assert "a line [above]" in screen


def test_words_stand_before_it_in_place_of_what_is_counted(monkeypatch):
    screen = said(monkeypatch, percent=False, says="epoch 7  loss 0.5")
    assert "epoch 7  loss 0.5" in screen
    assert "75%" not in screen


@pytest.mark.parametrize("where", [{"is_terminal": False}, {"after": 60.0}])
def test_elsewhere_and_before_nothing_is_shown(monkeypatch, where):
    assert said(monkeypatch, **where) == ""
