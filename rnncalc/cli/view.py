"""Show a trace as the options of a command ask: what of it, in which format, to which place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from rnncalc.cli.options import ENDINGS
from rnncalc.cli.output import check_output, emit, page_for
from rnncalc.trace import Trace


def show(
    compute: Callable[[], Trace],
    options: dict[str, Any],
    *,
    page: Callable[..., str],
) -> None:
    """Compute a trace and give what was asked of it, as page, Markdown, LaTeX, JSON or CSV."""
    path = check_output(options["output"], force=options["force"])
    form = form_of(options["form"], path)
    if options["summary"] and form in ("json", "csv"):
        raise click.UsageError(f"--summary is for people to read; it goes with table, markdown and latex, not {form}.")
    if options["summary"] and (options["only"] or options["steps"]):
        raise click.UsageError("--summary shows all steps; leave out --only and --step, or --summary.")
    trace = compute()
    quantities = trace.select(options["only"], options["steps"])
    if not quantities:
        raise click.UsageError("Nothing is left to show: none of the quantities chosen belongs to these steps.")
    if form in ("json", "csv"):
        from rnncalc.render import data

        text = data.to_json(trace, quantities) if form == "json" else data.to_csv(quantities)
        emit(text, path, force=options["force"])
        return
    whole = len(quantities) == len(trace)
    asked = {"decimals": options["decimals"], "whole": whole, "summary_only": options["summary"]}
    if form == "table":
        emit(page(trace, quantities, page_for(path), **asked), path, force=options["force"], data=False)
    elif form == "markdown":
        from rnncalc.render.markdown import to_markdown

        emit(to_markdown(trace, quantities, **asked), path, force=options["force"])
    else:
        from rnncalc.render.latex import to_latex

        emit(to_latex(trace, quantities, **asked), path, force=options["force"])


def form_of(asked: str | None, path: Path | None) -> str:
    """The format asked for; else the one that the file's ending names; else the page."""
    return asked or (ENDINGS.get(path.suffix.lower(), "table") if path else "table")
