#!/usr/bin/env python
"""How long hostile queries hold the event loop, and so everybody else.

    .venv/bin/python scripts/bench/hostile_queries.py [SEED]

Against the endpoint in this process, on 1,000 customers in an embedded store, with every limit at
its default. A heartbeat beats each millisecond; the longest time between two beats is how long the
loop was held. Each query is asked three times, and the shortest such time counts: a machine that is
busy with something else makes it longer, and nothing makes it shorter.
"""

import asyncio
import gc
import json
import logging
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import structlog
from graphql import get_introspection_query
from rich.console import Console
from rich.table import Table
from twenty_fields import person

from graphql_schema.app import make_services
from graphql_schema.endpoint import GraphQLEndpoint
from service.customers.fields import STORED
from service.settings import Settings
from service.store.opening import open_store
from service.web.capacity import Capacity

CUSTOMERS, TIMES, AT_RANDOM = 1000, 3, 60
ALL = " ".join(field.camel_name for field in STORED)
FORTY = " ".join(f"a{number}: {field.camel_name}" for number, field in enumerate(STORED[:30]))


def several(number: int, what: str) -> str:
    return " ".join(what.replace("#", str(place)) for place in range(number))


def rows(number: int) -> str:
    return (
        "mutation { uploadCustomers(customers: [" + several(number, '{externalId: "!#"}') + "]) {"
    )


DOCUMENTS: dict[str, str] = {
    "20,000 aliases": "{ " + several(20_000, "a#: __typename") + " }",
    "a text of 1 MB": '{ customers(after: "' + "a" * 1_000_000 + '") { nodes { id } } }',
    "a text of 65,000 bytes": '{ customers(after: "' + "a" * 65_000 + '") { nodes { id } } }',
    "a text of 65,000 bytes, escaped": '{ customers(after: "' + "\\n" * 32_000 + '") { a } }',
    "a block text of 32,000 lines": '{ customers(after: """' + "a\n" * 32_000 + '""") { a } }',
    "65,000 spaces": "{ __typename" + " " * 65_000 + "}",
    "2,000 comments": "{ __typename " + "#a\n" * 2000 + "}",
    "a name of 65,000 letters": "{ " + "a" * 65_000 + " }",
    "an argument's name of 60,000 letters": "{ customers(" + "a" * 60_000 + ": 1) { a } }",
    "2,000 tokens, and then a fault": "{ a(b: [" + "1 " * 1900 + "]) } )",
    "one field 390 times": "{ customers { nodes { " + "city " * 390 + "} } }",
    "one field 19 times 19 times": "{ customers { "
    + ("nodes { " + "city " * 18 + "} ") * 19 + "} }",
    "one field with arguments 250 times": "{ customers { "
    + 'totalCount(upTo: 3) ' * 250 + "} }",
    "390 unknown fields": "{ customers { nodes { " + several(390, "cityy#") + " } } }",
    "100 aliases": "{ customers { nodes { " + several(100, "a#: city") + " } } }",
    "190 fragments, each spread": "{ customers { nodes { " + several(190, "...F#") + " } } } "
    + several(190, "fragment F# on Customer { city }"),
    "190 fragments in a chain": "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(190))
    + " fragment F190 on Query { __typename }",
    "fragments in a circle": "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{(n + 1) % 190} }}" for n in range(190)),
    "fragments that spread each other": "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ {several(13, '...F#')} }}" for n in range(14)),
    "fragments that double 60 times": "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    + " fragment F60 on Query { __typename }",
    "100 operations with one fragment": several(98, "query Q# { ...F }")
    + " fragment F on Query { a: __typename __typename }",
    "400 variables": "query(" + several(400, "$a#: Int") + ") { __typename }",
    "400 variables of unknown types": "query(" + several(400, "$a#: Custmer#") + ") { __typename }",
    "140 variables that are used": "query(" + several(140, "$a#: String!") + ") { customers(where: "
    "{or: [" + several(140, "{city: {eq: $a#}}") + "]}) { totalCount } }",
    "150 rows, written out": rows(150) + " uploadId } }",
    "a list 190 deep": "{ nodes(ids: " + "[" * 190 + "]" * 190 + ") { id } }",
    "conditions 60 deep": "{ customers(where: " + "{not: " * 60 + "{city: {eq: 1}}" + "}" * 60
    + ") { totalCount } }",
    "30 directives": "{ __typename " + "@include(if: true) " * 30 + "}",
    "an empty selection 390 times": "{ customers { " + "nodes { } " * 390 + "} }",
    "introspection": get_introspection_query(),
    "introspection 14 times": "{ " + several(14, "a#: __schema { types { ...A } }") + " } "
    "fragment A on __Type { name fields { name args { name type { name kind } } } }",
    "1,000 customers of every field": "{ customers(first: 1000) { nodes { " + ALL + " } } }",
    "1,000 customers of 30 fields and their persons": "{ customers(first: 1000) { nodes { person "
    "{ id } " + FORTY + " } } }",
    "1,000 persons and their customers": "{ customers(first: 1000) { nodes { person { customers"
    "(first: 1) { nodes { city } } } } } }",
    "8 lists with all beside them": "{ " + several(8, "a#: customers(first: 9) { totalCount "
    "aggregate { count distinct { city country } } nodes { id } }") + " }",
}  # fmt: skip

