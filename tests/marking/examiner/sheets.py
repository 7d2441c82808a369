"""Worksheets of every sort, each from its seed: what was handed out, and what a student handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import numpy as np

from . import copying, unlisted
from .drawing import Drawn, draw, make, options, takes_softmax, template
from .listed import Slip, slips
from .networks import Net, split
from .nodes import Number, Ref, times
from .ways import PLAIN_WAYS, WAYS, Way
from .working import GivesUp, Slipping, Work, answers, by_rule, pasted, typed, work

KINDS = ("rnn", "lstm", "gru", "rnn")
_COPYING = (
    "digits-swapped",
    "digit-wrong",
    "sign-lost",
    "point-moved",
    "rows-swapped",
    "row-twice",
    "shifted-by-a-cell",
)


@dataclass
class Sheet:
    """A worksheet that was handed in."""

    sort: str
    seed: int
    kind: str
    decimals: int
    drawn: Drawn
    done: Work
    label: str = ""
    copied: set[str] = field(default_factory=set)
    """Tables that are somebody else's numbers, or stock values: they may earn nothing."""

    @property
    def answers(self) -> dict[str, Any]:
        return answers(self.done)


class Nowhere(LookupError):
    """This mistake can be made nowhere in this network."""


def group(name: str) -> str:
    """What sort of quantity it is, so that the many weights of a gate do not outweigh all else."""
    family, time = split(name)
    if family.endswith(("_new", "_clipped")):
        return family.rsplit("_", 1)[1]
    if family[:2] in {"dW", "db"}:
        return "total" if time is None else "share"
    return family


