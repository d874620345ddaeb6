"""What is selected, collected by the executor's own rules: fragments, directives, merged fields."""

from collections.abc import Iterable
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails, FieldDetailsList
from graphql.execution.values import get_argument_values


class Collector:
    def __init__(self, executor: "Executor[Any]") -> None:
        self._executor = executor

    def subfields(
        self, type_: GraphQLObjectType, details: FieldDetailsList
    ) -> Iterable[tuple[str, FieldDetailsList]]:
        """Response names and their fields, in the order of the response."""
        return self._executor.collect_subfields(type_, details).grouped_field_set.items()

    def arguments(self, field: GraphQLField, details: FieldDetailsList) -> dict[str, Any]:
        """By GraphQL's names; plain fields name theirs alike. Raises GraphQLError."""
        node = details[0].node
        if not (field.args or node.arguments):
            return {}
        return get_argument_values(field, node, self._executor.variable_values)


def details_of(nodes: Iterable[FieldNode]) -> FieldDetailsList:
    return [FieldDetails(node, None) for node in nodes]
