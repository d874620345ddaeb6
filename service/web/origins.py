"""Whoever sends a request, from where, as the audit trail has it."""

from starlette.requests import Request

from service.access.callers import ANYBODY
from service.audit.events import Origin
from service.web.addresses import client_address

LONGEST_NAME = 100
"""Characters of an operation's name that are kept."""


def origin_of(request: Request, operation: str | None = None) -> Origin:
    """Without a caller that is known, nobody with a key: what is asked for is refused anyway."""
    caller = request.scope["state"].get("caller", ANYBODY)
    name = operation[:LONGEST_NAME] if operation else None
    return Origin(caller, client_address(request.scope), name)
