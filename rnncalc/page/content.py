"""What a page holds: the given numbers of a problem, and of each computed one the rule and the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from rnncalc.errors import ProblemError
from rnncalc.language import write
from rnncalc.network import words
from rnncalc.network.families import TARGET, X
from rnncalc.network.pictures import Box, box, letter_picture, picture, text_picture
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity, symbol_in_text
from rnncalc.network.trace import Trace
from rnncalc.page.board import board_data
from rnncalc.page.trees import Templates
from rnncalc.render.document import title_line
from rnncalc.render.roles import tint

if TYPE_CHECKING:
    from rnncalc.marking.blanks import Blanks

MOST = 50_000
"""The numbers of the largest page."""
DECIMALS, LEAST_DECIMALS, MOST_DECIMALS = 4, 2, 12
"""Those shown at first, and those that one can choose from."""
Progress = Callable[[int, int], None]


class Practice(Protocol):
    """What a page to practise on asks for, and what it adds to a page (see rnncalc.page.practice)."""

    @property
    def blanks(self) -> Blanks: ...

    def data(
        self, trace: Trace, templates: Templates, places: Mapping[str, int], tell: Callable[[int], None]
    ) -> dict[str, Any]: ...


def content(
    trace: Trace, *, decimals: int = DECIMALS, practice: Practice | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """All that a page knows, as JSON can hold it; of a ``practice`` page also what it asks for and is marked with.

    ``quantities`` stand in the order of the computation, and name each other by their places in it; a rule is the
    number of a template and the places of what it is made of (see rnncalc.page.trees). ``labels`` are lists of words
    for rows and columns, which quantities name by their places. Raises ProblemError for a network that is too large.
    """
    check_size(trace)
    places = {name: place for place, name in enumerate(trace)}
    templates, labels = Templates(places), _Labels()
    quantities = []
    tell = progress or (lambda done, everything: None)
    half = len(trace)
    everything = half if practice is None else 2 * half
    for place, q in enumerate(trace.values()):
        quantities.append(_quantity(q, trace, templates, labels, places))
        tell(place + 1, everything)
    more: dict[str, Any] = {"mode": "live", "board": board_data(trace)}
    if practice is not None:
        asked = practice.data(trace, templates, places, lambda place: tell(half + place, everything))
        more = {"mode": "practice", "board": board_data(practice.blanks.trace), "practice": asked}
    return {
        "version": 1,
        "decimals": decimals,
        "problem": _problem(trace.problem),
        "quantities": quantities,
        "templates": templates.written,
        "labels": labels.written,
        "updates": [[places[name], places[f"{name}_new"]] for name in trace if f"{name}_new" in trace],
        "letters": [
            {"quantity": place, "names": "vocabulary" if q.family is X else "outputs"}
            for place, q in enumerate(trace.values())
            if q.rule is None and _is_letter(q, trace.problem)
        ],
        **more,
    }


def check_size(trace: Trace) -> None:
    """Raise ProblemError for a network that has more numbers than a page takes."""
    count = sum(q.value.size for q in trace.values())
    if count > MOST:
        raise ProblemError(
            "text",
            f"This network has {count:,} numbers, and a page can have {MOST:,} at most. Use a shorter text, a smaller "
            "network or an earlier stage (--through forward).",
        )


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "text": text_picture(problem.text),
        "title": title_line(problem),
        "token": problem.token,
        "vocabulary": [letter_picture(name) for name in problem.vocabulary],
        "outputs": [letter_picture(name) for name in problem.output_names],
        "steps": problem.steps,
        "output": problem.output_function,
        "hasLoss": problem.has_loss,
    }


def _is_letter(q: Quantity, problem: Problem) -> bool:
    """Whether a given column is a letter, a word or a class: 1 in its row, 0 in all others."""
    named = (q.family is X and problem.vocabulary) or (q.family is TARGET and problem.output_names)
    return bool(named) and not q.is_gradient and q.value.sum() == 1 and ((q.value == 0) | (q.value == 1)).all()


def _quantity(
    q: Quantity, trace: Trace, templates: Templates, labels: _Labels, places: dict[str, int]
) -> dict[str, Any]:
    table = box(q, trace, 0)
    data: dict[str, Any] = {
        "name": q.name,
        "place": q.place,
        "bare": q.bare,
        "step": q.step,
        "stage": str(q.stage),
        "layer": q.layer,
        "tint": tint(q),
        "symbol": q.symbol,
        "latex": q.latex,
        "size": list(q.shape),
        "axes": list(q.axes),
        "labels": [labels.place(table.row_labels), labels.place(table.column_labels)],
        "says": _says(q, trace),
    }
    if q.rule is None:
        return {**data, "values": q.value.reshape(-1).tolist()}
    ways = templates.ways(q)
    return {
        **data,
        "equation": q.equation,
        "rule": templates.rule(q.rule),
        **({"ways": ways} if len(ways) > 1 else {}),
        "picture": [_piece(piece, templates, places) for piece in picture(q, trace, 6)],
    }


def _says(q: Quantity, trace: Trace) -> str:
    """A line of words; of what is given also what its shape means."""
    if q.rule is not None:
        return q.says
    means = words.shape_means(q, trace.problem)
    return " ".join(filter(None, [f"{means[:1].upper()}{means[1:]}." if means else "", q.says]))


def _piece(piece: Any, templates: Templates, places: dict[str, int]) -> Any:
    """A table as the place of its quantity, 1 behind it where it is transposed; a sign; a number worked on the way."""
    if isinstance(piece, Box):
        return [places[piece.quantity.name], int(piece.transposed)]
    if piece.working is None:
        return piece.text
    words = write(piece.working, "text", symbol_in_text).text
    return {"rule": templates.rule(piece.working), "words": words}


class _Labels:
    """Lists of labels, each once."""

    def __init__(self) -> None:
        self.written: list[list[str]] = []
        self._known: dict[tuple[str, ...], int] = {}

    def place(self, labels: list[str]) -> int:
        """Where a list stands."""
        key = tuple(labels)
        if key not in self._known:
            self._known[key] = len(self.written)
            self.written.append(labels)
        return self._known[key]
