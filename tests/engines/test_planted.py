"""A fault planted in one formula is seen, by the comparison with NumPy and by the workbook's own Check sheet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engines.cases import STYLES, Case, draw
from engines.engines import ENGINES, TURNS, Batches
from engines.package import Package, formula, set_formula, set_number

CASE = Case(draw("abca", hidden=2))
"""Step 2 reads b and wants c. The faults are in the formulas of the long sheets."""
Fault = Callable[[Package], None]


def rewritten(name: str, old: str, new: str, *, row: int = 0) -> Fault:
    """A part of one formula of a quantity replaced."""

    def plant(package: Package) -> None:
        cell = package.cell(name, row)
        assert old in formula(cell), formula(cell)
        set_formula(cell, formula(cell).replace(old, new, 1))

    return plant


def typed_over(name: str, by: float) -> Fault:
    """A number typed over the first formula of a quantity, so far from what it gave."""
    return lambda package: set_number(package.cell(name), CASE.trace()[name].value[0, 0].item() + by)


def wrong_row(name: str, *, column: int = 0) -> Fault:
    """In the first row of a quantity the formula of the second."""
    return lambda package: set_formula(package.cell(name, 0, column), formula(package.cell(name, 1, column)))


def wrong_link(package: Package) -> None:
    """The operand x₂ drawn beside wx₂: its first cell a link to another row."""
    title, ((first,), (second,), *_) = package.area("x_2")
    links = [cell for cell in package.cells["Forward"].values() if formula(cell).replace("$", "") == f"{title}!{first}"]
    assert len(links) == 1
    set_formula(links[0], f"{title}!{second}")


FAULTS: dict[tuple[str, str], tuple[str, Fault]] = {
    ("cells", "a sign in a sum"): ("a_2", rewritten("a_2", "+", "-")),
    ("cells", "a sign in a product"): ("wh_2", rewritten("wh_2", "*", "*-1*")),
    ("cells", "a sign in the gradient"): ("dy_2", rewritten("dy_2", "-", "+", row=2)),
    ("cells", "a sign in the update"): ("Whh_new", rewritten("Whh_new", "-", "+")),
    ("cells", "a wrong row"): ("y_2", wrong_row("y_2")),
    ("cells", "a wrong row in a gradient"): ("dWxh_2", wrong_row("dWxh_2", column=1)),
    ("cells", "a wrong link"): ("wx_2", wrong_link),
    ("cells", "another function"): ("h_2", rewritten("h_2", "TANH", "SIN")),
    ("cells", "a number typed over"): ("h_2", typed_over("h_2", 0.1)),
    ("cells", "a number typed over, hardly wrong"): ("loss", typed_over("loss", 1e-10)),
    ("cells", "an error"): ("loss_2", rewritten("loss_2", "LN", "1/0+LN")),
    ("matrix", "a sign in a sum"): ("a_2", rewritten("a_2", "+", "-")),
    ("matrix", "a wrong step"): ("y_2", rewritten("y_2", "h_2", "h_1")),
    ("matrix", "a gradient not transposed"): ("dh_out_2", rewritten("dh_out_2", "TRANSPOSE(Why)", "Why")),
    ("matrix", "a sign in the update"): ("Why_new", rewritten("Why_new", "-", "+")),
}
"""By style and kind: the quantity that a fault is planted in, and how."""
ERRORS = {"an error", "a gradient not transposed"}
ONLY = {"formulas": ("an error", "a wrong step")}
NOT = {"hyperformula": ("a gradient not transposed",)}  # what has no shape has one cell there, and the others are empty
JOBS = {
    engine: [
        (style, kind)
        for number, (style, kind) in enumerate(FAULTS)
        if kind in ONLY.get(engine, [kind]) and kind not in NOT.get(engine, ())
        if engine in ONLY or TURNS[engine](number)
    ]
    for engine in ENGINES
}
each_fault = pytest.mark.parametrize(
    ("engine", "style", "kind"),
    [pytest.param(engine, *job, id="-".join((engine, *job))) for engine, jobs in JOBS.items() for job in jobs],
)


@pytest.fixture(scope="module")
def calculated() -> Batches:
    """The workbooks with a fault each, as an engine calculates them."""

    def planted(style: str, kind: str) -> bytes:
        package = Package(CASE.file(f"steps {style}"))
        _, plant = FAULTS[style, kind]
        plant(package)
        return package.to_bytes()

    return Batches(lambda engine: {job: planted(*job) for job in JOBS[engine]})


@each_fault
def test_the_comparison_with_numpy_sees_it(calculated, engine, style, kind):
    name, _ = FAULTS[style, kind]
    differing = calculated(engine, (style, kind)).differing(CASE.trace())
    assert name in differing
    assert all(before not in differing for before in list(CASE.trace())[: list(CASE.trace()).index(name)])


@each_fault
def test_the_check_sheet_sees_it_and_says_so_on_top(calculated, engine, style, kind):
    book = calculated(engine, (style, kind))
    name, _ = FAULTS[style, kind]
    differing = book.differing(CASE.trace())
    if kind in ERRORS:  # whatever comes of an error is one
        wrong = [name for name, verdict in book.verdicts.items() if verdict == "ERROR"]
        assert wrong[0] == name
        assert set(wrong) == differing
    else:
        wrong = [name]
        assert {name for name, verdict in book.verdicts.items() if verdict == "DIFFERS"} == {name}
        follow = {name for name, verdict in book.verdicts.items() if verdict == "follows from what is wrong"}
        assert follow == differing - {name}
    assert book.top == book.beside("check")
    more = f" and {len(wrong) - 1} more" if wrong[1:] else ""
    assert book.top == f"Wrong: {name}{more}. See the verdicts below."


# ── one formula in each family ────────────────────────────────────────────────────────────────────────────────────────

WIDE = {
    "rnn": Case(draw("abca", hidden=2, output_bias=True), clipping={"clip_norm": 0.1}),
    "lstm": Case(draw("aba", hidden=2, cell_kind="lstm"), clipping={"clip": 0.05}),
    "gru": Case(draw("aba", hidden=2, cell_kind="gru", reset_after=True)),
    "layers, embedding, head": Case(
        draw(
            "a good film", tokens="words", hidden=2, layers=2, embedding=2, head=[2], classes=("bad", "good"),
            output_at="last", targets=["good"],
        ),
    ),
    "a step fed back": Case(draw("abc", hidden=2, generate=2, targets=["b", "c", "a", "", "b"])),
    "numbers, shifted softmax": Case(
        draw(
            inputs=[[0.5, -1.0], [0.0, 2.0]], hidden=2, classes=3, softmax="shifted",
            targets=[[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]],
        ),
    ),
}  # fmt: skip
HARDLY = 1e-10


def in_each_family(case: Case) -> list[str]:
    """A computed quantity of each family, late in the text, and of what each is the gradient of."""
    quantities = case.trace().values()
    last = {q.bare: q.name for q in quantities if q.name not in case.typed}.values()
    return [q.name for q in quantities if q.name in last]


def hardly_wrong(case: Case, style: str, *, typed: bool) -> bytes:
    """The workbook with the last formula of each of these quantities a little off, maybe with another weight."""
    package = Package(case.file(style))
    for name in in_each_family(case):
        title, area = package.area(name)
        cells = [package.cells[title][address] for row in area for address in row]
        cell = [c for c in cells if formula(c)][-1]
        set_formula(cell, f"{formula(cell)}+{HARDLY!r}")
    if typed:
        name = next(iter(case.problem.weights))
        set_number(package.cell(name), 0.7)
    return package.to_bytes()


WIDE_JOBS = [(name, STYLES[(number + typed) % 2], typed) for number, name in enumerate(WIDE) for typed in (False, True)]
"""As it is in one style and with another weight in the other."""
wide = Batches(
    lambda engine: {
        (name, style, typed): hardly_wrong(WIDE[name], style, typed=typed) for name, style, typed in WIDE_JOBS
    }
)


@pytest.mark.parametrize(("name", "style", "typed"), WIDE_JOBS)
def test_a_formula_hardly_wrong_in_each_family_is_named_and_no_other(name, style, typed):
    book, planted = wide("libreoffice", (name, style, typed)), in_each_family(WIDE[name])
    assert len(planted) > 15
    assert [name for name, verdict in book.verdicts.items() if verdict in ("DIFFERS", "ERROR")] == planted
    assert book.top == f"Wrong: {planted[0]} and {len(planted) - 1} more. See the verdicts below."
