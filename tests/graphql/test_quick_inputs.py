"""Conditions and orders are coerced as graphql-core coerces them, sound or not."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import (
    GraphQLInputType,
    Undefined,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    type_from_ast,
)
from graphql.language import parse_type
from graphql.utilities.coerce_input_value import coerce_input_value
from hypothesis import event, given, settings
from hypothesis import strategies as st

from graphql_schema.quick_inputs import coercer_of
from graphql_schema.schema import core_schema

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "Int": st.integers(-(2**31), 2**31 - 1),
    "Float": st.floats(allow_nan=False, allow_infinity=False),
    "Boolean": st.booleans(),
    "JSON": st.none() | st.integers() | st.text(max_size=3) | st.lists(st.booleans(), max_size=2),
}
SPOILT: st.SearchStrategy[Any] = st.sampled_from(
    [None, 7, "x", [], {}, {"eq": 1}, 2**40, True, [[]], {"none": 1}]
)


def values(type_: GraphQLInputType, depth: int = 3) -> st.SearchStrategy[Any]:
    """Mostly sound ones."""
    inner: Any = get_nullable_type(type_)
    made: st.SearchStrategy[Any]
    if is_list_type(inner):
        made = st.lists(values(inner.of_type, depth), max_size=2) | values(inner.of_type, depth)
    elif is_input_object_type(inner):
        made = objects(inner, depth)
    elif is_enum_type(inner):
        made = st.sampled_from([*inner.values, "NONE"])
    else:
        made = SCALARS.get(inner.name, st.text(max_size=4))
    return st.one_of(made, made, made, made, made, SPOILT) if depth < 3 else made


def objects(type_: Any, depth: int) -> st.SearchStrategy[Any]:
    if depth == 0:
        return st.just({})
    names = st.lists(st.sampled_from(list(type_.fields)), max_size=3, unique=True)
    if type_.is_one_of:
        names = st.lists(st.sampled_from(list(type_.fields)), min_size=1, max_size=1)
    needed = [name for name, field in type_.fields.items() if "!" in str(field.type)]

    def of(chosen: list[str]) -> st.SearchStrategy[Any]:
        return st.fixed_dictionaries(
            {
                name: values(type_.fields[name].type, depth - 1)
                for name in {*chosen, *(needed if not type_.is_one_of else [])}
            }
        )

    return names.flatmap(of)


TYPES = ["CustomerWhere", "[CustomerOrder!]", "CustomerWhere!", "[CompanyFieldFilter!]!", "Period"]


@pytest.mark.parametrize("written", TYPES)
def test_inputs_come_out_as_graphql_core_has_them(written: str) -> None:
    type_: Any = type_from_ast(core_schema, parse_type(written))
    ours: Callable[[Any], Any] = coercer_of(type_)

    @settings(max_examples=150, deadline=None)
    @given(values(type_))
    def alike(value: Any) -> None:
        stock = coerce_input_value(value, type_)
        event("sound" if stock is not Undefined else "not sound")
        assert repr(stock) == repr(ours(value))

    alike()


def test_fields_keep_the_order_of_their_type() -> None:
    """Errors come in it."""
    type_: Any = core_schema.type_map["CustomerWhere"]
    given_: Any = {"city": {"eq": "a"}, "and": [], "email": {"exists": True}}

    assert ["and", "email", "city"] == list(coercer_of(type_)(given_))
