"""class.html: a class at a glance: points, questions, where students fell first, which mistakes are common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, median
from typing import NamedTuple

from rnncalc.classroom.grade_records import Grade, Graded
from rnncalc.classroom.points_in_words import points_text
from rnncalc.io.visible import brief
from rnncalc.marking.mistake_groups import in_words
from rnncalc.marking.status import Verdict
from rnncalc.network.typed_names import parse
from rnncalc.render.html import page
from rnncalc.render.html_text import cell

_BINS = 10
_MOST_MISTAKES = 15
_STYLE = """
:root { --bar: #0072b2; }
svg { max-width: 100%; height: auto; display: block; } svg rect { fill: var(--bar); }
svg line { stroke: currentColor; } svg text { fill: currentColor; font: 12px system-ui, sans-serif; }
td svg { width: 8rem; height: .8rem; max-width: none; }
.beside { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
figure { margin: .5rem 0; max-width: 100%; }
tbody th { font-weight: normal; }
caption, dt { color: var(--dim); } caption { text-align: left; font-style: italic; padding: .2rem 0; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; } dd { margin: 0; font-size: 1.5rem; }
@media screen and (prefers-color-scheme: dark) { :root { --bar: #56b4e9; } }
@media (max-width: 32rem) { table { display: block; overflow-x: auto; } }
"""
"""The bars are blue of Okabe and Ito's palette, sky blue on dark; what they say is always written as well."""


def class_page(grades: Sequence[Grade], assignment_title: str, *, anonymous: bool = False) -> str:
    """The page; ``anonymous`` has ids in place of names.

    Every chart has its numbers in a table beside it. Points are those after lateness and the teacher's own marks;
    whoever has no marked file is counted, and in no mean.
    """
    marked = [grade for grade in grades if grade.graded is not None]
    title = brief(assignment_title)
    sections = [f"<h1>{cell(title)}: the class</h1>", _figures(grades, marked)]
    if marked:
        sections += [_points(marked), _questions(marked), _first_slips(marked), _mistakes(marked)]
    missing = [_who(grade, anonymous) for grade in grades if grade.graded is None]
    if missing:
        people = "".join(f"<li><bdi>{cell(who)}</bdi></li>" for who in missing)
        sections.append(f"<h2>Without a marked file</h2>\n<ul>{people}</ul>")
    return page(f"<main>\n{chr(10).join(sections)}\n</main>", f"{title}: the class", _STYLE)


def _who(grade: Grade, anonymous: bool) -> str:
    name = brief(grade.student.name)
    return grade.student.id if anonymous or not name else f"{name} ({grade.student.id})"


# ── the sections ──────────────────────────────────────────────────────────────────────────────────────────────────


def _figures(grades: Sequence[Grade], marked: Sequence[Grade]) -> str:
    """The numbers that come first."""
    figures = [("students", str(len(grades))), ("with a marked file", str(len(marked)))]
    if marked:
        totals = [grade.total for grade in marked]
        figures += [
            ("mean", f"{_mean(totals)} of {points_text(marked[0].out_of)}"),
            ("median", _rounded(median(totals))),
            ("lowest to highest", f"{points_text(min(totals))} to {points_text(max(totals))}"),
            ("all right", str(sum(grade.graded.verdict == Verdict.CORRECT for grade in marked if grade.graded))),
            ("late", str(sum(grade.days_late > 0 for grade in marked))),
        ]
    return "<dl>" + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures) + "</dl>"


def _points(marked: Sequence[Grade]) -> str:
    """How points are spread: a histogram, and its numbers."""
    out_of = marked[0].out_of
    counts = [0] * _BINS
    for grade in marked:
        place = int(_BINS * grade.total / out_of + 1e-9) if out_of else 0
        counts[min(max(place, 0), _BINS - 1)] += 1
    edges = [points_text(out_of * i / _BINS) for i in range(_BINS + 1)]
    ranges = [f"{low} to below {high}" for low, high in pairwise(edges)]
    ranges[-1] = f"{edges[-2]} and more"
    rows = [[text, str(count)] for text, count in zip(ranges, counts, strict=True)]
    table = _table("Number of students by points", ["points", "students"], "lr", rows)
    return f'<h2>Points</h2>\n<div class="beside">\n{_histogram(counts, edges)}\n{table}\n</div>'


def _questions(marked: Sequence[Grade]) -> str:
    """Each question's mean, the hardest at a glance."""
    rows, shares = [], []
    for question, possible in marked[0].possible.items():
        points = [grade.points(question) for grade in marked]
        share = fmean(points) / possible if possible else 0.0
        full = sum(p >= possible for p in points)
        rows.append([question, _mean(points), points_text(possible), f"{100 * share:.0f} %", str(full)])
        shares.append(share)
    headings = ["question", "mean", "out of", "mean share", "all points"]
    return "<h2>Questions</h2>\n" + _table("Means over all marked files", headings, "lrrrr", rows, shares)


def _first_slips(marked: Sequence[Grade]) -> str:
    """In which part of the worksheet students fell first, and where their numbers are wrong."""
    labels: dict[_Place, str] = {}
    first: Counter[_Place] = Counter()
    quantities: dict[_Place, Counter[str]] = {}
    students: Counter[_Place] = Counter()
    wrong: Counter[_Place] = Counter()
    for graded in _graded(marked):
        if graded.first is not None:
            place = _place_of_quantity(graded.first)
            first[place] += 1
            quantities.setdefault(place, Counter())[graded.first] += 1
        for text, count in graded.steps.items():
            place = _place_of_heading(text)
            labels.setdefault(place, text)
            students[place] += 1
            wrong[place] += count
    places = sorted({*first, *students})
    if not places:
        return "<h2>Where the first mistakes are</h2>\n<p>Nobody has anything to fix.</p>"
    rows = [
        [
            labels.get(place) or place.words,
            str(first[place]),
            _listed(quantities.get(place, Counter())),
            str(students[place]),
            str(wrong[place]),
        ]
        for place in places
    ]
    most = max(first.values(), default=1)
    caption = (
        "The first number to fix in each file, and the wrong numbers, without those that are consistent with "
        "an earlier mistake"
    )
    headings = ["part", "first mistake", "at", "students with wrong numbers", "wrong numbers"]
    table = _table(caption, headings, "lrlrr", rows, [first[place] / most for place in places])
    return f"<h2>Where the first mistakes are</h2>\n{table}"


def _mistakes(marked: Sequence[Grade]) -> str:
    """The known mistakes that were made for certain, the commonest first."""
    students: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for graded in _graded(marked):
        students.update(graded.kinds.keys())
        numbers.update(graded.kinds)
    kinds = sorted(students, key=lambda kind: (-students[kind], -numbers[kind], kind))
    if not kinds:
        return "<h2>Common mistakes</h2>\n<p>No number shows a known mistake for certain.</p>"
    words, commonest = in_words(), kinds[:_MOST_MISTAKES]
    rows = [[words.get(kind, kind), kind, str(students[kind]), str(numbers[kind])] for kind in commonest]
    shares = [students[kind] / students[kinds[0]] for kind in commonest]
    more = len(kinds) - len(commonest)
    rest = f"\n<p>And {more} rarer mistake{'' if more == 1 else 's'}.</p>" if more else ""
    caption = "Wrong numbers explained by exactly one known mistake"
    table = _table(caption, ["mistake", "kind", "students", "numbers"], "llrr", rows, shares)
    return f"<h2>Common mistakes</h2>\n{table}{rest}"


def _graded(marked: Sequence[Grade]) -> list[Graded]:
    return [grade.graded for grade in marked if grade.graded is not None]


# ── where in the arithmetic ───────────────────────────────────────────────────────────────────────────────────────


class _Place(NamedTuple):
    """A part of the worksheet, in the order of the arithmetic: what is given, forward, loss, backward, update."""

    stage: int
    order: int

    @property
    def words(self) -> str:
        if self.stage in (_FORWARD, _BACKWARD):
            return f"Step {abs(self.order)}{', backward' if self.stage == _BACKWARD else ''}"
        return _WORDS[self.stage]


_GIVEN, _FORWARD, _LOSS, _BACKWARD, _TOTALS, _INITIAL, _UPDATE = range(7)
_WORDS = {
    _GIVEN: "Given numbers",
    _LOSS: "All steps together: the loss",
    _TOTALS: "All steps together: the gradients",
    _INITIAL: "Before step 1: the initial state",
    _UPDATE: "The update",
}


def _place_of_quantity(name: str) -> _Place:
    parts = parse(name)
    step = parts.step
    if parts.bare in ("x", "target") or (step == 0 and not parts.is_gradient):
        return _Place(_GIVEN, 0)
    if step == 0:
        return _Place(_INITIAL, 0)
    if step is not None:
        return _Place(_BACKWARD, -step) if parts.is_gradient else _Place(_FORWARD, step)
    if parts.bare == "loss":
        return _Place(_LOSS, 0)
    if parts.which or parts.bare == "grad_norm":
        return _Place(_UPDATE, 0)
    return _Place(_TOTALS if parts.is_gradient else _GIVEN, 0)


def _place_of_heading(text: str) -> _Place:
    step = re.match(r"Step (\d+) of \d+(, backward)?", text)
    if step is not None:
        return _Place(_BACKWARD, -int(step[1])) if step[2] else _Place(_FORWARD, int(step[1]))
    return _Place(next((stage for stage, words in _WORDS.items() if words == text), _UPDATE), 0)


def _listed(quantities: Counter[str], most: int = 4) -> str:
    """h₂ (3), p₂ (1)."""
    commonest = sorted(quantities.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{parse(name).symbol} ({count})" for name, count in commonest[:most])
    return f"{listed}, …" if len(commonest) > most else listed


# ── numbers, tables, drawings ─────────────────────────────────────────────────────────────────────────────────────


def _rounded(value: float) -> str:
    return points_text(round(value, 2))


def _mean(values: Sequence[float]) -> str:
    return _rounded(fmean(values))


def _table(
    caption: str, headings: Sequence[str], alignments: str, rows: Sequence[Sequence[str]], shares: Sequence[float] = ()
) -> str:
    """A table whose rows may end in a bar of a share; the bar says no more than the row, and is not read aloud."""
    kinds = [f' class="{a}"' if a != "l" else "" for a in alignments]
    head = "".join(f'<th scope="col"{kind}>{cell(text)}</th>' for kind, text in zip(kinds, headings, strict=True))
    bars = [f"<td>{_bar(share)}</td>" for share in shares] or [""] * len(rows)
    lines = [
        f'<tr><th scope="row">{cell(row[0])}</th>'
        + "".join(f"<td{kind}>{cell(text)}</td>" for kind, text in zip(kinds[1:], row[1:], strict=True))
        + f"{bar}</tr>"
        for row, bar in zip(rows, bars, strict=True)
    ]
    extra = "<td></td>" if shares else ""
    top = f"<table><caption>{cell(caption)}</caption><thead><tr>{head}{extra}</tr></thead><tbody>"
    return "\n".join([top, *lines, "</tbody></table>"])


def _bar(share: float) -> str:
    width = f"{100 * min(max(share, 0.0), 1.0):.4g}"
    return (
        '<svg aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none">'
        f'<rect width="{width}" height="10" fill="#0072b2"/></svg>'
    )


def _histogram(counts: Sequence[int], edges: Sequence[str]) -> str:
    """Columns with their counts written on top; the table beside it says the same."""
    width, height, left, top, foot = 46, 160, 24, 20, 36
    most = max(counts)
    base = top + height
    marks = []
    for i, count in enumerate(counts):
        x, tall = left + i * width, round(height * count / most, 2)
        marks.append(f'<rect x="{x + 1}" y="{base - tall:g}" width="{width - 2}" height="{tall:g}" fill="#0072b2"/>')
        if count:
            marks.append(f'<text x="{x + width / 2:g}" y="{base - tall - 5:g}" text-anchor="middle">{count}</text>')
    right = left + len(counts) * width
    marks.append(f'<line x1="{left}" y1="{base}" x2="{right}" y2="{base}" stroke="#595959"/>')
    for i, edge in enumerate(edges):
        marks.append(f'<text x="{left + i * width}" y="{base + 16}" text-anchor="middle">{cell(edge)}</text>')
    marks.append(f'<text x="{(left + right) / 2:g}" y="{base + 32}" text-anchor="middle">points</text>')
    size = f'viewBox="0 0 {right + left} {base + foot}" width="{right + left}"'
    label = "Histogram of the points; the table beside it shows the numbers."
    return f'<figure><svg {size} role="img" aria-label="{label}">{"".join(marks)}</svg></figure>'
