"""Worksheets: what is asked for is blank, no answer is anywhere in the file, and all the rest is there to work from."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest
from engines.cases import NUMBERS
from engines.package import MAIN, Package, addresses, formula
from workbook.filled import HELLO, PENCIL, blank
from workbook.test_audit import findings
from workbook.test_protection import unlocked

from rnncalc import Problem, Trace
from rnncalc.errors import RnncalcError
from rnncalc.marking.blanks import Blanks, blanks_of
from rnncalc.network.update_step import whole_trace
from rnncalc.workbook.write.worksheet import worksheet

draw = Problem.draw
PROBLEMS: dict[str, tuple[Problem, dict[str, float]]] = {
    "hello": (HELLO, {}),
    "pencil": (PENCIL, {}),
    "matrix Whh": (draw("hello"), {}),
    "output bias, h_0 random": (draw("abca", hidden=2, output_bias=True, h_0="random"), {}),
    "relu": (draw("aba", hidden=3, activation="relu", seed=3), {}),
    "sigmoid": (draw("abab", hidden=2, activation="sigmoid"), {}),
    "linear, shared": (draw("abc", hidden=2, activation="linear", recurrent="scalar"), {}),
    "mean": (HELLO.replace(loss_reduction="mean"), {}),
    "targets last": (HELLO.replace(targets=(None, None, None, "o")), {}),
    "no targets": (draw("aab", targets="none"), {}),
    "clip": (HELLO, {"clip": 0.1}),
    "clip-norm": (HELLO, {"clip_norm": 0.25}),
    "truncate": (draw("banana", hidden=2), {"truncate": 2}),
    "one unit, one step": (draw("ab", hidden=1), {}),
    "9 units, 10 letters": (draw("abc", hidden=9, vocabulary="abcdefghij", output_bias=True), {}),
    "generated letters": (draw("ab", hidden=2, vocabulary="abc", generate=3), {}),
    "generated numbers": (draw(inputs=NUMBERS, hidden=2, classes=2, output_function="linear", generate=2), {}),
    "words, classes at the last step": (
        draw(
            "a good film", tokens="words", hidden=2, embedding=2, head=[2], classes=("bad", "good"), output_at="last",
            targets=["good"],
        ),
        {},
    ),
    "two layers, numbers, sigmoid": (
        draw(
            inputs=NUMBERS, hidden=2, layers=2, cell_kind=("lstm", "gru"), reset_after=True, classes=2,
            output_function="sigmoid", targets=[[1.0, 0.0], "", [0.0, 1.0]],
        ),
        {},
    ),
    "no output": (draw("aba", hidden=2, cell_kind="gru", output_at="none"), {}),
}  # fmt: skip
ASKED = {
    "everything": (),
    **{stage: (stage,) for stage in ("forward", "loss", "backward", "update")},
    "one state": ("h_1",),
    "two states and a gradient": ("h_1", "p_1", "dWhh"),
    "a family": ("p_*",),
    "probabilities and the loss": ("p_*", "loss"),
    "a family of gradients": ("dWhy_*",),
    "the new weights": ("*_new",),
    "the scores": ("y_*", "dy_1"),
    "single totals": ("loss", "dWhh", "Wxh_new"),
}
"""Stages, names and families that every problem with targets has."""
OTHERWISE_NAMED = (
    "generated numbers",
    "words, classes at the last step",
    "two layers, numbers, sigmoid",
    "no output",
)
"""They have no p_1, or no dWhh."""
BROADLY = ("hello", "output bias, h_0 random")
SHEETS = [
    *((problem, what) for problem in BROADLY for what in ASKED),
    *(
        (problem, what)
        for problem, (given, _) in PROBLEMS.items()
        for what in ("everything", "forward", "backward", "two states and a gradient")
        if problem not in BROADLY and (given.has_loss or what in ("everything", "forward"))
        if what != "two states and a gradient" or problem not in OTHERWISE_NAMED
    ),
    *((problem, "one state") for problem in ("generated letters", *OTHERWISE_NAMED)),
    ("generated letters", "a family"),
]
each_sheet = pytest.mark.parametrize(("problem", "what"), SHEETS, ids=["-".join(job) for job in SHEETS])


def sheet(problem: str, what: str = "everything") -> bytes:
    given, options = PROBLEMS[problem]
    return blank(*ASKED[what], problem=given, **options)


@cache
def package(problem: str, what: str) -> Package:
    """The same, opened; not to be changed."""
    return Package(sheet(problem, what))


@cache
def trace_of(problem: str) -> Trace:
    given, options = PROBLEMS[problem]
    return whole_trace(given, **options)


@cache
def asked_in(problem: str, what: str = "everything") -> Blanks:
    return blanks_of(trace_of(problem), ASKED[what])


# ── no answer anywhere: the searcher ──────────────────────────────────────────────────────────────────────────────

DIGITS = range(3, 16)
ROUNDINGS = (ROUND_HALF_EVEN, ROUND_DOWN)
Form = tuple[tuple[int, ...], int]
"""The digits of a number as it is written, without sign, and the power of ten of the last one."""
_NUMBER = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE]([-+]?\d+))?(?![\w])(?![.,]\d)")
_WIDE = Context(prec=40)


def form(number: Decimal) -> Form:
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return digits, exponent


@cache
def forms(value: float) -> frozenset[Form]:
    """A number at 3 to 15 decimals and at 3 to 15 digits, rounded and cut off, and whole; 0 and 1 aside."""
    exact = Decimal(abs(value))
    shown = {exact.quantize(Decimal(1).scaleb(-count), how, _WIDE) for count in DIGITS for how in ROUNDINGS}
    shown |= {Context(prec=count, rounding=how).plus(exact) for count in DIGITS for how in ROUNDINGS}
    whole = Decimal(repr(abs(value)))
    found = {form(number) for number in shown if number not in (0, 1)}
    return frozenset(found | ({form(whole)} if len(whole.as_tuple().digits) >= DIGITS[0] else set()))


def written(text: str) -> set[Form]:
    """Every number that stands in a text as a whole, not inside a longer one."""
    return {
        form(Decimal(found[1].replace(",", ".")).scaleb(int(found[2] or 0)))
        for found in _NUMBER.finditer(text)
        if len(found[1]) < 40 and len(found[2] or "") < 4
    }


def surfaces(file: bytes) -> Iterator[tuple[str, str]]:
    """All that could tell: each part as it stands and as a reader decodes it, the their names, remarks of the zip."""
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        yield "the zip", " ".join([opened.comment.decode("latin-1"), *opened.namelist()])
        for entry in opened.infolist():
            content = opened.read(entry)
            yield entry.filename, (entry.comment + b" " + entry.extra).decode("latin-1")
            yield entry.filename, content.decode("utf-8", "replace")
            if entry.filename.endswith((".xml", ".rels", ".vml")):
                elements = list(ElementTree.fromstring(content).iter())
                yield entry.filename, "\n".join(text for e in elements for text in (e.text, e.tail) if text)
                yield entry.filename, "\n".join(value for e in elements for value in e.attrib.values())


def told(file: bytes, blanks: Blanks) -> dict[str, set[str]]:
    """The answers that a file tells: the parts that do, by the quantity. What is given may be told."""
    answers: dict[Form, set[str]] = {}
    for name in blanks.names:
        for value in blanks.trace[name].value.ravel().tolist():
            for one in forms(value):
                answers.setdefault(one, set()).add(name)
    for value in numbers_given(blanks):
        for one in forms(value):
            answers.pop(one, None)
    found: dict[str, set[str]] = {}
    for part, text in surfaces(file):
        for hit in written(text) & answers.keys():
            for name in answers[hit]:
                found.setdefault(name, set()).add(part)
    return found


def numbers_given(blanks: Blanks) -> set[float]:
    """What a worksheet may tell, without signs."""
    given = [q.value.ravel().tolist() for q in blanks.trace.values() if q.name not in blanks.names]
    return {abs(value) for values in given for value in values}


@each_sheet
def test_no_answer_is_anywhere_in_the_file(problem, what):
    assert told(sheet(problem, what), asked_in(problem, what)) == {}


@pytest.mark.parametrize("options", [{"paper": True}, {"protect": True}, {"decimals": 12}, {"decimals": 0}])
def test_nor_in_one_for_paper_nor_with_other_decimals(options):
    assert told(blank(**options), asked_in("hello")) == {}


# ── the searcher is searched ──────────────────────────────────────────────────────────────────────────────────────

H_2 = whole_trace(HELLO)["h_2"].value[0, 0].item()  # 0.93653…


def texts(problem: Problem, *ask_for: str) -> dict[tuple[str, str], object]:
    """What the cells of a worksheet show that is no number, its Problem sheet aside."""
    book = Package(blank(*ask_for, problem=problem))
    places = [(title, address) for title, cells in book.cells.items() if title != "Problem" for address in cells]
    return {place: shown for place in places if isinstance(shown := book.value(*place), str)}


@pytest.mark.parametrize(
    ("options", "ask_for"),
    [({"generate": 3}, ()), ({"generate": 3}, ("h_1",)), ({"generate": 3}, ("p_3",)), ({"targets": "none"}, ())],
)
def test_a_word_that_is_predicted_is_told_nowhere(options, ask_for):
    """Two networks that predict different words have worksheets of the same words."""
    one = draw("a good film", tokens="words", hidden=2, **options)
    other = one.with_arrays({"Why": -one.weights["Why"]})
    likeliest = [whole_trace(problem)["p_3"].value.argmax() for problem in (one, other)]
    assert likeliest[0] != likeliest[1]
    assert texts(one, *ask_for) == texts(other, *ask_for)


def with_part(file: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A file with one part rewritten, or a new one."""
    package = Package(file)
    parts = {**package.parts, part: change(package.parts.get(part, b"").decode("utf-8")).encode("utf-8")}
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return saved.getvalue()


