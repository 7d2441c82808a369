"""Training, fast: the arithmetic of the trace for one recurrent layer that predicts the next token, vectorised.

It knows NumPy and the core alone. What it computes is held to the trace by tests: the loss of a window and every
gradient, to 1e-12. Words learnt by other networks go through the trace itself.
"""

from __future__ import annotations

from rnncalc.training.checkpoint import load_checkpoint, save_checkpoint
from rnncalc.training.optimizers import OPTIMIZERS
from rnncalc.training.run import Progress, train
from rnncalc.training.sampling import sample
from rnncalc.training.text import encode, split
from rnncalc.training.trainer import Diverged, Trainer

__all__ = [
    "OPTIMIZERS",
    "Diverged",
    "Progress",
    "Trainer",
    "encode",
    "load_checkpoint",
    "sample",
    "save_checkpoint",
    "split",
    "train",
]
