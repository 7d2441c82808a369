"""The settings of a problem: one row for each, from which its option, its key in a template, its key in an assignment,
their checks and its default come. It loads nothing slow, so that help pages may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from rnncalc.language.functions import activation_names
from rnncalc.network.cells import CELLS
from rnncalc.network.choices import (
    DEFAULT_ETA,
    LOSSES,
    MAX_LAYERS,
    OUTPUT_FUNCTIONS,
    OUTPUTS,
    RECURRENT,
    REDUCTIONS,
    SOFTMAX,
)
from rnncalc.network.tokens import TOKENS

Types = tuple[type, ...]


class Kind(NamedTuple):
    """What a value is: its types as TOML has them and those of its entries where it is a list, and what it needs to be,
    in words. The command line has a way to read each kind."""

    name: str
    types: Types
    needs: str
    items: Types = ()


TEXT = Kind("text", (str,), "text in quotes")
FILE = Kind("file", (str,), "text in quotes")
TEMPLATE = Kind("template", (str,), "text in quotes")
ONE_OF = Kind("one of", (str,), "text in quotes")
WHOLE = Kind("whole number", (int,), "a whole number")
RATE = Kind("rate", (int, float), "a number")
SWITCH = Kind("switch", (bool,), "true or false")
YES_OR_NO = Kind("yes or no", (bool,), "true or false")
ROWS = Kind("file", (str, list), "the name of a .csv file, or a list of numbers for each step", (list,))
STATE = Kind("state", (str, list), "zeros, random or numbers", (int, float))
SIZES = Kind("sizes", (list,), "a list of sizes, such as [4, 3]", (int,))
ACTIVATION_NAMES = Kind("names", (list,), "a list of activations, such as ['tanh']", (str,))
LAYER_NAMES = Kind("names", (list,), "a list of layers, such as ['lstm', 'fc']", (str,))
CLASSES = Kind("classes", (int, list), "the number of outputs, or a list of their names", (str,))


class Group(IntEnum):
    """Where help lists a setting: TEXT is an argument, and UPDATE is for commands that speak of learning."""

    ARGUMENT = 0
    SOURCE = 1
    TARGETS = 2
    OUTPUT = 3
    UNITS = 4
    NEW_WEIGHTS = 5
    UPDATE = 6


class Setting(NamedTuple):
    """A setting: its name, as an option ``--output-at``; its group in help; its kind of value; its help.

    ``choices``: what it may be, the first of which is the default where no other stands here; ``default``: what it is
    where nobody says it; ``shown``: what help says of the default, where that is not the default alone; ``least`` and
    ``most``: the limits of a number; ``draws``: whether it draws new weights when typed; ``key``: its key in a
    template, and ``types``: what may stand there; ``field``: whether that key is a field of Problem as it stands.
    """

    name: str
    group: Group
    kind: Kind
    help: str = ""
    metavar: str | None = None
    choices: Sequence[str] = ()
    default: Any = None
    shown: str | None = None
    least: int | None = None
    most: int | None = None
    draws: bool = False
    key: str = ""
    types: Types = ()
    field: bool = False

    @property
    def option(self) -> str:
        """The option that sets it."""
        return "--" + self.name.replace("_", "-")

    def fits(self, value: Any) -> bool:
        """Whether a value from a TOML file is of its kind, and within its limits."""
        if not is_of(value, self.kind.types):
            return False
        if not isinstance(value, list):
            return not isinstance(value, int) or self.least is None or value >= self.least
        if self.kind is ROWS:
            return _are_rows(value)
        if not value:
            return self.kind is STATE  # which says itself how many numbers it needs
        numbers = self.kind.items == (int,) and self.least is not None
        return all(is_of(item, self.kind.items) for item in value) and not (numbers and min(value) < (self.least or 0))


def is_of(value: Any, types: Types) -> bool:
    """Whether a value is of one of the types; true and false are no numbers."""
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types)


def _are_rows(value: list[Any]) -> bool:
    """Whether a list holds as many numbers for each step."""
    rows = [
        row for row in value if isinstance(row, list) and row and all(is_of(number, (int, float)) for number in row)
    ]
    return len(rows) == len(value) and len({len(row) for row in rows}) == 1


class Names(Sequence[str]):
    """The names that a table holds when they are asked for, those that were registered late among them."""

    def __init__(self, names: Callable[[], Sequence[str]]) -> None:
        self.names = names

    def __getitem__(self, place: Any) -> Any:
        return self.names()[place]

    def __len__(self) -> int:
        return len(self.names())


_G = Group
SETTINGS: tuple[Setting, ...] = (
    Setting("text", _G.ARGUMENT, TEXT, key="text", types=(str,)),
    Setting("template", _G.SOURCE, TEMPLATE,
        "The template: a name that `rnncalc templates` lists, a .toml file, or - for standard input.",
        "NAME|FILE"),
    Setting("weights", _G.SOURCE, FILE,
        "Read the network from a file of saved weights: .keras, .h5 (Keras), .safetensors, .pt, .pth (PyTorch) or "
        ".npz.",
        "FILE"),
    Setting("order", _G.SOURCE, LAYER_NAMES,
        "The layers of --weights from the first to the last, if the file does not say their order. Layers that are "
        "not named are left out. name:embedding is a table of tokens.",
        "NAME,..", shown="the only one that fits"),
    Setting("matrices", _G.SOURCE, ONE_OF,
        "Whether the matrices of a .npz file have a column (W·x) or a row (x·W) for each input number.",
        choices=("columns", "rows"), shown="the one that fits"),
    Setting("inputs", _G.SOURCE, ROWS,
        "Read numbers instead of a text: a .csv file with one row per step; - is standard input.",
        "FILE", key="inputs", types=(list,)),
    Setting("tokens", _G.SOURCE, ONE_OF,
        "Read the text letter by letter or word by word.",
        choices=TOKENS, draws=True, key="tokens", types=(str,), field=True),
    Setting("hidden", _G.NEW_WEIGHTS, WHOLE, "Use new random weights for N hidden units.", "N", default=3, draws=True),
    Setting("seed", _G.NEW_WEIGHTS, WHOLE, "Use new random weights from this seed.", "N", default=0, draws=True),
    Setting("weight_decimals", _G.NEW_WEIGHTS, WHOLE,
        "Use new random weights rounded to N decimals, 1 to 15.",
        "N", default=6, draws=True),
    Setting("vocabulary", _G.NEW_WEIGHTS, TEXT,
        "Use new random weights for these letters in this order, or for words separated by blanks. With --weights: "
        "the names of its inputs.",
        "LETTERS", shown="those of the text, in order of appearance", draws=True, key="vocabulary", types=(str, list)),
    Setting("recurrent", _G.NEW_WEIGHTS, ONE_OF,
        "Use new random weights with one shared Whh and bias (scalar), or with a full Whh and a bias for each unit "
        "(matrix).",
        choices=RECURRENT, default="matrix", draws=True),
    Setting("cell", _G.NEW_WEIGHTS, ONE_OF,
        "Use new random weights for this kind of cell.",
        choices=Names(lambda: tuple(CELLS)), draws=True, key="cell", types=(str, list), field=True),
    Setting("reset_after", _G.NEW_WEIGHTS, SWITCH,
        "Use new random weights for a gru with the reset gate after the product, as in PyTorch and Keras.",
        default=False, shown="", draws=True),
    Setting("layers", _G.NEW_WEIGHTS, WHOLE,
        "Use new random weights for N recurrent layers.",
        "N", default=1, least=1, most=MAX_LAYERS, draws=True),
    Setting("embedding", _G.NEW_WEIGHTS, WHOLE,
        "Use new random weights with an embedding table: N numbers for each letter or word.",
        "N", default=0, shown="none", least=1, draws=True),
    Setting("head", _G.NEW_WEIGHTS, SIZES,
        "Use new random weights with a head: dense layers with N units each before the output.",
        "N,..", default=(), shown="none", least=1, draws=True),
    Setting("activation", _G.UNITS, ONE_OF,
        "The activation of the hidden units.",
        choices=Names(activation_names), key="activation", types=(str, list), field=True),
    Setting("head_activation", _G.UNITS, ACTIVATION_NAMES,
        "The activation of the head's dense layers: one for all, or one for each.",
        "NAME,..", default=activation_names()[0], key="head", types=(list,), field=True),
    Setting("h0", _G.UNITS, STATE,
        "The initial hidden state. For an lstm, zeros and random also set c_0.",
        "zeros|random|v1,v2,..", default="zeros"),
    Setting("output_at", _G.OUTPUT, ONE_OF,
        "Where the network has an output: at every step, at the last step only (many-to-one), or nowhere.",
        choices=OUTPUTS, key="output_at", types=(str,), field=True),
    Setting("output_function", _G.OUTPUT, ONE_OF,
        "The function that turns the scores into the output.",
        choices=OUTPUT_FUNCTIONS, key="output_function", types=(str,), field=True),
    Setting("softmax", _G.OUTPUT, ONE_OF,
        "Whether softmax uses the scores as they are (plain), or subtracts the largest score first so that exp "
        "cannot overflow (shifted).",
        choices=SOFTMAX, default="",
        shown="the template's, or shifted if it does not say; shifted with --weights; otherwise plain", key="softmax",
        types=(str,), field=True),
    Setting("classes", _G.NEW_WEIGHTS, CLASSES,
        "Use new random weights for N outputs, or for these classes. With --weights: the names of its outputs.",
        "N|NAME,..", default=(), shown="the vocabulary", least=1, draws=True, key="classes", types=(list,),
        field=True),
    Setting("targets", _G.TARGETS, TEXT,
        "The targets: the next letter at every step (next), at the last step only (last), or none. Or the target "
        "of each output, separated by semicolons: a class, or numbers separated by commas.",
        "next|last|none|T;T;..", shown="next", key="targets", types=(str, list)),
    Setting("loss", _G.OUTPUT, ONE_OF,
        "The loss.",
        choices=tuple(LOSSES), default="",
        shown="the one for the output function: cross-entropy, binary-cross-entropy, squared-error", key="loss",
        types=(str,), field=True),
    Setting("loss_reduction", _G.UNITS, ONE_OF,
        "Add the losses of the steps up, or average them.",
        choices=REDUCTIONS, key="loss_reduction", types=(str,), field=True),
    Setting("generate", _G.OUTPUT, WHOLE,
        "After the text, read N of the network's own predictions (one-to-many).",
        "N", default=0, least=0, key="generate", types=(int,)),
    Setting("output_bias", _G.NEW_WEIGHTS, YES_OR_NO,
        "Use new random weights with or without an output bias.",
        default=False, shown="without", draws=True),
    Setting("eta", _G.UPDATE, RATE,
        "The learning rate.",
        "X", default=DEFAULT_ETA, shown=f"the template's, else {DEFAULT_ETA}", key="eta", types=(int, float),
        field=True),
)  # fmt: skip
"""Every setting; those that a template has as keys stand in the order in which messages list its keys."""

BY_NAME = {setting.name: setting for setting in SETTINGS}
BY_KEY = {setting.key: setting for setting in SETTINGS if setting.key}
"""By the key in a template."""
IN_HELP = sorted(SETTINGS, key=lambda setting: setting.group)
"""In the order of help."""
DRAWING = tuple(setting.name for setting in IN_HELP if setting.draws)
DEFAULTS: dict[str, Any] = {
    setting.name: setting.choices[0] if setting.default is None else setting.default
    for setting in SETTINGS
    if setting.default is not None or (setting.choices and setting.shown is None)
}
"""What holds where nobody says anything; settings that follow from others have none."""