def within(part: str, before: str, planted: str) -> Callable[[bytes], bytes]:
    """Something planted before the first place where some text stands."""

    def plant(file: bytes) -> bytes:
        assert before in Package(file).parts[part].decode("utf-8")
        return with_part(file, part, lambda text: text.replace(before, planted + before, 1))

    return plant


FORWARD, BOOK, TEXTS = "xl/worksheets/sheet3.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
ESCAPED = "".join(f"&#{ord(c)};" for c in f"{H_2:.4f}")
HIDDEN: dict[str, Callable[[bytes], bytes]] = {
    "a stored value": within(FORWARD, "</sheetData>", f'<row r="999"><c r="A999"><v>{H_2!r}</v></c></row>'),
    "a rounded value": within(FORWARD, "</sheetData>", f'<row r="999"><c r="A999"><v>{H_2:.3f}</v></c></row>'),
    "a value in powers of ten": within(FORWARD, "</sheetData>", f"<v>{H_2:.6e}</v>"),
    "the words of a cell": within(TEXTS, "</sst>", f"<si><t>the first one is {H_2:.5f}.</t></si>"),
    "words with a decimal comma": within(TEXTS, "</sst>", f"<si><t>{f'{H_2:.5f}'.replace('.', ',')}</t></si>"),
    "escaped words": within(TEXTS, "</sst>", f"<si><t>{ESCAPED}</t></si>"),
    "a defined name": within(BOOK, "</definedNames>", f'<definedName name="q">{H_2:.4f}</definedName>'),
    "a hidden name's remark": within(BOOK, "</definedNames>", f'<definedName comment="{H_2:.4f}" hidden="1"/>'),
    "a conditional format": within(
        FORWARD, "</worksheet>", f"<conditionalFormatting><formula>E32-{H_2:.9f}=0</formula></conditionalFormatting>"
    ),
    "a data validation": within(FORWARD, "</worksheet>", f'<dataValidation prompt="near {H_2:.4g}"/>'),
    "a page's footer": within(FORWARD, "</worksheet>", f"<oddFooter>{H_2:.4f}</oddFooter>"),
    "a remark in the XML": within(FORWARD, "</worksheet>", f"<!-- {H_2:.4f} -->"),
    "a comment": lambda file: with_part(file, "xl/comments1.xml", lambda _: f"<comments><t>{H_2:.4f}</t></comments>"),
    "a property": within("docProps/core.xml", "</cp:coreProperties>", f"<description>{H_2:.15g}</description>"),
    "a part's name": lambda file: with_part(file, f"xl/{H_2:.4f}/x.xml", lambda _: "<x/>"),
}  # fmt: skip


