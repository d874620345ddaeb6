"""Who may not read the schema learns nothing of it from what is said of their mistakes."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from graphql import GraphQLInputObjectType, get_introspection_query
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_schema.concealing import without_schema
from graphql_schema.schema import core_schema
from service.access.callers import ApiKey, Caller, caller_with
from service.access.scopes import EVERYTHING, Scope
from service.errors import MESSAGES, ErrorCode
from service.store.customers import Customers
from tests.graphql.asking import Graph, Knows, graph_on
from tests.graphql.test_nothing_repeated import ASKED, LITERALS, QUERIES, WRONG
from tests.graphql.uploading import TYPED
from tests.uploads.making import NOW


def caller(scopes: frozenset[Scope]) -> Caller:
    return caller_with(ApiKey("ID", "a key", scopes, None, NOW))


BLIND = caller(EVERYTHING - {Scope.SCHEMA_READ})
READER = caller(frozenset({Scope.CUSTOMERS_READ}))


@pytest_asyncio.fixture
async def blind(in_memory: Customers) -> AsyncIterator[Graph]:
    """Asked with every right but to read the schema."""
    async with graph_on(in_memory, authenticator=Knows(BLIND)) as graph:
        yield graph


SAID: dict[str, tuple[str, str]] = {
    "a field": ("{ custmers { nodes { id } } }", "Cannot query field 'custmers' here."),
    "an argument": ("{ customers(frist: 1) { nodes { id } } }", "Unknown argument 'frist'."),
    "an argument left out": (
        "{ customer { id } }", "An argument is missing that is required here.",
    ),
    "a selection left out": (
        "{ customers }", "Field 'customers' must have a selection of subfields.",
    ),
    "a selection too many": (
        "{ service { version { a } } }", "Field 'version' must not have a selection.",
    ),
    "a type": ("query($a: Strin) { service { version } }", "Unknown type 'Strin'."),
    "a type of nothing here": (
        "{ service { ... on Customer { id } } }", "Fragment cannot be spread here.",
    ),
    "a variable's type": (
        "query($a: String) { customers(first: $a) { nodes { id } } }",
        "Variable '$a' has another type than is taken where it is used.",
    ),
    "a value": (
        '{ customers(first: "x") { nodes { id } } }', "The value is not one that is taken here.",
    ),
    "a value of few": (
        "{ customers(orderBy: {city: UP}) { nodes { id } } }",
        "The value is not one that is taken here.",
    ),
    "a key of an object": (
        '{ customer(by: {emial: "x"}) { id } }', "There is no field 'emial' here.",
    ),
    "no key of an object": (
        "{ customer(by: {}) { id } }", "Exactly one field is needed here, with a value.",
    ),
    "a part left out": (
        "mutation { declareCompanyField(name: 3) { errors { code } } }",
        "An argument is missing that is required here.",
    ),
    "names that conflict": (
        "{ a: customers { nodes { id } } a: service { version } }",
        "Fields 'a' conflict because 'customers' and 'service' are different fields. Use different "
        "aliases on the fields to fetch both if this was intentional.",
    ),
    "a directive": ("{ service @live { version } }", "Unknown directive '@live'."),
    "a fragment": ("{ ...A }", "Unknown fragment 'A'."),
    "the syntax": ("{ a(", "Syntax Error: Expected Name, found <EOF>."),
    "an operation": (
        "subscription { a }", "The subscription operation is not supported by the schema.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("query", "said"), SAID.values(), ids=SAID.keys())
async def test_what_is_wrong_is_said_without_types_and_other_names(
    blind: Graph, query: str, said: str
) -> None:
    messages = [error["message"] for error in await blind.errors(query)]

    assert said in messages


async def test_where_it_is_wrong_is_said_too(blind: Graph) -> None:
    query = "query($a: CustomerBy!) { customer(by: $a) { id } }"
    error, _ = await blind.errors(query, a={"eml": 1})

    assert [{"line": 1, "column": 7}] == error["locations"]
    assert "Variable '$a' has invalid value: There is no field 'eml' here." == error["message"]


def input_fields(name: str) -> list[str]:
    type_: Any = core_schema.type_map[name]
    return [*type_.fields]


TYPES = {name for name in core_schema.type_map if not name.startswith("__")}
NAMES = (
    TYPES
    | {
        name
        for type_ in core_schema.type_map.values()
        for field, found in getattr(type_, "fields", {}).items()
        for name in (field, *getattr(found, "args", ()))
    }
    | {value for type_ in core_schema.type_map.values() for value in getattr(type_, "values", ())}
)
TOKENS = {"String", "Int", "Float"}
"""Kinds of tokens have the names of types."""

TELLING = {name for name in NAMES if re.search("[A-Z_]", name)} - {*ErrorCode, *TOKENS}
ROW_FIELDS = set(input_fields("CustomerInput"))


def revealed(sent: object, answer: Any) -> set[str]:
    """Names of the schema in what is said, and all that is quoted there, that were not sent."""
    text = json.dumps(sent)
    words = set()
    for error in answer.get("errors", ()):
        words |= set(re.findall(r"\w+", error["message"])) & TELLING
        words |= set(re.findall(r"'[$@]?(\w+)", error["message"]))
    return {word for word in words if word not in text}


HOSTILE = [
    "{ __typenam }", "{ customers { node { id } } }", "{ customers { nodes } }",
    "mutation { uploadCustomer { id } }", "mutation { saveSegment(name: 3) { a } }",
    "{ customers(where: {}) { facets(of: {}) { a } groups(by: [{a: 1}]) { b } } }",
    "{ customers(where: {city: {a: 1, b: 2}, or: 3, lastLogin: {last: {day: 1}}}) { x } }",
    "{ node(id: []) { ... on Person { a } ... on Fruit { b } ... on String { c } } }",
    "query($a: Customer, $b: [Int]) { customers(first: $b) { a } }",
    "{ a: customer(by: {id: 1}) { a: id a: tags } }", "{ a: node(id: 1) { a: id } a: nodes }",
    "{ a: customers { a: totalCount a: nodes { id } } }",
    "fragment A on Customer { id } fragment A on Person { person }", "query A { a } query A { b }",
    "fragment A on Customers { id }", "fragment A on OrderDirection { id }", "{ ...A ...B }",
    "query($a: CustomerBy) { customer(by: $a) { id } }", "{ customer(by: {id: null}) { id } }",
    "query($a: ID) { customer(by: {id: $a}) { id } }", "{ customers @include { x } }",
    "query($a: OrderDirection = UP) { customers(orderBy: {city: $a}) { nodes { id } } }",
    "query($a: CustomerOrder = {cty: ASC}) { customers(orderBy: [$a]) { nodes { id } } }",
    'mutation { uploadCustomers(customers: [{}], options: {errorPolcy: "x"}) { uploadId } }',
    "mutation { declareCompanyField(name: [], declaration: {a: 1}) { errors { code } } }",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
async def test_nothing_is_revealed_that_was_not_sent(blind: Graph, query: str) -> None:
    answer = (await blind.send(query=query)).json()

    assert answer["errors"]
    assert set() == revealed(query, answer)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
async def test_nothing_is_revealed_for_a_wrong_variable(blind: Graph, query: str) -> None:
    for wrong in [*WRONG, {"a": 1}, {"eml": 1, "id": None}, None]:
        sent = {"query": query, "variables": {"rows": wrong}}
        answer = (await blind.send(**sent)).json()

        assert revealed(sent, answer) <= ROW_FIELDS


@pytest.mark.parametrize(
    "query",
    [f"mutation {{ uploadCustomers(customers: {one}) {{ uploadId }} }}" for one in LITERALS]
    + [f"{{ {one} }}" for one in ASKED],
)  # fmt: skip
async def test_nothing_is_revealed_for_a_wrong_literal(in_memory: Customers, query: str) -> None:
    reader = caller(frozenset({Scope.CUSTOMERS_READ}))
    async with graph_on(in_memory, authenticator=Knows(reader)) as graph:
        answer = (await graph.send(query=query)).json()

    assert answer["errors"]
    assert set() == revealed(query, answer)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.sampled_from(sorted(NAMES)),
        lambda inner: st.tuples(
            st.sampled_from(sorted(NAMES)),
            st.sampled_from(["", "", "(first: 1)", "(by: {id: 1})", "(a: UP)", "@a", "@skip"]),
            st.lists(inner, min_size=1, max_size=3),
        ).map(lambda part: f"{part[0]} {part[1]} {{ {' '.join(part[2])} }}"),
        max_leaves=6,
    )
)
async def test_nothing_is_revealed_by_guessing_at_random(blind: Graph, selection: str) -> None:
    for query in (f"{{ {selection} }}", f"{{ ... on {selection} }}", f"mutation {{ {selection} }}"):
        answer = (await blind.send(query=query)).json()

        assert set() == revealed(query, answer)


async def test_a_nearest_name_is_told_to_who_may_read_the_schema(quick: Graph) -> None:
    error = await quick.error("{ customers { nodes { emial } } }")

    assert "Did you mean 'email'" in error["message"]


@pytest.mark.parametrize(("scopes", "told"), [(BLIND, True), (READER, False)])
def test_the_nearest_name_of_a_rows_field_is_told_to_who_may_upload(
    scopes: Caller, told: bool
) -> None:
    message = without_schema(
        "Variable '$rows' has invalid value at [0]: Expected value of type 'CustomerInput' not to "
        "include unknown field 'emial'. Did you mean 'email'?",
        scopes,
    )

    hint = " Did you mean 'email'?" if told else ""
    start = "Variable '$rows' has invalid value at [0]: There is no field 'emial' here."
    assert start + hint == message


async def test_a_row_with_a_misspelt_field_is_told_what_was_meant(blind: Graph) -> None:
    error = await blind.error(TYPED, rows=[{"emial": "x"}])

    assert "Did you mean 'email'" in error["message"]


def test_no_other_inputs_names_are_told_to_who_may_upload(blind: Graph) -> None:
    others = {
        name for name, type_ in core_schema.type_map.items()
        if isinstance(type_, GraphQLInputObjectType) and name != "CustomerInput"
    }  # fmt: skip
    messages = [
        without_schema(
            f"Expected value of type '{name}' not to include unknown field 'a'. Did you mean 'b'?",
            BLIND,
        )
        for name in others
    ]

    assert {"There is no field 'a' here."} == set(messages)


@pytest.mark.parametrize(
    "message", ["Something new of type 'Customer'.", "Field 'a' is like 'Customer.email'."]
)
def test_a_message_that_nobody_knows_is_not_told(message: str) -> None:
    assert MESSAGES[ErrorCode.QUERY_INVALID] == without_schema(message, BLIND)


INTROSPECTION = {
    "the schema": "{ __schema { queryType { name } } }",
    "a type": '{ __type(name: "Customer") { name } }',
    "under another name": '{ a: __type(name: "Customer") { name } }',
    "in a fragment": "{ ...A } fragment A on Query { ... { __schema { queryType { name } } } }",
    "beside others": "{ service { version } __schema { queryType { name } } }",
    "left out by a directive": "{ service { version } __schema @skip(if: true) { __typename } }",
    "whole": get_introspection_query(),
}


@pytest.mark.parametrize("query", INTROSPECTION.values(), ids=INTROSPECTION.keys())
async def test_the_schema_is_not_read_without_the_right_to(blind: Graph, query: str) -> None:
    found = await blind.send(query=query)

    ((error),) = found.json()["errors"]
    assert (403, "FORBIDDEN") == (found.status_code, error["extensions"]["code"])
    assert "schema:read" in error["message"]


async def test_names_of_types_that_are_known_are_told_to_everybody(blind: Graph) -> None:
    assert {"__typename": "Query"} == await blind.data("{ __typename }")
