"""The errors that a person can cause, each one clear sentence, and the exit code that each ends in."""


class RnncalcError(ValueError):
    """Something given to rnncalc cannot be used; the message says what, where, and what would be right."""

    exit_code = 2

    @property
    def sentences(self) -> list[str]:
        """What is said of it, a sentence for each thing that is wrong."""
        return [str(self)]


class ProblemError(RnncalcError):
    """A problem whose parts do not fit; ``field`` is the part at fault, as a template names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class SelectionError(RnncalcError, KeyError):
    """A quantity, element or step was asked for that the trace does not hold."""

    __str__ = Exception.__str__  # a KeyError would put the sentence in quotes


class ArithmeticOverflow(RnncalcError):
    """A number of the trace left the range of float64."""

    exit_code = 3


class ProcessEnded(RnncalcError):
    """A process that shared the work was ended from outside."""

    exit_code = 3


class ReaderGone(Exception):
    """Whoever read standard output has gone, as ``head`` does; nobody needs to be told."""


class FileError(RnncalcError):
    """A file cannot be read or written as asked; ``more`` are the sentences about its further faults."""

    exit_code = 3

    def __init__(self, message: str, *more: str) -> None:
        super().__init__("\n".join([message, *more]))
        self._sentences = [message, *more]

    @property
    def sentences(self) -> list[str]:
        """A sentence for each fault."""
        return self._sentences
