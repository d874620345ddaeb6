"""Candidates in memory: who holds which identifier, who was erased under it, which number is next.

A view begins with the records that were read and follows what the rows so far make of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from service.customers.digests import Digester, number_of
from service.customers.fields import IDENTIFIERS
from service.customers.records import Record, State


class View:
    def __init__(self, records: Iterable[Record]) -> None:
        self._records: dict[str, Record] = {}
        self._holders: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._marks: dict[str, State] = {}
        self._known: dict[str, dict[str, None]] = defaultdict(dict)
        self._numbers: dict[str, int] = {}
        for record in sorted(records, key=lambda record: (record.created_at, record.id)):
            self.put(record)
            self._count(record)

    def __getitem__(self, record_id: str) -> Record:
        return self._records[record_id]

    def is_new(self, digests: Iterable[str]) -> bool:
        """Whether nobody, in whatever state, holds or ever held one of the identifiers."""
        return self._known.keys().isdisjoint(digests)

    def known(self, digests: Iterable[str]) -> list[Record]:
        """Records, in whatever state, that hold or ever held one of the identifiers."""
        found = dict.fromkeys(key for digest in digests for key in self._known.get(digest, ()))
        return [self._records[key] for key in found]

    def holders(self, identifier: str, value: str) -> list[Record]:
        """Live records that hold the identifier now, the oldest first."""
        return [self._records[key] for key in self._holders.get((identifier, value), ())]

    def mark(self, digest: str) -> State | None:
        """How the holder of the identifier was erased, if one was; deletion is said first."""
        return self._marks.get(digest)

    def next_number(self, digest: str) -> int:
        """For the next event in the life of an identifier, after those that were read: of a
        round's writes one alone can have it."""
        return self._numbers.get(digest, 0) + 1

    def put(self, record: Record) -> None:
        """The record as it is from now on."""
        before = self._records.get(record.id)
        if before:
            for held in self._held(before):
                self._holders[held].pop(record.id, None)
        self._records[record.id] = record
        for held in self._held(record):
            self._holders[held][record.id] = None
        for key in record.keys:
            self._known[key][record.id] = None
        for mark in record.marks:
            if self._marks.get(mark) is not State.DELETED:
                self._marks[mark] = record.state

    def _count(self, record: Record) -> None:
        for digest, number in map(number_of, record.claims):
            self._numbers[digest] = max(number, self._numbers.get(digest, 0))

    @staticmethod
    def _held(record: Record) -> list[tuple[str, str]]:
        if record.state is not State.LIVE:
            return []
        return [(name, record.values[name]) for name in IDENTIFIERS if name in record.values]


def torn(records: Sequence[Record], digester: Digester, read: Iterable[str]) -> set[str]:
    """Digests, of those `read`, whose records can't have been read at one moment.

    The numbers of an identifier have no gaps, and no two live customers hold one external id.
    """
    numbers: dict[str, set[int]] = defaultdict(set)
    owners: Counter[str] = Counter()
    for record in records:
        for digest, number in map(number_of, record.claims):
            numbers[digest].add(number)
        if record.state is State.LIVE and "external_id" in record.values:
            owners[record.values["external_id"]] += 1
    gaps = {digest for digest, found in numbers.items() if len(found) != max(found)}
    shared = {digester.digest("external_id", one) for one, count in owners.items() if count > 1}
    return (gaps | shared) & set(read)
