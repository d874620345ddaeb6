"""The service's own log: one JSON object a line, and never the reason why something fails."""

import io
import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from service.logs import configure, tell_internal_error
from service.settings import Settings


class Gone(io.StringIO):
    """Standard error whose reader is gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with the time, level and event; line breaks in a fact stay in it."""
    configure(Settings(log_json=True))
    structlog.get_logger().info("something", fact='two\nlines, "quoted"')
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    told = json.loads(line)

    assert "" == captured.out
    assert ("something", "info", 'two\nlines, "quoted"') == (
        told["event"],
        told["level"],
        told["fact"],
    )
    assert told["timestamp"].endswith("Z")


def test_less_than_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(log_json=True, log_level="WARNING"))
    structlog.get_logger().info("something")

    assert "" == capsys.readouterr().err


def test_a_log_that_nobody_reads_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(Settings(log_json=True))
    monkeypatch.setattr(sys, "stderr", Gone())

    structlog.get_logger().info("something")


def test_an_internal_error_is_told_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    """By its class and where it was, under the id that was told to whoever asked."""
    configure(Settings(log_json=True))
    try:
        raise LookupError("ann@example.org")
    except LookupError as error:
        tell_internal_error(error, "an-id")
    line = capsys.readouterr().err

    assert "ann@example.org" not in line
    assert ("internal_error", "an-id", "LookupError") == tuple(
        json.loads(line)[key] for key in ("event", "id", "error")
    )
    assert "test_logs.py" in json.loads(line)["frames"][-1]
