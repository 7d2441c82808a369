"""A copy calculated by LibreOffice: in time, apart, and with nothing fetched from anywhere."""

import http.server
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from engines.engines import missing
from engines.package import Package
from workbook.filled import HELLO, blank, by_openpyxl, fill_in, read, saved, standing_out, true_numbers, verified

from rnncalc.errors import FileError
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.read import recalculate as module
from rnncalc.workbook.read.reading import StrangersFile
from rnncalc.workbook.read.recalculate import recalculate
from rnncalc.workbook.write.export import export

TRACE = whole_trace(HELLO)


@pytest.fixture
def libreoffice() -> None:
    if module._program() is None:
        missing("LibreOffice (on Debian: apt install libreoffice-calc-nogui)")


def program(folder: Path, lines: str) -> Path:
    """A program in LibreOffice's place, written in Python."""
    path = folder / "soffice"
    path.write_text(f"#!{sys.executable}\nimport os, subprocess, sys, time\n{lines}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


needs_scripts = pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")


def formulas_for(file: bytes, name: str, formula: str) -> bytes:
    """A worksheet in which a person entered formulas, saved by a program that does not calculate."""
    opened, (title, area) = by_openpyxl(file), Package(file).area(name)
    for (address,) in area:
        opened[title][address] = formula.format(row=address[1:])
    return saved(opened)


def test_a_persons_formulas_get_their_values(libreoffice):
    filled = fill_in(blank(), true_numbers(TRACE), 4)
    handed_in = formulas_for(filled, "h_2", "=TANH(INDEX(a_2,ROW()-89))")
    assert set(standing_out(verified(handed_in)).values()) == {"not-calculated"}
    assert set(standing_out(verified(recalculate(handed_in, "x.xlsx"))).values()) <= {"rounded"}


def test_stored_values_that_are_lies_are_calculated_anew(libreoffice):
    package = Package(export(HELLO, through="forward"))
    for name in ("h_2", "p_4"):
        package.cell(name).find("{*}v").text = "0.123"
    assert len(standing_out(verified(package.to_bytes()))) == 2
    assert standing_out(verified(recalculate(package.to_bytes(), "x.xlsx"))) == {}


def test_the_students_bytes_are_only_read(libreoffice):
    handed_in = formulas_for(blank(), "h_2", "=1/3")
    before = bytes(handed_in)
    recalculate(handed_in, "x.xlsx")
    assert handed_in == before
    assert {a.problem for a in next(a for a in read(handed_in).answers if a.name == "h_2").cells.values()} == {
        "not-calculated"
    }


def test_nothing_is_fetched_from_the_network(libreoffice):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"0.9365")

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        made = openpyxl.Workbook()
        made.active["A1"] = f'=_xlfn.WEBSERVICE("{here}/webservice")'
        made.active["A2"] = f"='{here}/[other.xlsx]Sheet'!A1"
        made.active["A3"] = f"=INDIRECT(\"'{here}/other.xlsx'#$Sheet.A1\")"
        made.active["A4"] = f'=HYPERLINK("{here}/link")'
        made.active["A5"] = f'=_xlfn.FILTERXML(_xlfn.WEBSERVICE("{here}/xml"),"//a")'
        calculated = recalculate(saved(made), "x.xlsx")
        server.shutdown()
    assert asked == []
    assert b"0.9365" not in b"".join(Package(calculated).parts.values())


def test_no_other_file_is_read(libreoffice, tmp_path):
    secret = openpyxl.Workbook()
    secret.active["A1"] = "a secret of the marker's"
    secret.save(tmp_path / "secret.xlsx")
    (tmp_path / "secret.csv").write_text("a secret of the marker's\n", encoding="utf-8")
    made = openpyxl.Workbook()
    for row, name in enumerate(("secret.xlsx", "secret.csv"), 1):
        place = (tmp_path / name).as_uri()
        made.active.cell(row, 1, f"='{place}'#$Sheet.A1")
        made.active.cell(row, 2, f"=INDIRECT(\"'{place}'#$Sheet.A1\")")
        made.active.cell(row, 3, f'=_xlfn.WEBSERVICE("{place}")')
        made.active.cell(row, 4, f"='{tmp_path}/[{name}]Sheet'!A1")
    calculated = recalculate(saved(made), "x.xlsx")
    assert b"a secret" not in b"".join(Package(calculated).parts.values())


def test_where_libreoffice_is_missing_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(module, "_PLACES", ())
    with pytest.raises(FileError) as refused:
        recalculate(blank("h_2"), "x.xlsx")
    assert str(refused.value).startswith("--recalculate needs LibreOffice, which was not found; install it")


