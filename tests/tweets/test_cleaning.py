"""Cleaning: each choice by what it does to a tweet, and any text whatever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.errors import RnncalcError
from rnncalc.tweets.cleaning import NEGATIONS, STOP_WORDS, Cleaning, clean


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What a DAY", "what a day"),
        ("so good, so-so; (really)!", "so good so so really"),
        ("I don't, you can’t, we didn\x92t", "i don't you can't we didn't"),
        ("'quoted' words' ends", "quoted words ends"),
        ("@anna_b and @bob: hi", "and hi"),
        ("mail bob@example.com", "mail bob example com"),
        ("see http://example.com/a?b=1&c=2 now", "see now"),
        ("see HTTPS://EXAMPLE.COM and www.example.com/x", "see and"),
        ("#happy #two_words", "happy two words"),
        ("cooool sooooo good, aaargh", "cool soo good aargh"),
        ("room 101 at 7", "room 101 at 7"),
        ("&quot;it&#39;s&quot; &lt;3 &amp; more", "it's 3 more"),
        ("cafe\u0301 = café", "café café"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("привет, МИР", "привет мир"),
        ("great😀😀 day❤️", "great 😀 😀 day ❤"),
        ("¡Qué día! «oui»", "qué día oui"),
        ("a_b__c", "a b c"),
        ("", ""),
        ("!!! @anna http://example.com", ""),
    ],
)
def test_by_default(text, words):
    assert clean(text) == words.split()


@pytest.mark.parametrize(
    ("choice", "text", "words"),
    [
        ({"lower_case": False}, "What a DAY", "What a DAY"),
        ({"drop_links": False}, "see http://example.com/a,b now", "see http://example.com/a,b now"),
        ({"drop_mentions": False}, "@anna_b: hi", "@anna_b hi"),
        ({"hashtags": "drop"}, "so #happy today", "so today"),
        ({"drop_punctuation": False}, "what?! no...", "what ?! no ..."),
        ({"drop_numbers": True}, "room 101 at 7pm", "room at 7pm"),
        ({"shorten_repeats": False}, "cooool", "cooool"),
        ({"drop_stop_words": True}, "this is not the best of days", "not best days"),
        ({"drop_stop_words": True, "lower_case": False}, "This was THE best", "best"),
    ],
)
def test_by_choice(choice, text, words):
    assert clean(text, Cleaning(**choice)) == words.split()


def test_words_that_negate_are_never_stop_words():
    assert NEGATIONS.isdisjoint(STOP_WORDS)
    kept = clean(" ".join(sorted(NEGATIONS)), Cleaning(drop_stop_words=True))
    assert set(kept) == NEGATIONS


choices = st.builds(
    Cleaning, *(st.sampled_from(["word", "drop"]) if name == "hashtags" else st.booleans() for name in Cleaning._fields)
)
tweet_like = st.lists(
    st.one_of(
        st.text(max_size=8), st.sampled_from(["@", "#", "&", "&lt;", "'", "’", "http://", "www.", "ooo", "İ", "Σ"])
    )
).map("".join)
any_text = st.one_of(st.text(st.characters(codec=None)), tweet_like)


@given(any_text, choices)
def test_any_text_is_cleaned_into_words(text, cleaning):
    words = clean(text, cleaning)
    assert all(words)
    assert not any(c.isspace() for word in words for c in word)


@given(tweet_like, choices)
def test_cleaning_what_is_clean_changes_nothing(text, cleaning):
    cleaning = cleaning._replace(drop_links=True, drop_mentions=True, drop_punctuation=True)
    words = clean(text, cleaning)
    assert clean(" ".join(words), cleaning) == words


@given(any_text)
def test_no_word_is_taken_for_the_unknown_one(text):
    assert "<unknown>" not in clean(f"{text} <unknown>", Cleaning(drop_punctuation=False))


@given(choices)
def test_the_choices_go_to_settings_and_back(cleaning):
    assert Cleaning.from_settings(cleaning.settings()) == cleaning


def test_a_setting_that_is_missing_is_as_by_default():
    assert Cleaning.from_settings({"lower_case": False}) == Cleaning(lower_case=False)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"lowercase": True}, r"no cleaning option 'lowercase' \(did you mean 'lower_case'\?\)"),
        ({"lower_case": 1}, "lower_case is 1; it needs to be true or false"),
        ({"hashtags": "keep"}, "hashtags is 'keep'; it needs to be 'word' or 'drop'"),
        ({"hashtags": []}, "hashtags is \\[\\]"),
    ],
)
def test_settings_that_are_none_are_refused(settings, says):
    with pytest.raises(RnncalcError, match=says):
        Cleaning.from_settings(settings)
