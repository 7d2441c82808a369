"""Reading tweets: Sentiment140's layout, any other CSV, and what is wrong with a file."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.errors import FileError, RnncalcError
from rnncalc.io.read import MAX_LINE
from rnncalc.tweets.cleaning import Cleaning
from rnncalc.tweets.corpus import read_corpus
from rnncalc.tweets.skipped import KEPT
from rnncalc.tweets.tweets import TweetFile

WRITTEN = Path(__file__).parents[1] / "data" / "tweets.csv"


@pytest.fixture
def file(tmp_path):
    """Write a file and give its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "tweets.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def sentiment140(*rows: tuple[str, str]) -> str:
    return "".join(f'"{label}","1","Mon Apr 06","NO_QUERY","anna","{text}"\n' for label, text in rows)


def read(tweets: TweetFile) -> list[tuple[str, str]]:
    return [(tweet.label, tweet.text) for tweet in tweets]


# ── layouts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sentiment140_is_recognised_and_read_as_latin_1():
    tweets = TweetFile(WRITTEN)
    found = list(tweets)
    assert tweets.layout.sentiment140
    assert len(found) == 38
    assert found[0] == (1, "4", "What a lovely morning in the café, thank you all!")
    assert found[17].text == "she sang, she laughed, she won gold"
    assert found[33].text == "Grüße from the mountains, blue sky everywhere"
    assert tweets.troubles.count == {}


def test_polarities_are_named_and_stand_in_their_order():
    corpus = read_corpus(TweetFile(WRITTEN))
    assert corpus.classes == ("negative", "neutral", "positive")
    assert [corpus.classes[k] for k in corpus.labels[:7]] == [
        "positive",
        "negative",
        "positive",
        "negative",
        "positive",
        "negative",
        "neutral",
    ]
    assert corpus.tweet(1) == ["my", "train", "is", "late", "again"]


def test_other_labels_are_classes_in_order_of_appearance(file):
    tweets = TweetFile(file("text,label\nwell,joy\nno,anger\nyes,joy\nhm,doubt\n"))
    corpus = read_corpus(tweets)
    assert corpus.classes == ("joy", "anger", "doubt")
    assert corpus.labels.tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        ("id,Tweet,Sentiment\n7,well done,good\n8,oh no,bad\n", {}),
        ("id;tweet;label\n7;well done;good\n8;oh no;bad\n", {}),
        ("said\tid\tfelt\nwell done\t7\tgood\noh no\t8\tbad\n", {"text_column": "said", "label_column": "felt"}),
        ("said,id,felt\nwell done,7,good\noh no,8,bad\n", {"text_column": 1, "label_column": 3, "header": True}),
        ("well done,7,good\noh no,8,bad\n", {"text_column": "1", "label_column": "3"}),
        ("\n\nwell done,7,good\n\r\noh no,8,bad", {"text_column": 1, "label_column": 3}),
        ("\ufefftext,label\nwell done,good\noh no,bad\n", {}),
        ("\ufefftext,label\nwell done,good\noh no,bad\n", {"encoding": "UTF-8"}),
    ],
)
def test_columns_are_found_by_name_or_number(file, content, asked):
    assert read(TweetFile(file(content), **asked)) == [("good", "well done"), ("bad", "oh no")]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "utf-16", "utf-32"])
def test_an_encoding_that_is_asked_for(file, encoding):
    tweets = TweetFile(file("text,label\ncafé,good\nnaïve,bad\n".encode(encoding)), encoding=encoding)
    assert read(tweets) == [("good", "café"), ("bad", "naïve")]


def test_a_text_may_go_over_lines(file):
    rows = [("4", "one\n\ntwo, three"), ("0", "four")]
    tweets = TweetFile(file(sentiment140(*rows)))
    assert read(tweets) == rows
    assert [tweet.line for tweet in tweets] == [1, 4]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(str.strip),
            st.sampled_from(["good", "bad"]),
        ),
        min_size=1,
    )
)
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, rows):
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([("text", "label"), *rows])
    path = tmp_path_factory.mktemp("csv") / "tweets.csv"
    path.write_bytes(written.getvalue().encode("utf-8"))
    assert read(TweetFile(path)) == [(label, text) for text, label in rows]


