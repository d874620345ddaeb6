"""What conditions and orders rest on: how values of several types are compared and sorted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel

from service.store.checks.check import Check, check, expect
from service.store.database import Collection
from service.store.matching import matching

FILTERS: list[Check] = []

MIXED: list[Any] = [3, "3", True, [3], [], {"a": 1}, 2.5, "B", False, "a", ["B"]]
"""What a company field may hold; the twelfth customer has none."""

_NO_LIST = {"$not": {"$type": "array"}}


async def _fill(collection: Collection) -> None:
    documents: list[dict[str, Any]] = [
        {"_id": f"{number:02}", "x": value} for number, value in enumerate(MIXED)
    ]
    await collection.insert_many([*documents, {"_id": "11"}])


async def _ids(collection: Collection, where: dict[str, Any]) -> list[str]:
    return [one["_id"] async for one in collection.find(where, sort=[("_id", 1)])]


@check(FILTERS, "A comparison looks at values of its own type, and into lists.")
async def types_are_compartments(collection: Collection) -> None:
    """A number is compared with numbers alone, and with no list's where that is said."""
    await _fill(collection)
    expect("from 3", ["00", "03"], await _ids(collection, {"x": {"$gte": 3}}))
    expect("no list", ["00"], await _ids(collection, {"x": {"$gte": 3, **_NO_LIST}}))
    expect("texts", ["01", "07", "09"], await _ids(collection, {"x": {"$gte": "", **_NO_LIST}}))
    expect("absent", ["11"], await _ids(collection, {"x": {"$exists": False}}))


@check(FILTERS, "$type tells kinds apart, a list's by its own.")
async def kinds_are_told_apart(collection: Collection) -> None:
    """Text, number, boolean, list and object, whatever lists hold."""
    await _fill(collection)
    expected = {
        "string": ["01", "07", "09"],
        "number": ["00", "06"],
        "bool": ["02", "08"],
        "object": ["05"],
    }
    for name, ids in expected.items():
        found = await _ids(collection, {"x": {"$type": name, **_NO_LIST}})
        expect(name, ids, found)
    expect("array", ["03", "04", "10"], await _ids(collection, {"x": {"$type": "array"}}))


@check(FILTERS, "$elemMatch with an operator asks of members, and of lists alone.")
async def members_are_asked_for(collection: Collection) -> None:
    """A list has a member, which a value that is none does not."""
    await _fill(collection)
    expect("has 3", ["03"], await _ids(collection, {"x": {"$elemMatch": {"$eq": 3}}}))
    found = await _ids(collection, {"x": {"$elemMatch": {"$in": [3, "B"]}}})
    expect("has any", ["03", "10"], found)
    expect("empty", ["04"], await _ids(collection, {"x": {"$size": 0}}))
    members = await _ids(collection, {"x": {"$not": {"$gt": ""}, "$gte": 3}})
    expect("none greater", ["00", "03"], members)


@check(FILTERS, "An expression compares a field with a literal list as a whole.")
async def lists_are_equal_as_a_whole(collection: Collection) -> None:
    """A list is equal to itself, and to no list that holds it."""
    await collection.insert_many([{"_id": "a", "x": [1]}, {"_id": "b", "x": [[1], 2]}])
    await collection.insert_one({"_id": "c"})
    where = {"$expr": {"$eq": ["$x", {"$literal": [1]}]}}
    expect("equal", ["a"], await _ids(collection, where))


@check(FILTERS, "A regular expression may begin with (?i), and look ahead.")
async def case_is_ignored_where_a_pattern_says_so(collection: Collection) -> None:
    """A text is found whatever its case, also beyond ASCII, and at its very end alone."""
    texts = ["Ähre", "ähren", "ÄHRE\n", "Ehre"]
    await collection.insert_many([{"_id": f"{n}", "x": text} for n, text in enumerate(texts)])
    whole = {"$regex": r"(?i)^(?:äHre)(?![\s\S])"}
    expect("whole", ["0"], await _ids(collection, {"x": whole}))
    expect("not whole", ["1", "2", "3"], await _ids(collection, {"x": {"$not": whole}}))
    expect("within", ["0", "1", "2"], await _ids(collection, {"x": {"$regex": "(?i)ÄH"}}))


