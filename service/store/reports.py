"""Reports of uploads, and the idempotency keys under which uploads ran: the collection `uploads`.

Both are kept for a time. The database removes them some time after that; until it does, whoever
reads looks at `expires_at`.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from service.customers.texts import is_storable
from service.store.database import Database

PART = 8 * 2**20
"""Bytes of a report in one document, which may have 16 MiB."""


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """The run that has an idempotency key. `id` and `request` are digests, of the key, and of the
    rows and options.

    Its report is that of `upload_id`. While there is none, the run goes on until `leased_until`,
    unless that is moved on. `rev` counts the changes.
    """

    id: str
    request: str
    upload_id: str
    leased_until: datetime
    expires_at: datetime
    rev: int = 1


class Reports:
    """Raises StoreUnavailable when the database does not answer in time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._collection = database.uploads

    async def put(self, upload_id: str, packed: bytes, expires_at: datetime) -> None:
        """What is too large for a document goes into several. The one that says how many comes
        last."""
        parts = [packed[start : start + PART] for start in range(0, len(packed), PART)]
        documents = [
            {"_id": _part(upload_id, number), "report": part, "expires_at": expires_at}
            for number, part in enumerate(parts)
        ]
        documents[0]["parts"] = len(parts)
        for document in reversed(documents):
            async with self.database.deadline():
                await self._collection.insert_one(document)

    async def get(self, upload_id: str, now: datetime) -> bytes | None:
        if not is_storable(upload_id):
            return None
        first = await self._find(upload_id)
        if first is None or "parts" not in first or first["expires_at"] <= now:
            return None
        ids = [_part(upload_id, number) for number in range(1, first["parts"])]
        others = [await self._find(one) for one in ids]
        return b"".join(part["report"] for part in [first, *others] if part)

    async def _find(self, document_id: str) -> dict[str, Any] | None:
        async with self.database.deadline() as milliseconds:
            return await self._collection.find_one({"_id": document_id}, max_time_ms=milliseconds)

    async def claim(self, record: KeyRecord) -> KeyRecord | None:
        """One of those who try at the same time has it: None. The others are given what stands."""
        fields = asdict(record)
        document = {"_id": fields.pop("id"), **fields}
        try:
            async with self.database.deadline():
                await self._collection.insert_one(document)
        except DuplicateKeyError:
            found = await self._find(record.id)
        else:
            return None
        if found is None:  # removed in between
            return await self.claim(record)
        return KeyRecord(id=found.pop("_id"), **found)

    async def change(self, before: KeyRecord, after: KeyRecord) -> bool:
        """A compare-and-set: false where somebody else changed the record meanwhile."""
        fields = asdict(after)
        del fields["id"]
        async with self.database.deadline():
            done = await self._collection.update_one(
                {"_id": before.id, "rev": before.rev}, {"$set": {**fields, "rev": before.rev + 1}}
            )
        return done.matched_count == 1

    async def drop(self, record: KeyRecord) -> None:
        """Unless somebody else changed the record meanwhile."""
        async with self.database.deadline():
            await self._collection.delete_one({"_id": record.id, "rev": record.rev})


def _part(upload_id: str, number: int) -> str:
    return f"{upload_id}/{number}" if number else upload_id
