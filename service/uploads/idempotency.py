"""Idempotency keys: of the uploads that give the same one, one runs, and the others get its report.

A run holds its key by a lease, which it renews as long as it goes on. Who crashed renews no more,
so that whoever sends the upload again takes the key over.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from service.errors import IdempotencyKeyInUse, IdempotencyKeyReused, StoreUnavailable
from service.store.failures import StoreDefect
from service.store.reports import KeyRecord

LEASE = timedelta(seconds=30)
"""How long a run that is not heard of keeps its key. By the clocks of those who share a database,
which must differ by less."""

RENEWED_EVERY = 10.0
"""Seconds."""

FAILS = (StoreUnavailable, StoreDefect)
"""A store that does not take what is said of an upload, which stands on its own."""


class KeyStore(Protocol):
    """`service.store.reports.Reports` is it."""

    async def claim(self, record: KeyRecord) -> KeyRecord | None: ...

    async def change(self, before: KeyRecord, after: KeyRecord) -> bool: ...

    async def drop(self, record: KeyRecord) -> None: ...

    async def get(self, upload_id: str, now: datetime) -> bytes | None: ...


@dataclass(slots=True)
class Lease:
    """A run's hold on its key."""

    record: KeyRecord
    store: KeyStore
    now: Callable[[], datetime]
    pause: Callable[[float], Awaitable[object]]
    is_lost: bool = False
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def check(self) -> None:
        """To be asked before each write. Raises IdempotencyKeyInUse where the key may be held by
        somebody else by now."""
        if self.is_lost or self.record.leased_until <= self.now():
            raise IdempotencyKeyInUse

    async def keep(self) -> None:
        """Renews until it is cancelled, or lost."""
        while not self.is_lost:
            await self.pause(RENEWED_EVERY)
            async with self._renewing:
                with suppress(*FAILS):
                    await self.renew()

    async def renew(self) -> None:
        wanted = replace(self.record, leased_until=self.now() + LEASE, rev=self.record.rev + 1)
        if await self.store.change(self.record, wanted):
            self.record = wanted
            return
        standing = await self.store.claim(wanted)  # an answer to an earlier renewal may be missing
        self.record = standing or wanted
        self.is_lost = self.record.upload_id != wanted.upload_id

    async def stop(self, keeping: asyncio.Task[None]) -> None:
        """Not in the midst of a renewal, which would leave open how the record stands."""
        async with self._renewing:
            keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    async def end(self) -> None:
        """Somebody else may run at once. Without a database to tell it to, the lease runs out."""
        with suppress(*FAILS):
            await self.store.change(self.record, replace(self.record, leased_until=self.now()))


@dataclass(frozen=True, slots=True)
class IdempotencyKeys:
    """`is_alone`: whatever does not run here does not run at all, and has no key any more."""

    store: KeyStore
    now: Callable[[], datetime]
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    is_alone: bool = False
    _running: set[str] = field(default_factory=set)

    async def take(self, wanted: KeyRecord) -> KeyRecord | tuple[str, bytes]:
        """The record as it is held from now on, or the upload that held it, with its report.

        Whoever holds it gives it to `holding`. Raises IdempotencyKeyReused, and
        IdempotencyKeyInUse.
        """
        self._running.add(wanted.upload_id)  # before anybody else can find it in the store
        taken: KeyRecord | tuple[str, bytes] | None = None
        try:
            taken = await self._take(wanted)
        finally:
            if not isinstance(taken, KeyRecord):
                self._running.remove(wanted.upload_id)
        return taken

    async def _take(self, wanted: KeyRecord) -> KeyRecord | tuple[str, bytes]:
        standing = await self.store.claim(wanted)
        if standing is None:
            return wanted
        if standing.expires_at > self.now():
            if standing.request != wanted.request:
                raise IdempotencyKeyReused
            if report := await self.store.get(standing.upload_id, self.now()):
                return standing.upload_id, report
            if standing.leased_until > self.now() and self._may_run(standing.upload_id):
                raise IdempotencyKeyInUse
        taken = replace(wanted, rev=standing.rev + 1)
        if not await self.store.change(standing, taken):
            raise IdempotencyKeyInUse
        return taken

    def _may_run(self, upload_id: str) -> bool:
        return not self.is_alone or upload_id in self._running

    @asynccontextmanager
    async def holding(self, record: KeyRecord) -> AsyncIterator[Lease]:
        """The lease lasts as long as what is done inside, and ends early if that fails."""
        lease = Lease(record, self.store, self.now, self.pause)
        keeping = asyncio.create_task(lease.keep())
        try:
            yield lease
        except BaseException:
            await lease.stop(keeping)
            await lease.end()
            raise
        else:
            await lease.stop(keeping)
        finally:
            self._running.remove(record.upload_id)

    async def free(self, lease: Lease) -> None:
        """As if the key had never been used."""
        await self.store.drop(lease.record)
