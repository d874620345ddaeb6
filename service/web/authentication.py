"""Who sends a request: the key in its `Authorization` header."""

import base64
import binascii
from collections.abc import Callable
from typing import Protocol

from starlette.requests import Request
from starlette.types import Scope

from service.access.callers import ANYBODY, Caller
from service.access.rates import UNBOUNDED, Rates
from service.errors import Unauthenticated
from service.web.addresses import client_address, network_of

_HEADER = b"authorization"
_MOST = 512
"""Bytes of the header; keys take far fewer."""


class Authenticator(Protocol):
    async def caller(self, presented: str) -> Caller:
        """Raises Unauthenticated."""


async def authenticated(request: Request) -> Caller:
    """Who asks; the request's state tells it from then on. Raises Unauthenticated, and
    RateLimited for an address from which too many have been: whoever has a key is not bound by it.

    Without an authenticator in the state of the process, the service runs without keys.
    """
    scope = request.scope
    state = scope["state"]
    authenticator: Authenticator | None = state["authenticator"]
    if authenticator is None:
        return ANYBODY
    try:
        caller = state["caller"] = await authenticator.caller(_presented(scope))
    except Unauthenticated:
        rates = rates_of(scope)
        if rates.failures is not None:
            await rates.fail(network_of(client_address(scope)))
        raise
    return caller


def rates_of(scope: Scope) -> Rates:
    """Without them in the state of the process, there are no bounds."""
    rates: Rates = scope["state"].get("rates", UNBOUNDED)
    return rates


def _presented(scope: Scope) -> str:
    """The key as it was sent. Raises Unauthenticated where there is none, or more than one."""
    given = [value for name, value in scope["headers"] if name == _HEADER]
    if len(given) != 1 or len(given[0]) > _MOST:
        raise Unauthenticated
    scheme, _, credentials = given[0].decode("latin-1").partition(" ")
    read = _SCHEMES.get(scheme.lower())
    if read is None:
        raise Unauthenticated
    return read(credentials.strip())


def _basic(credentials: str) -> str:
    """The key as the user without a password, as in `curl -u KEY:`, or its parts as both."""
    try:
        user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Unauthenticated from None
    return f"{user}.{password}" if password else user


_SCHEMES: dict[str, Callable[[str], str]] = {"bearer": str, "basic": _basic}
