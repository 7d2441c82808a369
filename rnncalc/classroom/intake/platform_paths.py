"""How learning platforms lay out what was handed in: which part of a path each of them wrote, and what it tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?", re.DOTALL)
_CANVAS = re.compile(r"(?P<sort>[^_]+)_(?:(?P<late>LATE)_)?(?P<id>\d+)_(?P<file>\d+)_(?P<original>.+)", re.DOTALL)
_ANONYMOUS = re.compile(r"(?P<sort>anon)_(?:(?P<late>LATE)_)?(?P<id>\w+?)_(?P<file>\d+)_(?P<original>.+)", re.DOTALL)
_BLACKBOARD = re.compile(
    r"(?P<before>.+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<original>.+)|(?P<own>\.txt))?", re.DOTALL
)
_BRIGHTSPACE = re.compile(
    r"\d+-\d+ - (?P<name>.+?) - (?P<when>[^-]*\d{4}[^-]*?\d{3,4}(?: ?[AaPp]\.?[Mm]\.?)?)(?: - (?P<original>.+))?",
    re.DOTALL,
)
_SAKAI = re.compile(r"(?P<name>[^()]*\S)\((?P<id>[^()\s]+)\)")
_SAKAI_WITHIN = ("submission attachment(s)", "feedback attachment(s)", "timestamp.txt", "comments.txt")
_VERSION = re.compile(r"version (\d+)", re.IGNORECASE)
_GRADESCOPE = re.compile(r"submission_\d+")
_NBGRADER = "submitted"
METADATA = ("submission_metadata.yml", "submission_metadata.yaml")
TIMESTAMP = "timestamp.txt"
_OF_PLATFORMS = ("index.html", "grades.csv", "grades.xls", "comments.txt", "feedbacktext.html", TIMESTAMP)
"""Files that a platform writes beside what was handed in, at its own level."""

Key = tuple[str, str]
"""A system and its id: moodle, canvas, roster, email, login, name; ``part``: whatever a part of a path may say."""


class Claim(NamedTuple):
    """What one part of a path tells of whose it is.

    ``depth``: how far in it stands; ``sure``: a learning platform wrote it, so that nothing within it counts.
    """

    keys: tuple[Key, ...]
    depth: int
    sure: bool = False


class PathClaims(NamedTuple):
    """What a path tells: claims from the outermost part inwards; late or not; when it came, in ISO 8601; and what
    orders several files of one student, where the platform says it in its own way."""

    claims: tuple[Claim, ...]
    late: bool = False
    submitted: str = ""
    order: str = ""
    of_platform: bool = False


class Layout(NamedTuple):
    """What a place as a whole tells: Gradescope's submitters by folder, with the moment; nbgrader's moments by folder;
    the depth at which nbgrader has its students' folders, where it has."""

    submitters: Mapping[PurePosixPath, tuple[tuple[Key, ...], str]] = {}
    moments: Mapping[PurePosixPath, str] = {}
    students_at: int | None = None


def layout(
    place: str,
    above: str,
    paths: Collection[PurePosixPath],
    workbooks: Collection[PurePosixPath],
    texts: Mapping[PurePosixPath, str],
) -> Layout:
    """The layout of a place (a folder or zip of this name, in a folder ``above``); ``texts`` of METADATA and TIMESTAMP.

    A platform writes its files where they stand above all workbooks; what lies further in is a student's own.
    """
    common = _common(workbooks)
    metadata = [p for p in texts if p.name in METADATA and p.parent == PurePosixPath(*common[: len(p.parts) - 1])]
    export = min(metadata, key=lambda p: len(p.parts), default=None)
    inside = export is not None and not any(_wrote(part) for part in (place, *export.parts[:-1]))
    submitters = gradescope(texts[export]) if export is not None and inside else {}
    at = _nbgraders_students(place, above, common, paths)
    moments = {p.parent: texts[p] for p in texts if p.name == TIMESTAMP and at is not None and len(p.parts) == at + 3}
    folders = {export.parent / folder: told for folder, told in submitters.items()} if export is not None else {}
    return Layout(folders, moments, at)


