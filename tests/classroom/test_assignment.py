"""An assignment's file: what is read from it, each key that is wrong, and what stays secret."""

import hashlib
import hmac
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from classroom.a_class import SECRET, TOML, assignment
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem
from rnncalc.classroom.assignment import Late
from rnncalc.classroom.assignment_reader import read_assignment
from rnncalc.classroom.assignment_writer import new_assignment
from rnncalc.errors import FileError

GOOD = """\
title = "hw"
secret = "0123456789abcdef0123"
[problem]
text = "hello"
weight_decimals = 2
[worksheet]
ask = ["forward"]
[points]
forward = 10
[credit]
carried = 1
[penalties]
transposed = 1
[late]
cap = 1
"""

WRONG = [
    ('title = "hw"', "title = 5", "title is 5"),
    ('title = "hw"', 'titel = "x"', "no key 'titel' (did you mean 'title'?)"),
    ('secret = "0123456789abcdef0123"', "", "secret is too short"),
    ('"0123456789abcdef0123"', '"short"', "secret is too short"),
    ('"0123456789abcdef0123"', "5", "secret is 5"),
    ("[problem]", "[problm]", "no key 'problm' (did you mean 'problem'?)"),
    ("[problem]", "[[problem]]", "needs its own table, [problem]"),
    ('text = "hello"', 'txt = "hello"', "[problem] has no key 'txt' (did you mean 'text'?)"),
    ('text = "hello"', 'text = ""', "The text is empty"),
    ('text = "hello"', 'text = "h"', "has only one letter"),
    ('text = "hello"', "text = 5", "text in [problem] is 5"),
    ('text = "hello"', 'template = "nope"', "no template 'nope'"),
    ('text = "hello"', 'template = "nope.toml"', "nope.toml"),
    ("weight_decimals = 2", 'weight_decimals = "2"', "weight_decimals in [problem] is '2'"),
    ("weight_decimals = 2", "weight_decimals = 99", "weight_decimals is 99"),
    ("weight_decimals = 2", "weight_decimals = true", "weight_decimals in [problem] is True"),
    ("weight_decimals = 2", "hidden = 0", "hidden is 0"),
    ("weight_decimals = 2", "hidden = 2.5", "hidden in [problem] is 2.5"),
    ("weight_decimals = 2", "seed = 5", "[problem] has no key 'seed'"),
    ("weight_decimals = 2", 'truncate = "x"', "truncate is x"),
    ("weight_decimals = 2", "truncate = 0", "truncate is 0"),
    ("weight_decimals = 2", "clip = -1", "clip is -1"),
    ("weight_decimals = 2", "clip_norm = []", "clip_norm is []"),
    ("weight_decimals = 2", "clip = 1\nclip_norm = 1", "Use only one of them"),
    ("weight_decimals = 2", "eta = nan", "eta is nan"),
    ("weight_decimals = 2", 'eta = "x"', "eta in [problem] is 'x'"),
    ("weight_decimals = 2", 'h0 = "sideways"', "h_0 is 'sideways'"),
    ("weight_decimals = 2", "h0 = [1]", "h_0 has 1"),
    ("weight_decimals = 2", 'h0 = [0, "x", 0]', "h"),
    ("weight_decimals = 2", "h0 = [0, [1], 0]", "h"),
    ("weight_decimals = 2", 'activation = "tanhh"', "did you mean 'tanh'?"),
    ("weight_decimals = 2", 'targets = "nxt"', "did you mean 'next'?"),
    ("weight_decimals = 2", 'loss_reduction = "x"', "it needs one of sum, mean"),
    ("weight_decimals = 2", 'recurrent = "x"', "one of scalar, matrix"),
    ("weight_decimals = 2", 'output_bias = "yes"', "output_bias in [problem] is 'yes'"),
    ("weight_decimals = 2", 'vocabulary = "he"', "the vocabulary has only h, e"),
    ('["forward"]', '"forward"', "needs a list of texts"),
    ('["forward"]', "[5]", "needs a list of texts"),
    ('["forward"]', '["forwrd"]', "did you mean 'forward'?"),
    ('["forward"]', '["Wxh"]', "Wxh is given"),
    ('["forward"]', '["nonsense"]', "no quantity named 'nonsense'"),
    ('["forward"]', '["forward"]\ndecimals = 13', "decimals in [worksheet] is 13"),
    ('["forward"]', '["forward"]\ndecimals = true', "decimals in [worksheet] is True"),
    ('["forward"]', '["forward"]\nshow = "all"', "needs one of verdict, where, hint, answer"),
    ('["forward"]', '["forward"]\nshow = []', "show in [worksheet] is []"),
    ('["forward"]', '["forward"]\nsame = 1', "needs true or false"),
    ('["forward"]', '["forward"]\nsme = true', "did you mean 'same'?"),
    ("forward = 10", "", "[points] is empty"),
    ("forward = 10", "forward = 0", "[points]"),
    ("forward = 10", 'forward = "10"', "forward in [points] is '10'"),
    ("forward = 10", "forward = -1", "forward in [points] is -1"),
    ("forward = 10", "forward = nan", "forward in [points] is nan"),
    ("forward = 10", "forward = inf", "forward in [points] is inf"),
    ("forward = 10", "forward = true", "forward in [points] is True"),
    ("forward = 10", "forward = {a = 1}", "forward in [points] is {'a': 1}"),
    ("forward = 10", "loss = 10", "points has 'loss'"),
    ("forward = 10", "forwrd = 10", "points has 'forwrd'"),
    ("forward = 10", "forward = 10\nh_9 = 1", "points has 'h_9'"),
    ("forward = 10", "forward = 10\nWxh = 1", "points has 'Wxh'"),
    ("forward = 10", 'forward = 10\n"dW*" = 1', "points has 'dW*'"),
    ("forward = 10", 'h_2 = 1\n"h_2*" = 1', "points has 'h_2*', but the worksheet does not ask for it"),
    ("carried = 1", "carried = 2", "a share, from 0 to 1"),
    ("carried = 1", 'carried = "1"', "carried in [credit] is '1'"),
    ("carried = 1", "caried = 1", "did you mean 'carried'?"),
    ("carried = 1", "round = 0", "round in [credit] is 0; it needs a step of points, such as 0.5, and at least 0.0001"),
    ("carried = 1", "round = -0.5", "round in [credit] is -0.5"),
    ("carried = 1", "round = 0.00001", "round in [credit] is 1e-05"),
    ("carried = 1", "round = nan", "round in [credit] is nan"),
    ("carried = 1", "round = true", "round in [credit] is True"),
    ("carried = 1", 'round = "half"', "round in [credit] is 'half'"),
    ("transposed = 1", "transposd = 1", "did you mean 'transposed'?"),
    ("transposed = 1", "transposed = 1.5", "a share, from 0 to 1"),
    ("cap = 1", 'due = "tomorrow"', "due in [late] is 'tomorrow'"),
    ("cap = 1", "due = 2026-12-01", "2026-12-01T23:59:00Z"),
    ("cap = 1", "due = 2026-12-01T23:59:00", "needs its time zone"),
    ("cap = 1", "perday = 1", "did you mean 'per_day'?"),
    ("cap = 1", "per_day = 2", "a share, from 0 to 1"),
    ("cap = 1", "cap = -1", "cap in [late] is -1"),
    ("[late]", "[late", "is not valid TOML"),
    ("cap = 1", "cap = 1\ncap = 2", "is not valid TOML"),
]


