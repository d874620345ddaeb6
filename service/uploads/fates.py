"""What has become of each row of an upload so far, over all the times that it was tried."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from service.customers.identity import Resolution, Write
from service.customers.plans import Plan, RowResult, UploadStatus
from service.errors import ErrorCode, Fault

MAX_FAILURES = 12
"""How often a row may lose a race before it is a conflict."""

MAX_DOUBTS = 5
"""How often the candidates of a row are read, torn or ambiguous, before that is a lost race."""

_WROTE = (UploadStatus.CREATED, UploadStatus.UPDATED)


@dataclass(frozen=True, slots=True)
class Again:
    """Rows to be tried again. `failures`: how often one of those that lost a race now has done so;
    0 where none lost."""

    rows: frozenset[int]
    failures: int


@dataclass(slots=True)
class Fates:
    """`applied`: by row, the customers that it was applied to, in that order.

    It is not applied to them again and creates nobody: what is left of it is for the others whom it
    means. A row that created meant nobody else, so it is done, and its status stands.
    """

    applied: dict[int, dict[str, None]] = field(default_factory=dict)
    _failures: Counter[int] = field(default_factory=Counter)
    _doubts: Counter[int] = field(default_factory=Counter)
    _results: dict[int, RowResult] = field(default_factory=dict)
    _earlier: dict[int, RowResult] = field(default_factory=dict)

    def __getitem__(self, index: int) -> RowResult:
        """The row's result: one that wrote in any attempt says so, whatever the last one was."""
        last, earlier = self._results[index], self._earlier.get(index)
        ignored = last.status is UploadStatus.IGNORED
        if earlier is None or (ignored and earlier.status not in _WROTE):
            return last
        ids = tuple(dict.fromkeys((*self.applied[index], *last.customer_ids)))
        if earlier.status not in _WROTE:
            return replace(last, matched_by=earlier.matched_by, customer_ids=ids)
        return replace(earlier, customer_ids=ids, faults=(earlier if ignored else last).faults)

    def refuse(self, index: int, *faults: Fault) -> None:
        result = self._results.get(index) or RowResult(index, UploadStatus.REJECTED)
        self._results[index] = replace(result, status=UploadStatus.REJECTED, faults=faults)

    def follow(self, resolution: Resolution, lost: Collection[Write]) -> Again:
        """Takes in what the round came to."""
        self._apply(resolution.writes, lost)
        self._results |= {result.index: result for result in resolution.results}
        failed = {index for write in lost for index in write.rows}
        failed |= self._despaired(resolution.doubtful)
        self._failures.update(failed)
        over = {index for index in failed if self._failures[index] >= MAX_FAILURES}
        again = (failed | self._dependents(resolution, lost)) - over
        self._remember(resolution.plans, again | over)
        self._conflict(over, lost)
        held = {row.index for row in resolution.held} - over
        worst = max((self._failures[index] for index in failed - over), default=0)
        return Again(frozenset(again | held), worst)

    def _apply(self, writes: Iterable[Write], lost: Collection[Write]) -> None:
        never = {write.before.id for write in lost}
        for write in writes:
            if write.before.id not in never:
                for index in write.rows:
                    self.applied.setdefault(index, {})[write.before.id] = None

    def _wrote(self, proposed: Plan) -> bool:
        """A row that changed nothing itself wrote nothing, though its customer was written."""
        return not proposed.changes.isdisjoint(self.applied.get(proposed.result.index, ()))

    def _dependents(self, resolution: Resolution, lost: Collection[Write]) -> set[int]:
        """Rows which share an identifier with those that lost, wrote nothing, and came after them
        or were undone by others: what was said of them rests on what was not written."""
        plans, written = resolution.plans, {write.before.id for write in resolution.writes}
        rows = {index for write in lost for index in write.rows}
        first = min(rows, default=0)
        named = {digest for write in lost for digest in write.after.keys}
        for proposed in plans:
            if proposed.result.index in rows:
                named |= proposed.reach
        return {
            proposed.result.index
            for proposed in plans
            if (proposed.result.index > first or not proposed.changes <= written)
            and not named.isdisjoint(proposed.reach)
            and not self._wrote(proposed)
        }

    def _remember(self, plans: Iterable[Plan], again: Collection[int]) -> None:
        """How rows ended that were applied to some and are tried again for others."""
        for proposed in plans:
            result = proposed.result
            if result.index not in again or result.index not in self.applied:
                continue
            wrote = self._wrote(proposed)
            known = self._earlier.get(result.index)
            if known is None or (wrote and known.status not in _WROTE):
                status = result.status if wrote else UploadStatus.UNCHANGED
                self._earlier[result.index] = replace(result, status=status)

    def _despaired(self, doubtful: Iterable[int]) -> set[int]:
        self._doubts.update(doubtful)
        return {index for index in doubtful if self._doubts[index] % MAX_DOUBTS == 0}

    def _conflict(self, over: Iterable[int], lost: Iterable[Write]) -> None:
        """Customers that were to be created are nobody."""
        never = {write.before.id for write in lost if write.before.rev == 0}
        for index in over:
            self.refuse(index, Fault(ErrorCode.CONFLICT))
            result = self._results[index]
            known = tuple(found for found in result.customer_ids if found not in never)
            self._results[index] = replace(result, customer_ids=known)
