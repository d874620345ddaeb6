"""What an operation needs a key to be allowed to: the scopes, found from what it selects.

An upload that forgets, deletes or runs dry needs more: `service.uploads.rights`.
"""

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_interface_type,
    is_object_type,
)

from graphql_schema.introspection import is_introspection
from service.access.scopes import Scope

FIELDS: Mapping[str, Mapping[str, Scope | None]] = {
    "Query": {
        "customer": Scope.CUSTOMERS_READ,
        "customers": Scope.CUSTOMERS_READ,
        "person": Scope.CUSTOMERS_READ,
        "segment": Scope.CUSTOMERS_READ,
        "segments": Scope.CUSTOMERS_READ,
        "companyField": Scope.CUSTOMERS_READ,
        "companyFields": Scope.CUSTOMERS_READ,
        "upload": Scope.CUSTOMERS_WRITE,
        "auditEvents": Scope.ADMIN,
        "viewer": None,
        "service": None,
        "node": Scope.CUSTOMERS_READ,
        "nodes": Scope.CUSTOMERS_READ,
    },
    "Mutation": {
        "uploadCustomers": Scope.CUSTOMERS_WRITE,
        "uploadCustomerDocuments": Scope.CUSTOMERS_WRITE,
        "saveSegment": Scope.SEGMENTS_WRITE,
        "deleteSegment": Scope.SEGMENTS_WRITE,
        "declareCompanyField": Scope.ADMIN,
    },
    "Segment": {"count": Scope.CUSTOMERS_READ},
}
"""Of the root fields, all of them; None: any key will do."""

READING = frozenset(
    {
        "CompanyFieldUsage",
        "Customer",
        "CustomerConnection",
        "FieldChange",
        "Person",
        "Profile",
    }
)
"""Types that show what is stored, wherever they are come upon: they need `customers:read`."""


def scopes_of(
    document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema
) -> frozenset[Scope]:
    """Of a document that is valid."""
    walk = _Walk(document, schema)
    type_ = schema.get_root_type(operation.operation)
    return frozenset(walk.under(type_, operation.selection_set)) if type_ else frozenset()


class _Walk:
    """Each fragment is walked once."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    def under(
        self, type_: GraphQLNamedType | None, selections: SelectionSetNode
    ) -> Iterator[Scope]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield from self._of_field(type_, node)
            elif isinstance(node, InlineFragmentNode):
                on = node.type_condition
                inner = self._schema.get_type(on.name.value) if on else type_
                yield from self.under(inner, node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._spread(node.name.value)

    def _spread(self, name: str) -> Iterable[Scope]:
        fragment = self._fragments.pop(name, None)
        if fragment is None:
            return
        inner = self._schema.get_type(fragment.type_condition.name.value)
        yield from self.under(inner, fragment.selection_set)

    def _of_field(self, type_: GraphQLNamedType | None, node: FieldNode) -> Iterator[Scope]:
        name = node.name.value
        if is_introspection(name):
            yield Scope.SCHEMA_READ
        if not (is_object_type(type_) or is_interface_type(type_)) or name not in type_.fields:
            return
        if scope := FIELDS.get(type_.name, {}).get(name):
            yield scope
        returned = get_named_type(type_.fields[name].type)
        if returned.name in READING:
            yield Scope.CUSTOMERS_READ
        if node.selection_set:
            yield from self.under(returned, node.selection_set)
