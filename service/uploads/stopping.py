"""A stop of the service: no upload begins any more, and those under way end in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from service.errors import Stopping

CUT = 0.5
"""Seconds that a write under way has to end in, before its upload ends without it. The store goes
on with what it was given: each customer is written whole, or not at all."""


@dataclass(eq=False)
class Stop:
    """`grace`: seconds that uploads have, from when it begins."""

    grace: float
    _over: float | None = None
    _running: set[asyncio.Timeout] = field(default_factory=set)

    def begin(self) -> None:
        self._over = asyncio.get_running_loop().time() + self.grace
        for upload in self._running:
            upload.reschedule(self._over + CUT)

    def check(self) -> None:
        """To be asked before each write. Raises Stopping once the grace is over."""
        if self._over is not None and asyncio.get_running_loop().time() >= self._over:
            raise Stopping

    @asynccontextmanager
    async def bounding(self) -> AsyncIterator[None]:
        """An upload is done inside. Raises Stopping: at once where a stop has begun, and in its
        midst where that does not end otherwise."""
        if self._over is not None:
            raise Stopping
        try:
            async with asyncio.timeout(None) as upload:
                self._running.add(upload)
                try:
                    yield
                finally:
                    self._running.remove(upload)
        except TimeoutError:
            if upload.expired():
                raise Stopping from None
            raise
