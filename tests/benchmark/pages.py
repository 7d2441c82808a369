"""The live page in Chromium: how large it is, how soon it is there, and how long a change takes.

python tests/benchmark/pages.py, with playwright (pip install playwright) and Debian's chromium. Each time is beside a
yardstick of the same run: an empty page, or the same numbers computed by NumPy. The exit code is 1 where a limit is
exceeded.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rnncalc import Problem
from rnncalc.network.stages import trace_to
from rnncalc.page.page import live_page

ROUNDS = 15
LARGEST = 150_000
"""The bytes of hello's page."""
FIRST, CHANGE = 100.0, 50.0
"""Milliseconds until the title of hello stands there, and for a change of a weight of the large network."""
EMPTY = "<!DOCTYPE html><html lang='en'><title>empty</title><p>0</p></html>"
PAINTED = """() => new Promise((done) => {
  const [first] = performance.getEntriesByName("first-contentful-paint");
  if (!first || document.querySelector("#page[aria-busy]")) return done(null);
  new PerformanceObserver((list) => done([first.startTime, list.getEntries().at(-1).startTime]))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""
"""When the first letters stood there, and when the largest words did, which come with the cells."""
CHANGED = """() => {
  const weight = rnncalc.quantities.find((q) => !q.rule && q.name === "Wxh");
  const begun = performance.now();
  rnncalc.setNumber(weight, 0, weight.value[0] + 0.001);
  return performance.now() - begun;
}"""
"""All numbers that follow from a weight, and what stands on the page."""


def painted(browser: Any, file: Path) -> tuple[float, float]:
    """Milliseconds from the beginning of a page to its first letters, and to all its cells."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_timeout(500)
    while (found := page.evaluate(PAINTED)) is None:
        page.wait_for_timeout(20)
    page.close()
    return float(found[0]), float(found[1])


def changes(browser: Any, file: Path) -> list[float]:
    """Milliseconds for each of several changes, the first of them in a page that has just begun."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_timeout(500)
    found = [float(page.evaluate(CHANGED)) for _ in range(ROUNDS)]
    page.close()
    return found


def line(name: str, ours: float, yardstick: float, limit: float | None = None) -> bool:
    """Say a result; whether it is within its limit, if it has one."""
    print(f"{name:<34}{ours:9.1f} ms{yardstick:9.1f} ms{ours / yardstick:8.2f}" + (f"{limit:9.0f} ms" if limit else ""))
    return limit is None or ours <= limit


def main() -> int:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        print("Install chromium to measure pages (on Debian: apt install chromium).", file=sys.stderr)
        return 3
    hello, large = Problem.template("hello"), Problem.draw("the quick brown", hidden=13)
    count = sum(q.value.size for q in trace_to(large, "update").values())
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = {name: Path(folder) / f"{name}.html" for name in ("empty", "hello", "large")}
        files["empty"].write_text(EMPTY, encoding="utf-8")
        files["hello"].write_text(live_page(hello), encoding="utf-8")
        files["large"].write_text(live_page(large), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        pairs = [(painted(browser, files["hello"]), painted(browser, files["empty"])) for _ in range(ROUNDS)]
        first = changes(browser, files["hello"])[0]
        each = changes(browser, files["large"])
        browser.close()
        size = files["hello"].stat().st_size
        much = files["large"].stat().st_size
        print(f"hello: {size:,} bytes (limit {LARGEST:,}); large: {count:,} numbers, {much:,} bytes")
    numpy = []
    for _ in range(5):
        begun = time.perf_counter()
        trace_to(large, "update")
        numpy.append(1000 * (time.perf_counter() - begun))
    ours, empty = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
    cells = statistics.median(pair[0][1] for pair in pairs)
    print(f"{'':<34}{'page':>12}{'yardstick':>12}{'ratio':>8}{'limit':>12}")
    within = [
        size <= LARGEST,
        line("hello, first paint; an empty page", ours, empty, FIRST),
        line("hello, its cells; an empty page", cells, empty),
        line("hello, first change; NumPy, large", first, statistics.median(numpy), FIRST),
        line("large, a weight changed; NumPy", statistics.median(each), statistics.median(numpy), CHANGE),
        line("large, the first change; NumPy", each[0], statistics.median(numpy), FIRST),
    ]
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
