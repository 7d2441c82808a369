"""Many numbers drawn from a key: the same on every machine and version, as the bits of PCG64 are."""

from __future__ import annotations

import hashlib
import math

import numpy as np

from rnncalc.language.trees import Array

_HALF_WORD = 1 << 16
MOST_DROPPED = 0.9999
"""A mask is drawn from 65536 numbers; of a part much nearer to 1 nothing would be left."""


def bits(count: int, *key: int | str) -> Array:
    """So many words of 64 bits; PCG64 begins with SHA-256 of the key's parts, joined by colons."""
    digest = hashlib.sha256(":".join(str(part) for part in key).encode()).digest()
    words: Array = np.random.PCG64(int.from_bytes(digest, "big")).random_raw(count)
    return words


def uniform(shape: tuple[int, int], bound: float, *key: int | str) -> Array:
    """Numbers uniform in [−bound, bound)."""
    fractions = (bits(math.prod(shape), *key) >> np.uint64(11)) / 2.0**53
    return ((2 * fractions - 1) * bound).reshape(shape)


def shuffled(count: int, *key: int | str) -> Array:
    """The numbers below count in another order."""
    return np.argsort(bits(count, *key), kind="stable")


def dropout_mask(shape: tuple[int, ...], rate: float, dtype: np.dtype[np.floating], *key: int | str) -> Array:
    """0 for about this part of the entries, 1 / (1 − rate) for the others: the sum stays the same on average."""
    count = math.prod(shape)
    drawn = bits(-(-count // 4), *key).astype("<u8", copy=False).view("<u2")[:count].reshape(shape)
    dropped = round(rate * _HALF_WORD)
    return np.multiply(drawn >= dropped, 1 / (1 - dropped / _HALF_WORD), dtype=dtype)