@needs_scripts
@pytest.mark.parametrize("lines", ["sys.exit(1)", "pass", "os.kill(os.getpid(), 9)"])
def test_where_it_makes_no_file_a_sentence_says_so(monkeypatch, tmp_path, lines):
    monkeypatch.setattr(module, "_program", lambda: str(program(tmp_path, lines)))
    with pytest.raises(FileError) as refused:
        recalculate(blank("h_2"), "homework.xlsx")
    assert str(refused.value) == "LibreOffice could not calculate homework.xlsx."


@needs_scripts
def test_where_it_takes_too_long_it_is_ended_with_all_that_it_started(monkeypatch, tmp_path):
    alive = tmp_path / "alive"
    child = (
        f"import pathlib, time\nwhile True: pathlib.Path({str(alive)!r}).write_text(str(time.time())); time.sleep(0.05)"
    )
    waits = program(tmp_path, f"subprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)")
    monkeypatch.setattr(module, "_program", lambda: str(waits))
    monkeypatch.setattr(module, "SECONDS", 1)
    begin = time.perf_counter()
    with pytest.raises(FileError) as refused:
        recalculate(blank("h_2"), "homework.xlsx")
    assert str(refused.value) == "LibreOffice needed more than 1 seconds for homework.xlsx; nothing was read."
    assert time.perf_counter() - begin < 50  # the program would take 60
    time.sleep(0.2)
    last = alive.read_text(encoding="utf-8")
    time.sleep(0.3)
    assert alive.read_text(encoding="utf-8") == last


@needs_scripts
def test_it_runs_on_a_copy_with_a_profile_of_its_own_that_is_gone_afterwards(monkeypatch, tmp_path):
    """The stand-in notes its command line and gives the copy back."""
    note = tmp_path / "note"
    lines = (
        f"open({str(note)!r}, 'w').write('\\n'.join(sys.argv[1:]))\n"
        "import shutil\nout = sys.argv[sys.argv.index('--outdir') + 1]\n"
        "os.makedirs(out, exist_ok=True)\nshutil.copy(sys.argv[-1], out)"
    )
    monkeypatch.setattr(module, "_program", lambda: str(program(tmp_path, lines)))
    file = blank("h_2")
    assert recalculate(file, "../../etc/homework.xlsx") == file
    arguments = note.read_text(encoding="utf-8").splitlines()
    (profile,) = [a for a in arguments if a.startswith("-env:UserInstallation=file://")]
    assert "--headless" in arguments
    assert Path(arguments[-1]).name == "copy.xlsx"
    assert not Path(arguments[-1]).exists()
    assert not Path(profile.removeprefix("-env:UserInstallation=file://")).exists()


def test_what_libreoffice_saved_is_read_as_any_other_file(libreoffice):
    calculated = recalculate(fill_in(blank(), true_numbers(TRACE), 4), "x.xlsx")
    opened = StrangersFile(calculated, "x.xlsx")
    found = opened.cells([opened.names["h_2"]])
    assert [f.value for f in found.values()] == np.round(TRACE["h_2"].value.ravel(), 4).tolist()


VERIFY = """
import sys
from pathlib import Path
from rnncalc.cli.main import run
from rnncalc.workbook.read import recalculate
recalculate._program = lambda: sys.argv[1]
sys.exit(run(["verify", sys.argv[2], "--recalculate"]))
"""


@needs_scripts
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"])
def test_whatever_ends_the_command_ends_libreoffice_with_all_that_it_started(tmp_path, name):
    """And its files are gone. The stand-in's own child goes on for ever unless it is ended."""
    alive, files = tmp_path / "alive", tmp_path / "files"
    files.mkdir()
    child = f"import time\nwhile True: print(file=open({str(alive)!r}, 'a')); time.sleep(0.02)"
    waits = program(tmp_path, f"subprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)")
    (tmp_path / "homework.xlsx").write_bytes(blank("h_2"))
    command = [sys.executable, "-c", VERIFY, str(waits), str(tmp_path / "homework.xlsx")]
    environment = {**os.environ, "TMPDIR": str(files)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        until(alive.exists)
        process.send_signal(getattr(signal, name))
        _, said = process.communicate(timeout=30)
    if name in ("SIGINT", "SIGTERM", "SIGHUP"):
        assert (process.returncode, said.lstrip()) == (130, b"Error: Interrupted.\n")
    until(lambda: not list(files.iterdir()))
    until(lambda: not grows(alive))


def grows(file: Path) -> bool:
    before = file.stat().st_size
    time.sleep(0.5)
    return file.stat().st_size > before


def until(is_so, seconds: float = 20) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
