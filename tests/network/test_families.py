"""The table of families: every row of every cell has what pages need, and nobody takes a name apart to find it."""

import ast
from pathlib import Path

import pytest

import rnncalc
from rnncalc import Problem
from rnncalc.network.cells import CELLS, cell
from rnncalc.network.families import FAMILIES, By, Family, Role, gate, worded
from rnncalc.network.update_step import whole_trace
from rnncalc.network.words import settings_of

ROWS = [(f"{kind}, {family.name}", family) for kind in CELLS for family in cell(kind).families]
ROWS += [(f"network, {family.name}", family) for family in FAMILIES.values()]
AXES = {"unit", "read", "feature", "below", "out", ""}


def lacks(family: Family) -> list[str]:
    """What a row leaves open that a page may ask for."""
    computed = not family.is_weight and family.role != Role.GIVEN
    differentiated = computed and family.role not in (Role.LOSS, Role.GRADIENT) and family.name != "target"
    needs = {
        "symbol": family.symbol,
        "latex": family.latex,
        "words": family.words or family.about_shape,
        "words about its shape": family.about_shape or not family.is_weight,
        "words as a gradient": family.back or not differentiated,
        "role": isinstance(family.role, Role),
        "axes": set(family.axes) <= AXES,
    }
    return [what for what, there in needs.items() if not there]


@pytest.mark.parametrize("family", [row for _, row in ROWS], ids=[name for name, _ in ROWS])
def test_every_family_has_symbol_words_role_and_axes(family):
    assert lacks(family) == []


def test_a_row_that_leaves_something_open_is_caught():
    assert lacks(Family("q")) == ["words", "words as a gradient"]
    assert lacks(Family("q", "Words.", "Words.", axes=("row", ""))) == ["axes"]
    assert lacks(Family("Wq", is_weight=True)) == ["words", "words about its shape"]


@pytest.mark.parametrize("kind", CELLS)
def test_no_two_families_of_a_network_share_a_name_or_a_symbol(kind):
    rows = [*FAMILIES.values(), *cell(kind).families]
    assert len({row.name.casefold() for row in rows}) == len({row.symbol for row in rows}) == len(rows)


PROBLEMS = {
    "rnn": {},
    "one number for all units": {"recurrent": "scalar"},
    "relu, squared error": {"activation": "relu", "loss": "squared-error"},
    "shifted": {"softmax": "shifted", "loss_reduction": "mean"},
    "lstm": {"cell_kind": "lstm", "h_0": "random"},
    "gru": {"cell_kind": "gru"},
    "reset after": {"cell_kind": "gru", "reset_after": True},
    "everything": {"layers": 2, "cell_kind": ("lstm", "gru"), "embedding": 2, "head": [3, 2], "output_bias": True},
    "generated": {"generate": 2},
    "yes or no": {"classes": 1, "output_function": "sigmoid", "output_at": "last", "targets": [[1.0]]},
}


@pytest.mark.parametrize("options", PROBLEMS.values(), ids=PROBLEMS)
def test_whatever_is_computed_has_a_sentence_with_nothing_left_to_fill_in(options):
    trace = whole_trace(Problem.draw("abca", **options), clip=1)
    for q in trace.values():
        if q.rule is not None:
            assert q.says.endswith("."), q.name
            assert not set("{}") & set(q.says)


def test_words_that_depend_on_a_setting_are_chosen_by_it():
    words = By("softmax", {"plain": "Of {token}.", "shifted": "Shifted."})
    assert worded(words, {"softmax": "plain", "token": "letter"}) == "Of letter."
    assert worded(words, {"softmax": "shifted"}) == "Shifted."
    assert worded(words, {}) == ""


def test_a_gate_is_five_families():
    rows = gate("q", "gate", "The gate q.")
    assert [row.name for row in rows] == ["Wxq", "Whq", "bq", "aq", "q"]
    assert [row.latex for row in rows] == ["W_{xq}", "W_{hq}", "b_{q}", "a^{q}", "q"]
    assert {row.gate for row in rows} == {"q"}
    assert [row.is_weight for row in rows] == [True, True, True, False, False]


def test_every_setting_that_words_ask_for_is_there():
    problem = Problem.draw("abca", layers=2, head=[2])
    assert settings_of(problem).keys() == settings_of(problem, "L2").keys()
    assert {"units", "activation", "reads", "below", "token", "out"} <= settings_of(problem, "D1").keys()


# ── who takes names apart ─────────────────────────────────────────────────────────────────────────────────────────────

HOME = Path(rnncalc.__file__).parent
MAY_PARSE = {
    "classroom/assignment.py": "keys of points, which a teacher typed",
    "classroom/class_page.py": "names in the records of grades",
    "network/trace.py": "what was typed and is not there",
    "problems/template_reader.py": "keys of a template",
}
"""The modules that read names which a person typed or a file keeps, beside typed_names.py itself."""
PARSERS = {"parse", "split"}


def takes_apart(source: str) -> bool:
    """Whether a module imports what takes a name apart."""
    return (
        any(
            isinstance(node, ast.ImportFrom)
            and node.module == "rnncalc.network.typed_names"
            and PARSERS & {alias.name for alias in node.names}
            for node in ast.walk(ast.parse(source))
        )
        or "import typed_names" in source
    )


def test_no_name_is_parsed_but_where_someone_typed_one():
    modules = {path.relative_to(HOME).as_posix(): path.read_text(encoding="utf-8") for path in HOME.rglob("*.py")}
    assert {name for name, source in modules.items() if takes_apart(source)} == MAY_PARSE.keys()


@pytest.mark.parametrize(
    "source",
    [
        "from rnncalc.network.typed_names import parse",
        "def f():\n    from rnncalc.network.typed_names import looks_like_element, split as cut",
        "from rnncalc.network import typed_names",
    ],
)
def test_a_module_that_parses_names_is_caught(source):
    assert takes_apart(source)
