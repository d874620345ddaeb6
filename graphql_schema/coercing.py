"""Typed rows in variables, taken as they came where nothing is wrong with them.

What a row may hold is for the row reader to judge, and the scalars of its fields let it pass; so
coercing a row is a check of its names. Graphql-core makes each row anew instead, field by field,
which costs far more than to decode it. So sound rows are held back, and graphql-core gets an empty
list in their place. Rows with anything wrong go its way, and their errors are its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    OperationDefinitionNode,
    VariableDefinitionNode,
    print_ast,
)
from graphql.execution import VariableValues

from graphql_schema.inputs import TypedRows, sound_rows


@dataclass(frozen=True, slots=True)
class HeldRows:
    """`rows` by variable; `others` is what graphql-core coerces."""

    rows: Mapping[str, TypedRows]
    others: dict[str, Any]

    def put_into(self, values: VariableValues) -> None:
        """As if graphql-core had coerced them."""
        for name, rows in self.rows.items():
            values.coerced[name] = rows
            values.sources[name] = values.sources[name]._replace(value=rows)


def hold_rows(operation: OperationDefinitionNode | None, given: dict[str, Any] | None) -> HeldRows:
    """The values that are `given` for the operation's variables, parted."""
    values = given or {}
    rows: dict[str, TypedRows] = {}
    for definition in (operation and operation.variable_definitions) or ():
        name = definition.variable.name.value
        value = values.get(name)
        if isinstance(value, list) and _takes_rows(definition) and (sound := sound_rows(value)):
            rows[name] = sound
    return HeldRows(rows, {**values, **{name: [] for name in rows}})


def _takes_rows(definition: VariableDefinitionNode) -> bool:
    return print_ast(definition.type).replace("!", "") == "[CustomerInput]"
