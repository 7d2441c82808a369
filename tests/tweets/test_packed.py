"""Tweets and word vectors as people have them: packed, in UTF-16, with marks, tabs and binary numbers."""

import gzip
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rnncalc.errors import FileError
from rnncalc.tweets.glove import read_glove
from rnncalc.tweets.tweets import TweetFile
from rnncalc.tweets.vocabulary import UNKNOWN, Vocabulary

BROUGHT = Path(__file__).parents[1] / "data" / "brought"
TWEETS = '"0","1","Mon","NO_QUERY","anna","so sad"\n"4","2","Mon","NO_QUERY","anna","so happy, café, today"\n'
WORDS = ("love", "this", "great", "day", "so", "happy")


def read(path: Path, **options) -> list[tuple[str, str]]:
    return [(tweet.label, tweet.text) for tweet in TweetFile(path, **options)]


@pytest.fixture
def zipped(tmp_path):
    """A zip of files by their names."""

    def of(**parts: str) -> Path:
        with zipfile.ZipFile(tmp_path / "tweets.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(f"{name}.csv", content)
        return tmp_path / "tweets.zip"

    return of


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
def test_packed_tweets_are_those_that_were_packed(tmp_path, zipped, encoding):
    content = TWEETS.encode(encoding)
    for name, packed in (("plain.csv", content), ("tweets.csv.gz", gzip.compress(content))):
        (tmp_path / name).write_bytes(packed)
    expected = [("0", "so sad"), ("4", "so happy, café, today")]
    for path in (tmp_path / "plain.csv", tmp_path / "tweets.csv.gz", zipped(tweets=content)):
        assert read(path, **({} if encoding != "utf-8-sig" else {"encoding": "utf-8"})) == expected


def test_the_packed_set_in_the_layout_of_sentiment140():
    tweets = TweetFile(BROUGHT / "t.csv.gz")
    assert (tweets.layout.sentiment140, len(list(tweets))) == (True, 400)


def test_a_zip_of_several_files_is_refused(zipped):
    with pytest.raises(FileError, match=r"contains 2 files \(train\.csv, test\.csv\); it needs one"):
        TweetFile(zipped(train=TWEETS, test=TWEETS))


def test_a_packed_file_that_ends_early_is_refused(tmp_path):
    path = tmp_path / "tweets.csv.gz"
    path.write_bytes(gzip.compress((TWEETS * 500).encode("latin-1"))[:-20])
    with pytest.raises(FileError, match=r"it cannot be unpacked|ends early"):
        read(path)


def test_utf_16_is_named_and_read_where_it_is_asked_for(tmp_path):
    with pytest.raises(FileError, match="is UTF-16 text, not UTF-8; save it as UTF-8, or use --encoding utf-16"):
        TweetFile(BROUGHT / "s140_utf16.csv")
    path = tmp_path / "tweets.csv"
    path.write_bytes(TWEETS.encode("utf-16"))
    assert read(path, encoding="utf-16") == [("0", "so sad"), ("4", "so happy, café, today")]


# ── word vectors ──────────────────────────────────────────────────────────────────────────────────────────────────


def expected() -> np.ndarray:
    """The vectors of six words, out of the plain lines of a file."""
    lines = [line.split() for line in (BROUGHT / "g_spaces.txt").read_text(encoding="utf-8").splitlines()]
    known = {line[0]: list(map(float, line[1:])) for line in lines if len(line) == 6}
    return np.array([known[word] for word in WORDS]).T


@pytest.mark.parametrize(
    ("file", "troubles"),
    [("g.txt.gz", {}), ("g_bom.txt", {}), ("g_git.txt", {"width": 1}), ("g_spaces.txt", {}), ("g_tab.txt", {})],
)
def test_vectors_as_people_have_them(file, troubles):
    glove = read_glove(BROUGHT / file, Vocabulary((UNKNOWN, *WORDS)))
    np.testing.assert_array_equal(glove.table[:, 1:], expected())
    assert (glove.found, glove.troubles.count) == (6, troubles)


@pytest.mark.parametrize("first", [". . . 1 2 3", "at name@domain.com 1 2 3", "<<<<<<< HEAD", "2009 1 2 3", "======="])
@pytest.mark.parametrize("between", [" ", "\t"])
def test_whatever_the_first_line_is_the_width_is_that_of_the_others(tmp_path, first, between):
    path = tmp_path / "glove.txt"
    lines = [first, "love 0.5 1 2", "day 3 4 -5", "this 6 7 8"]
    path.write_text("".join(line.replace(" ", between) + "\n" for line in lines), encoding="utf-8")
    glove = read_glove(path, Vocabulary((UNKNOWN, "love", "day")))
    assert glove.table[:, 1:].T.tolist() == [[0.5, 1, 2], [3, 4, -5]]


def binary(count: int, width: int = 4, *, newline: bytes = b"\n") -> tuple[bytes, np.ndarray]:
    """A binary file of word2vec, and the vectors in it."""
    vectors = np.random.default_rng(count).normal(size=(count, width)).astype("float32")
    words = [*WORDS, "café", *(f"w{i}" for i in range(count))][:count]
    parts = [f"{word} ".encode() + struct.pack(f"<{width}f", *row) + newline
             for word, row in zip(words, vectors, strict=True)]  # fmt: skip
    return f"{count} {width}\n".encode() + b"".join(parts), vectors


@pytest.mark.parametrize("count", [7, 40])
@pytest.mark.parametrize("newline", [b"\n", b""])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_binary_vectors_of_word2vec(tmp_path, count, newline, pack):
    content, vectors = binary(count, newline=newline)
    (tmp_path / "vectors.bin").write_bytes(pack(content))
    glove = read_glove(tmp_path / "vectors.bin", Vocabulary((UNKNOWN, "café", *WORDS)))
    np.testing.assert_array_equal(glove.table[:, 1:].T, [vectors[6], *vectors[:6]])
    assert (glove.found, glove.troubles.count) == (7, {})


def test_vectors_that_end_early_are_told_with_counts(tmp_path):
    content, _ = binary(7)
    (tmp_path / "vectors.bin").write_bytes(content[:-30])
    (tmp_path / "vectors.txt").write_text("400000 3\nlove 1 2 3\nday 4 5 6\n", encoding="utf-8")
    for file, says in (("bin", "after 5 of the 7 words"), ("txt", "after 2 of the 400,000 words")):
        glove = read_glove(tmp_path / f"vectors.{file}", Vocabulary((UNKNOWN, *WORDS)))
        assert glove.troubles.count["end"] == 1
        assert any(says in trouble.says for trouble in glove.troubles.first)


def test_vectors_in_utf_16_are_named_for_what_they_are(tmp_path):
    (tmp_path / "glove.txt").write_bytes("love 1 2\n".encode("utf-16"))
    with pytest.raises(FileError, match="is UTF-16 text, not UTF-8; save it as UTF-8"):
        read_glove(tmp_path / "glove.txt", Vocabulary((UNKNOWN, "love")))
