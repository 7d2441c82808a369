"""Who is in the class: a roster as teachers have it, and names of files that every system takes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from rnncalc.classroom.tables import Table, plain_heading, read_table
from rnncalc.errors import FileError
from rnncalc.io.suggest import did_you_mean

IDS = (
    "id", "student id", "studentid", "sid", "id number", "idnumber", "student number", "sis user id",
    "orgdefinedid", "user id", "userid", "username", "user name", "login", "login id", "sis login id", "netid",
    "matriculation number",
    "id-nummer", "matrikelnummer", "benutzername", "anmeldename", "numéro d'identification", "nom d'utilisateur",
    "número de id", "número de identificación", "nombre de usuario", "numero id", "codice identificativo",
    "gebruikersnaam", "número de identificação", "identificação de usuário", "nome de utilizador",
)  # fmt: skip
NAMES = (
    "full name", "fullname", "name", "student", "student name", "user full name", "display name", "vollständiger name",
    "nom complet", "nombre completo", "nome completo", "volledige naam",
)  # fmt: skip
FIRST_NAMES = ("first name", "firstname", "given name", "first", "vorname", "prénom", "nombre", "nome", "voornaam")
LAST_NAMES = (
    "last name", "lastname", "surname", "family name", "last", "nachname", "nom de famille", "nom", "apellido(s)",
    "apellidos", "cognome", "achternaam", "apelido", "sobrenome", "name",
)  # fmt: skip
"""Headings as systems write them, in the languages that they write in; ``name`` beside a first name is the last."""
_EMAILS = (
    "email", "e-mail", "email address", "mail", "e mail", "e-mail-adresse", "e-mail address", "adresse de courriel",
    "courriel", "dirección de correo", "dirección email", "correo electrónico", "indirizzo email", "e-mailadres",
    "endereço de email", "endereço de e-mail",
)  # fmt: skip
_ROLES = ("role", "roles")
_STUDENT = "student"
_CANVASS_OWN = ("", "points possible", "manual posting", "muted")
"""What stands first in the lines that Canvas puts above its students, none of which has an ID."""
TEST_STUDENTS = ("student, test", "test student")
"""Nobody: the student view of a teacher in Canvas."""
_LONGEST_NAME = 60
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{i}" for port in ("COM", "LPT") for i in range(10))}


class Student(NamedTuple):
    """One student: an id that nobody else has, a name, an address."""

    id: str
    name: str = ""
    email: str = ""


def is_canvas_export(table: Table) -> bool:
    """Whether a table is headed as Canvas heads its gradebook."""
    names = [*table.columns, "", "", ""]
    return ("Student" in names[0] and "ID" in names[1]) or names[:3] == ["LastName", "FirstName", "ID"]


def read_roster(
    content: bytes, file: str, *, id_column: str | None = None, name_column: str | None = None
) -> list[Student]:
    """The students of a roster, in its order; ``id_column`` and ``name_column`` are headings that someone chose.

    Without one, an id is what stands first in the columns of ids, or else the address. Raises FileError for a roster
    without ids, or with one id twice.
    """
    table = read_table(content, file)
    emails = table.all_columns(_EMAILS)
    ids = table.all_columns((*IDS, *_EMAILS)) if id_column is None else [_chosen(table, id_column)]
    if not ids:
        raise FileError(
            f"{file} has no column of ids; its columns are {', '.join(filter(None, table.columns))}. Give one of "
            "them the heading id."
        )
    named = None if name_column is None else _chosen(table, name_column)
    students: dict[str, Student] = {}
    for number, row in _of_students(table):
        name = name_in(table, row) if named is None else row.get(named, "")
        student_id = next((row[column] for column in ids if row.get(column)), "")
        email = next((row[column] for column in emails if row.get(column)), "")
        if not student_id:
            raise FileError(f"{file}, line {number}: {name or 'a student'} has no id.")
        if student_id in students:
            raise FileError(f"{file}, line {number}: the id {student_id} appears twice.")
        students[student_id] = Student(student_id, name, email)
    if not students:
        raise FileError(f"{file} has no students below its headings.")
    return list(students.values())


def _chosen(table: Table, heading: str) -> str:
    column = table.column((plain_heading(heading),))
    if column is None:
        near = did_you_mean(heading, table.columns)
        raise FileError(
            f"{table.file} has no column {heading!r}{near}; its columns are {', '.join(filter(None, table.columns))}."
        )
    return column


def _of_students(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines that are a student's: not Canvas's own, which have no ID, nor its test student, nor a teacher's."""
    is_canvas = is_canvas_export(table) and len(table.columns) > len(("Student", "ID"))
    role = table.column(_ROLES)
    has_roles = role is not None and any(_STUDENT in row.get(role, "").casefold() for _, row in table.rows)
    for number, row in table.rows:
        first = row.get(table.columns[0], "").casefold()
        if is_canvas and (first in TEST_STUDENTS or (not row.get("ID") and first in _CANVASS_OWN)):
            continue
        if has_roles and role is not None and _STUDENT not in row.get(role, "").casefold():
            continue
        yield number, row


def name_in(table: Table, row: dict[str, str]) -> str:
    """The name of a line, which may stand in two columns."""
    first, last = table.column(FIRST_NAMES), table.column(LAST_NAMES)
    whole = table.column(NAMES)
    if whole is not None and row.get(whole) and not (first is not None and last == whole):
        return row[whole]
    parts = [row.get(column, "") for column in (first, last) if column is not None]
    return " ".join(part for part in parts if part)


def in_order(name: str) -> str:
    """First Last, of "Last, First" as well, with single blanks."""
    last, comma, first = name.partition(",")
    return " ".join((f"{first} {last}" if comma else name).split())


def plain_name(name: str) -> str:
    """A name so that spellings of it are alike: NFC, no capitals, First Last of "Last, First", single blanks."""
    return unicodedata.normalize("NFC", in_order(name)).casefold()


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
