"""What a network reads and its targets, from the few words that a template or a command line says them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rnncalc.errors import ProblemError
from rnncalc.io.suggest import did_you_mean
from rnncalc.network.problem import Problem
from rnncalc.network.tokens import joined, show_tokens, tokens_of
from rnncalc.network.validation import EACH_TARGET
from rnncalc.network.values import one_of

TARGETS = ("next", "last", "none")
MAX_GENERATED = 10_000
MAX_STEPS = 100_000
"""A table for each step of a longer text is nothing that anybody looks at, and takes minutes."""
Entries = tuple[Any, ...]
_EXAMPLES = {"letters": "hello", "words": "'good film'"}


def inputs_and_targets(data: Mapping[str, Any], kind: str) -> tuple[Entries, Entries]:
    """Inputs and targets, as the keys text or inputs, targets, output_at, classes and generate of a template mean them.

    Without targets a text's own next letters are the targets, where they are what is predicted; else there are none.
    """
    generate, outputs = data.get("generate", 0), data.get("output_at", "every")
    if not 0 <= generate <= MAX_GENERATED:
        raise ProblemError("generate", f"generate is {generate}; it needs 0 to {MAX_GENERATED:,}.")
    _check_length(data, kind)
    said = data.get("targets")
    if said is None:
        follows = "text" in data and not data.get("classes") and not generate
        said = {"every": "next", "last": "last"}.get(outputs, "none") if follows else "none"
    if not isinstance(said, str):
        inputs = tokens_of(data["text"], kind) if "text" in data else tuple(data["inputs"])
        targets = _placed(said, len(inputs), generate, outputs)
    elif "text" in data:
        inputs, targets = cut(data["text"], said, kind)
        targets += (None,) * generate
    else:
        one_of("targets", said, TARGETS)
        if said != "none":
            raise ProblemError(
                "targets", f"targets = {said} is for a text; with inputs it needs none, or {EACH_TARGET}."
            )
        inputs = tuple(data["inputs"])
        targets = (None,) * (len(inputs) + generate)
    return (*inputs, *(None,) * generate), targets


def _check_length(data: Mapping[str, Any], kind: str) -> None:
    """Raise ProblemError for more steps than anybody looks at, before anything is made of them."""
    for key, what in (("text", kind), ("inputs", "steps")):
        entries = data.get(key, ())
        count = len(tokens_of(entries, kind) if isinstance(entries, str) else entries)
        if count > MAX_STEPS:
            more = "; rnncalc train --text FILE can read more" if key == "text" else ""
            raise ProblemError(key, f"{key} has {count:,} {what}; the limit is {MAX_STEPS:,}{more}.")


def cut(text: str, targets: str, kind: str = "letters") -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Inputs and targets of a text: "next" has the next token as target at every step, "last" at the last step
    only, and "none" reads every token and has no target.

    Raises ProblemError for an empty text, and for a single token where a next one is the target.
    """
    one_of("targets", targets, TARGETS)
    tokens = tokens_of(text, kind)
    token = kind.removesuffix("s")
    if not tokens:
        raise ProblemError("text", f"The text is empty; it needs at least two {kind}, such as {_EXAMPLES[kind]}.")
    if targets == "none":
        return tokens, (None,) * len(tokens)
    if len(tokens) < 2:
        raise ProblemError(
            "text",
            f"The text {text!r} has only one {token}, so there is no next {token} to predict; it needs at least "
            "two, or targets = none (--targets none).",
        )
    inputs, following = tokens[:-1], tokens[1:]
    if targets == "last":
        return inputs, (*(None,) * (len(inputs) - 1), following[-1])
    return inputs, following


def _placed(targets: Sequence[Any], read: int, generate: int, outputs: str) -> Entries:
    """A list of targets, each at its step: those of a network that answers once at the end, else from step 1 on."""
    entries = tuple(None if isinstance(target, str) and not target else target for target in targets)
    steps = read + generate
    if outputs == "last" and len(entries) == 1:
        return (*(None,) * (steps - 1), *entries)
    if len(entries) not in (read, steps):
        needs = "one" if outputs == "last" else f"one for each of the {read} steps"
        raise ProblemError("targets", f"targets has {len(entries)} entries; it needs {needs}.")
    return (*entries, *(None,) * (steps - len(entries)))


def targets_typed(typed: str, known: Sequence[str]) -> str | list[Any]:
    """What was typed as targets: next, last, none; or an entry for each output with semicolons between, which is one
    of the names ``known``, numbers with commas between, or nothing."""
    if typed in TARGETS:
        return typed
    entries = [_entry(entry.strip(), known) for entry in typed.split(";")]
    if len(entries) == 1 and isinstance(entries[0], str) and entries[0] not in known:
        near = did_you_mean(typed, [*TARGETS, *known])
        classes = f" (the classes are {show_tokens(known)})" if known else ""
        raise ProblemError(
            "targets", f"targets is {typed!r}{near}; it needs next, last, none, or {EACH_TARGET}{classes}."
        )
    return entries


def _entry(typed: str, known: Sequence[str]) -> Any:
    if not typed or typed in known:
        return typed
    try:
        return [float(number) for number in typed.split(",")]
    except ValueError:
        return typed


def follows_its_text(problem: Problem) -> bool:
    """Whether the targets are those that the text itself gives: the next tokens, or the last one."""
    if not problem.predicts_tokens or problem.target_mode not in ("next", "last") or problem.generated:
        return False
    last = problem.targets[-1]
    if not isinstance(last, str):
        return False
    text = joined([*(str(token) for token in problem.inputs), last], problem.tokens)
    inputs, targets = cut(text, problem.target_mode, problem.tokens)
    return (inputs, targets) == (problem.inputs, problem.targets)
