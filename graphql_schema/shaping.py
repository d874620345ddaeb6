"""Functions that shape: from sources straight to the finished values of a selection.

Stock execution visits every field of every object. Here a selection of plain fields becomes one
function, which works column by column: a field of all objects at a time. It knows clean values
only: whatever else it meets, it raises, and stock execution completes the values from the start, so
that errors are stock's own.
"""

from collections.abc import Iterator
from itertools import chain, islice, repeat
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList

from graphql_schema.collecting import Collector
from graphql_schema.leaves import Column, Unusual, check_types, leaf, or_null
from graphql_schema.plain import Plain, plain_of


class NotPlain(Exception):
    """A selection that can't be compiled."""


def shape_of(
    type_: GraphQLObjectType, details: FieldDetailsList, collector: Collector
) -> Column | None:
    """None where not all that is selected is plain, or an argument is at fault."""
    try:
        return _objects(type_, details, collector)
    except (NotPlain, GraphQLError):
        return None


def _objects(type_: GraphQLObjectType, details: FieldDetailsList, collector: Collector) -> Column:
    selected = [
        (name, _field(type_, fields, collector))
        for name, fields in collector.subfields(type_, details)
    ]
    names = [name for name, _ in selected]
    columns = [column for _, column in selected]
    is_type_of: Any = type_.is_type_of

    def shape(sources: list[Any]) -> list[Any]:
        if is_type_of and not all(map(is_type_of, sources, repeat(None))):
            raise Unusual
        if not names:
            return [{} for _ in sources]
        rows = zip(*[column(sources) for column in columns], strict=True)
        return list(map(dict, map(zip, repeat(names), rows)))

    return shape


def _field(type_: GraphQLObjectType, details: FieldDetailsList, collector: Collector) -> Column:
    name = details[0].node.name.value
    if name == "__typename":
        return lambda sources: [type_.name] * len(sources)
    field = type_.fields[name]
    plain = plain_of(field)
    if plain is None:
        raise NotPlain
    read = _read(plain, collector.arguments(field, details))
    finish = _finish(field.type, details, collector)
    return lambda sources: finish(read(sources))


def _read(plain: Plain, arguments: dict[str, Any]) -> Column:
    read, key, absent = plain.read, plain.key, plain.absent
    if arguments:
        return lambda sources: [read(source, **arguments) for source in sources]
    if key is None:
        return lambda sources: [read(source) for source in sources]

    return lambda sources: [source.get(key, absent) for source in sources]


def _finish(type_: GraphQLOutputType, details: FieldDetailsList, collector: Collector) -> Column:
    """Values as they were read to what stands in the response."""
    nullable = not isinstance(type_, GraphQLNonNull)
    inner: Any = type_ if nullable else type_.of_type  # type: ignore[union-attr]
    if is_leaf_type(inner):
        return leaf(inner, nullable=nullable)
    if is_list_type(inner):
        finish = _lists(_finish(inner.of_type, details, collector))
    elif is_object_type(inner):
        finish = _objects(inner, details, collector)
    else:
        raise NotPlain
    return or_null(finish) if nullable else finish


def _lists(finish: Column) -> Column:
    """The members of all lists as one column, and apart again."""

    def lists(values: list[Any]) -> list[Any]:
        check_types(values, {list})
        members = list(chain.from_iterable(values))
        finished = finish(members)
        if finished is members:
            return values
        rest: Iterator[Any] = iter(finished)
        return [list(islice(rest, len(value))) for value in values]

    return lists
