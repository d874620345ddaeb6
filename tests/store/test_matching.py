"""Bounds that end with a value of their own hold it, whatever type it is of."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.queries.keyset import Position, layout_of
from service.queries.ordering import read_order
from service.store.customers import Customers
from service.store.pages import PageRequest
from tests.graphql.stored import document, store
from tests.queries.reading import TERMS

VALUES: dict[str, list[Any]] = {
    "can_email": [True, False],
    "city": ["b", "a"],
    "last_login": [datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)],
}
CAMEL = {"can_email": "canEmail", "city": "city", "last_login": "lastLogin"}


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("path", VALUES)
async def test_a_page_goes_on_among_those_of_the_same_value(
    customers: Customers, path: str, few: bool
) -> None:
    """Downwards, from the first of three who have the lesser value."""
    great, less = VALUES[path]
    there = [document(number, **{path: less if number < 3 else great}) for number in range(6)]
    await store(customers, there)
    layout = layout_of(read_order([{CAMEL[path]: "DESC"}], TERMS))
    after = Position((less, "c.0002"), few)

    page = await customers.page(PageRequest(layout=layout, first=9, after=after), {"_id": 1})

    assert ["c.0001", "c.0000"] == [one["_id"] for one in page.documents]
