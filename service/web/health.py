"""Whether the service is alive, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from service.errors import StoreUnavailable
from service.store.database import Database


async def alive(_: Request) -> Response:
    """200 while the process answers."""
    return JSONResponse({"status": "alive"})


async def ready(request: Request) -> Response:
    """200 while the database answers, else 503."""
    database: Database = request.state.database
    try:
        await database.ping()
    except StoreUnavailable as error:
        return JSONResponse(
            {"status": "unavailable", "code": error.code},
            status_code=503,
            headers={"Retry-After": str(error.retry_after)},
        )
    return JSONResponse({"status": "ready"})


HEALTH_ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
