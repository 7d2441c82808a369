"""TOML: read within bounds of size, depth and digits, as it may come from anyone; and its values written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnncalc.errors import FileError
from rnncalc.io.read import File, decoded, read_bytes, shown_name

MAX_BYTES = 50_000_000
MAX_DEPTH, MAX_DIGITS = 50, 1000
_DEEP_KEY = re.compile(r"(?:^|[{,\[])[ \t]*(?:[\w-]+[ \t]*\.[ \t]*){1000}", re.MULTILINE | re.ASCII)
"""A key so deep is found before a table is made of each of its parts."""


def read_toml_text(file: File, what: str, missing: str = "") -> str:
    """The text of a .toml file, or of standard input for "-". Raises FileError where it cannot be read, is too large or
    no UTF-8; ``what`` says what it should be, ``missing`` what is said where it is not there."""
    hint = f"; {what} is a small text file"
    return decoded(
        read_bytes(file, MAX_BYTES, needs=f"{what}'s .toml file", missing=missing, hint=hint), shown_name(file)
    )


def read(path: Path, what: str, missing: str = "") -> dict[str, Any]:
    """The TOML of a file. Raises FileError as :func:`read_toml_text` and :func:`parse` do."""
    return parse(read_toml_text(path, what, missing), str(path))


def parse(text: str, shown: str) -> dict[str, Any]:
    """The tables of a text. Raises FileError where it is no TOML, too deep, or a number has too many digits."""
    if _DEEP_KEY.search(text):
        raise FileError(_too_deep(shown))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"{shown} is not valid TOML: {str(error)[:1].lower()}{str(error)[1:]}.") from None
    except RecursionError:
        raise FileError(_too_deep(shown)) from None
    except ValueError:  # Python makes no whole number of so many digits
        raise FileError(_too_long(shown)) from None
    _check(data, shown)
    return data


def to_key(key: str) -> str:
    """A key as TOML writes it: bare where it may be."""
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else to_value(key)


def to_value(value: Any) -> str:
    """A text, a truth, a number or a list of them as TOML writes it; reading it back gives the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(to_value, value))}]"
    return repr(value)


def to_lines(table: Mapping[str, Any]) -> list[str]:
    """A line for each key of a table, but for those whose value is None."""
    return [f"{to_key(key)} = {to_value(value)}" for key, value in table.items() if value is not None]


def _check(data: dict[str, Any], shown: str) -> None:
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for value in level
            if isinstance(value, dict | list)
            for part in (value.values() if isinstance(value, dict) else value)
            if isinstance(part, dict | list | int)
        ]
        if any(isinstance(value, int) and abs(value) >= 10**MAX_DIGITS for value in level):
            raise FileError(_too_long(shown))
        if not level:
            return
    raise FileError(_too_deep(shown))


def _too_deep(shown: str) -> str:
    return f"{shown} is nested too deeply: tables can be nested at most {MAX_DEPTH} deep."


def _too_long(shown: str) -> str:
    return f"{shown} has a whole number with too many digits: at most {MAX_DIGITS} are allowed."
