"""A watch over the store: whether it answers, asked as soon as something waits for it too long.

A slow operation and a store that hangs look alike from outside. So the store is asked a question
that takes it no time, by a connection of its own. Where that is not answered either, all that waits
is told so at once, and so is what would wait, until the store answers again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog
from structlog.typing import FilteringBoundLogger

from service.errors import StoreUnavailable

EVERY = 0.1
"""Seconds between two looks at what waits."""

ASKED_AFTER = 0.5
"""Seconds in which nothing was answered, after which the store is asked."""

PATIENCE = (0.6, 0.7)
"""Seconds that it has to answer: asked twice, since one connection may be dead alone."""

_log: FilteringBoundLogger = structlog.get_logger()


class Watch:
    """`ask` says whether the store answers within so many seconds, and may fail in no other way.
    `found` is done when it answers again, before anything else is.

    Until it is kept (`keep`), it finds nothing lost.
    """

    def __init__(
        self, ask: Callable[[float], Awaitable[bool]], found: Callable[[], Awaitable[None]]
    ) -> None:
        self.is_lost = False
        self._ask = ask
        self._found = found
        self._waiting: dict[asyncio.Timeout, float] = {}
        self._answered = 0.0

    @contextmanager
    def over(self, limit: asyncio.Timeout) -> Iterator[None]:
        """Watches what is done inside, which `limit` ends: now, where the store is lost."""
        self._waiting[limit] = time.monotonic()
        try:
            yield
            self._answered = time.monotonic()
        finally:
            del self._waiting[limit]

    def check(self) -> None:
        """Raises StoreUnavailable where the store is known not to answer."""
        if self.is_lost:
            raise StoreUnavailable

    async def keep(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            if self.is_lost:
                await self._look_for()
            elif self._has_waited() and not await self._answers():
                self._lose()

    def _has_waited(self) -> bool:
        since = next(iter(self._waiting.values()), None)
        return since is not None and time.monotonic() - max(since, self._answered) > ASKED_AFTER

    async def _answers(self) -> bool:
        """An answer to anything else in the meantime counts as well."""
        asked = time.monotonic()
        for seconds in PATIENCE:
            if await self._ask(seconds):
                self._answered = time.monotonic()
            if self._answered > asked:
                return True
        return False

    def _lose(self) -> None:
        self.is_lost = True
        _log.error("store_lost", waiting=len(self._waiting))
        now = asyncio.get_running_loop().time()
        for limit in self._waiting:
            if not limit.expired():
                limit.reschedule(now)

    async def _look_for(self) -> None:
        if await self._ask(PATIENCE[-1]):
            await self._found()
            self.is_lost = False
            self._answered = time.monotonic()
            _log.info("store_found")
