"""How much is taken on at once: who comes past that is refused early, and nobody else is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from service.customers.identity import Write
from service.errors import Overloaded
from service.settings import Settings
from service.web import capacity as capacities
from service.web.capacity import SMALL, Capacity, Lane
from service.web.health import HEALTH_ROUTES
from service.web.uploads import UPLOAD_ROUTES
from tests.uploads.making import reported_on, uploads_on
from tests.uploads.memory import MemoryStore

PATH = "/api/customers/upload/"
JSON = {"Content-Type": "application/json"}
ANN = [{"external_id": "ann1"}]


class HeldStore(MemoryStore):
    """Writes nothing before it is let go."""

    capacity: Capacity

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Semaphore(0)
        self.let_go = asyncio.Event()

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        self.reached.release()
        await self.let_go.wait()
        return await super().write(writes)


@asynccontextmanager
async def held(**bounds: Any) -> AsyncIterator[tuple[HeldStore, httpx2.AsyncClient]]:
    """The upload route within the bounds, on a store that holds every upload."""
    store, settings = HeldStore(), Settings(**bounds)
    routes = Starlette(routes=[*UPLOAD_ROUTES, *HEALTH_ROUTES])
    store.capacity, uploads = Capacity(settings), reported_on(uploads_on(store))
    state = {
        "settings": settings,
        "uploads": uploads,
        "authenticator": None,
        "trail": uploads.trail,
        "capacity": store.capacity,
    }

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await routes({**scope, "state": dict(state)}, receive, send)

    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        try:
            yield store, client
        finally:
            store.let_go.set()


def is_refused(answer: httpx2.Response) -> bool:
    told = answer.status_code, answer.headers.get("retry-after")
    return told == (503, "1") and "OVERLOADED" in answer.text


async def unread() -> AsyncIterator[bytes]:
    pytest.fail("the body was read")
    yield b""


async def test_one_too_many_is_refused_at_once_and_unread() -> None:
    """And taken again once there is room."""
    async with held(max_uploads=2, max_waiting=0) as (store, client):
        working = [asyncio.create_task(client.post(PATH, json=ANN)) for _ in range(2)]
        for _ in working:
            await store.reached.acquire()
        refused = await client.post(PATH, content=unread(), headers=JSON)
        alive = await client.get("/healthz")
        store.let_go.set()
        answers = [*await asyncio.gather(*working), await client.post(PATH, json=ANN)]

    assert is_refused(refused)
    assert 200 == alive.status_code
    assert [200] * 3 == [answer.status_code for answer in answers]


async def test_who_waits_has_the_next_turn() -> None:
    async with held(max_uploads=1, max_waiting=1) as (store, client):
        first = asyncio.create_task(client.post(PATH, json=ANN))
        await store.reached.acquire()
        second = asyncio.create_task(client.post(PATH, json=ANN))
        for _ in range(100):  # turns of the loop, in which it comes to where it waits
            await asyncio.sleep(0)
        third = await client.post(PATH, json=ANN)
        store.let_go.set()
        answers = await asyncio.gather(first, second)

    assert is_refused(third)
    assert [200, 200] == [answer.status_code for answer in answers]


async def test_nobody_waits_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacities, "PATIENCE", 0.01)
    async with held(max_uploads=1, max_waiting=9) as (store, client):
        working = asyncio.create_task(client.post(PATH, json=ANN))
        await store.reached.acquire()
        refused = await client.post(PATH, json=ANN)
        store.let_go.set()
        answers = [await working, await client.post(PATH, json=ANN)]

    assert is_refused(refused)
    assert [200, 200] == [answer.status_code for answer in answers]


async def test_a_body_that_comes_slowly_keeps_nobody_from_a_turn() -> None:
    begun, sent = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"["
        begun.set()
        await sent.wait()
        yield b"]"

    async with held(max_uploads=1, max_waiting=0) as (store, client):
        store.let_go.set()
        slowly = asyncio.create_task(client.post(PATH, content=slow(), headers=JSON))
        await begun.wait()
        other = await client.post(PATH, json=ANN)
        sent.set()
        answer = await slowly

    assert [200, 200] == [other.status_code, answer.status_code]


async def test_large_bodies_are_bounded_together() -> None:
    """Whether they say how large they are, or turn out to be; small ones go in meanwhile."""
    large = b"[]" + b" " * (2 * SMALL)

    async def in_parts() -> AsyncIterator[bytes]:
        yield large

    row = b'[{"external_id":"ann1"}]'
    async with held(max_held_bytes=3 * SMALL) as (store, client):
        holding = asyncio.create_task(client.post(PATH, content=row + large[2:], headers=JSON))
        await store.reached.acquire()
        said = await client.post(PATH, content=large, headers=JSON)
        found = await client.post(PATH, content=in_parts(), headers=JSON)
        small = await client.post(PATH, content=b"[]", headers=JSON)
        store.let_go.set()
        first = await holding
        later = await client.post(PATH, content=large, headers=JSON)

    assert is_refused(said)
    assert is_refused(found)
    assert [200] * 3 == [small.status_code, first.status_code, later.status_code]


async def test_the_only_large_body_is_taken_whatever_the_bound() -> None:
    async with held(max_held_bytes=1024) as (_, client):
        answer = await client.post(PATH, content=b"[]" + b" " * (2 * SMALL), headers=JSON)

    assert 200 == answer.status_code


async def test_an_upload_ends_by_its_deadline() -> None:
    """And its turn with it."""
    async with held(upload_timeout=0.01) as (store, client):
        answer = await client.post(PATH, json=ANN)

    assert (503, "2") == (answer.status_code, answer.headers["retry-after"])
    assert "STORE_UNAVAILABLE" in answer.text
    assert 0 == store.capacity.uploads.running


async def test_who_goes_away_while_waiting_leaves_no_gap() -> None:
    """Nor takes a turn along that came in the same moment."""
    lane = Lane(at_once=1, most_waiting=2)
    await lane.enter()
    gone, other = (asyncio.create_task(lane.enter()) for _ in range(2))
    await asyncio.sleep(0)
    lane.leave()
    gone.cancel()
    await other
    with pytest.raises(asyncio.CancelledError):
        await gone
    lane.leave()

    assert (0, 0) == (lane.running, len(lane.waiting))


async def test_who_gives_up_waiting_makes_room_for_another_to_wait() -> None:
    lane = Lane(at_once=1, most_waiting=1)
    await lane.enter()
    waiting = asyncio.create_task(lane.enter())
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        lane.check()
    waiting.cancel()
    await asyncio.wait([waiting])

    lane.check()