def test_the_file_that_the_wrong_ones_are_made_of_is_right():
    assert assignment(GOOD).points == {"forward": 10.0}


@pytest.mark.parametrize(("old", "new", "says"), WRONG, ids=[new or old for old, new, _ in WRONG])
def test_a_wrong_key_is_one_sentence_with_the_name_of_the_file(tmp_path, old, new, says):
    path = tmp_path / "hw.toml"
    assert GOOD.count(old) == 1
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(FileError) as raised:
        read_assignment(path)
    sentence = str(raised.value)
    assert sentence.startswith(str(path))
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "0123456789abcdef" not in sentence


def test_what_is_no_file_of_text_is_a_sentence(tmp_path):
    (tmp_path / "hw.toml").write_bytes(b"\xff\xfe\0")
    for name, says in (
        ("hw.toml", "UTF-16 text, not UTF-8; save it as UTF-8"),
        ("none.toml", "There is no file"),
        (".", "is a folder"),
    ):
        with pytest.raises(FileError, match=says):
            read_assignment(tmp_path / name)


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    (tmp_path / "hw.toml").write_text(GOOD, encoding="utf-8-sig")
    assert read_assignment(tmp_path / "hw.toml").title == "hw"


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_that_is_written_is_read(tmp_path):
    text = """\
title = "Woche 3: „hallo“"
secret = "0123456789abcdef0123"
[problem]
text = "banana"
hidden = 2
weight_decimals = 3
vocabulary = "abn"
recurrent = "scalar"
output_bias = true
activation = "sigmoid"
targets = "last"
loss_reduction = "mean"
eta = 0.5
h0 = [0.5, -0.25]
truncate = 2
clip = 0.5
[worksheet]
ask = ["forward", "dW*"]
decimals = 5
show = "where"
same = true
[points]
forward = 7.5
"dW*" = 2
h_2 = 1
[credit]
rounded = 0.9
[penalties]
transposed = 0.25
[late]
due = 2026-12-01T23:59:00+01:00
per_day = 0.1
cap = 0.5
"""
    found = assignment(text)
    problem = found.problem_of("s1")
    assert (found.title, found.decimals, found.show, found.same) == ("Woche 3: „hallo“", 5, "where", True)
    assert (problem.text, problem.hidden, problem.vocabulary) == ("banana", 2, ("a", "b", "n"))
    assert (problem.activation, problem.target_mode, problem.loss_reduction, problem.eta) == (
        "sigmoid",
        "last",
        "mean",
        0.5,
    )
    assert problem.weights["Whh"].shape == (1, 1)
    assert problem.weights["by"].shape == (3, 1)
    assert problem.h_0.ravel().tolist() == [0.5, -0.25]
    assert found.settings == {"truncate": 2, "clip": 0.5}
    assert (found.points, found.credit) == ({"forward": 7.5, "dW*": 2.0, "h_2": 1.0}, {"rounded": 0.9, "carried": 1.0})
    assert found.penalties == {"transposed": 0.25}
    assert found.late == Late(datetime(2026, 12, 1, 23, 59, tzinfo=timezone(timedelta(hours=1))), 0.1, 0.5)


