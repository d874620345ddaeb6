"""The registry of company fields: what it consists of, and which fields there are."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from service.customers.declared import Declaration
from service.errors import QueryTooSlow
from service.registry.conversion import Converter, settling
from service.registry.declaring import Declaring
from service.registry.keeper import Keeper
from service.registry.usage import Usage
from service.store.company_fields import CompanyFields
from service.store.company_indexes import CompanyIndexes
from service.store.company_values import CompanyValues, Sample
from service.store.database import Database
from service.store.leases import Leases

_NOBODY = Sample(0, is_exact=False, kinds={})


@dataclass(frozen=True, slots=True)
class Listed:
    """Fields that are declared or in use, by name. `sampled`: customers looked at for it."""

    fields: list[Declaration]
    sampled: int


@dataclass(frozen=True, slots=True)
class Registry:
    """`keeper` has to run for what is declared to be done."""

    fields: CompanyFields
    usage: Usage
    declaring: Declaring
    keeper: Keeper

    async def look_for_names(self) -> None:
        """Another replica may have noted some within the last second; others came into the store by
        another way than uploads, and are noted now. Raises StoreUnavailable."""
        with suppress(QueryTooSlow):
            sample = await self.usage.sample()
            await self.fields.reread()
            await self.fields.note(sample.kinds)

    async def listed(self) -> Listed:
        """Names are noted as they are uploaded; looking at some customers finds those that are no
        longer in use, where these are all there are, and others that were never noted. It is left
        out where it takes too long. Raises StoreUnavailable."""
        known = await self.fields.known()
        try:
            sample = await self.usage.sample()
        except QueryTooSlow:
            sample = _NOBODY
        names = set(sample.kinds) | known.declared.keys()
        if not sample.is_exact:
            names |= known.names or set()
        fields = [known.declared.get(name) or Declaration(name) for name in sorted(names)]
        return Listed(fields, sample.customers)

    async def field(self, name: str) -> Declaration | None:
        """None for one that is neither declared nor in use."""
        listed = await self.listed()
        return next((one for one in listed.fields if one.name == name), None)


def make_registry(
    database: Database, fields: CompanyFields, zone: ZoneInfo, prefix: str | None
) -> Registry:
    values = CompanyValues(database)
    settle = partial(asyncio.sleep, settling(database))
    converter = Converter(fields, values, zone, settle)
    keeper = Keeper(fields, CompanyIndexes(database), converter, Leases(database))
    declaring = Declaring(fields, values, zone, prefix, keeper.nudge)
    return Registry(fields, Usage(values, fields), declaring, keeper)
