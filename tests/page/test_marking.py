"""A practice page marks as verify marks: each number, each remark, and each mistake by its name and in its words."""

import json
import random
from functools import cache

import numpy as np
import pytest
from marking.examiner.sheets import SORTS
from marking.students import fill_in, known_slip
from page.handed import handed_in
from page.practised import Sheet, by_the_page, differences, of_students, of_the_examiner, page, said, written
from page.scripts import run, write

from rnncalc import Problem
from rnncalc.marking.blanks import blanks_of
from rnncalc.marking.marking import mark
from rnncalc.network.update_step import whole_trace
from rnncalc.page.content import content
from rnncalc.page.handed_in import read_handed_in
from rnncalc.page.modules import modules
from rnncalc.page.practice import Practice
from rnncalc.problems.redraw import drawn_arrays, redrawn

HELLO = whole_trace(Problem.template("hello"))


@cache
def hello_sheets() -> list[Sheet]:
    """hello, worked with a slip; and with what no student of tests/marking types."""
    its = page(HELLO, 4)
    computed = {name: q.value for name, q in HELLO.items() if q.rule is not None}
    right = written(computed, 4)

    def other(label, change):
        typed = {name: dict(cells) for name, cells in right.items()}
        change(typed)
        return Sheet(label, its, typed)

    slips = []
    for seed in range(6):
        chance = random.Random(seed)
        slipped = [known_slip(HELLO, chance), known_slip(HELLO, chance)][: 1 + seed % 2]
        slips.append(Sheet(f"slips {seed}", its, written(fill_in(HELLO, 4, "rounds", chance, slipped).written, 4)))
    return [
        *slips,
        Sheet("nothing", its, {}),
        Sheet("all right", its, right),
        Sheet("two decimals", its, written(computed, 2)),
        Sheet("zeros", its, written({name: np.zeros_like(v) for name, v in computed.items()}, 4)),
        Sheet("one number", its, written({name: np.full_like(v, 0.5) for name, v in computed.items()}, 4)),
        Sheet("other weights", its, written({n: np.roll(v, 1) * 1.37 + 0.11 for n, v in computed.items()}, 4)),
        other("commas", lambda t: t.update({n: {p: s.replace(".", ",") for p, s in c.items()} for n, c in t.items()})),
        other("words", lambda t: t["h_2"].update({(0, 0): "one", (1, 0): "1,234", (2, 0): ""})),
        other("a sum", lambda t: t["wx_1"].update({(0, 0): "=0.287+0.001", (1, 0): "1/3"})),
        other("only the last", lambda t: [t.pop(name) for name in list(t) if name != "Why_new"]),
        other("a thousand", lambda t: t["h_1"].update({(0, 0): t["h_1"][0, 0].replace("0.", "")})),
    ]


def assert_alike(sheets):
    found, counts = differences(sheets)
    assert found == []
    assert counts["sheets"] == len(sheets)
    return counts


def test_hello_is_marked_alike_whatever_is_typed():
    counts = assert_alike(hello_sheets())
    assert {"correct", "rounded", "carried", "wrong", "uncredited", "blank", "not-a-number"} <= counts.keys()


@pytest.mark.parametrize("seed", range(1))
def test_students_with_slips_are_marked_alike(seed):
    assert assert_alike(list(of_students([seed])))["named"] > 0


def test_people_who_share_nothing_with_the_package_are_marked_alike():
    assert assert_alike(list(of_the_examiner([5], SORTS[1::6])))["named"] > 0


@pytest.mark.parametrize(("patterns", "seed"), [(["backward"], 7), (["loss", "update"], 8)])
def test_what_nobody_wrote_down_is_worked_as_the_program_works_it(patterns, seed):
    assert_alike(list(of_students([seed], patterns))[2:6])


@pytest.mark.parametrize("template", ["hello", "gru"])
def test_new_numbers_are_marked_as_verify_marks_what_is_handed_in(template):
    problem = Problem.template(template)
    new = redrawn(problem, 7)
    trace = whole_trace(new)
    chance = random.Random(1)
    done = fill_in(trace, 4, "rounds", chance, [known_slip(trace, chance)]).written
    rows = {name: [[f"{n:.4f}" for n in row] for row in table.tolist()] for name, table in done.items()}
    submission = read_handed_in(handed_in(problem, [], rows, seed=7), "answers.json")
    report = mark(
        submission.trace,
        submission.answers,
        given=submission.given,
        given_decimals=submission.given_decimals,
        decimals=submission.decimals,
    )
    here = page(whole_trace(problem), 4)
    (theirs,) = by_the_page([Sheet("new", here, written(done, 4), given=drawn_arrays(new))])
    ours = said(trace, report)
    assert {name: theirs[name] for name in ours} == ours
    assert report.counts["wrong"] > 0


