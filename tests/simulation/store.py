"""The documents of a simulated store, as MongoDB keeps them on a replica set.

A write lands on the primary: there its revision and claims are taken. Later it is replicated: then
it is durable, and read. When the primary is lost, what was not replicated is gone. A store is a
value: writing gives another one.

Writes are taken as the resolver gives them, and not as the driver's operators: that these do the
same is held on real servers (tests/store/test_updates.py), and here it would cost most of the time.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from service.customers.identity import Write
from service.customers.records import Record
from tests.simulation.promises import check_landing
from tests.uploads.memory import landed


class Version:
    """A document at one revision. Equal ones are one object, so that worlds compare quickly."""

    __slots__ = ("record",)
    _known: ClassVar[dict[Hashable, "Version"]] = {}

    def __init__(self, record: Record) -> None:
        self.record = record

    @classmethod
    def of(cls, record: Record) -> "Version":
        values = tuple(sorted((name, repr(value)) for name, value in record.values.items()))
        key = (
            record.id, record.state, record.rev, values, record.keys, record.claims, record.marks,
        )  # fmt: skip
        return cls._known.setdefault(key, cls(record))

    @classmethod
    def forget(cls) -> None:
        """Those of the stores so far."""
        cls._known.clear()


class Attempt(NamedTuple):
    """A write of an upload, in one of its bulks, with the rows that say so. `moves`: it creates or
    erases a customer, or changes who it is."""

    upload: int
    bulk: int
    rows: tuple[int, ...]
    customer: str
    creates: bool
    moves: bool

    @classmethod
    def of(cls, upload: int, bulk: int, write: Write) -> "Attempt":
        was, now = write.before, write.after
        creates = was.rev == 0
        moves = creates or was.state is not now.state or was.identity() != now.identity()
        return cls(upload, bulk, write.rows, now.id, creates, moves)


Documents = Mapping[str, Version]


@dataclass(frozen=True, slots=True)
class Store:
    """`documents` by id, and what landed so far; `durable` is both, as replicated. `lost`: writes
    that were refused."""

    documents: Documents
    log: tuple[Attempt, ...]
    durable: tuple[Documents, tuple[Attempt, ...]]
    lost: frozenset[Attempt] = frozenset()

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Store":
        documents = {record.id: Version.of(record) for record in records}
        return cls(documents, (), (documents, ()))

    def key(self) -> Hashable:
        """Stores with the same documents have the same one."""
        documents = frozenset(self.documents.values())
        return documents if self.is_replicated else (documents, frozenset(self.durable[0].values()))

    @property
    def is_replicated(self) -> bool:
        return self.documents is self.durable[0]

    @property
    def seen(self) -> Documents:
        """By whoever reads."""
        return self.durable[0]

    def written(self, upload: int, bulk: int, write: Write) -> "Store | None":
        """None where it is refused. Raises Broken."""
        records = {version.record.id: version.record for version in self.documents.values()}
        after = landed(records, write)
        if after is None:
            return None
        check_landing(records, after)
        one = Attempt.of(upload, bulk, write)
        documents = {**self.documents, after.id: Version.of(after)}
        return replace(self, documents=documents, log=(*self.log, one))

    def refusing(self, upload: int, bulk: int, write: Write) -> "Store":
        return replace(self, lost=self.lost | {Attempt.of(upload, bulk, write)})

    def replicated(self) -> "Store":
        return replace(self, durable=(self.documents, self.log))

    def failed_over(self) -> "Store":
        """Another becomes primary, which has what was replicated."""
        documents, log = self.durable
        return Store(documents, log, self.durable, self.lost)
