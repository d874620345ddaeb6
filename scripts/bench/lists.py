#!/usr/bin/env python
"""A filtered, ordered page of 100 customers through HTTP, against a bare route that asks the same.

    .venv/bin/python scripts/bench/lists.py [CUSTOMERS]

The first page and the five-hundredth (or the last full one), of made-up people. On the embedded
store, or on MONGODB_URI. CPU is the server process's own; the store is another.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx2
from filled import ENVIRONMENT, filled
from lists_rival import SELECTED
from measuring import Contender, race, server
from rich.console import Console

from service.customers.fields import camel

PAGE, DEEP, LARGE, ROUNDS, REQUESTS = 100, 49_900, 1000, 5, 8
"""DEEP: customers before the deep page. LARGE: of the pages that lead there."""
QUERY = """
query Page($where: CustomerWhere, $orderBy: [CustomerOrder!], $first: Int!, $after: String) {
  customers(where: $where, orderBy: $orderBy, first: $first, after: $after) {
    nodes { FIELDS }
    pageInfo { endCursor hasNextPage }
  }
}""".replace("FIELDS", " ".join(map(camel, SELECTED)))
SERVE = [sys.executable, str(Path(__file__).with_name("serving.py"))]
PATIENT = {"CUSTOMER_GRAPH_QUERY_TIMEOUT": "60", "CUSTOMER_GRAPH_STORE_TIMEOUT": "60"}
PROGRAM = Path(sys.executable).with_name("customer-graph")

LISTS: dict[str, tuple[dict[str, Any], list[dict[str, str]], dict[str, Any], str]] = {
    "given an e-mail, by name": (
        {"email": {"exists": True}},
        [{"lastName": "ASC"}],
        {"state": "live", "email": {"$ne": None}},
        "last_name",
    ),
    "who may be mailed, latest login first": (
        {"canEmail": {"eq": True}, "lastLogin": {"exists": True}},
        [{"lastLogin": "DESC"}],
        {"state": "live", "can_email": True, "last_login": {"$ne": None}},
        "-last_login",
    ),
}
"""Conditions and order as we take them, and as MongoDB does."""


def asks(where: Any, order: Any, after: str | None, first: int = PAGE) -> Any:
    variables = {"where": where, "orderBy": order, "first": first, "after": after}
    body = {"query": QUERY, "variables": variables}
    return lambda client, address: client.post(f"{address}/graphql", json=body)


def asks_bare(where: Any, sort: str, after: Any) -> Any:
    given = {"where": json.dumps(where), "sort": sort, "first": PAGE, "after": json.dumps(after)}
    return lambda client, address: client.get(f"{address}/page", params=given)


def deep(client: httpx2.Client, address: str, where: Any, order: Any, sort: str) -> Any:
    """The cursor before the deep page, and the place of it as the bare route takes it. Of a list
    that is too short, the deep page is the last full one."""
    cursor, before, last = None, 0, None
    while before < DEEP:
        page = asks(where, order, cursor, min(LARGE, DEEP - before))(client, address).json()
        found = page["data"]["customers"]
        if not found["pageInfo"]["hasNextPage"]:
            break
        before += len(found["nodes"])
        cursor, last = found["pageInfo"]["endCursor"], found["nodes"][-1]
    assert last
    return cursor, [last[camel(sort.removeprefix("-"))], last["id"]]


def compare(uri: str, customers: int) -> None:
    console = Console(width=160, highlight=False)
    with (
        server([*SERVE, "lists_rival:bare"], uri) as bare,
        server([str(PROGRAM), "serve", "--port", "0"], uri, **ENVIRONMENT, **PATIENT) as ours,
        httpx2.Client(timeout=60) as client,
    ):
        console.print(f"| {customers:,} customers | CPU a page | to bare | time a page | to bare |")
        console.print("|---|---|---|---|---|")
        for name, (where, order, filter_, sort) in LISTS.items():
            place = deep(client, ours[0], where, order, sort)
            for page, (cursor, after) in {"first": (None, None), "deep": place}.items():
                rivals = [
                    Contender("bare", *bare, asks_bare(filter_, sort, after)),
                    Contender(f"{name}, {page} page", *ours, asks(where, order, cursor)),
                ]
                check(client, rivals)
                race(rivals, ROUNDS, REQUESTS, 1)
                console.print(rivals[0].row([rivals[0]]))
                console.print(rivals[1].row([rivals[0]]))


def check(client: httpx2.Client, rivals: list[Contender]) -> None:
    """Both show the same customers."""
    bare, ours = (one.ask(client, one.address).json() for one in rivals)
    nodes = ours["data"]["customers"]["nodes"]
    assert [one["id"] for one in nodes] == [one["_id"] for one in bare]


async def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    async with filled(customers) as uri:
        await asyncio.to_thread(compare, uri, customers)


asyncio.run(main())
