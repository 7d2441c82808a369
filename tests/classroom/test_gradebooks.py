"""The files for gradebooks, each read back by a strict parser of the system's own rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import pytest
from classroom.finished import HOSTILE, POSSIBLE, grade, is_formula, lines, marked, names, remembered, student, table
from hypothesis import given
from hypothesis import strategies as st

from rnncalc.classroom.grade_records import Override
from rnncalc.classroom.gradebooks.canvas import CanvasIds, canvas_csv, canvas_ids, canvas_title
from rnncalc.classroom.gradebooks.gradescope import gradescope_results
from rnncalc.classroom.gradebooks.matching import match_ids
from rnncalc.classroom.gradebooks.moodle import moodle_csv, moodle_remarks
from rnncalc.classroom.gradebooks.nbgrader import nbgrader_csv
from rnncalc.classroom.gradebooks.systems import system_files
from rnncalc.classroom.gradebooks.table import grades_csv
from rnncalc.classroom.roster import Student
from rnncalc.errors import FileError
from rnncalc.io.csv_text import as_it_was

ADA, BOB, EVE = student(1, "Ada Lovelace"), student(2, "Bob Stone"), student(3, "Eve Adams")
CLASS = [ADA, BOB, EVE]
GRADES = [
    grade(ADA, marked((7.5, 2.5)), days_late=1, late_share=0.1, submitted="2026-12-02T08:00:00+00:00"),
    grade(BOB, marked((10.0, 2.5), first=None, file="bob stone's.xlsx", notes=["2 given numbers were changed."])),
    grade(EVE),
]
EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Quiz (12),Homework 1 (345),Final Score
    Points Possible,,,,,10,12.50,(read only)
"Lovelace, Ada",9001,s001,ada,A and B,3,,50
"Stone, Bob",9002,s002,bob,A,4,,60
"Adams, Eve",9003,s003,eve,B,5,,70
"Student, Test",9999,,f2c7,A,,,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last \
modified (grade),Feedback comments
Participant 12,Eve Adams,s003@school.example,No submission,,12.50,Yes,-,-,
Participant 10,Ada Lovelace,s001@school.example,Submitted for grading,,12.50,Yes,"Monday, 1 December 2026, 9:00 PM",-,
Participant 11,Bob Stone,s002@school.example,Submitted for grading,3.00,12.50,Yes,-,"Tuesday, 2 December",<p>old</p>
"""
PARTICIPANTS = {"s001": "Participant 10", "s002": "Participant 11", "s003": "Participant 12"}


def canvas_people(*students: Student) -> dict[str, CanvasIds]:
    return {s.id: CanvasIds(s.name, str(9000 + i), s.id, s.email, "A") for i, s in enumerate(students, 1)}


# ── grades.csv ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_grades_csv_has_a_row_for_each_student_and_a_column_for_each_question():
    assert grades_csv(GRADES) == (
        "id,name,email,forward,loss,raw,days late,penalty,total,out of,verdict,first wrong,file,notes\n"
        "s001,Ada Lovelace,s001@school.example,7.5,2.5,10,1,1,9,12.5,incorrect,h_2,hw1/s001.xlsx,\n"
        "s002,Bob Stone,s002@school.example,10,2.5,12.5,0,0,12.5,12.5,correct,,bob stone's.xlsx,"
        "2 given numbers were changed.\n"
        "s003,Eve Adams,s003@school.example,0,0,0,0,0,0,12.5,not marked,,,\n"
    )


def test_the_teachers_own_points_are_in_the_columns_and_the_reason_in_the_notes():
    own = grade(ADA, marked((0.0, 2.5)), overrides={"forward": Override(9.25, "wrong sheet")})
    row = dict(zip(*lines(grades_csv([own])), strict=True))
    assert (row["forward"], row["total"], row["notes"]) == (
        "9.25",
        "11.75",
        "forward: 9.25 set by the teacher: wrong sheet.",
    )


