"""A marking report for people: the verdict, the first thing to mend, then the answers step by step; and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from rnncalc.io.numbers import number
from rnncalc.io.visible import brief
from rnncalc.marking.diagnosis import Named
from rnncalc.marking.marking import Mark, Report
from rnncalc.marking.status import FOLLOWS, RIGHT, Status, Verdict
from rnncalc.marking.systematic import at_any_step
from rnncalc.network import names
from rnncalc.network.trace import Trace
from rnncalc.network.values import count
from rnncalc.render.document import Grid, Heading, Paragraph, Part, heading, place

LEVELS = ("verdict", "where", "hint", "answer")
"""How much is told: the verdict; which answers are wrong; what went wrong; the right numbers too."""
STATUS_WORDS = {
    Status.CORRECT: "right",
    Status.ROUNDED: "right, rounded early",
    Status.CARRIED: "wrong, but consistent with an earlier mistake",
    Status.UNCREDITED: "consistent with an earlier mistake, but without credit",
    Status.WRONG: "wrong",
    Status.BLANK: "missing",
    Status.NOT_A_NUMBER: "not a number",
    Status.AMBIGUOUS: "could mean two numbers",
    Status.NOT_CALCULATED: "not calculated yet",
    Status.GIVEN_CHANGED: "a given number was changed",
}
_VERDICT_WORDS = {
    Verdict.CORRECT: "Everything is right", Verdict.INCORRECT: "Not yet right", Verdict.INCOMPLETE: "Not complete",
}  # fmt: skip
_MOST_HINTS = 12
_MOST_LETTERS = 40
"""Of what someone typed into a cell: too few for a sentence that looks like a verdict."""


def report_parts(
    report: Report, trace: Trace, show: str, decimals: int, *, whole: bool = False, remarks: Sequence[str] = ()
) -> list[Part]:
    """The page: verdict, first thing to mend, then every answer, or of a ``whole`` worksheet what is not right.

    ``remarks`` are said below the verdict.
    """
    teller = Teller(trace, show, decimals)
    parts: list[Part] = [Paragraph(teller.verdict(report), "heading")]
    parts += [Paragraph(text, "words") for text in (report.remark, *remarks) if text]
    parts += [Paragraph(text, "words") for text in _right_with_a_remark(report) if whole and show != "verdict"]
    if show == "verdict":
        return parts
    if report.first is not None:
        parts.append(Paragraph(f"First: {teller.sentence(report.first)}", "loss"))
    if whole:
        hints = teller.hints(report.marks)
        parts += [Paragraph("What went wrong:", "words")] if hints else []
        parts += [Paragraph(text) for text in [*hints, *_without_credit(report.marks)]]
    return [*parts, *(_sections(report, trace, teller) if whole else [teller.grid(report.marks)])]


def _sections(report: Report, trace: Trace, teller: Teller) -> list[Part]:
    """A table for each step, folded to a line where all is well."""
    parts: list[Part] = []
    for where, group in groupby(report.marks, key=lambda m: place(trace[m.quantity])):
        marks = list(group)
        title = "Given numbers" if where[1] == "given" else heading(trace.problem, where)
        well = RIGHT if teller.show == "answer" else (*RIGHT, *FOLLOWS)
        shown = [m for m in marks if m.status not in well]
        if not shown:
            parts.append(Paragraph(f"{title}: {_well(marks)}.", "output"))
            continue
        blank = [m for m in shown if m.status == Status.BLANK]
        if len(blank) == len(marks):
            missing = f"all {len(marks)} missing" if len(marks) > 1 else "missing"
            parts.append(Paragraph(f"{title}: {missing}.", "words"))
            continue
        parts += [Heading(title), teller.grid(shown)]
        rest = [m for m in marks if m not in shown]
        if rest:
            other = "The other one" if len(rest) == 1 else f"The other {len(rest)}"
            parts.append(Paragraph(f"{other}: {_well(rest, 'all right')}.", "words"))
    return parts


def _well(marks: Sequence[Mark], all_right: str = "") -> str:
    """How many are right, and how many are consistent with earlier numbers, some of them without credit."""
    following = sum(m.status in FOLLOWS for m in marks)
    uncredited = sum(m.status == Status.UNCREDITED for m in marks)
    right = len(marks) - following
    if not following:
        return "right" if right == 1 else all_right or f"all {right} right"
    said = [f"{right} right"] if right else []
    said.append(f"{following if right or len(marks) == 1 else f'all {following}'} consistent with an earlier mistake")
    if uncredited:
        said.append("without credit" if uncredited == following else f"{uncredited} of these without credit")
    return ", ".join(said)


def _right_with_a_remark(report: Report) -> list[str]:
    """What is to be said of right numbers, once for all of them."""
    remarks = Counter(m.remark for m in report.marks if m.status in RIGHT and m.remark)
    return [f"{count(right, 'number')} {_are(right)} right, with a remark: {says}." for says, right in remarks.items()]


def _without_credit(marks: Sequence[Mark]) -> list[str]:
    """Why numbers that follow rightly earn no credit, once for each reason."""
    reasons = Counter(m.remark for m in marks if m.status == Status.UNCREDITED)
    return [
        f"No credit for {count(of_it, 'number')}: {why if of_it == 1 else why.replace('it follows', 'they follow')}."
        for why, of_it in reasons.items()
    ]


class Teller:
    """Says of a mark what may be told: ``show`` is one of ``LEVELS``."""

    def __init__(self, trace: Trace, show: str, decimals: int) -> None:
        self.trace, self.show, self.decimals = trace, show, decimals

    @property
    def _hints(self) -> bool:
        return self.show in ("hint", "answer")

    def _words(self, mark: Mark) -> str:
        if mark.status == Status.GIVEN_CHANGED:
            return f"changed; it was given as {number_as_given(mark.expected)}"
        remarked = mark.remark and (self._hints or mark.status in RIGHT)
        return STATUS_WORDS[mark.status] + (f" ({mark.remark})" if remarked else "")

    def verdict(self, report: Report) -> str:
        """How much is right, in a sentence."""
        counts = report.counts
        total = len(report.marks) - counts[Status.GIVEN_CHANGED]
        right = counts[Status.CORRECT] + counts[Status.ROUNDED]
        words = dict(_VERDICT_WORDS)
        if report.verdict == Verdict.INCORRECT and right == total:
            words[Verdict.INCORRECT] = "Given numbers were changed"
        if total == 1 and len(report.marks) == 1:
            what = {Verdict.CORRECT: "right", Verdict.INCORRECT: "not right"}.get(report.verdict, "missing")
            return f"{words[report.verdict]}: the number is {what}."
        carried, uncredited = counts[Status.CARRIED], counts[Status.UNCREDITED]
        more = f"; {carried} more {_are(carried)} consistent with an earlier mistake" if carried else ""
        more += f"; {uncredited} without credit" if uncredited else ""
        return f"{words[report.verdict]}: {right} of {count(total, 'number')} {_are(right)} right{more}."

    def grid(self, marks: Sequence[Mark]) -> Grid:
        """A line for each mark."""
        placed = any(m.given.cell for m in marks)
        headings = ["number", *(["cell"] if placed else []), "yours", "verdict"]
        rows = []
        for m in marks:
            row = [self.element(m), *([_cell(m)] if placed else []), _yours(m), self._words(m)]
            rows.append([*row, number(m.expected, self.decimals)] if self.show == "answer" else row)
        answer = ["right is"] if self.show == "answer" else []
        return Grid([*headings, *answer], ("ll" if placed else "l") + "rl" + "r" * len(answer), rows)

    def element(self, mark: Mark) -> str:
        """The name of the element that was marked: h_2[1]."""
        return names.element_name(mark.quantity, mark.row + 1, mark.column + 1, self.trace[mark.quantity].shape)

    def sentence(self, mark: Mark) -> str:
        """What is to be said of a mark that is not right, in a sentence or two."""
        cell = _cell(mark)
        where = self.element(mark) + (f" ({cell})" if cell else "")
        text = _yours(mark)
        quoted = f"'{text}'"
        match mark.status:
            case Status.BLANK:
                return f"{where} is missing."
            case Status.AMBIGUOUS:
                one, other = (f"{r:g}" for r in mark.given.readings)
                return f"{where}: {quoted} could mean {one} or {other}; write it with a decimal point."
            case Status.NOT_A_NUMBER:
                return f"{where}: {quoted} is not a number."
            case Status.NOT_CALCULATED:
                return (
                    f"{where} has a formula that was never calculated: open and save the file in Excel or "
                    f"LibreOffice, or use --recalculate. The formula is {_short(mark.given.formula)}."
                )
            case Status.GIVEN_CHANGED:
                has = quoted if mark.given.problem == Status.NOT_A_NUMBER else text
                return f"{where} is given as {number_as_given(mark.expected)}, but the file has {has}."
        if mark.status in FOLLOWS:
            return f"{where}: {text} is {STATUS_WORDS[mark.status]}{f': {mark.remark}' if mark.remark else ''}."
        said = f"{where}: {text} is wrong."
        if mark.given.formula not in ("", "="):
            said += f" Its formula is {_short(mark.given.formula)}."
        if mark.remark and self._hints:
            said += (
                f" It is {mark.remark}."
                if mark.remark.startswith("right")
                else f" {mark.remark[:1].upper()}{mark.remark[1:]}."
            )
        elif self._hints:
            said += f" {hint(mark, self.trace)}"
        if self.show == "answer":
            said += f" The right number is {number(mark.expected, self.decimals)}."
        return said

    def hints(self, marks: Sequence[Mark]) -> list[str]:
        """What went wrong, once for all the numbers, in all the steps, that the same mistakes lead to."""
        if not self._hints:
            return []
        groups: dict[tuple[str, tuple[tuple[str, bool], ...]], list[Mark]] = {}
        for m in marks:
            if m.status == Status.WRONG and m.mistakes:
                place = self.trace[m.quantity].place
                groups.setdefault((place, tuple((n.kind, n.certain) for n in m.mistakes)), []).append(m)
        said = [self._hint(group) for group in groups.values()]
        more = len(said) - _MOST_HINTS
        return said[:_MOST_HINTS] + ([f"and {count(more, 'more mistake')}."] if more > 0 else [])

    def _hint(self, alike: Sequence[Mark]) -> str:
        """Where the same mistakes were made, an element, a quantity or several steps, and which they are."""
        quantities = list(dict.fromkeys(m.quantity for m in alike))
        first = alike[0]
        if len(quantities) == 1:
            where = self.element(first) if len(alike) == 1 else first.quantity
            return f"{where}: {_briefly(first.mistakes)}."
        where = ", ".join(quantities) if len(quantities) <= 3 else f"{quantities[0]} to {quantities[-1]}"
        place, step = self.trace[first.quantity].place, self.trace[first.quantity].step
        says = tuple(n._replace(says=at_any_step(n.says, step), arithmetic="") for n in first.mistakes)
        every = len(quantities) == sum(
            q.rule is not None and q.step is not None and q.place == place for q in self.trace.values()
        )
        return f"{where}: {_briefly(says)}{', at every step' if every else ''}."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _yours(mark: Mark) -> str:
    return brief(mark.given.text.strip(), _MOST_LETTERS) or "–"


def _cell(mark: Mark) -> str:
    return brief(mark.given.cell)


def _short(formula: str, longest: int = 60) -> str:
    if formula == "=":
        return "part of an array formula"
    return brief(formula, longest)


def number_as_given(value: float) -> str:
    """A given number to its last digit."""
    return f"{value:.15g}"


def hint(mark: Mark, trace: Trace) -> str:
    """What went wrong, where a known mistake leads to this number; else the equation to look at."""
    if trace[mark.quantity].rule is None:
        return f"It is given as {number_as_given(mark.expected)}."
    equation = f"The equation is {trace[mark.quantity].equation}."
    if not mark.mistakes:
        return f"This does not match any mistake that rnncalc knows. {equation}"
    says = _says(mark.mistakes)
    return f"{says[:1].upper()}{says[1:]}. {equation}"


def _says(mistakes: Sequence[Named]) -> str:
    """The mistakes in words: this one, or possibly this one, or one of these."""
    if len(mistakes) == 1:
        verb = "comes from" if mistakes[0].certain else "may come from"
        return f"your number {verb} this mistake: {_with_numbers(mistakes[0])}"
    return f"your number fits several mistakes: {'; or '.join(m.says for m in mistakes)}"


def _briefly(mistakes: Sequence[Named]) -> str:
    """The same beside other lines: bh left out; possibly the sign is lost."""
    certain = len(mistakes) == 1 and mistakes[0].certain
    return ("" if certain else "possibly ") + "; or ".join(_with_numbers(m) for m in mistakes)


def _with_numbers(named: Named) -> str:
    return f"{named.says}: {named.arithmetic}" if "=" in named.arithmetic else named.says
