#!/usr/bin/env python
"""Uploads over HTTP: CPU against what no upload can do without, time against the bare driver.

    .venv/bin/python scripts/bench/upload.py

On the embedded store, or on MONGODB_URI. CPU is the service process's own; the store is another.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import orjson
from measuring import cpu_seconds, idle_shares, server
from pymongo import MongoClient, UpdateOne, WriteConcern
from rich.console import Console
from twenty_fields import person, typed
from unavoidable import cost, creation

from service.settings import Settings
from service.store.database import ensure_indexes
from service.store.documents import EMBEDDED_INDEXES, IDENTITY_INDEXES, READING_INDEXES
from service.store.embedded import EmbeddedStore
from service.store.opening import open_store

ROWS, ROUNDS = 1000, 9
SIZES = {1: 40, 10: 12, 100: 8, 1000: 3, 10_000: 1}
"""Rows of an upload, and how many such uploads are measured."""
DATABASE, BARE = "bench", "bare"
KEY = "a key for this benchmark, not a secret"
PROGRAM = Path(sys.executable).with_name("customer-graph")
COUNTS = "counts { created updated unchanged rejected }"
MUTATION = f"""mutation($rows: [CustomerInput!]!) {{ uploadCustomers(customers: $rows) {{ uploadId
  {COUNTS} results {{ index status matchedBy customerIds
    errors {{ code field message suggestion }} }} }} }}"""
Row = dict[str, Any]
Spent = tuple[float, float]
"""Microseconds a row: of CPU, and of time."""


class Service:
    """The running service, and how rows are put to it."""

    def __init__(self, address: str, pid: int) -> None:
        self._client = httpx2.Client(base_url=address, timeout=600)
        self._pid = pid
        (self._idle,) = idle_shares([pid])

    def documents(self, rows: Sequence[Row], **ended: int) -> Spent:
        body = orjson.dumps({"customers": rows})
        spent, answer = self._send("/api/customers/upload/", body, len(rows))
        assert ended.items() <= answer["counts"].items(), answer["counts"]
        return spent

    def typed(self, rows: Sequence[Row], **ended: int) -> Spent:
        variables = {"rows": [typed(row) for row in rows]}
        body = orjson.dumps({"query": MUTATION, "variables": variables})
        spent, answer = self._send("/graphql", body, len(rows))
        counts = answer["data"]["uploadCustomers"]["counts"]
        assert ended.items() <= counts.items(), counts
        return spent

    def _send(self, path: str, body: bytes, rows: int) -> tuple[Spent, Any]:
        cpu, wall = cpu_seconds(self._pid), time.perf_counter()
        answer = self._client.post(path, content=body, headers={"content-type": "application/json"})
        wall = time.perf_counter() - wall
        cpu = cpu_seconds(self._pid) - cpu - wall * self._idle
        assert answer.status_code == 200, answer.text
        return (cpu / rows * 1e6, wall / rows * 1e6), answer.json()


class Bench:
    def __init__(self, service: Service, uri: str) -> None:
        self.service = service
        client: MongoClient[Row] = MongoClient(uri)
        concern = WriteConcern(w="majority", j=True)
        self.stored = client[DATABASE]["customers"]
        self.bare = client[BARE].get_collection("customers", write_concern=concern)
        self.numbers = count()
        self.found: dict[str, list[Spent]] = defaultdict(list)

    def people(self, rows: int = ROWS) -> list[Row]:
        """Nobody was there before."""
        return [person(next(self.numbers)) for _ in range(rows)]

    def round(self) -> None:
        rows = self.people()
        self.found["documents"].append(self.service.documents(rows, created=ROWS))
        self.found["unavoidable"].append((self.unavoidable(rows), 0))
        self.found["bare driver"].append((0, self.write_bare(rows)))
        self.found["the same again"].append(self.service.documents(rows, unchanged=ROWS))
        self.found["typed"].append(self.service.typed(self.people(), created=ROWS))
        self.found["a tenth shares an e-mail"].append(
            self.service.documents(sharing(self.people()), created=ROWS)
        )

    def as_stored(self, rows: Sequence[Row]) -> list[Row]:
        wanted = [row["external_id"] for row in rows]
        return list(self.stored.find({"external_id": {"$in": wanted}}))

    def unavoidable(self, rows: Sequence[Row]) -> float:
        return cost(rows, self.as_stored(rows))

    def write_bare(self, rows: Sequence[Row]) -> float:
        """Microseconds a row for the same operations, in a collection with the same indexes."""
        made = [creation(document) for document in self.as_stored(rows)]
        operations = [UpdateOne(one["q"], one["u"], upsert=True) for one in made]
        begun = time.perf_counter()
        self.bare.bulk_write(operations, ordered=False)
        return (time.perf_counter() - begun) / len(rows) * 1e6

    def size(self, rows: int, uploads: int) -> Spent:
        spent = [self.service.documents(self.people(rows), created=rows) for _ in range(uploads)]
        cpu, wall = map(median, zip(*spent, strict=True))
        return cpu, wall


def sharing(rows: list[Row]) -> list[Row]:
    """A tenth of them, spread out, have the e-mail address of the row before them."""
    return [
        {**row, "email": rows[place - 1]["email"]} if place % 10 == 9 else row
        for place, row in enumerate(rows)
    ]


def ratio(bench: Bench, which: int, one: str, other: str) -> str:
    """The median of those of the rounds."""
    pairs = zip(bench.found[one], bench.found[other], strict=True)
    return f"{median(a[which] / b[which] for a, b in pairs):.2f}"


def show(bench: Bench, console: Console) -> None:
    console.print(
        f"| {ROWS} rows × 20 fields | CPU a row | to unavoidable | to documents | time a row | to "
        f"bare | to documents |\n|{'---|' * 7}"
    )
    for what, spent in bench.found.items():
        cpu, wall = map(median, zip(*spent, strict=True))
        cells = (
            ["", "", ""]
            if not cpu
            else [f"{cpu:.0f} µs"]
            + [ratio(bench, 0, what, other) for other in ("unavoidable", "documents")]
        )
        cells += (
            ["", "", ""]
            if not wall
            else [f"{wall:.0f} µs"]
            + [ratio(bench, 1, what, other) for other in ("bare driver", "documents")]
        )
        console.print(f"| {what} | {' | '.join(cells)} |")


def compare(uri: str) -> None:
    console = Console(width=160, highlight=False)
    environment = {
        "CUSTOMER_GRAPH_DATABASE": DATABASE,
        "CUSTOMER_GRAPH_CLAIMS_KEY": KEY,
        "CUSTOMER_GRAPH_STORE_TIMEOUT": "60",  # a machine that does other work too ends no run
    }
    with server([str(PROGRAM), "serve", "--port", "0"], uri, **environment) as running:
        bench = Bench(Service(*running), uri)
        bench.round()  # to warm up
        bench.found.clear()
        for _ in range(ROUNDS):
            bench.round()
        show(bench, console)
        console.print(f"\n| rows an upload | CPU a row | time a row |\n|{'---|' * 3}")
        for rows, uploads in SIZES.items():
            cpu, wall = bench.size(rows, uploads)
            console.print(f"| {rows} | {cpu:.0f} µs | {wall:.0f} µs |")


async def prepare(uri: str) -> None:
    """Both collections alike, whatever store it is."""
    for name in (DATABASE, BARE):
        settings = Settings(mongodb_uri=uri, database=name, claims_key=KEY)
        async with open_store(settings) as store:
            customers = store.database.customers
            await ensure_indexes(customers, [*IDENTITY_INDEXES, *READING_INDEXES])
            await ensure_indexes(customers, EMBEDDED_INDEXES)


async def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        embedded = EmbeddedStore(Path(directory))
        uri = os.environ.get("MONGODB_URI") or await embedded.start()
        await prepare(uri)
        await asyncio.to_thread(compare, uri)
        await embedded.stop()


asyncio.run(main())
