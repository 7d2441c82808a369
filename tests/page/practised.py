"""Sheets that are typed into practice pages, marked by the page's scripts and by the program.

Count how often they agree: python -m page.practised --seeds 0-49, with tests/ on the path.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
from marking import students
from marking.examiner import sheets as examiner
from page.scripts import run

from rnncalc import Problem
from rnncalc.io.written import comma_of
from rnncalc.marking.answers import Answer
from rnncalc.marking.blanks import Blanks, blanks_of
from rnncalc.marking.marking import Answers, Report, mark
from rnncalc.marking.precision import shown_beside
from rnncalc.marking.status import RIGHT
from rnncalc.network.trace import Trace
from rnncalc.network.update_step import whole_trace
from rnncalc.page.answers_file import answer_of
from rnncalc.page.content import content
from rnncalc.page.practice import Practice
from rnncalc.problems import templates
from rnncalc.render.report import Teller

Typed = Mapping[str, Mapping[tuple[int, int], str]]


@dataclass(frozen=True, eq=False)
class Page:
    """A practice page."""

    trace: Trace
    blanks: Blanks
    decimals: int | None

    @cached_property
    def content(self) -> dict[str, Any]:
        return content(self.trace, practice=Practice(self.blanks, self.decimals))


@dataclass(frozen=True, eq=False)
class Sheet:
    """What someone typed into a page; ``label`` tells sheets apart. ``given`` are new numbers that the page drew."""

    label: str
    page: Page
    typed: Typed
    given: Mapping[str, np.ndarray[Any, Any]] = field(default_factory=dict)


def page(trace: Trace, decimals: int | None, patterns: Sequence[str] = ()) -> Page:
    return Page(trace, blanks_of(trace, patterns), decimals)


def written(numbers: Mapping[str, np.ndarray[Any, Any]], decimals: int) -> Typed:
    """Numbers as they are typed; nothing where there is none."""
    return {
        name: {place: f"{n:.{decimals}f}" if np.isfinite(n) else "" for place, n in np.ndenumerate(table)}
        for name, table in numbers.items()
    }


# ── sheets ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_students(seeds: Iterable[int], patterns: Sequence[str] = ()) -> Iterator[Sheet]:
    """Simple networks, and by turns one of each other kind."""
    kinds = list(students.NETWORKS)
    for seed in seeds:
        for sort in students.SORTS:
            for kind in ("", kinds[seed % len(kinds)]):
                done = students.worksheet(sort, seed, kind)
                if patterns and not done.trace.problem.has_loss:
                    continue  # there is no loss and nothing after it to ask for
                its = page(done.trace, done.decimals, patterns)
                asked = {name: table for name, table in done.written.items() if name in its.blanks.names}
                yield Sheet(f"{sort} {seed} {kind}", its, written(asked, done.decimals))


def of_the_examiner(seeds: Iterable[int], sorts: Sequence[str] = examiner.SORTS) -> Iterator[Sheet]:
    """Sheets of people who share nothing with the package."""
    for seed in seeds:
        for sort in sorts:
            done = examiner.sheet(sort, seed)
            its = page(done.drawn.trace, done.decimals)
            typed = {
                name: {place: "" if a.number is None else repr(a.number) for place, a in cells.items()}
                for name, cells in done.answers.items()
                if name in its.blanks.names
            }
            yield Sheet(f"{sort} {seed}", its, typed)


def of_templates(seeds: Iterable[int]) -> Iterator[Sheet]:
    """The program's own problems, each with one or two slips; and with digits cut off, or kept in mind."""
    pages: dict[tuple[str, int], Page] = {}
    for seed in seeds:
        for template in templates.names():
            chance, decimals = random.Random(f"{template} {seed}"), 3 + seed % 3
            key = (template, decimals)
            if key not in pages:
                pages[key] = page(whole_trace(Problem.template(template)), decimals)
            its = pages[key]
            if its.trace.problem.has_loss:
                slips = [students.known_slip(its.trace, chance) for _ in range(1 + seed % 2)]
                manner = students.MANNERS[seed % len(students.MANNERS)]
                done = students.fill_in(its.trace, decimals, manner, chance, slips)
                yield Sheet(f"{template} {seed}", its, written(done.written, decimals))


