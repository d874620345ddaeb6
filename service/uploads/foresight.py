"""What would become of an upload: for dry runs, and for those that go in whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from service.customers.identity import Past
from service.customers.plans import RowResult, Terms, UploadStatus
from service.customers.policies import ErrorPolicy
from service.customers.preview import Preview
from service.customers.rows import Row
from service.errors import ErrorCode, Fault
from service.uploads.fates import MAX_DOUBTS
from service.uploads.rounds import STEP, CustomerStore, read_candidates

Item = TypeVar("Item")


async def foresee(store: CustomerStore, rows: Sequence[Row], terms: Terms) -> list[RowResult]:
    """A result for each row, in their order; nothing is written. Raises StoreUnavailable.

    A row whose customers change under every read is a conflict.
    """
    sound = [row for row in rows if not row.is_refused(terms.error_policy)]
    named = [terms.digester.of(row.identifiers) async for row in _serving(sound)]
    revisions: dict[str, int] = {}
    for _ in range(MAX_DOUBTS):
        records, gaps = await read_candidates(store, sound, named, terms.digester)
        preview = Preview(records, terms, Past({}, revisions, gaps))
        async for row, digests in _serving(zip(sound, named, strict=True)):
            preview.take(row, digests)
        if not preview.doubtful:
            break
        revisions = {record.id: record.rev for record in records}
    foreseen = {result.index: result for result in preview.results}
    for index in preview.doubtful:
        foreseen[index] = _refused(foreseen[index], Fault(ErrorCode.CONFLICT))
    return [foreseen.get(row.index) or _refused_as_read(row) for row in rows]


def is_refused(foreseen: Iterable[RowResult], policy: ErrorPolicy) -> bool:
    """Whether nothing may go in."""
    return policy is ErrorPolicy.REJECT_EVERYTHING and any(
        result.status is UploadStatus.REJECTED for result in foreseen
    )


def refuse_all(foreseen: Iterable[RowResult]) -> list[RowResult]:
    """Rows that mean somebody erased would have been ignored, and are."""
    stays = (UploadStatus.REJECTED, UploadStatus.IGNORED)
    return [
        result if result.status in stays else _refused(result, Fault(ErrorCode.OTHER_ROWS_FAILED))
        for result in foreseen
    ]


async def _serving(items: Iterable[Item]) -> AsyncIterator[Item]:
    """The items, with others served every few of them."""
    for place, item in enumerate(items, 1):
        yield item
        if place % STEP == 0:
            await asyncio.sleep(0)


def _refused(result: RowResult, fault: Fault) -> RowResult:
    return replace(result, status=UploadStatus.REJECTED, faults=(fault,), changes=())


def _refused_as_read(row: Row) -> RowResult:
    return RowResult(row.index, UploadStatus.REJECTED, faults=row.faults)
