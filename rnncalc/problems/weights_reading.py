"""What the network of a weight file reads: a text, or numbers, as it was typed or drawn for want of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from rnncalc import weights
from rnncalc.errors import FileError, ProblemError
from rnncalc.network.tokens import joined, show_tokens, tokens_of
from rnncalc.network.values import count
from rnncalc.problems.choice import Choice
from rnncalc.problems.draw import uniform

DECIMALS = 2
"""Those of numbers that are drawn beside a file of weights."""
_STEPS = 4
"""The steps drawn where neither inputs nor the file say how many."""


class Read(NamedTuple):
    """What is read: the key text or inputs of a template, the kind of token, the vocabulary, nothing for numbers."""

    data: dict[str, Any]
    kind: str
    vocabulary: tuple[str, ...]


class Reading:
    """Finds what is read; adds to ``notes`` what should be said about it."""

    def __init__(self, network: weights.Network, choice: Choice, file: str, notes: list[str]) -> None:
        self.network, self.choice, self.file, self.notes = network, choice, file, notes

    def read(self) -> Read:
        """The text or the numbers that are read, the kind of token, the vocabulary."""
        choice, width = self.choice, self.network.inputs
        if choice.inputs is not None and choice.text is not None:
            raise ProblemError("inputs", "TEXT and --inputs cannot be used together: a network reads one of them.")
        for key in ("vocabulary", "tokens"):
            if choice.inputs is not None and getattr(choice, key) is not None:
                raise ProblemError(key, f"--{key} is for a text, but --inputs gives numbers. Use only one of them.")
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
                    "inputs",
                    f"inputs has {len(rows[0])} columns, but {self.file} needs {width}, one for each number read.",
                )
        return Read({"inputs": self._unmasked(rows)}, "letters", ())

    def _tokens(self, width: int, *, embedded: bool) -> Read:
        choice = self.choice
        numbered = choice.vocabulary is None
        kind = choice.tokens or ("words" if numbered and embedded else "letters")
        if choice.tokens is None and not numbered and len(choice.tokens_in_vocabulary("words")) == width > 1:
            kind = "words"  # as many words as there are inputs can be nothing else
        if numbered and not embedded:
            raise ProblemError(
                "vocabulary",
                f"{self.file} does not say which {kind} its {width} inputs stand for. Use --vocabulary with "
                f"{width} of them in the order of the training, or --inputs with numbers.",
            )
        vocabulary = tuple(map(str, range(width))) if numbered else choice.tokens_in_vocabulary(kind)
        if len(vocabulary) != width:
            raise ProblemError(
                "vocabulary",
                f"The vocabulary has {len(vocabulary)} {kind}, but {self.file} needs {width}, in the "
                "order of the training.",
            )
        if numbered:
            kind = "words"
        if choice.text is None and not numbered:
            raise ProblemError("text", f"There is nothing to read. Use a TEXT made of {show_tokens(vocabulary)}.")
        if choice.text is None:
            steps = self.network.steps or _STEPS
            low = 1 if self.network.mask_zero else 0
            drawn = [uniform(0, "tokens", t, 15) for t in range(steps)]
            text = " ".join(str(low + int((number + 1) / 2 * (width - low)) % width) for number in drawn)
            self.notes.append(f"No TEXT was given, so the {steps} tokens {text} were drawn at random from seed 0.")
        else:
            text = choice.text
        tokens = tokens_of(text, kind)
        strange = [token for token in dict.fromkeys(tokens) if token not in set(vocabulary)]
        if strange:
            has = f"numbers 0 to {width - 1}" if numbered else f"tokens {show_tokens(vocabulary)}"
            more = "; use --vocabulary to say which words they stand for" if numbered else ""
            raise ProblemError(
                "text", f"{text!r} has {show_tokens(strange)}, but {self.file} has only the {has}{more}."
            )
        if self.network.mask_zero and vocabulary[0] in tokens:
            if self.network.outputs == "every":
                raise FileError(
                    f"{self.file} skips token 0 (mask_zero), and tables by steps cannot show skipped steps."
                )
            tokens = tuple(token for token in tokens if token != vocabulary[0])
            if not tokens:
                raise ProblemError("text", f"{text!r} is only padding; it needs a token other than 0.")
            self.notes.append("Token 0 is padding (mask_zero). It is left out, because it does not change the state.")
        return Read({"text": joined(tokens, kind)}, kind, vocabulary)

    def _drawn(self, width: int) -> list[list[float]]:
        steps = self.network.steps or _STEPS
        numbers = [uniform(0, "x", i, DECIMALS) for i in range(steps * width)]
        self.notes.append(
            f"No inputs were given, so {steps} steps of {count(width, 'number')} were drawn at "
            "random from seed 0. Use --inputs FILE.csv for your own numbers, one row per step."
        )
        return [numbers[i : i + width] for i in range(0, len(numbers), width)]

    def _unmasked(self, rows: list[list[float]]) -> list[list[float]]:
        """The steps that are not passed over."""
        value = self.network.mask_value
        kept = [row for row in rows if any(number != value for number in row)]
        if value is None or len(kept) == len(rows):
            return rows
        if self.network.outputs == "every":
            raise FileError(
                f"{self.file} skips steps with only {value:g} (Masking), and tables by steps cannot show skipped steps."
            )
        if not kept:
            raise ProblemError(
                "inputs",
                f"Every step has only the number {value:g}, and {self.file} skips such steps (Masking). Use other "
                "inputs.",
            )
        self.notes.append(
            f"Steps with only {value:g} are padding (Masking): {len(rows) - len(kept)} of {len(rows)} are left "
            "out, because they do not change the state."
        )
        return kept
