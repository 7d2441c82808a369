"""The page and the data of a marking: what is said, in which order, and how much of it."""

import json
from collections.abc import Mapping

import numpy as np
import on_paper
import pytest
from workbook.filled import HELLO, blank, edit, fill_in, marked, put_in, read, stored

from rnncalc.marking.answers import Answer, read_answer
from rnncalc.marking.marking import Answers, Mark, Report, mark
from rnncalc.marking.status import Status
from rnncalc.network.update_step import whole_trace
from rnncalc.render.document import Grid, Heading, Paragraph, Part
from rnncalc.render.report import LEVELS, STATUS_WORDS, Teller, report_parts
from rnncalc.render.report_json import report_json, unreadable_json

TRACE = whole_trace(HELLO)


def report_of(answers: Mapping[str, object], decimals: int = 4) -> Report:
    """The marks of some tables, typed with so many decimals; a text is taken as it is, None is a blank."""

    def typed(value: object) -> Answer:
        return read_answer("" if value is None else value if isinstance(value, str) else f"{value:.{decimals}f}")

    return mark(
        TRACE,
        [Answers(n, {at: typed(v) for at, v in np.ndenumerate(np.array(a, dtype=object))}) for n, a in answers.items()],
    )


def slip(step: int = 2) -> Report:
    """The bias left out of a wh, and all honestly worked on."""
    wrong = {f"wh_{step}": lambda n: n["Whh"] * n[f"h_{step - 1}"]}
    return report_of(on_paper.work(HELLO, decimals=4, instead=wrong))


def page(report: Report, show: str = "hint", *, whole: bool = True, remarks: tuple[str, ...] = ()) -> list[Part]:
    return report_parts(report, TRACE, show, 4, whole=whole, remarks=remarks)


def words(parts: list[Part]) -> list[str]:
    """The paragraphs and headings in order."""
    return [part.text for part in parts if isinstance(part, (Paragraph, Heading))]


def rows(parts: list[Part]) -> dict[str, list[str]]:
    """The lines of all tables by their first cell."""
    return {row[0]: list(row[1:]) for part in parts if isinstance(part, Grid) for row in part.rows}


# ── the verdict ───────────────────────────────────────────────────────────────────────────────────────────────────

H_2 = [[0.9365], [0.9491], [0.7623]]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"h_2": H_2}, "Everything is right: 3 of 3 numbers are right."),
        ({"h_2": [[0.9365], [None], [None]]}, "Not complete: 1 of 3 numbers is right."),
        ({"h_2": [[0.9365], [None], [0.1]]}, "Not yet right: 1 of 3 numbers is right."),
        ({"h_2": [[0.9365], [0.9491], [0.1]]}, "Not yet right: 2 of 3 numbers are right."),
        ({"dWhh": [[0.2357]]}, "Everything is right: the number is right."),
        ({"dWhh": [[99.0]]}, "Not yet right: the number is not right."),
        ({"dWhh": [[None]]}, "Not complete: the number is missing."),
    ],
)
def test_the_verdict_is_a_sentence_with_the_count(answers, says):
    assert words(page(report_of(answers)))[0] == says


def test_what_follows_rightly_is_counted_apart():
    counts = slip().counts
    right, carried = counts["correct"] + counts["rounded"], counts["carried"]
    assert words(page(slip()))[0] == (
        f"Not yet right: {right} of 325 numbers are right; {carried} more are consistent with an earlier mistake."
    )


def test_changed_givens_are_no_answers_in_the_count():
    handed_in = put_in(fill_in(blank("h_2"), {"h_2": TRACE["h_2"].value}, 4), {("bh", 0, 0): 0.5})
    assert Teller(TRACE, "hint", 4).verdict(marked(read(handed_in))) == (
        "Given numbers were changed: 3 of 3 numbers are right."
    )


def test_remarks_stand_below_the_verdict():
    assert words(page(report_of({"h_2": H_2}), remarks=("It lies transposed.",)))[1] == "It lies transposed."


# ── the first thing to mend ───────────────────────────────────────────────────────────────────────────────────────


