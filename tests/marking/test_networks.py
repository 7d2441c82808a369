"""Networks of every form as homework: worksheets filled in and marked, assignments written, handed out and graded."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from classroom.a_class import assignment
from marking.students import NETWORKS, network
from marking.students import fill_in as worked_by
from workbook.filled import fill_in, true_numbers, verified

from rnncalc import Problem
from rnncalc.classroom.assignment_reader import read_assignment
from rnncalc.classroom.grading import Task, grade_file
from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import Order, make_worksheet
from rnncalc.errors import FileError
from rnncalc.marking.mistakes import mistakes_of
from rnncalc.network.update_step import whole_trace
from rnncalc.problems.choice import Choice
from rnncalc.problems.choose import choose
from rnncalc.workbook.write.worksheet import worksheet

MODELS = Path(__file__).parents[1] / "data" / "weights"

# ── worksheets ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("decimals", "manner"), [(2, "rounds"), (4, "mixes"), (6, "remembers")])
@pytest.mark.parametrize("kind", NETWORKS)
def test_a_worksheet_that_was_filled_in_rightly_is_right(kind, decimals, manner):
    chance = random.Random(f"{kind} {decimals}")
    trace = network(kind, chance)
    file, blanks = worksheet(trace.problem, decimals=decimals)
    done = worked_by(trace, decimals, manner, chance)
    assert set(done.written) == blanks.names
    assert verified(fill_in(file, done.written)).verdict == "correct"


@pytest.mark.parametrize(
    "model", ["lstm_stacked.safetensors", "embedding_gru.keras", "rnn_every_step.keras", "rnn.npz"]
)
def test_a_worksheet_of_a_frameworks_weights_is_marked(model):
    if model.endswith(".keras"):
        pytest.importorskip("h5py")
    problem, _ = choose(Choice(weights=str(MODELS / model)))
    trace = whole_trace(problem)
    file, _ = worksheet(problem, decimals=4)
    right = true_numbers(trace)
    assert verified(fill_in(file, right, 4)).verdict == "correct"
    last = list(right)[-1]
    report = verified(fill_in(file, {**right, last: right[last] + 0.5}, 4))
    assert {m.quantity for m in report.marks if m.status == "wrong"} == {last}


@pytest.mark.parametrize(
    ("kind", "quantity", "named"),
    [
        ("numeric inputs", "loss", "half-left-out"),
        ("embedding, answer at the end", "e", "wrong-token"),
        ("two layers", "y", "wrong-layer"),
        ("head", "v_D1", "activation-left-out"),
        ("yes or no", "dy", "slope-added"),
        ("squared probabilities", "dy", "softmax-diagonal"),
        ("generated", "x", "choice-left-out"),
    ],
)
def test_a_slip_in_a_worksheet_is_named(kind, quantity, named):
    """In one of some networks of the kind it shows and is told from every other mistake."""
    for seed in range(20):
        trace = network(kind, random.Random(f"slip {seed}"))
        for q in trace.values():
            slips = [m for m in mistakes_of(q, trace) if m.kind == named and q.name.startswith(f"{quantity}_")]
            if slips:
                file, _ = worksheet(trace.problem, decimals=6)
                report = verified(fill_in(file, {**true_numbers(trace), q.name: slips[0].value({})}, 6))
                kinds = {(n.kind, n.certain) for m in report.marks for n in m.mistakes}
                if kinds == {(named, True)}:
                    return
    pytest.fail(f"{named} was never named for certain")


# ── assignments ───────────────────────────────────────────────────────────────────────────────────────────────────────

HEAD = 'title = "hw"\nsecret = "0123456789abcdef0123"\n'
PROBLEMS = {
    "numbers": """
inputs = [[0.5, -1], [0.25, 2]]
classes = 2
output_function = "linear"
targets = "1,0;0.5,1"
layers = 2
cell = "lstm"
""",
    "films": """
text = "a good film"
tokens = "words"
embedding = 2
classes = ["no", "yes"]
output_at = "last"
targets = "yes"
head = [3]
head_activation = ["sigmoid"]
""",
    "yes or no": """
inputs = [[0.5, -1], [0.25, 2]]
classes = 1
output_function = "sigmoid"
targets = "1;0"
""",
    "generated": """
