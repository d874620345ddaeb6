"""What uniqueness rests on: a unique partial index over the members of an array."""

import asyncio
from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne

from service.store.checks.check import DUPLICATE_KEY, Check, check, code_of, expect
from service.store.database import Collection

CLAIMS: list[Check] = []

_RACERS = 16
_UNIQUE = "A unique multikey index compares every member with every other document's."
_PARTIAL = "A partial index of {$gt: ''} holds just the documents with at least one text."


async def _index(collection: Collection) -> None:
    index = IndexModel(
        [("claims", ASCENDING)],
        name="claims",
        unique=True,
        partialFilterExpression={"claims": {"$gt": ""}},
    )
    await collection.create_indexes([index])


@check(CLAIMS, _UNIQUE)
async def a_claim_has_one_holder(collection: Collection) -> None:
    """A claim that another customer has is refused with 11000, whatever its place in the array."""
    await _index(collection)
    await collection.insert_one({"_id": "a", "claims": ["p", "q"]})

    expect("a creation", DUPLICATE_KEY, await code_of(_create(collection, "b", "r", "q")))
    expect("documents", 1, await collection.count_documents({}))


@check(CLAIMS, _UNIQUE)
async def a_claim_is_refused_to_an_update_too(collection: Collection) -> None:
    """Adding a claim that another customer has fails, and the update's other parts with it."""
    await _index(collection)
    await collection.insert_many([{"_id": "a", "claims": ["p"]}, {"_id": "b", "claims": ["q"]}])
    update = {"$set": {"n": 1}, "$addToSet": {"claims": {"$each": ["r", "p"]}}}

    expect("code", DUPLICATE_KEY, await code_of(collection.update_one({"_id": "b"}, update)))
    expect("loser", {"_id": "b", "claims": ["q"]}, await collection.find_one({"_id": "b"}))


@check(CLAIMS, _PARTIAL)
async def those_without_claims_do_not_collide(collection: Collection) -> None:
    """Any number of customers have no claims, as an empty array or none."""
    await _index(collection)
    documents: list[dict[str, Any]] = [
        {"_id": "a", "claims": []},
        {"_id": "b", "claims": []},
        {"_id": "c"},
        {"_id": "d"},
        {"_id": "e", "claims": ["p"]},
    ]

    expect("code", None, await code_of(collection.insert_many(documents)))


@check(CLAIMS, "A unique multikey index does not compare a document with itself.")
async def a_customer_does_not_collide_with_itself(collection: Collection) -> None:
    """Writing a customer's own claims again, reordered or repeated, succeeds."""
    await _index(collection)
    await collection.insert_one({"_id": "a", "claims": ["p", "q"]})
    again = collection.update_one({"_id": "a"}, {"$set": {"claims": ["q", "p", "p", "r"]}})

    expect("code", None, await code_of(again))


@check(CLAIMS, "The unique index lets one of concurrent writers have a key.")
async def one_of_many_racing_claims_wins(collection: Collection) -> None:
    """Sixteen creations with one claim at once make one customer."""
    await _index(collection)
    codes = await asyncio.gather(
        *(
            code_of(_create(collection, f"c{number}", f"own{number}", "p"))
            for number in range(_RACERS)
        )
    )

    expect("winners", 1, codes.count(None))
    expect("losers", _RACERS - 1, codes.count(DUPLICATE_KEY))
    expect("holders", 1, await collection.count_documents({"claims": "p"}))


@check(CLAIMS, "Members of one bulk meet the unique index as those of different bulks do.")
async def a_claim_has_one_holder_within_a_bulk(collection: Collection) -> None:
    """Of two creations with one claim in one bulk, the first goes in."""
    await _index(collection)
    bulk = collection.bulk_write([_creation("a", "p"), _creation("b", "p")], ordered=False)

    expect("code", DUPLICATE_KEY, await code_of(bulk))
    expect("documents", ["a"], [found["_id"] async for found in collection.find({})])


@check(CLAIMS, "A unique index can't be built over documents that break it.")
async def an_index_refuses_what_breaks_it(collection: Collection) -> None:
    """Building the index where a claim has two holders fails with 11000."""
    await collection.insert_many([{"_id": "a", "claims": ["p"]}, {"_id": "b", "claims": ["p"]}])

    expect("code", DUPLICATE_KEY, await code_of(_index(collection)))


@check(CLAIMS, "Creating an index that is there as declared does nothing.")
async def an_index_is_declared_again_at_every_start(collection: Collection) -> None:
    """Each start declares the indexes again; afterwards they still hold."""
    await _index(collection)
    await collection.insert_one({"_id": "a", "claims": ["p"]})
    await _index(collection)

    expect("code", DUPLICATE_KEY, await code_of(_create(collection, "b", "p")))


@check(CLAIMS, "A unique index lets one document have a value, whoever comes to have it.")
async def a_name_has_one_holder(collection: Collection) -> None:
    """A segment's name that another has is refused with 11000, to a creation and to a change."""
    await collection.create_indexes([IndexModel([("folded", ASCENDING)], name="name", unique=True)])
    await collection.insert_many([{"_id": "a", "folded": "vip"}, {"_id": "b", "folded": "new"}])
    change = collection.update_one({"_id": "b"}, {"$set": {"folded": "vip"}})
    again = collection.update_one({"_id": "a"}, {"$set": {"folded": "vip"}})
    creation = collection.insert_one({"_id": "c", "folded": "new"})

    expect("a change", DUPLICATE_KEY, await code_of(change))
    expect("itself", None, await code_of(again))
    expect("a creation", DUPLICATE_KEY, await code_of(creation))


def _creation(name: str, *claims: str) -> UpdateOne:
    return UpdateOne(
        {"_id": name, "rev": 0}, {"$set": {"rev": 1, "claims": list(claims)}}, upsert=True
    )


async def _create(collection: Collection, name: str, *claims: str) -> None:
    await collection.bulk_write([_creation(name, *claims)], ordered=False)
