"""Show a trace as the options of a command ask: what of it, in which format, to which place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from rnncalc.cli.browser import show as open_page
from rnncalc.cli.output import check_output, emit, next_step_here, page_for
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.render.document import Part, Summarize, document, title_line
from rnncalc.render.formats import FORMATS, TABLE, Sheet, by_ending, endings


def show(
    compute: Callable[[], Trace],
    options: dict[str, Any],
    *,
    summary: Summarize,
    default: Callable[[Trace], list[Quantity]] = lambda trace: list(trace.values()),
    more: Callable[[], dict[str, Any]] = dict,
    then: tuple[str, str] | None = None,
    text: str | None = None,
) -> None:
    """Compute a trace and give what was asked of it, as page, Markdown, LaTeX, JSON or CSV.

    ``default`` are the quantities that people see when they select none; data holds the whole trace then, and JSON
    also ``more``. ``then`` are words and the command that goes on from here, for ``text``.
    """
    opens, force = options["opens"], options["force"]
    path = check_output(options["output"], force=force)
    form = form_of(options["form"], path)
    if opens:
        form = check_open(options["output"], options["form"], form)
    selected = bool(options["only"] or options["steps"])
    data = FORMATS[form].data
    sheet = sheet_of(options["width"], form)
    if options["summary"] and data is not None:
        *others, last = (row.name for row in FORMATS.values() if row.data is None)
        pages = f"{', '.join(others)} or {last}"
        raise click.UsageError(f"--summary is for reading. Use it with {pages}, not with {form}.")
    if options["summary"] and selected:
        raise click.UsageError("--summary shows all steps. Leave out --only and --step, or leave out --summary.")
    trace = compute()
    if opens and path is None:
        path = check_output(page_name(trace.problem.text), force=force)
    quantities = trace.select(options["only"], options["steps"])
    if not quantities:
        raise click.UsageError("There is nothing to show: the chosen quantities do not belong to the chosen steps.")
    if data is not None:
        emit(data(trace, quantities, more()), path, force=force)
        return
    if not selected:
        quantities = [] if options["summary"] else default(trace)
    parts = document(
        trace,
        quantities,
        decimals=options["decimals"],
        headed=not selected,
        summary=None if selected else summary,
    )
    sheet = sheet._replace(title=title_line(trace.problem))
    write(parts, form, path, sheet, force=force)
    if opens and path is not None:
        open_page(path)
    again = typed_again(text, of_the_problem(options))
    if then is not None and again is not None and path is None and form == TABLE and not selected:
        next_step_here(*then, *again)


_OF_THE_VIEW = ("output", "force", "form", "opens", "width", "only", "steps", "summary", "decimals")


def check_open(output: str | None, asked: str | None, form: str) -> str:
    """The format of what --open shows. Raises UsageError where that is no web page."""
    if output == "-":
        raise click.UsageError("--open shows a file, and -o - writes none. Leave one of them out.")
    if (asked or (output and form)) not in (None, "html"):
        raise click.UsageError(f"--open shows a web page, and this is {form}. Leave out --format, or use -o FILE.html.")
    return "html"


def page_name(text: str) -> str:
    """The name of the page that a command opens, where none is given: hello-forward.html."""
    from rnncalc.cli.files import file_name

    return f"{Path(file_name(text)).stem}-{click.get_current_context().info_name}.html"


def of_the_problem(options: dict[str, Any]) -> dict[str, Any]:
    """The options that do not say how a result is shown."""
    return {key: value for key, value in options.items() if key not in _OF_THE_VIEW}


def typed_again(text: str | None, options: dict[str, Any]) -> list[str] | None:
    """The arguments that mean the same problem to another command, where it is TEXT or a template and no more."""
    more = [key for key, value in options.items() if value is not None and key != "template"]
    if more or (text or "").startswith("-"):
        return None
    template = options.get("template")
    return [*([text] if text is not None else []), *(["-t", template] if template is not None else [])]


def sheet_of(width: float | None, form: str) -> Sheet:
    """The sheet that --width asks for. Raises UsageError for a format whose pages have no width of their own."""
    if width is not None and not FORMATS[form].paged:
        paged = ", ".join(row.name for row in FORMATS.values() if row.paged)
        raise click.UsageError(f"--width is the width of a page in {paged}, not in {form}. Add --format {paged}.")
    return Sheet(width=width)


def write(parts: list[Part], form: str, path: Path | None, sheet: Sheet | None = None, *, force: bool) -> None:
    """Give a document as page, Markdown or LaTeX."""
    from rnncalc.cli.progress import progress

    with progress("blocks") as tell:
        text = _written(_told(parts, tell), form, path, sheet or Sheet())
    emit(text, path, force=force, data=form != TABLE)


def _told(parts: list[Part], tell: Callable[[int, int], None]) -> Iterator[Part]:
    for done, part in enumerate(parts):
        tell(done, len(parts))
        yield part


def _written(parts: Iterable[Part], form: str, path: Path | None, sheet: Sheet) -> str:
    page = FORMATS[form].page
    if page is not None:
        return page(parts, sheet)
    from rnncalc.render.console import to_page

    return to_page(parts, page_for(path))


def form_of(asked: str | None, path: Path | None) -> str:
    """The format asked for; else the one that the file's ending names; else the page."""
    if asked or path is None:
        return asked or TABLE
    ending = path.suffix.lower()
    if ending == ".xlsx":
        raise click.UsageError(f"-o {path}: this command cannot write workbooks. Use rnncalc export.")
    if ending in (".pdf", ".png", ".svg", ".xls", ".docx"):
        *known, last = endings()
        raise click.UsageError(
            f"-o {path}: this command cannot write {ending} files. Use {', '.join(known)} or {last}."
        )
    return by_ending(ending) or TABLE
