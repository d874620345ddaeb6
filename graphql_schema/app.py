"""The application: its routes, and what starts and stops with it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from graphql_schema.context import Services
from graphql_schema.endpoint import GraphQLEndpoint
from graphql_schema.page import page_response, page_routes, wants_page
from graphql_schema.saved_where import shape_against
from graphql_schema.schema import core_schema
from service.access.first_key import check_exposure, first_key
from service.access.keyring import Keyring
from service.access.shared_rates import make_rates
from service.audit.events import NOWHERE, Action
from service.audit.trail import Trail
from service.customers.values import ReadingRules
from service.errors import StartError
from service.logs import configure
from service.queries.cursors import Sealer
from service.registry.registry import make_registry
from service.segments.reading import SegmentReader
from service.segments.saving import SegmentSaving
from service.settings import Settings
from service.store.api_keys import ApiKeys
from service.store.audit import AuditLog
from service.store.opening import Store, open_store
from service.store.rate_limits import RateLimits
from service.telemetry.telemetry import SILENT, Telemetry
from service.uploads.reporting import reported
from service.uploads.stopping import Stop
from service.uploads.upload import Limits, Uploads
from service.web.access import AccessLog
from service.web.capacity import Capacity
from service.web.connections import Connections
from service.web.cross_site import cors
from service.web.health import HEALTH_ROUTES
from service.web.metrics import METRICS_ROUTES, at_its_own_port
from service.web.uploads import UPLOAD_ROUTES

log = structlog.get_logger()


def create_app(
    settings: Settings | None = None,
    on_first_key: Callable[[str], None] | None = None,
    stop: Stop | None = None,
) -> Starlette:
    """The service. Without settings they come from the environment.

    `on_first_key` gets the key that is made where there is none yet; without it none is made.
    `stop` is told when the service is to stop.
    """

    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
        configure(chosen)
        try:
            check_exposure(chosen)
            async with _watched(chosen) as telemetry, open_store(chosen, telemetry) as store:
                log.info("store_ready", store=store.name)
                services = make_services(chosen, store, stop, telemetry)
                connections = Connections(chosen)
                authenticator = await _authenticator(services, on_first_key)
                async with (
                    _in_background(services.registry.keeper.run()),
                    _in_background(connections.watch()),
                ):
                    yield {
                        "telemetry": telemetry,
                        "settings": chosen,
                        "connections": connections,
                        "database": store.database,
                        "authenticator": authenticator,
                        "rates": services.rates,
                        "capacity": Capacity(chosen),
                        "uploads": services.uploads,
                        "trail": services.trail,
                        "graphql": GraphQLEndpoint(services),
                    }
        except StartError as error:
            app.state.start_error = error
            raise

    return Starlette(
        routes=[
            Route("/graphql", _PageOrGraphQL()),
            Route("/", lambda _: RedirectResponse("/graphql")),
            *page_routes(),
            *UPLOAD_ROUTES,
            *HEALTH_ROUTES,
            *METRICS_ROUTES,
        ],
        middleware=[Middleware(AccessLog), *cors(chosen.cors_origins)],
        lifespan=lifespan,
    )


async def _authenticator(
    services: Services, on_first_key: Callable[[str], None] | None
) -> Keyring | None:
    """None where the service runs without keys. Raises StartError."""
    if not services.settings.require_keys:
        return None
    keyring = Keyring(services.keys)
    if on_first_key is None:
        return keyring
    made = await first_key(services.settings, keyring)
    if made is not None:
        await services.trail.note(Action.KEY, NOWHERE, about=made.public_id)
        on_first_key(str(made))
    return keyring


@asynccontextmanager
async def _watched(settings: Settings) -> AsyncIterator[Telemetry]:
    """What watches the service, from before its store is opened until it is closed."""
    telemetry = Telemetry.of(settings)
    metrics, traces = telemetry.metrics, telemetry.traces
    async with AsyncExitStack() as stack:
        if traces is not None:
            stack.push_async_callback(asyncio.to_thread, traces.end)
        if metrics is not None:
            await stack.enter_async_context(_in_background(metrics.watch_loop()))
            await stack.enter_async_context(at_its_own_port(settings, metrics))
        yield telemetry


@asynccontextmanager
async def _in_background(doing: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """It is done beside what is done inside, and ends with it."""
    task = asyncio.create_task(doing)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class _PageOrGraphQL:
    """Browsers that open the address get GraphiQL, everybody else GraphQL."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if wants_page(Request(scope)):
            await page_response()(scope, receive, send)
        else:
            await scope["state"]["graphql"](scope, receive, send)


def make_services(
    settings: Settings,
    store: Store,
    stop: Stop | None = None,
    telemetry: Telemetry = SILENT,
) -> Services:
    """What the GraphQL resolvers use, on a store that is open."""
    rules = ReadingRules(
        zone=settings.zone,
        phone_check=settings.phone_check,
        company=settings.company,
        max_company_fields=settings.max_company_fields,
    )
    trail = Trail(
        AuditLog(store.database), timedelta(days=settings.audit_days), settings.audit_reads
    )
    return Services(
        settings=settings,
        trail=trail,
        keys=ApiKeys(store.database),
        rules=rules,
        customers=store.customers,
        uploads=reported(
            Uploads(
                store.customers,
                store.digester,
                rules,
                Limits.of(settings),
                registry=store.company_fields,
            ),
            store.reports,
            trail,
            timedelta(hours=settings.idempotency_hours),
            stop or Stop(settings.shutdown_timeout),
            is_alone=settings.mongodb_uri is None,
            telemetry=telemetry,
        ),
        sealer=Sealer(store.digester.derive("cursors and ids")),
        digest=store.digester.digest,
        segments=SegmentSaving(SegmentReader(store.segments, shape_against(core_schema))),
        registry=make_registry(
            store.database, store.company_fields, settings.zone, settings.company
        ),
        rates=make_rates(settings, RateLimits(store.database)),
    )