def first(answers: Mapping[str, object], show: str = "hint") -> str:
    return next(text for text in words(page(report_of(answers), show)) if text.startswith("First: "))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "First: h_2[1] is missing."),
        ("x", "First: h_2[1]: 'x' is not a number."),
        ("1,234", "First: h_2[1]: '1,234' could mean 1.234 or 1234; write it with a decimal point."),
        (
            "0.2468",
            "First: h_2[1]: 0.2468 is wrong. This does not match any mistake that rnncalc knows. The equation is h₂ =",
        ),
        (
            f"{TRACE['a_2'].value[0, 0]:.4f}",
            "First: h_2[1]: 1.7091 is wrong. Your number comes from this mistake: tanh not applied.",
        ),
    ],
)  # fmt: skip
def test_the_first_thing_to_mend_is_said_in_a_sentence(text, says):
    assert first({"h_2": [[text], [0.9491], [0.7623]]}).startswith(says)


def test_a_wrong_number_comes_before_a_blank_and_the_earlier_before_the_later():
    answers = {"h_1": [[None], [0.7], [0.8021]], "h_2": [[0.1], [0.9491], [0.7623]]}
    report = report_of(answers)
    statuses = [(m.quantity, m.row, m.status) for m in report.marks]
    assert ("h_1", 0, "blank") in statuses
    assert (report.first.quantity, report.first.row) == ("h_1", 1)


def test_two_kinds_that_fit_are_both_said_to_be_possible():
    """wx_1 of the column of e: of the letter after h, and of h in an alphabetical vocabulary."""
    (found, *_) = report_of({"wx_1": TRACE["Wxh"].value[:, 1:2]}).marks
    assert {m.kind for m in found.mistakes} >= {"wrong-step", "alphabetical"}
    assert not any(m.certain for m in found.mistakes)
    said = Teller(TRACE, "hint", 4).sentence(found)
    assert "Your number fits several mistakes: " in said
    assert all(named.says in said for named in found.mistakes)


def test_a_formula_is_shown_and_a_long_one_shortened():
    def sentence(formula: str) -> str:
        handed_in = edit(fill_in(blank("h_2"), {"h_2": TRACE["h_2"].value}, 4), {("h_2", 0, 0): stored(formula, "0.5")})
        return Teller(TRACE, "where", 4).sentence(marked(read(handed_in)).first)

    assert sentence("TANH(1)/2") == f"h_2[1] ({cell_of_h_2()}): 0.5 is wrong. Its formula is =TANH(1)/2."
    long = sentence("+".join(["0.001"] * 500))
    assert len(long) < 150
    assert "…" in long


def cell_of_h_2() -> str:
    return read(blank("h_2")).answers[0].cells[0, 0].cell


def test_a_formula_that_is_not_calculated_says_what_to_do():
    handed_in = edit(blank("h_2"), {("h_2", 0, 0): stored("TANH(1)", None)})
    assert Teller(TRACE, "where", 4).sentence(marked(read(handed_in)).first) == (
        f"h_2[1] ({cell_of_h_2()}) has a formula that was never calculated: open and save the file in Excel or "
        "LibreOffice, or use --recalculate. The formula is =TANH(1)."
    )


# ── step by step ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_where_all_is_well_is_a_line():
    assert "Step 1 of 4: reads h, target e: all 25 right." in words(page(slip()))


def test_a_step_where_all_is_missing_is_a_line():
    lines = words(page(marked(read(blank()))))
    assert "Step 1 of 4: reads h, target e: all 25 missing." in lines
    assert "All steps together: the loss: missing." in lines


def test_a_step_with_something_wrong_shows_that_and_counts_the_rest():
    parts = page(slip())
    assert set(rows(parts)) == {"wh_2[1]", "wh_2[2]", "wh_2[3]"}
    assert [text for text in words(parts) if text.startswith("The other 22: ")]
    assert [text for text in words(parts) if text.startswith("wh_2: bh left out")]


