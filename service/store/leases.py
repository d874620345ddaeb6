"""Leases: of several replicas, one does what needs doing once. The collection `meta`."""

from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from service.store.database import Database


@dataclass(frozen=True, slots=True)
class Leases:
    """Raises StoreUnavailable when the database does not answer in time."""

    database: Database

    async def take(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Takes or renews a lease; false while somebody else has it."""
        meta = self.database.meta
        async with self.database.deadline():
            found = await meta.find_one({"_id": name})
        if found is None:
            return await self._first(name, holder, until)
        if found["value"] != holder and found["leased_until"] > now:
            return False
        seen = {key: found[key] for key in ("_id", "value", "leased_until")}
        async with self.database.deadline():
            done = await meta.update_one(seen, {"$set": {"value": holder, "leased_until": until}})
        return bool(done.matched_count)

    async def end(self, name: str, holder: str, now: datetime) -> None:
        """Somebody else may take it at once."""
        async with self.database.deadline():
            await self.database.meta.update_one(
                {"_id": name, "value": holder}, {"$set": {"leased_until": now}}
            )

    async def _first(self, name: str, holder: str, until: datetime) -> bool:
        document = {"_id": name, "value": holder, "leased_until": until}
        try:
            async with self.database.deadline():
                await self.database.meta.insert_one(document)
        except DuplicateKeyError:
            return False
        return True
