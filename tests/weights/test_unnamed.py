"""Arrays of NumPy by the names of courses, in either layout, and without names."""

from pathlib import Path

import numpy as np
import pytest

from rnncalc import Problem
from rnncalc.errors import FileError, ProblemError
from rnncalc.network.forward_pass import forward
from rnncalc.weights import read

BROUGHT = Path(__file__).parents[1] / "data" / "brought"
ROWS = np.array([[0.2, -0.4, 0.1, 0.5], [0.7, 0.3, -0.9, 0.2], [-0.5, 0.6, 0.8, -0.1]])


def answer(file: Path, rows: np.ndarray, **typed) -> np.ndarray:
    problem = Problem.saved(str(file), inputs=rows.tolist(), output_at="last", **typed)
    return forward(problem)[f"y_{len(rows)}"].value.ravel()


def by_rows(wx, wh, b, wy, by, rows):
    """What a simple network puts out at the last step, as d2l computes it: x·W."""
    h = np.zeros(len(wh))
    for x in rows:
        h = np.tanh(x @ wx + h @ wh + b.ravel())
    return h @ wy + by.ravel()


def stored(file: str) -> dict[str, np.ndarray]:
    with np.load(BROUGHT / file) as arrays:
        return {name: arrays[name] for name in arrays.files}


@pytest.fixture
def saved(tmp_path):
    """The .npz file of arrays."""

    def of(*listed: np.ndarray, **named: np.ndarray) -> Path:
        np.savez(tmp_path / "model.npz", *listed, **named)
        return tmp_path / "model.npz"

    return of


@pytest.mark.parametrize(
    ("file", "names"),
    [("d2l.npz", ("W_xh", "W_hh", "b_h", "W_hq", "b_q")), ("rowlayout.npz", ("Wxh", "Whh", "bh", "Why", "by"))],
)
def test_matrices_with_a_row_for_each_number_read(file, names):
    expected = by_rows(*(stored(file)[name] for name in names), ROWS)
    np.testing.assert_allclose(answer(BROUGHT / file, ROWS), expected, atol=1e-12)


def test_the_names_of_a_course_on_sequence_models():
    w = stored("ng.npz")
    expected = by_rows(w["Wax"].T, w["Waa"].T, w["ba"], w["Wya"].T, w["by"], ROWS)
    np.testing.assert_allclose(answer(BROUGHT / "ng.npz", ROWS), expected, atol=1e-12)
    assert "Read as Wxh = Wax, Whh = Waa, Why = Wya, bh = ba." in read(BROUGHT / "ng.npz").notes


def test_square_matrices_fit_both_layouts_and_neither_is_guessed():
    w = stored("rowsq.npz")
    with pytest.raises(FileError, match=r"and both fit\. Use --matrices columns or --matrices rows"):
        read(BROUGHT / "rowsq.npz")
    named = [w[name] for name in ("Wxh", "Whh", "bh", "Why", "by")]
    turned = [w[name].T for name in ("Wxh", "Whh", "bh", "Why", "by")]
    for layout, arrays in (("rows", named), ("columns", turned)):
        found = answer(BROUGHT / "rowsq.npz", ROWS, matrices=layout)
        np.testing.assert_allclose(found, by_rows(*arrays, ROWS), atol=1e-12)


@pytest.mark.parametrize("names", [
    ("Wxh", "Whh", "bh", "Why", "by"), ("Wax", "Waa", "ba", "Wya", "by"), ("U", "W", "b", "V", "c"),
    ("W_xh", "W_hh", "b_h", "W_hq", "b_q"), ("W_xh", "W_hh", "b_h", "W_hy", "b_y"),
])  # fmt: skip
@pytest.mark.parametrize("rows", [True, False])
@pytest.mark.parametrize("biases", ["vectors", "matrices"])
@pytest.mark.parametrize("size", [(4, 4, 4), (4, 5, 4), (4, 3, 2), (4, 4, 2)])
def test_any_names_in_any_layout_compute_the_same_or_ask(saved, names, rows, biases, size):
    reads, hidden, out = size
    random = np.random.default_rng(sum(size))
    shapes = [(reads, hidden), (hidden, hidden), (1, hidden), (hidden, out), (1, out)]
    true = [random.normal(size=shape) for shape in shapes]
    arrays = [a if rows else a.T for a in true]
    if biases == "vectors":
        arrays = [a.ravel() if 1 in a.shape else a for a in arrays]
    file = saved(**dict(zip(names, arrays, strict=True)))
    expected = by_rows(*true, ROWS)
    if biases == "vectors" and size == (4, 4, 4):
        with pytest.raises(FileError, match="--matrices columns or --matrices rows"):
            read(file)
        np.testing.assert_allclose(answer(file, ROWS, matrices="rows" if rows else "columns"), expected, atol=1e-12)
    else:
        np.testing.assert_allclose(answer(file, ROWS), expected, atol=1e-12)


