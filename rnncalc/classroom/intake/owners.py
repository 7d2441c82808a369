"""Whose file is whose: told by its place, the outermost first, and by the numbers it holds; nobody is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rnncalc.classroom.intake.files import Handed, Trouble
from rnncalc.classroom.intake.platform_paths import Claim, Key
from rnncalc.classroom.roster import Student, plain_name, safe_names
from rnncalc.io.file_names import readings

_COPY = re.compile(
    r"(?: ?\(\d+\)| - (?:copy|kopie|copie|copia|cópia)(?: ?\(\d+\))?| (?:copy|kopie)(?: \d+)?)$", re.IGNORECASE
)
"""What systems add to the name of a second copy."""
_BETWEEN = re.compile(r"[\s_,.\-]+")
_WHOLE = ("roster", "email")
"""Systems of which all ids count together: Gradescope lists everybody who handed a file in."""
_IDS_ALONE = {"login", "canvas", "sort", "id"}
"""What Blackboard and Canvas write: an id, which may be of theirs alone, and at most a name that is shortened."""
_CLOSE = 2.0
"""Moments of files closer than this are the same: a zip keeps every second one."""
_CROWDED = "Its folder or zip has the name of the student {}, but has files of several students. Give it another name."
NEWEST, NONE = "newest", "none"
"""Which of several files of one student counts."""


class Known(NamedTuple):
    """What a look into a workbook gave: whether it can be marked, and whose numbers it holds."""

    is_worksheet: bool
    owner: str | None = None
    says: str = ""


class Assigned(NamedTuple):
    """Each student's file, by id; what is the matter; and what was decided, in lines of the same form."""

    mine: dict[str, Handed]
    troubles: list[Trouble]
    notes: list[Trouble]


class _Named(NamedTuple):
    """A file with the part of its path that says whose it is, and whose."""

    file: Handed
    claim: Claim | None
    owners: frozenset[str]


def assign(
    handed: Iterable[Handed],
    students: Sequence[Student],
    ids: Mapping[str, str],
    *,
    look: Callable[[Handed], Known] | None = None,
    several: str = NEWEST,
    by_hand: Mapping[str, str] | None = None,
) -> Assigned:
    """Each student's file, and what could not be matched; nothing is guessed.

    ``ids`` are other systems' ids with the roster's; ``look`` looks into a workbook, which is done only where its place
    does not say all; ``several`` says which of several files counts; ``by_hand`` are the teacher's own lines, a file's
    name and the student.
    """
    people = People(students, ids)
    mine: dict[str, list[_Named]] = defaultdict(list)
    unmatched: list[_Named] = []
    troubles: list[Trouble] = []
    notes: list[Trouble] = []
    given = by_hand or {}
    every = list(handed)
    crowded = people.crowded(every)
    for handed_in in every:
        claim, owners = people.owners_of(handed_in.claims)
        named = _Named(
            handed_in if claim is not None and claim.sure else handed_in._replace(late=False, submitted=""),
            claim,
            owners,
        )
        owner = next(iter(owners)) if len(owners) == 1 and owners <= people.ids else ""
        is_crowded = claim is not None and not claim.depth and not claim.sure and owner in crowded
        if handed_in.name not in given and not is_crowded:
            troubles += _contradictions(named, owner, people)
        if handed_in.says:
            troubles.append(Trouble(handed_in.name, given.get(handed_in.name, owner), handed_in.says))
        elif handed_in.name in given:
            mine[given[handed_in.name]].append(named)
        elif is_crowded:
            troubles.append(Trouble(handed_in.name, "", _CROWDED.format(owner)))
        elif owner:
            mine[owner].append(named)
        else:
            unmatched.append(named)
    held: dict[str, list[_Named]] = defaultdict(list)
    for named in unmatched:
        looked = look(named.file) if look is not None and named.owners <= people.ids else None
        owner = looked.owner or "" if looked is not None else ""
        if owner and owner not in mine and people.may_be(named.claim, named.owners, owner):
            held[owner].append(named)
            notes.append(Trouble(named.file.name, owner, "Its name does not show whose it is, but its numbers do."))
        else:
            troubles.append(Trouble(named.file.name, "", _unmatched(named, owner if owner in mine else "")))
    mine |= held
    single: dict[str, Handed] = {}
    for student, files in mine.items():
        own = [named for named in files if given.get(named.file.name) == student]
        chosen, why = _one_of(own or files, student, look, several)
        if chosen is None:
            listed = ", ".join(named.file.name for named in files)
            says = f"{student} has several files and only one counts, but {why}: {listed}."
            troubles += [Trouble(named.file.name, student, says) for named in files]
            continue
        single[student] = chosen.file
        counts = f"It is skipped: {chosen.file.name} counts{f', {why}' if why and not own else ''}."
        notes += [Trouble(named.file.name, student, counts) for named in files if named is not chosen]
    return Assigned(single, troubles, notes)


