"""The database: how it is opened, what stands in it before anything is served, its deadlines."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from motor.frameworks import asyncio as threads
from pymongo import ASCENDING, IndexModel
from starlette.requests import Request

from service.customers.identity import Write
from service.errors import QueryTooSlow, StartError, StoreUnavailable
from service.store import THREADS
from service.store import database as databases
from service.store.customers import Customers
from service.store.database import (
    ASKING,
    POOL_SIZE,
    Database,
    check_claims_key,
    ensure_indexes,
    ensure_validator,
    open_database,
)
from service.store.documents import IDENTITY_INDEXES, READING_INDEXES, VALIDATOR
from service.store.pages import PageRequest
from service.web import health
from tests.store.silent import silent_server
from tests.uploads.making import DIGESTER, send, uploads_on

PATIENCE = 20.0
"""Seconds after which a test that should have ended by a deadline of its own counts as hung."""


async def test_another_claims_key_is_refused(database: Database) -> None:
    """The first key that comes stays; to come with it again is right."""
    await check_claims_key(database, "fingerprint")
    await check_claims_key(database, "fingerprint")

    with pytest.raises(StartError, match="made with another claims key") as refused:
        await check_claims_key(database, "another")

    assert "fingerprint" not in str(refused.value)


async def test_keys_that_race_leave_one(database: Database) -> None:
    """Of services that start together with different keys, one starts."""
    ends = await asyncio.gather(
        *(check_claims_key(database, f"key {number}") for number in range(8)),
        return_exceptions=True,
    )

    assert 1 == ends.count(None)
    assert all(end is None or isinstance(end, StartError) for end in ends)


async def test_indexes_are_declared_again_at_every_start(database: Database) -> None:
    declared = [*IDENTITY_INDEXES, *READING_INDEXES]
    await ensure_indexes(database.customers, declared)
    await ensure_indexes(database.customers, declared)
    stand = await database.customers.index_information()

    assert {"_id_", *(index.document["name"] for index in declared)} == set(stand)
    assert stand["claims"]["unique"]


async def test_an_index_that_documents_break_is_told_without_them(database: Database) -> None:
    await database.customers.insert_many([{"_id": n, "email": "ann@x.org"} for n in range(2)])
    unique = IndexModel([("email", ASCENDING)], name="emails", unique=True)

    with pytest.raises(StartError, match="indexes of the collection customers cannot") as refused:
        await ensure_indexes(database.customers, [unique])

    assert "x.org" not in str(refused.value)


@pytest.mark.parametrize("store_name", ["embedded"])
async def test_a_validator_is_put_on_a_collection_that_stands_already(database: Database) -> None:
    """And it refuses a fragment, which an update of a customer that is gone would leave."""
    await database.customers.insert_one({"_id": "old"})
    await ensure_validator(database, "customers", VALIDATOR)

    with pytest.raises(Exception, match="validation"):
        await database.customers.update_one({"_id": "a", "rev": 3}, {"$set": {"n": 1}}, upsert=True)


ADDRESSES = {
    "nothing": "",
    "no address": "secret",
    "another database": "postgres://ann:secret@127.0.0.1/",
    "no host": "mongodb://ann:secret@/",
    "a slash in the password": "mongodb://ann:se/cret@127.0.0.1/",
    "an at in the password": "mongodb://ann:s@secret@127.0.0.1/",
    "a percent in the password": "mongodb://ann:%secret@127.0.0.1/",
    "a port past all": "mongodb://ann:secret@127.0.0.1:99999/",
    "an option of another kind": "mongodb://ann:secret@127.0.0.1:9/?tls=maybe",
    "an authority that is not there": "mongodb://ann:secret@127.0.0.1:9/?tls=true&tlsCAFile=/none",
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("uri", ADDRESSES.values(), ids=ADDRESSES.keys())
async def test_an_address_that_cannot_be_read_is_told_without_it(uri: str) -> None:
    with pytest.raises(StartError, match="MONGODB_URI is not the address of a MongoDB") as refused:
        await open_database(uri, "x", timeout=1)

    assert "cret" not in str(refused.value)


async def test_a_server_that_is_not_there_is_told_within_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(databases, "OPENING", 0.5)

    with pytest.raises(StartError, match=r"No MongoDB answers at 127\.0\.0\.1:9\.") as refused:
        async with asyncio.timeout(PATIENCE):
            await open_database("mongodb://ann:secret@127.0.0.1:9/", "x", timeout=60)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("greets", [False, True], ids=["says nothing", "greets alone"])
async def test_a_server_that_hangs_is_told_within_seconds(
    greets: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that accepts the connection and goes silent, at once or after it has said who it is."""
    monkeypatch.setattr(databases, "OPENING", 0.5)

    async with silent_server(greets=greets) as uri:
        with pytest.raises(StartError, match=r"No MongoDB answers at 127\.0\.0\.1:") as refused:
            async with asyncio.timeout(PATIENCE):
                await open_database(uri, "x", timeout=60)

    assert "secret" not in str(refused.value)


