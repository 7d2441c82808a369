"""``rnncalc sentiment``: from a CSV file to a verdict, and from the verdict to its arithmetic."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

from rnncalc import forward
from rnncalc.problems.choice import Choice
from rnncalc.tweets.choose import choose
from rnncalc.tweets.model import load
from rnncalc.tweets.synthetic import write_tweets
from rnncalc.weights.own_file import marked_arrays

TWEETS = Path(__file__).parents[1] / "data" / "tweets.csv"
SMALL = ("--hidden", "8", "--embedding", "4", "--epochs", "3", "--eta", "0.01")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sentiment")


@pytest.fixture(scope="module")
def tweets(folder):
    file = folder / "made.csv"
    write_tweets(file, 1500, seed=1, names=40)
    return file


@pytest.fixture(scope="module")
def model(folder, tweets):
    from rnncalc.cli.main import run

    file = folder / "model.npz"
    assert run(["sentiment", "train", str(tweets), "-o", str(file), *SMALL]) == 0
    return file


def test_three_commands_lead_from_a_file_to_a_verdict(rnncalc, tweets, tmp_path):
    file = tmp_path / "model.npz"
    trained = rnncalc("sentiment", "train", str(tweets), "-o", str(file), *SMALL)
    assert trained.code == 0
    assert "1,500 tweets: 1,202 training, 149 validation, 149 test" in trained.out
    assert "embedding of size 4, rnn with 8 units (tanh)" in trained.out
    tested = rnncalc("sentiment", "test", str(file), str(tweets))
    assert tested.code == 0
    assert "only the 149 tweets held out for testing are used" in tested.err
    for row in ("this model", "the most frequent class", "a bag of words"):
        assert re.search(rf"^ +{row} +0\.\d{{4}}", tested.out, re.MULTILINE)
    said = rnncalc("sentiment", "predict", str(file), "it was not good")
    assert re.search(r"^(positive|negative), with probability 0\.\d{4}$", said.out, re.MULTILINE)
    assert "  4   good" in said.out


def test_an_interrupt_while_the_model_is_written_is_told_and_cuts_nothing_short(rnncalc, tweets, tmp_path, monkeypatch):
    import signal

    from rnncalc.tweets import session

    finished = session.finished

    def interrupted(begun):
        signal.raise_signal(signal.SIGINT)
        return finished(begun)

    monkeypatch.setattr(session, "finished", interrupted)
    file = tmp_path / "model.npz"
    done = rnncalc("sentiment", "train", str(tweets), "-o", str(file), *SMALL)
    assert done.code == 130
    assert done.err.count("Interrupted when the training had already ended.") == 1
    assert load(file) is not None


def test_the_same_seed_gives_the_same_model(rnncalc, tweets, model, tmp_path):
    again, other = tmp_path / "again.npz", tmp_path / "other.npz"
    rnncalc("sentiment", "train", str(tweets), "-o", str(again), *SMALL)
    rnncalc("sentiment", "train", str(tweets), "-o", str(other), *SMALL, "--seed", "1")
    assert again.read_bytes() == model.read_bytes()
    assert other.read_bytes() != model.read_bytes()


def test_what_is_written_of_sentiment140_is_read_with_its_letters(rnncalc, tmp_path):
    file = tmp_path / "model.npz"
    found = rnncalc("sentiment", "train", str(TWEETS), "-o", str(file), *SMALL, "--validation", "0", "--test", "0")
    assert found.code == 0
    assert load(file).classifier.classes == ("negative", "neutral", "positive")


def test_every_option_of_cleaning_and_network_reaches_the_model(rnncalc, tweets, tmp_path):
    file = tmp_path / "model.npz"
    found = rnncalc(
        "sentiment", "train", str(tweets), "-o", str(file), "--epochs", "1", "--hidden", "5", "--embedding", "3",
        "--cell", "gru", "--head", "6,4", "--head-activation", "sigmoid,relu", "--words", "30", "--length", "7",
        "--side", "right", "--keep-case", "--drop-hashtags", "--drop-stop-words", "--dropout", "0.2",
        "--embedding-dropout", "0.1", "--class-weights", "--batch", "50", "--dtype", "float64", "--patience", "2",
    )  # fmt: skip
    assert found.code == 0
    made = load(file)
    assert (made.length, made.side, made.classifier.cell) == (7, "right", "gru")
    assert made.classifier.head == ("sigmoid", "relu")
    assert len(made.classifier.vocabulary) == 31
    assert made.cleaning.hashtags == "drop"
    assert not made.cleaning.lower_case
    assert made.cleaning.drop_stop_words


def test_an_embedding_of_a_file(rnncalc, tweets, tmp_path):
    vectors, file = tmp_path / "glove.txt", tmp_path / "model.npz"
    vectors.write_text("good 1 2\nbad -1 -2\nunheard 0 0\n", encoding="utf-8")
    options = ("--hidden", "4", "--epochs", "1", "--embedding", str(vectors), "--freeze", "--dtype", "float64")
    found = rnncalc("sentiment", "train", str(tweets), "-o", str(file), *options)
    assert found.code == 0
    assert "2 of the 107 words have a vector of 2 numbers in" in found.err
    made = load(file).classifier
    place = made.vocabulary.index("good")
    assert made.weights["Wxe"][:, place].tolist() == [1, 2]


# ── the arithmetic of a verdict ───────────────────────────────────────────────────────────────────────────────────


def test_the_trace_of_a_tweet_is_its_prediction(model):
    made = load(model)
    problem, _ = choose(Choice(weights=str(model), text="It was NOT good!! http://example.com"))
    assert problem.inputs == ("it", "was", "not", "good")
    p = made.classifier.predict(made.encode([made.words("it was not good")]))[0]
    assert np.abs(forward(problem)["p_4"].value[:, 0] - p).max() <= 1e-12


def test_every_command_takes_the_model(rnncalc, model, tmp_path):
    assert rnncalc("forward", "--weights", str(model), "not good", "--summary").code == 0
    found = rnncalc("gradcheck", "--weights", str(model), "not good", "--targets", "negative")
    assert found.code == 0
    assert "All gradients agree." in found.out
    book = tmp_path / "verdict.xlsx"
    assert rnncalc("export", "--weights", str(model), "--tokens", "words", "not good", "-o", str(book)).code == 0
    sheet = tmp_path / "sheet.xlsx"
    assert rnncalc("worksheet", "--weights", str(model), "not good", "--ask", "p_2", "-o", str(sheet)).code == 0
    assert rnncalc("verify", str(sheet)).code == 1


def test_tweets_from_standard_input_give_a_line_each(rnncalc, model):
    found = rnncalc("sentiment", "predict", str(model), stdin=b"it was good\nhttp://example.com\n\nnever bad\n")
    lines = [line.split("\t") for line in found.out.splitlines()]
    assert [line[2] for line in lines] == ["it was good", "http://example.com", "", "never bad"]
    assert lines[1][:2] == lines[2][:2] == ["?", ""]
    assert all(0 <= float(line[1]) <= 1 for line in (lines[0], lines[3]))


@pytest.mark.parametrize("name", ["sentiment", "sentiment-lstm"])
def test_the_small_templates_know_what_not_does(rnncalc, name):
    for text, verdict in (("the film is not good", "negative"), ("it is not very bad", "positive")):
        found = rnncalc("forward", "-t", name, text, "--targets", "none", "--summary")
        assert re.search(rf"\b{verdict}\s+0\.99", found.out)


# ── what does not fit ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["train", "none.csv", "-o", "m.npz"], 3, "There is no file none.csv."),
        (["train", "{tweets}", "-o", "m.keras"], 2, "the name must end in .npz."),
        (["train", "{tweets}", "-o", "{model}"], 3, "already exists"),
        (["train", "{tweets}", "-o", "m.npz", "--validation", "0.6", "--test", "0.6"], 2, "must be 0 or more"),
        (["train", "{tweets}", "-o", "m.npz", "--embedding", "0"], 2, "it needs 1 to 1000 numbers, or a file"),
        (["train", "{tweets}", "-o", "m.npz", "--embedding", "none.txt"], 3, "There is no file none.txt."),
        (["train", "{tweets}", "-o", "m.npz", "--head-activation", "relu"], 2, "There are no dense layers"),
        (["train", "{tweets}", "-o", "m.npz", "--text-column", "9"], 3, "no column 9"),
        (["train", "{tweets}", "-o", "m.npz", "--dropout", "1"], 2, "1 is not a fraction"),
        (
            ["train", "{tweets}", "-o", "m.npz", "--dropout", "0.99999999"],
            2,
            "dropout is 0.99999999, which drops everything",
        ),
        (["train", "{tweets}", "-o", "m.npz", "--embedding-dropout", "0.99999999"], 2, "needs at most 0.9999."),
        (["train", os.devnull, "-o", "m.npz"], 3, "is not a regular file. Tweets are read more than once"),
        (["test", "{model}", os.devnull], 3, "is not a regular file. Tweets are read more than once"),
        (["test", "{tweets}", "{tweets}"], 3, "is not a .npz file of NumPy."),
        (["test", "{model}", "{model}"], 3, "it needs one. Unpack it and use the right file"),
        (["predict", "{model}", "http://example.com"], 2, "has no words left after cleaning"),
        (["predict", "none.npz", "x"], 3, "There is no file none.npz."),
    ],
)
def test_what_does_not_fit_is_a_sentence(arguments, code, sentence, rnncalc, tweets, model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = rnncalc("sentiment", *(one.format(tweets=tweets, model=model) for one in arguments))
    assert sentence in " ".join(found.err.split())
    assert found.code == code
    assert list(tmp_path.iterdir()) == []


def test_lines_that_cannot_be_used_are_shown_or_refused(rnncalc, tweets, tmp_path):
    broken, file = tmp_path / "broken.csv", tmp_path / "model.npz"
    lines = tweets.read_text(encoding="latin-1").splitlines()
    broken.write_text("\n".join([*lines[:400], '"4","too few"', *lines[400:]]), encoding="latin-1")
    found = rnncalc("sentiment", "train", str(broken), "-o", str(file), *SMALL)
    assert found.code == 0
    assert "1 line skipped" in found.err
    assert "401" in found.err
    found = rnncalc("sentiment", "train", str(broken), "-o", str(tmp_path / "x.npz"), *SMALL, "--strict")
    assert found.code == 3
    assert "line 401 has 2 columns; it needs 6" in found.err


def test_a_model_that_was_tampered_with_is_a_sentence(rnncalc, model, tmp_path):
    mark, arrays = marked_arrays(model)
    for name, change in (("head", ["relu"]), ("classes", ["a"]), ("length", "long"), ("cleaning", {"x": 1})):
        file = tmp_path / f"{name}.npz"
        text = np.array(json.dumps({**mark, name: change}))
        np.savez(file, **arrays, rnncalc=text)
        found = rnncalc("sentiment", "predict", str(file), "good")
        assert (found.code, "Traceback" in found.err) == (3, False)
        assert "is damaged" in found.err


def test_the_options_of_a_problem_do_not_go_with_a_model_of_tweets(rnncalc, model):
    found = rnncalc("forward", "--weights", str(model), "good", "--hidden", "3")
    assert found.code == 2
    assert "Leave out --hidden." in found.err
    assert rnncalc("forward", "--weights", str(model)).code == 2


def test_where_no_epoch_was_finished_nothing_is_written(rnncalc, tweets, model, tmp_path):
    kept = tmp_path / "kept.npz"
    kept.write_bytes(model.read_bytes())
    found = rnncalc("sentiment", "train", str(tweets), "-o", str(kept), *SMALL, "--eta", "1e6", "--force")
    assert found.code == 1
    assert "No epoch was finished" in found.err
    assert "kept" not in found.err.replace(str(kept), "")
    assert kept.read_bytes() == model.read_bytes()


def test_a_copy_of_sentiment140_in_utf_8_keeps_its_letters(rnncalc, tmp_path):
    copy, file = tmp_path / "copy.csv", tmp_path / "model.npz"
    copy.write_text(TWEETS.read_text(encoding="latin-1") + '"4","9","d","q","u","great café 😀"\n', encoding="utf-8")
    options = ("--validation", "0", "--test", "0")
    assert rnncalc("sentiment", "train", str(copy), "-o", str(file), *SMALL, *options).code == 0
    assert "café" in load(file).classifier.vocabulary


def test_a_class_of_one_tweet_is_spoken_of(rnncalc, tweets, tmp_path):
    file = tmp_path / "odd.csv"
    rows = "".join(f"{mood},it was {mood} {i}\n" for i in range(60) for mood in ("good", "bad"))
    file.write_text(f"mood,tweet\n{rows}", encoding="utf-8")
    options = ("--text-column", "2", "--label-column", "1", "--epochs", "1", "--validation", "0", "--test", "0")
    found = rnncalc("sentiment", "train", str(file), "-o", str(tmp_path / "m.npz"), *options)
    assert "The class mood has only 1 tweet of 121. Is it a heading?" in " ".join(found.err.split())


def test_vectors_that_cannot_be_used_are_counted(rnncalc, tweets, tmp_path):
    vectors = tmp_path / "glove.txt"
    vectors.write_text("good 1 2\nbad 1 2 3\nnot 0 x\n", encoding="utf-8")
    options = ("--hidden", "4", "--epochs", "1", "--embedding", str(vectors))
    found = rnncalc("sentiment", "train", str(tweets), "-o", str(tmp_path / "m.npz"), *options)
    assert "2 lines skipped" in found.err


def test_another_sentence_does_not_want_the_templates_class(rnncalc):
    found = rnncalc("forward", "-t", "sentiment", "it is good", "--summary")
    assert "target" not in found.out


# ── what the training was told, a test need not be told again ─────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def moods(folder, tweets):
    """The tweets with other columns, in another encoding."""
    import csv

    path = folder / "moods.csv"
    with tweets.open(encoding="latin-1", newline="") as source, path.open("w", encoding="cp1252", newline="") as target:
        written = csv.writer(target)
        written.writerow(["id", "mood", "text", "words"])
        for i, row in enumerate(csv.reader(source)):
            written.writerow([i, row[0], f"an idle column {i}", f"{row[5]} – “ÉTÉ”"])
    return path


COLUMNS = ("--text-column", "words", "--label-column", "mood", "--encoding", "cp1252")


@pytest.fixture(scope="module")
def mood_model(folder, moods):
    from rnncalc.cli.main import run

    file = folder / "moods.npz"
    cleaning = ("--keep-case", "--keep-punctuation", "--drop-stop-words")
    assert run(["sentiment", "train", str(moods), "-o", str(file), *SMALL, *COLUMNS, *cleaning]) == 0
    return file


def test_a_test_reads_the_columns_of_the_training(rnncalc, moods, mood_model):
    remembered, typed = (rnncalc("sentiment", "test", str(mood_model), str(moods), *more) for more in ((), COLUMNS))
    assert (remembered.code, remembered.out) == (0, typed.out)
    said = "with the settings of the training file: --text-column words, --label-column mood, --encoding cp1252."
    assert said in " ".join(remembered.err.split())
    assert "tweets held out for testing are used" in remembered.err


def test_columns_that_are_typed_come_first(rnncalc, moods, mood_model):
    idle = rnncalc("sentiment", "test", str(mood_model), str(moods), "--text-column", "text")
    assert idle.code == 0
    assert "with the settings of the training file: --label-column mood, --encoding cp1252." in " ".join(
        idle.err.split()
    )
    assert idle.out != rnncalc("sentiment", "test", str(mood_model), str(moods)).out


def test_a_file_without_these_columns_is_read_by_its_own(rnncalc, tweets, mood_model):
    found = rnncalc("sentiment", "test", str(mood_model), str(tweets))
    assert found.code == 0
    assert "with the settings of the training file" not in found.err


def test_prediction_and_arithmetic_clean_as_the_training_did(rnncalc, mood_model):
    said = rnncalc("sentiment", "predict", str(mood_model), "The day was GOOD!")
    assert re.findall(r"^ +\d +(\S+)", said.out, re.MULTILINE)[:3] == ["day", "GOOD", "!"]
    assert load(mood_model).both("The day was GOOD!")[0] == ["day", "GOOD", "!"]


def test_a_model_of_before_has_no_columns(folder, model, tweets):
    from rnncalc.weights.own_file import arrays_to_bytes

    mark, arrays = marked_arrays(model)
    del mark["columns"]
    (folder / "before.npz").write_bytes(arrays_to_bytes(arrays, mark))
    assert load(folder / "before.npz").columns == (None, None, None)
