"""Variables that are taken as they came, or nearly, where nothing is wrong with them.

What a row may hold is for the row reader to judge, and the scalars of its fields let it pass; so
coercing a row is a check of its names. Graphql-core makes each row anew instead, field by field,
which costs far more than to decode it. Conditions on customers it makes from all the fields that
they leave out. So both are held back where they are sound, and graphql-core gets an empty list or
null in their place. What has anything wrong goes its way, and the errors are its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)
from graphql.execution import VariableValues

from graphql_schema.inputs import sound_rows
from graphql_schema.quick_inputs import coercer_of

_ROWS = "CustomerInput"


class Holding(NamedTuple):
    """A variable that may be held back. `read` gives its value coerced, `Undefined` where it is not
    sound; `stand_in` is what passes in its place."""

    name: str
    read: Callable[[Any], Any]
    stand_in: Any


@dataclass(frozen=True, slots=True)
class Held:
    """`values` by variable, as graphql-core would have coerced what is `given`; `others` is what it
    gets."""

    given: Mapping[str, Any]
    values: Mapping[str, Any]
    others: dict[str, Any]

    def put_into(self, values: VariableValues) -> None:
        for name, value in self.values.items():
            values.coerced[name] = value
            values.sources[name] = values.sources[name]._replace(value=self.given[name])


def holdings(
    operation: OperationDefinitionNode | None, schema: GraphQLSchema
) -> tuple[Holding, ...]:
    """Of the operation's variables."""
    definitions = (operation and operation.variable_definitions) or ()
    found = (_holding(definition, schema) for definition in definitions)
    return tuple(one for one in found if one is not None)


def hold(holdings: Iterable[Holding], given: dict[str, Any] | None) -> Held:
    """The values that are `given`, parted."""
    values = given or {}
    held: dict[str, Any] = {}
    instead: dict[str, Any] = {}
    for name, read, stand_in in holdings:
        value = values.get(name)
        if not isinstance(value, list | dict):
            continue
        sound = read(value)
        if sound is not Undefined:
            held[name], instead[name] = sound, stand_in
    return Held(values, held, {**values, **instead})


def _holding(definition: VariableDefinitionNode, schema: GraphQLSchema) -> Holding | None:
    """None where nothing would pass in the place of a value."""
    type_: Any = type_from_ast(schema, definition.type)
    named = get_named_type(type_)
    if not is_input_object_type(named):
        return None
    name = definition.variable.name.value
    nullable = type_.of_type if is_non_null_type(type_) else type_
    if named.name == _ROWS:
        flat = is_list_type(nullable) and _is_flat(nullable)
        return Holding(name, _rows, []) if flat else None
    if nullable is type_:
        return Holding(name, coercer_of(type_), None)
    return Holding(name, coercer_of(type_), []) if is_list_type(nullable) else None


def _rows(value: Any) -> Any:
    return (sound_rows(value) if isinstance(value, list) else None) or Undefined


def _is_flat(type_: Any) -> bool:
    """A list of rows, and not of lists of them."""
    item = type_.of_type
    return not is_list_type(item.of_type if is_non_null_type(item) else item)
