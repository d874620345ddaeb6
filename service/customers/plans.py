"""What one row would do to the customers in view: change them, erase one, make one, or nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from service.customers.bounds import identity_faults, list_faults, size_faults, taken
from service.customers.changes import NotAList, Value, alters, apply
from service.customers.digests import Digester, numbered
from service.customers.fields import IDENTIFIERS
from service.customers.matching import Match, match
from service.customers.policies import ErrorPolicy, MultipleMatches
from service.customers.records import Record, State, erased, new_record
from service.customers.rows import Row
from service.customers.view import View
from service.errors import ErrorCode, Fault


class UploadStatus(StrEnum):
    """How a row ended."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    IGNORED = "IGNORED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What would change of one customer; `customer_id` None is one that would be created.

    `field`: as it is stored. `before` and `after`: stored values, None where there is none.
    """

    customer_id: str | None
    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class RowResult:
    """`customer_ids`: whom the row met; with `AMBIGUOUS_IDENTITY`, whom it might mean.

    `faults`: what stood in its way, or was left out of it. `changes`: of a dry run.
    """

    index: int
    status: UploadStatus
    matched_by: str | None = None
    customer_ids: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What resolving rows rests on beside the customers. `keeps`: what survives forgetting."""

    digester: Digester
    now: datetime
    new_id: Callable[[], str]
    keeps: frozenset[str]
    max_holders: int
    max_company_fields: int
    error_policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS
    on_multiple_matches: MultipleMatches = MultipleMatches.UPDATE_ALL


class Plan(NamedTuple):
    """`names` are digests of the row's identifiers, `means` the customers it is about as they
    were, `after` as it leaves them: the same, changed, or one more. Refused and ignored rows
    leave `after` empty. `passed_over`: as in `Match`."""

    result: RowResult
    names: frozenset[str]
    means: tuple[Record, ...] = ()
    after: tuple[Record, ...] = ()
    passed_over: tuple[Record, ...] = ()

    @property
    def reach(self) -> frozenset[str]:
        """What the row names, and whatever those whom it means hold or held."""
        if not self.means:
            return self.names
        return self.names.union(*[record.keys for record in self.means])

    @property
    def pairs(self) -> list[tuple[Record | None, Record]]:
        """Each customer that the row touches, as it was and as it will be; a new one was not."""
        if not self.means:
            return [(None, record) for record in self.after]
        was = {record.id: record for record in self.means}
        return [(was.get(record.id), record) for record in self.after]

    @property
    def changes(self) -> set[str]:
        """Ids of the customers that the row itself changes."""
        return {now.id for was, now in self.pairs if was is not now}


def plan(
    row: Row,
    digests: Mapping[str, str],
    view: View,
    terms: Terms,
    applied: Collection[str] = (),
) -> Plan:
    """What the row would do now, without doing it. `digests` are those of its identifiers.
    `applied`: ids of the customers that it was applied to before, which it leaves as they are; it
    then neither creates nor identifies anybody.
    """
    found = match(row, digests, view)
    return _Planner(row, digests, found, view, terms, applied).plan()


