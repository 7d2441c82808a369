"""A copy of a workbook calculated anew by LibreOffice, which runs apart: no links, no macros, no network, in time."""

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
from rnncalc.interrupts import uninterrupted

SECONDS = 60
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_NEVER = 2
_SETTINGS = (
    ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),
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


def recalculate(file: bytes, name: str) -> bytes:
    """The file with every formula calculated. Raises FileError where LibreOffice is missing, or fails, or is slow."""
    program = _program()
    if program is None:
        raise FileError(
            "--recalculate needs LibreOffice, which is not found here; install it (on Debian: sudo apt install "
            "libreoffice-calc-nogui), or open and save the file in a spreadsheet program."
        )
    # LibreOffice may hold on to its profile for a moment on Windows
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        top = Path(folder)
        settings = top / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_profile(), encoding="utf-8")
        copy = top / "in" / "copy.xlsx"
        copy.parent.mkdir()
        copy.write_bytes(file)
        out = top / "out"
        profile = f"-env:UserInstallation={(top / 'profile').as_uri()}"
        command = [
            program, "--headless", "--norestore", "--nolockcheck", profile,
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(copy),
        ]  # fmt: skip
        _run(command, name, top)
        result = out / copy.name
        if not result.is_file():
            raise FileError(f"LibreOffice could not calculate {name}.")
        return result.read_bytes()


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
        raise FileError(f"LibreOffice took more than {SECONDS} seconds over {name}; nothing was read.") from None
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


def _profile() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{prop}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, prop, value in _SETTINGS
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    return f"{head}{items}</oor:items>"