# ── marks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def by_the_page(sheets: Sequence[Sheet], folder: Any = None) -> list[dict[str, Any]]:
    """What the scripts say of all sheets, by one run of Node.js."""
    pages = list(dict.fromkeys(sheet.page for sheet in sheets))
    typed = [
        {
            "network": pages.index(sheet.page),
            "typed": {n: {f"{i},{j}": text for (i, j), text in c.items()} for n, c in sheet.typed.items()},
            "given": {name: numbers.reshape(-1).tolist() for name, numbers in sheet.given.items()},
        }
        for sheet in sheets
    ]
    networks = [one.content for one in pages]
    found: list[dict[str, Any]] = run("mark.mjs", {"networks": networks, "sheets": typed}, folder)
    return found


@cache
def by_the_program(sheet: Sheet) -> dict[str, Any]:
    """What marking says of the same cells, as verify asks it."""
    trace, blanks, decimals = sheet.page.trace, sheet.page.blanks, sheet.page.decimals
    comma = comma_of(text for cells in sheet.typed.values() for text in cells.values())
    answers, given = [], []
    for q in blanks.trace.values():
        places = list(np.ndindex(*q.shape))
        if q.name in blanks.names:
            typed = sheet.typed.get(q.name, {})
            answers.append(Answers(q.name, {p: answer_of(typed.get(p, ""), decimals, comma) for p in places}))
        else:
            given.append(Answers(q.name, {p: Answer("", float(q.value[p]), None) for p in places}))
    beside = {a.name: shown_beside(decimals) for a in given if trace[a.name].rule is not None}
    return said(trace, mark(trace, answers, given=given, given_decimals=beside, decimals=decimals))


def said(trace: Trace, report: Report) -> dict[str, Any]:
    """What is compared of a report."""
    teller = Teller(trace, "hint", 4)
    return {
        "says": teller.verdict(report),
        "sentences": [teller.sentence(m) for m in report.marks if m.status not in RIGHT],
        "remark": report.remark,
        "verdict": report.verdict,
        "first": report.first and _place(report.first),
        "marks": [[_place(m), m.status, m.remark, [_named(n) for n in m.mistakes]] for m in report.marks],
    }


def _place(one: Any) -> str:
    return f"{one.quantity} {one.row},{one.column}"


def _named(named: Any) -> dict[str, Any]:
    return {name: getattr(named, name) for name in ("kind", "says", "certain", "arithmetic")}


def differences(sheets: Sequence[Sheet], folder: Any = None) -> tuple[list[str], Counter[str]]:
    """Where the two say something else, and how much they were asked."""
    found: list[str] = []
    counts: Counter[str] = Counter()
    for sheet, theirs in zip(sheets, by_the_page(sheets, folder), strict=True):
        ours = by_the_program(sheet)
        before = len(found)
        found += [
            f"{sheet.label}: {key} is {theirs[key]!r}, not {ours[key]!r}"
            for key in ("remark", "verdict", "first", "says", "sentences")
            if theirs[key] != ours[key]
        ]
        for one, other in zip(ours["marks"], theirs["marks"], strict=True):
            counts["numbers"] += 1
            counts[one[1]] += 1
            counts["named"] += bool(one[3])
            if one != other:
                found.append(f"{sheet.label}: the program says {one}, the page {other}")
        counts["sheets"] += 1
        counts["sheets that agree"] += len(found) == before
    return found, counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0-9", help="a seed, or the first and the last one: 0-199")
    parser.add_argument("--of", choices=["students", "examiner", "templates"], default="students")
    parser.add_argument("--ask", action="append", default=[], help="what is asked for, as on a worksheet")
    parser.add_argument("--show", type=int, default=5)
    chosen = parser.parse_args()
    first, _, last = chosen.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    made = {
        "students": partial(of_students, patterns=chosen.ask),
        "examiner": of_the_examiner,
        "templates": of_templates,
    }
    sheets = list(made[chosen.of](seeds))
    found, counts = differences(sheets)
    print(dict(counts))
    print("\n".join(found[: chosen.show]))


if __name__ == "__main__":
    main()