@pytest_asyncio.fixture(params=[False, True], ids=["says nothing", "greets alone"])
async def hung(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database on a server that hangs; it is also left in time."""
    async with silent_server(greets=request.param) as uri:
        database = Database(databases._client(uri), "x", timeout=0.3)
        yield database
        async with asyncio.timeout(PATIENCE):
            await database.close()


OPERATIONS: dict[str, Callable[[Customers], Awaitable[object]]] = {
    "candidates": lambda customers: customers.candidates(["d"] * 3000),
    "a page": lambda customers: customers.page(PageRequest(first=5), {"_id": 1}),
    "a count": lambda customers: customers.count({}),
    "by ids": lambda customers: customers.by_ids(["c.1"], {"_id": 1}),
    "by identifier": lambda customers: customers.by_identifier("email", "e", {"_id": 1}),
    "an upload": lambda customers: send(uploads_on(customers), {"email": "ann@example.org"}),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
async def test_an_operation_on_a_server_that_hangs_ends_by_its_deadline(
    hung: Database, operation: Callable[[Customers], Awaitable[object]]
) -> None:
    with pytest.raises(StoreUnavailable):
        async with asyncio.timeout(PATIENCE):
            await operation(Customers(hung, DIGESTER))


@pytest.mark.parametrize("store_name", ["embedded"])
async def test_a_query_past_its_time_is_too_slow_where_the_store_still_answers(
    database: Database,
) -> None:
    """Whether or not the store ends anything by itself; other operations have longer."""
    hurried = Database(database.client, database.raw.name, timeout=PATIENCE, query_timeout=0.1)

    with pytest.raises(QueryTooSlow):
        async with asyncio.timeout(PATIENCE), hurried.query():
            await asyncio.Event().wait()

    async with hurried.deadline() as milliseconds:
        assert PATIENCE * 1000 == milliseconds


async def test_a_write_on_a_server_that_hangs_ends_by_its_deadline(hung: Database) -> None:
    """Its fate is unknown, and it is not told as a lost race."""
    customers = Customers(hung, DIGESTER)
    writes: list[Write] = []

    class Seen:
        async def candidates(self, *_: object, **__: object) -> list[object]:
            return []

        async def write(self, given: list[Write]) -> list[Write]:
            writes.extend(given)
            return []

    await send(uploads_on(Seen()), {"external_id": "X1"})  # type: ignore[arg-type]

    with pytest.raises(StoreUnavailable):
        async with asyncio.timeout(PATIENCE):
            await customers.write(writes)


async def test_readiness_is_told_while_everything_else_hangs(
    hung: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More operations wait than the driver has connections and threads."""
    monkeypatch.setattr(health, "PATIENCE", 0.3)
    hung.timeout = 3.0
    waiting = [asyncio.create_task(hung.ping()) for _ in range(64)]
    async with asyncio.timeout(PATIENCE):
        answer = await health.ready(Request({"type": "http", "state": {"database": hung}}))
    pending = sum(not task.done() for task in waiting)
    await asyncio.gather(*waiting, return_exceptions=True)

    assert 503 == answer.status_code
    assert "2" == answer.headers["retry-after"]
    assert {"status": "unavailable", "code": "STORE_UNAVAILABLE"} == json.loads(bytes(answer.body))
    assert 64 == pending


def test_the_driver_has_as_many_threads_as_it_was_told() -> None:
    """It reads the number when it is imported, by whomever."""
    assert THREADS == threads.max_workers
    assert THREADS + ASKING <= POOL_SIZE
