"""A store where somebody else is quicker, and uploads on it."""

from collections.abc import Iterable, Sequence
from typing import Any

from service.customers.identity import Write
from service.customers.records import Record
from tests.uploads.making import Row, send, uploads_on
from tests.uploads.memory import MemoryStore


class Overtaken(MemoryStore):
    """A store where somebody else is quicker. `rivals`: their uploads by the operation of ours that
    they go in before, such as `write 1`."""

    def __init__(self, before: MemoryStore, **rivals: Sequence[Row]) -> None:
        super().__init__()
        self.before = before
        self.records = before.records
        self.rivals = rivals
        self.asked: list[str] = []

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        await self._meanwhile("read")
        return await super().candidates(digests)

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        await self._meanwhile("write")
        return await super().write(writes)

    async def settle(self) -> None:
        await self._meanwhile("settle")

    async def _meanwhile(self, kind: str) -> None:
        self.asked.append(kind)
        ids = map("rival.{}".format, range(len(self.records), 1000))
        if rows := self.rivals.get(f"{kind}{self.asked.count(kind)}"):
            await send(uploads_on(self.before, new_id=ids.__next__), *rows)


async def holding(*rows: Row) -> MemoryStore:
    """A store into which the rows went."""
    store = MemoryStore()
    await send(uploads_on(store), *rows)
    return store


def ours(store: MemoryStore) -> Any:
    return uploads_on(store, new_id=map("ours.{}".format, range(1000)).__next__)
