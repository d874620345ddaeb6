"""Requests that pages of other sites can have a browser send, without asking first.

A browser sends what a form or a link can say at once, with the password that was typed for Basic.
Anything more it asks leave for (a preflight), which is given to the sites of `cors_origins` alone.
Nothing here reads a cookie.
"""

from collections.abc import Iterable

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Scope

from service.web.media_types import is_json
from service.web.options import KEY_HEADER

PREFLIGHT_HEADERS = ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Requested-With")
"""Any of them, whatever it says, is more than a form or a link has."""

_ENOUGH = frozenset(name.lower().encode() for name in PREFLIGHT_HEADERS)


_MAY_BE_SENT = (
    "Authorization", "Content-Encoding", "Content-Type", KEY_HEADER, "X-Request-Id",
    *PREFLIGHT_HEADERS,
)  # fmt: skip
_MAY_BE_READ = ("Retry-After", "X-Request-Id")


def cors(origins: Iterable[str]) -> list[Middleware]:
    """What gives pages of these origins leave to ask; nothing where there are none.

    Leave is given without a key, since browsers ask for it without one, and never to send what the
    browser itself keeps.
    """
    allowed = sorted(origins)
    given = Middleware(
        CORSMiddleware,
        allow_origins=allowed,
        allow_methods=["GET", "POST"],
        allow_headers=_MAY_BE_SENT,
        expose_headers=_MAY_BE_READ,
    )
    return [given] if allowed else []


def is_preflighted(scope: Scope) -> bool:
    """Whether no page of another site can have had this sent without leave.

    A bearer token is proof of it: whoever sends one had to be given it. Basic is none.
    """
    return any(
        name in _ENOUGH
        or (name == b"authorization" and value[:7].lower() == b"bearer ")
        or (name == b"content-type" and is_json(value))
        for name, value in scope["headers"]
    )
