"""An endpoint on each store, and one on the store in memory where the store does not matter."""

import secrets
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import pytest_asyncio

from graphql_schema import errors
from service.store.customers import Customers
from service.store.database import Database, ensure_indexes
from service.store.documents import IDENTITY_INDEXES, SEGMENT_INDEXES
from service.store.segments import Segments
from tests.graphql.asking import Graph, graph_on
from tests.mock import mock_client
from tests.uploads.making import DIGESTER


@pytest_asyncio.fixture
async def graph(customers: Customers, segments: Segments) -> AsyncIterator[Graph]:
    """The endpoint on each store."""
    async with graph_on(customers) as graph:
        yield graph


@pytest_asyncio.fixture
async def in_memory() -> Customers:
    """An empty store that needs no server."""
    database = Database(mock_client(), f"test_{secrets.token_hex(6)}", timeout=10)
    await ensure_indexes(database.customers, IDENTITY_INDEXES)
    await ensure_indexes(database.segments, SEGMENT_INDEXES)
    return Customers(database, DIGESTER)


@pytest_asyncio.fixture
async def quick(in_memory: Customers) -> AsyncIterator[Graph]:
    """The endpoint on a store in memory."""
    async with graph_on(in_memory) as graph:
        yield graph


@pytest.fixture
def one_error_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Masked errors have ids that are random; answers that are compared all have this one."""
    monkeypatch.setattr(errors, "secrets", SimpleNamespace(token_hex=lambda _: "00"))
    monkeypatch.setattr(errors, "tell_internal_error", lambda *_: None)
