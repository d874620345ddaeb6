"""The fields that an operation tells of: those that it selects, and those that it filters, orders,
searches, groups or counts by. A key that may not read one of them gets nothing.

Only of keys that are limited to some fields is any of this asked.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLField
from graphql.execution import Executor
from graphql.execution.values import get_argument_values

from graphql_schema.selected_fields import SelectedField, selected_fields
from service.access.callers import Caller
from service.customers.fields import CATALOGUE, Kind
from service.customers.tokens import SEARCHED
from service.errors import Forbidden
from service.queries.named_fields import fields_named

Arguments = Mapping[str, Any]
Reads = Callable[[Arguments], Iterator[str]]

ALL = "every field"
"""Stands for more than one key may be limited to."""


def _nothing(_: Arguments) -> Iterator[str]:
    yield from ()


def _one(name: str) -> Reads:
    return lambda _: iter((name,))


def _company_field(given: Arguments) -> Iterator[str]:
    yield str(given.get("name", ALL))


def _company_fields(given: Arguments) -> Iterator[str]:
    names = given.get("names")
    yield from names if isinstance(names, list) else [ALL]


def _person(given: Arguments) -> Iterator[str]:
    yield "canonical_id"
    yield from fields_named(given.get("orderBy"))


_CATALOGUE: dict[str, Reads] = {
    **{field.camel_name: _one(field.name) for field in CATALOGUE if field.kind is not Kind.FLAG},
    **{
        f"{field.camel_name[3].lower()}{field.camel_name[4:]}Permission": _one(field.name)
        for field in CATALOGUE
        if field.kind is Kind.PERMISSION
    },
    "companyField": _company_field,
    "companyFields": _company_fields,
    **dict.fromkeys(("id", "isForgotten", "isDeleted", "createdAt", "updatedAt"), _nothing),
    "person": _one("canonical_id"),
    "customers": _person,
}


def _list(given: Arguments) -> Iterator[str]:
    for argument in ("where", "orderBy"):
        yield from fields_named(given.get(argument))
    if given.get("search") is not None:
        yield from SEARCHED


TYPES: Mapping[str, Mapping[str, Reads]] = {
    "Customer": _CATALOGUE,
    "Profile": _CATALOGUE,
    "Person": _CATALOGUE,
    "CustomerFieldCounts": _CATALOGUE,
    "CustomerExtremes": _CATALOGUE,
    "CustomerAverages": {"age": _one("birth_date"), "companyField": _company_field},
    "CompanyFieldUsage": {
        name: _one(ALL) for name in ("sampledCustomers", "isExact", "customers", "kinds")
    },
    "FieldChange": {name: _one(ALL) for name in ("customerId", "field", "before", "after")},
}
"""Of every field of these types, what it tells of."""

FIELDS: Mapping[tuple[str, str], Reads] = {
    ("Query", "customer"): lambda given: fields_named(given.get("by")),
    ("Query", "customers"): _list,
    ("Query", "person"): _one("canonical_id"),
    ("Segment", "members"): _list,
    ("Segment", "where"): _one(ALL),
    ("CustomerConnection", "facets"): lambda given: fields_named(given.get("of")),
    ("CustomerConnection", "groups"): lambda given: fields_named(given.get("by")),
    ("Mutation", "saveSegment"): lambda given: fields_named(given.get("where")),
    ("Mutation", "declareCompanyField"): _company_field,
}
"""And of fields of others. Whatever takes conditions, sort keys, buckets or a search is here."""


def check_readable(executor: "Executor[Any]", caller: Caller) -> None:
    """Raises Forbidden, which names the first field that the key may not read."""
    fragments = executor.fragment_definitions
    for selected in selected_fields(executor.schema, executor.operation, fragments):
        for name in _told(selected, executor):
            if name == ALL:
                raise Forbidden("it may not read all fields, which this would show")
            caller.require_field(name)


def _told(selected: SelectedField, executor: "Executor[Any]") -> Iterator[str]:
    type_name, name, field, node = selected
    if field is None:
        return
    known = TYPES.get(type_name)
    reads = known[name] if known is not None else FIELDS.get((type_name, name))
    if reads is not None:
        yield from reads(_arguments(field, node, executor))


def _arguments(field: GraphQLField, node: FieldNode, executor: "Executor[Any]") -> Arguments:
    """None where one is at fault, which ends the field before anything is read."""
    with suppress(GraphQLError):
        return get_argument_values(field, node, executor.variable_values)
    return {}
