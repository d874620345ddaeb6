"""Failures of the store whose texts hold the canary, as the driver raises them.

Those of connections, which it tries again for a while, are left to a store that hangs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from bson.errors import InvalidDocument
from pymongo.errors import (
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    WriteConcernError,
    WriteError,
)
from pymongo.synchronous.pool import Connection
from pymongo.synchronous.server import Server

from tests.leaks.canary import PERSON

TEXT = f"E11000 duplicate key error dup key: {PERSON}"
_DETAILS: dict[str, Any] = {"errmsg": TEXT, "keyValue": PERSON, "op": PERSON, "index": 0}

ERRORS: dict[str, BaseException] = {
    "a duplicate key": DuplicateKeyError(TEXT, 11000, _DETAILS),
    "a bulk": BulkWriteError({"writeErrors": [{**_DETAILS, "code": 2}], "writeConcernErrors": []}),
    "a bulk that lost": BulkWriteError({"writeErrors": [{**_DETAILS, "code": 11000}]}),
    "a refusal": OperationFailure(TEXT, 2, _DETAILS),
    "a validator's": WriteError(TEXT, 121, _DETAILS),
    "a write's concern": WriteConcernError(TEXT, 64, _DETAILS),
    "too long": ExecutionTimeout(TEXT, 50, _DETAILS),
    "too much": OperationFailure(TEXT, 292, _DETAILS),
    "a document": InvalidDocument(TEXT),
    "nobody's": RuntimeError(TEXT),
    "a key": KeyError(str(PERSON["email"])),
    "a text": UnicodeEncodeError("utf-8", str(PERSON["email"]), 0, 1, TEXT),
}


@contextmanager
def failing_with(error: BaseException) -> Iterator[None]:
    """Whatever is asked of a store fails so, but whether it is there."""
    command = Connection.command

    def fail_unless_asked(
        self: Connection, database: str, spec: Any, *others: Any, **named: Any
    ) -> Any:
        if "ping" in spec or "hello" in spec:
            return command(self, database, spec, *others, **named)
        raise error

    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Connection, "command", fail_unless_asked)
        patched.setattr(Connection, "write_command", fail)
        patched.setattr(Server, "run_operation", fail)
        yield
