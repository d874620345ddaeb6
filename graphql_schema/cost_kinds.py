"""What each field costs that is more than a value: what it reads, and how many it may give."""

from collections.abc import Callable, Mapping
from math import prod
from typing import Any, NamedTuple

from graphql_schema.buckets import MANY
from graphql_schema.listing import DEFAULT_PAGE

READ = 10
"""For a read of the store that an index serves."""

SCAN = 200
"""For one that may look through all customers."""

ROWS = 1000
"""Of an upload's report, at most counted."""

Arguments = Mapping[str, Any]
"""As they are written or given, not coerced: what is wrong with them is told later."""


class Size(NamedTuple):
    """How long a list may be: `of` takes these arguments, and the most on one page."""

    arguments: tuple[str, ...]
    of: Callable[[Arguments, int], int]


class Kind(NamedTuple):
    """`once` is added for the field itself, `each` for each of the objects or values in it: `many`,
    or as many as `below` of the field around says, where it is `listed`."""

    once: int = 0
    each: int = 1
    many: Size | None = None
    below: Size | None = None
    listed: bool = False


def _whole(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _page(given: Arguments, most: int) -> int:
    """Of a size that will be refused: the most there can be."""
    sizes = [_whole(given.get("first")), _whole(given.get("last"))]
    return max(0, min(max((one for one in sizes if one is not None), default=DEFAULT_PAGE), most))


def _first(default: int) -> Size:
    def of(given: Arguments, most: int) -> int:
        first = _whole(given.get("first"))
        return max(0, min(default if first is None else first, most))

    return Size(("first",), of)


def _listed(value: Any) -> list[Any]:
    """A list, as GraphQL takes a single value for one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _ids(given: Arguments, most: int) -> int:
    return min(len(_listed(given.get("ids"))), most)


def _bucket_sizes(given: Any, most: int) -> list[int]:
    """Of each field that customers are divided by."""
    return [
        max(0, min(_buckets(asked if isinstance(asked, dict) else {}), most))
        for one in _listed(given)
        if isinstance(one, dict)
        for asked in one.values()
    ]


def _buckets(asked: Mapping[str, Any]) -> int:
    """`MANY` where neither is given; fewer are shown of some fields."""
    return _whole(asked.get("size")) or len(_listed(asked.get("ranges"))) or MANY


def _dimensions(argument: str) -> Size:
    return Size((argument,), lambda given, most: min(len(_listed(given.get(argument))), most))


def _largest(given: Arguments, most: int) -> int:
    return max(_bucket_sizes(given.get("of"), most), default=0)


def _multiplied(given: Arguments, most: int) -> int:
    return min(prod(_bucket_sizes(given.get("by"), most)), most)


_PAGED = Size(("first", "last"), _page)

KINDS: Mapping[str, Kind] = {
    "Query.customer": Kind(READ),
    "Query.customers": Kind(READ, below=_PAGED),
    "Query.person": Kind(READ),
    "Query.segment": Kind(READ),
    "Query.segments": Kind(READ, below=_PAGED),
    "Query.auditEvents": Kind(READ, below=_PAGED),
    "Query.companyField": Kind(READ),
    "Query.companyFields": Kind(READ),
    "Query.upload": Kind(READ, below=Size((), lambda _given, _most: ROWS)),
    "Query.node": Kind(READ),
    "Query.nodes": Kind(READ, many=Size(("ids",), _ids)),
    "Mutation.uploadCustomers": Kind(READ),
    "Mutation.uploadCustomerDocuments": Kind(READ),
    "Mutation.saveSegment": Kind(READ),
    "Mutation.deleteSegment": Kind(READ),
    "Mutation.declareCompanyField": Kind(SCAN),
    "Customer.person": Kind(READ),
    "Person.customers": Kind(READ, below=_PAGED),
    "CustomerConnection.edges": Kind(listed=True),
    "CustomerConnection.nodes": Kind(listed=True),
    "CustomerConnection.totalCount": Kind(SCAN),
    "CustomerConnection.facets": Kind(
        each=SCAN, many=_dimensions("of"), below=Size(("of",), _largest)
    ),
    "CustomerConnection.aggregate": Kind(SCAN),
    "CustomerConnection.groups": Kind(
        SCAN, many=Size(("by",), _multiplied), below=_dimensions("by")
    ),
    "Facet.buckets": Kind(listed=True),
    "CustomerGroup.keys": Kind(listed=True),
    "Segment.count": Kind(SCAN),
    "Segment.members": Kind(READ, below=_PAGED),
    "Segment.contains": Kind(READ),
    "SegmentConnection.edges": Kind(listed=True),
    "SegmentConnection.nodes": Kind(listed=True),
    "SegmentConnection.totalCount": Kind(READ),
    "AuditEventConnection.edges": Kind(listed=True),
    "AuditEventConnection.nodes": Kind(listed=True),
    "CompanyField.usage": Kind(READ),
    "CompanyFieldRegistry.fields": Kind(many=_first(500)),
    "CompanyFieldTypeReport.breakingCustomerIds": Kind(many=_first(10)),
    "UploadCustomersPayload.results": Kind(listed=True),
}
"""By type and field; every other field is one value, or a list that is short."""

ONE_VALUE = Kind()
