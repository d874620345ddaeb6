"""How much a key may ask for in a time.

A bucket holds so many tokens and gets so many a second, until it is full. Whoever has any left may
take what is needed, and be in debt then: what is larger than the bucket is not refused for ever,
but pays with the time until the next. All of a bucket is one number: the moment when it is full.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from service.access.callers import Caller
from service.errors import RateLimited

MOST_NAMES = 10_000
"""Buckets that are remembered; a full one need not be."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens a second, and the most that are saved up."""

    per_second: float
    burst: float

    @property
    def patience(self) -> float:
        """Seconds that an empty bucket takes to be full."""
        return self.burst / self.per_second

    def admits(self, full_at: float, now: float) -> bool:
        return full_at - now < self.patience

    def taken(self, full_at: float, tokens: float, now: float) -> float:
        """When it is full, once they are taken."""
        return max(full_at, now) + tokens / self.per_second

    def refusal(self, full_at: float, now: float) -> RateLimited:
        """Says when there will be something again."""
        wait = full_at - now - self.patience
        return RateLimited(math.floor(wait) + 1)


class Allowance(Protocol):
    """Of one kind, with a bucket for each name."""

    async def admit(self, name: str) -> None:
        """Raises RateLimited where nothing is left."""

    async def spend(self, name: str, tokens: float) -> None:
        """Raises RateLimited where nothing is left."""

    async def owe(self, name: str, tokens: float) -> None:
        """Whatever is left."""


class Remembered:
    """An allowance in the memory of this process."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._full_at: dict[str, float] = {}

    async def admit(self, name: str) -> None:
        full_at, now = self._full_at.get(name, 0.0), self._clock()
        if not self._rate.admits(full_at, now):
            raise self._rate.refusal(full_at, now)

    async def spend(self, name: str, tokens: float) -> None:
        full_at, now = self._full_at.get(name, 0.0), self._clock()
        if not self._rate.admits(full_at, now):
            raise self._rate.refusal(full_at, now)
        self._full_at[name] = self._rate.taken(full_at, tokens, now)
        if len(self._full_at) > MOST_NAMES:
            self._forget(now)

    async def owe(self, name: str, tokens: float) -> None:
        full_at = self._full_at.get(name, 0.0)
        self._full_at[name] = self._rate.taken(full_at, tokens, self._clock())

    def _forget(self, now: float) -> None:
        """Those that are full, and of the others the half that will be first."""
        left = sorted((at, name) for name, at in self._full_at.items() if at > now)
        self._full_at = {name: at for at, name in left[-MOST_NAMES // 2 :]}


@dataclass(frozen=True, slots=True)
class Rates:
    """`cost` of queries, and `rows` of uploads; None: no bound. `failures` is of addresses that
    came without a key that is one. Where the service runs without keys there are no bounds."""

    cost: Allowance | None = None
    rows: Allowance | None = None
    failures: Allowance | None = None

    async def ask(self, caller: Caller, cost: float) -> None:
        """Raises RateLimited."""
        if self.cost is not None and caller.key is not None:
            await self.cost.spend(caller.key.public_id, cost)

    async def admit_upload(self, caller: Caller) -> None:
        """Before the rows are known. Raises RateLimited."""
        if self.rows is not None and caller.key is not None:
            await self.rows.admit(caller.key.public_id)

    async def upload(self, caller: Caller, rows: int) -> None:
        """Raises RateLimited."""
        if self.rows is not None and caller.key is not None:
            await self.rows.spend(caller.key.public_id, rows)

    async def uploaded(self, caller: Caller, rows: int) -> None:
        """Of an upload that was admitted, and now runs."""
        if self.rows is not None and caller.key is not None:
            await self.rows.owe(caller.key.public_id, rows)

    async def fail(self, network: str) -> None:
        """Raises RateLimited where too many have failed."""
        if self.failures is not None:
            await self.failures.spend(network, 1)


UNBOUNDED = Rates()
