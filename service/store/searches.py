"""Pages of a search.

It is read through the index `search`, by a token; what else must hold is asked of what that gives
(`matching.py`). MongoDB stops where the page is full. The embedded store reads all that the index
gives, so it is asked for stretches of time, one after another, none much longer than a page should
need.
"""

import asyncio
import operator
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from service.errors import SearchNotReady
from service.queries.conditions import all_of
from service.queries.keyset import NEWEST_FIRST, Column, Layout, Position
from service.queries.sample import Sample, longest
from service.queries.search import Search
from service.queries.terms import Filter
from service.store.matching import Stage, both, ordered
from service.store.pages import Document, Page, PageRequest, read_page

Run = Callable[[Sequence[Stage], int, Mapping[str, int]], Awaitable[list[Document]]]
"""Reads what the stages give, of it at most so many, or all for 0, and of each what is named."""

EXACT = "exact"
"""Who has what the whole text says, 0, comes before all others, 1. No field: what is read is given
it here."""

EXACT_FIRST = replace(NEWEST_FIRST, columns=(Column(EXACT), *NEWEST_FIRST.columns))

_INDEXED = ("state", "search")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$lt": operator.lt,
    "$lte": operator.le,
    "$gt": operator.gt,
    "$gte": operator.ge,
}


async def read_search_page(request: PageRequest, reader: "SearchReader") -> Page:
    """Beyond a position each rank is read by itself, since none of them is stored."""
    if request.layout.columns[0].path == EXACT:
        after, before = map(_in_ranks, (request.after, request.before))
        request = replace(request, after=after, before=before)
    return await read_page(request, reader)


def _in_ranks(position: Position | None) -> Position | None:
    return position and Position(position.values)


class Searches:
    """What the process knows of searching. `is_ready`: whether every customer has its tokens.
    `sample`: None until one was taken."""

    def __init__(self) -> None:
        self.is_ready = True
        self.sample: Sample | None = None

    def filter_of(self, search: Search) -> Filter:
        """Raises SearchNotReady while there are customers whom it would miss."""
        if not self.is_ready:
            raise SearchNotReady
        return search.through(self.sample.rarest(search) if self.sample else longest(search))


@dataclass(slots=True)
class SearchReader:
    """Reads the parts of one page. `digests`: of what the whole text may be. `projection` gives
    what is sorted by. `sample`: None reads all at once."""

    search: Search
    filter: Filter
    digests: Sequence[str]
    projection: Mapping[str, int]
    sample: Sample | None
    run: Run
    _exact: list[Document] | None = None

    async def __call__(self, bounds: Filter, limit: int, layout: Layout) -> list[Document]:
        """In an order that was asked for, a search is only a filter."""
        if layout.columns[0].path != EXACT:
            return await self.run(ordered(self.filter, bounds, layout), limit, self.projection)
        inner = Layout(layout.columns[1:], {})
        within = {path: bound for path, bound in bounds.items() if path != EXACT}
        found: list[Document] = []
        for rank in _ranks(bounds, layout):
            read = self._others if rank else self._exactly
            more = await read(within, limit - len(found), inner)
            found += [{**document, EXACT: rank} for document in more]
            if len(found) >= limit:
                break
        return found

    async def _exactly(self, bounds: Filter, limit: int, layout: Layout) -> list[Document]:
        """Few, so they are all read and sorted here."""
        found = [one for one in await self._identified() if _is_within(one, bounds)]
        found.sort(key=_place, reverse=layout.columns[0].descending)
        return found[:limit]

    async def _identified(self) -> list[Document]:
        if self._exact is None:
            self._exact = await self._read_identified() if self.digests else []
        return self._exact

    async def _read_identified(self) -> list[Document]:
        """`keys` are of what somebody once held, too."""
        held = [{name: value} for name, value in self.search.identifiers]
        stages = [
            {"$match": {"keys": {"$in": list(self.digests)}}},
            {"$match": self.filter},
            {"$match": {"$or": held}},
        ]
        return await self.run(stages, 0, self.projection)

    async def _others(self, bounds: Filter, limit: int, layout: Layout) -> list[Document]:
        found: list[Document] = []
        for stretch in self._stretches(bounds, limit, layout):
            found += await self._between({**bounds, **stretch}, limit - len(found), layout)
            if len(found) >= limit:
                break
        return found

    def _stretches(self, bounds: Filter, limit: int, layout: Layout) -> Iterable[Filter]:
        """A moment is short enough."""
        sample, is_a_moment = self.sample, not isinstance(bounds.get("created_at", {}), dict)
        if sample is None or not sample.moments or is_a_moment:
            return [{}]
        return sample.stretches(self.search, limit, bounds, layout.columns[0].direction)

    async def _between(self, bounds: Filter, limit: int, layout: Layout) -> list[Document]:
        """Of a part of all time the embedded store finds one token at a time."""
        tokens = self.filter["search"]
        in_parts = bounds and self.sample is not None and self.sample.moments
        if not in_parts or not isinstance(tokens, dict):
            return await self._through(tokens, bounds, limit, layout)
        reads = (self._through(token, bounds, limit, layout) for token in tokens["$in"])
        several = chain.from_iterable(await asyncio.gather(*reads))
        found = list({one["_id"]: one for one in several}.values())
        found.sort(key=_place, reverse=layout.columns[0].descending)
        return found[:limit]

    async def _through(
        self, token: Any, bounds: Filter, limit: int, layout: Layout
    ) -> list[Document]:
        rest = {path: one for path, one in self.filter.items() if path not in _INDEXED}
        if known := [one["_id"] for one in await self._identified()]:
            rest = all_of([rest, {"_id": {"$nin": known}}])
        stages = both({"state": self.filter["state"], "search": token, **bounds}, rest)
        stages.append({"$sort": dict(layout.sort)})
        return await self.run(stages, limit, self.projection)


def _ranks(bounds: Filter, layout: Layout) -> list[int]:
    """Those within the bounds, in the order of the layout."""
    ranks = [rank for rank in (0, 1) if _is_within({EXACT: rank}, bounds, (EXACT,))]
    return ranks[::-1] if layout.columns[0].descending else ranks


def _is_within(
    document: Document, bounds: Filter, paths: Sequence[str] = ("created_at", "_id")
) -> bool:
    return all(_meets(document[path], bounds[path]) for path in paths if path in bounds)


def _meets(value: Any, bound: Any) -> bool:
    if not isinstance(bound, dict):
        return bool(value == bound)
    return all(_COMPARISONS[name](value, operand) for name, operand in bound.items())


def _place(document: Document) -> tuple[Any, str]:
    return document["created_at"], document["_id"]
