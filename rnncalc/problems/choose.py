"""Which problem a command line means: the template, the template with another text, or a drawn one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rnncalc.errors import ProblemError
from rnncalc.network.choices import DEFAULT_LOSS, LOSSES, has_softmax
from rnncalc.network.problem import Problem
from rnncalc.network.structure import without_output
from rnncalc.network.tokens import joined, show_tokens, tokens_of
from rnncalc.problems import model_file, templates
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import draw, initial_state
from rnncalc.problems.number_file import read_numbers
from rnncalc.problems.settings import BY_NAME, DEFAULTS, SETTINGS
from rnncalc.problems.targets import follows_its_text, inputs_and_targets, targets_typed

DEFAULT = "hello"
_OF_A_FILE = ("vocabulary", "tokens", "classes")
"""What says how a file of weights is to be read."""
_OPEN = ("order", "matrices")
"""What other programs' files of weights may leave open."""
_FROM = ("text", "inputs", "template", "targets")
"""What is read, and what depends on it: taken over for itself where weights are drawn."""

Chooser = Callable[[Choice], tuple[Problem, list[str]]]
Others = Mapping[str, Callable[[Choice], Problem]]
"""What makes a problem of a model file, for each kind of file that only a folder above can read."""
_NONE: Others = MappingProxyType({})


def choose(choice: Choice, from_file: Problem | None = None, others: Others = _NONE) -> tuple[Problem, list[str]]:
    """The problem that was meant, and what should be said about the choice.

    ``from_file`` is the problem that a file tells, which is meant where neither text nor template was typed; ``others``
    reads the model files whose kind is of a folder above, such as a model of tweets.
    Raises ProblemError naming the option at fault, FileError for a template that cannot be read.
    """
    if isinstance(choice.inputs, str):
        rows, notes = read_numbers(choice.inputs)
        problem, more = choose(choice.replace(inputs=rows), from_file, others)
        return problem, [*notes, *more]
    if choice.weights is not None:
        return _from_weights(choice, others)
    for name in _OPEN:
        if getattr(choice, name) is not None:
            raise ProblemError(name, f"--{name} says how to read a file of weights. Use it with --weights FILE.")
    base: Problem | None
    notes = []
    if choice.template is not None:
        base = templates.load(choice.template).problem
    elif from_file is not None and choice.text is None and choice.inputs is None:
        base = from_file
    elif choice.inputs is not None:
        base = None
    else:
        hello = templates.load(DEFAULT).problem
        meant = choice.text is None or choice.text == hello.text
        base = hello if meant else None
        notes = [] if meant else _notes(choice.text or "", hello.text)
    if choice.text is not None and choice.inputs is not None:
        raise ProblemError("inputs", "TEXT and --inputs cannot be used together: a network reads one of them.")
    if base is None or choice.drawing:
        return _drawn(choice, base), notes
    return adapted(choice, base), notes


def _from_weights(choice: Choice, others: Others) -> tuple[Problem, list[str]]:
    """The problem of a file of weights."""
    brought = [name for name in choice.drawing if name not in _OF_A_FILE]
    if brought or choice.template is not None:
        option = "template" if choice.template is not None else brought[0].replace("_", "-")
        raise ProblemError("weights", f"--weights already gives the network. Leave out --{option}.")
    other = others.get(model_file.kind_of(choice.weights or ""))
    own = None if other is not None else model_file.load(choice.weights or "")
    if other is None and own is None:
        from rnncalc.problems.from_weights import problem_of  # late, because most commands read no framework's file

        return problem_of(choice)
    for name in _OPEN:
        if getattr(choice, name) is not None:
            raise ProblemError(
                name, f"{choice.weights} was written by rnncalc, so it does not need --{name}. Leave it out."
            )
    if other is not None:
        return other(choice), []
    assert own is not None
    if choice.drawing:
        option = choice.drawing[0].replace("_", "-")
        raise ProblemError("weights", f"{choice.weights} already gives its {choice.drawing[0]}. Leave out --{option}.")
    return adapted(choice, own), []


def choose_cells(choice: Choice, kinds: Sequence[str], others: Others = _NONE) -> tuple[list[Problem], list[str]]:
    """The same text through several kinds of cell, and what should be said about the choice.

    The kind that the problem meant is of keeps its weights; those of the others are drawn, in the same size and with
    the same seed. ``choice.reset_after`` is for a gru alone.
    """
    meant, notes = choose(choice.replace(reset_after=None), None, others)
    problems = []
    for kind in kinds:
        reset_after = choice.reset_after if kind == "gru" else None
        keeps = kind == meant.cell and reset_after is None
        other = choice.replace(cell=kind, reset_after=reset_after)
        problems.append(meant if keeps else choose(other, None, others)[0])
    return problems, notes