def _common(paths: Collection[PurePosixPath]) -> tuple[str, ...]:
    """The folders that all files have in common."""
    folders = [path.parent.parts for path in paths]
    if not folders:
        return ()
    first, last = min(folders), max(folders)
    alike = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:alike]


def _wrote(part: str) -> bool:
    """Whether a platform wrote this as the folder of one student."""
    return bool(_MOODLE.fullmatch(part) or _GRADESCOPE.fullmatch(part) or _BRIGHTSPACE.fullmatch(part))


def _nbgraders_students(
    place: str, above: str, common: tuple[str, ...], paths: Collection[PurePosixPath]
) -> int | None:
    """How deep nbgrader's folders of students stand: below ``submitted``, or where each has one assignment's moment."""
    if _NBGRADER in common:
        return common.index(_NBGRADER) + 1
    if place == _NBGRADER:
        return 0
    if above == _NBGRADER:
        return -1
    stamped = {path.parts[:2] for path in paths if len(path.parts) == 3 and path.name == TIMESTAMP}
    students = {path.parts[0] for path in paths if len(path.parts) > 1}
    everybody = len(stamped) == len(students) > 1 and len({assignment for _, assignment in stamped}) == 1
    return 0 if everybody else None


def claims_of(place: str, path: PurePosixPath, of_place: Layout) -> PathClaims:
    """What a path tells of whose the file is; ``place`` is the name of what it lies in, or nothing.

    Every part is heard, from the outermost inwards, so that a contradiction further in can be told.
    """
    parts = [part for part in path.parts if part not in ("/", "..")]
    claims: list[Claim] = []
    late, submitted, order, of_platform = False, "", "", False
    is_nbgraders = bool(place) and of_place.students_at == -1
    if place:
        here = Claim((("roster", place),), 0, sure=True) if of_place.students_at == -1 else _of_folder(place, "", 0)
        claims.append(here or Claim((("part", place),), 0))
    for i, part in enumerate(parts):
        depth, is_file = i + 1, i == len(parts) - 1
        sure = any(claim.sure for claim in claims)
        within = PurePosixPath(*parts[: i + 1])
        if is_file:
            named = _of_file(part, depth)
            claim = named.claims[0] if named.claims else Claim((("part", PurePosixPath(part).stem),), depth)
            if not sure:
                late, order = named.late, named.order or order
                of_platform = named.of_platform or part.casefold() in _OF_PLATFORMS
        elif within in of_place.submitters:
            keys, when = of_place.submitters[within]
            claim = Claim(keys, depth, sure=True)
            submitted = submitted if sure else when
        elif i == of_place.students_at:
            claim = Claim((("roster", part),), depth, sure=True)
            is_nbgraders = not sure
        else:
            claim = _of_folder(part, parts[i + 1], depth) or Claim((("part", part),), depth)
            version = _VERSION.fullmatch(part)
            if version and not sure and i:
                order = f"{int(version[1]):09}"
        if not is_file and claim.sure and not sure:
            brightspace = _BRIGHTSPACE.fullmatch(part)
            order = _day(brightspace["when"]) if brightspace else order
        claims.append(claim)
    if is_nbgraders:
        moments = (of_place.moments[folder] for folder in path.parents if folder in of_place.moments)
        submitted = moment(next(moments, ""))
    return PathClaims(tuple(claims), late, submitted, order, of_platform)


def is_platforms(name: str) -> bool:
    """Whether a platform called a file so."""
    return bool(_of_file(name, 0).claims)


def _of_folder(part: str, within: str, depth: int) -> Claim | None:
    """What a folder says that a platform named."""
    moodle = _MOODLE.fullmatch(part)
    if moodle:
        # the list of participants that Moodle exports knows no numbers, only names
        return Claim((("moodle", moodle["id"]), ("name", moodle["name"])), depth, sure=True)
    if _GRADESCOPE.fullmatch(part):
        return Claim((), depth, sure=True)
    brightspace = _BRIGHTSPACE.fullmatch(part)
    if brightspace:
        return Claim((("name", brightspace["name"]),), depth, sure=True)
    sakai = _SAKAI.fullmatch(part) if within.casefold() in _SAKAI_WITHIN else None
    if sakai:
        return Claim((("login", sakai["id"]), ("name", sakai["name"])), depth, sure=True)
    return None


