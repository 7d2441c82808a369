"""What was made before softmax had two forms: python make_before.py, with the code of that time on PYTHONPATH.

Worksheets and handed-in homework are filled in with the right numbers of that form, the largest score taken away before
exp; those of an lstm and a gru have no cells for tanh(c), r ⊙ h and Whn · h + bhn.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from workbook.filled import fill_in

from rnncalc import Problem, Trace
from rnncalc.classroom.assignment_reader import read_assignment
from rnncalc.classroom.roster import Student
from rnncalc.classroom.worksheets import make, students_csv
from rnncalc.network.update_step import whole_trace
from rnncalc.problems.model_file import to_bytes
from rnncalc.problems.templates import text_of
from rnncalc.text import Trainer, encode, save_checkpoint, train
from rnncalc.workbook.write.export import export
from rnncalc.workbook.write.worksheet import worksheet

HERE = Path(__file__).with_name("before")
DECIMALS = 4
HOMEWORK = {
    "hello": ('template = "hello"\nweight_decimals = 2', '"forward", "loss"', "forward = 10\nloss = 5\n'exp_*' = 5"),
    "lstm": ('text = "ab"\nhidden = 1\ncell = "lstm"', '"forward", "loss", "backward"', "forward = 10\nbackward = 10"),
    "gru": ('text = "ab"\nhidden = 1\ncell = "gru"', '"forward", "loss", "backward"', "forward = 10\nbackward = 10"),
    "sigmoid": (
        'text = "ab"\nhidden = 1\ncell = "lstm"\nclasses = 1\noutput_function = "sigmoid"\ntargets = "1;0"',
        '"forward", "loss"',
        "forward = 10",
    ),
}


def filled(file: bytes, asked: list[str], trace: Trace) -> bytes:
    return fill_in(file, {name: trace[name].value for name in asked}, DECIMALS)


def write(name: str, content: bytes | str) -> None:
    path = HERE / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def asked_of(problem: Problem, *stages: str) -> list[str]:
    return [q.name for q in whole_trace(problem).values() if q.rule is not None and q.stage in stages]


def main() -> None:
    write("hello.toml", text_of("hello"))
    hello = Problem.template("hello")
    gated = {
        "lstm": Problem.draw("ab", hidden=2, cell_kind="lstm", h_0="random"),
        "gru-after": Problem.draw("ab", hidden=2, cell_kind="gru", reset_after=True, h_0="random"),
    }
    for name, problem in {"hello": hello, **gated}.items():
        stages = ("forward", "loss") if name == "hello" else ("forward", "loss", "backward")
        file, _ = worksheet(problem, ask_for=stages, decimals=DECIMALS)
        write(f"{name}-worksheet.xlsx", filled(file, asked_of(problem, *stages), whole_trace(problem)))
    write("lstm.xlsx", export(gated["lstm"], through="loss"))
    trainer = Trainer(hello, encode("hello", hello.vocabulary))
    list(train(trainer, epochs=2))
    write("model.npz", to_bytes(trainer.trained()))
    save_checkpoint(HERE / "training.npz", trainer)
    student = Student("s1", "Ada")
    for name, (problem, ask_for, points) in HOMEWORK.items():
        text = f'secret = "a secret that nobody guesses"\n[problem]\n{problem}\n'
        text += f"[worksheet]\nask = [{ask_for}]\ndecimals = {DECIMALS}\n[points]\n{points}\n"
        write(f"{name}/hw.toml", text)
        assignment = read_assignment(HERE / name / "hw.toml")
        ((enrolled, made),) = make(assignment, [student])
        own = assignment.problem_of("s1", enrolled.draw)
        asked = assignment.blanks_of(own)
        write(f"{name}/hw.students.csv", students_csv([enrolled]))
        write(f"{name}/in/s1.xlsx", filled(made.worksheet, sorted(asked.names), asked.trace))


if __name__ == "__main__":
    main()
