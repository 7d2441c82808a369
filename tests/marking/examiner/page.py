"""Write docs/marking-figures.md anew: python -m marking.examiner.page --processes 2, with tests/ on the path.

``--check`` counts again and says whether the page is up to date.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from textwrap import fill

from .judging import Outcome
from .run import Key, count
from .sheets import SORTS
from .ways import WAYS

PAGE = Path(__file__).parents[3] / "docs" / "marking-figures.md"
_LISTED = (
    "listed",
    "listed-everywhere",
    "listed-cell",
    "two-listed",
    "copying",
    "copying-not-carried",
    "mistake-and-typo",
    "typo-within",
    "typo-within-not-carried",
)
_UNLISTED = ("unlisted", "unlisted-cell")
_COPIED = ("classmate", "classmate-from-a-step", "hello", "zeros")
_WORDS = {
    "listed": "one mistake in one table",
    "listed-everywhere": "the same mistake at every step, or for every weight",
    "listed-cell": "one mistake in one number",
    "two-listed": "two mistakes",
    "copying": "a copying mistake",
    "copying-not-carried": "a copying mistake; the rest continues from the right number",
    "mistake-and-typo": "a mistake, and a copying mistake elsewhere",
    "typo-within": "a mistake, and a copying mistake in the same table",
    "typo-within-not-carried": "the same; the rest continues from the intended number",
    "unlisted": "one mistake in one table",
    "unlisted-cell": "one mistake in one number",
    "pasted": "zeros, a repeated number or another table in one place",
    "sums": "a sum typed wrong, or clipping forgotten",
    "classmate": "a classmate's right numbers",
    "classmate-from-a-step": "a classmate's right numbers from some step on",
    "hello": "the numbers of hello",
    "zeros": "zeros everywhere",
}
_RIGHT = [
    "right number called wrong",
    "name given to a right number",
    "right number not read",
    "right number uncredited",
]


def render(found: Mapping[Key, Outcome], sheets: int) -> str:
    """The page, from what was counted."""
    total = _sum(found, lambda key: True)
    slips, listed = total["slips"], total["listed slips"]
    parts = [
        "# How well marking does",
        _prose(f"""
            Simulated students filled in {sheets:,} worksheets of {len(SORTS)} sorts, the same number of each, with
            every number from the first step to the update. The networks are random: rnn, lstm and gru, texts of 3 to
            6 letters, 1 to 4 hidden units, every activation and setting. The students write 2 to 6 decimals. Their
            arithmetic and their mistakes share no code with the marking. They made {slips:,} mistakes; {listed:,} of
            them ({_percent(listed, slips)}) are on the list in [Marking](marking.md), the others are not.
            `python -m marking.examiner.page` counts again and writes this page; the tests check some of the
            worksheets again.
        """),
        "## Right work",
        "Right work should never be called wrong.",
        _right_ways(found),
        _right_kinds(found),
        "## Mistakes on the list",
        _prose("""
            A mistake *does not show* if right work could give the same number with these decimals. One that shows
            *passes* if its number is called right or carried. A mistake is *named* if every number that shows it gets
            its name, or the name of a mistake that is the same arithmetic there; it is *misnamed* if it gets, for
            certain, another name that does not lead to these digits. A number that is calculated correctly from a
            mistake counts as a right number.
        """),
        _mistakes(found, [(_WORDS[sort], _of(sort)) for sort in _LISTED], named=True),
        "By the kind of network, and by the decimals written:",
        _mistakes(found, _kinds_and_decimals(_LISTED), named=True),
        "By name, where one mistake alone was made:",
        _by_name(found),
        "## Mistakes that are not on the list",
        "They should be called wrong, and get no name for certain except one that leads to the same digits.",
        _mistakes(found, [(_WORDS[sort], _of(sort)) for sort in _UNLISTED], named=False),
        "## Tables that are zeros or repeated, and sums that are off",
        "All that follows from them is calculated correctly and is right; if it earns no credit, the marking says why.",
        _mistakes(found, [(_WORDS[sort], _of(sort)) for sort in ("pasted", "sums")], named=False),
        "## Numbers of somebody else",
        "None of them should earn credit, except those that are right by chance.",
        _copied(found),
    ]
    return "\n\n".join(parts) + "\n"


def _prose(text: str) -> str:
    return fill(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)


def _of(sort: str) -> Callable[[Key], bool]:
    return lambda key: key.sort == sort


def _kinds_and_decimals(sorts: Iterable[str]) -> list[tuple[str, Callable[[Key], bool]]]:
    chosen = set(sorts)
    rows: list[tuple[str, Callable[[Key], bool]]] = []
    for kind in ("rnn", "lstm", "gru"):
        rows.append((kind, lambda key, kind=kind: key.sort in chosen and key.kind == kind))  # type: ignore[misc]
    for decimals in range(2, 7):
        rows.append((f"{decimals} decimals", lambda key, d=decimals: key.sort in chosen and key.decimals == d))  # type: ignore[misc]
    return rows


def _sum(found: Mapping[Key, Outcome], chosen: Callable[[Key], bool]) -> Counter[str]:
    total: Counter[str] = Counter()
    for key, outcome in found.items():
        if chosen(key):
            total.update(outcome.counts)
    return total


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _right_ways(found: Mapping[Key, Outcome]) -> str:
    rows = []
    for way in WAYS:
        counts = _sum(found, lambda key, way=way: key.sort == "right" and key.label == way.name)  # type: ignore[misc]
        rows.append(_right_row(way.name, counts))
    return _table(_right_head("way of working"), rows)


def _right_head(first: str) -> list[str]:
    return [first, "worksheets", "numbers", "correct", "rounded", "carried", "right numbers called wrong"]


def _right_row(word: str, counts: Counter[str]) -> list[str]:
    figures = [counts["sheets"], counts["right numbers"]]
    figures += [counts[f"right numbers {status}"] for status in ("correct", "rounded", "carried")]
    figures.append(sum(counts[what] for what in _RIGHT))
    return [word, *(f"{figure:,}" for figure in figures)]


def _right_kinds(found: Mapping[Key, Outcome]) -> str:
    rows = [_right_row(word, _sum(found, chosen)) for word, chosen in _kinds_and_decimals(["right"])]
    return _table(_right_head("network, decimals"), rows)


def _mistakes(found: Mapping[Key, Outcome], rows: Iterable[tuple[str, Callable[[Key], bool]]], *, named: bool) -> str:
    head = ["", "worksheets", "mistakes", "do not show", "numbers that pass", "first one located"]
    head += ["named", "for certain", "misnamed"] if named else ["false name for certain"]
    head += ["right numbers", "called wrong"]
    lines = []
    for word, chosen in rows:
        counts = _sum(found, chosen)
        figures = [f"{counts['sheets']:,}", f"{counts['slips']:,}", f"{counts['slips that do not show']:,}"]
        figures.append(f"{counts['slip that passes']:,}")
        figures.append(_percent(counts["first slips located"], counts["sheets with a slip that shows"]))
        if named:
            figures.append(_percent(counts["listed slips named"], counts["listed slips seen"]))
            figures.append(_percent(counts["listed slips named for certain"], counts["listed slips seen"]))
            figures.append(f"{counts['misnamed']:,}")
        else:
            figures.append(f"{counts['misnamed'] + counts['certain name of an unlisted slip']:,}")
        figures += [f"{counts['right numbers']:,}", f"{sum(counts[what] for what in _RIGHT):,}"]
        lines.append([word, *figures])
    return _table(head, lines)


def _by_name(found: Mapping[Key, Outcome]) -> str:
    single = {"listed", "listed-everywhere", "listed-cell", "copying", "copying-not-carried"}
    rows = []
    for label in sorted({key.label for key in found if key.sort in single}):
        counts = _sum(found, lambda key, label=label: key.sort in single and key.label == label)  # type: ignore[misc]
        seen = counts["listed slips seen"]
        shares = [_percent(counts[f"listed slips named{more}"], seen) for more in ("", " for certain")]
        rows.append([f"`{label}`", f"{counts['slips']:,}", f"{seen:,}", *shares, f"{counts['misnamed']:,}"])
    return _table(["planted", "mistakes", "seen", "named", "for certain", "misnamed"], rows)


def _copied(found: Mapping[Key, Outcome]) -> str:
    rows = []
    for sort in _COPIED:
        counts = _sum(found, _of(sort))
        figures = [counts["sheets"], counts["copied numbers"], counts["copied numbers that are right by chance"]]
        figures += [counts["copied number that earns"], counts["certain name of a copied number"]]
        rows.append([_WORDS[sort], *(f"{figure:,}" for figure in figures)])
    return _table(["", "worksheets", "copied numbers", "right by chance", "that earn", "false name for certain"], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=10_800, help="how many worksheets, of all sorts together")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="write nothing; is the page up to date?")
    parser.add_argument("-o", "--output", type=Path, default=PAGE)
    chosen = parser.parse_args()
    sheets = chosen.sheets
    if chosen.check:
        told = re.search(r"filled in ([\d,]+) worksheets", chosen.output.read_text(encoding="utf-8"))
        if told is None:
            print(f"{chosen.output} does not say how many worksheets it counts", file=sys.stderr)
            return 1
        sheets = int(told[1].replace(",", ""))
    each = -(-sheets // len(SORTS))
    tasks = [(sort, seed) for seed in range(each) for sort in SORTS]
    text = render(count(tasks, chosen.processes), len(tasks))
    if chosen.check:
        fresh = chosen.output.read_text(encoding="utf-8") == text
        print("up to date" if fresh else f"{chosen.output} is not what is counted now")
        return 0 if fresh else 1
    chosen.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
