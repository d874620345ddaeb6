"""How much a document asks for, counted on what was parsed, before anything else looks at it.

Each definition is walked once, and fragments are counted wherever they are spread by what they were
found to hold: so fragments that double are counted in no time, though spreading them would never
end. Nothing is known of the schema here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
)

_INTROSPECTION = ("__schema", "__type")


@dataclass(slots=True)
class Measures:
    """Of what an operation or a fragment selects, fragments put in where they are spread.

    `fields` counts fragments too, since they cost as much to check. `depth` is that of fields;
    below `__schema` and `__type` it is `introspection_depth`, counted from the top like the other.
    """

    root_fields: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0
    introspection_depth: int = 0

    def add(self, inner: "Measures", below: int = 0) -> None:
        """What is selected `below` so many fields."""
        self.fields += inner.fields
        self.aliases += inner.aliases
        self.directives += inner.directives
        self.depth = max(self.depth, below + inner.depth if inner.depth else 0)
        if inner.introspection_depth:
            deep = below + inner.introspection_depth
            self.introspection_depth = max(self.introspection_depth, deep)


@dataclass(frozen=True, slots=True)
class Counted:
    """`operations` in their order. `fields` is of all that the document defines, also of fragments
    that nothing spreads."""

    operations: list[Measures]
    fields: int


def count(document: DocumentNode) -> Counted:
    """Raises RecursionError where fragments nest deeper than can be followed."""
    walk = _Walk(one for one in document.definitions if isinstance(one, FragmentDefinitionNode))
    operations = [
        walk.operation(one)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    ]
    return Counted(operations, sum(one.fields for one in operations) + walk.unused())


class _Walk:
    def __init__(self, fragments: Iterable[FragmentDefinitionNode]) -> None:
        self._fragments = {one.name.value: one for one in fragments}
        self._counted: dict[str, Measures] = {}

    def operation(self, node: OperationDefinitionNode) -> Measures:
        found = self._selected(node.selection_set.selections)
        found.directives += len(node.directives or ())
        for variable in node.variable_definitions or ():
            found.directives += len(variable.directives or ())
        return found

    def unused(self) -> int:
        """Fields of the fragments that no operation reaches."""
        left = [name for name in self._fragments if name not in self._counted]
        return sum(self._fragment(name).fields for name in left)

    def _fragment(self, name: str) -> Measures:
        """Nothing for one that is not there, and for one that spreads itself, at its second turn:
        both are faults that validation tells."""
        found = self._counted.get(name)
        if found is None:
            found = self._counted[name] = Measures()
            if fragment := self._fragments.get(name):
                found = self._selected(fragment.selection_set.selections)
                found.directives += len(fragment.directives or ())
                self._counted[name] = found
        return found

    def _selected(self, selections: Iterable[SelectionNode]) -> Measures:
        found = Measures()
        for node in selections:
            found.fields += 1
            found.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                found.root_fields += 1
                self._field(found, node)
                continue
            if isinstance(node, FragmentSpreadNode):
                inner = self._fragment(node.name.value)
            else:
                inner = self._selected(node.selection_set.selections)  # type: ignore[attr-defined]
            found.root_fields += inner.root_fields
            found.add(inner)
        return found

    def _field(self, found: Measures, node: FieldNode) -> None:
        if node.alias:
            found.aliases += 1
        introspects = node.name.value in _INTROSPECTION
        inner = self._selected(node.selection_set.selections) if node.selection_set else Measures()
        if introspects:
            inner.introspection_depth, inner.depth = max(inner.depth, inner.introspection_depth), 0
            found.introspection_depth = max(found.introspection_depth, 1)
        else:
            found.depth = max(found.depth, 1)
        found.add(inner, below=1)
