"""What was compiled of a document, kept with it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    VariableNode,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.language.ast import QUERY_DOCUMENT_KEYS

MOST_PLANS = 64
"""Of one document, and selections that are known; past it, none is kept and all begin anew."""

LONGEST_VALUES = 1000
"""Characters of the variables that a kept plan depends on."""

Fragments = dict[str, FragmentDefinitionNode]


class PlanCache:
    """Plans by what was selected and the values of the variables in it.

    Selections are known by the identity of their nodes, so the cache lives and dies with the
    document that they belong to.
    """

    def __init__(self) -> None:
        self._plans: dict[tuple[Any, ...], Any] = {}
        self._variables: dict[tuple[int, ...], tuple[str, ...]] = {}

    def get(
        self,
        about: tuple[str, ...],
        details: FieldDetailsList,
        fragments: Fragments,
        values: dict[str, Any],
        make: Callable[[], Any],
    ) -> Any:
        """What `make` made for the same selection and variables, `about` the same thing."""
        nodes = tuple([id(field.node) for field in details])
        names = self._variables.get(nodes)
        if names is None:
            if len(self._variables) >= MOST_PLANS:
                self._variables.clear()
            found = variables_in(_selected_by(details), fragments)
            names = self._variables[nodes] = tuple(sorted(found))
        given = tuple([repr(values[name]) if name in values else None for name in names])
        key = (about, nodes, given)
        if key in self._plans:
            return self._plans[key]
        plan = make()
        if sum(len(value or "") for value in given) <= LONGEST_VALUES:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan


def variables_in(nodes: Iterable[Node], fragments: Fragments) -> set[str]:
    """Names of the variables that a selection rests on, also through fragments."""
    names: set[str] = set()
    spread: set[str] = set()
    waiting: list[Node] = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, VariableNode):
            names.add(node.name.value)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
            spread.add(node.name.value)
            waiting.append(fragments[node.name.value])
        waiting += _children(node)
    return names


def _selected_by(details: FieldDetailsList) -> list[Node]:
    """What stands below fields. Their own arguments (rows to upload, it may be) choose nothing."""
    return [field.node.selection_set for field in details if field.node.selection_set]


def _children(node: Node) -> Iterator[Node]:
    for key in QUERY_DOCUMENT_KEYS.get(node.kind, ()):
        child = getattr(node, key, None)
        if isinstance(child, Node):
            yield child
        elif child:
            yield from child
