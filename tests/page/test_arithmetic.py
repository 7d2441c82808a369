"""The arithmetic that a page shows of a number is that of `rnncalc explain`, sign for sign, of every number."""

from functools import cache

import pytest
from engines.cases import CASES
from page.scripts import folder, run, write

from rnncalc.network.names import element_name
from rnncalc.page.content import content
from rnncalc.page.modules import modules
from rnncalc.render.explain import parts_of_sum, worked

NAMES = ["hello", "shifted softmax", "lstm, relu, truncate", "gru, reset after", "two layers of lstm, states random",
         "binary cross-entropy", "numbers read, squared error", "words, embedding, classes at the last step",
         "generated letters, backward", "clip", "clip_norm below the norm", "mean"]  # fmt: skip
DECIMALS = 4


@cache
def shown(place=None):
    """What the page shows of every case."""
    given = [{"content": content(CASES[name].trace()), "decimals": DECIMALS} for name in NAMES]
    return dict(zip(NAMES, run("explain.mjs", given, place), strict=True))


def explained(q, row, column):
    """The lines of `rnncalc explain`."""
    done = worked(q, row, column, DECIMALS)
    between = [] if done.numbers is None else [["", done.numbers.text]]
    return [[done.name.text, done.symbols.text], *between, ["", done.result.text]]


def expected(trace):
    """Of every computed number its lines and, of a sum over the steps, those of its terms."""
    return {
        element_name(q.name, i + 1, j + 1, q.shape): [explained(part, i, j) for part in (q, *parts_of_sum(q))]
        for q in trace.values()
        if q.rule is not None
        for i in range(q.shape[0])
        for j in range(q.shape[1])
    }


@pytest.mark.parametrize("name", NAMES)
def test_it_is_that_of_explain(name):
    assert shown()[name] == expected(CASES[name].trace())


def test_another_sign_is_found_out(tmp_path):
    sources = modules()
    sources["functions.js"] = sources["functions.js"].replace('"between": " + "', '"between": " - "')
    write(tmp_path, sources)
    assert folder() != tmp_path
    assert shown(tmp_path)["hello"] != expected(CASES["hello"].trace())
