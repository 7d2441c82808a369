"""Make pytorch_optimizers.json beside this file: ten updates of a small network by each of PyTorch's optimizers.

The network is written in plain tensor operations in float64 on one CPU thread, autograd differentiates it, and
``torch.optim`` moves the weights with what it takes unless told otherwise (momentum 0.9). Losses are those before each
update. Run it with ``python tests/data/make_pytorch_optimizers.py`` after ``pip install torch==2.14.1``; the tests read
the file and do not need PyTorch.
"""

from functools import partial
from pathlib import Path
from typing import Any

import torch
from make_pytorch import given_numbers, leaf, one_hot, pretty, rows_of

from rnncalc import Problem

UPDATES = 10
OPTIMIZERS = {
    "sgd": torch.optim.SGD,
    "momentum": partial(torch.optim.SGD, momentum=0.9),
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
}
CASES = (
    ("sgd", 0.1, None),
    ("momentum", 0.05, None),
    ("adagrad", 0.1, None),
    ("rmsprop", 0.01, None),
    ("adam", 0.02, None),
    ("sgd", 0.1, 0.3),
    ("adagrad", 0.1, 0.3),
)
"""The optimizer, its learning rate, and what the entries of a gradient are clipped to."""


def trained(given: dict[str, Any], optimizer: str, eta: float, clip: float | None) -> dict[str, Any]:
    """The losses before each update and the weights after the last."""
    weights = {name: leaf(rows) for name, rows in given["weights"].items()}
    made = OPTIMIZERS[optimizer](list(weights.values()), lr=eta)
    losses = []
    for _ in range(UPDATES):
        h, loss = torch.tensor(given["h_0"], dtype=torch.float64), torch.zeros((), dtype=torch.float64)
        for letter, wanted in zip(given["inputs"], given["targets"], strict=True):
            h = torch.tanh(weights["Wxh"] @ one_hot(letter, given) + weights["Whh"] @ h + weights["bh"])
            y = weights["Why"] @ h + weights["by"]
            loss = loss - (one_hot(wanted, given) * torch.log_softmax(y, dim=0)).sum()
        losses.append(loss.item())
        made.zero_grad()
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_value_(list(weights.values()), clip)
        made.step()
    after = {name: rows_of(weight.detach()) for name, weight in weights.items()}
    return {"optimizer": optimizer, "eta": eta, "clip": clip, "losses": losses, "weights": after}


if __name__ == "__main__":
    torch.set_num_threads(1)
    problem = given_numbers(Problem.draw("banana bread", hidden=4, seed=8, output_bias=True, h_0="random"))
    found = {
        "made_with": f"PyTorch {torch.__version__.partition('+')[0]}, float64, one CPU thread",
        "problem": problem,
        "cases": [trained(problem, *case) for case in CASES],
    }
    path = Path(__file__).with_name("pytorch_optimizers.json")
    path.write_text(pretty(found) + "\n", encoding="utf-8", newline="\n")
