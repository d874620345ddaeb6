"""Segments come out as stock execution makes them, to the byte."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as StockExecutor

from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on
from tests.graphql.segmenting import put
from tests.graphql.stored import SOUND, store
from tests.graphql.test_compiled import same

pytestmark = pytest.mark.usefixtures("one_error_id")


@pytest_asyncio.fixture
async def saved(in_memory: Customers) -> AsyncIterator[Graph]:
    await store(in_memory, SOUND)
    async with graph_on(in_memory) as graph:
        await put(graph, "s.gb", {"country": {"eq": "gb"}})
        await put(graph, "s.not", {"segment": {"notIn": ["s.gb"]}})
        await put(graph, "s.bad", {"shoeSize": {"eq": 3}, "city": {"eq": 3}})
        await put(graph, "s.worse", {"segment": {"in": ["s.bad"]}})
        yield graph


ALL = (
    " fragment All on Segment { __typename id name description where createdAt updatedAt"
    " problems { __typename code field message suggestion } }"
)
QUERIES: dict[str, str] = {
    "a page": "{ segments { nodes { ...All } edges { cursor node { ...All } __typename } totalCount"
    " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } __typename } }" + ALL,
    "some": '{ segments(first: 1, search: "S.") { a: nodes { b: id } nodes { name } } }',
    "a count alone": "{ segments { totalCount } }",
    "no cursors": "{ segments(first: 2) { nodes { id } pageInfo { hasNextPage } } }",
    "directives": "{ segments { nodes { id @skip(if: true) name @include(if: true) ... @skip(if:"
    " true) { where } } totalCount @skip(if: true) } }",
    "one": '{ segment(id: "s.gb") { ...All } }' + ALL,
    "nothing": '{ segment(id: "s.none") { id } }',
    "members": '{ segment(id: "s.not") { name count members(first: 2, orderBy: {email: DESC}) {'
    " totalCount nodes { id email person { id } } edges { cursor } pageInfo { endCursor } } } }",
    "members narrowed": '{ segment(id: "s.not") { members(where: {segment: {in: "s.not"}, tags: '
    '{isEmpty: true}}, search: "x") { nodes { id } } a: members(last: 1) { nodes { id } } } }',
    "membership": '{ segment(id: "s.gb") { a: contains(customerId: "c.0001") b: contains('
    'customerId: "c.0002") c: count(upTo: 1) } }',
    "nodes": '{ nodes(ids: ["s.gb", "c.0001", "s.none", "s.not"]) { id __typename ... on Segment {'
    ' where members { nodes { externalId } } } } node(id: "s.gb") { ...All } }' + ALL,
    "customers": '{ customers(where: {segment: {in: ["s.gb", "s.not"]}}) { nodes { id } pageInfo {'
    " endCursor } } }",
}
FAILING: dict[str, str] = {
    "members of none": "{ segments { nodes { id members { nodes { id } } } } }",
    "counts of some": '{ segments { nodes { id count contains(customerId: "c.0001") } } }',
    "a bound": '{ segment(id: "s.gb") { id count(upTo: 0) } }',
    "a size": '{ segment(id: "s.gb") { id members(first: 0) { nodes { id } } } }',
    "a page's size": "{ segments(first: 0) { nodes { id } } }",
    "a search": '{ segments(search: "") { totalCount } }',
    "a cursor": '{ segments(after: "none") { nodes { id } } service { version } }',
    "null": '{ segment(id: "s.gb") { members(where: {city: {eq: null}}) { nodes { id } } } }',
    "customers of none": '{ customers(where: {segment: {in: "s.worse"}}) { nodes { id } } }',
    "customers of nothing": '{ customers(where: {segment: {in: "s.none"}}) { nodes { id } } }',
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
async def test_segments_come_out_alike(saved: Graph, query: str) -> None:
    assert "errors" not in await same(saved, query)


@pytest.mark.parametrize("query", FAILING.values(), ids=FAILING.keys())
async def test_errors_come_out_alike(saved: Graph, query: str) -> None:
    answer = await same(saved, query)

    assert "INTERNAL_ERROR" not in {error["extensions"]["code"] for error in answer["errors"]}


async def test_one_document_with_other_variables_comes_out_alike(saved: Graph) -> None:
    query = (
        "query($id: ID!, $where: CustomerWhere, $yes: Boolean = true) { segment(id: $id) {"
        " name @include(if: $yes) members(where: $where) { nodes { id } totalCount } } }"
    )

    answers = [
        await same(saved, query, **variables)
        for variables in (
            {"id": "s.gb"},
            {"id": "s.not", "yes": False},
            {"id": "s.not", "where": {"canEmail": {"eq": False}}},
            {"id": "s.not", "where": {"segment": {"in": ["s.bad"]}}},
            {"id": "s.bad"},
            {"id": "s.none"},
        )
    ]

    assert 6 == len({str(answer) for answer in answers})


@pytest.mark.parametrize("query", ["a page", "some", "one"])
async def test_plain_fields_are_shaped_without_stock_execution(
    saved: Graph, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed: list[object] = []

    def complete(self: object, return_type: object, *_: object) -> object:
        completed.append(return_type)
        raise AssertionError

    monkeypatch.setattr(StockExecutor, "complete_object_value", complete)

    assert await saved.data(QUERIES[query])
    assert [] == completed