@pytest.mark.parametrize("where", HIDDEN)
def test_an_answer_that_was_planted_is_found(where):
    assert set(told(HIDDEN[where](sheet("hello")), asked_in("hello"))) == {"h_2"}


@pytest.mark.parametrize("text", [f"1{H_2:.4f}", f"{H_2:.4f}1", f"{H_2:.4f}.2", "A9365", "0.93"])
def test_a_part_of_a_longer_number_is_no_answer(text):
    assert told(with_part(sheet("hello"), "x.txt", lambda _: text), asked_in("hello")) == {}


@pytest.mark.parametrize("problem", ["hello", "relu", "clip-norm"])
def test_with_practice_every_answer_is_in_the_file(problem):
    given, options = PROBLEMS[problem]
    blanks = asked_in(problem)
    allowed = numbers_given(blanks) | {0, 1}
    hidden = {n for n in blanks.names if {abs(v) for v in blanks.trace[n].value.ravel().tolist()} - allowed}
    assert hidden <= set(told(blank(problem=given, practice=True, **options), blanks))


# ── what is there ─────────────────────────────────────────────────────────────────────────────────────────────────


@each_sheet
def test_what_is_asked_for_is_blank_what_comes_before_a_number_and_what_comes_after_absent(problem, what):
    book, blanks = package(problem, what), asked_in(problem, what)
    more = {"vocabulary", "classes", "letters", "wanted", "problem_text", "workbook_text"}
    second = {name: name.removeprefix("board_") for name in book.names if name.startswith("board_")}
    assert set(book.names) - more - set(second) == set(blanks.trace)
    assert set(second.values()) <= set(blanks.names)
    for name, of in second.items():
        title, area = book.area(name)
        assert (title, np.shape(area)) == ("Board", blanks.trace[of].shape)
        assert not any(list(book.cells[title][address]) for row in area for address in row)
    for q in blanks.trace.values():
        title, area = book.area(q.name)
        assert np.shape(area) == q.shape
        cells = [book.cells[title][address] for row in area for address in row]
        if q.name in blanks.names:
            assert [list(cell) for cell in cells] == [[]] * len(cells), q.name
        elif q.rule is not None:
            assert [(formula(c), c.findtext(f"{MAIN}v")) for c in cells] == [
                ("", repr(v)) for v in q.value.ravel().tolist()
            ]


