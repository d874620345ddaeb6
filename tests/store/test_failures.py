"""The driver's failures: what becomes of each, and that nothing of its text goes on."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from typing import NoReturn

import pytest
from bson.errors import InvalidDocument
from pymongo import errors as driver
from structlog.testing import capture_logs

from service.errors import QueryTooSlow, StoreUnavailable
from service.store.customers import Customers
from service.store.database import Database
from service.store.failures import StoreDefect, told
from service.store.pages import PageRequest
from tests.uploads.making import DIGESTER

PERSON = "ann@example.org"
DETAILS = {"keyValue": {"email": PERSON}, "errmsg": f"dup key: {PERSON}", "op": {"email": PERSON}}

TOLD: dict[str, tuple[Exception, type[Exception]]] = {
    "refused": (driver.OperationFailure(PERSON, 13, DETAILS), StoreDefect),
    "over the bound": (driver.ExecutionTimeout(PERSON, 50, DETAILS), StoreUnavailable),
    "not lasting": (driver.WriteConcernError(PERSON, 64, DETAILS), StoreUnavailable),
    "not lasting in time": (driver.WTimeoutError(PERSON, 64, DETAILS), StoreUnavailable),
    "no primary": (driver.NotPrimaryError(PERSON, DETAILS), StoreUnavailable),
    "connection lost": (driver.AutoReconnect(PERSON, [PERSON]), StoreUnavailable),
    "no server": (driver.ServerSelectionTimeoutError(PERSON), StoreUnavailable),
    "no connection free": (driver.WaitQueueTimeoutError(PERSON), StoreUnavailable),
    "no answer in time": (driver.NetworkTimeout(PERSON), StoreUnavailable),
    "our own deadline": (TimeoutError(PERSON), StoreUnavailable),
    "too large": (driver.DocumentTooLarge(PERSON), StoreDefect),
    "not to be stored": (InvalidDocument(PERSON), StoreDefect),
    "primary no more": (driver.OperationFailure(PERSON, 10107, DETAILS), StoreUnavailable),
    "a write that met a step-down": (driver.WriteError(PERSON, 11602, DETAILS), StoreUnavailable),
    "closed": (driver.InvalidOperation(PERSON), StoreDefect),
}


def everything_of(error: BaseException) -> str:
    """All that a log with a traceback would show."""
    return "".join(traceback.format_exception(error)) + str(error) + repr(error)


@pytest.mark.parametrize(("raised", "expected"), TOLD.values(), ids=TOLD.keys())
def test_a_failure_of_the_driver_becomes_ours_without_its_text(
    raised: Exception, expected: type[Exception]
) -> None:
    with capture_logs() as logs, pytest.raises(expected) as caught, told():
        raise raised

    assert PERSON not in everything_of(caught.value)
    assert PERSON not in repr(logs)
    assert 1 == len(logs)
    assert logs[0]["error"].startswith(type(raised).__name__)


def test_a_query_past_its_bound_is_too_slow_rather_than_a_store_that_is_down() -> None:
    with pytest.raises(QueryTooSlow), told(reading=True):
        raise driver.ExecutionTimeout(PERSON, 50, DETAILS)


def test_a_query_that_would_hold_too_much_is_too_slow_rather_than_a_defect() -> None:
    with pytest.raises(QueryTooSlow), told(reading=True):
        raise driver.OperationFailure(PERSON, 292, DETAILS)


@pytest.mark.parametrize(
    "raised", [driver.BulkWriteError({"writeErrors": [DETAILS]}), driver.DuplicateKeyError("")]
)
def test_what_tells_a_lost_race_passes_for_its_reader(raised: Exception) -> None:
    with capture_logs() as logs, pytest.raises(type(raised)) as caught, told():
        raise raised

    assert raised is caught.value
    assert [] == logs


def test_being_cancelled_is_no_failure() -> None:
    with capture_logs() as logs, pytest.raises(asyncio.CancelledError), told():
        raise asyncio.CancelledError

    assert [] == logs


class _Slow:
    """A collection that gives every query up when its bound is over."""

    def find(self, *_: object, **__: object) -> "_Slow":
        return self

    async def to_list(self, _: object) -> NoReturn:
        raise driver.ExecutionTimeout(PERSON, 50, DETAILS)

    async def count_documents(self, *_: object, **__: object) -> NoReturn:
        raise driver.ExecutionTimeout(PERSON, 50, DETAILS)


@pytest.mark.parametrize("store_name", ["mock"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda customers: customers.count({}),
        lambda customers: customers.page(PageRequest(first=1), {}),
        lambda customers: customers.by_identifier("email", PERSON, {}),
    ],
    ids=["a count", "a page", "by an identifier"],
)
async def test_queries_of_customers_may_be_too_slow(
    database: Database, ask: Callable[[Customers], Awaitable[object]]
) -> None:
    """So that a count that takes too long leaves its page standing."""
    customers = Customers(database, DIGESTER)
    customers._collection = customers._shown = _Slow()  # type: ignore[assignment]

    with pytest.raises(QueryTooSlow):
        await ask(customers)


class _Failing:
    """A collection whose bulk ends with these details."""

    def __init__(self, details: dict[str, object]) -> None:
        self._details = details

    async def bulk_write(self, *_: object, **__: object) -> None:
        raise driver.BulkWriteError(self._details)


def _lost(index: int) -> dict[str, object]:
    return {"index": index, "code": 11000, **DETAILS}


def _failing(database: Database, details: dict[str, object]) -> Customers:
    customers = Customers(database, DIGESTER)
    customers._collection = _Failing(details)  # type: ignore[assignment]
    return customers


OPEN: dict[str, dict[str, object]] = {
    "another error": {"writeErrors": [_lost(0), {"index": 1, "code": 91, **DETAILS}]},
    "not lasting": {"writeErrors": [], "writeConcernErrors": [{"code": 64, **DETAILS}]},
    "lost and not lasting": {"writeErrors": [_lost(0)], "writeConcernErrors": [{"code": 64}]},
}


@pytest.mark.parametrize("store_name", ["mock"])
@pytest.mark.parametrize("details", OPEN.values(), ids=OPEN.keys())
async def test_a_bulk_whose_fate_is_open_is_a_store_that_is_down(
    database: Database, details: dict[str, object]
) -> None:
    """And says nothing of the customers that the driver's error holds."""
    with capture_logs() as logs, pytest.raises(StoreUnavailable) as caught:
        await _failing(database, details)._write([])

    assert PERSON not in everything_of(caught.value)
    assert PERSON not in repr(logs)
