"""The mistakes with the steps: a number of another step, what flows back, and what is added up over the steps."""

from __future__ import annotations

from collections.abc import Iterator

from rnncalc import language as operations
from rnncalc.language import ACTIVATIONS, Constant, Expression, Wrong, operands, wrong
from rnncalc.language.kinds import Kind
from rnncalc.language.trees import Term
from rnncalc.marking.rule_mistakes import NO_FLOW_BACK, ONLY_FLOW_BACK
from rnncalc.marking.substitution import is_slope, on_paper, sources_of, substituted, used_for
from rnncalc.network.quantity import Quantity, Stage
from rnncalc.network.trace import Trace

_EACH = 8
"""Of so many steps each is tried; of more the first and the last."""
_CLIPPED = (operations.clamp, operations.shorten)


def step_mistakes(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """The mistakes of a quantity; ``rule`` is its own, or the one that it is worked with on paper."""
    yield from _flow(q, rule)
    yield from _slopes_left_out(q, rule)
    yield from _over_time(q, trace)
    yield from _shares(q, rule)
    yield from _clipping(q, rule, trace)
    yield from _softmax_over_time(q, trace)
    yield from _sums_for_activations(q, rule)
    yield from _other_steps(q, rule, trace)


# ── what flows back ───────────────────────────────────────────────────────────────────────────────────────────────────


def _flow(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """One of the two parts of a state's gradient where their sum belongs."""
    for source in q.sources:
        step = source.step
        match operands(source.rule, operations.add) if source.rule is not None else ():
            case (Quantity() as out, Quantity() as following) if step is not None and _is_half(out, "_out"):
                says = NO_FLOW_BACK.format(step + 1)
                yield Wrong(Kind.NO_FLOW_BACK, says, substituted(rule, {source.name: out}))
                yield Wrong(Kind.ONLY_FLOW_BACK, ONLY_FLOW_BACK, substituted(rule, {source.name: following}))


def _is_half(q: Quantity, suffix: str) -> bool:
    return q.bare.endswith(suffix)


def _slopes_left_out(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """The gradient of a state or gate where that of the sum before its activation belongs."""
    before: dict[str, Term] = {}
    for source in q.sources:
        match operands(source.rule, operations.multiply) if source.rule is not None else ():
            case (slope, gradient) if is_slope(slope):
                before[source.name] = gradient
                yield used_for(Kind.SLOPE_LEFT_OUT, gradient, source, rule)
                whole = gradient.rule if isinstance(gradient, Quantity) and not _is_half(q, "_next") else None
                for half in operands(whole, operations.add) if whole is not None else ():
                    if isinstance(half, Quantity):
                        yield used_for(Kind.SLOPE_LEFT_OUT, half, source, rule)
    if len(before) > 1:
        yield Wrong(Kind.SLOPE_LEFT_OUT, "the slopes of all the gates left out", substituted(rule, before))


def _sums_for_activations(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """The sum before an activation, which was left out where its result is used."""
    for source in q.sources:
        if source.rule is not None and source.rule.operation in ACTIVATIONS.values():
            (a,) = source.rule.arguments
            if isinstance(a, Quantity):
                yield used_for(Kind.ACTIVATION_LEFT_OUT, a, source, rule)


# ── what is added up ──────────────────────────────────────────────────────────────────────────────────────────────────


def _over_time(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    """A sum over the steps that was not added up, or averaged; a gradient averaged where the losses are added up."""
    assert q.rule is not None
    shares = operands(q.rule, operations.add)
    if q.step is None and len(shares) > 1:
        for share, which in ((shares[-1], "last"), (shares[0], "first")):
            says = f"not added over the steps: only the contribution of the {which} step"
            yield Wrong(Kind.NOT_ADDED_UP, says, share)
        for i in range(1, len(shares) - 1) if len(shares) <= _EACH else ():
            yield Wrong(Kind.NOT_ADDED_UP, "not added over the steps: only the contribution {}", shares[i], shares[i])
            if i > 1:
                for some in (shares[:i], shares[-i:]):
                    says = f"not added over all steps: only {i} of {len(shares)} contributions"
                    yield Wrong(Kind.NOT_ADDED_UP, says, operations.add(*some))
        says = "the mean over the steps instead of the sum"
        yield Wrong(Kind.MEAN_FOR_SUM, says, operations.over_number(q.rule, Constant(len(shares))))
        units = _units(shares[0])
        if units > 1:
            says = f"divided by the number of units ({units}), as for a mean"
            yield Wrong(Kind.MEAN_FOR_SUM, says, operations.over_number(q.rule, Constant(units)))
    yield from _averaged(q, trace)
    losses = sum(other.stage == Stage.LOSS and other.step is not None for other in trace.values())
    if losses > 1 and operands(q.rule, operations.subtract) and sources_of(q, "target"):
        says = f"divided by {losses}, as for a mean, but the losses are added"
        yield Wrong(Kind.MEAN_FOR_SUM, says, operations.over_number(q.rule, Constant(losses)))


def _averaged(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    """The loss of a step divided by the number of steps."""
    assert q.rule is not None
    losses = sum(other.stage == Stage.LOSS and other.step is not None for other in trace.values())
    if q.stage == Stage.LOSS and q.step is not None and losses > 1:
        says = f"divided by {losses}, as for a mean over the steps"
        yield Wrong(Kind.MEAN_FOR_SUM, says, operations.over_number(on_paper(q.rule), Constant(losses)))


def _units(share: Term) -> int:
    """Over how many units a step's share of a shared number's gradient is added up."""
    rule = share.rule if isinstance(share, Quantity) else None
    if rule is None or rule.operation not in (operations.total, operations.inner):
        return 1
    return int(rule.arguments[0].value.shape[-2])


def _shares(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """One step's share of a gradient where the sum of all belongs."""
    share_of: dict[str, tuple[Term, ...]] = {}
    for source in q.sources if q.stage == Stage.UPDATE else ():
        total = _before_clipping(source)
        shares = operands(total.rule, operations.add) if total.rule is not None else ()
        if total.stage == Stage.BACKWARD and len(shares) > 1:
            share_of[source.name] = shares
            mean = operations.over_number(source, Constant(len(shares)))
            says = f"{{}} divided by {len(shares)}, as for a mean over the steps"
            if q.name != "grad_norm":
                yield Wrong(Kind.MEAN_FOR_SUM, says, substituted(rule, {source.name: mean}), source)
            few = shares[::-1] if len(shares) <= _EACH else (shares[-1], shares[0])
            for share in few if q.name != "grad_norm" else ():
                yield used_for(Kind.NOT_ADDED_UP, share, source, rule)
                if total is not source and source.rule is not None:
                    clipped = substituted(source.rule, {total.name: share})
                    yield used_for(Kind.NOT_ADDED_UP, share, source, rule, clipped)
    if len(share_of) > 1:
        for place, which in ((-1, "last"), (0, "first")):
            says = f"the gradients not added over the steps: only the contributions of the {which} step"
            steps = {name: shares[place] for name, shares in share_of.items()}
            yield Wrong(Kind.NOT_ADDED_UP, says, substituted(rule, steps))


def _before_clipping(q: Quantity) -> Quantity:
    """The gradient that was clipped, where it is one that was."""
    before = q.rule.arguments[0] if q.rule is not None and q.rule.operation in _CLIPPED else q
    return before if isinstance(before, Quantity) else q


def _clipping(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """A gradient taken as it was before it was clipped, or the length of gradients that were clipped."""
    for source in q.sources:
        before = _before_clipping(source)
        if before is not source:
            yield Wrong(Kind.NOT_CLIPPED, "{} not clipped", substituted(rule, {source.name: before}), before)
    if q.name != "grad_norm":
        return
    says = "the norm of the gradients after clipping"
    if "clip" in trace:
        clipped = {s.name: operations.clamp(s, trace["clip"]) for s in q.sources}
        yield Wrong(Kind.CLIPPED_FIRST, says, substituted(rule, clipped))
    elif "clip_norm" in trace:
        yield Wrong(Kind.CLIPPED_FIRST, says, operations.clamp(rule, trace["clip_norm"]))
    starts = [trace[f"d{state}"] for state in trace.problem.states if f"d{state}" in trace]
    says = "the gradient of the initial state included"
    yield Wrong(Kind.START_COUNTED, says, operations.norm(*rule.arguments, *starts))


def _softmax_over_time(q: Quantity, trace: Trace) -> Iterator[Wrong]:
    """exp of a letter divided by the sum of that letter's over the steps."""
    for e in sources_of(q, "exp") if q.bare == "p" else ():
        same = [other for other in trace.values() if other.place == "exp"]
        if len(same) > 1:
            says = "divided by the sum over the steps, not over the letters"
            yield Wrong(Kind.SOFTMAX_OVER_TIME, says, wrong.over_entries(e, operations.add(*same)))


# ── another step ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _other_steps(q: Quantity, rule: Expression, trace: Trace) -> Iterator[Wrong]:
    """A quantity taken from the step before or after the right one."""
    for source in q.sources if q.step is not None else ():
        if source.step is None:
            continue
        for other in (f"{source.place}_{source.step + 1}", f"{source.place}_{source.step - 1}"):
            if other in trace and other != q.name and trace[other].shape == source.shape:
                kind = Kind.WRONG_TARGET if source.bare == "target" else Kind.WRONG_STEP
                yield used_for(kind, trace[other], source, rule)


def initial_states(q: Quantity, rule: Expression) -> Iterator[Wrong]:
    """An initial state that is not the given one."""
    for source in q.sources:
        if source.rule is None and source.step == 0:
            for stock, says in ((operations.zeros, "{} taken as 0"), (wrong.ones, "{} taken as 1")):
                yield Wrong(Kind.INITIAL_STATE, says, substituted(rule, {source.name: stock(source)}), source)
