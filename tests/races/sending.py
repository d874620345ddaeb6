"""Uploads as programs send them, and what they are told."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from tests.running import Service

SECONDS = 300
"""That an upload may take on a machine that has other work."""


class Programs:
    """Any number of them, each on one of the processes of the service."""

    def __init__(self, services: Sequence[Service], client: httpx2.AsyncClient) -> None:
        self._services = services
        self._client = client

    async def send(self, program: int, rows: Iterable[object]) -> list[dict[str, Any]]:
        """The results of one upload."""
        service = self._services[program % len(self._services)]
        answer = await self._client.post(f"{service.url}/api/customers/upload/", json=list(rows))
        assert 200 == answer.status_code, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results


@asynccontextmanager
async def programs_on(*services: Service) -> AsyncIterator[Programs]:
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(timeout=SECONDS, limits=limits) as client:
        yield Programs(services, client)


def codes(results: Iterable[dict[str, Any]]) -> set[str]:
    """Of all their errors."""
    return {error["code"] for result in results for error in result["errors"]}
