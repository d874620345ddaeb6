"""The registry on a store, with customers in it, and nobody to wait for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from service.registry.conversion import Converter
from service.registry.declaring import Declared, Declaring, Wanted
from service.registry.keeper import Keeper
from service.store.company_fields import CompanyFields
from service.store.company_indexes import CompanyIndexes
from service.store.company_values import CompanyValues
from service.store.customers import Customers
from service.store.leases import Leases
from service.uploads.upload import Limits, Uploads
from tests.uploads.making import KEEPS, NOW, uploads_on

LEVEL = "ACME__level"
UTC_ZONE = ZoneInfo("UTC")
ROOMY = Limits(rows=10_000, holders=25, company_fields=200, keeps=KEEPS)


@dataclass(slots=True)
class Registered:
    """One replica: its registry, its keeper and its uploads."""

    fields: CompanyFields
    values: CompanyValues
    declaring: Declaring
    converter: Converter
    keeper: Keeper
    uploads: Uploads
    customers: Customers

    async def declare(self, name: str = LEVEL, **given: Any) -> Declared:
        """`convert` and `dry_run` as they are, all else is wanted."""
        options = {key: given.pop(key) for key in ("convert", "dry_run") if key in given}
        return await self.declaring.declare(name, Wanted(**given), **options)

    async def tend(self) -> None:
        """All that is to be done, until it is done."""
        await self.keeper.tend()
        await self.keeper.settled()

    async def stored(self, name: str = LEVEL) -> dict[str, Any]:
        """Values of a field by the external id of who holds them, or else the id."""
        found = self.customers._collection.find({name: {"$exists": True}})
        return {one.get("external_id", one["_id"]): one[name] async for one in found}


def registered(
    customers: Customers,
    fields: CompanyFields | None = None,
    settle: Callable[[], Any] | None = None,
    values: CompanyValues | None = None,
) -> Registered:
    """A replica on the store of customers; `settle` instead of waiting."""
    database = customers._database
    fields = fields or CompanyFields(database)
    values = values or CompanyValues(database)
    converter = Converter(fields, values, UTC_ZONE, settle or at_once)
    keeper = Keeper(fields, CompanyIndexes(database), converter, Leases(database), now=lambda: NOW)
    return Registered(
        fields=fields,
        values=values,
        declaring=Declaring(fields, values, UTC_ZONE, None, keeper.nudge),
        converter=converter,
        keeper=keeper,
        uploads=uploads_on(customers, limits=ROOMY, registry=fields),
        customers=customers,
    )


async def at_once() -> None:
    """Nobody else is there to wait for."""


def rows(*values: object) -> list[dict[str, object]]:
    """A customer for each value: X0, X1 and so on."""
    return [{"external_id": f"X{place}", LEVEL: value} for place, value in enumerate(values)]