def test_a_wrong_number_stands_beside_what_was_written_and_at_the_last_level_what_is_right():
    report = report_of({"h_2": [["0.10"], [0.9491], [0.7623]]})
    assert rows(page(report))["h_2[1]"] == ["0.10", "wrong"]
    assert rows(page(report, "answer"))["h_2[1]"] == ["0.10", "wrong", "0.9365"]


def test_without_a_worksheet_every_answer_has_a_line():
    parts = page(report_of({"h_2": [[0.9365], [None], [0.1]]}), whole=False)
    assert rows(parts) == {"h_2[1]": ["0.9365", "right"], "h_2[2]": ["–", "missing"], "h_2[3]": ["0.1000", "wrong"]}


@pytest.mark.parametrize("show", LEVELS)
def test_a_level_tells_so_much_and_no_more(show):
    said = " ".join([*words(page(slip(), show)), *(" ".join([k, *v]) for k, v in rows(page(slip(), show)).items())])
    level = LEVELS.index(show)
    assert "Not yet right" in said
    assert ("wh_2[1]" in said) == (level >= 1)
    assert ("left out" in said) == (level >= 2)
    assert ("The equation is" in said) == (level >= 2)
    assert ("0.8630" in said) == (level >= 3)


def test_that_a_number_is_right_but_for_its_digits_is_a_hint():
    """It is what went wrong, and not only where."""
    remark = "right to 2 decimals, but 4 were asked for"
    handed_in = fill_in(blank("h_2"), {"h_2": [[0.94], [0.9491], [0.7623]]})
    for show in LEVELS:
        parts = report_parts(marked(read(handed_in)), TRACE, show, 4, whole=True)
        said = " ".join([*words(parts), *(" ".join(v) for v in rows(parts).values())])
        assert (remark in said) == (show in ("hint", "answer")), show


def test_every_status_has_words_and_no_two_the_same():
    assert set(STATUS_WORDS) == set(Status)
    assert len(set(STATUS_WORDS.values())) == len(Status)


# ── data ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_data_hold_every_cell_with_rows_and_columns_from_1():
    data = json.loads(report_json(report_of({"dWxh": TRACE["dWxh"].value}), TRACE))
    assert [(c["row"], c["column"]) for c in data["cells"]] == [(i, j) for i in (1, 2, 3) for j in (1, 2, 3, 4)]
    assert [c["expected"] for c in data["cells"]] == TRACE["dWxh"].value.ravel().tolist()


def test_what_is_no_number_is_given_as_its_text_and_a_number_as_a_number():
    data = json.loads(report_json(report_of({"h_2": [["x"], ["0,5"], [None]]}), TRACE))
    assert [c["given"] for c in data["cells"]] == ["x", 0.5, ""]
    assert [c["cell"] for c in data["cells"]] == [None, None, None]


def test_carried_is_what_follows_from_ones_own_or_null():
    data = json.loads(report_json(report_of({"h_1": [[0.5], [0.6], [0.7]], "wh_2": [[0.8], [0.8], [0.8]]}), TRACE))
    follows = (TRACE["Whh"].value * np.array([[0.5], [0.6], [0.7]]) + TRACE["bh"].value).ravel()
    assert [c["carried"] for c in data["cells"]] == [None, None, None, *(pytest.approx(v, abs=1e-12) for v in follows)]


def test_data_of_what_is_infinite_are_still_json():
    """A p_2 of zeros has a logarithm that is none."""
    text = report_json(report_of({"p_2": [[0.0]] * 4, "loss_2": [[3.0]]}), TRACE)
    assert "NaN" not in text
    assert "Infinity" not in text
    assert json.loads(text)["verdict"] == "incorrect"


def test_what_cannot_be_read_has_the_same_keys():
    assert json.loads(unreadable_json()).keys() == json.loads(report_json(slip(), TRACE)).keys()
    assert json.loads(unreadable_json())["verdict"] == "unreadable"


def test_a_mark_knows_its_place():
    found = Mark("dWxh", 1, 2, "wrong", read_answer("1"), 0, 0, None, "", ())
    assert Teller(TRACE, "where", 4).element(found) == "dWxh[2,3]"
