"""What to do next: said behind what was written, and behind a page on a terminal; a line that can be copied."""

import shlex

import pytest


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def next_command(said: str) -> list[str]:
    """The arguments of the command that the last line names."""
    _, _, command = said.splitlines()[-1].partition(": rnncalc ")
    return shlex.split(command)


PAGES = {
    "forward hello": "backward hello",
    "forward": "backward",
    "forward -t pencil --summary": "backward -t pencil",
    "backward hello": "update hello",
    "update hello": "train hello",
    "check hello h_2:1 0.5": "explain hello h_2[1]",
    "check h_2 0.94 0.95 0.5": "explain h_2[3]",
}


@pytest.mark.parametrize(("typed", "then"), PAGES.items())
def test_a_page_on_a_terminal_ends_with_the_command_that_goes_on(rnncalc, typed, then):
    done = rnncalc(*typed.split(), terminal=True)
    assert next_command(done.err) == then.split()
    assert "rnncalc" not in done.out
    assert rnncalc(*then.split()).code == 0


@pytest.mark.parametrize("typed", PAGES)
def test_a_page_in_a_pipe_is_data_and_no_word_more(rnncalc, typed):
    assert rnncalc(*typed.split()).err == ""


@pytest.mark.parametrize(
    "typed",
    [
        "forward banana --hidden 2", "forward hello --step 2", "forward hello --format json",
        "backward hello --truncate 2", "update hello --eta 0.5", "check hello h_2:1 0.936534",
        "check hello h_2:1 0.5 --format json",
        "check hello --activation relu h_2:1 0.5",
    ],
)  # fmt: skip
def test_where_the_same_words_would_mean_another_problem_nothing_is_named(rnncalc, typed):
    assert "rnncalc" not in rnncalc(*typed.split(), terminal=True).err


def test_a_worksheet_is_marked_by_the_command_that_is_named(rnncalc):
    done = rnncalc("worksheet", "hello", "-o", "a b's.xlsx")
    assert done.err.splitlines()[-1].startswith("Fill it in, save it, then run: rnncalc verify ")
    marked = rnncalc(*next_command(done.err), terminal=True)
    assert marked.out.startswith("Not complete: 0 of 325 numbers are right.") or "Not complete" in marked.out
    assert rnncalc(*next_command(marked.err)).code == 1
    assert rnncalc("worksheet", "hello", "--print", "-o", "paper.xlsx").err == "Wrote paper.xlsx\n"


def test_a_template_is_used_by_the_command_that_is_named(rnncalc):
    done = rnncalc("templates", "copy", "pencil", "-o", "mine.toml")
    assert rnncalc(*next_command(done.err)).code == 0


def test_an_assignment_leads_from_file_to_preview_to_worksheets(rnncalc):
    done = rnncalc("assignment", "new", "hw.toml", "hello", "--weight-decimals", "2")
    seen = rnncalc(*next_command(done.err))
    assert seen.code == 0
    assert next_command(seen.err) == ["assignment", "make", "hw.toml", "ROSTER.csv", "-o", "hw"]
