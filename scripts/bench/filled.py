"""An embedded store, or MONGODB_URI, filled with made-up people.

To fill one takes minutes: with BENCH_STORE, a directory, it is kept there, and taken up again.
"""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from graphql_schema.app import make_services
from scripts.people import people
from service.settings import Settings
from service.store.database import ensure_indexes
from service.store.documents import EMBEDDED_INDEXES
from service.store.embedded import EmbeddedStore
from service.store.opening import open_store

DATABASE = "bench"
KEY = "a key for this benchmark, not a secret"
ENVIRONMENT = {"CUSTOMER_GRAPH_DATABASE": DATABASE, "CUSTOMER_GRAPH_CLAIMS_KEY": KEY}
"""Of a service on it; `measuring.server` adds the address."""

BATCH = 1000
_WHOLE = "filled"
"""A file that says so."""


@asynccontextmanager
async def filled(customers: int) -> AsyncIterator[str]:
    """The address of a store with so many; what indexes it has are built."""
    with _directory(customers) as directory:
        embedded = EmbeddedStore(directory)
        uri = os.environ.get("MONGODB_URI") or await embedded.start()
        if not (directory / _WHOLE).exists():
            await _fill(uri, customers)
            (directory / _WHOLE).touch()
        yield uri
        await embedded.stop()


@contextmanager
def _directory(customers: int) -> Iterator[Path]:
    if kept := os.environ.get("BENCH_STORE"):
        directory = Path(kept) / str(customers)
        directory.mkdir(parents=True, exist_ok=True)
        yield directory
    else:
        with tempfile.TemporaryDirectory() as made:
            yield Path(made)


async def _fill(uri: str, customers: int) -> None:
    settings = Settings(mongodb_uri=uri, database=DATABASE, claims_key=KEY, store_timeout=60)
    async with open_store(settings) as store:
        await ensure_indexes(store.database.customers, EMBEDDED_INDEXES)
        uploads, rows = make_services(settings, store).uploads, people(seed=1)
        for start in range(0, customers, BATCH):
            await uploads.upload(list(islice(rows, BATCH)))
            print(f"\r{start + BATCH:,} of {customers:,} rows", end="", file=sys.stderr)
    print(file=sys.stderr)
