"""The audit trail, the newest first: the collection `audit`. Nothing in it is ever changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.queries.conditions import all_of
from service.queries.keyset import Column, Layout
from service.queries.terms import Filter
from service.store.database import Database
from service.store.pages import Document, Page, PageRequest, read_page

NEWEST_EVENTS = Layout((Column("at", descending=True), Column("_id", descending=True)), {})
"""The order of lists of events."""


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Raises StoreUnavailable when the database does not answer in time."""

    database: Database

    async def insert(self, events: Sequence[Document]) -> None:
        """They are durable when this returns."""
        async with self.database.deadline():
            await self.database.audit.insert_many(list(events), ordered=False)

    async def by_ids(self, ids: Collection[str]) -> list[Document]:
        return await self._find({"_id": {"$in": list(ids)}}, NEWEST_EVENTS, len(ids))

    async def page(self, request: PageRequest) -> Page:
        async def read(bounds: Filter, limit: int, layout: Layout) -> list[Document]:
            return await self._find(all_of([request.filter, bounds]), layout, limit)

        return await read_page(request, read)

    async def _find(self, where: Filter, layout: Layout, limit: int) -> list[Document]:
        async with self.database.query() as milliseconds:
            cursor = self.database.audit.find(
                where, sort=layout.sort, limit=limit, max_time_ms=milliseconds
            )
            return [one async for one in cursor]
