"""rnncalc: every step of a character-level recurrent network, worked as by hand.

    >>> from rnncalc import Problem, forward
    >>> trace = forward(Problem.template("hello"))
    >>> trace["h_2"].value.round(6).tolist()
    [[0.936534], [0.949104], [0.762341]]

The names load when they are first used, so that the command line starts without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rnncalc.version import __version__

if TYPE_CHECKING:
    from rnncalc.errors import RnncalcError
    from rnncalc.network.backward_pass import backward
    from rnncalc.network.forward_pass import forward
    from rnncalc.network.problem import Problem
    from rnncalc.network.quantity import Quantity
    from rnncalc.network.trace import Trace
    from rnncalc.network.update_step import update

_HOMES = {
    "Problem": "rnncalc.api",
    "Quantity": "rnncalc.network.quantity",
    "RnncalcError": "rnncalc.errors",
    "Trace": "rnncalc.network.trace",
    "backward": "rnncalc.network.backward_pass",
    "forward": "rnncalc.network.forward_pass",
    "update": "rnncalc.network.update_step",
}

__all__ = ["Problem", "Quantity", "RnncalcError", "Trace", "__version__", "backward", "forward", "update"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'rnncalc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
