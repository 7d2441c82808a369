"""Whether what a problem says fits together: what is read, the targets, the output and the loss. Each error has what
it found and what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rnncalc.errors import ProblemError
from rnncalc.io.suggest import did_you_mean
from rnncalc.language.trees import Array
from rnncalc.network.choices import LOSSES, has_softmax
from rnncalc.network.given import Given
from rnncalc.network.tokens import show_tokens, vocabulary_of
from rnncalc.network.values import count

EACH_TARGET = "a target for each output: a class, or numbers separated by commas, with semicolons between the steps"


def check_read(given: Given) -> None:
    """Check inputs, targets, vocabulary and classes by themselves."""
    inputs, targets = given.inputs, given.targets
    token = given.token
    if not inputs:
        raise ProblemError("text", f"The text is empty; it needs at least one {token} to read.")
    if len(targets) != len(inputs):
        raise ProblemError(
            "targets",
            f"targets has {len(targets)} {given.tokens if given.vocabulary else 'entries'}; "
            f"it needs one for each of the {len(inputs)} steps.",
        )
    if isinstance(inputs[0], str) or given.vocabulary:
        _check_vocabulary(given.vocabulary, given.tokens)
        _check_known("text", inputs, given.vocabulary, "the vocabulary", given.tokens)
    else:
        _check_vectors("inputs", inputs)
    if inputs[0] is None:
        raise ProblemError("inputs", "The first step has nothing to read; it needs its own input.")
    own = len([entry for entry in inputs if entry is not None])
    if any(entry is None for entry in inputs[:own]):
        raise ProblemError(
            "inputs",
            "Steps without an input read what was predicted before. They must come last: "
            "after the first of them, no step can have an input.",
        )
    twice = [name for name in given.classes if given.classes.count(name) > 1]
    if twice or not all(isinstance(name, str) and name.strip() for name in given.classes):
        has = f"{twice[0]!r} twice" if twice else "an empty name"
        raise ProblemError("classes", f"classes has {has}; it needs a different name for each output.")


def _check_vocabulary(vocabulary: Sequence[str], kind: str) -> None:
    long = [c for c in vocabulary if not isinstance(c, str) or not c or (kind == "letters" and len(c) != 1)]
    split = [c for c in vocabulary if isinstance(c, str) and kind == "words" and c.split() != [c]]
    if long or split or not vocabulary:
        has = f"the entry {(long or split)[0]!r}" if vocabulary else f"no {kind}"
        raise ProblemError("vocabulary", f"vocabulary has {has}; it needs single {kind}.")
    counted: set[str] = set()
    for token in vocabulary:
        if token in counted:
            single = kind.removesuffix("s")
            raise ProblemError(
                "vocabulary", f"vocabulary has the {single} {token!r} twice; it needs each {single} once."
            )
        counted.add(token)


def _check_known(name: str, read: Sequence[Any], known: Sequence[str], whose: str, kind: str) -> None:
    if any(not isinstance(entry, str) and entry is not None for entry in read):
        raise ProblemError(name, f"{name} has numbers among its {kind}; it needs {kind} from {whose}.")
    names_known = set(known)
    strange = vocabulary_of([entry for entry in read if entry is not None and entry not in names_known])
    if strange:
        raise ProblemError(
            name,
            f"{name} has {show_tokens(strange)}, which {whose} does not have; it needs {kind} from "
            f"{show_tokens(known)}.",
        )


def _check_vectors(name: str, read: Sequence[Any]) -> None:
    columns = [(t, entry) for t, entry in enumerate(read, 1) if entry is not None]
    width = columns[0][1].shape[0] if not isinstance(columns[0][1], str) else 0
    for t, entry in columns:
        if isinstance(entry, str) or entry.shape != (width, 1):
            has = f"is {entry!r}" if isinstance(entry, str) else f"has {count(entry.size, 'number')}"
            raise ProblemError(f"{name}[{t}]", f"{name}[{t}] {has}; it needs {width}, like {name}[{columns[0][0]}].")


def check_outputs(given: Given) -> None:
    """Check that targets, output and loss fit the network and each other."""
    if given.output_function not in LOSSES[given.loss]:
        fits = " or ".join(loss for loss, outputs in LOSSES.items() if given.output_function in outputs)
        raise ProblemError(
            "loss",
            f"loss is {given.loss}, but output_function is {given.output_function}. Use the loss {fits} with it.",
        )
    if given.softmax and not has_softmax(given.output_function, given.output_at):
        why = "output_at none" if given.output_at == "none" else f"output_function {given.output_function}"
        raise ProblemError(
            "softmax",
            f"softmax is {given.softmax}, but with {why} there is no softmax. Leave softmax out.",
        )
    outputs = given.structure.outputs
    if given.output_at == "none" and (outputs or given.head):
        extra = "Why" if outputs else "Wv_D1"
        raise ProblemError(
            "output_at",
            f"output_at is none, but there is {extra}; a network without outputs cannot have this weight.",
        )
    if given.generated:
        _check_generated(given)
    for t, target in enumerate(given.targets, 1):
        if target is not None:
            _check_target(given, t, target)


def _check_generated(given: Given) -> None:
    if given.output_at != "every":
        raise ProblemError("generate", "generate needs an output at every step. Use output_at = every.")
    width = len(given.vocabulary) or given.structure.inputs
    if given.structure.outputs != width:
        raise ProblemError(
            "generate",
            f"The prediction has {given.structure.outputs} rows and the input has {width}; to feed a prediction "
            "back as an input, both need the same number of rows.",
        )


def _check_target(given: Given, t: int, target: str | Array) -> None:
    outputs = given.structure.outputs
    where = f"targets[{t}]"
    if not given.has_output(t):
        raise ProblemError(
            "targets", f"Step {t} has a target but no output. With output_at = {given.output_at}, give it no target."
        )
    if isinstance(target, str):
        known = given.output_names
        if not known:
            raise ProblemError(
                "targets", f"{where} is {target!r}, but the outputs have no names; it needs {outputs} numbers."
            )
        if given.predicts_tokens:
            _check_known("targets", [target], known, "the vocabulary", given.tokens)
        elif target not in known:
            raise ProblemError(
                "targets", f"{where} is {target!r}{did_you_mean(target, known)}; it needs one of {show_tokens(known)}."
            )
        return
    if target.shape != (outputs, 1):
        has = count(target.size, "number")
        raise ProblemError("targets", f"{where} has {has}; it needs {outputs}, one for each output.")
    low, high = float(target.min()), float(target.max())
    if given.loss == "binary-cross-entropy" and not 0 <= low <= high <= 1:
        raise ProblemError(
            "targets", f"{where} has {low if low < 0 else high:g}; binary cross-entropy needs numbers from 0 to 1."
        )
    if given.loss == "cross-entropy" and (low < 0 or abs(float(target.sum()) - 1) > 1e-9):
        raise ProblemError(
            "targets",
            f"{where} adds up to {float(target.sum()):g}; cross-entropy needs numbers from 0 to 1 that add up to 1.",
        )


def check_has_loss(given: Given, why: str) -> None:
    """Raise ProblemError where there is no target, and so no loss: ``why`` that will not do, and what it needs."""
    if not given.has_loss:
        tokens = "targets = next or last (--targets next, --targets last)"
        needs = tokens if given.predicts_tokens else f"targets (--targets): {EACH_TARGET}"
        raise ProblemError("targets", f"{why} It needs {needs}.")
