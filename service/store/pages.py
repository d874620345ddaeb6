"""Pages of customers in the default order, by keyset: what is inserted or erased between two
reads moves nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Document = dict[str, Any]
"""A customer as MongoDB holds it. Read for a query, its moments are UTC without saying so: a zone
for each costs as much as the rest of reading."""

Position = tuple[datetime, str]
"""Where a customer stands in the default order: `created_at` and `_id`."""

NEWER, OLDER = 1, -1
"""Directions, as MongoDB takes them to sort by `created_at` and `_id`."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page of the default order, newest first: `first` after a position, or `last` before one.

    With `canonical_id`: of the live records of that person alone. To look ahead, in the direction
    of paging, costs a customer more; to look behind, a read.
    """

    first: int | None = None
    after: Position | None = None
    last: int | None = None
    before: Position | None = None
    canonical_id: str | None = None
    looks_ahead: bool = True
    looks_behind: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Documents in order, and whether others follow or precede them.

    Either is false unless the request looks there.
    """

    documents: list[Document]
    has_next: bool
    has_previous: bool


class Reader(Protocol):
    """Reads at most `limit` of the list's customers within the bounds, in one direction."""

    async def __call__(
        self, bounds: Mapping[str, Any], limit: int, direction: int
    ) -> list[Document]: ...


async def read_page(request: PageRequest, read: Reader) -> Page:
    forwards = request.last is None
    position = request.after if forwards else request.before
    limit = (request.first if forwards else request.last) or 0
    ahead, back = (OLDER, NEWER) if forwards else (NEWER, OLDER)
    found = await _beyond(position, limit + request.looks_ahead, ahead, read)
    found, more = found[:limit], len(found) > limit
    behind = position is not None and request.looks_behind and await _any_from(position, back, read)
    if forwards:
        return Page(found, has_next=more, has_previous=behind)
    return Page(found[::-1], has_next=behind, has_previous=more)


async def _beyond(
    position: Position | None, limit: int, direction: int, read: Reader
) -> list[Document]:
    """At most `limit` documents past the position.

    Two reads, of the same moment and of all beyond it, rather than one with `$or`, which stores
    answer by a scan.
    """
    if position is None:
        return await read({}, limit, direction)
    created_at, customer_id = position
    past = "$gt" if direction == NEWER else "$lt"
    found = await read({"created_at": created_at, "_id": {past: customer_id}}, limit, direction)
    if len(found) < limit:
        rest = limit - len(found)
        found += await read({"created_at": {past: created_at}}, rest, direction)
    return found


async def _any_from(position: Position, direction: int, read: Reader) -> bool:
    """Whether anything stands at the position, or past it."""
    created_at, customer_id = position
    at, past = ("$gte", "$gt") if direction == NEWER else ("$lte", "$lt")
    same = {"created_at": created_at, "_id": {at: customer_id}}
    return bool(
        await read(same, 1, direction)
        or await read({"created_at": {past: created_at}}, 1, direction)
    )