@check(FILTERS, "Those without a field come first in an ascending sort, last in a descending one.")
async def the_absent_are_the_least(collection: Collection) -> None:
    """A page ordered by a field holds those without it, whether an index serves it or not."""
    keys = [("state", 1), ("x", 1), ("_id", 1)]
    for number, value in enumerate(["b", None, "a", None, "b"]):
        document = {"_id": f"{number}", "state": "live"}
        await collection.insert_one(document if value is None else {**document, "x": value})
    for _ in range(2):
        for direction, expected in (
            (1, ["1", "3", "2", "0", "4"]),
            (-1, ["4", "0", "2", "3", "1"]),
        ):
            order = [("x", direction), ("_id", direction)]
            found = collection.find({"state": {"$in": ["live", "gone"]}}, sort=order)
            expect("order", expected, [one["_id"] async for one in found])
        await collection.create_index(keys, name="ordered")


@check(FILTERS, "An aggregation adds computed fields, and sorts by them.")
async def an_order_can_be_computed(collection: Collection) -> None:
    """Numbers, then texts, then booleans; what is none of them counts as absent."""
    await _fill(collection)
    is_number = {"$in": [{"$type": "$x"}, ["int", "long", "double"]]}
    is_text = {"$in": [{"$type": "$x"}, ["string"]]}
    rank = {
        "$switch": {
            "branches": [{"case": is_number, "then": 1}, {"case": is_text, "then": 2}],
            "default": 0,
        }
    }
    value = {
        "$switch": {
            "branches": [{"case": is_number, "then": "$x"}, {"case": is_text, "then": "$x"}],
            "default": None,
        }
    }
    pipeline: list[dict[str, Any]] = [
        {"$match": {"_id": {"$ne": "01"}}},
        {"$addFields": {"rank": rank, "value": value}},
        {"$match": {"rank": {"$gte": 1}}},
        {"$sort": {"rank": 1, "value": -1, "_id": 1}},
        {"$limit": 3},
        {"$project": {"value": 1}},
    ]
    found = [one async for one in collection.aggregate(pipeline)]
    expected = [{"_id": "00", "value": 3}, {"_id": "06", "value": 2.5}, {"_id": "09", "value": "a"}]
    expect("order", expected, found)


@check(FILTERS, "A range holds its lower end if told so, and the last field of an index its upper.")
async def a_range_holds_its_end(collection: Collection) -> None:
    """Up to a value is below the next one, of numbers, texts and moments."""
    names = [("state", ASCENDING), ("x", ASCENDING), ("_id", ASCENDING)]
    await collection.create_indexes([IndexModel(names, name="x")])
    start = datetime(2026, 1, 2, tzinfo=UTC)
    kinds: list[Callable[[int], Any]] = [
        float,
        lambda n: 2**53 + 3 * n,
        lambda n: f"a{n}",
        lambda n: start + timedelta(milliseconds=n),
    ]
    for kind in kinds:
        documents = [{"_id": f"{n:02}", "state": "live", "x": kind(n // 3)} for n in range(30)]
        await collection.insert_many(documents)
        where = {"state": "live", "x": {"$gte": kind(2), "$lte": kind(4)}}
        found = [one["_id"] async for one in collection.aggregate(matching(where))]
        expect("from 2 to 4", [f"{n:02}" for n in range(6, 15)], sorted(found))
        last = {"state": "live", "x": kind(2), "_id": {"$gte": "06", "$lte": "07"}}
        expect("ids", ["06", "07"], await _ids(collection, last))
        await collection.delete_many({})
