"""Stored values are brought to the declared type, whoever writes meanwhile and however it ends."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.customers.changes import Value
from service.customers.declared import CompanyType, TypeState
from service.errors import StoreUnavailable
from service.store.company_fields import CompanyFields
from service.store.company_values import CompanyValues, Held
from service.store.customers import Customers
from service.uploads.parts import NoRegistry
from tests.registry.registering import LEVEL, Registered, registered, rows
from tests.uploads.making import DIGESTER, send

NUMBERS = {"X0": 1, "X1": 2, "X2": 3}


async def state(registry: Registered) -> TypeState:
    return (await registry.fields.entry(LEVEL)).declaration.type_state


async def test_values_are_converted_and_the_type_is_enforced(registry: Registered) -> None:
    await send(registry.uploads, *rows(1, "2", "3"))
    await registry.declare(type=CompanyType.NUMBER, convert=True)
    before = await state(registry)
    await registry.tend()

    assert NUMBERS == await registry.stored()
    assert (TypeState.CONVERTING, TypeState.ENFORCED) == (before, await state(registry))


async def test_a_moment_is_stored_as_one_and_told_as_text_once_the_type_is_taken_back(
    registry: Registered,
) -> None:
    await send(registry.uploads, *rows("2015-08-28"))
    await registry.declare(type=CompanyType.DATE_TIME, convert=True)
    await registry.tend()
    stored = await registry.stored()
    await registry.declare(type=CompanyType.ANY)
    await registry.tend()

    assert {"X0": datetime(2015, 8, 28, tzinfo=UTC)} == stored
    assert {"X0": "2015-08-28T00:00:00Z"} == await registry.stored()


async def test_a_converted_customer_has_another_revision_and_the_same_time_of_change(
    registry: Registered,
) -> None:
    """An upload that read it before loses against it."""
    await send(registry.uploads, *rows("2"))
    before = await registry.customers._collection.find_one({})
    await registry.declare(type=CompanyType.NUMBER, convert=True)
    await registry.tend()
    after = await registry.customers._collection.find_one({})

    assert before is not None
    assert {**before, LEVEL: 2, "rev": before["rev"] + 1} == after


async def test_what_is_uploaded_again_after_its_conversion_is_unchanged(
    registry: Registered,
) -> None:
    sent = rows("2", "3")
    await send(registry.uploads, *sent)
    await registry.declare(type=CompanyType.NUMBER, convert=True)
    await registry.tend()
    results = await send(registry.uploads, *sent)

    assert ["UNCHANGED", "UNCHANGED"] == [result.status for result in results]


class Overtaken(CompanyValues):
    """A customer is changed between being read and being written."""

    def __init__(self, registry: Registered) -> None:
        super().__init__(registry.fields.database)
        self._uploads = registry.uploads
        self.rows: list[dict[str, object]] = []

    async def replace(self, name: str, changes: Sequence[tuple[Held, Value]]) -> None:
        sent, self.rows = self.rows, []
        await send(self._uploads, *sent)
        await super().replace(name, changes)


async def test_an_upload_that_comes_between_is_kept_and_its_customer_converted(
    registry: Registered,
) -> None:
    await send(registry.uploads, *rows("1", "2", "3"))
    values = Overtaken(registry)
    replica = registered(registry.customers, values=values)
    await registry.declare(type=CompanyType.NUMBER, convert=True)
    values.rows = [{"external_id": "X1", "city": "Epwell"}, {"external_id": "X2", LEVEL: 7}]
    await replica.tend()

    assert {"X0": 1, "X1": 2, "X2": 7} == await registry.stored()
    assert {"X1": "Epwell"} == await registry.stored("city")


def unaware(customers: Customers) -> Registered:
    """A replica whose uploads know nothing of the registry."""
    replica = registered(customers)
    replica.uploads = replace(replica.uploads, registry=NoRegistry())
    return replica


async def test_what_another_replica_wrote_without_knowing_of_the_type_is_converted_at_last(
    customers: Customers, company_fields: CompanyFields
) -> None:
    """It was sent before that replica looked at the registry again, and landed once all that was
    known of had been converted."""
    stale = unaware(customers)

    async def settle() -> None:
        await send(stale.uploads, {"external_id": "X9", LEVEL: "9"})

    replica = registered(customers, company_fields, settle)
    await send(replica.uploads, *rows("1"))
    await replica.declare(type=CompanyType.NUMBER, convert=True)
    await replica.tend()

    assert {"X0": 1, "X9": 9} == await replica.stored()
    assert TypeState.ENFORCED is await state(replica)


async def test_a_value_that_breaks_the_type_and_came_meanwhile_fails_the_conversion(
    customers: Customers, company_fields: CompanyFields
) -> None:
    """It is told so; the type can be declared again, once that value is gone."""
    stale = unaware(customers)

    async def settle() -> None:
        await send(stale.uploads, {"external_id": "X9", LEVEL: "gold"})

    replica = registered(customers, company_fields, settle)
    await replica.declare(type=CompanyType.NUMBER)
    await replica.tend()
    failed = await state(replica)
    await send(replica.uploads, {"external_id": "X9", LEVEL: ""})
    await replica.keeper.leave()
    again = registered(customers)
    await again.declare(type=CompanyType.NUMBER)
    await again.tend()

    assert (TypeState.FAILED, TypeState.ENFORCED) == (failed, await state(again))


class Dying(CompanyValues):
    """The service is cut off after so many reads."""

    reads = 1000

    async def held(self, *args: Any) -> Any:
        self.reads -= 1
        if self.reads < 0:
            raise StoreUnavailable
        return await super().held(*args)


@pytest.mark.parametrize("reads", range(7))
async def test_a_conversion_that_was_cut_off_is_taken_up_where_it_was(
    customers: Customers,
    company_fields: CompanyFields,
    reads: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At whichever of its steps: another replica, or the next start, brings it to its end."""
    monkeypatch.setattr("service.store.company_values.STEP", 1)
    values = Dying(customers._database)
    first = registered(customers, company_fields, values=values)
    await send(first.uploads, *rows("1", "2", "3"))
    await first.declare(type=CompanyType.NUMBER, convert=True)
    values.reads = reads
    await first.tend()
    left = (await first.fields.entry(LEVEL)).work
    await first.keeper.leave()
    second = registered(customers)
    await second.tend()

    assert left is not None
    assert NUMBERS == await second.stored()
    assert TypeState.ENFORCED is await state(second)


