"""What only resolving finds wrong with the fields of a row: what is stored decides."""

from collections.abc import Iterator, Mapping

from service.customers.changes import Change, Members, NotAList, Value, apply
from service.customers.company import check_size
from service.customers.fields import (
    IDENTIFIERS,
    SHARED_IDENTIFIERS,
    TEXT_SETS,
    company_fields,
)
from service.customers.records import Record
from service.customers.rows import MAX_SET_MEMBERS
from service.customers.texts import Unreadable
from service.customers.view import View
from service.errors import Detail, ErrorCode, Fault


def taken(was: Record, now: Record) -> dict[str, str]:
    """The identifiers that the record newly holds."""
    held, before = now.values, was.values
    return {
        name: held[name] for name in IDENTIFIERS if name in held and held[name] != before.get(name)
    }


def identity_faults(
    new: Mapping[str, str], digests: Mapping[str, str], view: View, max_holders: int
) -> list[Fault]:
    """A live record may not newly take what is marked, or what too many hold.

    Never the strongest identifier of a row: it would have found who is marked, or who hold it.
    """
    faults: list[Fault] = []
    if view.is_new(map(digests.__getitem__, new)):
        return faults
    for name, value in new.items():
        if view.mark(digests[name]):
            faults.append(Fault(ErrorCode.FORGOTTEN_IDENTIFIER, name))
        elif name in SHARED_IDENTIFIERS and len(view.holders(name, value)) >= max_holders:
            details: dict[str, Detail] = {"limit": max_holders}
            faults.append(Fault(ErrorCode.IDENTIFIER_OVERSHARED, name, details=details))
    return faults


def list_faults(change: Change, values: Mapping[str, Value]) -> Iterator[Fault]:
    """Fields whose members are to be edited, where something that is no list is stored."""
    for name, edit in change.items():
        try:
            apply({name: edit}, values)
        except NotAList:
            yield Fault(ErrorCode.NOT_A_LIST, name)


def size_faults(
    change: Change, was: Mapping[str, Value], now: Mapping[str, Value], max_company_fields: int
) -> Iterator[Fault]:
    """Of sets, company lists and the company fields of a customer: what was added may be small, the
    whole may not be."""
    for name in TEXT_SETS:
        if name in change and len(now.get(name, ())) > MAX_SET_MEMBERS:
            yield _too_long(name, MAX_SET_MEMBERS, "members")
    company = company_fields(change)
    if not company:
        return
    for name in company:
        if isinstance(change[name], Members) and name in now:
            yield from _too_large(name, now[name])
    before, after = company_fields(was), company_fields(now)
    if (excess := len(after) - max(max_company_fields, len(before))) > 0:
        new = [name for name in after if name not in was]
        for name in new[-excess:]:
            yield _too_long(name, max_company_fields, "company fields")


def _too_large(name: str, value: Value) -> Iterator[Fault]:
    try:
        check_size(value)
    except Unreadable as error:
        yield Fault(error.code, name, details=error.details)


def _too_long(name: str, limit: int, unit: str) -> Fault:
    return Fault(ErrorCode.TOO_LONG, name, details={"limit": limit, "unit": unit})
