"""``rnncalc help``: what --help says, for those who look for it there."""

import pytest

from rnncalc.cli.main import COMMANDS


@pytest.mark.parametrize("words", ["", *COMMANDS, "assignment make", "templates copy", "sentiment train"])
def test_help_of_a_command_is_what_help_behind_it_says(rnncalc, words):
    assert rnncalc("help", *words.split()) == rnncalc(*words.split(), "--help")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("forwrd", "There is no command 'forwrd' in rnncalc (did you mean 'forward'?)."),
        ("zzz", f"There is no command 'zzz' in rnncalc; the commands are {', '.join(COMMANDS)}."),
        ("assignment mak", "There is no command 'mak' in rnncalc assignment (did you mean 'make'?)."),
        ("forward hello", "There is no command 'hello' in rnncalc forward."),
    ],
)
def test_what_is_no_command_is_told_with_what_is_near(rnncalc, words, message):
    done = rnncalc("help", *words.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == f"Error: {message}"
