"""TeX engines, for tests that compile what they check."""

import subprocess
from pathlib import Path

PACKAGES = {"pdflatex": "texlive-latex-base", "xelatex": "texlive-xetex"}


def compile_with(engine: str, source: str, folder: Path) -> str:
    """The log of the engine; it must end well and make a PDF."""
    (folder / "page.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert (folder / "page.pdf").stat().st_size > 0
    return (folder / "page.log").read_text(encoding="utf-8", errors="replace")
