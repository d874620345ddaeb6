"""The GraphQL endpoint: requests in, answers out.

A POST with JSON, or a GET for queries. What GraphQL itself says of a request, good or bad, comes
with status 200; other statuses are for bodies that can't be read, and for a store that is down.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_schema.context import Context, Services
from graphql_schema.documents import Documents
from graphql_schema.errors import (
    field_error,
    masked_error,
    origin,
    request_error,
    service_error,
)
from graphql_schema.execution import Outcome, execute
from graphql_schema.limits import Limits
from service.errors import BodyInvalid, ServiceError, StoreUnavailable, UnsupportedBody
from service.web.authentication import authenticated
from service.web.bodies import decode_json, is_json, read_body
from service.web.refusals import refusal_headers, refusal_status


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class GraphQLEndpoint:
    """Made once for a process; an ASGI application, and `respond` for routes that do more."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._documents = Documents(Limits.of(services.settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.respond(Request(scope, receive))
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        if request.method not in ("GET", "POST"):
            return _not_allowed("GET, POST")
        try:
            return await self._respond(request)
        except ServiceError as error:
            return _refusal(error)
        except Exception as error:  # noqa: BLE001  # whatever it is, it leaves masked
            return _json({"errors": [masked_error(error)]}, 500)

    async def _respond(self, http: Request) -> Response:
        caller = await authenticated(http)
        request = await self._read(http)
        document = await self._documents.get(request.query)
        if http.method == "GET" and not document.only_reads(request.operation_name):
            return _not_allowed("POST")
        caller.require(document.scopes(request.operation_name))
        outcome = await execute(
            document,
            Context(self.services, caller),
            request.variables,
            request.operation_name,
        )
        return _answer(outcome)

    async def _read(self, http: Request) -> GraphQLRequest:
        if http.method == "GET":
            return _request(_of_address(http))
        if not is_json(http):
            raise UnsupportedBody("expected Content-Type: application/json")
        body = await read_body(http, self.services.settings.max_body_bytes)
        return _request(decode_json(body))


def _of_address(http: Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(http.query_params)
    if given.get("variables"):
        given["variables"] = decode_json(given["variables"].encode(errors="surrogatepass"))
    else:
        given.pop("variables", None)
    return given


def _request(body: Any) -> GraphQLRequest:
    if not isinstance(body, dict):
        raise BodyInvalid("expected an object with query and, if needed, variables")
    query, variables = body.get("query"), body.get("variables")
    operation_name = body.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise BodyInvalid("expected query, a text")
    if not isinstance(variables, dict | None):
        raise BodyInvalid("expected variables, an object")
    if not isinstance(operation_name, str | None):
        raise BodyInvalid("expected operationName, a text")
    return GraphQLRequest(query, variables, operation_name or None)


def _answer(outcome: Outcome) -> Response:
    if not outcome.errors:
        return _json({"data": outcome.data})
    if outcome.refused:
        return _json({"errors": [request_error(error) for error in outcome.errors]})
    content = {"data": outcome.data, "errors": [field_error(error) for error in outcome.errors]}
    if down := _store_down(outcome.errors):
        return _json(content, 503, {"Retry-After": str(down.retry_after)})
    return _json(content)


def _store_down(errors: list[GraphQLError]) -> StoreUnavailable | None:
    causes = (origin(error) for error in errors)
    return next((cause for cause in causes if isinstance(cause, StoreUnavailable)), None)


def _refusal(error: ServiceError) -> Response:
    errors = [service_error(error)]
    return _json({"errors": errors}, refusal_status(error), refusal_headers(error))


def _not_allowed(methods: str) -> Response:
    error = {
        "message": "GraphQL is asked by POST; queries, which change nothing, also by GET.",
        "extensions": {"code": "QUERY_INVALID"},
    }
    return _json({"errors": [error]}, 405, {"Allow": methods})


def _json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = orjson.dumps(content, default=str)
    return Response(body, status, headers, media_type="application/json")
