"""Grading on a Dask cluster of two workers gives the same bytes as here."""

import pytest
from classroom.a_class import classroom, contents
from classroom.test_grading import copied, handed

from rnncalc.classroom.grading import grade

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # what Dask warns of is its own
SMALL = 24


@pytest.fixture(scope="module")
def cluster():
    """Two workers in processes of their own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as found:
        yield found


def test_dasks_executor_gives_the_same(cluster, tmp_path):
    room = classroom(SMALL)
    found = handed(tmp_path, {**room.handed_in, "s001": copied("s001", "s000"), "x": b"no workbook"})
    with distributed.Client(cluster) as client:
        there = grade(room.assignment, found, draws=room.draws, executor=client.get_executor(pure=False), workers=2)
    assert there == grade(room.assignment, found, draws=room.draws)
    assert there.graded["s001"].copied.keys() == {"s000"}


def test_a_scheduler_by_its_address_gives_the_same_bytes(cluster, rnncalc, tmp_path):
    hw1, handed_in = classroom(SMALL).lay_out(tmp_path)
    for folder, options in (("here", []), ("there", ["--scheduler", cluster.scheduler_address])):
        done = rnncalc("grade", str(hw1), str(handed_in), "-o", str(tmp_path / folder), *options)
        assert done.code == 0, done.err
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_a_scheduler_that_is_not_there_is_a_sentence(rnncalc, tmp_path, monkeypatch):
    hw1, handed_in = classroom(SMALL).lay_out(tmp_path)
    client = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda address, timeout: client(address, timeout="1s"))
    done = rnncalc("grade", str(hw1), str(handed_in), "-o", str(tmp_path / "g"), "--scheduler", "tcp://127.0.0.1:9")
    assert done.code == 3
    assert "There is no Dask scheduler at tcp://127.0.0.1:9" in done.err
    assert "Traceback" not in done.err


def test_processes_here_and_a_cluster_there_are_not_both(rnncalc, tmp_path):
    hw1, handed_in = classroom(SMALL).lay_out(tmp_path)
    options = ["-o", str(tmp_path / "g"), "--jobs", "2", "--scheduler", "tcp://127.0.0.1:9"]
    done = rnncalc("grade", str(hw1), str(handed_in), *options)
    assert (done.code, done.out) == (2, "")
    assert "Use only one of them" in done.err
