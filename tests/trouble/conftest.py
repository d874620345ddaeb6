"""The service, a process of its own, on a store that a proxy stands before."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.running import Service
from tests.trouble.proxy import Proxy, passing, proxied
from tests.trouble.served import Served, port_of

LONG = "60"
"""Seconds that an operation has: more than any test waits."""


@pytest_asyncio.fixture(scope="module")
async def running(
    embedded_uri: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    async with proxied(port_of(embedded_uri)) as proxy:
        service = Service(
            tmp_path_factory.mktemp("trouble") / "data",
            ["--port", "0"],
            MONGODB_URI=proxy.address,
            CUSTOMER_GRAPH_DATABASE=f"test_{secrets.token_hex(6)}",
            CUSTOMER_GRAPH_CLAIMS_KEY="k" * 32,
            CUSTOMER_GRAPH_STORE_TIMEOUT=LONG,
            CUSTOMER_GRAPH_QUERY_TIMEOUT=LONG,
        )
        await asyncio.to_thread(service.start)
        async with Served(service, proxy) as served:
            yield served
        assert 0 == await asyncio.to_thread(service.stop)


@pytest_asyncio.fixture
async def served(running: Served) -> AsyncIterator[Served]:
    """The service with a store that is well, before and after."""
    await running.until_ready()
    yield running
    running.proxy.rule = passing


@pytest.fixture
def proxy(served: Served) -> Proxy:
    return served.proxy
