"""Orders: whoever stayed is seen exactly once, in order, whatever else comes and goes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from random import Random
from typing import Any

import pytest

from tests.graphql.asking import Graph
from tests.graphql.stored import document, store

PAGE = """
query($where: CustomerWhere, $orderBy: [CustomerOrder!], $first: Int, $after: String, $last: Int,
      $before: String) {
  customers(where: $where, orderBy: $orderBy, first: $first, after: $after, last: $last,
            before: $before) {
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""

START = datetime(2024, 2, 28, tzinfo=UTC)
VALUES: Mapping[str, list[Any]] = {
    "last_name": ["Ann", "ann", "Ärla", "Zoë", "\U0001f9d1", "李"],
    "city": ["Oulu", "Espoo"],
    "can_email": [True, False],
    "birth_date": ["1991-06-14", "2004-02-29", "1970-01-01"],
    "date_joined": [START + timedelta(milliseconds=number) for number in range(3)],
    "A__mixed": [3, 2.5, -1, 2**40, "3", "a", "", True, False, [1], [], ["z"], {"a": 1}],
}
"""Of each field, and none."""

CAMEL = {"last_name": "lastName", "can_email": "canEmail", "birth_date": "birthDate"}
CAMEL |= {"date_joined": "dateJoined", "created_at": "createdAt", "city": "city"}
DIRECTIONS = ["ASC", "DESC", "ASC_NULLS_FIRST", "ASC_NULLS_LAST", "DESC_NULLS_FIRST"]
DIRECTIONS += ["DESC_NULLS_LAST"]

Key = tuple[str, str]


def customer(number: int, random: Random) -> dict[str, Any]:
    values = {
        name: random.choice(choices) for name, choices in VALUES.items() if random.random() < 0.75
    }
    made = document(number, **values)
    return made | {"created_at": START + timedelta(seconds=random.randrange(4))}


def order_by(keys: list[Key]) -> list[dict[str, Any]]:
    return [
        {CAMEL[name]: direction}
        if name in CAMEL
        else {"companyField": {"name": name, "direction": direction}}
        for name, direction in keys
    ]


def compared(keys: list[Key]) -> Any:
    """Told anew, without the service's code."""

    def rank(value: Any) -> tuple[int, Any]:
        if isinstance(value, bool):
            return (3, value)
        if isinstance(value, int | float):
            return (1, value)
        if isinstance(value, str):
            return (2, value.encode())
        return (0, 0) if value is None or isinstance(value, list | dict) else (4, value)

    def compare(a: dict[str, Any], b: dict[str, Any]) -> int:
        for name, direction in keys:
            one, other = rank(a.get(name)), rank(b.get(name))
            if one == other:
                continue
            descending = direction.startswith("DESC")
            if 0 in (one[0], other[0]):
                last = direction.endswith("LAST") or direction == "DESC"
                return 1 if (one[0] == 0) is last else -1
            return -1 if (one < other) is not descending else 1
        turned = keys[-1][1].startswith("DESC")
        return -1 if (a["_id"] < b["_id"]) is not turned else 1

    return cmp_to_key(compare)


async def pages(graph: Graph, forwards: bool, meanwhile: Any, **asked: Any) -> list[str]:
    """All ids as paging shows them, in the list's order."""
    seen: list[str] = []
    cursor = None
    while True:
        paging = {"first": 4, "after": cursor} if forwards else {"last": 4, "before": cursor}
        found = (await graph.data(PAGE, **asked, **paging))["customers"]
        ids = [node["id"] for node in found["nodes"]]
        seen = [*seen, *ids] if forwards else [*ids, *seen]
        info = found["pageInfo"]
        more = info["hasNextPage" if forwards else "hasPreviousPage"]
        if not more:
            return seen
        cursor = info["endCursor" if forwards else "startCursor"]
        await meanwhile()


def some_keys(random: Random, names: list[str], among_them: list[str]) -> list[Key]:
    chosen = [*random.sample(names, random.randint(0 if among_them else 1, 2)), *among_them]
    random.shuffle(chosen)
    return [(name, random.choice(DIRECTIONS)) for name in chosen]


async def check(graph: Graph, random: Random, keys: list[Key], forwards: bool) -> None:
    there = [customer(number, random) for number in range(26)]
    await store(graph.customers, there)
    numbers = iter(range(100, 200))
    gone: set[str] = set()

    async def meanwhile() -> None:
        await store(graph.customers, [customer(next(numbers), random) for _ in range(2)])
        leaving = random.choice(there)["_id"]
        gone.add(leaving)
        await graph.customers._collection.update_one(
            {"_id": leaving}, {"$set": {"state": "deleted"}}
        )

    seen = await pages(graph, forwards, meanwhile, orderBy=order_by(keys))

    stayed = [one for one in sorted(there, key=compared(keys)) if one["_id"] not in gone]
    known = {one["_id"] for one in stayed}
    assert [one["_id"] for one in stayed] == [one for one in seen if one in known], keys
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("forwards", [True, False], ids=["forwards", "backwards"])
@pytest.mark.parametrize("seed", range(8))
async def test_pages_hold_whoever_stayed_once_and_in_order(
    graph: Graph, seed: int, forwards: bool
) -> None:
    """Of fields that one customer has and another lacks, absent ones first or last."""
    random = Random(seed)

    await check(graph, random, some_keys(random, list(CAMEL), []), forwards)


@pytest.mark.parametrize("store_name", ["embedded"])
@pytest.mark.parametrize("forwards", [True, False], ids=["forwards", "backwards"])
@pytest.mark.parametrize("seed", range(8))
async def test_company_fields_of_mixed_types_have_an_order_too(
    graph: Graph, seed: int, forwards: bool
) -> None:
    """Numbers, texts, booleans; lists and objects count as absent."""
    random = Random(100 + seed)

    await check(graph, random, some_keys(random, list(CAMEL), ["A__mixed"]), forwards)


async def test_a_cursor_of_another_order_or_filter_is_refused(quick: Graph) -> None:
    await store(quick.customers, [document(number, city="Oulu") for number in range(5)])
    given = {"orderBy": [{"city": "ASC"}], "where": {"city": {"eq": "Oulu"}}}
    found = (await quick.data(PAGE, first=2, **given))["customers"]
    cursor = found["pageInfo"]["endCursor"]
    others: list[dict[str, Any]] = [
        {"orderBy": [{"city": "DESC"}]},
        {"orderBy": [{"city": "ASC"}, {"email": "ASC"}]},
        {"where": {"city": {"eq": "Espoo"}}},
        {"where": None},
    ]

    for other in others:
        error = await quick.error(PAGE, **{**given, **other, "first": 2, "after": cursor})
        assert ("INVALID_CURSOR", "after") == (
            error["extensions"]["code"],
            error["extensions"]["argument"],
        )
    assert await quick.data(PAGE, **given, first=2, after=cursor)


async def test_a_changed_cursor_is_refused(quick: Graph) -> None:
    error = await quick.error(PAGE, first=1, after="AAAA", orderBy=[{"city": "ASC"}])

    assert "INVALID_CURSOR" == error["extensions"]["code"]
