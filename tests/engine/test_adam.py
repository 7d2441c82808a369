"""Adam that leaves alone what only fades, against Adam as it is written down."""

import numpy as np
import pytest

from rnncalc.engine.adam import BLOCK, RENEWED_EVERY, Adam

UPDATES = 3 * RENEWED_EVERY + 5
DTYPES = ("float64", "float32")


def as_written(values, slopes, eta):
    """Kingma and Ba's loop, in float64: every entry at every update."""
    values = values.astype(float)
    m, s = np.zeros(values.shape), np.zeros(values.shape)
    for n, slope in enumerate(slopes, 1):
        m = 0.9 * m + 0.1 * slope
        s = 0.999 * s + 0.001 * slope**2
        values = values - eta * (m / (1 - 0.9**n)) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8)
    return values


def rounded_at_each_update(values):
    """How far apart two ways of computing the values may be."""
    return UPDATES * np.finfo(values.dtype).eps * np.abs(values).max()


def some_rows(random, rows, columns):
    """Gradients at a few rows of a table: the first ones often, the last ones hardly ever, one never."""
    reads = [np.unique((rows - 1) * random.random(5) ** 3).astype(int) for _ in range(UPDATES)]
    reads = [np.unique(one) for one in reads]
    slopes = [random.normal(size=(len(one), columns)) * 10.0 ** random.integers(-9, 1) for one in reads]
    return reads, slopes


@pytest.mark.parametrize("dtype", DTYPES)
def test_rows_that_were_not_read_move_as_with_gradients_of_zero(dtype):
    random = np.random.default_rng(1)
    start = random.normal(size=(40, 3)).astype(dtype)
    reads, slopes = some_rows(random, *start.shape)
    values = start.copy()
    adam = Adam(values, values[:0], 0.01)
    for rows, slope in zip(reads, slopes, strict=True):
        adam.update_rows(rows, slope.astype(dtype))
    whole = np.zeros((UPDATES, *start.shape))
    for one, rows, slope in zip(whole, reads, slopes, strict=True):
        one[rows] = slope.astype(dtype)
    assert np.abs(values - as_written(start, whole, 0.01)).max() < rounded_at_each_update(values)
    assert (values[-1] == start[-1]).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_gradients_everywhere_are_learnt_from_in_blocks(dtype):
    random = np.random.default_rng(2)
    start = random.normal(size=BLOCK + 7).astype(dtype)
    slopes = random.normal(size=(UPDATES, len(start))).astype(dtype) * random.normal(size=len(start)).astype(dtype)
    values = start.copy()
    now = np.zeros_like(values)
    adam = Adam(values, now, 0.01)
    for slope in slopes:
        now[...] = slope
        adam.update()
    assert np.abs(values - as_written(start, slopes, 0.01)).max() < rounded_at_each_update(values)


def test_to_skip_rows_that_were_not_read_would_be_caught():
    random = np.random.default_rng(1)
    values = start = random.normal(size=(40, 3))
    reads, slopes = some_rows(random, *start.shape)
    for row in range(40):
        its_own = [slope[rows == row] for rows, slope in zip(reads, slopes, strict=True) if row in rows]
        if its_own:
            values = values.copy()
            values[row] = as_written(start[row : row + 1], its_own, 0.01)
    whole = np.zeros((UPDATES, *start.shape))
    for one, rows, slope in zip(whole, reads, slopes, strict=True):
        one[rows] = slope
    assert np.abs(values - as_written(start, whole, 0.01)).max() > 1e-3


def test_what_has_faded_away_for_long_is_nothing_and_no_hindrance():
    values = np.ones((2, 1), "float32")
    adam = Adam(values, values[:0], 0.0001)
    adam.update_rows(np.array([0]), np.ones((1, 1), "float32"))
    for _ in range(40 * RENEWED_EVERY):
        adam.update_rows(np.array([1]), np.ones((1, 1), "float32"))
    assert adam.m[0, 0] == 0
    assert adam.m[1, 0] > 0


@pytest.mark.parametrize("updates", [0, 1, RENEWED_EVERY, RENEWED_EVERY + 1, UPDATES])
def test_what_earlier_versions_remembered_is_gone_on_with(updates):
    """They kept m and s themselves."""
    random = np.random.default_rng(3)
    slopes = random.normal(size=(updates + 3, 5))
    whole, now = np.ones(5), np.zeros(5)
    adam = Adam(whole, now, 0.01)
    m, s = np.zeros(5), np.zeros(5)
    for slope in slopes[:updates]:
        m, s = 0.9 * m + 0.1 * slope, 0.999 * s + 0.001 * slope**2
        now[...] = slope
        adam.update()
    gone_on = Adam(whole.copy(), now, 0.01)
    for name, value in gone_on.of_earlier({"m": m, "s": s}, updates).items():
        gone_on.memory[name][...] = value
    gone_on.updates = updates
    for slope in slopes[updates:]:
        now[...] = slope
        adam.update()
        gone_on.update()
    assert np.abs(gone_on.values - whole).max() < 1e-14
