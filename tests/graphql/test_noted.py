"""What a GraphQL request leaves in the log, beside its answer."""

from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import structlog
from structlog.contextvars import merge_contextvars

from graphql_schema.endpoint import GraphQLEndpoint
from service.store.customers import Customers
from service.web.access import AccessLog
from service.web.capacity import Capacity
from tests.graphql.asking import services_on

Line = MutableMapping[str, Any]


class Asked:
    """An endpoint behind the step that logs, and the lines of what it was asked."""

    def __init__(self, http: httpx2.AsyncClient, lines: list[Line]) -> None:
        self._http = http
        self._lines = lines

    async def answer(self, query: str, **headers: str) -> Any:
        answer = await self._http.post("/graphql", json={"query": query}, headers=headers)
        return answer.json()

    def line(self, event: str) -> Line:
        (found,) = [line for line in self._lines if line["event"] == event]
        return found


@asynccontextmanager
async def asked(customers: Customers) -> AsyncIterator[Asked]:
    services = services_on(customers)
    logged: Any = AccessLog(GraphQLEndpoint(services))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = {
            "authenticator": None,
            "capacity": Capacity(services.settings),
            "settings": services.settings,
        }
        await logged(scope, receive, send)

    transport = httpx2.ASGITransport(app=app)
    with structlog.testing.capture_logs([merge_contextvars]) as lines:
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
            yield Asked(http, lines)


async def test_a_masked_error_is_found_by_its_id_and_by_that_of_the_request(
    in_memory: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise LookupError("ann@example.org")

    monkeypatch.setattr(Customers, "page", fails)
    async with asked(in_memory) as graph:
        answer = await graph.answer("{ customers { nodes { id } } }", **{"X-Request-Id": "r.1"})
        told = graph.line("internal_error")

    (error,) = answer["errors"]
    assert (error["extensions"]["id"], "r.1") == (told["id"], told["request_id"])


async def test_a_valid_operation_is_named(in_memory: Customers) -> None:
    async with asked(in_memory) as graph:
        await graph.answer("query Counts { customers { totalCount } }")
        line = graph.line("request")

    assert ("query", "Counts") == (line["operation_type"], line["operation"])


@pytest.mark.parametrize("query", ["query Counts { nothing }", "query Counts {"])
async def test_an_operation_that_is_not_valid_is_not_named(
    in_memory: Customers, query: str
) -> None:
    """It would be whatever somebody made up."""
    async with asked(in_memory) as graph:
        await graph.answer(query)
        line = graph.line("request")

    assert "operation" not in line
    assert ["QUERY_INVALID"] == line["codes"]


async def test_an_upload_by_a_mutation_is_named_by_its_id(in_memory: Customers) -> None:
    mutation = """mutation { uploadCustomers(customers: [{externalId: "a"}]) { uploadId } }"""
    async with asked(in_memory) as graph:
        answer = await graph.answer(mutation)
        line = graph.line("request")

    assert [answer["data"]["uploadCustomers"]["uploadId"]] == line["uploads"]
