"""Every read and write of saved segments: the collection `segments`."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pymongo.errors import DuplicateKeyError

from service.customers.texts import is_storable
from service.errors import NameTaken
from service.queries.conditions import all_of
from service.queries.keyset import Column, Layout
from service.queries.terms import Filter, Given
from service.store.database import Database
from service.store.pages import Document, Page, PageRequest, read_page

BY_NAME = Layout((Column("folded", least=""), Column("_id")), {})
"""The order of lists of segments."""


@dataclass(frozen=True, slots=True)
class SavedSegment:
    """`where` has GraphQL's own names. `rev` counts the changes."""

    id: str
    name: str
    where: Given
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    rev: int = 1


class Segments:
    """Raises StoreUnavailable when the database does not answer in time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collection = database.segments

    async def by_ids(self, ids: Collection[str]) -> dict[str, SavedSegment]:
        """By id, in no order; missing ones are left out."""
        wanted = [one for one in ids if is_storable(one)]
        found = await self._find({"_id": {"$in": wanted}}) if wanted else []
        return {one["_id"]: segment_of(one) for one in found}

    async def page(self, request: PageRequest) -> Page:
        """By name; the documents are for `segment_of`."""

        async def read(bounds: Filter, limit: int, layout: Layout) -> list[Document]:
            where = all_of([request.filter, bounds])
            return await self._find(where, sort=layout.sort, limit=limit)

        return await read_page(request, read)

    async def count(self, where: Filter) -> int:
        async with self._database.deadline() as milliseconds:
            return int(await self._collection.count_documents(where, maxTimeMS=milliseconds))

    async def insert(self, segment: SavedSegment) -> None:
        """Raises NameTaken."""
        try:
            async with self._database.deadline():
                await self._collection.insert_one({"_id": segment.id, **_fields(segment)})
        except DuplicateKeyError:
            raise NameTaken from None

    async def change(self, before: SavedSegment, after: SavedSegment) -> bool:
        """A compare-and-set: false where somebody else changed or deleted it meanwhile. Raises
        NameTaken."""
        fields = {**_fields(after), "rev": before.rev + 1}
        try:
            return await self._set(before, fields)
        except DuplicateKeyError:
            raise NameTaken from None

    async def hold(self, segment: SavedSegment) -> bool:
        """A change of its revision alone: whoever read it before can't change it after this. False
        where somebody else changed or deleted it meanwhile."""
        return await self._set(segment, {"rev": segment.rev + 1})

    async def delete(self, segment_id: str) -> bool:
        """False where there is none."""
        if not is_storable(segment_id):
            return False
        async with self._database.deadline():
            done = await self._collection.delete_one({"_id": segment_id})
        return done.deleted_count == 1

    async def _set(self, before: SavedSegment, fields: Mapping[str, Any]) -> bool:
        async with self._database.deadline():
            done = await self._collection.update_one(
                {"_id": before.id, "rev": before.rev}, {"$set": dict(fields)}
            )
        return done.matched_count == 1

    async def _find(
        self, where: Filter, *, sort: list[tuple[str, int]] | None = None, limit: int = 0
    ) -> list[Document]:
        async with self._database.deadline() as milliseconds:
            cursor = self._collection.find(where, sort=sort, limit=limit, max_time_ms=milliseconds)
            documents: list[Document] = await cursor.to_list(limit or None)
            return documents


def folded(text: str) -> str:
    """Letter case aside: what makes a name unique, and what lists go by."""
    return unicodedata.normalize("NFC", text.casefold())


def segment_of(document: Document) -> SavedSegment:
    return SavedSegment(
        id=document["_id"],
        name=document["name"],
        where=orjson.loads(document["where"]),
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        description=document.get("description"),
        rev=document["rev"],
    )


def _fields(segment: SavedSegment) -> dict[str, Any]:
    """The conditions go as text: their names and values are the users', and mean nothing here."""
    return {
        "name": segment.name,
        "folded": folded(segment.name),
        "description": segment.description,
        "where": orjson.dumps(segment.where).decode(),
        "rev": segment.rev,
        "created_at": segment.created_at,
        "updated_at": segment.updated_at,
    }
