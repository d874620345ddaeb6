"""Variables that are taken as they came, or nearly, where nothing is wrong with them.

What a row may hold is for the row reader to judge, and the scalars of its fields let it pass; so
coercing a row is a check of its names. Graphql-core makes each row anew instead, field by field,
which costs far more than to decode it. Conditions on customers it makes from all the fields that
they leave out. So both are held back where they are sound, and graphql-core gets an empty list or
null in their place. What has anything wrong goes its way, and the errors are its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


def hold(
    operation: OperationDefinitionNode | None, given: dict[str, Any] | None, schema: GraphQLSchema
) -> Held:
    """The values that are `given` for the operation's variables, parted."""
    values = given or {}
    held: dict[str, Any] = {}
    instead: dict[str, Any] = {}
    for definition in (operation and operation.variable_definitions) or ():
        name = definition.variable.name.value
        value = values.get(name)
        if not isinstance(value, list | dict):
            continue
        sound, stand_in = _sound(definition, value, schema)
        if sound is not Undefined:
            held[name], instead[name] = sound, stand_in
    return Held(values, held, {**values, **instead})


def _sound(
    definition: VariableDefinitionNode, value: Any, schema: GraphQLSchema
) -> tuple[Any, Any]:
    """The value coerced, and what passes in its place; `Undefined` where it is not sound, or
    nothing would pass."""
    type_: Any = type_from_ast(schema, definition.type)
    named = get_named_type(type_)
    if not is_input_object_type(named):
        return Undefined, None
    nullable = type_.of_type if is_non_null_type(type_) else type_
    if named.name == _ROWS:
        rows = is_list_type(nullable) and isinstance(value, list) and _is_flat(nullable)
        return (sound_rows(value) or Undefined, []) if rows else (Undefined, None)
    if nullable is type_:
        return coercer_of(type_)(value), None
    return (coercer_of(type_)(value), []) if is_list_type(nullable) else (Undefined, None)


def _is_flat(type_: Any) -> bool:
    """A list of rows, and not of lists of them."""
    item = type_.of_type
    return not is_list_type(item.of_type if is_non_null_type(item) else item)
