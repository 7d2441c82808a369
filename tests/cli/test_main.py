"""The command itself: help, exit codes, a pipe that closes, and never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import rnncalc as package
from rnncalc.cli.main import COMMANDS, cli
from rnncalc.errors import ArithmeticOverflow


def python(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    """rnncalc in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment}
    return subprocess.Popen([sys.executable, "-m", "rnncalc", *arguments], **{**settings, **options})


# ── help ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def commands(group: click.Group = cli, *path: str) -> dict[str, click.Command]:
    """Every command and subcommand, by its words."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found[" ".join([*path, name])] = command
        if isinstance(command, click.Group):
            found |= commands(command, *path, name)
    return found


@pytest.mark.parametrize("words", commands())
def test_every_command_has_help_with_examples(rnncalc, words):
    done = rnncalc(*words.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: rnncalc {words} ")
    examples = done.out.split("Example")[1]
    assert f"rnncalc {words}" in examples


@pytest.mark.parametrize("words", commands())
def test_every_option_says_what_it_does(words):
    for parameter in commands()[words].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_the_help_lists_every_command_in_a_line(rnncalc):
    done = rnncalc("--help")
    assert (done.code, done.err) == (0, "")
    assert done.out == rnncalc("-h").out
    for name, (_, summary) in COMMANDS.items():
        assert any(line.split() == [name, *summary.split()] for line in done.out.splitlines())
    for code in range(4):
        assert any(line.startswith(f"    {code}  ") for line in done.out.splitlines())


def test_help_fits_80_columns(rnncalc):
    for words in ["", *commands()]:
        assert max(map(len, rnncalc(*words.split(), "--help").out.splitlines())) <= 80


def test_the_version(rnncalc):
    assert rnncalc("--version") == rnncalc("-V") == (0, f"rnncalc {package.__version__}\n", "")


# ── exit codes ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_command_shows_the_help_and_is_wrong(rnncalc):
    done = rnncalc()
    assert done.code == 2
    assert done.out == ""
    assert done.err == rnncalc("--help").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["forwrd"], "Error: There is no command 'forwrd' (did you mean 'forward'?)."),
        (["zzz"], f"Error: There is no command 'zzz'; the commands are {', '.join(COMMANDS)}."),
        (["--forward"], "Error: No such option"),
        (["forward", "--sted", "2"], "Error: No such option"),
        (
            ["forward", "a", "b"],
            'Error: Got unexpected extra argument (b). Put a text with spaces in quotes: "hello world".',
        ),
        (["explain"], "Error: Missing argument"),
        (["templates", "shoe"], "Error: No such command 'shoe'"),
        (["templates", "show"], "Error: Missing argument 'NAME'"),
        (["completion", "basic"], "Error: Invalid value for"),
    ],
)
def test_a_wrong_command_line_is_2(rnncalc, arguments, message):
    done = rnncalc(*arguments)
    assert (done.code, done.out) == (2, "")
    assert any(line.startswith(message) for line in done.err.splitlines())


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "Error: Interrupted.\n"),
        (click.Abort(), 130, "Error: Interrupted.\n"),
        (
            MemoryError(),
            3,
            "Error: There is not enough memory for this. Use a shorter text or a smaller hidden size.\n",
        ),
        (RecursionError(), 3, "Error: The input is nested too deeply.\n"),
        (ArithmeticOverflow("Too large."), 3, "Error: Too large.\n"),
    ],
)
def test_what_goes_wrong_on_the_way_ends_in_a_sentence(rnncalc, monkeypatch, error, code, message):
    def fail(problem: object) -> None:
        raise error

    monkeypatch.setattr("rnncalc.network.forward_pass.forward", fail)
    done = rnncalc("forward", "hello")
    assert (done.code, done.out, done.err.lstrip("\n")) == (code, "", message)


def test_a_fault_of_rnncalc_itself_is_not_hidden(rnncalc, monkeypatch):
    def fail(problem: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("rnncalc.network.forward_pass.forward", fail)
    with pytest.raises(ZeroDivisionError):
        rnncalc("forward", "hello")


# ── in a process of its own ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "code"), [(["templates"], 0), (["forward", ""], 2), (["forward", "-t", "x.toml"], 3)]
)
def test_the_process_ends_in_the_exit_code(arguments, code):
    process = python(*arguments)
    process.communicate()
    assert process.returncode == code


def test_python_m_and_the_script_are_the_same(tmp_path):
    script = Path(sys.executable).with_name("rnncalc.exe" if os.name == "nt" else "rnncalc")
    if not script.exists():
        pytest.skip(f"rnncalc is not installed beside {sys.executable}: pip install -e .")
    by_script = subprocess.run([script, "forward", "hello"], capture_output=True, check=True, cwd=tmp_path)
    out, err = python("forward", "hello").communicate()
    assert by_script.stdout == out
    assert by_script.stderr == err == b""


@pytest.mark.skipif(os.name == "nt", reason="a pipe closed by its reader is told otherwise on Windows")
@pytest.mark.parametrize(
    "arguments",
    [
        ["forward", "hello"],
        ["forward", "hello", "--format", "json"],
        ["forward", "hello", "--format", "latex"],
        ["explain", "loss"],
        ["templates"],
        ["templates", "show", "hello"],
        ["--help"],
    ],
)
def test_a_reader_that_has_gone_is_no_error(arguments):
    """What `rnncalc … | head` does to rnncalc."""
    reader, writer = os.pipe()
    os.close(reader)
    process = python(*arguments, stdout=writer)
    os.close(writer)
    _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full, the disk that is always full, is Linux's")
@pytest.mark.parametrize("arguments", [["forward", "hello"], ["forward", "hello", "--format", "json"], ["templates"]])
def test_a_full_disk_behind_standard_output_is_a_sentence_and_3(arguments):
    with Path("/dev/full").open("wb") as full:
        process = python(*arguments, stdout=full)
        _, err = process.communicate()
    assert process.returncode == 3
    assert err.startswith(b"Error: ")
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX closes standard output with >&-")
def test_a_standard_output_that_is_closed_is_no_traceback():
    process = python("forward", "hello", stdout=None, preexec_fn=lambda: os.close(1))
    _, err = process.communicate()
    assert b"Traceback" not in err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["forward", "hello"],
        ["forward", "日本é😀"],
        ["explain", "loss_2"],
        ["explain", "Wxh"],
        ["forward", "--help"],
        ["backward", "hello"],
        ["templates"],
        ["--help"],
    ],
)
def test_a_terminal_without_utf_8_gets_ascii(arguments, encoding):
    process = python(*arguments, env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": "80"})
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert "--help" in arguments or out.isascii()


def test_an_overflow_on_the_way_is_one_sentence(tmp_path):
    path = tmp_path / "large.toml"
    path.write_text(
        'text = "ab"\n[weights]\nWxh = [[1e308, 1]]\nWhh = 1\nbh = 1e308\nWhy = [[1], [2]]\n', encoding="utf-8"
    )
    process = python("forward", "-t", str(path), "--activation", "linear")
    out, err = process.communicate()
    assert (process.returncode, out) == (3, b"")
    assert err.decode().startswith("Error: a_1 at step 1 is not finite: wx")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(rnncalc, shell):
    done = rnncalc("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert "_RNNCALC_COMPLETE" in done.out


def test_completion_knows_the_templates():
    words = {"_RNNCALC_COMPLETE": "bash_complete", "COMP_WORDS": "rnncalc forward -t pen", "COMP_CWORD": "3"}
    code = "import sys; sys.argv = ['rnncalc']; from rnncalc.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **words}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stdout.split() == ["plain,pencil"]
