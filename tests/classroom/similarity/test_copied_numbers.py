"""Another student's right numbers: found whole, in part and from several, and never where somebody worked alone."""

import random

import numpy as np
import pytest
from classroom.a_class import SECRET, TOML, assignment, classroom, given_numbers, work
from classroom.test_grading import handed, points
from engines.package import Package
from marking import students
from workbook.filled import fill_in

from rnncalc.classroom.grade_records import Records
from rnncalc.classroom.grading import Task, grade, grade_file
from rnncalc.classroom.similarity import copied_numbers as copying
from rnncalc.classroom.similarity.copied_numbers import CHANCE, copies
from rnncalc.marking.answers import Answer
from rnncalc.marking.marking import Answers, mark
from rnncalc.network.replay import replay

SMALL = 24


def right(who):
    """The right numbers of a pupil, worked by hand from their worksheet."""
    return work(given_numbers(Package(classroom(SMALL).sheets[who]))).numbers


def hand_in(numbers, who="s001", digits=4):
    """The worksheet of a pupil with these numbers."""
    return fill_in(classroom(SMALL).sheets[who], numbers, digits)


def marked(content, who="s001", hw1=None):
    room = classroom(SMALL)
    classmates = tuple(room.draws.items())
    return grade_file(Task(hw1 or room.assignment, who, room.draws[who], "f", content, "d", classmates=classmates))


def earned(graded):
    return sum(points(graded).values())


def typed(trace, decimals):
    """A trace's numbers as answers with so many decimals."""
    return [
        Answers(
            q.name,
            {at: Answer(f"{x:.{decimals}f}", round(float(x), decimals), decimals) for at, x in np.ndenumerate(q.value)},
        )
        for q in trace.values()
        if q.rule is not None
    ]


def mixed(own, of_others):
    """A pupil's own right numbers, and those of another where a rule says so: name → whose, None for their own."""
    return {name: right(whose)[name] if (whose := of_others(name)) else numbers for name, numbers in own.items()}


# ── copied ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("digits", [4, 15])
def test_a_classmates_right_numbers_earn_nothing(digits):
    found = marked(hand_in(right("s000"), digits=digits))
    assert earned(found) < 0.03 * sum(points(marked(hand_in(right("s001")))).values())
    same = sum(np.sum(np.abs(right("s000")[name] - own) < 1e-4) for name, own in right("s001").items())
    assert found.counts["correct"] == same
    assert found.copied == {"s000": 101 - same}
    assert not found.counts.get("carried")


def test_what_is_right_for_both_is_right():
    """The largest exp_t is 1 in every variant."""
    found = marked(hand_in(right("s000")))
    assert found.counts["correct"] == sum(one == 1 for one in np.concatenate(
        [np.isclose(right("s000")[f"exp_{t}"], right("s001")[f"exp_{t}"]).ravel() for t in range(1, 5)]
    ))  # fmt: skip


PARTS = {
    "from step 3 on": lambda name: "s000" if name[-1] in "34" else None,
    "the loss and what it needs": lambda name: "s000" if name[0] in "ypel" else None,
    "two tables": lambda name: "s000" if name in ("y_2", "y_3", "wh_3") else None,
    "from two": lambda name: "s000" if name[-1] in "12" else "s009",
    "from four": lambda name: {"1": "s002", "2": "s003", "3": "s004", "4": "s005"}.get(name[-1]),
}


@pytest.mark.parametrize("part", PARTS)
def test_copied_parts_are_found_and_own_work_beside_them_is_not_touched(part):
    own, of_others = right("s001"), PARTS[part]
    found = marked(hand_in(mixed(own, of_others)))
    sources = {of_others(name) for name in own} - {None}
    assert sources == set(found.copied)
    taken = sum(own[name].size for name in own if of_others(name))
    assert 0.9 * taken < sum(found.copied.values()) <= taken
    rightly = sum(own[name].size for name in own if not of_others(name))
    assert found.counts.get("correct", 0) >= rightly


def test_what_follows_from_copied_numbers_earns_nothing():
    """The first two steps are a classmate's; the rest is worked rightly, from there, with the pupil's own weights."""
    room = classroom(SMALL)
    numbers = {name: a for name, a in right("s000").items() if name[-1] in "12"}
    for q in room.assignment.trace_of(room.assignment.problem_of("s001", room.draws["s001"])).values():
        if q.rule is not None and q.name not in numbers:
            numbers[q.name] = replay(q.rule, numbers)
    found = marked(hand_in({name: numbers[name] for name in right("s001")}))
    assert found.copied.keys() == {"s000"}
    assert found.counts.get("carried", 0) == 0
    (forward,) = (q for q in found.questions if q.name == "forward")
    assert forward.points <= 10 * forward.counts["correct"] / sum(forward.counts.values()) + 1e-4
    assert forward.counts["correct"] < 10


