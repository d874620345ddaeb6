"""What reading rests on: finding by identifiers, pages, projections, counts, bounds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.read_concern import ReadConcern

from service.store.checks.check import Check, check, expect
from service.store.database import Collection

READS: list[Check] = []

_START = datetime(2026, 1, 2, tzinfo=UTC)
_BOUND = 10_000
"""Milliseconds."""


@check(READS, "$in on an array field matches documents that have one of the members.")
async def candidates_are_found_by_their_keys(collection: Collection) -> None:
    """A thousand digests at once find each of their holders once."""
    await collection.create_indexes([IndexModel([("keys", ASCENDING)], name="keys")])
    await collection.insert_many(
        [{"_id": f"{n:04}", "keys": [f"k{n}", f"s{n // 2}", "all"]} for n in range(400)]
    )
    wanted = [f"k{n}" for n in range(100, 600)] + [f"s{n}" for n in range(100, 600)]
    found = [one["_id"] async for one in collection.find({"keys": {"$in": wanted}})]

    expect("holders", [f"{n:04}" for n in range(100, 400)], sorted(found))


@check(READS, "A claim is found through a partial index only by what the index surely holds.")
async def claims_are_found_by_their_text(collection: Collection) -> None:
    """With the partial index there, a query by claims finds all holders."""
    index = IndexModel(
        [("claims", 1)],
        name="claims",
        unique=True,
        partialFilterExpression={"claims": {"$gt": ""}},
    )
    await collection.create_indexes([index])
    await collection.insert_many([{"_id": "a", "claims": ["p", "q"]}, {"_id": "b", "claims": []}])

    expect("by a claim", ["a"], await _ids(collection, {"claims": {"$in": ["q", "z"]}}))
    expect("by none", ["b"], await _ids(collection, {"claims": []}))


async def _fill(collection: Collection) -> list[str]:
    """Twelve customers at four moments, one in four deleted; the listed ids, newest first."""
    index = [("state", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]
    await collection.create_indexes([IndexModel(index, name="newest")])
    states = ["live", "deleted", "forgotten", "live"]
    documents = [
        {
            "_id": f"{n * 7 % 12:02}",
            "state": states[n % 4],
            "created_at": _START + timedelta(milliseconds=n // 3),
        }
        for n in range(12)
    ]
    await collection.insert_many(documents)
    listed = [one for one in documents if one["state"] != "deleted"]
    listed.sort(key=lambda one: (one["created_at"], one["_id"]), reverse=True)
    return [str(one["_id"]) for one in listed]


@check(READS, "A sort by several fields is exact, whichever index serves it, in both directions.")
async def a_page_is_read_in_two_steps(collection: Collection) -> None:
    """From every position, the rest of its moment and then what is older make the next page."""
    expected = await _fill(collection)
    everything = await _older(collection, {}, 100)
    expect("all, newest first", expected, [one["_id"] for one in everything])
    for place, one in enumerate(everything):
        same = {"created_at": one["created_at"], "_id": {"$lt": one["_id"]}}
        page = await _older(collection, same, 4)
        older = {"created_at": {"$lt": one["created_at"]}}
        page += await _older(collection, older, 4 - len(page)) if len(page) < 4 else []
        expect("a page", expected[place + 1 : place + 5], [found["_id"] for found in page])


async def _older(
    collection: Collection, bounds: dict[str, Any], limit: int
) -> list[dict[str, Any]]:
    listed = {"state": {"$in": ["live", "forgotten"]}, **bounds}
    order = [("created_at", -1), ("_id", -1)]
    return [one async for one in collection.find(listed, sort=order, limit=limit)]


@check(READS, "Text is ordered by its bytes in UTF-8.")
async def ids_are_ordered_by_their_bytes(collection: Collection) -> None:
    """Ranges over text follow its bytes, so that a page neither repeats nor skips."""
    ids = ["-", "0", "A", "Z", "_", "a", "aa", "b", "\u00e9", "\uffff", "\U0001f9d1"]
    await collection.insert_many([{"_id": one} for one in reversed(ids)])

    expect("after A", ids[3:], await _ids(collection, {"_id": {"$gt": "A"}}))


@check(READS, "An inclusion gives the named fields that are there, and _id unless excluded.")
async def a_projection_includes(collection: Collection) -> None:
    """Only the fields that a query selects are read, company fields too."""
    await collection.insert_one({"_id": "a", "email": "e", "acme__x": {"y": 1}, "keys": ["k"]})

    both = await collection.find_one({}, {"acme__x": 1, "absent": 1})
    expect("with _id", {"_id": "a", "acme__x": {"y": 1}}, both)
    expect("without _id", {"email": "e"}, await collection.find_one({}, {"email": 1, "_id": 0}))


@check(READS, "An exclusion gives all fields but the named ones.")
async def a_projection_excludes(collection: Collection) -> None:
    """What is no reader's business is left out by name."""
    document = {"_id": "a", "keys": ["k"], "claims": [], "email": "e", "acme__x": 1}
    await collection.insert_one(document)

    rest = await collection.find_one({}, {"keys": 0, "claims": 0, "marks": 0})
    expect("rest", {"_id": "a", "email": "e", "acme__x": 1}, rest)


@check(READS, "null matches what is missing, too.")
async def null_matches_the_missing(collection: Collection) -> None:
    """A missing field and a null one are found by null, and 0, false and empty text are not."""
    values: list[Any] = [None, 0, False, "", []]
    await collection.insert_many([{"_id": f"{n}", "x": value} for n, value in enumerate(values)])
    await collection.insert_one({"_id": "missing"})

    expect("null", ["0", "missing"], await _ids(collection, {"x": None}))
    expect("there", ["0", "1", "2", "3", "4"], await _ids(collection, {"x": {"$exists": True}}))


@check(READS, "count_documents is exact; a limit bounds it, and nothing counts as 0.")
async def counts_are_exact(collection: Collection) -> None:
    """What matches is counted, up to a bound if there is one."""
    listed = {"state": {"$in": ["live", "forgotten"]}}
    expect("of nothing", 0, await collection.count_documents(listed, maxTimeMS=_BOUND))
    total = len(await _fill(collection))

    expect("all", total, await collection.count_documents(listed, maxTimeMS=_BOUND))
    expect("bounded", 5, await collection.count_documents(listed, limit=5, maxTimeMS=_BOUND))
    expect("of none", 0, await collection.count_documents({"state": "nobody"}))


@check(READS, "Read concern majority sees what was acknowledged to the majority.")
async def what_was_acknowledged_is_read(collection: Collection) -> None:
    """A write is seen by the next read, one that decides a write included."""
    readers = [collection, collection.with_options(read_concern=ReadConcern("majority"))]
    for revision in range(1, 6):
        await collection.update_one(
            {"_id": "a"}, {"$set": {"rev": revision, "keys": ["k"]}}, upsert=True
        )
        for reader in readers:
            found = await reader.find_one({"keys": {"$in": ["k"]}})
            expect("revision", revision, (found or {}).get("rev"))


@check(READS, "maxTimeMS is taken by every operation.")
async def operations_take_a_bound(collection: Collection) -> None:
    """Finding takes a bound in milliseconds, in batches too."""
    await collection.insert_many([{"_id": f"{n:03}"} for n in range(250)])
    found = collection.find({}, sort=[("_id", 1)], batch_size=100, max_time_ms=_BOUND)

    expect("documents", 250, len([one async for one in found]))


async def _ids(collection: Collection, where: dict[str, Any]) -> list[str]:
    return [one["_id"] async for one in collection.find(where, sort=[("_id", 1)])]