@pytest.mark.parametrize(
    ("content", "asked", "line", "remove"),
    [
        ("My tweets\nlabel,text\ngood,well\n", {}, 2, "line 1"),
        ("My tweets,2024\nlabel,text\ngood,well\n", {}, 2, "line 1"),
        ("sep=;\nlabel;text\ngood;well\n", {}, 2, "line 1"),
        ("My tweets\n\nof 2024\nLabel,Tweet\ngood,well\n", {}, 4, "lines 1 to 3"),
        ("My tweets\nfelt,said\ngood,well\n", {"text_column": "said", "label_column": 1}, 2, "line 1"),
    ],
)
def test_a_title_above_the_header_is_refused(file, content, asked, line, remove):
    path = file(content)
    with pytest.raises(FileError) as error:
        TweetFile(path, **asked)
    assert str(error.value) == f"{path} has its header on line {line}, not on line 1. Remove {remove}."


def test_a_tweet_that_looks_like_a_header_is_a_tweet(file):
    assert read(TweetFile(file("label,text\nlabel,text\n"))) == [("label", "text")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_what_can_be_read_only_once_is_refused(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(
        FileError, match=r"pipe\.csv is not a regular file\. Tweets are read more than once, so save them"
    ):
        TweetFile(pipe)
    with pytest.raises(FileError, match="is a folder"):
        TweetFile(tmp_path)


# ── trouble ───────────────────────────────────────────────────────────────────────────────────────────────────────

GOOD = sentiment140(("4", "fine"))
TROUBLES = [
    ("width", '"4","1","fine"\n', "has 3 columns; it needs 6"),
    ("quotes", '"4","1","d","q","u","never closed\n', "has a quote left open or in the wrong place"),
    ("quotes", '"4","1","d","q","u","a "word" in quotes"\n', "has a quote left open or in the wrong place"),
    ("label", sentiment140(("3", "hm")), "has the label '3'; it needs one of 0, 2, 4"),
    ("label", sentiment140(("", "hm")), "has no label"),
    ("empty", sentiment140(("0", "  ")), "has no text"),
]


@pytest.mark.parametrize(("kind", "line", "says"), TROUBLES)
def test_a_line_in_trouble_is_counted_and_skipped_alone(file, kind, line, says):
    tweets = TweetFile(file(GOOD + line + GOOD * 2))
    assert [tweet.line for tweet in tweets] == [1, 3, 4]
    assert tweets.troubles.count == {kind: 1}
    (trouble,) = tweets.troubles.first
    assert (trouble.line, trouble.kind, trouble.says) == (2, kind, says)
    assert trouble.text == " ".join(line.split())


@pytest.mark.parametrize(("kind", "line", "says"), TROUBLES)
def test_strict_refuses_at_the_first_line_in_trouble(file, kind, line, says):
    path = file(GOOD * 2 + line + GOOD + line)
    tweets = TweetFile(path, strict=True)
    with pytest.raises(FileError) as error:
        list(tweets)
    assert str(error.value) == f"{path}, line 3 {says}."


def test_bytes_of_another_encoding(file):
    tweets = TweetFile(file(b"text,label\ncaf\xe9,good\ncaf\xc3\xa9,bad\n"))
    assert read(tweets) == [("bad", "café")]
    assert tweets.troubles.count == {"bytes": 1}
    assert tweets.troubles.first == [(2, "bytes", "has bytes that are not utf-8", "café,good")]


def test_a_label_that_the_classes_do_not_have(file):
    tweets = TweetFile(file("text,label\nhm,fear\nwell,joy\n"), classes=("anger", "joy"))
    assert read_corpus(tweets).labels.tolist() == [1]
    assert tweets.troubles.first[0].says == "has the label 'fear'; it needs one of anger, joy"


def test_classes_by_name_take_polarities(file):
    path = file(sentiment140(("4", "fine"), ("2", "hm"), ("0", "oh")))
    tweets = TweetFile(path, classes=("positive", "negative"))
    assert read_corpus(tweets).labels.tolist() == [0, 1]
    assert tweets.troubles.count == {"label": 1}


def test_a_tweet_that_cleaning_leaves_nothing_of(file):
    tweets = TweetFile(file(sentiment140(("4", "@anna http://example.com"), ("0", "oh"), ("4", "ah"))))
    assert len(read_corpus(tweets).labels) == 2
    assert tweets.troubles.first[0][:3] == (1, "empty", "has no word left after cleaning")
    assert len(read_corpus(tweets, Cleaning(drop_links=False)).labels) == 3


def test_the_first_few_are_kept_and_all_are_counted(file):
    tweets = TweetFile(file(GOOD + '"4","oh"\n' * 20))
    assert len(list(tweets)) == 1
    assert tweets.troubles.count == {"width": 20}
    assert [trouble.line for trouble in tweets.troubles.first] == list(range(2, 2 + KEPT))


def test_troubles_are_those_of_one_reading(file):
    tweets = TweetFile(file(GOOD + "4\n"))
    assert list(tweets) == list(tweets)
    assert tweets.troubles.count.total() == 1


def test_an_open_quote_in_every_line_leaves_nothing_but_counts(file):
    tweets = TweetFile(file(GOOD + '"4","1","d","q","u","open\n' * 200 + GOOD))
    assert [tweet.line for tweet in tweets] == [1, 202]
    assert tweets.troubles.count == {"quotes": 200}


# ── refused ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("content", ["", "\n\n \n"])
def test_an_empty_file_is_refused(file, content):
    with pytest.raises(FileError, match="is empty; it needs one tweet per line"):
        TweetFile(file(content))


@pytest.mark.parametrize(
    ("content", "asked", "says"),
    [
        ("hello\n", {}, "has no columns"),
        ("a,b\n1,2\n", {}, r"none of its columns \(a, b\) is called text or tweet"),
        ("text,b\n1,2\n", {}, "say which column has the label"),
        ("text,label\n1,2\n", {"text_column": "tezt"}, r"no column 'tezt' for the text \(did you mean 'text'\?\)"),
        ("1,2\n", {"text_column": 1, "label_column": 3}, "no column 3 for the label: its first line has 2 columns"),
        ("1,2\n", {"text_column": 0, "label_column": 1}, "no column 0 for the text"),
        ("1,2\n", {"text_column": 1, "label_column": 1}, "column 1 cannot hold both"),
        (
            "a,b\n",
            {"text_column": "a", "label_column": "b", "header": False},
            "Give the column of the text by its number",
        ),
    ],
)
def test_columns_that_are_not_there_are_refused(file, content, asked, says):
    with pytest.raises(FileError, match=says):
        TweetFile(file(content), **asked)


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(FileError, match=r"There is no file .*nothing\.csv"):
        TweetFile(tmp_path / "nothing.csv")
    with pytest.raises(FileError):
        TweetFile(tmp_path)


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13"])
def test_an_encoding_that_is_none(file, encoding):
    with pytest.raises(RnncalcError, match=f"There is no encoding '{encoding}'"):
        TweetFile(file(GOOD), encoding=encoding)


def test_what_is_no_text_in_its_encoding(file):
    with pytest.raises(FileError, match="is not utf-16 text"):
        list(TweetFile(file("text,label\nwell,joy\n".encode("utf-16")[:-1]), encoding="utf-16"))


def test_a_line_without_end_is_refused(file):
    with pytest.raises(FileError, match="line 2 is longer than 100,000 letters"):
        TweetFile(file(b"text,label\n" + b"x" * MAX_LINE))


def test_one_class_alone_cannot_be_learnt_but_tested(file):
    path = file(GOOD * 3)
    with pytest.raises(FileError, match="has only one class, positive; it needs two or more"):
        read_corpus(TweetFile(path))
    assert read_corpus(TweetFile(path, classes=("negative", "positive"))).labels.tolist() == [1, 1, 1]


def test_a_file_of_trouble_alone_says_the_first(file):
    tweets = TweetFile(file(sentiment140(("0", "@anna"), ("4", "@bob"))))
    with pytest.raises(FileError, match=r"no tweet that can be used \(2 lines were skipped; line 1 has no word left"):
        read_corpus(tweets)


def test_a_column_of_a_hundred_labels_is_another(file):
    with pytest.raises(FileError, match="more than 100 different labels"):
        read_corpus(TweetFile(file("text,label\n" + "".join(f"well,{i}\n" for i in range(101)))))


@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"text,label\n", GOOD.encode()]))
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path_factory, content, head):
    path = tmp_path_factory.mktemp("csv") / "tweets.csv"
    path.write_bytes(head + content)
    try:
        corpus = read_corpus(TweetFile(path))
    except FileError as error:
        assert str(error).endswith((".", "?"))  # noqa: PT017
    else:
        assert len(corpus.classes) > 1