def adapted(choice: Choice, base: Problem) -> Problem:
    """A template's weights with what was typed in place of its settings."""
    settings: dict[str, Any] = {
        name: choice.typed[name]
        for name, setting in BY_NAME.items()
        if setting.field and setting.key == name and not setting.draws and name in choice.typed
    }
    if choice.head_activation is not None:
        _check_head(base.head)
        each = tuple(choice.head_activation)
        settings["head"] = each * len(base.head) if len(each) == 1 else each
    if choice.output_function is not None and choice.loss is None and choice.output_function not in LOSSES[base.loss]:
        settings["loss"] = DEFAULT_LOSS[choice.output_function]
    if choice.output_at == "none":
        settings |= {"weights": without_output(base.weights), "head": (), "classes": ()}
    if any(name in choice.typed for name in ("text", "inputs", "targets", "output_at", "generate")):
        settings |= _read_again(choice, base)
    if choice.h0 is not None:
        settings |= _started(choice.h0, base)
    return base.replace(**settings) if settings else base


def _check_head(head: Sequence[object]) -> None:
    if not head:
        raise ProblemError(
            "head_activation",
            "There are no dense layers that could have an activation. Use --head 4 to add one with 4 units.",
        )


def _read_again(choice: Choice, base: Problem) -> dict[str, Any]:
    """Inputs and targets where what is read or the targets were typed, and the text."""
    read: dict[str, Any] = {}
    text = ""
    if choice.text is not None or base.vocabulary:
        if choice.inputs is not None or not base.vocabulary:
            reads = (
                f"{base.tokens}; it needs a TEXT"
                if base.vocabulary
                else "numbers; use --inputs FILE.csv to give others"
            )
            raise ProblemError("inputs", f"The network of {base.source} reads {reads}.")
        text = base.text if choice.text is None else choice.text
        tokens = tokens_of(text, base.tokens)
        _check_strange(tokens, base.vocabulary, choice.template, joined(tokens, base.tokens))
        read["text"] = text
    elif choice.inputs is not None:
        read["inputs"] = [list(row) for row in choice.inputs]
    else:
        read["inputs"] = _numbers(base)
    outputs = choice.output_at or base.output_at
    follows = base.predicts_tokens and outputs != "none"
    read |= {"output_at": outputs, "classes": not follows}
    read["generate"] = base.generated if choice.generate is None else choice.generate
    if choice.targets is not None:
        read["targets"] = targets_typed(choice.targets, base.output_names)
    elif not follows and (choice.inputs is not None or choice.text not in (None, base.text)):
        read["targets"] = "none"  # the targets of one reading are not those of another
    elif not follows or (choice.output_at is None and choice.generate is None and _stay(choice, base)):
        read["targets"] = _kept_targets(base, outputs, read["generate"])
    inputs, targets = inputs_and_targets(read, base.tokens)
    return {"inputs": inputs, "targets": targets, "text": joined(tokens_of(text, base.tokens), base.tokens)}


def _stay(choice: Choice, base: Problem) -> bool:
    """Whether a template's targets go with what is read: letter by letter they do not go with another text."""
    return choice.text is None or not base.has_loss or follows_its_text(base)


def _kept_targets(base: Problem, outputs: str, generate: int) -> Any:
    """The targets of a template that are no letters of its text: the last one for a network that answers once."""
    if not base.has_loss or outputs == "none":
        return "none"
    if follows_its_text(base):
        return base.target_mode
    if outputs == "last":
        return [base.targets[-1] if base.targets[-1] is not None else ""]
    return ["" if target is None else target for target in base.targets[: base.steps - base.generated + generate]]


def _started(h0: str | Sequence[float], base: Problem) -> dict[str, Any]:
    """The initial states that were typed; numbers are those of h_0 alone."""
    origins = dict(base.origins)
    states: dict[str, Any] = {}
    for name, old in base.states.items():
        if isinstance(h0, str) or name == "h_0":
            states[name], origins[name] = initial_state(h0, old.shape[0], 0, DEFAULTS["weight_decimals"], name)
        else:
            states[name] = old
    return {"states": states, "origins": origins}


