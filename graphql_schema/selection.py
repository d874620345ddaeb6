"""Compiled selections: what one request selects, as shapes and as projections.

Each is made once for a document, an operation and the variables that matter, and kept with the
document.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_object_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList

from graphql_schema.collecting import Collector, details_of
from graphql_schema.leaves import Column
from graphql_schema.plain import Reads
from graphql_schema.plans import PlanCache
from graphql_schema.projections import Path, Projection, projection_of
from graphql_schema.reading import reads_under
from graphql_schema.roots import Root, root_of
from graphql_schema.shaping import shape_of


class Selections:
    """One request's; the `Projector` of its context."""

    def __init__(self, executor: "Executor[Any]", cache: PlanCache) -> None:
        self._executor = executor
        self.collector = Collector(executor)
        self._cache = cache
        self._shapes: dict[tuple[str, int], tuple[FieldDetailsList, Column | None]] = {}
        self._root: Root | None = None

    def root(self, operation: OperationDefinitionNode) -> Root | None:
        """The operation's only field, where it is a query of one that is compiled."""
        type_ = self._executor.schema.query_type
        fields = [node for node in operation.selection_set.selections if type(node) is FieldNode]
        if type_ is None or len(fields) != len(operation.selection_set.selections):
            return None
        self._root = self._cached(
            ("root",), details_of(fields), lambda: root_of(operation, type_, self.collector)
        )
        return self._root

    def shape(self, type_: GraphQLObjectType, details: FieldDetailsList) -> Column | None:
        """From objects' sources to their finished values; None where not all of it is plain."""
        key = (type_.name, id(details))
        if key not in self._shapes:
            shape: Column | None = self._cached(
                ("shape", type_.name), details, lambda: shape_of(type_, details, self.collector)
            )
            self._shapes[key] = (details, shape)  # kept, or another list might get its id
        return self._shapes[key][1]

    def selected(self, info: Any, paths: Collection[Path]) -> frozenset[Path]:
        type_ = info._raw_info.return_type
        found: frozenset[Path] = self._under(
            info,
            ("selected", paths),
            lambda details: frozenset(p for p in paths if self._finds(type_, details, p)),
        )
        return found

    def _finds(self, type_: Any, details: FieldDetailsList, path: Path) -> bool:
        if not path:
            return True
        named = get_named_type(type_)
        assert is_object_type(named)
        field = named.fields[path[0]]
        return any(
            self._finds(field.type, fields, path[1:])
            for _, fields in self.collector.subfields(named, details)
            if fields[0].node.name.value == path[0]
        )

    def reaches(self, info: Any, type_name: str) -> bool:
        return bool(
            self._under(
                info,
                ("reaches", type_name),
                lambda details: self._reads(info, type_name, details) is not None,
            )
        )

    def projection(self, info: Any, type_name: str, always: Iterable[str] = ()) -> Projection:
        projection: Projection = self._under(
            info,
            ("projection", type_name, *always),
            lambda details: projection_of(self._reads(info, type_name, details) or Reads(), always),
        )
        return projection

    def _reads(self, info: Any, type_name: str, details: FieldDetailsList) -> Reads | None:
        type_, schema = info._raw_info.return_type, self._executor.schema
        return reads_under(type_, details, type_name, schema, self.collector)

    def _under(
        self, info: Any, about: tuple[Any, ...], make: Callable[[FieldDetailsList], Any]
    ) -> Any:
        """What is made of the selection under a field, of which the root keeps its own."""
        raw, root = info._raw_info, self._root
        if root is not None and raw.path is root.path:
            return root.plan(about, make)
        details = details_of(raw.field_nodes)
        return self._cached(about, details, lambda: make(details))

    def _cached(
        self, about: tuple[Any, ...], details: FieldDetailsList, make: Callable[[], Any]
    ) -> Any:
        executor = self._executor
        fragments, values = executor.fragment_definitions, executor.variable_values.coerced
        return self._cache.get(about, details, fragments, values, make)
