"""The processes that share the work: what is said where they are ended, and that an interrupt is told as one."""

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from rnncalc.cli.workers import workers
from rnncalc.errors import ProcessEnded
from rnncalc.io.interrupts import SIGNALS, as_interrupts

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def end(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool, as the system does."""
    for process in list(pool._processes.values()):
        process.kill()


@pytest.fixture
def ended_early(monkeypatch):
    """The first process of a pool is ended before the second begins; what is called at that moment."""
    calls = []
    submit = ProcessPoolExecutor.submit

    def disturbed(pool, *work):
        future = submit(pool, *work)
        end(pool)
        future.exception(timeout=60)
        for call in calls:
            call()
        return future

    monkeypatch.setattr(ProcessPoolExecutor, "submit", disturbed)
    return calls


@posix
@pytest.mark.parametrize("one", SIGNALS)
def test_an_interrupt_that_ended_a_process_before_all_had_begun_is_an_interrupt(ended_early, one):
    ended_early.append(lambda: signal.raise_signal(one))
    with pytest.raises(KeyboardInterrupt), as_interrupts(), workers(2):
        pass


def test_a_process_that_was_ended_at_the_start_is_told_in_a_sentence(ended_early):
    with pytest.raises(ProcessEnded, match=r"^A process that shared the work was ended, .*--jobs 1\.$"), workers(2):
        pass


def test_so_is_one_that_was_ended_at_work():
    def work() -> None:
        with workers(2) as pool:
            working = pool.submit(time.sleep, 60)
            end(pool)
            working.result(timeout=60)

    with pytest.raises(ProcessEnded):
        work()
