"""The inputs that facets and groups are asked with, made from the catalogue.

Resolvers get them as GraphQL coerced them, as JSON in GraphQL's own names;
`service.queries.dimensions` reads them.
"""

from typing import Annotated, Any

import strawberry

from graphql_schema.enums import CalendarInterval
from graphql_schema.filters import make_input, optional
from graphql_schema.scalars import DateTime
from service.customers.fields import CATALOGUE, STORED, TEXT_SETS, Field, Kind, camel

_FEW, MANY = 10, 60


def _size(default: int, which: str) -> Any:
    return strawberry.field(
        default=default,
        graphql_type=int,
        description=f"At most this many buckets, 1 to 1,000: {which}.",
    )


_LARGEST = "the largest, which come first"
_IGNORE_OWN_FILTER = {
    "ignore_own_filter": strawberry.field(
        default=False,
        graphql_type=bool,
        description="Leave the top-level condition on this same field out of `where`, so that a "
        "list of checkboxes keeps its other choices. For facets only.",
    )
}


def _range(name: str, type_: Any, description: str, low: str, high: str) -> Any:
    ends = {"from_": optional(type_, low, "from"), "to": optional(type_, high)}
    return make_input(name, f"{description} An end left out is open.", ends)


DateTimeRange: Any = _range(
    "DateTimeRange",
    DateTime,
    "A range of time.",
    "At this moment or after it.",
    "Before this moment.",
)
NumberRange: Any = _range("NumberRange", float, "A range of numbers.", "At least.", "Less than.")

_OWN_RANGES = "{}uckets of your own, at most 100; they may overlap."

ValueBucketsInput = make_input(
    "ValueBucketsInput",
    "One bucket for each value. `{}` takes the defaults.",
    {"size": _size(_FEW, _LARGEST), **_IGNORE_OWN_FILTER},
)

DateBucketsInput = make_input(
    "DateBucketsInput",
    "One bucket for each calendar interval that somebody is in, or for each given range; in order "
    "of time. `{}` takes the defaults.",
    {
        "interval": strawberry.field(
            default=CalendarInterval.MONTH,
            graphql_type=CalendarInterval,
            description="How long a bucket is, in the service's time zone. Not used with `ranges`.",
        ),
        "ranges": optional(list[DateTimeRange], _OWN_RANGES.format("B")),
        "size": _size(MANY, "the latest"),
        **_IGNORE_OWN_FILTER,
    },
)

CompanyFieldBucketsInput = make_input(
    "CompanyFieldBucketsInput",
    "Buckets of a company field: each value, or each member of a list; numbers also by `width` or "
    "`ranges`; dates (declared so) also by `interval`. At most one of these three. Objects are in "
    "no bucket.",
    {
        "name": strawberry.field(
            graphql_type=str, description="The full name of the field, such as `ACME__level`."
        ),
        "size": _size(_FEW, "the largest; by `interval`, the latest"),
        "width": optional(float, "Numbers: buckets of this width, beginning at its multiples."),
        "ranges": optional(list[NumberRange], f"Numbers: {_OWN_RANGES.format('b')}"),
        "interval": optional(CalendarInterval, "Dates: how long a bucket is."),
        **_IGNORE_OWN_FILTER,
    },
)


def _buckets(name: str, kind: Kind | None) -> Any:
    if kind in (None, Kind.DATE, Kind.DATE_TIME):
        return optional(DateBucketsInput, f"By `{camel(name)}`, in order of time.")
    if name in TEXT_SETS:
        return optional(ValueBucketsInput, f"By each member of `{camel(name)}`.")
    if kind is Kind.PERMISSION:
        text = f"By `{camel(name)}`; those where it was never given count as missing."
        return optional(ValueBucketsInput, text)
    return optional(ValueBucketsInput, f"By each value of `{camel(name)}`.")


def _by_field(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {field.name: _buckets(field.name, field.kind) for field in fields}


CustomerBuckets: Any = make_input(
    "CustomerBuckets",
    "How to sort customers into buckets: exactly one field, such as `{country: {}}` or "
    "`{dateJoined: {interval: MONTH}}`.",
    {
        **_by_field(STORED),
        **_by_field(tuple(field for field in CATALOGUE if field.name == "is_forgotten")),
        "created_at": _buckets("created_at", None),
        "updated_at": _buckets("updated_at", None),
        "company_field": optional(
            CompanyFieldBucketsInput, "By a company field, whatever it holds."
        ),
    },
    one_of=True,
)

OF = Annotated[
    list[CustomerBuckets], strawberry.argument(description="The fields to divide by, at most 20.")
]
BY = Annotated[
    list[CustomerBuckets],
    strawberry.argument(
        description="One or two fields to group by. Their `size`s multiplied may not exceed 1,000."
    ),
]
