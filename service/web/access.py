"""One log line a request, and an id that names it in and out."""

import random
import re
import time
from collections.abc import Iterable
from typing import Any

import orjson
import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.callers import ANYBODY, Caller
from service.errors import MESSAGES, ErrorCode
from service.logs import tell_internal_error
from service.telemetry.facts import Facts, begin
from service.telemetry.telemetry import SILENT, Telemetry
from service.web.answers import Answer

log = structlog.get_logger()

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_TRACE_PARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
"""Of the W3C: version, trace, span, flags; none of the first three is nothing."""

_NO_STATE: dict[str, Any] = {}
_QUIET = frozenset({"/healthz", "/readyz", "/graphiql/assets/{name}"})
"""Routes asked so often, and saying so little, that only their failures are logged."""


class AccessLog:
    """Logs method, route, status and milliseconds, and what was noted of the request; neither query
    strings nor bodies. The same is counted as metrics.

    A well-formed `X-Request-Id` is kept, another is made, and the answer carries it. Lines of a
    request with a `traceparent` name its trace too. A failure that nobody foresaw is answered with
    500 and the request's id, under which the log says where it was.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._log: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ids = _ids(scope["headers"])
        request_id = ids["request_id"]
        sent_id = (b"x-request-id", request_id.encode())
        facts, status, started = Facts(), 500, False
        telemetry: Telemetry = scope.get("state", _NO_STATE).get("telemetry", SILENT)
        span = telemetry.asked(scope["headers"])
        begun = time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = [*message.get("headers", ()), sent_id]
            await send(message)

        begin(facts)  # in the task of this request, and with it they end
        bound = structlog.contextvars.bind_contextvars(**ids)
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            tell_internal_error(error, request_id)
            if started:
                raise  # the server cuts the connection, so that no half answer looks whole
            facts.codes.append(ErrorCode.INTERNAL_ERROR)
            await _failed(request_id)(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - begun
            path = getattr(scope.get("route"), "path", None)
            telemetry.answered(span, scope["method"], path, status, seconds, facts)
            if path not in _QUIET or status >= 500:
                self._tell(scope, path, status, seconds, facts)
            structlog.contextvars.reset_contextvars(**bound)

    def _tell(
        self, scope: Scope, path: str | None, status: int, seconds: float, facts: Facts
    ) -> None:
        if self._log is None:  # logs are configured by the first request
            self._log = log.bind()
        self._log.info(
            "request",
            method=scope["method"],
            route=path,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            **_noted(scope, facts),
        )


def _noted(scope: Scope, facts: Facts) -> dict[str, object]:
    """What there is of: who asked, by the public part of the key; what for; what came of it."""
    found: dict[str, object] = {}
    caller: Caller = scope.get("state", _NO_STATE).get("caller", ANYBODY)
    if caller.key is not None:
        found["key"] = caller.key.public_id
    if facts.operation is not None:
        found["operation_type"], found["operation"] = facts.operation
    if facts.uploads:
        found["uploads"] = facts.uploads
    if facts.codes:
        found["codes"] = sorted(set(facts.codes))
    return found


def _ids(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Of the request, made if need be, and of the trace that it is part of, if any."""
    ids: dict[str, str] = {}
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            ids.setdefault("request_id", value.decode())
        elif name == b"traceparent" and (parent := _TRACE_PARENT.fullmatch(value)):
            ids.setdefault("trace_id", parent[1].decode())
    ids.setdefault("request_id", f"{random.getrandbits(64):016x}")
    return ids


def _failed(request_id: str) -> Response:
    code = ErrorCode.INTERNAL_ERROR
    message = MESSAGES[code].format(id=request_id)
    fault = {"code": code, "field": None, "message": message, "suggestion": None}
    return Answer(orjson.dumps({"errors": [fault]}), 500)
