"""Conditions at random: the customers that a store finds are those that meet them."""

from random import Random

import pytest

from service.errors import InvalidArgument
from service.queries.where import read_where
from service.store.customers import Customers
from service.store.pages import PageRequest
from tests.graphql.stored import document, store
from tests.queries.holding import condition, meets, values
from tests.queries.reading import NOW, TERMS

MANY = 60
CONDITIONS = 80


@pytest.mark.parametrize("seed", range(2))
async def test_a_page_holds_those_who_meet_the_conditions_and_nobody_else(
    customers: Customers, store_name: str, seed: int
) -> None:
    random = Random(seed)
    there = [document(number, **values(random)) for number in range(MANY)]
    await store(customers, there)
    for _ in range(CONDITIONS):
        asked = condition(random)
        if store_name == "mock" and "companyFields" in str(asked):
            continue  # it compares lists, and knows expressions, in its own way
        expected = {one["_id"] for one in there if meets(one, asked, NOW)}
        where = read_where(asked, TERMS)

        page = await customers.page(PageRequest(where, first=MANY), {"_id": 1})

        assert expected == {one["_id"] for one in page.documents}, (asked, where)
        assert len(expected) == await customers.count(where), (asked, where)


def test_conditions_at_random_are_all_taken() -> None:
    random = Random(7)
    refused = 0
    for _ in range(500):
        try:
            read_where(condition(random), TERMS)
        except InvalidArgument:
            refused += 1

    assert 0 == refused
