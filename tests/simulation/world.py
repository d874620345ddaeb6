"""Uploads that stand somewhere in their use of one store, and what may happen next.

A world is a value: doing one of its `operations` gives another world. Operations are what happens
at one moment, so between any two of them any other upload may come:

- one document is read. A read of candidates is no snapshot: each document is read at its own time,
  those that stood when the read began for certain, those that came since perhaps;
- one operation of an unordered bulk lands, in any order: a compare-and-set on `{_id, rev}`, refused
  if the revision is gone, or if another document has one of the claims (a document is not compared
  with itself);
- what landed is replicated; only then is it acknowledged and read. Or the primary is lost with what
  was not: uploads that wrote fail, or their drivers send what they sent to the new one;
- an upload is cut off. Of a bulk that it had sent, what had not landed may land later, or never.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from service.customers.identity import Write
from service.customers.records import Record
from tests.simulation.asking import Call, Reading, Standing, Writing
from tests.simulation.store import Store, Version

THE_STORE = -1
"""Where an upload's place stands, of operations that are no upload's."""


class Operation(NamedTuple):
    """`upload` is its place among the world's uploads; `what` and `where` say what happens."""

    upload: int
    what: str
    where: str | int = ""


class Progress(NamedTuple):
    """An upload's progress in what it asks of the store.

    `left`: documents to be read, or places of writes. `got`: what was read, or which are lost.
    `is_cut`: nobody waits for the answer any more.
    """

    standing: Standing
    left: frozenset[str | int] = frozenset()
    got: frozenset[Version | int] = frozenset()
    is_cut: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_cut or self.standing.call is None


Send = Callable[[int, int], Standing]
"""Begins an upload at a place, with the rows that the upload at another place has."""


