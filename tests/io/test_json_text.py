"""Data as JSON: read back as they were, and nothing in them that a terminal obeys."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.io.json_text import json_text

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8), values, max_size=4), st.sampled_from([None, 1]))
def test_data_are_read_back_and_no_line_has_anything_hidden(data, indent):
    text = json_text(data, indent=indent)
    assert json.loads(text) == data
    assert all(line.isprintable() for line in text.split("\n"))
    text.encode("utf-8")


def test_letters_stay_as_they_are_and_what_turns_the_direction_is_written_as_its_number():
    assert json_text({"é😀": "a\u202eb\x9b\U000e0001"}) == '{"é😀": "a\\u202eb\\u009b\\udb40\\udc01"}'


def test_what_is_no_number_to_json_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": math.nan})
