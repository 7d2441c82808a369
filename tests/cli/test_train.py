"""``rnncalc train`` and ``rnncalc sample``: a word in front of the reader, a long text, and what is left behind."""

import csv
import json
import re
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from rnncalc.problems.model_file import load
from rnncalc.text.word import learn

WORDS = "the cat sat on the mat and the dog ran to the red house "


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.txt"
    path.write_text(WORDS * 40, encoding="utf-8")
    return path


# ── a word ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hello_is_learnt_in_front_of_the_reader(rnncalc):
    found = rnncalc("train", "hello")
    assert found.code == 0
    assert "Every letter is right after 10 updates." in found.out
    assert re.search(r"^ +0   6\.811275    h     h     h     h        0$", found.out, re.MULTILINE)
    assert re.search(r"^ +10   3\.683134    e     l     l     o        4$", found.out, re.MULTILINE)


def test_plain_descent_needs_74_updates(rnncalc):
    assert "right after 74 updates" in rnncalc("train", "hello", "--optimizer", "sgd").out


def test_so_many_epochs_are_trained_as_are_typed(rnncalc):
    found = rnncalc("train", "hello", "--epochs", "12")
    assert "3 of 4 letters are right after 12 updates; all were right after 10." in found.out
    assert "always from update 18 on" in rnncalc("train", "hello", "--epochs", "25").out


def test_a_word_is_read_from_standard_input(rnncalc):
    assert rnncalc("train", "-", stdin=b"hello\n").out == rnncalc("train", "hello").out


def test_an_interrupted_word_keeps_its_best_weights(rnncalc, tmp_path, monkeypatch):
    from rnncalc import forward
    from rnncalc.cli import training
    from rnncalc.problems.model_file import load

    losses = []

    def interrupted(trainer, epochs):
        for step in learn(trainer, epochs):
            losses.append(step.loss)
            yield step
            if step.epoch == 8:
                raise KeyboardInterrupt

    monkeypatch.setattr(training, "learn", interrupted)
    options = ("--optimizer", "momentum", "--eta", "1", "--epochs", "9")
    found = rnncalc("train", "hello", *options, "-o", str(tmp_path / "m.npz"))
    assert found.code == 130
    assert "Interrupted. The best weights so far are saved." in found.err
    saved = float(forward(load(str(tmp_path / "m.npz")))["loss"].value[0, 0])
    assert saved == pytest.approx(min(losses[1:]), rel=1e-12)
    assert saved < losses[-1]


@pytest.mark.parametrize("late", ["_write_model", "_show"])
def test_an_interrupt_while_results_are_written_is_told_and_cuts_nothing_short(rnncalc, tmp_path, monkeypatch, late):
    import signal

    from rnncalc.cli.training import Session

    write = getattr(Session, late)

    def interrupted(training):
        signal.raise_signal(signal.SIGINT)
        write(training)

    monkeypatch.setattr(Session, late, interrupted)
    found = rnncalc("train", "hello", "-o", str(tmp_path / "m.npz"))
    assert found.code == 130
    assert found.err.count("Interrupted when the training had already ended.") == 1
    assert "Wrote " in found.err
    assert "Every letter is right after 10 updates." in found.out


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_cell_learns_hello(cell, seed, rnncalc):
    found = rnncalc("train", "hello", "--cell", cell, "--seed", str(seed), "--optimizer", "adam")
    assert "Every letter is right" in found.out


def test_a_words_training_is_the_updates_of_its_workbook():
    from rnncalc import Problem
    from rnncalc.network.update_step import epochs
    from rnncalc.text import Trainer, encode

    hello = Problem.template("hello")
    trainer = Trainer(hello, encode("hello", hello.vocabulary), optimizer="adagrad")
    losses = [step.loss for step in learn(trainer, 10)]
    slow = [float(trace["loss"].value[0, 0]) for trace in epochs(hello, 10)]
    assert losses[:10] == pytest.approx(slow, rel=1e-12)


def test_a_model_goes_to_every_other_command(rnncalc, tmp_path):
    model = tmp_path / "hello.npz"
    assert rnncalc("train", "hello", "-o", str(model)).code == 0
    found = rnncalc("forward", "--weights", str(model), "--summary")
    assert "Total loss E = 3.683134 (summed over the steps); 4 of 4 letters predicted right" in found.out
    assert rnncalc("sample", str(model), "--length", "4", "--temperature", "0", "--prime", "h").out == "hello\n"
    assert rnncalc("train", "--weights", str(model), "--epochs", "1").code == 0


