"""Problems with weights drawn from a seed: the same numbers on every machine and version, for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.cells import CELLS
from rnncalc.network.choices import MAX_HIDDEN, MAX_LAYERS, MAX_NUMBERS, RECURRENT
from rnncalc.network.names import layer_name
from rnncalc.network.problem import Problem
from rnncalc.network.structure import Dense, Layer, Shape, Structure
from rnncalc.network.tokens import TOKENS, joined, tokens_of, vocabulary_of
from rnncalc.network.values import one_of
from rnncalc.problems.choice import Choice
from rnncalc.problems.settings import SETTINGS
from rnncalc.problems.targets import inputs_and_targets

_TWO_53 = 1 << 53


def uniform(seed: int | str, name: str, position: int, decimals: int) -> float:
    """A number uniform in [−1, 1], rounded to ``decimals``.

    The first 53 bits of SHA-256 of "seed:name:position" as a fraction u of 1, then 2u − 1.
    """
    return _uniforms(f"{seed}:{name}:", range(position, position + 1), decimals)[0]


def draw_array(seed: int | str, name: str, shape: tuple[int, int], decimals: int) -> Array:
    """An array of such numbers; position counts row by row from 0."""
    rows, columns = shape
    return np.array(_uniforms(f"{seed}:{name}:", range(rows * columns), decimals)).reshape(rows, columns)


def _uniforms(beginning: str, positions: range, decimals: int) -> list[float]:
    from hashlib import sha256  # here, because a template needs none of it

    begun = sha256(beginning.encode())
    digests = bytearray()
    for position in positions:
        hashed = begun.copy()
        hashed.update(b"%d" % position)
        digests += hashed.digest()[:8]
    fractions = (np.frombuffer(digests, ">u8") >> np.uint64(11)) / _TWO_53
    return [round(number, decimals) + 0.0 for number in (2 * fractions - 1).tolist()]


def draw(choice: Choice) -> Problem:
    """A problem with drawn weights for any text, or for ``inputs``: the numbers read at each step.

    What it is made of are the settings of rnncalc.problems.settings, with their defaults; beside these ``seed`` may be
    a text, ``cell`` and the activations a list with an entry for each layer, and ``targets`` a list with an entry for
    each output. Raises ProblemError naming the field at fault.
    """
    chosen = choice.filled()
    text, tokens = chosen.text or "", chosen.tokens
    inputs: Sequence[Sequence[float]] = chosen.inputs or ()
    hidden, layers, decimals, outputs = chosen.hidden, chosen.layers, chosen.weight_decimals, chosen.classes
    _check_sizes(chosen)
    one_of("recurrent", chosen.recurrent, RECURRENT)
    one_of("tokens", tokens, TOKENS)
    cells = _for_each_layer("cell", chosen.cell, layers)
    _check_cells(chosen, cells)
    classes = () if isinstance(outputs, int) else tuple(outputs)
    data: dict[str, Any] = {"text": text} if text or not len(inputs) else {"inputs": inputs}
    if chosen.targets is not None:
        data["targets"] = chosen.targets
    inputs_read, targets_read = inputs_and_targets(
        {**data, "classes": classes or outputs, "output_at": chosen.output_at, "generate": chosen.generate}, tokens
    )
    known: tuple[str, ...] = ()
    if "text" in data:
        known = vocabulary_of(tokens_of(text, tokens)) if chosen.vocabulary is None else chosen.tokens_in_vocabulary()
        if not known:
            raise ProblemError("vocabulary", f"vocabulary has no {tokens}; it needs those of the text.")
    width = len(known) or len(inputs[0])
    count = outputs if isinstance(outputs, int) else len(outputs) or width
    structure = Structure(
        width,
        chosen.embedding,
        tuple(Layer(layer_name(k), kind, "", hidden) for k, kind in enumerate(cells, 1)),
        tuple(Dense(f"D{k}", units, "") for k, units in enumerate(chosen.head, 1)),
        0 if chosen.output_at == "none" else count,
    )
    shapes = _shapes(structure, chosen)
    if sum(rows * columns for rows, columns in shapes.values()) > MAX_NUMBERS:
        what = f"{len(known):,} {tokens}" if known else f"{width:,} inputs"
        raise ProblemError("vocabulary", f"{hidden:,} units and {what} make too many weights. Use fewer.")
    weights = {name: draw_array(chosen.seed, name, shapes[name], decimals) for name in structure.in_order(shapes)}
    how = f"drawn from seed {chosen.seed}, uniform in [-1, 1], rounded to {decimals} decimals"
    origins = dict.fromkeys(weights, f"It was {how}.")
    states: dict[str, Array] = {}
    for layer in structure.layers:
        for state in layer.states:
            # numbers are those of h_0 alone
            start = chosen.h0 if isinstance(chosen.h0, str) or state == "h" else "zeros"
            name = f"{state}_0"
            states[name], origins[name] = initial_state(start, hidden, chosen.seed, decimals, name)
    each = {
        "cell": cells,
        "activation": _for_each_layer("activation", chosen.activation, layers),
        "head": _for_each_layer("head_activation", chosen.head_activation, len(chosen.head)),
        "classes": classes,
    }
    return Problem(
        **{setting.key: getattr(chosen, setting.name) for setting in SETTINGS if setting.field} | each,
        inputs=inputs_read,
        targets=targets_read,
        vocabulary=known,
        weights=weights,
        states=states,
        text=joined(tokens_of(text, tokens), tokens),
        source=f"weights {how}",
        origins=origins,
    )


def _check_sizes(chosen: Choice) -> None:
    embedding = [("embedding", chosen.embedding)] if chosen.embedding else []
    for name, units in (("hidden", chosen.hidden), *embedding, *(("head", units) for units in chosen.head)):
        if not 1 <= units <= MAX_HIDDEN:
            raise ProblemError(name, f"{name} is {units:,}; it needs a whole number from 1 to {MAX_HIDDEN:,}.")
    if len(chosen.head) > MAX_LAYERS:
        raise ProblemError("head", f"head has {len(chosen.head):,} layers; it needs at most {MAX_LAYERS}.")
    if not 1 <= chosen.weight_decimals <= 15:
        raise ProblemError("weight_decimals", f"weight_decimals is {chosen.weight_decimals}; it needs 1 to 15.")


def _check_cells(chosen: Choice, cells: Sequence[str]) -> None:
    for kind in cells:
        one_of("cell", kind, CELLS)
    if chosen.recurrent == "scalar" and list(cells) != ["rnn"]:
        what = "several layers need" if len(cells) > 1 else f"{cells[0]} needs"
        raise ProblemError(
            "recurrent", f"recurrent = scalar works only with a single layer of the cell rnn; {what} matrices."
        )
    if chosen.reset_after and "gru" not in cells:
        raise ProblemError("reset_after", f"reset_after works only with the cell gru, and this is {cells[0]}.")


def _shapes(structure: Structure, chosen: Choice) -> dict[str, Shape]:
    """The shapes of the weights that are drawn: those that are needed, and the biases that were chosen."""
    extras = {
        name: shape
        for name, shape in structure.extras().items()
        if (name.startswith("bhn") and chosen.reset_after) or name[:2] == "bv" or name == "by" * chosen.output_bias
    }
    return structure.shapes(chosen.recurrent) | extras


def _for_each_layer(name: str, value: str | Sequence[str], layers: int) -> list[str]:
    """One setting for each layer, said once for all or for each."""
    each = [value] * layers if isinstance(value, str) else list(value)
    if len(each) == 1:
        each = each * layers
    if len(each) != layers:
        raise ProblemError(name, f"{name} has {len(each)} entries; it needs one for each of the {layers} layers.")
    return each


def initial_state(
    h_0: str | Sequence[float], hidden: int, seed: int | str, decimals: int, name: str = "h_0"
) -> tuple[Array, str]:
    """h_0 and where its numbers came from, for "zeros", "random" or the numbers themselves; or c_0, by its name."""
    if h_0 == "zeros":
        return np.zeros((hidden, 1)), "Zeros: nothing has been read yet."
    if h_0 == "random":
        how = f"It was drawn from seed {seed}, uniform in [-1, 1], rounded to {decimals} decimals."
        return draw_array(seed, name, (hidden, 1), decimals), how
    if isinstance(h_0, str):
        raise ProblemError("h_0", f"h_0 is {h_0!r}; it needs zeros, random or {hidden} numbers.")
    if len(h_0) != hidden:
        raise ProblemError("h_0", f"h_0 has {len(h_0)} numbers; it needs {hidden}, one for each hidden unit.")
    return np.array(h_0, dtype=np.float64).reshape(-1, 1), "It was given as an option."
