"""Whatever is selected, compiled selections answer as stock execution does, to the byte."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from service.store.customers import Customers
from service.store.database import Database
from tests.graphql.asking import Graph, graph_on, stock_answer
from tests.graphql.segmenting import put
from tests.graphql.selections import VARIABLES, operations
from tests.graphql.stored import SOUND, WRONG, store
from tests.mock import mock_client
from tests.uploads.making import DIGESTER


@pytest_asyncio.fixture(params=[SOUND, [*SOUND, *WRONG]], ids=["sound", "with wrong values"])
async def holding(request: pytest.FixtureRequest, one_error_id: None) -> AsyncIterator[Graph]:
    customers = Customers(Database(mock_client(), "random", timeout=10), DIGESTER)
    await store(customers, request.param)
    async with graph_on(customers) as graph:
        graph.services.registry.fields.clock = (
            float  # 0: both ways find it read, and errors in order
        )
        await graph.services.registry.fields.known()
        await put(graph, "s.gb", {"country": {"eq": "gb"}})
        await put(graph, "s.not", {"segment": {"notIn": ["s.gb"]}})
        await put(graph, "s.bad", {"shoeSize": {"eq": 3}})
        yield graph


def in_order(answer: bytes) -> tuple[bytes, list[bytes]]:
    """The errors apart, and sorted: in stock execution those of what is read side by side come as
    each is over, here in the order of the fields."""
    told = orjson.loads(answer)
    errors = sorted(map(orjson.dumps, told.pop("errors", [])))
    return orjson.dumps(told), errors


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=operations(), given=st.lists(VARIABLES, min_size=1, max_size=3))
async def test_any_selection_comes_out_alike(
    holding: Graph, query: str, given: list[dict[str, Any]]
) -> None:
    for variables in given:
        used = {name: value for name, value in variables.items() if f"${name}" in query}
        stock = await stock_answer(holding.services, query, **used)

        response = await holding.send(query=query, variables=used)

        event("with errors" if b'"errors"' in stock else "without errors")
        assert in_order(stock) == in_order(response.content)
