"""Who is in the class: a roster as teachers have it, and names of files that every system takes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from rnncalc.errors import FileError

_ID = (
    "id", "student id", "studentid", "sid", "id number", "student number", "sis user id", "user id", "userid",
    "username", "user name", "login", "login id", "sis login id", "netid", "orgdefinedid", "matriculation number",
)  # fmt: skip
_NAME = ("name", "student", "student name", "full name", "fullname", "display name")
_FIRST = ("first name", "firstname", "given name", "first")
_LAST = ("last name", "lastname", "surname", "family name", "last")
_EMAIL = ("email", "e-mail", "email address", "mail", "e mail")
_LONGEST_NAME = 60
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{i}" for port in ("COM", "LPT") for i in range(10))}
_MOST = 100_000


class Student(NamedTuple):
    """One student: an id that nobody else has, a name, an address."""

    id: str
    name: str = ""
    email: str = ""


class Table(NamedTuple):
    """A CSV file that was read: its columns as they are headed, its rows with their line numbers, and what stands
    between the columns."""

    file: str
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    delimiter: str = ","
    too_long: frozenset[int] = frozenset()
    """The lines that have something after the last column."""

    def column(self, spellings: Sequence[str]) -> str | None:
        """The column headed by one of these spellings, the first of them that there is."""
        known = {_plain(column): column for column in reversed(self.columns)}
        return next((known[s] for s in spellings if s in known), None)


def read_csv(content: bytes, file: str) -> Table:
    """Read a table with headings: commas, semicolons or tabs; UTF-8, UTF-16 or Latin-1.

    Raises FileError where it is none.
    """
    text = _text(content, file)
    first = text.lstrip().splitlines()[0] if text.strip() else ""
    if not first:
        raise FileError(f"{file} is empty; it needs a line of headings and a line for each student.")
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileError(f"{file} is no CSV that can be read: {error}.") from None
    headings = next(i for i, line in enumerate(lines) if any(cell.strip() for cell in line))
    columns = [cell.strip() for cell in lines[headings]]
    rows = [
        (number, dict(zip(columns, (cell.strip() for cell in line), strict=False)))
        for number, line in enumerate(lines[headings + 1 :], headings + 2)
        if any(cell.strip() for cell in line)
    ]
    if len(rows) > _MOST:
        raise FileError(f"{file} has {len(rows):,} lines; a class has up to {_MOST:,}.")
    too_long = (
        number
        for number, line in enumerate(lines[headings + 1 :], headings + 2)
        if any(cell.strip() for cell in line[len(columns) :])
    )
    return Table(file, columns, rows, delimiter, frozenset(too_long))


def read_roster(content: bytes, file: str) -> list[Student]:
    """The students of a roster, in its order. Raises FileError for one without ids, or with one id twice."""
    table = read_csv(content, file)
    id_column, email = table.column(_ID), table.column(_EMAIL)
    if id_column is None:
        raise FileError(
            f"{file} has no column of ids; its columns are {', '.join(table.columns)}, and one should be headed id."
        )
    students: dict[str, Student] = {}
    for number, row in table.rows:
        name = _name(table, row)
        if name.casefold() == "points possible" or row.get(table.columns[0], "").casefold() == "points possible":
            continue  # Canvas's second line
        student = Student(row.get(id_column, ""), name, row.get(email, "") if email else "")
        if not student.id:
            raise FileError(f"{file}, line {number}: {student.name or 'a student'} has no id.")
        if student.id in students:
            raise FileError(f"{file}, line {number}: the id {student.id} is there twice.")
        students[student.id] = student
    if not students:
        raise FileError(f"{file} has no students below its line of headings.")
    return list(students.values())


def _name(table: Table, row: dict[str, str]) -> str:
    whole = table.column(_NAME)
    if whole is not None and row.get(whole):
        return row[whole]
    parts = [row.get(column, "") for column in (table.column(_FIRST), table.column(_LAST)) if column is not None]
    return " ".join(part for part in parts if part)


def _plain(heading: str) -> str:
    return " ".join(heading.replace("_", " ").casefold().split())


def _text(content: bytes, file: str) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if "\x00" in text:
        raise FileError(f"{file} is no text; save the roster as CSV.")
    return text


def safe_names(students: Iterable[Student]) -> dict[str, str]:
    """A name for a file of each student, by id: one that every system takes, and no two alike in any."""
    plain = {s.id: re.sub(r"[^A-Za-z0-9_-]+", "_", s.id)[:_LONGEST_NAME].strip("_") for s in students}
    alike = Counter(name.casefold() for name in plain.values())
    return {
        student_id: name
        if name == student_id and name.upper() not in _RESERVED and alike[name.casefold()] == 1
        else f"{name}-{hashlib.sha256(student_id.encode()).hexdigest()[:8]}".lstrip("-")
        for student_id, name in plain.items()
    }


def students_file(assignment: Path) -> Path:
    """Where the students of an assignment are kept: hw1.students.csv beside hw1.toml."""
    return assignment.with_name(f"{assignment.stem}.students.csv")
