"""Families of quantities: a row for each, with its symbol, its axes, its role on a page and the words about it.

A family is what quantities of all steps and layers have in common: h, a, Wxh. A cell brings the families of its own
(see rnncalc.network.cells); those of the rest of a network stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The part that a quantity plays on a page, and so its colour."""

    GIVEN = "given"
    INPUT = "input"
    HIDDEN = "hidden"
    OUTPUT = "output"
    LOSS = "loss"
    GRADIENT = "gradient"
    NEW = "new"


@dataclass(frozen=True)
class By:
    """Words that depend on a setting: its name, and the words for each of its values."""

    setting: str
    words: Mapping[str, str]


Words = str | By
"""A sentence. ``{token}`` and the like stand for what rnncalc.network.words.settings_of says of a problem."""


def worded(words: Words, settings: Mapping[str, str]) -> str:
    """The sentence for one problem; nothing where a setting has a value that the row has no words for."""
    if isinstance(words, By):
        words = words.words.get(settings.get(words.setting, ""), "")
    return words.format_map(settings) if "{" in words else words


@dataclass(frozen=True, eq=False)
class Family:
    """A row of the table.

    ``name``: as it is typed; ``words``: one sentence on what it is; ``back``: one on its gradient; ``about_shape``:
    what its shape means, of what is given; ``axes``: what rows and columns stand for: unit, read (a token or a number),
    feature (of an embedding), below (whatever the layer reads), out (the output's rows), or nothing; ``role``: on a
    page; ``symbol`` and ``latex``: the name itself unless they are said; ``is_weight``: whether it is a weight or a
    bias, which all steps share; ``optional``: whether a network may go without it; ``shared``: whether it may be one
    number for all units; ``gate``: the letter of the gate that it belongs to.
    """

    name: str
    words: Words = ""
    back: Words = ""
    about_shape: Words = ""
    axes: tuple[str, str] = ("unit", "")
    role: Role = Role.HIDDEN
    symbol: str = ""
    latex: str = ""
    is_weight: bool = False
    optional: bool = False
    shared: bool = False
    gate: str = ""

    def __post_init__(self) -> None:
        alone = self.name if len(self.name) == 1 else rf"\mathit{{{self.name}}}"
        typeset = f"{self.name[:1]}_{{{self.name[1:]}}}" if self.is_weight else alone
        object.__setattr__(self, "symbol", self.symbol or self.name)
        object.__setattr__(self, "latex", self.latex or typeset)

    @property
    def is_bias(self) -> bool:
        """Whether it is a bias: a weight without columns."""
        return self.is_weight and self.axes[1] == ""

    def shape(self, units: int, below: int, *, shared: bool) -> tuple[int, int]:
        """Rows and columns of a weight of a recurrent layer; ``shared`` where it may be one number and is."""
        return (1, 1) if shared and self.shared else (units, {"unit": units, "below": below, "": 1}[self.axes[1]])


def weight(
    name: str,
    about_shape: Words,
    axes: tuple[str, str] = ("unit", ""),
    *,
    optional: bool = False,
    shared: bool = False,
    gate: str = "",
) -> Family:
    """The row of a weight or a bias."""
    return Family(
        name, "", "", about_shape, axes, Role.GIVEN, is_weight=True, optional=optional, shared=shared, gate=gate
    )


READS = "hidden × {below}: {units} read {reads}, one row per unit and one column per {column}"
PASSES_ON = "hidden × hidden: what each of {units} (columns) passes on to each unit (rows) at the next step"
EACH_STEP = "one number for each of {units}, added at every step"
MEMORY = "the hidden state before the first {token}: one number for each of {units}"
BOTH = "Gradient with respect to the hidden state: both contributions added up."


def gate(
    letter: str,
    what: str,
    words: Words,
    total: str = "Contributions of {current} and the previous hidden state to {letter}",
) -> list[Family]:
    """The five families of a gate: its weights, its bias, its sum before the activation, and itself.

    ``what``: what a page calls it, gate or candidate; ``words``: what it is for; ``total``: what its sum is made of.
    """
    return [
        weight(f"Wx{letter}", READS, ("unit", "below"), gate=letter),
        weight(f"Wh{letter}", PASSES_ON, ("unit", "unit"), gate=letter),
        weight(f"b{letter}", EACH_STEP, gate=letter),
        Family(
            f"a{letter}",
            total.replace("{letter}", letter) + ", plus the bias.",
            f"Back through the activation: its slope times the gradient of the {what}.",
            latex=f"a^{{{letter}}}",
            gate=letter,
        ),
        Family(letter, words, f"Gradient with respect to the {what}.", gate=letter),
    ]


_ONE_HOT = "one-hot: a 1 in the row of its {{{one}}}, 0 in the other rows of {{{several}}}"
_FROM_LOSS = "Gradient with respect to the scores: probability minus target."

