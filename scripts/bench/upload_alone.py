#!/usr/bin/env python
"""What an upload costs in one process, with no store, driver or HTTP: for machines that are busy.

    .venv/bin/python scripts/bench/upload_alone.py

From the bytes of a body to those of the answer; the store knows nobody, and encodes each update.
"""

import asyncio
import gc
import time
from collections.abc import Iterable, Sequence
from itertools import count
from statistics import median
from zoneinfo import ZoneInfo

import bson
import orjson
import structlog
from rich.console import Console
from twenty_fields import person
from unavoidable import cost

from service.customers.digests import Digester
from service.customers.identity import Write
from service.customers.records import Record
from service.customers.values import ReadingRules
from service.store.customers import BULK
from service.store.updates import update_of
from service.uploads.upload import Limits, Uploads
from service.web.formats.json_body import JsonBody
from service.web.uploads import report_json

ROUNDS = 9
SIZES = {100: 10, 1000: 1, 10_000: 1}
"""Rows of an upload, and how many such uploads make a round."""


class Encoding:
    """A store that knows nobody and keeps nothing but what it would send."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        list(digests)
        return []

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        for start in range(0, len(writes), BULK):
            updates = [update_of(write) for write in writes[start : start + BULK]]
            self.sent += [
                bson.encode({"q": one._filter, "u": one._doc, "upsert": True}) for one in updates
            ]
        return []

    async def settle(self) -> None:
        """Nobody loses here."""


RULES = ReadingRules(zone=ZoneInfo("UTC"))
LIMITS = Limits(10_000, 25, 200, frozenset())
NUMBERS = count()


async def upload(body: bytes, store: Encoding) -> None:
    rows = JsonBody(10_000)
    rows.feed(body)
    report = await Uploads(store, Digester(b"k" * 32), RULES, LIMITS).upload(rows.close().rows)
    assert all(result.status == "CREATED" for result in report.results)
    orjson.dumps(report_json(report))


def measured(size: int, uploads: int) -> tuple[float, float]:
    """Microseconds of CPU a row, and those that can't be avoided."""
    people = [[person(next(NUMBERS)) for _ in range(size)] for _ in range(uploads)]
    bodies = [orjson.dumps({"customers": rows}) for rows in people]
    store = Encoding()
    gc.collect()
    begun = time.process_time()
    for body in bodies:
        asyncio.run(upload(body, store))
    spent = (time.process_time() - begun) / (size * uploads) * 1e6
    updates = [bson.decode(one) for one in store.sent]
    documents = [{**one["u"]["$set"], "_id": one["q"]["_id"]} for one in updates]
    return spent, cost([row for rows in people for row in rows], documents)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    gc.freeze()
    gc.set_threshold(100_000)  # as the service
    found = {size: [measured(size, SIZES[size]) for _ in range(ROUNDS)] for size in SIZES}
    console = Console(width=120, highlight=False)
    console.print(f"| rows an upload | CPU a row | unavoidable | ratio |\n|{'---|' * 4}")
    for size, spent in found.items():
        ours, least = map(median, zip(*spent, strict=True))
        ratio = median(one / other for one, other in spent)
        console.print(f"| {size} | {ours:.0f} µs | {least:.0f} µs | {ratio:.2f} |")


main()