# ── a long text ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_is_learnt_in_windows(rnncalc, book, tmp_path):
    model, log = tmp_path / "book.npz", tmp_path / "book.csv"
    found = rnncalc(
        "train",
        "--text",
        str(book),
        "--hidden",
        "16",
        "--epochs",
        "3",
        "--clip",
        "5",
        "-o",
        str(model),
        "--log",
        str(log),
    )
    assert found.code == 0
    assert "16 hidden units, tanh; adam, eta 0.0075, windows of 25" in " ".join(found.out.split())
    assert "A sample:" in found.out
    rows = list(csv.DictReader(log.read_text(encoding="utf-8").splitlines()))
    assert float(rows[-1]["loss"]) < 0.5 * float(rows[0]["loss"])
    problem = load(str(model))
    assert problem is not None
    assert set(problem.vocabulary) == set(WORDS)


def test_without_a_number_a_long_text_gets_100_units(rnncalc, book, tmp_path):
    model = tmp_path / "book.npz"
    assert rnncalc("train", "--text", str(book), "--epochs", "1", "-o", str(model)).code == 0
    problem = load(str(model))
    assert problem is not None
    assert problem.hidden == 100


def test_a_log_of_lines_of_json(rnncalc, book, tmp_path):
    log = tmp_path / "book.jsonl"
    rnncalc("train", "--text", str(book), "--hidden", "4", "--epochs", "2", "--validation", "0.2", "--log", str(log))
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    ends = [entry for entry in entries if entry["validation"] is not None]
    assert [entry["epoch"] for entry in ends] == [1, 2]
    assert all(0 <= entry["accuracy"] <= 1 for entry in ends)


def test_the_same_seed_gives_the_same_model_to_the_last_byte(rnncalc, book, tmp_path):
    files = [tmp_path / name for name in ("a.npz", "b.npz")]
    for file in files:
        rnncalc("train", "--text", str(book), "--hidden", "8", "--epochs", "1", "--seed", "3", "-o", str(file))
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_training_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(rnncalc, book, tmp_path):
    options = ["train", "--text", str(book), "--hidden", "8", "--clip-norm", "5"]
    whole, parts, checkpoint = tmp_path / "whole.npz", tmp_path / "parts.npz", tmp_path / "on.npz"
    assert rnncalc(*options, "--epochs", "3", "-o", str(whole)).code == 0
    assert rnncalc(*options, "--epochs", "1", "--checkpoint", str(checkpoint)).code == 0
    found = rnncalc(*options, "--epochs", "3", "--checkpoint", str(checkpoint), "--resume", "-o", str(parts))
    assert "Continuing from" in found.err
    with np.load(whole) as one, np.load(parts) as other:
        assert all(np.array_equal(one[name], other[name]) for name in one.files if name != "rnncalc")


def test_a_training_does_not_go_on_with_another_seed(rnncalc, book, tmp_path):
    options = ["train", "--text", str(book), "--hidden", "4", "--epochs", "1", "--checkpoint", str(tmp_path / "on.npz")]
    assert rnncalc(*options).code == 0
    found = rnncalc(*options, "--resume", "--seed", "77")
    assert found.code == 3
    assert "drawn from seed 0, but here they are drawn from seed 77" in " ".join(found.err.split())
    assert rnncalc(*options, "--resume", "--seed", "0").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_an_interrupted_training_keeps_its_best_weights(book, tmp_path):
    import signal
    import time

    model, checkpoint = tmp_path / "book.npz", tmp_path / "on.npz"
    process = subprocess.Popen(
        [sys.executable, "-m", "rnncalc", "train", "--text", str(book), "--epochs", "100000", "-o", str(model),
         "--checkpoint", str(checkpoint)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()  # a training that does not hear the signal would go on for ever
    assert process.returncode == 130
    assert b"Interrupted. The best weights so far are saved." in said
    assert load(str(model)) is not None
    assert checkpoint.exists()


def test_a_picture_of_the_training(rnncalc, tmp_path):
    pytest.importorskip("matplotlib", reason="pip install 'rnncalc[plot]'")
    picture = tmp_path / "learning.svg"
    assert rnncalc("train", "hello", "--plot", str(picture)).code == 0
    text = picture.read_text(encoding="utf-8")
    assert "accuracy" in text
    assert "hidden states after each letter" in text


# ── what does not fit ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["hello", "--text", "x.txt"], "TEXT and --text cannot be used together. Use one of them."),
        (["hello", "--encoding", "latin-1"], "--encoding is for the file of --text. Use --text FILE with it."),
        (["hello", "--resume"], "Use --checkpoint FILE.npz to name it."),
        (["hello", "--window", "9"], "The window is 9 letters, but the text allows at most 4"),
        (["hello", "--validation", "2"], "2 is not a fraction of the text"),
        (["hello", "--targets", "none"], "it needs a loss"),
        (["hello", "--output-function", "sigmoid", "--window", "2"], "Leave out --window"),
        (
            ["--text", "{book}", "--output-function", "sigmoid"],
            "can be trained only on a whole word of up to 100 letters",
        ),
        (["hello", "--clip", "1", "--clip-norm", "1"], "two ways of clipping"),
        (["hello", "-o", "model.keras"], "the name must end in .npz."),
        (["hello", "--log", "x.txt"], "the name must end in .csv or .jsonl."),
        (["hello", "-o", "m.npz", "--checkpoint", "./m.npz"], "--output and --checkpoint name the same file"),
        (["hello", "--log", "m.csv", "--plot", "m.csv"], "--log and --plot name the same file"),
        (["h\udcffllo"], "The text is not UTF-8. Use a text in UTF-8."),
        (["-", "-t", "-"], "TEXT and --template cannot both be read from standard input."),
        (["hello", "--patience", "3"], "--patience is for a long text"),
        (["--text", "{book}", "--decimals", "3"], "--decimals is for the losses of a word"),
        (["-t", "pencil", "--text", "{book}"], "which the vocabulary does not have"),
    ],
)
def test_a_wrong_command_line_is_a_sentence(arguments, sentence, rnncalc, book):
    found = rnncalc("train", *(one.format(book=book) for one in arguments))
    assert found.code == 2
    assert sentence in " ".join(found.err.split())


