"""One round of an upload: its rows resolved in order against the candidates, or held back.

The writes of a round land in any order. A row whose order with others could show is held back for
the next round, which reads the customers again. Pure: a function of the rows and of what was read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.customers.changes import same
from service.customers.plans import Plan, RowResult, Terms, plan
from service.customers.records import Record
from service.customers.rows import Row
from service.customers.view import View
from service.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class Write:
    """One customer to be written: as it was read, as it is to be, and the rows that say so."""

    before: Record
    after: Record
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a round comes to. `held` are the rows for the next one, in their order."""

    results: list[RowResult]
    writes: list[Write]
    held: list[Row]

    @property
    def is_ambiguous(self) -> bool:
        """Whether a row was refused as ambiguous, which a torn read could have brought about."""
        return any(
            fault.code is ErrorCode.AMBIGUOUS_IDENTITY
            for result in self.results
            for fault in result.faults
        )


def resolve(rows: Iterable[Row], records: Sequence[Record], terms: Terms) -> Resolution:
    """Every row is resolved against what the rows before it made of the customers."""
    this_round = _Round(View(records), terms)
    for row in rows:
        this_round.take(row)
    return this_round.resolution()


class _Round:
    def __init__(self, view: View, terms: Terms) -> None:
        self._view = view
        self._terms = terms
        self._results: list[RowResult] = []
        self._held: list[Row] = []
        self._before: dict[str, Record] = {}
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._waits_for: set[str] = set()
        self._used: dict[str, set[str]] = defaultdict(set)
        self._moved: dict[str, set[str]] = defaultdict(set)

    def take(self, row: Row) -> None:
        proposed = plan(row, self._view, self._terms)
        reach = proposed.names.union(*(record.keys for record in proposed.means))
        if self._must_wait(proposed, reach):
            self._held.append(row)
            self._waits_for |= reach
        else:
            self._commit(proposed, reach)

    def resolution(self) -> Resolution:
        writes = [
            Write(before, self._view[record_id], tuple(self._rows[record_id]))
            for record_id, before in self._before.items()
            if before.rev == 0 or not _same_stored(before, self._view[record_id])
        ]
        return Resolution(self._results, writes, self._held)

    def _must_wait(self, proposed: Plan, reach: frozenset[str]) -> bool:
        touched = {record.id for record in proposed.after}
        moved = {owner for digest in reach for owner in self._moved.get(digest, ())}
        if reach & self._waits_for or (moved and (len(moved) > 1 or moved != touched)):
            return True
        return any(
            self._moves_under_others(now, reach)
            for was, now in _pairs(proposed)
            if _moves(was, now)
        )

    def _moves_under_others(self, now: Record, reach: frozenset[str]) -> bool:
        """An earlier row used one of the identifiers on another customer."""
        return any(self._used.get(digest, set()) - {now.id} for digest in reach | now.keys)

    def _commit(self, proposed: Plan, reach: frozenset[str]) -> None:
        self._results.append(proposed.result)
        for was, now in _pairs(proposed):
            self._follow(was, now, proposed.result.index)
            for digest in reach | now.keys:
                self._used[digest].add(now.id)
            if _moves(was, now):
                for digest in now.keys:
                    self._moved[digest].add(now.id)

    def _follow(self, was: Record | None, now: Record, index: int) -> None:
        self._rows[now.id].append(index)
        if was is now:
            return
        self._before.setdefault(now.id, was or now)
        self._view.put(now)


def _pairs(proposed: Plan) -> Iterable[tuple[Record | None, Record]]:
    """Each customer that the row touches, as it was and as it will be; a new one was not."""
    was = {record.id: record for record in proposed.means}
    return [(was.get(record.id), record) for record in proposed.after]


def _moves(was: Record | None, now: Record) -> bool:
    """Whether the customer is created, erased, or holds other identifiers than before."""
    return was is None or was.state is not now.state or was.identity() != now.identity()


def _same_stored(before: Record, after: Record) -> bool:
    """Whether a write would change anything; the time of change alone is nothing."""
    same_identity = (before.state, before.keys, before.claims, before.marks) == (
        after.state,
        after.keys,
        after.claims,
        after.marks,
    )
    return same_identity and same(before.values, after.values)
