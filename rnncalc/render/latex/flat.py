r"""Fractions and roots on one line: ``\frac{a}{b}`` as a / b, ``\sqrt{a}`` as a power of 1/2.

No line breaks within a fraction or a root; where one is wider than the page, this lets it break.
"""

from __future__ import annotations

from rnncalc.render.latex.glyphs import group, tokens


def flat(latex: str) -> str:
    r"""A formula without fractions and roots; a derivative ``\frac{\partial E}{\partial a}`` is a symbol, and stays."""
    given = tokens(latex)
    written = ""
    i = 0
    while i < len(given):
        token = given[i]
        i += 1
        if token in (r"\frac", r"\sqrt") and given[i : i + 1] == ["{"]:
            first, i = group(given, i + 1)
            if token == r"\sqrt":
                written += f"{_held(first)}^{{1/2}}"
                continue
            second, i = group(given, i + 1) if given[i : i + 1] == ["{"] else ([], i)
            if first[:1] == [r"\partial"]:
                written += rf"\frac{{{''.join(first)}}}{{{''.join(second)}}}"
            else:
                written += f"{_held(first)} / {_held(second)}"
        else:
            written += token
    return written


def _held(inside: list[str]) -> str:
    """In brackets, unless it is a single operand or stands in brackets already."""
    text = flat("".join(inside)).strip()
    parts = tokens(text)
    depth = 0
    closes = []
    for i, token in enumerate(parts):
        depth += (token == r"\left") - (token == r"\right")
        if token == r"\right" and not depth:
            closes.append(i)
    if parts[:2] == [r"\left", "("] and closes and closes[0] == len(parts) - 2:
        return text
    signs = (" ", "+", "-", r"\cdot", r"\odot", "/", r"\sum")
    return rf"\left({text}\right)" if any(token in signs for token in parts) else text