def test_a_layout_that_does_not_fit_is_refused():
    with pytest.raises(FileError, match=r"Wxh of layer 1 is 4×5|Whh of layer 1 is 5×5"):
        read(BROUGHT / "rowlayout.npz", layout="columns")
    with pytest.raises(ProblemError, match="no layout 'row'\\. Use one of columns, rows"):
        read(BROUGHT / "rowlayout.npz", layout="row")


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def last_state(kernel, recurrent, bias, rows):
    """By Keras's documentation: i f c o of an lstm, z r h of a gru, side by side."""
    hidden = len(recurrent)
    h = c = np.zeros(hidden)
    states = []
    for x in rows:
        if kernel.shape[1] == hidden:
            h = np.tanh(x @ kernel + h @ recurrent + bias)
        elif kernel.shape[1] == 4 * hidden:
            i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            one, other = bias if bias.ndim == 2 else (bias, np.zeros(len(bias)))
            wz, wr, wn = np.split(x @ kernel + one, 3)
            uz, ur, un = np.split(h @ recurrent + other, 3)
            reset = sigmoid(wr + ur)
            past = reset * un if bias.ndim == 2 else (reset * h) @ recurrent[:, 2 * hidden :]
            n = np.tanh(wn + past)
            h = sigmoid(wz + uz) * h + (1 - sigmoid(wz + uz)) * n
        states.append(h)
    return states


def test_the_list_that_get_weights_gives():
    w = stored("getweights.npz")
    rows = ROWS[:, :3]
    kernel, recurrent, bias, weight, added = (w[f"arr_{i}"].astype(float) for i in range(5))
    expected = last_state(kernel, recurrent, bias, rows)[-1] @ weight + added
    np.testing.assert_allclose(answer(BROUGHT / "getweights.npz", rows), expected, atol=1e-12)
    said = "Read as Keras layers: lstm (arr_0 to arr_2), dense (arr_3 to arr_4). The file does not say this; "
    assert any(note.startswith(said) for note in read(BROUGHT / "getweights.npz").notes)


@pytest.mark.parametrize(("gates", "biases"), [(1, 1), (4, 1), (3, 1), (3, 2)])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("hidden", [2, 4])
def test_lists_of_every_cell(saved, gates, biases, layers, hidden):
    random = np.random.default_rng(gates + biases + layers + hidden)
    listed, steps, reads = [], list(ROWS), 4
    for _ in range(layers):
        wide = gates * hidden
        one = [random.normal(size=(reads, wide)), random.normal(size=(hidden, wide)),
               random.normal(size=(2, wide) if biases == 2 else wide)]  # fmt: skip
        steps, reads = last_state(*one, steps), hidden
        listed += one
    weight, added = random.normal(size=(hidden, 3)), random.normal(size=3)
    found = answer(saved(*listed, weight, added), ROWS)
    np.testing.assert_allclose(found, steps[-1] @ weight + added, atol=1e-12)


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        ([(3, 4), (4, 4), (4, 4), (4, 2)], "has arrays without names that fit as"),
        ([(9, 3), (3, 16), (4, 16), (16,), (4, 2), (2,)], "whether its first array is an embedding or a dense layer"),
        ([(3, 16), (5, 16), (16,)], "that do not fit as layers one after another"),
        ([(3, 4), (4,), (4, 2), (2,)], "that do not fit as layers one after another"),
    ],
)
def test_a_list_that_is_no_network_or_two_says_what_would_tell(saved, shapes, says):
    with pytest.raises(FileError, match=says) as caught:
        read(saved(*(np.ones(shape) for shape in shapes)))
    assert "model.save('model.keras')" in str(caught.value)
