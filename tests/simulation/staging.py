"""What is simulated: who is there, what is uploaded at once, and how it is judged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

import structlog

from service.customers.plans import RowResult
from service.customers.policies import ErrorPolicy, MultipleMatches
from service.customers.records import Record
from service.errors import ErrorCode
from service.uploads.options import DEFAULT_OPTIONS, UploadOptions
from tests.simulation.asking import AskingStore, Standing
from tests.simulation.promises import Broken, check_numbers
from tests.simulation.rules import Choices, Person, Row, apply, frozen
from tests.simulation.serial import Search, Sent
from tests.simulation.store import Attempt, Version
from tests.simulation.world import World
from tests.uploads.making import DIGESTER, LIMITS, uploads_on
from tests.uploads.memory import MemoryStore

Rows = Sequence[Row]
People = dict[str, Person]


@dataclass(frozen=True)
class Case:
    """`before` are rows that were sent one by one; `uploads` are sent at once. `crashes`: how many
    of them may be cut off, each of which is then sent again. `lags`: writes are replicated some
    time after they landed. `options`: of those sent at once."""

    uploads: tuple[Rows, ...]
    before: Rows = ()
    crashes: int = 0
    lags: bool = False
    options: UploadOptions = DEFAULT_OPTIONS


@dataclass
class Stage:
    """A case ready to be played, as often as one likes."""

    case: Case
    records: list[Record]
    people: People
    _begun: dict[tuple[int, int], Standing] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case) -> "Stage":
        Version.forget()
        store, people = MemoryStore(), dict[str, Person]()
        for row in case.before:
            result = _run_alone(store, row)
            (new_id,) = result.customer_ids if result.status == "CREATED" else ("nobody",)
            outcome = apply(row, people.values(), new_id, Choices(LIMITS.holders))
            if outcome.status in ("CREATED", "UPDATED"):
                people |= {person.id: person for person in outcome.met}
        return cls(case, list(store.records.values()), people)

    def world(self) -> World:
        case = self.case
        return World.at_start(self.records, len(case.uploads), self._send, case.crashes, case.lags)

    def _send(self, place: int, rows: int) -> Standing:
        if (place, rows) not in self._begun:
            sent = self.case.uploads[rows]
            self._begun[place, rows] = _begun(sent, f"u{place}", self.case.options)
        return self._begun[place, rows]

    def judge(self, world: World) -> None:
        """Raises Broken. Everything is over."""
        records = [version.record for version in world.store.documents.values()]
        check_numbers(records)
        sent = list(self._sent(world))
        if any(_is_conflict(row.result) for row in sent):
            raise Broken("no CONFLICT in small cases")
        target = {record.id: _person(record) for record in records}
        choices = Choices(
            LIMITS.holders,
            ignores=self.case.options.error_policy is ErrorPolicy.IGNORE_FAILED,
            one_only=self.case.options.on_multiple_matches is MultipleMatches.REJECT,
        )
        if len(world.uploads) == 1:
            searches = [Search(target, choices, in_order=True)]
        else:
            searches = [Search(target, choices, joiners=told) for told in (False, True)]
        if not any(search.succeeds(self.people, sent) for search in searches):
            raise Broken("what came out is what some order of the rows leaves")

    def _sent(self, world: World) -> Iterator[Sent]:
        for place, progress in enumerate(world.uploads):
            results = progress.standing.results
            for index, row in enumerate(self.case.uploads[world.rows_of[place]]):
                went = [one for one in world.store.log if one.upload == place and index in one.rows]
                yield Sent(
                    place,
                    index,
                    row,
                    results[index] if results is not None else None,
                    {one.customer: world.store.log.index(one) for one in reversed(went)},
                    _created(went, index),
                    [one for one in world.store.log if one.upload == place],
                    [one for one in world.store.lost if one.upload == place],
                )


def _begun(rows: Rows, name: str, options: UploadOptions) -> Standing:
    def begin(rows: Sequence[object]) -> Any:
        numbers = count(1)
        uploads = uploads_on(AskingStore(), new_id=lambda: f"{name}.{next(numbers)}")
        return uploads.upload(rows, options)

    return Standing.at_start(rows, begin)


def _run_alone(store: MemoryStore, row: Row) -> RowResult:
    running = uploads_on(store, new_id=lambda: f"c.{len(store.records) + 1}").upload([row])
    try:
        while True:
            running.send(None)
    except StopIteration as end:
        result: RowResult = end.value.results[0]
        return result


def _created(went: list[Attempt], index: int) -> str | None:
    return next((one.customer for one in went if one.creates and one.rows[0] == index), None)


def _is_conflict(result: RowResult | None) -> bool:
    return result is not None and any(fault.code is ErrorCode.CONFLICT for fault in result.faults)


def _person(record: Record) -> Person:
    values = tuple(sorted((name, frozen(value)) for name, value in record.values.items()))
    held = frozenset(map(identifier_of, record.keys))
    return Person(
        record.id, record.state.value, values, held, frozenset(map(identifier_of, record.marks))
    )


_IDENTIFIERS: dict[str, tuple[str, str]] = {}


@lru_cache
def known(identifier: str, value: str) -> str:
    """The value, whose digest is known from now on for what it stands for."""
    _IDENTIFIERS[DIGESTER.digest(identifier, value)] = identifier, value
    return value


def identifier_of(digest: str) -> tuple[str, str]:
    return _IDENTIFIERS[digest]


@contextmanager
def silence() -> Iterator[None]:
    """Uploads log how they ended; here they would say it a million times."""
    configured = structlog.get_config()
    structlog.configure(processors=[_drop])
    try:
        yield
    finally:
        structlog.configure(**configured)


def _drop(*event: object) -> dict[str, object]:
    raise structlog.DropEvent
