"""One replica at a time tends the registry; indexes are built, dropped, and taken up again."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from service.customers.declared import CompanyType, IndexState
from service.store.company_fields import CompanyFields
from service.store.customers import Customers
from service.store.failures import StoreDefect
from tests.registry.registering import LEVEL, Registered, registered, rows
from tests.uploads.making import NOW, send


async def state(registry: Registered) -> IndexState:
    return (await registry.fields.entry(LEVEL)).declaration.index_state


async def indexes(registry: Registered) -> set[str]:
    return await registry.keeper.indexes.names()


async def test_an_index_is_built_and_told(registry: Registered) -> None:
    await registry.declare(is_indexed=True)
    before = await state(registry)
    await registry.tend()
    known = await registry.customers._collection.index_information()

    assert (IndexState.BUILDING, IndexState.READY) == (before, await state(registry))
    assert [("state", 1), (LEVEL, 1), ("_id", 1)] == list(known[f"company.{LEVEL}"]["key"])


async def test_an_index_that_is_taken_back_is_dropped(registry: Registered) -> None:
    await registry.declare(is_indexed=True)
    await registry.tend()
    await registry.declare(is_indexed=False)
    await registry.tend()

    assert IndexState.NONE is await state(registry)
    assert set() == await indexes(registry)


async def test_no_other_index_is_dropped(registry: Registered) -> None:
    before = await registry.customers._collection.index_information()
    await registry.tend()

    assert before.keys() == (await registry.customers._collection.index_information()).keys()


async def test_an_index_that_is_wanted_again_is_not_dropped(registry: Registered) -> None:
    """Whoever wants to drop it looks first: what it knows may be of before."""
    await registry.declare(is_indexed=True)
    await registry.tend()
    await registry.keeper._tend_indexes({})
    await registry.keeper.settled()

    assert {LEVEL} == await indexes(registry)


async def test_a_build_that_was_cut_off_is_taken_up_at_the_next_start(
    registry: Registered, customers: Customers
) -> None:
    """Declared, and the service ended before anything was built."""
    await registry.declare(is_indexed=True)
    await registered(customers).tend()

    assert IndexState.READY is await state(registry)


async def test_an_index_that_went_missing_is_built_again(registry: Registered) -> None:
    await registry.declare(is_indexed=True)
    await registry.tend()
    await registry.keeper.indexes.drop(LEVEL)
    await registry.tend()

    assert {LEVEL} == await indexes(registry)
    assert IndexState.READY is await state(registry)


async def test_an_index_that_cannot_be_built_is_told_and_can_be_asked_for_again(
    registry: Registered,
) -> None:
    class Refusing:
        def __init__(self, indexes: Any) -> None:
            self.names, self.drop = indexes.names, indexes.drop

        async def build(self, name: str) -> None:
            raise StoreDefect("OperationFailure 67")

    real = registry.keeper.indexes
    registry.keeper.indexes = Refusing(real)  # type: ignore[assignment]
    await registry.declare(is_indexed=True)
    await registry.tend()
    failed = await state(registry)
    registry.keeper.indexes = real
    await registry.tend()
    still = await state(registry)
    await registry.declare(is_indexed=True)
    await registry.tend()

    assert (IndexState.FAILED, IndexState.FAILED) == (failed, still)
    assert IndexState.READY is await state(registry)


async def test_of_several_replicas_one_tends_the_registry(
    registry: Registered, customers: Customers
) -> None:
    await registry.tend()
    other = registered(customers)
    await other.declare(is_indexed=True)
    await other.tend()
    left = await state(other)
    await registry.tend()

    assert (IndexState.BUILDING, IndexState.READY) == (left, await state(other))


async def test_a_replica_that_is_not_heard_of_is_replaced(
    registry: Registered, customers: Customers
) -> None:
    await registry.tend()
    other = registered(customers)
    other.keeper.now = lambda: NOW + timedelta(seconds=11)
    await other.declare(is_indexed=True)
    await other.tend()

    assert IndexState.READY is await state(other)


async def test_a_replica_that_stops_makes_room_at_once(
    registry: Registered, customers: Customers
) -> None:
    await registry.tend()
    await registry.keeper.leave()
    other = registered(customers)
    await other.declare(is_indexed=True)
    await other.tend()

    assert IndexState.READY is await state(other)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def test_a_lease_is_renewed_before_it_ends(
    registry: Registered, customers: Customers
) -> None:
    clock = Clock()
    registry.keeper.now = clock
    await registry.tend()
    clock.now = NOW + timedelta(seconds=6)
    await registry.tend()
    other = registered(customers)
    other.keeper.now = lambda: NOW + timedelta(seconds=11)
    await other.declare(is_indexed=True)
    await other.tend()

    assert IndexState.BUILDING is await state(other)


async def test_a_keeper_that_runs_does_what_is_declared(
    customers: Customers, company_fields: CompanyFields
) -> None:
    """Without being asked to, and until it is stopped."""

    replica = registered(customers, company_fields)
    await send(replica.uploads, *rows("1"))
    running = asyncio.create_task(replica.keeper.run())
    await replica.declare(type=CompanyType.NUMBER, convert=True)
    async with asyncio.timeout(20):
        while (await replica.fields.entry(LEVEL)).work:  # noqa: ASYNC110  # what is waited for is in the store
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert {"X0": 1} == await replica.stored()
