"""What a notebook shows: a quantity as the picture of its arithmetic, a problem and a trace as their pages."""

from __future__ import annotations

from itertools import groupby

from rnncalc.network.forward_pass import given_trace
from rnncalc.network.pictures import Box
from rnncalc.network.problem import Problem
from rnncalc.network.quantity import Quantity
from rnncalc.network.trace import Trace
from rnncalc.render.document import LARGE, Block, Heading, Part, document, heading, place, title
from rnncalc.render.html import to_body
from rnncalc.render.html_style import brackets
from rnncalc.render.html_text import cell
from rnncalc.render.summary import forward_summary

_DECIMALS = 6
_MOST = 50_000
"""A trace of more numbers shows its summary alone."""
_MOST_STEPS = 40
"""A problem of more steps shows its weights alone."""
_STYLE = f"""
.rnncalc h1, .rnncalc h2, .rnncalc h3 {{ font-size: 1em; margin: .8em 0 .2em; line-height: 1.4; }}
.rnncalc h1, .rnncalc summary {{ font-weight: bold; }} .rnncalc .math {{ font-weight: normal; margin-left: .8em; }}
.rnncalc p {{ margin: .2em 0; }} .rnncalc .words {{ font-style: italic; opacity: .8; }}
.rnncalc .hidden {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
.rnncalc .scroll {{ overflow-x: auto; max-width: 100%; }}
.rnncalc .picture {{ display: flex; flex-wrap: wrap; align-items: center; gap: .3em .6em; margin: .4em 0 .6em 1em; }}
.rnncalc .sign {{ padding-top: 1.4em; }} .rnncalc .plain .sign {{ padding-top: 0; }}
.rnncalc .picture table.matrix {{ border: 0; border-collapse: collapse; margin: 0; table-layout: auto;
  font-size: inherit; width: auto; color: inherit; }}
.rnncalc .matrix caption {{ white-space: nowrap; text-align: center; padding: 0; opacity: .8; caption-side: top; }}
.rnncalc .scroll .matrix caption {{ text-align: left; padding-left: 1em; }}
.rnncalc .matrix tr, .rnncalc .matrix tbody tr:nth-child(n), .rnncalc .matrix thead {{
  background: none !important; border: 0; }}
.rnncalc .matrix th, .rnncalc .matrix td {{ border: 0; padding: .05em .45em; text-align: right; line-height: 1.4;
  white-space: nowrap; max-width: none; font-variant-numeric: tabular-nums; }}
.rnncalc .matrix th {{ font-weight: normal; opacity: .8; padding: 0 .35em; }} .rnncalc .matrix th.off {{ padding: 0; }}
{brackets(".rnncalc ", "currentColor")}
"""
"""Over the tables of Jupyter, which are small, striped and of one width; in the colours of its theme, light or dark."""


def quantity_html(q: Quantity) -> str:
    """The name, the equation, a line of words and the picture; of what belongs to no problem its numbers alone."""
    if not isinstance(q.problem, Problem) or q.value.size > LARGE:
        return _framed(to_body([_alone(q)]))
    parts = document(Trace(q.problem), [q], decimals=_DECIMALS, headed=False)
    return _framed(to_body(part for part in parts if not isinstance(part, Heading)))


def problem_html(problem: Problem) -> str:
    """What is given: the text, the network, and the weights."""
    trace = given_trace(problem)
    shown = [
        q for q in trace.values() if q.value.size <= LARGE and (q.step in (None, 0) or problem.steps <= _MOST_STEPS)
    ]
    return _framed(to_body(document(trace, shown, decimals=_DECIMALS)))


def trace_html(trace: Trace) -> str:
    """The summary, and each step to be opened."""
    parts: list[Part] = title(trace, _DECIMALS)
    if trace.problem.output_at != "none":
        parts += forward_summary(trace, _DECIMALS)
    sections = _sections(trace) if sum(q.value.size for q in trace.values()) <= _MOST else ""
    return _framed(to_body(parts) + sections)


def _sections(trace: Trace) -> str:
    given = [q for q in trace.values() if q.rule is None]
    computed = [q for q in trace.values() if q.rule is not None]
    groups = [("Given", given)]
    groups += [(heading(trace.problem, where), list(members)) for where, members in groupby(computed, key=place)]
    written = []
    for says, members in groups:
        parts = document(trace, members, decimals=_DECIMALS, headed=False)
        body = to_body(part for part in parts if not isinstance(part, Heading))
        written.append(f"<details><summary>{cell(says)}</summary>{body}</details>")
    return "\n".join(written)


def _alone(q: Quantity) -> Block:
    """Its numbers, if they are not too many."""
    if q.value.size > LARGE:
        return Block(q, f"{q.value.size:,} numbers: too many to show.", [])
    return Block(q, q.says, [Box(q, False, q.value.tolist(), _DECIMALS, [], [], captioned=False)])


def _framed(body: str) -> str:
    return f'<div class="rnncalc"><style>{_STYLE}</style>{body}</div>'
