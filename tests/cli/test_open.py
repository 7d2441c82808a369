"""--open: the result as a web page, shown in the browser."""

import webbrowser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """The files that a browser was asked to show; the browser itself is none."""
    monkeypatch.chdir(tmp_path)
    found: list[Path] = []
    monkeypatch.setattr(webbrowser, "open", lambda uri: found.append(Path(unquote(urlsplit(uri).path))) or True)
    return found


@pytest.mark.parametrize("command", ["forward", "backward", "update", "flow", "page"])
def test_a_page_is_written_and_shown(rnncalc, opened, command):
    done = rnncalc(command, "hello", "--open")
    assert (done.code, done.out) == (0, "")
    (page,) = opened
    assert page.name == ("hello.html" if command == "page" else f"hello-{command}.html")
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("command", ["forward", "flow", "page"])
def test_the_file_may_have_a_name(rnncalc, opened, command):
    assert rnncalc(command, "hello", "--open", "-o", "mine.html").code == 0
    assert [page.name for page in opened] == ["mine.html"]


@pytest.mark.parametrize("command", ["forward", "flow", "page"])
def test_a_file_that_is_there_is_not_overwritten(rnncalc, opened, command):
    Path("hello.html").write_text("mine", encoding="utf-8")
    Path(f"hello-{command}.html").write_text("mine", encoding="utf-8")
    assert rnncalc(command, "hello", "--open").code == 3
    assert opened == []
    assert rnncalc(command, "hello", "--open", "--force").code == 0
    assert len(opened) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["forward", "--open", "-o", "-"],
        ["forward", "--open", "--format", "json"],
        ["forward", "--open", "-o", "x.csv"],
        ["flow", "--open", "--format", "csv"],
        ["flow", "--open", "-o", "-"],
        ["page", "--open", "-o", "-"],
    ],
)
def test_what_no_browser_shows_is_refused(rnncalc, opened, arguments):
    done = rnncalc(*arguments)
    assert done.code == 2
    assert "--open" in done.err
    assert opened == []


def test_without_a_browser_it_says_where_the_file_is(rnncalc, opened, monkeypatch):
    monkeypatch.setattr(webbrowser, "open", lambda uri: False)
    done = rnncalc("page", "hello", "--open")
    assert done.code == 0
    assert "No browser was found. Open hello.html in one." in done.err
