"""Names of quantities (``h_2``, ``dWxh``) and of their elements (``h_2[1]``), and their symbols (h₂), built from parts.

A name is typed by people, written as a defined name in workbooks and used as a key in JSON; a symbol is what
a page shows, and may be typed too. Time steps count from 1; index 0 is the initial state. Elements count from 1. A
further recurrent layer has ``_L2`` before the time (``h_L2_3``, h⁽²⁾₃), a dense layer of the head ``_D1``.
"""

from __future__ import annotations

from typing import NamedTuple

from rnncalc.network.families import Family

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Name(NamedTuple):
    """The parts of a name: ``dh_out_L2_3`` is the gradient of family h, which one: out, of layer L2 at step 3.

    ``which`` tells apart what belongs to one quantity: out and next, the two parts of a state's gradient; clipped, a
    gradient after clipping; new, a weight after the update; sum and sum_new, the squares that adagrad adds up;
        velocity and velocity_new, of momentum.
    """

    family: Family
    step: int | None = None
    layer: str = ""
    is_gradient: bool = False
    which: str = ""

    def gradient(self, which: str = "", *, step: int | None = None) -> Name:
        """The name of its gradient; with a step, of that step's share of it."""
        return self._replace(is_gradient=True, which=which, step=self.step if step is None else step)

    @property
    def of(self) -> Name:
        """Of a gradient the name of what it is the gradient with respect to: h_3 of dh_out_3, Wxh of dWxh_2."""
        return self._replace(is_gradient=False, which="", step=None if self.family.is_weight else self.step)

    @property
    def is_share(self) -> bool:
        """Whether it is one step's share of a weight's gradient."""
        return self.is_gradient and self.family.is_weight and self.step is not None

    @property
    def bare(self) -> str:
        """The name without layer and step: dh_out."""
        return layered(self._base, self.which)

    @property
    def place(self) -> str:
        """The name without the time: what steps have in common."""
        if self.step is None:  # what an update makes of a weight stands behind the weight's whole name
            return layered(layered(self._base, self.layer), self.which)
        return layered(self.bare, self.layer)

    @property
    def _base(self) -> str:
        return f"d{self.family.name}" if self.is_gradient else self.family.name

    @property
    def text(self) -> str:
        """The name itself."""
        return self.place if self.step is None else f"{self.place}_{self.step}"

    @property
    def symbol(self) -> str:
        """What a page shows for it: h₂, E₂, ∂E/∂Wxh, ∂E/∂Wxh|₂ (step 2's share)."""
        plain = self.family.symbol + (f"⁽{self.layer[1:].translate(_SUPERSCRIPTS)}⁾" if self.layer else "")
        below = "" if self.step is None else subscript(self.step)
        if not self.is_gradient:
            return plain + below + (f" {self.which}" if self.which else "")
        text = f"∂E/∂{plain}{'|' if self.is_share else ''}{below}"
        return text + (f"|{self.which}" if self.which else "")

    @property
    def latex(self) -> str:
        """The symbol in LaTeX mathematics."""
        above = [f"({self.layer[1:]})"] if self.layer else []
        plain, which, below = self.family.latex, self.which, ""
        if not self.family.is_weight:
            below = "" if self.step is None else f"_{{{self.step}}}"
            plain = f"{{{plain}}}" if above and "^" in plain else plain
        if which and not self.is_gradient:
            above.append(rf"\mathrm{{{which}}}")
        text = plain + below + (f"^{{{' '.join(above)}}}" if above else "")
        text = f"{{{text}}}" if self.layer else text  # so that a transpose or a square finds room above it
        if not self.is_gradient:
            return text
        text = rf"\frac{{\partial E}}{{\partial {text}}}"
        if self.is_share:
            which = f"{which} {self.step}".strip()
        return text + (rf"\Big|_{{\mathrm{{{which}}}}}" if which else "")


def layered(bare: str, layer: str) -> str:
    """``h`` of the layer ``L2``: ``h_L2``; of the first layer, which has no mark, ``h``."""
    return f"{bare}_{layer}" if layer else bare


def layer_name(number: int) -> str:
    """The mark of a recurrent layer: nothing for the first, L2 for the second."""
    return f"L{number}" if number > 1 else ""


def element_name(name: str, row: int, column: int, shape: tuple[int, int]) -> str:
    """``h_2[1]`` for a column vector, ``Wxh[3,2]`` for a matrix, the bare name for a single number."""
    return name + index(row, column, shape)


def index(row: int, column: int, shape: tuple[int, int]) -> str:
    """The index of an element as pages write it: nothing, ``[row]`` or ``[row,column]``."""
    if shape == (1, 1):
        return ""
    return f"[{row}]" if shape[1] == 1 else f"[{row},{column}]"


def subscript(number: int) -> str:
    """12 → ₁₂."""
    return str(number).translate(_SUBSCRIPTS)
