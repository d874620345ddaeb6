"""Segments by name, page by page, and by their ids."""

import asyncio
from typing import Any

import pytest

from graphql_schema.context import AT_ONCE
from service.store.customers import Customers
from tests.graphql.asking import Graph
from tests.graphql.segmenting import NAMES, put, saved


async def test_segments_are_listed_by_name_page_by_page(graph: Graph) -> None:
    names = ["ärger", "Beta", "alpha", "beta 2", "Zulu", "Älg", "100% off", "a.b"]
    for name in names:
        await saved(graph, name, {})
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = (await graph.data(NAMES, first=3, after=after))["segments"]
        seen += [node["name"] for node in page["nodes"]]
        assert page["nodes"] == [edge["node"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert 8 == page["totalCount"]

    assert ["100% off", "a.b", "alpha", "Beta", "beta 2", "Zulu", "Älg", "ärger"] == seen


async def test_segments_are_searched_by_a_part_of_their_name_letter_case_aside(
    graph: Graph,
) -> None:
    for name in ["Straße", "STRASSEN", "a.b", "axb", "Ärger"]:
        await saved(graph, name, {})

    async def found(search: str) -> list[str]:
        page = (await graph.data(NAMES, search=search))["segments"]
        assert len(page["nodes"]) == page["totalCount"]
        return [node["name"] for node in page["nodes"]]

    assert ["Straße", "STRASSEN"] == await found("ASSE")
    assert ["a.b"] == await found("A.B")
    assert ["Ärger"] == await found("är")
    assert [] == await found("^a")


@pytest.mark.parametrize(
    ("given", "code", "argument"),
    [
        ({"first": 0}, "INVALID_ARGUMENT", "first"),
        ({"first": 1001}, "INVALID_ARGUMENT", "first"),
        ({"search": ""}, "INVALID_ARGUMENT", "search"),
        ({"search": "\0"}, "INVALID_ARGUMENT", "search"),
        ({"after": "none"}, "INVALID_CURSOR", "after"),
    ],
)
async def test_a_list_of_segments_that_can_not_be_is_refused(
    quick: Graph, given: dict[str, object], code: str, argument: str
) -> None:
    error = await quick.error(NAMES, **given)

    assert {"code": code, "argument": argument} == error["extensions"]


async def test_a_cursor_of_another_search_is_refused(quick: Graph) -> None:
    for name in ("a", "ab"):
        await saved(quick, name, {})
    page = (await quick.data(NAMES, first=1, search="a"))["segments"]

    error = await quick.error(NAMES, search="b", after=page["pageInfo"]["endCursor"])

    assert "INVALID_CURSOR" == error["extensions"]["code"]


async def test_segments_are_nodes(quick: Graph) -> None:
    (ann,) = await quick.upload({"external_id": "A"})
    segment_id = await saved(quick, "One", {})
    query = """query($ids: [ID!]!, $id: ID!) {
      nodes(ids: $ids) { __typename id ... on Segment { name count } }
      node(id: $id) { ... on Segment { members { nodes { externalId } } } } }"""

    found = await quick.data(query, ids=[segment_id, ann, "s.none"], id=segment_id)

    assert [
        {"__typename": "Segment", "id": segment_id, "name": "One", "count": 1},
        {"__typename": "Customer", "id": ann},
        None,
    ] == found["nodes"]
    assert {"members": {"nodes": [{"externalId": "A"}]}} == found["node"]


async def test_a_list_of_segments_asks_the_store_for_a_few_at_a_time(
    quick: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, most = 0, 0

    async def counted(*_: object, **__: object) -> int:
        nonlocal asked, most
        asked += 1
        most = max(most, asked)
        await asyncio.sleep(0)
        asked -= 1
        return 0

    monkeypatch.setattr(Customers, "count", counted)
    for number in range(12):
        await put(quick, f"s.{number}", {})

    await quick.data("{ segments { nodes { a: count b: count } } }")

    assert AT_ONCE == most
