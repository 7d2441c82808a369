"""Files of a training: what is read is what was written, never half of it, and never that of another problem."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import numpy as np
import pytest

from rnncalc import Problem
from rnncalc.errors import FileError
from rnncalc.problems.model_file import load, to_bytes
from rnncalc.text import Trainer, encode, load_checkpoint, save_checkpoint

TEXT = "she sells sea shells by the sea shore; all the shells she sells"


def trainer_of(text: str = TEXT, cell: str = "lstm", hidden: int = 4, **settings: object) -> Trainer:
    problem = Problem.draw(text, cell_kind=cell, hidden=hidden, output_bias=True, vocabulary="".join(sorted(set(TEXT))))
    return Trainer(problem, encode(text, problem.vocabulary), **{"window": 10, **settings})


def test_going_on_from_a_file_gives_the_bytes_of_an_uninterrupted_run(tmp_path):
    whole, begun, other = (trainer_of(optimizer="adam", streams=2) for _ in range(3))
    for _ in range(9):
        whole.step()
        begun.step()
    save_checkpoint(tmp_path / "c.npz", begun)
    load_checkpoint(tmp_path / "c.npz", other)
    for trainer in (whole, other):
        for _ in range(9):
            trainer.step()
        save_checkpoint(tmp_path / f"{id(trainer)}.npz", trainer)
    assert (tmp_path / f"{id(whole)}.npz").read_bytes() == (tmp_path / f"{id(other)}.npz").read_bytes()


def test_an_old_checkpoint_stands_until_the_new_one_is_whole(tmp_path):
    """A file that cannot be put in its place leaves nothing beside it."""
    (tmp_path / "c.npz").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        save_checkpoint(tmp_path / "c.npz", trainer_of())
    assert [path.name for path in tmp_path.iterdir()] == ["c.npz"]


WRITER = """
import sys
from rnncalc import Problem
from rnncalc.problems.model_file import load, to_bytes
from rnncalc.text import Trainer, encode, save_checkpoint
problem = Problem.draw("hello", hidden=100)
trainer = Trainer(problem, encode("hello", problem.vocabulary))
print("ready", flush=True)
while True:
    trainer.step()
    save_checkpoint(sys.argv[1], trainer)
"""


def test_a_training_killed_at_any_moment_leaves_a_whole_checkpoint(tmp_path):
    file, random = tmp_path / "c.npz", Random(1)
    problem = Problem.draw("hello", hidden=100)
    epochs = []
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            while not file.exists():
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.1))
            process.kill()
        trainer = Trainer(problem, encode("hello", problem.vocabulary))
        load_checkpoint(file, trainer)
        epochs.append(trainer.epoch)
    assert min(epochs) > 0
    assert file.stat().st_size > 0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"text": TEXT[::-1]}, "text"),
        ({"cell": "gru"}, "cell 'lstm', not 'gru'"),
        ({"hidden": 5}, "weights"),
        ({"window": 11}, "window 10, not 11"),
        ({"streams": 2}, "streams"),
        ({"optimizer": "sgd"}, "optimizer 'adagrad', not 'sgd'; use --optimizer adagrad to continue it"),
        ({"dtype": "float32"}, "dtype"),
        ({"targets": "last"}, "targets"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(tmp_path, settings, says):
    save_checkpoint(tmp_path / "c.npz", trainer_of())
    with pytest.raises(FileError, match=f"different training: it was made with (different )?{says}"):
        load_checkpoint(tmp_path / "c.npz", trainer_of(**settings))


def seeded(seed: int) -> Trainer:
    problem = Problem.draw(TEXT, hidden=4, seed=seed)
    return Trainer(problem, encode(TEXT, problem.vocabulary))


def test_another_seed_is_another_training(tmp_path):
    save_checkpoint(tmp_path / "c.npz", seeded(0))
    load_checkpoint(tmp_path / "c.npz", seeded(0))
    with pytest.raises(FileError, match="were drawn from seed 0, but here they are drawn from seed 77"):
        load_checkpoint(tmp_path / "c.npz", seeded(77))


def test_a_checkpoint_of_a_version_that_noted_no_seed_goes_on(tmp_path, monkeypatch):
    old, settings = seeded(0), Trainer.settings.fget
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "settings", property(lambda it: {k: v for k, v in settings(it).items() if k != "seed"}))
        save_checkpoint(tmp_path / "c.npz", old)
    load_checkpoint(tmp_path / "c.npz", seeded(77))


def test_several_layers_of_a_version_that_stored_them_in_another_order_are_refused(tmp_path, monkeypatch):
    problem = Problem.draw(TEXT, layers=2, hidden=3)
    old, settings = Trainer(problem, encode(TEXT, problem.vocabulary), window=10), Trainer.settings.fget
    with monkeypatch.context() as patch:
        patch.setattr(
            Trainer, "settings", property(lambda it: {k: v for k, v in settings(it).items() if k != "layout"})
        )
        save_checkpoint(tmp_path / "old.npz", old)
    with pytest.raises(FileError, match="stored the weights of several layers in another order"):
        load_checkpoint(tmp_path / "old.npz", Trainer(problem, encode(TEXT, problem.vocabulary), window=10))


def test_a_rate_may_change_when_a_training_goes_on(tmp_path):
    save_checkpoint(tmp_path / "c.npz", trainer_of(eta=0.1))
    load_checkpoint(tmp_path / "c.npz", trainer_of(eta=0.05))


def test_a_model_is_no_checkpoint(tmp_path):
    (tmp_path / "m.npz").write_bytes(to_bytes(trainer_of().problem))
    with pytest.raises(FileError, match="is not a training checkpoint"):
        load_checkpoint(tmp_path / "m.npz", trainer_of())


def test_other_files_are_refused_in_words(tmp_path):
    trainer = trainer_of()
    save_checkpoint(tmp_path / "c.npz", trainer)
    content = (tmp_path / "c.npz").read_bytes()
    files: dict[str, bytes] = {
        "empty": b"",
        "text": b"hello",
        "cut": content[:-30],
        "half": content[: len(content) // 2],
    }
    for name, written in files.items():
        (tmp_path / name).write_bytes(written)
    np.savez(tmp_path / "others.npz", a=np.zeros(3))
    np.savez(tmp_path / "pickled.npz", a=np.array([{}]), allow_pickle=True)
    for name in (*files, "others.npz", "pickled.npz", "missing"):
        with pytest.raises(FileError) as caught:
            load_checkpoint(Path(tmp_path / name), trainer)
        assert name in str(caught.value)


def test_a_damaged_checkpoint_changes_nothing(tmp_path):
    """Bytes turned over here and there: refused, or by luck the same."""
    trainer, random = trainer_of(), Random(2)
    trainer.step()
    save_checkpoint(tmp_path / "c.npz", trainer)
    content = (tmp_path / "c.npz").read_bytes()
    before = {name: value.tobytes() for name, value in trainer.state.items()}
    for _ in range(100):
        damaged = bytearray(content)
        damaged[random.randrange(len(content))] ^= 1 << random.randrange(8)
        (tmp_path / "d.npz").write_bytes(damaged)
        with contextlib.suppress(FileError):
            load_checkpoint(tmp_path / "d.npz", trainer)
        assert {name: value.tobytes() for name, value in trainer.state.items()} == before


def test_a_checkpoint_is_no_model(tmp_path):
    save_checkpoint(tmp_path / "c.npz", trainer_of())
    with pytest.raises(FileError, match="--resume to continue from it"):
        load(str(tmp_path / "c.npz"))
