"""The modules of JavaScript that run a page, and how they become one script."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from rnncalc.language.functions import FUNCTIONS, Face, Function

_IMPORT = re.compile(r'^import \{ ?([^}]*?) ?\} from "(\./|\.\./)([\w./]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*?|const|class)", re.MULTILINE)
_COMMENT = re.compile(r"^[ ]*(?:/\*\*(?:(?!\*/)[\s\S])*\*/|//.*)\n", re.MULTILINE)
"""A comment on lines of its own: of no use in a page, and a third of it."""
_TYPE = re.compile(r"/\*\* @(?:(?!\*/)[\s\S])*\*/ ?")
"""What is said of a type within a line."""
_EXPORTED = re.compile(r"^export (?:async )?(?:function\*?|const|class) (\w+)", re.MULTILINE)


def functions_module() -> str:
    """The table of functions in JavaScript: what each function does, and how it is written in a line."""
    rows = ",\n".join(_row(function) for function in FUNCTIONS.values())
    return (
        "// The table of functions, written by rnncalc/page/modules.py from rnncalc/language/functions.py.\n\n"
        "/** @typedef {{template: string, binds: number, needs: number | number[], between: string,\n"
        ' *   gather: "each" | "row" | "pairs" | "choice"}} Face how a function is written in a line */\n'
        "/** @typedef {{run: (...numbers: number[]) => number, text: Face, exact?: boolean, rising?: boolean,\n"
        " *   adds?: string, activation?: boolean, typed?: string[], lowest?: number}} Row */\n"
        "/** @type {Record<string, Row>} */\n"
        f"export const FUNCTIONS = {{\n{rows},\n}};\n"
    )


def _row(function: Function) -> str:
    """A row: what of it is not so by default."""
    said = {
        "text": _face(function.text),
        "exact": function.exact,
        "rising": function.rising,
        "adds": function.adds or False,
        "activation": bool(function.words),
        "typed": list(function.typed),
    }
    written = ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items() if value)
    lowest = f", lowest: {function.lowest:g}" if function.lowest > float("-inf") else ""
    return f"  {json.dumps(function.name)}: {{ run: {function.javascript}, {written}{lowest} }}"


def _face(face: Face) -> dict[str, object]:
    needs = face.needs if isinstance(face.needs, int) else list(face.needs)
    return {
        "template": face.template,
        "binds": face.binds,
        "needs": needs,
        "between": face.between,
        "gather": str(face.gather),
    }


def modules() -> dict[str, str]:
    """The modules by their paths, that of the functions among them."""
    found = {"functions.js": functions_module()}
    waiting: list[tuple[str, Traversable]] = [("", files("rnncalc.page") / "scripts")]
    while waiting:
        path, folder = waiting.pop()
        for entry in folder.iterdir():
            if entry.is_dir():
                waiting.append((f"{path}{entry.name}/", entry))
            elif entry.name.endswith(".js"):
                found[f"{path}{entry.name}"] = entry.read_text(encoding="utf-8")
    return found


@cache
def script(first: str = "main.js") -> str:
    """One script of a module and all that it needs, in the order in which they need each other.

    Each module is a function that gives what it exports, so that its other names are its own. Raises ValueError for a
    module that needs itself.
    """
    all_modules = modules()
    done: dict[str, str] = {}
    open_: list[str] = []

    def visit(path: str) -> None:
        if path in done:
            return
        if path in open_:
            raise ValueError(f"{path} needs itself, by way of {', '.join(open_)}.")
        open_.append(path)
        for needed in needs(path, all_modules[path]):
            visit(needed)
        open_.pop()
        done[path] = _as_function(path, all_modules[path])

    visit(first)
    return "\n".join(['"use strict";', "(() => {", *done.values(), "})();\n"])


def needs(path: str, source: str) -> list[str]:
    """The paths of the modules that a module names."""
    return [_resolved(path, up, name) for _, up, name in _IMPORT.findall(source)]


def _as_function(path: str, source: str) -> str:
    exports = ", ".join(_EXPORTED.findall(source))

    def taken(match: re.Match[str]) -> str:
        names = match[1].replace(" as ", ": ")
        return f"const {{ {names} }} = {_name(_resolved(path, match[2], match[3]))};\n"

    body = _TYPE.sub("", _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub(taken, source)))).strip()
    return f"const {_name(path)} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def _name(path: str) -> str:
    """What stands for a module in the script: module_practice_sheet."""
    return "module_" + path.removesuffix(".js").replace("/", "_")


def _resolved(path: str, up: str, name: str) -> str:
    """The path of a module that another one names."""
    folders = path.split("/")[:-1]
    if up == "../":
        folders = folders[:-1]
    return "/".join([*folders, *name.split("/")])
