"""Traces: which spans there are of a request, and that nobody is in them."""

import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from graphql_schema.endpoint import GraphQLEndpoint
from service.errors import StartError
from service.settings import Settings
from service.store.customers import Customers
from service.store.database import ensure_indexes, open_database
from service.store.documents import IDENTITY_INDEXES
from service.store.observing import listeners
from service.telemetry.telemetry import Telemetry
from service.telemetry.traces import Traces
from service.web.access import AccessLog
from service.web.capacity import Capacity
from service.web.uploads import UPLOAD_ROUTES
from tests.graphql.asking import services_on
from tests.uploads.making import DIGESTER

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
CANARY = {"external_id": "canary1", "email": "canary@example.org", "first_name": "Canary"}
ASKS = 'query Asks { customers(where: {email: {eq: "canary@example.org"}}) { nodes { email } } }'
GIVEN = "query Asks($id: String!) { customer(by: {externalId: $id}) { firstName } }"
MUTATION = """mutation Send($rows: [CustomerDocument!]!) {
  uploadCustomerDocuments(documents: $rows) { counts { rows } }
}"""


class Traced:
    """A service on a store of its own, and the spans of what it is asked."""

    def __init__(
        self, http: httpx2.AsyncClient, traces: Traces, kept: InMemorySpanExporter
    ) -> None:
        self.http = http
        self._traces = traces
        self._kept = kept

    async def asked(self, query: str, headers: Any = None, **variables: object) -> None:
        body = {"query": query, "variables": variables}
        await self.http.post("/graphql", json=body, headers=headers)

    def spans(self) -> Sequence[ReadableSpan]:
        self._traces.end()
        return self._kept.get_finished_spans()

    def span(self, name: str) -> ReadableSpan:
        """The one of this name."""
        (found,) = [span for span in self.spans() if span.name == name]
        return found


@asynccontextmanager
async def traced(uri: str, share: float = 1.0) -> AsyncIterator[Traced]:
    kept = InMemorySpanExporter()
    traces = Traces(kept, share)
    telemetry = Telemetry(traces=traces)
    database = await open_database(uri, "traced", timeout=10, listeners=listeners(telemetry))
    await ensure_indexes(database.customers, IDENTITY_INDEXES)
    services = services_on(Customers(database, DIGESTER))
    services = replace(services, uploads=replace(services.uploads, telemetry=telemetry))
    routes = [Route("/graphql", GraphQLEndpoint(services)), *UPLOAD_ROUTES]
    app: Any = Starlette(routes=routes, middleware=[Middleware(AccessLog)])
    state = {
        "authenticator": None,
        "capacity": Capacity(services.settings),
        "settings": services.settings,
        "telemetry": telemetry,
        "trail": services.trail,
        "uploads": services.uploads,
    }

    async def stated(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    transport = httpx2.ASGITransport(app=stated)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Traced(http, traces, kept)
    await database.client.drop_database("traced")
    await database.close()


def facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def is_inside(span: ReadableSpan, outer: ReadableSpan) -> bool:
    return bool(span.parent and outer.context and span.parent.span_id == outer.context.span_id)


async def test_a_request_its_operation_and_its_commands_stand_in_each_other(
    embedded_uri: str,
) -> None:
    async with traced(embedded_uri) as service:
        await service.asked(GIVEN, id="nobody")
        request, operation = service.span("POST /graphql"), service.span("query Asks")
        command = service.span("find customers")

    assert (SpanKind.SERVER, SpanKind.CLIENT) == (request.kind, command.kind)
    assert is_inside(operation, request)
    assert is_inside(command, operation)


async def test_spans_say_what_was_done_and_nothing_else(embedded_uri: str) -> None:
    async with traced(embedded_uri) as service:
        await service.asked(GIVEN, id="nobody")
        told = {span.name: facts(span) for span in service.spans()}

    assert {
        "POST /graphql": {
            "http.request.method": "POST",
            "http.route": "/graphql",
            "http.response.status_code": 200,
        },
        "query Asks": {"graphql.operation.type": "query", "graphql.operation.name": "Asks"},
        "find customers": {
            "db.system.name": "mongodb",
            "db.operation.name": "find",
            "db.collection.name": "customers",
        },
    }.items() <= told.items()


async def test_an_upload_says_how_many_rows_it_has(embedded_uri: str) -> None:
    async with traced(embedded_uri) as service:
        await service.http.post("/api/customers/upload/", json=[CANARY, {}])
        upload, request = service.span("upload"), service.span("POST /api/customers/upload/")

    assert {"upload.rows": 2} == facts(upload)
    assert is_inside(upload, request)


async def test_a_request_goes_on_with_the_trace_that_it_is_part_of(embedded_uri: str) -> None:
    async with traced(embedded_uri, share=0) as service:
        await service.asked(GIVEN, {"traceparent": PARENT}, id="nobody")
        spans = service.spans()

    assert {TRACE} == {f"{span.context.trace_id:032x}" for span in spans if span.context}
    assert len(spans) >= 3


async def test_traces_that_are_not_kept_have_no_spans(embedded_uri: str) -> None:
    async with traced(embedded_uri, share=0) as service:
        await service.asked(GIVEN, id="nobody")

        assert () == tuple(service.spans())


async def test_nobody_is_in_a_span(embedded_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of what was sent, in rows, documents, variables, addresses or headers; not of what was
    stored; not of an error that names somebody."""

    async def fails(*_: object, **__: object) -> None:
        raise LookupError(CANARY["email"])

    async with traced(embedded_uri) as service:
        headers = {"traceparent": PARENT, "tracestate": "canary=canary", "X-Request-Id": "canary"}
        await service.http.post("/api/customers/upload/", json=[CANARY, CANARY], headers=headers)
        await service.asked(MUTATION, headers, rows=[{**CANARY, "city": "Canary"}])
        await service.asked(ASKS, headers)
        await service.asked(GIVEN, headers, id=CANARY["external_id"])
        await service.asked("query Canary { canary }", headers)
        await service.http.get("/api/customers/upload/canary/", params=CANARY, headers=headers)
        await service.http.request("CANARY", "/canary", headers=headers)
        monkeypatch.setattr(Customers, "page", fails)
        monkeypatch.setattr(Customers, "candidates", fails)
        await service.http.post("/api/customers/upload/", json=[CANARY], headers=headers)
        await service.asked("{ customers { nodes { id } } }", headers)
        told = "\n".join(span.to_json() for span in service.spans())

    assert told.count('"find customers"') >= 2, "it was traced"
    assert "canary" not in told.lower()


def test_without_the_extra_the_start_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "service.telemetry.traces", None)  # as if it failed to import

    with pytest.raises(StartError, match=r"customer-graph\[otel\]"):
        Telemetry.of(Settings(traces_to="http://127.0.0.1:9/v1/traces"))


def test_without_the_setting_nothing_of_it_is_imported() -> None:
    """It is an extra: it may not be there, and costs nothing where it is not wanted."""
    program = (
        "import sys; import service.store.observing, service.web.access;"
        "from service.settings import Settings; from service.telemetry.telemetry import Telemetry;"
        "assert Telemetry.of(Settings()).traces is None;"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )

    assert 0 == subprocess.run([sys.executable, "-c", program]).returncode
