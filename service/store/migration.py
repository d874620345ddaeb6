"""Brings the tokens of customers to the rules of now, where another version stored them.

Each customer is written once, by a compare-and-set on `_id` and `rev`, so that tokens are those of
the values beside them. `rev` stays: nothing that the rules of uploads see has changed, and no
upload loses a race for it. Whoever changed meanwhile is met by the next pass, and so is everybody
whom a stop left out: what is done shows in the documents themselves.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import structlog
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from service.customers.records import State
from service.customers.tokens import SEARCHED, TOKENS_VERSION, tokens_of
from service.errors import StoreUnavailable
from service.store.database import Database

log = structlog.get_logger()

BATCH = 500
"""Customers written at a time."""

_PASS = 600.0
"""Seconds that a pass may take to find the next batch: it looks through all customers."""

_DONE = "tokens_version"
_OLDER = {"schema_version": {"$lt": TOKENS_VERSION}}
_READ = dict.fromkeys(("state", "rev", *SEARCHED), 1)


async def is_migrated(database: Database) -> bool:
    """Whether every customer is known to have the tokens of now; with no customers, they have."""
    async with database.deadline():
        done = await database.meta.find_one({"_id": _DONE})
        if done and int(done["value"]) >= TOKENS_VERSION:
            return True
        if await database.customers.find_one({}, {"_id": 1}):
            return False
    await _remember(database)
    return True


async def migrate(database: Database) -> None:
    """Raises StoreUnavailable when the store does; what was done by then need not be done again."""
    written = passes = 0
    while (more := await _pass(database)) or not passes:
        written, passes = written + more, passes + 1
    await _remember(database)
    if written:
        log.info("tokens_migrated", customers=written)


async def _remember(database: Database) -> None:
    async with database.deadline():
        await database.meta.update_one(
            {"_id": _DONE}, {"$set": {"value": str(TOKENS_VERSION)}}, upsert=True
        )


async def _pass(database: Database) -> int:
    """How many it met."""
    met = 0
    async for batch in _batches(database):
        met += len(batch)
        async with database.deadline():
            try:
                await database.customers.bulk_write(list(map(_update, batch)), ordered=False)
            except BulkWriteError:
                raise StoreUnavailable from None
    return met


async def _batches(database: Database) -> AsyncIterator[list[dict[str, Any]]]:
    cursor = database.customers.find(_OLDER, _READ, batch_size=BATCH)
    while True:
        async with database.deadline(_PASS):
            batch = await cursor.to_list(BATCH)
        if not batch:
            return
        yield batch


def _update(document: Mapping[str, Any]) -> UpdateOne:
    """No upsert: whoever is at another revision by now is met again."""
    tokens = tokens_of(document) if document["state"] == State.LIVE.value else []
    change: dict[str, Any] = {"$set": {"schema_version": TOKENS_VERSION}}
    if tokens:
        change["$set"]["search"] = tokens
    else:
        change["$unset"] = {"search": ""}
    return UpdateOne({"_id": document["_id"], "rev": document["rev"]}, change)
