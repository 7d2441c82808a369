"""``rnncalc check``: numbers typed at the prompt."""

import json

import pytest


@pytest.mark.parametrize(
    "arguments",
    [
        ["hello", "h_2", "0.94", "0.95", "0.76"],
        ["h_2:1", "0.9365"],
        ["hello", "h_2[3]", "0.762"],
        ["dy_4", "0.434", "0.199", "0.158", "-0.791"],
        ["-t", "pencil", "--activation", "relu", "wx_1", "0.29", "0.90", "0.54"],
        ["banana", "--hidden", "1", "x_1", "1", "0", "0"],
        ["hello", "h_2[1]=0.9365"],
        ["hello", "h_2", "0.9365, 0.9491, 0.7623"],
        ["hello", "h_2", "0,9365", "0,9491", "0,7623"],
        ["hello", "h_2 = [0.9365, 0.9491, 0.7623]"],
        ["hello", "h_2", "=", "0.9365", "0.9491", "0.7623"],
        ["h_2=(0,9365; 0,9491; 0,7623)"],
        ["hello", "h_2", "0.94", "0.95", "0.76", "loss", "6.81"],
        ["hello", "h_2 0.94 0.95 0.76", "dy_4 = 0.434 0.199 0.158 -0.791"],
        ["hello", "h_2 = 0.94, 0.95, 0.76\nh_3[1] = tanh(1.5393)"],
        ["hello", "h_2:1=0.94;h_2:2=0.95"],
        ["hello", "h_3:1", "tanh(1.5393)"],
        ["hello", "h_3:1", "tanh(0.85", "+", "0.6893)"],
        ["hello", "x_1", "1,0,0,0"],
        ["hello", "h_2:", "0.94", "0.95", "0.76"],
        ["hello", "h_2: 0.94 0.95 0.76"],
        ["hello", "dy_4:4", "–0.7912"],
        ["hello", "--layers", "2", "h_L2_0[2]=0"],
        ["ab", "--vocabulary", "cab", "--generate", "2", "--seed", "3", "x_2", "0", "0", "1"],
        [
            "a good film",
            "--tokens",
            "words",
            "--classes",
            "no,yes",
            "--targets",
            "yes",
            "--output-at",
            "last",
            "x_2:2=1",
        ],
    ],
)
def test_right_numbers_are_0(rnncalc, arguments):
    done = rnncalc("check", *arguments)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Everything is right")


def test_what_a_calculation_comes_to_is_shown(rnncalc):
    done = rnncalc("check", "hello", "h_2[1] = 1/3", "h_2[2]", "tanh(1,8)")
    assert "1/3 = 0.333333" in done.out
    assert "tanh(1,8) = 0.946806" in done.out


def test_a_wrong_number_is_1_and_its_mistake_is_named(rnncalc):
    done = rnncalc("check", "hello", "wh_2:1", "0.2960")
    assert done.code == 1
    assert "bh left out" in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("level", "told", "hidden"),
    [
        ("verdict", "Not yet right", "wh_2"),
        ("where", "wh_2[1]: 0.2960 is wrong", "left out"),
        ("hint", "left out", "0.863014"),
        ("answer", "0.863014", "nothing to hide"),
    ],
)
def test_a_level_tells_so_much_and_no_more(rnncalc, level, told, hidden):
    page = rnncalc("check", "hello", "wh_2:1", "0.2960", "--show", level).out
    assert told in " ".join(page.split())
    assert hidden not in page


def test_json_holds_every_cell(rnncalc):
    done = rnncalc("check", "hello", "h_2", "0.94", "2", "x", "--format", "json")
    data = json.loads(done.out)
    assert (done.code, data["verdict"], data["first"]) == (1, "incorrect", "h_2[2]")
    assert data["counts"] == {"correct": 1, "wrong": 1, "not-a-number": 1}
    assert [c["status"] for c in data["cells"]] == ["correct", "wrong", "not-a-number"]
    assert (
        data["cells"][1]["mistakes"] == [{"kind": "activation-left-out", "says": "tanh not applied", "certain": True}]
        or data["cells"][1]["mistakes"] == []
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hello", "h_2", "1", "2"], "h_2 has 3 numbers, but 2 were given."),
        (["hello", "h_9:1", "1"], "There is no h_9: h runs from h_0 to h_4."),
        (["hello", "h_2:4", "1"], "h_2 is 3×1 and has no element"),
        (["hello", "Wxh:2", "1"], "Wxh is 3×4. Give row and column, such as Wxh[1,2]"),
        (["hello", "h_2"], "There is nothing to check."),
        (["hello", "h_2", "="], "There is nothing to check."),
        (["hello", "h_2:1", "0.5", "h_3"], "There is nothing to check."),
        (["hello", "h_2:1", "0.5", "h_2:1", "0.6"], "h_2:1 is given twice."),
        (["hello", "h_2", "0,94"], "h_2 has 3 numbers, but 1 was given."),
        (["--hiden", "3", "h_2:1", "1"], "There is no option --hiden."),
        (["hello", "zz", "1"], "There is no quantity named 'zz'"),
    ],
)
def test_a_wrong_command_line_is_a_sentence_and_2(rnncalc, arguments, message):
    done = rnncalc("check", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["Whh", "Why[o,2]", "Why:1,2", "η", "x₂[e]", "h_0:1", "target_1:1"])
@pytest.mark.parametrize("more", [[], ["--tolerance", "0.001"], ["--format", "json"], ["--show", "answer"]])
def test_a_given_number_that_is_another_is_wrong_and_said_to_be_given(rnncalc, name, more):
    done = rnncalc("check", "hello", name, "0.4321", *more)
    assert (done.code, done.err) == (1, "")
    if not more:
        assert "0.4321 is wrong. It is given as " in " ".join(done.out.split())
