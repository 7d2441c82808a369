"""Any command line, however odd: a documented exit code, no traceback, nothing left behind, nothing silent for long.

Lines are drawn from what --help tells of each command: its options, its choices, its arguments, with values that fit
and values that do not.
"""

import contextlib
import time
from pathlib import Path
from random import Random

import click
import pytest
from cli.test_main import commands

SEEDS = 12
"""So many lines of each command."""
SLOW = 20.0
"""More seconds of work than any of these lines needs, on a machine however slow."""

VALUES = (
    "0", "1", "2", "3", "-1", "0.5", "1e-3", "1e309", "nan", "", " ", "-", "--", "hello", "ab", "日本", "h_2", "h_2:1",
    "p_1", "Wxh:1,2", "x_99", "last", "next", "none", "1,2", "1;2", "a b", "x" * 300, "../x", "hello.toml", "in.csv",
    "in.txt", "w.xlsx", "m.npz", "tweets.csv", "hw.toml", "roster.csv", "out.xlsx", "out.npz", "out.csv", "out.svg",
    "out.txt", "folder", "%s", "{}", "[red]x", "'", '"', "\\", "\n", "\u202e", "é", "1" * 400, "9" * 20,
)  # fmt: skip
KEPT = ("in.csv", "in.txt", "w.xlsx", "m.npz", "tweets.csv", "hw.toml", "roster.csv", "hello.toml", "folder")
FITTING = {
    "file": "hw.toml", "roster": "roster.csv", "model": "m.npz", "text": "hello", "template": "hello.toml",
    "weights": "m.npz", "eta": "0.1", "clip": "1", "output": "out.npz", "inputs": "in.csv", "name": "hello",
    "arguments": "h_2:1",
}  # fmt: skip
"""What parameters of these names ask for."""
LEAVES = {words: command for words, command in commands().items() if not isinstance(command, click.Group)}


@pytest.fixture(scope="module")
def given(rnncalc, tmp_path_factory):
    """A folder with a file of each kind that a command reads."""
    folder = tmp_path_factory.mktemp("given")
    with contextlib.chdir(folder):
        Path("in.csv").write_text("1,2\n3,4\n", encoding="utf-8")
        Path("in.txt").write_text("she sells sea shells by the sea shore\n", encoding="utf-8")
        Path("roster.csv").write_text("id,name\na,Ada\nb,Bob\n", encoding="utf-8")
        Path("folder").mkdir()
        for line in (
            ["worksheet", "hello", "-o", "w.xlsx"], ["train", "hello", "--epochs", "2", "-o", "m.npz"],
            ["assignment", "new", "hw.toml", "hello"], ["templates", "copy", "hello"],
        ):  # fmt: skip
            assert rnncalc(*line).code == 0
        Path("tweets.csv").write_text("text,label\n" + "good day,1\nbad day,0\n" * 30, encoding="utf-8")
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def line_of(command: click.Command, random: Random) -> list[str]:
    """A command line drawn at random: more often than not with a value that the option asks for."""
    line: list[str] = []
    for parameter in command.params:
        option = isinstance(parameter, click.Option)
        if option and random.random() > 3 / len(command.params):
            continue
        if option:
            line.append(random.choice(parameter.opts))
            if parameter.is_flag:
                continue
        if isinstance(parameter.type, click.Choice) and random.random() < 0.8:
            line.append(random.choice(list(parameter.type.choices)))
        elif isinstance(parameter.type, click.types.IntParamType) and random.random() < 0.7:
            line.append(str(random.randrange(1, 6)))
        elif parameter.name in FITTING and random.random() < 0.7:
            line.append(FITTING[parameter.name])
        elif random.random() < 0.9 or parameter.required:
            line.append(random.choice(VALUES))
    if random.random() < 0.1:
        random.shuffle(line)
    return line


def work(words: str) -> list[str]:
    """What keeps a training short."""
    return ["--epochs", "1"] if words in ("train", "sentiment train") else []


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("words", LEAVES)
def test_any_line_ends_well(rnncalc, given, tmp_path, monkeypatch, words, seed):
    monkeypatch.chdir(tmp_path)
    for name, content in given.items():
        Path(name).write_bytes(content)
    Path("folder").mkdir()
    line = line_of(LEAVES[words], Random(f"{words} {seed}"))
    begun = time.process_time()
    done = rnncalc(*words.split(), *work(words), *line, stdin=b"hello\n")
    assert time.process_time() - begun < SLOW, line
    assert done.code in (0, 1, 2, 3), (line, done)
    assert "Traceback" not in done.out + done.err
    if done.code in (2, 3):
        assert len([said for said in done.err.splitlines() if said.startswith("Error: ")]) == 1, (line, done)
    hidden = [path for path in tmp_path.rglob("*") if path.name.startswith(".") or path.suffix == ".part"]
    assert hidden == []
    if done.code in (2, 3) and "Wrote" not in done.err:
        there = {path.name for path in tmp_path.iterdir()}
        assert there == set(KEPT), (line, done)
    if not {"--force", "-f"} & set(line) and "--resume" not in line:
        assert {name: Path(name).read_bytes() for name in given} == given, line
