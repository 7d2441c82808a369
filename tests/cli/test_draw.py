"""``rnncalc draw``: where the figure goes, its formats, and every input that is wrong."""

import contextlib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path):
    with contextlib.chdir(tmp_path):
        yield


def test_without_a_name_the_file_is_called_like_the_text(rnncalc, tmp_path):
    page = rnncalc("draw", "a/b")
    assert (page.code, page.out, page.err.strip()) == (0, "", "Wrote a_b.svg")
    assert ElementTree.parse(tmp_path / "a_b.svg").getroot().tag.endswith("svg")


def test_a_dash_is_svg_on_standard_output(rnncalc, tmp_path):
    page = rnncalc("draw", "hello", "-o", "-")
    assert (page.code, page.err) == (0, "")
    assert ">0.937<" in page.out
    assert ElementTree.fromstring(page.out).tag.endswith("svg")
    assert not list(tmp_path.iterdir())


def test_the_page_about_it_shows_what_it_draws(rnncalc):
    shown = Path(__file__).parents[2] / "docs" / "drawing.svg"
    assert rnncalc("draw", "hello", "-o", "-").out == shown.read_text(encoding="utf-8")


def test_the_ending_is_the_format(rnncalc, tmp_path):
    for ending, begins in ((".svg", b"<?xml"), (".SVG", b"<?xml"), (".tex", b"% Compile"), (".pdf", b"%PDF")):
        if ending == ".pdf":
            pytest.importorskip("matplotlib")
        assert rnncalc("draw", "hello", "-o", f"figure{ending}").code == 0
        assert (tmp_path / f"figure{ending}").read_bytes().startswith(begins)


@pytest.mark.parametrize("name", ["figure.png", "figure", "svg"])
def test_another_ending_is_refused(rnncalc, tmp_path, name):
    page = rnncalc("draw", "hello", "-o", name)
    assert page.code == 2
    assert f"-o {name}: the name of a figure must end in .svg, .pdf or .tex." in page.err
    assert not list(tmp_path.iterdir())


def test_a_file_is_kept_unless_force_is_given(rnncalc, tmp_path):
    file = tmp_path / "hello.svg"
    file.write_text("mine", encoding="utf-8")
    page = rnncalc("draw", "hello")
    assert page.code == 3
    assert "already exists" in page.err
    assert file.read_text(encoding="utf-8") == "mine"
    assert rnncalc("draw", "hello", "--force").code == 0
    assert ">0.937<" in file.read_text(encoding="utf-8")


def test_decimals_and_stages(rnncalc):
    page = rnncalc("draw", "hello", "--decimals", "2", "--through", "backward", "-o", "-").out
    assert ">0.94<" in page
    assert 'data-quantity="dh_next_1"' in page
    page = rnncalc("draw", "hello", "--through", "forward", "-o", "-").out
    assert 'data-quantity="loss' not in page
    assert 'data-quantity="p_4"' in page


def test_without_targets_there_is_no_loss(rnncalc):
    page = rnncalc("draw", "hello", "--targets", "none", "-o", "-")
    assert page.code == 0
    assert "loss" not in page.out
    page = rnncalc("draw", "hello", "--targets", "none", "--through", "backward", "-o", "-")
    assert page.code == 2
    assert "Without targets there is no loss" in page.err


def test_a_long_text_is_drawn_whole_and_a_very_long_one_refused(rnncalc, tmp_path):
    page = rnncalc("draw", "ab" * 20, "--hidden", "1", "-o", "-")
    assert 'data-quantity="h_39"' in page.out
    page = rnncalc("draw", "ab" * 200, "--hidden", "1")
    assert page.code == 2
    assert "points wide" in page.err
    assert not list(tmp_path.iterdir())
