"""What the system refuses, at whatever option: one sentence, exit code 3 (or 2), and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from cli.test_main import commands, python

FULL = Path("/dev/full")
posix = pytest.mark.skipif(os.name == "nt", reason="paths and signals of POSIX")
TOO_LONG = "x" * 300
TOO_DEEP = "/".join(["y" * 200] * 25)


def takes_text(parameter: click.Parameter) -> bool:
    """Whether a parameter takes what a person types, and so may be given a path."""
    return not isinstance(parameter.type, click.Choice | click.types.BoolParamType) and not (
        isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count)
    )


ARGUMENTS = [
    (words, parameter.opts[0] if isinstance(parameter, click.Option) else "")
    for words, command in commands().items()
    if not isinstance(command, click.Group)
    for parameter in command.params
    if takes_text(parameter) and parameter.name != "text"
]


NAMES = [TOO_LONG + ".npz", TOO_DEEP, "loop.toml", "\udcff.xlsx"]
TRIED = [
    (words, option, NAMES[(number + more) % len(NAMES)])
    for number, (words, option) in enumerate(ARGUMENTS)
    for more in (0, 1)
]
"""Two of the names at each option, in turns: most options are those of other commands too."""


@posix
@pytest.mark.parametrize(("words", "option", "name"), TRIED)
def test_a_path_that_nothing_can_have_ends_in_a_sentence(rnncalc, tmp_path, monkeypatch, words, option, name):
    """At every option and argument of every command, whether it takes a file or not."""
    monkeypatch.chdir(tmp_path)
    Path("a").touch()
    Path("loop.toml").symlink_to("loop.toml")
    given = [option, name] if option else [name]
    needed = {"sentiment train": ["a", "-o", "m.npz"], "check": ["h_1", "1"], "explain": ["h_1"], "verify": ["a"]}
    done = rnncalc(*words.split(), *given, *(needed.get(words, []) if option not in ("-o", "--output") else []))
    assert done.code in range(4), done
    if done.code > 1:
        said = [line for line in done.err.splitlines() if line.startswith("Error: ")]
        assert len(said) == 1, done
    there = {path.name for path in tmp_path.iterdir()} - {"a", "loop.toml"}
    assert done.code < 2 or not there


# ── a disk that is full ───────────────────────────────────────────────────────────────────────────────────────────

full = pytest.mark.skipif(not FULL.exists(), reason="/dev/full, the disk that is always full, is Linux's")


@full
@pytest.mark.parametrize("words", [[], ["forward"], ["assignment"], ["assignment", "make"]])
def test_help_that_cannot_be_written(words):
    with FULL.open("wb") as disk:
        process = python(*words, "--help", stdout=disk)
        _, said = process.communicate()
    assert (process.returncode, said) == (3, b"Error: Standard output cannot be written: No space left on device.\n")


@full
@pytest.mark.parametrize(
    ("arguments", "code"), [(["forward", "hello"], 0), (["forwrd"], 2), (["forward", "-t", "x.toml"], 3), ([], 2)]
)
def test_sentences_that_cannot_be_written_change_no_exit_code(arguments, code):
    with FULL.open("wb") as disk:
        process = python(*arguments, stderr=disk)
        process.communicate()
    assert process.returncode == code


@full
@pytest.mark.parametrize("arguments", [["forward", "hello"], ["train", "hello"], ["export", "hello"]])
def test_an_output_on_a_full_disk(arguments, tmp_path):
    process = python(*arguments, "-o", str(FULL), cwd=tmp_path)
    _, said = process.communicate()
    assert process.returncode in (2, 3)
    assert len([line for line in said.splitlines() if line.startswith(b"Error: ")]) == 1
    assert b"Traceback" not in said


@posix
@pytest.mark.parametrize(
    "arguments",
    [["forward", "hello", "-o", "x.txt"], ["export", "hello"], ["train", "hello", "-o", "x.npz"],
     ["forward", "-t", "x.toml"], ["grade", "x.toml", "y", "-o", "z"], ["sentiment", "predict", "m.npz", "x"],
     ["assignment", "new", "x.toml", "hello"]],
)  # fmt: skip
def test_a_folder_that_was_deleted(arguments, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    process = python(*arguments, preexec_fn=lambda: (os.chdir(gone), gone.rmdir()))
    _, said = process.communicate()
    assert process.returncode == 3
    assert said.startswith(b"Error: ")
    assert len(said.splitlines()) == 1


# ── interrupted ───────────────────────────────────────────────────────────────────────────────────────────────────


@posix
@pytest.mark.parametrize("arguments", [["forward", "hello"], ["train", "hello"], ["export", "hello"], ["--help"]])
@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
def test_an_interrupt_at_any_moment_is_a_sentence(arguments, share, tmp_path):
    """From the first import of ours on; Python itself is not ours."""
    code = "import sys, rnncalc.__main__ as m; sys.argv[0] = 'rnncalc'; print(file=sys.stderr, flush=True); m.main()"
    command = [sys.executable, "-c", code, *arguments]

    def run(after: float | None) -> tuple[int, bytes, float]:
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=tmp_path
        ) as process:
            assert process.stderr is not None
            process.stderr.readline()
            begun = time.monotonic()
            if after is not None:
                time.sleep(after)
                process.send_signal(signal.SIGINT)
            said = process.stderr.read()
            process.wait()
            return process.returncode, said, time.monotonic() - begun

    _, _, whole = run(None)
    for path in tmp_path.iterdir():
        path.unlink()
    code, said, _ = run(share * whole)
    lines = said.strip().splitlines()
    if code == 130 and arguments[0] == "train":
        lines = [line for line in lines if b"Interrupted" in line]
        assert b"Traceback" not in said
    if code == 130:
        assert len(lines) == 1, said
        assert b"Interrupted" in lines[0]
    else:  # done; or Python was ending, and a signal ends it at once
        assert code in (0, -signal.SIGINT)
        assert b"Traceback" not in said
    assert {path.suffix for path in tmp_path.iterdir()} <= {".xlsx"}


@posix
@pytest.mark.parametrize("after", [0.3, 0.6, 0.9, 1.3])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupt_ends_every_process_that_shares_the_work(rnncalc, tmp_path, monkeypatch, after, name):
    """Ctrl-C reaches them all at once, as a terminal sends it."""
    monkeypatch.chdir(tmp_path)
    assert rnncalc("assignment", "new", "hw.toml", "hello").code == 0
    Path("roster.csv").write_text("id\n" + "".join(f"s{i}\n" for i in range(400)), encoding="utf-8")
    everyone = python("assignment", "make", "hw.toml", "roster.csv", "-o", "out", "--jobs", "2", start_new_session=True)
    time.sleep(after)
    os.killpg(everyone.pid, getattr(signal, name))
    _, said = everyone.communicate(timeout=60)
    assert b"Traceback" not in said
    ended = everyone.returncode == -getattr(signal, name)  # before rnncalc began
    assert ended or (everyone.returncode, said.strip()) == (130, b"Error: Interrupted.")
    end = time.monotonic() + 10
    while left(everyone.pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def left(group: int) -> bool:
    """Whether a process of a group is still there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
