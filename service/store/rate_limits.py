"""Buckets that several processes draw from. The collection `rate_limits`: names of keys, and when
the bucket of each is full, in seconds since the epoch."""

from dataclasses import dataclass
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from service.store.database import Database


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Raises StoreUnavailable when the database does not answer in time."""

    database: Database

    async def take(self, name: str, seconds: float, now: float, patience: float) -> float | None:
        """Takes what the bucket gets in so many seconds, in one step, and gives when it is full;
        None where it is empty, that is where it is full in `patience` or later."""
        limits = self.database.rate_limits
        later = {"$add": [{"$max": ["$full_at", now]}, seconds]}
        async with self.database.deadline():
            found: dict[str, Any] | None = await limits.find_one_and_update(
                {"_id": name, "full_at": {"$lt": now + patience}},
                [{"$set": {"full_at": later}}],
                return_document=ReturnDocument.AFTER,
            )
        return found["full_at"] if found else await self._first(name, now + seconds)

    async def full_at(self, name: str) -> float:
        async with self.database.deadline():
            found = await self.database.rate_limits.find_one({"_id": name})
        return float(found["full_at"]) if found else 0.0

    async def _first(self, name: str, full_at: float) -> float | None:
        try:
            async with self.database.deadline():
                await self.database.rate_limits.insert_one({"_id": name, "full_at": full_at})
        except DuplicateKeyError:
            return None
        return full_at
