"""Which problem a command line means: the template, the template with another text, or a drawn one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from rnncalc import templates
from rnncalc.draw import DEFAULT_DECIMALS, draw, initial_state
from rnncalc.errors import ProblemError
from rnncalc.problem import Problem, cut, letters_of, show_letters

DEFAULT = "hello"


class Choice(NamedTuple):
    """What was typed about a problem; None is what was not typed.

    ``hidden`` to ``cell`` draw new weights when typed; the others keep a template's.
    """

    text: str | None = None
    template: str | None = None
    hidden: int | None = None
    seed: int | str | None = None
    weight_decimals: int | None = None
    vocabulary: str | None = None
    recurrent: str | None = None
    output_bias: bool | None = None
    activation: str | None = None
    targets: str | None = None
    loss_reduction: str | None = None
    eta: float | None = None
    h0: str | Sequence[float] | None = None
    cell: str | None = None
    reset_after: bool | None = None

    @property
    def draws(self) -> bool:
        """Whether anything typed asks for new weights."""
        drawing = (
            self.hidden, self.seed, self.weight_decimals, self.vocabulary, self.recurrent, self.output_bias,
            self.cell, self.reset_after,
        )  # fmt: skip
        return any(option is not None for option in drawing)


def choose(choice: Choice, told: Problem | None = None) -> tuple[Problem, list[str]]:
    """The problem that was meant, and what should be said about the choice.

    ``told`` is the problem that a file tells, which is meant where neither text nor template was typed.
    Raises ProblemError naming the option at fault, FileError for a template that cannot be read.
    """
    base: Problem | None
    notes: list[str] = []
    if choice.template is not None:
        base = templates.load(choice.template).problem
    elif told is not None and choice.text is None:
        base = told
    else:
        hello = templates.load(DEFAULT).problem
        meant = choice.text is None or choice.text == hello.text
        base = hello if meant else None
        notes = [] if meant else _notes(choice.text or "", hello.text)
    if base is None or choice.draws:
        return _drawn(choice, base), notes
    return _adapted(choice, base), notes


def choose_cells(choice: Choice, kinds: Sequence[str]) -> tuple[list[Problem], list[str]]:
    """The same text through several kinds of cell, and what should be said about the choice.

    The kind that the problem meant is of keeps its weights; those of the others are drawn, in the same size and with
    the same seed. ``choice.reset_after`` is for a gru alone.
    """
    meant, notes = choose(choice._replace(reset_after=None))
    problems = []
    for kind in kinds:
        reset_after = choice.reset_after if kind == "gru" else None
        keeps = kind == meant.cell and reset_after is None
        problems.append(meant if keeps else choose(choice._replace(cell=kind, reset_after=reset_after))[0])
    return problems, notes


def _adapted(choice: Choice, base: Problem) -> Problem:
    """A template's weights with what was typed in place of its settings."""
    text = base.text if choice.text is None else choice.text
    settings: dict[str, Any] = {
        name: getattr(choice, name)
        for name in ("activation", "loss_reduction", "eta")
        if getattr(choice, name) is not None
    }
    if choice.text is not None or choice.targets is not None:
        mode = choice.targets or base.target_mode
        inputs, targets = cut(text, mode if mode != "some" else "next")
        _in_vocabulary(text, base.vocabulary, choice.template)
        settings |= {"inputs": inputs, "targets": targets, "text": "".join(letters_of(text))}
    if choice.h0 is not None:
        state, how = initial_state(choice.h0, base.hidden, seed=0, decimals=DEFAULT_DECIMALS)
        origins = {**base.origins, "h_0": how}
        settings |= {"h_0": state, "origins": origins}
        if base.c_0 is not None and isinstance(choice.h0, str):  # numbers are those of h_0 alone
            settings["c_0"], origins["c_0"] = initial_state(choice.h0, base.hidden, 0, DEFAULT_DECIMALS, "c_0")
    return base.replace(**settings) if settings else base


def _drawn(choice: Choice, base: Problem | None) -> Problem:
    """New weights; a template that was typed lends its text, vocabulary, size and settings."""
    options: dict[str, Any] = {}
    if base is not None:
        options = {
            "hidden": base.hidden,
            "activation": base.activation,
            "loss_reduction": base.loss_reduction,
            "eta": base.eta,
            "targets": base.target_mode,
            "vocabulary": base.vocabulary,
            "cell_kind": base.cell,
        }
        if choice.cell in (None, base.cell) and "bhn" in base.weights:
            options["reset_after"] = True
    text = choice.text if choice.text is not None else base.text if base is not None else DEFAULT
    typed = {
        name: getattr(choice, name)
        for name in (
            "hidden", "seed", "weight_decimals", "vocabulary", "recurrent", "output_bias", "activation", "targets",
            "loss_reduction", "eta",
        )
    }  # fmt: skip
    options |= {name: value for name, value in typed.items() if value is not None}
    if choice.cell is not None:
        options["cell_kind"] = choice.cell
    if choice.reset_after is not None:
        options["reset_after"] = choice.reset_after
    if choice.h0 is not None:
        options["h_0"] = choice.h0
    if "vocabulary" in options:
        _in_vocabulary(text, letters_of("".join(options["vocabulary"])), choice.template)
    return draw(text, **options)


def _in_vocabulary(text: str, vocabulary: Sequence[str], template: str | None) -> None:
    strange = [c for c in dict.fromkeys(letters_of(text)) if c not in vocabulary]
    if strange:
        whose = f"the vocabulary of template {template}" if template else "the vocabulary"
        more = "" if not template else "; without -t, rnncalc draws weights for any text"
        raise ProblemError(
            "text",
            f"{text!r} has {show_letters(strange)}, which {whose} lacks: it has {show_letters(vocabulary)}{more}.",
        )


def _notes(typed: str, text: str) -> list[str]:
    """What the user may have meant: the template's word in other capitals."""
    if typed.strip().casefold() != text.casefold():
        return []
    note = (
        f"{typed!r} is another text than template {DEFAULT}'s {text!r} (case and blanks matter), "
        f"so its weights are drawn from a seed. For the template's numbers: {text}"
    )
    return [note]
