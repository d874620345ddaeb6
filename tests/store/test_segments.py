"""Segments as they are kept, and who is in one, by what the stores look at."""

from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from service.store.customers import Customers
from service.store.database import Database
from service.store.opening import prepare
from service.store.segments import Segments
from tests.conftest import STORES
from tests.graphql.stored import document, store
from tests.store.test_searches import Recorder, examined
from tests.uploads.making import DIGESTER

WIRE = [name for name in STORES if name != "mock"]


@pytest.mark.parametrize("store_name", WIRE)
async def test_whether_one_is_in_a_segment_takes_a_look_at_that_one(
    customers: Customers, database: Database, store_uri: str
) -> None:
    await store(customers, [document(number, city="Oulu") for number in range(300)])
    recorder = Recorder()
    client: Any = AsyncIOMotorClient(store_uri, event_listeners=[recorder], tz_aware=True)
    recorded = Customers(Database(client, database.raw.name, timeout=10), DIGESTER)

    assert await recorded.meets("c.0007", {"city": {"$gte": "O"}, "$nor": [{"tags": "vip"}]})
    client.close()

    (command,) = recorder.commands
    told = await database.raw.command({"explain": command, "verbosity": "executionStats"})
    assert 1 == examined(told), told


@pytest.mark.parametrize("store_name", WIRE)
async def test_names_are_unique_before_anything_is_served(database: Database) -> None:
    await prepare(database, "k" * 32)

    found = await Segments(database)._collection.index_information()
    assert found["name"]["unique"]
