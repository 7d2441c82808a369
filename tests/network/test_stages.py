"""A trace up to a stage holds that stage's quantities and none of a later one."""

import pytest

from rnncalc import Problem
from rnncalc.errors import ProblemError
from rnncalc.network.stages import THROUGH, check_stage, trace_to


def test_each_stage_adds_to_the_one_before():
    problem = Problem.template("hello")
    held = {through: {q.stage.value for q in trace_to(problem, through).values()} for through in THROUGH}
    assert held == {
        "forward": {"given", "forward"},
        "loss": {"given", "forward", "loss"},
        "backward": {"given", "forward", "loss", "backward"},
        "update": {"given", "forward", "loss", "backward", "update"},
    }


def test_what_is_no_stage_and_what_needs_targets_is_refused():
    problem = Problem.draw("ab", targets="none")
    check_stage(problem, "forward")
    with pytest.raises(ProblemError, match="no loss"):
        check_stage(problem, "loss")
    with pytest.raises(ProblemError, match="it needs one of"):
        check_stage(problem, "middle")
