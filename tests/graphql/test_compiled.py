"""Compiled selections answer as stock execution does, to the byte."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio

from service.errors import InvalidArgument, StoreUnavailable
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on, stock_answer
from tests.graphql.stored import SOUND, WRONG, store

ALL = """
fragment All on Profile {
  externalId email phoneNumber canonicalId firstName lastName canEmail canPost canProfile canPush
  canSms emailPermission postPermission profilePermission pushPermission smsPermission dateJoined
  lastLogin mailingLists tags shopId birthDate gender company vatNumber streetAddress streetName
  houseNumber houseNumberAddition zipCode city province country language companyFields
}
"""
OWN = "fragment Own on Customer { id isForgotten isDeleted createdAt updatedAt __typename }"


pytestmark = pytest.mark.usefixtures("one_error_id")


@pytest_asyncio.fixture
async def holding(in_memory: Customers) -> AsyncIterator[Graph]:
    await store(in_memory, [*SOUND, *WRONG])
    async with graph_on(in_memory) as graph:
        await graph.services.registry.fields.known()  # so that errors come in one order
        yield graph


async def same(graph: Graph, query: str, **variables: object) -> Any:
    """The answer, which both give."""
    stock = await stock_answer(graph.services, query, **variables)
    for _ in range(2):  # compiled at first, from the cache then
        response = await graph.send(query=query, variables=variables)

        assert stock == response.content
    return response.json()


SOUND_QUERIES: dict[str, str] = {
    "every field of a page": "{ customers(first: 4, after: null) { nodes { ...All ...Own } } }"
    + ALL
    + OWN,
    "edges": "{ customers(first: 2) { edges { cursor node { id firstName } __typename } } }",
    "a page's place": "{ customers(first: 2) { pageInfo { __typename hasNextPage hasPreviousPage"
    " startCursor endCursor } totalCount } }",
    "the type's name alone": "{ customers { nodes { __typename } __typename } __typename }",
    "aliases": "{ a: customers(first: 1) { b: nodes { c: id d: id e: companyField(name: "
    '"ACME__level") f: companyField(name: "ACME__big") } } }',
    "merged fields": "{ customers { nodes { id } nodes { firstName id } ... { nodes { tags } } } }",
    "merged fields of merged persons": '{ person(canonicalId: "P1") { id } '
    'person(canonicalId: "P1") { customers { nodes { id } } customers { nodes { email } } } }',
    "inline fragments": "{ customers { nodes { ... { id } ... on Node { id } ... on Profile { city"
    " ... on Customer { isForgotten } ... on Person { customers { totalCount } } } } } }",
    "named fragments in each other": "{ customers { nodes { ...A } } }"
    " fragment A on Node { id ...B } fragment B on Customer { tags ...C }"
    " fragment C on Profile { city smsPermission }",
    "fragments that repeat": "{ customers { nodes { ...A ...A id ...A } } }"
    " fragment A on Customer { id tags }",
    "directives as they stand": "{ customers { nodes { id @skip(if: true) city @include(if: true)"
    " tags @include(if: false) ... @skip(if: false) { email } } } }",
    "nothing left of a selection": "{ customers { nodes { id @skip(if: true) } totalCount } }",
    "company fields by name": "{ customers { nodes { companyFields(names: "
    '["ACME__level", "ACME__absent", "ACME__hobbies"]) none: companyFields(names: []) '
    'one: companyFields(names: "ACME__level") all: companyFields(names: null) } } }',
    "persons under customers": "{ customers { nodes { id person { id firstName canonicalId"
    " canEmail emailPermission tags companyFields customers(first: 2) { totalCount"
    " nodes { id person { id } } pageInfo { endCursor } } } } } }",
    "a person": '{ person(canonicalId: "P1") { ...All __typename id } }' + ALL,
    "every company field alone": '{ customer(by: {externalId: "X1"}) { companyFields } '
    'a: customer(by: {id: "c.0001"}) { companyFields } node(id: "c.0001") { ... on Profile { '
    'companyFields } } person(canonicalId: "P1") { companyFields } '
    "customers { nodes { companyFields } } }",
    "nobody": '{ person(canonicalId: "P9") { id } customer(by: {externalId: "X9"}) { id } '
    'node(id: "c.9999") { id } }',
    "one customer": '{ customer(by: {email: "ANN@example.org"}) { ...All ...Own } }' + ALL + OWN,
    "nodes of several types": '{ nodes(ids: ["c.0001", "c.0007", "none", "%s", "c.0001"]) { id '
    "__typename ... on Profile { firstName tags canonicalIdOf: companyField(name: "
    '"ACME__level") } ... on Customer { isForgotten person { id } } '
    "... on Person { city customers { nodes { id } } } } }",
    "a node": '{ node(id: "c.0001") { __typename ... on Person { id } ... on Customer { tags } } }',
    "a filtered and ordered page": '{ customers(where: {or: [{country: {eq: "gb"}}, {tags: '
    "{isEmpty: true}}]}, orderBy: [{lastName: DESC_NULLS_FIRST}, {createdAt: ASC}], first: 3) "
    "{ totalCount nodes { id lastName } edges { cursor } pageInfo { hasNextPage endCursor } } }",
    "orders below a person": '{ person(canonicalId: "P1") { customers(orderBy: {firstName: ASC}) '
    "{ nodes { id } pageInfo { endCursor } } } }",
    "facets beside a page": "{ customers(first: 1) { nodes { id } totalCount facets(of: [{country: "
    "{}}, {tags: {size: 1}}, {canEmail: {}}]) { __typename field missing other buckets { value "
    "count __typename } } } }",
    "facets alone, under two names": "{ customers { a: facets(of: {isForgotten: {}}) { field "
    "buckets { value } } b: facets(of: [{lastLogin: {interval: YEAR}}, {companyField: {name: "
    '"ACME__level", width: 2}}, {dateJoined: {ranges: {from: "2015-01-01"}}}]) { buckets { from to '
    "count value } other } } }",
    "facets in fragments": "{ customers { ...A facets(of: [{country: {}}]) { missing } } } "
    "fragment A on CustomerConnection { facets(of: [{country: {}}]) { ...B buckets { value @skip("
    "if: true) count } } } fragment B on Facet { field other @include(if: false) }",
    "figures": "{ customers { aggregate { __typename count filled { email tags c: companyField(name"
    ': "ACME__level") ... on CustomerFieldCounts { city } } distinct { country tags } min { '
    'dateJoined createdAt birthDate companyField(name: "ACME__level") none: companyField(name: '
    '"ACME__absent") } max { updatedAt lastLogin } average { companyField(name: "ACME__level") } } '
    "} }",
    "figures of nobody": '{ customers(where: {city: {eq: "Nowhere"}}) { aggregate { count filled { '
    "city } distinct { city tags } min { lastLogin } max { createdAt } } groups(by: [{tags: {}}]) {"
    " count } facets(of: [{city: {}}]) { buckets { count } missing other } } }",
    "figures under two names": "{ customers { a: aggregate { count } b: aggregate { filled { email "
    "} } aggregate { count } aggregate { filled { city } } } }",
    "groups": "{ customers { groups(by: [{country: {}}, {tags: {size: 3}}]) { keys { field value "
    "from to __typename } count aggregate { count max { lastLogin } average { companyField(name: "
    '"ACME__level") } distinct { email } } } } }',
    "groups without figures": "{ customers(first: 1) { nodes { id } groups(by: {lastLogin: "
    "{interval: MONTH}}) { count keys { from to } ... on CustomerGroup { aggregate { __typename } }"
    " } } }",
    "figures of a person's records": '{ person(canonicalId: "P1") { customers { aggregate { count '
    "filled { email } } facets(of: [{firstName: {}}]) { buckets { value count } missing } } } }",
    "service": "{ service { __typename version timeZone companyPrefix maxPageSize } }",
    "introspection": '{ __schema { queryType { name } } __type(name: "Customer") { name fields '
    "{ name args { name } } } }",
}


@pytest.mark.parametrize("query", SOUND_QUERIES.values(), ids=SOUND_QUERIES.keys())
async def test_what_is_stored_soundly_comes_out_alike(in_memory: Customers, query: str) -> None:
    await store(in_memory, SOUND)
    async with graph_on(in_memory) as graph:
        data = (await graph.data('{ person(canonicalId: "P1") { id } }'))["person"]

        answer = await same(graph, query.replace("%s", data["id"]))

    assert "errors" not in answer


WRONG_QUERIES: dict[str, str] = {
    "a permission": "{ customers { nodes { id canEmail } } }",
    "a permission with three states": "{ customers { nodes { id emailPermission } } }",
    "a permission of one": '{ customer(by: {externalId: "X11"}) { id canEmail } }',
    "dates": "{ customers { nodes { id dateJoined birthDate } } }",
    "texts": "{ customers { nodes { id firstName lastName city country } } }",
    "sets": "{ customers { nodes { id tags mailingLists } } }",
    "members of sets": '{ customer(by: {externalId: "X14"}) { tags mailingLists } }',
    "beside aliases and fragments": "{ a: customers { edges { node { b: birthDate "
    "... on Profile { c: canEmail } } } } }",
    "below a person": '{ person(canonicalId: "P3") { customers { nodes { canEmail } } city } }',
    "among nodes": '{ nodes(ids: ["c.0001", "c.0011"]) { id ... on Customer { canEmail } } }',
}


@pytest.mark.parametrize("query", WRONG_QUERIES.values(), ids=WRONG_QUERIES.keys())
async def test_errors_of_stored_values_come_out_alike(holding: Graph, query: str) -> None:
    answer = await same(holding, query)

    assert {"INTERNAL_ERROR"} == {error["extensions"]["code"] for error in answer["errors"]}


REFUSED: dict[str, str] = {
    "a company field's name": '{ customers { nodes { id v: companyField(name: "bad") } } }',
    "a name of some": '{ customers { nodes { companyFields(names: ["ACME__level", "x"]) } } }',
    "a count's bound": "{ customers { nodes { id } totalCount(upTo: 0) } }",
    "a page's size": '{ person(canonicalId: "P1") { id customers(first: 0) { nodes { id } } } }',
    "a page's size below each of a list": "{ customers { nodes { id person { customers(last: -1) "
    "{ nodes { id } } } } } }",
    "a cursor": '{ customers(after: "none") { nodes { id } } service { version } }',
    "a condition": '{ customers(where: {not: {country: {eq: "XX"}}}) { nodes { id } } }',
    "a condition that a forgotten variable would widen": "query($c: String) { customers(where: "
    "{city: {exists: true, eq: $c}}) { nodes { id } } }",
    "null in a condition": "{ customers(where: {city: {eq: null}}) { nodes { id } } }",
    "a company field's name in an order": '{ customers(orderBy: {companyField: {name: "state"}}) '
    "{ nodes { id } } }",
    "a facet's size": "{ customers { nodes { id } facets(of: [{country: {}}, {city: {size: 0}}]) { "
    "field } } }",
    "no facet": "{ customers { nodes { id } facets(of: []) { field } } }",
    "a facet of a company field": '{ customers { facets(of: [{companyField: {name: "x"}}]) { field '
    "} } }",
    "too many groups": "{ customers { nodes { id } groups(by: [{city: {size: 500}}, {tags: {}}]) { "
    "count } } }",
    "a figure of a company field": "{ customers { nodes { id } aggregate { count average { "
    'companyField(name: "bad") } } } }',
    "figures inside a list": "{ customers { groups(by: [{country: {}}]) { count aggregate { max { "
    'companyField(name: "bad") } average { x: companyField(name: "ACME__level") } } } } }',
    "counts inside a list": "{ customers { groups(by: [{country: {}}]) { count aggregate { filled "
    '{ companyField(name: "bad") } } } } }',
    "several holders": '{ customer(by: {email: "shared@example.org"}) { id } }',
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED.keys())
async def test_errors_of_arguments_come_out_alike(holding: Graph, query: str) -> None:
    errors = (await same(holding, query))["errors"]

    assert errors
    assert "INTERNAL_ERROR" not in {error["extensions"]["code"] for error in errors}


VARIABLES: Sequence[tuple[str, list[dict[str, object]]]] = [
    (
        "query($yes: Boolean!) { customers { nodes { id @include(if: $yes) city @skip(if: $yes)"
        " ... @include(if: $yes) { tags } } } }",
        [{"yes": True}, {"yes": False}, {"yes": True}, {}, {"yes": None}, {"yes": 1}],
    ),
    (
        "query($name: String!) { customers { nodes { companyField(name: $name) } } }",
        [{"name": "ACME__level"}, {"name": "ACME__big"}, {"name": "bad"}, {"name": "ACME__level"}],
    ),
    (
        "query($names: [String!]) { customers { nodes { companyFields(names: $names) } } }",
        [{"names": ["ACME__level"]}, {}, {"names": []}, {"names": None}, {"names": ["bad"]}],
    ),
    (
        "query($n: Int = 2, $upTo: Int) { customers(first: $n) { nodes { id person { customers("
        "first: $n) { totalCount(upTo: $upTo) nodes { id } } } } } }",
        [{}, {"n": 1}, {"n": None}, {"n": 3, "upTo": 1}, {"upTo": 0}, {"n": 0}, {}],
    ),
    (
        "query($yes: Boolean = true) { customers { ...Page } } fragment Page on CustomerConnection"
        " { nodes { ...One } } fragment One on Customer { id city @include(if: $yes) }",
        [{}, {"yes": False}, {}],
    ),
    (
        "query($where: CustomerWhere, $orderBy: [CustomerOrder!]) { customers(where: $where, "
        "orderBy: $orderBy) { nodes { id } totalCount } }",
        [
            {"where": {"companyFields": {"name": "ACME__level", "eq": 3}}},
            {"where": {"companyFields": [{"name": "ACME__level", "exists": True}]}},
            {"where": {"createdAt": {"last": {"months": 2}}}, "orderBy": {"city": "DESC"}},
            {"where": {"createdAt": {"last": {"months": 0}}}},
            {"where": {"createdAt": {"last": {"months": 1, "days": 1}}}},
            {"where": {"lastLogin": {"gt": 3}}},
            {"where": None, "orderBy": None},
            {"orderBy": [{"city": "ASC", "email": "ASC"}]},
            {"orderBy": [{"city": "SIDEWAYS"}]},
        ],
    ),
    (
        "query($of: [CustomerBuckets!]!, $yes: Boolean = true) { customers { nodes { id } facets("
        "of: $of) { field buckets { value count @include(if: $yes) } } } }",
        [
            {"of": [{"country": {}}]},
            {"of": {"tags": {"size": 1, "ignoreOwnFilter": True}}, "yes": False},
            {"of": [{"companyField": {"name": "ACME__level", "width": None}}]},
            {"of": [{"country": {}, "tags": {}}]},
            {"of": [{"country": {"size": 1001}}]},
            {"of": [{"country": None}]},
            {},
        ],
    ),
    (
        "query($by: [CustomerBuckets!]!, $name: String!, $skip: Boolean = false) { customers { "
        "groups(by: $by) { keys { value } aggregate @skip(if: $skip) { average { companyField("
        "name: $name) } } } } }",
        [
            {"by": [{"country": {}}], "name": "ACME__level"},
            {"by": [{"country": {}}], "name": "ACME__absent"},
            {"by": [{"country": {}}], "name": "bad"},
            {"by": [{"country": {}}], "name": "bad", "skip": True},
            {"by": [], "name": "ACME__level"},
        ],
    ),
    (
        "query($id: ID!, $ids: [ID!]!) { node(id: $id) { id __typename } nodes(ids: $ids) { id } }",
        [{"id": "c.0001", "ids": ["c.0002", "c.0001"]}, {"id": 7, "ids": "c.0002"}, {"id": ""}],
    ),
    (
        "query($by: CustomerBy!) { customer(by: $by) { id city } }",
        [{"by": {"externalId": "X1"}}, {"by": {"id": "c.0001"}}, {"by": {"phoneNumber": "1"}}],
    ),
]


@pytest.mark.parametrize(("query", "given"), VARIABLES)
async def test_one_document_with_other_variables_comes_out_alike(
    in_memory: Customers, query: str, given: list[dict[str, object]]
) -> None:
    """What was compiled for some values never answers for others."""
    await store(in_memory, SOUND)
    async with graph_on(in_memory) as graph:
        answers = [await same(graph, query, **variables) for variables in given]

    assert 1 < len({str(answer) for answer in answers})


FAILURES: dict[str, Exception] = {
    "the store is down": StoreUnavailable(),
    "nobody foresaw it": ZeroDivisionError("a text that stays inside"),
    "an argument was at fault": InvalidArgument("first", "a reason"),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize(
    "query", ["{ customers { nodes { id } } }", '{ a: person(canonicalId: "P1") { id } }']
)
async def test_a_resolver_that_fails_comes_out_alike(
    holding: Graph, query: str, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise failure

    for read in ("page", "by_canonical_id"):
        monkeypatch.setattr(Customers, read, fail)

    answer = await same(holding, query)

    assert answer["errors"]
