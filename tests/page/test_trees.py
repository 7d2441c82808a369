"""Rules as data: the trees that a page makes of them are those that Python has, element by element."""

import json
import math

import pytest
from engines.cases import CASES
from page.scripts import run

from rnncalc.language.functions import FUNCTIONS
from rnncalc.language.trees import Call, Entry, Number, Scalar
from rnncalc.network.element_arithmetic import trees_of
from rnncalc.page.content import content

SOME = ["hello", "shifted softmax", "lstm, relu, truncate", "gru, reset after, 9 units", "generated letters, backward",
        "words, embedding, classes at the last step", "binary cross-entropy", "clip_norm below the norm"]  # fmt: skip


def plain(tree: Scalar) -> object:
    """A tree as JSON holds it."""
    match tree:
        case Number(value):
            return {"number": value}
        case Entry(of, row, column):
            return {"entry": of.name, "row": row, "column": column}  # type: ignore[attr-defined]
        case Call(function, arguments):
            return {"call": function, "arguments": [plain(a) for a in arguments]}


@pytest.mark.parametrize("name", SOME)
def test_each_way_of_each_element_is_pythons(name):
    trace = CASES[name].trace()
    (made,) = run("take_apart.mjs", [content(trace)])
    for q in (q for q in trace.values() if q.rule is not None):
        rows, columns = q.shape
        expected = [[plain(t) for t in trees_of(q, i, j)] for i in range(rows) for j in range(columns)]
        assert made[q.name] == expected, q.name


def test_rules_of_one_form_share_a_template():
    data = content(CASES["30 steps"].trace())
    assert len(data["templates"]) < 60
    assert len(json.dumps(data)) < 1_000_000


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_a_page_is_that_of_python(name):
    """To a few units of the last binary digit, in which the libraries of languages differ."""
    from language.test_functions import tries

    (found,) = run("functions.mjs", [{"function": name, "operands": tries(name)}])
    expected = [FUNCTIONS[name].python(*operands) for operands in tries(name)]
    assert all(math.isclose(a, b, rel_tol=1e-14) for a, b in zip(found, expected, strict=True))
