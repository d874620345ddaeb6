"""What an operation needs a key to be allowed to: the scopes, found from what it selects.

An upload that forgets, deletes or runs dry needs more: `service.uploads.rights`.
"""

from collections.abc import Iterator, Mapping

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
)

from graphql_schema.introspection import is_introspection
from graphql_schema.selected_fields import SelectedField, selected_fields
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
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    fields = selected_fields(schema, operation, fragments)
    return frozenset(scope for one in fields for scope in _scopes(one))


def _scopes(selected: SelectedField) -> Iterator[Scope]:
    if is_introspection(selected.name):
        yield Scope.SCHEMA_READ
    if scope := FIELDS.get(selected.type_name, {}).get(selected.name):
        yield scope
    if selected.field and get_named_type(selected.field.type).name in READING:
        yield Scope.CUSTOMERS_READ
