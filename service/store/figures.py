"""Reading facets, groups and figures of customers: aggregations, a few side by side."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from service.queries.aggregates import (
    Figures,
    Wanted,
    figures_of_nobody,
    passes,
    read_figures,
)
from service.queries.conditions import all_of
from service.queries.facets import Dimension, Facet, facet_stages, read_facet
from service.queries.groups import Group, cuts, groups_of, groups_of_facet, within
from service.queries.terms import Filter, Terms
from service.store.customers import Customers

AT_ONCE = 4
"""Aggregations of one field of a query; a query that asks for more waits, and others do not."""

Read = TypeVar("Read")


async def facets(customers: Customers, asked: Sequence[tuple[Filter, Dimension]]) -> list[Facet]:
    """Each of those who meet its filter."""
    return await _side_by_side(partial(_facet, customers, *one) for one in asked)


async def figures(customers: Customers, where: Filter, wanted: Wanted, terms: Terms) -> Figures:
    ways = passes(wanted, terms)
    rows = await _rows(customers, where, [ways.first, *ways.distinct.values()])
    distinct = dict(zip(ways.distinct, rows[1:], strict=True))
    return read_figures(wanted, rows[0], distinct).get((), figures_of_nobody(wanted))


async def groups(
    customers: Customers,
    where: Filter,
    by: Sequence[Dimension],
    wanted: Wanted,
    terms: Terms,
) -> list[Group]:
    """The buckets of each field are found first, so that no more groups are made than those of
    them."""
    found = await facets(customers, [(where, dimension) for dimension in by])
    if len(by) == 1 and not wanted:
        return groups_of_facet(found[0])
    ways = passes(wanted, terms, cuts(by, found))
    filter_ = all_of([where, within(by, found)])
    rows = await _rows(customers, filter_, [ways.first, *ways.distinct.values()])
    distinct = dict(zip(ways.distinct, rows[1:], strict=True))
    return groups_of(found, read_figures(wanted, rows[0], distinct))


async def _facet(customers: Customers, where: Filter, dimension: Dimension) -> Facet:
    return read_facet(dimension, await customers.aggregate(where, facet_stages(dimension)))


async def _rows(
    customers: Customers, where: Filter, pipelines: Iterable[list[dict[str, Any]]]
) -> list[list[dict[str, Any]]]:
    return await _side_by_side(partial(customers.aggregate, where, one) for one in pipelines)


async def _side_by_side(reads: Iterable[Callable[[], Coroutine[Any, Any, Read]]]) -> list[Read]:
    """What they give, in order. The first failure ends the others."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(read: Callable[[], Coroutine[Any, Any, Read]]) -> Read:
        async with gate:
            return await read()

    tasks = [asyncio.ensure_future(gated(read)) for read in reads]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
