"""What libraries and the interpreter say by themselves is one log line, without its text."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

CANARY = "zebrafink"
BEGIN = """
import asyncio, gc, logging, sys, threading, warnings
from service.logs import configure
from service.settings import Settings
from service.strays import take_over
configure(Settings(log_json=True, log_level="DEBUG"))
take_over()
async def failing():
    raise LookupError("zebrafink@example.org")
async def forgotten():
    asyncio.create_task(failing())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
class Closing:
    def __del__(self):
        raise LookupError("zebrafink@example.org")
"""
LESS = "less than a warning"
SAID = {
    LESS: "logging.getLogger('pymongo').debug('zebrafink'); logging.info('zebrafink')",
    "a task whose failure nobody took": "asyncio.run(forgotten()); gc.collect()",
    "a library's log": "logging.getLogger('pymongo').error('of %s', 'zebrafink')",
    "a log with an exception": "try:\n    {}['zebrafink']\nexcept KeyError:\n"
    "    logging.getLogger('asyncio').exception('zebrafink')",
    "a log that can't be written": "logging.getLogger('x').error('%d', 'zebrafink')",
    "a warning": "warnings.warn('zebrafink')",
    "a thread": "one = threading.Thread(target=lambda: {}['zebrafink']); one.start(); one.join()",
    "what can't be raised": "Closing()",
    "what ends the process": "raise LookupError('zebrafink')",
}


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """What one process says on standard error, by what made it say so. It ends with the last."""
    begun = "".join(
        f"print({name!r}, file=sys.stderr, flush=True)\n{said}\n" for name, said in SAID.items()
    )
    ended = subprocess.run(
        [sys.executable, "-c", BEGIN + begun],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[1],
    )
    parts: dict[str, list[str]] = {}
    for line in (ended.stdout + ended.stderr).splitlines():
        if line in SAID:
            parts[line] = []
        else:
            list(parts.values())[-1].append(line)
    return {name: "\n".join(lines) for name, lines in parts.items()}


@pytest.mark.parametrize("name", [name for name in SAID if name != LESS])
def test_what_is_said_beside_the_log_is_a_line_of_it(said: dict[str, str], name: str) -> None:
    told = orjson.loads(said[name])

    assert CANARY not in said[name]
    assert "said_beside_the_log" == told["event"]
    assert told["said_by"]


def test_what_is_less_than_a_warning_is_not_said(said: dict[str, str]) -> None:
    assert "" == said[LESS]
