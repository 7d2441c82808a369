"""A roster as teachers have it, the names of files, and texts that stay texts in a table."""

import contextlib
import io
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from rnncalc.classroom.roster import Student, read_roster, safe_names
from rnncalc.classroom.worksheets import Enrolled, read_students, students_csv
from rnncalc.errors import FileError

ZOE = Student("s1", "Zoë Müller", "zoe@school.example")
BOB = Student("s2", "Bob Stone", "bob@school.example")
TABLE = [["id", "name", "email"], list(ZOE), list(BOB)]


def read(text, encoding="utf-8"):
    return read_roster(text.encode(encoding), "roster.csv")


# ── how it is written ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_roster_is_read_as_programs_write_it(encoding, delimiter, end):
    text = end.join(delimiter.join(line) for line in TABLE) + end
    assert read(text, encoding) == [ZOE, BOB]


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark_in_either_order(order):
    text = "\ufeff" + "\n".join(",".join(line) for line in TABLE)
    assert read(text, order) == [ZOE, BOB]


def test_quotes_blank_lines_and_blanks_around_do_not_count():
    found = read('\n\nid, name ,email\n\n s1 ,"Müller, ""Zoë""\nAnna", z@x.example \n,,\n')
    assert found == [Student("s1", 'Müller, "Zoë"\nAnna', "z@x.example")]


def test_a_line_may_end_early():
    assert read("name,id,email\nBob,s2\n") == [Student("s2", "Bob", "")]


# ── how it is headed ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "heading",
    [
        "id",
        "ID",
        " Id ",
        "Student ID",
        "student_id",
        "SID",
        "ID number",
        "SIS User ID",
        "Username",
        "NetID",
        "OrgDefinedId",
    ],
)
def test_the_id_may_be_headed(heading):
    assert read(f"Name,{heading}\nBob Stone,s2\n") == [Student("s2", "Bob Stone")]


@pytest.mark.parametrize("heading", ["Name", "student", "Full name", "Display_Name", "Student Name"])
def test_the_name_may_be_headed(heading):
    assert read(f"{heading},id\nBob Stone,s2\n") == [Student("s2", "Bob Stone")]


@pytest.mark.parametrize("headings", ["First name,Surname", "first_name,last_name", "Given Name,Family name"])
def test_a_name_may_stand_in_two_columns(headings):
    assert read(f"{headings},id\nBob,Stone,s2\nPlato,,s3\n") == [Student("s2", "Bob Stone"), Student("s3", "Plato")]


@pytest.mark.parametrize("heading", ["Email", "E-mail", "email address", "MAIL"])
def test_the_address_may_be_headed(heading):
    assert read(f"id,{heading}\ns2,bob@x.example\n") == [Student("s2", "", "bob@x.example")]


def test_a_gradebook_of_canvas_is_a_roster_too():
    text = 'Student,ID,SIS User ID,Section\n    Points Possible,,,\n"Stone, Bob",102,s2,A\n'
    assert read(text) == [Student("102", "Stone, Bob")]


# ── as systems write it ───────────────────────────────────────────────────────────────────────────────────────────

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
ANN = Student("7001", "Ann Ada", "ann@example.org")
IN_CANVAS = [Student("1001", "Ada, Ann"), Student("1002", "Bee, Bob")]
EXPECTED = {
    "canvas_hdr_comma": IN_CANVAS[:1],
    "canvas_manual": IN_CANVAS,
    "canvas_manual_after": IN_CANVAS,
    "canvas_manual_label": IN_CANVAS,
    "canvas_muted": IN_CANVAS,
    "canvas_nosisuser": [Student("1001", "Ann Ada"), Student("1002", "Bob Bee")],
    "canvas_plain": IN_CANVAS,
    "cp1252": [Student("7001", "Zoë O’Hara – “Z”")],
    "d2l": [ANN, Student("7002", "Bob Bee", "bob@example.org")],
    "fr_moodle": [Student("7001", "Ann Ada", "a@example.org")],
    "gradescope_nosid": [
        Student("ann@example.org", "Ann Ada", "ann@example.org"),
        Student("bob@example.org", "Bob Bee", "bob@example.org"),
    ],
    "gradescope_roster": [ANN],
    "moodle_de": [ANN],
    "moodle_part": [
        Student("ann@example.org", "Ann Ada", "ann@example.org"),
        Student("bob@example.org", "Bob Bee", "bob@example.org"),
    ],
    "moodle_part2": [ANN],
    "sep": [Student("7001", "Ann")],
    "sjis": [Student("7001", "山田太郎")],
}


def test_there_is_a_right_list_for_every_roster():
    assert {path.stem for path in ROSTERS.glob("*.csv")} == set(EXPECTED)


