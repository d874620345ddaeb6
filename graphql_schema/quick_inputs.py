"""Input objects coerced as graphql-core coerces them, without a look at every field that was left
out: of the conditions on customers those are nearly all.

Whatever is not sound comes out `Undefined`, and goes graphql-core's way, whose errors it then has.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    Undefined,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value

Coercer = Callable[[Any], Any]


def coercer_of(type_: GraphQLInputType) -> Coercer:
    if is_non_null_type(type_):
        inner = coercer_of(type_.of_type)
        return lambda value: Undefined if value is None else inner(value)
    if is_list_type(type_):
        return _or_null(_of_list(type_.of_type))
    if is_input_object_type(type_):
        return _or_null(_object(type_))
    return lambda value: coerce_input_value(value, type_)


def _or_null(coerce: Coercer) -> Coercer:
    return lambda value: None if value is None else coerce(value)


def _of_list(type_: GraphQLInputType) -> Coercer:
    coerce = coercer_of(type_)

    def coerced(value: Any) -> Any:
        found = [coerce(one) for one in (value if isinstance(value, list) else [value])]
        return Undefined if any(one is Undefined for one in found) else found

    return coerced


@cache
def _object(type_: GraphQLInputObjectType) -> "_Object":
    """Of a type of the schema, of which there are so many and no more."""
    return _Object(type_)


class _Object:
    """Its fields are looked at when it is first used, since types hold themselves."""

    def __init__(self, type_: GraphQLInputObjectType) -> None:
        self._type = type_
        self._fields: Mapping[str, Coercer] = {}
        self._defaults: Mapping[str, Any] = {}
        self._required: frozenset[str] = frozenset()

    def _look(self) -> None:
        fields = self._type.fields
        defaults = {name: coerce_default_value(field) for name, field in fields.items()}
        self._defaults = {name: one for name, one in defaults.items() if one is not Undefined}
        self._required = frozenset(
            name for name, field in fields.items() if is_required_input_field(field)
        )
        self._fields = {name: coercer_of(field.type) for name, field in fields.items()}

    def __call__(self, value: Any) -> Any:
        """In the order of the type's fields."""
        if not self._fields:
            self._look()
        if not isinstance(value, dict) or not value.keys() <= self._fields.keys():
            return Undefined
        if not self._required <= value.keys() or (self._type.is_one_of and len(value) != 1):
            return Undefined
        coerced: dict[str, Any] = {}
        for name in self._fields:
            if name in value:
                coerced[name] = self._fields[name](value[name])
            elif name in self._defaults:
                coerced[name] = self._defaults[name]
        if any(one is Undefined for one in coerced.values()):
            return Undefined
        return Undefined if self._type.is_one_of and None in coerced.values() else coerced
