"""What one row would do to the customers in view: change them, erase one, make one, or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.customers.changes import Members, NotAList, Value, apply, same
from service.customers.company import check_size
from service.customers.digests import Digester, numbered
from service.customers.fields import (
    IDENTIFIERS,
    SHARED_IDENTIFIERS,
    TEXT_SETS,
    is_company_field,
)
from service.customers.matching import Match, match
from service.customers.records import Record, State, erased, new_record
from service.customers.rows import MAX_SET_MEMBERS, Row
from service.customers.texts import Unreadable
from service.customers.view import View
from service.errors import Detail, ErrorCode, Fault


class UploadStatus(StrEnum):
    """How a row ended."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    IGNORED = "IGNORED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class RowResult:
    """`customer_ids`: whom the row met; with `AMBIGUOUS_IDENTITY`, whom it might mean."""

    index: int
    status: UploadStatus
    matched_by: str | None = None
    customer_ids: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What resolving rows rests on beside the customers. `keeps`: what survives forgetting."""

    digester: Digester
    now: datetime
    new_id: Callable[[], str]
    keeps: frozenset[str]
    max_holders: int
    max_company_fields: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`names` are digests of the row's identifiers, `means` the customers it is about as they
    were, `after` as it leaves them: the same, changed, or one more. Refused and ignored rows
    leave `after` empty."""

    result: RowResult
    names: frozenset[str]
    means: tuple[Record, ...] = ()
    after: tuple[Record, ...] = ()


def plan(row: Row, view: View, terms: Terms) -> Plan:
    """What the row would do now, without doing it."""
    digests = terms.digester.of(row.identifiers)
    found = match(row, digests, view)
    return _Planner(row, digests, found, view, terms).plan()


@dataclass(frozen=True, slots=True)
class _Planner:
    row: Row
    digests: Mapping[str, str]
    found: Match
    view: View
    terms: Terms

    def plan(self) -> Plan:
        if self.found.mark:
            code = ErrorCode(self.found.mark.upper())
            return self._end(UploadStatus.IGNORED, Fault(code, self.found.found_by))
        if self.row.forget or self.row.delete:
            return self._erase()
        if not self.found.records:
            return self._create()
        return self._update()

    def _end(self, status: UploadStatus, *faults: Fault) -> Plan:
        """Nothing is written. The ids of whom an ignored row means would tie them together."""
        ids = tuple(record.id for record in self.found.records)
        result = RowResult(self.row.index, status, self.found.found_by, ids, faults)
        return Plan(result, frozenset(self.digests.values()), self.found.records)

    def _done(self, status: UploadStatus, after: tuple[Record, ...]) -> Plan:
        ids = tuple(record.id for record in after)
        result = RowResult(self.row.index, status, self.found.found_by, ids)
        return Plan(result, frozenset(self.digests.values()), self.found.records, after)

    def _ambiguous(self) -> Plan:
        fault = Fault(ErrorCode.AMBIGUOUS_IDENTITY, self.found.found_by)
        return self._end(UploadStatus.REJECTED, fault)

    def _erase(self) -> Plan:
        """Somebody never seen leaves a tombstone too, so that no later import brings them in."""
        if self.found.is_ambiguous:
            return self._ambiguous()
        known = self.found.records[0] if self.found.records else None
        record = known or new_record(self.terms.new_id(), self.terms.now)
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
        record = new_record(self.terms.new_id(), self.terms.now)
        return self._change((record,), UploadStatus.CREATED)

    def _update(self) -> Plan:
        return self._change(self.found.records, UploadStatus.UPDATED)

    def _change(self, records: tuple[Record, ...], status: UploadStatus) -> Plan:
        try:
            after = tuple(self._changed(record) for record in records)
        except NotAList as error:
            fault = Fault(ErrorCode.NOT_A_LIST, error.field)
            return self._end(UploadStatus.REJECTED, fault)
        pairs = list(zip(records, after, strict=True))
        moved = [(was, now) for was, now in pairs if was.identity() != now.identity()]
        if moved and len(records) > 1:
            return self._ambiguous()
        faults = [fault for pair in moved for fault in self._identity_faults(*pair)]
        faults += [fault for pair in pairs for fault in self._size_faults(*pair)]
        if faults:
            return self._end(UploadStatus.REJECTED, *faults)
        if all(was is now for was, now in pairs):
            return self._done(UploadStatus.UNCHANGED, after)
        if moved:
            after = (self._taking(*moved[0]),)
        return self._done(status, after)

    def _changed(self, record: Record) -> Record:
        values = apply(self.row.change, record.values)
        if self.found.records and same(values, record.values):
            return record
        return replace(record, values=values, updated_at=self.terms.now)

    def _identity_faults(self, was: Record, now: Record) -> list[Fault]:
        """A live record may not newly take what is marked, or what too many hold."""
        faults = []
        for name, value in _taken(was, now).items():
            if self.view.mark(self.digests[name]):
                faults.append(Fault(ErrorCode.FORGOTTEN_IDENTIFIER, name))
            elif (
                name in SHARED_IDENTIFIERS
                and len(self.view.holders(name, value)) >= self.terms.max_holders
            ):
                details: dict[str, Detail] = {"limit": self.terms.max_holders}
                faults.append(Fault(ErrorCode.IDENTIFIER_OVERSHARED, name, details=details))
        return faults

    def _size_faults(self, was: Record, now: Record) -> list[Fault]:
        faults = [
            _too_long(name, MAX_SET_MEMBERS, "members")
            for name in TEXT_SETS
            if name in self.row.change and len(now.values.get(name, ())) > MAX_SET_MEMBERS
        ]
        faults += [fault for name in self.row.change for fault in self._list_faults(name, now)]
        limit = self.terms.max_company_fields
        before, after = _company_fields(was.values), _company_fields(now.values)
        if len(after) > max(limit, len(before)):
            name = next(name for name in after if name not in before)
            faults.append(_too_long(name, limit, "company fields"))
        return faults

    def _list_faults(self, name: str, now: Record) -> list[Fault]:
        """Of a company list to which members were added: each addition is small, the whole may
        not be."""
        edit = self.row.change[name]
        if not isinstance(edit, Members) or not is_company_field(name) or name not in now.values:
            return []
        try:
            check_size(now.values[name])
        except Unreadable as error:
            return [Fault(error.code, name, details=error.details)]
        return []

    def _taking(self, was: Record, now: Record) -> Record:
        """With its new identifiers. An event too for what it was found by: others may be finding
        it by that at this moment."""
        names = {*_taken(was, now), *([self.found.found_by] if self.found.found_by else [])}
        return self._claim(now, {self.digests[name] for name in names})

    def _claim(self, record: Record, events: set[str]) -> Record:
        """Takes the next number of each identifier: of two who do, one loses."""
        numbers = {numbered(digest, self.view.next_number(digest)) for digest in events}
        return replace(record, keys=record.keys | events, claims=record.claims | numbers)


def _taken(was: Record, now: Record) -> dict[str, str]:
    return {
        name: now.values[name]
        for name in IDENTIFIERS
        if name in now.values and now.values[name] != was.values.get(name)
    }


def _too_long(name: str, limit: int, unit: str) -> Fault:
    return Fault(ErrorCode.TOO_LONG, name, details={"limit": limit, "unit": unit})


def _company_fields(values: Mapping[str, Value]) -> list[str]:
    return [name for name in values if is_company_field(name)]
