"""The stores that tests run on, chosen by one parametrised fixture.

`embedded` is a real server that speaks MongoDB's wire protocol, `mock` is mongomock-motor, and
`mongodb` the server of MONGODB_URI, where that is set.
"""

import os
import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import settings

from service.store.company_fields import CompanyFields
from service.store.customers import Customers
from service.store.database import Database, ensure_indexes, ensure_validator, open_database
from service.store.documents import (
    DOCUMENTS,
    EMBEDDED_INDEXES,
    IDENTITY_INDEXES,
    READING_INDEXES,
    SEGMENT_INDEXES,
    UPLOAD_INDEXES,
    VALIDATOR,
)
from service.store.embedded import EmbeddedStore
from service.store.reports import Reports
from service.store.segments import Segments
from service.uploads.upload import Limits, Uploads
from tests.mock import mock_client
from tests.uploads.making import DIGESTER, KEEPS, uploads_on

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")

TIMEOUT = 10.0
STORES = ["embedded", "mock", *(["mongodb"] if "MONGODB_URI" in os.environ else [])]


@pytest_asyncio.fixture(scope="session")
async def embedded_uri(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One embedded store for the whole run; each test has a database of its own."""
    embedded = EmbeddedStore(tmp_path_factory.mktemp("embedded"), cache_size="128M")
    yield await embedded.start()
    await embedded.stop()


@pytest.fixture(params=STORES)
def store_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store_uri(store_name: str, request: pytest.FixtureRequest) -> str | None:
    """None for the store in memory, which has no address."""
    if store_name == "embedded":
        return str(request.getfixturevalue("embedded_uri"))
    return os.environ["MONGODB_URI"] if store_name == "mongodb" else None


@pytest_asyncio.fixture
async def database(store_uri: str | None) -> AsyncIterator[Database]:
    """An empty database on each store."""
    name = f"test_{secrets.token_hex(6)}"
    if store_uri is None:
        yield Database(mock_client(), name, timeout=TIMEOUT)
        return
    database = await open_database(store_uri, name, timeout=TIMEOUT, models=DOCUMENTS)
    yield database
    await database.client.drop_database(name)
    await database.close()


@pytest_asyncio.fixture
async def customers(database: Database, store_name: str) -> Customers:
    """The collection as the service has it when it serves."""
    if store_name != "mock":  # which has no validators
        await ensure_validator(database, "customers", VALIDATOR)
    declared = [*IDENTITY_INDEXES, *READING_INDEXES]
    declared += EMBEDDED_INDEXES if store_name == "embedded" else []
    await ensure_indexes(database.customers, declared)
    return Customers(database, DIGESTER)


@pytest_asyncio.fixture
async def reports(database: Database, store_name: str) -> Reports:
    """The collection as the service has it when it serves."""
    declared = [*UPLOAD_INDEXES, *(EMBEDDED_INDEXES if store_name == "embedded" else [])]
    await ensure_indexes(database.uploads, declared)
    return Reports(database)


@pytest_asyncio.fixture
async def segments(database: Database) -> Segments:
    """The collection as the service has it when it serves."""
    await ensure_indexes(database.segments, SEGMENT_INDEXES)
    return Segments(database)


@pytest.fixture
def company_fields(database: Database) -> CompanyFields:
    """The registry, empty at first."""
    return CompanyFields(database)


@pytest.fixture
def uploads(customers: Customers) -> Uploads:
    limits = Limits(rows=10_000, holders=25, company_fields=200, keeps=KEEPS)
    return uploads_on(customers, limits=limits)
