"""What is kept of an upload: how each row ended, by codes, fields and ids alone.

No messages, which are made anew, and no values. A name that is no field may be what a person is
called, in a table without a head: it is left out.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

import orjson

from service.customers.fields import ADD, IDENTIFIERS, REMOVE, is_company_field
from service.customers.keys import KNOWN
from service.customers.plans import RowResult, UploadStatus
from service.customers.rows import read_row
from service.customers.values import ReadingRules
from service.errors import ErrorCode, Fault

_STATUSES = tuple(UploadStatus)
_FAST = 1
"""Of zlib: what repeats in every row is found by it too."""

Item = TypeVar("Item")


def pack(results: Iterable[RowResult]) -> bytes:
    """Ids and faults that come again are written once."""
    ids: _Table[str] = _Table()
    faults: _Table[bytes] = _Table()
    rows = [
        [
            _STATUSES.index(result.status),
            None if result.matched_by is None else IDENTIFIERS.index(result.matched_by),
            [ids.place(found) for found in result.customer_ids],
            [faults.place(orjson.dumps(_kept(fault))) for fault in result.faults],
        ]
        for result in results
    ]
    told = [orjson.Fragment(fault) for fault in faults]
    return zlib.compress(orjson.dumps([list(ids), told, rows]), _FAST)


def unpack(packed: bytes) -> list[RowResult]:
    ids, told, rows = orjson.loads(zlib.decompress(packed))
    faults = [_fault(*parts) for parts in told]
    return [
        RowResult(
            index=index,
            status=_STATUSES[status],
            matched_by=None if matched_by is None else IDENTIFIERS[matched_by],
            customer_ids=tuple(ids[place] for place in met),
            faults=tuple(faults[place] for place in wrong),
        )
        for index, (status, matched_by, met, wrong) in enumerate(rows)
    ]


class _Table(dict[Item, int], Generic[Item]):
    """Items by their place, in the order in which they came first."""

    def place(self, item: Item) -> int:
        return self.setdefault(item, len(self))


def _kept(fault: Fault) -> list[Any]:
    field = fault.field if fault.field is not None and _is_field(fault.field) else None
    return [fault.code, field, fault.suggestion, dict(fault.details)]


def _is_field(key: str) -> bool:
    return key in KNOWN or is_company_field(key.removesuffix(ADD).removesuffix(REMOVE))


def _fault(
    code: str, field: str | None, suggestion: str | None, details: Mapping[str, Any]
) -> Fault:
    return Fault(ErrorCode(code), field, suggestion, details)


def name_fields(
    results: Iterable[RowResult], rows: Sequence[object], rules: ReadingRules
) -> list[RowResult]:
    """With the names that were left out, from the rows that the report is of."""
    return [
        result
        if all(fault.field for fault in result.faults)
        else replace(result, faults=_named(result.faults, rows[result.index], rules))
        for result in results
    ]


def _named(kept: Sequence[Fault], row: object, rules: ReadingRules) -> tuple[Fault, ...]:
    read = read_row(0, row, rules).faults
    unnamed = [fault for fault in read if fault.field and not _is_field(fault.field)]
    return tuple(_same_but_named(fault, unnamed) for fault in kept)


def _same_but_named(fault: Fault, unnamed: list[Fault]) -> Fault:
    if fault.field is None and (found := [one for one in unnamed if _kept(one) == _kept(fault)]):
        unnamed.remove(found[0])
        return found[0]
    return fault
