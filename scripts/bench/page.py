#!/usr/bin/env python
"""A page of 100 customers of 20 fields through HTTP, against a bare route and stock Strawberry.

    .venv/bin/python scripts/bench/page.py

On the embedded store, or on MONGODB_URI. CPU is the server process's own; the store is another.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import httpx2
from measuring import Contender, race, server
from page_rivals import DATABASE, FIELDS
from rich.console import Console
from twenty_fields import person

from graphql_schema.app import make_services
from service.customers.fields import camel
from service.settings import Settings
from service.store.embedded import EmbeddedStore
from service.store.opening import open_store

PAGE, CUSTOMERS, ROUNDS, REQUESTS = 100, 300, 15, 60
SELECTED = " ".join(map(camel, FIELDS))
QUERY = f"query Page($first: Int!) {{ customers(first: $first) {{ nodes {{ {SELECTED} }} }} }}"
SERVE = [sys.executable, str(Path(__file__).with_name("serving.py"))]
PROGRAM = Path(sys.executable).with_name("customer-graph")
KEY = "a key for this benchmark, not a secret"


async def fill(uri: str) -> None:
    settings = Settings(mongodb_uri=uri, database=DATABASE, claims_key=KEY)
    async with open_store(settings) as store:
        report = await make_services(settings, store).uploads.upload(
            [person(number) for number in range(CUSTOMERS)]
        )
        assert not any(result.faults for result in report.results), "a row was refused"


def ask_bare(client: httpx2.Client, address: str) -> httpx2.Response:
    return client.get(f"{address}/page", params={"first": PAGE})


def ask_graphql(client: httpx2.Client, address: str) -> httpx2.Response:
    body = {"query": QUERY, "variables": {"first": PAGE}}
    return client.post(f"{address}/graphql", json=body)


def ask_stock(client: httpx2.Client, address: str) -> httpx2.Response:
    body = {"query": QUERY, "variables": {"first": PAGE}}
    return client.post(f"{address}/graphql/", json=body)


def check(contenders: list[Contender]) -> None:
    """They answer alike: the same customers, the same values."""
    with httpx2.Client(timeout=60) as client:
        bare, ours, stock = (one.ask(client, one.address).json() for one in contenders)
    nodes = ours["data"]["customers"]["nodes"]
    assert len(nodes) == len(bare) == PAGE
    assert [one["externalId"] for one in nodes] == [one["external_id"] for one in bare]
    theirs = stock["data"]["customers"]["nodes"]
    for one, other in zip(nodes, theirs, strict=True):
        moments = {"dateJoined", "lastLogin"}  # which stock Strawberry writes in another way
        assert all(one[name] == other[name] for name in one.keys() - moments)


def compare(uri: str) -> None:
    environment = {
        "CUSTOMER_GRAPH_DATABASE": DATABASE,
        "CUSTOMER_GRAPH_CLAIMS_KEY": KEY,
    }
    with (
        server([*SERVE, "page_rivals:bare"], uri) as bare,
        server([str(PROGRAM), "serve", "--port", "0"], uri, **environment) as ours,
        server([*SERVE, "page_rivals:stock"], uri) as stock,
    ):
        contenders = [
            Contender("Starlette, Motor, orjson", *bare, ask_bare),
            Contender("Customer Graph", *ours, ask_graphql),
            Contender("Strawberry over Beanie", *stock, ask_stock),
        ]
        check(contenders)
        for at_once in (1, 8):
            race(contenders, ROUNDS, REQUESTS, at_once)
            show(contenders, at_once)


def show(contenders: list[Contender], at_once: int) -> None:
    console = Console(width=160, highlight=False)
    columns = ["CPU a page", "to bare", "to stock", "time a page", "to bare", "to stock"]
    console.print(f"| 100 customers × 20 fields, {at_once} at once | {' | '.join(columns)} |")
    console.print(f"|{'---|' * 7}")
    for contender in contenders:
        console.print(contender.row([contenders[0], contenders[2]]))


async def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        embedded = EmbeddedStore(Path(directory))
        uri = os.environ.get("MONGODB_URI") or await embedded.start()
        await fill(uri)
        await asyncio.to_thread(compare, uri)
        await embedded.stop()


if __name__ == "__main__":
    asyncio.run(main())
