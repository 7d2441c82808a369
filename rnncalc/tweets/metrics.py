"""How well classes are told apart: each measure with its equation.

K classes, numbered from 0. N_jk counts the rows of class j that were said to be of class k. A share of nothing, such
as the precision of a class that was never said, counts as 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rnncalc.engine.chance import Numbers

Counts = npt.NDArray[np.int64]
Labels = npt.NDArray[np.integer]


class Scores(NamedTuple):
    """The measures of one classifier: ``confusion`` K×K, a number per class in the arrays (K), and over all."""

    confusion: Counts
    accuracy: float
    precision: Numbers
    recall: Numbers
    f1: Numbers
    macro_f1: float
    auc: Numbers
    macro_auc: float


def scores(wanted: Labels, probabilities: Numbers) -> Scores:
    """All measures of the probabilities (N×K) of rows whose classes are ``wanted`` (N); said is the likeliest class,
    of several the first.

    ``auc`` of a class is that class against the rest by its probability, NaN where one side has no row; ``macro_auc``
    is the mean of those that exist. Of two classes both are the same number, the ROC AUC. Raises ValueError for no row.
    """
    if not len(wanted):
        raise ValueError("Nothing was classified.")
    classes = probabilities.shape[1]
    table = confusion(wanted, probabilities.argmax(axis=1), classes)
    curves = np.array([roc_auc(wanted == k, probabilities[:, k]) for k in range(classes)])
    if classes == 2:
        curves[0] = curves[1]  # p_0 = 1 − p_1, but for the rounding of what is nearly 0 or 1
    there = curves[~np.isnan(curves)]
    f = f1(table)
    return Scores(
        table,
        accuracy(table),
        precision(table),
        recall(table),
        f,
        float(f.mean()),
        curves,
        float(there.mean()) if len(there) else float("nan"),
    )


def confusion(wanted: Labels, said: Labels, classes: int) -> Counts:
    """N_jk, K×K: the row is the class wanted, the column the class said."""
    pairs = wanted.astype(np.int64) * classes + said
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def accuracy(table: Counts) -> float:
    """Σ_k N_kk / Σ_jk N_jk."""
    return float(np.trace(table) / table.sum())


def precision(table: Counts) -> Numbers:
    """N_kk / Σ_j N_jk for each class k: of the rows said to be of the class, how many are."""
    return _share(np.diagonal(table), table.sum(axis=0))


def recall(table: Counts) -> Numbers:
    """N_kk / Σ_j N_kj for each class k: of the rows of the class, how many were found."""
    return _share(np.diagonal(table), table.sum(axis=1))


def f1(table: Counts) -> Numbers:
    """2 N_kk / (Σ_j N_jk + Σ_j N_kj) for each class k: the harmonic mean of precision and recall.

    Its mean over the classes is the macro F1.
    """
    return _share(2 * np.diagonal(table), table.sum(axis=0) + table.sum(axis=1))


def roc_auc(positive: npt.NDArray[np.bool_], score: Numbers) -> float:
    """(#{s_i > s_j} + ½ #{s_i = s_j}) / (P · Q), over the pairs of a positive row i and another row j.

    It is the area under the ROC curve. Counted by ranks (Mann and Whitney 1947), equal scores by their mean rank, in
    halves and so exactly. NaN where there are no pairs.
    """
    there = int(positive.sum())
    others = len(positive) - there
    if not there or not others:
        return float("nan")
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    twice_rank = 2 * np.cumsum(count) - count + 1
    twice = int(twice_rank[place][positive].sum()) - there * (there + 1)
    return twice / (2 * there * others)


def roc_curve(positive: npt.NDArray[np.bool_], score: Numbers) -> tuple[Numbers, Numbers]:
    """The shares of the other rows and of the positive rows with s ≥ threshold, for a threshold above all scores and
    then at each score that occurs, falling: from (0, 0) to (1, 1). NaN where there are no such rows.
    """
    _, place = np.unique(-score, return_inverse=True)
    curve = []
    for rows in (~positive, positive):
        reached = np.concatenate([[0], np.cumsum(np.bincount(place[rows], minlength=int(place.max(initial=-1)) + 1))])
        curve.append(reached / rows.sum() if rows.any() else np.full(len(reached), np.nan))
    return curve[0], curve[1]


def _share(part: Counts, whole: Counts) -> Numbers:
    shares: Numbers = np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
    return shares
