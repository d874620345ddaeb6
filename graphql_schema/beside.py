"""What is asked about all customers of a list: begun before its page is read, so that neither
waits for the other, and only what is selected.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetailsList

from graphql_schema.collecting import InfoCollector, details_of
from graphql_schema.context import Services
from graphql_schema.filters import as_json
from service.customers.fields import CATALOGUE, is_company_field
from service.errors import InvalidArgument, UnknownCompanyField
from service.queries.aggregates import AGE, Figure, Wanted
from service.queries.dimensions import read_facets, read_grouping
from service.queries.facets import Dimension
from service.queries.terms import Terms
from service.store import figures

if TYPE_CHECKING:
    from graphql_schema.listing import AskedOfCustomers

Arguments = Mapping[str, Any]
"""As GraphQL coerced them, by GraphQL's names."""

_AGGREGATE = "aggregate"
_PATHS = {field.camel_name: field.name for field in CATALOGUE}
_PATHS |= {"createdAt": "created_at", "updatedAt": "updated_at", AGE: AGE}


async def total_count(
    services: Services, asked: "AskedOfCustomers", given: Arguments, _: Wanted = frozenset()
) -> int:
    return await services.customers.count(asked.filter, up_to=bound_of_count(given.get("upTo")))


def bound_of_count(up_to: int | None) -> int | None:
    """Raises InvalidArgument for one that bounds nothing."""
    if up_to is not None and up_to < 1:
        raise InvalidArgument("upTo", "expected at least 1")
    return up_to


async def facets(
    services: Services, asked: "AskedOfCustomers", given: Arguments, _: Wanted = frozenset()
) -> Any:
    dimensions = await _read(read_facets, given["of"], services, asked.terms)
    wanted = [(asked.filter_for(one), one) for one in dimensions]
    return await figures.facets(services.customers, wanted)


async def aggregate(
    services: Services, asked: "AskedOfCustomers", _: Arguments, wanted: Wanted
) -> Any:
    return await figures.figures(services.customers, asked.filter, wanted, asked.terms)


async def groups(
    services: Services, asked: "AskedOfCustomers", given: Arguments, wanted: Wanted
) -> Any:
    by = await _read(read_grouping, given["by"], services, asked.terms)
    return await figures.groups(services.customers, asked.filter, by, wanted, asked.terms)


async def _read(
    reader: Callable[[Any, Terms], list[Dimension]], given: Any, services: Services, terms: Terms
) -> list[Dimension]:
    """By the terms that the list was read by; by newer ones, where those know too little."""
    given = as_json(given)
    try:
        return reader(given, terms)
    except UnknownCompanyField:
        await services.registry.look_for_names()
        return reader(given, await services.terms())


_READS: Mapping[str, Callable[..., Coroutine[Any, Any, Any]]] = {
    "totalCount": total_count,
    "facets": facets,
    _AGGREGATE: aggregate,
    "groups": groups,
}

BESIDE = frozenset({(name,) for name in _READS})
"""Paths of the fields that are read beside a page, from the list."""

Begun = Mapping[str | int, asyncio.Task[Any]]
"""By the names that they have in the response."""


def begin(info: Any, services: Services, asked: "AskedOfCustomers") -> Begun:
    """`info` is that of the list. Where an argument is at fault, nothing is begun: its field will
    say so."""
    raw = info._raw_info
    type_: Any = get_named_type(raw.return_type)
    collector = InfoCollector(raw)
    begun: dict[str | int, asyncio.Task[Any]] = {}
    for key, details in collector.subfields(type_, details_of(raw.field_nodes)):
        name = details[0].node.name.value
        if name not in _READS:
            continue
        with suppress(GraphQLError):
            field = type_.fields[name]
            given = collector.arguments(field, details)
            wanted = _wanted(get_named_type(field.type), details, collector)
            begun[key] = asyncio.ensure_future(_READS[name](services, asked, given, wanted))
            begun[key].add_done_callback(_seen)
    return begun


def end(begun: Begun) -> None:
    """Of those that nobody will wait for."""
    for task in begun.values():
        task.cancel()


def wanted_by(info: Any) -> Wanted:
    """The figures that are selected under an aggregate, or under groups."""
    raw = info._raw_info
    type_ = get_named_type(raw.return_type)
    return _wanted(type_, details_of(raw.field_nodes), InfoCollector(raw))


def _seen(task: asyncio.Task[Any]) -> None:
    """A failure is the field's to tell; the loop need not, if the request ended before."""
    if not task.cancelled():
        task.exception()


def _wanted(type_: Any, details: FieldDetailsList, collector: InfoCollector) -> Wanted:
    if not isinstance(type_, GraphQLObjectType):
        return frozenset()
    found: set[tuple[Figure, str]] = set()
    for _, fields in collector.subfields(type_, details):
        name = fields[0].node.name.value
        if name == _AGGREGATE:
            found |= _wanted(get_named_type(type_.fields[name].type), fields, collector)
        elif name in _FIGURES:
            told: Any = get_named_type(type_.fields[name].type)
            figure = _FIGURES[name]
            found |= {(figure, path) for path in _paths(told, fields, collector)}
    return frozenset(found)


def _paths(
    type_: GraphQLObjectType, details: FieldDetailsList, collector: InfoCollector
) -> set[str]:
    """Keys of documents, and `age`; what is no company field's name is left to its field."""
    found: set[str] = set()
    for _, fields in collector.subfields(type_, details):
        name = fields[0].node.name.value
        if name in _PATHS:
            found.add(_PATHS[name])
        elif name in type_.fields:
            with suppress(GraphQLError):
                found.add(collector.arguments(type_.fields[name], fields)["name"])
    return {path for path in found if path in _PATHS.values() or is_company_field(path)}


_FIGURES = {figure.value: figure for figure in Figure}
