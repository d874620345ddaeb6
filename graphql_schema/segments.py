"""Saved segments, and those who are in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import strawberry

from graphql_schema.beside import bound_of_count
from graphql_schema.connection import CustomerConnection, PageInfo
from graphql_schema.context import Info
from graphql_schema.filters import ORDER_BY, SEARCH, WHERE
from graphql_schema.listing import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    SHOWN,
    Asked,
    Paging,
    Within,
    asked_for,
    given,
    page_request,
    paging,
    purpose_of,
    read_listing,
)
from graphql_schema.plain import plain, reads
from graphql_schema.reports import UserError, as_stored
from graphql_schema.scalars import DateTime, JSONObject
from graphql_schema.types import Node
from service.errors import SegmentInvalid
from service.queries.conditions import fragment, has_within, sought
from service.queries.cursors import Sealer
from service.queries.terms import Filter
from service.segments.reading import ReadSegment
from service.segments.saving import ID_PREFIX
from service.store.pages import Page
from service.store.segments import BY_NAME, SavedSegment, folded, segment_of


async def _count(
    root: strawberry.Parent["Segment"],
    info: Info,
    up_to: Annotated[
        int | None,
        strawberry.argument(
            description="Count no further than this. Without it the count is exact."
        ),
    ] = strawberry.UNSET,
) -> int | None:
    customers, bound = info.context.services.customers, bound_of_count(given(up_to))
    async with info.context.gate:
        return await customers.count(root.filter, up_to=bound)


@reads(())
async def _members(
    root: strawberry.Parent["Segment"],
    info: Info,
    where: WHERE = strawberry.UNSET,
    search: SEARCH = strawberry.UNSET,
    order_by: ORDER_BY = strawberry.UNSET,
    first: FIRST = strawberry.UNSET,
    after: AFTER = strawberry.UNSET,
    last: LAST = strawberry.UNSET,
    before: BEFORE = strawberry.UNSET,
) -> Any:
    within = Within(root.filter, ["segment", root.id])
    asked = await asked_for(
        info, given(where), given(order_by), search=given(search), within=within
    )
    async with info.context.gate:
        return await read_listing(info, paging(first, after, last, before), asked)


async def _contains(
    root: strawberry.Parent["Segment"],
    info: Info,
    customer_id: Annotated[
        strawberry.ID, strawberry.argument(description="Whom to look for, by `id`.")
    ],
) -> bool | None:
    async with info.context.gate:
        return await info.context.services.customers.meets(customer_id, root.filter)


@strawberry.type(description="A saved `where`, with those who meet it now.")
class Segment(Node):
    id: strawberry.ID = strawberry.field(description="Opaque, globally unique, stable.")
    name: str = strawberry.field(description="What it is called: no two segments alike.")
    description: str | None = strawberry.field(description="What it is for. Null when nobody said.")
    where: JSONObject = strawberry.field(
        description="The saved conditions, in the shape of `CustomerWhere`: pass them as a "
        "variable to `customers` or `saveSegment`."
    )
    problems: list[UserError] = strawberry.field(
        description="Why the saved conditions are no longer allowed, `field` being the path to "
        "what is at fault. Empty when they are."
    )
    count: int | None = strawberry.field(
        resolver=_count,
        description="How many customers are in it now. Null, with an error, when the conditions "
        "are no longer allowed (`SEGMENT_INVALID`) or counting took too long (`QUERY_TOO_SLOW`).",
    )
    members: Any = strawberry.field(
        resolver=_members,
        graphql_type=CustomerConnection | None,
        description="The customers in it now; `where` narrows further. Null, with the error "
        "`SEGMENT_INVALID`, when the conditions are no longer allowed.",
    )
    contains: bool | None = strawberry.field(
        resolver=_contains,
        description="Whether a customer is in it now. Null, with the error `SEGMENT_INVALID`, "
        "when the conditions are no longer allowed.",
    )
    created_at: DateTime = strawberry.field(description="When it was saved first.")
    updated_at: DateTime = strawberry.field(description="When it was saved last.")
    read: strawberry.Private[ReadSegment]

    @property
    def filter(self) -> Filter:
        """Raises SegmentInvalid where there is none, Forbidden where the key may not use it."""
        if self.read.forbidden is not None:
            raise self.read.forbidden
        if self.read.filter is None:
            raise SegmentInvalid
        return self.read.filter

    @classmethod
    def of(cls, read: ReadSegment) -> "Segment":
        saved = read.saved
        return cls(
            id=strawberry.ID(saved.id),
            name=saved.name,
            description=saved.description,
            where=JSONObject(dict(saved.where)),
            problems=[UserError.of(fault, as_stored) for fault in read.problems],
            created_at=DateTime(saved.created_at),
            updated_at=DateTime(saved.updated_at),
            read=read,
        )


@dataclass(frozen=True, slots=True)
class SegmentListing:
    """A page of segments, as `Listing` is one of customers. `total`: None where nobody asks."""

    page: Page
    segments: list[Segment]
    asked: Asked
    sealer: Sealer
    total: int | None

    def cursor(self, place: int) -> str:
        return self.asked.cursor(self.page.documents, place, self.sealer)


class _Edge(NamedTuple):
    node: Segment
    place: int
    listing: SegmentListing


@plain()
def _cursor(root: strawberry.Parent[_Edge]) -> str:
    return root.listing.cursor(root.place)


@plain()
def _edges(root: strawberry.Parent[SegmentListing]) -> Any:
    return [_Edge(segment, place, root) for place, segment in enumerate(root.segments)]


@plain()
def _nodes(root: strawberry.Parent[SegmentListing]) -> Any:
    return root.segments


@plain()
def _page_info(root: strawberry.Parent[SegmentListing]) -> Any:
    return root


@plain()
def _total(root: strawberry.Parent[SegmentListing]) -> Any:
    return root.total


@strawberry.type(description="A segment in a page.")
class SegmentEdge:
    cursor: str = strawberry.field(
        resolver=_cursor, description="Where it stands: for `after` with the same `search`."
    )
    node: Segment = strawberry.field(description="The segment that stands there.")


@strawberry.type(description="Saved segments, page by page.")
class SegmentConnection:
    edges: list[SegmentEdge] = strawberry.field(
        resolver=_edges, description="The page, each segment with its cursor."
    )
    nodes: list[Segment] = strawberry.field(
        resolver=_nodes, description="The page, segments alone."
    )
    page_info: PageInfo = strawberry.field(
        resolver=_page_info, description="Where this page lies, and whether there are more."
    )
    total_count: int = strawberry.field(
        resolver=_total, description="How many there are on all pages."
    )


_TOTAL = ("totalCount",)


async def read_segments(info: Info, saved: Sequence[SavedSegment]) -> list[Segment]:
    """As they are now, in the same order."""
    services = info.context.services
    read = await services.segments.reader.read(saved, await info.context.terms())
    return list(map(Segment.of, read))


def is_segment_id(node_id: str) -> bool:
    return node_id.startswith(ID_PREFIX)


async def segments_by_id(info: Info, ids: Sequence[str]) -> dict[str, Segment]:
    """Missing ones are left out."""
    found = await info.context.services.segments.reader.store.by_ids(ids)
    return {segment.id: segment for segment in await read_segments(info, list(found.values()))}


async def list_segments(info: Info, asked_paging: Paging, search: str | None) -> SegmentListing:
    services = info.context.services
    store, sealer = services.segments.reader.store, services.sealer
    asked = _asked(search, info.context.reader)
    shown = info.context.projector.selected(info, (*SHOWN, _TOTAL))
    page = await store.page(page_request(asked_paging, shown, services, asked))
    segments = await read_segments(info, list(map(segment_of, page.documents)))
    total = await store.count(asked.filter) if _TOTAL in shown else None
    return SegmentListing(page, segments, asked, sealer, total)


def _asked(search: str | None, reader: str | None) -> Asked:
    filter_: Filter = {}
    if search is not None:
        filter_ = {"folded": has_within(sought(folded(fragment(search, "search")), "search"))}
    return Asked(filter_, BY_NAME, purpose_of(["segments", reader, search]))
