"""The service is told to stop while uploads are under way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from service.customers.identity import Write
from service.errors import Stopping
from service.uploads import stopping
from service.uploads.options import UploadOptions
from service.uploads.reporting import ReportedUploads
from service.uploads.stopping import Stop
from service.uploads.upload import Limits
from tests.uploads.making import KEEPS, reported_on, uploads_on
from tests.uploads.memory import MemoryStore

ROWS = [{"external_id": f"X{number}"} for number in range(1200)]
PATIENCE = 30.0
"""Seconds after which what should have ended counts as not ending."""
LIMITS = Limits(rows=10_000, holders=25, company_fields=200, keeps=KEEPS)


class Watched(MemoryStore):
    """Each write is told of, when it has landed."""

    def __init__(self, on_write: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self.on_write = on_write

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        lost = await super().write(writes)
        await self.on_write()
        return lost


def on(store: MemoryStore, stop: Stop) -> ReportedUploads:
    return reported_on(uploads_on(store, limits=LIMITS), stop=stop)


@pytest.fixture
def stop() -> Stop:
    """One that gives uploads no time."""
    return Stop(grace=0)


@pytest.fixture
def stopped(stop: Stop) -> Watched:
    """A store amid whose first write the service is told to stop."""

    async def begin() -> None:
        stop.begin()

    return Watched(begin)


async def test_no_upload_begins_any_more(stop: Stop) -> None:
    store = MemoryStore()
    stop.begin()

    with pytest.raises(Stopping):
        await on(store, stop).upload(ROWS)
    assert 0 == store.reads


async def test_an_upload_that_takes_longer_is_cut_between_two_writes(
    stop: Stop, stopped: Watched
) -> None:
    with pytest.raises(Stopping):
        await on(stopped, stop).upload(ROWS)

    assert 500 == stopped.written == len(stopped.records)


async def test_an_upload_that_was_cut_and_is_sent_again_is_completed(
    stop: Stop, stopped: Watched
) -> None:
    """With its key too, at once."""
    keyed = UploadOptions(idempotency_key="a key")
    uploads = on(stopped, stop)
    with pytest.raises(Stopping):
        await uploads.upload(ROWS, keyed)
    stopped.on_write = lambda: asyncio.sleep(0)
    afresh = reported_on(uploads_on(stopped, limits=LIMITS), uploads.reports)
    report = await afresh.upload(ROWS, keyed)

    assert ["UNCHANGED"] * 500 + ["CREATED"] * 700 == sorted(
        (result.status.value for result in report.results), reverse=True
    )
    assert len(ROWS) == len(stopped.records)


async def test_an_upload_that_ends_in_time_is_not_cut() -> None:
    stop = Stop(grace=600)

    async def begin() -> None:
        stop.begin()

    report = await on(Watched(begin), stop).upload(ROWS)

    assert len(ROWS) == len(report.results)


async def test_a_write_that_does_not_end_holds_nobody_up(
    stop: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "CUT", 0)
    never = asyncio.Event()

    async def hang() -> None:
        stop.begin()
        await never.wait()

    with pytest.raises(Stopping):
        await asyncio.wait_for(on(Watched(hang), stop).upload(ROWS), PATIENCE)
