"""Customers at random on a store, and what is told of them by hand."""

from datetime import datetime
from random import Random
from typing import Any

import pytest

from service.queries.aggregates import Figure
from service.store.customers import Customers
from tests.graphql.stored import document, store
from tests.queries import dividing
from tests.queries.dividing import Document

MANY = 300
TRUE_IS_1 = "it takes True for 1 where it unites sets"
CUTS_NO_TEXTS = "it cuts no texts, and knows no time zone where it writes moments"
"""What the store in memory can't do."""


async def filled(customers: Customers, seed: int) -> list[Document]:
    """Those who are listed."""
    random = Random(seed)
    there: list[Document] = [document(number, **dividing.values(random)) for number in range(MANY)]
    await store(customers, [*there, document(MANY, state="deleted", country="FI", tags=["a"])])
    return there


def by_hand(of: list[Document], one: tuple[Figure, str]) -> Any:
    figure, name = one
    if figure is Figure.FILLED:
        return dividing.filled(of, name)
    if figure is Figure.DISTINCT:
        return dividing.distinct(of, name)
    if figure is Figure.AVERAGE:
        return dividing.average(of, name)
    values = (
        list(dividing.of_type(of, name)) if "__" in name else [d[name] for d in of if name in d]
    )
    return ((min if figure is Figure.MIN else max)(values)) if values else None


def same(value: Any) -> Any:
    """Moments are read without a zone, and averages are rounded on the way."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return pytest.approx(value) if isinstance(value, float) else value
