"""Saved conditions beside the schema: what is kept of them, and whether it still takes them."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    Undefined,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)
from graphql.utilities import coerce_input_value, validate_input_value

from graphql_schema.errors import without_values
from graphql_schema.filters import as_json
from service.errors import InvalidArgument
from service.queries.terms import Given, refuse_nulls
from service.segments.reading import Shape

_TYPE = "CustomerWhere"
_AT = "where"


def to_keep(where: Any, schema: GraphQLSchema) -> Given:
    """Conditions as GraphQL coerced them, as JSON, without the defaults that it put in."""
    kept: Given = _without_defaults(as_json(where), schema.type_map[_TYPE])
    return kept


def _without_defaults(given: Any, type_: Any) -> Any:
    type_ = get_nullable_type(type_)
    if is_list_type(type_) and isinstance(given, list):
        return [_without_defaults(one, type_.of_type) for one in given]
    if not (is_input_object_type(type_) and isinstance(given, dict)):
        return given
    return {
        name: _without_defaults(value, type_.fields[name].type)
        for name, value in given.items()
        if type_.fields[name].default_value in (Undefined, None)
        or value != type_.fields[name].default_value
    }


def shape_against(schema: GraphQLSchema) -> Callable[[Given], Shape]:
    """Takes what was kept, if the schema does, as it coerces conditions that are given."""
    type_: Any = schema.type_map[_TYPE]

    def shape(where: Given) -> Shape:
        problems: list[InvalidArgument] = []

        def on_error(error: GraphQLError, path: list[str | int]) -> None:
            problems.append(_problem(error, path))

        validate_input_value(where, type_, on_error, hide_suggestions=True)
        if problems:
            return Shape(None, problems)
        try:
            refuse_nulls(where, _AT)
        except InvalidArgument as error:
            return Shape(None, [error])
        return Shape(as_json(coerce_input_value(where, type_)))

    return shape


def _problem(error: GraphQLError, path: list[str | int]) -> InvalidArgument:
    told = without_values(error.message)
    return InvalidArgument(".".join([_AT, *map(str, path)]), told[0].lower() + told[1:].rstrip("."))
