"""The GraphQL endpoint on a store, asked over HTTP without a network."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx2
import orjson
from strawberry.types.execution import PreExecutionError

from graphql_schema.context import Context, Services
from graphql_schema.endpoint import GraphQLEndpoint
from graphql_schema.errors import field_error, request_error
from graphql_schema.execution import Outcome
from graphql_schema.saved_where import shape_against
from graphql_schema.schema import core_schema, schema
from service.access.callers import Caller
from service.queries.cursors import Sealer
from service.registry.registry import Registry, make_registry
from service.segments.reading import SegmentReader
from service.segments.saving import SegmentSaving
from service.settings import Settings
from service.store.api_keys import ApiKeys
from service.store.company_fields import CompanyFields
from service.store.customers import Customers
from service.store.database import Database
from service.store.segments import Segments
from service.uploads.upload import Limits
from service.web.authentication import Authenticator
from service.web.capacity import Capacity
from tests.mock import mock_client
from tests.uploads.making import DIGESTER, NOW, RULES, reported_on, uploads_on

JSON = {"content-type": "application/json"}


class Clock:
    """One second later at every third look, so that some customers are of one moment."""

    def __init__(self) -> None:
        self._looks = count()

    def __call__(self) -> datetime:
        return NOW + timedelta(seconds=next(self._looks) // 3)


def services_on(customers: Any, settings: Settings | None = None, **changed: Any) -> Services:
    """What the process has, on this store of customers. `changed`: as `uploads_on` takes it."""
    settings = settings or Settings()
    rules = replace(RULES, company=settings.company, max_company_fields=200)
    ids = count(1)
    made: dict[str, Any] = {
        "limits": Limits.of(settings),
        "rules": rules,
        "now": Clock(),
        "new_id": lambda: f"n.{next(ids):04}",  # unlike those of `stored`
    }
    sealer = Sealer(DIGESTER.derive("cursors and ids"))
    registry = registry_on(customers, settings)
    made["registry"] = registry.fields
    uploads = reported_on(uploads_on(customers, **made | changed))
    return Services(
        settings=settings,
        rules=rules,
        customers=customers,
        uploads=uploads,
        trail=uploads.trail,
        keys=ApiKeys(database_of(customers)),
        sealer=sealer,
        digest=DIGESTER.digest,
        segments=segments_beside(customers),
        registry=registry,
    )


def segments_beside(customers: Any) -> SegmentSaving:
    segments = Segments(database_of(customers))
    return SegmentSaving(SegmentReader(segments, shape_against(core_schema)))


def registry_on(customers: Any, settings: Settings) -> Registry:
    database = database_of(customers)
    return make_registry(database, CompanyFields(database), settings.zone, settings.company)


def database_of(customers: Any) -> Database:
    """That of the customers, where they are in one."""
    if isinstance(customers, Customers):
        return customers._database
    return Database(mock_client(), "beside", timeout=10)


class Graph:
    """One endpoint, and a client of it."""

    def __init__(self, services: Services, http: httpx2.AsyncClient) -> None:
        self.services = services
        self.http = http

    @property
    def customers(self) -> Customers:
        return self.services.customers

    async def send(self, **request: object) -> httpx2.Response:
        """A request of these parts, as JSON."""
        return await self.http.post("/graphql", json=request)

    async def raw(self, content: bytes | str, **headers: str) -> httpx2.Response:
        """A body as it stands."""
        return await self.http.post("/graphql", content=content, headers=JSON | headers)

    async def answer(self, query: str, **variables: object) -> Any:
        """`data` and `errors` of an answer with status 200."""
        response = await self.send(query=query, variables=variables)
        assert 200 == response.status_code, response.text
        return response.json()

    async def data(self, query: str, **variables: object) -> Any:
        """Of a request without errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def errors(self, query: str, **variables: object) -> list[dict[str, Any]]:
        """Of a request with some."""
        found: list[dict[str, Any]] = (await self.answer(query, **variables))["errors"]
        return found

    async def error(self, query: str, **variables: object) -> dict[str, Any]:
        """The one error of a request."""
        (only,) = await self.errors(query, **variables)
        return only

    async def upload(self, *rows: Mapping[str, object]) -> list[str]:
        """Rows in the shape of the upload API; the id of the customer that each met."""
        report = await self.services.uploads.upload(rows)
        assert not any(result.faults for result in report.results), report.results
        return [result.customer_ids[0] for result in report.results]


async def stock_answer(services: Services, query: str, **variables: object) -> bytes:
    """What Strawberry itself answers, with every document read whole."""
    result: Any = await schema.execute(query, variables, Context(services))
    errors = result.errors or []
    if not errors:
        return orjson.dumps({"data": result.data})
    if isinstance(result, PreExecutionError) or not any(error.path for error in errors):
        return orjson.dumps({"errors": [request_error(error) for error in errors]})
    told = {"errors": [field_error(error) for error in errors]}
    refusal = Outcome(result.data, errors).refusal
    return orjson.dumps(told if refusal else {"data": result.data, **told})


@asynccontextmanager
async def graph_on(
    customers: Any,
    settings: Settings | None = None,
    authenticator: Authenticator | None = None,
    **changed: Any,
) -> AsyncIterator[Graph]:
    """Without an authenticator it is asked without keys."""
    async with endpoint_on(services_on(customers, settings, **changed), authenticator) as graph:
        yield graph


class Knows:
    """Whoever presents anything is this caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def caller(self, presented: str) -> Caller:
        return self._caller


@asynccontextmanager
async def endpoint_on(
    services: Services, authenticator: Authenticator | None
) -> AsyncIterator[Graph]:
    """Asked with a key where there is an authenticator."""
    endpoint, capacity = GraphQLEndpoint(services), Capacity(services.settings)
    headers = {"authorization": "Bearer key"} if authenticator else {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = {
            "authenticator": authenticator,
            "settings": services.settings,
            "capacity": capacity,
        }
        await endpoint(scope, receive, send)

    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://test", headers=headers
    ) as http:
        yield Graph(services, http)
