"""Scopes: what each root field needs, and that a whole request is refused for want of one."""

from typing import Any

import pytest
from graphql import parse

from graphql_schema.rights import FIELDS, READING, scopes_of
from graphql_schema.schema import core_schema
from service.access.callers import Caller
from service.access.scopes import EVERYTHING, Scope
from service.store.customers import Customers
from tests.graphql.asking import Graph, Knows, graph_on

READ, WRITE = Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE
ONE = '{externalId: "1", firstName: "Ann"}'
UPLOAD = "mutation { uploadCustomers(customers: [%s]) { counts { created } } }"


def holder(*scopes: Scope, fields: frozenset[str] | None = None) -> Knows:
    """Whoever asks has these scopes."""
    return Knows(Caller(None, frozenset(scopes), fields))


def _needs(query: str) -> set[Scope]:
    document = parse(query)
    operation: Any = document.definitions[0]
    return set(scopes_of(document, operation, core_schema))


@pytest.mark.parametrize("root", ["Query", "Mutation"])
def test_every_root_field_has_its_scope(root: str) -> None:
    """A new one can't be forgotten."""
    type_: Any = core_schema.type_map[root]

    assert set(type_.fields) == set(FIELDS[root])


def test_every_type_that_shows_what_is_stored_is_one_of_the_schema() -> None:
    assert set(core_schema.type_map) >= READING


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ service { version } }", set()),
        ("{ __typename }", set()),
        ("{ customers { totalCount } }", {READ}),
        ("{ service { version } a: customer(by: {id: 1}) { id } }", {READ}),
        ("{ ...F } fragment F on Query { ...G } fragment G on Query { segments { __typename } }",
         {READ}),
        ("{ ... on Query { ... @include(if: true) { companyFields { __typename } } } }", {READ}),
        ("{ node(id: 1) { id } }", {READ}),
        ('{ upload(id: "u") { uploadId } }', {WRITE}),
        ('{ upload(id: "u") { results { customer { id } } } }', {READ, WRITE}),
        (UPLOAD % ONE, {WRITE}),
        ("mutation { uploadCustomers(customers: []) { results { customers { email } } } }",
         {READ, WRITE}),
        ("mutation { uploadCustomers(customers: []) { results { changes { before } } } }",
         {READ, WRITE}),
        ('mutation { saveSegment(name: "a", where: {}) { segment { id } } }',
         {Scope.SEGMENTS_WRITE}),
        ('mutation { saveSegment(name: "a", where: {}) { segment { count } } }',
         {Scope.SEGMENTS_WRITE, READ}),
        ("mutation { deleteSegment(id: 1) { errors { code } } }", {Scope.SEGMENTS_WRITE}),
        ('mutation { declareCompanyField(name: "A__b", declaration: {}) { errors { code } } }',
         {Scope.ADMIN}),
    ],
)  # fmt: skip
def test_an_operation_needs(query: str, expected: set[Scope]) -> None:
    assert expected == _needs(query)


async def _answer(graph: Graph, query: str, **variables: object) -> tuple[int, Any]:
    answer = await graph.send(query=query, variables=variables)
    return answer.status_code, answer.json()


async def test_without_a_key_nothing_is_read(in_memory: Customers) -> None:
    """Not even the body: one that can't be read is not told of."""
    async with graph_on(in_memory, authenticator=holder(*EVERYTHING)) as graph:
        del graph.http.headers["authorization"]
        answer = await graph.raw("{")

    assert 401 == answer.status_code
    assert "UNAUTHENTICATED" == answer.json()["errors"][0]["extensions"]["code"]
    assert 'Bearer realm="customer-graph"' == answer.headers["www-authenticate"]


async def test_a_request_is_refused_whole_for_want_of_a_scope(in_memory: Customers) -> None:
    """The part of it that the key may do is not done either."""
    async with graph_on(in_memory, authenticator=holder(WRITE)) as graph:
        also = ' deleteSegment(id: "s") { errors { code } } }'
        query = (UPLOAD % ONE).removesuffix("}") + also
        status, answer = await _answer(graph, query)

        assert 403 == status
        assert "FORBIDDEN" == answer["errors"][0]["extensions"]["code"]
        assert "segments:write" in answer["errors"][0]["message"]
        assert "data" not in answer
        assert 0 == await graph.services.customers.count({})


async def test_the_operation_that_runs_decides(in_memory: Customers) -> None:
    query = "query A { service { version } } query B { customers { totalCount } }"
    async with graph_on(in_memory, authenticator=holder()) as graph:
        allowed = await graph.send(query=query, operationName="A")
        refused = await graph.send(query=query, operationName="B")

    assert (200, 403) == (allowed.status_code, refused.status_code)


@pytest.mark.parametrize("flag", ["isForgotten", "isDeleted"])
async def test_erasing_needs_its_own_scope(in_memory: Customers, flag: str) -> None:
    async with graph_on(in_memory, authenticator=holder(WRITE)) as graph:
        query = UPLOAD % f'{{externalId: "1", {flag}: true}}'
        status, answer = await _answer(graph, query)

        assert 403 == status
        assert "FORBIDDEN" == answer["errors"][0]["extensions"]["code"]
        assert 0 == await graph.services.customers.count({})

    async with graph_on(in_memory, authenticator=holder(WRITE, Scope.CUSTOMERS_ERASE)) as graph:
        _, answer = await _answer(graph, query)

        assert 1 == answer["data"]["uploadCustomers"]["counts"]["created"]


async def test_a_flag_that_is_false_erases_nothing(in_memory: Customers) -> None:
    async with graph_on(in_memory, authenticator=holder(WRITE)) as graph:
        _, answer = await _answer(graph, UPLOAD % '{externalId: "1", isForgotten: false}')

    assert 1 == answer["data"]["uploadCustomers"]["counts"]["created"]


@pytest.mark.parametrize(
    "reader",
    [
        pytest.param(holder(WRITE), id="reads nothing"),
        pytest.param(holder(WRITE, READ, fields=frozenset({"country"})), id="reads some"),
    ],
)
async def test_a_dry_run_shows_nothing_to_whoever_may_not_read_all(
    in_memory: Customers, reader: Knows
) -> None:
    query = "mutation { uploadCustomers(customers: [%s], options: {dryRun: true}) { dryRun } }"
    async with graph_on(in_memory, authenticator=reader) as graph:
        _, answer = await _answer(graph, query % ONE)

    assert "FORBIDDEN" == answer["errors"][0]["extensions"]["code"]
