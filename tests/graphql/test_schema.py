"""The schema: as it is exported, described throughout, and with what clients build upon."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    validate_schema,
)
from typer.testing import CliRunner

from graphql_schema.cli import cli
from graphql_schema.schema import SDL_FILE
from service.customers.fields import CATALOGUE, PERMISSIONS, STORED, TEXT_SETS, camel

EXPORTED = SDL_FILE.read_text()
SCHEMA = build_schema(EXPORTED)
PROFILES = ["Profile", "Customer", "Person"]


def type_named(name: str) -> Any:
    return SCHEMA.type_map[name]


def signatures(name: str) -> dict[str, str]:
    """A type's fields, each as its arguments and its type."""
    return {
        field: f"({', '.join(f'{arg}: {made.type}' for arg, made in found.args.items())})"
        f" {found.type}"
        for field, found in type_named(name).fields.items()
    }


def test_what_the_command_exports_is_what_is_checked_in() -> None:
    exported = CliRunner().invoke(cli, ["schema"])

    assert EXPORTED == exported.stdout


def test_the_exported_schema_is_valid() -> None:
    assert [] == validate_schema(SCHEMA)


def described() -> Iterator[tuple[str, str | None]]:
    for type_ in SCHEMA.type_map.values():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        yield type_.name, type_.description
        if isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                yield f"{type_.name}.{name}", value.description
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field.description
                for argument, made in getattr(field, "args", {}).items():
                    yield f"{type_.name}.{name}({argument})", made.description


def test_everything_has_a_description_that_ends_as_a_sentence() -> None:
    wrong = [
        name for name, text in described() if not text or not text.rstrip().endswith((".", "`."))
    ]

    assert [] == wrong


WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
SMALL = {"a", "all", "an", "by", "in", "is", "it", "its", "of", "that", "the", "this", "to"}


def words(text: str) -> set[str]:
    """Those that say something, without plurals."""
    found = {word.lower() for word in WORD.findall(text)} - SMALL
    return {word.removesuffix("s") for word in found} - {""}


def test_every_description_says_more_than_the_name() -> None:
    repeating = [name for name, text in described() if not words(text or "") - words(name)]

    assert [] == repeating


@pytest.mark.parametrize("text", ["First name.", "The customer's first names.", "`firstName`."])
def test_a_description_that_repeats_the_name_is_known_as_such(text: str) -> None:
    assert not words(text) - words("Customer.firstName")


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_has_every_field_that_is_stored(name: str) -> None:
    assert {field.camel_name for field in STORED} <= type_named(name).fields.keys()


@pytest.mark.parametrize("name", PROFILES)
def test_every_permission_shows_its_third_state(name: str) -> None:
    states = {camel(permission.replace("can_", "") + "_permission") for permission in PERMISSIONS}

    found = signatures(name)

    assert {"() PermissionState!"} == {found[state] for state in states}
    assert {"() Boolean!"} == {found[camel(permission)] for permission in PERMISSIONS}


@pytest.mark.parametrize("name", PROFILES)
def test_company_fields_are_a_map_and_single_values(name: str) -> None:
    found = signatures(name)

    assert "(names: [String!]) JSONObject!" == found["companyFields"]
    assert "(name: String!) JSON" == found["companyField"]


def test_an_input_row_has_every_field_and_changes_of_sets() -> None:
    expected = {field.camel_name for field in CATALOGUE} | {
        f"{camel(name)}{end}"
        for name in [*TEXT_SETS, "company_fields"]
        for end in ("Add", "Remove")
    }

    assert expected | {"companyFields"} == type_named("CustomerInput").fields.keys()


PAGING = "orderBy: [CustomerOrder!], first: Int, after: String, last: Int, before: String"


def test_queries_are_those_that_clients_are_told_of() -> None:
    assert {
        "customer": "(by: CustomerBy!) Customer",
        "customers": f"(where: CustomerWhere, search: String, {PAGING}) CustomerConnection!",
        "person": "(canonicalId: String!) Person",
        "segment": "(id: ID!) Segment",
        "segments": "(first: Int, after: String, search: String) SegmentConnection!",
        "companyField": "(name: String!) CompanyField",
        "companyFields": "() CompanyFieldRegistry!",
        "auditEvents": "(where: AuditWhere, first: Int, after: String) AuditEventConnection!",
        "viewer": "() Viewer!",
        "service": "() Service!",
        "upload": "(id: String!) UploadCustomersPayload",
        "node": "(id: ID!) Node",
        "nodes": "(ids: [ID!]!) [Node]!",
    } == signatures("Query")


def test_mutations_are_those_that_clients_are_told_of() -> None:
    assert {
        "uploadCustomers": "("
        "customers: [CustomerInput!]!, options: UploadOptions) UploadCustomersPayload!",
        "uploadCustomerDocuments": "("
        "documents: [CustomerDocument!]!, options: UploadOptions) UploadCustomersPayload!",
        "saveSegment": "("
        "name: String!, where: CustomerWhere!, id: ID, description: String) SaveSegmentPayload!",
        "deleteSegment": "(id: ID!) DeleteSegmentPayload!",
        "declareCompanyField": "(name: String!, declaration: CompanyFieldDeclaration!, "
        "convert: Boolean!, dryRun: Boolean!) DeclareCompanyFieldPayload!",
    } == signatures("Mutation")


def test_lists_are_connections() -> None:
    assert {
        "edges": "() [CustomerEdge!]!",
        "nodes": "() [Customer!]!",
        "pageInfo": "() PageInfo!",
        "totalCount": "(upTo: Int) Int",
        "facets": "(of: [CustomerBuckets!]!) [Facet!]",
        "aggregate": "() CustomerAggregate",
        "groups": "(by: [CustomerBuckets!]!) [CustomerGroup!]",
    } == signatures("CustomerConnection")
    assert f"({PAGING}) CustomerConnection!" == signatures("Person")["customers"]


def test_customers_divide_by_every_field_but_a_flag_that_no_list_shows() -> None:
    expected = {field.camel_name for field in CATALOGUE} - {"isDeleted"}

    found = type_named("CustomerBuckets")

    assert found.is_one_of
    assert expected | {"createdAt", "updatedAt", "companyField"} == found.fields.keys()


def test_every_field_that_is_stored_is_counted() -> None:
    found = signatures("CustomerFieldCounts")

    assert {field.camel_name for field in STORED} | {"companyField"} == found.keys()
    assert {"() Int!", "(name: String!) Int!"} == set(found.values())


def test_customers_and_persons_are_nodes_and_profiles() -> None:
    interfaces = {
        name: [interface.name for interface in type_named(name).interfaces]
        for name in ("Customer", "Person")
    }

    assert {"Customer": ["Node", "Profile"], "Person": ["Node", "Profile"]} == interfaces


def test_a_rows_result_says_all_that_became_of_it() -> None:
    assert {
        "index": "() Int!",
        "status": "() UploadStatus!",
        "matchedBy": "() IdentifierField",
        "customer": "() Customer",
        "customers": "() [Customer!]!",
        "customerIds": "() [ID!]!",
        "changes": "() [FieldChange!]!",
        "errors": "() [UserError!]!",
    } == signatures("UploadResult")


def test_one_identifier_is_asked_by() -> None:
    assert type_named("CustomerBy").is_one_of
    assert ["id", "externalId", "email", "phoneNumber"] == [*type_named("CustomerBy").fields]