_REFERENCE = re.compile(r"(?:(\w+)!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


@each_sheet
def test_no_value_is_stored_beside_a_formula_that_looks_at_a_blank(problem, what):
    """Neither at the blank itself nor at another formula that does."""
    book, blanks = package(problem, what), asked_in(problem, what)
    empty = {(t, a) for n in blanks.names for t, area in [book.area(n)] for row in area for a in row}
    formulas = {(title, address): text for title, address, text in book.formulas()}
    looking = set()
    while True:
        found = {place for place, text in formulas.items() if places(text, place[0]) & (empty | looking)}
        if found == looking:
            break
        looking = found
    assert {book.value(*place) for place in looking} <= {""}
    assert {book.cells[t][a].get("t") for t, a in looking} <= {"str"}
    assert all(book.value(*place) not in ("", None) for place in formulas.keys() - looking)


def places(text: str, here: str) -> set[tuple[str, str]]:
    """The cells that a formula names."""
    found = set()
    for title, *corner in _REFERENCE.findall(text):
        first, last = "".join(corner[:2]), "".join(corner[2:])
        found |= {(title or here, a) for row in addresses(f"{first}:{last}" if last else first) for a in row}
    return found


def words(file: bytes, title: str = "Start") -> list[str]:
    """The lines of a sheet as one reads them."""
    rows = openpyxl.load_workbook(io.BytesIO(file))[title].iter_rows(values_only=True)
    return [" ".join(str(v).strip() for v in row if v is not None) for row in rows if any(v is not None for v in row)]


OF_A_STEP = "of each step is minus the logarithm of the probability of the target letter"


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        ("hello", "vectors are columns; a single number is 1×1"),
        ("hello", "logarithms are natural: ln, to base e"),
        ("hello", f"the loss {OF_A_STEP}; added up over the steps"),
        ("mean", f"the loss {OF_A_STEP}; averaged over the steps"),
        ("hello", "vocabulary in the order h e l o"),
        ("hello", "h_0 the hidden state before the first letter, is 0 0 0"),
        ("hello", "decimals 4 in every answer"),
        ("truncate", "truncated the gradient is cut between windows of 2 steps, starting at step 1"),
    ],
)  # fmt: skip
def test_the_first_sheet_says_the_conventions(problem, line):
    assert line in words(sheet(problem))


