"""What was handed in: files in folders and in the zips of learning platforms, with what their places tell of them."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from rnncalc.classroom.intake.inspection import LINK, may_be_marked, what_it_is
from rnncalc.classroom.intake.platform_paths import METADATA, TIMESTAMP, Claim, claims_of, forged, is_platforms, layout
from rnncalc.errors import FileError
from rnncalc.io.file_names import in_zip, readable
from rnncalc.workbook.read.opening import MAX_FILE

_MOST_FILES = 100_000
_BESIDE = (*METADATA, TIMESTAMP)
"""Files that tell of others."""
_OWN_MAKING = "It is ignored because it is in a student's part, where no platform writes such a file"


class Trouble(NamedTuple):
    """A line of problems.csv: a file, the student if known, what is the matter; ``private``: not for the student."""

    file: str
    student: str
    says: str
    private: bool = False


class Handed(NamedTuple):
    """One file that was handed in: where it is, what its place tells of whose it is, and when it came.

    ``claims``: from the outermost part of its path inwards; ``order``: what orders several of a student, as a platform
    says it; ``time``: when the file was written, in seconds, 0 where that is not known; ``says``: why it is none to be
    marked.
    """

    name: str
    source: Path
    member: str
    claims: tuple[Claim, ...] = ()
    late: bool = False
    submitted: str = ""
    order: str = ""
    time: float = 0.0
    says: str = ""

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
    """What was found: workbooks, files that are none, what cannot be told apart, and what was passed over, a sentence
    each."""

    handed: list[Handed]
    others: list[Handed]
    troubles: list[Trouble]
    passed: list[str]


def find(places: Sequence[Path]) -> Intake:
    """The files in folders, zips and single files, in the order of their names.

    Raises FileError for a place that is not there or is a damaged zip.
    """
    intake = Intake([], [], [], [])
    for place in places:
        shown = readable(str(place))
        try:
            is_folder, is_there = place.is_dir(), place.exists()
        except OSError as error:
            raise FileError(f"{shown} cannot be read: {error.strerror or error}.") from None
        if not is_there:
            raise FileError(f"There is no file or folder {shown}.")
        if is_folder:
            _take(place.resolve().name, place.resolve().parent.name, _in_folder(place), intake)
        elif place.suffix.lower() == ".zip":
            _take(place.stem, "", _in_zip(place, intake), intake)
        else:
            file = _File(PurePosixPath(readable(place.name)), place, "", _written(place))
            _take(place.parent.name, "", iter([file]), intake)
    return intake


class _File(NamedTuple):
    path: PurePosixPath
    source: Path
    member: str
    time: float
    is_link: bool = False


def _in_folder(folder: Path) -> Iterator[_File]:
    for path in sorted(folder.rglob("*")):
        inside = PurePosixPath(readable(path.relative_to(folder).as_posix()))
        if path.is_symlink():
            yield _File(inside, path, "", 0.0, is_link=True)
        elif path.is_file():
            yield _File(inside, path, "", _written(path))


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _in_zip(archive: Path, intake: Intake) -> Iterator[_File]:
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = sorted(opened.infolist(), key=lambda info: info.filename)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileError(f"{readable(str(archive))} cannot be read as a zip file: {error}.") from None
    if len(infos) > _MOST_FILES:
        raise FileError(f"{readable(str(archive))} has {len(infos):,} files; at most {_MOST_FILES:,} are read.")
    seen: set[str] = set()
    for info in infos:
        if info.is_dir():
            continue
        name = in_zip(info.filename, is_utf8=bool(info.flag_bits & 0x800))
        if info.filename in seen:
            says = "The zip has a second file with this name, which is not read."
            intake.troubles.append(Trouble(name, "", says))
            continue
        seen.add(info.filename)
        if "\\" in name and "/" not in name and not is_platforms(name):
            name = name.replace("\\", "/")  # some programs of Windows write it between folders
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        yield _File(PurePosixPath(name), archive, info.filename, _zipped(info), is_link=is_link)


def _zipped(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _take(place: str, above: str, files: Iterator[_File], intake: Intake) -> None:
    """Sort the files of one place: workbooks, what tells of them, and what is neither."""
    every: list[_File] = []
    for file in files:
        if any(part.startswith((".", "~$")) or part == "__MACOSX" for part in file.path.parts):
            intake.passed.append(f"{file.path} is a hidden file.")
        else:
            every.append(file)
    texts = {f.path: _short_text(f) for f in every if f.path.name in _BESIDE and not f.is_link}
    workbooks = [f.path for f in every if may_be_marked(f.path.name)]
    of_place = layout(readable(place), readable(above), [f.path for f in every], workbooks, texts)
    believed = {folder.parent for folder in of_place.submitters}
    for file in every:
        path = file.path
        says = claims_of(readable(place), path, of_place)
        handed = Handed(
            str(path), file.source, file.member, says.claims, says.late, says.submitted, says.order, file.time
        )
        if file.is_link:
            intake.others.append(handed._replace(says=LINK))
        elif path in texts:
            if path.parent not in (of_place.moments if path.name == TIMESTAMP else believed):
                keys = forged(path.name, texts[path])
                claims = (*handed.claims, Claim(keys, len(path.parts) + 1)) if keys else handed.claims
                intake.others.append(handed._replace(claims=claims, says=f"{_OWN_MAKING}."))
        elif may_be_marked(path.name):
            intake.handed.append(handed)
        elif says.of_platform:
            intake.passed.append(f"{path} was written by the learning platform.")
        else:
            intake.others.append(handed._replace(says=what_it_is(path.name)))


def _short_text(file: _File) -> str:
    try:
        content = Handed(str(file.path), file.source, file.member).read()
    except FileError:
        return ""
    return content.decode("utf-8", "replace")
