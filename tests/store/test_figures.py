"""Figures over customers at random are what one finds by hand."""

from dataclasses import replace
from datetime import datetime

import pytest

from service.queries.aggregates import AGE, Figure, Wanted
from service.store.customers import Customers
from service.store.figures import figures
from tests.queries import dividing
from tests.queries.dividing import HELSINKI
from tests.queries.reading import TERMS
from tests.store.divided import CUTS_NO_TEXTS, by_hand, filled, same

IN_HELSINKI = replace(TERMS, rules=replace(TERMS.rules, zone=HELSINKI))

WANTED: Wanted = frozenset(
    {
        *((Figure.FILLED, name) for name in ("country", "tags", "can_email", "A__mixed", "city")),
        *((Figure.DISTINCT, name) for name in ("country", "tags", "can_email", "city")),
        *((Figure.MIN, name) for name in ("date_joined", "birth_date", "created_at", "A__number")),
        *((Figure.MAX, name) for name in ("date_joined", "birth_date", "last_login", "A__none")),
        (Figure.AVERAGE, "A__number"),
        (Figure.DISTINCT, "A__number"),
    }
)


@pytest.mark.parametrize("one", sorted(WANTED), ids="-".join)
async def test_a_figure_is_what_one_finds_by_hand(
    customers: Customers, one: tuple[Figure, str]
) -> None:
    of = await filled(customers, 3)
    found = await figures(customers, {}, frozenset({one}), TERMS)

    assert len(of) == found.count
    assert same(by_hand(of, one)) == same(found.told[one])


async def test_mixed_values_are_told_apart_where_different_ones_are_counted(
    customers: Customers, store_name: str
) -> None:
    of = await filled(customers, 3)
    one = (Figure.DISTINCT, "A__mixed")
    found = await figures(customers, {}, frozenset({one}), TERMS)

    assert by_hand(of, one) == found.told[one]


@pytest.mark.parametrize("today", ["2026-02-28", "2028-02-28", "2026-06-14", "2026-06-13"])
async def test_an_age_is_in_years_on_the_day_that_it_is(
    customers: Customers, store_name: str, today: str
) -> None:
    if store_name == "mock":
        pytest.skip(CUTS_NO_TEXTS)
    of = await filled(customers, 4)
    one = (Figure.AVERAGE, AGE)
    now = datetime.fromisoformat(f"{today}T01:00:00+02:00")
    found = await figures(customers, {}, frozenset({one}), replace(IN_HELSINKI, now=now))

    expected = dividing.average_age(of, datetime.fromisoformat(today).date())
    assert expected == pytest.approx(found.told[one])


async def test_figures_of_nobody_are_nothing(customers: Customers) -> None:
    found = await figures(customers, {}, WANTED, TERMS)

    assert 0 == found.count
    assert {0, None} == set(found.told.values())