def test_a_worksheet_without_targets_says_nothing_of_a_loss():
    assert not [line for line in words(sheet("no targets")) if "loss" in line]


@pytest.mark.parametrize(
    ("decimals", "lines"),
    [
        (
            2,
            [
                "325 numbers to fill in, each with 2 decimals.",
                "write numbers with 2 decimals, such as 0.50; if you type a formula",
            ],
        ),
        (
            0,
            [
                "325 numbers to fill in, each with 0 decimals.",
                "write numbers with 0 decimals, such as 1; if you type a formula",
            ],
        ),
    ],
)
def test_the_first_sheet_says_what_to_do(decimals, lines):
    page = words(blank(decimals=decimals))
    assert all(any(told.startswith(line) for told in page) for line in lines)


def test_one_number_is_one_number():
    assert "1 number to fill in, each with 4 decimals." in words(blank("dWhh"))


def test_the_equations_stand_beside_the_blanks():
    assert "h_2 h₂ = tanh(a₂)" in words(sheet("hello"), "Forward")


@pytest.mark.parametrize(("problem", "what"), [("hello", "everything"), ("hello", "loss"), ("no targets", "forward")])
def test_the_problem_stands_as_text_on_a_visible_sheet(problem, what):
    book = openpyxl.load_workbook(io.BytesIO(sheet(problem, what)))
    assert book.sheetnames[-1] == "Problem"
    assert {s.sheet_state for s in book.worksheets} == {"visible"}
    lines = words(sheet(problem, what), "Problem")
    assert f'text = "{PROBLEMS[problem][0].text}"' in lines
    assert 'kind = "worksheet"' in lines


@pytest.mark.parametrize(
    ("what", "titles"),
    [
        ((), ["Start", "Board", "Inputs", "Forward", "Loss", "Backward", "Update", "Equations", "Problem"]),
        (("forward",), ["Start", "Board", "Inputs", "Forward", "Equations", "Problem"]),
        (("h_2",), ["Start", "Board", "Inputs", "Forward", "Loss", "Equations", "Problem"]),
        (("a_1",), ["Start", "Board", "Inputs", "Forward", "Equations", "Problem"]),
        (("loss",), ["Start", "Board", "Inputs", "Forward", "Loss", "Equations", "Problem"]),
    ],
)
def test_there_are_sheets_for_what_it_holds_and_no_others(what, titles):
    assert list(Package(blank(*what)).sheets) == titles


