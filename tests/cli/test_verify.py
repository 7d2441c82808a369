"""``rnncalc verify``: exit codes, formats, what each level tells, and that the student's file is never touched."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import on_paper
import openpyxl
import pytest
from engines.cases import file
from engines.package import Package
from workbook.bare import bare
from workbook.filled import (
    HELLO,
    blank,
    by_openpyxl,
    edit,
    fill_in,
    marked,
    put_in,
    read,
    saved,
    statuses,
    stored,
    true_numbers,
)

from rnncalc.marking.status import Status
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.read import recalculate

TRACE = whole_trace(HELLO)
RIGHT = fill_in(blank(), true_numbers(TRACE), 4)
SLIP = fill_in(blank(), on_paper.work(HELLO, decimals=4, instead={"wh_2": lambda n: n["Whh"] * n["h_1"]}))
"""The bias left out in step 2, and all honestly worked on."""
MIXED = edit(
    put_in(SLIP, {("p_1", 0, 0): None, ("p_1", 1, 0): "x", ("p_1", 2, 0): "1,234", ("Wxh", 0, 0): 0.3}),
    {("loss_1", 0, 0): stored("LN(2)", None)},
)
FILES = {"right.xlsx": RIGHT, "slip.xlsx": SLIP, "mixed.xlsx": MIXED, "empty.xlsx": blank()}


@pytest.fixture(autouse=True)
def _among_files(tmp_path, monkeypatch):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)


def plain(page: str) -> str:
    """A page without its line ends, and without what Markdown escapes."""
    return " ".join(page.replace("\\_", "_").split())


# ── exit codes ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "code", "begins"),
    [
        ("right.xlsx", 0, "Everything is right: 325 of 325 numbers are right."),
        ("slip.xlsx", 1, "Not yet right: "),
        ("mixed.xlsx", 1, "Not yet right: "),
        ("empty.xlsx", 1, "Not complete: 0 of 325 numbers are right."),
    ],
)
def test_0_is_right_and_1_is_not(rnncalc, name, code, begins):
    done = rnncalc("verify", name)
    assert (done.code, done.err) == (code, "")
    assert done.out.startswith(begins)


def test_rounded_early_is_right(rnncalc, tmp_path):
    (tmp_path / "early.xlsx").write_bytes(fill_in(blank(), on_paper.work(HELLO, decimals=4)))
    done = rnncalc("verify", "early.xlsx")
    assert done.code == 0
    assert done.out.startswith("Everything is right: 325 of 325 numbers are right.")


CALC = "application/vnd.oasis.opendocument.spreadsheet"


def bad_files(folder: Path) -> dict[str, str]:
    """Files of every other kind, and what is said of each."""
    with zipfile.ZipFile(folder / "calc.ods", "w") as opened:
        opened.writestr("mimetype", CALC)
        opened.writestr("content.xml", "")
    contents = {
        "nothing.xlsx": b"",
        "table.csv": b"h_1,h_2\n0.5,0.25\n",
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
        "cut.xlsx": RIGHT[: len(RIGHT) // 2],
        "other.xlsx": bare('<row r="1"><c r="A1"><v>1</v></c></row>'),
        "page.pdf": b"%PDF-1.7\n",
        "noise.xlsx": bytes(range(256)) * 9,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir()
    return {
        "gone.xlsx": "There is no file gone.xlsx.",
        "folder": "folder is a folder; it needs to be a file.",
        "nothing.xlsx": "nothing.xlsx is empty.",
        "table.csv": "table.csv is a text file (perhaps .csv), not a workbook",
        "old.xls": "old.xls is a workbook in the old Excel format (.xls), which needs LibreOffice to be read, but "
        "LibreOffice was not found",
        "cut.xlsx": "cut.xlsx is damaged or incomplete; save or send it again.",
        "other.xlsx": "other.xlsx is not an rnncalc worksheet",
        "calc.ods": "calc.ods is an OpenDocument spreadsheet (.ods), which needs LibreOffice to be read, but "
        "LibreOffice was not found",
        "page.pdf": "page.pdf is a PDF, not a workbook.",
        "noise.xlsx": "noise.xlsx is not an .xlsx workbook.",
    }


def test_what_cannot_be_read_is_3_and_a_sentence(rnncalc, tmp_path, monkeypatch):
    monkeypatch.setattr(recalculate, "_program", lambda: None)
    for name, says in bad_files(tmp_path).items():
        done = rnncalc("verify", name)
        assert (done.code, done.out) == (3, ""), name
        assert re.fullmatch(r"Error: [^\n]+\.\n", done.err), name
        assert done.err.startswith(f"Error: {says}"), name


def test_in_json_it_has_a_verdict_too(rnncalc, tmp_path):
    for name in bad_files(tmp_path):
        done = rnncalc("verify", name, "--format", "json")
        assert done.code == 3, name
        assert json.loads(done.out) == {"verdict": "unreadable", "counts": {}, "first": None, "cells": []}, name
        assert done.err.startswith("Error: "), name


def test_standard_input_is_a_file_too(rnncalc):
    assert rnncalc("verify", "-", stdin=RIGHT).code == 0
    assert rnncalc("verify", "-", stdin=b"").err == "Error: standard input is empty.\n"


USAGE = {
    "no file": ([], "Missing argument 'FILE'"),
    "an unknown option": (["right.xlsx", "--shows", "hint"], "--shows"),
    "an unknown level": (["right.xlsx", "--show", "all"], "'all' is not one of"),
    "an unknown format": (["right.xlsx", "--format", "csv"], "'csv' is not one of"),
    "a tolerance below 0": (["right.xlsx", "--tolerance", "-1"], "Invalid value for '--tolerance'"),
    "too many decimals": (["right.xlsx", "--decimals", "16"], "Invalid value for '--decimals'"),
    "a workbook as a page": (["right.xlsx", "-o", "out.xlsx"], "use --annotate for a marked workbook"),
    "a page as a workbook": (["right.xlsx", "--annotate", "out.html"], "the name of a workbook must end in .xlsx."),
    "a page that there is not": (["right.xlsx", "-o", "out.pdf"], "this command cannot write .pdf files"),
    "twice the same file": (["right.xlsx", "-o", "a.xlsx", "--annotate", "a.xlsx"], "use --annotate for a marked"),
    "twice standard output": (["right.xlsx", "-o", "-", "--annotate", "-"], "cannot both go to standard output"),
    "a map that is none": (["right.xlsx", "-t", "hello", "--map", "=A1"], "'=A1' is not a valid map"),
    "a map of nothing": (["right.xlsx", "-t", "hello", "--map", "h_9=Forward!A1"], "There is no h_9: h runs from h_0"),
    "a name that there is not": (["right.xlsx", "-t", "hello", "--map", "dWhx=Forward!A1"], "(did you mean 'dWxh'?)"),
    "a map to nowhere": (["right.xlsx", "-t", "hello", "--map", "h_2=Nowhere!A1:A3"], "not a place in right.xlsx"),
    "a map of another size": (
        ["right.xlsx", "-t", "hello", "--map", "h_2=Start!A1:A4"], "has 4×1 cells, but h_2 needs 3×1"
    ),
    "a map twice": (["right.xlsx", "--map", "h_2=Start!A1:A3", "--map", "h_2=Start!B1:B3"], "h_2 is mapped twice"),
    "a file of maps that there is not": (["right.xlsx", "--map", "maps.txt"], "there is no file maps.txt with maps"),
    "two clippings": (["right.xlsx", "--clip", "1", "--clip-norm", "1"], "Use only one of them"),
}  # fmt: skip


@pytest.mark.parametrize("what", USAGE)
def test_a_wrong_command_line_is_2_and_a_sentence(rnncalc, tmp_path, what):
    arguments, says = USAGE[what]
    done = rnncalc("verify", *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in plain(done.err)
    assert "Traceback" not in done.err
    assert {p.name for p in tmp_path.iterdir()} == set(FILES)


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_leads_with_the_verdict_and_the_first_thing_to_mend(rnncalc):
    page = plain(rnncalc("verify", "slip.xlsx").out)
    assert page.startswith("Not yet right: ")
    assert "First: wh_2[1] (Forward!H76): 0.296 is wrong. Your number comes from this mistake: bh left out" in page


def test_what_is_all_right_is_folded_into_a_line(rnncalc):
    lines = rnncalc("verify", "slip.xlsx").out.splitlines()
    assert "Step 1 of 4: reads h, target e: all 25 right." in lines
    assert not [line for line in lines if line.strip().startswith("h_1[")]


def test_a_right_file_is_a_line_for_each_step(rnncalc):
    lines = rnncalc("verify", "right.xlsx").out.splitlines()
    assert len(lines) == 13
    assert all("right" in line for line in lines)


def test_of_a_mixed_one_everything_but_right_numbers_is_listed(rnncalc):
    page = plain(rnncalc("verify", "mixed.xlsx").out)
    for line in ("Wxh[1,1] Inputs!C24 0.3 changed; it was given as 0.287027", "p_1[1] Forward!H56 – missing",
                 "p_1[2] Forward!H57 x not a number", "p_1[3] Forward!H58 1,234 could mean two numbers"):  # fmt: skip
        assert line in page


# ── levels ────────────────────────────────────────────────────────────────────────────────────────────────────────

LEVELS = ("verdict", "where", "hint", "answer")
FORMS = ("table", "markdown", "html")
each_form = pytest.mark.parametrize("form", FORMS)


def pages(rnncalc, form: str) -> dict[str, str]:
    return {show: plain(rnncalc("verify", "slip.xlsx", "--format", form, "--show", show).out) for show in LEVELS}


@each_form
def test_a_level_tells_so_much_and_no_more(rnncalc, form):
    told = pages(rnncalc, form)
    for words, first in (("Not yet right", "verdict"), ("wh_2", "where"), ("left out", "hint"), ("0.8630", "answer")):
        levels = [show for show, page in told.items() if words in page]
        assert levels == list(LEVELS[LEVELS.index(first) :]), words


@each_form
def test_no_right_number_is_told_below_the_level_of_answers(rnncalc, form):
    """Of what the student got wrong."""
    wrong = [n for n, v in on_paper.work(HELLO, decimals=4).items() if n.startswith(("wh_2", "a_2", "h_2", "y_2"))]
    answers = {f"{v:.4f}" for name in wrong for v in TRACE[name].value.ravel()}
    for show, page in pages(rnncalc, form).items():
        found = {text for text in answers if re.search(rf"(?<![\d.]){re.escape(text)}", page)}
        assert bool(found) == (show == "answer"), (show, found)


@each_form
def test_numbers_that_the_student_did_not_write_are_no_hint(rnncalc, tmp_path, form):
    """The bias left out of wh_2, worked from an h_1 that was not handed in."""
    (tmp_path / "one.xlsx").write_bytes(fill_in(blank(), {"wh_2": TRACE["Whh"].value * TRACE["h_1"].value}, 4))
    page = plain(rnncalc("verify", "one.xlsx", "--format", form).out)
    assert "left out" in page
    assert f"{TRACE['h_1'].value[0, 0]:.4f}" not in page


# ── formats and files ─────────────────────────────────────────────────────────────────────────────────────────────


def test_json_has_the_documented_keys_and_every_cell(rnncalc):
    done = rnncalc("verify", "mixed.xlsx", "--format", "json")
    data = json.loads(done.out)
    assert list(data) == ["verdict", "counts", "first", "cells"]
    assert (data["verdict"], data["first"]) == ("incorrect", "Wxh[1,1]")
    assert data["counts"] == dict(marked(read(MIXED)).counts)
    assert set(data["counts"]) <= set(Status)
    assert len(data["cells"]) == 326
    keys = ["quantity", "row", "column", "cell", "status", "given", "expected", "carried", "remark", "mistakes"]
    assert all(list(cell) == keys for cell in data["cells"])
    by_place = {(c["quantity"], c["row"], c["column"]): c for c in data["cells"]}
    first = by_place["wh_2", 1, 1]
    assert {k: first[k] for k in ("cell", "status", "given", "carried")} == {
        "cell": "Forward!H76", "status": "wrong", "given": 0.296, "carried": first["carried"],
    }  # fmt: skip
    assert first["expected"] == TRACE["wh_2"].value[0, 0]
    assert [(m["kind"], m["certain"]) for m in first["mistakes"]] == [("bias-left-out", True)]
    assert list(first["mistakes"][0]) == ["kind", "says", "certain"]
    assert by_place["p_1", 3, 1]["given"] == "1,234"
    assert by_place["Wxh", 1, 1]["status"] == "given-changed"
    a_2 = by_place["a_2", 1, 1]
    assert (a_2["status"], a_2["given"]) == ("carried", pytest.approx(a_2["carried"], abs=1e-4))


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("right.xlsx", "correct"), ("slip.xlsx", "incorrect"), ("empty.xlsx", "incomplete")],
)
def test_json_has_the_verdict_in_a_word(rnncalc, name, verdict):
    data = json.loads(rnncalc("verify", name, "--format", "json").out)
    assert data["verdict"] == verdict
    assert (data["first"] is None) == (verdict == "correct")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("out.json", "{"), ("out.md", "# "), ("out.markdown", "# "), ("out.html", "<!DOCTYPE"), ("out.htm", "<!DOCTYPE"),
     ("out.txt", "Not yet right"), ("out", "Not yet right"), ("OUT.HTML", "<!DOCTYPE html>")],
)  # fmt: skip
def test_the_ending_of_a_file_says_its_format(rnncalc, tmp_path, name, begins):
    done = rnncalc("verify", "slip.xlsx", "-o", name)
    assert (done.code, done.out, done.err) == (1, "", f"Wrote {name}\n")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_a_format_that_was_typed_wins_over_the_ending(rnncalc, tmp_path):
    rnncalc("verify", "slip.xlsx", "-o", "out.md", "--format", "json")
    assert json.loads((tmp_path / "out.md").read_text(encoding="utf-8"))["verdict"] == "incorrect"


@pytest.mark.parametrize("option", [["-o", "out.json"], ["--annotate", "out.xlsx"]])
def test_an_existing_file_is_kept_but_with_force(rnncalc, tmp_path, option):
    path = tmp_path / option[1]
    path.write_bytes(b"precious")
    done = rnncalc("verify", "slip.xlsx", *option)
    assert (done.code, done.out) == (3, "")
    assert "already exists. Choose another name, or use --force to overwrite it." in done.err
    assert path.read_bytes() == b"precious"
    assert rnncalc("verify", "slip.xlsx", *option, "--force").code == 1
    assert path.read_bytes() != b"precious"


@pytest.mark.parametrize("option", [["-o"], ["--annotate"], ["-o", "out.json", "--annotate"]])
@pytest.mark.parametrize("name", ["slip.xlsx", "./slip.xlsx", "link.xlsx"])
def test_the_file_that_is_marked_is_never_written_over(rnncalc, tmp_path, option, name):
    if name == "link.xlsx":
        try:
            (tmp_path / name).symlink_to(tmp_path / "slip.xlsx")
        except OSError:
            pytest.skip("links cannot be made here")
    done = rnncalc("verify", "slip.xlsx", *option, name, "--force")
    assert (done.code, done.out) == (2, "")
    assert (tmp_path / "slip.xlsx").read_bytes() == SLIP


def test_nothing_changes_a_byte_of_it(rnncalc, tmp_path):
    for options in ([], ["--annotate", "a.xlsx"], ["-o", "b.html"], ["--show", "answer"], ["-t", "pencil"],
                    ["--format", "json"], ["--decimals", "2"]):  # fmt: skip
        rnncalc("verify", "mixed.xlsx", *options)
    assert (tmp_path / "mixed.xlsx").read_bytes() == MIXED


def test_a_file_that_cannot_be_read_leaves_no_file_but_the_verdict(rnncalc, tmp_path):
    (tmp_path / "bad.xlsx").write_bytes(b"")
    assert rnncalc("verify", "bad.xlsx", "--annotate", "a.xlsx", "-o", "out.md").code == 3
    assert not (tmp_path / "a.xlsx").exists()
    assert not (tmp_path / "out.md").exists()
    assert rnncalc("verify", "bad.xlsx", "-o", "out.json").code == 3
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["verdict"] == "unreadable"


def test_an_annotated_copy_opens_and_gets_the_same_marks(rnncalc, tmp_path):
    done = rnncalc("verify", "slip.xlsx", "--annotate", "marked.xlsx")
    assert done.code == 1
    assert "Wrote marked.xlsx" in done.err
    copied = (tmp_path / "marked.xlsx").read_bytes()
    assert statuses(marked(read(copied))) == statuses(marked(read(SLIP)))
    title, area = Package(copied).area("wh_2")
    cell = openpyxl.load_workbook(tmp_path / "marked.xlsx")[title][area[0][0]]
    assert (cell.style, "bh left out" in cell.comment.text) == ("rnncalc wrong", True)


# ── which problem, which cells ────────────────────────────────────────────────────────────────────────────────────


def changed(rnncalc, *arguments: str) -> set[str]:
    """The givens that are findings."""
    data = json.loads(rnncalc("verify", *arguments, "--format", "json").out)
    return {cell["quantity"] for cell in data["cells"] if cell["status"] == "given-changed"}


def test_a_problem_that_is_typed_wins_and_every_other_given_is_a_finding(rnncalc):
    assert changed(rnncalc, "right.xlsx") == set()
    assert changed(rnncalc, "right.xlsx", "hello") == set()
    assert changed(rnncalc, "right.xlsx", "-t", "pencil") == {"Wxh", "Whh", "bh", "Why"}
    assert changed(rnncalc, "right.xlsx", "--h0", "0.5,0,0") == {"h_0"}
    assert changed(rnncalc, "right.xlsx", "--eta", "0.2") == {"eta"}


def test_a_loss_that_was_asked_for_as_a_mean_is_marked_so(rnncalc):
    data = json.loads(rnncalc("verify", "right.xlsx", "--loss-reduction", "mean", "--format", "json").out)
    wrong = {c["quantity"] for c in data["cells"] if c["status"] == "wrong"}
    assert {"loss", "dy_1", "dy_2", "dy_3", "dy_4"} <= wrong
    assert not {"h_1", "loss_1"} & wrong


@pytest.mark.parametrize("style", ["cells", "matrix"])
def test_an_exported_workbook_is_right(rnncalc, tmp_path, style):
    (tmp_path / "export.xlsx").write_bytes(file("hello", style))
    assert rnncalc("verify", "export.xlsx").code == 0


@pytest.fixture
def mine(tmp_path) -> str:
    """A workbook that someone made."""
    made = openpyxl.Workbook()
    made.active.title = "My sums"
    for name, column in (("h_2", 2), ("p_2", 4)):
        for i, value in enumerate(TRACE[name].value.ravel(), 1):
            made.active.cell(i, column, round(float(value), 4))
    for (i, j), value in np.ndenumerate(TRACE["dWxh"].value.T):
        made.active.cell(10 + i, 1 + j, round(float(value), 4))
    (tmp_path / "mine.xlsx").write_bytes(saved(made))
    return "mine.xlsx"


def test_any_workbook_is_marked_by_its_maps(rnncalc, tmp_path, mine):
    maps = ["h_2='My sums'!B1:B3", "p_2='My sums'!D1:D4", "dWxh=My sums!A10:C13"]
    typed = [word for one in maps for word in ("--map", one)]
    done = rnncalc("verify", mine, "-t", "hello", *typed)
    assert done.code == 0
    assert "dWxh is transposed: its rows are in columns, 'My sums'!A10:C13." in plain(done.out)
    (tmp_path / "maps.txt").write_text("\ufeff# mine\n\n" + "\n".join(maps), encoding="utf-8")
    assert rnncalc("verify", mine, "-t", "hello", "--map", "maps.txt").out == done.out
    (tmp_path / "some.txt").write_text(maps[0], encoding="utf-8")
    assert rnncalc("verify", mine, "-t", "hello", "--map", "some.txt", *typed[2:]).out == done.out


def test_a_mapped_workbook_needs_a_problem(rnncalc, mine):
    done = rnncalc("verify", mine, "--map", "h_2='My sums'!B1:B3")
    assert (done.code, done.out) == (3, "")
    assert "does not say which problem it is about" in done.err


def test_a_file_of_maps_that_is_no_text_is_3(rnncalc, tmp_path, mine):
    (tmp_path / "maps.bin").write_bytes(b"\xff\xfe\x00")
    done = rnncalc("verify", mine, "-t", "hello", "--map", "maps.bin")
    assert (done.code, done.err) == (
        3, "Error: maps.bin is UTF-16 text, not UTF-8; it needs lines such as h_2=Sheet1!B4:B6.\n",
    )  # fmt: skip


def test_a_tolerance_of_ones_own(rnncalc, tmp_path):
    sheet = blank("h_1", "h_2", "p_2")
    near = {a.name: TRACE[a.name].value + 0.004 for a in read(sheet).answers}
    (tmp_path / "near.xlsx").write_bytes(fill_in(sheet, near))
    assert rnncalc("verify", "near.xlsx").code == 1
    assert rnncalc("verify", "near.xlsx", "--tolerance", "0.005").code == 0
    assert rnncalc("verify", "right.xlsx", "--tolerance", "0").code == 1


def test_decimals_that_are_typed(rnncalc, tmp_path):
    (tmp_path / "two.xlsx").write_bytes(fill_in(blank(), true_numbers(TRACE), 2))
    done = rnncalc("verify", "two.xlsx")
    assert done.code == 0
    assert "Your numbers have 2 decimals, but 4 were asked for." in done.out
    done = rnncalc("verify", "two.xlsx", "--decimals", "2")
    assert done.code == 0
    assert "were asked for" not in done.out


def test_recalculated_where_that_is_asked_for(rnncalc, tmp_path, monkeypatch):
    """LibreOffice itself is in tests/workbook/test_recalculate.py."""
    opened = by_openpyxl(RIGHT)
    opened["Forward"]["E90"] = "=TANH(F83)"
    (tmp_path / "typed.xlsx").write_bytes(saved(opened))
    assert "use --recalculate" in plain(rnncalc("verify", "typed.xlsx").out)
    handed_over = []

    def instead(content: bytes, name: str) -> bytes:
        handed_over.append((content, name))
        return RIGHT

    monkeypatch.setattr(recalculate, "recalculate", instead)
    assert rnncalc("verify", "typed.xlsx", "--recalculate").code == 0
    assert handed_over == [((tmp_path / "typed.xlsx").read_bytes(), "typed.xlsx")]


def test_without_libreoffice_recalculating_is_3(rnncalc, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(recalculate, "_PLACES", ())
    done = rnncalc("verify", "right.xlsx", "--recalculate")
    assert (done.code, done.out) == (3, "")
    assert "--recalculate needs LibreOffice" in done.err


# ── what it is all for ────────────────────────────────────────────────────────────────────────────────────────────


STEP_1 = {
    "bias-left-out": ("wh_1", lambda n: n["Whh"] * n["h_0"]),
    "bias-twice": ("wh_1", lambda n: n["Whh"] * n["h_0"] + 2 * n["bh"]),
    "activation-left-out": ("h_1", lambda n: n["a_1"]),
    "wrong-target": ("loss_1", lambda n: -np.log(n["p_1"][:1])),
    "softmax-without-exp": ("p_1", lambda n: n["y_1"] / n["y_1"].sum()),
    "softmax-not-divided": ("p_1", lambda n: np.exp(n["y_1"])),
    "log-base-10": ("loss_1", lambda n: -np.log10((n["p_1"] * n["target_1"]).sum(keepdims=True))),
    "log-base-2": ("loss_1", lambda n: -np.log2((n["p_1"] * n["target_1"]).sum(keepdims=True))),
    "sign-reversed": ("dy_1", lambda n: n["target_1"] - n["p_1"]),
    "softmax-diagonal": ("dy_1", lambda n: n["p_1"] * (1 - n["p_1"])),
    "slope-left-out": ("da_1", lambda n: n["dh_1"]),
    "no-flow-back": ("dh_1", lambda n: n["dh_out_1"]),
    "only-flow-back": ("dh_1", lambda n: n["dh_next_1"]),
    "one-plus-square": ("da_1", lambda n: (1 + n["h_1"] ** 2) * n["dh_1"]),
}
"""A slip in step 1 by its kind, in plain NumPy."""


@pytest.mark.parametrize("kind", STEP_1)
def test_a_student_with_one_slip_in_step_1_is_told_of_it_by_name_and_of_nothing_else_as_wrong(rnncalc, tmp_path, kind):
    name, slip = STEP_1[kind]
    numbers = on_paper.work(HELLO, decimals=4, instead={name: slip})
    (tmp_path / "one.xlsx").write_bytes(fill_in(blank(), numbers))
    data = json.loads(rnncalc("verify", "one.xlsx", "--format", "json").out)
    true = on_paper.work(HELLO)[name]
    wrong = {(c["quantity"], c["row"], c["column"]) for c in data["cells"] if c["status"] == "wrong"}
    slipped = {(name, i + 1, j + 1) for i, j in np.ndindex(*true.shape) if abs(numbers[name][i, j] - true[i, j]) > 1e-3}
    assert wrong == slipped
    assert set(data["counts"]) <= {"correct", "rounded", "carried", "wrong"}
    assert data["first"].partition("[")[0] == name
    named = [c["mistakes"] for c in data["cells"] if c["status"] == "wrong"]
    assert {(m["kind"], m["certain"]) for mistakes in named for m in mistakes} == {(kind, True)}
    page = plain(rnncalc("verify", "one.xlsx").out)
    assert f"First: {data['first']}" in page
