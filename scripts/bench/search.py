#!/usr/bin/env python
"""The search box through HTTP, against reading one customer by its identifier.

    .venv/bin/python scripts/bench/search.py [CUSTOMERS]

As a frontend asks while somebody types: the first eight, of six fields. Each kind of text in twenty
forms, of made-up people who are there. On the embedded store, or on MONGODB_URI. CPU is the service
process's own; the store is another.
"""

import asyncio
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx2
from filled import ENVIRONMENT, filled
from measuring import Contender, race, server
from rich.console import Console

from scripts.people import Row, people

PEOPLE, ROUNDS, REQUESTS = 20, 9, 20
FIELDS = "id firstName lastName email phoneNumber externalId"
POINT = f"query($id: String!) {{ customer(by: {{externalId: $id}}) {{ {FIELDS} }} }}"
SEARCH = (
    f"query($text: String!) {{ customers(search: $text, first: 8) {{ nodes {{ {FIELDS} }} }} }}"
)
PROGRAM = Path(sys.executable).with_name("customer-graph")
SAMPLED = 5.0
"""Seconds that the service has to sample its customers."""


def digits(row: Row) -> str:
    return re.sub("[^0-9]", "", row["phone_number"])


TEXTS: dict[str, Callable[[Row], str]] = {
    "last name, first name, end of number": lambda row: (
        f"{row['last_name'][:4]} {row['first_name']} {digits(row)[-4:]}"
    ),
    "first and last name": lambda row: f"{row['first_name']} {row['last_name']}",
    "two letters of each": lambda row: f"{row['first_name'][:2]} {row['last_name'][:2]}",
    "last name": lambda row: row["last_name"],
    "three letters of it": lambda row: row["last_name"][:3],
    "two letters of it": lambda row: row["last_name"][:2],
    "one letter of it": lambda row: row["last_name"][:1],
    "e-mail address": lambda row: row["email"],
    "its domain": lambda row: row["email"].partition("@")[2],
    "begin of the number": lambda row: digits(row)[:8],
    "end of the number": lambda row: digits(row)[-4:],
    "somebody who is not there": lambda row: f"{row['last_name']} qqxz",
}


def sought(customers: int) -> list[Row]:
    """People of the second half who have all that is searched by."""
    needed = {"external_id", "first_name", "last_name", "email", "phone_number"}
    rows: Iterator[Row] = islice(people(seed=1), customers // 2, customers)
    found = [row for row in rows if needed <= row.keys() and all(row[name] for name in needed)]
    return found[:: len(found) // PEOPLE][:PEOPLE]


def asks(query: str, name: str, texts: list[str]) -> Any:
    bodies = cycle([{"query": query, "variables": {name: text}} for text in texts])
    return lambda client, address: client.post(f"{address}/graphql", json=next(bodies))


def check(address: str, rows: list[Row]) -> None:
    """Everyone is found by their names and number."""
    text = TEXTS["last name, first name, end of number"]
    with httpx2.Client(timeout=60) as client:
        for row in rows:
            answer = asks(SEARCH, "text", [text(row)])(client, address).json()
            found = [one["externalId"] for one in answer["data"]["customers"]["nodes"]]
            assert str(row["external_id"]) in found


def compare(uri: str, customers: int) -> None:
    rows = sought(customers)
    with server([str(PROGRAM), "serve", "--port", "0"], uri, **ENVIRONMENT) as (address, pid):
        time.sleep(SAMPLED)
        check(address, rows)
        ids = [str(row["external_id"]) for row in rows]
        point = Contender("customer(by:)", address, pid, asks(POINT, "id", ids))
        contenders = [point] + [
            Contender(name, address, pid, asks(SEARCH, "text", list(map(text, rows))))
            for name, text in TEXTS.items()
        ]
        race(contenders, ROUNDS, REQUESTS, at_once=1)
    console = Console(width=160, highlight=False)
    columns = ["CPU a request", "to a point read", "time a request", "to a point read"]
    console.print(f"| {customers:,} customers | {' | '.join(columns)} |\n|{'---|' * 5}")
    for contender in contenders:
        console.print(contender.row([point]))


async def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    async with filled(customers) as uri:
        await asyncio.to_thread(compare, uri, customers)


asyncio.run(main())