class _Planner(NamedTuple):
    row: Row
    digests: Mapping[str, str]
    found: Match
    view: View
    terms: Terms
    applied: Collection[str]

    def plan(self) -> Plan:
        if self.found.mark:
            code = ErrorCode(self.found.mark.upper())
            return self._end(UploadStatus.IGNORED, Fault(code, self.found.found_by))
        if self.row.forget or self.row.delete:
            return self._erase()
        if not self.found.records:
            return self._done(UploadStatus.UNCHANGED, ()) if self.applied else self._create()
        if self.found.is_ambiguous and self.terms.on_multiple_matches is MultipleMatches.REJECT:
            return self._ambiguous()
        return self._update()

    def _end(self, status: UploadStatus, *faults: Fault) -> Plan:
        """Nothing is written. The ids of whom an ignored row means would tie them together."""
        ids = tuple(record.id for record in self.found.records)
        told = (*faults, *self.row.faults)
        result = RowResult(self.row.index, status, self.found.found_by, ids, told)
        return Plan(result, frozenset(self.digests.values()), self.found.records)

    def _done(self, status: UploadStatus, after: tuple[Record, ...]) -> Plan:
        ids = tuple([record.id for record in after])
        result = RowResult(self.row.index, status, self.found.found_by, ids, self.row.faults)
        names, found = frozenset(self.digests.values()), self.found
        return Plan(result, names, found.records, after, found.passed_over)

    def _ambiguous(self) -> Plan:
        fault = Fault(ErrorCode.AMBIGUOUS_IDENTITY, self.found.found_by)
        return self._end(UploadStatus.REJECTED, fault)

    def _erase(self) -> Plan:
        """Somebody never seen leaves a tombstone too, so that no later import brings them in."""
        if self.found.is_ambiguous:
            return self._ambiguous()
        known = self.found.records[0] if self.found.records else None
        record = known or new_record(self.terms.new_id(), {}, self.terms.now)
        forgets = known and not self.row.delete
        marks = self.terms.digester.of(record.values)
        named = {*marks.values(), *self.digests.values()}
        gone = erased(
            record,
            State.FORGOTTEN if forgets else State.DELETED,
            named,
            self.terms.keeps,
            self.terms.now,
        )
        gone = self._claim(gone, named)
        status = UploadStatus.UPDATED if known else UploadStatus.CREATED
        return self._done(status, (gone,))

    def _create(self) -> Plan:
        terms, values = self.terms, apply(self.row.change, {})
        new = {name: values[name] for name in IDENTIFIERS if name in values}
        if faults := [
            *self._identity_faults(new),
            *size_faults(self.row.change, {}, values, terms.max_company_fields),
        ]:
            return self._despite(faults)
        record = new_record(terms.new_id(), values, terms.now)
        events = {self.digests[name] for name in new}
        return self._done(UploadStatus.CREATED, (self._claim(record, events),))

    def _update(self) -> Plan:
        """What is stored may make fields faulty; the error policy says what then."""
        records = self.found.records
        try:
            pairs = [(record, self._changed(record)) for record in records]
        except NotAList:
            return self._despite(self._list_faults(records))
        changed = [(was, now) for was, now in pairs if was is not now]
        after = tuple([now for _, now in pairs])
        if not changed:
            return self._done(UploadStatus.UNCHANGED, after)
        moved = [(was, now) for was, now in changed if was.identity() != now.identity()]
        if moved and (len(records) > 1 or self.applied):
            return self._ambiguous()
        new = taken(*moved[0]) if moved else {}
        if faults := [*self._identity_faults(new), *self._size_faults(changed)]:
            return self._despite(faults)
        return self._done(UploadStatus.UPDATED, (self._taking(after[0], new),) if moved else after)

    def _despite(self, faults: Iterable[Fault]) -> Plan:
        """Each field is at fault once, whatever number of customers it is at fault for."""
        found = {fault.field: fault for fault in faults}.values()
        if self.terms.error_policy is not ErrorPolicy.IGNORE_FAILED:
            return self._end(UploadStatus.REJECTED, *found)
        without = self._replace(row=self.row.without(found))
        return without._update() if self.found.records else without._create()

    def _changed(self, record: Record) -> Record:
        if record.id in self.applied:
            return record
        if not alters(self.row.change, record.values):
            return record
        values = apply(self.row.change, record.values)
        return record._replace(values=values, updated_at=self.terms.now)

    def _list_faults(self, records: Iterable[Record]) -> Iterator[Fault]:
        for record in records:
            if record.id not in self.applied:
                yield from list_faults(self.row.change, record.values)

    def _identity_faults(self, new: Mapping[str, str]) -> list[Fault]:
        return identity_faults(new, self.digests, self.view, self.terms.max_holders)

    def _size_faults(self, pairs: Iterable[tuple[Record, Record]]) -> Iterator[Fault]:
        for was, now in pairs:
            limit = self.terms.max_company_fields
            yield from size_faults(self.row.change, was.values, now.values, limit)

    def _taking(self, now: Record, new: Iterable[str]) -> Record:
        """With its new identifiers. An event too for what it was found by: others may be finding
        it by that at this moment."""
        events = {self.digests[name] for name in new}
        if self.found.found_by:
            events.add(self.digests[self.found.found_by])
        return self._claim(now, events)

    def _claim(self, record: Record, events: set[str]) -> Record:
        """Takes the next number of each identifier: of two who do, one loses."""
        numbers = {numbered(digest, self.view.next_number(digest)) for digest in events}
        return record._replace(keys=record.keys | events, claims=record.claims | numbers)
