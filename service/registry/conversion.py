"""Bringing stored values to what is declared of their field, in steps that can be taken up again.

A value is first converted where it stands. Then nobody may write any more under what was declared
before: replicas know of a declaration after some seconds, and what they sent until then has landed
or failed within its deadline. Who waits for both and looks through all values once more finds the
last that were written so.

Uploads go on meanwhile. Each value is written as a compare-and-set on its customer's revision, as
uploads write: who loses reads again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from service.customers.declared import Declaration, TypeState
from service.customers.texts import Unreadable
from service.registry.fitting import brought_to
from service.store.company_fields import FRESH, LOOK, CompanyFields, Entry, Phase, Work
from service.store.company_values import CompanyValues
from service.store.database import GRACE, Database
from service.store.id_ranges import IdRange

log = structlog.get_logger()

MARGIN = 1.0
"""Seconds more, for clocks that run at different speeds, and for a busy process between its last
look at the registry and its write."""


def settling(database: Database) -> float:
    """Seconds after which nothing can be written any more that was read without a declaration."""
    looking = FRESH + min(LOOK, database.timeout) + GRACE
    return looking + database.timeout + GRACE + MARGIN


class _Superseded(Exception):
    """Something else was declared meanwhile."""


@dataclass(frozen=True, slots=True)
class Converter:
    """`settle` waits until nobody writes under what was declared before."""

    fields: CompanyFields
    values: CompanyValues
    zone: ZoneInfo
    settle: Callable[[], Awaitable[object]]

    async def convert(self, entry: Entry) -> None:
        """All that is to be done for the field, from where it was left. Raises StoreUnavailable:
        to be taken up later."""
        assert entry.work, "there is something to do"
        try:
            await self._go_on(entry.declaration, entry.work)
        except _Superseded:
            return
        except Unreadable:
            log.warning("conversion_failed", field=entry.name)
            await self.fields.advance(entry.name, entry.work, TypeState.FAILED)
        else:
            log.info("type_enforced", field=entry.name)

    async def _go_on(self, declaration: Declaration, work: Work) -> None:
        if work.phase is Phase.CONVERT:
            work = await self._pass(declaration, work)
            work = await self._advance(declaration, work, Phase.WAIT)
        if work.phase is Phase.WAIT:
            await self.settle()
            work = await self._advance(declaration, work, Phase.VERIFY)
        work = await self._pass(declaration, work)
        if not await self.fields.advance(declaration.name, work, TypeState.ENFORCED):
            raise _Superseded

    async def _pass(self, declaration: Declaration, work: Work) -> Work:
        for within in await self.values.ranges():
            if within.high is not None and within.high <= work.after:
                continue
            await self._convert(declaration, work, within)
            if within.high is not None:
                work = await self._advance(declaration, work, work.phase, within.high)
        return work

    async def _convert(self, declaration: Declaration, work: Work, within: IdRange) -> None:
        """Again, as long as others change a customer between reading and writing it."""
        name = declaration.name
        while changes := brought_to(declaration, await self.values.held(name, within), self.zone):
            if not await self.fields.is_current(name, work):
                raise _Superseded
            await self.values.replace(name, changes)
            await asyncio.sleep(0)

    async def _advance(
        self, declaration: Declaration, work: Work, phase: Phase, after: str = ""
    ) -> Work:
        further = work._replace(phase=phase, after=after)
        if not await self.fields.advance(declaration.name, work, further):
            raise _Superseded
        return further
