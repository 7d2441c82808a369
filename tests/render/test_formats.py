"""The formats of a result: what is in the table is offered, written and named by endings."""

from __future__ import annotations

import pytest

from rnncalc.render.formats import FORMATS, Format, by_ending


def tsv(trace, quantities, more):
    return "".join(f"{q.name}\t{q.value[0, 0]:.4f}\n" for q in quantities)


@pytest.fixture
def _tsv(monkeypatch):
    monkeypatch.setitem(FORMATS, "tsv", Format("tsv", (".tsv",), data=tsv))


def test_every_ending_names_one_format():
    endings = [ending for row in FORMATS.values() for ending in row.endings]
    assert len(endings) == len(set(endings))
    assert {by_ending(ending) for ending in endings} == set(FORMATS) - {"table"}
    assert by_ending(".docx") is None


@pytest.mark.parametrize("row", FORMATS.values(), ids=FORMATS)
def test_a_format_writes_pages_or_data(row, rnncalc):
    assert (row.page is None) or (row.data is None)
    done = rnncalc("forward", "hello", "--step", "2", "--format", row.name)
    assert done.code == 0
    assert "0.93653" in done.out


@pytest.mark.usefixtures("_tsv")
def test_a_format_that_is_added_is_one_row(rnncalc, tmp_path):
    assert "text|tsv]" in "".join(rnncalc("forward", "--help").out.split())
    assert rnncalc("forward", "hello", "--only", "h_2", "--format", "tsv").out == "h_2\t0.9365\n"
    file = tmp_path / "hello.tsv"
    assert rnncalc("forward", "hello", "--only", "h_2", "-o", str(file)).code == 0
    assert file.read_text(encoding="utf-8") == "h_2\t0.9365\n"
    refused = rnncalc("forward", "hello", "-o", str(tmp_path / "a.pdf")).err
    assert ".csv, .txt or .tsv" in " ".join(refused.split())
