"""class.html: its numbers are those of the class, its charts have tables, and nothing on it runs or is loaded."""

from __future__ import annotations

from collections import Counter
from statistics import mean, median

import pytest
from classroom.finished import HOSTILE, POSSIBLE, grade, marked, names, remembered, student
from classroom.pages import Page, loads_nothing
from hypothesis import given
from hypothesis import strategies as st

from rnncalc import Problem, backward, update
from rnncalc.classroom.class_page import class_page
from rnncalc.classroom.grade_records import Grade, Override
from rnncalc.classroom.roster import Student
from rnncalc.io.visible import brief, visible
from rnncalc.marking.mistake_groups import COPYING, in_words
from rnncalc.render.document import heading, place

STEP_1, STEP_2 = "Step 1 of 4: reads h, target e", "Step 2 of 4: reads e, target l"
BACK_2, BACK_1 = "Step 2 of 4, backward: reads e, target l", "Step 1 of 4, backward: reads h, target e"
CLASS = [
    grade(student(1, "Ada Lovelace"), marked((10.0, 2.5), first=None), days_late=2, late_share=0.2),
    grade(
        student(2, "Bob Stone"),
        marked((6.0, 2.5), steps={STEP_2: 3, BACK_2: 1}, kinds={"bias-left-out": 3, "no-flow-back": 1}),
    ),
    grade(student(3, "Eve Adams"), marked((1.0, 0.0), first="dh_1", steps={BACK_1: 4}, kinds={"bias-left-out": 1})),
    grade(student(4, "Jo Doe")),
    grade(student(5, "Al Roe"), marked((8.0, 0.0), first="p_2", steps={STEP_2: 1, BACK_1: 1})),
    grade(
        student(6, "Di Poe"), marked((4.0, 2.5), first="h_1", steps={STEP_1: 2}), overrides={"loss": Override(1, "")}
    ),
]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(class_page(CLASS, "Homework 1"))


def rows(page: Page, headed: str) -> list[list[str]]:
    """The rows of the table whose first heading is this."""
    (found,) = (table for table in page.tables if table[0][0] == headed)
    return [row[: len(found[0]) - (found[0][-1] == "")] for row in found[1:]]


# ── the numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_figures_at_the_top(page):
    assert dict(zip(page.texts["dt"], page.texts["dd"], strict=True)) == {
        "students": "6",
        "with a marked file": "5",
        "mean": "6.5 of 12.5",
        "median": "8",
        "lowest to highest": "1 to 10",
        "all right": "1",
        "late": "1",
    }


def test_each_question_has_its_mean_with_the_teachers_own_marks(page):
    assert rows(page, "question") == [
        ["forward", "5.8", "10", "58 %", "1"],
        ["loss", "1.2", "2.5", "48 %", "2"],
    ]


def test_where_students_fell_first_is_in_the_order_of_the_arithmetic(page):
    assert rows(page, "part") == [
        [STEP_1, "1", "h₁ (1)", "1", "2"],
        [STEP_2, "2", "h₂ (1), p₂ (1)", "2", "4"],
        [BACK_2, "0", "", "1", "1"],
        [BACK_1, "1", "∂E/∂h₁ (1)", "2", "5"],
    ]


def test_the_commonest_mistakes_are_first_in_plain_words(page):
    assert rows(page, "mistake") == [
        ["a bias was left out", "bias-left-out", "2", "4"],
        ["the gradient from the next step was left out", "no-flow-back", "1", "1"],
    ]


def test_whoever_has_no_marked_file_is_named(page):
    assert page.texts["bdi"] == ["Jo Doe (s004)"]


def test_each_kind_of_mistake_has_words_of_its_own_on_the_page():
    everything = marked(kinds=dict.fromkeys(in_words().keys() - COPYING, 1))
    told = rows(Page(class_page([grade(graded=everything)], "K")), "mistake")
    assert len({row[0] for row in told}) == len(told) == 15
    assert not [row for row in told if row[0] == row[1]]


def test_every_part_of_a_worksheet_is_told_from_the_others_in_the_order_of_the_arithmetic():
    trace = update(backward(Problem.template("hello")), clip_norm=1.0)
    computed = [q for q in trace.values() if q.rule is not None]
    parts = list(dict.fromkeys(heading(trace.problem, place(q)) for q in computed))
    falls = [
        grade(student(i), marked(first=q.name, steps={heading(trace.problem, place(q)): 1}))
        for i, q in enumerate(computed)
    ]
    found = rows(Page(class_page(falls, "All")), "part")
    of = Counter(heading(trace.problem, place(q)) for q in computed)
    assert [row[0] for row in found] == parts
    assert [(row[1], row[3]) for row in found] == [(str(of[p]), str(of[p])) for p in parts]


def test_a_changed_given_number_is_a_part_of_its_own():
    page = Page(class_page([grade(graded=marked(first=name)) for name in ("Wxh", "h_0", "x_1", "target_2")], "G"))
    assert rows(page, "part") == [["Given numbers", "4", "Wxh (1), h₀ (1), target₂ (1), x₁ (1)", "0", "0"]]


