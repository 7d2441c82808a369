"""Count again: python -m marking.examiner.run --sort listed --seeds 0-199 --show 5, with tests/ on the path."""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from multiprocessing import Pool
from typing import NamedTuple

from .judging import FAULTS, Fault, Outcome, examine
from .sheets import SORTS, sheet


class Key(NamedTuple):
    """What sheets are counted by; ``label`` is the way of working, or the mistake that was planted."""

    sort: str
    kind: str
    decimals: int
    label: str


def one(task: tuple[str, int]) -> tuple[Key, Outcome]:
    """A sheet, made and examined."""
    made = sheet(*task)
    return Key(made.sort, made.kind, made.decimals, made.label), examine(made)


def count(tasks: Iterable[tuple[str, int]], processes: int = 1) -> dict[Key, Outcome]:
    """All of these sheets, counted."""
    found: dict[Key, Outcome] = defaultdict(Outcome)
    if processes == 1:
        for key, outcome in map(one, tasks):
            found[key].add(outcome)
    else:
        with Pool(processes) as pool:
            for key, outcome in pool.imap_unordered(one, tasks, chunksize=20):
                found[key].add(outcome)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sort", action="append", choices=SORTS, help="a sort of sheets; repeatable; all by default")
    parser.add_argument("--seeds", default="0-49", help="a seed, or the first and the last one: 0-199")
    parser.add_argument("--show", type=int, default=0, help="how many examples of each fault are shown")
    parser.add_argument("--fault", help="only faults whose words contain this")
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    first, _, last = chosen.seeds.partition("-")
    tasks = [(sort, seed) for seed in range(int(first), int(last or first) + 1) for sort in chosen.sort or SORTS]
    begun = time.perf_counter()
    found = count(tasks, chosen.processes)
    print(f"{len(tasks)} sheets in {time.perf_counter() - begun:.0f} s")
    by_sort: dict[str, Outcome] = defaultdict(Outcome)
    for key, outcome in found.items():
        by_sort[key.sort].add(outcome)
    for sort, outcome in by_sort.items():
        print(f"\n{sort}: {dict(outcome.counts)}")
    everything = Outcome()
    for outcome in by_sort.values():
        everything.add(outcome)
    print(f"\nall: {dict(everything.counts)}")
    slowest = ", ".join(f"--sort {sort} --seeds {seed}: {seconds:.1f} s" for seconds, sort, seed in everything.slowest)
    print(f"\nlongest to mark: {slowest}")
    for what in FAULTS:
        faults = [fault for fault in everything.faults if fault.what == what]
        if faults and (not chosen.fault or chosen.fault in what):
            _show(what, faults, chosen.show)


def _show(what: str, faults: list[Fault], most: int) -> None:
    sheets = {(fault.sort, fault.seed) for fault in faults}
    print(f"\n{what}: {len(faults)} in {len(sheets)} sheets")
    sorts = Counter(sort for sort, _ in sheets)
    print("  sheets by sort:", dict(sorts.most_common()))
    for word, values in (
        ("way", {(f.sort, f.seed): f.way for f in faults}),
        ("planted", {(f.sort, f.seed): f.label for f in faults}),
        ("names given", {(f.sort, f.seed): " ".join(f.names) or "none" for f in faults}),
    ):
        print(f"  sheets by {word}:", dict(Counter(values.values()).most_common(14)))
    seen: set[tuple[str, int]] = set()
    for fault in sorted(faults, key=lambda f: (f.seed, f.sort)):
        if (fault.sort, fault.seed) not in seen and len(seen) < most:
            seen.add((fault.sort, fault.seed))
            print("  ", fault)


if __name__ == "__main__":
    main()
