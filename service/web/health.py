"""Whether the service is alive, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from service.errors import StoreUnavailable
from service.store.database import Database
from service.store.failures import StoreDefect

PATIENCE = 2.0
"""Seconds that the database has to answer."""


async def alive(_: Request) -> Response:
    """200 while the process answers."""
    return JSONResponse({"status": "alive"})


async def ready(request: Request) -> Response:
    """200 while the database answers, else 503, soon enough for a balancer that waits."""
    database: Database = request.state.database
    try:
        await database.ping(PATIENCE)
    except (StoreUnavailable, StoreDefect):
        down = StoreUnavailable()
        return JSONResponse(
            {"status": "unavailable", "code": down.code},
            status_code=503,
            headers={"Retry-After": str(down.retry_after)},
        )
    return JSONResponse({"status": "ready"})


HEALTH_ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
