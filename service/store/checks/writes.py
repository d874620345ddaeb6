"""What writing rests on: the compare-and-set, one update of several operators, durability."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError

from service.store.checks.check import (
    DUPLICATE_KEY,
    FAILED_VALIDATION,
    Check,
    Unmet,
    check,
    code_of,
    expect,
    write_errors,
)
from service.store.database import Collection

WRITES: list[Check] = []

_RACERS = 16


@check(WRITES, "A write concern of the majority and the journal is taken, and acknowledged.")
async def a_write_is_acknowledged_when_it_is_durable(collection: Collection) -> None:
    """An acknowledged write is on the disks of a majority."""
    concern = collection.write_concern.document
    expect("write concern", [("j", True), ("w", "majority")], sorted(concern.items()))
    expect("acknowledged", True, (await collection.insert_one({"_id": "a"})).acknowledged)


@check(WRITES, "An upsert that matches nothing inserts its filter's equalities and its $set.")
async def an_upsert_creates(collection: Collection) -> None:
    """A customer is created by an upsert on `_id` and revision 0, which sets revision 1."""
    await collection.update_one(
        {"_id": "a", "rev": 0}, {"$set": {"rev": 1, "tags": ["x"]}}, upsert=True
    )

    expect("document", [{"_id": "a", "rev": 1, "tags": ["x"]}], await _sorted(collection))


@check(WRITES, "An upsert on _id whose other clauses do not match inserts, which _id refuses.")
async def a_lost_race_is_a_duplicate_key(collection: Collection) -> None:
    """A write to a revision that is gone fails with 11000 and changes nothing."""
    await collection.insert_one({"_id": "a", "rev": 2})
    late = collection.update_one({"_id": "a", "rev": 1}, {"$set": {"rev": 2, "n": 1}}, upsert=True)

    expect("code", DUPLICATE_KEY, await code_of(late))
    expect("documents", [{"_id": "a", "rev": 2}], await _sorted(collection))


@check(WRITES, "An update computes from what is stored: the larger of two numbers, and a sum.")
async def an_update_computes(collection: Collection) -> None:
    """Replicas draw from one bucket in one step."""
    await collection.insert_one({"_id": "a", "at": 5.0})
    later = {"$add": [{"$max": ["$at", 10.0]}, 2.5]}
    for expected in (12.5, None):
        found = await collection.find_one_and_update(
            {"_id": "a", "at": {"$lt": 12.0}},
            [{"$set": {"at": later}}],
            return_document=ReturnDocument.AFTER,
        )
        expect("found", expected, found and found["at"])


@check(WRITES, "Operations of an unordered bulk succeed and fail each by itself.")
async def a_bulk_applies_the_others(collection: Collection) -> None:
    """In an unordered bulk those that lost are told by their index, and the others go in."""
    await collection.insert_one({"_id": "b", "rev": 5})
    try:
        await collection.bulk_write([_advance(name) for name in "abcb"], ordered=False)
    except BulkWriteError as error:
        lost = [(failure["index"], failure["code"]) for failure in write_errors(error)]
        expect("failures", [(1, DUPLICATE_KEY), (3, DUPLICATE_KEY)], lost)
    else:
        raise Unmet("no operation failed")
    revisions = [(found["_id"], found["rev"]) for found in await _sorted(collection)]
    expect("revisions", [("a", 1), ("b", 5), ("c", 1)], revisions)


@check(WRITES, "$set, $unset, $addToSet and $pull are one atomic update on different paths.")
async def one_update_takes_all_operators(collection: Collection) -> None:
    """One update sets, removes, adds to sets in order and takes members out."""
    await collection.insert_one(
        {"_id": "a", "rev": 1, "gone": 1, "tags": ["x", "y"], "lists": ["p", "q", "r"]}
    )
    update: dict[str, Any] = {
        "$set": {"rev": 2, "name": "n"},
        "$unset": {"gone": "", "never": ""},
        "$addToSet": {"tags": {"$each": ["y", "z", "w"]}, "new": {"$each": ["s"]}},
        "$pull": {"lists": {"$in": ["q", "absent"]}},
    }
    await collection.update_one({"_id": "a", "rev": 1}, update, upsert=True)

    stored = {"_id": "a", "lists": ["p", "r"], "name": "n", "new": ["s"], "rev": 2}
    expect("document", stored | {"tags": ["x", "y", "z", "w"]}, await _one(collection))


@check(WRITES, "$pull with $in takes out equal members; with a bare object also larger ones.")
async def pulling_takes_out_equal_members_alone(collection: Collection) -> None:
    """An object leaves a list without the larger ones that hold it."""
    members: list[Any] = [{"a": 1}, {"a": 1, "b": 2}, "1", 1, True]
    await collection.insert_one({"_id": "a", "list": members})
    await collection.update_one({"_id": "a"}, {"$pull": {"list": {"$in": [{"a": 1}, "1"]}}})

    expect("members", [{"a": 1, "b": 2}, 1, True], (await _one(collection))["list"])


@check(WRITES, "An update that removes what is not there matches and is acknowledged.")
async def a_write_that_changes_nothing_is_acknowledged(collection: Collection) -> None:
    """Whoever lost a race waits by such a write until what beat it is durable."""
    await collection.insert_one({"_id": "a", "rev": 3})
    kept = await collection.update_one({"_id": "a"}, {"$unset": {"nothing": ""}})

    expect(
        "acknowledged, matched and modified",
        (True, 1, 0),
        (kept.acknowledged, kept.matched_count, kept.modified_count),
    )
    expect("documents", [{"_id": "a", "rev": 3}], await _sorted(collection))


@check(WRITES, "Of concurrent updates on one revision, one applies; the others insert in vain.")
async def one_of_many_racing_writes_wins(collection: Collection) -> None:
    """Sixteen writes to one revision at once: one is applied, the others fail with 11000."""
    await collection.insert_one({"_id": "a", "rev": 1})
    codes = await asyncio.gather(
        *(
            code_of(
                collection.update_one(
                    {"_id": "a", "rev": 1}, {"$set": {"rev": 2, "by": number}}, upsert=True
                )
            )
            for number in range(_RACERS)
        )
    )

    expect("codes", [None] + [DUPLICATE_KEY] * (_RACERS - 1), _nones_first(codes))
    await _stored_by(collection, codes)


@check(WRITES, "Of concurrent upserts of one new _id, one creates; the others fail with 11000.")
async def one_of_many_racing_creations_wins(collection: Collection) -> None:
    """Sixteen creations under one id at once make one document, that of the winner."""
    codes = await asyncio.gather(
        *(
            code_of(
                collection.update_one(
                    {"_id": "a", "rev": 0}, {"$set": {"rev": 1, "by": number}}, upsert=True
                )
            )
            for number in range(_RACERS)
        )
    )

    expect("codes", [None] + [DUPLICATE_KEY] * (_RACERS - 1), _nones_first(codes))
    await _stored_by(collection, codes)


@check(WRITES, "A collection's validator refuses documents unlike it with 121, upserts too.")
async def a_fragment_is_refused(collection: Collection) -> None:
    """An update whose customer is physically gone inserts nothing, and one that lost a race is told
    so: by 121 or by 11000, whichever is looked at first."""
    database, name = collection.database, collection.name
    await database.create_collection(name, validator={"created_at": {"$type": "date"}})
    await database.command({"collMod": name, "validator": {"created_at": {"$exists": True}}})
    fragment = collection.update_one({"_id": "a", "rev": 4}, {"$set": {"rev": 5}}, upsert=True)
    expect("code of a fragment", FAILED_VALIDATION, await code_of(fragment))
    whole = {"rev": 1, "created_at": datetime(2026, 1, 2, tzinfo=UTC)}
    created = collection.update_one({"_id": "b", "rev": 0}, {"$set": whole}, upsert=True)
    expect("code of a creation", None, await code_of(created))
    late = collection.update_one({"_id": "b", "rev": 0}, {"$set": {"rev": 1, "n": 1}}, upsert=True)
    lost = await code_of(late) in {DUPLICATE_KEY, FAILED_VALIDATION}

    expect("a late update is lost", True, lost)
    expect("documents", [{"_id": "b"} | whole], await _sorted(collection))


def _advance(name: str) -> UpdateOne:
    return UpdateOne({"_id": name, "rev": 0}, {"$set": {"rev": 1}}, upsert=True)


def _nones_first(codes: list[int | None]) -> list[int | None]:
    return sorted(codes, key=lambda code: code or 0)


async def _stored_by(collection: Collection, codes: list[int | None]) -> None:
    expect("who is stored", codes.index(None), (await _one(collection))["by"])


async def _one(collection: Collection) -> dict[str, Any]:
    found = await _sorted(collection)
    expect("documents", 1, len(found))
    return dict(sorted(found[0].items()))


async def _sorted(collection: Collection) -> list[dict[str, Any]]:
    """All documents by `_id`."""
    return [document async for document in collection.find({}, sort=[("_id", 1)])]