@pytest.mark.parametrize(("line", "step"), [("", 0.0), ("round = 0.5", 0.5), ("round = 1", 1.0)])
def test_points_are_rounded_to_the_step_that_is_written_and_without_one_to_none(line, step):
    found = assignment(GOOD.replace("carried = 1", f"carried = 1\n{line}"))
    assert (found.step, found.credit) == (step, {"rounded": 1.0, "carried": 1.0})


def test_a_quantity_belongs_to_the_most_exact_of_its_questions():
    hw1 = assignment(TOML)
    found = hw1.questions(hw1.blanks_of(hw1.problem_of("s1")))
    steps = range(1, 5)
    assert found["h_2"] == ["h_2"]
    assert found["wx_*"] == [f"wx_{t}" for t in steps]
    assert sorted(found["loss"]) == ["loss", *(f"loss_{t}" for t in steps)]
    rest = {f"{family}_{t}" for family in ("wh", "a", "h", "y", "exp", "p") for t in steps} - {"h_2"}
    assert set(found["forward"]) == rest
    assert sum(map(len, found.values())) == len(hw1.blanks_of(hw1.problem_of("s1")).names)


def test_a_template_is_looked_for_beside_the_assignment(rnncalc, tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    own = rnncalc("templates", "show", "pencil").out
    (tmp_path / "there" / "own.toml").write_text(own, encoding="utf-8")
    path = tmp_path / "there" / "hw.toml"
    path.write_text(GOOD.replace('text = "hello"', 'template = "own.toml"'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_assignment(path).problem_of("s1").text == "hello"


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)


@given(title=texts, secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=16, max_size=20), word=texts)
def test_the_file_that_is_written_is_read_back(title, secret, word):
    problem = {
        "text": word + "ab",
        "hidden": 2,
        "weight_decimals": 2,
        "h0": (0.5, -1.0),
        "output_bias": True,
        "clip": 0.5,
    }
    points = {"forward": 2.5, "h_*": 1.0, "h_1": 3.0}
    found = assignment(
        new_assignment(title, secret, problem, ask_for=["forward"], decimals=3, points=points, show="where", same=True)
    )
    assert (found.title, found.secret, found.choice.text) == (title, secret, word + "ab")
    assert (found.choice.hidden, found.choice.weight_decimals, found.choice.output_bias) == (2, 2, True)
    assert (found.choice.h0, found.settings, found.points) == ((0.5, -1.0), {"clip": 0.5}, points)
    assert (found.ask_for, found.decimals, found.show, found.same) == (("forward",), 3, "where", True)
    assert (found.penalties, found.late, found.step) == ({}, Late(), 0.01)


# ── a student's own numbers ───────────────────────────────────────────────────────────────────────────────────────


def weights(problem):
    return np.concatenate([numbers.ravel() for numbers in problem.weights.values()])


def test_the_weights_are_those_of_the_hmac_of_secret_and_id():
    """Computed apart: SHA-256 of (seed, name of the array, position), the seed an HMAC-SHA256."""
    seed = hmac.new(SECRET.encode(), b"s1\n0", hashlib.sha256).hexdigest()
    hw1 = assignment(TOML)
    drawn = Problem.draw("hello", seed=seed, hidden=3, vocabulary="helo", weight_decimals=2)
    assert (weights(hw1.problem_of("s1")) == weights(drawn)).all()


@pytest.mark.parametrize("other", ["s2", "S1", "s1 ", "s1\n0", "s10", ""])
def test_another_id_has_other_numbers(other):
    hw1 = assignment(TOML)
    assert (weights(hw1.problem_of("s1")) != weights(hw1.problem_of(other))).mean() > 0.5


def test_another_secret_or_draw_has_other_numbers():
    hw1 = assignment(TOML)
    own = weights(hw1.problem_of("s1"))
    for other in (hw1._replace(secret=f"{SECRET}."), hw1._replace(secret=SECRET.upper())):
        assert (weights(other.problem_of("s1")) != own).mean() > 0.5
    assert (weights(hw1.problem_of("s1", draw=1)) != own).mean() > 0.5


def test_an_id_and_a_draw_are_not_run_together():
    """Student "s1" in draw 10 and student "s1\\n1" in draw 0 are two."""
    hw1 = assignment(TOML)
    assert (weights(hw1.problem_of("s1", 10)) != weights(hw1.problem_of("s1\n1", 0))).any()


def test_the_same_for_all_is_the_same_for_all():
    hw1 = assignment(TOML)._replace(same=True)
    assert (weights(hw1.problem_of("s1")) == weights(hw1.problem_of("s2"))).all()


def test_a_pseudonym_tells_nothing_without_the_secret():
    hw1 = assignment(TOML)
    names = {hw1.pseudonym(f"s{i}") for i in range(200)}
    assert len(names) == 200
    assert hw1._replace(secret=f"{SECRET}.").pseudonym("s1") not in names
    assert hashlib.sha256(b"s1").hexdigest()[:12] not in names


def test_what_marks_depend_on_changes_the_digest():
    hw1 = assignment(TOML)
    others = [
        ("carried = 0.5", "carried = 0.25"),
        ("h_2 = 3", "h_2 = 4"),
        ("bias-left-out = 0.5", "bias-left-out = 0.75"),
        ("decimals = 4", "decimals = 3"),
        ("weight_decimals = 2", "weight_decimals = 2\nclip = 1"),
        (SECRET, f"{SECRET}."),
    ]
    digests = {assignment(TOML.replace(old, new)).digest() for old, new in others}
    assert len(digests | {hw1.digest()}) == len(others) + 1
    assert assignment(TOML).digest() == hw1.digest()
