"""Lists of customers: which page a request means, and what a page is a source of.

A cursor is the sealed place of a customer in the list's order, bound to its order and conditions,
and to the key of whoever was given it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import orjson
import strawberry

from graphql_schema.beside import BESIDE, Begun, begin, end
from graphql_schema.context import Document, Info, Services
from graphql_schema.filters import as_json, check_variables
from graphql_schema.projections import Path
from service.errors import InvalidArgument, InvalidCursor
from service.queries.conditions import all_of
from service.queries.cursors import Sealer
from service.queries.facets import Dimension, without_own_condition
from service.queries.keyset import NEWEST_FIRST, Layout, Position, layout_of
from service.queries.listed import always_there
from service.queries.ordering import NEWEST, Order, read_order, where_always
from service.queries.search import Search, read_search
from service.queries.terms import Filter, Given, Terms
from service.queries.where import read_where
from service.store.customers import of_person
from service.store.pages import Page, PageRequest
from service.store.searches import EXACT_FIRST

DEFAULT_PAGE = 50

FIRST = Annotated[
    int | None,
    strawberry.argument(
        description="Page forwards: at most this many, 1 to the service's `maxPageSize`. Without "
        "`first` and `last`: 50. Not together with `last`."
    ),
]
AFTER = Annotated[
    str | None,
    strawberry.argument(
        description="Page forwards: the `endCursor` of the page before. A cursor belongs to its "
        "order and filter, and to the key that it was asked for with."
    ),
]
LAST = Annotated[
    int | None,
    strawberry.argument(
        description="Page backwards: at most this many, those nearest to `before`. The page "
        "itself stays in order."
    ),
]
BEFORE = Annotated[
    str | None,
    strawberry.argument(description="Page backwards: the `startCursor` of the page after."),
]

_SHOW_THE_PAGE = frozenset({("edges",), ("nodes",), ("pageInfo",)})
_SHOW_CURSORS = frozenset(
    {("edges", "cursor"), ("pageInfo", "startCursor"), ("pageInfo", "endCursor")}
)
_NEIGHBOURS = (("pageInfo", "hasNextPage"), ("pageInfo", "hasPreviousPage"))
SHOWN = (*_SHOW_THE_PAGE, *_SHOW_CURSORS, *_NEIGHBOURS)
"""What of a list decides what is read."""

_OF_CUSTOMERS = (*SHOWN, *sorted(BESIDE))
_EMPTY = Page([], has_next=False, has_previous=False)
_MOMENT = "moment"
"""Tells a moment in a cursor from a text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is listed, in which order. `where` is the conditions as they were given; `filter` is
    all that must be met, `search` what it has of a search."""

    filter: Filter
    layout: Layout
    purpose: str
    where: Given | None = None
    search: Search | None = None

    def cursor(self, documents: Sequence[Document], place: int, sealer: Sealer) -> str:
        """Of the document at this place of a page."""
        position = self.layout.position(documents[place], documents)
        return sealer.seal(self.purpose, [position.few, *map(_sealable, position.values)])

    def position(self, argument: str, cursor: str | None, sealer: Sealer) -> Position | None:
        if cursor is None:
            return None
        try:
            few, *values = map(_unsealed, sealer.open(self.purpose, cursor))
        except ValueError:
            raise InvalidCursor(argument) from None
        return Position(tuple(values), few)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfCustomers(Asked):
    """`base` is what of the filter is not of `where`, which `terms` reads."""

    base: Filter
    terms: Terms

    def filter_for(self, dimension: Dimension) -> Filter:
        """For a facet, which may leave out the condition on its own field."""
        if self.where is None or not dimension.ignores_own_filter:
            return self.filter
        others = without_own_condition(self.where, dimension)
        return all_of([self.base, read_where(others, self.terms)])


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of customers, and what is asked about all of them."""

    page: Page
    asked: AskedOfCustomers
    sealer: Sealer
    begun: Begun

    async def settled(self) -> None:
        """When all that was begun is over, however it ended."""
        if self.begun:
            await asyncio.wait(self.begun.values())

    def cursor(self, place: int) -> str:
        """Of the customer at this place of the page."""
        return self.asked.cursor(self.page.documents, place, self.sealer)


class Edge(NamedTuple):
    node: Document
    place: int
    listing: Listing


class Within(NamedTuple):
    """What a list is of, whatever is asked. `bound` stands for it in cursors: it says the same as
    long as the list is the same."""

    filter: Filter
    bound: object


