"""Saving and deleting segments.

No segment may be within itself, also when several are changed at the same time. A change reads the
segment, then those that it will name, and theirs. Then it holds each of those at the revision that
it read, and writes the segment at the revision that it read: of changes that would make a circle
together, the last to write finds that what it read was held or changed by another.
"""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import orjson

from service.customers.texts import Unreadable, read_text, too_long
from service.errors import Conflict, InvalidArgument, NotFound
from service.queries.segments import check_keepable, check_named
from service.queries.terms import Given, Terms, refuse_nulls, unreadable
from service.queries.where import read_where
from service.segments.reading import SegmentReader
from service.store.segments import SavedSegment

MAX_NAME = 200
MAX_DESCRIPTION = 2000
MAX_BYTES = 64 * 2**10
"""Of the conditions as JSON: all that one `where` may name make a filter that a database takes."""

MAX_TRIES = 12
"""Of a change that meets others."""

ID_PREFIX = "s."
_LONGEST_PAUSE = 0.05
_AT = "where"


class Draft(NamedTuple):
    """What is to be saved, as it was given. `id`: of the segment to change, None for a new one.
    `description`: None leaves what there is, empty text removes it."""

    name: str
    where: Given
    description: str | None = None
    id: str | None = None


def _new_id() -> str:
    return f"{ID_PREFIX}{secrets.token_urlsafe(16)}"


async def _pause(failures: int) -> None:
    """At random, so that those who met do not meet again."""
    await asyncio.sleep(random.uniform(0, _LONGEST_PAUSE * failures))  # noqa: S311  # no secret


@dataclass(frozen=True, slots=True)
class SegmentSaving:
    reader: SegmentReader
    new_id: Callable[[], str] = _new_id
    pause: Callable[[int], Awaitable[None]] = _pause

    async def save(self, draft: Draft, terms: Terms) -> SavedSegment:
        """Raises InvalidArgument, and of its kinds NameTaken, SegmentCycle and SegmentInvalid;
        NotFound for an id that no segment has; Conflict after too many tries."""
        wanted = _wanted(draft)
        for failures in range(1, MAX_TRIES + 1):
            if saved := await self._try(wanted, draft.id, terms):
                return saved
            await self.pause(failures)
        raise Conflict

    async def delete(self, segment_id: str) -> None:
        """Those that name it have a problem afterwards. Raises NotFound."""
        if not await self.reader.store.delete(segment_id):
            raise NotFound

    async def _try(
        self, wanted: Draft, segment_id: str | None, terms: Terms
    ) -> SavedSegment | None:
        """None where somebody else changed what it rests on."""
        store = self.reader.store
        before = None if segment_id is None else await self._standing(segment_id)
        named = await self.reader.named([wanted.where], terms.max_depth)
        conditions = self.reader.conditions(named.values())
        check_named(wanted.where, conditions, _AT, within=(segment_id,) if segment_id else ())
        read_where(wanted.where, replace(terms, segments=conditions), _AT)
        _check_size(wanted.where)
        after = self._after(wanted, before, terms)
        if before is None:
            await store.insert(after)  # nobody can have named it yet
            return after
        held = await asyncio.gather(*map(store.hold, named.values()))
        return after if all(held) and await store.change(before, after) else None

    async def _standing(self, segment_id: str) -> SavedSegment:
        found = await self.reader.store.by_ids([segment_id])
        if segment_id not in found:
            raise NotFound
        return found[segment_id]

    def _after(self, wanted: Draft, before: SavedSegment | None, terms: Terms) -> SavedSegment:
        now = terms.now.replace(microsecond=terms.now.microsecond // 1000 * 1000)
        kept = before.description if before else None
        return SavedSegment(
            id=before.id if before else self.new_id(),
            name=wanted.name,
            where=wanted.where,
            description=kept if wanted.description is None else wanted.description or None,
            created_at=before.created_at if before else now,
            updated_at=now,
        )


def _wanted(draft: Draft) -> Draft:
    """With its texts as they are kept. Raises InvalidArgument for what can't be, whatever else is
    saved."""
    name = _text(draft.name, "name", MAX_NAME)
    if not name:
        raise InvalidArgument("name", "expected some text")
    refuse_nulls(draft.where, _AT)
    check_keepable(draft.where, _AT)
    description = draft.description
    if description is not None:
        description = _text(description, "description", MAX_DESCRIPTION)
    return draft._replace(name=name, description=description)


def _check_size(where: Given) -> None:
    if len(orjson.dumps(where)) > MAX_BYTES:
        raise unreadable(_AT, too_long(MAX_BYTES, "bytes"))


def _text(raw: str, at: str, limit: int) -> str:
    try:
        return read_text(raw, limit)
    except Unreadable as error:
        raise unreadable(at, error) from None
