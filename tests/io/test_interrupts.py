"""When an interrupt is listened to, and when it waits."""

import os
import signal

import pytest

from rnncalc.io.interrupts import SIGNALS, as_interrupts, first_interrupt, uninterrupted


@pytest.mark.parametrize("one", SIGNALS)
def test_each_of_them_is_an_interrupt(one):
    before = signal.getsignal(one)
    with pytest.raises(KeyboardInterrupt), as_interrupts():
        signal.raise_signal(one)
    assert signal.getsignal(one) == before


@pytest.mark.parametrize("one", SIGNALS)
def test_what_is_ignored_stays_ignored(one):
    before = signal.signal(one, signal.SIG_IGN)
    try:
        with as_interrupts():
            signal.raise_signal(one)
    finally:
        signal.signal(one, before)


@pytest.mark.parametrize("one", SIGNALS)
def test_it_waits_for_the_end_of_a_block(one):
    done = []

    def work() -> None:
        with uninterrupted() as held:
            signal.raise_signal(one)
            done.append(len(held))
        done.append("after")

    with pytest.raises(KeyboardInterrupt), as_interrupts():
        work()
    assert done == [1]


def test_where_a_block_fails_its_error_comes_first():
    def fail() -> None:
        signal.raise_signal(signal.SIGINT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), as_interrupts(), uninterrupted():
        fail()


@pytest.mark.parametrize("one", SIGNALS)
def test_the_first_ends_the_work_and_no_other_what_comes_after_it(one):
    done = []
    with as_interrupts(), first_interrupt() as interrupt:
        interrupt.heard = True
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(one)
        for other in SIGNALS:
            signal.raise_signal(other)
        done.append("saved")
    assert done == ["saved"]
    assert interrupt.came


def test_one_that_is_not_heard_is_known_at_the_end():
    with as_interrupts(), first_interrupt() as interrupt:
        signal.raise_signal(signal.SIGINT)
    assert interrupt.came


@pytest.mark.skipif(os.name == "nt", reason="Windows has no threads of signals")
def test_handlers_are_those_that_were_there_before_whatever_happens():
    def work(one: signal.Signals) -> None:
        with as_interrupts(), first_interrupt() as interrupt, uninterrupted():
            interrupt.heard = True
            signal.raise_signal(one)

    before = [signal.getsignal(one) for one in SIGNALS]
    for one in SIGNALS:
        with pytest.raises(KeyboardInterrupt):
            work(one)
    assert [signal.getsignal(one) for one in SIGNALS] == before
