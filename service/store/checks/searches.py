"""What the search box rests on: tokens in an array, an index over them, and stages after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel

from service.queries.conditions import begins_with
from service.store.checks.check import Check, check, expect
from service.store.database import Collection

SEARCHES: list[Check] = []

_START = datetime(2026, 1, 2, tzinfo=UTC)
_NEWEST = {"created_at": -1, "_id": -1}


async def _fill(collection: Collection) -> None:
    """Sixty customers at twenty moments, named in turn."""
    index = [(name, ASCENDING) for name in ("state", "search", "created_at", "_id")]
    await collection.create_indexes([IndexModel(index, name="search")])
    names = [["a", "ann"], ["a", "ann", "anna"], ["ж", "жук"], ["山田", "8957"], ["b", "8957"]]
    await collection.insert_many(
        [
            {
                "_id": f"{n * 7 % 60:02}",
                "state": "live",
                "search": names[n % 5],
                "created_at": _START + timedelta(seconds=n // 3),
            }
            for n in range(60)
        ]
    )
    await collection.insert_one({"_id": "none", "state": "live", "created_at": _START})


async def _expected(collection: Collection, *tokens: str) -> list[dict[str, Any]]:
    """Whoever has one of the tokens, as Python finds and sorts them."""
    everyone = [one async for one in collection.find({})]
    found = [one for one in everyone if not set(tokens).isdisjoint(one.get("search", ()))]
    return sorted(found, key=lambda one: (one["created_at"], one["_id"]), reverse=True)


async def _read(collection: Collection, *stages: dict[str, Any]) -> list[str]:
    pipeline = [*stages, {"$sort": _NEWEST}]
    return [one["_id"] async for one in collection.aggregate(pipeline)]


@check(SEARCHES, "A member of an array is matched by equality, within bounds on what follows it.")
async def tokens_are_found_in_stretches_of_time(collection: Collection) -> None:
    """Stretch by stretch, in both directions and within a moment, everyone is met once."""
    await _fill(collection)
    expected = await _expected(collection, "ann")
    middle = expected[10]["created_at"]
    moment = {"state": "live", "search": "ann", "created_at": middle}
    met: list[str] = []
    for bounds in ({"$gte": middle}, {"$gte": _START, "$lt": middle}):
        met += await _read(collection, {"$match": {**moment, "created_at": bounds}})
    expect("two stretches", [one["_id"] for one in expected], met)
    several = [one["_id"] for one in expected if one["created_at"] == middle]
    expect("a moment", several, await _read(collection, {"$match": moment}))
    older = {**moment, "_id": {"$lt": several[0]}}
    expect("its rest", several[1:], await _read(collection, {"$match": older}))


@check(SEARCHES, "$in of two members gives whoever has one or both once.")
async def one_of_several_tokens_is_found(collection: Collection) -> None:
    """Who has two of the tokens is met once, in order."""
    await _fill(collection)
    either = {"state": "live", "search": {"$in": ["ann", "anna", "8957"]}}
    expected = [one["_id"] for one in await _expected(collection, "ann", "anna", "8957")]

    expect("found", expected, await _read(collection, {"$match": either}))


@check(SEARCHES, "Stages of $match one after another are one condition.")
async def a_stage_leaves_who_meets_the_rest(collection: Collection) -> None:
    """Beside a token, other tokens and the beginning of a word, in any script."""
    await _fill(collection)
    by_token = {"$match": {"state": "live", "search": {"$in": ["a", "ж", "8957"]}}}
    for begins, token in (("ann", "ann"), ("anna", "anna"), ("жу", "жук"), ("山田", "山田")):
        begun = {"$elemMatch": dict(begins_with(begins))}
        rest = {"$match": {"$or": [{"search": begun}, {"rev": {"$lt": 0}}]}}
        expected = [one["_id"] for one in await _expected(collection, token)]
        expect(begins, expected, await _read(collection, by_token, rest))


@check(SEARCHES, "$sample gives so many documents, or all that there are.")
async def customers_are_sampled(collection: Collection) -> None:
    """No document is given twice where fewer are asked for than there are."""
    await _fill(collection)
    for size, expected in ((10, 10), (100, 61)):
        stages: list[dict[str, Any]] = [{"$sample": {"size": size}}, {"$project": {"search": 1}}]
        ids = [one["_id"] async for one in collection.aggregate(stages)]
        expect("documents", expected, len(set(ids)))
