"""Every read and write of customers."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bson.codec_options import CodecOptions
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from service.customers.digests import Digester
from service.customers.identity import Write
from service.customers.records import Record, State
from service.customers.texts import is_storable
from service.errors import StoreUnavailable
from service.queries.keyset import NEWEST_FIRST, Layout
from service.queries.listed import LISTED, listed
from service.queries.search import Search
from service.queries.terms import Filter
from service.store.database import Collection, Database
from service.store.matching import Stage, both, matching, ordered
from service.store.pages import Document, Page, PageRequest, read_page
from service.store.searches import Searches, SearchReader, read_search_page
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

_OF_A_RECORD = {"schema_version": 0, "search": 0}
"""Tokens are made of the values, and would be half of what is read."""


class Customers:
    """Raises StoreUnavailable when the database does not answer in time, and QueryTooSlow when it
    answers that a query takes too long.

    A read by ids or by `keys` asks for those alone and sifts what it gets: the embedded store uses
    no index for a filter that says more than the index holds.
    """

    def __init__(self, database: Database, digester: Digester) -> None:
        self._database = database
        self._collection = database.customers
        self._shown = self._reading()
        self._decisive = self._reading(read_concern=ReadConcern("majority"))
        self._digester = digester
        self.searches = Searches()

    def _reading(self, **options: Any) -> Collection:
        return self._database.collection("customers", codec_options=_NAIVE, **options)

    # -- Reading, for queries --

    async def by_ids(
        self, ids: Sequence[str], projection: Projection, *, with_deleted: bool = False
    ) -> list[Document]:
        """In no order; missing ones are left out. Deleted ones only if asked for."""
        where = {"_id": {"$in": [one for one in ids if is_storable(one)]}}
        found = await self._find(where, _with(projection, "state"))
        return [one for one in found if with_deleted or one["state"] in LISTED]

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
            of_person(canonical_id), projection, sort=[("created_at", 1), ("_id", 1)], limit=limit
        )

    async def count(self, where: Filter, *, up_to: int | None = None) -> int:
        """How many of those who are listed meet the filter; no further than `up_to`."""
        match matching(listed(where)):
            case [{"$match": whole}]:  # the embedded store counts faster
                return await self._count(whole, up_to)
            case stages:
                counted = [*stages, *([{"$limit": up_to}] if up_to else []), {"$count": "found"}]
        async with self._database.query() as milliseconds:
            cursor = self._shown.aggregate(counted, maxTimeMS=milliseconds)
            told = await cursor.to_list(1)
            return told[0]["found"] if told else 0

    async def _count(self, where: Filter, up_to: int | None) -> int:
        options: dict[str, Any] = {} if up_to is None else {"limit": up_to}
        async with self._database.query() as milliseconds:
            return int(
                await self._collection.count_documents(where, maxTimeMS=milliseconds, **options)
            )

    async def meets(self, customer_id: str, where: Filter) -> bool:
        """Whether the customer is listed and meets the filter."""
        if not is_storable(customer_id):
            return False
        stages = both({"_id": customer_id}, listed(where))
        return bool(await self._aggregate(stages, 1, {"_id": 1}))

    async def page(self, request: PageRequest, projection: Projection) -> Page:
        if request.search is not None:
            reader = self._search_reader(request, request.search, projection)
            return await read_search_page(request, reader)

        async def read(bounds: Filter, limit: int, layout: Layout) -> list[Document]:
            stages = ordered(request.filter, bounds, layout)
            return await self._aggregate(stages, limit, projection)

        return await read_page(request, read)

    async def aggregate(self, where: Filter, stages: Sequence[Stage]) -> list[Document]:
        """What the stages make of those who are listed and meet the filter."""
        return await self._run([*matching(listed(where)), *stages])

    def _search_reader(
        self, request: PageRequest, search: Search, projection: Projection
    ) -> SearchReader:
        digests = [self._digester.digest(name, value) for name, value in search.identifiers]
        shown = _with(projection, "_id", *NEWEST_FIRST.paths)
        sample = self.searches.sample
        return SearchReader(search, request.filter, digests, shown, sample, self._aggregate)

    # -- Reading and writing, for uploads --

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        """Every durable record, in whatever state, that holds or ever held one of the identifiers.

        One is read once for each part of the digests that finds it: keep a customer's side by side.
        """
        wanted = list(dict.fromkeys(digests))
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

    async def settle(self) -> None:
        """Waits until what was written before, by whomever, is durable, so that it is read."""
        await self._database.settle()

    async def _candidates(self, digests: list[str], gate: asyncio.Semaphore) -> list[Record]:
        async with gate, self._database.deadline() as milliseconds:
            cursor = self._decisive.find(
                {"keys": {"$in": digests}}, _OF_A_RECORD, max_time_ms=milliseconds
            )
            return list(map(_record, await cursor.to_list(None)))

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
        async with self._database.query() as milliseconds:
            cursor = self._shown.find(
                where,
                projection,
                sort=sort,
                limit=limit,
                max_time_ms=milliseconds,
            )
            documents: list[Document] = await cursor.to_list(limit or None)
            return documents

    async def _aggregate(
        self, stages: Sequence[Stage], limit: int, projection: Projection
    ) -> list[Document]:
        """At most `limit`, or with 0 all. Nothing spills to disk while a user waits."""
        match stages:
            case [{"$match": where}, {"$sort": sort}]:  # the embedded store finds faster
                return await self._find(where, projection, sort=list(sort.items()), limit=limit)
        pipeline = [*stages, *([{"$limit": limit}] if limit else []), {"$project": projection}]
        return await self._run(pipeline)

    async def _run(self, pipeline: Sequence[Stage]) -> list[Document]:
        async with self._database.query() as milliseconds:
            cursor = self._shown.aggregate(
                list(pipeline), maxTimeMS=milliseconds, allowDiskUse=False
            )
            documents: list[Document] = await cursor.to_list(None)
            return documents


def _with(projection: Projection, *names: str) -> Projection:
    """What the projection gives, and these."""
    if any(projection.values()):
        return {**projection, **dict.fromkeys(names, 1)}
    return {name: kept for name, kept in projection.items() if name not in names}


def of_person(canonical_id: str) -> dict[str, Any]:
    return {"state": State.LIVE.value, "canonical_id": canonical_id}


def _record(document: Document) -> Record:
    """What is left of the document, when all else is taken out, are its values. Its moments say
    that they are UTC here: for the driver to say so costs more than all else that it does."""
    for name in [name for name, value in document.items() if type(value) is datetime]:
        document[name] = document[name].replace(tzinfo=UTC)
    take = document.pop
    return Record(
        id=take("_id"),
        state=State(take("state")),
        rev=take("rev"),
        keys=frozenset(take("keys")),
        claims=frozenset(take("claims")),
        marks=frozenset(take("marks")),
        created_at=take("created_at"),
        updated_at=take("updated_at"),
        values=document,
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
