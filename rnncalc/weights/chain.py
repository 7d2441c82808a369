"""In which order numbers pass through the layers of a file that names its layers, but not their order.

Only the shapes speak: each layer reads what the one before it gives. Where they allow two readings, which would give
different numbers, none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rnncalc.errors import FileError, ProblemError
from rnncalc.io.suggest import did_you_mean
from rnncalc.io.visible import brief

EMBEDDING, RECURRENT, DENSE = "embedding", "recurrent", "dense"
_MOST_ORDERED = 8
"""Layers that are tried in every order; more of them are read in the order of their names."""


class Piece(NamedTuple):
    """A layer, or a stack of them: its name in the file, its kind, how many numbers it reads and gives."""

    name: str
    kind: str
    reads: int
    gives: int

    @property
    def family(self) -> str:
        """Its name without its numbers: that of fc, fc2 and fc_3 is the same."""
        return re.sub(r"[_.]?\d+", "", self.name)

    @property
    def natural(self) -> list[tuple[int, str]]:
        """A key that sorts fc2 before fc10."""
        parts = re.split(r"(\d+)", self.name)
        return [(len(part.lstrip("0")), part.lstrip("0")) if i % 2 else (0, part) for i, part in enumerate(parts)]


Chain = tuple[Piece, ...]


def readings(pieces: Sequence[Piece]) -> list[Chain]:
    """Up to two chains that the layers may be: all of them in an order that fits, or, where only one does, the same
    without layers that would not be missed, as they give as many numbers as they read.

    Numbers in names that differ in nothing else tell an order (fc1, fc2).
    """
    ordered = sorted(pieces, key=lambda piece: (piece.kind != EMBEDDING, piece.kind != RECURRENT, piece.natural))
    if len(ordered) <= _MOST_ORDERED:
        orders = list(islice(_orders(ordered, ()), 2)) or list(islice(_orders(ordered, (), by_number=False), 2))
    else:
        fitting = all(_fits(ordered[:i], piece) for i, piece in enumerate(ordered)) and _ends(ordered)
        orders = [tuple(ordered)] if fitting else []
    return [*orders, *islice(_shorter(orders[0]), 1)] if len(orders) == 1 else orders


def _orders(rest: Sequence[Piece], chain: Chain, *, by_number: bool = True) -> Iterator[Chain]:
    if not rest and _ends(chain):
        yield chain
    for i, piece in enumerate(rest):
        others = [*rest[:i], *rest[i + 1 :]]
        if _fits(chain, piece) and not (by_number and any(_before(other, piece) for other in others)):
            yield from _orders(others, (*chain, piece), by_number=by_number)


def _fits(chain: Sequence[Piece], piece: Piece) -> bool:
    """Whether a layer may stand behind a chain: an embedding comes first, recurrent layers are not parted."""
    if not chain:
        return True
    parted = chain[-1].kind == DENSE and any(before.kind == RECURRENT for before in chain)
    return chain[-1].gives == piece.reads and piece.kind != EMBEDDING and not (parted and piece.kind == RECURRENT)


def _ends(chain: Sequence[Piece]) -> bool:
    """Whether a chain ends as networks do: one that has dense layers puts its numbers out through one."""
    return all(piece.kind != DENSE for piece in chain) or chain[-1].kind == DENSE


def _before(piece: Piece, other: Piece) -> bool:
    """Whether the numbers of their names say that one layer comes before the other."""
    return piece != other and (piece.kind, piece.family) == (other.kind, other.family) and piece.natural < other.natural


def _shorter(chain: Chain) -> Iterator[Chain]:
    """The chain without a stretch that nothing would miss; the last dense layer, and some recurrent one, stay."""
    for start in range(len(chain)):
        for end in range(start + 1, len(chain) + 1):
            left_out, kept = chain[start:end], chain[:start] + chain[end:]
            if left_out[0].reads != left_out[-1].gives or all(_numbered(piece, chain) for piece in left_out):
                continue
            if {piece.kind for piece in chain} == {piece.kind for piece in kept} and _ends(kept):
                yield kept


def _numbered(piece: Piece, chain: Chain) -> bool:
    return any(_before(piece, other) or _before(other, piece) for other in chain)


def written(chain: Sequence[Piece]) -> str:
    """A chain as --order takes it."""
    return ",".join(brief(piece.name) + (f":{EMBEDDING}" if piece.kind == EMBEDDING else "") for piece in chain)


def ambiguous(file: str, readings: Sequence[Chain]) -> FileError:
    """The refusal of layers that fit several readings, which are named."""
    *others, last = map(written, readings)
    several = sum(piece.kind == RECURRENT for piece in readings[0]) > 1
    passed = " (rnncalc cannot read a decoder that starts from the last state of an encoder.)" if several else ""
    return FileError(
        f"{file} does not say the order of its layers, or whether all of them are used: they fit as "
        f"{', as '.join(others)} and as {last}. Use --order with the right one.{passed}"
    )


def in_order(file: str, order: Sequence[str], pieces: Sequence[Piece]) -> Chain:
    """The layers in the order that was typed, some of which may be left out.

    Raises ProblemError for a name that is not there, or an order in which they do not fit.
    """
    chain: Chain = ()
    for typed in order:
        name, _, kind = typed.partition(":")
        piece = _named(file, name, kind, pieces)
        if any(piece.name == before.name for before in chain):
            raise ProblemError("order", f"order names {name} twice. Name each layer once.")
        if not _fits(chain, piece):
            raise ProblemError("order", f"In this order of {file}, {_misfit(chain[-1], piece)}")
        chain = (*chain, piece)
    if not any(piece.kind == RECURRENT for piece in chain):
        names = ", ".join(brief(piece.name) for piece in pieces if piece.kind == RECURRENT)
        raise ProblemError("order", f"order has no recurrent layer; it needs one of those in {file}: {names}.")
    return chain


def _named(file: str, name: str, kind: str, pieces: Sequence[Piece]) -> Piece:
    if kind not in ("", EMBEDDING):
        raise ProblemError("order", f"order has {name}:{kind}. Use the name alone, or {name}:{EMBEDDING}.")
    exact = [piece for piece in pieces if piece.name == name]
    matching = exact or [piece for piece in pieces if piece.name.rpartition(".")[2] == name]
    if len({piece.name for piece in matching}) != 1:
        known = list(dict.fromkeys(piece.name for piece in pieces))
        raise ProblemError(
            "order",
            f"order names {name!r}, but {file} has {'several layers' if matching else 'no layer'} with that "
            f"name{did_you_mean(name, known)}. Its layers are {', '.join(map(brief, known))}.",
        )
    fitting = [piece for piece in matching if kind in ("", piece.kind)]
    if not fitting:
        raise ProblemError(
            "order", f"{name} of {file} cannot be an {EMBEDDING}: an {EMBEDDING} is a table without a bias."
        )
    return fitting[0]


def _misfit(before: Piece, piece: Piece) -> str:
    if before.gives != piece.reads and piece.kind != EMBEDDING:
        return f"{brief(piece.name)} reads {piece.reads} numbers, but {brief(before.name)} outputs {before.gives}."
    if piece.kind == EMBEDDING:
        return f"the embedding {brief(piece.name)} must come first."
    return f"{brief(before.name)} is between recurrent layers; dense layers must come before or after them."
