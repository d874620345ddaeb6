"""What facets, groups and figures rest on: grouping, types in expressions, moments as text."""

from datetime import datetime
from typing import Any

from service.store.checks.check import Check, check, expect
from service.store.database import Collection

AGGREGATIONS: list[Check] = []


@check(AGGREGATIONS, "$group keeps values of different types apart, and takes 3 and 3.0 for one.")
async def values_are_grouped(collection: Collection) -> None:
    """Customers are counted by value; those without one are counted under null."""
    values: list[Any] = [3, 3.0, "3", True, False, 1, 0, "$x"]
    await _insert(collection, [{"x": value} for value in values] + [{}, {}])
    counted = await _counted(collection, {"$group": {"_id": "$x", "n": {"$sum": 1}}})

    single = [(one, 1) for one in ("3", True, False, 1, 0, "$x")]
    expect("counts", _ordered([(3, 2), (None, 2), *single]), _ordered(counted))


@check(AGGREGATIONS, "$facet gives one document, of empty lists where nothing is left.")
async def groups_are_sifted_in_parts(collection: Collection) -> None:
    """Of the groups, the largest are taken, and all are counted, in one pass."""
    await _insert(collection, [{"x": value} for value in ("a", "a", "b", ["a"], {"a": 1})] + [{}])
    parts = {
        "largest": [
            {
                "$match": {
                    "_id": {"$nin": [None, b""]},
                    "$nor": [{"_id": {"$type": "object"}}, {"_id": {"$type": "array"}}],
                }
            },
            {"$sort": {"n": -1, "_id": 1}},
            {"$limit": 1},
        ],
        "missing": [{"$match": {"_id": None}}],
        "all": [{"$group": {"_id": None, "n": {"$sum": "$n"}}}],
    }
    stages: list[dict[str, Any]] = [
        {"$group": {"_id": "$x", "n": {"$sum": 1}}},
        {"$facet": parts},
    ]
    (found,) = await collection.aggregate(stages).to_list(None)
    expect("largest", [2], [one["n"] for one in found["largest"]])
    expect("missing", [1], [one["n"] for one in found["missing"]])
    expect("all", [6], [one["n"] for one in found["all"]])

    (found,) = await collection.aggregate([{"$match": {"x": 7}}, *stages]).to_list(None)
    expect("of nothing", [[], []], [found["largest"], found["missing"]])


@check(AGGREGATIONS, "$setUnion takes members out that are there twice; True is not 1.")
async def different_members_are_counted(collection: Collection) -> None:
    """Of a list each different member counts once, and what is no list as a list of one."""
    await _insert(collection, [{"x": [1, 1, True, "a"]}, {"x": "a"}, {"x": []}, {}])
    union = {"$setUnion": ["$x", []]}
    value = {"$cond": [{"$isArray": "$x"}, union, {"$ifNull": ["$x", b""]}]}
    counted = await _counted(
        collection,
        {"$project": {"_id": 0, "v": value}},
        {"$unwind": "$v"},
        {"$group": {"_id": "$v", "n": {"$sum": 1}}},
    )

    expect("members", _ordered([(1, 1), (True, 1), ("a", 2), (b"", 1)]), _ordered(counted))


@check(AGGREGATIONS, "Comparing values of different types in expressions follows their types.")
async def types_are_told_by_comparing(collection: Collection) -> None:
    """Numbers, texts and moments are told from all else by what lies around them."""
    values: list[Any] = [-1, 2**40, 1.5, "", "~", True, [1], {"a": 1}, datetime(2026, 1, 2)]
    await _insert(collection, [{"x": value} for value in values] + [{}])
    bounds: dict[str, tuple[Any, Any]] = {
        "number": (float("-inf"), float("inf")),
        "moment": (datetime(1, 1, 1), datetime(9999, 12, 31)),
    }
    tests: dict[str, Any] = {
        name: [{"$gte": ["$x", {"$literal": low}]}, {"$lte": ["$x", {"$literal": high}]}]
        for name, (low, high) in bounds.items()
    }
    tests["text"] = [{"$gte": ["$x", ""]}, {"$lt": ["$x", {"$literal": {}}]}]
    tests["there"] = [{"$gt": ["$x", None]}]
    counts = {name: {"$sum": {"$cond": [{"$and": both}, 1, 0]}} for name, both in tests.items()}
    (found,) = await collection.aggregate([{"$group": {"_id": None, **counts}}]).to_list(None)

    expected = {"moment": 1, "number": 3, "text": 2, "there": 9}
    expect("of each type", expected, {name: found[name] for name in expected})


@check(AGGREGATIONS, "$min, $max and $avg leave null out, and are null of nothing else.")
async def extremes_leave_out_what_is_not_there(collection: Collection) -> None:
    """The least, the greatest and the mean are of those who hold the field."""
    await _insert(collection, [{"x": 2}, {"x": 4}, {}, {"y": datetime(2026, 1, 2)}])
    figures = {"least": {"$min": "$x"}, "most": {"$max": "$x"}, "mean": {"$avg": "$x"}}
    others = {"moment": {"$max": "$y"}, "none": {"$min": "$z"}, "no_mean": {"$avg": "$z"}}
    stages = [{"$group": {"_id": None, **figures, **others}}]
    (found,) = await collection.aggregate(stages).to_list(None)

    expect("least, most, mean", [2, 4, 3.0], [found[name] for name in figures])
    expect("of moments", "2026-01-02", f"{found['moment']:%Y-%m-%d}")
    expect("of nothing", [None, None], [found["none"], found["no_mean"]])


