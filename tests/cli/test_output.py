"""Where a result goes: standard output or a file; in colour or not."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from rnncalc.errors import FileError

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_holds_what_the_terminal_would_show(rnncalc, tmp_path):
    path = tmp_path / "hello.txt"
    done = rnncalc("forward", "hello", "-o", str(path))
    assert done == (0, "", f"Wrote {path}\n")
    assert path.read_bytes() == rnncalc("forward", "hello").out.encode()


@pytest.mark.parametrize(
    ("ending", "form"),
    [
        ("md", "markdown"),
        ("markdown", "markdown"),
        ("tex", "latex"),
        ("json", "json"),
        ("csv", "csv"),
        ("JSON", "json"),
        ("txt", "text"),
        ("xyz", "table"),
    ],
)
def test_the_ending_chooses_the_format(rnncalc, tmp_path, ending, form):
    path = tmp_path / f"hello.{ending}"
    assert rnncalc("forward", "hello", "-o", str(path)).code == 0
    assert path.read_bytes() == rnncalc("forward", "hello", "--format", form).out.encode()


def test_a_format_that_is_asked_for_wins_over_the_ending(rnncalc, tmp_path):
    path = tmp_path / "hello.tex"
    assert rnncalc("forward", "hello", "--format", "json", "-o", str(path)).code == 0
    assert json.loads(path.read_bytes())["problem"]["text"] == "hello"


def test_a_hyphen_is_standard_output(rnncalc, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert rnncalc("forward", "hello", "-o", "-") == rnncalc("forward", "hello")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_left_alone(rnncalc, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("mine", encoding="utf-8")
    done = rnncalc("forward", "hello", "-o", str(path))
    assert done == (3, "", f"Error: {path} already exists. Choose another name, or use --force to overwrite it.\n")
    assert path.read_text(encoding="utf-8") == "mine"


def test_force_overwrites_it(rnncalc, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("mine", encoding="utf-8")
    assert rnncalc("forward", "hello", "-o", str(path), "--force").code == 0
    assert path.read_bytes() == rnncalc("forward", "hello").out.encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing(rnncalc, tmp_path):
    path = tmp_path / "none" / "hello.txt"
    done = rnncalc("forward", "hello", "-o", str(path))
    assert done == (3, "", f"Error: There is no folder {path.parent}. Create it first, or choose another place.\n")
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_a_folder(rnncalc, tmp_path):
    done = rnncalc("forward", "hello", "-o", str(tmp_path), "--force")
    assert done == (3, "", f"Error: {tmp_path} is a folder, but -o needs the name of a file.\n")


def test_a_name_that_is_too_long_for_the_disk(rnncalc, tmp_path):
    done = rnncalc("forward", "hello", "-o", str(tmp_path / ("x" * 300 + ".txt")))
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["os.fsync", "os.fdopen", "tempfile.mkstemp"])
@pytest.mark.parametrize("before", [None, "mine"])
def test_a_full_disk_leaves_the_folder_as_it_was(rnncalc, tmp_path, monkeypatch, where, before):
    path = tmp_path / "hello.txt"
    if before:
        path.write_text(before, encoding="utf-8")

    def fail(*_: object, **__: object) -> None:
        raise FULL

    monkeypatch.setattr(where, fail)
    done = rnncalc("forward", "hello", "-o", str(path), "--force")
    assert done == (3, "", f"Error: {path} cannot be written: {FULL.strerror}. Nothing was written.\n")
    assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ([before] if before else [])


def test_an_interruption_leaves_nothing_behind(rnncalc, tmp_path, monkeypatch):
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    assert rnncalc("forward", "hello", "-o", str(tmp_path / "hello.txt")).code == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_a_file_has_the_permissions_that_any_new_file_has(rnncalc, tmp_path):
    plain, ours = tmp_path / "plain", tmp_path / "ours"
    plain.touch()
    rnncalc("forward", "hello", "-o", str(ours))
    assert stat.S_IMODE(ours.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    ours.chmod(0o640)
    rnncalc("forward", "hello", "-o", str(ours), "--force")
    assert stat.S_IMODE(ours.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere; Windows has no such bits")
def test_a_folder_that_may_not_be_written_to(rnncalc, tmp_path):
    tmp_path.chmod(0o500)
    path = tmp_path / "hello.txt"
    done = rnncalc("forward", "hello", "-o", str(path))
    tmp_path.chmod(0o700)
    assert done == (3, "", f"Error: {path} cannot be written: no permission in {tmp_path}.\n")


def test_nothing_is_computed_for_an_output_that_cannot_be_written(rnncalc, tmp_path, monkeypatch):
    monkeypatch.setattr("rnncalc.network.forward_pass.forward", lambda problem: pytest.fail("computed"))
    assert rnncalc("forward", "hello", "-o", str(tmp_path)).code == 3


# ── colours and encodings ─────────────────────────────────────────────────────────────────────────────────────────

COLOURFUL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def test_a_terminal_gets_colours(rnncalc):
    done = rnncalc("forward", "hello", terminal=True, environment=COLOURFUL)
    assert "\x1b[" in done.out


@pytest.mark.parametrize("environment", [{**COLOURFUL, "NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colours_gets_none(rnncalc, environment):
    done = rnncalc("forward", "hello", terminal=True, environment=environment)
    assert done.out == rnncalc("forward", "hello").out


def test_a_pipe_and_a_file_get_no_colours(rnncalc, tmp_path):
    path = tmp_path / "hello.txt"
    rnncalc("forward", "hello", "-o", str(path), terminal=True, environment=COLOURFUL)
    assert "\x1b" not in path.read_text(encoding="utf-8")
    assert "\x1b" not in rnncalc("forward", "hello", environment=COLOURFUL).out


@pytest.mark.parametrize("terminal", [True, False])
def test_the_page_is_as_wide_as_the_terminal(rnncalc, terminal):
    plain = {"TERM": "xterm", "NO_COLOR": "1"}
    page = rnncalc("forward", "hello", width=100, terminal=terminal, environment=plain).out
    assert max(map(len, page.splitlines())) == 100


def test_a_file_is_80_columns_wide_whatever_the_terminal(rnncalc, tmp_path):
    path = tmp_path / "hello.txt"
    rnncalc("forward", "hello", "-o", str(path), width=40)
    assert path.read_text(encoding="utf-8") == rnncalc("forward", "hello", width=80).out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_where_there_is_no_utf_8_a_page_is_ascii(rnncalc, encoding):
    done = rnncalc("forward", "é日😀", encoding=encoding)
    assert done.code == 0
    assert done.out.isascii()


@pytest.mark.parametrize("form", ["json", "csv", "markdown", "latex"])
def test_data_is_utf_8_whatever_the_terminal(rnncalc, form):
    assert (
        rnncalc("forward", "é日", "--format", form, encoding="ascii").out
        == rnncalc("forward", "é日", "--format", form).out
    )


def test_a_path_beyond_ascii(rnncalc, tmp_path):
    path = Path(tmp_path / "日本 é.json")
    assert rnncalc("forward", "hello", "-o", str(path)) == (0, "", f"Wrote {path}\n")
    assert json.loads(path.read_text(encoding="utf-8"))["problem"]["hidden"] == 3


WHERE = ("-o", "--checkpoint", "--log", "--plot")
NAMES = {"-o": "x.npz", "--checkpoint": "x.npz", "--log": "x.csv", "--plot": "x.svg"}


@pytest.mark.parametrize("option", WHERE)
@pytest.mark.parametrize("error", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EIO])
def test_a_folder_that_takes_no_file_is_told_before_anything_is_learnt(rnncalc, tmp_path, monkeypatch, option, error):
    def fail(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr("tempfile.TemporaryFile", fail)
    monkeypatch.setattr("rnncalc.text.Trainer.step", lambda _: pytest.fail("learnt"))
    path = tmp_path / NAMES[option]
    done = rnncalc("train", "hello", option, str(path))
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"Error: {path} cannot be written: ")
    assert len(done.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators")
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_link_that_leads_to_itself(rnncalc, tmp_path, force):
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.symlink_to(other)
    other.symlink_to(one)
    done = rnncalc("forward", "hello", "-o", str(one), *force)
    assert done == (3, "", f"Error: {one} cannot be written: {os.strerror(errno.ELOOP)}.\n")
    assert one.readlink() == other


@pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators")
def test_a_link_stays_a_link_and_its_file_is_written(rnncalc, tmp_path):
    link, file = tmp_path / "link.txt", tmp_path / "file.txt"
    link.symlink_to(file)
    assert rnncalc("forward", "hello", "-o", str(link)).code == 0
    assert link.readlink() == file
    assert file.read_bytes() == rnncalc("forward", "hello").out.encode()


def test_a_checkpoint_that_cannot_be_written_does_not_lose_the_model(rnncalc, tmp_path, monkeypatch):
    from rnncalc.cli import training
    from rnncalc.problems.model_file import load

    def fail(path: object, _: object) -> None:
        raise FileError(f"{path} cannot be written: {FULL.strerror}.")

    monkeypatch.setattr(training, "save_checkpoint", fail)
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0)
    model, checkpoint = tmp_path / "m.npz", tmp_path / "c.npz"
    done = rnncalc("train", "hello", "-o", str(model), "--checkpoint", str(checkpoint))
    assert done.code == 3
    assert f"Error: {checkpoint} cannot be written: {FULL.strerror}.\n" in done.err
    assert load(str(model)) is not None


@pytest.mark.parametrize("error", [OSError(errno.EIO, os.strerror(errno.EIO)), BrokenPipeError(), ValueError("closed")])
def test_a_terminal_that_is_gone_does_not_lose_the_model(rnncalc, tmp_path, monkeypatch, error):
    """As it is for a training whose window was closed."""
    from rnncalc.problems.model_file import load

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("click.echo", fail)
    assert rnncalc("train", "hello", "-o", str(tmp_path / "m.npz")).code == 0
    assert load(str(tmp_path / "m.npz")) is not None


def test_latex_fits_a_page_of_a4_or_the_width_that_is_asked_for(rnncalc, tmp_path):
    page = rnncalc("forward", "-t", "lstm", "--step", "2", "--format", "latex").out
    assert r"\setlength{\textwidth}{455.24pt}" in page
    assert rnncalc("forward", "-t", "lstm", "--step", "2", "--format", "latex", "--width", "16cm").out == page
    narrow = rnncalc("forward", "-t", "lstm", "--step", "2", "--width", "345pt", "-o", str(tmp_path / "x.tex"))
    assert narrow.code == 0
    assert r"\setlength{\textwidth}{345.00pt}" in (tmp_path / "x.tex").read_text(encoding="utf-8")
    endless = rnncalc("forward", "-t", "lstm", "--step", "2", "--format", "latex", "--width", "none").out
    assert page.count("align*") > endless.count("align*") == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "latex", "--width", "12"], "'12' is not a length. Use one such as 12cm, 345pt or 6.5in, or no"),
        (["--format", "latex", "--width", "2cm"], "'2cm' is not a width for a page. Use 5cm to 500cm."),
        (["--width", "12cm"], "--width is the width of a page in latex, not in table. Add --format latex."),
        (["--format", "json", "--width", "12cm"], "--width is the width of a page in latex, not in json."),
    ],
)
def test_a_width_that_means_nothing_is_refused(rnncalc, arguments, says):
    done = rnncalc("forward", "hello", *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in " ".join(done.err.split())