totals = st.floats(0, 15).map(lambda x: round(x, 4))


@given(points=st.lists(totals, min_size=1, max_size=40))
def test_the_histogram_counts_everybody_once_where_they_belong(points):
    class_ = [grade(student(i), marked((p, 0.0))) for i, p in enumerate(points)]
    page = Page(class_page(class_, "H"))
    edges = [1.25 * i for i in range(10)]
    counts = [sum(low <= p < low + 1.25 for p in points) for low in edges]
    counts[-1] += sum(p >= 12.5 for p in points)
    assert [int(row[1]) for row in rows(page, "points")] == counts
    tallest = max(height for _, height in page.columns)
    assert [height for _, height in page.columns] == pytest.approx(
        [tallest * c / max(counts) for c in counts], abs=0.01
    )
    shown = dict(zip(page.texts["dt"], page.texts["dd"], strict=True))
    assert float(shown["mean"].split()[0]) == pytest.approx(mean(points), abs=0.0051)
    assert float(shown["median"]) == pytest.approx(median(points), abs=0.0051)


def test_a_total_on_an_edge_counts_above_it():
    one = grade(graded=marked(), overrides={"all": Override(0.03, "")})._replace(possible={"all": 0.1})
    counted = rows(Page(class_page([one], "H")), "points")
    assert [row for row in counted if row[1] != "0"] == [["0.03 to below 0.04", "1"]]


def test_a_bar_is_as_long_as_the_number_beside_it_says(page):
    beside = {(t, r): page.tables[t][r] for t, r, _ in page.bars}
    assert len(beside) == len(page.bars)
    for t, r, width in page.bars:
        row, head = page.tables[t][r], page.tables[t][0]
        share = {
            "question": lambda row=row: float(row[3].removesuffix(" %")),
            "part": lambda row=row: 100 * int(row[1]) / 2,
            "mistake": lambda row=row: 100 * int(row[2]) / 2,
        }[head[0]]()
        assert width == pytest.approx(share, abs=0.5)


# ── whoever is in it ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_anonymous_page_has_no_name_and_no_address():
    text = class_page(CLASS, "Homework 1", anonymous=True)
    assert Page(text).texts["bdi"] == ["s004"]
    assert not [one.student for one in CLASS if one.student.name.split()[0] in text or one.student.email in text]


@given(
    class_=st.lists(
        st.builds(
            grade,
            st.builds(Student, names, names, names),
            st.none()
            | st.builds(marked, first=names | st.none(), steps=st.dictionaries(names, st.integers(1, 9)), file=names),
        ),
        max_size=6,
    ),
    title=names,
    anonymous=st.booleans(),
)
def test_whatever_they_are_called_the_page_is_whole_and_loads_nothing(class_, title, anonymous):
    assert loads_nothing(Page(class_page(class_, title, anonymous=anonymous)))


@pytest.mark.parametrize("said", HOSTILE)
def test_what_a_record_or_a_title_says_is_text_and_nothing_else(said):
    page = Page(class_page([grade(graded=marked(first=said, steps={said: 1}, kinds={said: 1}))], said))
    assert [row[1] for row in rows(page, "mistake")] == [visible(said)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_and_nothing_else(name):
    page = Page(class_page([grade(Student("s1", name))], "T"))
    assert page.texts["bdi"] == [f"{brief(name)} (s1)"]


def test_a_class_without_marked_files_has_a_page():
    page = Page(class_page([], "Homework 1"))
    assert page.texts["h1"] == ["Homework 1: the class"]
    assert page.tables == []


def test_a_class_that_is_all_right_is_told_so():
    page = Page(class_page([grade(graded=marked((10.0, 2.5), first=None))], "Homework 1"))
    assert "Nobody has anything to fix." in page.texts["p"]


# ── for everybody who reads it ────────────────────────────────────────────────────────────────────────────────────


def test_a_drawing_is_named_or_not_read_aloud_and_a_table_says_the_same(page):
    named = [svg for svg in page.svgs if svg.get("aria-hidden") != "true"]
    assert [(svg["role"], svg["aria-label"]) for svg in named] == [
        ("img", "Histogram of the points; the table beside it shows the numbers.")
    ]
    assert len(page.texts["caption"]) == len(page.tables) == 4


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("bar", "behind"), [("#0072b2", "#ffffff"), ("#56b4e9", "#161616")])
def test_bars_stand_out_by_day_and_by_night(page, bar, behind):
    assert f"--bar: {bar}" in page.style
    assert contrast(bar, behind) >= 3


def test_the_page_turns_dark_where_the_reader_wants_it(page):
    assert page.style.count("prefers-color-scheme: dark") == 2


def test_marks_remembered_from_an_earlier_run_give_the_same_bytes():
    assert class_page(CLASS, "Homework 1") == class_page([remembered(one) for one in CLASS], "Homework 1")


def test_the_possible_points_are_those_of_the_helper():
    assert isinstance(CLASS[0], Grade)
    assert CLASS[0].possible == POSSIBLE
