"""Names of files in whatever encoding they were written: how they are shown, and how else they may be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BYTES = re.compile("[\udc80-\udcff]+")
"""What Python has for bytes of a name that are no UTF-8."""
_HALVES = re.compile("[\ud800-\udfff]")
_OF_WINDOWS = ("cp1252", "cp850", "shift_jis")


def readable(text: str) -> str:
    """A text with names in it that every file and every screen can hold: bytes that are no UTF-8 are read as Windows
    writes them, and half a pair, which is no letter, as what stands for such."""
    return _HALVES.sub("\ufffd", _BYTES.sub(_as_windows, text))


def _as_windows(match: re.Match[str]) -> str:
    return western(match[0].encode("ascii", "surrogateescape"))


def western(content: bytes) -> str:
    """Text of a Windows program of Western Europe; bytes that mean nothing there stay signs of their own."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def in_zip(name: str, *, is_utf8: bool) -> str:
    """The name of a zip's member: many programs write UTF-8 and do not say so, and zipfile takes it for cp437."""
    if is_utf8:
        return readable(name)
    try:
        content = name.encode("cp437")
    except UnicodeEncodeError:
        return readable(name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return japanese(content) or readable(name)


def japanese(content: bytes) -> str | None:
    """Bytes as Shift-JIS, where all beyond ASCII reads as words of kanji and kana; Western letters give mixed ones."""
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError:
        return None
    words = re.findall(r"[^\W\d_]*[^\x00-\x7f]+[^\W\d_]*", text)
    return text if words and all(map(_is_japanese, words)) else None


def _is_japanese(word: str) -> bool:
    return all(
        "\u3000" <= sign <= "\u30ff" or "\u4e00" <= sign <= "\u9fff" or "\uff01" <= sign <= "\uff5e" for sign in word
    )


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
