"""The gated recurrent unit (Cho et al., 2014), and its variant that PyTorch and Keras compute.

r_t = σ(ar_t)   z_t = σ(az_t), with ar_t = Wxr · x_t + Whr · h_{t−1} + br and so on;
rh_t = r_t ⊙ h_{t−1};   an_t = Wxn · x_t + Whn · rh_t + bn;   n_t = tanh(an_t);   h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}.

With a bias bhn among the weights the reset gate comes after the product ("reset after"):
hn_t = Whn · h_{t−1} + bhn;   an_t = Wxn · x_t + bn + r_t ⊙ hn_t.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rnncalc.language import ACTIVATIONS, Expression, Wrong, add, matmul, multiply, one_minus, operands, sigmoid
from rnncalc.language.trees import Term
from rnncalc.network import families
from rnncalc.network.cell import Add, Cell, OwnMistake, gate
from rnncalc.network.families import BOTH, EACH_STEP, MEMORY, Family, weight
from rnncalc.network.quantity import Quantity, operands_of

FAMILIES = (
    *families.gate("r", "gate", "The reset gate: how much of the previous hidden state the candidate uses."),
    *families.gate("z", "gate", "The update gate: how much of the previous hidden state is kept."),
    *families.gate(
        "n",
        "candidate",
        "The candidate for the new hidden state.",
        "Contributions of {current} and the reset hidden state to {letter}",
    ),
    weight("bhn", EACH_STEP, optional=True),
    Family(
        "rh",
        "The reset hidden state: the part of the previous hidden state that the candidate uses.",
        "Gradient with respect to the reset hidden state.",
    ),
    Family(
        "hn",
        "Contribution of the previous hidden state to n, before the reset gate.",
        "Gradient with respect to the contribution of the hidden state to n.",
    ),
    Family("h", "The new hidden state: part candidate, part previous hidden state.", BOTH, MEMORY),
)


def step(
    put: Add, weights: Mapping[str, Term], x: Term, states: Mapping[str, Term], activation: str
) -> dict[str, Quantity]:
    """One step; all hidden × 1. ``activation`` is that of the candidate."""
    h = states["h"]
    r = gate(put, weights, "r", x, h, sigmoid)
    z = gate(put, weights, "z", x, h, sigmoid)
    read = matmul(weights["Wxn"], x)
    if "bhn" in weights:
        past = add(matmul(weights["Whn"], h), weights["bhn"])
        total = add(read, weights["bn"], multiply(r, put("hn", past)))
    else:
        total = add(read, matmul(weights["Whn"], put("rh", multiply(r, h))), weights["bn"])
    n = put("n", ACTIVATIONS[activation](put("an", total)))
    return {"h": put("h", add(multiply(one_minus(z), n), multiply(z, h)))}


# ── its own mistakes ──────────────────────────────────────────────────────────────────────────────────────────────────


def z_reversed(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """z for 1 − z and the reverse."""
    for z in (source for source in q.sources if source.bare == "z"):
        if _is_alone(rule, z):
            yield Wrong("z-reversed", f"{z.symbol} and 1 − {z.symbol} swapped", _exchanged(rule, z))


def reset_in_another_place(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """The reset gate before the product instead of after it, or the reverse; where all is written out."""
    if q.bare != "an" or any(source.bare in ("rh", "hn") for source in operands_of(rule)):
        return
    after = any(source.bare == "hn" for source in q.sources)
    other = _other_order(rule)
    yield Wrong("reset-gate-order", f"the reset gate came {'before' if after else 'after'} the product", other)
    if not after:
        (bias,) = (source for source in q.sources if source.bare == "bn")
        yield Wrong(
            "reset-gate-order", "the reset gate was applied after the product and its bias", _with_bias(other, bias)
        )


def _exchanged(term: Term, z: Quantity) -> Term:
    """A rule with z for 1 − z and the reverse."""
    if term is z:
        return one_minus(z)
    if operands(term, one_minus) == (z,):
        return z
    if isinstance(term, Expression):
        return term.operation(*(_exchanged(a, z) for a in term.arguments))
    return term


def _is_alone(term: Term, z: Quantity) -> bool:
    """Whether z stands in a rule by itself, not only in 1 − z."""
    if not isinstance(term, Expression):
        return term is z
    return term.operation is not one_minus and any(_is_alone(a, z) for a in term.arguments)


def _with_bias(term: Term, bias: Quantity) -> Term:
    """A rule with r ⊙ (W · h + b) for r ⊙ (W · h) + b."""
    if not isinstance(term, Expression):
        return term
    if term.operation is add and bias in term.arguments:
        return add(*(_with_bias(a, bias) for a in term.arguments if a is not bias))
    match operands(term, multiply):
        case (r, Expression() as product) if operands(product, matmul):
            return multiply(r, add(product, bias))
    return term.operation(*(_with_bias(a, bias) for a in term.arguments))


def _other_order(term: Term) -> Term:
    """A rule with W · (r ⊙ h) + b for r ⊙ (W · h + b), and the reverse."""
    match operands(term, matmul):
        case (weights, Expression() as reset) if pair := operands(reset, multiply):
            return multiply(pair[0], matmul(weights, pair[1]))
    match operands(term, multiply):
        case (r, Expression() as past) if terms := operands(past, add):
            weights, h = operands(terms[0], matmul)
            return add(matmul(weights, multiply(r, h)), *terms[1:])
    if isinstance(term, Expression):
        return term.operation(*(_other_order(a) for a in term.arguments))
    return term


MISTAKES = (
    OwnMistake("z-reversed", "z and 1 − z swapped", z_reversed),
    OwnMistake(
        "reset-gate-order",
        "the reset gate was applied before the product instead of after it, or the reverse",
        reset_in_another_place,
    ),
    OwnMistake("reset-gate-left-out", "the reset gate was left out", is_left_out=lambda families, q: families == {"r"}),
)
CELL = Cell("gru", "gated recurrent unit", ("h",), FAMILIES, step, ("rh", "hn"), MISTAKES)
