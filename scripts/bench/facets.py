#!/usr/bin/env python
"""A facet through HTTP, against a bare route that sends the aggregation alone.

    .venv/bin/python scripts/bench/facets.py [CUSTOMERS]

Of made-up people, over fields that are indexed and one that is not. On the embedded store, or on
MONGODB_URI. CPU is the server process's own; the store is another.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx2
from facets_rival import PIPELINES
from filled import ENVIRONMENT, filled
from measuring import Contender, race, server
from rich.console import Console

ROUNDS, REQUESTS = 5, 2
QUERY = """
query Facet($of: [CustomerBuckets!]!) {
  customers { facets(of: $of) { field missing other buckets { value from to count } } }
}"""
SERVE = [sys.executable, str(Path(__file__).with_name("serving.py"))]
PROGRAM = Path(sys.executable).with_name("customer-graph")


def asks(field: str) -> Any:
    body = {"query": QUERY, "variables": {"of": [{field: {}}]}}
    return lambda client, address: client.post(f"{address}/graphql", json=body)


def asks_bare(field: str) -> Any:
    return lambda client, address: client.get(f"{address}/facet", params={"field": field})


def check(client: httpx2.Client, rivals: list[Contender]) -> None:
    """The largest bucket is as large for both, or the latest."""
    rows, answer = (one.ask(client, one.address).json() for one in rivals)
    (facet,) = answer["data"]["customers"]["facets"]
    counts = [one["count"] for one in facet["buckets"]]
    assert set(counts) <= {one["n"] for one in rows}, (counts, rows)


def compare(uri: str, customers: int) -> None:
    console = Console(width=160, highlight=False)
    with (
        server([*SERVE, "facets_rival:bare"], uri) as bare,
        server([str(PROGRAM), "serve", "--port", "0"], uri, **ENVIRONMENT) as ours,
        httpx2.Client(timeout=60) as client,
    ):
        console.print(
            f"| {customers:,} customers | CPU a facet | to bare | time a facet | to bare |"
        )
        console.print("|---|---|---|---|---|")
        for field in PIPELINES:
            rivals = [
                Contender(f"{field}, bare", *bare, asks_bare(field)),
                Contender(field, *ours, asks(field)),
            ]
            check(client, rivals)
            race(rivals, ROUNDS, REQUESTS, 1)
            for one in rivals:
                console.print(one.row([rivals[0]]))


async def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    async with filled(customers) as uri:
        await asyncio.to_thread(compare, uri, customers)


asyncio.run(main())