def test_a_file_that_cannot_be_read(rnncalc, tmp_path):
    latin, empty = tmp_path / "latin.txt", tmp_path / "empty.txt"
    latin.write_bytes("déjà vu, déjà lu".encode("latin-1") * 20)
    empty.write_bytes(b" \n")
    found = rnncalc("train", "--text", str(latin))
    assert (found.code, "use --encoding to give another, such as latin-1." in " ".join(found.err.split())) == (
        3,
        True,
    )
    assert rnncalc("train", "--text", str(latin), "--encoding", "latin-1", "--hidden", "2", "--epochs", "1").code == 0
    assert rnncalc("train", "--text", str(empty)).code == 3
    assert rnncalc("train", "--text", str(tmp_path / "none.txt")).code == 3
    assert rnncalc("train", "--text", str(latin), "--encoding", "utf-99").code == 2
    found = rnncalc("train", "--text", str(latin), "--encoding", "undefined")
    assert (found.code, "is not undefined text" in " ".join(found.err.split())) == (3, True)


def test_a_long_training_keeps_a_bounded_number_of_events():
    from rnncalc.cli.training import _Sparse
    from rnncalc.text import Progress

    sparse = _Sparse()
    for window in range(1, 20_001):
        sparse.add(Progress(1, window, 20_000, 1.0, 1.0))
    windows = [event.window for event in sparse.kept()]
    assert len(windows) <= sparse.most + 1
    assert (windows[0], windows[-1]) == (1, 20_000)
    assert {after - before for before, after in pairwise(windows[:-1])} == {8}


def test_a_diverging_training_stops_and_keeps_the_last_good_weights(rnncalc, book, tmp_path):
    model = tmp_path / "book.npz"
    found = rnncalc(
        "train", "--text", str(book), "--hidden", "16", "--activation", "relu", "--optimizer", "sgd", "--eta", "1000",
        "-o", str(model),
    )  # fmt: skip
    assert found.code == 1
    assert "The training diverged" in found.err
    problem = load(str(model))
    assert problem is not None
    assert all(np.isfinite(weight).all() for weight in problem.weights.values())


def test_a_checkpoint_of_another_training_is_refused(rnncalc, book, tmp_path):
    checkpoint = tmp_path / "on.npz"
    options = ["train", "--text", str(book), "--epochs", "1", "--checkpoint", str(checkpoint)]
    assert rnncalc(*options, "--hidden", "4").code == 0
    found = rnncalc(*options, "--hidden", "5", "--resume")
    assert found.code == 3
    assert "the checkpoint of a different training" in found.err
    assert rnncalc(*options, "--hidden", "4").code == 3  # it already exists


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["{model}", "--prime", "xyz"], 2, "which the vocabulary does not have"),
        (["{model}", "--temperature", "-1"], 2, "--temperature"),
        (["nowhere.npz"], 3, "There is no file nowhere.npz."),
        (["{book}"], 3, "is not a model from rnncalc train"),
    ],
)
def test_a_sample_that_cannot_be_drawn(arguments, code, sentence, rnncalc, book, tmp_path):
    model = tmp_path / "hello.npz"
    rnncalc("train", "hello", "-o", str(model))
    found = rnncalc("sample", *(one.format(model=model, book=book) for one in arguments))
    assert found.code == code
    assert sentence in " ".join(found.err.split())
