"""One log line a request, and an id that names it in and out."""

import random
import re
import time
from typing import Any

import orjson
import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import MESSAGES, ErrorCode
from service.logs import tell_internal_error
from service.web.answers import Answer

log = structlog.get_logger()

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_QUIET = frozenset({"/healthz", "/readyz", "/graphiql/assets/{name}"})
"""Routes asked so often, and saying so little, that only their failures are logged."""


class AccessLog:
    """Logs method, route, status and milliseconds; neither query strings nor bodies.

    A well-formed `X-Request-Id` is kept, another is made, and the answer carries it. A failure that
    nobody foresaw is answered with 500 and that id, under which the log says where it was.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._log: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _given_id(scope) or f"{random.getrandbits(64):016x}"
        sent_id = (b"x-request-id", request_id.encode())
        begun, status, started = time.perf_counter(), 500, False

        async def answer(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = [*message.get("headers", ()), sent_id]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            tell_internal_error(error, request_id)
            if started:
                raise  # the server cuts the connection, so that no half answer looks whole
            await _failed(request_id)(scope, receive, answer)
        finally:
            self._tell(scope, status, time.perf_counter() - begun)
            structlog.contextvars.reset_contextvars(**bound)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        path = getattr(route, "path", None)
        if path not in _QUIET or status >= 500:
            if self._log is None:  # logs are configured by the first request
                self._log = log.bind()
            self._log.info(
                "request",
                method=scope["method"],
                route=path,
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )


def _given_id(scope: Scope) -> str | None:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _REQUEST_ID.fullmatch(given) else None


def _failed(request_id: str) -> Response:
    code = ErrorCode.INTERNAL_ERROR
    message = MESSAGES[code].format(id=request_id)
    fault = {"code": code, "field": None, "message": message, "suggestion": None}
    return Answer(orjson.dumps({"errors": [fault]}), 500)
