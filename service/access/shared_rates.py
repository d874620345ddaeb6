"""What a key may ask for in a time of all replicas together.

A replica borrows from the shared bucket what that gets in a second, and gives it out by itself: so
the store is asked about once a second for a key that is used much, not once a request. What was
borrowed and not given out within two seconds is lost. So of R replicas a key may be refused up to R
seconds' worth too early, and, since the last portion may be more than the bucket had, get as much
too early, which it pays for with the time after.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.access.rates import MOST_NAMES, Allowance, Rate, Rates, Remembered
from service.settings import RateLimitStore, Settings
from service.store.rate_limits import RateLimits

PORTION = 1.0
"""Seconds of the rate that are borrowed at a time."""

FRESH = 2.0
"""Seconds for which what was borrowed, or that nothing could be, is remembered."""


@dataclass(slots=True)
class _Purse:
    """What this process has of a bucket. `empty_until`: the bucket had nothing, and was to be full
    at `full_at`."""

    tokens: float = 0.0
    until: float = 0.0
    empty_until: float = 0.0
    full_at: float = 0.0
    borrowing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def has_some(self, now: float) -> bool:
        return self.tokens > 0 and now < self.until


@dataclass(slots=True)
class Shared:
    """An allowance in the store. `kind` is in the names there, so that a key has one of each."""

    limits: RateLimits
    rate: Rate
    kind: str
    clock: Callable[[], float] = time.time
    _purses: dict[str, _Purse] = field(default_factory=dict)

    async def admit(self, name: str) -> None:
        """Raises RateLimited where nothing is left."""
        purse = self._purse(name)
        if purse.has_some(self.clock()):
            return
        async with purse.borrowing:
            if not purse.has_some(self.clock()):
                await self._borrow(name, purse)

    async def spend(self, name: str, tokens: float) -> None:
        """Raises RateLimited where nothing is left."""
        await self.admit(name)
        await self.owe(name, tokens)

    async def owe(self, name: str, tokens: float) -> None:
        """Whatever is left; what this process has not got is owed by all."""
        purse = self._purse(name)
        purse.tokens -= tokens
        if purse.tokens < 0:
            owed, purse.tokens = -purse.tokens, 0.0
            await self._take(name, owed, math.inf)

    async def _borrow(self, name: str, purse: _Purse) -> None:
        now = self.clock()
        if now < purse.empty_until:
            raise self.rate.refusal(purse.full_at, now)
        portion = self.rate.per_second * PORTION
        if await self._take(name, portion, self.rate.patience):
            purse.tokens, purse.until = portion, now + FRESH
            return
        purse.full_at = await self.limits.full_at(self._shared(name))
        purse.empty_until = min(now + FRESH, purse.full_at - self.rate.patience)
        raise self.rate.refusal(purse.full_at, now)

    async def _take(self, name: str, tokens: float, patience: float) -> bool:
        seconds = tokens / self.rate.per_second
        taken = await self.limits.take(self._shared(name), seconds, self.clock(), patience)
        return taken is not None

    def _shared(self, name: str) -> str:
        return f"{self.kind} {name}"

    def _purse(self, name: str) -> _Purse:
        purse = self._purses.get(name)
        if purse is None:
            if len(self._purses) >= MOST_NAMES:
                self._purses.clear()
            purse = self._purses[name] = _Purse()
        return purse


def make_rates(settings: Settings, limits: RateLimits) -> Rates:
    """Failures are counted by each process: addresses of people do not go into the database."""
    shared = settings.rate_limit_store is RateLimitStore.SHARED

    def allowance(kind: str, per_second: float, burst: float) -> Allowance | None:
        if not per_second:
            return None
        rate = Rate(per_second, burst)
        return Shared(limits, rate, kind) if shared else Remembered(rate)

    failures = Rate(settings.failed_keys_per_second, settings.failed_keys_burst)
    return Rates(
        cost=allowance("cost", settings.rate_limit_per_second, settings.rate_limit_burst),
        rows=allowance("rows", settings.upload_rows_per_second, settings.upload_rows_burst),
        failures=Remembered(failures) if failures.per_second else None,
    )
