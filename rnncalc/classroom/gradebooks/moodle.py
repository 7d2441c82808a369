"""Moodle: the offline grading worksheet that a teacher downloaded, with grades and feedback filled in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from rnncalc.classroom.grade_records import Grade
from rnncalc.classroom.points_in_words import is_marked, points_text
from rnncalc.classroom.tables import Table
from rnncalc.errors import FileError
from rnncalc.io.csv_text import write_csv
from rnncalc.render.html_text import cell

IDENTIFIERS = ("identifier", "id", "identifiant", "identificador", "identificativo", "identificatie")
GRADES = (
    "grade", "bewertung", "note", "calificación", "valutazione", "voto", "cijfer", "beoordeling", "nota", "avaliação",
    "classificação",
)  # fmt: skip
_FEEDBACK = (
    "feedback comments", "feedback als kommentar", "feedback par commentaires", "comentarios de retroalimentación",
    "commenti", "commenti di feedback", "feedback", "comentários de feedback",
)  # fmt: skip
_PARTICIPANT = re.compile(r"(\D*[^\W\d_]\D*)(\d+)")


def moodle_csv(
    grades: Sequence[Grade],
    worksheet: Table,
    participants: Mapping[str, str],
    feedback: Mapping[str, str],
    *,
    anonymous: bool = False,
) -> str:
    """The teacher's worksheet with its grades, and its feedback comments where it has a column for them.

    ``participants``: the roster's ids with Moodle's identifiers ("Participant 123", or the number alone);
    ``feedback``: plain text by the roster's id. Rows of others, and of whoever has no mark, stay as they are, as do all
    other columns: Moodle compares "Last modified" with its own. ``anonymous`` blanks what stands between identifier and
    grade, which Moodle does not read. Raises FileError for what is no such worksheet.

    Columns are found in any language: the identifier is the first column of a word and a number that all begin alike,
    else the first; the grade is headed as in English, German, French, Spanish, Italian, Dutch or Portuguese, else it
    stands before the last column that holds one and the same number in every row, which is the maximum. The feedback
    is headed likewise, else it is the last column, if that is blank somewhere: "Last modified", which may be the last
    as well, never is.
    """
    identifier, graded, commented = _columns(worksheet)
    comma = any(re.fullmatch(r"\d+,\d+", cell) for _, row in worksheet.rows for cell in row.values())
    marked = {grade.student.id: grade for grade in grades if is_marked(grade)}
    numbers = {student: participant_number(named) for student, named in participants.items()}
    count = Counter(numbers.values())
    owner = {number: student for student, number in numbers.items() if count[number] == 1}
    before_grade = worksheet.columns[: worksheet.columns.index(graded)]
    names = {column for column in before_grade if column != identifier} if anonymous else set()
    lines = [worksheet.columns]
    for _, row in worksheet.rows:
        cells = {column: "" if column in names else row.get(column, "") for column in worksheet.columns}
        grade = marked.get(owner.get(participant_number(cells[identifier]), ""))
        if grade is not None:
            cells[graded] = points_text(grade.total).replace(".", "," if comma else ".")
            if commented is not None and feedback.get(grade.student.id):
                cells[commented] = as_html(feedback[grade.student.id])
        lines.append(list(cells.values()))
    return write_csv(lines)


def moodle_remarks(worksheet: Table, out_of: float) -> list[str]:
    """What to say of a worksheet whose maximum is another than the assignment's: Moodle does not scale."""
    maximum = _maximum_column(worksheet)
    if maximum is None:
        return []
    most = _number(worksheet.rows[0][1][worksheet.columns[maximum]])
    if most is None or most == out_of:
        return []
    here = points_text(out_of)
    differs = f"the maximum in Moodle is {points_text(most)}, but the points here are out of {here}"
    return [f"{differs}; set it to {here}, because Moodle does not rescale points and skips those above its maximum."]


def participant_number(identifier: str) -> str:
    """The number of an identifier, which is all that Moodle reads of it: 123 of "Participant 123"."""
    number = re.search(r"\d+$", identifier.strip())
    return number[0] if number else identifier.strip()


def identifier_column(table: Table) -> str | None:
    """The first column in which every row is a word and a number, and all begin alike."""
    for column in table.columns:
        matches = [_PARTICIPANT.fullmatch(row.get(column, "")) for _, row in table.rows]
        if matches and len({match and match[1] for match in matches}) == 1 and matches[0] is not None:
            return column
    return None


def is_worksheet(table: Table) -> bool:
    """Whether a table is a grading worksheet, which begins with its identifiers."""
    first = table.columns[0]
    named = table.column(IDENTIFIERS) == first or table.column(GRADES) is not None
    return len(table.columns) > 2 and identifier_column(table) == first and named


def as_html(text: str) -> str:
    """Plain text as the HTML that Moodle stores: a paragraph for each, a break for each line."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return "".join(f"<p>{'<br>'.join(map(cell, p.split(chr(10))))}</p>" for p in paragraphs)


def _columns(worksheet: Table) -> tuple[str, str, str | None]:
    repeated = {c for c in worksheet.columns if worksheet.columns.count(c) > 1}
    if repeated:
        raise FileError(f"{worksheet.file} has two columns headed {min(repeated)!r}; rename one of them.")
    identifier = identifier_column(worksheet) or worksheet.columns[0]
    grade = worksheet.column(GRADES)
    maximum = _maximum_column(worksheet)
    if grade is None and maximum is not None and maximum > 1:
        grade = worksheet.columns[maximum - 1]
    if grade is None:
        raise FileError(
            f"{worksheet.file} is not a Moodle grading worksheet: it needs a column Grade, but its columns are "
            f"{', '.join(worksheet.columns)}. Moodle offers the grading worksheet if the assignment allows offline "
            "grading worksheets."
        )
    last = worksheet.columns[-1]
    is_feedback = last not in (identifier, grade) and any(not row.get(last) for _, row in worksheet.rows)
    return identifier, grade, worksheet.column(_FEEDBACK) or (last if is_feedback else None)


def _maximum_column(worksheet: Table) -> int | None:
    """The place of the last column with one and the same number in every row."""
    for place in reversed(range(1, len(worksheet.columns))):
        numbers = {_number(row.get(worksheet.columns[place], "")) for _, row in worksheet.rows}
        if len(numbers) == 1 and None not in numbers:
            return place
    return None


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if re.fullmatch(r"\d+([.,]\d+)?", text) else None
