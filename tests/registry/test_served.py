"""The index of a company field serves what is documented, as stores explain it."""

from dataclasses import replace
from typing import Any

import pytest

from service.customers.declared import CompanyType
from service.queries.keyset import layout_of
from service.queries.listed import always_there
from service.queries.ordering import read_order, where_always
from service.queries.where import read_where
from service.store.customers import Customers
from service.store.database import Database
from service.store.pages import PageRequest
from tests.conftest import STORES
from tests.queries.reading import TERMS
from tests.registry.registering import LEVEL, Registered
from tests.store.explaining import Recorder, explained, recorded_by
from tests.uploads.making import DIGESTER, send

pytestmark = pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])

LIVE = {"isForgotten": {"eq": False}}
ORDER = [{"companyField": {"name": LEVEL, "direction": "ASC"}}]


@pytest.mark.parametrize(
    ("conditions", "order"),
    [({"eq": "7"}, []), ({"gte": 3, "lt": 5}, []), ({"gte": 3, "lt": 5}, ORDER)],
    ids=["equal", "within bounds", "in its order"],
)
async def test_a_declared_index_serves_filters_and_order(
    registry: Registered,
    database: Database,
    store_uri: str,
    conditions: dict[str, Any],
    order: list[dict[str, Any]],
) -> None:
    """Of the live, which is what the embedded store needs; and among others that it leaves out."""
    rows = [{"external_id": f"X{n}", LEVEL: n} for n in range(300)]
    await send(registry.uploads, *rows)
    await registry.declare(type=CompanyType.NUMBER, is_indexed=True)
    await registry.tend()
    terms = replace(TERMS, declared=(await registry.fields.reread()).declared)
    given = {**LIVE, "companyFields": [{"name": LEVEL, **conditions}]}
    where = read_where(given, terms)
    layout = layout_of(where_always(read_order(order, terms), always_there(where)))
    recorder = Recorder()
    async with recorded_by(recorder, database, store_uri) as seen:
        await Customers(seen, DIGESTER).page(PageRequest(where, layout, first=10), {"_id": 1})

    for command in recorder.commands:
        plan = await explained(database, command)
        assert {f"company.{LEVEL}"} == plan.used
        assert 20 > plan.examined
