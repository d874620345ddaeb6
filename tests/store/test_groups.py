"""Groups of customers at random are those that one makes by hand."""

from itertools import product
from typing import Any

import pytest

from service.queries.aggregates import Figure, Wanted
from service.queries.dimensions import read_grouping
from service.store.customers import Customers
from service.store.figures import groups
from tests.queries import dividing
from tests.queries.dividing import Document
from tests.queries.reading import TERMS
from tests.store.divided import by_hand, filled, same

GROUPINGS: dict[str, list[dict[str, Any]]] = {
    "a field": [{"country": {"size": 3}}],
    "a set": [{"tags": {}}],
    "two fields": [{"country": {"size": 2}}, {"canEmail": {}}],
    "two fields, one of them a set": [{"tags": {"size": 2}}, {"country": {}}],
    "what is forgotten": [{"isForgotten": {}}, {"canEmail": {}}],
    "widths and moments": [
        {"companyField": {"name": "A__number", "width": 100}},
        {"dateJoined": {"interval": "YEAR", "size": 1}},
    ],
    "ranges that overlap": [
        {"companyField": {"name": "A__number", "ranges": [{"from": 0}, {"to": 100}]}},
        {"tags": {"size": 2}},
    ],
}


@pytest.mark.parametrize("name", GROUPINGS)
async def test_groups_are_cut_of_the_buckets_of_each_field(customers: Customers, name: str) -> None:
    """Each is what a facet of the second field shows among those in a bucket of the first."""
    of = await filled(customers, 5)
    by = read_grouping(GROUPINGS[name], TERMS)
    wanted: Wanted = frozenset({(Figure.AVERAGE, "A__number"), (Figure.DISTINCT, "tags")})

    found = await groups(customers, {}, by, wanted, TERMS)
    expected = cells(of, GROUPINGS[name])

    assert {keys: len(there) for keys, there in expected.items()} == {
        keys_of(group): group.count for group in found
    }
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    for group in found:
        for one in wanted:
            told = group.aggregate.told[one]
            assert same(by_hand(expected[keys_of(group)], one)) == same(told), (group, one)


def keys_of(group: Any) -> Any:
    return tuple([(type(k.value) is bool, k.value, k.from_, k.to) for k in group.keys])


def cells(of: list[Document], by: list[dict[str, Any]]) -> dict[Any, list[Document]]:
    """Who is in each bucket of each field, and nobody's cells left out."""
    parts = [parted(of, *next(iter(one.items()))) for one in by]
    found: dict[Any, list[Document]] = {}
    for keys in product(*parts):
        there = list(parts[0][keys[0]])
        for part, key in zip(parts[1:], keys[1:], strict=True):
            there = [one for one in there if any(one is other for other in part[key])]
        if there:
            found[keys] = there
    return found


def parted(of: list[Document], name: str, asked: dict[str, Any]) -> dict[Any, list[Document]]:
    """By the key of each bucket, those who alone would be counted in it, and those without."""
    oracle = ORACLES[name if name != "companyField" else "width" if "width" in asked else "ranges"]
    buckets, missing, _ = oracle(of, asked)
    found: dict[Any, list[Document]] = {}
    for value, low, high, count in buckets:
        key = (type(value) is bool, value, low, high)
        found[key] = [
            one
            for one in of
            for bucket in oracle([one], {**asked, "size": 100})[0]
            if (type(bucket[0]) is bool, *bucket[:3]) == key
            for _ in range(bucket[3])
        ]
        assert count == len(found[key])
    if missing:
        found[False, None, None, None] = [one for one in of if oracle([one], asked)[1]]
    return found


ORACLES: dict[str, Any] = {
    "country": lambda of, asked: dividing.by_value(of, "country", asked.get("size", 10)),
    "tags": lambda of, asked: dividing.by_value(of, "tags", asked.get("size", 10)),
    "canEmail": lambda of, _: dividing.by_value(of, "can_email", 10),
    "isForgotten": lambda of, _: dividing.by_value(
        [{"is": one["state"] == "forgotten"} for one in of], "is", 10
    ),
    "dateJoined": lambda of, asked: dividing.by_calendar(
        of, "date_joined", asked["interval"], TERMS.rules.zone, asked["size"]
    ),
    "width": lambda of, asked: dividing.by_width(of, "A__number", asked["width"], 10),
    "ranges": lambda of, _: dividing.by_ranges(
        of, "A__number", [(0, None), (None, 100)], int | float
    ),
}
