"""A store in memory with the semantics that the upload protocol needs of MongoDB."""

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from service.customers.identity import Write
from service.customers.records import Record, State


def landed(records: Mapping[str, Record], write: Write) -> Record | None:
    """The record as a compare-and-set on `rev` leaves it; None if it is refused: by another
    revision, or by a claim that another record has."""
    stored = records.get(write.before.id)
    if (stored.rev if stored else 0) != write.before.rev:
        return None
    others = (record for record in records.values() if record.id != write.before.id)
    if any(not record.claims.isdisjoint(write.after.claims) for record in others):
        return None
    return write.after._replace(rev=write.before.rev + 1)


class MemoryStore:
    """Writes that land in any order, one upload at a time."""

    def __init__(self, seed: int = 0) -> None:
        self.records: dict[str, Record] = {}
        self.written = 0
        self.reads = 0
        self._random = Random(seed)

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        wanted = set(digests)
        self.reads += 1
        return [record for record in self.records.values() if record.keys & wanted]

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        landing = list(writes)
        self._random.shuffle(landing)
        lost = [write for write in landing if not self._apply(write)]
        return [write for write in writes if write in lost]

    async def settle(self) -> None:
        """All is durable at once."""

    def _apply(self, write: Write) -> bool:
        after = landed(self.records, write)
        if after is None:
            return False
        self.records[after.id] = after
        self.written += 1
        return True


def live(store: MemoryStore) -> list[Record]:
    return [record for record in store.records.values() if record.state is State.LIVE]


def values(store: MemoryStore) -> list[dict[str, object]]:
    """What the live customers hold, the oldest first."""
    return [dict(record.values) for record in live(store)]
