"""What pages look like: on screens light and dark, large and small, and on paper."""

from __future__ import annotations

from rnncalc.render.roles import BOLD, COLOURS, PLAIN

PAPER = ("#ffffff", "#161616")
_HEAD = (("#1f3864", "#ffffff"), ("#2b3f63", "#ffffff"))
_TITLE = ("#1f3864", "#9dc3e6")
_LINE = ("#d0d0d0", "#444444")


def role_class(role: str) -> str:
    """The class of what is written in the colour of a role; "" for what is written in ink."""
    return f"role-{role}" if role in TINTS else ""


TINTS = {role: colour for role, colour in COLOURS.items() if colour not in (PLAIN, BOLD)}
"""What is not written in plain ink."""


def _colours(which: int) -> str:
    names = {"paper": PAPER[which], "title": _TITLE[which], "line": _LINE[which]}
    names |= {"head": _HEAD[which][0], "on-head": _HEAD[which][1], "ink": PLAIN.ink[which]}
    names |= {role: colour.ink[which] for role, colour in TINTS.items()}
    return " ".join(f"--{name}: {colour};" for name, colour in names.items())


def brackets(within: str, ink: str) -> str:
    """The rules that draw brackets around the numbers of a table: a line at each side with a hook at either end."""
    hook = f"linear-gradient({ink}, {ink}) no-repeat"
    sides, ends = {"first": "0", "last": "100%"}, {"first": "0", "last": "100%"}
    row = f"{within}.brackets tbody"
    rules = [
        f"{row} td:first-of-type {{ border-left: 1.5px solid {ink}; }}",
        f"{row} td:last-of-type {{ border-right: 1.5px solid {ink}; }}",
    ]

    def hooks(rows: str, cells: str, corners: list[tuple[str, str]]) -> str:
        drawn = ", ".join(f"{hook} {x} {y} / .4em 1.5px" for x, y in corners)
        return f"{row} tr:{rows} td:{cells} {{ background: {drawn}; }}"

    # a row alone has hooks at both ends, and a number alone in its row at both sides; the later rule holds
    for side, x in sides.items():
        rules += [hooks(f"{end}-child", f"{side}-of-type", [(x, y)]) for end, y in ends.items()]
        rules.append(hooks("only-child", f"{side}-of-type", [(x, y) for y in ends.values()]))
    rules += [hooks(f"{end}-child", "only-of-type", [(x, y) for x in sides.values()]) for end, y in ends.items()]
    return "\n".join(rules)


_ROLES = " ".join(f".{role_class(role)} {{ color: var(--{role}); }}" for role in TINTS)

STYLE = f"""
:root {{ color-scheme: light dark; {_colours(0)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {_colours(1)} }} }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  background: var(--paper); color: var(--ink); }}
h1 {{ font-size: 1.5rem; color: var(--title); }} h2 {{ font-size: 1.15rem; margin-top: 2rem; color: var(--title); }}
h3 {{ font-size: 1rem; margin: 1.4rem 0 .2rem; }} h3 + p, h3 + .working {{ margin-top: 0; }}
h3 .math {{ font-weight: normal; margin-left: .8em; }}
h1, h2, h3, p, li {{ overflow-wrap: anywhere; }} code {{ font-size: .95em; }}
table {{ border-collapse: collapse; margin: .5rem 0; max-width: 100%; }}
th, td {{ padding: .2rem .8rem; border: 1px solid var(--line); }} td {{ font-variant-numeric: tabular-nums; }}
th {{ background: var(--head); color: var(--on-head); text-align: left; }}
tbody th {{ background: none; color: inherit; }}
.r {{ text-align: right; }} .c {{ text-align: center; }} .words {{ color: var(--words); font-style: italic; }}
.loss {{ border-left: 4px solid var(--loss); padding-left: .8rem; }} .output {{ color: var(--output); }}
{_ROLES}
.scroll caption {{ text-align: left; padding-left: 1rem; }}
.scroll {{ overflow-x: auto; max-width: 100%; }} .scroll:focus-visible {{ outline: 2px solid var(--memory); }}
.hidden {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
.picture {{ display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .6rem; margin: .4rem 0 .4rem 1rem;
  position: relative; }}
.picture > * {{ max-width: 100%; }} .sign {{ padding-top: 1.4rem; }} .plain .sign {{ padding-top: 0; }}
.matrix {{ margin: 0; position: relative; }}
.matrix caption {{ color: var(--words); font-size: .85em; white-space: nowrap; }}
.matrix th, .matrix td {{ border: 0; padding: .05rem .4rem; line-height: 1.4; white-space: nowrap; }}
.matrix th {{ background: none; color: var(--words); font-weight: normal; text-align: right; padding: 0 .3rem; }}
.matrix thead th {{ padding: 0 .4rem; }} .matrix th.off {{ padding: 0; }}
.matrix td {{ text-align: right; }}
{brackets("", "var(--ink)")}
.working {{ display: grid; grid-template-columns: max-content 1fr; gap: 0 .5em; margin: .6rem 0 .6rem 1rem; }}
.working > span {{ overflow-wrap: anywhere; min-width: 0; }} .working .left {{ text-align: right; }}
@media (max-width: 32rem) {{
  body {{ margin: .8rem auto; padding: 0 .6rem; font-size: 15px; }} h1 {{ font-size: 1.25rem; }}
  th, td {{ padding: .15rem .35rem; }} table {{ font-size: .8rem; }} .picture, .working {{ margin-left: 0; }}
}}
@media print {{
  body {{ max-width: none; margin: 0; font-size: 10pt; }} th {{ background: none; color: inherit; }}
  h1, h2, h3, h3 + p {{ break-after: avoid; }} .picture, .working, tr {{ break-inside: avoid; }}
  .scroll {{ overflow: visible; }} .wide .matrix {{ font-size: 7pt; }} thead {{ display: table-header-group; }}
}}
"""
