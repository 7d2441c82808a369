"""A problem from a framework's saved weights: what the file holds, and what was typed about what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rnncalc import weights
from rnncalc.errors import FileError, ProblemError
from rnncalc.language.activations import ACTIVATIONS
from rnncalc.language.trees import Array
from rnncalc.network.choices import DEFAULT_ETA, has_softmax
from rnncalc.network.names import layer_name, layered
from rnncalc.network.problem import Problem
from rnncalc.network.tokens import joined, show_tokens, tokens_of
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import initial_state, uniform
from rnncalc.problems.targets import inputs_and_targets, targets_typed

MOST_TOKENS = 100
"""Of a larger embedding table only the columns of the tokens that are read are shown."""
_STEPS = 4
"""The steps drawn where neither inputs nor the file say how many."""
_DECIMALS = 2


def problem_of(choice: Choice) -> tuple[Problem, list[str]]:
    """The problem of the weight file that was typed, and what should be said about it.

    Raises FileError for a file that cannot be read, ProblemError for an option that does not fit what it holds.
    """
    assert choice.weights is not None
    network = weights.read(
        choice.weights,
        activation=choice.activation,
        head_activations=choice.head_activation or (),
        order=choice.order or (),
        layout=choice.layout,
    )
    return _Reading(network, choice).problem()


class _Reading:
    """The network of a file and what was typed about it, put together."""

    def __init__(self, network: weights.Network, choice: Choice) -> None:
        self.network, self.choice = network, choice
        self.file = Path(choice.weights or "").name
        self.notes = list(network.notes)
        self.labels: dict[str, str] = {}

    def problem(self) -> tuple[Problem, list[str]]:
        network, choice = self.network, self.choice
        arrays = self._arrays()
        read, kind, vocabulary = self._read()
        if network.before:
            read, arrays = self._passed(read, arrays, vocabulary)
        outputs = choice.output_at or network.outputs or "every"
        if network.outputs and choice.output_at not in (None, network.outputs):
            raise ProblemError(
                "output_at", f"{self.file} has its output at {network.outputs}; --output-at cannot change that."
            )
        if not network.outputs and network.head and choice.output_at is None:
            self.notes.append(
                "The file does not tell at which steps it answers: every step is taken; else --output-at last."
            )
        classes = self._classes(vocabulary)
        output = self._output(vocabulary, classes)
        data: dict[str, Any] = {**read, "output_at": outputs, "generate": choice.generate or 0}
        tokens_out = bool(vocabulary) and not classes and self._rows() == len(vocabulary)
        data["classes"] = classes or not tokens_out
        known = vocabulary if tokens_out else classes
        if choice.targets is not None:
            data["targets"] = targets_typed(choice.targets, known)
        elif not tokens_out or "text" not in read or outputs != "every":
            data["targets"] = "none"
        inputs, targets = inputs_and_targets(data, kind)
        if vocabulary and "Wxe" in arrays:
            vocabulary, arrays = self._used(vocabulary, arrays, [one for one in inputs if one], tokens_out=tokens_out)
        if outputs == "none":
            arrays = {
                name: one
                for name, one in arrays.items()
                if name[:2] not in ("Wv", "bv") and name[1:] not in ("hy", "y")
            }
        head = network.head[:-1] if outputs != "none" else ()
        problem = Problem(
            inputs=inputs,
            targets=targets,
            vocabulary=vocabulary,
            weights=arrays,
            states=self._states(),
            cell=tuple(layer.cell for layer in network.layers),
            activation=tuple(layer.activation for layer in network.layers),
            head=tuple(dense.activation for dense in head),
            tokens=kind,
            classes=classes if outputs != "none" else (),
            output_at=outputs,
            output_function=output,
            softmax=choice.softmax or ("shifted" if has_softmax(output, outputs) else ""),
            loss=choice.loss or "",
            loss_reduction=choice.loss_reduction or "sum",
            eta=choice.eta or DEFAULT_ETA,
            text=read.get("text", self.file),
            source=f"weights of {self.file}",
            origins={name: f"It stands in {self.file}, {label}." for name, label in self.labels.items()},
            labels={name: label for name, label in self.labels.items() if name in arrays},
        )
        return problem, self.notes

    def _arrays(self) -> dict[str, Array]:
        """The weights by their names here, and what the file calls their layers."""
        found: dict[str, tuple[Array, str]] = {}
        if self.network.embedding is not None:
            found["Wxe"] = self.network.embedding, self.network.embedding_label
        for number, layer in enumerate(self.network.layers, 1):
            for bare, array in layer.arrays.items():
                found[layered(bare, layer_name(number))] = array, layer.label
        for number, dense in enumerate(self.network.head, 1):
            last = number == len(self.network.head)
            weight, bias = ("Why", "by") if last else (f"Wv_D{number}", f"bv_D{number}")
            found[weight] = dense.weight, dense.label
            if dense.bias is not None:
                found[bias] = dense.bias, dense.label
        self.labels = {name: label for name, (_, label) in found.items() if label}
        return {name: array for name, (array, _) in found.items()}

    def _passed(
        self, read: dict[str, Any], arrays: dict[str, Array], vocabulary: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        """What the dense layers before the recurrent ones make of the numbers that are read, or of every token."""
        network, names = self.network, " and ".join(dense.label for dense in self.network.before)
        if vocabulary:
            table = np.eye(len(vocabulary)) if network.embedding is None else network.embedding
            label = f"{network.embedding_label} through {names}" if network.embedding_label else names
            self.labels["Wxe"] = label
            self.notes.append(f"What {names} makes of every token is shown as the embedding Wxe.")
            return read, {"Wxe": _through(network.before, table), **arrays}
        if self.choice.generate:
            raise ProblemError(
                "generate", f"What {self.file} puts out would have to pass {names} again; it needs --generate 0."
            )
        rows = np.array(read["inputs"], dtype=np.float64)
        self.notes.append(f"What {names} makes of the numbers read is shown as the inputs x.")
        return {**read, "inputs": _through(network.before, rows.T).T.tolist()}, arrays

    def _unmasked(self, rows: list[list[float]]) -> list[list[float]]:
        """The steps that are not passed over."""
        value = self.network.mask_value
        kept = [row for row in rows if any(number != value for number in row)]
        if value is None or len(kept) == len(rows):
            return rows
        if self.network.outputs == "every":
            raise FileError(
                f"{self.file} passes over steps of {value:g} alone (Masking), which have no place in a table by steps."
            )
        if not kept:
            raise ProblemError("inputs", f"Every step is {value:g} alone, which {self.file} passes over (Masking).")
        self.notes.append(
            f"Steps of {value:g} alone are padding (Masking): {len(rows) - len(kept)} of {len(rows)} are left out, as "
            "they change no state."
        )
        return kept

    def _rows(self) -> int:
        return int(self.network.head[-1].weight.shape[0]) if self.network.head else 0

    # ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self) -> tuple[dict[str, Any], str, tuple[str, ...]]:
        """The text or the numbers that are read, the kind of token, the vocabulary."""
        choice, width = self.choice, self.network.inputs
        if choice.inputs is not None and choice.text is not None:
            raise ProblemError("inputs", "TEXT and --inputs cannot both be given; a network reads one of them.")
        for key in ("vocabulary", "tokens"):
            if choice.inputs is not None and getattr(choice, key) is not None:
                raise ProblemError(key, f"{key} names what a text is made of; beside --inputs there is no text.")
        embedded = self.network.embedding is not None
        if choice.inputs is None and (choice.text is not None or embedded or choice.vocabulary is not None):
            return self._tokens(width, embedded=embedded)
        if embedded:
            raise ProblemError("inputs", f"{self.file} reads tokens; it needs a TEXT, not --inputs.")
        if choice.inputs is None:
            rows = self._drawn(width)
        else:
            rows = [list(row) for row in choice.inputs if not isinstance(row, str)]
            if any(len(row) != width for row in rows):
                raise ProblemError(
                    "inputs", f"inputs has {len(rows[0])} columns; {self.file} needs {width}, one for each number read."
                )
        return {"inputs": self._unmasked(rows)}, "letters", ()

    def _tokens(self, width: int, *, embedded: bool) -> tuple[dict[str, Any], str, tuple[str, ...]]:
        choice = self.choice
        numbered = choice.vocabulary is None
        kind = choice.tokens or ("words" if numbered and embedded else "letters")
        if choice.tokens is None and not numbered and len(_listed(choice.vocabulary or "", "words")) == width > 1:
            kind = "words"  # as many words as there are inputs can be nothing else
        if numbered and not embedded:
            raise ProblemError(
                "vocabulary",
                f"{self.file} does not tell which {kind} its {width} inputs stand for; it needs --vocabulary with "
                f"{width} of them in the order of the training, or --inputs with numbers.",
            )
        vocabulary = tuple(map(str, range(width))) if numbered else _listed(choice.vocabulary or "", kind)
        if len(vocabulary) != width:
            raise ProblemError(
                "vocabulary", f"The vocabulary has {len(vocabulary)} {kind}; {self.file} needs {width}, in its order."
            )
        if numbered:
            kind = "words"
        if choice.text is None and not numbered:
            raise ProblemError("text", f"There is nothing to read; it needs a TEXT out of {show_tokens(vocabulary)}.")
        if choice.text is None:
            steps = self.network.steps or _STEPS
            low = 1 if self.network.mask_zero else 0
            drawn = [uniform(0, "tokens", t, 15) for t in range(steps)]
            text = " ".join(str(low + int((one + 1) / 2 * (width - low)) % width) for one in drawn)
            self.notes.append(f"No TEXT was given: the {steps} tokens {text} are drawn from seed 0.")
        else:
            text = choice.text
        tokens = tokens_of(text, kind)
        strange = [one for one in dict.fromkeys(tokens) if one not in set(vocabulary)]
        if strange:
            has = f"the numbers 0 to {width - 1}" if numbered else show_tokens(vocabulary)
            more = "; --vocabulary says which words they stand for" if numbered else ""
            raise ProblemError(
                "text", f"{text!r} has {show_tokens(strange)}, which {self.file} lacks: its tokens are {has}{more}."
            )
        if self.network.mask_zero and vocabulary[0] in tokens:
            if self.network.outputs == "every":
                raise FileError(f"{self.file} passes over token 0 (mask_zero), which has no place in a table by steps.")
            tokens = tuple(one for one in tokens if one != vocabulary[0])
            if not tokens:
                raise ProblemError("text", f"{text!r} is nothing but padding; it needs another token than 0.")
            self.notes.append("Token 0 is padding (mask_zero): it is left out, as it changes no state.")
        return {"text": joined(tokens, kind)}, kind, vocabulary

    def _drawn(self, width: int) -> list[list[float]]:
        steps = self.network.steps or _STEPS
        numbers = [uniform(0, "x", i, _DECIMALS) for i in range(steps * width)]
        self.notes.append(
            f"No inputs were given: {steps} steps of {width} number{'s' if width > 1 else ''} are drawn from seed 0; "
            "--inputs FILE.csv reads yours, a row for each step."
        )
        return [numbers[i : i + width] for i in range(0, len(numbers), width)]

    def _used(
        self, vocabulary: Sequence[str], arrays: dict[str, Array], tokens: Sequence[str], *, tokens_out: bool
    ) -> tuple[tuple[str, ...], dict[str, Array]]:
        """Of a large table the columns that are read, as nothing else of it reaches any number."""
        if len(vocabulary) <= MOST_TOKENS or tokens_out:
            return tuple(vocabulary), arrays
        places = {token: i for i, token in enumerate(vocabulary)}
        used = tuple(dict.fromkeys(tokens))
        self.notes.append(
            f"Of the {len(vocabulary):,} columns of the embedding the {len(used)} that are read are shown; "
            "the gradient of the others is 0."
        )
        return used, {**arrays, "Wxe": arrays["Wxe"][:, [places[token] for token in used]]}

    # ── what comes out ────────────────────────────────────────────────────────────────────────────────────────────

    def _classes(self, vocabulary: Sequence[str]) -> tuple[str, ...]:
        classes = self.choice.classes
        if not classes:
            # an output of another size than the vocabulary is numbered
            return ()
        if isinstance(classes, int):
            names: tuple[str, ...] = tuple(map(str, range(1, classes + 1)))
        else:
            names = tuple(classes)
        if len(names) != self._rows():
            raise ProblemError("classes", f"classes has {len(names)} names; {self.file} has {self._rows()} outputs.")
        return names

    def _output(self, vocabulary: Sequence[str], classes: Sequence[str]) -> str:
        """The function of the output: the file's, else what was typed, else a guess that is said."""
        told = self.network.head[-1].activation if self.network.head else "linear"
        typed = self.choice.output_function
        if typed is None and told == "linear" and vocabulary and not classes and self._rows() == len(vocabulary):
            typed = "softmax"
            self.notes.append("Its outputs are scores of the vocabulary: softmax makes probabilities of them.")
        if typed is not None:
            self.notes = [note for note in self.notes if "what follows its last dense layer" not in note]
        return typed or told

    def _states(self) -> dict[str, Array]:
        if self.choice.h0 is None:
            return {}
        states: dict[str, Array] = {}
        numbers = not isinstance(self.choice.h0, str)
        for number, layer in enumerate(self.network.layers, 1):
            for bare in ("h", "c") if layer.cell == "lstm" else ("h",):
                name = f"{layered(bare, layer_name(number))}_0"
                if name == "h_0" or not numbers:  # numbers are those of h_0 alone
                    states[name], _ = initial_state(self.choice.h0, layer.hidden, 0, _DECIMALS, name)
        return states


def _through(layers: Sequence[weights.Dense], columns: Array) -> Array:
    """What dense layers make of columns, one behind the other."""
    for dense in layers:
        bias = 0 if dense.bias is None else dense.bias
        columns = ACTIVATIONS[dense.activation].numpy(dense.weight @ columns + bias)
    return columns


def _listed(vocabulary: str | Sequence[str], kind: str) -> tuple[str, ...]:
    return tokens_of(vocabulary, kind) if isinstance(vocabulary, str) else tuple(vocabulary)
