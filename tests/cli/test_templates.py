"""``rnncalc templates``: list, show and copy."""

from pathlib import Path

import pytest

from rnncalc.problems import templates

ROOT = Path(__file__).parents[2]


def test_every_template_is_listed_with_a_line(rnncalc):
    done = rnncalc("templates", width=140)
    assert (done.code, done.err) == (0, "")
    listed = {name: title.strip() for name, title in (line.split("  ", 1) for line in done.out.splitlines())}
    assert {name: listed.get(name) for name in templates.names()} == {
        name: templates.load(name).title for name in templates.names()
    }
    assert {"hello", "pencil"} <= set(listed)


@pytest.mark.parametrize("name", templates.names())
def test_a_template_is_shown_as_it_stands(rnncalc, name):
    source = (ROOT / "templates" / f"{name}.toml").read_text(encoding="utf-8")
    assert rnncalc("templates", "show", name) == (0, source, "")


def test_a_copy_is_a_template_of_ones_own(rnncalc, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = "Wrote pencil.toml\nChange it as you like, then run: rnncalc forward -t pencil.toml\n"
    assert rnncalc("templates", "copy", "pencil") == (0, "", said)
    assert (tmp_path / "pencil.toml").read_text(encoding="utf-8") == templates.text_of("pencil")
    mine, theirs = (rnncalc("forward", "-t", name, "--format", "csv").out for name in ("pencil.toml", "pencil"))
    assert mine == theirs


def test_a_copy_under_another_name(rnncalc, tmp_path):
    path = tmp_path / "mine.toml"
    assert rnncalc("templates", "copy", "hello", "-o", str(path)).code == 0
    assert path.read_text(encoding="utf-8") == templates.text_of("hello")
    assert rnncalc("templates", "copy", "hello", "-o", str(path)).code == 3
    assert rnncalc("templates", "copy", "pencil", "-o", str(path), "--force").code == 0
    assert path.read_text(encoding="utf-8") == templates.text_of("pencil")


def test_a_copy_to_standard_output(rnncalc, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert rnncalc("templates", "copy", "hello", "-o", "-") == rnncalc("templates", "show", "hello")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["show", "copy"])
def test_an_unknown_template_suggests_the_near_one(rnncalc, tmp_path, monkeypatch, verb):
    monkeypatch.chdir(tmp_path)
    done = rnncalc("templates", verb, "pencl")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: There is no template 'pencl' (did you mean 'pencil'?). rnncalc has ")
    assert list(tmp_path.iterdir()) == []


def test_a_template_never_replaces_the_file_that_it_is_made_of(rnncalc, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = (ROOT / "tests" / "data" / "weights" / "rnn.npz").read_bytes()
    Path("m.npz").write_bytes(content)
    done = rnncalc("templates", "from-weights", "m.npz", "--beside", "--force")
    assert (done.code, done.out) == (2, "")
    assert "would overwrite m.npz" in done.err
    assert Path("m.npz").read_bytes() == content
    assert not Path("m.toml").exists()
