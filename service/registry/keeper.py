"""Who tends the registry: converts stored values and builds indexes, in the background.

Of several replicas one does so at a time, by a lease. All of it can be done twice without harm, and
is taken up by whoever comes next.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from service.customers.declared import IndexState
from service.errors import QueryTooSlow, StoreUnavailable
from service.registry.conversion import Converter
from service.store.company_fields import CompanyFields, Entry
from service.store.company_indexes import CompanyIndexes
from service.store.failures import StoreDefect, named
from service.store.leases import Leases

log = structlog.get_logger()

LEASE = timedelta(seconds=10)
"""How long a replica that is not heard of keeps others from tending the registry."""

EVERY = 2.0
"""Seconds after which the registry is looked at again: another replica may have declared
something."""

_NAME = "company_fields"
_FAILS = (StoreUnavailable, StoreDefect, QueryTooSlow)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Keeper:
    fields: CompanyFields
    indexes: CompanyIndexes
    converter: Converter
    leases: Leases
    now: Callable[[], datetime] = _now
    _until: datetime | None = None
    _id: str = field(default_factory=lambda: secrets.token_urlsafe(8))
    _nudged: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: dict[tuple[str, str], asyncio.Task[None]] = field(default_factory=dict)

    def nudge(self) -> None:
        """There is something to do."""
        self._nudged.set()

    async def run(self) -> None:
        """Until it is cancelled. Whatever fails is tried again."""
        try:
            while True:
                self._nudged.clear()
                await self._do("tend", "", self.tend())
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._nudged.wait(), EVERY)
        finally:
            await self.leave()

    async def tend(self) -> None:
        """Begins what is to be done and not being done yet, if that is this replica's business."""
        if not await self._leads():
            await self._cancel()
            return
        entries = await self.fields.entries()
        for entry in entries.values():
            if entry.work:
                self._begin("convert", entry.name, self.converter.convert(entry))
        await self._tend_indexes(entries)

    async def _leads(self) -> bool:
        """Whether the lease is this replica's; renewed once half of it is over."""
        now = self.now()
        if self._until is None or self._until - now < LEASE / 2:
            taken = await self.leases.take(_NAME, self._id, now, now + LEASE)
            self._until = now + LEASE if taken else None
        return self._until is not None

    async def settled(self) -> None:
        """When all that was begun is over."""
        while running := [task for task in self._tasks.values() if not task.done()]:
            await asyncio.wait(running)

    async def _tend_indexes(self, entries: Mapping[str, Entry]) -> None:
        there = await self.indexes.names()
        for name, entry in entries.items():
            state = entry.declaration.index_state
            is_missing = state is IndexState.READY and name not in there
            if entry.declaration.is_indexed and (is_missing or state is IndexState.BUILDING):
                self._begin("index", name, self._build(entry))
        for name in there:
            if name not in entries or not entries[name].declaration.is_indexed:
                self._begin("index", name, self._drop(name))

    async def _build(self, entry: Entry) -> None:
        await self.fields.tell_index(entry, IndexState.BUILDING)
        try:
            await self.indexes.build(entry.name)
        except StoreDefect:
            await self.fields.tell_index(entry, IndexState.FAILED)
            return
        await self.fields.tell_index(entry, IndexState.READY)

    async def _drop(self, name: str) -> None:
        """Unless it is wanted again by now."""
        if not (await self.fields.entry(name)).declaration.is_indexed:
            await self.indexes.drop(name)

    def _begin(self, what: str, name: str, doing: Coroutine[Any, Any, None]) -> None:
        """One thing of a kind at a time for each field; what is left is begun at the next look."""
        running = self._tasks.get((what, name))
        if running and not running.done():
            doing.close()
            return
        self._tasks[what, name] = asyncio.create_task(self._do(what, name, doing))

    async def _do(self, what: str, name: str, doing: Coroutine[Any, Any, None]) -> None:
        """Whatever fails is tried again; what nobody foresaw is told by its class alone."""
        try:
            await doing
        except _FAILS:
            log.warning("registry_work_put_off", what=what, field=name)
        except Exception as error:  # noqa: BLE001  # whatever it is, others are not to suffer
            log.error("registry_work_failed", what=what, field=name, error=named(error))

    async def _cancel(self) -> None:
        running = list(self._tasks.values())
        self._tasks.clear()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def leave(self) -> None:
        """What is not done is left to whoever comes next."""
        self._until = None
        await self._cancel()
        with suppress(*_FAILS):
            await self.leases.end(_NAME, self._id, self.now())
