"""A customer record as the rules see it: what it holds, what it claims, and how it is erased."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from service.customers.changes import Value
from service.customers.fields import IDENTIFIERS, PERMISSIONS, is_company_field


class State(StrEnum):
    """Where a customer stands. Nothing leads back to `LIVE`."""

    LIVE = "live"
    FORGOTTEN = "forgotten"
    DELETED = "deleted"


class Record(NamedTuple):
    """One customer. `rev` counts the writes that changed it; 0 is not stored yet.

    `keys` are digests of every identifier that it holds or ever held; `claims` the numbers that it
    took of them, each of which one record alone can have; `marks` digests of what an erased record
    held when it was erased. None of them ever shrinks.
    """

    id: str
    state: State
    rev: int
    values: Mapping[str, Value]
    keys: frozenset[str]
    claims: frozenset[str]
    marks: frozenset[str]
    created_at: datetime
    updated_at: datetime

    def identity(self) -> tuple[Value, ...]:
        """What it is identified by, now."""
        return tuple(map(self.values.get, IDENTIFIERS))


def new_record(record_id: str, values: Mapping[str, Value], now: datetime) -> Record:
    nothing: frozenset[str] = frozenset()
    return Record(record_id, State.LIVE, 0, values, nothing, nothing, nothing, now, now)


def erased(
    record: Record, state: State, marks: Iterable[str], keeps: frozenset[str], now: datetime
) -> Record:
    """The record with all personal data gone, for good.

    What statistics may keep of a forgotten customer: `keeps`, of which dates as the first of their
    month, and of company fields none but true and false; permissions are false. A deleted one keeps
    nothing. Both keep the day of erasure.
    """
    values: dict[str, Value] = {}
    if state is State.FORGOTTEN:
        values = {
            name: _coarse(value)
            for name, value in record.values.items()
            if name in keeps and _may_stay(name, value)
        }
        values |= dict.fromkeys(PERMISSIONS, False)
    return record._replace(
        state=state,
        values=values,
        marks=frozenset(marks),
        created_at=_month(record.created_at),
        updated_at=_day(now),
    )


def _may_stay(name: str, value: Value) -> bool:
    """Whatever is declared: a text that is stored in a company field may be personal."""
    return isinstance(value, bool) or not is_company_field(name)


def _coarse(value: Value) -> Value:
    return _month(value) if isinstance(value, datetime) else value


def _month(moment: datetime) -> datetime:
    return _day(moment).replace(day=1)


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
