"""What a student is told: points by question, what lateness took off, and the report on their file."""

from __future__ import annotations

from rnncalc.classroom.grade_records import Grade
from rnncalc.classroom.points_in_words import lateness, points_text, question_remark
from rnncalc.io.visible import brief, visible
from rnncalc.render.document import Grid, Paragraph, Part
from rnncalc.render.html import page, to_body
from rnncalc.render.markdown import to_markdown

_NOTHING = "None of your files was marked."


def feedback_markdown(grade: Grade, *, title: str = "Feedback", anonymous: bool = False) -> str:
    """A student's page as Markdown; ``anonymous`` has their id in place of their name."""
    head = to_markdown(_parts(grade, title, anonymous))
    return head if grade.graded is None else f"{head}\n{grade.graded.markdown.replace('# ', '## ', 1)}"


def feedback_html(grade: Grade, *, title: str = "Feedback", anonymous: bool = False) -> str:
    """The same as a page that stands by itself."""
    body = to_body(_parts(grade, title, anonymous))
    if grade.graded is not None:
        # the report's heading is not the page's
        report = grade.graded.html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
        body = f"{body}\n<hr>\n{report}"
    return page(body, _headline(grade, title, anonymous))


def feedback_text(grade: Grade) -> str:
    """The points in plain lines, for a system that has room for a comment; it says no name."""
    lines = [f"{points_text(grade.total)} of {points_text(grade.out_of)} point{'' if grade.out_of == 1 else 's'}."]
    for question, possible in grade.possible.items():
        remark = question_remark(grade, question)
        points = f"{question}: {points_text(grade.points(question))} of {points_text(possible)}"
        lines.append(f"{points} ({remark})" if remark else points)
    return "\n".join([*lines, *_remarks(grade)])


def _headline(grade: Grade, title: str, anonymous: bool) -> str:
    who = grade.student.id if anonymous or not grade.student.name else grade.student.name
    return f"{brief(title)}: {brief(who)}"


def _parts(grade: Grade, title: str, anonymous: bool) -> list[Part]:
    parts: list[Part] = [Paragraph(_headline(grade, title, anonymous), "heading")]
    if grade.graded is not None or grade.overrides:
        parts.append(_points(grade))
    return [*parts, *(Paragraph(text, "words") for text in _remarks(grade))]


def _points(grade: Grade) -> Grid:
    rows = [
        [question, points_text(grade.points(question)), points_text(possible), question_remark(grade, question)]
        for question, possible in grade.possible.items()
    ]
    if grade.penalty:
        rows.append(["late", f"−{points_text(grade.penalty)}", "", ""])
    rows.append(["total", points_text(grade.total), points_text(grade.out_of), ""])
    return Grid(["question", "points", "out of", "remark"], "lrrl", rows)


def _remarks(grade: Grade) -> list[str]:
    """What is to be said beside the points."""
    notes = [_NOTHING] if grade.graded is None else [visible(note) for note in grade.graded.notes]
    return [text for text in (lateness(grade), *notes, *map(visible, grade.came)) if text]
