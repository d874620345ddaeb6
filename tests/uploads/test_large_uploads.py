"""The largest upload takes the memory of a part of it: it is read and written part by part."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from service.customers.fields import IDENTIFIERS
from service.customers.identity import Write
from service.customers.records import Record
from service.uploads.rounds import STEP
from service.uploads.upload import SLICE
from tests.uploads.making import LIMITS, uploads_on
from tests.uploads.memory import MemoryStore

ROWS = 10_000


@dataclass
class Rows(Sequence[object]):
    """Rows that are made when they are asked for; `taken` is how many were."""

    taken: int = 0

    def __len__(self) -> int:
        return ROWS

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[object]: ...
    def __getitem__(self, place: int | slice) -> object:
        numbers = range(ROWS)[place]
        if isinstance(numbers, int):
            self.taken += 1
            return _row(numbers)
        self.taken += len(numbers)
        return [_row(number) for number in numbers]

    def __iter__(self) -> Iterator[object]:
        for number in range(ROWS):
            yield self[number]


@dataclass
class Measuring:
    """A store that knows nobody and keeps nothing, but how much it was given at a time."""

    rows: Rows
    digests: list[int] = field(default_factory=list)
    writes: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        self.digests.append(len(set(digests)))
        return []

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        self.writes.append(len(writes))
        self.waiting.append(self.rows.taken - sum(self.writes[:-1]))
        return []

    async def settle(self) -> None:
        """Nobody loses here."""


def _row(number: int) -> dict[str, object]:
    return {
        "external_id": f"X{number}",
        "email": f"e{number}@example.org",
        "phone_number": f"+4477571{number:05}",
    }


async def test_ten_thousand_rows_are_read_and_written_in_parts() -> None:
    """No more rows are taken than are resolved next, no more digests asked for than they have."""
    rows = Rows()
    store = Measuring(rows)

    report = await uploads_on(store, limits=replace(LIMITS, rows=ROWS)).upload(rows)

    assert ROWS == len(report.results) == sum(store.writes)
    assert max(store.digests) <= SLICE * len(IDENTIFIERS)
    assert max(store.writes) <= SLICE
    assert max(store.waiting) <= SLICE


async def test_others_are_served_while_a_large_upload_is_read_and_resolved() -> None:
    """The store in memory answers at once, so only the upload itself can let others go first."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    serving = asyncio.create_task(others())
    rows = [_row(number) for number in range(10 * STEP)]
    await uploads_on(MemoryStore(), limits=replace(LIMITS, rows=ROWS)).upload(rows)
    serving.cancel()

    assert turns >= 20