def test_a_class_of_nobody_is_a_line_of_headings():
    assert lines(grades_csv([]))[0][:3] == ["id", "name", "email"]


# ── no formulas, no names where none are wanted, the same bytes ───────────────────────────────────────────────────

Writer = Callable[..., str]
WRITERS: dict[str, Writer] = {
    "grades": grades_csv,
    "canvas": lambda grades, **kw: canvas_csv(grades, "Homework 1", canvas_people(*(g.student for g in grades)), **kw),
    "nbgrader": lambda grades, **kw: nbgrader_csv(grades, "hw1", "2026-12-01 23:59:00", **kw),
    "moodle": lambda grades, **kw: moodle_csv(
        grades, table(WORKSHEET), PARTICIPANTS, {g.student.id: g.student.name for g in grades}, **kw
    ),
}
each_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


@each_writer
@given(name=names, reason=names)
def test_a_name_or_a_reason_is_never_a_formula_and_never_breaks_a_row(write, name, reason):
    hostile = Student("s001", name, name)
    text = write([grade(hostile, marked(file=name, notes=[name]), overrides={"loss": Override(1.0, reason)})])
    assert not [cell for line in lines(text) for cell in line if is_formula(cell)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_kept_as_it_is_but_for_an_apostrophe_and_its_line_breaks(name):
    (_, row) = lines(grades_csv([grade(Student("s001", name), marked())]))
    kept = name.replace("\r\n", "\n").replace("\r", "\n")
    assert as_it_was(row[1]) == kept
    assert row[1].replace("'", "") == kept.replace("'", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_the_names_in_a_worksheet_of_moodle_are_no_formulas_either(name):
    quoted = name.replace('"', '""').replace("\x00", "")
    worksheet = table(f'Identifier,Full name,Grade,Last modified (grade)\nParticipant 10,"{quoted}",,-\n')
    row = lines(moodle_csv(GRADES, worksheet, PARTICIPANTS, {}))[1]
    assert [is_formula(cell) for cell in row] == [False] * 4
    assert row[3] == "-"


@each_writer
def test_an_anonymous_file_has_no_name_no_address_and_no_file(write):
    named, anonymous = write(GRADES[:2]), write(GRADES[:2], anonymous=True)
    secrets = ("Lovelace", "Stone", "stone's", "@school")
    assert [s for s in secrets if s in named]
    assert len(lines(anonymous)) == len(lines(named))
    if write is not WRITERS["moodle"]:
        assert not [s for s in secrets if s in anonymous]


@each_writer
def test_marks_remembered_from_an_earlier_run_give_the_same_bytes(write):
    assert write(GRADES) == write([remembered(one) for one in GRADES])


# ── Canvas ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_canvas(text: str) -> tuple[str, str, dict[str, str]]:
    """Canvas's importer: the assignment, its points, and each student's grade by ID.

    The first heading contains Student, the second ID; SIS User ID and SIS Login ID may follow; the last information
    column contains Section. A row whose first cell contains Points Possible is no student's.
    """
    header, points, *rows = lines(text)
    assert "Student" in header[0]
    assert "ID" in header[1]
    last = 2
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        last = 3
    elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
        last = 4
    assert "Section" in header[last]
    (assignment,) = header[last + 1 :]
    assert "Points Possible" in points[0]
    assert re.fullmatch(r"[0-9.,]+", points[-1])
    grades = {}
    for row in rows:
        assert row[1].isdecimal()
        assert "Points Possible" not in row[0]
        assert row[-1] == "" or re.fullmatch(r"-?[0-9.,]+", row[-1])
        assert row[1] not in grades
        grades[row[1]] = row[-1]
    return assignment, points[-1], grades


def test_canvas_gets_its_own_columns_a_row_of_points_and_a_grade_for_each_id():
    text = canvas_csv(GRADES, "Homework 1 (345)", canvas_people(*CLASS))
    assert read_canvas(text) == ("Homework 1 (345)", "12.5", {"9001": "9", "9002": "12.5", "9003": ""})
    assert text.startswith(
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (345)\n    Points Possible,,,,,12.5\n"
    )


def test_whoever_canvas_is_not_known_to_know_is_left_out():
    _, _, grades = read_canvas(canvas_csv(GRADES, "Homework 1", canvas_people(ADA)))
    assert list(grades) == ["9001"]


def test_a_teachers_own_mark_goes_into_canvas_without_a_file():
    own = grade(EVE, overrides={"forward": Override(4.0, "on paper")})
    assert read_canvas(canvas_csv([own], "Homework 1", canvas_people(EVE)))[2] == {"9001": "4"}


def test_an_export_of_canvas_tells_who_is_who():
    people = canvas_ids(table(EXPORT))
    assert people["9001"] == CanvasIds("Lovelace, Ada", "9001", "s001", "ada", "A and B")
    assert list(people) == ["9001", "9002", "9003", "9999"]


def test_an_export_with_last_and_first_names_apart():
    text = "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section\nLovelace,Ada,9001,s001,ada,A\n"
    assert canvas_ids(table(text))["9001"].student == "Lovelace, Ada"


def test_an_export_with_one_id_twice_is_refused():
    with pytest.raises(FileError, match="line 3: the ID 7 appears twice"):
        canvas_ids(table("Student,ID,Section\nA,7,B\nC,7,B\n"))


def test_another_table_is_no_export_of_canvas():
    with pytest.raises(FileError, match="is not a Canvas gradebook"):
        canvas_ids(table(WORKSHEET))


@pytest.mark.parametrize(
    ("title", "heading"),
    [("Homework 1", "Homework 1 (345)"), ("Homework 1 (345)", "Homework 1 (345)"), ("Homework", "Homework")],
)
def test_the_heading_that_canvas_knows_is_used(title, heading):
    assert canvas_title(table(EXPORT), title) == heading


def test_two_headings_for_one_title_are_not_guessed():
    two = "Student,ID,Section,Homework 1 (345),Homework 1 (678)\nA,1,B,,\n"
    with pytest.raises(FileError, match=r"Homework 1 \(345\), Homework 1 \(678\)"):
        canvas_title(table(two), "Homework 1")
    assert canvas_title(table(two), "Homework 1 (678)") == "Homework 1 (678)"


# ── Moodle ────────────────────────────────────────────────────────────────────────────────────────────────────────

# identifier, its values, grade, last modified, feedback, decimal separator; as language packs and downloaded files have
LANGUAGES = {
    "en": ("Identifier", "Participant ", "Grade", "Last modified (grade)", "Feedback comments", "."),
    "de": ("ID", "Teilnehmer/in", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar", ","),
    "fr": ("Identifiant", "Participant", "Note", "Dernière modification (note)", "Feedback par commentaires", ","),
    "es": (
        "Identificador",
        "Participante ",
        "Calificación",
        "Última modificación (calificación)",
        "Comentarios de retroalimentación",
        ",",
    ),
    "it": ("Identificativo", "Partecipante", "Valutazione", "Ultima modifica (valutazione)", "Commenti", ","),
    "nl": ("Identificatie", "Deelnemer ", "Beoordeling", "Laatst gewijzigd (beoordeling)", "Feedback", ","),
    "pt": ("Identificador", "Participante ", "Nota", "Última modificação (nota)", "Comentários de feedback", ","),
    "sv": ("Identifierare", "Deltagare ", "Betyg", "Senast ändrad (betyg)", "Återkopplingskommentarer", ","),
    "ja": ("ID", "参加者", "評点", "最終更新日時 (評定)", "フィードバックコメント", "."),
}


def moodle_imports(
    text: str, language: str, users: Mapping[int, float | None], most: float
) -> tuple[dict[int, float], dict[int, str]]:
    """Moodle's importer: new grades and feedback by participant; columns by their names, commas, UTF-8.

    A grade is skipped where it is blank, as it was, or out of range. Last modified has to be there.
    """
    identifier, prefix, grade_name, modified, feedback_name, point = LANGUAGES[language]
    header, *rows = lines(text)
    for column in (identifier, grade_name, modified):
        assert header.count(column) == 1
    grades, feedback = {}, {}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        number = int(cells[identifier][len(prefix) :])
        given = cells[grade_name].replace(" ", "").replace(point, ".")
        if given and float(given) != users[number] and 0 <= float(given) <= most:
            grades[number] = float(given)
        if cells.get(feedback_name):
            feedback[number] = cells[feedback_name]
    return grades, feedback


def worksheet_in(language: str, *, commented: bool = True) -> str:
    identifier, prefix, grade_name, modified, feedback, point = LANGUAGES[language]
    most = f'"12{point}50"'
    head = [identifier, "B", "C", grade_name, "D", "E", modified, *([feedback] if commented else [])]
    tail = "," if commented else ""
    rows = [f"{prefix}{number},{name},s,,{most},Y,-{tail}" for number, name in ((12, "Eve"), (10, "Ada"), (11, "Bob"))]
    return "\n".join([",".join(head), *rows]) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worksheet_is_filled_in_in_the_sites_language(language):
    text = moodle_csv(GRADES, table(worksheet_in(language)), PARTICIPANTS, {"s001": "a < b"})
    grades, feedback = moodle_imports(text, language, {10: None, 11: None, 12: None}, 12.5)
    assert grades == {10: 9.0, 11: 12.5}
    assert feedback == {10: "<p>a &lt; b</p>"}


def test_a_worksheet_with_decimal_commas_gets_decimal_commas():
    german = lines(moodle_csv(GRADES, table(worksheet_in("de")), PARTICIPANTS, {}))
    english = lines(moodle_csv(GRADES, table(worksheet_in("en")), PARTICIPANTS, {}))
    assert (german[3][3], english[3][3]) == ("12,5", "12.5")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_column_of_feedback_last_modified_is_left_alone(language):
    text = moodle_csv(GRADES, table(worksheet_in(language, commented=False)), PARTICIPANTS, {"s001": "well done"})
    assert [line[-1] for line in lines(text)[1:]] == ["-", "-", "-"]


def test_everything_else_in_the_worksheet_stays_as_it_was_in_its_order():
    before, after = lines(WORKSHEET), lines(moodle_csv(GRADES, table(WORKSHEET), PARTICIPANTS, {}))
    grade_column = before[0].index("Grade")
    assert [line.pop(grade_column) for line in after] == ["Grade", "", "9", "12.5"]
    for line in before:
        del line[grade_column]
    assert after == before


def test_feedback_is_plain_text_as_html():
    said = "one & <two>\nthree\n\nfour"
    text = moodle_csv(GRADES, table(WORKSHEET), PARTICIPANTS, {"s001": said})
    assert lines(text)[2][-1] == "<p>one &amp; &lt;two&gt;<br>three</p><p>four</p>"


@given(said=st.text(max_size=60))
def test_feedback_of_any_text_holds_no_tag_but_paragraphs_and_breaks(said):
    class Tags(HTMLParser):
        seen: set[str] = set()  # noqa: RUF012

        def handle_starttag(self, tag, attrs):
            self.seen.add(tag)
            assert not attrs

    text = moodle_csv(GRADES, table(WORKSHEET), PARTICIPANTS, {"s001": f"<b>{said}"})
    parser = Tags()
    parser.feed(lines(text)[2][-1])
    assert parser.seen <= {"p", "br"}


def test_two_students_with_one_participant_get_nothing():
    both = {"s001": "Participant 10", "s002": "10", "s003": "12"}
    text = moodle_csv(GRADES[:2], table(WORKSHEET), both, {})
    assert [line[4] for line in lines(text)[1:]] == ["", "", "3.00"]


def test_an_anonymous_worksheet_keeps_what_moodle_reads():
    _, ada, _ = lines(moodle_csv(GRADES, table(WORKSHEET), PARTICIPANTS, {}, anonymous=True))[1:]
    assert ada == ["Participant 10", "", "", "", "9", "12.50", "Yes", "Monday, 1 December 2026, 9:00 PM", "-", ""]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Name,Group\nAda,A\n", "needs a column Grade"),
        ("Identifier,Grade,Grade\nParticipant 1,,\n", "two columns headed 'Grade'"),
    ],
)
def test_what_is_no_worksheet_is_refused(text, says):
    with pytest.raises(FileError, match=says):
        moodle_csv(GRADES, table(text), {}, {})


def test_another_maximum_in_moodle_is_told():
    assert moodle_remarks(table(WORKSHEET), 12.5) == []
    (said,) = moodle_remarks(table(WORKSHEET), 20.0)
    assert said.startswith("the maximum in Moodle is 12.5, but the points here are out of 20;")


# ── nbgrader ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nbgrader_gets_the_columns_of_its_own_export():
    header, *rows = lines(nbgrader_csv(GRADES, "hw1, part a", "2026-12-01 23:59:00"))
    assert ",".join(header) == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,"
        "max_score"
    )
    ada, bob, eve = (dict(zip(header, row, strict=True)) for row in rows)
    assert (ada["assignment"], ada["last_name"], ada["first_name"]) == ("hw1, part a", "Lovelace", "Ada")
    for row, (raw, late) in zip((ada, bob, eve), ((10.0, 1.0), (12.5, 0.0), (0.0, 0.0)), strict=True):
        assert (float(row["raw_score"]), float(row["late_submission_penalty"])) == (raw, late)
        assert float(row["score"]) == max(0.0, raw - late)
        assert float(row["max_score"]) == 12.5
    assert eve["timestamp"] == ""


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [("Stone, Bob A.", "Stone", "Bob A."), ("Plato", "Plato", ""), ("", "", ""), ("Ada King Noel", "Noel", "Ada King")],
)
def test_a_name_is_cut_at_its_comma_else_before_its_last_word(name, last, first):
    _, row = lines(nbgrader_csv([grade(Student("s1", name))], "hw1", ""))
    assert (row[4], row[5]) == (last, first)


