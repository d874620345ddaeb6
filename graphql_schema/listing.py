"""Lists of customers: which page a request means, and what a page is a source of.

A cursor is the sealed place of a customer in the default order, newest first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import strawberry

from graphql_schema.context import Document, Info, Services
from graphql_schema.projections import Path
from service.errors import InvalidArgument, InvalidCursor
from service.queries.cursors import Sealer
from service.store.customers import Customers
from service.store.pages import Page, PageRequest, Position

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
        "list."
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
_PATHS = (*_SHOW_THE_PAGE, *_SHOW_CURSORS, *_NEIGHBOURS)
_ORDERED_BY = ("created_at", "_id")
_EMPTY = Page([], has_next=False, has_previous=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of customers, all of them or (`canonical_id`) one person's."""

    page: Page
    customers: Customers
    sealer: Sealer
    canonical_id: str | None

    def cursor(self, document: Document) -> str:
        place = document["created_at"].isoformat(timespec="milliseconds")
        return self.sealer.seal(purpose(self.canonical_id), [place, document["_id"]])


class Edge(NamedTuple):
    node: Document
    listing: Listing


def purpose(canonical_id: str | None) -> str:
    """What cursors are bound to: the list and its order."""
    whose = "customers" if canonical_id is None else f"person {canonical_id}"
    return f"{whose}:created_at"


class Paging(NamedTuple):
    """The arguments of a list, None where not given."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None


def paging(*given: Any) -> Paging:
    return Paging(*(None if value is strawberry.UNSET else value for value in given))


async def read_listing(info: Info, given: Paging, canonical_id: str | None = None) -> Listing:
    """What no selected field shows is not read: the page, and whether others stand behind it."""
    services, projector = info.context.services, info.context.projector
    shown = projector.selected(info, _PATHS)
    request = page_request(given, shown, services, canonical_id)
    page = _EMPTY
    if not shown.isdisjoint(_SHOW_THE_PAGE):
        ordered_by = () if shown.isdisjoint(_SHOW_CURSORS) else _ORDERED_BY
        projection = projector.projection(info, "Customer", ordered_by)
        page = await services.customers.page(request, projection)
    return Listing(page, services.customers, services.sealer, canonical_id)


def page_request(
    given: Paging, shown: frozenset[Path], services: Services, canonical_id: str | None
) -> PageRequest:
    """Raises InvalidArgument and InvalidCursor, which name the argument at fault."""
    _check_direction(given)
    most, sealer = services.settings.max_page_size, services.sealer
    default = min(DEFAULT_PAGE, most)
    first = default if given.first is None and given.last is None else given.first
    for name, size in (("first", first), ("last", given.last)):
        if size is not None and not 1 <= size <= most:
            raise InvalidArgument(name, f"expected 1 to {most}")
    ahead, behind = _NEIGHBOURS if given.last is None else _NEIGHBOURS[::-1]
    return PageRequest(
        first=first,
        after=_position("after", given.after, sealer, canonical_id),
        last=given.last,
        before=_position("before", given.before, sealer, canonical_id),
        canonical_id=canonical_id,
        looks_ahead=ahead in shown,
        looks_behind=behind in shown,
    )


def _check_direction(given: Paging) -> None:
    if given.first is not None and given.last is not None:
        raise InvalidArgument("last", "first and last do not go together")
    if given.after is not None and given.last is not None:
        raise InvalidArgument("after", "after goes with first, before goes with last")
    if given.before is not None and given.last is None:
        raise InvalidArgument("before", "before goes with last, after goes with first")


def _position(
    argument: str, cursor: str | None, sealer: Sealer, canonical_id: str | None
) -> Position | None:
    if cursor is None:
        return None
    try:
        created_at, customer_id = sealer.open(purpose(canonical_id), cursor)
        return datetime.fromisoformat(created_at), customer_id
    except ValueError:
        raise InvalidCursor(argument) from None