@check(AGGREGATIONS, "$floor of $divide is the number of the multiple below, of negatives too.")
async def numbers_fall_into_widths(collection: Collection) -> None:
    """A number lies in one bucket of those that begin at multiples of a width."""
    await _insert(collection, [{"x": value} for value in (0, 0.5, 2.5, 5, -0.5, 2**40)])
    number = {"$floor": {"$divide": ["$x", 2.5]}}
    low = {"$lt": ["$x", {"$multiply": ["$$n", 2.5]}]}
    mended = {"$add": ["$$n", {"$cond": [low, -1, 0]}]}
    key = {"$let": {"vars": {"n": number}, "in": mended}}
    counted = await _counted(collection, {"$group": {"_id": key, "n": {"$sum": 1}}})

    numbers = [(int(key), n) for key, n in counted]
    expect("widths", [(-1, 1), (0, 2), (1, 1), (2, 1), (439804651110, 1)], sorted(numbers))


@check(AGGREGATIONS, "$unwind may keep a document whose list is empty, without the field.")
async def a_value_may_lie_in_several_ranges(collection: Collection) -> None:
    """Ranges may overlap: a value counts in each that it lies in, and apart where in none."""
    await _insert(collection, [{"x": value} for value in (1, 5, 20)])
    inside = [{"$cond": [{"$lt": ["$x", most]}, [place], []]} for place, most in enumerate((10, 3))]
    counted = await _counted(
        collection,
        {"$addFields": {"r": {"$concatArrays": inside}}},
        {"$unwind": {"path": "$r", "preserveNullAndEmptyArrays": True}},
        {"$group": {"_id": "$r", "n": {"$sum": 1}}},
    )

    expect("ranges", _ordered([(0, 2), (1, 1), (None, 1)]), _ordered(counted))


@check(AGGREGATIONS, "Groups may be of several keys, and be matched by one of them.")
async def groups_are_of_two_keys(collection: Collection) -> None:
    """Customers are grouped by two fields, and the groups of some values kept."""
    documents = [{"x": x, "y": y} for x in "abc" for y in (True, False)] + [{"x": "a"}]
    await _insert(collection, documents)
    key = {"key0": "$x", "key1": {"$ifNull": ["$y", b""]}}
    counted = await _counted(
        collection,
        {"$group": {"_id": key, "n": {"$sum": 1}}},
        {"$match": {"_id.key0": {"$in": ["a", b""]}, "_id.key1": {"$in": [True, b""]}}},
    )

    found = [((key["key0"], key["key1"]), n) for key, n in counted]
    expect("groups", _ordered([(("a", True), 1), (("a", b""), 1)]), _ordered(found))


@check(AGGREGATIONS, "$dateToString writes a moment as it is in a time zone, as Python does.")
async def moments_are_written_in_a_time_zone(collection: Collection) -> None:
    """Hours that come twice are told apart, and weeks begin on Monday."""
    moments = [datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30), datetime(2026, 1, 1)]
    await _insert(collection, [{"x": moment} for moment in moments])
    zone = {"date": "$x", "timezone": "Europe/Helsinki"}
    written = {
        "hour": {"$dateToString": {**zone, "format": "%Y-%m-%dT%H%z"}},
        "week": {"$dateToString": {**zone, "format": "%G-%V"}},
    }
    found = await collection.aggregate(
        [{"$sort": {"_id": 1}}, {"$project": {"_id": 0, **written}}]
    ).to_list(None)

    hours = ["2026-10-25T03+0300", "2026-10-25T03+0200", "2026-01-01T02+0200"]
    expect("hours", hours, [one["hour"] for one in found])
    expect("weeks", ["2026-43", "2026-43", "2026-01"], [one["week"] for one in found])


@check(AGGREGATIONS, "$substrBytes, $concat, $switch and $toInt work on texts; $convert may fail.")
async def texts_are_taken_apart(collection: Collection) -> None:
    """Dates, which are stored as text, fall into months, quarters, weeks and decades."""
    await _insert(collection, [{"x": "2004-02-29"}, {"x": "none"}])
    month = {"$substrBytes": ["$x", 5, 2]}
    quarter = {"$switch": {"branches": [{"case": {"$lte": [month, "03"]}, "then": "1"}],
                           "default": "4"}}  # fmt: skip
    day = {"$convert": {"input": "$x", "to": "date", "onError": None}}
    parts = {
        "quarter": {"$concat": [{"$substrBytes": ["$x", 0, 5]}, quarter]},
        "week": {"$dateToString": {"date": day, "format": "%G-%V"}},
    }
    year = {"$toInt": {"$substrBytes": ["$x", 0, 4]}}
    first, other = await collection.aggregate(
        [{"$sort": {"_id": 1}}, {"$project": {"_id": 0, **parts}}]
    ).to_list(None)
    (number,) = await collection.aggregate(
        [{"$match": {"x": "2004-02-29"}}, {"$project": {"_id": 0, "year": year}}]
    ).to_list(None)

    expect("parts", ("2004-1", "2004-09"), (first["quarter"], first["week"]))
    expect("no date", None, other["week"])
    expect("year", 2004, number["year"])


async def _insert(collection: Collection, documents: list[dict[str, Any]]) -> None:
    await collection.insert_many([{"_id": number, **one} for number, one in enumerate(documents)])


async def _counted(collection: Collection, *stages: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(one["_id"], one["n"]) async for one in collection.aggregate(list(stages))]


def _ordered(counted: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return sorted(counted, key=repr)
