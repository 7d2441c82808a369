"""Problems with weights drawn from a seed: the same numbers on every machine and version, for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncalc.errors import ProblemError
from rnncalc.language.trees import Array
from rnncalc.network.cells import CELLS
from rnncalc.network.choices import DEFAULT_ETA, MAX_HIDDEN, MAX_LAYERS, MAX_NUMBERS
from rnncalc.network.names import layer_name
from rnncalc.network.problem import Problem
from rnncalc.network.structure import Dense, Layer, Structure
from rnncalc.network.tokens import TOKENS, joined, tokens_of, vocabulary_of
from rnncalc.network.values import one_of
from rnncalc.problems.targets import inputs_and_targets

DEFAULT_DECIMALS = 6
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
        one = begun.copy()
        one.update(b"%d" % position)
        digests += one.digest()[:8]
    fractions = (np.frombuffer(digests, ">u8") >> np.uint64(11)) / _TWO_53
    return [round(one, decimals) + 0.0 for one in (2 * fractions - 1).tolist()]


def draw(
    text: str = "",
    *,
    inputs: Sequence[Sequence[float]] = (),
    seed: int | str = 0,
    hidden: int = 3,
    layers: int = 1,
    embedding: int = 0,
    head: Sequence[int] = (),
    vocabulary: str | Sequence[str] | None = None,
    tokens: str = "letters",
    classes: int | Sequence[str] = (),
    recurrent: str = "matrix",
    output_bias: bool = False,
    weight_decimals: int = DEFAULT_DECIMALS,
    h_0: str | Sequence[float] = "zeros",
    cell_kind: str | Sequence[str] = "rnn",
    reset_after: bool = False,
    activation: str | Sequence[str] = "tanh",
    head_activation: str | Sequence[str] = "tanh",
    output_at: str = "every",
    output_function: str = "softmax",
    softmax: str = "",
    targets: str | Sequence[Any] | None = None,
    loss: str = "",
    loss_reduction: str = "sum",
    generate: int = 0,
    eta: float = DEFAULT_ETA,
) -> Problem:
    """A problem for any text, or for ``inputs``: the numbers read at each step.

    ``layers``: recurrent layers, each of ``hidden`` units; ``embedding``: the rows of an embedding table, 0 for none;
    ``head``: the units of dense layers before the output; ``classes``: the names of the outputs, or how many there are
    (default: the vocabulary); ``recurrent``: "matrix" (Whh hidden × hidden, a bias per unit) or, of an rnn, "scalar"
    (one shared number each); ``h_0``: "zeros", "random" or the numbers; ``reset_after``: a gru with its reset gate
    after the product; ``softmax``: its form, plain or shifted (default: plain, where there is a softmax); ``targets``:
    next, last, none, or an entry for each output (default: next where the outputs are the vocabulary); ``generate``: so
    many steps more, each of which reads what was predicted before.
    Raises ProblemError naming the field at fault.
    """
    if not 1 <= hidden <= MAX_HIDDEN:
        raise ProblemError("hidden", f"hidden is {hidden:,}; it needs a whole number from 1 to {MAX_HIDDEN:,}.")
    for name, units in (*([("embedding", embedding)] if embedding else []), *(("head", one) for one in head)):
        if not 1 <= units <= MAX_HIDDEN:
            raise ProblemError(name, f"{name} is {units:,}; it needs a whole number from 1 to {MAX_HIDDEN:,}.")
    if len(head) > MAX_LAYERS:
        raise ProblemError("head", f"head has {len(head):,} layers; it needs at most {MAX_LAYERS}.")
    if not 1 <= weight_decimals <= 15:
        raise ProblemError("weight_decimals", f"weight_decimals is {weight_decimals}; it needs 1 to 15.")
    one_of("recurrent", recurrent, ("scalar", "matrix"))
    one_of("tokens", tokens, TOKENS)
    kinds = _for_each_layer("cell", cell_kind, layers)
    for kind in kinds:
        one_of("cell", kind, CELLS)
    if recurrent == "scalar" and kinds != ["rnn"]:
        what = "several layers need" if layers > 1 else f"{kinds[0]} needs"
        raise ProblemError("recurrent", f"recurrent = scalar is for a single layer of the cell rnn; {what} matrices.")
    if reset_after and "gru" not in kinds:
        raise ProblemError("reset_after", f"reset_after is for the cell gru, and this is {kinds[0]}.")
    names_of_outputs = () if isinstance(classes, int) else tuple(classes)
    settings: dict[str, Any] = {"text": text} if text or not len(inputs) else {"inputs": inputs}
    if targets is not None:
        settings["targets"] = targets
    inputs_read, targets_read = inputs_and_targets(
        {**settings, "classes": names_of_outputs or classes, "output_at": output_at, "generate": generate}, tokens
    )
    known: tuple[str, ...] = ()
    if "text" in settings:
        found = tokens_of(text, tokens)
        known = vocabulary_of(found) if vocabulary is None else _vocabulary(vocabulary, tokens)
        if not known:
            raise ProblemError("vocabulary", f"vocabulary has no {tokens}; it needs those of the text.")
    width = len(known) or len(inputs[0])
    count = classes if isinstance(classes, int) else len(classes) or width
    structure = Structure(
        width,
        embedding,
        tuple(Layer(layer_name(k), kind, "", hidden) for k, kind in enumerate(kinds, 1)),
        tuple(Dense(f"D{k}", units, "") for k, units in enumerate(head, 1)),
        0 if output_at == "none" else count,
    )
    shapes = structure.shapes(recurrent)
    more = structure.extras()
    kept = {
        name
        for name in more
        if (name.startswith("bhn") and reset_after) or name[:2] == "bv" or name == "by" * output_bias
    }
    shapes |= {name: shape for name, shape in more.items() if name in kept}
    if sum(rows * columns for rows, columns in shapes.values()) > MAX_NUMBERS:
        what = f"{len(known):,} {tokens}" if known else f"{width:,} inputs"
        raise ProblemError("vocabulary", f"{hidden:,} units and {what} make too many weights.")
    weights = {name: draw_array(seed, name, shapes[name], weight_decimals) for name in structure.in_order(shapes)}
    how = f"drawn from seed {seed}, uniform in [-1, 1], rounded to {weight_decimals} decimals"
    origins = dict.fromkeys(weights, f"It was {how}.")
    states: dict[str, Array] = {}
    for layer in structure.layers:
        for state in layer.states:
            # numbers are those of h_0 alone
            start = h_0 if isinstance(h_0, str) or state == "h" else "zeros"
            states[f"{state}_0"], origins[f"{state}_0"] = initial_state(
                start, hidden, seed, weight_decimals, f"{state}_0"
            )
    return Problem(
        inputs=inputs_read,
        targets=targets_read,
        vocabulary=known,
        weights=weights,
        states=states,
        cell=tuple(kinds),
        activation=tuple(_for_each_layer("activation", activation, layers)),
        head=tuple(_for_each_layer("head_activation", head_activation, len(head))),
        tokens=tokens,
        classes=names_of_outputs,
        output_at=output_at,
        output_function=output_function,
        softmax=softmax,
        loss=loss,
        loss_reduction=loss_reduction,
        eta=eta,
        text=joined(tokens_of(text, tokens), tokens),
        source=f"weights {how}",
        origins=origins,
    )


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
        return np.zeros((hidden, 1)), "Zeros: nothing was read yet."
    if h_0 == "random":
        how = f"It was drawn from seed {seed}, uniform in [-1, 1], rounded to {decimals} decimals."
        return draw_array(seed, name, (hidden, 1), decimals), how
    if isinstance(h_0, str):
        raise ProblemError("h_0", f"h_0 is {h_0!r}; it needs zeros, random or {hidden} numbers.")
    if len(h_0) != hidden:
        raise ProblemError("h_0", f"h_0 has {len(h_0)} numbers; it needs {hidden}, one for each hidden unit.")
    return np.array(h_0, dtype=np.float64).reshape(-1, 1), "It was given as an option."


def _vocabulary(vocabulary: str | Sequence[str], tokens: str) -> tuple[str, ...]:
    return tokens_of(vocabulary, tokens) if isinstance(vocabulary, str) else tuple(vocabulary)