def _of_file(name: str, depth: int) -> PathClaims:
    """What a file says that a platform named."""
    moodle = _MOODLE.fullmatch(name)
    if moodle:
        return PathClaims((Claim((("moodle", moodle["id"]), ("name", moodle["name"])), depth, sure=True),))
    blackboard = _BLACKBOARD.fullmatch(name)
    if blackboard:
        # the assignment's title comes first, and both may hold the sign that stands between them
        words = blackboard["before"].split("_")
        logins = tuple(("login", "_".join(words[i:])) for i in range(1, len(words)))
        claim = Claim(logins or (("login", words[0]),), depth, sure=True)
        return PathClaims((claim,), order=blackboard["when"], of_platform=bool(blackboard["own"]))
    brightspace = _BRIGHTSPACE.fullmatch(name)
    if brightspace and brightspace["original"]:
        return PathClaims((Claim((("name", brightspace["name"]),), depth, sure=True),), order=_day(brightspace["when"]))
    canvas = _ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name)
    if canvas:
        stem = PurePosixPath(name).stem
        claim = Claim(
            (("canvas", canvas["id"]), ("sort", f"{canvas['id']} {canvas['sort']}"), ("id", stem)), depth, True
        )
        return PathClaims((claim,), late=bool(canvas["late"]))
    return PathClaims(())


def gradescope(text: str) -> dict[str, tuple[tuple[Key, ...], str]]:
    """The submitters of each folder of a Gradescope export, from the few lines of its YAML that matter here."""
    students: dict[str, tuple[tuple[Key, ...], str]] = {}
    folder, when = "", ""
    keys: list[Key] = []
    for line in [*text.splitlines(), "end:"]:
        top = re.fullmatch(r"(\S+):\s*", line)
        if top:
            if _GRADESCOPE.fullmatch(folder):
                students[folder] = (tuple(keys), when)
            folder, keys, when = top[1], [], ""
            continue
        pair = re.fullmatch(r"[\s-]*:?(sid|email|created_at):\s*(.+?)\s*", line)
        if pair:
            value = pair[2].strip("'\"")
            if pair[1] == "created_at":
                when = when or moment(value)
            elif value not in ("", "null", "~"):
                keys.append(("roster" if pair[1] == "sid" else "email", value))
    return students


def forged(name: str, text: str) -> tuple[Key, ...]:
    """Whom a list of Gradescope's that a student put into their part speaks of."""
    if name not in METADATA:
        return ()
    lines = "\n".join("submission_0:" if re.fullmatch(r"\S+:\s*", line) else line for line in text.splitlines())
    return tuple(key for keys, _ in gradescope(f"submission_0:\n{lines}").values() for key in keys)


def moment(text: str) -> str:
    """A moment in ISO 8601, or nothing where the text is none; nbgrader writes "2026-12-01 22:00:00 UTC"."""
    plain = re.sub(r"(\.\d{6})\d+", r"\1", text.replace(" UTC", "+00:00").strip())
    try:
        return datetime.fromisoformat(plain).isoformat()
    except ValueError:
        return ""


_MONTHS: Sequence[str] = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _day(text: str) -> str:
    """Brightspace's "Nov 1, 2026 1010 AM" so that it can be sorted; in other languages nothing. Which time zone it
    means is not told, so that it says nothing of lateness."""
    match = re.fullmatch(r"([A-Za-z]{3})[a-z]* (\d+), (\d{4}) (\d{1,2})(\d\d) ?([AP])M", text.strip())
    if not match or match[1].casefold() not in _MONTHS:
        return ""
    month = _MONTHS.index(match[1].casefold()) + 1
    hour = int(match[4]) % 12 + (12 if match[6] == "P" else 0)
    return f"{match[3]}-{month:02}-{int(match[2]):02}-{hour:02}-{match[5]}"
