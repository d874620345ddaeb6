"""Facets, groups and figures: the types that show them. All of their fields are plain.

The sources are those of `service.queries`; of what is told of each field, a `Told`.
"""

from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

import strawberry

from graphql_schema.plain import plain
from graphql_schema.profile import check_company_name, make_type
from graphql_schema.scalars import Date, DateTime, JSONValue
from service.customers.fields import FIELDS, STORED, Kind, camel
from service.queries.aggregates import AGE, Figure, Figures

_ENDS = "of a range, {}: a number, or a date as text. Null for a value and for an open end.".format
_VALUE = (
    "The value, as `where` takes it in `eq` or `has`. Null for a range, and for customers without "
    "the field."
)


def _json(description: str, name: str | None = None) -> Any:
    return strawberry.field(description=description, graphql_type=JSONValue | None, name=name)


@strawberry.type(description="One value or range, and how many customers have it.")
class FacetBucket:
    value: Any = _json(_VALUE)
    from_: Any = _json(f"Lower end {_ENDS('included')}", "from")
    to: Any = _json(f"Upper end {_ENDS('not included')}")
    count: int = strawberry.field(
        description="How many customers. With sets, a customer counts once for each member."
    )


@strawberry.type(description="How customers divide by one field.")
class Facet:
    field: str = strawberry.field(
        description="The field: its name as in `Customer`, such as `country`, or a company field's "
        "full name."
    )
    buckets: list[FacetBucket] = strawberry.field(
        description="The buckets: values by count, the largest first; ranges in order."
    )
    missing: int = strawberry.field(description="Customers that do not hold the field.")
    other: int = strawberry.field(
        description="Customers whose value lies in no bucket shown. For sets: members, not "
        "customers."
    )


class Told(NamedTuple):
    """One figure of every field."""

    figures: Figures
    figure: Figure

    def of(self, name: str) -> Any:
        return self.figures.told[self.figure, name]


def _field(name: str, type_: Any, description: str) -> Any:
    @plain()
    def read(root: strawberry.Parent[Any]) -> Any:
        return root.of(name)

    return strawberry.field(resolver=read, graphql_type=type_, description=description)


def _company_field(type_: Any, description: str, example: str = "ACME__points") -> Any:
    @plain()
    def read(
        root: strawberry.Parent[Any],
        name: Annotated[
            str, strawberry.argument(description=f"Full name of the field, such as `{example}`.")
        ],
    ) -> Any:
        check_company_name(name, "name")
        return root.of(name)

    return strawberry.field(resolver=read, graphql_type=type_, description=description)


def _none(name: str) -> str:
    when = "there are no customers" if name in ("created_at", "updated_at") else "nobody holds it"
    return f"Of `{camel(name)}`. Null when {when}."


def _extremes(names: Iterable[str]) -> dict[str, Any]:
    dates = {name for name, field in FIELDS.items() if field.kind is Kind.DATE}
    return {
        name: _field(name, (Date if name in dates else DateTime) | None, _none(name))
        for name in names
    }


CustomerFieldCounts: Any = make_type(
    strawberry.type,
    "CustomerFieldCounts",
    (),
    {
        **{
            field.name: _field(field.name, int, f"How many for `{field.camel_name}`.")
            for field in STORED
        },
        "company_field": _company_field(int, "How many for one company field.", "ACME__level"),
    },
    "A count for each field.",
)

CustomerExtremes: Any = make_type(
    strawberry.type,
    "CustomerExtremes",
    (),
    {
        **_extremes(("date_joined", "last_login", "birth_date", "created_at", "updated_at")),
        "company_field": _company_field(
            JSONValue | None,
            "Of the numbers in a company field; when it holds none, of its texts. Null when it "
            "holds neither. Of what is declared as `DATE_TIME`: a moment, as text.",
            "ACME__level",
        ),
    },
    "The smallest or the largest value for each field that has an order.",
)

CustomerAverages: Any = make_type(
    strawberry.type,
    "CustomerAverages",
    (),
    {
        "age": _field(
            AGE,
            float | None,
            "Of the age in years today, by `birthDate`. Null when no customer holds it.",
        ),
        "company_field": _company_field(
            float | None,
            "Of the numbers in a company field; other values are left out. Null when it holds "
            "none.",
        ),
    },
    "The mean for each field that has one.",
)


def _told(figure: Figure, type_: Any, description: str) -> Any:
    @plain()
    def read(root: strawberry.Parent[Any]) -> Any:
        return Told(root, figure)

    return strawberry.field(resolver=read, graphql_type=type_, description=description)


@strawberry.type(description="Figures over a set of customers. Only what you select is computed.")
class CustomerAggregate:
    count: int = strawberry.field(description="How many customers.")
    filled: Any = _told(
        Figure.FILLED, CustomerFieldCounts, "For each field: how many customers hold it."
    )
    distinct: Any = _told(
        Figure.DISTINCT,
        CustomerFieldCounts,
        "For each field: how many different values there are; of sets and lists, different "
        "members. Objects are not counted.",
    )
    min: Any = _told(Figure.MIN, CustomerExtremes, "For each field: the smallest value.")
    max: Any = _told(Figure.MAX, CustomerExtremes, "For each field: the largest value.")
    average: Any = _told(Figure.AVERAGE, CustomerAverages, "For each field: the mean.")


@strawberry.type(description="The value or range of one field that a group has in common.")
class GroupKey:
    field: str = strawberry.field(description="The field, named as in `Facet.field`.")
    value: Any = _json(_VALUE)
    from_: Any = _json(f"Lower end {_ENDS('included')}", "from")
    to: Any = _json(f"Upper end {_ENDS('not included')}")


@strawberry.type(description="One group of customers, and figures about it.")
class CustomerGroup:
    keys: list[GroupKey] = strawberry.field(
        description="What the group has in common: one key for each entry of `by`, in order."
    )
    count: int = strawberry.field(
        description="How many customers. With sets, a customer counts once for each member."
    )
    aggregate: CustomerAggregate = strawberry.field(description="Figures over the group.")