# ── Gradescope ────────────────────────────────────────────────────────────────────────────────────────────────────

FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip


def read_gradescope(text: str) -> dict[str, object]:
    """results.json by Gradescope's specification: no NaN, known keys, each of its kind."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    results = json.loads(text, parse_constant=refuse)
    assert set(results) <= TOP
    assert isinstance(results["score"], (int, float))
    assert {results["visibility"], results["stdout_visibility"]} <= VISIBILITIES
    assert results["output_format"] in FORMATS
    for test in results["tests"]:
        assert set(test) <= TEST
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in VISIBILITIES
        assert {test["output_format"], test["name_format"]} <= FORMATS
        assert all(isinstance(test[key], str) for key in ("name", "number", "output"))
        assert all(isinstance(test[key], (int, float)) for key in ("score", "max_score"))
    return results


def test_gradescope_gets_a_test_for_each_question_and_the_total_after_lateness():
    results = read_gradescope(gradescope_results(GRADES[0], body_markdown="# h\\_2"))
    told = [(t["name"], t["number"], t["score"], t["max_score"], t["status"], t["output"]) for t in results["tests"]]
    assert told == [
        ("forward", "1", 7.5, 10.0, "failed", "3 right; 1 wrong"),
        ("loss", "2", 2.5, 2.5, "passed", "3 right"),
    ]
    assert (results["score"], results["output"], results["visibility"]) == (9.0, "# h\\_2", "visible")


def test_hidden_hides_all_of_it():
    results = read_gradescope(gradescope_results(GRADES[0], body_markdown="", hidden=True))
    assert {results["visibility"], *(t["visibility"] for t in results["tests"])} == {"hidden"}


def test_no_number_that_json_lacks_is_ever_written():
    broken = grade(ADA, overrides={"loss": Override(float("nan"), "")})
    with pytest.raises(ValueError, match="JSON"):
        gradescope_results(broken, body_markdown="")


@given(reason=names, body=names)
def test_any_reason_and_any_page_are_valid_for_gradescope(reason, body):
    own = grade(ADA, marked(), overrides={"loss": Override(1.0, reason)})
    results = read_gradescope(gradescope_results(own, body_markdown=body))
    assert results["output"] == body
    assert "\n" not in results["tests"][1]["output"]
    assert "<" not in results["tests"][1]["output"].replace("\\<", "")


# ── who is who ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_export_of_canvas_is_matched_by_its_sis_ids():
    assert match_ids(CLASS, table(EXPORT)) == ({"9001": "s001", "9002": "s002", "9003": "s003"}, [])


def test_a_worksheet_of_moodle_is_matched_by_its_addresses_to_the_numbers_of_its_participants():
    assert match_ids(CLASS, table(WORKSHEET)) == ({"10": "s001", "11": "s002", "12": "s003"}, [])


def test_a_list_of_participants_is_matched_to_full_names_as_moodles_folders_are_called():
    text = "First name,Last name,ID number,Email address\nAda,Lovelace,s001,\nBob,Stone,,S002@SCHOOL.example\n"
    assert match_ids(CLASS[:2], table(text)) == ({"Ada Lovelace": "s001", "Bob Stone": "s002"}, [])


@pytest.mark.parametrize("head", ["system,roster\n", ""])
def test_two_columns_are_taken_as_they_are_with_and_without_headings(head):
    text = f"{head}9001,s001\nParticipant 7,s002\nx,nobody\n9003,s003\n9003,s001\n"
    matched, problems = match_ids(CLASS, table(text))
    assert matched == {"9001": "s001", "Participant 7": "s002"}
    number = 4 if head else 3
    assert problems == [
        f"line {number}: there is no student 'nobody' in the roster.",
        "'9003' is given to several students: s001, s003.",
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('"Lovelace, Ada",1,s001,,A', "an id"),
        ('"X, Y",1,,S001,A', "a login in other letters"),
        ('"X, Y",1,,S001@school.example,A', "an address as login"),
        ('"X, Y",s001,,,A', "Canvas's ID is the roster's"),
        ("Ada Lovelace,1,,,A", "a name"),
        ('"Lovelace, Ada",1,,,A', "a name, last name first"),
        ('"LOVELACE,  ada",1,,,A', "a name in other letters"),
    ],
)
def test_a_line_of_canvas_is_matched_by(row, why):
    header = "Student,ID,SIS User ID,SIS Login ID,Section\n"
    matched, problems = match_ids([ADA], table(header + row + "\n"))
    assert list(matched.values()) == ["s001"], why
    assert problems == []


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('"Doe, Jo",1,,,A\n"Doe, Jo",2,,,A', "its name fits several students or several lines"),
        ('"Lovelace, Ada",1,s002,,A', "belong to different students: s001, s002"),
        ('"X, Y",1,s001,s002@school.example,A', "belong to different students: s001, s002"),
        ('"X, Y",1,s001,,A\n"Z, W",2,,s001,A', "s001 could be any of these: line 2, line 3"),
        ('"Roe, Al",1,,,A', "line 2: its name fits several students or several lines (s005, s006)"),
        ('"X, Y",1,,,A', "line 2: nobody in the roster has its id, login, address or name"),
    ],
)
def test_what_is_ambiguous_or_unmatched_is_told_and_never_guessed(rows, says):
    class_ = [*CLASS, student(4, "Jo Doe"), student(5, "Al Roe"), student(6, "Al Roe")]
    header = "Student,ID,SIS User ID,SIS Login ID,Section\n"
    matched, problems = match_ids(class_, table(header + rows + "\n"))
    assert matched == {}
    assert [p for p in problems if says in p]


def test_two_students_of_one_name_are_told_apart_by_nothing_but_ids():
    twins = [student(1, "Jo Doe"), student(2, "Jo Doe")]
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Doe, Jo",7,,,A\n"Doe, Jo",8,s002,,A\n'
    matched, problems = match_ids(twins, table(text))
    assert matched == {"8": "s002"}
    assert len(problems) == 2


def test_one_participant_on_two_lines_is_nobodys():
    twice = WORKSHEET.replace("Participant 11", "Participant 10")
    matched, problems = match_ids(CLASS, table(twice))
    assert matched == {"12": "s003"}
    assert problems == ["line 3: its id '10' appears twice.", "line 4: its id '10' appears twice."]


def test_an_id_tells_apart_two_students_of_one_name_where_only_one_is_there():
    twins = [student(1, "Jo Doe"), student(2, "Jo Doe")]
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Doe, Jo",8,s002,,A\n'
    assert match_ids(twins, table(text))[0] == {"8": "s002"}


def test_no_problem_says_a_name():
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Stranger, Sam",7,,sam@x.example,A\n'
    _, problems = match_ids(CLASS, table(text))
    assert len(problems) == 4
    assert not [p for p in problems if re.search("Sam|Stranger|Ada|Bob|Eve|@", p)]


def test_a_table_that_tells_nobodys_ids_is_refused():
    with pytest.raises(FileError, match="has no ids"):
        match_ids(CLASS, table("colour,size,weight\nred,1,2\n"))


@st.composite
def exports(draw) -> tuple[list[Student], dict[str, str], str]:
    """A roster whose names repeat, who each line of Canvas's export truly is, and the export, with much of it blank."""
    some = st.sampled_from(["Jo Doe", "Jo Roe", "Al Doe", "Doe Jo", ""])
    students = [student(i, draw(some)) for i in range(draw(st.integers(1, 6)))]
    truth, rows = {}, []
    for i, one in draw(st.permutations(list(enumerate(students)))):
        first, _, last = one.name.partition(" ")
        shown = draw(st.sampled_from([one.name, f"{last}, {first}" if one.name else "", ""]))
        sis, login = draw(st.sampled_from([one.id, ""])), draw(st.sampled_from([one.email.upper(), ""]))
        truth[str(9000 + i)] = one.id
        rows.append(f'"{shown}",{9000 + i},{sis},{login},A')
    return students, truth, "\n".join(["Student,ID,SIS User ID,SIS Login ID,Section", *rows]) + "\n"


