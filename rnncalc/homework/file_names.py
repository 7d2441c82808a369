"""Names of files in whatever encoding they were written: how they are shown, and how else they may be read."""

from __future__ import annotations

from collections.abc import Iterator

_OF_WINDOWS = ("cp1252", "cp850", "shift_jis")


def readable(name: str) -> str:
    """A name that every file and every screen can hold: bytes that are no UTF-8 are read as Windows writes them."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        pass
    else:
        return name
    try:
        content = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a pair, which no byte stands for
        return name.encode("utf-8", "replace").decode("utf-8")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def in_zip(name: str, *, is_utf8: bool) -> str:
    """The name of a zip's member: many programs write UTF-8 and do not say so, and zipfile takes it for cp437."""
    if is_utf8:
        return readable(name)
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return readable(name)


def readings(name: str) -> Iterator[str]:
    """The name, and what else its bytes may mean, as cp437 of a zip and as cp1252 of a folder."""
    yield name
    for taken in ("cp437", "cp1252"):
        try:
            content = name.encode(taken)
        except UnicodeEncodeError:
            continue
        if content.isascii():
            return
        for encoding in _OF_WINDOWS:
            if encoding != taken:
                try:
                    yield content.decode(encoding)
                except UnicodeDecodeError:
                    continue
