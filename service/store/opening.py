"""Opens the store that the settings name: the embedded one, or the user's MongoDB."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from service.customers.digests import Digester
from service.errors import StartError, StoreUnavailable
from service.settings import Settings
from service.store.company_fields import CompanyFields
from service.store.customers import Customers
from service.store.database import (
    Database,
    check_claims_key,
    ensure_indexes,
    ensure_validator,
    open_database,
    unreachable,
)
from service.store.directory import claims_key, owners_port
from service.store.documents import (
    AUDIT_INDEXES,
    DOCUMENTS,
    EMBEDDED_INDEXES,
    IDENTITY_INDEXES,
    READING_INDEXES,
    SEGMENT_INDEXES,
    UPLOAD_INDEXES,
    VALIDATOR,
)
from service.store.embedded import EmbeddedStore, address_of
from service.store.failures import StoreDefect
from service.store.migration import is_migrated, migrate
from service.store.observing import listeners
from service.store.reports import Reports
from service.store.sampling import keep_sampling
from service.store.searches import Searches
from service.store.segments import Segments
from service.telemetry.telemetry import SILENT, Telemetry

log = structlog.get_logger()

AGAIN = 10.0
"""Seconds after which a migration that failed is taken up again."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database that is ready: its key is the right one, and what uniqueness rests on stands.

    `name` is for people: where the customers are kept.
    """

    database: Database
    customers: Customers
    reports: Reports
    company_fields: CompanyFields
    segments: Segments
    digester: Digester
    name: str


@asynccontextmanager
async def open_store(settings: Settings, telemetry: Telemetry = SILENT) -> AsyncIterator[Store]:
    """Raises StartError, within seconds, when there is no store to be had."""
    async with AsyncExitStack() as stack:
        if settings.mongodb_uri is None:
            uri, key = await _embedded(settings, stack)
            name = f"the embedded store in {settings.data_dir.absolute()}"
        else:
            uri, key = settings.mongodb_uri.get_secret_value(), _given_key(settings)
            name = f"MongoDB, database {settings.database}"
        database = await open_database(
            uri,
            settings.database,
            timeout=settings.store_timeout,
            query_timeout=settings.query_timeout,
            models=DOCUMENTS,
            listeners=listeners(telemetry),
        )
        stack.push_async_callback(database.close)
        try:
            digester = await prepare(database, key)
            customers = Customers(database, digester)
            customers.searches.is_ready = await is_migrated(database)
        except (StoreUnavailable, StoreDefect) as error:
            raise StartError(unreachable(uri, error)) from None
        if settings.mongodb_uri is None:
            await ensure_indexes(database.customers, EMBEDDED_INDEXES)
            await ensure_indexes(database.uploads, EMBEDDED_INDEXES)
        await stack.enter_async_context(database.watched())
        keeping = asyncio.create_task(_keep(database, customers.searches))
        stack.push_async_callback(_stop, keeping)
        yield Store(
            database=database,
            customers=customers,
            reports=Reports(database),
            company_fields=CompanyFields(database),
            segments=Segments(database),
            digester=digester,
            name=name,
        )


@asynccontextmanager
async def open_beside(settings: Settings) -> AsyncIterator[Database]:
    """The database for a command, whether or not a service runs on it. Raises StartError."""
    async with AsyncExitStack() as stack:
        if settings.mongodb_uri is not None:
            uri = settings.mongodb_uri.get_secret_value()
        elif port := owners_port(settings.data_dir.absolute()):
            uri = address_of(port)
        else:
            uri, _ = await _embedded(settings, stack)
        database = await open_database(uri, settings.database, timeout=settings.store_timeout)
        stack.push_async_callback(database.close)
        try:
            await database.ping()
        except (StoreUnavailable, StoreDefect) as error:
            raise StartError(unreachable(uri, error)) from None
        yield database


async def prepare(database: Database, key: str) -> Digester:
    """What must stand before anything is served: the key, the validator, identity's indexes.

    Of the key the database holds a fingerprint alone.
    """
    digester = Digester(key.encode())
    await check_claims_key(database, digester.derive("fingerprint").hex())
    await ensure_validator(database, "customers", VALIDATOR)
    await ensure_indexes(database.customers, IDENTITY_INDEXES)
    await ensure_indexes(database.segments, SEGMENT_INDEXES)
    return digester


async def _embedded(settings: Settings, stack: AsyncExitStack) -> tuple[str, str]:
    embedded = EmbeddedStore(settings.data_dir)
    stack.push_async_callback(embedded.stop)
    uri = await embedded.start()
    given = settings.claims_key
    return uri, given.get_secret_value() if given else claims_key(settings.data_dir)


def _given_key(settings: Settings) -> str:
    if settings.claims_key is None:
        raise StartError(
            "With MONGODB_URI, CUSTOMER_GRAPH_CLAIMS_KEY must be set: the key of the digests that "
            "keep the forgotten from coming back. Choose it once and keep it safe, apart from the "
            f"database; for a new database, this one would do: {secrets.token_urlsafe(32)}"
        )
    return settings.claims_key.get_secret_value()


async def _keep(database: Database, searches: Searches) -> None:
    """What goes on behind what is served: all works without it, only slower, but searches wait for
    customers who have no tokens yet."""
    await _build_other_indexes(database)
    while not searches.is_ready:
        try:
            await migrate(database)
            searches.is_ready = True
        except (StoreUnavailable, StoreDefect):
            await asyncio.sleep(AGAIN)
    await keep_sampling(database, searches)


async def _build_other_indexes(database: Database) -> None:
    """In the background: all works without them, only slower, and expired reports stay."""
    try:
        await ensure_indexes(database.customers, READING_INDEXES)
        await ensure_indexes(database.uploads, UPLOAD_INDEXES)
        await ensure_indexes(database.audit, AUDIT_INDEXES)
    except StartError as error:
        log.error("indexes_not_built", reason=str(error))


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
