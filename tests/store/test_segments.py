"""Segments as they are kept, and who is in one, by what the stores look at."""

import pytest

from service.store.customers import Customers
from service.store.database import Database
from service.store.opening import prepare
from service.store.segments import Segments
from tests.conftest import STORES
from tests.graphql.stored import document, store
from tests.store.explaining import Recorder, explained, recorded_by
from tests.uploads.making import DIGESTER

WIRE = [name for name in STORES if name != "mock"]


@pytest.mark.parametrize("store_name", WIRE)
async def test_whether_one_is_in_a_segment_takes_a_look_at_that_one(
    customers: Customers, database: Database, store_uri: str
) -> None:
    await store(customers, [document(number, city="Oulu") for number in range(300)])
    recorder = Recorder()
    where = {"city": {"$gte": "O"}, "$nor": [{"tags": "vip"}]}
    async with recorded_by(recorder, database, store_uri) as seen:
        assert await Customers(seen, DIGESTER).meets("c.0007", where)

    (command,) = recorder.commands
    assert 1 == (await explained(database, command)).examined


@pytest.mark.parametrize("store_name", WIRE)
async def test_names_are_unique_before_anything_is_served(database: Database) -> None:
    await prepare(database, "k" * 32)

    found = await Segments(database)._collection.index_information()
    assert found["name"]["unique"]
