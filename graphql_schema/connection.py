"""The Relay connection of customers; the source of each is a `Listing` or an `Edge` of it."""

from typing import Annotated, Any

import strawberry

from graphql_schema import beside
from graphql_schema.buckets import BY, OF
from graphql_schema.context import Info
from graphql_schema.figures import CustomerAggregate, CustomerGroup, Facet
from graphql_schema.listing import Edge, Listing, given
from graphql_schema.plain import begun, plain
from graphql_schema.types import Customer


@plain()
def _cursor(root: strawberry.Parent[Edge]) -> str:
    return root.listing.cursor(root.place)


@plain()
def _has_next(root: strawberry.Parent[Listing]) -> bool:
    return root.page.has_next


@plain()
def _has_previous(root: strawberry.Parent[Listing]) -> bool:
    return root.page.has_previous


@plain()
def _start_cursor(root: strawberry.Parent[Listing]) -> str | None:
    return root.cursor(0) if root.page.documents else None


@plain()
def _end_cursor(root: strawberry.Parent[Listing]) -> str | None:
    last = len(root.page.documents) - 1
    return root.cursor(last) if last >= 0 else None


@plain()
def _edges(root: strawberry.Parent[Listing]) -> Any:
    return [Edge(one, place, root) for place, one in enumerate(root.page.documents)]


@plain()
def _nodes(root: strawberry.Parent[Listing]) -> Any:
    return root.page.documents


@plain()
def _page_info(root: strawberry.Parent[Listing]) -> Any:
    return root


def _beside(root: Listing, info: Info) -> Any:
    """What was begun with the page; None where nothing was."""
    return root.begun.get(info._raw_info.path.key)


@begun
async def _total_count(
    root: strawberry.Parent[Listing],
    info: Info,
    up_to: Annotated[
        int | None,
        strawberry.argument(
            description="Count no further than this, which bounds the cost: a result equal to it "
            "means at least so many. Without it the count is exact."
        ),
    ] = strawberry.UNSET,
) -> int | None:
    given_ = {"upTo": given(up_to)}
    count: int = await (
        _beside(root, info) or beside.total_count(info.context.services, root.asked, given_)
    )
    return count


@begun
async def _facets(root: strawberry.Parent[Listing], info: Info, of: OF) -> Any:
    return await (
        _beside(root, info) or beside.facets(info.context.services, root.asked, {"of": of})
    )


@begun
async def _aggregate(root: strawberry.Parent[Listing], info: Info) -> Any:
    return await (
        _beside(root, info)
        or beside.aggregate(info.context.services, root.asked, {}, beside.wanted_by(info))
    )


@begun
async def _groups(root: strawberry.Parent[Listing], info: Info, by: BY) -> Any:
    return await (
        _beside(root, info)
        or beside.groups(info.context.services, root.asked, {"by": by}, beside.wanted_by(info))
    )


@strawberry.type(description="A customer in a page.")
class CustomerEdge:
    cursor: str = strawberry.field(
        resolver=_cursor,
        description="Where it stands: for `after` and `before` with the same `orderBy`.",
    )
    node: Any = strawberry.field(description="Who stands there.", graphql_type=Customer)


@strawberry.type(description="Where a page lies.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        resolver=_has_next,
        description="Whether more follow this page, in either direction of paging.",
    )
    has_previous_page: bool = strawberry.field(
        resolver=_has_previous,
        description="Whether more precede this page, in either direction of paging.",
    )
    start_cursor: str | None = strawberry.field(
        resolver=_start_cursor,
        description="Cursor of the first on the page. Null when the page is empty.",
    )
    end_cursor: str | None = strawberry.field(
        resolver=_end_cursor,
        description="Cursor of the last on the page. Null when the page is empty.",
    )


@strawberry.type(
    description="Customers that meet the conditions: one page of them, and facts about all of "
    "them. Select only what you need: what is not selected is not computed."
)
class CustomerConnection:
    edges: list[CustomerEdge] = strawberry.field(
        resolver=_edges, description="The page, each customer with its cursor."
    )
    nodes: Any = strawberry.field(
        resolver=_nodes,
        description="The page, customers alone. The short way when you do not need cursors.",
        graphql_type=list[Customer],
    )
    page_info: PageInfo = strawberry.field(
        resolver=_page_info, description="Where this page lies, and whether there are more."
    )
    total_count: int | None = strawberry.field(
        resolver=_total_count,
        description="How many customers meet the conditions, on all pages. Null, with an error "
        "`QUERY_TOO_SLOW`, when counting took too long; the page stays.",
    )
    facets: list[Facet] | None = strawberry.field(
        resolver=_facets,
        description="How the customers that meet the conditions divide by the values of some "
        "fields. One facet for each request, in order. Null, with an error, when it took too "
        "long; the page stays.",
    )
    aggregate: CustomerAggregate | None = strawberry.field(
        resolver=_aggregate,
        description="Figures over all customers that meet the conditions. Null, with an error, "
        "when it took too long; the page stays.",
    )
    groups: list[CustomerGroup] | None = strawberry.field(
        resolver=_groups,
        description="Figures for each group of customers, the largest group first: those in one of "
        "the buckets that a facet of each field would show, and those without the field. Null, "
        "with an error, when it took too long; the page stays.",
    )
