"""Labels as people and programs write them: one class in any capitals, none where one is missing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.errors import FileError
from rnncalc.tweets.corpus import read_corpus
from rnncalc.tweets.tweets import TweetFile

BROUGHT = Path(__file__).parents[1] / "data" / "brought"


@pytest.fixture
def labelled(tmp_path):
    """The corpus of a file with a tweet for each label."""

    def of(labels: list[str], **options):
        path = tmp_path / "tweets.csv"
        path.write_text("text,label\n" + "".join(f"good day,{label}\n" for label in labels), encoding="utf-8")
        tweets = TweetFile(path, **options)
        return read_corpus(tweets), tweets.troubles

    return of


def test_labels_in_other_capitals_are_one_class_and_that_is_said():
    corpus = read_corpus(TweetFile(BROUGHT / "caselab.csv"))
    assert corpus.classes == ("Negative", "positive")
    said = (
        "Labels that differ only in capitals or spaces count as one class, positive: "
        "positive 68, POSITIVE 65, Positive 63."
    )
    assert corpus.notes == (said,)


@given(data=st.data())
def test_any_capitals_and_blanks_give_the_classes_of_the_plain_labels(tmp_path_factory, data):
    plain = data.draw(st.lists(st.sampled_from(["very good", "bad", "so so"]), min_size=4, max_size=30))
    plain += ["very good", "bad"]
    write = st.sampled_from([str.upper, str.title, str.lower, lambda label: f"  {label.replace(' ', '  ')} "])
    labels = [data.draw(write)(label) for label in plain]
    path = tmp_path_factory.getbasetemp() / "capitals.csv"
    path.write_text("text,label\n" + "".join(f"good day,{label}\n" for label in labels), encoding="utf-8")
    corpus = read_corpus(TweetFile(path))
    order = list(dict.fromkeys(plain))
    assert [name.casefold().split() for name in corpus.classes] == [name.split() for name in order]
    assert corpus.labels.tolist() == [order.index(label) for label in plain]
    spelled = {name: {label.strip() for label, one in zip(labels, plain, strict=True) if one == name} for name in order}
    assert len(corpus.notes) == sum(len(written) > 1 for written in spelled.values())


@pytest.mark.parametrize("label", ["nan", "NaN", "NAN", "null", "NULL", "<NA>", "#N/A", "NaT", ""])
def test_what_programs_write_for_a_missing_label_is_no_class(labelled, label):
    corpus, troubles = labelled(["good", "bad", label, "good"])
    assert corpus.classes == ("good", "bad")
    assert troubles.count == {"label": 1}
    assert troubles.first[0][:3] == (4, "label", "has no label")
    with pytest.raises(FileError, match="line 4 has no label"):
        labelled(["good", "bad", label, "good"], strict=True)


def test_a_class_may_be_called_so_where_it_was_trained(labelled):
    corpus, troubles = labelled(["null", "bad"], classes=["null", "bad"])
    assert (corpus.labels.tolist(), troubles.count) == ([0, 1], {})


def test_the_classes_of_a_model_are_found_in_any_capitals(labelled):
    corpus, troubles = labelled(["GOOD", "Bad", "ugly"], classes=["good", "bad"])
    assert (corpus.labels.tolist(), troubles.count) == ([0, 1], {"label": 1})


def test_missing_labels_are_counted_before_the_training():
    tweets = TweetFile(BROUGHT / "nan.csv")
    corpus = read_corpus(tweets)
    assert (corpus.classes, tweets.troubles.count) == (("negative", "positive"), {"label": 120})
