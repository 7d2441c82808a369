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
CLASSES = Kind("classes", (int, list), "how many outputs there are, or a list of their names", (str,))


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
    rows = [row for row in value if isinstance(row, list) and row and all(is_of(one, (int, float)) for one in row)]
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
        "The network of saved weights: .keras, .h5 (Keras), .safetensors, .pt, .pth (PyTorch) or .npz.",
        "FILE"),
    Setting("order", _G.SOURCE, LAYER_NAMES,
        "The layers of --weights from the first to the last, where the file does not tell their order; others are "
        "left out. name:embedding is a table of tokens.",
        "NAME,..", shown="the only one that fits"),
    Setting("layout", _G.SOURCE, ONE_OF,
        "Whether the matrices of a .npz file have a column for each number read (W·x) or a row (x·W).",
        choices=("columns", "rows"), shown="what fits"),
    Setting("inputs", _G.SOURCE, ROWS,
        "Read numbers instead of a text: a .csv file with a row for each step; - is standard input.",
        "FILE", key="inputs", types=(list,)),
    Setting("tokens", _G.SOURCE, ONE_OF,
        "Whether the text is read letter by letter or word by word.",
        choices=TOKENS, draws=True, key="tokens", types=(str,), field=True),
    Setting("hidden", _G.NEW_WEIGHTS, WHOLE, "Draw new weights for N hidden units.", "N", default=3, draws=True),
    Setting("seed", _G.NEW_WEIGHTS, WHOLE, "Draw new weights from this seed.", "N", default=0, draws=True),
    Setting("weight_decimals", _G.NEW_WEIGHTS, WHOLE,
        "Draw new weights rounded to N decimals, 1 to 15.",
        "N", default=6, draws=True),
    Setting("vocabulary", _G.NEW_WEIGHTS, TEXT,
        "Draw new weights for these letters in this order, or words with blanks between; with --weights, what its "
        "inputs stand for.",
        "LETTERS", shown="the text's, as they appear", draws=True, key="vocabulary", types=(str, list)),
    Setting("recurrent", _G.NEW_WEIGHTS, ONE_OF,
        "Draw new weights with one shared Whh and bias, or a full matrix and a bias per unit.",
        choices=RECURRENT, default="matrix", draws=True),
    Setting("cell", _G.NEW_WEIGHTS, ONE_OF,
        "Draw new weights for this kind of cell.",
        choices=Names(lambda: tuple(CELLS)), draws=True, key="cell", types=(str, list), field=True),
    Setting("reset_after", _G.NEW_WEIGHTS, SWITCH,
        "Draw new weights for a gru whose reset gate comes after the product, as PyTorch and Keras have it.",
        default=False, shown="", draws=True),
    Setting("layers", _G.NEW_WEIGHTS, WHOLE,
        "Draw new weights for N recurrent layers.",
        "N", default=1, least=1, most=9, draws=True),
    Setting("embedding", _G.NEW_WEIGHTS, WHOLE,
        "Draw new weights with an embedding table of N numbers for each letter or word.",
        "N", default=0, shown="none", least=1, draws=True),
    Setting("head", _G.NEW_WEIGHTS, SIZES,
        "Draw new weights with a head of dense layers of so many units before the output.",
        "N,..", default=(), shown="none", least=1, draws=True),
    Setting("activation", _G.UNITS, ONE_OF,
        "The activation of the hidden units.",
        choices=Names(activation_names), key="activation", types=(str, list), field=True),
    Setting("head_activation", _G.UNITS, ACTIVATION_NAMES,
        "The activations of the head's dense layers, one for all or one for each.",
        "NAME,..", default=activation_names()[0], key="head", types=(list,), field=True),
    Setting("h0", _G.UNITS, STATE,
        "The initial state; of an lstm zeros and random are meant of c_0 too.",
        "zeros|random|v1,v2,..", default="zeros"),
    Setting("output_at", _G.OUTPUT, ONE_OF,
        "Whether there is an output at every step, at the last only (many-to-one), or none.",
        choices=OUTPUTS, key="output_at", types=(str,), field=True),
    Setting("output_function", _G.OUTPUT, ONE_OF,
        "What makes the output of the scores.",
        choices=OUTPUT_FUNCTIONS, key="output_function", types=(str,), field=True),
    Setting("softmax", _G.OUTPUT, ONE_OF,
        "Whether softmax takes exp of the scores as they are, or takes the largest score away first, so that none is "
        "too large.",
        choices=SOFTMAX, default="",
        shown="the template's; shifted where it does not say, and with --weights; else plain", key="softmax",
        types=(str,), field=True),
    Setting("classes", _G.NEW_WEIGHTS, CLASSES,
        "Draw new weights for so many outputs, or for these classes; with --weights, the names of its outputs.",
        "N|NAME,..", default=(), shown="the vocabulary", least=1, draws=True, key="classes", types=(list,),
        field=True),
    Setting("targets", _G.TARGETS, TEXT,
        "Where a letter is wanted: after every step, after the last only, or nowhere; or what each output should be, "
        "with semicolons between: a class, or numbers with commas.",
        "next|last|none|T;T;..", shown="next", key="targets", types=(str, list)),
    Setting("loss", _G.OUTPUT, ONE_OF,
        "The loss.",
        choices=tuple(LOSSES), default="",
        shown="that of the output function: cross-entropy, binary-cross-entropy, squared-error", key="loss",
        types=(str,), field=True),
    Setting("loss_reduction", _G.UNITS, ONE_OF,
        "Whether the losses of the steps are added up or averaged.",
        choices=REDUCTIONS, key="loss_reduction", types=(str,), field=True),
    Setting("generate", _G.OUTPUT, WHOLE,
        "Read the whole text, and then N times what was predicted (one-to-many).",
        "N", default=0, least=0, key="generate", types=(int,)),
    Setting("output_bias", _G.NEW_WEIGHTS, YES_OR_NO,
        "Draw new weights with or without a bias on the output.",
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
