"""A problem from a framework's saved weights: what the file holds, and what was typed about what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rnncalc import weights
from rnncalc.errors import ProblemError
from rnncalc.language.activations import ACTIVATIONS
from rnncalc.language.trees import Array
from rnncalc.network.cells import cell
from rnncalc.network.choices import has_softmax
from rnncalc.network.names import layer_name, layered
from rnncalc.network.problem import Problem
from rnncalc.network.structure import without_output
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import initial_state
from rnncalc.problems.targets import inputs_and_targets, targets_typed
from rnncalc.problems.weights_reading import DECIMALS, Reading

MOST_TOKENS = 100
"""Of a larger embedding table only the columns of the tokens that are read are shown."""


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
        layout=choice.matrices,
    )
    return _FromFile(network, choice).problem()


class _FromFile:
    """The network of a file and what was typed about it, put together."""

    def __init__(self, network: weights.Network, choice: Choice) -> None:
        self.network, self.choice = network, choice
        self.file = Path(choice.weights or "").name
        self.notes = list(network.notes)
        self.labels: dict[str, str] = {}

    def problem(self) -> tuple[Problem, list[str]]:
        network, choice, every = self.network, self.choice, self.choice.filled()
        arrays = self._arrays()
        read, kind, vocabulary = Reading(network, choice, self.file, self.notes).read()
        if network.before:
            read, arrays = self._passed(read, arrays, vocabulary)
        outputs = choice.output_at or network.outputs or every.output_at
        if network.outputs and choice.output_at not in (None, network.outputs):
            raise ProblemError("output_at", f"{self.file} has output_at = {network.outputs}. Leave out --output-at.")
        if not network.outputs and network.head and choice.output_at is None:
            self.notes.append(
                "The file does not say which steps have an output, so every step has one. Use --output-at last to "
                "have an output only at the last step."
            )
        classes = self._classes(vocabulary)
        output = self._output(vocabulary, classes)
        data: dict[str, Any] = {**read, "output_at": outputs, "generate": every.generate}
        tokens_out = bool(vocabulary) and not classes and self._rows() == len(vocabulary)
        data["classes"] = classes or not tokens_out
        known = vocabulary if tokens_out else classes
        if choice.targets is not None:
            data["targets"] = targets_typed(choice.targets, known)
        elif not tokens_out or "text" not in read or outputs != "every":
            data["targets"] = "none"
        inputs, targets = inputs_and_targets(data, kind)
        if vocabulary and "Wxe" in arrays:
            vocabulary, arrays = self._used(
                vocabulary, arrays, [token for token in inputs if token], tokens_out=tokens_out
            )
        if outputs == "none":
            arrays = without_output(arrays)
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
            loss=every.loss,
            loss_reduction=every.loss_reduction,
            eta=every.eta,
            text=read.get("text", self.file),
            source=f"weights of {self.file}",
            origins={name: f"Taken from {self.file}, {label}." for name, label in self.labels.items()},
            labels={name: label for name, label in self.labels.items() if name in arrays},
        )
        return problem, self.notes

    def _arrays(self) -> dict[str, Array]:
        """The weights by their names here, and what the file calls their layers."""
        given: dict[str, tuple[Array, str]] = {}
        if self.network.embedding is not None:
            given["Wxe"] = self.network.embedding, self.network.embedding_label
        for number, layer in enumerate(self.network.layers, 1):
            for bare, array in layer.arrays.items():
                given[layered(bare, layer_name(number))] = array, layer.label
        for number, dense in enumerate(self.network.head, 1):
            last = number == len(self.network.head)
            weight, bias = ("Why", "by") if last else (f"Wv_D{number}", f"bv_D{number}")
            given[weight] = dense.weight, dense.label
            if dense.bias is not None:
                given[bias] = dense.bias, dense.label
        self.labels = {name: label for name, (_, label) in given.items() if label}
        return {name: array for name, (array, _) in given.items()}

    def _passed(
        self, read: dict[str, Any], arrays: dict[str, Array], vocabulary: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        """What the dense layers before the recurrent ones make of the numbers that are read, or of every token."""
        network, names = self.network, " and ".join(dense.label for dense in self.network.before)
        if vocabulary:
            table = np.eye(len(vocabulary)) if network.embedding is None else network.embedding
            label = f"{network.embedding_label} through {names}" if network.embedding_label else names
            self.labels["Wxe"] = label
            self.notes.append(f"The outputs of {names} for every token are shown as the embedding Wxe.")
            return read, {"Wxe": _through(network.before, table), **arrays}
        if self.choice.generate:
            raise ProblemError(
                "generate",
                f"{self.file} cannot generate: its output would have to go through {names} again. Use --generate 0.",
            )
        rows = np.array(read["inputs"], dtype=np.float64)
        self.notes.append(f"The outputs of {names} for the numbers read are shown as the inputs x.")
        return {**read, "inputs": _through(network.before, rows.T).T.tolist()}, arrays

    def _rows(self) -> int:
        return int(self.network.head[-1].weight.shape[0]) if self.network.head else 0

    def _used(
        self, vocabulary: Sequence[str], arrays: dict[str, Array], tokens: Sequence[str], *, tokens_out: bool
    ) -> tuple[tuple[str, ...], dict[str, Array]]:
        """Of a large table the columns that are read, as nothing else of it reaches any number."""
        if len(vocabulary) <= MOST_TOKENS or tokens_out:
            return tuple(vocabulary), arrays
        places = {token: i for i, token in enumerate(vocabulary)}
        used = tuple(dict.fromkeys(tokens))
        self.notes.append(
            f"Of the {len(vocabulary):,} columns of the embedding, only the {len(used)} that are read are shown; "
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
            raise ProblemError(
                "classes", f"classes has {len(names)} names, but {self.file} has {self._rows()} outputs."
            )
        return names

    def _output(self, vocabulary: Sequence[str], classes: Sequence[str]) -> str:
        """The function of the output: the file's, else what was typed, else a guess that is said."""
        from_file = self.network.head[-1].activation if self.network.head else "linear"
        typed = self.choice.output_function
        if typed is None and from_file == "linear" and vocabulary and not classes and self._rows() == len(vocabulary):
            typed = "softmax"
            self.notes.append("The outputs are scores for the vocabulary, so softmax turns them into probabilities.")
        if typed is not None:
            self.notes = [note for note in self.notes if "which activation follows its last dense layer" not in note]
        return typed or from_file

    def _states(self) -> dict[str, Array]:
        if self.choice.h0 is None:
            return {}
        states: dict[str, Array] = {}
        numbers = not isinstance(self.choice.h0, str)
        for number, layer in enumerate(self.network.layers, 1):
            for bare in cell(layer.cell).states:
                name = f"{layered(bare, layer_name(number))}_0"
                if name == "h_0" or not numbers:  # numbers are those of h_0 alone
                    states[name], _ = initial_state(self.choice.h0, layer.hidden, 0, DECIMALS, name)
        return states


def _through(layers: Sequence[weights.Dense], columns: Array) -> Array:
    """What dense layers make of columns, one behind the other."""
    for dense in layers:
        bias = 0 if dense.bias is None else dense.bias
        columns = ACTIVATIONS[dense.activation].numpy(dense.weight @ columns + bias)
    return columns
