"""Executing operations of documents that were read, by an executor that shapes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, TypeGuard

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLList,
    GraphQLObjectType,
    OperationType,
    get_nullable_type,
    get_operation_ast,
    is_composite_type,
    is_introspection_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as StockExecutor

from graphql_schema.aside import aside
from graphql_schema.bounded_costs import BoundedCost
from graphql_schema.coercing import Holding, hold, holdings
from graphql_schema.concealing import concealed, may_read_schema
from graphql_schema.context import Context
from graphql_schema.errors import origin
from graphql_schema.plans import PlanCache
from graphql_schema.readable import check_readable
from graphql_schema.rights import scopes_of
from graphql_schema.roots import Root
from graphql_schema.schema import core_schema
from graphql_schema.selection import Selections
from service.access.scopes import Scope
from service.errors import Forbidden, Overloaded, RateLimited, ServiceError, Unavailable

OF_THE_WHOLE = (Unavailable, Forbidden, RateLimited, Overloaded)
"""Refusals that concern whoever asks, or the moment, more than the field that met them."""

AT_A_TIME = 20
"""Objects that stock execution completes before others have their turn."""


async def _paced(items: list[Any]) -> AsyncIterator[Any]:
    for start in range(0, len(items), AT_A_TIME):
        for item in items[start : start + AT_A_TIME]:
            yield item
        await asyncio.sleep(0)


def _takes_long(type_: Any) -> bool:
    """What the schema holds is completed elsewhere."""
    return is_composite_type(type_) and not is_introspection_type(type_)


class CompiledExecutor(StockExecutor):
    """Stock execution, but for objects and lists of objects whose selected fields are all plain:
    those are shaped in one step. Where shaping meets anything unusual, stock execution begins anew
    from the same source."""

    def __init__(self, *args: Any, plans: PlanCache, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.selections = Selections(self, plans)
        self.context_value.projector = self.selections

    def execute_operation(self, serially: bool | None = None) -> Any:
        root = self.selections.root(self.operation)
        return self._answer(root) if root else super().execute_operation(serially)

    async def _answer(self, root: Root) -> ExecutionResult:
        data: dict[str, Any] | None = None
        try:
            data = {str(root.path.key): await self._value(root)}
        except GraphQLError as error:
            self.collected_errors.add(error, None)
        return ExecutionResult(data, self.collected_errors.errors or None)

    async def _value(self, root: Root) -> Any:
        info = root.info(self)
        try:
            source = await root.source(info, self.selections.collector)
            if root.awaits:
                await source.settled()
            with suppress(Exception):
                return root.shape([source])[0]
            value = self.complete_value(
                root.field.type, root.details, info, root.path, source, None
            )
            return await value if self.is_awaitable(value) else value
        except Exception as error:  # noqa: BLE001  # as stock execution has it
            self.handle_field_error(error, root.field.type, root.details, root.path)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if shape := self.selections.shape(return_type, field_details_list):
            with suppress(Exception):
                return shape([result])[0]
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: FieldDetailsList,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        item = get_nullable_type(return_type.of_type)
        shape = is_object_type(item) and self.selections.shape(item, field_details_list)
        if shape and type(result) is list:
            with suppress(Exception):
                return shape(result)
        if type(result) is list and len(result) > AT_A_TIME and _takes_long(item):
            items = _paced(result)
            return self.complete_async_iterator_value(
                return_type.of_type, field_details_list, info, path, items, position_context
            )
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document, what is wrong with it, and what was compiled of it. `too_complex` is the
    measure that it exceeds, and that measure's limit."""

    node: DocumentNode | None
    errors: list[GraphQLError]
    too_complex: tuple[str, int] | None = None
    costs: Mapping[str, BoundedCost] = field(default_factory=dict)
    plans: PlanCache = field(default_factory=PlanCache)
    _holdings: dict[int, tuple[Holding, ...]] = field(default_factory=dict)
    _scopes: dict[str | None, frozenset[Scope]] = field(default_factory=dict)

    def only_reads(self, operation_name: str | None) -> bool:
        """Whether the operation is a query; also where there is none of that name."""
        found = get_operation_ast(self.node, operation_name) if self.node else None
        return found is None or found.operation is OperationType.QUERY

    def cost(self, operation_name: str | None, variables: Mapping[str, Any] | None) -> int:
        """What the operation of that name may cost with these variables. Raises QueryTooComplex
        where that is more than allowed. Nothing, where nothing will run."""
        found = self._cost(operation_name)
        return found.of(variables or {}) if found else 0

    def asks_the_schema_alone(self, operation_name: str | None) -> bool:
        found = self._cost(operation_name)
        return found is not None and found.asks_the_schema_alone

    def _cost(self, operation_name: str | None) -> BoundedCost | None:
        if operation_name is None and len(self.costs) == 1:
            return next(iter(self.costs.values()))
        return self.costs.get(operation_name or "")

    def scopes(self, operation_name: str | None) -> frozenset[Scope]:
        """What a key needs for the operation of that name; nothing, where nothing will run."""
        found = self._scopes.get(operation_name)
        if found is not None:
            return found
        operation = get_operation_ast(self.node, operation_name) if self.node else None
        if self.errors or self.node is None or operation is None:
            return frozenset()
        found = self._scopes[operation_name] = scopes_of(self.node, operation, core_schema)
        return found

    def operation(self, operation_name: str | None) -> tuple[str, str | None] | None:
        """Type and name of the operation of that name, where the document is valid and has it."""
        node = None if self.errors else self.node
        found = get_operation_ast(node, operation_name) if node else None
        if found is None:
            return None
        return found.operation.value, found.name.value if found.name else None

    def holdings(self, operation_name: str | None) -> tuple[Holding, ...]:
        """Of the operation of that name, made once."""
        operation = get_operation_ast(self.node, operation_name) if self.node else None
        found = self._holdings.get(id(operation))
        if found is None:
            found = self._holdings[id(operation)] = holdings(operation, core_schema)
        return found


