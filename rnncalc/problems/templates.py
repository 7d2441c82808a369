"""Templates: problems as TOML files, those that rnncalc brings and those that people write. See docs/templates.md."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from rnncalc.errors import FileError, RnncalcError
from rnncalc.io import toml_text
from rnncalc.io.read import shown_name
from rnncalc.io.suggest import did_you_mean
from rnncalc.problems.template_reader import Template, parse


def names() -> list[str]:
    """The names of rnncalc's own templates."""
    return sorted(_sources())


def text_of(name: str) -> str:
    """The TOML of one of rnncalc's own templates; raises RnncalcError for an unknown name, with the near one."""
    sources = _sources()
    if name not in sources:
        raise RnncalcError(
            f"There is no template {name!r}{did_you_mean(name, sources)}. rnncalc has "
            f"{', '.join(sorted(sources))}; the name of your own file must end in .toml."
        )
    return sources[name]()


def load(name: str) -> Template:
    """Read a template: one of rnncalc's own by name, a .toml file by path, or "-" for standard input."""
    if not is_file_name(name):
        return parse(text_of(name), f"template {name}", name)
    text = toml_text.read_toml_text(name, "a template", ". Use rnncalc templates to list the templates")
    folder = Path() if name == "-" else Path(name).parent
    return parse(text, shown_name(name), Path(name).stem, folder=folder)


def is_file_name(name: str) -> bool:
    """Whether a template is meant as a file: it ends in .toml, or has a folder in it, or is "-"."""
    return name == "-" or name.lower().endswith(".toml") or any(sign in name for sign in "/\\")


def _sources() -> dict[str, Callable[[], str]]:
    """rnncalc's own templates by name, each a way to read it.

    They lie inside the package (a wheel), or beside it (a checkout, or a zip of it).
    """
    here = Path(__file__).parents[1]
    for folder in (here / "templates", here.parent / "templates"):
        if folder.is_dir():
            return {p.stem: partial(p.read_text, encoding="utf-8") for p in folder.glob("*.toml")}
    return _sources_in_zip(here.parent)


def _sources_in_zip(top: Path) -> dict[str, Callable[[], str]]:
    import zipfile

    archive = next((p for p in (top, *top.parents) if p.is_file()), None)
    if archive is None or not zipfile.is_zipfile(archive):
        raise FileError(f"The templates are missing beside {top}. Install rnncalc again.")
    folder = top.relative_to(archive) / "templates"
    with zipfile.ZipFile(archive) as opened:
        members = [Path(n) for n in opened.namelist()]
        texts = {
            p.stem: opened.read(p.as_posix()).decode("utf-8")
            for p in members
            if p.parent == folder and p.suffix == ".toml"
        }
    return {name: partial(str, text) for name, text in texts.items()}