LISTS = "query($a: CustomerWhere) { customers(where: $a) { totalCount } }"
VARIABLES: dict[str, tuple[str, Any]] = {
    "conditions with 100,000 members": (LISTS, {"city": {"in": ["a"] * 100_000}}),
    "100,000 conditions": (LISTS, {"or": [{"city": {"eq": "a"}}] * 100_000}),
    "conditions 900 deep": (LISTS, json.loads('{"not": ' * 900 + "{}" + "}" * 900)),
    "100,000 ids": ("query($a: [ID!]!) { nodes(ids: $a) { id } }", ["a"] * 100_000),
    "100,000 facets": (
        "query($a: [CustomerBuckets!]!) { customers { facets(of: $a) { missing } } }",
        [{"city": {}}] * 100_000,
    ),
    "100,000 keys of order": (
        "query($a: [CustomerOrder!]!) { customers(orderBy: $a) { nodes { id } } }",
        [{"city": "ASC"}] * 100_000,
    ),
    "a search for 1 MB": (
        "query($a: String) { customers(search: $a) { nodes { id } } }", "a " * 500_000,
    ),
    "100,000 variables that are not declared": ("{ __typename }", None),
}  # fmt: skip


def hostile(chance: random.Random) -> str:
    """Any of what is above, cut and mixed until it is about as large as is allowed."""
    pieces = [one for one in DOCUMENTS.values() if len(one) < 20_000]
    words = " ".join(chance.sample(pieces, 3)).split()
    start = chance.randrange(max(1, len(words) - 600))
    taken = words[start : start + chance.randrange(20, 900)]
    if chance.random() < 0.5:
        chance.shuffle(taken)
    deep = chance.randrange(8)
    return "{ customers { nodes { " * deep + "{ " + " ".join(taken) + " }" + " } } }" * deep


class Heart:
    """Beats each millisecond while it is watched."""

    longest = 0.0

    async def __aenter__(self) -> "Heart":
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0.005)
        self.longest = 0.0
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.002)
        self._task.cancel()

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last)
            last = now


@asynccontextmanager
async def asking() -> Any:
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(data_dir=Path(directory))
        async with open_store(settings) as store:
            services = make_services(settings, store)
            await services.uploads.upload([person(number) for number in range(CUSTOMERS)])
            endpoint, capacity = GraphQLEndpoint(services), Capacity(settings)

            async def app(scope: Any, receive: Any, send: Any) -> None:
                scope["state"] = {
                    "authenticator": None,
                    "settings": settings,
                    "capacity": capacity,
                }
                await endpoint(scope, receive, send)

            transport: Any = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
                yield client


async def held(client: httpx2.AsyncClient, query: str, variables: Any, times: int) -> Any:
    """Milliseconds that the loop was held, and that the answer took, and how it ended."""
    found = []
    for number in range(times):
        text = f"{query}#{number} {random.random()}"
        body = json.dumps({"query": text, "variables": variables}).encode()
        request = client.build_request(
            "POST", "/graphql", content=body, headers={"content-type": "application/json"}
        )
        gc.collect()
        async with Heart() as heart:
            begun = time.perf_counter()
            response = await client.send(request)
            took = time.perf_counter() - begun
        found.append((heart.longest * 1000, took * 1000, ended(response.json())))
    return min(found)


def ended(answer: Any) -> str:
    extensions = [error["extensions"] for error in answer.get("errors", ())]
    return (
        ", ".join(sorted({one.get("measure") or one["code"] for one in extensions})) or "answered"
    )


def cases() -> Iterator[tuple[str, str, Any]]:
    for name, query in DOCUMENTS.items():
        yield name, query, None
    for name, (query, value) in VARIABLES.items():
        given = {f"x{number}": 1 for number in range(100_000)} if value is None else {"a": value}
        yield name, query, given


async def main(seed: int) -> None:
    gc.set_threshold(100_000)  # as the service does
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    chance = random.Random(seed)
    table = Table("query", "ended", "loop held, ms", "answered in, ms")
    async with asking() as client:
        for _ in range(5):
            await held(client, "{ customers(first: 100) { nodes { id } } }", None, 1)
        gc.freeze()
        idle, *_ = await held(client, "{ __typename }", None, 5)
        worst = []
        for name, query, variables in cases():
            longest, took, how = await held(client, query, variables, TIMES)
            table.add_row(name, how, f"{longest:.1f}", f"{took:.0f}")
            worst.append((longest, name))
        for _ in range(AT_RANDOM):
            query = hostile(chance)
            longest, took, how = await held(client, query, None, 1)
            if longest > 30:
                longest, took, how = await held(client, query, None, TIMES)
            worst.append((longest, f"at random: {query[:60]}"))
    console = Console(width=130)
    console.print(table)
    console.print(
        f"A query of nothing: {idle:.1f} ms. {AT_RANDOM} at random, seed {seed}. The longest:"
    )
    for longest, name in sorted(worst, reverse=True)[:5]:
        console.print(f"{longest:.1f} ms  {name}", markup=False)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
