"""The service is killed in the midst of an upload, and the upload is sent again."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from service.customers.records import Record
from service.customers.view import torn
from service.settings import Settings
from service.store.customers import Customers
from service.store.database import Database
from service.store.opening import open_store
from service.uploads.upload import Limits
from tests.races.conftest import KEY, Serve
from tests.races.load import ROUNDS, Row, person
from tests.races.sending import codes, programs_on
from tests.running import Service
from tests.uploads.making import DIGESTER, KEEPS, uploads_on
from tests.uploads.memory import MemoryStore

PEOPLE = min(200 * ROUNDS, 1500)
TURNS = range(min(ROUNDS // 2, 10))
COUNT = "{ customers { totalCount } }"


def _file() -> list[Row]:
    """An upload that comes to the same when it is applied twice: people who share e-mails, gain
    values and lose them, come again by another identifier, are forgotten and deleted."""
    rows: list[Row] = []
    for number in range(PEOPLE):
        email = person(number - number % 10 // 9)["email"]
        rows.append(person(number) | {"email": email, "city": "Turku", "tags": ["a"]})
        if number % 3 == 0:
            rows.append({"email": email, "tags.add": ["b"], "city": ""})
        if number % 5 == 0:
            rows.append({"external_id": f"X{number}", "A__list.add": ["c"], "A__n": number})
        if number % 50 == 7:
            rows.append({"external_id": f"X{number}", "is_forgotten": True})
        if number % 70 == 8:
            rows.append({"email": email, "is_deleted": True})
    return rows


Task = asyncio.Task[list[dict[str, Any]]]
Stands = Callable[[], Awaitable[int]]
FILE = _file()
DIGESTS = list({digest for row in FILE for digest in DIGESTER.of(row).values()})


def _people(records: Sequence[Record]) -> list[tuple[object, ...]]:
    """Every record but for its id, revision and claims, whose numbers depend on the way."""
    return sorted(
        (record.state, sorted(record.values.items()), sorted(record.keys), sorted(record.marks))
        for record in records
    )


async def _once() -> list[tuple[object, ...]]:
    """What one upload leaves that nothing disturbs."""
    store = MemoryStore()
    limits = Limits(rows=len(FILE), holders=25, company_fields=200, keeps=KEEPS)
    await uploads_on(store, limits=limits).upload(FILE)
    return _people(list(store.records.values()))


async def _kill_amid(upload: Task, service: Service, stands: Stands, count: int) -> None:
    """Kills the service once so many customers stand, while the upload is not through."""
    while await stands() < count:
        assert not upload.done(), "all of it was through before"
    service.stop(signal.SIGKILL)
    with pytest.raises(httpx2.TransportError):
        await upload


@pytest.mark.parametrize("turn", TURNS)
async def test_an_upload_that_was_cut_off_and_sent_again_leaves_what_one_leaves(
    serve: Serve, customers: Customers, database: Database, turn: int
) -> None:
    """Killed when one customer stands or many, in the midst of a bulk or between two."""
    service = serve()
    stands = database.customers.estimated_document_count
    async with programs_on(service) as programs:
        upload = asyncio.create_task(programs.send(0, FILE))
        await _kill_amid(upload, service, stands, 1 + turn * PEOPLE // len(TURNS))
        service.start()
        await programs.send(0, FILE)
    found = await customers.candidates(DIGESTS)

    assert await _once() == _people(found)
    assert set() == torn(found, DIGESTER, DIGESTS)


async def test_of_two_processes_with_the_same_upload_one_is_killed(
    serve: Serve, customers: Customers, database: Database
) -> None:
    """The other goes on, and finishes alone what both began."""
    killed, other = serve(), serve()
    stands = database.customers.estimated_document_count
    async with programs_on(killed, other) as programs:
        uploads = [asyncio.create_task(programs.send(program, FILE)) for program in range(2)]
        await _kill_amid(uploads[0], killed, stands, PEOPLE // 4)
        assert {"FORGOTTEN", "DELETED"} >= codes(await uploads[1])

    assert await _once() == _people(await customers.candidates(DIGESTS))


async def test_a_killed_service_takes_its_embedded_store_along_and_loses_nothing(
    tmp_path: Path,
) -> None:
    """What was in before is in, and the upload sent again completes it."""
    service = Service(tmp_path / "data", CUSTOMER_GRAPH_CLAIMS_KEY=KEY).start()

    async def stands() -> int:
        data = await asyncio.to_thread(service.graphql, "{ customers { totalCount } }")
        return int(data["customers"]["totalCount"])

    async with programs_on(service) as programs:
        upload = asyncio.create_task(programs.send(0, FILE))
        await _kill_amid(upload, service, stands, PEOPLE // 3)
        service.start()
        await programs.send(0, FILE)
    service.stop()
    async with open_store(Settings(data_dir=tmp_path / "data", claims_key=SecretStr(KEY))) as store:
        found = await store.customers.candidates(DIGESTS)

    assert await _once() == _people(found)
