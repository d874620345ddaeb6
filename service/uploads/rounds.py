"""Rows on their way into the store: as many rounds of reading, resolving and writing as they need.

A round writes each customer once. Rows that were held back, or whose write lost a race, go into the
next round, which reads the customers again. docs/uploads.md says what holds meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.customers.declared import Declarations
from service.customers.digests import Digester
from service.customers.identity import Past, Resolution, Round, Write
from service.customers.plans import RowResult, Terms
from service.customers.policies import ErrorPolicy
from service.customers.records import Record
from service.customers.rows import Row
from service.customers.view import torn
from service.store.customers import BULK
from service.uploads.fates import Fates
from service.uploads.parts import Part

STEP = 20
"""Rows read or resolved before others are served."""


class CustomerStore(Protocol):
    """What uploads need of a store; `service.store.customers.Customers` is it."""

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        """Every durable record, in whatever state, that holds or ever held one of the
        identifiers."""

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        """Each as one atomic compare-and-set; returns those that lost a race."""

    async def settle(self) -> None:
        """Waits until what was written before is durable: who just won a race is read then."""


async def read_candidates(
    store: CustomerStore,
    rows: Iterable[Row],
    named: Iterable[Mapping[str, str]],
    digester: Digester,
) -> tuple[list[Record], set[str]]:
    """Candidates, and the digests of those that can't have stood so at one moment. `named`: the
    digests of each row's identifiers.

    Erasing takes a number for every identifier that the record holds, so whoever ever held one of
    those must be known as well.
    """
    digests = _distinct(named)
    records = await store.candidates(digests)
    if any(row.forget or row.delete for row in rows):
        held = _distinct(digester.of(record.values) for record in records)
        if not held.keys() <= digests.keys():
            digests |= held
            records = await store.candidates(digests)
    return records, torn(records, digester, digests)


@dataclass(slots=True)
class Rounds:
    """A run of rows. `pause` is given how often a row has failed, and lets others go first.
    `terms`: under what is declared."""

    store: CustomerStore
    terms: Callable[[Declarations], Terms]
    pause: Callable[[int], Awaitable[None]]
    part: Part
    _fates: Fates = field(default_factory=Fates)
    _revisions: dict[str, int] = field(default_factory=dict)
    _digests: dict[int, dict[str, str]] = field(default_factory=dict)

    async def run(self) -> list[RowResult]:
        """A result for each row, in their order. Raises StoreUnavailable."""
        pending = self.part.rows
        while pending:
            pending = await self.part.current(pending)
            terms = self.terms(self.part.declared)
            if sound := self._sound(pending, terms.error_policy):
                await self.part.note_names(sound)
            pending = await self._round(sound, terms) if sound else []
        return [self._fates[row.index] for row in self.part.rows]

    def _sound(self, rows: list[Row], policy: ErrorPolicy) -> list[Row]:
        """Without those that are refused as they were read."""
        for row in rows:
            if row.is_refused(policy):
                self._fates.refuse(row.index, *row.faults)
        return [row for row in rows if not row.is_refused(policy)]

    async def _round(self, rows: list[Row], terms: Terms) -> list[Row]:
        """Returns the rows for the next round."""
        named = [self._names(row, terms.digester) for row in rows]
        records, gaps = await read_candidates(self.store, rows, named, terms.digester)
        resolution = await self._resolve(rows, records, gaps, terms)
        self._revisions |= {record.id: record.rev for record in records}
        lost = await self._write(resolution.writes)
        again = self._fates.follow(resolution, lost)
        if again.failures:
            await self.pause(again.failures)
            await self.store.settle()
        return [row for row in rows if row.index in again.rows]

    async def _write(self, writes: Sequence[Write]) -> list[Write]:
        """Returns those that lost a race, be it with a declaration."""
        lost: list[Write] = []
        for start in range(0, len(writes), BULK):
            bulk = writes[start : start + BULK]
            lost += await self.store.write(bulk) if await self.part.stands() else bulk
        return lost

    def _names(self, row: Row, digester: Digester) -> dict[str, str]:
        """Digests of the row's identifiers, made once for all rounds."""
        if row.index not in self._digests:
            self._digests[row.index] = digester.of(row.identifiers)
        return self._digests[row.index]

    async def _resolve(
        self, rows: list[Row], records: list[Record], gaps: set[str], terms: Terms
    ) -> Resolution:
        past = Past(self._fates.applied, self._revisions, gaps)
        named = [self._digests[row.index] for row in rows]
        this_round = Round(records, terms, past, named)
        for place, row in enumerate(rows, 1):
            this_round.take(row, self._digests[row.index])
            if place % STEP == 0:
                await asyncio.sleep(0)
        return this_round.resolution()


def _distinct(digests: Iterable[Mapping[str, str]]) -> dict[str, None]:
    """Those of a row side by side: a store that reads them in parts finds its customer in one."""
    return dict.fromkeys(digest for named in digests for digest in named.values())
