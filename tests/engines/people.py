"""What people do to a worksheet in a spreadsheet program before they hand it in, done by LibreOffice itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from engines.engines import _program, _run

EDITS = {
    "saved": "",
    "sheets renamed": """
        doc.Sheets.getByName("Forward").Name = "my work"
        doc.Sheets.getByName("Backward").Name = "It's backward"
        doc.Sheets.getByName("Inputs").Name = "Größen & more!"
        doc.Sheets.getByName("Problem").Name = "12"
    """,
    "sheets reordered": """
        doc.Sheets.moveByName("Problem", 0)
        doc.Sheets.moveByName("Backward", 0)
    """,
    "columns widened, rows made taller": """
        doc.Sheets.getByName("Forward").Columns.getByIndex(4).Width = 9000
        doc.Sheets.getByName("Forward").Rows.getByIndex(91).Height = 3000
    """,
    "rows inserted above": """
        doc.Sheets.getByName("Forward").Rows.insertByIndex(1, 3)
        doc.Sheets.getByName("Inputs").Rows.insertByIndex(4, 2)
        doc.Sheets.getByName("Problem").Rows.insertByIndex(0, 5)
    """,
    "columns inserted before": """
        doc.Sheets.getByName("Forward").Columns.insertByIndex(0, 2)
        doc.Sheets.getByName("Inputs").Columns.insertByIndex(1, 1)
    """,
    "a row inserted within an answer": 'doc.Sheets.getByName("Forward").Rows.insertByIndex(90, 1)',
    "two rows inserted within an answer": """
        doc.Sheets.getByName("Forward").Rows.insertByIndex(90, 1)
        doc.Sheets.getByName("Forward").Rows.insertByIndex(92, 1)
    """,
    "a row inserted within a weight": 'doc.Sheets.getByName("Inputs").Rows.insertByIndex(24, 1)',
    "a column inserted within a weight": 'doc.Sheets.getByName("Inputs").Columns.insertByIndex(3, 1)',
    "a row inserted within the problem": 'doc.Sheets.getByName("Problem").Rows.insertByIndex(6, 1)',
    "empty rows deleted": 'doc.Sheets.getByName("Forward").Rows.removeByIndex(2, 1)',
    "a sheet copied": 'doc.Sheets.copyByName("Forward", "Forward (2)", 3)',
    "a sheet added": 'doc.Sheets.insertNewByName("scratch", 0)',
    "the problem hidden": 'doc.Sheets.getByName("Problem").isVisible = False',
    "cells cut and put elsewhere": """
        Dim from As New com.sun.star.table.CellRangeAddress
        from = doc.Sheets.getByName("Forward").getCellRangeByName("E90:E92").RangeAddress
        Dim target As New com.sun.star.table.CellAddress
        target = doc.Sheets.getByName("Start").getCellRangeByName("K40").CellAddress
        doc.Sheets.getByName("Forward").moveRange(target, from)
    """,
    "a note written beside": 'doc.Sheets.getByName("Forward").getCellRangeByName("M90").String = "I got stuck here"',
    "a row of an answer deleted": 'doc.Sheets.getByName("Forward").Rows.removeByIndex(90, 1)',
    "an answer deleted": 'doc.Sheets.getByName("Forward").Rows.removeByIndex(89, 3)',
    "a row of a weight deleted": 'doc.Sheets.getByName("Inputs").Rows.removeByIndex(24, 1)',
    "a sheet of answers deleted": 'doc.Sheets.removeByName("Loss")',
    "the problem deleted": 'doc.Sheets.removeByName("Problem")',
    "the name of an answer deleted": 'doc.NamedRanges.removeByName("h_2")',
    "the name of the problem deleted": 'doc.NamedRanges.removeByName("problem_text")',
}
"""In Basic; ``doc`` is a worksheet of hello."""
_LIBRARY = '<!DOCTYPE library:{0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">'
_SPACES = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
_HERE = "$(USER)/basic/Standard/script.xlb/"
_FILES = {
    "script.xlc": f"""{_LIBRARY.format("libraries", "libraries")}<library:libraries {_SPACES}>
        <library:library library:name="Standard" xlink:href="{_HERE}" xlink:type="simple" library:link="false"/>
        </library:libraries>""",
    "Standard/script.xlb": f"""{_LIBRARY.format("library", "library")}<library:library {_SPACES}
        library:name="Standard" library:readonly="false" library:passwordprotected="false">
        <library:element library:name="People"/></library:library>""",
}
_MODULE = """<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="People" script:language="StarBasic">

Sub Work(folder As String)
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    Dim form(0) As New com.sun.star.beans.PropertyValue
    form(0).Name = "FilterName"
    form(0).Value = "Calc MS Excel 2007 XML"
    For one = 0 To {last}
        doc = StarDesktop.loadComponentFromURL(folder &amp; "/in.xlsx", "_blank", 0, hidden())
        Edit(doc, one)
        doc.storeToURL(folder &amp; "/out" &amp; one &amp; ".xlsx", form())
        doc.close(True)
    Next one
End Sub

Sub Edit(doc, one)
    Select Case one
{cases}
    End Select
End Sub

</script:module>"""


def edited(file: bytes) -> dict[str, bytes]:
    """The file as LibreOffice saves it after each of the edits."""
    program = _program("soffice", "LibreOffice (on Debian: apt install libreoffice-calc-nogui)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        # the first start fills the profile, and would write over what it holds
        _run(program, profile, "--headless", "--norestore", "--terminate_after_init")
        cases = "\n".join(f"    Case {i}\n{code}" for i, code in enumerate(EDITS.values()))
        module = _MODULE.format(last=len(EDITS) - 1, cases=escape(cases))
        for part, text in {**_FILES, "Standard/People.xba": module}.items():
            path = folder / "profile" / "user" / "basic" / part
            path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")
        (folder / "in.xlsx").write_bytes(file)
        _run(program, profile, "--headless", "--norestore", f"macro:///Standard.People.Work({folder.as_uri()})")
        return {edit: (folder / f"out{i}.xlsx").read_bytes() for i, edit in enumerate(EDITS)}
