"""Asking a service whose store is in trouble."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx2
from pymongo.uri_parser import parse_uri

from tests.running import Service
from tests.trouble.proxy import Proxy

PATIENCE = 20.0
"""Seconds after which what should have been answered counts as hung; operations have more."""

UPLOAD = "/api/customers/upload/"
PAGE = "{ customers(first: 1) { nodes { externalId } } }"
"""Of which nothing comes without the store; a count alone may be missing from an answer."""


def port_of(uri: str) -> int:
    return int(parse_uri(uri)["nodelist"][0][1])


class Served:
    """`answered` and `until_ready` ask until there is an answer."""

    def __init__(self, service: Service, proxy: Proxy) -> None:
        self.service = service
        self.proxy = proxy
        self._again = asyncio.Lock()

    async def __aenter__(self) -> "Served":
        limits = httpx2.Limits(keepalive_expiry=1)  # sooner than the service's
        self.client = httpx2.AsyncClient(base_url=self.service.url, timeout=PATIENCE, limits=limits)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def query(self, query: str = PAGE, **variables: Any) -> httpx2.Response:
        return await self.client.post("/graphql", json={"query": query, "variables": variables})

    async def upload(self, rows: Sequence[object], key: str | None = None) -> httpx2.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.client.post(UPLOAD, json={"customers": rows}, headers=headers)

    async def answered(self) -> None:
        """Asks until there is an answer, one after the other if at first there is none: on a busy
        machine a proxy may look like a store that is away."""
        if (await self.query()).status_code == 200:
            return
        async with asyncio.timeout(PATIENCE), self._again:
            while (await self.query()).status_code != 200:
                await self.until_ready()

    async def until_ready(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while (await self.client.get("/readyz")).status_code != 200:
                pass
