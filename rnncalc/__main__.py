"""``rnncalc`` and ``python -m rnncalc``: from the first import to the last line an interrupt ends in one sentence."""

from __future__ import annotations

import os
import signal
from typing import Any


def main() -> None:
    """Run the command line and exit in its code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)
    from rnncalc.cli.main import main as run_and_exit

    run_and_exit()


def _end(_number: int, _frame: Any) -> None:
    """Before a command runs and after it is done there is nothing to tidy up, and no module to be told."""
    os.write(2, b"Error: Interrupted.\n")
    os._exit(130)


if __name__ == "__main__":  # a process started by spawn imports this module again
    main()
