"""Keys to the service: of their secrets a digest alone. The collection `api_keys`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.store.database import Database

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """Raises StoreUnavailable when the database does not answer in time."""

    database: Database

    async def get(self, public_id: str) -> Document | None:
        async with self.database.deadline():
            found: Document | None = await self.database.api_keys.find_one({"_id": public_id})
            return found

    async def by_ids(self, public_ids: Collection[str]) -> list[Document]:
        """In no order; missing ones are left out."""
        async with self.database.deadline() as milliseconds:
            wanted = {"_id": {"$in": list(public_ids)}}
            cursor = self.database.api_keys.find(wanted, max_time_ms=milliseconds)
            return [one async for one in cursor]

    async def all(self) -> list[Document]:
        """The oldest first."""
        async with self.database.deadline() as milliseconds:
            cursor = self.database.api_keys.find({}, max_time_ms=milliseconds)
            return sorted([one async for one in cursor], key=lambda one: one["created_at"])

    async def insert(self, document: Document) -> None:
        """Raises DuplicateKeyError if there is one of this id."""
        async with self.database.deadline():
            await self.database.api_keys.insert_one(document)

    async def end(self, public_id: str, at: datetime) -> bool:
        """It ends then, unless it ends before. False where there is none."""
        async with self.database.deadline():
            done = await self.database.api_keys.update_one(
                {"_id": public_id}, {"$min": {"ends_at": at}}
            )
        return bool(done.matched_count)

    async def note_use(self, public_id: str, at: datetime) -> None:
        async with self.database.deadline():
            await self.database.api_keys.update_one(
                {"_id": public_id}, {"$max": {"last_used_at": at}}
            )
