"""An option whose value is one of what is registered in a table, such as the cells."""

from __future__ import annotations

from collections.abc import Collection

import click


class Registered(click.Choice[str]):
    """One of the names in a table, as the table stands when a command line is read."""

    def __init__(self, table: Collection[str]) -> None:
        self._table = table
        self.case_sensitive = True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        """The names."""
        return tuple(self._table)
