"""What a practice page is marked with: what it asks for, and the known mistakes as wrong rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnncalc.marking.blanks import Blanks
from rnncalc.marking.mistake_groups import in_words
from rnncalc.marking.mistakes import Mistake, wrong_methods, wrong_rules
from rnncalc.marking.precision import shown_beside
from rnncalc.marking.systematic import is_of_any_step
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.page.trees import Templates

_SYMBOL = "\ue000"
"""Stands for a symbol in what is said of a mistake."""


class Practice(NamedTuple):
    """What a practice page asks for, and with how many decimals (None: all digits)."""

    blanks: Blanks
    decimals: int | None

    def data(
        self,
        trace: Trace,
        templates: Templates,
        places: Mapping[str, int],
        tell: Callable[[int], None] = lambda done: None,
    ) -> dict[str, Any]:
        """What is asked for, what is shown beside, and of each number asked for the wrong rules that people take.

        ``trace`` is the whole one, which the page holds; quantities are named by their ``places`` in it. A mistake is a
        row: its kind, 1 where it may be made at every step alike, its words, the quantities that stand in the words,
        and its rule. As given numbers change, the page finds out itself which of them tell something. ``tell`` is told
        the place of each quantity that is done.
        """
        blanks, decimals = self
        shown = [q for q in blanks.trace.values() if q.name not in blanks.names]
        mistakes = _Mistakes(trace, templates, places)
        rows = []
        with np.errstate(all="ignore"):  # a wrong rule may divide by 0
            for q in _reached(blanks):
                rows.append(mistakes.of(q, is_asked=q.name in blanks.names))
                tell(places[q.name])
        return {
            "decimals": decimals,
            "asked": [places[name] for name in blanks.trace if name in blanks.names],
            "given": [places[q.name] for q in shown],
            "givenDecimals": [[places[q.name], shown_beside(decimals)] for q in shown if q.rule is not None],
            "weights": [places[name] for name in trace.problem.weights],
            "states": [places[name] for name in trace.problem.states],
            "mistakes": rows,
            "words": list(mistakes.words),
            "kinds": [[kind, says] for kind, says in in_words().items()],
        }


def _reached(blanks: Blanks) -> Iterator[Quantity]:
    """The computed quantities that are asked for, or that an answer comes from."""
    reached: set[str] = set()
    for q in reversed(list(blanks.trace.values())):
        if q.name in blanks.names or q.name in reached:
            reached |= {q.name, *(s.name for s in q.sources)}
    return (q for q in blanks.trace.values() if q.rule is not None and q.name in reached)


class _Mistakes:
    """Writes mistakes as rows; ``words`` are what is said of them, each once."""

    def __init__(self, trace: Trace, templates: Templates, places: Mapping[str, int]) -> None:
        self.words: dict[str, int] = {}
        self._trace, self._templates, self._places = trace, templates, places
        self._kinds = {kind: number for number, kind in enumerate(in_words())}
        self._symbols = {q.symbol: places[q.name] for q in trace.values()}
        longest_first = sorted(self._symbols, key=len, reverse=True)
        self._symbol = re.compile("|".join(map(re.escape, longest_first)))

    def of(self, q: Quantity, *, is_asked: bool) -> list[Any]:
        """The place of a quantity, then its mistakes; of what nobody is asked for, those alone that may be made at
        every step."""
        methods = sum(1 for _ in wrong_methods(q, self._trace))
        rows: list[Any] = [self._places[q.name]]
        for number, mistake in enumerate(wrong_rules(q, self._trace)):
            any_step = number < methods and is_of_any_step(mistake, q, self._places)
            if (is_asked or any_step) and mistake.rule.value.shape == q.shape:
                rows.append(self._row(mistake, any_step=any_step))
        return rows

    def _row(self, mistake: Mistake, *, any_step: bool) -> list[Any]:
        symbols: list[int] = []
        says = mistake.says

        def put_away(match: re.Match[str]) -> str:
            symbols.append(self._symbols[match[0]])
            return _SYMBOL

        if _SYMBOL not in says:
            says = self._symbol.sub(put_away, says)
        words = self.words.setdefault(says, len(self.words))
        return [self._kinds[mistake.kind], int(any_step), words, symbols, *self._templates.rule(mistake.rule)]
