"""The GraphQL endpoint: requests in, answers out, by the rules of GraphQL over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_schema.context import Context, Services
from graphql_schema.documents import Documents
from graphql_schema.errors import (
    field_error,
    masked_error,
    request_error,
    service_error,
)
from graphql_schema.execution import Document, Outcome, execute
from graphql_schema.limits import Limits
from graphql_schema.negotiation import GRAPHQL, JSON, AnswerType, answer_type
from graphql_schema.requests import GraphQLRequest, read_request
from graphql_schema.trusted import trusted_documents
from service.access.callers import Caller
from service.access.scopes import Scope as Right
from service.audit.events import Action
from service.errors import (
    ErrorCode,
    Forbidden,
    QueryTooSlow,
    ServiceError,
    StoreUnavailable,
    Unauthenticated,
)
from service.telemetry.facts import noted
from service.telemetry.telemetry import SILENT, Telemetry
from service.web.answers import Answer
from service.web.authentication import authenticated
from service.web.capacity import Place
from service.web.cross_site import PREFLIGHT_HEADERS, is_preflighted
from service.web.origins import origin_of
from service.web.refusals import refusal_headers, refusal_status

COST_OF_A_REQUEST = 100
"""Beside what its operation may cost."""


class GraphQLEndpoint:
    """Made once for a process; an ASGI application, and `respond` for routes that do more."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._trusted = trusted_documents(services.settings)
        self._documents = Documents(Limits.of(services.settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.respond(Request(scope, receive))
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        kind = answer_type(request.scope)
        if kind is None:
            return _NOT_ACCEPTABLE.answer(JSON)
        if request.method not in ("GET", "POST"):
            return _NOT_ALLOWED.answer(kind)
        try:
            with request.scope["state"]["capacity"].of_query(request) as place:
                return await self._respond(request, kind, place)
        except (Unauthenticated, Forbidden) as error:
            await self.services.trail.note_denied(origin_of(request), error)
            return _refusal(error, kind)
        except ServiceError as error:
            return _refusal(error, kind)
        except Exception as error:  # noqa: BLE001  # whatever it is, it leaves masked
            return _answer({"errors": [masked_error(error)]}, kind, 500)

    async def _respond(self, http: Request, kind: AnswerType, place: Place) -> Response:
        if http.method == "GET" and not is_preflighted(http.scope):
            return _NOT_PREFLIGHTED.answer(kind)
        caller = await authenticated(http)
        request = await read_request(http, self.services.settings.max_body_bytes)
        trusted = self._trusted.get(request.query, request.document)
        document = trusted or await self._documents.get(request.query)
        operation = noted().operation = document.operation(request.operation_name)
        if http.method == "GET" and not document.only_reads(request.operation_name):
            return _NOT_BY_GET.answer(kind)
        caller.require(document.scopes(request.operation_name))
        cost = document.cost(request.operation_name, request.variables)
        if caller.key is not None:
            await self._pay(caller, document, request, cost)
        asker = origin_of(http, operation[1] if operation else None)
        if self.services.trail.reads and document.only_reads(request.operation_name):
            await self.services.trail.note(Action.READ, asker)
        context = Context(self.services, asker)
        telemetry: Telemetry = http.scope["state"].get("telemetry", SILENT)
        with telemetry.operation(operation):
            outcome = await self._execute(document, request, context, place)
        if isinstance(outcome.refusal, Forbidden):
            await self.services.trail.note_denied(asker, outcome.refusal)
        return _told(outcome, kind)

    async def _execute(
        self, document: Document, request: GraphQLRequest, context: Context, place: Place
    ) -> Outcome:
        """When it is its turn, and within its time."""
        settings, only_reads = self.services.settings, document.only_reads(request.operation_name)
        try:
            return await place.do(
                lambda: execute(document, context, request.variables, request.operation_name),
                settings.request_timeout if only_reads else settings.upload_timeout,
            )
        except TimeoutError:
            raise (QueryTooSlow if only_reads else StoreUnavailable) from None

    async def _pay(
        self, caller: Caller, document: Document, request: GraphQLRequest, cost: int
    ) -> None:
        """Raises RateLimited. The rows of an upload are paid for once they are known."""
        rates, name = self.services.rates, request.operation_name
        await rates.ask(caller, COST_OF_A_REQUEST + cost)
        if not document.only_reads(name) and Right.CUSTOMERS_WRITE in document.scopes(name):
            await rates.admit_upload(caller)


def _told(outcome: Outcome, kind: AnswerType) -> Response:
    """Where nothing came of the request, and a refusal has a status of its own, `data` is left out:
    what has it may have no status but 2xx."""
    if not outcome.errors:
        return _answer({"data": outcome.data}, kind)
    if outcome.refused:
        errors = [request_error(error) for error in outcome.errors]
        return _answer({"errors": errors}, kind, kind.refused)
    errors = [field_error(error) for error in outcome.errors]
    if refusal := outcome.refusal:
        return _answer({"errors": errors}, kind, refusal_status(refusal), refusal_headers(refusal))
    return _answer({"data": outcome.data, "errors": errors}, kind, kind.partial)


def _refusal(error: ServiceError, kind: AnswerType) -> Response:
    errors = [service_error(error)]
    return _answer({"errors": errors}, kind, refusal_status(error), refusal_headers(error))


def _answer(
    content: dict[str, Any],
    kind: AnswerType,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    if "errors" in content:
        noted().codes.extend(error["extensions"]["code"] for error in content["errors"])
    body = orjson.dumps(content, default=str)
    return Answer(body, status, headers, kind.content_type)


@dataclass(frozen=True, slots=True)
class _Misdirected:
    """A request that HTTP's rules alone refuse."""

    status: int
    message: str
    headers: Mapping[str, str]

    def answer(self, kind: AnswerType) -> Response:
        error = {"message": self.message, "extensions": {"code": ErrorCode.QUERY_INVALID}}
        return _answer({"errors": [error]}, kind, self.status, self.headers)


_NOT_ACCEPTABLE = _Misdirected(
    406, f"GraphQL answers in {GRAPHQL.name} or {JSON.name}, and Accept takes neither.", {}
)
_NOT_ALLOWED = _Misdirected(
    405,
    "GraphQL is asked by POST; queries, which change nothing, also by GET.",
    {"Allow": "GET, POST"},
)
_NOT_BY_GET = _Misdirected(
    405, "Only queries, which change nothing, are asked by GET.", {"Allow": "POST"}
)
_NOT_PREFLIGHTED = _Misdirected(
    400,
    "A GET needs a header that no link of another site can send: Content-Type: application/json, "
    f"Authorization: Bearer, or one of {', '.join(PREFLIGHT_HEADERS)}.",
    {},
)
