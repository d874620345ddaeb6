"""Variables hold no more than can be looked at at once."""

from typing import Any

import pytest

from service.settings import Settings
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on
from tests.graphql.uploading import TYPED, ends

SMALL = Settings(max_variable_values=20)
LIST = "query($a: CustomerWhere) { customers(where: $a) { totalCount } }"
IDS = "query($a: [ID!]!) { nodes(ids: $a) { id } }"


async def told(graph: Graph, query: str, variables: dict[str, Any]) -> Any:
    found = await graph.send(query=query, variables=variables)
    error = found.json()["errors"][0]
    return found.status_code, error["extensions"].get("measure", error["extensions"]["code"])


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (IDS, {"a": ["x"] * 20}),
        (LIST, {"a": {"city": {"in": ["x"] * 18}}}),
        (LIST, {"a": {"or": [{"city": {"eq": "x"}}] * 7}}),
        ("{ service { version } }", {f"x{number}": 1 for number in range(21)}),
    ],
)
async def test_more_values_than_allowed_are_refused(
    in_memory: Customers, query: str, variables: dict[str, Any]
) -> None:
    async with graph_on(in_memory, SMALL) as graph:
        assert (400, "values in variables") == await told(graph, query, variables)


async def test_as_many_values_as_allowed_are_taken(in_memory: Customers) -> None:
    async with graph_on(in_memory, SMALL) as graph:
        data = await graph.data(IDS, a=["x"] * 19)

    assert [None] * 19 == data["nodes"]


async def test_rows_are_bounded_by_their_own_number(in_memory: Customers) -> None:
    async with graph_on(in_memory, SMALL) as graph:
        data = await graph.data(TYPED, rows=[{"externalId": f"X{n}"} for n in range(40)])

    assert ["CREATED"] * 40 == ends(data["up"])
