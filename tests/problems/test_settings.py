"""The table of settings: every place that speaks of a setting takes it from here."""

import re
from pathlib import Path

import click
import pytest

import rnncalc
from rnncalc import Problem
from rnncalc.classroom import assignment_reader
from rnncalc.cli.options import problem_options, setting_option
from rnncalc.errors import FileError
from rnncalc.language.functions import FUNCTIONS, activation_names
from rnncalc.network import choices
from rnncalc.network.cells import CELLS
from rnncalc.problems.choice import Choice
from rnncalc.problems.settings import BY_KEY, BY_NAME, DEFAULTS, DRAWING, SETTINGS, Group
from rnncalc.problems.template_reader import parse

PACKAGE = Path(rnncalc.__file__).parent


def test_every_setting_has_its_own_name_and_key():
    assert len(BY_NAME) == len(SETTINGS)
    assert len(BY_KEY) == sum(bool(setting.key) for setting in SETTINGS)


def test_the_command_line_has_an_option_for_each_setting():
    @click.command()
    @problem_options
    def command(**_options):
        pass

    typed = {parameter.name for parameter in command.params}
    assert typed == {setting.name for setting in SETTINGS if Group.ARGUMENT < setting.group < Group.UPDATE}


@pytest.mark.parametrize("name", [name for name in DEFAULTS if BY_NAME[name].shown is None])
def test_help_ends_with_the_default(name):
    help_of = setting_option(BY_NAME[name])(lambda: None).__click_params__[0].help
    assert help_of.endswith(f"  [{DEFAULTS[name]}]")


def test_every_setting_but_the_seed_is_a_key_of_an_assignment():
    assert {*assignment_reader._PROBLEM, "seed"} == set(BY_NAME)


@pytest.mark.parametrize("key", BY_KEY)
def test_every_key_of_a_template_is_checked_for_its_type(key):
    with pytest.raises(FileError, match=rf"x.toml: {key}: it is \{{.*; it needs "):
        parse(f"{key} = {{a = 1}}\n[weights]\n", "x.toml", "x")


@pytest.mark.parametrize("key", [key for key, setting in BY_KEY.items() if setting.field])
def test_a_field_of_a_template_is_one_of_problem(key):
    assert key in Problem.__dataclass_fields__


def test_the_defaults_of_settings_and_of_problem_are_the_same():
    plain = {name: field.default for name, field in Problem.__dataclass_fields__.items()}
    for key, setting in BY_KEY.items():
        if setting.field and setting.name in DEFAULTS and key not in ("head", "classes"):
            assert plain[key] == DEFAULTS[setting.name]


@pytest.mark.parametrize("name", DRAWING)
def test_what_draws_is_told_as_drawing(name):
    assert Choice(**{name: 1}).drawing == [name]


def test_choices_are_those_that_are_registered():
    assert tuple(BY_NAME["activation"].choices) == activation_names()
    assert tuple(BY_NAME["cell"].choices) == tuple(CELLS)
    assert BY_NAME["recurrent"].choices == choices.RECURRENT


def test_what_is_registered_later_is_a_choice(monkeypatch):
    option = setting_option(BY_NAME["activation"])(lambda: None).__click_params__[0].type
    with pytest.raises(click.BadParameter):
        option.convert("softsign", None, None)
    monkeypatch.setitem(FUNCTIONS, "softsign", FUNCTIONS["tanh"])
    assert option.convert("softsign", None, None) == "softsign"
    assert "softsign" in option.choices


@pytest.mark.parametrize(
    ("name", "fitting", "others"),
    [
        ("hidden", [1, 0], [True, 1.0, "1", [1]]),
        ("layers", [1], [0, True]),
        ("generate", [0], [-1]),
        ("output_bias", [True], [1, "true"]),
        ("eta", [0.1, 1], [True, "0.1"]),
        ("head", [[4, 3]], [[], [0], [1.5], [True], 4]),
        ("classes", [1, ["a"]], [0, [], [1], "a"]),
        ("h0", ["zeros", [0.5, 1], []], [["a"], 0.5, [True]]),
        ("inputs", ["rain.csv", [[1, 2], [3, 4.5]]], [[[1, 2], [3]], [1, 2], [], [[]], 1]),
        ("order", [["lstm"]], ["lstm", [1], []]),
        ("text", ["abc"], [1, ["a"]]),
    ],
)
def test_what_an_assignment_may_say(name, fitting, others):
    assert all(BY_NAME[name].fits(value) for value in fitting)
    assert not any(BY_NAME[name].fits(value) for value in others)


def lists_of_settings(source: str) -> int:
    """How many names of settings stand as words in quotes in a row, at most."""
    names = "|".join(BY_NAME)
    runs = re.findall(rf"(?:[\"'](?:{names})[\"'],?\s*)+", source)
    return max((len(re.findall(r"[\"']\w+[\"']", run)) for run in runs), default=0)


def test_no_module_lists_the_settings_again():
    for path in PACKAGE.rglob("*.py"):
        assert lists_of_settings(path.read_text(encoding="utf-8")) < 9, path


def test_a_planted_list_is_seen():
    assert lists_of_settings(repr(tuple(name for name in BY_NAME))) > 20


def test_a_choice_says_what_was_typed_and_does_not_change():
    choice = Choice(text="abc", hidden=2, seed=None)
    assert (choice.text, choice.hidden, choice.seed, choice.eta) == ("abc", 2, None, None)
    assert repr(choice) == "Choice(hidden=2, text='abc')"
    assert choice.replace(hidden=None, seed=1).drawing == ["seed"]
    assert choice.filled().seed == 0
    with pytest.raises(TypeError, match="no setting 'hiden'"):
        Choice(hiden=3)
    with pytest.raises(AttributeError):
        choice.hidden = 3
    with pytest.raises(AttributeError):
        _ = choice.hiden
