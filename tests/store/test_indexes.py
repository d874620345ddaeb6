"""Which indexes serve what the service asks of its store, as the store itself explains it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from service.store.customers import Customers
from service.store.database import Database
from service.store.reports import KeyRecord, Reports
from tests.conftest import STORES
from tests.uploads.making import DIGESTER, LIMITS, send, uploads_on

pytestmark = pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])

PERSONS = 300
ID: Mapping[str, int] = {"_id": 1}


class Recorder(CommandListener):
    """Every find and update that is sent, as a find that could be explained."""

    def __init__(self) -> None:
        self.finds: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        command = event.command
        if event.command_name == "find":
            known = ("find", "filter", "projection", "sort", "limit")
            self.finds.append({key: command[key] for key in known if key in command})
        for update in command.get("updates", ()):
            self.finds.append({"find": command["update"], "filter": update["q"]})

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


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
    client: Any = AsyncIOMotorClient(store_uri, event_listeners=[recorder], tz_aware=True)
    yield Customers(Database(client, database.raw.name, timeout=10), DIGESTER)
    client.close()


def stages(plan: Any) -> Iterator[dict[str, Any]]:
    """Every stage of a plan, however it nests."""
    if isinstance(plan, Mapping):
        if "stage" in plan:
            yield dict(plan)
        for part in plan.values():
            yield from stages(part)
    elif isinstance(plan, list):
        for part in plan:
            yield from stages(part)


async def explained(database: Database, find: dict[str, Any]) -> tuple[set[str], int]:
    """The indexes that serve it, `COLLSCAN` if none does, and how many documents it looks at."""
    told = await database.raw.command({"explain": find, "verbosity": "executionStats"})
    plan = list(stages(told["queryPlanner"]["winningPlan"]))
    used = {one["indexName"] for one in plan if "indexName" in one}
    used |= {one["stage"] for one in plan if one["stage"] in ("COLLSCAN", "IDHACK")}
    return used, told["executionStats"]["totalDocsExamined"]


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
    (find,) = recorder.finds
    used, examined = await explained(database, find)

    assert {index} == used
    assert 1 <= examined <= 2


async def test_a_write_looks_at_no_other_customer(
    recorded: Customers, database: Database, recorder: Recorder
) -> None:
    """Neither a creation nor an update, each of which says the revision that it was made for."""
    uploads = uploads_on(recorded, new_id=lambda: "c.new")
    await send(uploads, {"external_id": "X7", "first_name": "Ann"}, {"external_id": "new"})
    updates = [find for find in recorder.finds if "rev" in find["filter"]]
    plans = [await explained(database, find) for find in updates]

    assert 2 == len(updates)
    assert not [used for used, _ in plans if "COLLSCAN" in used]
    assert all(examined <= 1 for _, examined in plans)


async def test_keys_and_reports_of_uploads_are_found_without_looking_at_others(
    reports: Reports, database: Database, store_uri: str, recorder: Recorder
) -> None:
    """As uploads claim, renew, replay and free them."""
    until = datetime.now(UTC) + timedelta(hours=1)
    for n in range(PERSONS):
        await reports.put(f"u.{n}", b"report", until)
    client: Any = AsyncIOMotorClient(store_uri, event_listeners=[recorder], tz_aware=True)
    recorded = Reports(Database(client, database.raw.name, timeout=10))
    record = KeyRecord("k.1", "rows", "u.new", until, until)
    await recorded.claim(record)
    await recorded.claim(record)
    await recorded.change(record, record)
    await recorded.get("u.7", datetime.now(UTC))
    client.close()

    plans = [await explained(database, find) for find in recorder.finds]

    assert 3 == len(plans)
    assert not [used for used, _ in plans if "COLLSCAN" in used]
    assert all(examined <= 1 for _, examined in plans)
