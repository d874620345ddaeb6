"""One round of an upload: its rows resolved in order against the candidates, or held back.

The writes of a round land in any order. A row whose order with others could show is held back for
the next round, which reads the customers again. Pure: a function of the rows and of what was read.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from service.customers.changes import same
from service.customers.plans import Plan, RowResult, Terms, plan
from service.customers.records import Record
from service.customers.rows import Row
from service.customers.view import View


class Write(NamedTuple):
    """One customer to be written: as it was read, as it is to be, and the rows that say so."""

    before: Record
    after: Record
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier rounds and reads tell. `applied`: by row, the customers that it was applied to.
    `revisions`: of customers, as they were read before. `torn`: digests whose candidates can't have
    stood at one moment as they were read now."""

    applied: Mapping[int, Collection[str]] = field(default_factory=dict)
    revisions: Mapping[str, int] = field(default_factory=dict)
    torn: AbstractSet[str] = frozenset()

    def is_doubtful(self, proposed: Plan, view: View) -> bool:
        """Whether a torn read could have made it so, of which no write would tell. Customers who
        stand as they were read before stood so together; who is not stored yet was not read.

        A write tells, but of those passed over since they are several: one may have left the
        identifier before the other took it.
        """
        if proposed.reach & self.torn:
            return True
        seen = proposed.passed_over if proposed.after else view.known(proposed.reach)
        known = [record for record in seen if record.rev]
        return any(self.revisions.get(one.id) != one.rev for one in known)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a round comes to: a plan for each row, or it is `held` for the next round, in order.

    `doubtful` are those of the held that have to be read again before anything is said of them.
    """

    plans: list[Plan]
    writes: list[Write]
    held: list[Row]
    doubtful: frozenset[int]

    @property
    def results(self) -> list[RowResult]:
        return [proposed.result for proposed in self.plans]


class Round:
    """Every row is resolved against what the rows before it made of the customers.

    `named`: of each row that will be taken, the digests of its identifiers. A row that shares none
    of them with another row or a candidate meets nobody, and nothing of it is kept for others.
    """

    def __init__(
        self,
        records: Sequence[Record],
        terms: Terms,
        past: Past,
        named: Iterable[Mapping[str, str]],
    ) -> None:
        self._shared = _shared(records, named)
        self._alone: list[Write] = []
        self._view = View(records)
        self._terms = terms
        self._past = past
        self._plans: list[Plan] = []
        self._held: list[Row] = []
        self._doubtful: set[int] = set()
        self._before: dict[str, Record] = {}
        self._rows: dict[str, list[int]] = defaultdict(list)
        self._waits_for: set[str] = set()
        self._used: dict[str, set[str]] = defaultdict(set)
        self._moved: dict[str, set[str]] = defaultdict(set)

    def take(self, row: Row, digests: Mapping[str, str]) -> None:
        """`digests` are those of the row's identifiers."""
        applied = self._past.applied.get(row.index, ())
        proposed = plan(row, digests, self._view, self._terms, applied)
        if not applied and self._shared.isdisjoint(digests.values()):
            self._take_alone(proposed)
            return
        reach = proposed.reach
        if doubtful := self._past.is_doubtful(proposed, self._view):
            self._doubtful.add(row.index)
        if doubtful or self._must_wait(proposed, reach):
            self._held.append(row)
            self._waits_for |= reach
        else:
            self._commit(proposed, reach)

    def _take_alone(self, proposed: Plan) -> None:
        self._plans.append(proposed)
        self._alone += [Write(now, now, (proposed.result.index,)) for now in proposed.after]

    def resolution(self) -> Resolution:
        writes = [
            Write(before, self._view[record_id], tuple(self._rows[record_id]))
            for record_id, before in self._before.items()
            if before.rev == 0 or not _same_stored(before, self._view[record_id])
        ]
        return Resolution(self._plans, self._alone + writes, self._held, frozenset(self._doubtful))

    def _must_wait(self, proposed: Plan, reach: frozenset[str]) -> bool:
        if not reach.isdisjoint(self._waits_for):
            return True
        moved = {owner for digest in reach for owner in self._moved.get(digest, ())}
        if moved and (len(moved) > 1 or moved != {record.id for record in proposed.after}):
            return True
        return any(
            self._moves_under_others(now, reach) for was, now in proposed.pairs if _moves(was, now)
        )

    def _moves_under_others(self, now: Record, reach: frozenset[str]) -> bool:
        """An earlier row used one of the identifiers on another customer."""
        users = [self._used[digest] for digest in reach | now.keys if digest in self._used]
        return any(len(ids) > 1 or now.id not in ids for ids in users)

    def _commit(self, proposed: Plan, reach: frozenset[str]) -> None:
        self._plans.append(proposed)
        for was, now in proposed.pairs:
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


def _shared(records: Iterable[Record], named: Iterable[Mapping[str, str]]) -> set[str]:
    """Digests that more than one row names, or a candidate holds or held."""
    names = Counter(chain.from_iterable(digests.values() for digests in named))
    several = {digest for digest, rows in names.items() if rows > 1}
    return several.union(*[record.keys for record in records])


def _moves(was: Record | None, now: Record) -> bool:
    """Whether the customer is created, erased, or holds other identifiers than before."""
    if was is now:
        return False
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