@pytest.mark.parametrize("decimals", [0, 2, 4, 12])
def test_a_blank_shows_as_many_decimals_as_are_asked_for(decimals):
    book = openpyxl.load_workbook(io.BytesIO(blank(decimals=decimals)))
    title, ((first,), *_) = Package(blank(decimals=decimals)).area("h_2")
    assert book[title][first].number_format == ("0." + "0" * decimals if decimals else "0")
    assert book[title][first].style == "rnncalc answer"


@pytest.mark.parametrize(("problem", "what"), [("hello", "everything"), ("output bias, h_0 random", "backward")])
def test_protection_leaves_the_answers_open_and_nothing_else(problem, what):
    given, options = PROBLEMS[problem]
    book = Package(blank(*ASKED[what], problem=given, protect=True, **options))
    for one in book.sheets.values():
        assert one.find(f"{MAIN}sheetProtection").get("sheet") == "1"
    names = asked_in(problem, what).names
    places = [*names, *(f"board_{name}" for name in names if f"board_{name}" in book.names)]
    assert unlocked(book) == {(t, a) for n in places for t, area in [book.area(n)] for row in area for a in row}


def breaks(book: Package, title: str) -> list[int]:
    """The rows after which a new page begins."""
    return [int(b.get("id")) for b in book.sheets[title].iter(f"{MAIN}brk")]


def rows_of(book: Package, names: Mapping[int, list[str]]) -> Iterator[tuple[int, set[int]]]:
    """The rows in which the quantities of each step stand."""
    for step, family in names.items():
        yield (
            step,
            {int(a.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for n in family for row in book.area(n)[1] for a in row},
        )


@pytest.mark.parametrize("title", ["Forward", "Backward"])
def test_on_paper_every_step_begins_a_page(title):
    book, trace = Package(blank(paper=True)), whole_trace(HELLO)
    steps = {t: [q.name for q in trace.values() if q.step == t and q.stage == title.lower()] for t in range(1, 5)}
    ends = [0, *breaks(book, title), 10**6]
    pages = [{next(i for i, end in enumerate(ends) if row <= end) for row in rows} for _, rows in rows_of(book, steps)]
    assert all(len(page) == 1 for page in pages)
    assert len(set.union(*pages)) == 4


def test_on_paper_rows_are_taller_and_stand_upright():
    for title in ("Forward", "Backward", "Update"):
        usual, paper = (Package(blank(paper=paper)).sheets[title] for paper in (False, True))
        heights = [float(s.find(f"{MAIN}sheetFormatPr").get("defaultRowHeight")) for s in (usual, paper)]
        assert heights[1] > heights[0]
        assert paper.find(f"{MAIN}pageSetup").get("orientation") == "portrait"


def test_paper_and_practice_do_not_go_together():
    with pytest.raises(RnncalcError, match="The colours of --practice do not work on paper"):
        worksheet(HELLO, practice=True, paper=True)


def test_the_same_worksheet_has_the_same_bytes():
    assert worksheet(HELLO)[0] == blank()
    assert worksheet(HELLO, practice=True)[0] == blank(practice=True)


@pytest.mark.parametrize(
    "options", [{}, {"practice": True}, {"paper": True, "protect": True}, {"problem": PROBLEMS["clip"][0], "clip": 0.1}]
)
def test_the_audit_finds_nothing_that_it_does_not_find_in_an_empty_workbook(options, tmp_path):
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    known = findings(empty.getvalue(), tmp_path / "empty.xlsx")
    assert findings(blank(**options), tmp_path / "ours.xlsx") - known == set()
