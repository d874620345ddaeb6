#!/usr/bin/env python
"""Motor against PyMongo's asynchronous API: 32 concurrent point reads, and 32 concurrent pages.

    .venv/bin/python scripts/bench/driver.py

On the embedded store, or on MONGODB_URI. CPU is that of this process; the store is another.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient
from rich.console import Console

from service.store.embedded import EmbeddedStore

AT_ONCE, READS, PAGES, ROUNDS, DOCUMENTS, PAGE = 32, 3200, 320, 7, 1000, 100
Read = Callable[[Any, int], Awaitable[object]]


async def point(collection: Any, number: int) -> object:
    return await collection.find_one({"_id": number % DOCUMENTS})


async def page(collection: Any, number: int) -> object:
    cursor = collection.find({"_id": {"$gte": number % (DOCUMENTS - PAGE)}}).limit(PAGE)
    return await cursor.to_list(PAGE)


async def measure(collection: Any, read: Read, count: int) -> tuple[float, float]:
    """Microseconds of CPU and of time for one read."""
    numbers = iter(range(count))

    async def reader() -> None:
        for number in numbers:
            await read(collection, number)

    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*(reader() for _ in range(AT_ONCE)))
    spent, passed = time.process_time() - cpu, time.perf_counter() - wall
    return spent / count * 1e6, passed / count * 1e6


async def main() -> None:
    console = Console(width=100)
    with tempfile.TemporaryDirectory() as directory:
        embedded = EmbeddedStore(Path(directory))
        uri = os.environ.get("MONGODB_URI") or await embedded.start()
        clients = {"Motor": AsyncIOMotorClient(uri), "PyMongo async": AsyncMongoClient(uri)}
        collections = {name: client["bench"]["driver"] for name, client in clients.items()}
        filling: Any = collections["Motor"]
        await filling.drop()
        await filling.insert_many(
            [{"_id": n, "name": f"n{n}", "tags": ["a", "b"], "n": n} for n in range(DOCUMENTS)]
        )
        console.print("| 32 at once | driver | CPU a read | time a read |\n|---|---|---|---|")
        for what, read, count in (("point reads", point, READS), ("pages of 100", page, PAGES)):
            found: dict[str, list[tuple[float, float]]] = {name: [] for name in collections}
            for _ in range(ROUNDS):
                for name, collection in collections.items():
                    found[name].append(await measure(collection, read, count))
            for name, pairs in found.items():
                cpu, wall = (median(column) for column in zip(*pairs, strict=True))
                console.print(f"| {what} | {name} | {cpu:.0f} µs | {wall:.0f} µs |")
        await embedded.stop()


asyncio.run(main())
