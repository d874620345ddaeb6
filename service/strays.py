"""What libraries and the interpreter say by themselves, as log lines of ours.

Else it stands on standard error as it came: an exception that nobody took with its text, which may
hold what somebody sent, and a traceback.
"""

import logging
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import Any, TextIO

import structlog


def take_over() -> None:
    """From now on, for the whole process. Nothing that is said there is repeated: where it was and
    of what class it is are told."""
    logging.basicConfig(handlers=[_Lines(logging.WARNING)], force=True)
    logging.raiseExceptions = False  # which would print what could not be logged
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _in_thread


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        where = f"{record.pathname}:{record.lineno} {record.funcName}"
        _tell(error, said_by=record.name, severity=record.levelname, said_at=where)


def _tell(error: BaseException | None, **facts: Any) -> None:
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        facts["error"] = type(error).__name__
        facts["frames"] = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
    structlog.get_logger().warning("said_beside_the_log", **facts)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del message, file, line
    _tell(None, said_by="warnings", severity=category.__name__, said_at=f"{filename}:{lineno}")


def _uncaught(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    _tell(error, said_by="the interpreter")


def _unraisable(told: "sys.UnraisableHookArgs") -> None:
    _tell(told.exc_value, said_by="the interpreter")


def _in_thread(told: threading.ExceptHookArgs) -> None:
    _tell(told.exc_value, said_by="a thread")
