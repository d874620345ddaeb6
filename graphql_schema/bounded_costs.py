"""The most that an operation may cost, and what is refused for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import DocumentNode, OperationDefinitionNode

from graphql_schema.costs import Cost, Values, costs_of
from graphql_schema.introspection import usual_cost
from graphql_schema.limits import Limits
from graphql_schema.schema import core_schema
from graphql_schema.variables import check_variables, watched_variables
from service.errors import QueryTooComplex

TIMES_USUAL = 2
"""What asks about the schema may cost that many times what tools ask."""

BESIDE = 1000
"""Most that introspection may cost beside other fields: it runs on the event loop then."""


@dataclass(frozen=True, slots=True)
class BoundedCost:
    """Of one operation. `watched` are the variables whose size counts. What asks the schema alone
    reads nothing and waits for nothing."""

    cost: Cost
    limits: Limits
    watched: tuple[str, ...]

    @property
    def asks_the_schema_alone(self) -> bool:
        return self.cost.introspection > 0 and self.cost.reads_nothing

    def of(self, variables: Values) -> int:
        """Raises QueryTooComplex."""
        check_variables(self.watched, variables, self.limits.variables)
        cost = self.cost.of(variables)
        if cost > self.limits.cost:
            raise QueryTooComplex("cost", self.limits.cost)
        asked = self.cost.introspection
        if asked and asked > self._most_of_introspection:
            raise QueryTooComplex("introspection", self._most_of_introspection)
        return cost + asked

    @property
    def _most_of_introspection(self) -> int:
        return TIMES_USUAL * usual_cost() if self.cost.reads_nothing else BESIDE


def bounded_costs(document: DocumentNode, limits: Limits) -> Mapping[str, BoundedCost]:
    """Of a document that is valid."""
    operations = {
        one.name.value if one.name else "": one
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    }
    return {
        name: BoundedCost(cost, limits, watched_variables(operations[name]))
        for name, cost in costs_of(document, core_schema, limits.page).items()
    }
