"""Word vectors: which words get theirs, what the others get, and lines that are no vectors."""

from pathlib import Path

import numpy as np
import pytest

from rnncalc.errors import FileError
from rnncalc.tweets.glove import read_glove
from rnncalc.tweets.vocabulary import UNKNOWN, Vocabulary

vocabulary = Vocabulary((UNKNOWN, "good", "day", "café", "quux"))
LINES = "the 1 2 3\nday 0.5 -1e-3 2\n. . . 7 8 9\ngood 4 5 6\ncafé 1 1 1\n"


@pytest.fixture
def file(tmp_path):
    """Write a file and give its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "glove.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def test_a_column_for_each_word_of_the_vocabulary(file):
    glove = read_glove(file(LINES), vocabulary)
    assert glove.table.shape == (3, 5)
    assert glove.table[:, 1:4].tolist() == [[4, 0.5, 1], [5, -0.001, 1], [6, 2, 1]]
    assert glove.found == 3
    assert glove.troubles.count == {}


def test_the_other_words_are_drawn_small_from_the_seed(file):
    path = file(LINES)
    drawn = read_glove(path, vocabulary, seed=3).table[:, [0, 4]]
    assert (np.abs(drawn) <= 0.05).all()
    assert len(np.unique(drawn)) == drawn.size
    assert (read_glove(path, vocabulary, seed=3).table[:, [0, 4]] == drawn).all()
    assert (read_glove(path, vocabulary, seed=4).table[:, [0, 4]] != drawn).all()


def test_an_accent_may_be_a_letter_of_its_own(file):
    assert read_glove(file("cafe\u0301 1 2\n"), vocabulary).found == 1


def test_of_a_word_twice_the_first_counts(file):
    assert read_glove(file("day 1 2\nday 3 4\n"), vocabulary).table[:, 2].tolist() == [1, 2]


TROUBLES = [
    ("width", "good 1 2\n", "has 2 numbers after its word; it needs 3"),
    ("width", "other 1 2 3 4\n", "has 4 numbers after its word; it needs 3"),
    ("width", "good\n", "has 0 numbers after its word; it needs 3"),
    ("width", "\n", "has 0 numbers after its word; it needs 3"),
    ("number", "good 1 two 3\n", "has 'two', which is not a finite number"),
    ("number", "good 1 nan 3\n", "has 'nan', which is not a finite number"),
    ("number", "good 1 2 1e999\n", "has '1e999', which is not a finite number"),
]


@pytest.mark.parametrize(("kind", "line", "says"), TROUBLES)
def test_a_line_in_trouble_is_counted_or_refused(file, kind, line, says):
    path = file("day 1 2 3\n" + line + "café 4 5 6\n")
    glove = read_glove(path, vocabulary)
    assert glove.found == 2
    assert glove.troubles.count == {kind: 1}
    assert glove.troubles.first[0][:3] == (2, kind, says)
    with pytest.raises(FileError) as error:
        read_glove(path, vocabulary, strict=True)
    assert str(error.value) == f"{path}, line 2 {says}."


def test_the_header_of_word2vec_gives_the_width(file):
    path = file("2 3\nday 1 2\ngood 1 2 3\n")
    glove = read_glove(path, vocabulary)
    assert glove.table.shape == (3, 5)
    assert glove.troubles.count == {"header": 1, "width": 1}
    with pytest.raises(FileError, match="line 1 is a word2vec header"):
        read_glove(path, vocabulary, strict=True)


@pytest.mark.parametrize("content", [b"", b"the 1 2\n", b"day\ngood\n", b"\xff\xfd\x01"])
def test_a_file_without_any_of_the_words_is_refused(file, content):
    with pytest.raises(FileError, match="has no vector for any word"):
        read_glove(file(content), vocabulary)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="There is no file"):
        read_glove(tmp_path / "glove.txt", vocabulary)
