"""One upload, run by hand: it stops wherever it asks its store, and goes on with the answer.

An upload is a function of the answers that it got. So where it stands is kept by them, and what it
does next is worked out once for each run of answers, however many interleavings lead there.
"""

from collections.abc import Callable, Coroutine, Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.customers.identity import Write
from service.customers.plans import RowResult
from service.customers.records import Record

MOST_ANSWERS = 120
"""After so many an upload is held to run for ever."""


@dataclass(frozen=True, slots=True)
class Reading:
    digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class Writing:
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Settling:
    """Until what was written is durable."""


Call = Reading | Writing | Settling


@dataclass(frozen=True, slots=True)
class _Asked:
    call: Call

    def __await__(self) -> Generator[Call, Any, Any]:
        return (yield self.call)


class AskingStore:
    """What an upload takes for its store. Whoever drives the upload has to answer."""

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        found: list[Record] = await _Asked(Reading(frozenset(digests)))
        return found

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        lost: list[Write] = await _Asked(Writing(tuple(writes)))
        return lost

    async def settle(self) -> None:
        await _Asked(Settling())


class RunsForEver(Exception):
    """An upload asks and asks."""


_Running = Coroutine[Call | None, Any, Any]

Begin = Callable[[Sequence[object]], _Running]
"""Begins the upload of the rows anew, in the same way each time."""


@dataclass(eq=False, slots=True)
class Standing:
    """Where one upload stands: it asks for `call`, or has ended with `results`."""

    rows: Sequence[object]
    begin: Begin
    answers: tuple[Any, ...] = ()
    call: Call | None = None
    results: list[RowResult] | None = None
    _running: _Running | None = None
    _next: dict[Hashable, "Standing"] = field(default_factory=dict)

    @classmethod
    def at_start(cls, rows: Sequence[object], begin: Begin) -> "Standing":
        standing = cls(rows, begin)
        standing._go_on(standing._start(), None)
        return standing

    def after(self, key: Hashable, answer: Any) -> "Standing":
        """Where it stands when it got the answer; answers that are the same have one key."""
        if key not in self._next:
            self._next[key] = self._answered(answer)
        return self._next[key]

    def _answered(self, answer: Any) -> "Standing":
        if len(self.answers) >= MOST_ANSWERS:
            raise RunsForEver
        running, self._running = self._running or self._replayed(), None
        following = Standing(self.rows, self.begin, (*self.answers, answer))
        following._go_on(running, answer)
        return following

    def _start(self) -> _Running:
        return self.begin(self.rows)

    def _replayed(self) -> _Running:
        running = self._start()
        _until_asking(running, None)
        for answer in self.answers:
            _until_asking(running, answer)
        return running

    def _go_on(self, running: _Running, answer: Any) -> None:
        try:
            self.call = _until_asking(running, answer)
            self._running = running
        except StopIteration as end:
            self.results = end.value.results


def _until_asking(running: _Running, answer: Any) -> Call:
    """Where the upload merely lets others run, it goes on."""
    asked = running.send(answer)
    while asked is None:
        asked = running.send(None)
    return asked