def test_copies_from_somebody_who_handed_in_nothing_are_found():
    room = classroom(SMALL)
    draws = {"s001": room.draws["s001"], "elsewhere": 3}
    other = room.assignment.trace_of(room.assignment.problem_of("elsewhere", 3))
    content = hand_in({name: other[name].value for name in right("s001")})
    found = grade_file(Task(room.assignment, "s001", draws["s001"], "f", content, "d", classmates=tuple(draws.items())))
    assert found.copied.keys() == {"elsewhere"}


@pytest.mark.parametrize("decimals", [2, 3, 6])
def test_copies_are_found_with_any_decimals(decimals):
    hw1 = assignment(TOML.replace("decimals = 4", f"decimals = {decimals}"))
    room = classroom(SMALL)
    other = hw1.trace_of(hw1.problem_of("s000", room.draws["s000"]))
    found, report = held(hw1, "s001", typed(other, decimals), tuple(room.draws.items()))
    assert found.of.keys() == {"s000"}
    assert len(found.elements) > 0.9 * sum(m.status in ("carried", "wrong") for m in report.marks)


@pytest.mark.parametrize("size", [2, 24, 150])
def test_copies_are_found_in_a_class_of_any_size(size):
    hw1 = assignment(TOML)
    classmates = tuple((f"n{i}", 0) for i in range(size))
    other = hw1.trace_of(hw1.problem_of("n1"))
    found, _ = held(hw1, "n0", typed(other, 4), classmates)
    assert found.of.keys() == {"n1"}


# ── not copied ────────────────────────────────────────────────────────────────────────────────────────────────────


def held(hw1, who, answers, classmates):
    """What is found in some answers, and the report without it."""
    blanks = hw1.blanks_of(hw1.problem_of(who, dict(classmates)[who]))
    names = [name for name in blanks.trace if name in blanks.names]
    report = mark(blanks.trace, [a for a in answers if a.name in names], from_changed=False)
    return copies(hw1, who, classmates, names, report.marks), report


HONEST = """\
secret = "a secret that nobody guesses"
[problem]
text = "{text}"
weight_decimals = {weights}
hidden = {hidden}
[worksheet]
ask = ["forward", "loss", "backward"]
decimals = {decimals}
[points]
forward = 10
"""


def honest(hw1, who, chance):
    """Somebody's own work with many slips: known ones, invented numbers, given numbers read wrongly."""
    problem = hw1.problem_of(who)
    trace = hw1.trace_of(problem)
    kind = chance.choice(["known", "invented", "misread"])
    slips = []
    if kind == "misread":
        weights = {name: array.copy() for name, array in problem.weights.items()}
        for _ in range(chance.choice([1, 2, 4])):
            array = weights[chance.choice(list(weights))]
            array[chance.randrange(array.shape[0]), chance.randrange(array.shape[1])] = round(chance.uniform(-1, 1), 2)
        trace = hw1.trace_of(problem.replace(weights=weights))
    else:
        slip = students.known_slip if kind == "known" else students.unknown_slip
        found = [slip(trace, chance) for _ in range(chance.choice([1, 2, 6]))]
        slips = list({one.quantity: one for one in found}.values())
    return students.fill_in(trace, hw1.decimals, chance.choice(students.MANNERS), chance, slips).answers


@pytest.mark.parametrize(("decimals", "text", "hidden", "weights"), [(2, "hello", 3, 2), (4, "abca", 2, 1)])
def test_in_a_class_of_200_nobody_with_honest_mistakes_is_taken_for_a_copier(decimals, text, hidden, weights):
    hw1 = assignment(HONEST.format(decimals=decimals, text=text, hidden=hidden, weights=weights))
    classmates = tuple((f"s{i}", 0) for i in range(200))
    accused, looked_at = {}, 0
    for who, _ in classmates[::8]:
        found, report = held(hw1, who, honest(hw1, who, random.Random(f"{who} {decimals}")), classmates)
        looked_at += sum(m.status == "wrong" for m in report.marks) >= 10
        if found.of:
            accused[who] = found.counts
    assert accused == {}
    assert looked_at >= 3


