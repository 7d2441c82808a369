"""A copy of a workbook as LibreOffice saves it, calculated anew or not. It runs apart: no links, macros or network, in
time."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from rnncalc.errors import FileError
from rnncalc.io.interrupts import uninterrupted
from rnncalc.workbook.read.formats import ending_of

SECONDS = 60
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_NEVER = 2
_CALCULATE, _KEEP = "0", "1"
"""Whether formulas are calculated as a file is opened, or the values kept that it stores."""
_FILTERS = {".ods": "calc8", ".xls": "MS Excel 97"}
"""How LibreOffice is to read a file, that it takes no damaged one for a text."""
_SETTINGS = (
    ("/org.openoffice.Office.Calc/Content/Update", "Link", str(_NEVER)),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    # whatever would fetch something still, such as WEBSERVICE, is sent to a door that nobody opens
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def is_installed() -> bool:
    """Whether there is a LibreOffice on this machine."""
    return _program() is not None


def recalculate(file: bytes, name: str) -> bytes:
    """The file with every formula calculated. Raises FileError where LibreOffice is missing, or fails, or is slow."""
    if not is_installed():
        raise FileError(
            "--recalculate needs LibreOffice, which was not found; install it (on Debian: sudo apt install "
            "libreoffice-calc-nogui), or open and save the file in a spreadsheet program."
        )
    calculated = convert(file, name, ending_of(file) or ".xlsx", anew=True)
    if calculated is None:
        raise FileError(f"LibreOffice could not calculate {name}.")
    return calculated


def convert(file: bytes, name: str, ending: str, *, anew: bool) -> bytes | None:
    """The file, whose name would end so, as .xlsx; ``anew``: with every formula calculated. None where LibreOffice
    cannot open it; raises FileError where it is slow."""
    program = _program()
    assert program is not None
    # LibreOffice may hold on to its profile for a moment on Windows
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        top = Path(folder)
        settings = top / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_profile(_CALCULATE if anew else _KEEP), encoding="utf-8")
        copy = top / "in" / f"copy{ending}"
        copy.parent.mkdir()
        copy.write_bytes(file)
        out = top / "out"
        profile = f"-env:UserInstallation={(top / 'profile').as_uri()}"
        command = [
            program, "--headless", "--norestore", "--nolockcheck", profile,
            *([f"--infilter={_FILTERS[ending]}"] if ending in _FILTERS else []),
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(copy),
        ]  # fmt: skip
        _run(command, name, top)
        result = out / "copy.xlsx"
        return result.read_bytes() if result.is_file() else None


def _program() -> str | None:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def _run(command: list[str], name: str, folder: Path) -> None:
    """Run LibreOffice, and end it with all that it started when its time is over, or that of this process."""
    started: list[subprocess.Popen[bytes]] = []
    guard = None
    try:
        with uninterrupted():
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=sys.platform != "win32",
            )
            started.append(process)
            guard = _guard(process, folder)
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise FileError(f"LibreOffice needed more than {SECONDS} seconds for {name}; nothing was read.") from None
    finally:
        with uninterrupted():
            for one in started:
                _end(one)
            if guard is not None:
                guard.kill()
                guard.communicate()


def _guard(process: subprocess.Popen[bytes], folder: Path) -> subprocess.Popen[bytes] | None:
    """What ends LibreOffice, and takes its files away, where this process is killed before it can.

    It waits at a pipe that nobody writes to: the pipe closes when this process ends, however it does.
    """
    if sys.platform == "win32":
        return None
    return subprocess.Popen(
        ["/bin/sh", "-c", 'read -r line; kill -9 "-$1"; rm -rf -- "$2"', "sh", str(process.pid), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _profile(when_opened: str) -> str:
    formulas = "/org.openoffice.Office.Calc/Formula/Load"
    modes = [(formulas, f"{kind}RecalcMode", when_opened) for kind in ("OOXML", "ODF")]
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{prop}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, prop, value in (*modes, *_SETTINGS)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    return f"{head}{items}</oor:items>"
