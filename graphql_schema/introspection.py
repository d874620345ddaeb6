"""What asking about the schema costs: the values in its answer, by how much the schema holds.

Below `types`, which lists all of it, the parts of one type count as they do on average; below a
single type they count as in the largest.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from math import ceil
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    SelectionSetNode,
    get_introspection_query,
    is_abstract_type,
    parse,
)

from graphql_schema.schema import core_schema


def is_introspection(name: str) -> bool:
    """`__typename` is not: it tells what is known already."""
    return name in ("__schema", "__type")


Lengths = tuple[int, int]
"""On average, and the longest."""


@cache
def _lengths() -> Mapping[str, Lengths]:
    types = list(core_schema.type_map.values())
    fields = [field for one in types for field in getattr(one, "fields", {}).values()]
    parts: dict[str, list[int]] = {
        "fields": [_length(one, "fields", "output") for one in types],
        "inputFields": [_length(one, "fields", "input") for one in types],
        "enumValues": [_length(one, "values") for one in types],
        "interfaces": [_length(one, "interfaces") for one in types],
        "possibleTypes": [
            len(core_schema.get_possible_types(one)) if is_abstract_type(one) else 0
            for one in types
        ],
        "args": [_length(field, "args") for field in fields],
    }
    lengths = {name: (ceil(sum(found) / len(found)), max(found)) for name, found in parts.items()}
    directives = len(core_schema.directives)
    return {**lengths, "types": (len(types),) * 2, "directives": (directives,) * 2}


def _length(one: Any, name: str, side: str = "") -> int:
    kind = type(one).__name__
    if side and ("Input" in kind) is not (side == "input"):
        return 0
    return len(getattr(one, name, ()))


def introspection_cost(node: FieldNode, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Of `__schema` or `__type` with all that is selected under it."""
    return _field(node, fragments, average=False)


def _field(
    node: FieldNode, fragments: Mapping[str, FragmentDefinitionNode], *, average: bool
) -> int:
    name = node.name.value
    if node.selection_set is None:
        return 1
    usual, longest = _lengths().get(name, (1, 1))
    inside = name == "types" or (average and name in _lengths())
    under = sum(
        _field(one, fragments, average=inside) for one in _fields(node.selection_set, fragments)
    )
    return 1 + (usual if average else longest) * (1 + under)


def _fields(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterable[FieldNode]:
    """Directly selected, or by fragments."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            yield from _fields(fragments[node.name.value].selection_set, fragments)
        else:
            yield from _fields(node.selection_set, fragments)  # type: ignore[attr-defined]


@cache
def usual_cost() -> int:
    """Of what tools ask to know a schema whole."""
    document: Any = parse(get_introspection_query(schema_description=True, specified_by_url=True))
    operation, *fragments = document.definitions
    (node,) = operation.selection_set.selections
    return introspection_cost(node, {one.name.value: one for one in fragments})
