"""What a check is: one assumption about the store, tried on a collection of its own."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from pymongo.errors import BulkWriteError, OperationFailure

from service.store.database import Collection

DUPLICATE_KEY = 11000
FAILED_VALIDATION = 121

Body = Callable[[Collection], Coroutine[Any, Any, None]]
"""Tries the assumption on an empty collection; raises Unmet."""


class Unmet(Exception):
    """The store did something else; the text says what was expected and what happened."""


@dataclass(frozen=True, slots=True)
class Check:
    """`fact` is what MongoDB does, `description` what we rest on it."""

    name: str
    description: str
    fact: str
    run: Body


def check(group: list[Check], fact: str) -> Callable[[Body], Body]:
    """Adds the function to the group; its docstring describes it in one line."""

    def add(body: Body) -> Body:
        group.append(Check(body.__name__, (body.__doc__ or "").strip(), fact, body))
        return body

    return add


def expect(what: str, expected: object, actual: object) -> None:
    """Equal, and of the same types: `1`, `1.0` and `True` are three values."""
    if repr(expected) != repr(actual):
        raise Unmet(f"{what}: expected {expected!r}, got {actual!r}")


async def code_of(operation: Awaitable[Any]) -> int | None:
    """The code with which the operation fails, a bulk by its first failure; None if it succeeds."""
    try:
        await operation
    except BulkWriteError as error:
        return int(write_errors(error)[0]["code"])
    except OperationFailure as error:
        return error.code
    return None


def write_errors(error: BulkWriteError) -> list[dict[str, Any]]:
    return list((error.details or {}).get("writeErrors", []))
