"""Problems from saved weights: the framework's own answers, what the file leaves open, and what does not fit."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnncalc import forward
from rnncalc.errors import FileError, ProblemError
from rnncalc.network.gradcheck import check_gradients
from rnncalc.problems.choice import Choice
from rnncalc.problems.choose import choose
from rnncalc.problems.model_file import load, to_bytes
from rnncalc.problems.template_reader import parse

pytest.importorskip("h5py", reason="Keras's files need h5py: pip install 'rnncalc[keras]'")
pytest.importorskip("safetensors", reason="PyTorch's files need safetensors: pip install 'rnncalc[torch]'")

WEIGHTS = Path(__file__).parents[1] / "data" / "weights"
ANSWERS = json.loads((WEIGHTS / "answers.json").read_text(encoding="utf-8"))
FLOAT32 = 1e-5


def chosen(file: str, **typed: Any) -> Any:
    return choose(Choice(weights=str(WEIGHTS / file), **typed))


def as_answered(file: str, **typed: Any) -> Any:
    """The problem of a file, reading what the framework read."""
    answer = ANSWERS[file]
    inputs = answer["inputs"]
    tokens = isinstance(inputs[0], int)
    typed |= {"text": " ".join(map(str, inputs))} if tokens else {"inputs": inputs}
    if answer.get("head_activations"):
        typed["head_activation"] = answer["head_activations"]
    if answer.get("activation") == "relu":
        typed["activation"] = "relu"
    return chosen(file, **typed)[0]


@pytest.mark.parametrize("file", ANSWERS)
def test_the_states_and_the_answer_are_the_frameworks_own(file):
    answer, trace = ANSWERS[file], forward(as_answered(file))
    problem = trace.problem
    for layer, states in zip(problem.layers, answer["states"], strict=True):
        found = [trace[f"{layer.states[0]}_{t}"].value[:, 0] for t in range(1, problem.steps + 1)]
        assert np.abs(np.array(found) - states).max() <= FLOAT32
    out = "y" if problem.output_function == "linear" else "p"
    outputs = [trace[f"{out}_{t}"].value[:, 0] for t in range(1, problem.steps + 1) if problem.has_output(t)]
    if answer["output"]:
        assert np.abs(np.array(outputs) - answer["output"]).max() <= FLOAT32
    else:
        assert problem.output_at == "none"


@pytest.mark.parametrize("file", ["article.keras", "embedding_gru.keras", "lstm_stacked.safetensors", "gru.npz"])
def test_a_file_is_its_own_template(file):
    problem = as_answered(file)
    back = parse(problem.to_toml(), "x.toml", "x").problem
    first, second = forward(problem), forward(back)
    assert all(np.array_equal(first[name].value, second[name].value) for name in first)
    assert back.labels == problem.labels


@pytest.mark.parametrize("file", ["article.keras", "lstm_stacked.keras", "gru_stacked.safetensors"])
def test_gradients_of_a_file_agree_with_complex_steps(file):
    problem = as_answered(file)
    outputs = problem.structure.outputs
    one = [1.0] + [0.0] * (outputs - 1)
    targets = [None] * problem.steps
    targets[-1] = one
    assert check_gradients(problem.replace(targets=targets, loss="squared-error")).passed


def test_labels_are_the_files_names_of_its_layers():
    labels = as_answered("embedding_gru.keras").labels
    assert labels["Wxe"] == "words"
    assert labels["Why"] == labels["by"] == "verdict"


def test_without_inputs_some_are_drawn_and_it_is_said():
    problem, notes = chosen("rnn_softmax.keras")
    assert problem.inputs[0][:, 0].tolist() == [-0.99, -0.65, -0.77]
    assert "No inputs were given, so 4 steps of 3 numbers were drawn at random from seed 0" in notes[0]
    problem, notes = chosen("embedding_gru.keras")
    assert problem.inputs == ("4", "0", "0", "1")
    assert "No TEXT was given, so the 4 tokens 4 0 0 1 were drawn at random from seed 0." in notes


def test_a_vocabulary_says_what_inputs_and_outputs_stand_for():
    problem, _ = chosen("rnn_every_step.keras", text="abac", vocabulary="abc", targets="none")
    assert problem.inputs == ("a", "b", "a", "c")
    assert problem.output_function == "linear"
    problem, _ = chosen("embedding_gru.keras", text="good film", tokens="words", vocabulary="- the good bad film")
    assert problem.inputs == ("good", "film")


def test_classes_name_the_outputs_and_targets_make_a_loss():
    problem, _ = chosen("article.keras", classes=("bad", "good"), targets="good")
    assert problem.output_names == ("bad", "good")
    assert "loss" in forward(problem)


def test_padding_is_left_out_where_the_file_passes_over_it():
    problem, notes = chosen("embedding_masked.keras", text="0 0 1 2")
    assert problem.inputs == ("1", "2")
    assert any("padding" in note for note in notes)


def test_of_a_large_table_the_columns_that_are_read_are_shown(tmp_path):
    file = tmp_path / "large.npz"
    rng = np.random.default_rng(0)
    np.savez(file, Wxe=rng.uniform(size=(2, 500)), Wxh=rng.uniform(size=(2, 2)), Whh=np.eye(2), bh=np.zeros(2))
    problem, notes = choose(Choice(weights=str(file), text="499 3 499"))
    assert problem.vocabulary == ("499", "3")
    with np.load(file) as stored:
        assert np.array_equal(problem.weights["Wxe"], stored["Wxe"][:, [499, 3]])
    assert any("Of the 500 columns of the embedding, only the 2 that are read are shown" in note for note in notes)


# ── models of our own ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_model_comes_back_whole(tmp_path):
    problem, _ = choose(Choice(text="good film", tokens="words", embedding=2, layers=2, cell="lstm", h0="random"))
    file = tmp_path / "model.npz"
    file.write_bytes(to_bytes(problem))
    back = load(str(file))
    assert back is not None
    assert list(forward(back)) == list(trace := forward(problem))
    assert all(np.array_equal(forward(back)[name].value, trace[name].value) for name in trace)
    assert to_bytes(problem) == to_bytes(problem)


def test_a_model_reads_another_text_and_keeps_its_weights(tmp_path):
    problem, _ = choose(Choice(text="hello", seed=3))
    file = tmp_path / "model.npz"
    file.write_bytes(to_bytes(problem))
    other, _ = choose(Choice(weights=str(file), text="hole", generate=2))
    assert other.steps == 6
    assert np.array_equal(other.weights["Whh"], problem.weights["Whh"])
    with pytest.raises(ProblemError, match="Leave out --hidden"):
        choose(Choice(weights=str(file), hidden=4))


def test_a_frameworks_arrays_are_no_model(tmp_path):
    assert load(str(WEIGHTS / "rnn.npz")) is None
    assert load("x.keras") is None
    torn = tmp_path / "torn.npz"
    torn.write_bytes(to_bytes(choose(Choice(text="hello", seed=1))[0])[:400])
    with pytest.raises(FileError):
        load(str(torn))


# ── what does not fit ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "typed", "sentence"),
    [
        ("rnn_softmax.keras", {"text": "abc"}, "does not say which letters its 3 inputs stand for"),
        (
            "rnn_softmax.keras",
            {"text": "abcd", "vocabulary": "abcd"},
            "The vocabulary has 4 letters, but rnn_softmax.keras",
        ),
        ("rnn_softmax.keras", {"text": "abd", "vocabulary": "abc"}, "has d, but rnn_softmax.keras has only"),
        ("rnn_softmax.keras", {"vocabulary": "abc"}, "There is nothing to read. Use a TEXT made of a, b, c."),
        ("rnn_softmax.keras", {"inputs": [[1, 2]]}, "inputs has 2 columns, but rnn_softmax.keras needs 3"),
        ("rnn_softmax.keras", {"inputs": [[1, 2, 3]], "text": "a"}, "TEXT and --inputs cannot be used together"),
        ("rnn_softmax.keras", {"output_at": "every"}, "has output_at = last. Leave out --output-at."),
        ("rnn_softmax.keras", {"hidden": 4}, "--weights already gives the network. Leave out --hidden."),
        ("rnn_softmax.keras", {"template": "hello"}, "--weights already gives the network. Leave out --template."),
        ("rnn_softmax.keras", {"classes": ("a", "b", "c", "d")}, "classes has 4 names"),
        ("embedding_gru.keras", {"text": "1 9"}, "has 9, but embedding_gru.keras has only the numbers 0 to 4; use"),
        ("embedding_gru.keras", {"inputs": [[1]]}, "reads tokens; it needs a TEXT, not --inputs."),
    ],
)
def test_what_does_not_fit_is_a_sentence(file, typed, sentence):
    with pytest.raises(ProblemError) as caught:
        chosen(file, **typed)
    assert sentence in str(caught.value)


def test_random_states_are_drawn_for_every_layer_and_for_the_cell():
    drawn = chosen("lstm_stacked.safetensors", h0="random")[0]
    assert all(state.any() for state in drawn.states.values())
    assert {"h_0", "c_0", "h_L2_0", "c_L2_0"} <= set(drawn.states)


def test_numbers_are_those_of_the_first_state_alone():
    width = chosen("lstm_stacked.safetensors")[0].h_0.size
    given = chosen("lstm_stacked.safetensors", h0=tuple(range(1, width + 1)))[0]
    assert given.h_0[:, 0].tolist() == list(range(1, width + 1))
    assert not any(state.any() for name, state in given.states.items() if name != "h_0")


@pytest.mark.parametrize("typed", [{"vocabulary": "abc"}, {"tokens": "words"}])
def test_what_a_text_is_made_of_is_refused_beside_numbers(typed):
    width = chosen("lstm.safetensors")[0].structure.inputs
    with pytest.raises(ProblemError, match=r"--inputs gives numbers\. Use only one of them\.$"):
        chosen("lstm.safetensors", inputs=[[0.5] * width], **typed)


def test_the_softmax_of_saved_weights_is_shifted_unless_another_is_typed():
    found = [chosen("rnn_softmax.keras", softmax=softmax)[0] for softmax in (None, "shifted", "plain")]
    assert [problem.softmax for problem in found] == ["shifted", "shifted", "plain"]
    assert parse(found[0].to_toml(), "x.toml", "x").problem.softmax == "shifted"
    assert 'softmax = "plain"' in found[2].to_toml()


def test_a_file_whose_output_is_no_softmax_takes_no_form_of_it():
    assert chosen("lstm_states.keras")[0].softmax == ""
    with pytest.raises(ProblemError, match="softmax is plain, but with output_at none there is no softmax"):
        chosen("lstm_states.keras", softmax="plain")
