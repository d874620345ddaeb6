"""Queries of one root field whose selection is compiled: resolved and shaped with nothing between.

Graphql-core's way from an operation to a resolver and back, and Strawberry's around the resolver,
cost as much as a page of documents costs to read. Here the resolver gets its arguments and its
`info` straight, and what it gives is shaped. Whatever is not as plain as that goes the long way.
"""

from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from inspect import iscoroutinefunction
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    get_nullable_type,
    is_object_type,
    is_specified_scalar_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from graphql.utilities.coerce_input_value import coerce_default_value
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from graphql_schema.collecting import Collector, details_of
from graphql_schema.context import Info
from graphql_schema.leaves import Column
from graphql_schema.plain import is_begun
from graphql_schema.plans import MOST_PLANS
from graphql_schema.scalars import JSONObject
from graphql_schema.shaping import shape_of


@dataclass(frozen=True, slots=True)
class Root:
    """A root field. `names` are the resolver's own names of its arguments, by GraphQL's; `given`
    is the field with those alone that can have a value here. `awaits`: of what was begun with its
    source, some is selected."""

    type_: GraphQLObjectType
    field: GraphQLField
    given: GraphQLField
    definition: StrawberryField
    details: FieldDetailsList
    resolve: Callable[..., Awaitable[Any]]
    names: Mapping[str, str]
    shape: Column
    awaits: bool
    path: Path
    _plans: dict[tuple[Any, ...], Any] = dataclass_field(default_factory=dict)

    def info(self, executor: "Executor[Any]") -> Any:
        nodes = [details.node for details in self.details]
        return executor.build_resolve_info(self.field, nodes, self.type_, self.path)

    def plan(self, about: tuple[Any, ...], make: Callable[[FieldDetailsList], Any]) -> Any:
        """What was made of its selection, `about` the same thing."""
        if about not in self._plans:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            self._plans[about] = make(self.details)
        return self._plans[about]

    async def source(self, raw: Any, collector: Collector) -> Any:
        """What the resolver gives. Raises what it raises, and GraphQLError for its arguments."""
        given = collector.arguments(self.given, self.details)
        info: Info = Info(_raw_info=raw, _field=self.definition)
        return await self.resolve(info, **{self.names[name]: given[name] for name in given})


def root_of(
    operation: OperationDefinitionNode, type_: GraphQLObjectType, collector: Collector
) -> Root | None:
    """None where the operation is anything but a query of one field that can be compiled."""
    selections = operation.selection_set.selections
    if operation.operation is not OperationType.QUERY or len(selections) != 1:
        return None
    (node,) = selections
    if not isinstance(node, FieldNode) or node.directives or operation.directives:
        return None
    field = type_.fields.get(node.name.value)
    return _root(node, type_, field, collector) if field else None


def _root(
    node: FieldNode, type_: GraphQLObjectType, field: GraphQLField, collector: Collector
) -> Root | None:
    definition: StrawberryField = field.extensions["strawberry-definition"]
    resolver = definition.base_resolver
    returned = get_nullable_type(field.type)
    arguments = definition.arguments
    if not (resolver and is_object_type(returned)):
        return None
    if not all(map(_as_given, field.args.values(), arguments)):
        return None
    details = details_of([node])
    shape = shape_of(returned, details, collector, with_begun=True)
    if shape is None or not iscoroutinefunction(resolver.wrapped_func):
        return None
    return Root(
        type_=type_,
        field=field,
        given=_with_given(field, node),
        definition=definition,
        details=details,
        resolve=resolver.wrapped_func,
        names={name: own.python_name for name, own in zip(field.args, arguments, strict=True)},
        shape=shape,
        awaits=_awaits(returned, details, collector),
        path=Path(None, (node.alias or node.name).value, type_.name),
    )


def _awaits(type_: GraphQLObjectType, details: FieldDetailsList, collector: Collector) -> bool:
    names = {nodes[0].node.name.value for _, nodes in collector.subfields(type_, details)}
    return any(name in names and is_begun(field) for name, field in type_.fields.items())


def _with_given(field: GraphQLField, node: FieldNode) -> GraphQLField:
    """Each argument costs a look, also those that are left out."""
    given = {argument.name.value for argument in node.arguments or ()}
    kept = copy(field)
    kept.args = {
        name: argument
        for name, argument in field.args.items()
        if name in given or coerce_default_value(argument) is not Undefined
    }
    return kept


def _as_given(argument: GraphQLArgument, own: StrawberryArgument) -> bool:
    """Whether the resolver takes the argument as GraphQL has it; others Strawberry converts."""
    type_: Any = get_nullable_type(argument.type)
    annotation = own.type_annotation
    coerced = annotation is not None and annotation.annotation is JSONObject
    return coerced or is_specified_scalar_type(type_)