async def test_what_was_done_is_not_done_again(
    customers: Customers, company_fields: CompanyFields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.company_values.STEP", 1)
    values = Dying(customers._database)
    first = registered(customers, company_fields, values=values)
    await send(first.uploads, *rows("1", "2", "3"))
    await first.declare(type=CompanyType.NUMBER, convert=True)
    values.reads = 3
    await first.tend()
    await first.keeper.leave()
    values.reads = 1000
    await registered(customers, values=values).tend()

    assert 1 + 3 == 1000 - values.reads  # the last of three ranges, and all of them once more


async def test_a_conversion_ends_when_something_else_is_declared(
    customers: Customers, company_fields: CompanyFields
) -> None:
    async def settle() -> None:
        await registered(customers).declare(type=CompanyType.TEXT, convert=True)

    replica = registered(customers, company_fields, settle)
    await send(replica.uploads, *rows("1"))
    await replica.declare(type=CompanyType.NUMBER, convert=True)
    await replica.tend()
    entry = await replica.fields.entry(LEVEL)
    await registered(customers).converter.convert(entry)

    assert CompanyType.TEXT is entry.declaration.type
    assert {"X0": "1"} == await replica.stored()


class Declaring(CompanyValues):
    """Something else is declared while values are looked at."""

    has_declared = False

    async def held(self, *args: Any) -> Any:
        found = await super().held(*args)
        if found and not self.has_declared:
            self.has_declared = True
            other = registered(Customers(self._database, DIGESTER))
            await other.declare(type=CompanyType.ANY)
        return found


async def test_nothing_is_converted_to_a_type_that_was_taken_back(customers: Customers) -> None:
    values = Declaring(customers._database)
    values.has_declared = True
    replica = registered(customers, values=values)
    await send(replica.uploads, *rows("1"))
    await replica.declare(type=CompanyType.NUMBER, convert=True)
    values.has_declared = False
    await replica.tend()

    assert {"X0": "1"} == await replica.stored()


async def test_a_field_that_becomes_personal_is_erased_from_the_forgotten(
    registry: Registered,
) -> None:
    """And stays with the others."""
    await registry.declare(type=CompanyType.BOOLEAN, is_personal=False)
    await send(registry.uploads, *rows(True, False))
    await send(registry.uploads, {"external_id": "X0", "is_forgotten": True})
    kept = await registry.stored()
    await registry.declare(is_personal=True)
    await registry.tend()

    assert 2 == len(kept)
    assert {"X1": False} == await registry.stored()


@pytest.mark.parametrize("store_name", ["embedded"], indirect=True)
async def test_nothing_unlike_its_type_is_left_however_many_write_meanwhile(
    customers: Customers, company_fields: CompanyFields
) -> None:
    """Two other replicas upload texts without a pause while a type is declared and enforced; each
    knows of it after some time only. The time to wait is here as the service has it, in small."""
    writers = [registered(customers, CompanyFields(customers._database)) for _ in range(2)]
    begun, over = asyncio.Event(), asyncio.Event()

    async def write(replica: Registered, number: int) -> None:
        for turn in range(10_000):
            sent = [
                {"external_id": f"W{number}-{turn % 7}-{n}", LEVEL: f"{turn}"} for n in range(5)
            ]
            await send(replica.uploads, *sent)
            if turn == 3:
                begun.set()
            if over.is_set():
                return

    async def settle() -> None:
        await asyncio.sleep(1.5)

    writing = [asyncio.create_task(write(*one)) for one in zip(writers, (1, 2), strict=True)]
    await begun.wait()
    replica = registered(customers, company_fields, settle)
    await replica.declare(type=CompanyType.NUMBER, convert=True)
    await replica.tend()
    over.set()
    await asyncio.gather(*writing)
    await replica.tend()

    assert TypeState.ENFORCED is await state(replica)
    assert {int} == {type(value) for value in (await replica.stored()).values()}