def _drawn(choice: Choice, base: Problem | None) -> Problem:
    """New weights; a template that was typed lends its text, vocabulary, size and settings."""
    lent = Choice() if base is None else _lent(choice, base)
    if choice.head_activation is not None:
        _check_head(choice.head or lent.head or ())
    if choice.inputs is not None:
        for name in ("tokens", "vocabulary"):
            if getattr(choice, name) is not None:
                raise ProblemError(name, f"--{name} is for a text, but --inputs gives numbers. Use only one of them.")
        lent = lent.replace(text=None, vocabulary=None, inputs=[list(row) for row in choice.inputs])
    elif choice.text is not None or lent.inputs is None:
        lent = lent.replace(text=choice.text if choice.text is not None else lent.text or DEFAULT)
    typed = {name: value for name, value in choice.typed.items() if name not in _FROM}
    chosen = lent.replace(**typed)
    if choice.output_function is not None:
        chosen = chosen.replace(loss=choice.loss)  # the template's goes with another output
    every = chosen.filled()
    if choice.softmax is None and not has_softmax(every.output_function, every.output_at):
        chosen = chosen.replace(softmax=None)  # the template's, whose output this one has not
    if choice.classes is not None:
        chosen = chosen.replace(targets=None)
    if choice.inputs is not None and base is None and choice.output_function is None and not _named(choice.classes):
        chosen = chosen.replace(output_function="linear")  # softmax is for what has names
    if choice.targets is not None:
        classes = chosen.classes or ()
        chosen = chosen.replace(targets=targets_typed(choice.targets, () if isinstance(classes, int) else classes))
    if chosen.vocabulary is not None:
        tokens = tokens_of(chosen.text or "", every.tokens)
        _check_strange(tokens, chosen.tokens_in_vocabulary(), choice.template, chosen.text)
    return draw(chosen)


def _named(classes: int | Sequence[str] | None) -> bool:
    return classes is not None and not isinstance(classes, int)


def _lent(choice: Choice, base: Problem) -> Choice:
    """What a template lends to a network with new weights."""
    structure = base.structure
    lent = {setting.name: getattr(base, setting.key) for setting in SETTINGS if setting.field and not setting.draws}
    lent |= {
        "hidden": base.hidden,
        "layers": len(base.layers),
        "embedding": structure.embedding,
        "head": [dense.units for dense in structure.head],
        "head_activation": None if choice.head is not None else list(base.head) or None,
        "cell": base.cell,
        "loss": base.loss if base.has_loss else None,
        "generate": base.generated,
    }
    if not base.predicts_tokens and base.output_at != "none":
        lent["classes"] = base.classes or structure.outputs
    if choice.layers is not None:
        for name in ("cell", "activation"):
            lent[name] = lent[name] if isinstance(lent[name], str) else lent[name][0]
    if choice.cell in (None, base.cell) and any(name.startswith("bhn") for name in base.weights):
        lent["reset_after"] = True
    same = choice.tokens in (None, base.tokens)
    if base.vocabulary:
        lent |= {"text": base.text, "tokens": base.tokens, "vocabulary": base.vocabulary if same else None}
    else:
        lent["inputs"] = _numbers(base)
    if not base.predicts_tokens or (same and choice.output_at is None and choice.generate is None):
        lent["targets"] = _kept_targets(base, base.output_at, base.generated)
    return Choice(**lent)


def _numbers(base: Problem) -> list[list[float]]:
    """The numbers that are read at each step."""
    return [column[:, 0].tolist() for column in base.inputs if column is not None and not isinstance(column, str)]


def _check_strange(tokens: Sequence[str], vocabulary: Sequence[str], template: str | None, text: str) -> None:
    known = set(vocabulary)
    strange = [c for c in dict.fromkeys(tokens) if c not in known]
    if strange:
        whose = f"the vocabulary of template {template}" if template else "the vocabulary"
        more = "" if not template else "; without -t, rnncalc uses random weights for any text"
        holds = f"has only {show_tokens(vocabulary)}" if vocabulary else "is empty"
        raise ProblemError("text", f"{text!r} has {show_tokens(strange)}, but {whose} {holds}{more}.")


def _notes(typed: str, text: str) -> list[str]:
    """What the user may have meant: the template's word in other capitals."""
    if typed.strip().casefold() != text.casefold():
        return []
    note = (
        f"{typed!r} is not the same text as {text!r} in template {DEFAULT} (case and spaces matter), so it gets "
        f"random weights from a seed. For the numbers of the template, use {text}"
    )
    return [note]