def _contradictions(named: _Named, owner: str, people: People) -> list[Trouble]:
    """A line for both where a part further in speaks of somebody else: it takes nothing from anybody."""
    if not owner:
        return []
    assert named.claim is not None
    troubles = []
    deeper = {who for c in named.file.claims if c.depth > named.claim.depth for who in people.owners(c.keys)}
    for other in sorted((deeper & people.ids) - {owner}):
        within = f"Its place belongs to {owner}, but a name or list inside names {other}"
        troubles.append(Trouble(named.file.name, owner, f"{within}; the place counts.", private=True))
        troubles.append(Trouble(named.file.name, other, f"{within}; nothing changes for {other}.", private=True))
    return troubles


def _one_of(
    files: Sequence[_Named], student: str, look: Callable[[Handed], Known] | None, several: str
) -> tuple[_Named | None, str]:
    """The file that counts, and why it does; or none, and why not.

    A worksheet goes before what is none, then the outermost place, which fewer people could name, then the student's
    own numbers before others', then the newest.
    """
    if len(files) == 1:
        return files[0], ""
    if several == NONE:
        return None, "none was chosen"
    seen = {id(candidate): look(candidate.file) for candidate in files} if look is not None else {}
    markable = [candidate for candidate in files if not seen or seen[id(candidate)].is_worksheet]
    left, why = (markable, "because the other is not a worksheet of this assignment") if markable else (list(files), "")
    depths = [candidate.claim.depth if candidate.claim is not None else 0 for candidate in left]
    outer = [candidate for candidate, depth in zip(left, depths, strict=True) if depth == min(depths)]
    if len(outer) < len(left):
        left, why = outer, "because its place shows best whose it is"
    own = [candidate for candidate in left if seen and seen[id(candidate)].owner == student]
    if own and len(own) < len(left):
        left, why = own, "because it has the student's own numbers"
    if len(left) == 1:
        return left[0], why
    newest = _newest(left)
    if newest is not None:
        return newest, "the newest"
    if len({_content(candidate.file) for candidate in left}) == 1:
        return left[0], "because they are the same"
    return None, "nothing shows which is the newest"


def _newest(files: Sequence[_Named]) -> _Named | None:
    """The newest, by the platform's moments or its own order, else by when the files were written."""
    for moments in ([candidate.file.submitted for candidate in files], [candidate.file.order for candidate in files]):
        if all(moments):
            last = max(moments)
            return files[moments.index(last)] if moments.count(last) == 1 else None
    by_time = sorted(files, key=lambda candidate: candidate.file.time)
    oldest, second, newest = by_time[0].file.time, by_time[-2].file.time, by_time[-1].file.time
    return by_time[-1] if oldest and newest - second > _CLOSE else None


def _content(file: Handed) -> bytes:
    try:
        return file.read()
    except ValueError:
        return file.name.encode("utf-8", "replace")


def _unmatched(named: _Named, holds: str) -> str:
    if holds:
        return f"Its place does not show whose it is, and it has the numbers of {holds}, who has another file."
    if len(named.owners) > 1:
        return f"Its place names several students: {', '.join(sorted(named.owners))}."
    sure = named.claim if named.claim is not None else next((c for c in named.file.claims if c.sure), None)
    keys = sure.keys if sure is not None else ()
    for system, key in keys:
        if system in ("canvas", "moodle"):
            return (
                f"No student in the roster is known to have the {system.title()} id {key}. It needs a file that says "
                "who has which id (--ids)."
            )
    if sure is not None and not keys:
        return "Nothing shows whose it is. Use the whole Gradescope export; its list is in submission_metadata.yml."
    parts = [key for claim in named.file.claims[-2:] for _, key in claim.keys[:1] if claim.depth]
    names = " or ".join(map(repr, [key for _, key in keys] or list(reversed(parts))))
    return f"Nobody in the roster is called {names}." if names else "Nothing shows whose it is."


