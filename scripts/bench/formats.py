#!/usr/bin/env python
"""Uploads in each format, in CPU of the service a row, and how long a large body holds others up.

    .venv/bin/python scripts/bench/formats.py

On the embedded store, or on MONGODB_URI. CPU is the service's own; the store is another process.
"""

import asyncio
import csv
import gc
import gzip
import io
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import orjson
from measuring import Contender, race, server
from rich.console import Console
from starlette.requests import Request
from twenty_fields import person

from service.settings import Settings
from service.store.embedded import EmbeddedStore
from service.web.json_text import decode_json
from service.web.sent_rows import read_rows

ROWS, ROUNDS, REQUESTS, LARGE = 1000, 9, 4, 16 * 2**20
PART = 64 * 1024
PROGRAM = Path(sys.executable).with_name("customer-graph")
KEY = "a key for this benchmark, not a secret"
SETTINGS = Settings()
console = Console(width=160, highlight=False)


@dataclass(frozen=True)
class Body:
    """One way to write the rows."""

    name: str
    media_type: str
    content: bytes
    encoding: str = "identity"

    @property
    def headers(self) -> dict[str, str]:
        return {"content-type": self.media_type, "content-encoding": self.encoding}


def table(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows([map(cell, one.values()) for one in rows])
    return text.getvalue().encode()


def cell(value: object) -> str:
    if isinstance(value, list):
        return "|".join(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def bodies(rows: list[dict[str, Any]]) -> list[Body]:
    json, lines, cells = orjson.dumps(rows), b"\n".join(map(orjson.dumps, rows)), table(rows)
    utf_16 = cells.decode().encode("utf-16")
    return [
        Body("JSON", "application/json", json),
        Body("NDJSON", "application/x-ndjson", lines),
        Body("CSV", "text/csv", cells),
        Body("CSV in UTF-16", "text/csv", utf_16),
        Body("JSON, gzip", "application/json", gzip.compress(json), "gzip"),
        Body("CSV, gzip", "text/csv", gzip.compress(cells), "gzip"),
    ]


def sent(body: Body) -> Request:
    """As the server hands it on."""
    parts = iter([body.content[at : at + PART] for at in range(0, len(body.content), PART)])

    async def receive() -> dict[str, Any]:
        part = next(parts, b"")
        return {"type": "http.request", "body": part, "more_body": bool(part)}

    headers = [(name.encode(), value.encode()) for name, value in body.headers.items()]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def reading(written: list[Body]) -> dict[str, float]:
    """Microseconds of CPU that it takes to have a row, before any rule is asked."""
    taken: dict[str, list[float]] = {body.name: [] for body in written}
    for _ in range(ROUNDS * 3):
        for body in written:
            begun = time.thread_time()
            rows = (await read_rows(sent(body), SETTINGS)).rows
            taken[body.name].append((time.thread_time() - begun) / len(rows) * 1e6)
    return {name: median(times) for name, times in taken.items()}


def post(body: Body, client: httpx2.Client, address: str) -> httpx2.Response:
    return client.post(
        f"{address}/api/customers/upload/", content=body.content, headers=body.headers
    )


def uploading(uri: str, written: list[Body]) -> list[Contender]:
    """Through HTTP, rows that change nothing: what differs is the format."""
    names = {"CUSTOMER_GRAPH_DATABASE": "bench", "CUSTOMER_GRAPH_CLAIMS_KEY": KEY}
    with server([str(PROGRAM), "serve", "--port", "0"], uri, **names) as ours:
        contenders = [Contender(body.name, *ours, partial(post, body)) for body in written]
        race(contenders, ROUNDS, REQUESTS, 1)
    return contenders


async def longest_hold(body: Body) -> float:
    """Milliseconds of CPU that others had to wait at most while the body was read."""
    longest, is_read = 0.0, False

    async def others() -> None:
        nonlocal longest
        while not is_read:
            begun = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - begun)

    waiting = asyncio.create_task(others())
    await asyncio.sleep(0)
    rows = (await read_rows(sent(body), SETTINGS)).rows
    is_read = True
    await waiting
    assert rows
    return longest * 1000


def large(size: int) -> list[dict[str, Any]]:
    """As many rows as an upload may have, of so many bytes as JSON."""
    rows = [person(number) for number in range(SETTINGS.max_upload_rows)]
    more = (size - len(orjson.dumps(rows))) // len(rows) // 10
    text = {f"A__text{number}": "x" * (more - 15) for number in range(10)}
    return [one | text for one in rows]


def one_row() -> list[Body]:
    """Nearly 16 MiB that no row ends in, which is the worst that can be sent."""
    members = b",".join([b'{"a":1}'] * (LARGE // 8 - 10))
    return [
        Body("JSON", "application/json", b'[{"A__x":[%b]}]' % members),
        Body("JSON, a lone surrogate", "application/json", b'[["\\ud800",%b]]' % members),
        Body("NDJSON", "application/x-ndjson", b'{"A__x":[%b]}' % members),
        Body("CSV, separators", "text/csv", b"external_id\n" + b"," * (LARGE - 20)),
        Body("CSV, quotes", "text/csv", b"external_id\n" + b'"\n",' * (LARGE // 4 - 10)),
    ]


def decoding(body: Body) -> float:
    """Milliseconds of CPU to decode it at once."""
    begun = time.thread_time()
    rows = decode_json(body.content)
    taken = time.thread_time() - begun
    assert rows
    return taken * 1000


def show_holds(at_once: float, holds: dict[str, float]) -> None:
    console.print("\n| 16 MiB | longest hold |\n|---|---|")
    console.print(f"| 10,000 rows of JSON, if they were decoded at once | {at_once:.0f} ms |")
    for name, hold in holds.items():
        console.print(f"| one single row, {name} | {hold:.0f} ms |")


def show(read: dict[str, float], contenders: list[Contender], holds: dict[str, float]) -> None:
    columns = ["reading a row", "to JSON", "CPU of the service a row", "to JSON", "longest hold"]
    console.print(f"| 1,000 rows × 20 fields | {' | '.join(columns)} |")
    console.print(f"|{'---|' * 6}")
    first = contenders[0]
    for one in contenders:
        ratio = median(ours / json for ours, json in zip(one.cpu, first.cpu, strict=True))
        console.print(
            f"| {one.name} | {read[one.name]:.1f} µs | {read[one.name] / read['JSON']:.1f} "
            f"| {median(one.cpu) / ROWS * 1000:.0f} µs | {ratio:.2f} | {holds[one.name]:.1f} ms |"
        )


async def main() -> None:
    written, heavy = bodies([person(number) for number in range(ROWS)]), bodies(large(LARGE))
    heavy[3] = bodies(large(LARGE // 2))[3]  # which takes two bytes a character
    gc.collect()
    gc.freeze()  # what is made here is not what the service would have to look through
    read = await reading(written)
    holds = {body.name: median([await longest_hold(body) for _ in range(5)]) for body in heavy}
    worst = {body.name: median([await longest_hold(body) for _ in range(3)]) for body in one_row()}
    at_once = median(decoding(heavy[0]) for _ in range(5))
    with tempfile.TemporaryDirectory() as directory:
        embedded = EmbeddedStore(Path(directory))
        uri = os.environ.get("MONGODB_URI") or await embedded.start()
        contenders = await asyncio.to_thread(uploading, uri, written)
        await embedded.stop()
    show(read, contenders, holds)
    show_holds(at_once, worst)


asyncio.run(main())
