"""Problems with weights drawn from a seed: the same numbers on every machine and version, for ever."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnncalc.cells import CELLS, cell
from rnncalc.errors import ProblemError
from rnncalc.problem import DEFAULT_ETA, MAX_HIDDEN, MAX_NUMBERS, Problem, cut, letters_of, vocabulary_of
from rnncalc.scalars import Array

DEFAULT_DECIMALS = 6
_TWO_53 = 1 << 53


def uniform(seed: int | str, name: str, position: int, decimals: int) -> float:
    """A number uniform in [−1, 1], rounded to ``decimals``.

    The first 53 bits of SHA-256 of "seed:name:position" as a fraction u of 1, then 2u − 1.
    """
    import hashlib  # here, because a template needs none of it

    digest = hashlib.sha256(f"{seed}:{name}:{position}".encode()).digest()
    fraction = (int.from_bytes(digest[:8], "big") >> 11) / _TWO_53
    return round(2 * fraction - 1, decimals) + 0.0


def draw_array(seed: int | str, name: str, shape: tuple[int, int], decimals: int) -> Array:
    """An array of such numbers; position counts row by row from 0."""
    rows, columns = shape
    numbers = [uniform(seed, name, i, decimals) for i in range(rows * columns)]
    return np.array(numbers).reshape(rows, columns)


def draw(
    text: str,
    *,
    seed: int | str = 0,
    hidden: int = 3,
    vocabulary: str | Sequence[str] | None = None,
    recurrent: str = "matrix",
    output_bias: bool = False,
    weight_decimals: int = DEFAULT_DECIMALS,
    h_0: str | Sequence[float] = "zeros",
    cell_kind: str = "rnn",
    reset_after: bool = False,
    activation: str = "tanh",
    targets: str = "next",
    loss_reduction: str = "sum",
    eta: float = DEFAULT_ETA,
) -> Problem:
    """A problem for any text.

    ``recurrent``: "matrix" (Whh hidden × hidden, a bias per unit) or, of an rnn, "scalar" (one shared number each);
    ``h_0``: "zeros", "random" or the numbers; ``reset_after``: a gru with its reset gate after the product.
    Raises ProblemError naming the field at fault.
    """
    if not 1 <= hidden <= MAX_HIDDEN:
        raise ProblemError("hidden", f"hidden is {hidden:,}; it needs a whole number from 1 to {MAX_HIDDEN:,}.")
    if not 1 <= weight_decimals <= 15:
        raise ProblemError("weight_decimals", f"weight_decimals is {weight_decimals}; it needs 1 to 15.")
    if recurrent not in ("scalar", "matrix"):
        raise ProblemError("recurrent", f"recurrent is {recurrent!r}; it needs scalar or matrix.")
    if cell_kind not in CELLS:
        raise ProblemError("cell", f"cell is {cell_kind!r}; it needs one of {', '.join(CELLS)}.")
    if recurrent == "scalar" and cell_kind != "rnn":
        raise ProblemError("recurrent", f"recurrent = scalar is for the cell rnn; {cell_kind} needs matrices.")
    if reset_after and cell_kind != "gru":
        raise ProblemError("reset_after", f"reset_after is for the cell gru, and this is {cell_kind}.")
    inputs, wanted = cut(text, targets)
    known = vocabulary_of(letters_of(text)) if vocabulary is None else _vocabulary(vocabulary)
    shapes = cell(cell_kind).shapes(hidden, len(known), recurrent) | {"Why": (len(known), hidden)}
    if reset_after:
        shapes |= cell(cell_kind).extras(hidden, len(known))
    if output_bias:
        shapes["by"] = (len(known), 1)
    if sum(rows * columns for rows, columns in shapes.values()) > MAX_NUMBERS:
        raise ProblemError("vocabulary", f"{hidden:,} units and {len(known):,} letters make too many weights.")
    weights = {name: draw_array(seed, name, shape, weight_decimals) for name, shape in shapes.items()}
    how = f"drawn from seed {seed}, uniform in [-1, 1], rounded to {weight_decimals} decimals"
    state, state_how = initial_state(h_0, hidden, seed, weight_decimals)
    origins = {**dict.fromkeys(weights, f"It was {how}."), "h_0": state_how}
    more: dict[str, Array] = {}
    if "c" in cell(cell_kind).states:
        start = h_0 if isinstance(h_0, str) else "zeros"
        more["c_0"], origins["c_0"] = initial_state(start, hidden, seed, weight_decimals, "c_0")
    return Problem(
        inputs=inputs,
        targets=wanted,
        vocabulary=known,
        weights=weights,
        h_0=state,
        **more,
        cell=cell_kind,
        activation=activation,
        loss_reduction=loss_reduction,
        eta=eta,
        text="".join(letters_of(text)),
        source=f"weights {how}",
        origins=origins,
    )


def initial_state(
    h_0: str | Sequence[float], hidden: int, seed: int | str, decimals: int, name: str = "h_0"
) -> tuple[Array, str]:
    """h_0 and where its numbers came from, for "zeros", "random" or the numbers themselves; or c_0, by its name."""
    if h_0 == "zeros":
        return np.zeros((hidden, 1)), "Zeros: nothing was read yet."
    if h_0 == "random":
        how = f"It was drawn from seed {seed}, uniform in [-1, 1], rounded to {decimals} decimals."
        return draw_array(seed, name, (hidden, 1), decimals), how
    if isinstance(h_0, str):
        raise ProblemError("h_0", f"h_0 is {h_0!r}; it needs zeros, random or {hidden} numbers.")
    if len(h_0) != hidden:
        raise ProblemError("h_0", f"h_0 has {len(h_0)} numbers; it needs {hidden}, one for each hidden unit.")
    return np.array(h_0, dtype=np.float64).reshape(-1, 1), "It was given as an option."


def _vocabulary(vocabulary: str | Sequence[str]) -> tuple[str, ...]:
    return letters_of(vocabulary) if isinstance(vocabulary, str) else tuple(vocabulary)