class People:
    """The roster, to be asked by what a path tells."""

    def __init__(self, students: Sequence[Student], ids: Mapping[str, str]) -> None:
        self.ids = frozenset(s.id for s in students)
        self._systems = ids
        self._emails = _told_apart((s.email, s.id) for s in students if s.email)
        safe = safe_names(students)
        self._files = _told_apart([*((safe[s.id], s.id) for s in students), *((s.id, s.id) for s in students)])
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, set[str]] = defaultdict(set)
        self._bare: dict[str, set[str]] = defaultdict(set)
        self._sorted: dict[str, set[str]] = defaultdict(set)
        self._words: dict[str, frozenset[str]] = {}
        for s in students:
            self._exact[plain_name(s.name)].add(s.id)
            for name in _spellings(s.name):
                self._named[name].add(s.id)
                self._bare[_bare(name)].add(s.id)
                self._sorted[_letters(name)].add(s.id)
            self._words[s.id] = frozenset(_bare(plain_name(s.name)).split())

    def crowded(self, handed: Iterable[Handed]) -> set[str]:
        """Students whose id or name a whole folder or zip bears by chance, as it holds files of several."""
        named: dict[str, set[str]] = defaultdict(set)
        for file in handed:
            place = file.claims[0] if file.claims and not file.claims[0].depth else None
            if place is not None and not place.sure and len(people := self.owners(place.keys)) == 1:
                named[min(people)] |= self.owners_of(file.claims[1:])[1]
        return {who for who, several in named.items() if len(several) > 1}

    def owners_of(self, claims: Sequence[Claim]) -> tuple[Claim | None, frozenset[str]]:
        """The part of a path that says whose a file is, from the outermost inwards, and whom it names."""
        for claim in claims:
            owners = self.owners(claim.keys)
            if owners or claim.sure:
                return claim, frozenset(owners)
        return None, frozenset()

    def may_be(self, claim: Claim | None, owners: frozenset[str], owner: str) -> bool:
        """Whether a file may be somebody's by its numbers: nothing says that it is another's, and where a platform
        wrote an id, nobody said whose that is."""
        if owners:
            return owner in owners
        if claim is None or not claim.sure:
            return True
        names = [key.partition(" ")[2] for system, key in claim.keys if system == "sort"]
        by_id = claim.keys and {system for system, _ in claim.keys} <= _IDS_ALONE
        return bool(by_id) and not self._systems and all(owner in self._sorted.get(_letters(n), ()) for n in names)

    def owners(self, keys: Iterable[Key]) -> set[str]:
        """Whom the keys of one part name: of a system that lists several, all; else the first that names anybody."""
        listed = list(keys)
        together = {who for system, key in listed if system in _WHOLE for who in self._by(system, key)}
        return together or next((found for system, key in listed if (found := self._by(system, key))), set())

    def _by(self, system: str, key: str) -> set[str]:
        if system == "roster":
            return {key} & self.ids
        if system == "email":
            return _one(self._emails, key)
        if system == "id":
            return _one(self._files, key)
        if system == "sort":
            number, _, name = key.partition(" ")
            return {number} & self._sorted.get(_letters(name), set())
        if system == "part":
            return self._by_part(key)
        if key in self._systems:
            return {self._systems[key]}
        if system == "login":
            return _one(self._files, key) or _one(self._emails, key)
        return self.by_name(key) if system == "name" else set()

    def by_name(self, text: str) -> set[str]:
        """Whoever has this name: as it is written, else without its accents."""
        for name in _spellings(text.replace("_", " ")):
            people = self._exact.get(name) or self._named.get(name) or self._bare.get(_bare(name))
            if people:
                return people
        return set()

    def _by_part(self, text: str) -> set[str]:
        """Whom a part of a path names that anybody may have written: an id, a name, or an id with its own name."""
        for reading in readings(text):
            whole = unicodedata.normalize("NFC", reading).strip()
            for name in dict.fromkeys((whole, _COPY.sub("", whole).strip())):
                people = _one(self._files, name) or self.by_name(name) or self._by_id_and_name(name)
                if people:
                    return people
                title = name.partition(" - ")  # Google Classroom: Ann Ada - homework
                if title[1] and (people := self.by_name(title[0])):
                    return people
        return set()

    def _by_id_and_name(self, text: str) -> set[str]:
        """1000000_Lovelace, or Lovelace 1000000: an id, and beside it words of the same student's name."""
        people: set[str] = set()
        for between in _BETWEEN.finditer(text):
            left, right = text[: between.start()], text[between.end() :]
            for key, name in ((left, right), (right, left)):
                for who in _one(self._files, key):
                    words = set(_bare(plain_name(_BETWEEN.sub(" ", name))).split())
                    if words and words <= self._words[who]:
                        people.add(who)
        return people


def _spellings(name: str) -> list[str]:
    """A name as it may stand: with the family name last, and first."""
    whole = plain_name(name)
    words = whole.split()
    turned = [" ".join([*words[i:], *words[:i]]) for i in (-1, 1)] if len(words) > 1 else []
    if "," in name:
        turned.append(" ".join(unicodedata.normalize("NFC", name).replace(",", " ").split()).casefold())
    return list(dict.fromkeys(spelling for spelling in (whole, *turned) if spelling))


def _bare(name: str) -> str:
    """A name without accents, as some systems write it."""
    apart = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _letters(name: str) -> str:
    """The letters of a name alone, as Canvas writes it."""
    return re.sub(r"\W", "", _bare(plain_name(name)))


def _told_apart(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is called so, as it is written, and without regard to case where only one is."""
    exact: dict[str, set[str]] = {}
    folded: dict[str, set[str]] = {}
    for key, owner in ((unicodedata.normalize("NFC", key), owner) for key, owner in pairs):
        exact.setdefault(key, set()).add(owner)
        folded.setdefault(key.casefold(), set()).add(owner)
    alone = {key: next(iter(owners)) for key, owners in folded.items() if len(owners) == 1}
    return alone | {key: next(iter(owners)) for key, owners in exact.items() if len(owners) == 1}


def _one(index: Mapping[str, str], key: str) -> set[str]:
    whole = unicodedata.normalize("NFC", key)
    owner = index.get(whole) or index.get(whole.casefold())
    return {owner} if owner is not None else set()
