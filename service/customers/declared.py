"""What may be declared of a company field, and reading its values as the declared type.

What an upload brings and what is stored already are read alike, so converting a stored value gives
what uploading it again would.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from service.customers.changes import Value
from service.customers.company import MAX_BYTES, read_members, read_value
from service.customers.moments import as_json, read_date, read_date_time
from service.customers.texts import Unreadable, written
from service.errors import ErrorCode


class CompanyType(StrEnum):
    """A type that can be declared; `ANY` is none."""

    ANY = "ANY"
    TEXT = "TEXT"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DATE_TIME = "DATE_TIME"
    LIST = "LIST"
    OBJECT = "OBJECT"

    @property
    def may_hold_members(self) -> bool:
        """Whether members can be added to a value of it, or removed."""
        return self in (CompanyType.ANY, CompanyType.LIST)

    @property
    def is_scalar(self) -> bool:
        """Whether every value of it is one text, number, boolean or moment."""
        return self not in (CompanyType.ANY, CompanyType.LIST, CompanyType.OBJECT)


class TypeState(StrEnum):
    """Whether stored values are of the declared type."""

    ENFORCED = "ENFORCED"
    CONVERTING = "CONVERTING"
    FAILED = "FAILED"


class IndexState(StrEnum):
    """The state of a field's index."""

    NONE = "NONE"
    BUILDING = "BUILDING"
    READY = "READY"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is declared of a company field; without more, nothing is."""

    name: str
    type: CompanyType = CompanyType.ANY
    type_state: TypeState = TypeState.ENFORCED
    description: str | None = None
    is_indexed: bool = False
    index_state: IndexState = IndexState.NONE
    is_personal: bool = True

    @property
    def is_declared(self) -> bool:
        """Whether anything is."""
        return self != Declaration(self.name)


Declarations = Mapping[str, Declaration]
"""By the field's name."""

NOTHING_DECLARED: Declarations = MappingProxyType({})


def not_personal(declared: Declarations) -> frozenset[str]:
    """Names of the fields that survive forgetting."""
    return frozenset(name for name, one in declared.items() if not one.is_personal)


def read_as(declared: CompanyType, value: Value, zone: ZoneInfo) -> Value:
    """A value that came with a row, or is stored, as one of the type is stored: a date as its text,
    a moment in UTC, all else as JSON has it. `zone` is that of moments without one.

    A value of the type gives itself. Raises `Unreadable`: `DECLARED_TYPE`, or what is wrong with a
    value of any type.
    """
    return _READERS[declared](as_json(value), zone)


def read_members_as(declared: CompanyType, value: Value, zone: ZoneInfo) -> list[Value]:
    """What a row adds to a list of the type, or removes from it. Raises `Unreadable`."""
    if not declared.may_hold_members:
        raise _broken(declared)
    if declared is CompanyType.ANY:
        return read_members(value)
    members: list[Value] = read_as(declared, value, zone)
    return members


def fits(declared: CompanyType, value: Value) -> bool:
    """Whether a stored value is of the type as it stands."""
    return _FITS[declared](value)


def _broken(declared: CompanyType) -> Unreadable:
    return Unreadable(ErrorCode.DECLARED_TYPE, expected=_EXPECTED[declared])


def _text(value: Value, _: ZoneInfo) -> Value:
    if isinstance(value, str):
        return read_value(value)
    if not _is_number(value):
        raise _broken(CompanyType.TEXT)
    return written(read_value(value), MAX_BYTES)


def _number(value: Value, _: ZoneInfo) -> Value:
    if isinstance(value, str) and (match := _NUMBER.fullmatch(value.strip())):
        value = float(match[0]) if match["fraction"] or match["exponent"] else int(match[0])
    if not _is_number(value):
        raise _broken(CompanyType.NUMBER)
    return read_value(value)


def _boolean(value: Value, _: ZoneInfo) -> Value:
    if isinstance(value, str):
        value = _BOOLEANS.get(value.strip().lower())
    if not isinstance(value, bool):
        raise _broken(CompanyType.BOOLEAN)
    return value


def _date(value: Value, _: ZoneInfo) -> Value:
    try:
        return read_date(value)
    except Unreadable:
        raise _broken(CompanyType.DATE) from None


def _date_time(value: Value, zone: ZoneInfo) -> Value:
    try:
        return read_date_time(value, zone)
    except Unreadable:
        raise _broken(CompanyType.DATE_TIME) from None


def _list(value: Value, _: ZoneInfo) -> Value:
    return read_value(value if isinstance(value, list) else [value])


def _object(value: Value, _: ZoneInfo) -> Value:
    if not isinstance(value, dict):
        raise _broken(CompanyType.OBJECT)
    return read_value(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Value) -> bool:
    try:
        return bool(read_date(value) == value)
    except Unreadable:
        return False


_NUMBER = re.compile(
    r"-?(?:0|[1-9][0-9]{0,399})(?P<fraction>\.[0-9]{1,400})?(?P<exponent>[eE][+-]?[0-9]{1,9})?"
)
"""As JSON writes them: `007` is a text, and stays one."""

_BOOLEANS = {"true": True, "false": False}

_EXPECTED: Mapping[CompanyType, str] = {
    CompanyType.TEXT: "text, or a number that is read as its text",
    CompanyType.NUMBER: "a number, or text that is one, such as 12.50",
    CompanyType.BOOLEAN: "true or false",
    CompanyType.DATE: "a date as YYYY-MM-DD",
    CompanyType.DATE_TIME: "a date or date-time in ISO 8601, such as 2015-08-28T14:10:00Z",
    CompanyType.LIST: "a list",
    CompanyType.OBJECT: "an object",
}

_READERS: Mapping[CompanyType, Callable[[Value, ZoneInfo], Value]] = {
    CompanyType.ANY: lambda value, _: read_value(value),
    CompanyType.TEXT: _text,
    CompanyType.NUMBER: _number,
    CompanyType.BOOLEAN: _boolean,
    CompanyType.DATE: _date,
    CompanyType.DATE_TIME: _date_time,
    CompanyType.LIST: _list,
    CompanyType.OBJECT: _object,
}

_FITS: Mapping[CompanyType, Callable[[Value], bool]] = {
    CompanyType.ANY: lambda value: not isinstance(value, datetime),
    CompanyType.TEXT: lambda value: isinstance(value, str),
    CompanyType.NUMBER: _is_number,
    CompanyType.BOOLEAN: lambda value: isinstance(value, bool),
    CompanyType.DATE: _is_date,
    CompanyType.DATE_TIME: lambda value: isinstance(value, datetime),
    CompanyType.LIST: lambda value: isinstance(value, list),
    CompanyType.OBJECT: lambda value: isinstance(value, dict),
}
