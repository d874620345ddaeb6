"""Whether the service may start with the keys that there are, and the first key of all."""

import structlog

from service.access.keyring import Keyring
from service.access.scopes import EVERYTHING
from service.access.secrets import PresentedKey
from service.errors import StartError
from service.settings import Settings

log = structlog.get_logger()

_MAKE_ONE = "Make one: customer-graph keys make NAME --scope SCOPE"

FIRST = "first key"
"""What it is called."""


def check_exposure(settings: Settings) -> None:
    """Raises StartError where everybody could do everything."""
    if not (settings.require_keys or settings.is_local):
        raise StartError(
            f"Without keys the service may listen on a loopback address alone, and {settings.host} "
            "is none. Set CUSTOMER_GRAPH_REQUIRE_KEYS=true."
        )


async def first_key(settings: Settings, keyring: Keyring) -> PresentedKey | None:
    """A key to everything, where there never was one and the embedded store is served to this
    machine alone. Raises StartError where others could come, and nobody has a key."""
    if await keyring.usable():
        return None
    if not settings.is_local:
        raise StartError(
            f"Nobody has a key, and the service would listen on {settings.host}. {_MAKE_ONE}"
        )
    if settings.mongodb_uri is None and not await keyring.all():
        return await keyring.make(FIRST, EVERYTHING)
    log.warning("nobody_has_a_key", hint=_MAKE_ONE)
    return None