@pytest.mark.parametrize(
    ("path", "right", "wrong"),
    [
        ("marking/working.js", "(this.unit / 2) * (this.remembers ?", "(this.unit / 4) * (this.remembers ?"),
        ("marking/explanations.js", "const SLIP = 4", "const SLIP = 14"),
        ("marking/mistakes.js", "1e-12 * Math.max(1, largest)", "1e-1 * Math.max(1, largest)"),
        ("marking/practice.js", "data.kinds[kind][0], says, model.ruleOf(rule)", "data.kinds[kind][0], says, q.rule"),
        ("trees.js", "if (u[p]) total += u[p] * v[q];", "if (u[p]) total += u[p] * v[b0];"),
    ],
)
def test_a_fault_in_the_scripts_is_seen(path, right, wrong, tmp_path):
    sources = dict(modules())
    assert right in sources[path]
    write(tmp_path, {**sources, path: sources[path].replace(right, wrong)})
    found, _ = differences(hello_sheets()[:6], tmp_path)
    assert found


def test_the_data_of_a_practice_page_is_small():
    data = content(HELLO, practice=Practice(blanks_of(HELLO), 4))
    assert len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()) <= 160_000


def typed_one_by_one(place=None):
    """A sheet with slips is typed, and then a part of it is typed over with zeros."""
    by_label = {sheet.label: sheet for sheet in hello_sheets()}
    first, over = by_label["slips 3"], by_label["zeros"]
    again = {name: over.typed[name] for name in ("h_1", "a_3", "p_2", "dWhh", "wx_1", "loss")}
    typed = [{n: {f"{i},{j}": text for (i, j), text in c.items()} for n, c in t.items()} for t in (first.typed, again)]
    return run("type.mjs", {"network": first.page.content, "sheets": typed, "every": 13}, place)


def test_what_is_typed_number_by_number_is_marked_as_if_it_were_typed_at_once():
    found = typed_one_by_one()
    assert found["compared"] > 20
    assert found["different"] == 0


def test_what_is_kept_too_long_is_seen(tmp_path):
    sources = dict(modules())
    kept, forgets = "marking/memory.js", "known !== undefined && sameCells(known.cells, cells)"
    assert forgets in sources[kept]
    write(tmp_path, {**sources, kept: sources[kept].replace(forgets, "known !== undefined")})
    assert typed_one_by_one(tmp_path)["different"] > 0


def test_a_hint_tells_more_from_stage_to_stage():
    (sheet,) = (sheet for sheet in hello_sheets() if sheet.label == "slips 4")
    assert by_the_page([sheet])[0]["hints"] == [
        ["where", "wh_3[1]: 1.0980 is wrong."],
        [
            "kind",
            "Your number comes from this mistake: bh was used instead of Whh: 0.567001 · 0.9365 + 0.567001 = 1.0980.",
        ],
        ["equation", "The equation is wh₃ = Whh · h₂ + bh."],
        ["arithmetic", "wh_3[1] = 0.427043 · 0.9365 + 0.567001"],
        ["answer", "The right number is 0.9669."],
    ]


def test_a_hint_shows_no_answer_that_is_still_to_be_worked():
    (sheet,) = (sheet for sheet in hello_sheets() if sheet.label == "all right")
    open_ = {**sheet.typed, "a_2": {}}
    missing, wrong = by_the_page(
        [
            Sheet("missing", sheet.page, open_),
            Sheet("wrong", sheet.page, {**open_, "h_2": {**sheet.typed["h_2"], (0, 0): "0.5"}}),
        ]
    )
    assert [stage for stage, _ in missing["hints"]] == ["where", "equation", "arithmetic", "answer"]
    assert dict(missing["hints"])["where"] == "a_2[1] is missing."
    assert dict(wrong["hints"])["arithmetic"] == "h_2[1] = tanh(a_2[1])"
