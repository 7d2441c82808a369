"""Chance from a seed: the same numbers on every machine and version, a million of them in no time.

SHA-256 of "seed:name" begins a SplitMix64 sequence (Steele, Lea and Flood 2014).
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_GAMMA, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def splitmix(start: int, count: int) -> npt.NDArray[np.uint64]:
    """The first ``count`` numbers of SplitMix64 from a state of 64 bits."""
    z = np.uint64(start) + _GAMMA * np.arange(1, count + 1, dtype=np.uint64)
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


def fractions(seed: int | str, name: str, count: int) -> Numbers:
    """Numbers uniform in [0, 1); the first of many are those of few."""
    start = int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8], "big")
    return (splitmix(start, count) >> np.uint64(11)) / float(1 << 53)
