"""Every engine gives NumPy's numbers: from poisoned files, every named quantity, the Check sheet, what Start shows."""

import pytest
from engines.cases import CASES, STYLES, file
from engines.engines import ENGINES, TOLERANCE, TURNS, Batches, assert_start_shows, recalculate

CANNOT = {
    "ironcalc": ["one letter, generated"],
    "hyperformula": ["generated letters", "generated letters, backward", "generated words"],
}
"""The workbooks in which an engine does not know a formula: the most likely token, fed back, as an array formula, which
stands on the sheet Check in both styles. IronCalc looks nothing up in a single cell there; HyperFormula refuses ROW of
a range, and the file."""
TOO_LONG = {("ironcalc", "30 steps")}
"""It takes minutes over a long chain of cells."""
LEFT_OUT = TOO_LONG | {(engine, name) for engine, names in CANNOT.items() for name in names}
IN_BOTH_STYLES = {(engine, name) for engine in ("libreoffice", "gnumeric") for _, name in LEFT_OUT}
"""What an engine leaves out, two others calculate in both styles."""
JOBS = {
    engine: [
        (name, style)
        for number, (name, case) in enumerate(CASES.items())
        for style in STYLES
        if style == STYLES[TURNS[engine](number)] or (engine, name) in IN_BOTH_STYLES
        if (case.small or engine != "formulas") and (engine, name) not in LEFT_OUT
    ]
    for engine in ENGINES
}
"""What each engine calculates: all workbooks, each in one of the two styles by turns. The formulas package knows every
function and name that a workbook has, but takes seconds for each file: it gets the small ones."""
each_workbook = pytest.mark.parametrize(
    ("engine", "name", "style"),
    [pytest.param(engine, *job, id="-".join((engine, *job))) for engine, jobs in JOBS.items() for job in jobs],
)


@pytest.fixture(scope="module")
def calculated() -> Batches:
    """All workbooks as an engine calculates them."""
    return Batches(lambda engine: {(name, style): file(name, style) for name, style in JOBS[engine]})


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", CASES)
def test_each_workbook_comes_to_two_engines_in_each_style(name, style):
    assert sum((name, style) in jobs for jobs in JOBS.values()) >= 2


@each_workbook
def test_every_quantity_equals_numpy(calculated, engine, name, style):
    book, trace = calculated(engine, (name, style)), CASES[name].trace()
    assert book.names == set(trace)
    assert book.differing(trace) == set()


@each_workbook
def test_the_check_sheet_says_so(calculated, engine, name, style):
    book, case = calculated(engine, (name, style)), CASES[name]
    computed = case.trace().keys() - case.typed
    assert book.verdicts == {
        **dict.fromkeys(case.typed | set(case.token_rows.values()), "as given"),
        **dict.fromkeys(computed, "equal"),
    }
    assert book.top == f"All {len(computed)} quantities equal NumPy's results."
    assert book.beside("check") == book.top


@each_workbook
def test_start_shows_the_loss_and_the_prediction(calculated, engine, name, style):
    assert_start_shows(calculated(engine, (name, style)), CASES[name].trace())


@each_workbook
def test_every_cell_shows_what_was_stored_beside_its_formula(calculated, engine, name, style):
    """The links, the workings, the Board and Charts too."""
    book = calculated(engine, (name, style))
    stored = {place: book.package.value(*place) for place in book.package.calculated()}
    size = max(1.0, *(abs(v) for v in stored.values() if isinstance(v, float)))

    def same(place: tuple[str, str], expected: float | str | None) -> bool:
        shown = book.shows(*place)
        if isinstance(expected, float):
            return isinstance(shown, (int, float)) and abs(shown - expected) <= TOLERANCE * size
        return shown == expected

    assert [(place, book.shows(*place)) for place, expected in stored.items() if not same(place, expected)] == []


@pytest.mark.parametrize(("engine", "name"), [(engine, name) for engine, names in CANNOT.items() for name in names])
def test_what_an_engine_cannot_calculate_is_still_so(engine, name):
    if engine == "hyperformula":
        with pytest.raises(AssertionError, match="Unknown array"):
            recalculate(engine, {name: file(name, "matrix")})
    else:
        assert recalculate(engine, {name: file(name, "matrix")})[name].differing(CASES[name].trace())
