"""However much there is to read or write, no one command holds more than a bounded part of it."""

import asyncio
from typing import Any

import pytest

from service.customers.identity import Write
from service.customers.records import new_record
from service.store.customers import BULK, CHUNK, READS_AT_ONCE, Customers
from service.store.database import Database
from tests.mock import mock_client
from tests.uploads.making import DIGESTER, NOW


class Measuring:
    """A collection that finds nobody and keeps nothing, but the size of each command."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.at_once = self.most_at_once = 0

    async def bulk_write(self, operations: list[object], **_: object) -> None:
        self.sizes.append(len(operations))

    def find(self, where: Any, *_: object, **__: object) -> "Measuring":
        self.sizes.append(len(where["keys"]["$in"]))
        return self

    async def to_list(self, _: None) -> list[Any]:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return []


@pytest.fixture
def measured() -> Measuring:
    return Measuring()


@pytest.fixture
def customers(measured: Measuring) -> Customers:
    database = Database(mock_client(), "measured", timeout=10.0)
    customers = Customers(database, DIGESTER)
    customers._collection = customers._decisive = measured  # type: ignore[assignment]
    return customers


async def test_candidates_are_read_in_chunks_a_few_at_once(
    customers: Customers, measured: Measuring
) -> None:
    await customers.candidates(str(number) for number in range(8 * CHUNK + 1))

    assert [1, *[CHUNK] * 8] == sorted(measured.sizes)
    assert READS_AT_ONCE == measured.most_at_once


async def test_customers_are_written_in_bulks(customers: Customers, measured: Measuring) -> None:
    made = [new_record(f"c.{number}", {}, NOW) for number in range(2 * BULK + 1)]

    await customers.write([Write(record, record, (0,)) for record in made])

    assert [BULK, BULK, 1] == measured.sizes