@pytest.mark.parametrize("system", EXPECTED)
def test_a_list_is_read_as_its_system_writes_it(system):
    file = ROSTERS / f"{system}.csv"
    assert read_roster(file.read_bytes(), file.name) == EXPECTED[system]


WESTERN = ["Müller", "José García", "Šimek", "O’Hara", "Åse Ødegård", "André", "Élan", "Ñuñez", "Zoë – Ann", "Œuvre"]
JAPANESE = ["山田太郎", "佐藤 花子", "たなか ゆき", "スズキ イチロー", "高橋（編入）"]


@given(st.lists(st.sampled_from(WESTERN), min_size=1, max_size=6))
def test_western_names_are_read_as_windows_writes_them(names):
    text = "id;name\r\n" + "".join(f"{i};{name}\r\n" for i, name in enumerate(names))
    assert [one.name for one in read(text, "cp1252")] == names


@given(st.lists(st.sampled_from([*JAPANESE, "Bob Stone"]), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_japanese_names_are_read_as_windows_writes_them(names, between):
    text = f"id{between}name\r\n" + "".join(f"{i}{between}{name}\r\n" for i, name in enumerate(names))
    assert [one.name for one in read(text, "cp932")] == names


HEADINGS = {
    "de": "Vorname,Nachname,Matrikelnummer,E-Mail-Adresse",
    "de, a column for the family name": "Vorname,Name,ID-Nummer,E-Mail",
    "fr": "Prénom,Nom de famille,Numéro d’identification,Adresse de courriel",
    "es": "Nombre,Apellido(s),Número de ID,Dirección de correo",
    "it": "Nome,Cognome,Codice identificativo,Indirizzo email",
    "nl": "Voornaam,Achternaam,Gebruikersnaam,E-mailadres",
    "pt": "Nome,Apelido,Número de identificação,Endereço de email",
}


@pytest.mark.parametrize("language", HEADINGS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_headings_may_be_in_the_language_of_the_system(language, form):
    text = unicodedata.normalize(form, HEADINGS[language])
    assert read(f"{text}\nAnn,Ada,7001,ann@example.org\n") == [ANN]


@pytest.mark.parametrize("told", ["sep=;", "SEP=;", '"sep=;"', "sep=,", "sep=\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_that_tells_the_separator_is_no_line_of_the_table(told, end):
    sign = told.strip('"')[-1]
    assert read(end.join([told, f"id{sign}name", f"s2{sign}Bob Stone", ""])) == [Student("s2", "Bob Stone")]
    with pytest.raises(FileError, match="line 3: Bob has no id"):
        read(end.join([told, f"id{sign}name", f"{sign}Bob", ""]))


def test_who_has_no_id_in_one_column_has_that_of_the_next():
    text = "Name,SIS User ID,SIS Login ID,Email\nZoë,s1,zoe,\nBob,,bob2,bob@x.example\nCy,,,cy@x.example\n"
    assert [one.id for one in read(text)] == ["s1", "bob2", "cy@x.example"]


@pytest.mark.parametrize("role", ["Instructor", "TA", "Reader"])
def test_whoever_teaches_is_no_student(role):
    text = f"Name,SID,Email,Role\nAnn,1,a@x.example,Student\nTea,,t@x.example,{role}\n"
    assert [one.id for one in read(text)] == ["1"]


def test_the_columns_may_be_chosen():
    content = b"Code,Who,id\nA1,Ann,7\nB2,Bob,8\n"
    found = read_roster(content, "roster.csv", id_column="code", name_column="Who")
    assert found == [Student("A1", "Ann"), Student("B2", "Bob")]
    with pytest.raises(FileError, match=r"has no column 'Cod'.*its columns are Code, Who, id"):
        read_roster(content, "roster.csv", id_column="Cod")


@given(
    st.lists(
        st.tuples(st.integers(0, 10**12), st.text(st.characters(categories=["L"]), min_size=1, max_size=8)),
        min_size=1,
        max_size=8,
        unique_by=lambda one: one[0],
    ),
    st.booleans(),
)
@settings(max_examples=8)
def test_a_workbook_is_a_roster_too(rows, as_numbers):
    written = io.BytesIO()
    book = Workbook()
    book.active.title = "It's a class"
    book.active.append(["Nr", "Matrikelnummer", "Name"])
    for number, name in rows:
        book.active.append(["", number if as_numbers else str(number), name])
    book.save(written)
    found = read_roster(written.getvalue(), "roster.xlsx")
    assert found == [Student(str(number), name) for number, name in rows]


def test_a_workbook_that_is_no_roster_is_a_sentence():
    written = io.BytesIO()
    Workbook().save(written)
    with pytest.raises(FileError, match=r"roster\.xlsx is empty"):
        read_roster(written.getvalue(), "roster.xlsx")


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "roster.csv is empty; it needs a line of headings and a line for each student."),
        (" \n\n", "roster.csv is empty; it needs a line of headings and a line for each student."),
        ("id,name\n", "roster.csv has no students below its headings."),
        ("name,colour\nBob,red\n", "roster.csv has no column of ids; its columns are name, colour. Give one of them"),
        ("id,name\ns1,Zoë\n,Bob\n", "roster.csv, line 3: Bob has no id."),
        ("id,name\ns1,Zoë\n\n,\nx,\n  ,Bob\n", "roster.csv, line 6: Bob has no id."),
        ("id\ns1\ns2\ns1\n", "roster.csv, line 4: the id s1 appears twice."),
        ('id,name\ns1,"Zoë\n', "roster.csv cannot be read as CSV"),
    ],
)
def test_what_is_no_roster_is_a_sentence_with_the_line(text, says):
    with pytest.raises(FileError, match=re.escape(says)) as raised:
        read(text)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"PK\3\4\0\0\0", b"\0i\0d\0\n", b"\xff\xfe\0", bytes(100)])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(FileError, match=r"roster\.csv"):
        read_roster(content, "roster.csv")


