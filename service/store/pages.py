"""Pages of customers by keyset: what is inserted or erased between two reads moves nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.queries.keyset import NEWEST_FIRST, Layout, Position
from service.queries.search import Search
from service.queries.terms import Filter

Document = dict[str, Any]
"""A customer as MongoDB holds it. Read for a query, its moments are UTC without saying so: a zone
for each costs as much as the rest of reading."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page of those who meet the filter: `first` after a position, or `last` before one.
    `search`: what of the filter is a search.

    To look ahead, in the direction of paging, costs a customer more; to look behind, a read.
    """

    filter: Filter = field(default_factory=dict)
    layout: Layout = NEWEST_FIRST
    search: Search | None = None
    first: int | None = None
    after: Position | None = None
    last: int | None = None
    before: Position | None = None
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
    """Reads at most `limit` of the list's customers within the bounds, in the layout's order."""

    async def __call__(self, bounds: Filter, limit: int, layout: Layout) -> list[Document]: ...


async def read_page(request: PageRequest, read: Reader) -> Page:
    forwards = request.last is None
    position = request.after if forwards else request.before
    limit = (request.first if forwards else request.last) or 0
    ahead = request.layout if forwards else request.layout.turned
    found = await _take(ahead.beyond(position), limit + request.looks_ahead, ahead, read)
    found, more = found[:limit], len(found) > limit
    behind = False
    if position is not None and request.looks_behind:
        back = ahead.turned
        behind = bool(await _take(back.beyond(position, inclusive=True), 1, back, read))
    if forwards:
        return Page(found, has_next=more, has_previous=behind)
    return Page(found[::-1], has_next=behind, has_previous=more)


async def _take(
    parts: Iterator[Filter], limit: int, layout: Layout, read: Reader
) -> list[Document]:
    """The first of what the parts hold.

    Reads of their own rather than one with `$or`, which stores answer by a scan.
    """
    found: list[Document] = []
    for bounds in parts:
        found += await read(bounds, limit - len(found), layout)
        if len(found) >= limit:
            break
    return found
