"""Processes of the service on one real store; how hard they are pressed is in `load`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.store.customers import Customers
from service.store.database import Database
from tests.conftest import STORES
from tests.running import Service

KEY = "k" * 32
"""That of the digests that tests make."""

Serve = Callable[[], Service]


@pytest.fixture(params=[name for name in STORES if name != "mock"])
def store_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def serve(
    customers: Customers, database: Database, store_uri: str, tmp_path: Path
) -> Iterator[Serve]:
    """Starts one more process of the service on the test's database."""
    started: list[Service] = []

    def start() -> Service:
        service = Service(
            tmp_path / f"service{len(started)}",
            ["--port", "0"],
            MONGODB_URI=store_uri,
            CUSTOMER_GRAPH_DATABASE=database.raw.name,
            CUSTOMER_GRAPH_CLAIMS_KEY=KEY,
        )
        started.append(service)
        return service.start()

    yield start
    for service in started:
        if service.process.poll() is None:
            service.stop()
