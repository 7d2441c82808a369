"""Who is who in two systems: their ids matched with the roster's, and nobody guessed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rnncalc.classroom.gradebooks.canvas import canvas_ids
from rnncalc.classroom.gradebooks.moodle import is_worksheet, participant_number
from rnncalc.classroom.roster import (
    FIRST_NAMES,
    IDS,
    NAMES,
    TEST_STUDENTS,
    Student,
    in_order,
    is_canvas_export,
    name_in,
    plain_name,
)
from rnncalc.classroom.tables import Table
from rnncalc.errors import FileError


class _Entry(NamedTuple):
    """A line of another system's table: its id there, whatever may tell whose it is, the name."""

    where: str
    system: str
    keys: tuple[str, ...]
    name: str


def match_ids(students: Sequence[Student], table: Table) -> tuple[dict[str, str], list[str]]:
    """Another system's ids with the roster's, and in sentences what was not matched, by line and id, never by name.

    The table is a gradebook that Canvas exported (by Canvas's ID), a grading worksheet of Moodle (by the number of
    "Participant 123"), Moodle's list of participants, which has no numbers (by the full name, as its folders are
    called), or a plain table of two columns, the system's id and the roster's. A line is matched by an id, SIS id,
    login, ID number or address; by the full name only where it is one student's and one line's alone. Where two of
    these speak of different students, nobody is matched.
    """
    if _is_mapping(students, table):
        return _mapping(students, table)
    entries = _entries(table)
    matched: dict[str, str] = {}
    problems = []
    people = _People(students, entries)
    twice = {system for system, count in Counter(entry.system for entry in entries).items() if count > 1}
    claims: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        owner, problem = people.owner(entry)
        if owner is not None:
            claims[owner].append(entry)
        elif problem:
            problems.append(f"{entry.where}: {problem}")
    for owner, claimed in claims.items():
        if len(claimed) > 1:
            problems.append(f"{owner} could be any of these: {', '.join(entry.where for entry in claimed)}.")
        elif claimed[0].system in twice:
            problems.append(f"{claimed[0].where}: its id {claimed[0].system!r} appears twice.")
        else:
            matched[claimed[0].system] = owner
    problems += [f"no line belongs to {s.id} for certain." for s in students if s.id not in claims]
    return matched, problems


class _People:
    """The roster, to be asked by whatever tells of a student."""

    def __init__(self, students: Sequence[Student], entries: Sequence[_Entry]) -> None:
        self._exact = {s.id: s.id for s in students}
        self._folded = _index((key, s.id) for s in students for key in (s.id, s.email))
        self._named = _index((plain_name(s.name), s.id) for s in students)
        self._lines = Counter(plain_name(entry.name) for entry in entries)

    def owner(self, entry: _Entry) -> tuple[str | None, str]:
        """Whose line it is, or why that is not known; neither for a line that is nobody's."""
        owners = {owner for key in entry.keys for owner in self.by_key(key)}
        name = plain_name(entry.name)
        named = self._named.get(name, set())
        alone = named if len(named) == 1 and self._lines[name] == 1 else set()
        if len(owners | alone) == 1:
            return (owners | alone).pop(), ""
        if owners:
            several = ", ".join(sorted(owners | alone))
            return None, f"its ids, address and name belong to different students: {several}."
        if named:
            return None, f"its name fits several students or several lines ({', '.join(sorted(named))})."
        return None, "" if name in _TEST else "nobody in the roster has its id, login, address or name."

    def by_key(self, key: str) -> set[str]:
        """The students with an id or address; an exact id goes before one in other letters."""
        return {self._exact[key]} if key in self._exact else self._folded.get(key.casefold(), set())


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    index: dict[str, set[str]] = defaultdict(set)
    for key, student in pairs:
        if key:
            index[key.casefold()].add(student)
    return dict(index)


def _entries(table: Table) -> list[_Entry]:
    if is_canvas_export(table):
        line = {row["ID"]: number for number, row in table.rows if row.get("ID")}
        return [
            _Entry(f"line {line[who.id]}", who.id, (who.id, who.sis_user, who.sis_login), who.student)
            for who in canvas_ids(table).values()
        ]
    system = table.columns[0] if is_worksheet(table) else None
    ids = [c for c in table.columns if c != system and Table("", [c], []).column(IDS)]
    is_headed = table.column((*NAMES, *FIRST_NAMES)) is not None
    # where Moodle has the name, however it is headed
    whole = table.columns[1] if not is_headed and system is not None and len(table.columns) > 3 else None
    entries = []
    for number, row in table.rows:
        addresses = [cell for cell in row.values() if "@" in cell]
        name = name_in(table, row) if whole is None else row.get(whole, "")
        keys = (*(row.get(c, "") for c in ids), *addresses)
        identifier = in_order(name) if system is None else participant_number(row.get(system, ""))
        if identifier:
            entries.append(_Entry(f"line {number}", identifier, keys, name))
    if not entries:
        raise FileError(
            f"{table.file} has no ids: it needs to be a Canvas gradebook, a Moodle grading worksheet or list of "
            "participants, or two columns, the system's id and the roster's id."
        )
    return entries


def _is_mapping(students: Sequence[Student], table: Table) -> bool:
    if len(table.columns) != 2:
        return False
    known, second = {s.id.casefold() for s in students}, table.columns[1]
    return any(cell.casefold() in known for cell in (second, *(row.get(second, "") for _, row in table.rows)))


def _mapping(students: Sequence[Student], table: Table) -> tuple[dict[str, str], list[str]]:
    people = _People(students, [])
    first, second = table.columns
    lines = [(number, row.get(first, ""), row.get(second, "")) for number, row in table.rows]
    if people.by_key(second):
        lines.insert(0, (1, first, second))  # a table without headings
    owners_of: dict[str, set[str]] = defaultdict(set)
    problems = []
    for number, system, student in lines:
        owners = people.by_key(student)
        if len(owners) == 1 and system:
            owners_of[system] |= owners
        else:
            problems.append(f"line {number}: there is no student {student!r} in the roster.")
    for system, owners in owners_of.items():
        if len(owners) > 1:
            problems.append(f"{system!r} is given to several students: {', '.join(sorted(owners))}.")
    return {system: min(owners) for system, owners in owners_of.items() if len(owners) == 1}, problems


_TEST = {plain_name(name) for name in TEST_STUDENTS}