class Paging(NamedTuple):
    """The arguments of a list, None where not given."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None


def given(value: Any) -> Any:
    """An argument, None where it was not given."""
    return None if value is strawberry.UNSET else value


def paging(*values: Any) -> Paging:
    return Paging(*map(given, values))


async def asked_for(
    info: Info,
    where: Given | None = None,
    order_by: Sequence[Given] | None = None,
    *,
    search: str | None = None,
    within: Within | None = None,
) -> AskedOfCustomers:
    """Raises InvalidArgument, and NotSortable."""
    return await info.context.services.judged(
        lambda: _asked_for(info, where, order_by, search=search, within=within)
    )


async def _asked_for(
    info: Info,
    where: Given | None = None,
    order_by: Sequence[Given] | None = None,
    *,
    search: str | None = None,
    within: Within | None = None,
) -> AskedOfCustomers:
    services = info.context.services
    where, order_by = as_json(where), as_json(order_by)
    terms = await info.context.terms(where)
    order = read_order(order_by, terms)
    conditions: Filter = {}
    if where is not None:
        check_variables(info)
        conditions = read_where(where, terms)
    bound = [
        info.context.reader,
        within and within.bound,
        where,
        [[key.path, key.descending, key.absent_last] for key in order],
    ]
    base: Filter = within.filter if within else {}
    filter_ = all_of([base, conditions])
    layout = _layout(order, filter_)
    if search is None:
        purpose = purpose_of(bound)
        return AskedOfCustomers(filter_, layout, purpose, where, base=base, terms=terms)
    sought = read_search(search, services.rules)
    base = all_of([services.customers.searches.filter_of(sought), base])
    filter_ = all_of([base, conditions])
    layout = layout if order_by else EXACT_FIRST
    purpose = purpose_of([*bound, search])
    return AskedOfCustomers(filter_, layout, purpose, where, sought, base=base, terms=terms)


def _layout(order: Order, filter_: Filter) -> Layout:
    if order is NEWEST:
        return NEWEST_FIRST
    return layout_of(where_always(order, always_there(filter_)))


def purpose_of(bound: list[Any]) -> str:
    """What cursors are sealed for."""
    return orjson.dumps(bound, option=orjson.OPT_SORT_KEYS).decode()


async def asked_of_person(
    info: Info, canonical_id: str, order_by: Sequence[Given] | None
) -> AskedOfCustomers:
    within = of_person(canonical_id)
    return await asked_for(info, order_by=order_by, within=Within(within, within))


async def read_listing(info: Info, paging: Paging, asked: AskedOfCustomers) -> Listing:
    """What no selected field shows is not read: the page, whether others stand behind it, and what
    is asked about all of them, which is read at the same time."""
    services, projector = info.context.services, info.context.projector
    shown = projector.selected(info, _OF_CUSTOMERS)
    request = page_request(paging, shown, services, asked)
    begun: Begun = {}
    if not shown.isdisjoint(BESIDE):
        begun = begin(info, services, asked)
    try:
        page = await _page(info, request, shown, asked)
    except BaseException:
        end(begun)
        raise
    return Listing(page, asked, services.sealer, begun)


async def _page(info: Info, request: PageRequest, shown: frozenset[Path], asked: Asked) -> Page:
    if shown.isdisjoint(_SHOW_THE_PAGE):
        return _EMPTY
    ordered_by = () if shown.isdisjoint(_SHOW_CURSORS) else asked.layout.paths
    projection = info.context.projector.projection(info, "Customer", ordered_by)
    return await info.context.services.customers.page(request, projection)


def page_request(
    paging: Paging, shown: frozenset[Path], services: Services, asked: Asked
) -> PageRequest:
    """Raises InvalidArgument and InvalidCursor, which name the argument at fault."""
    _check_direction(paging)
    most, sealer = services.settings.max_page_size, services.sealer
    default = min(DEFAULT_PAGE, most)
    first = default if paging.first is None and paging.last is None else paging.first
    for name, size in (("first", first), ("last", paging.last)):
        if size is not None and not 1 <= size <= most:
            raise InvalidArgument(name, f"expected 1 to {most}")
    ahead, behind = _NEIGHBOURS if paging.last is None else _NEIGHBOURS[::-1]
    return PageRequest(
        filter=asked.filter,
        layout=asked.layout,
        search=asked.search,
        first=first,
        after=asked.position("after", paging.after, sealer),
        last=paging.last,
        before=asked.position("before", paging.before, sealer),
        looks_ahead=ahead in shown,
        looks_behind=behind in shown,
    )


def _check_direction(paging: Paging) -> None:
    if paging.first is not None and paging.last is not None:
        raise InvalidArgument("last", "first and last do not go together")
    if paging.after is not None and paging.last is not None:
        raise InvalidArgument("after", "after goes with first, before goes with last")
    if paging.before is not None and paging.last is None:
        raise InvalidArgument("before", "before goes with last, after goes with first")


def _sealable(value: Any) -> Any:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat(timespec="milliseconds")}
    return value


def _unsealed(part: Any) -> Any:
    return datetime.fromisoformat(part[_MOMENT]) if isinstance(part, dict) else part
