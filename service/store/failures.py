"""The driver's failures as the service's own: their texts hold what was read or written."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from bson.errors import BSONError
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    PyMongoError,
    WriteConcernError,
)
from structlog.typing import FilteringBoundLogger

from service.errors import QueryTooSlow, StoreUnavailable

_TOO_MUCH = frozenset({146, 292, 16819, 16945})
"""Codes of MongoDB for a query that would hold more in memory than it may: too many groups, or too
many customers to sort."""

_AWAY = frozenset(
    {6, 7, 89, 91, 133, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436}
)
"""Codes of MongoDB for a server that is primary no more, or shuts down, or does not reach another:
nothing is wrong with what was asked, and the next one takes it. Most of them the driver tells as a
lost connection; as the error of a write among others they come as they are."""

_log: FilteringBoundLogger = structlog.get_logger()


class StoreDefect(Exception):
    """The database refused an operation that it should take. Names the failure and no data."""


@contextmanager
def told(*, reading: bool = False) -> Iterator[None]:
    """Raises StoreUnavailable when the database does not answer in time or cannot make a write
    last; QueryTooSlow when it answers that the bound of time or of memory is over, if `reading`;
    StoreDefect for whatever else goes wrong in the driver. Only BulkWriteError and
    DuplicateKeyError pass: they are for the caller to read, and hold personal data.
    """
    try:
        yield
    except (BulkWriteError, DuplicateKeyError):
        raise
    except ExecutionTimeout as error:
        _tell("store_too_slow", error)
        raise (QueryTooSlow() if reading else StoreUnavailable()) from None
    except (ConnectionFailure, WriteConcernError, TimeoutError) as error:
        _tell("store_unavailable", error)
        raise StoreUnavailable from None
    except (PyMongoError, BSONError) as error:
        code = getattr(error, "code", None)
        if reading and code in _TOO_MUCH:
            _tell("store_too_slow", error)
            raise QueryTooSlow from None
        if code in _AWAY:
            _tell("store_unavailable", error)
            raise StoreUnavailable from None
        _tell("store_defect", error)
        raise StoreDefect(named(error)) from None


def named(error: Exception) -> str:
    """Its class and code, never its text."""
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"


def _tell(event: str, error: Exception) -> None:
    _log.warning(event, error=named(error))