@cache
def where(kind: str) -> dict[str, tuple[str, ...]]:
    """Of every listed name: the groups of quantities in which the mistake can be made in a network of this kind."""
    found: dict[str, set[str]] = {}
    for number in range(6):
        wish = {"targets": "next", "text": "abca", "vocabulary": "cab", "hidden": 2, "h_0": "random"}
        wish |= {"clipping": ["clip", "clip_norm", None][number % 3], "loss_reduction": ["sum", "mean"][number % 2]}
        wish |= {"activation": ["tanh", "sigmoid", "tanh", "relu", "sigmoid", "tanh"][number], "output_bias": True}
        if kind == "rnn":
            wish["recurrent"] = ["scalar", "matrix"][number // 3]
        if kind == "gru":
            wish["reset_after"] = number >= 3
        net = draw(Random(f"where {kind} {number}"), kind, **wish).net
        for name in net.asked:
            for slip in slips(net, name):
                for each in slip.kinds if not slip.rare else ():
                    found.setdefault(each, set()).add(group(name))
    return {each: tuple(sorted(groups)) for each, groups in sorted(found.items())}


def _possible(net: Net, name: str, found: Iterable[Slip], done_before: dict[str, int]) -> list[Slip]:
    """The slips whose operands this student has when the quantity is worked."""
    mine = done_before[name]
    return [
        slip for slip in found if not slip.rare and all(done_before.get(ref, -1) < mine for ref in slip.node.refs())
    ]


def _choose(rng: Random, net: Net, kind: str, wanted: str | None = None) -> tuple[str, Slip, str]:
    """A quantity, a listed mistake in it, and the name by which it was chosen."""
    order = {name: place for place, name in enumerate(net.asked)}
    names = where(kind)
    for _ in range(50):
        mistake = wanted or rng.choice(list(names))
        groups = names.get(mistake)
        if not groups:
            raise Nowhere(mistake)
        chosen = rng.choice(groups)
        places = [name for name in net.asked if group(name) == chosen]
        if not places:
            continue
        name = rng.choice(places)
        fitting = [s for s in _possible(net, name, slips(net, name), order) if mistake in s.kinds]
        if fitting:
            return name, rng.choice(fitting), mistake
    raise Nowhere(wanted or "any")


def _planted(slip: Slip, net: Net, name: str, rng: Random, one_cell: bool = False, listed: bool = True) -> Slipping:
    rows, columns = net.shapes[name]
    cell = None
    if slip.row is not None or one_cell:
        cell = (slip.row if slip.row is not None else rng.randrange(rows), rng.randrange(columns))
    return by_rule(slip.node, slip.kinds, listed, slip.note, cell)


Plan = dict[str, Slipping]
Planner = Callable[[Random, Drawn, str], tuple[Plan, str]]


def _listed(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
    name, slip, mistake = _choose(rng, drawn.net, kind)
    return {name: _planted(slip, drawn.net, name, rng)}, mistake


def _listed_everywhere(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
    """The same mistake at every step."""
    net = drawn.net
    order = {name: place for place, name in enumerate(net.asked)}
    for _ in range(50):
        first, slip, mistake = _choose(rng, net, kind)
        family, time = split(first)
        if time is None:
            kin = [n for n in net.asked if group(n) == group(first)]
        else:
            kin = [n for n in net.asked if split(n)[0] == family and split(n)[1] is not None]
        plan = {}
        for name in kin:
            same = [s for s in _possible(net, name, slips(net, name), order) if s.note == slip.note]
            if same:
                plan[name] = _planted(same[0], net, name, rng)
        if len(plan) > 1:
            return plan, mistake
    raise Nowhere("at every step")


def _listed_cell(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
    name, slip, mistake = _choose(rng, drawn.net, kind)
    return {name: _planted(slip, drawn.net, name, rng, one_cell=True)}, mistake


def _two(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
    one, first, mistake = _choose(rng, drawn.net, kind)
    two, second, other = _choose(rng, drawn.net, kind)
    plan = {one: _planted(first, drawn.net, one, rng)}
    plan.setdefault(two, _planted(second, drawn.net, two, rng))
    return plan, f"{mistake} and {other}"


def _unlisted(one_cell: bool) -> Planner:
    def planner(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
        net = drawn.net
        order = {name: place for place, name in enumerate(net.asked)}
        for _ in range(50):
            chosen = rng.choice(sorted({group(name) for name in net.asked}))
            name = rng.choice([n for n in net.asked if group(n) == chosen])
            found = _possible(net, name, unlisted.mistakes(net, name), order)
            special = [s for s in found if s.note not in {"one too many", "a third of it"}]
            if special and rng.random() < 0.9:
                found = special
            if found:
                slip = rng.choice(found)
                return {name: _planted(slip, net, name, rng, one_cell, listed=False)}, slip.note
        raise Nowhere("unlisted")

    return planner


def _copy_slip(kind: str, *, carried: bool, after: Slipping | None = None) -> Slipping:
    kinds = frozenset({kind, *_COUSINS.get(kind, ())})
    return typed(
        copying.change(kind),
        kinds,
        True,
        f"{kind}{'' if carried else ', not carried on'}",
        carried=carried,
        after=after,
    )


_COUSINS = {
    "digits-swapped": ("digit-wrong",),
    "sign-lost": ("sign-reversed",),
    "rows-swapped": ("shifted-by-a-cell", "wrong-row", "row-twice"),
    "row-twice": ("wrong-row", "shifted-by-a-cell"),
    "shifted-by-a-cell": ("rows-swapped", "row-twice"),
}


def _copying(carried: bool) -> Planner:
    def planner(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
        slip = rng.choice(_COPYING)
        name = _any_name(rng, drawn.net, tall=slip in {"rows-swapped", "row-twice", "shifted-by-a-cell"})
        return {name: _copy_slip(slip, carried=carried)}, slip

    return planner


def _any_name(rng: Random, net: Net, *, tall: bool = False, after: str | None = None) -> str:
    names = [n for n in net.asked if not tall or net.shapes[n][0] > 1]
    if after is not None:
        names = [n for n in names if n != after] or names
    if not names:
        raise Nowhere("more than one row")
    chosen = rng.choice(sorted({group(name) for name in names}))
    return rng.choice([n for n in names if group(n) == chosen])


_NO_KIND: frozenset[str] = frozenset()


def _pasted(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
    """Zeros, a repeated number or another table in one place; y from h_0, wh without its product."""
    net = drawn.net
    order = {name: place for place, name in enumerate(net.asked)}
    what = rng.choice(["zeros", "repeated", "pasted", "pasted", "y_1 from h_0", "dWhy from before", "wh = bh"])
    if what == "y_1 from h_0" or (what == "wh = bh" and kind != "rnn"):
        node = net.rule("y_1").put("h_1", Ref("h_0"))
        return {"y_1": by_rule(node, frozenset({"wrong-step"}), True, what)}, what
    if what == "wh = bh":
        step = rng.randint(1, net.steps)
        node = Ref("bh") if net.shapes["bh"] == net.shapes[f"wh_{step}"] else times(Ref("bh"), Number(1.0, net.hidden))
        return {f"wh_{step}": by_rule(node, frozenset({"term-left-out"}), True, what)}, what
    if what == "dWhy from before":
        plan = {}
        for step in range(1, net.steps + 1):
            if net.has(f"dWhy_{step}"):
                node = net.rule(f"dWhy_{step}").put(f"h_{step}", Ref(f"h_{step - 1}"))
                plan[f"dWhy_{step}"] = by_rule(node, frozenset({"wrong-step"}), True, what)
        return plan, what
    if what in {"zeros", "repeated"}:
        name = _any_name(rng, net)
        value = 0.0 if what == "zeros" else round(rng.uniform(0.1, 0.9), 1)
        return {name: pasted(value, _NO_KIND, False, what)}, what
    for _ in range(50):
        name = _any_name(rng, net)
        family, time = split(name)
        if time is None:
            continue
        earlier = [
            n
            for n in net.asked
            if order[n] < order[name]
            and net.shapes[n] == net.shapes[name]
            and (split(n)[0] == family or split(n)[1] == time)
        ]
        if earlier:
            source = rng.choice(earlier)
            same = split(source)[0] == family
            kinds = frozenset({"wrong-step", "wrong-table"} if same else {"wrong-table"})
            return {name: pasted(source, kinds, True, f"pasted {'step' if same else 'table'}")}, what
    raise Nowhere("pasted")


def _sums(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
    """A sum typed wrong by several units or by much; clipping forgotten in every new weight."""
    net = drawn.net
    clipped = [n for n in net.asked if n.endswith("_new") and net.has(f"d{n.removesuffix('_new')}_clipped")]
    if clipped and rng.random() < 0.3:
        plan = {}
        for name in clipped:
            weight = name.removesuffix("_new")
            node = net.rule(name).put(f"d{weight}_clipped", Ref(f"d{weight}"))
            plan[name] = by_rule(node, frozenset({"not-clipped"}), True, "not-clipped in the update")
        return plan, "not clipped in the update"
    how = rng.choice(["several units off", "much off"])
    totals = [n for n in net.asked if n in {"loss", "grad_norm"} or n[1:] in net.weights]
    name = rng.choice([n for n in ("loss", "grad_norm") if net.has(n)] if rng.random() < 0.5 else totals)
    slip = typed(copying.change(how), _NO_KIND, False, how, carried=rng.random() < 0.7)
    return {name: slip}, how


def _mistake_and_typo(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
    """A mistake, and a typo in another number that is not carried on."""
    name, slip, mistake = _choose(rng, drawn.net, kind)
    other = _any_name(rng, drawn.net, after=name)
    copied = rng.choice(["digits-swapped", "digit-wrong", "sign-lost", "point-moved"])
    if other == name:
        raise Nowhere("another quantity")
    plan = {name: _planted(slip, drawn.net, name, rng), other: _copy_slip(copied, carried=False)}
    return plan, f"{mistake}, {copied}"


def _typo_within(carried: bool) -> Planner:
    """A mistake in a quantity, and a typo in one of its own cells."""

    def planner(rng: Random, drawn: Drawn, kind: str) -> tuple[Plan, str]:
        for _ in range(50):
            name, slip, mistake = _choose(rng, drawn.net, kind)
            rows, columns = drawn.net.shapes[name]
            if rows * columns > 1 and slip.row is None:
                copied = rng.choice(["digits-swapped", "digit-wrong", "point-moved"])
                made = _planted(slip, drawn.net, name, rng)
                return {name: _copy_slip(copied, carried=carried, after=made)}, f"{mistake}, {copied} within"
        raise Nowhere("a table of several cells")

    return planner


_PLANNERS: dict[str, Planner] = {
    "listed": _listed,
    "listed-everywhere": _listed_everywhere,
    "listed-cell": _listed_cell,
    "two-listed": _two,
    "unlisted": _unlisted(False),
    "unlisted-cell": _unlisted(True),
    "copying": _copying(True),
    "copying-not-carried": _copying(False),
    "pasted": _pasted,
    "sums": _sums,
    "mistake-and-typo": _mistake_and_typo,
    "typo-within": _typo_within(True),
    "typo-within-not-carried": _typo_within(False),
}
SORTS = ("right", *_PLANNERS, "classmate", "classmate-from-a-step", "hello", "zeros")


def sheet(sort: str, seed: int) -> Sheet:
    """The worksheet of a sort with this seed: the same on every machine."""
    kind = KINDS[seed % len(KINDS)]
    for attempt in range(100):
        rng = Random(f"{sort} {kind} {seed} {attempt}")
        try:
            if sort == "right":
                return _right(rng, sort, seed, kind)
            if sort in _PLANNERS:
                return _with_plan(rng, sort, seed, kind, _PLANNERS[sort])
            return _copied(rng, sort, seed, kind)
        except (GivesUp, Nowhere):
            continue
    raise AssertionError(f"no sheet of sort {sort} with seed {seed} can be made")


def _right(rng: Random, sort: str, seed: int, kind: str) -> Sheet:
    way_kind = WAYS[seed // len(KINDS) % len(WAYS)]
    drawn = draw(rng, kind)
    decimals = rng.randint(4, 6) if way_kind.name == "works with 2 decimals" else 2 + seed % 5
    way = way_kind(decimals, rng)
    return Sheet(sort, seed, kind, decimals, drawn, work(drawn.net, way), way.name)


def _with_plan(rng: Random, sort: str, seed: int, kind: str, planner: Planner) -> Sheet:
    drawn = draw(rng, kind)
    decimals = 2 + seed % 5
    way = _way(rng, decimals)
    plan, label = planner(rng, drawn, kind)
    done = work(drawn.net, way, plan)
    if not done.plants:
        raise Nowhere(label)
    return Sheet(sort, seed, kind, decimals, drawn, done, label)


def _way(rng: Random, decimals: int) -> Way:
    """Mostly the common ways; the others as well."""
    if rng.random() < 0.5:
        return PLAIN_WAYS[rng.randrange(3)](decimals, rng)
    return rng.choice(PLAIN_WAYS)(decimals, rng)


_LIKE_HELLO: dict[str, Any] = {
    "text": "hello",
    "vocabulary": "helo",
    "hidden": 3,
    "recurrent": "scalar",
    "activation": "tanh",
    "output_bias": False,
    "h_0": "zeros",
    "targets": "next",
    "loss_reduction": "sum",
    "clipping": None,
    "eta": 0.1,
}


def _copied(rng: Random, sort: str, seed: int, kind: str) -> Sheet:
    """Another's right numbers typed into this sheet, all or from a step on; or zeros."""
    decimals = 2 + seed % 5
    way = _way(rng, decimals)
    chosen = options(rng, kind)
    if sort == "hello":
        kind = "rnn"
        chosen = options(rng, kind, **_LIKE_HELLO, **({"softmax": "plain"} if takes_softmax() else {}))
        other = template("hello")
    else:
        other = make({**chosen, "seed": chosen["seed"] + 1})
    mine = make(chosen)
    if set(mine.net.asked) != set(other.net.asked):
        raise Nowhere(sort)
    done = work(mine.net, way)
    begins = 0
    if sort == "classmate-from-a-step":
        step = rng.randint(2, mine.net.steps) if mine.net.steps > 1 else 1
        begins = next(place for place, name in enumerate(mine.net.asked) if split(name)[1] == step)
    copied = set(mine.net.asked[begins:])
    theirs = work(other.net, way)
    for name in copied:
        done.written[name] = np.zeros(mine.net.shapes[name]) if sort == "zeros" else theirs.written[name]
        done.known[name] = done.written[name]
    return Sheet(sort, seed, kind, decimals, mine, done, sort, copied)
