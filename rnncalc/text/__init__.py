"""Training on a text: of networks that predict the next token by kernels, fast; of every other one, by the trace.

What the fast path computes is held to the trace by tests: the loss of a window and every gradient, to 1e-12.
"""

from __future__ import annotations

from rnncalc.engine.fit import Diverged
from rnncalc.engine.optimizers import OPTIMIZERS
from rnncalc.text.checkpoint import load_checkpoint, save_checkpoint
from rnncalc.text.run import Progress, train
from rnncalc.text.sampling import sample
from rnncalc.text.text import encode, split
from rnncalc.text.trainer import Trainer

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
