"""What idempotency keys and reports of uploads rest on."""

import asyncio

from pymongo import ASCENDING, IndexModel

from service.store.checks.check import DUPLICATE_KEY, Check, check, code_of, expect
from service.store.database import Collection

RUNS: list[Check] = []

_RACERS = 16


@check(RUNS, "_id is unique, and an insert of one that stands fails with 11000.")
async def one_of_many_racing_inserts_wins(collection: Collection) -> None:
    """Of sixteen uploads that claim one idempotency key at once, one has it."""
    codes = await asyncio.gather(
        *(code_of(collection.insert_one({"_id": "k", "n": n})) for n in range(_RACERS))
    )

    expect("winners", 1, codes.count(None))
    expect("losers", _RACERS - 1, codes.count(DUPLICATE_KEY))


@check(RUNS, "An update is atomic: its filter still holds when it applies.")
async def one_of_many_racing_updates_of_a_revision_wins(collection: Collection) -> None:
    """Of sixteen who take over the key of a run that crashed, one has it."""
    await collection.insert_one({"_id": "k", "rev": 1})
    done = await asyncio.gather(
        *(
            collection.update_one({"_id": "k", "rev": 1}, {"$set": {"rev": 2, "n": n}})
            for n in range(_RACERS)
        )
    )

    expect("winners", 1, sum(one.matched_count for one in done))
    expect("documents", 1, await collection.count_documents({}))


@check(RUNS, "An index on a moment with expireAfterSeconds removes documents after it.")
async def documents_can_expire(collection: Collection) -> None:
    """Reports are removed in time; when, is the database's business, and nothing rests on it."""
    index = IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0)
    await collection.create_indexes([index])
    known = await collection.index_information()

    expect("expireAfterSeconds", 0, known["expiry"].get("expireAfterSeconds"))


@check(RUNS, "Bytes come back as bytes.")
async def bytes_come_back(collection: Collection) -> None:
    """A report is kept packed."""
    packed = bytes(range(256))
    await collection.insert_one({"_id": "u", "report": packed})
    found = await collection.find_one({"_id": "u"}) or {}

    expect("report", packed, found.get("report"))
