"""What a workbook cannot hold is refused in a sentence, before any work; and work is told as it goes."""

import re

import pytest
from engines.cases import STYLES, draw, hello
from engines.package import Package

from rnncalc import RnncalcError
from rnncalc.workbook.write.export import check_size, estimated_cells, export


@pytest.fixture
def no_work(monkeypatch):
    """Nothing is computed."""
    for work in ("trace_to", "read_theme"):
        monkeypatch.setattr(f"rnncalc.workbook.write.export.{work}", lambda *_, **__: pytest.fail("work was done"))


@pytest.mark.parametrize(
    ("problem", "through", "message"),
    [
        (
            draw("ab" * 4100, hidden=1),
            "forward",
            r"^8,199 steps need 16,402 columns, but a sheet has 16,384\. Use at most ",
        ),
        (
            draw("abc" * 200, hidden=200),
            "update",
            r"^This workbook would have about [\d,]{9,} cells; rnncalc writes at most 5,000,000",
        ),
        (
            draw("ab" * 600, hidden=1),
            "update",
            r"^The total of 1,199 steps needs a formula of about 11,990 characters, but a cell can hold only 8,192\. ",
        ),
    ],
)
def test_what_a_workbook_cannot_hold_is_refused_with_the_numbers_before_any_work(no_work, problem, through, message):
    with pytest.raises(RnncalcError, match=message):
        export(problem, through=through)


ONE_NUMBER = [[0.5]] * 15
SIZES = {
    "letters": draw("abcdefghijkl" * 2, hidden=16),
    "layers": draw("abcdefghijkl", hidden=12, layers=2, cell_kind=("lstm", "gru")),
    "a head at the last step": draw(
        inputs=ONE_NUMBER, hidden=30, head=[80, 40], classes=2, output_at="last", targets=[[0.0, 1.0]]
    ),
    "an embedding": draw("abcdefghijkl", hidden=8, embedding=20, head=[30]),
}


@pytest.mark.parametrize(("name", "through"), list(zip(SIZES, ("forward", "update", "forward", "update"), strict=True)))
def test_the_cells_of_a_larger_workbook_are_estimated_within_a_fifth(name, through):
    cells = sum(len(found) for found in Package(export(SIZES[name], through=through)).cells.values())
    assert estimated_cells(SIZES[name], through) == pytest.approx(cells, rel=0.2)


def test_the_article_s_network_is_refused_an_update_and_not_its_forward_pass():
    problem = draw(inputs=ONE_NUMBER, hidden=100, head=[1000, 500], classes=2, output_at="last", targets=[[0.0, 1.0]])
    check_size(problem, "forward")
    with pytest.raises(
        RnncalcError, match=r"^This workbook would have about [56],\d{3},\d{3} cells; rnncalc writes at most 5"
    ):
        check_size(problem, "update")


def test_the_length_that_a_refusal_names_would_fit():
    with pytest.raises(RnncalcError) as raised:
        export(draw("ab" * 600, hidden=1))
    (fits,) = map(int, re.findall(r"at most about (\d+) steps,", str(raised.value)))
    total = "=" + "+".join(f"dWxh_{t}" for t in range(1, fits))
    assert 7000 < len(total) <= 8192


@pytest.mark.parametrize("style", STYLES)
def test_too_many_losses_for_one_formula_are_refused_before_any_work(no_work, style):
    with pytest.raises(RnncalcError, match=r"characters, but a cell can hold only 8,192"):
        export(draw("ab" * 1000, hidden=1), through="loss", formulas=style)


@pytest.mark.parametrize(
    ("options", "field", "message"),
    [
        ({"through": "end"}, "through", "through is 'end'; it needs one of forward, loss, backward, update."),
        ({"formulas": "words"}, None, "formulas is 'words'; it needs one of cells, matrix."),
    ],
)
def test_an_option_that_there_is_not(options, field, message):
    with pytest.raises(RnncalcError) as raised:
        export(hello, **options)
    assert str(raised.value) == message
    assert getattr(raised.value, "field", None) == field


@pytest.mark.parametrize("through", ["loss", "backward", "update"])
def test_a_stage_that_needs_targets(no_work, through):
    with pytest.raises(
        RnncalcError, match=f"^Without targets there is no loss: {through} needs targets = next or last"
    ):
        export(draw("aab", targets="none"), through=through)


def test_progress_is_told_as_it_goes():
    told: list[tuple[int, int]] = []
    quiet = export(draw("ab" * 40))
    assert export(draw("ab" * 40), progress=lambda *step: told.append(step)) == quiet
    done, everything = zip(*told, strict=True)
    assert len(told) > 10
    assert list(done) == sorted(set(done))
    assert len(set(everything)) == 1
    assert 0 < done[0] < done[-1] <= everything[0]
    assert done[-1] > everything[0] / 2
