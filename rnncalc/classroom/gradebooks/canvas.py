"""Canvas: the gradebook that it imports, with the students as its own export knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rnncalc.classroom.grade_records import Grade
from rnncalc.classroom.points_in_words import is_marked, points_text
from rnncalc.classroom.roster import is_canvas_export
from rnncalc.classroom.tables import Table
from rnncalc.errors import FileError
from rnncalc.io.csv_text import write_csv

_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POINTS_POSSIBLE = "    Points Possible"


class CanvasIds(NamedTuple):
    """A student as Canvas knows them."""

    student: str
    id: str
    sis_user: str = ""
    sis_login: str = ""
    section: str = ""


def canvas_ids(table: Table) -> dict[str, CanvasIds]:
    """The students of a gradebook that Canvas exported, by Canvas's own id.

    Raises FileError for another table, and where an id is there twice.

    ``match_ids`` says which student of the roster each of them is.
    """
    if not is_canvas_export(table):
        raise FileError(f"{table.file} is not a Canvas gradebook: its first columns need to be Student and ID.")
    ids: dict[str, CanvasIds] = {}
    for number, row in table.rows:
        one, student = row.get("ID", ""), row[table.columns[0]]
        if not one:
            continue
        if one in ids:
            raise FileError(f"{table.file}, line {number}: the ID {one} appears twice.")
        if table.columns[0] == "LastName":
            student = f"{student}, {row.get('FirstName', '')}"
        ids[one] = CanvasIds(student, one, *(row.get(column, "") for column in _COLUMNS[2:]))
    return ids


def canvas_title(table: Table, title: str) -> str:
    """The heading under which Canvas knows an assignment: ``Title (digits)`` if its export has one, else the title.

    Canvas makes a new assignment of a title that it does not know. Raises FileError where two headings fit.
    """
    fitting = [c for c in table.columns if c == title or re.fullmatch(rf"{re.escape(title)} \(\d+\)", c)]
    if title in fitting or not fitting:
        return title
    if len(fitting) > 1:
        raise FileError(
            f"{table.file} has several columns for {title}: {', '.join(fitting)}. Use one of them as the title."
        )
    return fitting[0]


def canvas_csv(grades: Sequence[Grade], title: str, ids: Mapping[str, CanvasIds], *, anonymous: bool = False) -> str:
    """A gradebook for Canvas with one assignment; ``ids`` by the roster's id, ``title`` as ``canvas_title`` has it.

    Who has no Canvas id is left out, as Canvas would guess by the name. Who has no mark has a blank, to which Canvas
    applies its own policy for missing work. ``anonymous`` leaves Canvas's id alone to tell who is who.
    """
    out_of = points_text(grades[0].out_of) if grades else "0"
    rows: list[list[object]] = [[*_COLUMNS, title], [_POINTS_POSSIBLE, "", "", "", "", out_of]]
    for grade in grades:
        who = ids.get(grade.student.id)
        if who is None or not who.id:
            continue
        known = [who.id, who.id, "", "", who.section] if anonymous else list(who)
        rows.append([*known, points_text(grade.total) if is_marked(grade) else ""])
    return write_csv(rows)
