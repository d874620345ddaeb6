"""A store with MongoDB's semantics, and uploads that stand somewhere in their use of it.

A world is a value: doing one of its `operations` gives another world. Operations are what a store
does at one moment, so between any two of them any other upload may come:

- one document is read. A read of candidates is no snapshot: each document is read at its own time,
  those that stood when the read began for certain, those that came since perhaps;
- one operation of an unordered bulk lands, in any order: a compare-and-set on `{_id, rev}`, refused
  if the revision is gone, or if another document has one of the claims (a document is not compared
  with itself);
- one document is confirmed: it still has the revision that was read;
- an upload is cut off. Of a bulk that it had sent, what had not landed may land later, or never.

Writes are taken as the resolver gives them, and not as the driver's operators: that these do the
same is held on real servers (tests/store/test_updates.py), and here it would cost most of the time.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from service.customers.identity import Write
from service.customers.records import Record
from tests.simulation.asking import Call, Confirming, Reading, Standing, Writing
from tests.simulation.promises import check_landing
from tests.uploads.memory import landed


class Version:
    """A document at one revision. Equal ones are one object, so that worlds compare quickly."""

    __slots__ = ("record",)
    _known: dict[Hashable, "Version"] = {}

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
        """Those of the worlds so far."""
        cls._known.clear()


class Operation(NamedTuple):
    """`upload` is its place among the world's uploads; `what` and `where` say what happens."""

    upload: int
    what: str
    where: str | int = ""


class Progress(NamedTuple):
    """An upload's progress in what it asks of the store.

    `left`: documents to be read or confirmed, or places of writes. `got`: what was read, or which
    were lost. `is_cut`: nobody waits for the answer any more.
    """

    standing: Standing
    left: frozenset[str | int] = frozenset()
    got: frozenset[Version | int | str] = frozenset()
    is_cut: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_cut or self.standing.call is None


class Landed(NamedTuple):
    """Rows of an upload that went into one document, in the order of landing."""

    upload: int
    rows: tuple[int, ...]
    customer: str
    created: bool


@dataclass(slots=True)
class World:
    """`documents` by id. `crashes` is how many uploads may yet be cut off; `send` gives the upload
    at a place its beginning, where the rows are those of the upload at another place."""

    documents: Mapping[str, Version]
    uploads: list[Progress]
    crashes: int
    send: Callable[[int, int], Standing]
    log: tuple[Landed, ...] = ()
    rows_of: tuple[int, ...] = ()

    @classmethod
    def at_start(
        cls,
        records: Sequence[Record],
        uploads: int,
        send: Callable[[int, int], Standing],
        crashes: int,
    ) -> "World":
        documents = {record.id: Version.of(record) for record in records}
        world = cls(documents, [], crashes, send)
        for place in range(uploads):
            world._begin(place)
        return world

    def key(self) -> Hashable:
        """Worlds with the same future have the same one."""
        return frozenset(self.documents.values()), tuple(self.uploads), self.crashes

    @property
    def is_over(self) -> bool:
        return all(progress.is_over for progress in self.uploads)

    def operations(self) -> Iterator[Operation]:
        for place, progress in enumerate(self.uploads):
            if progress.standing.call is None:
                continue
            if progress.is_cut:
                yield from (Operation(place, "lands", index) for index in progress.left)
                continue
            yield from self._operations(place, progress, progress.standing.call)
            if self.crashes:
                yield Operation(place, "is cut off")

    def _operations(self, place: int, progress: Progress, call: Call) -> Iterator[Operation]:
        what = "lands" if isinstance(call, Writing) else "reads"
        yield from (Operation(place, what, where) for where in progress.left)
        if isinstance(call, Reading):
            seen = {version.record.id for version in progress.got if isinstance(version, Version)}
            for record_id in self._found(call) - progress.left - seen:
                yield Operation(place, "reads", record_id)
            if not progress.left:
                yield Operation(place, "has read")

    def do(self, operation: Operation) -> "World":
        world = replace(self, uploads=list(self.uploads))
        progress = world.uploads[operation.upload]
        if operation.what == "is cut off":
            world._cut_off(operation.upload, progress)
        elif operation.what == "has read":
            world._answer(operation.upload, progress)
        elif operation.what == "lands":
            assert isinstance(operation.where, int)
            world._land(operation.upload, progress, operation.where)
        else:
            assert isinstance(operation.where, str)
            world._read(operation.upload, progress, operation.where)
        return world

    def _cut_off(self, place: int, progress: Progress) -> None:
        """What it had sent may still land. It is sent again by whoever sent it."""
        self.crashes -= 1
        is_writing = isinstance(progress.standing.call, Writing)
        left = progress.left if is_writing else frozenset[str | int]()
        self.uploads[place] = Progress(progress.standing, left, frozenset(), is_cut=True)
        self._begin(self.rows_of[place])

    def _begin(self, rows: int) -> None:
        self.uploads.append(self._asking(self.send(len(self.uploads), rows)))
        self.rows_of = (*self.rows_of, rows)

    def _read(self, place: int, progress: Progress, record_id: str) -> None:
        version = self.documents[record_id]
        call, got = progress.standing.call, progress.got
        if isinstance(call, Reading):
            got |= {version}
        elif isinstance(call, Confirming):
            expected = {record.id: record.rev for record in call.records}
            got |= {record_id} if version.record.rev != expected[record_id] else set()
        progress = progress._replace(left=progress.left - {record_id}, got=got)
        self.uploads[place] = progress
        if isinstance(call, Confirming) and not progress.left:
            self._answer(place, progress)

    def _land(self, place: int, progress: Progress, index: int) -> None:
        call = progress.standing.call
        assert isinstance(call, Writing)
        has_landed = self._write(place, call.writes[index])
        lost = frozenset[int]() if has_landed else frozenset({index})
        progress = progress._replace(left=progress.left - {index}, got=progress.got | lost)
        self.uploads[place] = progress
        if not progress.left and not progress.is_cut:
            self._answer(place, progress)

    def _write(self, place: int, write: Write) -> bool:
        records = {version.record.id: version.record for version in self.documents.values()}
        after = landed(records, write)
        if after is None:
            return False
        check_landing(records, after)
        self.documents = {**self.documents, after.id: Version.of(after)}
        self.log = (*self.log, Landed(place, write.rows, after.id, write.before.rev == 0))
        return True

    def _answer(self, place: int, progress: Progress) -> None:
        call, got = progress.standing.call, progress.got
        answer: list[Record] | list[Write]
        if isinstance(call, Reading):
            read = [version.record for version in got if isinstance(version, Version)]
            answer = sorted(read, key=lambda record: record.id)
        elif isinstance(call, Writing):
            answer = [write for index, write in enumerate(call.writes) if index in got]
        else:
            assert isinstance(call, Confirming)
            answer = [record for record in call.records if record.id in got]
        self.uploads[place] = self._asking(progress.standing.after(got, answer))

    def _asking(self, standing: Standing) -> Progress:
        """What its question asks for. What asks for nothing is answered at once."""
        call = standing.call
        if isinstance(call, Reading):
            return Progress(standing, frozenset(self._found(call)))
        if isinstance(call, Writing):
            left: frozenset[str | int] = frozenset(range(len(call.writes)))
        elif isinstance(call, Confirming):
            left = frozenset(record.id for record in call.records)
        else:
            return Progress(standing)
        return Progress(standing, left) if left else self._asking(standing.after(left, []))

    def _found(self, call: Reading) -> set[str]:
        return {
            record_id
            for record_id, version in self.documents.items()
            if version.record.keys & call.digests
        }
