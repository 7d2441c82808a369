"""JSON and CSV: every number at full double precision."""

import csv
import io
import json

import pytest
from drawn import given_numbers
from hypothesis import given

import rnncalc
from rnncalc import Problem, Trace, forward
from rnncalc.render.data import to_csv, to_json


def as_json(trace: Trace) -> dict[str, object]:
    return json.loads(to_json(trace, list(trace.values())))


@given(given_numbers())
def test_json_holds_the_very_numbers(numbers):
    trace = forward(numbers.problem())
    data = as_json(trace)
    assert [q["name"] for q in data["quantities"]] == list(trace)
    for q in data["quantities"]:
        quantity = trace[q["name"]]
        assert q["value"] == quantity.value.tolist()
        assert q["shape"] == [len(q["value"]), len(q["value"][0])]
        assert {len(row) for row in q["value"]} == {q["shape"][1]}
        assert (q["stage"], q["step"], q["equation"]) == (quantity.stage, quantity.step, quantity.equation)
        assert set(q) == {"name", "stage", "step", "equation", "shape", "value"}


@given(given_numbers())
def test_json_holds_the_settings_of_the_problem(numbers):
    problem = numbers.problem()
    data = as_json(forward(problem))
    assert set(data) == {"rnncalc", "problem", "quantities"}
    assert data["rnncalc"] == rnncalc.__version__
    assert data["problem"] == {
        "text": numbers.inputs,
        "inputs": list(numbers.inputs),
        "targets": numbers.wanted,
        "tokens": "letters",
        "vocabulary": list(numbers.vocabulary),
        "classes": [],
        "cell": "rnn",
        "layers": [{"cell": "rnn", "hidden": numbers.hidden, "activation": numbers.activation}],
        "head": [],
        "embedding": 0,
        "hidden": numbers.hidden,
        "recurrent": problem.recurrent,
        "output_bias": "by" in numbers.weights,
        "activation": numbers.activation,
        "output_at": "every",
        "output_function": "softmax",
        "softmax": numbers.softmax,
        "loss": "cross-entropy",
        "loss_reduction": numbers.reduction,
        "eta": 0.1,
        "source": "",
        "labels": {},
    }


def test_json_of_hello():
    quantities = {q["name"]: q for q in as_json(forward(Problem.template("hello")))["quantities"]}
    assert quantities["h_2"]["equation"] == "h₂ = tanh(a₂)"
    assert quantities["h_2"]["shape"] == [3, 1]
    assert quantities["Whh"]["value"] == [[0.427043]]
    assert quantities["loss"]["step"] is None
    assert quantities["h_0"]["step"] == 0


def test_json_has_a_line_for_each_quantity():
    trace = forward(Problem.template("hello"))
    head, *lines, tail = to_json(trace, list(trace.values())).splitlines()
    assert head.endswith('"quantities": [')
    assert tail == "]}"
    assert [json.loads(line.removesuffix(","))["name"] for line in lines] == list(trace)


def test_json_refuses_what_json_cannot_hold():
    trace = forward(Problem.template("hello"))
    quantity = trace["h_2"]
    broken = rnncalc.Quantity("h_2", quantity.value * float("inf"), stage="forward")
    with pytest.raises(ValueError, match="JSON"):
        to_json(trace, [broken])


@given(given_numbers())
def test_csv_holds_the_very_numbers(numbers):
    trace = forward(numbers.problem())
    rows = list(csv.DictReader(io.StringIO(to_csv(list(trace.values())))))
    expected = [
        {
            "name": name,
            "stage": quantity.stage,
            "step": "" if quantity.step is None else str(quantity.step),
            "row": str(i),
            "column": str(j),
        }
        for name, quantity in trace.items()
        for i in range(1, quantity.shape[0] + 1)
        for j in range(1, quantity.shape[1] + 1)
    ]
    assert [{key: row[key] for key in row if key != "value"} for row in rows] == expected
    for row in rows:
        assert float(row["value"]) == trace[row["name"]].value[int(row["row"]) - 1, int(row["column"]) - 1]


def test_csv_of_hello():
    lines = to_csv(forward(Problem.template("hello")).select(["Wxh", "h_0", "loss"])).splitlines()
    assert lines[0] == "name,stage,step,row,column,value"
    assert lines[1] == "Wxh,given,,1,1,0.287027"
    assert lines[13] == "h_0,given,0,1,1,0.0"
    assert lines[16].startswith("loss,loss,,1,1,6.8112745")
