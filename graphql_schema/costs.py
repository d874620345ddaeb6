"""What an operation may cost: about the number of values in its answer, and what is read for them.

What stands in a list counts as often as the list may be long. What each field counts stands in
`cost_kinds`; rows of an upload count nowhere here. An operation's cost is found once, as a sum of
products: of numbers, and of sizes that the variables give. Requests only fill these in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.utilities import value_from_ast_untyped

from graphql_schema.cost_kinds import KINDS, ONE_VALUE, READ, Size
from graphql_schema.introspection import introspection_cost, is_introspection

Values = Mapping[str, Any]
Terms = Mapping[tuple[int, ...], int]
"""A sum of products: numbers, by the sizes that each is multiplied with."""

_ONCE: Terms = {(): 1}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one operation. `sizes` are what its variables give. `introspection` is counted apart: no
    variable changes it, and none of it is read from the store."""

    terms: Terms
    sizes: tuple[Callable[[Values], int], ...]
    introspection: int

    @property
    def reads_nothing(self) -> bool:
        return not self.sizes and self.terms.get((), 0) < READ

    def of(self, variables: Values) -> int:
        if not self.sizes:
            return self.terms.get((), 0)
        sizes = [size(variables) for size in self.sizes]
        total = 0
        for factors, number in self.terms.items():
            for factor in factors:
                number *= sizes[factor]
            total += number
        return total


def costs_of(document: DocumentNode, schema: GraphQLSchema, most: int) -> dict[str, Cost]:
    """Of each operation of a document that is valid, by its name, empty for none. `most` is the
    most on one page: whatever asks for more is refused."""
    return {
        one.name.value if one.name else "": _Walk(document, one, schema, most).cost()
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    }


class _Place(NamedTuple):
    """`listed`: how long the list of a field is that takes its length from the field around."""

    type_: GraphQLNamedType
    listed: Terms = _ONCE


class _Walk:
    def __init__(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        schema: GraphQLSchema,
        most: int,
    ) -> None:
        self._operation = operation
        self._schema = schema
        self._most = most
        self._sizes: list[Callable[[Values], int]] = []
        self._introspection = 0
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._defaults = {
            one.variable.name.value: value_from_ast_untyped(one.default_value)
            for one in operation.variable_definitions or ()
            if one.default_value
        }

    def cost(self) -> Cost:
        root = self._schema.get_root_type(self._operation.operation)
        assert root, "the document is valid"
        terms = self._selected(_Place(root), self._operation.selection_set)
        return Cost(terms, tuple(self._sizes), self._introspection)

    def _selected(self, place: _Place, selections: SelectionSetNode | None) -> Terms:
        return _sum(self._one(place, node) for node in (selections and selections.selections) or ())

    def _one(self, place: _Place, node: Node) -> Terms:
        if isinstance(node, FieldNode):
            return self._field(place, node)
        if isinstance(node, FragmentSpreadNode):
            node = self._fragments[node.name.value]
        assert isinstance(node, FragmentDefinitionNode | InlineFragmentNode)
        on = node.type_condition
        type_ = self._schema.type_map[on.name.value] if on else place.type_
        return self._selected(_Place(type_, place.listed), node.selection_set)

    def _field(self, place: _Place, node: FieldNode) -> Terms:
        name = node.name.value
        if is_introspection(name):
            self._introspection += introspection_cost(node, self._fragments)
            return {}
        if name == "__typename":
            return _ONCE
        field = place.type_.fields[name]  # type: ignore[attr-defined]
        kind = KINDS.get(f"{place.type_.name}.{name}", ONE_VALUE)
        below = _Place(get_named_type(field.type), self._size(kind.below, node))
        each = _sum([{(): kind.each}, self._selected(below, node.selection_set)])
        many = place.listed if kind.listed else self._size(kind.many, node)
        return _sum([{(): kind.once}, _product(many, each)])

    def _size(self, size: Size | None, node: FieldNode) -> Terms:
        if size is None:
            return _ONCE
        given = {one.name.value: one.value for one in node.arguments or ()}
        nodes = {name: given[name] for name in size.arguments if name in given}
        if not any(map(_is_variable, nodes.values())):
            values = {name: value_from_ast_untyped(one) for name, one in nodes.items()}
            return {(): size.of(values, self._most)}
        self._sizes.append(self._read(size, nodes))
        return {(len(self._sizes) - 1,): 1}

    def _read(self, size: Size, nodes: Mapping[str, ValueNode]) -> Callable[[Values], int]:
        defaults, most = self._defaults, self._most

        def read(variables: Values) -> int:
            known = {**defaults, **variables}
            values = {
                name: known.get(node.name.value)
                if isinstance(node, VariableNode)
                else value_from_ast_untyped(node, known)
                for name, node in nodes.items()
            }
            return size.of(values, most)

        return read


def _is_variable(node: Node) -> bool:
    """Whether it is one, or has one in it."""
    if isinstance(node, VariableNode):
        return True
    children = [getattr(node, key, None) for key in QUERY_DOCUMENT_KEYS.get(node.kind, ())]
    return any(
        any(map(_is_variable, child)) if isinstance(child, tuple) else _is_variable(child)
        for child in children
        if child
    )


def _sum(several: Iterable[Terms]) -> Terms:
    total: dict[tuple[int, ...], int] = {}
    for terms in several:
        for factors, number in terms.items():
            total[factors] = total.get(factors, 0) + number
    return {factors: number for factors, number in total.items() if number}


def _product(one: Terms, other: Terms) -> Terms:
    return _sum(
        {tuple(sorted(left + right)): number * times}
        for left, number in one.items()
        for right, times in other.items()
    )
