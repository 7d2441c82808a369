"""``rnncalc explain``: which number, of which text."""

import json

import pytest

from rnncalc.render.formats import FORMATS


def test_an_element_alone_is_hellos(rnncalc):
    page = rnncalc("explain", "hello", "h_2[1]")
    assert (page.code, page.err) == (0, "")
    for typed in (["h_2[1]"], ["h_2:1"], ["hello", "h_2:1"], ["-t", "hello", "h_2:1"]):
        assert rnncalc("explain", *typed) == page


def test_the_pages(rnncalc, expect_page):
    """The files are rewritten by RNNCALC_REGENERATE=1 python -m pytest tests/cli."""
    expect_page("explain_h_2_1.txt", rnncalc("explain", "hello", "h_2[1]").out)
    expect_page("explain_Whh.txt", rnncalc("explain", "Whh").out)
    expect_page("explain_p_2_ascii.txt", rnncalc("explain", "p_2", "--decimals", "3", encoding="ascii").out)


def test_another_text_and_its_options(rnncalc):
    page = rnncalc("explain", "banana", "--seed", "7", "Wxh:1,1")
    assert page.code == 0
    assert "It was drawn from seed 7" in page.out
    assert rnncalc("explain", "-t", "pencil", "Whh").out.splitlines()[-1] == "  Whh = 0.43"


def test_a_text_that_looks_like_an_element_can_be_explained(rnncalc):
    page = rnncalc("explain", "p_2", "x_2")
    assert page.code == 0
    assert "The input letter, one-hot encoded: _." in page.out


def test_every_quantity_of_hello_can_be_explained(rnncalc):
    names = [line.split(",")[0] for line in rnncalc("forward", "--format", "csv").out.splitlines()[1:]]
    for name in dict.fromkeys(names):
        page = rnncalc("explain", name)
        assert (page.code, page.err) == (0, "")
        assert page.out.startswith(f"{name}   ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hello"], "Which number of 'hello'? Add its name after the text: rnncalc explain hello h_2:1."),
        (["a b"], "Which number of 'a b'? Add its name after the text: rnncalc explain 'a b' h_2:1."),
        (["h_9"], "There is no h_9: h runs from h_0 to h_4."),
        (["h_2[9]"], "h_2 is 3×1 and has no element 9; rows count from 1 to 3."),
        (["Wxh:3"], "Wxh is 3×4. Give row and column, such as Wxh[1,2]."),
        (
            ["hello", "hello there"],
            "'hello there' is not a quantity or element. Use a name such as h_2, h_2[1], h_2:1 or Wxh:3,2.",
        ),
        (
            ["a", "b", "c"],
            ("Too many arguments. Use rnncalc explain [TEXT] ELEMENT, such as rnncalc explain hello h_2:1."),
        ),
        (["hello", "Wxx"], "There is no quantity named 'Wxx' (did you mean 'Wxh'?)."),
        (["a", "h_1"], "The text 'a' has only one letter"),
        (["-t", "helo", "h_1"], "There is no template 'helo' (did you mean 'hello'?)."),
    ],
)
def test_what_cannot_be_explained_is_a_sentence_and_2(rnncalc, arguments, message):
    done = rnncalc("explain", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")


@pytest.mark.parametrize("name", [row.name for row in FORMATS.values()])
@pytest.mark.parametrize("element", ["h_2[1]", "dWhh", "Wxh[1,2]", "x_2", "loss"])
def test_every_format_explains(rnncalc, element, name, tmp_path):
    row = FORMATS[name]
    done = rnncalc("explain", "hello", element, "--format", name)
    assert (done.code, done.err) == (0, "")
    number = {"h_2[1]": "0.93653", "dWhh": "0.23570", "Wxh[1,2]": "0.84606", "x_2": "1", "loss": "6.81127"}[element]
    assert number in done.out
    for ending in row.endings:
        assert rnncalc("explain", "hello", element, "-o", str(tmp_path / f"x{ending}")).code == 0
        assert (tmp_path / f"x{ending}").read_bytes() == done.out.encode()


def test_the_data_of_an_explanation(rnncalc):
    data = json.loads(rnncalc("explain", "hello", "h_2", "--format", "json").out)
    assert [q["name"] for q in data["quantities"]] == ["a_2", "h_2"]
    assert [e["name"] for e in data["explained"]] == ["h_2[1]", "h_2[2]", "h_2[3]"]
    assert data["explained"][0] == {
        "name": "h_2[1]", "row": 1, "column": 1, "value": data["quantities"][1]["value"][0][0],
        "equation": "h₂[1] = tanh(a₂[1])", "numbers": "tanh(1.709074)",
    }  # fmt: skip
    given = json.loads(rnncalc("explain", "hello", "Whh", "--format", "json").out)
    assert given["explained"] == [{"name": "Whh", "row": 1, "column": 1, "value": 0.427043}]


def test_a_file_is_not_overwritten(rnncalc, tmp_path):
    path = tmp_path / "x.md"
    path.write_text("mine", encoding="utf-8")
    assert rnncalc("explain", "hello", "h_2", "-o", str(path)).code == 3
    assert path.read_text(encoding="utf-8") == "mine"
    assert rnncalc("explain", "hello", "h_2", "-o", str(path), "--force").code == 0