def _is_awaitable(value: Any) -> TypeGuard[Awaitable[Any]]:
    return optimized_is_awaitable(value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`data` is absent (None with `refused`) where the request was refused before it ran."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    refused: bool = False

    @property
    def refusal(self) -> ServiceError | None:
        """Where nothing came of it, what a field was refused for, if that is no fault of the
        field's: the store, a right, too much at once."""
        if any(value is not None for value in (self.data or {}).values()):
            return None
        causes = (origin(error) for error in self.errors)
        return next((cause for cause in causes if isinstance(cause, OF_THE_WHOLE)), None)


async def execute(
    document: Document,
    context: Context,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
) -> Outcome:
    """Raises Forbidden, before anything runs, where it tells of a field that the caller may not
    read."""
    if document.errors or document.node is None:
        return Outcome(None, _for_caller(document.errors, context), refused=True)
    held = hold(document.holdings(operation_name), variables)
    executor = CompiledExecutor.build(
        core_schema,
        document.node,
        context_value=context,
        raw_variable_values=held.others,
        operation_name=operation_name,
        is_awaitable=_is_awaitable,
        plans=document.plans,
    )
    if isinstance(executor, list):
        return Outcome(None, _for_caller(executor, context), refused=True)
    held.put_into(executor.variable_values)
    if context.caller.readable_fields is not None:
        check_readable(executor, context.caller)
    if document.asks_the_schema_alone(operation_name):
        result: Any = await aside(executor.execute_operation)
    else:
        result = executor.execute_operation()
    if isawaitable(result):
        result = await result
    assert isinstance(result, ExecutionResult), "nothing here is delivered in parts"
    return Outcome(result.data, _for_caller(result.errors or [], context))


def _for_caller(errors: list[GraphQLError], context: Context) -> list[GraphQLError]:
    return errors if may_read_schema(context.caller) else concealed(errors, context.caller)
