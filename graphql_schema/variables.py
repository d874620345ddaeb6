"""How much the variables of an operation may hold, rows of an upload aside.

Each value in them is looked at several times on its way to a condition, and no list or object may
keep everybody else waiting for it.
"""

from collections.abc import Mapping
from typing import Any

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, OperationDefinitionNode, TypeNode

from service.errors import QueryTooComplex

_ROWS = ("CustomerInput", "CustomerDocument")
"""Bounded by how many rows and bytes there may be."""


def watched_variables(operation: OperationDefinitionNode) -> tuple[str, ...]:
    """Names of those that are not rows."""
    return tuple(
        one.variable.name.value
        for one in operation.variable_definitions or ()
        if _name(one.type) not in _ROWS
    )


def _name(type_: TypeNode) -> str:
    while isinstance(type_, ListTypeNode | NonNullTypeNode):
        type_ = type_.type
    assert isinstance(type_, NamedTypeNode)
    return type_.name.value


def check_variables(names: tuple[str, ...], given: Mapping[str, Any], most: int) -> None:
    """Raises QueryTooComplex. Looks no further than that."""
    count = len(given)
    waiting: list[Any] = [one for name in names if type(one := given.get(name)) in (dict, list)]
    while waiting and count <= most:
        one = waiting.pop()
        count += len(one)
        if count <= most:
            values = one.values() if type(one) is dict else one
            waiting += [value for value in values if type(value) in (dict, list)]
    if count > most:
        raise QueryTooComplex("values in variables", most)