def test_a_hundred_thousand_students_are_the_most():
    text = "id\n" + "\n".join(map(str, range(100_001)))
    with pytest.raises(FileError, match="100,001 lines"):
        read(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_roster_or_a_refusal(content):
    with contextlib.suppress(FileError):
        found = read_roster(content, "roster.csv")
        assert len({one.id for one in found}) == len(found) > 0


# ── names of files ────────────────────────────────────────────────────────────────────────────────────────────────

STRANGE = (
    "../x", "..", "/etc/passwd", "C:\\x", "a/b", "a_b", "a b", "CON", "con", "nul.txt", "COM1", "LPT9", "x" * 300,
    "x" * 299 + "y", "=cmd", "cmd", "Cmd", "😀", "👩‍💻", "é", "e", "ab", "AB", "aB", "x.", "x ", "x", "~$x",
    ".x", "-rf", "a:b", "a*b?", "\u202eabc", "nobody@school.example", "%00", "$HOME", "`ls`", "'", '"', "<b>", "|", "1",
)  # fmt: skip
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))}
ids = st.lists(st.one_of(st.sampled_from(STRANGE), st.text(min_size=1, max_size=8)), unique=True, max_size=12)


def are_safe(names):
    """Names that every system takes as those of files, and keeps apart."""
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name)
        assert name.casefold() not in RESERVED
    assert len({name.casefold() for name in names}) == len(names)


def test_strange_ids_have_safe_names_unlike_each_other():
    found = safe_names([Student(one) for one in STRANGE])
    assert list(found) == list(STRANGE)
    are_safe(list(found.values()))


@given(ids)
def test_any_ids_have_safe_names_unlike_each_other(some):
    are_safe(list(safe_names([Student(one) for one in some]).values()))


def test_a_plain_id_is_its_own_name():
    plain = ["s001", "ada-lovelace", "A_1", "12345"]
    assert list(safe_names([Student(one) for one in plain]).values()) == plain


def test_the_order_of_the_roster_does_not_change_a_name():
    students = [Student(one) for one in STRANGE]
    assert safe_names(students) == safe_names(reversed(students))


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).map(str.strip).filter(bool)


@given(
    st.lists(st.one_of(st.sampled_from([*STRANGE, "'x", "'=x", "''=x", "-1"]).map(str.strip), printable), unique=True),
    printable,
)
def test_the_list_of_a_class_is_read_back_as_it_was(some, name):
    enrolled = [Enrolled(Student(one, name, f"{name}@x"), f"f{i}.xlsx", False, i) for i, one in enumerate(some)]
    assert read_students(students_csv(enrolled).encode(), "hw1.students.csv") == enrolled


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\ns1,Bob\n", "it has different columns"),
        (
            "id,name,email,file,weights,draw\ns1,Bob,,s1.xlsx,own,one\n",
            "line 2 is not as rnncalc assignment make wrote it",
        ),
        ("id,name,email,file,weights,draw\ns1,Bob,,s1.xlsx,own,-1\n", "line 2 is not as"),
        ("id,name,email,file,weights,draw\ns1,Bob,,s1.xlsx,some,1\n", "line 2 is not as"),
        ("id,name,email,file,weights,draw\n,Bob,,s1.xlsx,own,1\n", "line 2 is not as"),
    ],
)
def test_another_list_is_refused(text, says):
    with pytest.raises(FileError, match=says):
        read_students(text.encode(), "hw1.students.csv")