@given(drawn=exports())
def test_nobody_is_ever_taken_for_another_and_whoever_has_an_id_or_address_is_found(drawn):
    students, truth, text = drawn
    matched, _ = match_ids(students, table(text))
    assert matched.items() <= truth.items()
    certain = {row.split('",')[1].split(",")[0] for row in text.splitlines()[1:] if re.search(r"s0\d\d|S0\d\d", row)}
    names_of = {s.id: s.name for s in students}
    alone = [i for i in certain if list(names_of.values()).count(names_of[truth[i]]) == 1]
    assert set(alone) <= set(matched)


# ── all systems at once ───────────────────────────────────────────────────────────────────────────────────────────


def test_each_table_of_a_teacher_gives_the_file_of_its_system():
    tables = [table(EXPORT), table("system,roster\n5,s001\n"), table(WORKSHEET)]
    ids = {k: v for one in tables for k, v in match_ids(CLASS, one)[0].items()}
    files = system_files(GRADES, "Homework 1", tables, ids)
    assert list(files) == ["canvas.csv", "moodle.csv"]
    assert read_canvas(files["canvas.csv"])[2] == {"9001": "9", "9002": "12.5", "9003": ""}
    grades, feedback = moodle_imports(files["moodle.csv"], "en", {10: None, 11: 3.0, 12: None}, 12.5)
    assert grades == {10: 9.0, 11: 12.5}
    assert feedback[10].startswith("<p>9 of 12.5 points.<br>forward: 7.5 of 10 (3 right; 1 wrong)<br>")
    assert set(POSSIBLE) == {"forward", "loss"}
