"""Names of files in any encoding: what is shown of them is text, and nothing of what is text is changed."""

from hypothesis import given
from hypothesis import strategies as st

from rnncalc.io.file_names import in_zip, japanese, readable, readings


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_text_stays_as_it_is(text):
    assert readable(text) == text


@given(st.binary())
def test_any_bytes_are_shown_as_text(content):
    readable(content.decode("utf-8", "surrogateescape")).encode("utf-8")


@given(st.text(st.characters(categories=["Cs", "L"])))
def test_halves_of_letters_are_shown_as_text(text):
    readable(text).encode("utf-8")


@given(st.text(st.sampled_from("äöüßéèñŠžœ’–“”aB 1"), min_size=1))
def test_western_bytes_are_shown_as_windows_shows_them_beside_what_is_utf_8(name):
    among = "é".encode() + b"|"
    for sign in name:
        shown = readable((among + sign.encode("cp1252") + b"|").decode("utf-8", "surrogateescape"))
        assert shown == f"é|{sign}|"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_a_zip_that_does_not_say_utf_8_is_read_as_utf_8(name):
    assert in_zip(name.encode("utf-8").decode("cp437"), is_utf8=False) == name


@given(st.text())
def test_the_first_reading_is_the_name_itself(name):
    assert next(readings(name)) == name


def test_western_words_are_no_japanese():
    for word in ("Müller", "Šimek", "O’Hara", "Ñuñez", "", "plain"):
        assert japanese(word.encode("cp1252")) is None
