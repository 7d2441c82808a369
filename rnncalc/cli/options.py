"""The options that every command shares, and what they mean in one place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rnncalc.cli.registered import Registered
from rnncalc.errors import ProblemError
from rnncalc.problems import settings
from rnncalc.problems.settings import Group, Setting
from rnncalc.render.formats import FORMATS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from rnncalc.network.problem import Problem
    from rnncalc.network.update_step import Limits
    from rnncalc.problems.choice import Choice

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[Any], Any]
_MOST_TYPED = 10_000_000
"""The bytes of a text that is read from standard input."""


def rate(value: str) -> float:
    """A finite number above 0."""
    try:
        number = float(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a number. Use a number such as 0.1.") from None
    if not math.isfinite(number) or number <= 0:
        raise click.BadParameter(f"{value} is not a finite number above 0. Use a number such as 0.1.")
    return number


def initial_state(value: str) -> str | tuple[float, ...]:
    """zeros, random, or numbers with commas between."""
    if value in ("zeros", "random"):
        return value
    try:
        numbers = tuple(float(v) for v in value.split(","))
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not an initial state. Use zeros, random, or numbers separated by commas such as 0,0.5,-1."
        ) from None
    if not all(map(math.isfinite, numbers)):
        raise click.BadParameter(f"{value!r} contains a number that is not finite. Use finite numbers.")
    return numbers


def sizes(value: str) -> tuple[int, ...]:
    """Numbers of units with commas between."""
    try:
        numbers = tuple(int(part) for part in value.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 1:
        raise click.BadParameter(f"{value!r} is not a list of sizes. Use whole numbers such as 5 or 5,4.")
    return numbers


def listed(value: str) -> tuple[str, ...]:
    """Names with commas between."""
    return tuple(part.strip() for part in value.split(","))


def classes(value: str) -> int | tuple[str, ...]:
    """How many outputs there are, or their names with commas between."""
    if value.isdecimal():
        if not 1 <= int(value) <= 1000:
            raise click.BadParameter(f"{value} is not a number of outputs. Use 1 to 1000.")
        return int(value)
    return tuple(part.strip() for part in value.split(","))


def steps(value: str) -> tuple[int, int]:
    """A time step or a range of them, 2 or 2-3, as first and last."""
    first, dash, last = value.partition("-")
    try:
        start, end = int(first), int(last if dash else first)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a step. Use a number such as 2, or a range such as 2-3.") from None
    if not 1 <= start <= end:
        raise click.BadParameter(f"{value!r} is not a step. Steps count from 1, and a range goes upwards, such as 2-3.")
    return start, end


def complete_template(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from rnncalc.problems import templates

    own = [CompletionItem(name) for name in templates.names() if name.startswith(incomplete)]
    return own or [CompletionItem(incomplete, type="file")]


def complete_file(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _together(*options: Decorator) -> Decorator:
    """Several options as one, in their order."""
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


decimals_option = click.option(
    "--decimals", metavar="N", type=click.IntRange(0, 15), default=6, help="Decimals shown, 0 to 15.  [6]"
)
tolerance_option = click.option(
    "--tolerance",
    metavar="X",
    type=click.FloatRange(min=0),
    help="Accept numbers within X of the right value.  [allows for the digits written and for rounding on the way]",
)
show_option = click.option(
    "--show",
    type=click.Choice(["verdict", "where", "hint", "answer"]),
    default="hint",
    help="How much to show: the verdict, where, a hint at what went wrong, or the answer too.  [hint]",
)
output_option = click.option("-o", "--output", metavar="FILE", help="Write to this file; - is standard output.")
force_option = click.option("--force", is_flag=True, help="Overwrite the file if it exists.")

_VALUES: Mapping[str, dict[str, Any]] = {
    settings.TEXT.name: {},
    settings.FILE.name: {"shell_complete": complete_file},
    settings.TEMPLATE.name: {"shell_complete": complete_template},
    settings.RATE.name: {"type": rate},
    settings.SWITCH.name: {"is_flag": True, "default": None},
    settings.YES_OR_NO.name: {"default": None},
    settings.STATE.name: {"type": initial_state},
    settings.SIZES.name: {"type": sizes},
    settings.LAYER_NAMES.name: {"type": listed},
    settings.CLASSES.name: {"type": classes},
}
"""How a value of each kind is read and completed; choices and whole numbers depend on the setting."""


def setting_option(setting: Setting) -> Decorator:
    """The option of a setting, its help with the default at the end."""
    shown = setting.shown if setting.shown is not None else settings.DEFAULTS.get(setting.name, "")
    how = dict(_VALUES.get(setting.kind.name, {}))
    if setting.kind is settings.ONE_OF:
        how["type"] = Registered(setting.choices)
    elif setting.kind is settings.WHOLE:
        how["type"] = int if setting.least is None else click.IntRange(setting.least, setting.most)
    names = ["-t"] if setting.kind is settings.TEMPLATE else []
    off = setting.option.replace("--", "/--no-") if setting.kind is settings.YES_OR_NO else ""
    words = setting.help if shown == "" else f"{setting.help}  [{shown}]"
    return click.option(*names, setting.option + off, metavar=setting.metavar, help=words, **how)


def _length(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    from rnncalc.render.latex.lengths import points

    if value is None:
        return None
    try:
        return points(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


width_option = click.option(
    "--width",
    metavar="LENGTH",
    callback=_length,
    help="For latex: the width of the text, such as 12cm or 345pt; none for as wide as needed.  [16cm, that of A4]",
)

open_option = click.option("--open", "opens", is_flag=True, help="Show the result in the browser, as a web page.")

page_options = _together(
    click.option(
        "--format",
        "form",
        type=Registered(FORMATS),
        help="The format of the result.  [by the ending of -o, else table]",
    ),
    width_option,
    output_option,
    force_option,
)
"""The options that say in which format a result is written, and where to."""

view_options = _together(
    click.option(
        "--step",
        "steps",
        metavar="K",
        multiple=True,
        type=steps,
        help="Show only this step, or a range such as 2-3. Repeatable.",
    ),
    click.option(
        "--only",
        metavar="NAME",
        multiple=True,
        help="Show only this quantity: h_2, a family such as 'h_*', or stage:loss. Repeatable.",
    ),
    click.option("--summary", is_flag=True, help="Show only the summary."),
    decimals_option,
    open_option,
    page_options,
)
"""The options that say what of a trace is shown, and how."""

update_options = _together(
    setting_option(settings.BY_NAME["eta"]),
    click.option("--clip", metavar="V", type=rate, help="Clip every entry of a gradient to the range from -V to V."),
    click.option(
        "--clip-norm", metavar="V", type=rate, help="Scale all gradients down together if their norm is above V."
    ),
)
"""The options that say how the weights are updated."""

truncate_option = click.option(
    "--truncate",
    metavar="K",
    type=click.IntRange(1),
    help="Truncated BPTT: cut the gradient between windows of K steps, counted from step 1.",
)


def through_option(on: str) -> Decorator:
    """The last stage of what is written."""
    return click.option(
        "--through",
        type=click.Choice(["forward", "loss", "backward", "update"]),
        help=f"The last stage {on}.  [update; forward if there are no targets]",
    )


def check_through(what: str, through: str | None, limits: Mapping[str, Any]) -> None:
    """Raise UsageError for an option of the gradients that a result up to this stage has no use for."""
    unused = [name for name, limit in limits.items() if limit and (name, through) != ("truncate", "backward")]
    if unused and through not in (None, "update"):
        raise click.UsageError(f"{what} with --through {through} cannot use --{unused[0].replace('_', '-')}.")


def limits_of(options: Mapping[str, Any]) -> Limits:
    """How gradients are truncated and clipped."""
    from rnncalc.network.update_step import Limits

    return Limits(clip=options["clip"], clip_norm=options["clip_norm"], truncate=options["truncate"])


def asked_for(asked: Sequence[str]) -> list[str]:
    """What --ask names. Raises UsageError for an empty name."""
    wanted = [name.strip() for names in asked for name in names.split(",")]
    if not all(wanted):
        raise click.UsageError("--ask contains an empty name. Use names such as --ask h_2,p_2.")
    return wanted


problem_options = _together(
    *(setting_option(setting) for setting in settings.IN_HELP if Group.ARGUMENT < setting.group < Group.UPDATE)
)
"""The options that say which problem is meant."""


def chosen_problem(text: str | None, options: dict[str, Any], from_file: Problem | None = None) -> Problem:
    """The problem that TEXT and the options of :func:`problem_options` mean; says on stderr what should be said.

    ``told`` is the problem that a file tells, for commands that read one.
    """
    from rnncalc.tweets.choose import choose

    return _chosen(text, options, lambda choice: choose(choice, from_file))


def chosen_cells(text: str | None, options: dict[str, Any], kinds: Sequence[str]) -> list[Problem]:
    """The same for several kinds of cell: a problem of each, with the same text."""
    from rnncalc.tweets.choose import choose_cells

    if options.get("cell") is not None:
        raise click.UsageError("--cell and --cells cannot be used together. --cells already names all kinds.")
    return _chosen(text, options, lambda choice: choose_cells(choice, kinds))


def _chosen(text: str | None, options: dict[str, Any], choose: Callable[[Choice], tuple[T, list[str]]]) -> T:
    from rnncalc.cli.output import say_notes

    text = typed_text(text, {f"--{name}": options.get(name) for name in ("template", "inputs")})
    try:
        chosen, notes = choose(choice_of(text, options))
    except ProblemError as error:
        raise click.UsageError(str(error)) from None
    say_notes(notes)
    return chosen


def typed_text(text: str | None, others: Mapping[str, object]) -> str | None:
    """TEXT as it was typed, or as it is read from standard input for "-"; ``others`` are what may come from there too.

    Raises UsageError where two of them would be read from it, or the text is no UTF-8.
    """
    from rnncalc.io.read import first_bytes

    piped = [name for name, value in {"TEXT": text, **others}.items() if value == "-"]
    if len(piped) > 1:
        raise click.UsageError(
            f"{piped[0]} and {piped[1]} cannot both be read from standard input. Use a file for one of them."
        )
    if text == "-":
        text = first_bytes("-", _MOST_TYPED).decode("utf-8", "surrogateescape")
        text = text.removeprefix("\ufeff").removesuffix("\n").removesuffix("\r")
    return checked_text(text)


def checked_text(text: str | None) -> str | None:
    """The text. Raises UsageError where it holds what is no letter, such as a byte that is no UTF-8."""
    if text is not None and any("\ud800" <= c <= "\udfff" for c in text):
        raise click.UsageError("The text is not UTF-8. Use a text in UTF-8.")
    return text


def choice_of(text: str | None, options: dict[str, Any]) -> Choice:
    """What was typed about a problem."""
    from rnncalc.problems.choice import Choice

    return Choice(text=text, **{name: value for name, value in options.items() if name in settings.BY_NAME})


text_argument = click.argument("text", required=False)
