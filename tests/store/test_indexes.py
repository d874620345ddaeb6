"""Which indexes serve what the service asks of its store, as the store itself explains it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from service.store.customers import Customers
from service.store.database import Database
from service.store.reports import KeyRecord, Reports
from tests.conftest import STORES
from tests.store.explaining import Recorder, explained, recorded_by
from tests.uploads.making import DIGESTER, LIMITS, send, uploads_on

pytestmark = pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])

PERSONS = 300
ID: Mapping[str, int] = {"_id": 1}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest_asyncio.fixture
async def recorded(
    customers: Customers, database: Database, store_uri: str, recorder: Recorder
) -> AsyncIterator[Customers]:
    """Some hundred customers, read and written through a client that records."""
    await send(
        uploads_on(customers, limits=replace(LIMITS, rows=PERSONS)),
        *(
            {"external_id": f"X{n}", "email": f"e{n}@example.org", "canonical_id": f"P{n // 2}"}
            for n in range(PERSONS)
        ),
    )
    async with recorded_by(recorder, database, store_uri) as seen:
        yield Customers(seen, DIGESTER)


POINT_READS: dict[str, tuple[str, Callable[[Customers], Awaitable[object]]]] = {
    "by external id": (
        "keys",
        lambda customers: customers.by_identifier("external_id", "X7", ID),
    ),
    "by e-mail": (
        "keys",
        lambda customers: customers.by_identifier("email", "e7@example.org", ID),
    ),
    "by ids": ("_id_", lambda customers: customers.by_ids(["c.0001", "c.0002"], ID)),
    "by person": (
        "person",
        lambda customers: customers.by_canonical_id("P7", ID, limit=10),
    ),
    "candidates": (
        "keys",
        lambda customers: customers.candidates([DIGESTER.digest("external_id", "X7")]),
    ),
}


@pytest.mark.parametrize(("index", "read"), POINT_READS.values(), ids=POINT_READS.keys())
async def test_a_read_of_few_customers_looks_at_no_others(
    recorded: Customers,
    database: Database,
    recorder: Recorder,
    index: str,
    read: Callable[[Customers], Awaitable[object]],
) -> None:
    await read(recorded)
    (command,) = recorder.commands
    plan = await explained(database, command)

    assert {index} == plan.used
    assert 1 <= plan.examined <= 2


async def test_a_write_looks_at_no_other_customer(
    recorded: Customers, database: Database, recorder: Recorder
) -> None:
    """Neither a creation nor an update, each of which says the revision that it was made for."""
    uploads = uploads_on(recorded, new_id=lambda: "c.new")
    await send(uploads, {"external_id": "X7", "first_name": "Ann"}, {"external_id": "new"})
    updates = [one for one in recorder.commands if "rev" in one.get("filter", {})]
    plans = [await explained(database, update) for update in updates]

    assert 2 == len(updates)
    assert not [plan for plan in plans if "COLLSCAN" in plan.used]
    assert all(plan.examined <= 1 for plan in plans)


async def test_keys_and_reports_of_uploads_are_found_without_looking_at_others(
    reports: Reports, database: Database, store_uri: str, recorder: Recorder
) -> None:
    """As uploads claim, renew, replay and free them."""
    until = datetime.now(UTC) + timedelta(hours=1)
    for n in range(PERSONS):
        await reports.put(f"u.{n}", b"report", until)
    record = KeyRecord("k.1", "rows", "u.new", until, until)
    async with recorded_by(recorder, database, store_uri) as seen:
        recorded = Reports(seen)
        await recorded.claim(record)
        await recorded.claim(record)
        await recorded.change(record, record)
        await recorded.get("u.7", datetime.now(UTC))

    plans = [await explained(database, command) for command in recorder.commands]

    assert 3 == len(plans)
    assert not [plan for plan in plans if "COLLSCAN" in plan.used]
    assert all(plan.examined <= 1 for plan in plans)
