"""What was handed in: files in folders and in the zips of Canvas, Moodle, Gradescope and nbgrader, and whose it is."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from rnncalc.errors import FileError
from rnncalc.homework.roster import Student, safe_names
from rnncalc.workbook.opening import MAX_FILE
from rnncalc.workbook.other_formats import ENDINGS

_MOST_FILES = 100_000
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?", re.DOTALL)
_CANVAS = re.compile(r"(?P<sort>[^_]+)_(?:(?P<late>LATE)_)?(?P<id>\d+)_(?P<file>\d+)_(?P<original>.+)", re.DOTALL)
_ANONYMOUS = re.compile(r"(?P<sort>anon)_(?:(?P<late>LATE)_)?(?P<id>\w+?)_(?P<file>\d+)_(?P<original>.+)", re.DOTALL)
_GRADESCOPE = re.compile(r"submission_\d+")
_METADATA = ("submission_metadata.yml", "submission_metadata.yaml")
_TIMESTAMP = "timestamp.txt"
_BESIDE = (*_METADATA, _TIMESTAMP)
"""Files that tell of others."""


class Trouble(NamedTuple):
    """A line of problems.csv: a file, the student if known, what is the matter."""

    file: str
    student: str
    says: str


class Handed(NamedTuple):
    """One workbook that was handed in: where it is, what its place tells of whose it is, and when it came."""

    name: str
    source: Path
    member: str
    keys: tuple[tuple[str, str], ...]
    late: bool = False
    submitted: str = ""

    def read(self) -> bytes:
        """Its bytes, up to one more than a workbook may have. Raises FileError where they cannot be read."""
        try:
            if not self.member:
                with self.source.open("rb") as file:
                    return file.read(MAX_FILE + 1)
            with zipfile.ZipFile(self.source) as archive, archive.open(self.member) as file:
                return file.read(MAX_FILE + 1)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
            raise FileError(f"{self.name} cannot be read: {type(error).__name__}.") from None
        except Exception as error:  # zlib.error has no other base
            raise FileError(f"{self.name} cannot be unpacked: {type(error).__name__}.") from None


class Intake(NamedTuple):
    """What was found: workbooks, files that are none, and what was passed over, a sentence each."""

    handed: list[Handed]
    troubles: list[Trouble]
    passed: list[str]


def find(places: Sequence[Path]) -> Intake:
    """The workbooks in folders, zips and single files, in the order of their names.

    Raises FileError for a place that is not there or is a damaged zip.
    """
    intake = Intake([], [], [])
    for place in places:
        if not place.exists():
            raise FileError(f"There is no file or folder {place}.")
        if place.is_dir():
            _take(_in_folder(place, intake), intake)
        elif place.suffix.lower() == ".zip":
            _take(_in_zip(place, intake), intake)
        else:
            _take(iter([_File(PurePosixPath(place.name), place, "")]), intake)
    return intake


class _File(NamedTuple):
    path: PurePosixPath
    source: Path
    member: str


def _in_folder(folder: Path, intake: Intake) -> Iterator[_File]:
    for path in sorted(folder.rglob("*")):
        inside = PurePosixPath(path.relative_to(folder).as_posix())
        if path.is_symlink():
            intake.passed.append(f"{inside} is a link, which is never followed.")
        elif path.is_file():
            yield _File(inside, path, "")


def _in_zip(archive: Path, intake: Intake) -> Iterator[_File]:
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = sorted(opened.infolist(), key=lambda info: info.filename)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileError(f"{archive} is no zip that can be read: {error}.") from None
    if len(infos) > _MOST_FILES:
        raise FileError(f"{archive} holds {len(infos):,} files; up to {_MOST_FILES:,} are read.")
    seen: set[str] = set()
    for info in infos:
        inside = PurePosixPath(info.filename)
        if info.is_dir():
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            intake.passed.append(f"{info.filename} is a link, which is never followed.")
        elif info.filename in seen:
            says = "The zip holds a second file of this name, which is not read."
            intake.troubles.append(Trouble(info.filename, "", says))
        else:
            seen.add(info.filename)
            yield _File(inside, archive, info.filename)


def _take(files: Iterator[_File], intake: Intake) -> None:
    """Sort the files of one place: workbooks, what tells of them, and what is neither."""
    every = list(files)
    told = {f.path: _short_text(f) for f in every if f.path.name in _BESIDE}
    # of several, the outermost is the export's own; what lies within a submission is the student's
    metadata = min((path for path in told if path.name in _METADATA), key=lambda p: len(p.parts), default=None)
    submitters = (
        {metadata.parent / folder: keys for folder, keys in _gradescope(told[metadata]).items()} if metadata else {}
    )
    for file in every:
        name = file.path.name
        if file.path in told:
            continue
        if any(part.startswith(".") or part == "__MACOSX" for part in file.path.parts) or name.startswith("~$"):
            intake.passed.append(f"{file.path} is a hidden file.")
        elif file.path.suffix.lower() not in ENDINGS:
            intake.troubles.append(Trouble(str(file.path), "", "It is no .xlsx workbook."))
        else:
            stamp = told.get(file.path.parent / _TIMESTAMP, "").strip()
            keys, late, when = _whose(file.path, submitters, stamp)
            intake.handed.append(Handed(str(file.path), file.source, file.member, keys, late, when))


def _whose(
    path: PurePosixPath, submitters: Mapping[PurePosixPath, tuple[tuple[tuple[str, str], ...], str]], stamp: str
) -> tuple[tuple[tuple[str, str], ...], bool, str]:
    """What a path tells of whose it is: pairs of a system and its id; whether it is late; when it came.

    The outermost part that a system wrote counts; what is within it the student named.
    """
    for folder in path.parents:
        if folder in submitters:
            keys, when = submitters[folder]
            return keys, False, when
    if any(_GRADESCOPE.fullmatch(part) for part in path.parts[:-1]):
        return (), False, ""
    for part in path.parts:
        moodle = _MOODLE.fullmatch(part)
        if moodle:
            # the list of participants that Moodle exports knows no numbers, only names
            return (("moodle", moodle["id"]), ("moodle", moodle["name"])), False, ""
    canvas = _ANONYMOUS.fullmatch(path.name) or _CANVAS.fullmatch(path.name)
    if canvas:
        return (("canvas", canvas["id"]), ("file", path.stem)), bool(canvas["late"]), ""
    parts = path.parts
    if len(parts) >= 3 and (stamp or "submitted" in parts[:-3]):
        return (("roster", parts[-3]),), False, moment(stamp)
    above = parts[-2] if len(parts) > 1 else ""
    return (("file", path.stem), *((("folder", above),) if above else ())), False, ""


def _gradescope(text: str) -> dict[str, tuple[tuple[tuple[str, str], ...], str]]:
    """The submitters of each folder of a Gradescope export, from the few lines of its YAML that matter here."""
    found: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {}
    folder, when = "", ""
    keys: list[tuple[str, str]] = []
    for line in [*text.splitlines(), "end:"]:
        top = re.fullmatch(r"(\S+):\s*", line)
        if top:
            if folder:
                found[folder] = (tuple(keys), when)
            folder, keys, when = top[1], [], ""
            continue
        pair = re.fullmatch(r"[\s-]*:?(sid|email|created_at):\s*(.+?)\s*", line)
        if pair:
            value = pair[2].strip("'\"")
            if pair[1] == "created_at":
                when = when or moment(value)
            elif value not in ("", "null", "~"):
                keys.append(("roster" if pair[1] == "sid" else "email", value))
    return found


def _short_text(file: _File) -> str:
    try:
        content = Handed(str(file.path), file.source, file.member, ()).read()
    except FileError:
        return ""
    return content.decode("utf-8", "replace")


def moment(text: str) -> str:
    """A moment in ISO 8601, or nothing where the text is none; nbgrader writes "2026-12-01 22:00:00 UTC"."""
    plain = re.sub(r"(\.\d{6})\d+", r"\1", text.replace(" UTC", "+00:00").strip())
    try:
        return datetime.fromisoformat(plain).isoformat()
    except ValueError:
        return ""


def assign(
    handed: Iterable[Handed], students: Sequence[Student], ids: Mapping[str, str]
) -> tuple[dict[str, Handed], list[Trouble]]:
    """Each student's file, by id, and what could not be matched; nothing is guessed.

    ``ids`` are other systems' ids with the roster's.
    """
    known = {s.id: s.id for s in students}
    emails = _told_apart((s.email, s.id) for s in students if s.email)
    names = safe_names(students)
    files = _told_apart([*((names[s.id], s.id) for s in students), *((s.id, s.id) for s in students)])
    lookup = {"roster": known, "canvas": ids, "moodle": ids}
    mine: dict[str, list[Handed]] = {}
    troubles: list[Trouble] = []
    for one in handed:
        owners = {
            owner
            for system, key in one.keys
            if (owner := _owner(system, key, lookup, emails, files)) is not None and owner in known
        }
        if len(owners) == 1:
            mine.setdefault(owners.pop(), []).append(one)
        else:
            troubles.append(Trouble(one.name, "", _unmatched(one, owners)))
    single: dict[str, Handed] = {}
    for student, several in mine.items():
        if len(several) == 1:
            single[student] = several[0]
            continue
        listed = ", ".join(h.name for h in several)
        troubles += [
            Trouble(h.name, student, f"{student} has several files, of which one counts: {listed}.") for h in several
        ]
    return single, troubles


def _told_apart(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is called so, as it is written, and without regard to case where only one is."""
    exact: dict[str, set[str]] = {}
    folded: dict[str, set[str]] = {}
    for key, owner in pairs:
        exact.setdefault(key, set()).add(owner)
        folded.setdefault(key.casefold(), set()).add(owner)
    alone = {key: next(iter(owners)) for key, owners in folded.items() if len(owners) == 1}
    return alone | {key: next(iter(owners)) for key, owners in exact.items() if len(owners) == 1}


def _owner(
    system: str, key: str, lookup: Mapping[str, Mapping[str, str]], emails: Mapping[str, str], files: Mapping[str, str]
) -> str | None:
    if system in ("file", "folder"):
        return files.get(key, files.get(key.casefold()))
    if system == "email":
        return emails.get(key, emails.get(key.casefold()))
    return lookup[system].get(key)


def _unmatched(one: Handed, owners: set[str]) -> str:
    if owners:
        return f"Its place names several students: {', '.join(sorted(owners))}."
    systems = {system for system, _ in one.keys}
    for system in ("canvas", "moodle"):
        if system in systems:
            key = next(key for s, key in one.keys if s == system)
            return f"Nobody in the roster is known to have the {system.title()} id {key}; --ids says who has which."
    told = " or ".join(repr(key) for _, key in one.keys) or "its place"
    return f"Nobody in the roster is called {told}." if one.keys else "Nothing tells whose it is."
