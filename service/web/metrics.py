"""`/metrics`, as Prometheus reads it: at the service's own port for keys with the scope `admin`,
and at a port for it alone, where one is set, for whoever reaches that."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.access.scopes import Scope
from service.errors import NotFound, ServiceError, StartError
from service.settings import Settings
from service.telemetry.metrics import Metrics
from service.telemetry.telemetry import Telemetry
from service.web.authentication import authenticated
from service.web.refusals import refused

PATH = "/metrics"
MOST_CONNECTIONS = 16

log = structlog.get_logger()


async def tell_admins(request: Request) -> Response:
    telemetry: Telemetry = request.state.telemetry
    try:
        (await authenticated(request)).require({Scope.ADMIN})
        if telemetry.metrics is None:
            raise NotFound
    except ServiceError as error:
        return refused(error)
    return await _told(telemetry.metrics.registry)


METRICS_ROUTES = [Route(PATH, tell_admins, methods=["GET"])]


async def _told(registry: CollectorRegistry) -> Response:
    """Made in a thread, so that a long list holds up nobody."""
    text = await asyncio.to_thread(generate_latest, registry)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


@asynccontextmanager
async def at_its_own_port(settings: Settings, metrics: Metrics) -> AsyncIterator[None]:
    """They are told there meanwhile, if a port is set. Raises StartError if it is taken."""
    if settings.metrics_port is None:
        yield
        return
    server = _Server(_config(metrics))
    with _listen(settings.metrics_host, settings.metrics_port) as listener:
        host, port = listener.getsockname()[:2]
        serving = asyncio.create_task(server.serve([listener]))
        log.info("metrics_ready", host=host, port=port)
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True
            await serving


class _Server(uvicorn.Server):
    """Beside the one that the process is for, which hears of signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(metrics: Metrics) -> uvicorn.Config:
    async def tell(_: Request) -> Response:
        return await _told(metrics.registry)

    return uvicorn.Config(
        Starlette(routes=[Route(PATH, tell)]),
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise StartError(
            f"Cannot tell metrics on {host} port {port}: {reason}. Set CUSTOMER_GRAPH_METRICS_PORT "
            "to another, or leave it out."
        ) from None
