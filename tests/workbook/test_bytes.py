"""The same command gives the same bytes."""

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from engines.cases import STYLES, Case, file, hello
from engines.package import Package


@pytest.mark.parametrize("style", STYLES)
def test_the_same_problem_gives_the_same_bytes(style):
    assert Case(hello).file(style) == file("hello", style)


def in_another_process(*arguments: str, **environment: str) -> bytes:
    command = [sys.executable, "-m", "rnncalc", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=True).stdout


@pytest.mark.parametrize("arguments", [("export", "ab a", "-o", "-"), ("templates", "copy", "theme", "-o", "-")])
def test_in_other_processes_too(arguments):
    files = [
        in_another_process(*arguments, PYTHONHASHSEED=seed, TZ=zone)
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert files[0] == files[1]
    assert files[0].startswith(b"PK")


def test_with_lxml_and_without_the_workbook_is_the_same():
    """openpyxl writes with lxml where it is installed; most users have none."""
    with_it, without = (
        Package(in_another_process("export", "ab a", "-o", "-", OPENPYXL_LXML=choice)) for choice in ("True", "False")
    )
    assert with_it.parts.keys() == without.parts.keys()
    for part in with_it.parts:
        canonical = {ElementTree.canonicalize(book.parts[part].decode("utf-8")) for book in (with_it, without)}
        assert len(canonical) == 1, part