X = Family(
    "x",
    By(
        "value",
        {
            "token": "The input {token}, one-hot encoded.",
            "numbers": "The input numbers.",
            "most likely": "The most likely {token} of the previous step, one-hot encoded.",
            "output": "The output of the previous step.",
        },
    ),
    "Gradient with respect to the prediction that was fed back.",
    By(
        "inputs",
        {
            "tokens": _ONE_HOT.format(one="token", several="letters"),
            "numbers": "the {numbers_read} that this step reads",
        },
    ),
    axes=("read", ""),
    role=Role.INPUT,
)
TARGET = Family(
    "target",
    By("value", {"token": "The target {out}, one-hot encoded.", "numbers": "The target numbers."}),
    about_shape=By(
        "outputs",
        {"named": _ONE_HOT.format(one="out", several="scores"), "numbers": ("the target of each of {scored}")},
    ),
    axes=("out", ""),
    role=Role.INPUT,
    latex=r"\mathrm{target}",
)
WXE = weight(
    "Wxe", "embedding × {tokens}: {features} for each of {letters}, one column per {token}", ("feature", "read")
)
E = Family(
    "e",
    "The column of the embedding table for this {token}.",
    "Gradient with respect to the embedding column.",
    axes=("feature", ""),
)
WV = weight(
    "Wv", "dense × {below}: {units} read {reads}, one row per unit and one column for each input", ("unit", "below")
)
BV = weight("bv", "one number for each of {units}", optional=True)
AV = Family(
    "av",
    "The weighted sum for each unit of the dense layer.",
    "Back through the activation: its slope times the gradient of the dense layer.",
    latex="av",
)
V = Family(
    "v", "The dense layer: the activation ({activation}) of the sums.", "Gradient with respect to the dense layer."
)
WHY = weight(
    "Why",
    "{outs} × {top}: {scored} {are} scored from {top_units}, one row per {out} and one column per unit",
    ("out", "unit"),
)
BY = weight("by", "one number for each of {scored}, added to its score", ("out", ""), optional=True)
Y = Family(
    "y",
    By(
        "output_function",
        {
            "linear": "The output.",
            "softmax": "The output: a score for each {out}.",
            "sigmoid": "The output: a score for each {out}.",
        },
    ),
    By(
        "loss",
        {
            "cross-entropy": _FROM_LOSS,
            "binary-cross-entropy": _FROM_LOSS,
            "squared-error": "Gradient with respect to the output.",
        },
    ),
    axes=("out", ""),
    role=Role.OUTPUT,
)
EXP = Family(
    "exp",
    By(
        "softmax",
        {
            "plain": "The scores made positive with exp.",
            "shifted": ("The scores made positive with exp, after subtracting the largest score."),
        },
    ),
    "Gradient back through the division by the sum.",
    axes=("out", ""),
    role=Role.OUTPUT,
    latex=r"\mathrm{exp}",
)
P = Family(
    "p",
    By(
        "output_function",
        {
            "softmax": "Softmax: a probability for each {out}; they add up to 1.",
            "sigmoid": "Sigmoid of each score: the probability of yes.",
        },
    ),
    "Gradient with respect to the output: output minus target.",
    axes=("out", ""),
    role=Role.OUTPUT,
)
LOSS = Family(
    "loss",
    By(
        "loss",
        {
            "cross-entropy": "The loss: minus the natural logarithm of the probability of the target {out}.",
            "binary-cross-entropy": (
                "The loss: minus the logarithm of the probability of each target, yes or no, added up."
            ),
            "squared-error": "The loss: half the sum of the squared differences between output and target.",
            "sum": "The total loss: the losses of the steps added up.",
            "mean": "The total loss: the losses of the steps averaged.",
        },
    ),
    axes=("", ""),
    role=Role.LOSS,
    symbol="E",
    latex="E",
)
ETA = Family("eta", "The learning rate.", axes=("", ""), role=Role.GIVEN, symbol="η", latex=r"\eta")
CLIP = Family(
    "clip",
    "The threshold: every gradient entry is clipped to plus or minus this value.",
    axes=("", ""),
    role=Role.GIVEN,
    latex=r"\mathrm{clip}",
)
CLIP_NORM = Family(
    "clip_norm",
    "The threshold: gradients with a norm above it are scaled down together.",
    axes=("", ""),
    role=Role.GIVEN,
    symbol="clip norm",
    latex=r"\mathrm{clip}",
)
GRAD_NORM = Family(
    "grad_norm",
    "The norm of all gradients together.",
    axes=("", ""),
    role=Role.GRADIENT,
    symbol="‖∂E‖",
    latex=r"\lVert \partial E \rVert",
)
FAMILIES = {
    family.name: family
    for family in (X, TARGET, WXE, E, WV, BV, AV, V, WHY, BY, Y, EXP, P, LOSS, ETA, CLIP, CLIP_NORM, GRAD_NORM)
}
"""The families of a network that are no cell's, by name."""
