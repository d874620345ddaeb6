"""Requests that are refused as a whole: the status, and what headers go with it."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response

from service.errors import (
    ErrorCode,
    IdempotencyKeyInUse,
    InvalidArgument,
    Overloaded,
    RateLimited,
    ServiceError,
    Unauthenticated,
    Unavailable,
    UnsupportedBody,
)
from service.telemetry.facts import noted
from service.web.answers import Answer

_STATUSES: Mapping[ErrorCode, int] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.IDEMPOTENCY_KEY_IN_USE: 409,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.TOO_MANY_ROWS: 413,
    ErrorCode.IDEMPOTENCY_KEY_REUSED: 422,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.OVERLOADED: 503,
    ErrorCode.STORE_UNAVAILABLE: 503,
    ErrorCode.STOPPING: 503,
}


def refusal_status(error: ServiceError) -> int:
    """400 unless there is a better one."""
    return 415 if isinstance(error, UnsupportedBody) else _STATUSES.get(error.code, 400)


def refusal_headers(error: ServiceError) -> dict[str, str]:
    """When to come again, what is taken, and how to say who asks.

    Basic is taken too, but never asked for: a browser would keep what it was told, and send it with
    the requests of other sites.
    """
    if isinstance(error, UnsupportedBody):
        return dict(error.headers)
    if isinstance(error, Unavailable | IdempotencyKeyInUse | RateLimited | Overloaded):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="customer-graph"'}
    return {}


def refused(error: ServiceError) -> Response:
    """The whole is refused, where GraphQL is not spoken: nothing was applied, or (503) nothing half
    applied."""
    noted().codes.append(error.code)
    fault = {
        "code": error.code,
        "field": error.argument if isinstance(error, InvalidArgument) else None,
        "message": error.message,
        "suggestion": None,
    }
    body = orjson.dumps({"errors": [fault]})
    return Answer(body, refusal_status(error), refusal_headers(error))
