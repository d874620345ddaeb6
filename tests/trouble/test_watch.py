"""The watch over the store, without the service around it: operations have a minute each."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from service.errors import StoreUnavailable
from service.store import THREADS
from service.store.database import Database, open_database
from service.store.watch import ASKED_AFTER, PATIENCE
from tests.trouble.proxy import Exchange, Proxy, greeting_alone, hanging, passing, proxied
from tests.trouble.served import PATIENCE as ENOUGH
from tests.trouble.served import port_of

MINUTE = 60.0
LONGER = sum((ASKED_AFTER, *PATIENCE)) + 0.5
"""Seconds after which a store that hangs has been told."""


@pytest_asyncio.fixture
async def proxy(embedded_uri: str) -> AsyncIterator[Proxy]:
    async with proxied(port_of(embedded_uri)) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def database(proxy: Proxy) -> AsyncIterator[Database]:
    """One that is watched, behind the proxy."""
    name = f"test_{secrets.token_hex(6)}"
    database = await open_database(proxy.address, name, timeout=MINUTE)
    async with database.watched():
        yield database
    await database.close()


async def count(database: Database) -> int:
    async with asyncio.timeout(ENOUGH), database.deadline():
        return int(await database.customers.count_documents({}))


async def names(database: Database) -> list[str]:
    async with asyncio.timeout(ENOUGH), database.deadline():
        return list(await database.customers.distinct("first_name"))


async def until_found(database: Database) -> None:
    async with asyncio.timeout(ENOUGH):
        while database.watch.is_lost:
            await database.answers(0.1)


async def test_who_waits_for_a_store_that_hangs_is_told(database: Database, proxy: Proxy) -> None:
    """The failure is that of the store, and not the test's own patience."""
    proxy.rule = greeting_alone
    ends = await asyncio.gather(count(database), count(database), return_exceptions=True)

    assert database.watch.is_lost
    assert [StoreUnavailable] * 2 == list(map(type, ends))


async def test_what_hung_holds_up_nobody_once_the_store_is_back(
    database: Database, proxy: Proxy
) -> None:
    """There is more of it than threads and connections, and nothing ever comes through those."""
    proxy.rule = greeting_alone
    many = range(THREADS + 8)
    await asyncio.gather(*(count(database) for _ in many), return_exceptions=True)
    proxy.rule = passing
    await until_found(database)

    assert [0] * len(many) == await asyncio.gather(*(count(database) for _ in many))


async def test_nothing_waits_for_a_store_that_is_known_not_to_answer(
    database: Database, proxy: Proxy
) -> None:
    """Nor reaches it: it is asked by the watch alone."""
    proxy.rule = hanging
    with pytest.raises(StoreUnavailable):
        await count(database)
    asked: set[str] = set()

    async def noting(exchange: Exchange) -> None:
        asked.add(exchange.command)
        await (passing if exchange.is_greeting else hanging)(exchange)

    proxy.rule = noting
    async with asyncio.timeout(ENOUGH):
        while "find" not in asked:
            with pytest.raises(StoreUnavailable):
                await names(database)
            await database.answers(0.1)

    assert "distinct" not in asked


async def test_a_slow_operation_is_waited_for_while_the_store_answers_others(
    database: Database, proxy: Proxy
) -> None:
    """For longer than a store has that hangs."""
    done = asyncio.Event()

    async def slow(exchange: Exchange) -> None:
        if exchange.command == "aggregate":
            await done.wait()
        await passing(exchange)

    proxy.rule = slow
    counting = asyncio.create_task(count(database))
    ended, _ = await asyncio.wait([counting], timeout=LONGER)
    done.set()

    assert not ended
    assert 0 == await counting


async def test_one_connection_that_is_dead_is_no_store_that_is_lost(
    database: Database, proxy: Proxy
) -> None:
    """Be it the one that the watch asks by."""
    dead = asyncio.Event()

    async def rule(exchange: Exchange) -> None:
        if exchange.command == "aggregate" or (exchange.command == "find" and not dead.is_set()):
            if exchange.command == "find":
                dead.set()
            await hanging(exchange)
        await passing(exchange)

    proxy.rule = rule
    counting = asyncio.create_task(count(database))
    ended, _ = await asyncio.wait([counting], timeout=LONGER)
    counting.cancel()

    assert dead.is_set()
    assert not ended
