"""Others who write at the same time: between the reading and the writing, or while reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.customers.identity import Write
from service.customers.records import Record
from service.store.customers import Customers
from tests.uploads.making import ends, send, uploads_on
from tests.uploads.memory import MemoryStore

E1 = "e1@example.org"


async def test_a_write_that_lost_a_race_is_a_conflict() -> None:
    """Somebody else writes between the reading and the writing of this upload."""
    store = MemoryStore()
    await send(uploads_on(store), {"external_id": "X1"})

    class Racing(MemoryStore):
        async def write(self, writes: Sequence[Write]) -> list[Write]:
            (record,) = self.records.values()
            self.records[record.id] = replace(record, rev=record.rev + 1)
            return await super().write(writes)

    racing = Racing()
    racing.records = store.records

    results = await send(uploads_on(racing), {"external_id": "X1", "city": "Turku"})

    assert ["REJECTED CONFLICT"] == ends(results)


async def test_a_customer_that_was_not_created_after_all_is_nobody() -> None:
    """Somebody else takes the identifier first: the row meets no customer, and says so."""

    class Racing(MemoryStore):
        async def write(self, writes: Sequence[Write]) -> list[Write]:
            return list(writes)

    (result,) = await send(uploads_on(Racing()), {"external_id": "X1"})

    assert "REJECTED CONFLICT" == ends([result])[0]
    assert () == result.customer_ids


async def test_a_read_torn_between_two_writes_is_read_again() -> None:
    """A gap in the numbers of a shared e-mail: one of its holders was missed."""
    store = MemoryStore()
    await send(
        uploads_on(store), {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1}
    )

    class Torn(MemoryStore):
        async def candidates(self, digests: Iterable[str]) -> list[Record]:
            found = await super().candidates(digests)
            return found[1:] if self.reads == 1 else found

    torn = Torn()
    torn.records = store.records

    results = await send(uploads_on(torn), {"email": E1, "city": "Turku"})

    assert 2 == len(results[0].customer_ids)
    assert 2 == torn.reads


@dataclass
class Overtaken:
    """A store where another upload of the same customer is quicker to write."""

    customers: Customers

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        return await self.customers.candidates(digests)

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        await send(uploads_on(self.customers), {"external_id": "X1", "city": "Oulu"})
        return await self.customers.write(writes)


async def test_an_update_that_lost_a_race_is_a_conflict_of_its_rows_alone(
    customers: Customers,
) -> None:
    """On a store, whose validator refuses it before its taken `_id` does; others still go in."""
    await send(
        uploads_on(customers, new_id=iter(["c.1", "c.2"]).__next__),
        {"external_id": "X1"},
        {"external_id": "X2"},
    )

    results = await send(
        uploads_on(Overtaken(customers)),
        {"external_id": "X1", "city": "Turku"},
        {"external_id": "X2", "city": "Turku"},
    )

    stored = await customers.by_ids(["c.1", "c.2"], {"city": 1})
    assert ["REJECTED CONFLICT", "UPDATED"] == ends(results)
    assert {"c.1": "Oulu", "c.2": "Turku"} == {found["_id"]: found["city"] for found in stored}
