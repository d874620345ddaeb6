"""The fields that an operation tells of: those that it selects, and those that it filters, orders,
searches, groups or counts by. A key that may not read one of them gets nothing.

Only of keys that are limited to some fields is any of this asked.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_interface_type,
    is_object_type,
)
from graphql.execution import Executor
from graphql.execution.values import get_argument_values

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
    type_ = executor.schema.get_root_type(executor.operation.operation)
    for name in _Walk(executor).under(type_, executor.operation.selection_set):
        if name == ALL:
            raise Forbidden("it may not read all fields, which this would show")
        caller.require_field(name)


class _Walk:
    """Each fragment is walked once; what is skipped counts too."""

    def __init__(self, executor: "Executor[Any]") -> None:
        self._executor = executor
        self._fragments = dict(executor.fragment_definitions)

    def under(self, type_: GraphQLNamedType | None, selections: SelectionSetNode) -> Iterator[str]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield from self._of_field(type_, node)
            elif isinstance(node, InlineFragmentNode):
                on = node.type_condition
                inner = self._executor.schema.get_type(on.name.value) if on else type_
                yield from self.under(inner, node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._spread(node.name.value)

    def _spread(self, name: str) -> Iterator[str]:
        fragment = self._fragments.pop(name, None)
        if fragment is not None:
            inner = self._executor.schema.get_type(fragment.type_condition.name.value)
            yield from self.under(inner, fragment.selection_set)

    def _of_field(self, type_: GraphQLNamedType | None, node: FieldNode) -> Iterator[str]:
        name = node.name.value
        if not (is_object_type(type_) or is_interface_type(type_)) or name not in type_.fields:
            return  # introspection, and `__typename`
        field = type_.fields[name]
        known = TYPES.get(type_.name)
        reads = known[name] if known is not None else FIELDS.get((type_.name, name))
        if reads is not None:
            yield from reads(self._arguments(field, node))
        if node.selection_set:
            yield from self.under(get_named_type(field.type), node.selection_set)

    def _arguments(self, field: GraphQLField, node: FieldNode) -> Arguments:
        """None where one is at fault, which ends the field before anything is read."""
        with suppress(GraphQLError):
            return get_argument_values(field, node, self._executor.variable_values)
        return {}
