"""A training watched: the bar, the checkpoint, the sample now and then, and what is written at its end."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import numpy as np

from rnncalc.cli.options import checked_text, choice_of, typed_text
from rnncalc.cli.output import LATE, emit, next_step, page_for, say, say_notes, trained
from rnncalc.cli.progress import Bar, progress
from rnncalc.errors import FileError, ProblemError
from rnncalc.io.csv_text import csv_text
from rnncalc.io.interrupts import first_interrupt
from rnncalc.io.read import decoded, read_bytes, shown_name
from rnncalc.io.write import write_file
from rnncalc.problems.model_file import to_bytes
from rnncalc.render.console import to_page
from rnncalc.render.training import dead_parts, long_parts, word_parts
from rnncalc.text import Progress, Trainer, load_checkpoint, sample, save_checkpoint, split, train
from rnncalc.text.dead import dead_units
from rnncalc.text.start import Start, start, usual_optimizer
from rnncalc.text.word import Learnt, learn
from rnncalc.tweets.choose import choose

if TYPE_CHECKING:
    from rnncalc.language.trees import Array
    from rnncalc.network.problem import Problem

CHECKPOINT_SECONDS, SAMPLE_SECONDS = 30.0, 20.0
LETTERS = 1_000_000
"""A long text is read until so many letters are, unless --epochs says how often."""
_MOST_BYTES = 1_000_000_000
_SAMPLE = 160
_NO_STATES = np.zeros((0, 0))


class Entry(NamedTuple):
    """A line of the log."""

    epoch: int
    window: int
    loss: float
    validation: float | None
    accuracy: float | None
    gradient: float
    tokens_per_second: float | None


def chosen_start(text: str | None, file: str | None, encoding: str | None, options: dict[str, Any]) -> Start:
    """The network and the text that the command line means; says what should be said about the choice."""
    others = {"--text": file, **{f"--{name}": options.get(name) for name in ("template", "inputs")}}
    typed = typed_text(text, others)
    if file is not None and text != "-":
        typed = checked_text(read_text(file, encoding or "utf-8"))
    try:
        chosen = start(choice_of(typed, options), choose)
    except ProblemError as error:
        raise click.UsageError(str(error)) from None
    say_notes(chosen.notes)
    return chosen


def read_text(file: str, encoding: str) -> str:
    """The text of a file, or of standard input for "-". Raises FileError where it cannot be read in that encoding."""
    advice = "use --encoding to give another, such as latin-1"
    shown = shown_name(file)
    text = decoded(read_bytes(file, _MOST_BYTES, needs="a text file"), shown, encoding, advice=advice)
    if not text.strip():
        raise FileError(f"{shown} is empty; it needs a text to learn.")
    return text.replace("\r\n", "\n")


class Session:
    """One training from its first window to its files."""

    def __init__(self, begun: Start, options: dict[str, Any], paths: dict[str, Path | None]) -> None:
        self.options, self.paths = options, paths
        problem, tokens = begun.problem, begun.tokens
        share = options["validation"]
        try:
            learnt, kept = split(tokens, share) if share is not None else (tokens, None)
            self.kept: Array | None = kept
            optimizer, eta = usual_optimizer(problem, tokens, options["optimizer"], options["eta"])
            settings = {name: options[name] for name in _SETTINGS}
            self.trainer = Trainer(problem, learnt, optimizer=optimizer, eta=eta, **settings)
        except ProblemError as error:
            raise click.UsageError(str(error)) from None
        self.problem = problem
        self.word = self.trainer.windows == 1 and options["streams"] == 1 and share is None and len(tokens) <= 101
        self._best = False
        """Whether the best weights are saved of a word too, as they are where its training is interrupted."""
        self._check_used()
        self._logs = self.paths["log"] is not None or self.paths["plot"] is not None
        self.entries: list[Entry] = []
        """The lines of the log, where a log or a picture is asked for."""
        self.steps: list[Learnt] = []
        self._ends, self._between = _Sparse(), _Sparse()
        self._written = self._sampled = time.monotonic()
        if options["resume"]:
            self._resume()
        self._begun = self.trainer.updates, time.monotonic()

    def _check_used(self) -> None:
        """Raise UsageError for an option that would change nothing."""
        if self.word and self.options["patience"] is not None:
            raise click.UsageError("--patience is for a long text. Use --epochs N to limit the training of a word.")
        if not self.word and self.options["decimals"] is not None:
            raise click.UsageError(
                "--decimals is for the losses of a word. The losses of a long text have four decimals."
            )

    @property
    def events(self) -> list[Progress]:
        """What is kept of the events of a long text, in their order."""
        return sorted([*self._between.kept(), *self._ends.kept()], key=lambda event: (event.epoch, event.window))

    def _resume(self) -> None:
        path = self.paths["checkpoint"]
        assert path is not None
        if not path.exists():
            say(f"Note: There is no {path} yet, so the training starts from the beginning.")
            return
        load_checkpoint(path, self.trainer)
        say(f"Continuing from {path}: epoch {self.trainer.epoch + 1}.")

    # ── training ──────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> int:
        """Train, and write what was asked for whatever ends it; gives the exit code.

        The first interrupt ends the training, and no further one the writing: nothing that was learnt is lost.
        """
        with first_interrupt() as interrupt:
            code, troubles = trained(interrupt, self._learn_word if self.word else self._learn_text)
            if code == 130:
                self._best = self.trainer.best_epoch > 0
                say(f"Interrupted{self._kept_words()}")
            for write in (self._write_checkpoint, self._write_model, self._write_log, self._write_plot, self._show):
                try:
                    write()
                except Exception as error:  # the others are written all the same
                    troubles.append(error)
        for trouble in troubles[1:]:
            if str(trouble) != str(troubles[0]):
                say(f"Error: {trouble}")
        if interrupt.came and code != 130:
            say(LATE)
            code = 130
        if troubles:
            raise troubles[0]
        return code

    def _learn_word(self) -> None:
        for step in learn(self.trainer, self.options["epochs"]):
            drawn = self.paths["plot"] is not None
            self.steps.append(step if drawn else step._replace(states=_NO_STATES))
            if self._logs and step.gradient is not None:
                share = step.right / step.wanted
                self.entries.append(Entry(step.epoch, 1, step.loss, None, share, step.gradient, None))
            self._checkpoint()

    def _learn_text(self) -> None:
        trainer = self.trainer
        if self.paths["output"] is None and self.paths["checkpoint"] is None:
            say("Note: Nothing of this training is saved. Use -o FILE.npz to save the model.")
        epochs = self.options["epochs"] or max(1, math.ceil(LETTERS / max(1, len(trainer.tokens))))
        every = max(1, trainer.windows // 200)
        with progress("epoch 1", percent=False) as bar:
            for event in train(
                trainer, epochs=epochs, validation=self.kept, patience=self.options["patience"], every=every
            ):
                (self._ends if event.done else self._between).add(event)
                if self._logs:
                    self._log(event)
                done = (event.epoch - 1) * trainer.windows + event.window
                bar(done, epochs * trainer.windows, self._told(event))
                self._checkpoint()
                self._show_sample(bar)

    def _told(self, event: Progress) -> str:
        trainer = self.trainer
        read = (trainer.updates - self._begun[0]) * trainer.window * trainer.streams
        speed = read / max(time.monotonic() - self._begun[1], 1e-9)
        return f"epoch {event.epoch}  loss {event.loss:.4f}  {speed:,.0f} {self.problem.tokens}/s"

    def _log(self, event: Progress) -> None:
        trainer = self.trainer
        judged = self.kept if self.kept is not None else trainer.tokens[: trainer.window * 40 + 1]
        accuracy = trainer.accuracy(judged) if event.done else None
        self.entries.append(
            Entry(
                event.epoch,
                event.window,
                event.loss,
                event.validation,
                accuracy,
                trainer.gradient,
                event.tokens_per_second,
            )
        )

    def _checkpoint(self, *, now: bool = False) -> None:
        path = self.paths["checkpoint"]
        if path is not None and (now or time.monotonic() - self._written >= CHECKPOINT_SECONDS):
            save_checkpoint(path, self.trainer)
            self._written = time.monotonic()

    def _show_sample(self, bar: Bar) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._sampled >= SAMPLE_SECONDS:
            bar.print(f"… {sample(self.trainer.trained(), _SAMPLE, temperature=0.8)!r}")
            self._sampled = time.monotonic()

    def _kept_words(self) -> str:
        if self.paths["output"] is not None:
            return f". The {'best ' if self._best else ''}weights so far are saved."
        on = self.paths["checkpoint"] is not None
        return (
            ". Use --resume to continue from the checkpoint."
            if on
            else ". Nothing was saved. Use -o FILE.npz to save the model."
        )

    # ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _write_checkpoint(self) -> None:
        if self.paths["checkpoint"] is not None:
            self._checkpoint(now=True)
            say(f"Wrote {self.paths['checkpoint']}")

    def _write_model(self) -> None:
        done = f"trained {self.trainer.epoch} epochs"
        model = self._trained().replace(source=f"{self.problem.source}, {done}")
        self._write("output", lambda _: to_bytes(model))

    def _write_log(self) -> None:
        self._write("log", lambda path: _log_text(self.entries, path.suffix.lower()[1:]).encode("utf-8"))

    def _write_plot(self) -> None:
        def drawn(path: Path) -> bytes:
            from rnncalc.render.training_plots import training_plot

            return training_plot(self.problem, self.entries, self.steps, path.suffix.lower()[1:])

        self._write("plot", drawn)

    def _write(self, option: str, content: Callable[[Path], bytes]) -> None:
        path = self.paths[option]
        if path is not None:
            write_file(path, content(path), force=self.options["force"])
            say(f"Wrote {path}")

    def _trained(self) -> Problem:
        return self.trainer.trained(best=self._best or (not self.word and self.trainer.best_epoch > 0))

    def _show(self) -> None:
        if self.word and not self.steps:
            return  # it was interrupted before anything was seen
        how = f"{self.trainer.optimizer_name}, eta {self.trainer.eta:g}"
        if self.word:
            decimals = self.options["decimals"]
            parts = word_parts(self.problem, how, self.steps, decimals=6 if decimals is None else decimals)
        else:
            how += f", windows of {self.trainer.window}"
            if self.trainer.streams > 1:
                how += f", {self.trainer.streams} streams"
            events = self.events
            text = sample(self._trained(), _SAMPLE, temperature=0.8) if events else ""
            parts = long_parts(self.problem, how, events, text)
        parts += dead_parts(dead_units(self._trained(), self.trainer.tokens))
        emit(to_page(parts, page_for(None)), None, data=False)
        if self.paths["output"] is not None:
            next_step("See what it has learnt", "sample", self.paths["output"])


_SETTINGS = ("window", "streams", "clip", "clip_norm", "dtype")


def _log_text(entries: list[Entry], form: str) -> str:
    if form == "jsonl":
        return "".join(json.dumps(entry._asdict()) + "\n" for entry in entries)
    return csv_text([Entry._fields, *(["" if value is None else value for value in entry] for entry in entries)])


class _Sparse:
    """Events at equal distances, and the last one: however many there are, a bounded number is kept."""

    most = 4096

    def __init__(self) -> None:
        self._kept: list[Progress] = []
        self._last: Progress | None = None
        self._count, self._stride = 0, 1

    def add(self, event: Progress) -> None:
        if self._count % self._stride == 0:
            self._kept.append(event)
            if len(self._kept) > self.most:
                self._kept, self._stride = self._kept[::2], 2 * self._stride
        self._last = event
        self._count += 1

    def kept(self) -> list[Progress]:
        if self._last is None or self._last is self._kept[-1]:
            return list(self._kept)
        return [*self._kept, self._last]