text = "ab"
vocabulary = "cab"
generate = 2
loss = "none"
""",
}


def homework(problem: str, more: str = "decimals = 4") -> str:
    """The text of an assignment."""
    return (
        f'{HEAD}[problem]{problem}weight_decimals = 2\n[worksheet]\nask = ["forward"]\n{more}\n[points]\nforward = 10\n'
    )


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_each_student_gets_numbers_of_their_own_and_the_marks_for_them(problem):
    hw = assignment(homework(problem))
    one, other = hw.problem_of("s1"), hw.problem_of("s2")
    assert one.structure == other.structure
    assert all((one.weights[name] != other.weights[name]).any() for name in one.weights)
    file, _, draws = make_worksheet(Order(hw, Student("s1"), paper=False, protect=False, named=False))
    mine = hw.problem_of("s1", draws - 1)
    blanks = hw.blanks_of(mine)
    right = {name: blanks.trace[name].value for name in blanks.names}
    for numbers, points in ((right, 10.0), ({name: 0 * a + 9.5 for name, a in right.items()}, 0.0)):
        task = Task(hw, "s1", draws - 1, "s1.xlsx", fill_in(file, numbers, 4), "")
        assert sum(q.points for q in grade_file(task).questions) == points


@pytest.mark.parametrize("kind", NETWORKS)
def test_the_form_of_a_template_is_kept_and_its_weights_are_not(kind, tmp_path):
    template = network(kind, random.Random("template")).problem
    (tmp_path / "own.toml").write_text(template.to_toml(), encoding="utf-8")
    path = tmp_path / "hw.toml"
    path.write_text(homework('\ntemplate = "own.toml"\n'), encoding="utf-8")
    drawn = read_assignment(path).problem_of("s1")
    for field in ("structure", "classes", "tokens", "vocabulary", "head", "output_at", "output_function", "loss"):
        assert getattr(drawn, field) == getattr(template, field), field
    assert all(np.array_equal(a, b) for a, b in zip(drawn.inputs, template.inputs, strict=True))
    assert drawn.has_loss == template.has_loss
    assert set(drawn.weights) == set(template.weights)
    assert not any(np.array_equal(drawn.weights[name], template.weights[name]) for name in drawn.weights)


def test_numbers_may_stand_in_a_file_beside_the_assignment(tmp_path):
    (tmp_path / "rain.csv").write_text("rain;wind\n0.5;-1\n0.25;2\n", encoding="utf-8")
    path = tmp_path / "hw.toml"
    path.write_text(homework('\ninputs = "rain.csv"\nclasses = 1\n'), encoding="utf-8")
    found = read_assignment(path).problem_of("s1")
    assert [one.ravel().tolist() for one in found.inputs] == [[0.5, -1.0], [0.25, 2.0]]


def test_a_file_of_weights_is_the_same_for_all(tmp_path):
    (tmp_path / "model.safetensors").write_bytes((MODELS / "rnn.safetensors").read_bytes())
    path = tmp_path / "hw.toml"
    text = homework('\nweights = "model.safetensors"\n', "same = true").replace("weight_decimals = 2\n", "")
    path.write_text(text, encoding="utf-8")
    hw = read_assignment(path)
    told, _ = choose(Choice(weights=str(MODELS / "rnn.safetensors")))
    for student in ("s1", "s2"):
        found = hw.problem_of(student)
        assert all(np.array_equal(found.weights[name], told.weights[name]) for name in told.weights)
    path.write_text(text.replace("same = true", "same = false"), encoding="utf-8")
    with pytest.raises(FileError, match=r"has one set of numbers.*needs same = true"):
        read_assignment(path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('tokens = "syllables"', "letters, words"),
        ("layers = 0", "layers in [problem] is 0; it needs a whole number"),
        ('layers = "2"', "layers in [problem] is '2'"),
        ("embedding = -1", "embedding in [problem] is -1"),
        ("generate = 1.5", "generate in [problem] is 1.5"),
        ("head = 3", "head in [problem] is 3; it needs a list of sizes"),
        ("head = []", "head in [problem] is []"),
        ("head = [0]", "head in [problem] is [0]"),
        ('head = ["3"]', "head in [problem] is ['3']"),
        ('head = [3]\nhead_activation = "tanh"', "it needs a list of activations"),
        ('head = [3]\nhead_activation = ["tan"]', "did you mean 'tanh'?"),
        ("classes = 0", "classes in [problem] is 0"),
        ("classes = [1, 2]", "classes in [problem] is [1, 2]"),
        ('output_at = "first"', "every, last, none"),
        ('output_function = "softmin"', "did you mean 'softmax'?"),
        ('loss = "binary-cross-entropy"', "Use the loss"),
        ("inputs = [[1, 2], [3]]", "a list of numbers for each step"),
        ("inputs = [1, 2]", "a list of numbers for each step"),
        ('inputs = "none.csv"', "There is no file"),
        ('weights = "none.keras"', "--weights already gives the network"),
        ('class = ["a"]', "did you mean"),
    ],
)
def test_a_wrong_key_is_one_sentence(tmp_path, line, says):
    path = tmp_path / "hw.toml"
    path.write_text(homework(f'\ntext = "hello"\n{line}\n', "same = true"), encoding="utf-8")
    with pytest.raises(FileError) as raised:
        read_assignment(path)
    sentence = str(raised.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_choice_that_hangs_on_the_last_digit_is_no_fair_question():
    from rnncalc.classroom.fairness import faults
    from rnncalc.marking.blanks import blanks_of

    problem = Problem.draw("ab", generate=1, seed=1)
    close = problem.replace(weights={**problem.weights, "Why": 1e-7 * problem.weights["Why"]})
    blanks = blanks_of(whole_trace(close), ["x_3"])
    assert "x_3 depends on the last digit: the two largest values to choose from are almost equal." in faults(blanks, 4)
    assert not any(
        "depends on the last digit" in fault for fault in faults(blanks_of(whole_trace(problem), ["x_3"]), 4)
    )
