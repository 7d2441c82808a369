"""An assignment: one readable TOML file that says what a class is given, what is blanks, and what it is worth."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from rnncalc.errors import ProblemError, RnncalcError
from rnncalc.marking.blanks import STAGES, Blanks, blanks_of
from rnncalc.network.problem import Problem
from rnncalc.network.trace import Trace
from rnncalc.network.typed_names import parse
from rnncalc.network.update_step import whole_trace
from rnncalc.problems import templates
from rnncalc.problems.choice import Choice
from rnncalc.tweets.choose import choose

IN_BETWEEN = ("tc", "rh", "hn")
"""The tables between the gates and the state of an lstm and of a gru."""


class Page(StrEnum):
    """A web page for each student: none, one that helps and knows the answers, or one that only collects answers."""

    NONE = ""
    PRACTICE = "practice"
    COLLECT = "collect"


class Late(NamedTuple):
    """What lateness costs: a share of the total for each day begun after ``due``, and at most ``cap``."""

    due: datetime | None = None
    per_day: float = 0.0
    cap: float = 1.0


class Assignment(NamedTuple):
    """What a class is given and what it is worth.

    ``choice``: the problem options; ``ask_for``: what is left blank; ``points``: of each question, a stage or a pattern
    of quantities; ``credit``: shares for rounded and carried; ``step``: points are rounded to multiples of it, 0: to no
    such; ``penalties``: shares lost by kind of mistake; ``in_between``: whether the tables between the gates and the
    state of an lstm or gru are worth points too; ``layout``: of the worksheets; ``page``: what web page each student
    gets beside the worksheet, if any.
    """

    title: str
    secret: str
    choice: Choice
    settings: Mapping[str, Any]
    ask_for: tuple[str, ...]
    decimals: int
    show: str
    same: bool
    points: Mapping[str, float]
    credit: Mapping[str, float]
    step: float
    penalties: Mapping[str, float]
    late: Late
    in_between: bool = False
    layout: str = "both"
    page: Page = Page.NONE

    def problem_of(self, student_id: str, draw: int = 0) -> Problem:
        """A student's own problem: weights from HMAC-SHA256 of the secret and the id (FIPS 198-1), as the ``draw``-th
        of them, so that neither order nor re-runs matter."""
        if self.is_fixed:
            return self._as_handed_out(choose(self.choice)[0])
        message = f"{'' if self.same else student_id}\n{draw}".encode()
        seed = hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()
        choice = self.choice.replace(seed=seed)
        if choice.template is not None and choice.output_bias is None:
            choice = choice.replace(output_bias=templates.load(choice.template).problem.output_bias)
        problem, _ = choose(choice)
        # where the numbers came from would tell the seed
        return self._as_handed_out(problem).replace(source=self.title, origins={})

    def _as_handed_out(self, problem: Problem) -> Problem:
        """With the form of softmax that [problem] says; where it says none it was written when there was but one."""
        return problem if self.choice.softmax or not problem.softmax else problem.replace(softmax="shifted")

    @property
    def is_fixed(self) -> bool:
        """Whether everybody gets the weights of a template or of a file, which somebody chose."""
        return self.same and (bool(self.choice.weights) or (bool(self.choice.template) and not self.choice.drawing))

    def pseudonym(self, student_id: str) -> str:
        """A name for a student that tells nobody anything who does not have the secret."""
        return hmac.new(self.secret.encode(), f"name\n{student_id}".encode(), hashlib.sha256).hexdigest()[:12]

    def trace_of(self, problem: Problem) -> Trace:
        """Every quantity of a student's problem."""
        return whole_trace(problem, **self.settings)

    def blanks_of(self, problem: Problem) -> Blanks:
        """What a student's worksheet asks for."""
        return blanks_of(self.trace_of(problem), self.ask_for)

    def questions(self, blanks: Blanks) -> dict[str, list[str]]:
        """The quantities of each question; each belongs to one, an exact name before a pattern before a stage."""
        worth = blanks.names - self.may_be_missing(blanks)
        owner: dict[str, str] = {}
        for question in sorted(self.points, key=_exactness):
            pattern = f"stage:{question}" if question in STAGES else question
            try:
                quantities = blanks.trace.select([pattern])
            except RnncalcError as error:
                raise ProblemError("points", f"points has {question!r}: {error}") from None
            for q in quantities:
                if q.name in worth:
                    owner.setdefault(q.name, question)
        questions: dict[str, list[str]] = {question: [] for question in self.points}
        for name in blanks.trace:
            if name in owner:
                questions[owner[name]].append(name)
        empty = [question for question, members in questions.items() if not members]
        if empty and not self.in_between and parse(empty[0]).bare in IN_BETWEEN:
            raise ProblemError("points", f"points has {empty[0]!r}, which needs in_between = true in [worksheet].")
        if empty:
            raise ProblemError("points", f"points has {empty[0]!r}, but the worksheet does not ask for it.")
        return questions

    def may_be_missing(self, blanks: Blanks) -> frozenset[str]:
        """What a worksheet need not ask for, as it is worth no points: those handed out before had no cells for it."""
        if self.in_between:
            return frozenset()
        return frozenset(name for name in blanks.names if blanks.trace[name].family.name in IN_BETWEEN)

    def digest(self) -> str:
        """What the marks of a file depend on beside the file."""
        marked = self._replace(layout="", page=Page.NONE)
        return hashlib.sha256(repr(marked).encode()).hexdigest()


def _exactness(question: str) -> int:
    return 2 if question in STAGES else 1 if any(sign in question for sign in "*?") else 0
