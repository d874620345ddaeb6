"""Functions that shape: from sources straight to the finished values of a selection.

Stock execution visits every field of every object. Here a selection of plain fields becomes one
function, which works column by column: a field of all objects at a time. It knows clean values
only: whatever else it meets, it raises, and stock execution completes the values from the start, so
that errors are stock's own.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice, repeat
from typing import Any, NamedTuple

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
from graphql_schema.leaves import Column, Unusual, Values, check_types, leaf, or_null
from graphql_schema.plain import is_begun, plain_of


class NotPlain(Exception):
    """A selection that can't be compiled."""


def shape_of(
    type_: GraphQLObjectType,
    details: FieldDetailsList,
    collector: Collector,
    *,
    with_begun: bool = False,
) -> Column | None:
    """None where not all that is selected is plain, or an argument is at fault. `with_begun`: what
    was begun with the sources is over when they are shaped."""
    try:
        return _objects(type_, details, collector, with_begun=with_begun)
    except (NotPlain, GraphQLError):
        return None


class _Stored(NamedTuple):
    """A field that stands in its document; `finish` completes its values."""

    key: str
    absent: Any
    finish: Column


def _objects(
    type_: GraphQLObjectType,
    details: FieldDetailsList,
    collector: Collector,
    *,
    with_begun: bool = False,
) -> Column:
    fields = {
        name: (with_begun and _begun(type_, name, nodes, collector))
        or _field(type_, nodes, collector)
        for name, nodes in collector.subfields(type_, details)
    }
    computed = [field for field in fields.values() if not isinstance(field, _Stored)]
    stored = {name: field.finish for name, field in fields.items() if isinstance(field, _Stored)}
    make = _row_maker(fields)
    is_type_of: Any = type_.is_type_of

    def shape(sources: Values) -> Values:
        if is_type_of and not all(map(is_type_of, sources, repeat(None))):
            raise Unusual
        getters = [source.get for source in sources] if stored else repeat(None, len(sources))
        rows = list(map(make, getters, *[column(sources) for column in computed]))
        for name, values in zip(fields, zip(*map(dict.values, rows), strict=True), strict=False):
            if (finish := stored.get(name)) and (finished := finish(values)) is not values:
                for row, value in zip(rows, finished, strict=True):
                    row[name] = value
        return rows

    return shape


def _row_maker(fields: Mapping[str, _Stored | Column]) -> Callable[..., dict[str, Any]]:
    """Makes a row of a document's `get` and the computed values.

    A document is looked at once, and as a whole: what it costs is finding it in memory. Written out
    and compiled, as named tuples are, since nothing makes a dict faster. What is written are names
    of GraphQL, keys of the catalogue, and what stands where nothing is stored.
    """
    parameters, members = ["get"], []
    for number, (name, field) in enumerate(fields.items()):
        if isinstance(field, _Stored):
            members.append(f"{name!r}: get({field.key!r}, {field.absent!r})")
        else:
            parameters.append(f"_{number}")
            members.append(f"{name!r}: _{number}")
    source = f"lambda {', '.join(parameters)}: {{{', '.join(members)}}}"
    maker: Callable[..., dict[str, Any]] = eval(source, {})  # noqa: S307  # said above
    return maker


def _field(
    type_: GraphQLObjectType, details: FieldDetailsList, collector: Collector
) -> _Stored | Column:
    name = details[0].node.name.value
    if name == "__typename":
        return lambda sources: [type_.name] * len(sources)
    field = type_.fields[name]
    plain = plain_of(field)
    if plain is None:
        raise NotPlain
    arguments = collector.arguments(field, details)
    finish = _finish(field.type, details, collector)
    if plain.key is not None:
        return _Stored(plain.key, plain.absent, finish)
    read = plain.read
    return lambda sources: finish([read(source, **arguments) for source in sources])


def _begun(
    type_: GraphQLObjectType, name: str, details: FieldDetailsList, collector: Collector
) -> Column | None:
    """Where the field is of what was begun. A task that failed is stock execution's to tell."""
    field = type_.fields.get(details[0].node.name.value)
    if field is None or not is_begun(field):
        return None
    finish = _finish(field.type, details, collector)
    return lambda sources: finish([source.begun[name].result() for source in sources])


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

    def lists(values: Values) -> Values:
        check_types(values, {list})
        members = list(chain.from_iterable(values))
        finished = finish(members)
        if finished is members:
            return values
        rest: Iterator[Any] = iter(finished)
        return [list(islice(rest, len(value))) for value in values]

    return lists