@dataclass(slots=True)
class World:
    """`lags`: writes are replicated some time after they landed. `crashes`: how many uploads may
    yet be cut off, or how often the primary lost; who is cut off by either sends the rows again.
    `rows_of`: for each upload whose rows it sends."""

    store: Store
    send: Send
    crashes: int
    lags: bool
    uploads: list[Progress]
    rows_of: tuple[int, ...] = ()

    @classmethod
    def at_start(
        cls, records: Sequence[Record], uploads: int, send: Send, crashes: int, lags: bool
    ) -> "World":
        world = cls(Store.of(records), send, crashes, lags, [])
        for place in range(uploads):
            world._begin(place)
        return world

    def key(self) -> Hashable:
        """Worlds with the same future have the same one."""
        return self.store.key(), tuple(self.uploads), self.crashes

    @property
    def is_over(self) -> bool:
        return all(progress.is_over for progress in self.uploads)

    # -- What may happen --

    def operations(self) -> Iterator[Operation]:
        for place, progress in enumerate(self.uploads):
            if progress.standing.call is None:
                continue
            if progress.is_cut:
                yield from (Operation(place, "lands", index) for index in progress.left)
                continue
            yield from self._asked(place, progress, progress.standing.call)
            if self.crashes:
                yield Operation(place, "is cut off")
        if not self.store.is_replicated:
            yield Operation(THE_STORE, "replicates")
            if self.crashes:
                yield Operation(THE_STORE, "loses its primary")
                yield Operation(THE_STORE, "changes its primary")

    def _asked(self, place: int, progress: Progress, call: Call) -> Iterator[Operation]:
        what = "lands" if isinstance(call, Writing) else "reads"
        yield from (Operation(place, what, where) for where in progress.left)
        if isinstance(call, Reading):
            seen = {version.record.id for version in progress.got if isinstance(version, Version)}
            for record_id in self._found(call) - progress.left - seen:
                yield Operation(place, "reads", record_id)
            if not progress.left:
                yield Operation(place, "has read")

    def _found(self, call: Reading) -> set[str]:
        return {
            record_id
            for record_id, version in self.store.seen.items()
            if version.record.keys & call.digests
        }

    # -- What happens --

    def do(self, operation: Operation) -> "World":
        """Raises Broken."""
        world = replace(self, uploads=list(self.uploads))
        if operation.upload == THE_STORE:
            world._happen(operation.what)
            return world
        place, progress = operation.upload, world.uploads[operation.upload]
        if operation.what == "is cut off":
            world._cut_off(place, progress)
        elif operation.what == "has read":
            world._answer(place, progress)
        elif isinstance(operation.where, int):
            world._land(place, progress, operation.where)
        else:
            world._read(place, progress, operation.where)
        return world

    def _happen(self, what: str) -> None:
        """To the store."""
        if what == "replicates":
            self._replicate()
        elif what == "loses its primary":
            self._lose_primary()
        else:
            self._change_primary()

    def _begin(self, rows: int) -> None:
        self.uploads.append(self._asking(self.send(len(self.uploads), rows)))
        self.rows_of = (*self.rows_of, rows)

    def _cut_off(self, place: int, progress: Progress) -> None:
        """What it had sent may still land. It is sent again by whoever sent it."""
        self.crashes -= 1
        self._give_up(place, progress)

    def _give_up(self, place: int, progress: Progress) -> None:
        is_writing = isinstance(progress.standing.call, Writing)
        left = progress.left if is_writing else frozenset[str | int]()
        self.uploads[place] = Progress(progress.standing, left, frozenset(), is_cut=True)
        self._begin(self.rows_of[place])

    def _replicate(self) -> None:
        """Who waited for that gets an answer."""
        self.store = self.store.replicated()
        for place, progress in enumerate(self.uploads):
            if not progress.left and not progress.is_over:
                self._finish(place, progress)

    def _lose_primary(self) -> None:
        """Who was writing can't know what became of it. Who was reading reads anew."""
        self.crashes -= 1
        self.store = self.store.failed_over()
        for place, progress in enumerate(list(self.uploads)):
            if progress.is_over:
                self.uploads[place] = progress._replace(left=frozenset())
            elif isinstance(progress.standing.call, Reading):
                self.uploads[place] = self._asking(progress.standing)
            else:
                self._give_up(place, progress._replace(left=frozenset()))

    def _change_primary(self) -> None:
        """Drivers send their operations again, to the new one. It knows which it has."""
        self.crashes -= 1
        self.store = self.store.failed_over()
        for place, progress in enumerate(list(self.uploads)):
            if not progress.is_over:
                self.uploads[place] = self._asking(progress.standing, self._has_landed(place))

    def _has_landed(self, place: int) -> Callable[[Write], bool]:
        landed = {(one.rows, one.customer) for one in self.store.log if one.upload == place}
        return lambda write: (write.rows, write.before.id) in landed

    def _read(self, place: int, progress: Progress, record_id: str) -> None:
        got = progress.got | {self.store.seen[record_id]}
        self.uploads[place] = progress._replace(left=progress.left - {record_id}, got=got)

    def _land(self, place: int, progress: Progress, index: int) -> None:
        call = progress.standing.call
        assert isinstance(call, Writing)
        bulk = len(progress.standing.answers)
        after = self.store.written(place, bulk, call.writes[index])
        if after is None:
            self.store = self.store.refusing(place, bulk, call.writes[index])
        else:
            self.store = after if self.lags else after.replicated()
        got = progress.got if after else progress.got | {index}
        self.uploads[place] = progress._replace(left=progress.left - {index}, got=got)
        self._finish(place, self.uploads[place])

    def _finish(self, place: int, progress: Progress) -> None:
        """Writes are answered once they are durable, those that all lost at once; of a read it is
        said apart that it is through."""
        call = progress.standing.call
        if progress.left or progress.is_cut or isinstance(call, Reading):
            return
        have_lost = isinstance(call, Writing) and len(progress.got) == len(call.writes)
        if have_lost or self.store.is_replicated:
            self._answer(place, progress)

    def _answer(self, place: int, progress: Progress) -> None:
        call, got = progress.standing.call, progress.got
        answer: list[Record] | list[Write] | None = None
        if isinstance(call, Reading):
            read = [version.record for version in got if isinstance(version, Version)]
            answer = sorted(read, key=lambda record: record.id)
        elif isinstance(call, Writing):
            answer = [write for index, write in enumerate(call.writes) if index in got]
        self.uploads[place] = self._asking(progress.standing.after(got, answer))

    def _asking(
        self, standing: Standing, has_landed: Callable[[Write], bool] = lambda write: False
    ) -> Progress:
        """What its question asks for. What asks for nothing is answered at once."""
        call = standing.call
        if call is None:
            return Progress(standing)
        if isinstance(call, Reading):
            return Progress(standing, frozenset(self._found(call)))
        left = frozenset[str | int]()
        if isinstance(call, Writing):
            writes = enumerate(call.writes)
            left = frozenset(place for place, write in writes if not has_landed(write))
        if left or not self.store.is_replicated:
            return Progress(standing, left)
        return self._asking(standing.after(frozenset(), [] if isinstance(call, Writing) else None))
