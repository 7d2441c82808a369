"""The TOML file of an assignment, read and checked key by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rnncalc.classroom.assignment import Assignment, Late, Page
from rnncalc.errors import FileError, ProblemError, RnncalcError
from rnncalc.io import toml_text
from rnncalc.io.file_names import readable
from rnncalc.io.suggest import did_you_mean
from rnncalc.marking.mistake_groups import in_words
from rnncalc.marking.status import Status
from rnncalc.problems import templates
from rnncalc.problems.choice import Choice
from rnncalc.problems.number_file import read_numbers
from rnncalc.problems.settings import BY_NAME, SETTINGS
from rnncalc.render.report import LEVELS
from rnncalc.tweets.choose import choose
from rnncalc.workbook.problem_text import LAYOUTS

LEAST_ROUND = 0.0001
SECRET_BYTES = 16
_PROBLEM = tuple(setting.name for setting in SETTINGS if setting.name != "seed")
"""The keys of [problem]; each student's seed comes from the secret."""
_TABLES = ("title", "secret", "problem", "worksheet", "page", "points", "credit", "penalties", "late")
_UPDATE = ("truncate", "clip", "clip_norm")


def read_assignment(path: Path) -> Assignment:
    """Read an assignment's TOML file. Raises FileError naming the file, the key, what it has and what it needs."""
    missing = f". Use rnncalc assignment new {path} to make one"
    return _parsed(toml_text.read(path, "an assignment", missing), path)


def parse_assignment(text: str, path: Path) -> Assignment:
    """An assignment from the text of its file, which need not be written yet. Raises FileError as above."""
    return _parsed(toml_text.parse(text, str(path)), path)


def _parsed(data: dict[str, Any], path: Path) -> Assignment:
    try:
        assignment = _Reader(data).assignment(path)
        blanks = assignment.blanks_of(assignment.problem_of("any student"))
        assignment.questions(blanks)
    except RnncalcError as error:
        raise FileError(f"{path}: {error}") from None
    return assignment


