"""What is selected, collected by the executor's own rules: fragments, directives, merged fields."""

from collections.abc import Iterable
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution import Executor
from graphql.execution.collect_fields import (
    FieldDetails,
    FieldDetailsList,
    FragmentDetails,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_argument_values


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


class InfoCollector:
    """The same of what a resolver is told, whichever executor it runs in."""

    def __init__(self, info: "GraphQLResolveInfo[Any]") -> None:
        self._info = info
        coerced: Any = info.variable_values  # of which Strawberry tells less than graphql-core
        self._variables = VariableValues({}, coerced)
        self._fragments = {name: FragmentDetails(made) for name, made in info.fragments.items()}

    def subfields(
        self, type_: GraphQLObjectType, details: FieldDetailsList
    ) -> Iterable[tuple[str, FieldDetailsList]]:
        info = self._info
        found = collect_subfields(
            info.schema, self._fragments, self._variables, info.operation, type_, details
        )
        return found.grouped_field_set.items()

    def arguments(self, field: GraphQLField, details: FieldDetailsList) -> dict[str, Any]:
        return get_argument_values(field, details[0].node, self._variables)


def details_of(nodes: Iterable[FieldNode]) -> FieldDetailsList:
    return [FieldDetails(node, None) for node in nodes]
