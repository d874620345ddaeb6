"""Every read and write of customers."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bson.codec_options import CodecOptions
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from service.customers.digests import Digester
from service.customers.identity import Write
from service.customers.records import Record, State
from service.customers.texts import is_storable
from service.errors import StoreUnavailable
from service.store.database import Database
from service.store.pages import Document, Page, PageRequest, read_page
from service.store.updates import update_of

Projection = Mapping[str, int]
"""Which fields are read, as MongoDB takes it: all 1, or all 0."""

CHUNK = 1000
"""Digests in one `$in`."""

BULK = 500
"""Operations in one bulk: few enough that a slow disk has them all within one deadline."""

READS_AT_ONCE = 4
LOST = frozenset({11000, 121})
"""Codes of a write that found another revision, or a claim taken: duplicate key, and failed
validation. MongoDB validates what an upsert would insert before it looks whether `_id` is free, and
what an update alone would insert is no customer."""

_NAIVE: CodecOptions[Any] = CodecOptions(tz_aware=False)

_LISTED_STATES = [State.LIVE.value, State.FORGOTTEN.value]
_RECORD_FIELDS = frozenset(
    {"_id", "state", "rev", "keys", "claims", "marks", "created_at", "updated_at"}
) | {"schema_version"}


class Customers:
    """Raises StoreUnavailable when the database does not answer in time, and QueryTooSlow when it
    answers that a query takes too long.

    A read by ids or by `keys` asks for those alone and sifts what it gets: the embedded store uses
    no index for a filter that says more than the index holds.
    """

    def __init__(self, database: Database, digester: Digester) -> None:
        self._database = database
        self._collection = database.customers
        self._shown = database.collection("customers", codec_options=_NAIVE)
        self._decisive = database.collection("customers", read_concern=ReadConcern("majority"))
        self._digester = digester

    # -- Reading, for queries --

    async def by_ids(
        self, ids: Sequence[str], projection: Projection, *, with_deleted: bool = False
    ) -> list[Document]:
        """In no order; missing ones are left out. Deleted ones only if asked for."""
        where = {"_id": {"$in": [one for one in ids if is_storable(one)]}}
        found = await self._find(where, _with(projection, "state"))
        return [one for one in found if with_deleted or one["state"] in _LISTED_STATES]

    async def by_identifier(
        self, identifier: str, value: str, projection: Projection
    ) -> list[Document]:
        """Live customers that hold the identifier now; `value` is normalised."""
        where = {"keys": self._digester.digest(identifier, value)}
        found = await self._find(where, _with(projection, "state", identifier))
        return [
            one
            for one in found
            if one["state"] == State.LIVE.value and one.get(identifier) == value
        ]

    async def by_canonical_id(
        self, canonical_id: str, projection: Projection, *, limit: int
    ) -> list[Document]:
        """The live records of one person, the oldest first."""
        if not is_storable(canonical_id):
            return []
        return await self._find(
            _of_person(canonical_id), projection, sort=[("created_at", 1), ("_id", 1)], limit=limit
        )

    async def count(self, *, up_to: int | None = None, canonical_id: str | None = None) -> int:
        where = _listed(canonical_id)
        options: dict[str, Any] = {} if up_to is None else {"limit": up_to}
        async with self._database.deadline(reading=True) as milliseconds:
            return int(
                await self._collection.count_documents(where, maxTimeMS=milliseconds, **options)
            )

    async def page(self, request: PageRequest, projection: Projection) -> Page:
        where = _listed(request.canonical_id)

        async def read(bounds: Mapping[str, Any], limit: int, direction: int) -> list[Document]:
            order = [("created_at", direction), ("_id", direction)]
            return await self._find({**where, **bounds}, projection, sort=order, limit=limit)

        return await read_page(request, read)

    # -- Reading and writing, for uploads --

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        """Every record, in whatever state, that holds or ever held one of the identifiers."""
        wanted = sorted(set(digests))
        chunks = [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]
        gate = asyncio.Semaphore(READS_AT_ONCE)
        found = await asyncio.gather(*(self._candidates(chunk, gate) for chunk in chunks))
        return list({record.id: record for records in found for record in records}.values())

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        """Each as one atomic compare-and-set; returns those that lost a race, in order.

        Raises StoreUnavailable when the fate of a write is unknown: no customer is half written.
        """
        lost: list[Write] = []
        for start in range(0, len(writes), BULK):
            lost += await self._write(writes[start : start + BULK])
        return lost

    async def _candidates(self, digests: list[str], gate: asyncio.Semaphore) -> list[Record]:
        async with gate, self._database.deadline() as milliseconds:
            cursor = self._decisive.find(
                {"keys": {"$in": digests}}, {"schema_version": 0}, max_time_ms=milliseconds
            )
            return [_record(document) async for document in cursor]

    async def _write(self, writes: Sequence[Write]) -> list[Write]:
        async with self._database.deadline():
            try:
                await self._collection.bulk_write(
                    [update_of(write) for write in writes], ordered=False
                )
            except BulkWriteError as error:
                return [writes[index] for index in _lost(error)]
        return []

    async def _find(
        self,
        where: Mapping[str, Any],
        projection: Projection,
        *,
        sort: list[tuple[str, int]] | None = None,
        limit: int = 0,
    ) -> list[Document]:
        async with self._database.deadline(reading=True) as milliseconds:
            cursor = self._shown.find(
                where, projection, sort=sort, limit=limit, max_time_ms=milliseconds
            )
            documents: list[Document] = await cursor.to_list(limit or None)
            return documents


def _with(projection: Projection, *names: str) -> Projection:
    """What the projection gives, and these."""
    if any(projection.values()):
        return {**projection, **dict.fromkeys(names, 1)}
    return {name: kept for name, kept in projection.items() if name not in names}


def _listed(canonical_id: str | None) -> Mapping[str, Any]:
    """Everybody whom lists show, or one person's records."""
    if canonical_id is None:
        return {"state": {"$in": _LISTED_STATES}}
    return _of_person(canonical_id)


def _of_person(canonical_id: str) -> dict[str, Any]:
    return {"state": State.LIVE.value, "canonical_id": canonical_id}


def _record(document: Document) -> Record:
    return Record(
        id=document["_id"],
        state=State(document["state"]),
        rev=document["rev"],
        values={name: value for name, value in document.items() if name not in _RECORD_FIELDS},
        keys=frozenset(document["keys"]),
        claims=frozenset(document["claims"]),
        marks=frozenset(document["marks"]),
        created_at=document["created_at"],
        updated_at=document["updated_at"],
    )


def _lost(error: BulkWriteError) -> list[int]:
    """Indexes of the operations that met a revision or claim that was not free.

    Any other failure leaves open what was written, and a write-concern error whether it lasts. The
    driver's own error holds the customers, so it goes no further.
    """
    details = error.details or {}
    failures = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(
        failure.get("code") not in LOST for failure in failures
    ):
        raise StoreUnavailable from None
    return sorted(int(failure["index"]) for failure in failures)