@pytest.mark.parametrize("decimals", [2, 4])
def test_the_evidence_is_never_more_than_chance_makes_it(decimals):
    """Of pairs in which nobody copied, at most one in a hundred has evidence of a hundred to one, and so on."""
    hw1 = assignment(HONEST.format(decimals=decimals, text="abca", hidden=2, weights=1))
    classmates = tuple((f"s{i}", 0) for i in range(40))
    evidence = []
    for who, _ in classmates:
        other = hw1.trace_of(hw1.problem_of(f"nobody's {who}"))
        found, report = held(hw1, who, typed(other, decimals), classmates)
        assert not found.of
        names = tuple(dict.fromkeys(m.quantity for m in report.marks))
        wrong = [m for m in report.marks if m.status == "wrong" and m.given.number]
        variants = copying._variants(hw1, classmates, names)
        suspects = [i for i, owner in enumerate(variants.owners) if owner not in ("", who)]
        evidence.append(copying._pooled(variants, wrong, decimals, suspects))
    told = np.exp(np.concatenate(evidence))
    assert (told >= 10).mean() <= 1 / 10
    assert (told >= 100).mean() <= 1 / 100
    assert (told >= 10_000).mean() <= 3 / 10_000
    assert told.max() < 1e-3 / CHANCE


def test_numbers_that_hang_together_count_once():
    """Each table's last column adds up to 1 with the others, and the second table is the first once more."""
    chance = np.random.default_rng(1)
    free = chance.uniform(size=(300, 3))
    whole = np.column_stack([free, 1 - free.sum(axis=1), free, np.ones(300)])
    assert copying._of_its_own(whole) == pytest.approx([1, 1, 1, 0, 0, 0, 0, 0], abs=0.02)


@pytest.mark.parametrize("number", [0.0, 1.0, 0.25])
def test_one_number_all_over_the_sheet_is_nobodys(number):
    everywhere = {name: np.full(a.shape, number) for name, a in right("s001").items()}
    assert marked(hand_in(everywhere)).copied == {}


def test_the_habits_of_the_class_are_no_copies():
    for who, content in classroom(SMALL).handed_in.items():
        assert marked(content, who).copied == {}, who


def test_where_all_have_the_same_weights_nothing_is_a_copy():
    hw1 = classroom(SMALL).assignment._replace(same=True)
    assert marked(hand_in(right("s000")), hw1=hw1).copied == {}


def test_numbers_of_nobody_in_the_class_are_no_copies():
    hw2 = assignment(TOML.replace(SECRET, f"{SECRET} either"))
    trace = hw2.trace_of(hw2.problem_of("s000"))
    assert marked(hand_in({name: trace[name].value for name in right("s001")})).copied == {}


# ── what it costs, and where it is kept ───────────────────────────────────────────────────────────────────────────


def test_nothing_is_worked_out_where_too_few_numbers_are_wrong(monkeypatch):
    monkeypatch.setattr(copying, "_known", {})
    monkeypatch.setattr(copying, "_worked", lambda *class_: pytest.fail("the class is worked out"))
    numbers = right("s001")
    numbers["wx_1"] = right("s000")["wx_1"]
    assert marked(hand_in(numbers)).copied == {}
    assert marked(hand_in(right("s001"))).copied == {}


def test_a_class_is_worked_out_once(monkeypatch, tmp_path):
    calls = []
    worked = copying._worked
    monkeypatch.setattr(copying, "_known", {})
    monkeypatch.setattr(copying, "_worked", lambda *class_: calls.append(1) or worked(*class_))
    room = classroom(SMALL)
    files = {who: hand_in(right("s000"), who) for who in ("s001", "s002", "s003")}
    outcome = grade(room.assignment, handed(tmp_path, files), draws=room.draws)
    assert [one.copied.keys() for one in outcome.graded.values()] == [{"s000"}] * 3
    assert len(calls) == 1


def test_another_class_changes_nothing_where_no_copies_were_looked_for(tmp_path):
    room = classroom(SMALL)
    files = {who: room.handed_in[who] for who in list(room.handed_in)[:12]}
    found = handed(tmp_path, files)
    first = grade(room.assignment, found, draws=room.draws)
    again = grade(room.assignment, found, draws={**room.draws, "new": 0}, known=first.graded.get)
    assert (again.anew, again.graded) == (0, first.graded)


def test_another_class_is_marked_again_where_copies_were_looked_for(tmp_path):
    """A copy from somebody who was not in the class the last time."""
    room = classroom(SMALL)
    found = handed(tmp_path / "in", {"s001": hand_in(right("s023"))})
    records = Records(tmp_path, {"s001": "s001"})

    def run(draws):
        keep = lambda one: records.path(one.student).write_text(one.to_json(), encoding="utf-8")  # noqa: E731
        return grade(room.assignment, found, draws=draws, known=records.known, keep=keep)

    few = {who: draw for who, draw in room.draws.items() if who != "s023"}
    assert run(few).graded["s001"].copied == {}
    assert run(few).anew == 0
    assert run(room.draws).graded["s001"].copied.keys() == {"s023"}
    assert run(dict(reversed(room.draws.items()))).anew == 0
