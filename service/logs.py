"""Structured logs on standard error: an event, its facts, never a customer's data."""

import io
import logging
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import orjson
import structlog
from structlog.contextvars import get_contextvars
from structlog.typing import EventDict

from service.settings import Settings


def tell_internal_error(error: BaseException, error_id: str) -> None:
    """Where it was and its class, under the id that was told. Its text may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    structlog.get_logger().error(
        "internal_error",
        id=error_id,
        error=type(error).__name__,
        frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )


class _StandardError(io.TextIOBase):
    """Standard error, whatever becomes of it: a log that can't be written fails no request."""

    def write(self, text: str) -> int:
        try:
            return sys.stderr.write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def _completed(_: object, level: str, facts: EventDict) -> EventDict:
    """With what is known of the request, the level and the time; in one step rather than by the
    library's three: there is a line for every request."""
    now = datetime.now(UTC)
    return {**get_contextvars(), **facts, "level": level, "timestamp": now}


def _json(facts: object, **options: Any) -> str:
    return orjson.dumps(facts, option=orjson.OPT_UTC_Z, **options).decode()


def configure(settings: Settings) -> None:
    """Lines for people on a terminal, JSON for everything else."""
    as_json = not sys.stderr.isatty() if settings.log_json is None else settings.log_json
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(_json) if as_json else structlog.dev.ConsoleRenderer()
    )
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[_completed, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _StandardError())),
        cache_logger_on_first_use=False,
    )