class _Reader:
    """Checks an assignment's tables, key by key."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self._known("", data, _TABLES)

    def assignment(self, path: Path) -> Assignment:
        problem = self._table("problem", (*_PROBLEM, *_UPDATE))
        sheet = self._table("worksheet", ("ask", "decimals", "show", "same", "in_between", "layout"))
        points = {k: self._number("points", k, v) for k, v in self._table("points").items()}
        if not points or not sum(points.values()):
            raise ProblemError("points", "[points] is empty; it needs a line such as forward = 10.")
        secret = self._text("secret", self.data.get("secret", ""))
        if len(secret) < SECRET_BYTES:
            raise ProblemError(
                "secret", f"secret is too short; it needs at least {SECRET_BYTES} letters that nobody can guess."
            )
        ask_for = sheet.get("ask", [])
        if not isinstance(ask_for, list) or not all(isinstance(a, str) for a in ask_for):
            raise ProblemError("ask", "ask in [worksheet] needs a list of texts, such as ['forward', 'loss'].")
        decimals = sheet.get("decimals", 4)
        whole = _is_number(decimals) and isinstance(decimals, int) and 0 <= decimals <= 12
        _need(whole, "worksheet", "decimals", decimals, "a whole number, 0 to 12")
        show, layout = sheet.get("show", "hint"), sheet.get("layout", LAYOUTS[0])
        for key, value, known in (("show", show, LEVELS), ("layout", layout, LAYOUTS)):
            _need(value in known, "worksheet", key, value, f"one of {', '.join(known)}")
        same, in_between = (self._flag("worksheet", sheet, key) for key in ("same", "in_between"))
        credit: dict[str, float] = {Status.ROUNDED: 1.0, Status.CARRIED: 1.0}
        step = 0.0
        for key, value in self._table("credit", (*credit, "round")).items():
            if key == "round":
                fits = _is_number(value) and LEAST_ROUND <= value < 1e6
                needs = f"a step of points, such as 0.5, and at least {LEAST_ROUND}"
                step = float(_need(fits, "credit", key, value, needs))
            else:
                credit[key] = self._share("credit", key, value)
        choice = _choice(problem, path.parent)
        if choice.weights is not None and not same:
            raise ProblemError(
                "weights",
                f"weights in [problem] is {problem['weights']!r}, which has one set of numbers for all students; "
                "it needs same = true in [worksheet] (--same).",
            )
        return Assignment(
            title=self._text("title", self.data.get("title", readable(path.stem))),
            secret=secret,
            choice=choice,
            settings={k: problem[k] for k in _UPDATE if k in problem},
            ask_for=tuple(ask_for),
            decimals=decimals,
            show=show,
            same=same,
            points=points,
            credit=credit,
            step=step,
            penalties={k: self._share("penalties", k, v) for k, v in self._table("penalties", in_words()).items()},
            late=self._late(),
            in_between=in_between,
            layout=layout,
            page=self._page(),
        )

    def _page(self) -> Page:
        if "page" not in self.data:
            return Page.NONE
        return Page.PRACTICE if self._flag("page", self._table("page", ("practice",)), "practice") else Page.COLLECT

    def _late(self) -> Late:
        late = self._table("late", ("due", "per_day", "cap"))
        due = late.get("due")
        if due is not None and not isinstance(due, datetime):
            raise ProblemError(
                "due", f"due in [late] is {_told(due)}; it needs a date and time such as 2026-12-01T23:59:00Z."
            )
        if due is not None and due.tzinfo is None:
            raise ProblemError("due", f"due in [late] is {due}; it needs its time zone, such as {due.isoformat()}Z.")
        shares = {k: self._share("late", k, late[k]) for k in ("per_day", "cap") if k in late}
        return Late(due, **shares)

    def _table(self, name: str, known: Collection[str] = ()) -> dict[str, Any]:
        table = self.data.get(name, {})
        if not isinstance(table, dict):
            raise ProblemError(name, f"{name} is {table!r}; it needs its own table, [{name}].")
        if known:
            self._known(name, table, known)
        return dict(table)

    @staticmethod
    def _known(table: str, data: Mapping[str, Any], known: Collection[str]) -> None:
        strange = [key for key in data if key not in known]
        if strange:
            where = f"[{table}] has" if table else "there is"
            raise ProblemError(strange[0], f"{where} no key {strange[0]!r}{did_you_mean(strange[0], known)}.")

    @staticmethod
    def _text(key: str, value: Any) -> str:
        if not isinstance(value, str):
            raise ProblemError(key, f"{key} is {value!r}; it needs text in quotes.")
        return value

    @staticmethod
    def _flag(table: str, data: Mapping[str, Any], key: str) -> bool:
        value = data.get(key, False)
        return bool(_need(isinstance(value, bool), table, key, value, "true or false"))

    @staticmethod
    def _number(table: str, key: str, value: Any) -> float:
        fits = _is_number(value) and 0 <= value < 1e6
        return float(_need(fits, table, key, value, "a number from 0 to a million"))

    def _share(self, table: str, key: str, value: Any) -> float:
        return float(_need(self._number(table, key, value) <= 1, table, key, value, "a share, from 0 to 1"))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _need(fits: bool, table: str, key: str, value: Any, needs: str) -> Any:
    """The value of a table's key, if it ``fits`` what the key can have."""
    if not fits:
        raise ProblemError(key, f"{key} in [{table}] is {value!r}; it needs {needs}.")
    return value


def _told(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else repr(value)


def _choice(problem: Mapping[str, Any], folder: Path) -> Choice:
    options = {key: problem[key] for key in _PROBLEM if key in problem}
    for key, value in options.items():
        _need(BY_NAME[key].fits(value), "problem", key, value, BY_NAME[key].kind.needs)
    named = ("weights", "inputs", *(["template"] if templates.is_file_name(options.get("template", "")) else []))
    for key in named:
        name = options.get(key)
        if isinstance(name, str) and not Path(name).is_absolute():
            options[key] = str(folder / name)
    if isinstance(options.get("inputs"), str):
        options["inputs"], _ = read_numbers(options["inputs"])  # here, so that a change of the file is seen
    return Choice(**{key: _frozen(value) for key, value in options.items()})


def _listed(value: Any) -> Any:
    """As a file has it: lists for tuples."""
    return list(map(_listed, value)) if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def form_of(problem: Mapping[str, Any], folder: Path) -> tuple[str, bool]:
    """What [problem] means: its softmax, nothing where it has none, and whether it has tables in between."""
    problem_drawn, _ = choose(_choice({key: _listed(value) for key, value in problem.items()}, folder))
    return problem_drawn.softmax, any(layer.cell != "rnn" for layer in problem_drawn.layers)
