"""The fields that an operation selects, wherever they stand, each with its type."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_interface_type,
    is_object_type,
)


class SelectedField(NamedTuple):
    """`field`: None for introspection and `__typename`, which no type declares."""

    type_name: str
    name: str
    field: GraphQLField | None
    node: FieldNode


def selected_fields(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
) -> Iterator[SelectedField]:
    """Of an operation that is valid. Each fragment is walked once; what is skipped counts too."""
    root = schema.get_root_type(operation.operation)
    return _Walk(schema, dict(fragments)).under(root, operation.selection_set)


class _Walk:
    def __init__(self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._left = fragments

    def under(
        self, type_: GraphQLNamedType | None, selections: SelectionSetNode
    ) -> Iterator[SelectedField]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield from self._of_field(type_, node)
            elif isinstance(node, InlineFragmentNode):
                on = node.type_condition
                inner = self._schema.get_type(on.name.value) if on else type_
                yield from self.under(inner, node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._left.pop(node.name.value, None)
                if fragment is not None:
                    inner = self._schema.get_type(fragment.type_condition.name.value)
                    yield from self.under(inner, fragment.selection_set)

    def _of_field(self, type_: GraphQLNamedType | None, node: FieldNode) -> Iterator[SelectedField]:
        name, field = node.name.value, None
        if is_object_type(type_) or is_interface_type(type_):
            field = type_.fields.get(name)
        yield SelectedField(type_.name if type_ else "", name, field, node)
        if field is not None and node.selection_set:
            yield from self.under(get_named_type(field.type), node.selection_set)
